//! Suggestions for misspelt names.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// The maximum number of candidates whose edit distance is computed.
const COMPARED: usize = 32;

/// The candidate that `word` was probably meant to be, by edit distance; `None` if none is close.
///
/// Of more than `COMPARED` candidates, only those that share the most bytes at both ends are compared, so that a site
/// with thousands of wrong names is checked quickly.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut nearest: BinaryHeap<(Reverse<usize>, usize, &str)> = BinaryHeap::with_capacity(COMPARED + 1);
    for (order, candidate) in candidates.into_iter().enumerate() {
        let shared = shared_ends(word.as_bytes(), candidate.as_bytes());
        if nearest.len() == COMPARED {
            if nearest.peek().is_some_and(|&(Reverse(least), ..)| least >= shared) {
                continue;
            }
            nearest.pop();
        }
        nearest.push((Reverse(shared), order, candidate));
    }
    let word = word.to_lowercase();
    let scored = nearest
        .into_iter()
        .map(|(_, order, candidate)| (strsim::jaro_winkler(&word, &candidate.to_lowercase()), order, candidate));
    let likely = scored.filter(|(score, ..)| *score >= 0.8);
    likely.max_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))).map(|(.., candidate)| candidate)
}

/// The number of common bytes at the start and at the end of two words.
fn shared_ends(a: &[u8], b: &[u8]) -> usize {
    let alike = |(a, b): &(&u8, &u8)| a.eq_ignore_ascii_case(b);
    let start = a.iter().zip(b).take_while(alike).count();
    let rest = a.len().min(b.len()) - start;
    start + a.iter().rev().zip(b.iter().rev()).take(rest).take_while(alike).count()
}

/// Names sorted by their starts and by their ends, so that the nearest one to a word is found without comparing all of
/// them.
#[derive(Clone, Debug, Default)]
pub struct Names {
    all: Vec<Box<str>>,
    by_start: Vec<u32>,
    by_end: Vec<u32>,
}

impl<'a> FromIterator<&'a str> for Names {
    fn from_iter<I: IntoIterator<Item = &'a str>>(names: I) -> Self {
        let all: Vec<Box<str>> = names.into_iter().map(Box::from).collect();
        let sorted = |order: fn(&str, &str) -> Ordering| {
            let mut named: Vec<(u32, &str)> = (0..).zip(all.iter().map(|name| &**name)).collect();
            named.sort_by(|a, b| order(a.1, b.1));
            named.into_iter().map(|(number, _)| number).collect()
        };
        let (by_start, by_end) = (sorted(from_start), sorted(from_end));
        Self { all, by_start, by_end }
    }
}

impl Names {
    /// The name that `word` was probably meant to be, among those with the longest common start or end.
    pub fn nearest(&self, word: &str) -> Option<&str> {
        let mut near = self.neighbours(word, &self.by_start, from_start);
        near.extend(self.neighbours(word, &self.by_end, from_end));
        near.sort_unstable();
        near.dedup();
        did_you_mean(word, near.into_iter().filter_map(|number| self.name(number)))
    }

    fn name(&self, number: u32) -> Option<&str> {
        self.all.get(number as usize).map(|name| &**name)
    }

    /// The neighbours of a word in one of the orders.
    fn neighbours(&self, word: &str, sorted: &[u32], order: fn(&str, &str) -> Ordering) -> Vec<u32> {
        let is_before = |number: &u32| self.name(*number).is_some_and(|name| order(name, word).is_lt());
        let at = sorted.partition_point(is_before);
        sorted.iter().skip(at.saturating_sub(COMPARED / 2)).take(COMPARED).copied().collect()
    }
}

fn lower(byte: u8) -> u8 {
    byte.to_ascii_lowercase()
}

fn from_start(a: &str, b: &str) -> Ordering {
    a.bytes().map(lower).cmp(b.bytes().map(lower))
}

fn from_end(a: &str, b: &str) -> Ordering {
    a.bytes().rev().map(lower).cmp(b.bytes().rev().map(lower))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_of_thousands_is_found() {
        let names: Vec<String> = (0..10_000).map(|number| format!("notes/page-{number:05}.md")).collect();
        let names: Names = names.iter().map(String::as_str).collect();
        for (word, meant) in [
            ("notes/page_04217.md", Some("notes/page-04217.md")),
            ("NOTES/PAGE-09999.MD", Some("notes/page-09999.md")),
            ("quite-another-thing", None),
        ] {
            assert_eq!(did_you_mean(word, names.all.iter().map(|name| &**name)), meant);
            assert_eq!(names.nearest(word), meant);
        }
    }

    #[test]
    fn words_share_bytes_at_both_ends() {
        assert_eq!(shared_ends(b"azure-since-2015", b"azure-sinc-2015"), 15);
        assert_eq!(shared_ends(b"same", b"SAME"), 4);
        assert_eq!(shared_ends(b"aa", b"aaaa"), 2);
        assert_eq!(shared_ends(b"", b"a"), 0);
    }
}
