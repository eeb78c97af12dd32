//! One content file, alone, into what others may know of it (card), what only it shows (body), and what the checks
//! read (prose). Nothing here knows another page.

mod document;
mod front;

pub use document::*;
pub use front::*;
