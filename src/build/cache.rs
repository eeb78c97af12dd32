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

use std::collections::BTreeSet;
use std::hash::Hasher;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::{FxHashMap, FxHasher};

use crate::diag::Diagnostics;
use crate::parse::{Body, Card, Document};
use crate::source::{Decoder, Encoder, Hash, Output, Role, SitePath, Store};

use super::links::Names;

/// The program that may read what this one wrote: itself.
const PROGRAM: &str = concat!("dossier cache 1 ", env!("DOSSIER_PROGRAM"), "\n");
/// Packs beyond this many become one.
const MAX_PACKS: usize = 16;
/// A cache never takes more bytes than this; pages beyond it are parsed again by every build.
const MAX_BYTES: u64 = 4 << 30;
/// Bytes that are gathered before they are written.
const BUFFER: usize = 1 << 18;
/// Waste that is not worth a tidying, beside as much as is in use.
const SLACK: u64 = 1 << 20;

/// A stretch of a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    pack: u64,
    at: u64,
    len: usize,
    check: u64,
}

/// Where the parsed form of a content file lies.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    /// The hash of the file and of how it is read.
    key: Hash,
    document: Place,
    /// Its plain text, where one was asked for, and its body, each absent where there was no room for it.
    text: Option<Place>,
    body: Option<Place>,
    /// Under which records and settings its prose was found to be in order; zero for none.
    in_order: u64,
}

/// What is known of a rendered page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// The hash of all it was made from.
    pub key: Hash,
    /// What was written.
    pub output: Output,
    /// Of its text, of the templates and of what all pages show, to say why it was made again.
    pub parts: [u64; 3],
    pub names: Names,
}

/// What the last build was made from, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Last {
    /// Of the request and of all paths and sizes.
    pub listing: Hash,
    /// Of the bytes of all inputs but those.
    pub inputs: Hash,
    /// Of the paths of inputs that nobody reads, such as ignored ones.
    pub unread: Vec<u64>,
    /// Of all outputs.
    pub outputs: Hash,
    pub problems: Diagnostics,
    pub pages: usize,
}

/// A parsed page as it was kept.
pub(super) struct Stored {
    pub card: Card,
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
    in_order: Mutex<FxHashMap<SitePath, u64>>,
    pack: Mutex<Pack>,
    /// Held while bytes of the pack are written, so that they come in order.
    writing: Mutex<()>,
    room: u64,
    hits: AtomicUsize,
}

impl std::fmt::Debug for Cache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cache")
    }
}

/// The pack that this build adds.
struct Pack {
    number: u64,
    written: u64,
    /// What is being written, and what comes after it.
    leaving: Arc<Vec<u8>>,
    buffer: Vec<u8>,
    fault: Option<io::Error>,
}

impl Pack {
    fn new(number: u64) -> Self {
        Self { number, written: 0, leaving: Arc::default(), buffer: Vec::new(), fault: None }
    }

