use std::hash::{Hash, Hasher};
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Senses, Word, lower, words};
use crate::evidence::Ledger;

/// How prose calls the sources: "the report", "RFC 3339".
#[derive(Debug, Default)]
pub struct SourceNames {
    /// By the stem of their first word: the stems of all of them, the source by number, and whether no article is needed.
    names: FxHashMap<u64, Vec<(Box<[u64]>, u32, bool)>>,
    /// The labels among them.
    labels: Vec<String>,
}

/// A source that a text names.
#[derive(Clone, Debug)]
pub struct SourceMention {
    /// The source, by its place in [`Ledger::sources`].
    pub source: u32,
    /// Its words, by number, without the article before them.
    pub words: Range<usize>,
}

impl SourceNames {
    /// The names of all sources of a ledger: the words of their ids and labels, but for labels that name an entity too.
    pub(in crate::evidence) fn of(ledger: &Ledger) -> Self {
        let mut names = Self::default();
        let entities: FxHashSet<&str> = ledger.entities.all().iter().map(|entity| entity.name.as_str()).collect();
        for (number, source) in (0..).zip(ledger.sources.all()) {
            // A label that names an entity says nothing of the source.
            let label = source.label.as_deref().filter(|label| !entities.contains(label));
            let label = label.map(|label| label.strip_prefix("The ").or(label.strip_prefix("the ")).unwrap_or(label));
            names.labels.extend(label.map(str::to_owned));
            let label = label.map(str::to_owned);
            for (name, is_label) in [(Some(source.id.replace('-', " ")), false), (label, true)] {
                let Some(name) = name else { continue };
                let stems: Box<[u64]> = words(&name).iter().map(|word| word.stem).collect();
                let is_proper = name.contains(|c: char| c.is_ascii_digit())
                    || (is_label
                        && name.split(' ').all(|word| word.starts_with(char::is_uppercase))
                        && stems.len() > 1);
                let Some(first) = stems.first().filter(|_| stems.len() <= 3) else { continue };
                let known = names.names.entry(*first).or_default();
                if !known.iter().any(|(own, source, _)| *own == stems && *source == number) {
                    known.push((stems.clone(), number, is_proper));
                }
            }
        }
        names
    }

    /// Hashes the labels: the ids are hashed with the sources.
    pub(in crate::evidence) fn hash_labels(&self, state: &mut impl Hasher) {
        self.labels.hash(state);
    }

    /// The sources that a text names. One word needs an article before it, unless a row of a table begins with it; a participle
    /// needs a noun for a text after it, as in "the translated article".
    pub fn mentions(&self, text: &str, words: &[Word], is_row: bool) -> Vec<SourceMention> {
        let mut found = Vec::new();
        for (at, word) in words.iter().enumerate() {
            for (stems, source, is_proper) in self.names.get(&word.stem).into_iter().flatten() {
                let Some(run) = words.get(at..at + stems.len()) else { continue };
                if run.iter().map(|word| word.stem).ne(stems.iter().copied()) {
                    continue;
                }
                let is_the = |back: usize| {
                    at.checked_sub(back)
                        .and_then(|before| words.get(before))
                        .is_some_and(|word| lower(text, word) == "the")
                };
                let is_article = words.get(at + stems.len()).is_some_and(|next| next.senses.says(Senses::ARTICLE));
                let is_participle = lower(text, word).ends_with("ed");
                let is_placed = at
                    .checked_sub(1)
                    .and_then(|before| words.get(before))
                    .is_some_and(|word| word.senses.says(Senses::PLACED));
                let is_named = *is_proper || is_the(1) || (is_placed && is_the(2)) || (is_row && at == 0);
                if is_named && (is_article || !is_participle) {
                    let end = at + stems.len() + usize::from(is_article);
                    found.push(SourceMention { source: *source, words: at..end });
                }
            }
        }
        found
    }
}
