//! What the claims carry, worked out when it is first asked for and kept with the ledger.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHasher};

use super::figures::{Masks, SupportedFigures};
use super::reading::{ClaimReading, ProperNames, SourceNames};
use super::reads::{Part, Read, States, note};
use super::records::Record;
use super::spellings::{Misspellings, Spellings};
use super::{Ledger, Lines, Memo, Records, track};
use crate::diag::Names;
use crate::source::Span;

/// A word of more claims tells none of them from the others.
const FEW: usize = 64;

/// What is worked out when it is first asked for.
#[derive(Debug, Default)]
pub(super) struct Cache {
    pub states: OnceLock<States>,
    wholes: [OnceLock<u64>; 5],
    masks: OnceLock<Masks>,
    /// One for each claim.
    carried: Vec<Arc<Memo<SupportedFigures>>>,
    /// One for each source, of all its claims.
    carried_by_sources: Vec<Arc<Memo<SupportedFigures>>>,
    spellings: OnceLock<Spellings>,
    /// Of every kind of record, in the order of [`RecordKind`].
    ids: [OnceLock<Names>; 5],
    names: OnceLock<ProperNames>,
    source_names: OnceLock<SourceNames>,
    /// One for each claim.
    readings: Vec<Arc<Memo<ClaimReading>>>,
    /// The claims with a stem, by number, as far as there are few of them.
    stems: OnceLock<FxHashMap<u64, Vec<u32>>>,
}

impl Cache {
    /// The state of one of the wholes.
    pub fn whole(&self, number: usize, make: impl FnOnce() -> u64) -> u64 {
        self.wholes.get(number).map_or(0, |state| *state.get_or_init(make))
    }
}

/// A kind of record that has ids of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKind {
    /// Claims.
    Claim,
    /// Sources.
    Source,
    /// Events.
    Event,
    /// Disagreements.
    Disagreement,
    /// Entities.
    Entity,
}

