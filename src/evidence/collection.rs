use std::hash::Hasher;
use std::ops::Deref;
use std::sync::Arc;

use rayon::prelude::*;

use super::reads::{Read, note};
use super::records::Record;

/// The records of one kind, in the order of the files. Whatever it gives out counts as read ([`super::track`]); a record that
/// did not change is shared with the ledger before.
#[derive(Debug)]
pub struct Records<T>(Vec<Arc<Hashed<T>>>);

/// A record with the hash of its content.
#[derive(Debug)]
pub struct Hashed<T> {
    record: T,
    /// Places do not count.
    pub hash: u64,
}

impl<T> Deref for Hashed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.record
    }
}

impl<T: Record> Hashed<T> {
    pub fn new(mut record: T) -> Arc<Self> {
        record.complete();
        let mut bytes = Bytes(Vec::with_capacity(512));
        record.hash(&mut bytes);
        let hash = crate::source::Hash::of(&bytes.0).word();
        Arc::new(Self { record, hash })
    }
}

/// Collects what is to be hashed.
struct Bytes(Vec<u8>);

impl Hasher for Bytes {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}

impl<T> Default for Records<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

type Plain<T> = fn(&Arc<Hashed<T>>) -> &T;

impl<T: Record> Records<T> {
    /// The record with this number.
    pub fn get(&self, number: usize) -> Option<&T> {
        let record = self.0.get(number)?;
        note(Read::named(T::PART, record.id()));
        Some(record)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        note(Read::EVERYTHING);
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        note(Read::any(T::PART));
        self.0.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> std::iter::Map<std::slice::Iter<'_, Arc<Hashed<T>>>, Plain<T>> {
        note(Read::EVERYTHING);
        let plain: Plain<T> = |record| record;
        self.0.iter().map(plain)
    }

    /// All of them, on several threads: what is read there is not tracked.
    pub fn par_iter(&self) -> impl IndexedParallelIterator<Item = &T>
    where
        T: Sync + Send,
    {
        self.0.par_iter().map(|record| &***record)
    }

    /// All of them, without counting as read.
    pub(super) fn all(&self) -> &[Arc<Hashed<T>>] {
        &self.0
    }

    pub(super) fn extend(&mut self, records: &[Arc<Hashed<T>>]) {
        self.0.extend_from_slice(records);
    }
}

impl<'a, T: Record> IntoIterator for &'a Records<T> {
    type Item = &'a T;
    type IntoIter = std::iter::Map<std::slice::Iter<'a, Arc<Hashed<T>>>, Plain<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
