//! What it takes to turn one set of outputs into another, as data: which files to write, in which order, which to
//! remove. Nothing here opens a file or knows where the outputs lie; `disk` applies plans to folders, and an object
//! store applies the same ones to a bucket.
//!
//! Two documents lie beside the outputs. The [`Manifest`] says what is ours; what is not in it is never overwritten or
//! removed. The *intent*, of the same form, is the manifest as it will be: it is put down before the first step and
//! takes the manifest's place after the last. Where both lie there, a publish was broken off, and a file is ours when
//! it is as either of them says; so the next one removes the [`leftovers`], goes on from what it finds, and calls none
//! of it foreign.

mod manifest;
mod path_conflicts;
mod plan;
mod resume;

pub use manifest::{Manifest, ManifestError};
pub use plan::{Plan, Stage, Step, leftovers, plan};
pub use resume::{InterruptedPublish, resume};

#[cfg(test)]
mod plan_tests;
