//! The one module of the generator that opens files: inputs are read from a folder, outputs staged and published into
//! one.
//!
//! ```text
//! Folder::open(root)                        the door for input
//! OutputDir::check(root, out, home)       is it safe to write there? nothing is touched
//!     .lock("dossier build", …)   → Held    nobody else publishes there until it is dropped
//!     .stage(options)             → Staging what is there; the door for outputs
//!     .publish(&outputs)                    checks, then the steps of the plan
//! ```
//!
//! Inside the output folder lies a folder of our own, `.dossier`, with the manifest; while a build runs also the lock
//! and the staged files, while one publishes also the intent (see [`crate::publish`]). It lies there since a rename is
//! whole only within one file system, and since what is ours must be told by whoever publishes there next.
#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "this is the door to the file system")]

mod apply;
mod cache_dir;
mod clean;
mod dir;
mod dir_rename;
mod error;
mod file_system;
mod finished;
mod folder;
mod held;
mod known_stamps;
mod lock;
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
pub use finished::Finished;
pub use folder::Folder;
pub use held::Held;
pub use lock::Holder;
pub use memory::resident_memory;
pub use new_files::{Content, Existing, NewFiles};
pub use output_dir::OutputDir;
pub use staging::{Options, Staging};
pub use stamp::{Stamp, Stamps};
pub use tree::Tree;

/// An open file.
pub use std::fs::File;
