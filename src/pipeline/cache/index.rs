//! Where everything lies, and under which key each page was rendered.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::evidence::Reads;
use crate::pipeline::links::Names;
use crate::pipeline::parsed::{Checked, CheckedRecords};
use crate::source::{Decoder, Encoder, Hash, Output, Role, SitePath};

use super::pack::Place;

/// Where the parsed form of a content file lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// The hash of the file and of how it is read.
    pub key: Hash,
    /// Its metadata and its problems.
    pub document: Place,
    /// Its plain text, where one was asked for, and its body, each absent where there was no room for it.
    pub text: Option<Place>,
    pub body: Option<Place>,
    /// Under which settings and records its prose was found to be in order.
    pub in_order: Option<InOrder>,
}

/// That the prose of a page is in order, as long as the settings and the state of what was read of the ledger are these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct InOrder {
    pub settings: u64,
    pub reads: Reads,
    pub state: u64,
}

/// What is known of a rendered page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::pipeline) struct Record {
    /// The hash of all it was made from.
    pub key: Hash,
    /// What was written.
    pub output: Output,
    /// Of its text, of the templates and of what all pages show, to say why it was made again.
    pub parts: [u64; 3],
    /// The hash of what it could show of other pages.
    pub shape: Hash,
    /// What it read of the ledger, and the state of that.
    pub reads: Reads,
    pub state: u64,
    pub names: Names,
}

impl Entry {
    /// The stretches that it names.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        std::iter::once(&self.document).chain(&self.text).chain(&self.body)
    }
}

/// The packs in which they lie.
pub(super) fn packs(entries: &[(SitePath, Entry)]) -> BTreeSet<u64> {
    let (mut packs, mut last) = (BTreeSet::new(), None);
    for place in entries.iter().flat_map(|(_, entry)| entry.places()) {
        // Nearly always the one before.
        if last.replace(place.pack) != Some(place.pack) {
            packs.insert(place.pack);
        }
    }
    packs
}

/// What [`decode`] gives: the parsed pages, and what is known of the rendered ones.
pub(super) type Index = (FxHashMap<SitePath, Entry>, FxHashMap<SitePath, Record>);

/// Where parsed pages lie, as bytes.
pub(super) fn encode_entries(entries: &[(SitePath, Entry)]) -> Vec<u8> {
    let mut out = Encoder { bytes: Vec::with_capacity(entries.len() * 160) };
    out.list(entries.iter(), |out, (path, Entry { key, document, text, body, in_order })| {
        out.text(path.as_str());
        out.hash(key);
        encode_place(document, out);
        for place in [text, body] {
            out.option(place.as_ref(), |out, place| encode_place(place, out));
        }
        out.option(in_order.as_ref(), |out, InOrder { settings, reads, state }| {
            out.word(*settings);
            encode_reads(reads, *state, out);
        });
    });
    out.bytes
}

/// What is known of rendered pages, as bytes; it follows [`encode_entries`].
pub(super) fn encode_records(records: &[(SitePath, Record)]) -> Vec<u8> {
    let mut out = Encoder { bytes: Vec::with_capacity(records.len() * 256) };
    out.list(records.iter(), |out, (path, record)| {
        let Record { key, output, parts, shape, reads, state, names } = record;
        out.text(path.as_str());
        out.hash(key);
        out.hash(&output.hash);
        out.number(output.len);
        out.flag(output.role == Role::Home);
        for part in parts {
            out.word(*part);
        }
        out.hash(shape);
        encode_reads(reads, *state, out);
        names.encode(out);
    });
    out.bytes
}

/// Reads both.
pub(super) fn decode(from: &mut Decoder<'_>) -> Option<Index> {
    let entries = from.list(|from| {
        let path = SitePath::new(from.text()?).ok()?;
        let (key, document) = (from.hash()?, decode_place(from)?);
        let (text, body) = (from.option(decode_place)?, from.option(decode_place)?);
        let in_order = from.option(|from| {
            let settings = from.word()?;
            let (reads, state) = decode_reads(from)?;
            Some(InOrder { settings, reads, state })
        })?;
        Some((path, Entry { key, document, text, body, in_order }))
    })?;
    let records = from.list(|from| {
        let path = SitePath::new(from.text()?).ok()?;
        let key = from.hash()?;
        let (hash, len) = (from.hash()?, from.number()?);
        let role = if from.flag()? { Role::Home } else { Role::Page };
        let parts = [from.word()?, from.word()?, from.word()?];
        let (shape, output) = (from.hash()?, Output { hash, len, role });
        let (reads, state) = decode_reads(from)?;
        Some((path, Record { key, output, parts, shape, reads, state, names: Names::decode(from)? }))
    })?;
    Some((entries, records))
}

/// The records in which nothing was found, and the state of the ledger in which nothing was found in the whole of it.
pub(super) fn encode_checked(settings: u64, records: &CheckedRecords, whole: Option<u64>) -> Vec<u8> {
    let mut out = Encoder { bytes: Vec::with_capacity(records.len() * 128) };
    out.word(settings);
    out.option(whole, Encoder::word);
    let in_order: Vec<_> = records.iter().filter(|(_, checked)| checked.problems.is_empty()).collect();
    out.list(in_order.into_iter(), |out, ((name, content), checked)| {
        out.word(*name);
        out.word(*content);
        encode_reads(&checked.reads, checked.state, out);
    });
    out.bytes
}

/// Reads what [`encode_checked`] wrote.
pub(super) fn decode_checked(from: &mut Decoder<'_>) -> Option<(u64, CheckedRecords, Option<u64>)> {
    let (settings, whole) = (from.word()?, from.option(Decoder::word)?);
    let records: FxHashMap<(u64, u64), Arc<Checked>> = from.list(|from| {
        let key = (from.word()?, from.word()?);
        let (reads, state) = decode_reads(from)?;
        Some((key, Arc::new(Checked { reads, state, ..Checked::default() })))
    })?;
    Some((settings, Arc::new(records), whole))
}

fn encode_reads(reads: &Reads, state: u64, out: &mut Encoder) {
    out.list(reads.words(), Encoder::word);
    out.word(state);
}

fn decode_reads(from: &mut Decoder<'_>) -> Option<(Reads, u64)> {
    Some((from.list(Decoder::word)?, from.word()?))
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
