//! Converts addresses in raw HTML to those of the new site.

use super::super::kinds;
use super::super::lookup::Lookup;
use super::super::patterns::Pattern;
use super::super::report::Notes;
use super::super::structure::Structure;
use super::super::text::{Edit, Text};
use super::links;
use crate::source::is_safe_link;
use std::ops::Range;

static ADDRESS: Pattern = Pattern::new(r#"(?i)[\s"'](?:href|src|poster|data)\s*=\s*(?:"([^"]*)"|'([^']*)')"#);

/// Every address in HTML, with its place.
fn find_addresses<'t>(text: &'t str, structure: &Structure) -> Vec<(Range<usize>, &'t str)> {
    let mut all = Vec::new();
    for range in &structure.html {
        for found in ADDRESS.captures_iter(text.get(range.clone()).unwrap_or_default()) {
            let value = found.get(1).or_else(|| found.get(2));
            all.extend(value.map(|value| (range.start + value.start()..range.start + value.end(), value.as_str())));
        }
    }
    all
}

/// Every address in HTML.
pub(super) fn addresses(text: &str, structure: &Structure) -> Vec<String> {
    find_addresses(text, structure).into_iter().map(|(_, address)| address.to_owned()).collect()
}

/// Writes addresses in HTML as the new site has them.
pub(super) fn convert(
    lookup: &Lookup<'_>,
    index: usize,
    text: &Text,
    structure: &Structure,
    edits: &mut Vec<Edit>,
    notes: &mut Notes<'_>,
) {
    for (range, address) in find_addresses(text.as_str(), structure) {
        let end = address.find(['#', '?']).unwrap_or(address.len());
        let (path, rest) = address.split_at_checked(end).unwrap_or((address, ""));
        let Some(place) = links::find(lookup, index, path) else { continue };
        match lookup.html_target(index, &place) {
            Some(new) if format!("{new}{rest}") != address => edits.push((range, format!("{new}{rest}"))),
            Some(_) => {}
            None => notes.add(kinds::LINKED_FILES, path, text.place(&range)),
        }
    }
}

/// Whether a page contains visible HTML, or links that only trusted authors may write.
pub(super) fn needs_trust(text: &str, structure: &Structure) -> bool {
    let is_comment =
        |range: &Range<usize>| text.get(range.clone()).is_some_and(|html| html.trim_start().starts_with("<!--"));
    structure.html.iter().any(|range| !is_comment(range))
        || structure.links.iter().any(|link| !is_safe_link(&link.target))
}
