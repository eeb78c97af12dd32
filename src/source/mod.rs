//! Where bytes come from and go to, as values: paths inside a site, spans, inputs, outputs.
//!
//! Nothing here opens a file. [`Files`] is the one door through which the core reads, [`Sink`] the one through
//! which it writes; `disk` implements both for folders, [`Memory`] for tests and for the server.

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

/// All inputs, and what stands among them that cannot be one: a broken file never hides the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Every input file, sorted by path.
    pub files: Vec<Listed>,
    /// Files and folders that are there and cannot be listed, sorted by path. What is ignored may be among them, such as
    /// the dangling links by which editors lock files; with any other the site is not published.
    pub refused: Vec<Refused>,
}

/// A file or folder that cannot be an input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refused {
    /// Where it stands; what is not UTF-8 in its name is replaced.
    pub path: SitePath,
    /// The code of the problem: `read-failed`, `symlink-outside`, `symlink-loop`, `too-deep` or `too-large`.
    pub code: &'static str,
    /// Why, as the end of a sentence that starts with the path: "is a symbolic link that leads out of the site".
    pub reason: String,
}

/// One input as the door lists it, before anybody reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its path from the site's root, such as `content/cloud.md`.
    pub path: SitePath,
    /// Its size in bytes when it was listed.
    pub len: u64,
}

/// The largest input that is held in memory whole. A longer one is an error to [`Files::read`] before any of it is read;
/// [`Files::open`] and [`Files::hash`] take any.
pub const MAX_INPUT: u64 = 64 << 20;

/// The error of a file that is longer than `limit` bytes.
pub fn too_long(limit: u64) -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, format!("it is longer than {} MiB", limit >> 20))
}

/// The door through which all input arrives.
pub trait Files: Sync {
    /// Every input file of the site: `site.toml`, and all below `content`, `templates` and `static`.
    fn list(&self) -> Listing;

    /// The bytes of one input.
    ///
    /// # Errors
    /// What the underlying store says; from a folder also where there are more than [`MAX_INPUT`].
    fn read(&self, path: &SitePath) -> io::Result<Vec<u8>>;

    /// The bytes of one input and their hash, unless there are more than `limit`: then nothing is read.
    ///
    /// # Errors
    /// What the underlying store says, and [`too_long`].
    fn read_hashed(&self, path: &SitePath, limit: u64) -> io::Result<(Vec<u8>, Hash)> {
        let bytes = self.read(path)?;
        if bytes.len() as u64 > limit {
            return Err(too_long(limit));
        }
        let hash = Hash::of(&bytes);
        Ok((bytes, hash))
    }

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

    /// One input as a stream, for what need not be held whole.
    ///
    /// # Errors
    /// What the underlying store says.
    fn open(&self, path: &SitePath) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(io::Cursor::new(self.read(path)?)))
    }

    /// The hash of one input's bytes; stores that can do so never hold the whole file.
    ///
    /// # Errors
    /// What the underlying store says.
    fn hash(&self, path: &SitePath) -> io::Result<Hash> {
        self.read(path).map(|bytes| Hash::of(&bytes))
    }
}
