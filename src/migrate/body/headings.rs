//! Headings keep the ids that old links name.

use super::super::slugs::{Anchors, HeadingIds};
use super::super::structure::{HeadingAt, Structure};
use super::super::text::Edit;
use super::Context;

/// Gives headings their old ids, where the new site would give others.
pub(super) fn convert(context: &Context<'_>, index: usize, structure: &Structure, edits: &mut Vec<Edit>) {
    let anchors = context.lookup.site.anchors;
    for (heading, old, id) in ids(anchors, structure) {
        let is_wanted = context.anchors.contains(&(index, old.clone()));
        // The page's title gets an id only if a link names it.
        let is_title = heading.is_first && heading.level == 1;
        let differs = if is_title { is_wanted } else { old != id };
        if heading.id.is_none() && differs && is_plain(&old) {
            edits.push((heading.end..heading.end, format!(" {{#{old}}}")));
        }
    }
}

/// The headings with their ids in the old site and in the new one.
fn ids(anchors: Anchors, structure: &Structure) -> Vec<(&HeadingAt, String, String)> {
    let mut ids = HeadingIds::default();
    let mut found = Vec::with_capacity(structure.headings.len());
    for heading in &structure.headings {
        let automatic = ids.automatic(&heading.text);
        let old = match anchors {
            Anchors::None => heading.id.clone().unwrap_or_else(|| automatic.clone()),
            anchors => ids.old(anchors, &heading.text, heading.id.as_deref()),
        };
        ids.insert(if is_plain(&old) { &old } else { &automatic });
        found.push((heading, old, automatic));
    }
    found
}

/// Whether an id can be written after a heading.
fn is_plain(id: &str) -> bool {
    let digit_after =
        |prefix: &&str| id.strip_prefix(*prefix).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    // Ids that the new site gives itself.
    let is_reserved = ["ref-", "cite-", "fn-", "fnref-"].iter().any(digit_after);
    !id.is_empty() && !is_reserved && !id.contains(|c: char| c.is_whitespace() || "{}#\"'<>&%=".contains(c))
}

/// The id in the new site of the heading that has these words.
pub(super) fn id_of(anchors: Anchors, structure: &Structure, words: &str) -> Option<String> {
    let letters =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let wanted = letters(words);
    let found = ids(anchors, structure)
        .into_iter()
        .find(|(heading, old, _)| letters(&heading.text) == wanted || old == words)?;
    Some(if is_plain(&found.1) { found.1 } else { found.2 })
}
