//! Publishes outputs to an object store: S3, Azure Blob Storage, Google Cloud Storage, or a folder in the same way.
//!
//! ```text
//! Bucket::open(url)                         no request is made
//! objects(&outputs, &metadata)      → Objects  the objects to publish, with their headers
//! Session::begin(&bucket, …)     → Session  one request, for the state object
//!     .plan()                               the steps
//!     .publish(…)                           intent, steps, manifest
//! ```
//!
//! A bucket is never listed. One object, `.dossier/state.jsonl`, describes its contents ([`State`]): the manifest, and
//! while a publish runs also the intent. It is only written on the condition that it was not changed since it was read,
//! so if two publish at once, the server refuses one of them. Objects that it does not name are only created, never
//! overwritten, which the server ensures as well.
//!
//! A single changed object is written without an intent: whatever happens, it is the complete old one or the complete
//! new one. If a publisher then finds that another one was first, it records the object as [`State::unsure`], and the
//! next publish checks it.
//!
//! This module uses no folders, terminals or clocks: files come from `source::Files`, times are arguments.

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
