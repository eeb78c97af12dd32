//! `dossier publish`: uploads the built site to an object store.

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

/// Reports how to build the program with this command.
#[cfg(not(feature = "publish"))]
pub(super) fn publish(_: &PublishArgs) -> u8 {
    super::without_feature("publish")
}
