//! Citations in Pandoc's syntax: `[@key]`, `[@key, line 9]`, `[see @a, p. 3, and on; @b]`, `[-@key]`, `[@key{p. 3}]`, and
//! `@key` or `@key [p. 3]` in the text.
//!
//! They are read from the source text, not from Markdown events: there smart punctuation, emphasis and line ends would
//! come in pieces, and a reference definition could take a key for a link.

mod named;
mod reader;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::Range;

use super::Citation;
use super::limits::MAX_CITATION;
use crate::data::Coded;
use crate::source::Span;
pub(super) use named::named;
use reader::Reader;

/// What stands at a `[`.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Bracket<'a> {
    /// A citation group.
    Group {
        /// Its keys, in order.
        cites: Vec<Cite<'a>>,
        /// One past `]`.
        end: usize,
    },
    /// A reference to a footnote, `[^label]`.
    Footnote {
        /// The label.
        label: &'a str,
        /// One past `]`.
        end: usize,
    },
    /// Meant as a citation, and none.
    Malformed(Fault),
    /// An ordinary bracket.
    Plain,
}

/// What is wrong with a citation, and where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// The place of the fault.
    pub at: Range<usize>,
    /// What is wrong there.
    pub message: String,
    /// What to do.
    pub hint: Cow<'static, str>,
}

/// One key of a group, or one that the text names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Cite<'a> {
    /// The key without `@`.
    pub key: &'a str,
    /// The place in the source, as readers see it.
    pub locator: Option<String>,
    /// The words before the key.
    pub prefix: String,
    /// The words after the key and the place.
    pub suffix: String,
    /// From `@` to the end of the suffix.
    pub range: Range<usize>,
    /// What is wrong with its place in the source, which is left out then.
    pub fault: Option<Fault>,
}

impl Cite<'_> {
    /// The same for a page, at its place there.
    pub fn citation(self, in_text: bool, span: Span) -> Citation {
        let Self { key, locator, prefix, suffix, .. } = self;
        Citation { key: key.to_owned(), locator, prefix, suffix, in_text, span }
    }
}

const EXAMPLE: &str = "write `[@key]`, `[@key, line 9]`, `[see @key, p. 3]` or `[@a; @b]`";
const KEYS: &str = "keys are letters and digits, with `-`, `_`, `.`, `:`, `/` or `+` between them";

/// Reads what stands at the `[` at `start`.
pub(super) fn bracket(text: &str, start: usize) -> Bracket<'_> {
    let limit = text.floor_char_boundary(start.saturating_add(MAX_CITATION));
    let Some(inside) = text.get(start + 1..limit) else { return Bracket::Plain };
    let mut reader = Reader::new(text.get(..limit).unwrap_or_default(), start + 1);
    reader.skip_space();
    match reader.peek() {
        Some('@') => reader.group(start),
        Some('^') => footnote(inside, start),
        _ if names_key(inside) => reader.group(start),
        _ => Bracket::Plain,
    }
}

fn footnote(inside: &str, start: usize) -> Bracket<'_> {
    match inside.strip_prefix('^').and_then(|rest| rest.split_once(']')) {
        Some((label, _))
            if !label.is_empty() && !label.contains(['[', '^']) && !label.contains(char::is_whitespace) =>
        {
            Bracket::Footnote { label, end: start + label.len() + 3 }
        }
        _ => Bracket::Plain,
    }
}

/// Whether a bracket has a key in it, with words or a `-` before it.
fn names_key(inside: &str) -> bool {
    let words =
        inside.find([']', '[']).and_then(|close| inside.get(..close).filter(|_| inside[close..].starts_with(']')));
    let Some(words) = words.filter(|words| !words.contains("\n\n")) else { return false };
    words.match_indices('@').any(|(at, _)| {
        let after = words.get(at + 1..).unwrap_or_default();
        starts_key(words.get(..at).unwrap_or_default()) && after.starts_with(|c: char| c.is_alphanumeric() || c == '_')
    })
}

/// Whether a key may begin after these words.
fn starts_key(before: &str) -> bool {
    let before = before.strip_suffix('-').unwrap_or(before);
    before.is_empty() || before.ends_with(|c: char| c.is_whitespace() || c == ';')
}

/// What is meant as a place, and none.
fn bad_place(at: Range<usize>, fault: Coded<'_>) -> Fault {
    Fault { at, message: fault.message, hint: fault.hint.unwrap_or_default().into() }
}

fn malformed<'a>(at: Range<usize>, message: impl Into<String>, hint: &'static str) -> Bracket<'a> {
    Bracket::Malformed(Fault { at, message: message.into(), hint: hint.into() })
}
