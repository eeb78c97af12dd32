use std::fs::Metadata;

use rustc_hash::FxHashMap;

use crate::source::{Hash, SitePath};

/// What the file system tells of a file without reading it. One that differs means that somebody should look; one that
/// does not differ proves little: a file may be written twice within one tick of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The length in bytes.
    pub len: u64,
    inode: u64,
    changed: (i64, i64),
}

/// The stamps of all inputs.
pub type Stamps = FxHashMap<SitePath, Stamp>;

impl Stamp {
    /// Another one for another stamp.
    pub fn hash(&self) -> Hash {
        Hash::of(format!("{self:?}").as_bytes())
    }

    pub(super) fn of(found: &Metadata) -> Self {
        Self { len: found.len(), inode: inode(found), changed: super::survey::stamp(found) }
    }
}

#[cfg(unix)]
fn inode(found: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(found)
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> u64 {
    0
}
