use std::collections::BTreeMap;
use std::io;

use serde::{Deserialize, Serialize};

use super::{Files, Hash, SitePath};

/// The role of an output, which determines when it is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Role {
    /// A file with its hash in its name. It can be written at any time, since no published page links to it yet.
    Fingerprinted,
    /// Another file that pages link to: a picture, a download, the icon.
    Asset,
    /// An HTML page.
    Page,
    /// The home page.
    Home,
    /// A file that is generated from all pages: feed, sitemap, search index, data file.
    Data,
    /// A compressed copy of another output, at its path with one of [`CODINGS`] appended as an extension.
    Compressed,
}

/// The extensions of compressed outputs: Brotli (RFC 7932) and gzip (RFC 1952).
pub const CODINGS: [&str; 2] = ["br", "gz"];

/// The metadata of an output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// The hash of its bytes.
    pub hash: Hash,
    /// Its size in bytes.
    pub len: u64,
    /// Its role.
    pub role: Role,
}

impl Output {
    /// The path of the original of a compressed output at `path`; `None` if this one is not compressed.
    pub fn original(&self, path: &SitePath) -> Option<SitePath> {
        let stem = path.as_str().rsplit_once('.').filter(|_| self.role == Role::Compressed)?.0;
        SitePath::new(stem).ok()
    }
}

/// All outputs of a build, by path.
pub type Outputs = BTreeMap<SitePath, Output>;

/// Marks an error of the input of [`Sink::copy`], to distinguish it from one of the output.
#[derive(Debug)]
struct Unreadable(io::Error);

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Unreadable {}

/// Marks the error of an input in [`Sink::copy`].
pub fn unreadable(error: io::Error) -> io::Error {
    io::Error::new(error.kind(), Unreadable(error))
}

/// The original error that [`unreadable`] has marked; `None` for other errors.
pub fn unreadable_cause(error: &io::Error) -> Option<&io::Error> {
    error.get_ref()?.downcast_ref::<Unreadable>().map(|Unreadable(cause)| cause)
}

/// Receives the outputs of a build, each once, from several threads.
pub trait Sink: Sync {
    /// Writes one output, and returns its hash.
    ///
    /// # Errors
    /// The error of the implementation; the build then stops and publishes nothing.
    fn put(&self, path: &SitePath, bytes: &[u8]) -> io::Result<Hash>;

    /// Copies an input file to an output, and returns its hash and its size in bytes. Implementations should not read
    /// the whole file into memory.
    ///
    /// # Errors
    /// As [`Sink::put`], and when the input cannot be read, marked by [`unreadable`].
    fn copy(&self, files: &dyn Files, from: &SitePath, to: &SitePath) -> io::Result<(Hash, u64)> {
        let bytes = files.read(from).map_err(unreadable)?;
        Ok((self.put(to, &bytes)?, bytes.len() as u64))
    }

    /// Whether an output with this hash and size already exists at this path, so that it need not be written again.
    fn holds(&self, path: &SitePath, hash: &Hash, len: u64) -> bool {
        let _ = (path, hash, len);
        false
    }

    /// The published outputs; `None` if the implementation does not know them.
    fn existing(&self) -> Option<&Outputs> {
        None
    }
}
