//! What one build leaves for the next: parsed pages and the keys of rendered ones, by the content they were made from.
//!
//! Everything in it can be made again, and nothing in it is believed: the program that wrote it must be this one, every
//! stretch that is read must have the hash under which it was noted, and what does not come out whole is made again. So
//! it may be deleted, cut off or overwritten at any time; a build then takes longer, and is the same.
//!
//! ```text
//! last     what the last build was made from, and what came of it: tells that nothing has changed
//! index    where each parsed page lies, and under which key each output was rendered
//! compressed  what outputs come to when they are compressed, where that is asked for
//! pack-N   parsed pages, one after the other; a build adds one pack, and now and then all become one
//! ```

mod checksum;
mod index;
mod last_build;
mod pack;

use std::collections::BTreeSet;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rustc_hash::FxHashMap;

use crate::diag::Diagnostics;
use crate::parse::{Body, Document, PageMetadata};
use crate::source::{Decoder, Encoder, Hash, SitePath, Store};

use super::parsed::{Checked, CheckedRecords};

use checksum::{seal, sealed};
use index::{Entry, InOrder, decode_checked, encode_checked, encode_entries, encode_records, packs};
use pack::{Packs, lock};

pub(super) use index::Record;
pub(super) use last_build::Last;

/// The name of what is known of records.
const RECORDS: &str = "records";

/// A parsed page as it was kept.
pub(super) struct Stored {
    pub metadata: PageMetadata,
    pub problems: Diagnostics,
    /// Its plain text, where that was asked for.
    pub text: Option<String>,
}

/// The cache during one build.
pub(super) struct Cache {
    store: Arc<dyn Store>,
    entries: FxHashMap<SitePath, Entry>,
    records: FxHashMap<SitePath, Record>,
    fresh: Mutex<FxHashMap<SitePath, Entry>>,
    in_order: Mutex<FxHashMap<SitePath, InOrder>>,
    packs: Packs,
    hits: AtomicUsize,
}

impl std::fmt::Debug for Cache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cache")
    }
}

impl Cache {
    /// Reads what earlier builds left.
    pub fn open(store: Arc<dyn Store>) -> Self {
        let bytes = store.load("index");
        let index = sealed(bytes.as_deref()).and_then(|bytes| index::decode(&mut Decoder::new(bytes)));
        let (entries, records) = index.unwrap_or_default();
        let packs = Packs::open(store.clone());
        let (fresh, in_order, hits) = (Mutex::default(), Mutex::default(), AtomicUsize::new(0));
        Self { store, entries, records, fresh, in_order, packs, hits }
    }

    /// A page that an earlier build parsed from the same bytes in the same way, with its plain text if `with_text`.
    pub fn document(&self, path: &SitePath, key: &Hash, with_text: bool) -> Option<Stored> {
        let entry = self.entries.get(path).filter(|entry| entry.key == *key)?;
        let text = if with_text { Some(String::from_utf8(self.packs.read(entry.text.as_ref()?)?).ok()?) } else { None };
        let bytes = self.packs.read(&entry.document)?;
        let mut from = Decoder::new(&bytes);
        let (metadata, problems) =
            (PageMetadata::decode(path, &mut from)?, Diagnostics::decode(Some(path), &mut from)?);
        let stored = Stored { metadata, problems, text };
        self.hits.fetch_add(1, Ordering::Relaxed);
        Some(stored)
    }

    /// How many pages were found.
    pub fn hits(&self) -> usize {
        self.hits.load(Ordering::Relaxed)
    }

    /// The body of such a page.
    pub fn body(&self, path: &SitePath, key: &Hash) -> Option<Body> {
        let place = self.entry(path, key)?.body?;
        Body::decode(&mut Decoder::new(&self.packs.read(&place)?))
    }

    /// Where a page lies that an earlier build parsed, or this one.
    fn entry(&self, path: &SitePath, key: &Hash) -> Option<Entry> {
        let known = self.entries.get(path).filter(|entry| entry.key == *key).cloned();
        known.or_else(|| lock(&self.fresh).get(path).filter(|entry| entry.key == *key).cloned())
    }

    /// Keeps a page that was parsed, and its plain text; whether its body can be asked for again.
    pub fn keep(
        &self,
        path: &SitePath,
        key: Hash,
        document: &Document,
        text: Option<&str>,
        problems: &Diagnostics,
    ) -> bool {
        // The metadata takes little.
        let mut out = Encoder { bytes: Vec::with_capacity(document.body.html.len() + 2048) };
        document.metadata.encode(&mut out);
        problems.encode(Some(path), &mut out);
        let metadata = out.bytes.len();
        document.body.encode(&mut out);
        let (metadata, body) = out.bytes.split_at(metadata);
        let Some(place) = self.packs.append(metadata) else { return false };
        let (text, body) = (text.and_then(|text| self.packs.append(text.as_bytes())), self.packs.append(body));
        let whole = body.is_some();
        lock(&self.fresh).insert(path.clone(), Entry { key, document: place, text, body, in_order: None });
        whole
    }

