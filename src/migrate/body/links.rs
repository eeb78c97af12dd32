//! Converts links and pictures from old addresses and files to new files.

use std::ops::Range;

use super::super::lookup::{Lookup, Place};
use super::super::report::Notes;
use super::super::slugs::Anchors;
use super::super::structure::{LinkAt, Structure};
use super::super::text::{Edit, Text};
use super::super::{Generator, kinds};
use super::calls::PAGE_SCHEME;
use super::{Context, headings, html, inline};

/// Every link of a page that leads to a page or a file of the old site.
pub(super) fn targets(lookup: &Lookup<'_>, index: usize, text: &str, structure: &Structure) -> Vec<(String, Place)> {
    let markdown = structure.links.iter().map(|link| link.target.clone());
    let names = inline::names(lookup, text, structure).into_iter().map(|name| format!("{PAGE_SCHEME}{name}"));
    let all = markdown.chain(html::addresses(text, structure)).chain(names);
    all.filter_map(|target| Some((target.clone(), find(lookup, index, &target)?))).collect()
}

/// The target of an address.
pub(super) fn find(lookup: &Lookup<'_>, index: usize, target: &str) -> Option<Place> {
    let path = target.split(['#', '?']).next().unwrap_or_default();
    match path.strip_prefix(PAGE_SCHEME) {
        Some(name) => lookup.find_by_name(index, name),
        None => lookup.find(index, path),
    }
}

/// Writes links as the new site reads them.
pub(super) fn convert(
    context: &Context<'_>,
    index: usize,
    text: &Text,
    structure: &Structure,
    edits: &mut Vec<Edit>,
    notes: &mut Notes<'_>,
) {
    let lookup = context.lookup;
    for link in &structure.links {
        if let Some(here) = link.target.strip_prefix('#').filter(|_| context.lookup.site.anchors == Anchors::None) {
            let new = fragment(context, Some(&Place::Page(index)), &format!("#{here}"));
            edits.extend(link.address.clone().filter(|_| new != link.target).map(|at| (at, new)));
            continue;
        }
        let is_picture = text.as_str().get(link.range.clone()).is_some_and(|link| link.starts_with("!["));
        let end = link.target.find(['#', '?']).unwrap_or(link.target.len());
        let (path, mut rest) = link.target.split_at_checked(end).unwrap_or((&link.target, ""));
        if is_picture && lookup.site.generator == Generator::Obsidian {
            if let Some(layout) = rest.strip_prefix('#') {
                notes.add(kinds::ATTRIBUTES, layout, text.place(&link.range));
                rest = "";
            }
            if let Some(size) = size(text.as_str(), link) {
                let shown = text.as_str().get(size.clone()).unwrap_or_default().trim_start_matches('|');
                notes.add(kinds::ATTRIBUTES, shown, text.place(&size));
                edits.push((size, String::new()));
            }
        }
        let found = find(lookup, index, path);
        let written = found.as_ref().and_then(|place| lookup.markdown_target(index, place));
        if found.is_some() && written.is_none() {
            notes.add(kinds::LINKED_FILES, path, text.place(&link.range));
        }
        let new = match written {
            Some(new) => format!("{new}{}", fragment(context, found.as_ref(), rest)),
            // A name that no page has stays to be read.
            None => match path.strip_prefix(PAGE_SCHEME) {
                Some(name) => format!("{name}{rest}"),
                None => continue,
            },
        };
        match &link.address {
            Some(at) if new != link.target => edits.push((at.clone(), escaped(text.as_str(), at.start, &new))),
            _ => {}
        }
    }
}

/// The size that Obsidian reads after the text of a picture: `![alt|300x200](…)`.
fn size(text: &str, link: &LinkAt) -> Option<Range<usize>> {
    let label = text.get(link.range.start..link.address.as_ref()?.start)?.rsplit_once("](")?.0;
    let (before, size) = label.rsplit_once('|').or_else(|| Some(("![", label.strip_prefix("![")?)))?;
    let is_size = !size.is_empty() && size.bytes().all(|byte| byte.is_ascii_digit() || byte == b'x');
    is_size.then(|| link.range.start + before.len()..link.range.start + label.len())
}

/// The fragment of a link: notes name a heading by its words, other pages by its id.
fn fragment(context: &Context<'_>, place: Option<&Place>, rest: &str) -> String {
    let words = rest.strip_prefix('#').filter(|_| context.lookup.site.anchors == Anchors::None);
    let (Some(words), Some(Place::Page(page))) = (words.and_then(crate::site::decode), place) else {
        return rest.to_owned();
    };
    let structure = context.prepared.get(*page).map(|prepared| &prepared.structure);
    let id = structure.and_then(|structure| headings::id_of(Anchors::None, structure, &words));
    id.map_or_else(|| rest.to_owned(), |id| format!("#{id}"))
}

/// An address as it is written in Markdown: in angle brackets if it contains spaces or parentheses.
fn escaped(text: &str, at: usize, address: &str) -> String {
    let is_bracketed = text.get(..at).is_some_and(|before| before.ends_with('<'));
    if is_bracketed || !address.contains([' ', '(', ')']) { address.to_owned() } else { format!("<{address}>") }
}