    /// Where the next byte goes.
    fn end(&self) -> u64 {
        self.written + (self.leaving.len() + self.buffer.len()) as u64
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn pack_name(number: u64) -> String {
    format!("pack-{number}")
}

/// Tells a stretch from one that was damaged. Nobody can gain by forging one, and every page has three: a quick hash will
/// do.
fn checksum(bytes: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(bytes);
    hasher.finish()
}

/// What was written under this program's name and came back whole.
fn sealed(bytes: Option<&[u8]>) -> Option<&[u8]> {
    let (body, seal) = bytes?.split_last_chunk::<32>()?;
    let body = body.strip_prefix(PROGRAM.as_bytes())?;
    (Hash::of(body).bytes() == seal).then_some(body)
}

fn seal(body: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(PROGRAM.len() + body.iter().map(|part| part.len()).sum::<usize>() + 32);
    [&[PROGRAM.as_bytes()], body].concat().into_iter().for_each(|part| bytes.extend_from_slice(part));
    let hash = Hash::of(bytes.get(PROGRAM.len()..).unwrap_or_default());
    bytes.extend_from_slice(hash.bytes());
    bytes
}

impl Last {
    /// What the last build left, where it is whole.
    pub fn load(store: &dyn Store) -> Option<Self> {
        let bytes = store.load("last");
        let mut from = Decoder::new(sealed(bytes.as_deref())?);
        Some(Self {
            listing: from.hash()?,
            inputs: from.hash()?,
            unread: from.list(Decoder::word)?,
            outputs: from.hash()?,
            pages: from.size()?,
            problems: Diagnostics::decode(None, &mut from)?,
        })
    }

    fn encode(&self) -> Vec<u8> {
        let mut out = Encoder::default();
        out.hash(&self.listing);
        out.hash(&self.inputs);
        out.list(self.unread.iter(), |out, word| out.word(*word));
        out.hash(&self.outputs);
        out.size(self.pages);
        self.problems.encode(None, &mut out);
        seal(&[&out.bytes])
    }
}

impl Cache {
    /// Reads what earlier builds left.
    pub fn open(store: Arc<dyn Store>) -> Self {
        let bytes = store.load("index");
        let index = sealed(bytes.as_deref()).and_then(|bytes| decode_index(&mut Decoder::new(bytes)));
        let (entries, records) = index.unwrap_or_default();
        let packs = store.names();
        let number = packs.iter().filter_map(|(name, _)| name.strip_prefix("pack-")?.parse::<u64>().ok()).max();
        let taken: u64 = packs.iter().map(|(_, len)| len).sum();
        let pack = Mutex::new(Pack::new(number.map_or(0, |number| number + 1)));
        let room = MAX_BYTES.saturating_sub(taken);
        let (fresh, in_order, hits) = (Mutex::default(), Mutex::default(), AtomicUsize::new(0));
        Self { store, entries, records, fresh, in_order, pack, writing: Mutex::default(), room, hits }
    }

    /// A page that an earlier build parsed from the same bytes in the same way, with its plain text if `with_text`.
    pub fn document(&self, path: &SitePath, key: &Hash, with_text: bool) -> Option<Stored> {
        let entry = self.entries.get(path).filter(|entry| entry.key == *key)?;
        let text = if with_text { Some(String::from_utf8(self.read(entry.text.as_ref()?)?).ok()?) } else { None };
        let bytes = self.read(&entry.document)?;
        let mut from = Decoder::new(&bytes);
        let (card, problems) = (Card::decode(path, &mut from)?, Diagnostics::decode(Some(path), &mut from)?);
        let stored = Stored { card, problems, text };
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
        Body::decode(&mut Decoder::new(&self.read(&place)?))
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
        // The card takes little.
        let mut out = Encoder { bytes: Vec::with_capacity(document.body.html.len() + 2048) };
        document.card.encode(&mut out);
        problems.encode(Some(path), &mut out);
        let card = out.bytes.len();
        document.body.encode(&mut out);
        let (card, body) = out.bytes.split_at(card);
        let Some(place) = self.append(card) else { return false };
        let (text, body) = (text.and_then(|text| self.append(text.as_bytes())), self.append(body));
        let whole = body.is_some();
        lock(&self.fresh).insert(path.clone(), Entry { key, document: place, text, body, in_order: 0 });
        whole
    }

    /// Whether an earlier build found the prose of such a page in order, under the same records and settings.
    pub fn is_in_order(&self, path: &SitePath, key: impl FnOnce() -> Hash, judge: u64) -> bool {
        self.entries.get(path).is_some_and(|entry| entry.in_order == judge && entry.key == key())
    }

    /// Notes that the prose of a page is in order.
    pub fn note_in_order(&self, path: &SitePath, judge: u64) {
        lock(&self.in_order).insert(path.clone(), judge);
    }

    /// What is known of an output.
    pub fn record(&self, output: &SitePath) -> Option<&Record> {
        self.records.get(output)
    }

    fn read(&self, place: &Place) -> Option<Vec<u8>> {
        self.waiting(place).or_else(|| self.stored(place))
    }

    /// A stretch that is not written yet.
    fn waiting(&self, place: &Place) -> Option<Vec<u8>> {
        let pack = lock(&self.pack);
        let from = place.at.checked_sub(pack.written).filter(|_| place.pack == pack.number)? as usize;
        let (part, from) = match from.checked_sub(pack.leaving.len()) {
            Some(from) => (&pack.buffer, from),
            None => (&*pack.leaving, from),
        };
        part.get(from..from.checked_add(place.len)?).map(<[u8]>::to_vec)
    }

    fn stored(&self, place: &Place) -> Option<Vec<u8>> {
        let bytes = self.store.read_at(&pack_name(place.pack), place.at, place.len)?;
        (bytes.len() == place.len && checksum(&bytes) == place.check).then_some(bytes)
    }

    fn append(&self, bytes: &[u8]) -> Option<Place> {
        let check = checksum(bytes);
        let mut pack = lock(&self.pack);
        let at = pack.end();
        if pack.fault.is_some() || at + bytes.len() as u64 > self.room {
            return None;
        }
        pack.buffer.extend_from_slice(bytes);
        let (number, full) = (pack.number, pack.buffer.len() >= BUFFER);
        drop(pack);
        if full {
            self.write_out();
        }
        Some(Place { pack: number, at, len: bytes.len(), check })
    }

    /// Writes what was gathered, while others go on gathering.
    fn write_out(&self) {
        let _turn = lock(&self.writing);
        let (number, bytes) = {
            let mut pack = lock(&self.pack);
            if pack.buffer.len() < BUFFER || pack.fault.is_some() {
                return;
            }
            pack.leaving = Arc::new(std::mem::replace(&mut pack.buffer, Vec::with_capacity(BUFFER + BUFFER / 4)));
            (pack.number, pack.leaving.clone())
        };
        let written = self.store.append(&pack_name(number), &bytes);
        let mut pack = lock(&self.pack);
        pack.written += bytes.len() as u64;
        pack.leaving = Arc::default();
        pack.fault = written.err();
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

    fn flush(&self, pack: &mut Pack) {
        if !pack.buffer.is_empty() && pack.fault.is_none() {
            pack.fault = self.store.append(&pack_name(pack.number), &pack.buffer).err();
            pack.written += pack.buffer.len() as u64;
            pack.buffer.clear();
        }
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
        let used: Vec<String> = used.into_iter().map(pack_name).collect();
        for (name, _) in self.store.names() {
            if name.starts_with("pack-") && !used.contains(&name) {
                self.store.remove(&name);
            }
        }
        Ok(())
    }

    /// Writes the rest of the pack, and gives the index of all parsed pages, with the packs that they lie in.
    fn finish_pages(&self, is_page: &dyn Fn(&SitePath) -> bool) -> io::Result<(Vec<u8>, BTreeSet<u64>)> {
        let _turn = lock(&self.writing);
        let mut pack = lock(&self.pack);
        self.flush(&mut pack);
        if let Some(fault) = pack.fault.take() {
            self.store.remove(&pack_name(pack.number));
            return Err(fault);
        }
        let fresh = std::mem::take(&mut *lock(&self.fresh));
        let old = self.entries.iter().filter(|(path, _)| is_page(path) && !fresh.contains_key(*path));
        let mut entries: Vec<(SitePath, Entry)> = old.map(|(path, entry)| (path.clone(), entry.clone())).collect();
        entries.extend(fresh);
        let in_order = std::mem::take(&mut *lock(&self.in_order));
        for (path, entry) in &mut entries {
            entry.in_order = in_order.get(path).copied().unwrap_or(entry.in_order);
        }
        self.compact(&mut pack, &mut entries)?;
        Ok((encode_entries(&entries), packs(&entries)))
    }

    /// Puts all that is still used into one pack, where the packs are too many or hold more waste than use.
    fn compact(&self, pack: &mut Pack, entries: &mut Vec<(SitePath, Entry)>) -> io::Result<()> {
        let live: u64 = entries.iter().flat_map(|(_, entry)| places(entry)).map(|place| place.len as u64).sum();
        let names = self.store.names();
        let taken: u64 = names.iter().filter(|(name, _)| name.starts_with("pack-")).map(|(_, len)| len).sum();
        if packs(entries).len() <= MAX_PACKS && taken <= live * 2 + SLACK {
            return Ok(());
        }
        *pack = Pack::new(pack.number + 1);
        let mut moved = |place: Place| {
            let bytes = self.stored(&place)?;
            let at = pack.end();
            pack.buffer.extend_from_slice(&bytes);
            if pack.buffer.len() >= BUFFER {
                self.flush(pack);
            }
            Some(Place { pack: pack.number, at, ..place })
        };
        for (_, entry) in entries.iter_mut() {
            entry.text = entry.text.and_then(&mut moved);
            entry.body = entry.body.and_then(&mut moved);
            match moved(entry.document) {
                Some(place) => entry.document = place,
                // Damaged: no key is the hash of nothing, so nobody asks for it again.
                None => entry.key = Hash::of(b""),
            }
        }
        entries.retain(|(_, entry)| entry.key != Hash::of(b""));
        self.flush(pack);
        pack.fault.take().map_or(Ok(()), Err)
    }
}

fn places(entry: &Entry) -> impl Iterator<Item = &Place> {
    std::iter::once(&entry.document).chain(&entry.text).chain(&entry.body)
}

fn packs(entries: &[(SitePath, Entry)]) -> BTreeSet<u64> {
    let (mut packs, mut last) = (BTreeSet::new(), None);
    for place in entries.iter().flat_map(|(_, entry)| places(entry)) {
        // Nearly always the one before.
        if last.replace(place.pack) != Some(place.pack) {
            packs.insert(place.pack);
        }
    }
    packs
}

type Index = (FxHashMap<SitePath, Entry>, FxHashMap<SitePath, Record>);

fn encode_entries(entries: &[(SitePath, Entry)]) -> Vec<u8> {
    let mut out = Encoder { bytes: Vec::with_capacity(entries.len() * 160) };
    out.list(entries.iter(), |out, (path, Entry { key, document, text, body, in_order })| {
        out.text(path.as_str());
        out.hash(key);
        encode_place(document, out);
        for place in [text, body] {
            out.option(place.as_ref(), |out, place| encode_place(place, out));
        }
        out.word(*in_order);
    });
    out.bytes
}

fn encode_records(records: &[(SitePath, Record)]) -> Vec<u8> {
    let mut out = Encoder { bytes: Vec::with_capacity(records.len() * 256) };
    out.list(records.iter(), |out, (path, Record { key, output, parts, names })| {
        out.text(path.as_str());
        out.hash(key);
        out.hash(&output.hash);
        out.number(output.len);
        out.flag(output.role == Role::Home);
        for part in parts {
            out.word(*part);
        }
        names.encode(out);
    });
    out.bytes
}

fn decode_index(from: &mut Decoder<'_>) -> Option<Index> {
    let entries = from.list(|from| {
        let path = SitePath::new(from.text()?).ok()?;
        let (key, document) = (from.hash()?, decode_place(from)?);
        let (text, body) = (from.option(decode_place)?, from.option(decode_place)?);
        Some((path, Entry { key, document, text, body, in_order: from.word()? }))
    })?;
    let records = from.list(|from| {
        let path = SitePath::new(from.text()?).ok()?;
        let key = from.hash()?;
        let (hash, len) = (from.hash()?, from.number()?);
        let role = if from.flag()? { Role::Home } else { Role::Page };
        let parts = [from.word()?, from.word()?, from.word()?];
        Some((path, Record { key, output: Output { hash, len, role }, parts, names: Names::decode(from)? }))
    })?;
    Some((entries, records))
}

fn encode_place(place: &Place, out: &mut Encoder) {
    out.number(place.pack);
    out.number(place.at);
    out.size(place.len);
    out.word(place.check);
}

fn decode_place(from: &mut Decoder<'_>) -> Option<Place> {
    Some(Place { pack: from.number()?, at: from.number()?, len: from.size()?, check: from.word()? })
}
