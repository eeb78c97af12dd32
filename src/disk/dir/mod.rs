//! Folders that are held open. What is below one is reached through its handle and through no symbolic link, whatever
//! is put in the place of a folder meanwhile: the path is resolved by the very call that opens the file.
//!
//! | system | how |
//! |---|---|
//! | Linux | `openat2` with `RESOLVE_BENEATH` and `RESOLVE_NO_SYMLINKS` |
//! | other Unix, Linux before 5.6 | each folder opened from the one before, with `O_NOFOLLOW` |
//! | Windows | each folder held while the file is opened, so that none can be renamed or removed |
//!
//! Only regular files are opened, and opening never waits: a pipe without a writer is an error like a device.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::fs::File;
use std::io;

#[cfg(unix)]
pub use unix::Dir;
#[cfg(windows)]
pub use windows::Dir;

/// What a file is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Reading what is there.
    Read,
    /// Writing a file that must not be there yet.
    Create,
    /// Being locked, and naming who holds it; made where it is missing.
    Lock,
    /// Writing at the end; made where it is missing.
    Append,
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link, or what is like one on Windows.
    Link,
    /// A pipe, a socket or a device.
    Other,
}

/// What the file system knows of a file without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// What it is; links are not followed.
    pub kind: Kind,
    /// Its size in bytes.
    pub len: u64,
    /// Its device and its number there; zero where the system does not say.
    pub id: (u64, u64),
    /// When its bytes were last written, in seconds and nanoseconds.
    pub modified: (i64, i64),
    /// When it was last written, renamed or otherwise changed, which no program can set back; on Windows as `modified`.
    pub changed: (i64, i64),
}

/// The error of a path on which a symbolic link stands.
#[derive(Debug)]
struct LinkInPath;

impl std::fmt::Display for LinkInPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("it is a symbolic link, or lies behind one")
    }
}

impl std::error::Error for LinkInPath {}

fn link_in_path() -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, LinkInPath)
}

/// Whether a call failed since a symbolic link stands on the path.
pub fn is_link_in_path(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|error| error.is::<LinkInPath>())
}

/// Refuses what is open and is no regular file.
fn regular(file: File) -> io::Result<(File, Metadata)> {
    let found = Metadata::of(&file.metadata()?);
    match found.kind {
        Kind::File => Ok((file, found)),
        Kind::Folder => Err(io::ErrorKind::IsADirectory.into()),
        Kind::Link => Err(link_in_path()),
        Kind::Other => Err(not_regular()),
    }
}

fn not_regular() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "it is a pipe, a socket or a device, not a file")
}
