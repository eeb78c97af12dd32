use rustc_hash::FxHashMap;

use super::dir::Metadata;
use crate::source::{Hash, SitePath};

/// What the file system knows of a file without reading it. One that differs means that somebody should look; one that
/// does not differ proves little: a file may be written twice within one tick of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The size of the file in bytes.
    pub len: u64,
    pub(super) inode: u64,
    pub(super) changed: (i64, i64),
}

/// The stamps of all inputs.
pub type Stamps = FxHashMap<SitePath, Stamp>;

impl Stamp {
    /// Another one for another stamp.
    pub fn hash(&self) -> Hash {
        Hash::of(format!("{self:?}").as_bytes())
    }

    pub(super) fn of(found: &Metadata) -> Self {
        Self { len: found.len, inode: found.id.1, changed: found.changed }
    }
}
