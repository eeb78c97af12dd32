//! Links of Obsidian that name a note, and its other marks.

use std::ops::Range;

use super::super::super::lookup::{Lookup, Place};
use super::super::super::patterns::Pattern;
use super::super::super::structure::Structure;
use super::super::super::{Generator, kinds};
use super::super::headings;
use super::Inline;

static WIKILINK: Pattern = Pattern::new(r"(!?)\[\[([^\[\]\n]{1,400})\]\]");
static BLOCK_ID: Pattern = Pattern::new(r"(?m)[ \t]+\^[A-Za-z0-9-]+[ \t]*$");
static TAG: Pattern = Pattern::new(
    r"(?m)(?:^|\s)#([^\s#.,;:!?()\[\]{}'\x22`|<>]*[^\s#.,;:!?()\[\]{}'\x22`|<>\d][^\s#.,;:!?()\[\]{}'\x22`|<>]*)",
);

/// Pictures, which a wikilink with an exclamation mark shows.
const PICTURES: [&str; 8] = ["png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "bmp"];

/// Tags in the text, `#like-this`.
pub(in crate::migrate::body) fn tags(text: &str, structure: &Structure) -> Vec<String> {
    let found = TAG.captures_iter(text).filter_map(|found| found.get(1));
    let found = found.filter(|tag| !structure.is_literal(&tag.range()) && !structure.is_link(&tag.range()));
    let mut tags: Vec<String> = Vec::new();
    for tag in found.map(|tag| tag.as_str().to_owned()) {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

/// The names in wikilinks.
pub(in crate::migrate::body) fn names(lookup: &Lookup<'_>, text: &str, structure: &Structure) -> Vec<String> {
    let read = |found: regex_lite::Captures<'_>| {
        let whole = found.get(0)?.range();
        let inner = found.get(2)?.as_str();
        (!structure.is_literal(&whole))
            .then(|| inner.split(['|', '#']).next().unwrap_or_default().trim_end_matches('\\').to_owned())
    };
    if lookup.links_by_name() { WIKILINK.captures_iter(text).filter_map(read).collect() } else { Vec::new() }
}

impl Inline<'_, '_> {
    pub(super) fn wikilinks(&mut self) {
        for found in self.matches(&WIKILINK) {
            let (Some(whole), Some(inner)) = (found.get(0), found.get(2)) else { continue };
            let is_embed = found.get(1).is_some_and(|mark| !mark.as_str().is_empty());
            let (target, label) =
                inner.as_str().split_once('|').map_or((inner.as_str(), None), |(target, label)| (target, Some(label)));
            let target = target.trim_end_matches('\\');
            let (name, place) = target.split_once('#').map_or((target, None), |(name, place)| (name, Some(place)));
            let lookup = self.context.lookup;
            let found = if name.trim().is_empty() {
                Some(Place::Page(self.index))
            } else {
                lookup.find_by_name(self.index, name)
            };
            let written = found.as_ref().and_then(|place| lookup.markdown_target(self.index, place));
            let (Some(found), Some(written)) = (found, written) else {
                // In a folder of no known generator the brackets may mean anything.
                if lookup.site.generator == Generator::Obsidian {
                    self.note(kinds::WIKILINKS, inner.as_str(), &whole.range());
                    let label = label.unwrap_or(target);
                    self.edits.push((whole.range(), label.to_owned()));
                }
                continue;
            };
            let new = self.wikilink(&found, &written, name, place, label, is_embed, &whole.range());
            self.edits.push((whole.range(), new));
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of a wikilink")]
    fn wikilink(
        &mut self,
        found: &Place,
        written: &str,
        name: &str,
        place: Option<&str>,
        label: Option<&str>,
        is_embed: bool,
        range: &Range<usize>,
    ) -> String {
        let extension = written.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        let stem = name.rsplit('/').next().unwrap_or_default();
        if is_embed && PICTURES.contains(&extension.as_str()) {
            // The label of a picture may be its size.
            let size = |label: &&str| label.bytes().all(|byte| byte.is_ascii_digit() || byte == b'x');
            if let Some(label) = label.filter(size) {
                self.note(kinds::ATTRIBUTES, label, range);
            }
            if let Some(layout) = place {
                self.note(kinds::ATTRIBUTES, layout, range);
            }
            let alt = label.filter(|label| !size(label)).unwrap_or(stem);
            return format!("![{alt}](<{written}>)");
        }
        if is_embed {
            self.note(kinds::TRANSCLUSIONS, name, range);
        }
        let fragment = place.and_then(|place| self.fragment(found, place, range));
        let shown = label.map_or_else(
            || match place.filter(|place| !place.starts_with('^')) {
                Some(place) if stem.is_empty() => place.rsplit('#').next().unwrap_or_default().to_owned(),
                Some(place) => format!("{stem} > {}", place.replace('#', " > ")),
                None => stem.to_owned(),
            },
            str::to_owned,
        );
        let shown = shown.trim().trim_end_matches(".md").replace('[', "\\[").replace(']', "\\]");
        let own = *found == Place::Page(self.index);
        let target = if own && fragment.is_some() { "" } else { written };
        format!("[{shown}](<{target}{}>)", fragment.map_or_else(String::new, |fragment| format!("#{fragment}")))
    }

    /// The id of the heading that a wikilink names.
    fn fragment(&mut self, found: &Place, place: &str, range: &Range<usize>) -> Option<String> {
        let Place::Page(page) = found else { return Some(place.to_owned()) };
        let words = place.rsplit('#').next().unwrap_or_default();
        let structure = &self.context.prepared.get(*page)?.structure;
        let id = headings::id_of(self.context.lookup.site.anchors, structure, words);
        if id.is_none() {
            self.note(kinds::BLOCK_IDS, &format!("#{place}"), range);
        }
        id
    }

    pub(super) fn block_ids(&mut self) {
        for found in self.matches(&BLOCK_ID) {
            let Some(whole) = found.get(0) else { continue };
            self.note(kinds::BLOCK_IDS, whole.as_str().trim(), &whole.range());
            self.edits.push((whole.range(), String::new()));
        }
    }
}
