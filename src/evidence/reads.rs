//! What a result was made from, found while it is made: whatever gives out a part of the ledger notes it, and [`track`]
//! collects the notes of one run. A result holds as long as the state of all that it read is the same
//! ([`Ledger::state_of`]).

use std::cell::RefCell;
use std::hash::{Hash, Hasher};
use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::records::Record;
use super::{Ledger, Records};

thread_local! {
    /// The runs that are being tracked on this thread, one within the other.
    static RUNS: RefCell<Vec<FxHashSet<Read>>> = const { RefCell::new(Vec::new()) };
}

/// A part of a ledger that can be read: what it is, and the hash of its name, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Read(u64);

/// What a [`Read`] is.
#[derive(Clone, Copy)]
pub enum Part {
    /// A whole: its name is one of the constants of [`Read`].
    Whole,
    /// A claim, there or not; so are all records.
    Claim,
    /// A source.
    Source,
    /// An event.
    Event,
    /// A disagreement.
    Disagreement,
    /// An entity.
    Entity,
    /// A contribution.
    Contribution,
    /// Which claims rest on a source.
    ClaimsOfSource,
    /// Which claims name an entity.
    ClaimsOfEntity,
    /// Which disagreements have a source in a reading.
    DisagreementsOfSource,
    /// Which records are about a topic.
    Topic,
    /// The source with a part of an address.
    Slug,
    /// Whether some record has a word with a capital.
    Word,
    /// Whether some record has two words with capitals in a row.
    Pair,
    /// Which claims have a stem.
    Stem,
}

impl Read {
    /// All records.
    pub(super) const EVERYTHING: Self = Self::whole(0);
    /// The names of entities, and the figures in those of sources.
    pub(super) const NAMES: Self = Self::whole(1);
    /// The ids, the addresses and the names of sources, in order.
    pub(super) const SOURCE_NAMES: Self = Self::whole(2);
    /// Which records could not be read.
    pub(super) const LOST: Self = Self::whole(3);
    /// Where records are in their files.
    pub(super) const PLACES: Self = Self::whole(4);
    /// What divides lists.
    pub(super) const OUTLINES: Self = Self::whole(5);

    /// All of it.
    pub(super) fn word(self) -> u64 {
        self.0
    }

    /// As much of the hash of a name as fits in.
    pub(super) const NAME: u64 = u64::MAX >> 4;

    /// The hash of its name.
    pub(super) fn name(self) -> u64 {
        self.0 >> 4
    }

    /// Whether there are records of a kind.
    pub(super) const fn any(part: Part) -> Self {
        Self::whole(16 + part as u64)
    }

    const fn whole(number: u64) -> Self {
        Self(number << 4)
    }

    /// A part with a name.
    pub(super) fn named(part: Part, name: &str) -> Self {
        Self::hashed(part, word(name))
    }

    /// A part by the hash of its name.
    pub(super) fn hashed(part: Part, name: u64) -> Self {
        Self((name << 4) | part as u64)
    }

    fn is(self, part: Part) -> bool {
        self.0 & 15 == part as u64
    }
}

fn word(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

/// Notes that a part was read.
pub(super) fn note(read: Read) {
    RUNS.with_borrow_mut(|runs| {
        // All records are the most there is, but for their places.
        if let Some(run) = runs.last_mut()
            && (!run.contains(&Read::EVERYTHING) || read == Read::PLACES)
        {
            run.insert(read);
        }
    });
}

/// Gives what `run` gives, with what it read on this thread.
pub fn track<T>(run: impl FnOnce() -> T) -> (T, Reads) {
    RUNS.with_borrow_mut(|runs| runs.push(FxHashSet::default()));
    let value = run();
    let reads = RUNS.with_borrow_mut(Vec::pop).unwrap_or_default();
    (value, Reads::of(reads))
}

/// What was read, each once, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads(Box<[Read]>);

impl Reads {
    fn of(mut reads: FxHashSet<Read>) -> Self {
        if reads.contains(&Read::EVERYTHING) {
            reads.retain(|read| [Read::EVERYTHING, Read::PLACES].contains(read));
        }
        let mut reads: Vec<Read> = reads.into_iter().collect();
        reads.sort_unstable();
        Self(reads.into())
    }

    /// Notes all of them again, for a result that is used again.
    fn note(&self) {
        self.0.iter().copied().for_each(note);
    }

    /// All records, but for where they are.
    pub fn everything() -> Self {
        Self(Box::new([Read::EVERYTHING]))
    }

    /// As words, to be kept.
    pub fn words(&self) -> impl ExactSizeIterator<Item = u64> {
        self.0.iter().map(|read| read.0)
    }
}

impl FromIterator<u64> for Reads {
    fn from_iter<I: IntoIterator<Item = u64>>(words: I) -> Self {
        Self(words.into_iter().map(Read).collect())
    }
}

/// A result that is made once from a ledger, with what it read: whoever asks for it has read that too.
#[derive(Debug)]
pub struct Memo<T>(OnceLock<(T, Reads)>);

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self(OnceLock::new())
    }
}

