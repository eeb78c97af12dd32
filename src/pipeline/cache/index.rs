//! Where everything lies, and under which key each page was rendered.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::pipeline::links::Names;
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
    /// Under which records and settings its prose was found to be in order; zero for none.
    pub in_order: u64,
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
        out.word(*in_order);
    });
    out.bytes
}

/// What is known of rendered pages, as bytes; it follows [`encode_entries`].
pub(super) fn encode_records(records: &[(SitePath, Record)]) -> Vec<u8> {
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

/// Reads both.
pub(super) fn decode(from: &mut Decoder<'_>) -> Option<Index> {
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
