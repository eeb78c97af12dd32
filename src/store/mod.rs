//! Outputs into an object store: S3, Azure Blob Storage, Google Cloud Storage, or a folder in the same manner.
//!
//! ```text
//! Bucket::open(url)                         no request is made
//! objects(&outputs, &dress)      → Objects  what shall be there, under which headers
//! Session::begin(&bucket, …)     → Session  one request: what is there, as the state object says
//!     .plan()                               what would be done
//!     .publish(…)                           intent, steps, manifest
//! ```
//!
//! A bucket is never listed. One object of ours, `.dossier/state.jsonl`, says what is there ([`State`]): the manifest,
//! and while a publish runs also the intent. It is only ever written on the condition that it is still as it was read, so
//! of two publishers one is refused by the server. Files that it does not name are only written where nothing stands,
//! which the server sees to as well.
//!
//! A single object of ours that changes is written without an intent: whatever happens, it is ours, whole, and the old
//! one or the new one. A publisher that finds after that write that another was there first notes that it is
//! [`State::unsure`] which of them is there, and the next publish looks.
//!
//! This room knows nothing of folders, terminals or clocks: files come by `source::Files`, times are handed in.

mod address;
mod bucket;
mod error;
mod error_text;
mod objects;
mod session;
mod state;
mod steps;

pub use bucket::Bucket;
pub use error::{StoreError, StoreErrors};
pub use objects::{Object, ObjectMetadata, Objects, objects};
pub use session::{Options, Published, Session};
pub use state::State;

#[cfg(test)]
mod tests;
