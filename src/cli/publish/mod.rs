//! `dossier publish`: the built site into an object store.

#[cfg(feature = "publish")]
use super::USAGE;
use super::args::PublishArgs;

#[cfg(feature = "publish")]
mod progress;
#[cfg(feature = "publish")]
mod run;

/// Publishes the site.
#[cfg(feature = "publish")]
pub(super) fn publish(args: &PublishArgs) -> u8 {
    run::publish(args).unwrap_or(USAGE)
}

/// Says how to get a program that can.
#[cfg(not(feature = "publish"))]
pub(super) fn publish(_: &PublishArgs) -> u8 {
    super::without_feature("publish")
}