impl RecordKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Claim, Self::Source, Self::Event, Self::Disagreement, Self::Entity];

    /// What arguments of components call it: `claim`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Claim => "claim",
            Self::Source => "source",
            Self::Event => "event",
            Self::Disagreement => "disagreement",
            Self::Entity => "entity",
        }
    }

    fn part(self) -> Part {
        match self {
            Self::Claim => Part::Claim,
            Self::Source => Part::Source,
            Self::Event => Part::Event,
            Self::Disagreement => Part::Disagreement,
            Self::Entity => Part::Entity,
        }
    }

    /// The kind of this [name](RecordKind::name).
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl Ledger {
    /// Whether there is a record of this kind and id.
    pub fn has(&self, kind: RecordKind, id: &str) -> bool {
        note(Read::named(kind.part(), id));
        self.index_of(kind).contains_key(id)
    }

    /// Where the id of a record is defined.
    pub fn definition(&self, kind: RecordKind, id: &str) -> Option<Span> {
        match kind {
            RecordKind::Claim => self.claim(id).and_then(|found| self.span(&found.id)),
            RecordKind::Source => self.source(id).and_then(|found| self.span(&found.id)),
            RecordKind::Event => self.event(id).and_then(|found| self.span(&found.id)),
            RecordKind::Disagreement => self.disagreement(id).and_then(|found| self.span(&found.id)),
            RecordKind::Entity => self.entity(id).and_then(|found| self.span(&found.id)),
        }
    }

    /// The anchor of a record in its list: its id, or the slug of a source.
    pub fn anchor(&self, kind: RecordKind, id: &str) -> Option<&str> {
        match kind {
            RecordKind::Source => self.source(id).map(|source| source.slug.as_str()),
            _ => self.has(kind, id).then(|| self.index_of(kind).get_key_value(id)).flatten().map(|(id, _)| id.as_str()),
        }
    }

    /// The id of this kind that was probably meant.
    pub fn nearest(&self, kind: RecordKind, id: &str) -> Option<&str> {
        note(Read::EVERYTHING);
        let ids = self.cache.ids.get(kind as usize)?;
        ids.get_or_init(|| {
            let mut ids: Vec<&str> = self.index_of(kind).keys().map(String::as_str).collect();
            ids.sort_unstable();
            ids.into_iter().collect()
        })
        .nearest(id)
    }

    fn index_of(&self, kind: RecordKind) -> &FxHashMap<String, u32> {
        match kind {
            RecordKind::Claim => &self.index.claims,
            RecordKind::Source => &self.index.sources,
            RecordKind::Event => &self.index.events,
            RecordKind::Disagreement => &self.index.disagreements,
            RecordKind::Entity => &self.index.entities,
        }
    }

    /// The names in which digits are no figures: of entities and of documents.
    pub fn masks(&self) -> &Masks {
        note(Read::NAMES);
        self.cache.masks.get_or_init(|| {
            let names = self.entities.all().iter().flat_map(|entity| {
                let wrong = entity.misspellings.iter().map(|wrong| &*wrong.spelling);
                entity.aliases.iter().map(|alias| &**alias).chain(wrong).chain([entity.name.as_str()])
            });
            let titles = self.sources.all().iter().filter_map(|source| source.title.as_deref());
            Masks::new(names.chain(titles))
        })
    }

    /// The wrong names found in its sources.
    pub fn misspellings(&self) -> Misspellings<'_> {
        note(Read::NAMES);
        Misspellings { ledger: self, spellings: self.cache.spellings.get_or_init(|| Spellings::of(self)) }
    }

    /// The names that the records know.
    pub fn names(&self) -> &ProperNames {
        self.cache.names.get_or_init(|| ProperNames::of(self))
    }

    /// How prose calls the sources.
    pub fn source_names(&self) -> &SourceNames {
        note(Read::SOURCE_NAMES);
        self.cache.source_names.get_or_init(|| SourceNames::of(self))
    }

    /// A claim as it is read, by its place in [`Ledger::claims`].
    pub fn reading(&self, claim: usize) -> Option<&ClaimReading> {
        // What is made from the claim reads it: it is asked for there.
        let make = || self.claims.get(claim).map(|claim| ClaimReading::of(self, claim)).unwrap_or_default();
        Some(self.cache.readings.get(claim)?.get(make))
    }

    /// The claims with a word of this stem, where there are few: a word that many have tells none of them from the others.
    pub fn claims_with(&self, stem: u64) -> &[u32] {
        note(Read::hashed(Part::Stem, stem));
        self.by_stem(stem & Read::NAME)
    }

    /// Whether some claim has a word of this stem, and few have it.
    pub fn is_said(&self, stem: u64) -> bool {
        !self.claims_with(stem).is_empty()
    }

    /// The same by as much of a stem as a [`Read`] holds.
    fn by_stem(&self, stem: u64) -> &[u32] {
        let make = || {
            let mut stems: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
            for number in 0..self.claims.all().len() {
                for stem in self.reading(number).map(|reading| &*reading.stems).unwrap_or_default() {
                    let claims = stems.entry(*stem & Read::NAME).or_default();
                    if claims.len() <= FEW {
                        claims.extend(u32::try_from(number));
                    }
                }
            }
            stems
        };
        // Who asks for one stem has not read the claims without it.
        let stems = self.cache.stems.get_or_init(|| track(make).0);
        stems.get(&stem).filter(|claims| claims.len() <= FEW).map(Vec::as_slice).unwrap_or_default()
    }

    /// The id of a claim, by its number.
    pub fn claim_id(&self, number: u32) -> &str {
        self.claims.get(number as usize).map(|claim| claim.id.as_str()).unwrap_or_default()
    }

    /// The figures that a claim carries: in its statement, its date and its note, and in the titles of the events that rest
    /// on it. `None` where there is no such claim.
    pub fn carried(&self, id: &str) -> Option<&SupportedFigures> {
        let number = self.claim_number(id)?;
        Some(self.cache.carried.get(number)?.get(|| {
            let mut carried = SupportedFigures::default();
            let Some(claim) = self.claims.get(number) else { return carried };
            carried.add_text(&claim.statement, self.masks());
            for text in claim
                .note
                .iter()
                .map(|note| note.as_str())
                .chain(self.events_of_claim(id).map(|event| event.title.as_str()))
            {
                carried.add_text(text, self.masks());
            }
            if let Some(date) = &claim.date {
                carried.add_when(date);
            }
            carried
        }))
    }

    /// The figures that a citation carries. A source carries what the claims carry that rest on it, on these lines where
    /// some are named, and its own date and title. `None` where there is no such claim or source.
    pub fn carried_by(&self, key: &str, lines: Option<&Lines>) -> Option<Cow<'_, SupportedFigures>> {
        if let Some(carried) = self.carried(key) {
            return Some(Cow::Borrowed(carried));
        }
        if lines.is_some() {
            return self.gather(key, lines).map(Cow::Owned);
        }
        let memo = self.cache.carried_by_sources.get(self.source_number(key)? as usize)?;
        Some(Cow::Borrowed(memo.get(|| self.gather(key, None).unwrap_or_default())))
    }

    fn gather(&self, source: &str, lines: Option<&Lines>) -> Option<SupportedFigures> {
        let (key, source) = (source, self.source(source)?);
        let mut all = SupportedFigures::default();
        for claim in self.claims_of_source(key) {
            let here = claim.sources.iter().filter(|support| support.source.as_str() == key);
            let cited = |at: &Lines| lines.is_none_or(|lines| at.is_empty() || lines.meets(at));
            if here.into_iter().any(|support| cited(&support.lines))
                && let Some(carried) = self.carried(&claim.id)
            {
                all.extend(carried);
            }
        }
        all.add_text(source.name(), self.masks());
        if let Some(date) = &source.date {
            all.add_when(date);
        }
        Some(all)
    }

    /// Prepares to work things out, and takes over what `before` has worked out and would be the same.
    pub(super) fn recall(&mut self, before: Option<&Self>) {
        let before = before.map(|before| (before, &before.cache));
        self.cache.readings = self.recalled(&self.claims, before.map(|(before, cache)| (before, &*cache.readings)));
        self.cache.carried = self.recalled(&self.claims, before.map(|(before, cache)| (before, &*cache.carried)));
        let carried = before.map(|(before, cache)| (before, &*cache.carried_by_sources));
        self.cache.carried_by_sources = self.recalled(&self.sources, carried);
    }

    /// One memo for each record, where it holds that of `before`.
    fn recalled<T: Record, M: Default>(
        &self,
        records: &Records<T>,
        before: Option<(&Self, &[Arc<Memo<M>>])>,
    ) -> Vec<Arc<Memo<M>>> {
        let known = |record: &T| {
            let (before, memos) = before?;
            let memo = memos.get(before.number_of::<T>(record.id())?)?;
            memo.holds(before, self).then(|| memo.clone())
        };
        records.all().iter().map(|record| known(record).unwrap_or_default()).collect()
    }

    /// The place of a claim or source in its list.
    fn number_of<T: Record>(&self, id: &str) -> Option<usize> {
        let index = if matches!(T::PART, Part::Claim) { &self.index.claims } else { &self.index.sources };
        index.get(id).map(|number| *number as usize)
    }

    pub(super) fn state_of_names(&self) -> u64 {
        let mut state = FxHasher::default();
        self.entities.all().iter().for_each(|entity| state.write_u64(entity.hash));
        self.masks().hash(&mut state);
        state.finish()
    }

    pub(super) fn state_of_source_names(&self) -> u64 {
        let mut state = FxHasher::default();
        for source in self.sources.all() {
            (source.id.as_str(), source.name()).hash(&mut state);
        }
        self.source_names().hash_labels(&mut state);
        state.finish()
    }

    pub(super) fn state_of_word(&self, read: Read) -> u64 {
        u64::from(self.names().has(read))
    }

    pub(super) fn state_of_stem(&self, read: Read) -> u64 {
        let mut state = FxHasher::default();
        let claims = self.by_stem(read.name()).iter();
        claims.filter_map(|number| self.claims.all().get(*number as usize)).for_each(|claim| claim.id.hash(&mut state));
        state.finish()
    }
}
