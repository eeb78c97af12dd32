//! What a build was made from, as it was read: the inputs seen through a door that remembers their hashes.

use std::io::{self, Read};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::source::{Files, Hash, Listing, MAX_INPUT, Outputs, SitePath};

use super::Request;

/// Inputs whose hashes are remembered as they are read.
pub(super) struct InputRecorder<'a> {
    files: &'a dyn Files,
    /// By path, in a few parts so that threads do not wait for each other; nothing for what was read twice and was not
    /// the same.
    seen: [Mutex<FxHashMap<SitePath, Option<Hash>>>; 16],
}

impl<'a> InputRecorder<'a> {
    /// Watches over `files`.
    pub fn of(files: &'a dyn Files) -> Self {
        Self { files, seen: Default::default() }
    }

    /// Remembers what was read of `path`.
    pub fn note(&self, path: &SitePath, hash: Hash) {
        let part = super::links::word(path.as_str()) as usize % self.seen.len();
        let Some(part) = self.seen.get(part) else { return };
        let mut seen = part.lock().unwrap_or_else(PoisonError::into_inner);
        let known = seen.entry(path.clone()).or_insert(Some(hash));
        if *known != Some(hash) {
            *known = None;
        }
    }

    /// The hash of all inputs as they were read, and the words of those that nobody read and that have no part in it;
    /// absent where one of them was not the same twice.
    pub fn inputs(&self, listing: &Listing) -> Option<(Hash, Vec<u64>)> {
        let seen = self.seen.each_ref().map(|part| part.lock().unwrap_or_else(PoisonError::into_inner));
        let (mut hashes, mut unread) = (Vec::with_capacity(listing.files.len() * 33), Vec::new());
        for listed in &listing.files {
            let word = super::links::word(listed.path.as_str());
            match seen.get(word as usize % seen.len()).and_then(|part| part.get(&listed.path)) {
                Some(hash) => note_hash(&mut hashes, Some(&(*hash)?)),
                None => {
                    note_hash(&mut hashes, None);
                    unread.push(word);
                }
            }
        }
        Some((Hash::of(&hashes), unread))
    }
}

impl Files for InputRecorder<'_> {
    fn list(&self) -> Listing {
        self.files.list()
    }

    fn read(&self, path: &SitePath) -> io::Result<Vec<u8>> {
        self.read_hashed(path, MAX_INPUT).map(|(bytes, _)| bytes)
    }

    fn read_hashed(&self, path: &SitePath, limit: u64) -> io::Result<(Vec<u8>, Hash)> {
        let (bytes, hash) = self.files.read_hashed(path, limit)?;
        self.note(path, hash);
        Ok((bytes, hash))
    }

    fn read_head(&self, path: &SitePath, limit: usize) -> io::Result<Vec<u8>> {
        self.files.read_head(path, limit)
    }

    fn open(&self, path: &SitePath) -> io::Result<Box<dyn Read + '_>> {
        self.files.open(path)
    }

    fn hash(&self, path: &SitePath) -> io::Result<Hash> {
        let hash = self.files.hash(path)?;
        self.note(path, hash);
        Ok(hash)
    }
}

/// The hash of what is asked for and of all paths and sizes: where it differs, something has changed.
pub(super) fn listing_hash(listing: &Listing, request: &Request) -> Hash {
    let Request { today, drafts, base_url, portable, precompress, levels, baseline } = request;
    let asked = format!(
        "{today} {drafts} {base_url:?} {portable} {precompress:?} {levels:?} {:?}\n{baseline}\n",
        listing.refused
    );
    let mut bytes = asked.into_bytes();
    for listed in &listing.files {
        bytes.extend_from_slice(listed.path.as_str().as_bytes());
        bytes.push(0);
        bytes.extend_from_slice(&listed.len.to_le_bytes());
    }
    Hash::of(&bytes)
}

/// The hash of all inputs but `unread`, as they are now; absent where one of them cannot be read.
pub(super) fn inputs_hash(files: &dyn Files, listing: &Listing, unread: &[u64]) -> Option<Hash> {
    let unread: FxHashSet<u64> = unread.iter().copied().collect();
    let hash = |listed: &crate::source::Listed| {
        let skipped = unread.contains(&super::links::word(listed.path.as_str()));
        if skipped { Some(None) } else { files.hash(&listed.path).ok().map(Some) }
    };
    let hashes: Option<Vec<Option<Hash>>> = listing.files.par_iter().with_min_len(64).map(hash).collect();
    let mut bytes = Vec::with_capacity(listing.files.len() * 33);
    hashes?.iter().for_each(|hash| note_hash(&mut bytes, hash.as_ref()));
    Some(Hash::of(&bytes))
}

/// Adds the hash of one input to those of all, or that it has no part in them.
fn note_hash(hashes: &mut Vec<u8>, hash: Option<&Hash>) {
    hashes.push(u8::from(hash.is_some()));
    hashes.extend_from_slice(hash.map_or(&[], |hash| hash.bytes().as_slice()));
}

/// The hash of outputs.
pub(super) fn outputs_hash(outputs: &Outputs) -> Hash {
    let mut bytes = Vec::with_capacity(outputs.len() * 96);
    for (path, output) in outputs {
        bytes.extend_from_slice(path.as_str().as_bytes());
        bytes.extend_from_slice(&[0, output.role as u8]);
        bytes.extend_from_slice(output.hash.bytes());
        bytes.extend_from_slice(&output.len.to_le_bytes());
    }
    Hash::of(&bytes)
}
