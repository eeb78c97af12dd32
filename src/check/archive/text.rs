//! One text of the archive: its lines and its words.

use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::sync::OnceLock;

use jiff::civil::Date;
use rustc_hash::FxHasher;

use crate::evidence::figures::{Masks, Value, figures};
use crate::evidence::locator::seconds;

/// The text of a source.
#[derive(Debug)]
pub(in crate::check) struct Text {
    /// All of it.
    whole: String,
    /// Its lines, as bytes of the text.
    lines: Vec<Range<usize>>,
    /// The hashes of its words, in order.
    words: Vec<u64>,
    /// The days that it names.
    days: OnceLock<Vec<Date>>,
}

impl Text {
    pub(in crate::check) fn new(whole: String) -> Self {
        let mut lines = Vec::new();
        let mut at = 0;
        for line in whole.split_inclusive('\n') {
            lines.push(at..at + line.trim_end_matches(['\n', '\r']).len());
            at += line.len();
        }
        let words = words(&whole).map(|(word, _)| hash(&word)).collect();
        Self { whole, lines, words, days: OnceLock::new() }
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

    /// Some lines of it with the line before and the one after, where a date or a number may begin or end, and which part of
    /// that they are; at most a thousand.
    pub(in crate::check) fn passage(&self, first: u32, last: u32) -> Option<(&str, Range<usize>)> {
        let range = |number: u32| self.lines.get((number as usize).checked_sub(1)?).cloned();
        let last = last.min(first.saturating_add(999));
        let (start, end) = (range(first)?.start, range(last)?.end);
        let before = range(first.saturating_sub(1)).map_or(start, |line| line.start);
        let after = range(last.saturating_add(1)).map_or(end, |line| line.end);
        Some((self.whole.get(before..after)?, start - before..end - before))
    }

    /// Every day that it names, year and all.
    pub(in crate::check) fn days(&self, masks: &Masks) -> &[Date] {
        self.days.get_or_init(|| {
            let days = figures(&self.whole, masks).into_iter().filter_map(|figure| match figure.value {
                Value::Date(date) => date.date(),
                _ => None,
            });
            days.collect()
        })
    }

    /// How many lines it has.
    pub(in crate::check) fn count(&self) -> usize {
        self.lines.len()
    }

    /// How often the text has these words in a row, and the lines where the first such run begins and ends.
    pub(in crate::check) fn find(&self, words: &[u64]) -> (usize, Option<(u32, u32)>) {
        let length = words.len().max(1);
        let mut found = (0..).zip(self.words.windows(length)).filter(|(_, run)| *run == words).map(|(at, _)| at);
        let Some(first) = found.next() else { return (0, None) };
        let places: Vec<Range<usize>> =
            self::words(&self.whole).skip(first).take(length).map(|(_, place)| place).collect();
        let line = |byte: usize| self.lines.partition_point(|line| line.start <= byte) as u32;
        let lines = places.first().zip(places.last()).map(|(first, last)| (line(first.start), line(last.start)));
        (1 + found.count(), lines)
    }

    /// How many pages it has, where form feeds part them.
    pub(in crate::check) fn pages(&self) -> Option<u32> {
        let breaks = self.whole.trim_end().matches('\u{c}').count();
        (breaks > 0).then_some(breaks as u32 + 1)
    }

    /// The last second that it has words for, where it is the subtitles of a film or a recording (`.vtt`, `.srt`).
    pub(in crate::check) fn seconds(&self) -> Option<u32> {
        let end = |line: &str| seconds(&line.split_once("-->")?.1.split_whitespace().next()?.replace(',', "."));
        self.whole.lines().filter_map(end).max()
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
