use std::collections::BTreeMap;
use std::io;

use serde::{Deserialize, Serialize};

use super::{Files, Hash, SitePath};

/// What an output is to a reader; publishing writes them in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Role {
    /// A file whose name holds its hash: it may be written at any time, nobody names it yet.
    Fingerprinted,
    /// Another file that pages name: a picture, a download, the icon.
    Asset,
    /// An HTML page.
    Page,
    /// The home page, by which readers come in.
    Home,
    /// What is made of all pages: feed, sitemap, search index, data files.
    Data,
    /// The same as another output, compressed: its path is that output's and one of [`CODINGS`] as an extension.
    Compressed,
}

/// The extensions of compressed outputs: Brotli (RFC 7932) and gzip (RFC 1952).
pub const CODINGS: [&str; 2] = ["br", "gz"];

/// One output, after its bytes went to the [`Sink`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// The hash of its bytes.
    pub hash: Hash,
    /// Their number.
    pub len: u64,
    /// What it is to a reader.
    pub role: Role,
}

impl Output {
    /// The path of the output that this one, at `path`, is a compressed form of.
    pub fn original(&self, path: &SitePath) -> Option<SitePath> {
        let stem = path.as_str().rsplit_once('.').filter(|_| self.role == Role::Compressed)?.0;
        SitePath::new(stem).ok()
    }
}

/// All outputs of a build, by path.
pub type Outputs = BTreeMap<SitePath, Output>;

/// The error of an input that cannot be read while it is copied; that of the output comes as it is.
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

/// What [`unreadable`] has marked.
pub fn unreadable_cause(error: &io::Error) -> Option<&io::Error> {
    error.get_ref()?.downcast_ref::<Unreadable>().map(|Unreadable(cause)| cause)
}

/// The door through which outputs leave, each once, from several threads at a time.
pub trait Sink: Sync {
    /// Takes the bytes of one output, and tells their hash, so that nobody hashes them twice.
    ///
    /// # Errors
    /// What the underlying store says; the build stops and publishes nothing.
    fn put(&self, path: &SitePath, bytes: &[u8]) -> io::Result<Hash>;

    /// Takes an input file as an output, as it is, and tells the hash and the number of its bytes; stores that can do
    /// so copy without holding the file.
    ///
    /// # Errors
    /// As [`Sink::put`], and when the input cannot be read, marked by [`unreadable`].
    fn copy(&self, files: &dyn Files, from: &SitePath, to: &SitePath) -> io::Result<(Hash, u64)> {
        let bytes = files.read(from).map_err(unreadable)?;
        Ok((self.put(to, &bytes)?, bytes.len() as u64))
    }

    /// Whether these very bytes already stand under this path, so that nobody needs to make them or put them again.
    fn holds(&self, path: &SitePath, hash: &Hash, len: u64) -> bool {
        let _ = (path, hash, len);
        false
    }

    /// Everything of ours that stands there now, for stores that know; nothing for those that do not.
    fn there(&self) -> Option<&Outputs> {
        None
    }
}
