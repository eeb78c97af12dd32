use crate::evidence::Locator;
use crate::parse::limits::MAX_CITATION;

use super::{Cite, bad_place};

/// Reads the key that a text names at the `@` at `at`, with the place in brackets that may follow it.
pub(in crate::parse) fn named(text: &str, at: usize) -> Option<Cite<'_>> {
    let before = text.get(..at).and_then(|before| before.chars().next_back());
    let limit = text.floor_char_boundary(at.saturating_add(MAX_CITATION));
    let rest = text.get(at + 1..limit).unwrap_or_default();
    if before.is_some_and(|c| !c.is_whitespace() && !"([{“‘\"'«—–>*_".contains(c)) {
        return None;
    }
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut end = 0;
    for (index, c) in rest.char_indices() {
        let next = rest.get(index + c.len_utf8()..).and_then(|rest| rest.chars().next());
        match c {
            c if is_part(c) => end = index + c.len_utf8(),
            '-' | '.' | ':' | '/' | '+' if index > 0 && index == end && next.is_some_and(is_part) => {}
            _ => break,
        }
    }
    let key = rest.get(..end).unwrap_or_default();
    let after = rest.get(end..).unwrap_or_default();
    if key.is_empty() || after.starts_with('@') {
        return None;
    }
    let mut cite = Cite { key, range: at..at + 1 + end, ..Cite::default() };
    let inside = after.strip_prefix(" [").and_then(|inside| inside.split_once(']')).map(|(inside, _)| inside);
    if let Some(inside) = inside.filter(|inside| !inside.contains(['[', '@', '^', '\n'])) {
        let place = at + 1 + end + 2;
        match Locator::parse_start(inside) {
            Ok((locator, _)) if locator.is_empty() => return Some(cite),
            Ok((locator, suffix)) => {
                cite.locator = Some(locator.to_string());
                cite.suffix = suffix.to_owned();
            }
            Err(fault) => cite.fault = Some(bad_place(place..place + inside.len(), fault)),
        }
        cite.range.end = place + inside.len() + 1;
    }
    Some(cite)
}
