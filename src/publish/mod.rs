//! The steps from one set of outputs to another, as data: which files to write and to remove, and in which order.
//! Nothing here opens files or knows where the outputs are; `disk` applies plans to folders, and `store` applies the
//! same plans to buckets.
//!
//! Two documents are stored with the outputs. The [`Manifest`] lists the published files; other files are never
//! overwritten or removed. The *intent*, in the same format, is the next manifest: it is written before the first step
//! and replaces the manifest after the last. If both exist, a publish was interrupted, and a file was published if it
//! matches either of them; so the next publish removes the [`leftovers`] and continues from what it finds.

mod manifest;
mod path_conflicts;
mod plan;
mod resume;

pub use manifest::{Manifest, ManifestError};
pub use plan::{Plan, Stage, Step, leftovers, plan};
pub use resume::{InterruptedPublish, resume};

#[cfg(test)]
mod plan_tests;
