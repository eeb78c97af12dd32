//! The one module of the generator that opens files: inputs are read from a folder, outputs staged and published into
//! one.
//!
//! ```text
//! Folder::open(root)                        the input files
//! OutputDir::check(root, out, home)       is it safe to write there? nothing is touched
//!     .lock("dossier build", …)   → LockedOutput  no other process publishes there until it is dropped
//!     .stage(options)             → Staging the published files; takes outputs
//!     .publish(&outputs)                    checks, then the steps of the plan
//! ```
//!
//! The output folder contains a folder `.dossier` with the manifest; while a build runs also the lock and the staged
//! files, while it publishes also the intent (see [`crate::publish`]). It is there because renames are atomic only
//! within one file system, and because the next publish must know which files Dossier wrote.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this module is the only one that uses the file system"
)]

mod apply;
mod cache_dir;
mod clean;
mod dir;
mod dir_rename;
mod error;
mod file_system;
mod finished;
mod folder;
mod known_stamps;
mod lock;
mod locked_output;
mod memory;
mod new_files;
mod output_dir;
mod preflight;
mod root;
mod staging;
mod stamp;
mod survey;
mod tree;
mod walk;

pub use apply::Published;
pub use cache_dir::CacheDir;
pub use clean::Cleaned;
pub use error::{DiskError, DiskErrors};
pub use file_system::{Call, FileSystem};
pub use finished::FinishedBuild;
pub use folder::Folder;
pub use lock::Holder;
pub use locked_output::LockedOutput;
pub use memory::resident_memory;
pub use new_files::{Content, Existing, NewFiles};
pub use output_dir::OutputDir;
pub use staging::{Options, Staging};
pub use stamp::{Stamp, Stamps};
pub use tree::Tree;

/// An open file.
pub use std::fs::File;
