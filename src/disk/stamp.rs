use rustc_hash::FxHashMap;

use super::dir::Metadata;
use crate::source::{Hash, SitePath};

/// The metadata of a file that shows whether it may have changed. If it is the same, the file may still differ: a
/// file may be written twice within one tick of the clock.
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
    /// A number that differs for different stamps.
    pub fn hash(&self) -> Hash {
        Hash::of(format!("{self:?}").as_bytes())
    }

    pub(super) fn of(found: &Metadata) -> Self {
        Self { len: found.len, inode: found.id.1, changed: found.changed }
    }
}
