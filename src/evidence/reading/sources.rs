use std::ops::Range;

use rustc_hash::FxHashMap;

use super::{Senses, Word, lower, words};
use crate::evidence::Ledger;

/// How prose calls the sources: "the report", "RFC 3339".
#[derive(Debug, Default)]
pub struct SourceNames {
    /// By the stem of their first word: the stems of all of them, the source by number, and whether no article is needed.
    names: FxHashMap<u64, Vec<(Box<[u64]>, u32, bool)>>,
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
    /// The names of all sources of a ledger: the words of their ids.
    pub(in crate::evidence) fn of(ledger: &Ledger) -> Self {
        let mut names = Self::default();
        for (number, source) in (0..).zip(ledger.sources.all()) {
            let name = source.id.replace('-', " ");
            let stems: Box<[u64]> = words(&name).iter().map(|word| word.stem).collect();
            let has_digit = name.contains(|c: char| c.is_ascii_digit());
            if let Some(first) = stems.first().filter(|_| stems.len() <= 3) {
                names.names.entry(*first).or_default().push((stems.clone(), number, has_digit));
            }
        }
        names
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
