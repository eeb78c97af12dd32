//! Open folders. Files below one are opened relative to its handle and never through a symbolic link, even if a folder
//! is replaced meanwhile: the path is resolved by the same call that opens the file.
//!
//! | system | how |
//! |---|---|
//! | Linux | `openat2` with `RESOLVE_BENEATH` and `RESOLVE_NO_SYMLINKS` |
//! | other Unix, Linux before 5.6 | each folder opened from the one before, with `O_NOFOLLOW` |
//! | Windows | each folder kept open while the file is opened, so that none can be renamed or removed |
//!
//! Only regular files are opened, and opening never blocks: pipes and devices are errors.

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

/// Why a file is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To read it.
    Read,
    /// To create it; it must not exist.
    Create,
    /// To lock it and write who holds it; created if missing.
    Lock,
    /// To append to it; created if missing.
    Append,
}

/// The type of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link, or a reparse point on Windows.
    Link,
    /// A pipe, a socket or a device.
    Other,
}

/// The metadata of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// Its type; links are not followed.
    pub kind: Kind,
    /// Its size in bytes.
    pub len: u64,
    /// Its device and inode number; zero if the system does not have them.
    pub id: (u64, u64),
    /// Its modification time, in seconds and nanoseconds.
    pub modified: (i64, i64),
    /// Its change time, which programs cannot set back; on Windows the same as `modified`.
    pub changed: (i64, i64),
}

/// The error for a path with a symbolic link in it.
#[derive(Debug)]
struct LinkInPath;

impl std::fmt::Display for LinkInPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("it is a symbolic link, or is below one")
    }
}

impl std::error::Error for LinkInPath {}

fn link_in_path() -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, LinkInPath)
}

/// Whether a call failed because of a symbolic link in the path.
pub fn is_link_in_path(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|error| error.is::<LinkInPath>())
}

/// Returns an error if an open file is not a regular file.
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
