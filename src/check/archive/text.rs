//! One text of the archive: its lines and its words.

use std::hash::{Hash, Hasher};
use std::ops::Range;

use rustc_hash::FxHasher;

/// The text of a source.
#[derive(Debug)]
pub(in crate::check) struct Text {
    /// All of it.
    whole: String,
    /// Its lines, as bytes of the text.
    lines: Vec<Range<usize>>,
    /// The hashes of its words, in order.
    words: Vec<u64>,
}

impl Text {
    pub(super) fn new(whole: String) -> Self {
        let mut lines = Vec::new();
        let mut at = 0;
        for line in whole.split_inclusive('\n') {
            lines.push(at..at + line.trim_end_matches(['\n', '\r']).len());
            at += line.len();
        }
        let words = words(&whole).map(|(word, _)| hash(&word)).collect();
        Self { whole, lines, words }
    }

    /// Its words, by their hashes.
    pub(super) fn words(&self) -> &[u64] {
        &self.words
    }

    /// A line, from 1.
    pub(in crate::check) fn line(&self, number: u32) -> Option<&str> {
        let range = self.lines.get((number as usize).checked_sub(1)?)?;
        self.whole.get(range.clone())
    }

    /// How many lines it has.
    pub(in crate::check) fn count(&self) -> usize {
        self.lines.len()
    }

    /// Whether these words stand in it, one after the other.
    pub(in crate::check) fn holds(&self, words: &[u64]) -> bool {
        self.words.windows(words.len().max(1)).any(|run| run == words)
    }
}

/// The words of a text in one form: letters and digits in lower case, apostrophes left out, with where they stand.
pub(in crate::check) fn words(text: &str) -> impl Iterator<Item = (String, Range<usize>)> {
    let is_inner = |c: char| c.is_alphanumeric() || matches!(c, '’' | '\'');
    let mut rest = 0;
    std::iter::from_fn(move || {
        loop {
            let tail = text.get(rest..)?;
            let start = rest + tail.find(char::is_alphanumeric)?;
            let run = text.get(start..)?;
            let end = start + run.find(|c| !is_inner(c)).unwrap_or(run.len());
            rest = end;
            let word: String =
                text.get(start..end)?.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
            if !word.is_empty() {
                return Some((word, start..end));
            }
        }
    })
}

/// The hash of a word, or of several.
pub(in crate::check) fn hash<T: Hash + ?Sized>(value: &T) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}
