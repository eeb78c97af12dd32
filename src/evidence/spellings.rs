use rustc_hash::FxHashMap;

use super::{Entity, Ledger};

/// Wrong names found in sources, by their first word.
#[derive(Debug, Default)]
pub(super) struct Spellings(FxHashMap<String, Vec<(String, u32)>>);

/// The wrong names that a ledger records; those that are right for something else are left out.
#[derive(Clone, Copy)]
pub struct Misspellings<'a> {
    pub(super) ledger: &'a Ledger,
    pub(super) spellings: &'a Spellings,
}

impl Spellings {
    pub fn of(ledger: &Ledger) -> Self {
        let right = |name: &str| {
            let has =
                |entity: &Entity| *entity.name.value == *name || entity.aliases.iter().any(|alias| **alias == *name);
            ledger.entities.all().iter().any(|entity| has(entity))
        };
        let mut spellings = Self::default();
        for (number, entity) in (0..).zip(ledger.entities.all()) {
            for wrong in entity.misspellings.iter().filter(|wrong| !right(&wrong.spelling)) {
                let first = first_word(&wrong.spelling).to_owned();
                spellings.0.entry(first).or_default().push((wrong.spelling.clone(), number));
            }
        }
        spellings
    }
}

impl<'a> Misspellings<'a> {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.spellings.0.is_empty()
    }

    /// Where wrong names stand in a text, as whole words: the first byte, the name, and what was meant.
    pub fn find(self, text: &str) -> Vec<(usize, &'a str, &'a Entity)> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(start) = text.get(at..).and_then(|rest| rest.find(char::is_alphanumeric)).map(|skip| at + skip) {
            let rest = text.get(start..).unwrap_or_default();
            let word = first_word(rest);
            at = start + word.len();
            for (spelling, number) in self.spellings.0.get(word).into_iter().flatten() {
                let after = rest.strip_prefix(spelling.as_str());
                if after.is_some_and(|after| !after.starts_with(char::is_alphanumeric))
                    && let Some(entity) = self.ledger.entities.get(*number as usize)
                {
                    found.push((start, spelling.as_str(), entity));
                }
            }
        }
        found
    }
}

fn first_word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}