impl<T: Clone> Clone for Memo<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Memo<T> {
    /// The result, made now unless it is known.
    pub fn get(&self, make: impl FnOnce() -> T) -> &T {
        let (value, reads) = self.0.get_or_init(|| track(make));
        reads.note();
        value
    }

    /// Whether it was made, and would be the same again.
    pub(super) fn holds(&self, before: &Ledger, now: &Ledger) -> bool {
        self.0.get().is_some_and(|(_, reads)| before.state_of(reads) == now.state_of(reads))
    }
}

/// The state of every part of a ledger: equal where it is the same.
#[derive(Debug)]
pub(super) struct States {
    of: FxHashMap<Read, u64>,
    everything: u64,
}

impl States {
    fn of(ledger: &Ledger) -> Self {
        let mut states = Self { of: FxHashMap::default(), everything: 0 };
        let mut all = FxHasher::default();
        states.add(&ledger.sources, &mut all, |_, _| {});
        states.add(&ledger.events, &mut all, |number, state| ledger.state_of_event(number, state));
        states.add(&ledger.disagreements, &mut all, |_, _| {});
        states.add(&ledger.entities, &mut all, |_, _| {});
        states.add(&ledger.claims, &mut all, |number, state| ledger.state_of_claim(number, state));
        states.add(&ledger.contributions, &mut all, |_, _| {});
        for (read, ids) in ledger.lists() {
            let mut state = FxHasher::default();
            ids.hash(&mut state);
            // A topic has a list of every kind.
            let known = states.of.entry(read).or_default();
            *known = known.rotate_left(5) ^ state.finish();
        }
        for (number, source) in (0_u64..).zip(ledger.sources.all()) {
            states.of.entry(Read::named(Part::Slug, &source.slug)).or_insert(number);
        }
        all.write_u64(ledger.state_of_lost());
        states.everything = all.finish();
        states
    }

    /// Adds the records of one kind; of those with one id the first counts.
    fn add<T: Record>(&mut self, records: &Records<T>, all: &mut FxHasher, more: impl Fn(usize, &mut FxHasher)) {
        self.of.reserve(records.all().len());
        self.of.insert(Read::any(T::PART), u64::from(records.all().is_empty()));
        for (number, record) in records.all().iter().enumerate() {
            let mut state = FxHasher::default();
            state.write_u64(record.hash);
            more(number, &mut state);
            all.write_u64(state.finish());
            self.of.entry(Read::named(T::PART, record.id())).or_insert(state.finish());
        }
    }
}

impl Ledger {
    /// The state of all that was read, as one hash: the same as long as a result made from that would be.
    pub fn state_of(&self, reads: &Reads) -> u64 {
        let mut state = FxHasher::default();
        for read in &reads.0 {
            state.write_u64(read.0);
            state.write_u64(self.state(*read));
        }
        state.finish()
    }

