//! Problems as data: what is wrong, where, and what to do. Showing them is elsewhere.

mod cache_codec;
mod code;
mod io;
mod list;

pub use code::{CODES, Code, find_code, is_always_error};
pub use io::plain;
pub use list::Diagnostics;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::source::Span;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The site is not published.
    Error,
    /// The site is published, and somebody should look.
    Warning,
    /// Turned off: not shown.
    Allow,
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Diagnostic {
    /// The stable name of its kind, one of [`CODES`].
    pub code: &'static str,
    /// How bad it is here; `site.toml` and flags may have moved it from the code's default.
    pub severity: Severity,
    /// What is wrong, in a sentence without a full stop.
    pub message: String,
    /// Where; absent only for what is wrong with no file in particular.
    pub at: Option<Span>,
    /// Other places that matter, each with a word on why.
    pub labels: Vec<(Span, String)>,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// A problem of kind `code`, at its default severity; a test holds every code in use against [`CODES`].
    pub fn new(code: &'static str, at: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        let severity = find_code(code).map_or(Severity::Error, |code| code.severity);
        Self { code, severity, message: message.into(), at: at.into(), labels: Vec::new(), hint: None }
    }

    /// A character that is left out.
    pub fn control_character(at: Span, c: char) -> Self {
        let kind = match c {
            '\u{202a}'..='\u{202e}' => "overrides the direction of the text that follows",
            c if c.is_control() => "is a control character",
            _ => "is not a character",
        };
        let message = format!("U+{:04X} {kind}, and is left out", u32::from(c));
        Self::new("control-character", at, message).hint("remove it")
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds another place that matters.
    #[must_use]
    pub fn label(mut self, at: Span, text: impl Into<String>) -> Self {
        self.labels.push((at, text.into()));
        self
    }
}

/// How many candidates are compared with a word letter by letter.
const COMPARED: usize = 64;

/// The candidate that `word` was probably meant to be: near by edit distance, never far-fetched.
///
/// Of more than [`COMPARED`] candidates only those are compared that share most bytes with it at both ends, so that a
/// site with thousands of wrong names is checked as quickly as one with few.
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

/// How many bytes two words share at their start and at their end.
fn shared_ends(a: &[u8], b: &[u8]) -> usize {
    let alike = |(a, b): &(&u8, &u8)| a.eq_ignore_ascii_case(b);
    let start = a.iter().zip(b).take_while(alike).count();
    let rest = a.len().min(b.len()) - start;
    start + a.iter().rev().zip(b.iter().rev()).take(rest).take_while(alike).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_of_thousands_is_found() {
        let names: Vec<String> = (0..10_000).map(|number| format!("notes/page-{number:05}.md")).collect();
        let near = |word| did_you_mean(word, names.iter().map(String::as_str));
        assert_eq!(near("notes/page_04217.md"), Some("notes/page-04217.md"));
        assert_eq!(near("NOTES/PAGE-09999.MD"), Some("notes/page-09999.md"));
        assert_eq!(near("quite-another-thing"), None);
    }

    #[test]
    fn words_share_bytes_at_both_ends() {
        assert_eq!(shared_ends(b"azure-since-2015", b"azure-sinc-2015"), 15);
        assert_eq!(shared_ends(b"same", b"SAME"), 4);
        assert_eq!(shared_ends(b"aa", b"aaaa"), 2);
        assert_eq!(shared_ends(b"", b"a"), 0);
    }
}
