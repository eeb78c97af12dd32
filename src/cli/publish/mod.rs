//! `dossier publish`: the built site into an object store.

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

/// Says how to come by a program that can.
#[cfg(not(feature = "publish"))]
pub(super) fn publish(_: &PublishArgs) -> u8 {
    eprintln!("error: this `dossier` was built without the feature `publish`");
    eprintln!("help: `cargo run --features publish -- publish …` builds one that has it");
    USAGE
}