    fn state(&self, read: Read) -> u64 {
        let states = || self.cache.states.get_or_init(|| States::of(self));
        match read {
            Read::EVERYTHING => states().everything,
            Read::NAMES => self.cache.whole(0, || self.state_of_names()),
            Read::SOURCE_NAMES => self.cache.whole(1, || self.state_of_source_names()),
            Read::LOST => self.cache.whole(2, || self.state_of_lost()),
            Read::PLACES => self.cache.whole(3, || self.state_of_places()),
            Read::OUTLINES => self.cache.whole(4, || self.state_of_outlines()),
            _ if read.is(Part::Word) || read.is(Part::Pair) => self.state_of_word(read),
            _ if read.is(Part::Stem) => self.state_of_stem(read),
            _ => states().of.get(&read).copied().unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::diag::Diagnostics;
    use crate::source::{Memory, SitePath};

    const SOURCES: &str = "//- content/evidence/sources.yaml
- id: one
  kind: news
  title: Report
- id: two
  kind: news
  title: Study
";
    const CLAIMS: &str = "//- content/evidence/claims/all.yaml
- id: first
  statement: Acme sold phones.
  sources: [one]
  kind: reported
- id: second
  statement: Acme sold clouds.
  sources: [two]
  kind: reported
";

    fn files(text: &str) -> Vec<(SitePath, String)> {
        let files = Memory::fixture(text).snapshot().into_iter();
        files.map(|(path, bytes)| (path, String::from_utf8(bytes).expect("a text"))).collect()
    }

    fn ledger(text: &str) -> Ledger {
        Ledger::load(files(text), &Config::default(), &mut Diagnostics::default())
    }

    /// What is read by each, and by all.
    const QUERIES: [(&str, fn(&Ledger)); 8] = [
        ("first", |ledger| _ = ledger.claim("first")),
        ("second", |ledger| _ = ledger.claim("second")),
        ("third", |ledger| _ = ledger.claim("third")),
        ("claims of two", |ledger| _ = ledger.claims_of_source("two").count()),
        ("reading of first", |ledger| _ = ledger.reading(0)),
        ("word Acme", |ledger| _ = ledger.names().knows("Acme")),
        ("place", |ledger| _ = ledger.claims.all().first().map(|claim| ledger.span(&claim.id))),
        ("all", |ledger| _ = ledger.claims.iter().count()),
    ];

    #[test]
    fn an_edit_changes_the_state_of_what_read_it_and_of_nothing_else() {
        let text = format!("{SOURCES}{CLAIMS}");
        let before = ledger(&text);
        for (from, to, expected) in [
            ("Acme sold phones.", "Acme sold 2 phones.", "first, reading of first, place, all"),
            ("- id: second", "- id: third", "second, third, claims of two, place, all"),
            ("sources: [one]", "sources: [two]", "first, claims of two, reading of first, place, all"),
            ("title: Study", "title: Essay", "second, claims of two, place, all"),
            ("Acme sold", "They sold", "first, second, claims of two, reading of first, word Acme, place, all"),
            ("- id: first\n", "# More\n- id: first\n", "place"),
        ] {
            let changed = text.replace(from, to);
            assert_ne!(changed, text);
            let now = ledger(&changed);
            let differs = |query: &fn(&Ledger)| {
                let ((), reads) = track(|| query(&before));
                before.state_of(&reads) != now.state_of(&reads)
            };
            let found: Vec<&str> = QUERIES.iter().filter(|(_, query)| differs(query)).map(|(name, _)| *name).collect();
            assert_eq!(found.join(", "), expected, "{from} -> {to}");
        }
    }

    #[test]
    fn what_was_worked_out_is_taken_over_where_it_would_be_the_same() {
        let text = format!("{SOURCES}{CLAIMS}");
        let before = ledger(&text);
        let at = |ledger: &Ledger, number| ledger.reading(number).map(std::ptr::from_ref);
        let (first, second) = (at(&before, 0), at(&before, 1));
        let changed = files(&text.replace("sold phones", "sold 2 phones"));
        let changed = changed
            .into_iter()
            .map(|(path, text)| (path.clone(), (!path.as_str().ends_with("sources.yaml")).then_some(text)));
        let now = Ledger::reload(changed.collect(), &Config::default(), Some(&before), &mut Diagnostics::default());
        assert!(at(&now, 0) != first && at(&now, 1) == second);
        assert_eq!(now.sources.all().len(), 2);
    }
}
