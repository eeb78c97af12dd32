//! Stretches of bytes, one after the other, in packs of which each build adds one.

use std::collections::BTreeSet;
use std::hash::Hasher;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHasher;

use crate::source::{Hash, SitePath, Store};

use super::index::{Entry, packs};

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
pub(super) struct Place {
    pub pack: u64,
    pub at: u64,
    pub len: usize,
    pub check: u64,
}

/// All packs: those of earlier builds, and the one that this build adds.
pub(super) struct Packs {
    store: Arc<dyn Store>,
    pack: Mutex<Pack>,
    /// Held while bytes of the pack are written, so that they come in order.
    writing: Mutex<()>,
    room: u64,
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

    /// Writes what was gathered.
    fn flush(&mut self, store: &dyn Store) {
        if !self.buffer.is_empty() && self.fault.is_none() {
            self.fault = store.append(&pack_name(self.number), &self.buffer).err();
            self.written += self.buffer.len() as u64;
            self.buffer.clear();
        }
    }
}

impl Packs {
    /// Those that are there, and room for more.
    pub fn open(store: Arc<dyn Store>) -> Self {
        let names = store.names();
        let number = names.iter().filter_map(|(name, _)| name.strip_prefix("pack-")?.parse::<u64>().ok()).max();
        let taken: u64 = names.iter().map(|(_, len)| len).sum();
        let pack = Mutex::new(Pack::new(number.map_or(0, |number| number + 1)));
        Self { store, pack, writing: Mutex::default(), room: MAX_BYTES.saturating_sub(taken) }
    }

    /// The bytes of a stretch, where they are as they were.
    pub fn read(&self, place: &Place) -> Option<Vec<u8>> {
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

    /// Adds a stretch, where there is room.
    pub fn append(&self, bytes: &[u8]) -> Option<Place> {
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

    /// Writes the rest of the pack.
    ///
    /// # Errors
    /// What the store said at any time; then the pack is gone.
    pub fn finish(&self) -> io::Result<()> {
        let _turn = lock(&self.writing);
        let mut pack = lock(&self.pack);
        pack.flush(&*self.store);
        match pack.fault.take() {
            Some(fault) => {
                self.store.remove(&pack_name(pack.number));
                Err(fault)
            }
            None => Ok(()),
        }
    }

    /// Puts all that is still used into one pack, where the packs are too many or hold more waste than use.
    ///
    /// # Errors
    /// What the store says.
    pub fn compact(&self, entries: &mut Vec<(SitePath, Entry)>) -> io::Result<()> {
        let live: u64 = entries.iter().flat_map(|(_, entry)| entry.places()).map(|place| place.len as u64).sum();
        let taken: u64 = self.all().map(|(_, len)| len).sum();
        if packs(entries).len() <= MAX_PACKS && taken <= live * 2 + SLACK {
            return Ok(());
        }
        let mut pack = lock(&self.pack);
        *pack = Pack::new(pack.number + 1);
        let mut moved = |place: Place| {
            let bytes = self.stored(&place)?;
            let at = pack.end();
            pack.buffer.extend_from_slice(&bytes);
            if pack.buffer.len() >= BUFFER {
                pack.flush(&*self.store);
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
        pack.flush(&*self.store);
        pack.fault.take().map_or(Ok(()), Err)
    }

    /// Takes all packs away but these.
    pub fn remove_but(&self, used: &BTreeSet<u64>) {
        let used: Vec<String> = used.iter().map(|number| pack_name(*number)).collect();
        self.all().filter(|(name, _)| !used.contains(name)).for_each(|(name, _)| self.store.remove(&name));
    }

    fn all(&self) -> impl Iterator<Item = (String, u64)> {
        self.store.names().into_iter().filter(|(name, _)| name.starts_with("pack-"))
    }
}

/// What a mutex guards; a thread that panicked leaves nothing half done here.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn pack_name(number: u64) -> String {
    format!("pack-{number}")
}

/// Tells a stretch from one that was damaged. Nobody can gain by forging one, and every page has two or three: a quick
/// hash will do.
fn checksum(bytes: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(bytes);
    hasher.finish()
}
