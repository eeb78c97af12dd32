//! What the claims carry, worked out when it is first asked for and kept with the ledger.

use std::borrow::Cow;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::figures::{Masks, SupportedFigures};
use super::reading::{ClaimReading, ProperNames, SourceNames};
use super::spellings::{Misspellings, Spellings};
use super::{Ledger, Lines};
use crate::diag::Names;
use crate::source::Hash;

/// What is worked out when it is first asked for.
#[derive(Debug, Default)]
pub(super) struct Cache {
    masks: OnceLock<Masks>,
    /// One for each claim.
    carried: OnceLock<Vec<OnceLock<SupportedFigures>>>,
    /// One for each source, of all its claims.
    carried_by_sources: OnceLock<Vec<OnceLock<SupportedFigures>>>,
    spellings: OnceLock<Spellings>,
    /// Of every kind of record, in the order of [`RecordKind`].
    ids: [OnceLock<Names>; 5],
    names: OnceLock<ProperNames>,
    source_names: OnceLock<SourceNames>,
    /// One for each claim.
    readings: OnceLock<Vec<OnceLock<ClaimReading>>>,
    /// The claims with a stem, by number, as far as there are few of them.
    stems: OnceLock<FxHashMap<u64, Vec<u32>>>,
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
    /// The kind of this name, as arguments of components are called: `claim`.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "claim" => Self::Claim,
            "source" => Self::Source,
            "event" => Self::Event,
            "disagreement" => Self::Disagreement,
            "entity" => Self::Entity,
            _ => return None,
        })
    }
}

impl Ledger {
    /// Whether there is a record of this kind and id.
    pub fn has(&self, kind: RecordKind, id: &str) -> bool {
        self.index_of(kind).contains_key(id)
    }

    /// The id of this kind that was probably meant.
    pub fn nearest(&self, kind: RecordKind, id: &str) -> Option<&str> {
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
        self.cache.masks.get_or_init(|| {
            let names = self.entities.iter().flat_map(|entity| {
                let wrong = entity.misspellings.iter().map(|wrong| &*wrong.spelling);
                entity.aliases.iter().map(|alias| &**alias).chain(wrong).chain([entity.name.as_str()])
            });
            let titles = self.sources.iter().filter_map(|source| source.title.as_deref());
            Masks::new(names.chain(titles))
        })
    }

    /// The hash of all that can make a text wrong which cites nothing: the names that are known, right and wrong.
    pub fn names_hash(&self) -> Hash {
        let names = self.entities.iter().map(|entity| {
            let aliases: Vec<&str> = entity.aliases.iter().map(|alias| &**alias).collect();
            let wrong: Vec<&str> = entity.misspellings.iter().map(|wrong| &*wrong.spelling).collect();
            (entity.name.as_str(), aliases, wrong)
        });
        let names: Vec<_> = names.collect();
        let titles: Vec<_> = self.sources.iter().map(|source| source.title.as_deref()).collect();
        Hash::of(format!("{names:?} {titles:?}").as_bytes())
    }

    /// The wrong names found in its sources.
    pub fn misspellings(&self) -> Misspellings<'_> {
        Misspellings { ledger: self, spellings: self.cache.spellings.get_or_init(|| Spellings::of(self)) }
    }

    /// The names that the records know.
    pub fn names(&self) -> &ProperNames {
        self.cache.names.get_or_init(|| ProperNames::of(self))
    }

    /// How prose calls the sources.
    pub fn source_names(&self) -> &SourceNames {
        self.cache.source_names.get_or_init(|| SourceNames::of(self))
    }

    /// A claim as it is read, by its place in [`Ledger::claims`].
    pub fn reading(&self, claim: usize) -> Option<&ClaimReading> {
        let slots = self.cache.readings.get_or_init(|| self.claims.iter().map(|_| OnceLock::new()).collect());
        let (slot, claim) = (slots.get(claim)?, self.claims.get(claim)?);
        Some(slot.get_or_init(|| ClaimReading::of(self, claim)))
    }

    /// The claims with a word of this stem, where there are few: a word that many have tells none of them from the others.
    pub fn claims_with(&self, stem: u64) -> &[u32] {
        const FEW: usize = 64;
        let stems = self.cache.stems.get_or_init(|| {
            let mut stems: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
            for number in 0..self.claims.len() {
                for stem in self.reading(number).map(|reading| &*reading.stems).unwrap_or_default() {
                    let claims = stems.entry(*stem).or_default();
                    if claims.len() <= FEW {
                        claims.extend(u32::try_from(number));
                    }
                }
            }
            stems
        });
        stems.get(&stem).filter(|claims| claims.len() <= FEW).map(Vec::as_slice).unwrap_or_default()
    }

    /// The figures that a claim carries: in its statement, its date and its note, and in the titles of the events that rest
    /// on it. `None` where there is no such claim.
    pub fn carried(&self, id: &str) -> Option<&SupportedFigures> {
        let number = *self.index.claims.get(id)? as usize;
        let slots = self.cache.carried.get_or_init(|| self.claims.iter().map(|_| OnceLock::new()).collect());
        let claim = self.claims.get(number)?;
        Some(slots.get(number)?.get_or_init(|| {
            let mut carried = SupportedFigures::default();
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
        let number = *self.index.sources.get(key)? as usize;
        let slots =
            self.cache.carried_by_sources.get_or_init(|| self.sources.iter().map(|_| OnceLock::new()).collect());
        Some(Cow::Borrowed(slots.get(number)?.get_or_init(|| self.gather(key, None).unwrap_or_default())))
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
}
