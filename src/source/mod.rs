//! Where bytes come from and go to, as values: paths inside a site, spans, inputs, outputs.
//!
//! Nothing here opens a file. [`Files`] is the one door through which the core reads, [`Sink`] the one through
//! which it writes; `disk` implements both for folders, [`Memory`] for tests and for the server.

mod hash;
mod memory;
mod outputs;
mod path;
mod span;

pub use hash::Hash;
pub use memory::Memory;
pub use outputs::{Output, Outputs, Role, Sink};
pub use path::{PathError, SitePath};
pub use span::{LineColumn, Span, line_column};

use std::io;

/// One input as the door lists it, before anybody reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its path from the site's root, such as `content/cloud.md`.
    pub path: SitePath,
    /// Its size in bytes when it was listed.
    pub len: u64,
}

/// The door through which all input arrives.
pub trait Files: Sync {
    /// Every input file of the site, sorted by path: `site.toml`, and all below `content`, `templates` and `static`.
    ///
    /// # Errors
    /// One entry for each file or folder that cannot be listed, with the reason.
    fn list(&self) -> Result<Vec<Listed>, Vec<(SitePath, String)>>;

    /// The bytes of one input.
    ///
    /// # Errors
    /// What the underlying store says.
    fn read(&self, path: &SitePath) -> io::Result<Vec<u8>>;

    /// The first `limit` bytes of one input: enough to read the size of a picture without holding the picture.
    ///
    /// # Errors
    /// What the underlying store says.
    fn read_head(&self, path: &SitePath, limit: usize) -> io::Result<Vec<u8>> {
        self.read(path).map(|mut bytes| {
            bytes.truncate(limit);
            bytes
        })
    }

    /// The hash of one input's bytes; stores that can do so never hold the whole file.
    ///
    /// # Errors
    /// What the underlying store says.
    fn hash(&self, path: &SitePath) -> io::Result<Hash> {
        self.read(path).map(|bytes| Hash::of(&bytes))
    }
}
