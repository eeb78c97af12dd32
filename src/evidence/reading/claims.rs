use super::names::is_proper;
use super::{Senses, Word, Words, words};
use crate::evidence::{Claim, Ledger};

/// A claim as it is read: its words, and what it names.
#[derive(Debug, Default)]
pub struct ClaimReading {
    /// The words of its statement.
    pub words: Words,
    /// The words of its note.
    pub note: Words,
    /// The stems of all its texts that carry content, sorted: of its statement, its note and its rule of inference.
    pub stems: Box<[u64]>,
    /// What its texts say besides.
    pub senses: Senses,
    /// The entities that it names, sorted.
    pub entities: Box<[u32]>,
}

/// More words of a claim than these are not compared one by one.
const LONGEST: usize = 400;

/// How much of a text a claim shares.
#[derive(Clone, Copy, Debug, Default)]
pub struct Overlap {
    /// The stems with content that both have.
    pub shared: usize,
    /// Those of the text.
    pub all: usize,
}

impl ClaimReading {
    pub(in crate::evidence) fn of(ledger: &Ledger, claim: &Claim) -> Self {
        let mut own = words(&claim.statement);
        let mut reading = Self { senses: super::senses(&own), ..Self::default() };
        let (mut stems, mut entities) = (Vec::new(), Vec::new());
        let mut add = |text: &str, words: &[Word]| {
            stems.extend(content(words));
            entities.extend(ledger.names().entities_in(text, words).map(|(_, entity)| entity));
        };
        add(&claim.statement, &own);
        let rule = claim.inferred.iter().map(|inferred| &inferred.rule);
        let mut note = claim.note.as_ref().map(|note| words(note)).unwrap_or_default();
        claim.note.iter().for_each(|text| add(text, &note));
        rule.for_each(|text| add(text, &words(text)));
        entities.extend(claim.entities.iter().filter_map(|id| ledger.entity_number(id)));
        stems.sort_unstable();
        stems.dedup();
        entities.sort_unstable();
        entities.dedup();
        // A claim is compared word by word.
        own.truncate(LONGEST);
        note.truncate(LONGEST);
        reading.note = note;
        reading.words = own;
        reading.stems = stems.into();
        reading.entities = entities.into();
        reading
    }

    /// How much of some words the claim has too.
    pub fn overlap(&self, words: &[Word]) -> Overlap {
        let has = |stem: &u64| self.stems.binary_search(stem).is_ok();
        content(words).fold(Overlap::default(), |count, stem| Overlap {
            shared: count.shared + usize::from(has(&stem)),
            all: count.all + 1,
        })
    }
}

/// The stems of the words that carry content.
pub(super) fn content(words: &[Word]) -> impl Iterator<Item = u64> {
    words.iter().filter(|word| !word.senses.says(Senses::EMPTY)).map(|word| word.stem)
}

impl Ledger {
    /// Whether an entity is one whose name, wherever it is written, means it: a person, a company, a product, a place.
    pub fn is_proper(&self, entity: u32) -> bool {
        self.entities.get(entity as usize).is_some_and(|entity| is_proper(entity.kind))
    }
}