    /// What an earlier build found in the prose of such a page, under the same settings: nothing, or it is not known.
    pub fn checked(&self, path: &SitePath, key: &Hash, settings: u64) -> Option<Checked> {
        let entry = self.entries.get(path).filter(|entry| entry.key == *key)?;
        let InOrder { reads, state, .. } = entry.in_order.clone().filter(|known| known.settings == settings)?;
        Some(Checked { reads, state, ..Checked::default() })
    }

    /// Notes that the prose of a page is in order, where it is.
    pub fn note_checked(&self, path: &SitePath, settings: u64, Checked { problems, topical, reads, state }: &Checked) {
        if problems.is_empty() && topical.is_empty() {
            let in_order = InOrder { settings, reads: reads.clone(), state: *state };
            lock(&self.in_order).insert(path.clone(), in_order);
        }
    }

    /// What an earlier build found in single records, under the same settings, where that is nothing: by the key of each. And
    /// the state of the ledger in which it found nothing in the whole of it.
    pub fn checked_records(&self, settings: u64) -> (CheckedRecords, Option<u64>) {
        let bytes = self.beside(RECORDS);
        let known = bytes.and_then(|bytes| decode_checked(&mut Decoder::new(&bytes)));
        known
            .filter(|(known, ..)| *known == settings)
            .map_or_else(Default::default, |(_, records, whole)| (records, whole))
    }

    /// Keeps the same for the next build.
    ///
    /// # Errors
    /// What the store says.
    pub fn keep_checked_records(&self, settings: u64, records: &CheckedRecords, whole: Option<u64>) -> io::Result<()> {
        self.keep_beside(RECORDS, &encode_checked(settings, records, whole))
    }

    /// What is known of an output.
    pub fn record(&self, output: &SitePath) -> Option<&Record> {
        self.records.get(output)
    }

    /// What [`Cache::keep_beside`] kept under this name.
    pub fn beside(&self, name: &str) -> Option<Vec<u8>> {
        sealed(self.store.load(name).as_deref()).map(<[u8]>::to_vec)
    }

    /// Keeps something beside the pages, in the place of what is there.
    ///
    /// # Errors
    /// What the store says.
    pub fn keep_beside(&self, name: &str, body: &[u8]) -> io::Result<()> {
        self.store.replace(name, &seal(&[body]))
    }

    /// Leaves for the next build what this one found: `is_page` tells the content files of this site, `records` are
    /// all rendered pages, and `last` tells what came of it; all three are asked at once.
    ///
    /// # Errors
    /// What the store says; what is kept then is what was, or nothing.
    pub fn finish(
        &self,
        is_page: &(dyn Fn(&SitePath) -> bool + Sync),
        records: &[(SitePath, Record)],
        last: impl FnOnce() -> Option<Last> + Send,
    ) -> io::Result<()> {
        let (entries, (records, last)) =
            rayon::join(|| self.finish_pages(is_page), || rayon::join(|| encode_records(records), last));
        let (entries, used) = entries?;
        // Without its index a pack says nothing, and without the old `last` nothing is taken for unchanged.
        self.store.remove("last");
        self.store.replace("index", &seal(&[&entries, &records]))?;
        if let Some(last) = last {
            self.store.replace("last", &last.encode())?;
        }
        self.packs.remove_but(&used);
        Ok(())
    }

    /// Writes the rest of the pack, and gives the index of all parsed pages, with the packs that they lie in.
    fn finish_pages(&self, is_page: &dyn Fn(&SitePath) -> bool) -> io::Result<(Vec<u8>, BTreeSet<u64>)> {
        self.packs.finish()?;
        let fresh = std::mem::take(&mut *lock(&self.fresh));
        let old = self.entries.iter().filter(|(path, _)| is_page(path) && !fresh.contains_key(*path));
        let mut entries: Vec<(SitePath, Entry)> = old.map(|(path, entry)| (path.clone(), entry.clone())).collect();
        entries.extend(fresh);
        let mut in_order = std::mem::take(&mut *lock(&self.in_order));
        for (path, entry) in &mut entries {
            entry.in_order = in_order.remove(path);
        }
        self.packs.compact(&mut entries)?;
        Ok((encode_entries(&entries), packs(&entries)))
    }
}
