//! Paths inside a site, spans, hashes, and the traits for input and output.
//!
//! Nothing here opens a file. The core reads only through [`Files`], and writes only through [`Sink`]; `disk`
//! implements both for folders, [`Memory`] for tests.

mod bytes;
mod codec;
mod controls;
mod hash;
mod kind;
mod line_index;
mod memory;
mod outputs;
mod path;
mod portable;
mod span;
mod store;
mod target;
mod texts;

pub use bytes::{Marks, any_byte, any_triple};
pub use codec::{Decoder, Encoder};
pub use controls::{controls, is_control, without_controls};
pub use hash::Hash;
pub use kind::media_type;
pub use line_index::{LineColumn, LineIndex, line_column};
pub use memory::Memory;
pub use outputs::{CODINGS, Output, Outputs, Role, Sink, unreadable, unreadable_cause};
pub use path::{PathError, SitePath};
pub use portable::unportable;
pub use span::Span;
pub use store::Store;
pub use target::{SAFE_SCHEMES, is_safe_link, is_script_link, link_scheme};
pub use texts::Texts;

use std::io::{self, Read};

/// All inputs, and the files that cannot be inputs: one invalid file does not hide the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Every input file, sorted by path.
    pub files: Vec<Listed>,
    /// Files and folders that exist but cannot be inputs, sorted by path. Ignored files may be among them, such as the
    /// dangling links that editors use as locks; if there are others, the site is not published.
    pub refused: Vec<Refused>,
}

/// A file or folder that cannot be an input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refused {
    /// Its path; bytes that are not UTF-8 are replaced.
    pub path: SitePath,
    /// The code of the problem: `read-failed`, `symlink-outside`, `symlink-loop`, `too-deep` or `too-large`.
    pub code: &'static str,
    /// Why, as the end of a sentence that starts with the path: "is a symbolic link that leads out of the site".
    pub reason: String,
}

/// An input file in a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its path from the site's root, such as `content/cloud.md`.
    pub path: SitePath,
    /// Its size in bytes when it was listed.
    pub len: u64,
}

/// The maximum size, in bytes, of an input that is read into memory. For a longer one [`Files::read`] returns an error
/// without reading it; [`Files::open`] and [`Files::hash`] have no limit.
pub const MAX_INPUT: u64 = 64 << 20;

/// The error of a file that is longer than `limit` bytes.
pub fn too_long(limit: u64) -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, format!("it is longer than {} MiB", limit >> 20))
}

/// The input files of a site.
pub trait Files: Sync {
    /// Every input file of the site: `site.toml`, and all below `content`, `templates` and `static`.
    fn list(&self) -> Listing;

    /// The bytes of one input.
    ///
    /// # Errors
    /// The error of the implementation; for folders also if the file is longer than [`MAX_INPUT`].
    fn read(&self, path: &SitePath) -> io::Result<Vec<u8>>;

    /// The bytes of one input, at most `limit`, and their hash.
    ///
    /// # Errors
    /// The error of the implementation, or [`too_long`].
    fn read_hashed(&self, path: &SitePath, limit: u64) -> io::Result<(Vec<u8>, Hash)> {
        let bytes = self.read(path)?;
        if bytes.len() as u64 > limit {
            return Err(too_long(limit));
        }
        let hash = Hash::of(&bytes);
        Ok((bytes, hash))
    }

    /// The first `limit` bytes of one input, such as the header of a picture.
    ///
    /// # Errors
    /// The error of the implementation.
    fn read_head(&self, path: &SitePath, limit: usize) -> io::Result<Vec<u8>> {
        self.read(path).map(|mut bytes| {
            bytes.truncate(limit);
            bytes
        })
    }

    /// One input as a stream, for files that need not be in memory.
    ///
    /// # Errors
    /// The error of the implementation.
    fn open(&self, path: &SitePath) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(io::Cursor::new(self.read(path)?)))
    }

    /// The hash of one input; implementations should not read the whole file into memory.
    ///
    /// # Errors
    /// The error of the implementation.
    fn hash(&self, path: &SitePath) -> io::Result<Hash> {
        self.read(path).map(|bytes| Hash::of(&bytes))
    }
}
