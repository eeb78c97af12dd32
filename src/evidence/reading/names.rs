use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Word, hash};
use crate::evidence::reads::{Part, Read, note};
use crate::evidence::{Entity, EntityKind, Ledger};

/// The names that the records know: of entities, and every word that some record writes with a capital.
#[derive(Debug, Default)]
pub struct ProperNames {
    /// The names of entities by their first word, the longest first.
    entities: FxHashMap<u64, Vec<(Box<str>, u32)>>,
    /// Words with a capital, and two of them in a row.
    known: FxHashSet<Read>,
    /// The names of several words without the first, and their last words.
    tails: FxHashSet<u64>,
    /// Words that stand before a number in some name, in lower case: `windows` of `Windows 10`, with all such numbers.
    numbered: FxHashMap<u64, Vec<Box<str>>>,
}

impl ProperNames {
    /// The names of a ledger.
    pub(in crate::evidence) fn of(ledger: &Ledger) -> Self {
        let mut names = Self::default();
        for (number, entity) in (0..).zip(ledger.entities.all()) {
            for name in all_names(entity) {
                let key = hash(first_word(name));
                names.entities.entry(key).or_default().push((name.into(), number));
                // What begins a name is no ordinary word, whatever its case.
                names.add(name);
                names.add_ends(name);
            }
            names.add(&entity.definition);
            // Wrong spellings have a rule of their own.
            entity.misspellings.iter().for_each(|wrong| names.add(&wrong.spelling));
        }
        for list in names.entities.values_mut() {
            list.sort_by(|(one, _), (other, _)| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        }
        for claim in ledger.claims.all() {
            names.add(&claim.statement);
            claim.note.iter().for_each(|note| names.add(note));
        }
        for event in ledger.events.all() {
            names.add(&event.title);
            event.note.iter().for_each(|note| names.add(note));
        }
        for source in ledger.sources.all() {
            let texts = [
                source.title.as_deref(),
                source.description.as_deref().map(String::as_str),
                source.publisher.as_deref(),
            ];
            texts.into_iter().flatten().for_each(|text| names.add(text));
        }
        for found in ledger.disagreements.all() {
            let readings = found.readings.iter().map(|reading| &reading.reading);
            readings.chain([&found.question, &found.verdict, &found.why]).for_each(|text| names.add(text));
        }
        for brought in ledger.contributions.all() {
            names.add(&brought.brings);
        }
        names
    }

    fn add(&mut self, text: &str) {
        let mut before: Option<(u64, usize)> = None;
        for (start, word) in capitals(text) {
            let key = hash(word);
            self.known.insert(Read::hashed(Part::Word, key));
            if let Some((before, _)) = before.filter(|(_, end)| start <= end + 3) {
                self.known.insert(pair(before, key));
            }
            before = Some((key, start + word.len()));
        }
    }

    /// What the name of an entity ends with, and which number.
    fn add_ends(&mut self, name: &str) {
        let mut parts = name.rsplit(' ');
        if let (Some(last), Some(before)) = (parts.next(), parts.next()) {
            if last.starts_with(|c: char| c.is_ascii_digit()) {
                self.numbered.entry(hash(&before.to_lowercase())).or_default().push(last.into());
            } else if last.starts_with(char::is_uppercase) {
                self.tails.insert(hash(last));
                self.tails.extend(name.split_once(' ').map(|(_, tail)| hash(tail)));
            }
        }
    }

    /// Whether words with capitals look like the name of something known and are that of nothing: the second, or all after the
    /// first, end some name, and no record has the first two in a row.
    pub fn is_odd_pair(&self, one: &str, two: &str, tail: &str) -> bool {
        note(Read::NAMES);
        let is_tail = self.tails.contains(&hash(two)) || self.tails.contains(&hash(tail));
        is_tail && !self.noted(pair(hash(one), hash(two)))
    }

    /// The numbers that follow a word in names, where this one is none of them.
    pub fn other_numbers(&self, word: &str, number: &str) -> Option<&[Box<str>]> {
        note(Read::NAMES);
        let known = self.numbered.get(&hash(&word.to_lowercase()))?;
        (!known.iter().any(|own| **own == *number)).then_some(known)
    }

    /// Whether some record has this word with a capital, or its plural or singular.
    pub fn knows(&self, word: &str) -> bool {
        let singular = word.strip_suffix('s').unwrap_or(word);
        let mut forms = [word, singular].into_iter();
        forms.any(|form| self.noted(Read::hashed(Part::Word, hash(form))))
    }

    /// Whether some record has a word or a pair.
    pub(in crate::evidence) fn has(&self, read: Read) -> bool {
        self.known.contains(&read)
    }

    fn noted(&self, read: Read) -> bool {
        note(read);
        self.has(read)
    }

    /// The entities that a text names, by number, with where; of names within one another the longest.
    pub fn entities_in<'a>(
        &'a self,
        text: &'a str,
        words: &'a [Word],
    ) -> impl Iterator<Item = (Range<usize>, u32)> + 'a {
        note(Read::NAMES);
        let mut done = 0;
        words.iter().filter_map(move |word| {
            if word.at.start < done {
                return None;
            }
            let rest = text.get(word.at.start..)?;
            let fits = |name: &&(Box<str>, u32)| {
                let after = rest.strip_prefix(&*name.0);
                after.is_some_and(|after| !after.starts_with(char::is_alphanumeric))
            };
            let (name, number) = self.entities.get(&hash(first_word(rest)))?.iter().find(fits)?;
            done = word.at.start + name.len();
            Some((word.at.start..done, *number))
        })
    }
}

fn pair(one: u64, two: u64) -> Read {
    Read::hashed(Part::Pair, one.rotate_left(17) ^ two)
}

/// The words of a text that begin with a capital and carry content, as [`words`] parts them, with where they are.
fn capitals(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '’' | '\'');
    let mut done = 0;
    std::iter::from_fn(move || {
        loop {
            let start = done + text.get(done..)?.find(char::is_alphanumeric)?;
            let rest = text.get(start..)?;
            done = start + rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            let whole = text.get(start..done)?.trim_end_matches(['’', '\'']);
            let word = ["’s", "'s"].iter().find_map(|own| whole.strip_suffix(own)).unwrap_or(whole);
            if word.starts_with(char::is_uppercase) && !super::is_empty(&word.to_lowercase()) {
                return Some((start, word));
            }
        }
    })
}

/// All right names of an entity.
fn all_names(entity: &Entity) -> impl Iterator<Item = &str> {
    std::iter::once(entity.name.as_str())
        .chain(entity.aliases.iter().map(|alias| &**alias))
        .filter(|name| !name.is_empty())
}

/// Whether a name of this kind of entity is written with a capital wherever it is meant.
pub(super) fn is_proper(kind: EntityKind) -> bool {
    !matches!(kind, EntityKind::Technology | EntityKind::Document | EntityKind::Character)
}

fn first_word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}
