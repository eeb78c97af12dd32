//! Marks in running text that only some dialects know: wikilinks, highlights, spans, inline notes, citations, formulas.

use super::super::lookup::{Lookup, Place};
use super::super::patterns::Pattern;
use super::super::report::Notes;
use super::super::structure::Structure;
use super::super::text::{Edit, Text};
use super::super::{Generator, kinds};
use super::{Context, headings};
use std::ops::Range;

static WIKILINK: Pattern = Pattern::new(r"(!?)\[\[([^\[\]\n]{1,400})\]\]");
static MARK: Pattern = Pattern::new(r"==([^\s=](?:[^=\n]*[^\s=])?)==");
static INSERTED: Pattern = Pattern::new(r"\^\^([^\s^](?:[^^\n]*[^\s^])?)\^\^");
static KEYS: Pattern = Pattern::new(r"\+\+([A-Za-z0-9-]+(?:\+[A-Za-z0-9-]+)*)\+\+");
static SUPERSCRIPT: Pattern = Pattern::new(r"\^([^\s^\[\]]+)\^");
static SUBSCRIPT: Pattern = Pattern::new(r"~([^\s~]+)~");
static ATTRIBUTES: Pattern = Pattern::new(r"[\])]\{:?[ ]*([#.A-Za-z][^{}\n]*)\}");
static NOTE: Pattern = Pattern::new(r"\^\[");
static CITATION: Pattern = Pattern::new(r"\[(?:\s*@|[^\[\]\n]{0,200}[\s;-]@)[^\[\]]{1,400}\]");
static KEY: Pattern = Pattern::new(r"@[A-Za-z][\w:.-]*");
static REFERENCE: Pattern = Pattern::new(r"\[?-?@((?:sec|fig|tbl|eq|lst|thm)-[\w-]*\w)\]?");
static BLOCK_ID: Pattern = Pattern::new(r"(?m)[ \t]+\^[A-Za-z0-9-]+[ \t]*$");
static TAG: Pattern = Pattern::new(
    r"(?m)(?:^|\s)#([^\s#.,;:!?()\[\]{}'\x22`|<>]*[^\s#.,;:!?()\[\]{}'\x22`|<>\d][^\s#.,;:!?()\[\]{}'\x22`|<>]*)",
);

/// Pictures, which a wikilink with an exclamation mark shows.
const PICTURES: [&str; 8] = ["png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "bmp"];

/// Whether a text has formulas between dollar signs.
pub(super) fn has_formulas(text: &str, structure: &Structure) -> bool {
    structure.math.iter().any(|range| is_formula(text, range))
}

/// Whether what is between dollar signs is a formula and no sum of money: no space inside, no digit after.
fn is_formula(text: &str, range: &Range<usize>) -> bool {
    let inner = text.get(range.clone()).unwrap_or_default();
    let next = text.get(range.end..).and_then(|rest| rest.chars().next());
    inner.starts_with("$$") || !next.is_some_and(|c| c.is_ascii_digit()) && !inner.trim_matches('$').starts_with(' ')
}

/// Tags in the text, `#like-this`.
pub(super) fn tags(text: &str, structure: &Structure) -> Vec<String> {
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
pub(super) fn names(lookup: &Lookup<'_>, text: &str, structure: &Structure) -> Vec<String> {
    let read = |found: regex_lite::Captures<'_>| {
        let whole = found.get(0)?.range();
        let inner = found.get(2)?.as_str();
        (!structure.is_literal(&whole))
            .then(|| inner.split(['|', '#']).next().unwrap_or_default().trim_end_matches('\\').to_owned())
    };
    if lookup.links_by_name() { WIKILINK.captures_iter(text).filter_map(read).collect() } else { Vec::new() }
}

/// Converts the marks of a page. Gives whether HTML takes the place of some.
pub(super) fn convert(
    context: &Context<'_>,
    index: usize,
    text: &Text,
    structure: &Structure,
    edits: &mut Vec<Edit>,
    notes: &mut Notes<'_>,
) -> bool {
    let generator = context.lookup.site.generator;
    let mut inline = Inline { context, index, text, structure, edits, notes, has_html: false };
    inline.money();
    inline.tables();
    if context.lookup.links_by_name() {
        inline.wikilinks();
    }
    if matches!(generator, Generator::Obsidian | Generator::MkDocs) {
        inline.elements(&MARK, "mark");
    }
    match generator {
        Generator::MkDocs => {
            inline.elements(&INSERTED, "ins");
            inline.keys();
        }
        Generator::Quarto => {
            inline.elements(&SUPERSCRIPT, "sup");
            inline.elements(&SUBSCRIPT, "sub");
            inline.references();
        }
        Generator::Obsidian => inline.block_ids(),
        _ => {}
    }
    if matches!(generator, Generator::Quarto | Generator::Obsidian) {
        inline.notes_in_text();
    }
    if matches!(generator, Generator::Quarto | Generator::MkDocs | Generator::Jekyll | Generator::Plain) {
        inline.attributes();
    }
    inline.citations();
    inline.has_html
}

struct Inline<'a, 'n> {
    context: &'a Context<'a>,
    index: usize,
    text: &'a Text,
    structure: &'a Structure,
    edits: &'a mut Vec<Edit>,
    notes: &'a mut Notes<'n>,
    has_html: bool,
}

impl<'a> Inline<'a, '_> {
    /// Matches in running text: not in code, HTML or formulas, nor in the address of a link.
    fn matches(&self, pattern: &'static Pattern) -> Vec<regex_lite::Captures<'a>> {
        let text: &'a str = self.text.as_str();
        let in_address = |range: &Range<usize>| {
            self.structure
                .links
                .iter()
                .filter_map(|link| link.address.as_ref())
                .any(|at| at.start < range.end && range.start < at.end)
        };
        let all = pattern.captures_iter(text);
        all.filter(|found| {
            found
                .get(0)
                .map(|whole| whole.range())
                .is_some_and(|whole| !self.structure.is_literal(&whole) && !in_address(&whole))
        })
        .collect()
    }

    fn note(&mut self, kind: super::super::report::Kind, name: &str, range: &Range<usize>) {
        let place = self.text.place(range);
        self.notes.add(kind, name, place);
    }

    /// A sum of money is no formula where formulas are on.
    fn money(&mut self) {
        let text = self.text.as_str();
        for range in self.structure.math.iter().filter(|range| !is_formula(text, range)) {
            self.edits.push((range.start..range.start, "\\".to_owned()));
        }
    }

    /// Cells that a row has more than the head of its table are not shown: the head gets as many.
    fn tables(&mut self) {
        let text = self.text.as_str();
        for (start, lacking) in &self.structure.short_heads {
            let lines = text.get(*start..).unwrap_or_default().split_inclusive('\n').take(2);
            let mut at = *start;
            for (line, cell) in lines.zip(["  |", "---|"]) {
                let bare = line.trim_end();
                let end = at + bare.len();
                let first = if bare.ends_with('|') { "" } else { "|" };
                self.edits.push((end..end, format!("{first}{}", cell.repeat(*lacking))));
                at += line.len();
            }
            self.note(kinds::TABLES, "|", &(*start..*start));
        }
    }

    fn elements(&mut self, pattern: &'static Pattern, element: &str) {
        for found in self.matches(pattern) {
            let (Some(whole), Some(inner)) = (found.get(0), found.get(1)) else { continue };
            self.has_html = true;
            self.edits.push((whole.start()..inner.start(), format!("<{element}>")));
            self.edits.push((inner.end()..whole.end(), format!("</{element}>")));
        }
    }

    fn keys(&mut self) {
        for found in self.matches(&KEYS) {
            let (Some(whole), Some(inner)) = (found.get(0), found.get(1)) else { continue };
            let keys: Vec<String> = inner
                .as_str()
                .split('+')
                .map(|key| format!("<kbd>{}</kbd>", crate::parse::title_from_name(key)))
                .collect();
            self.has_html = true;
            self.edits.push((whole.range(), keys.join("+")));
        }
    }

    fn wikilinks(&mut self) {
        for found in self.matches(&WIKILINK) {
            let (Some(whole), Some(inner)) = (found.get(0), found.get(2)) else { continue };
            let is_embed = found.get(1).is_some_and(|mark| !mark.as_str().is_empty());
            let (target, label) =
                inner.as_str().split_once('|').map_or((inner.as_str(), None), |(target, label)| (target, Some(label)));
            let target = target.trim_end_matches('\\');
            let (name, place) = target.split_once('#').map_or((target, None), |(name, place)| (name, Some(place)));
            let lookup = self.context.lookup;
            let found =
                if name.trim().is_empty() { Some(Place::Page(self.index)) } else { lookup.named(self.index, name) };
            let written = found.as_ref().and_then(|place| lookup.written(self.index, place));
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

    fn block_ids(&mut self) {
        for found in self.matches(&BLOCK_ID) {
            let Some(whole) = found.get(0) else { continue };
            self.note(kinds::BLOCK_IDS, whole.as_str().trim(), &whole.range());
            self.edits.push((whole.range(), String::new()));
        }
    }

    /// Attributes in braces after links, pictures and spans.
    fn attributes(&mut self) {
        for found in self.matches(&ATTRIBUTES) {
            let (Some(whole), Some(words)) = (found.get(0), found.get(1)) else { continue };
            let start = whole.start() + 1;
            let of_link = self.structure.links.iter().any(|link| link.range.end == start);
            let looks_so = words.as_str().starts_with(['#', '.']) || words.as_str().contains('=');
            if !looks_so {
                continue;
            }
            if of_link {
                self.edits.push((start..whole.end(), String::new()));
            } else {
                // A span: `[text]{.class}`. Python-Markdown has none.
                let opening = opening(self.text.as_str(), whole.start());
                let (Some(opening), Generator::Quarto) = (opening, self.context.lookup.site.generator) else {
                    continue;
                };
                self.edits.push((opening..opening + 1, String::new()));
                self.edits.push((whole.range(), String::new()));
            }
            for word in super::lines::ATTRIBUTE.find_iter(words.as_str()) {
                let word = word.as_str().split('=').next().unwrap_or_default();
                self.note(kinds::ATTRIBUTES, word, &whole.range());
            }
        }
    }

    /// Notes in the text, `^[like this]`.
    fn notes_in_text(&mut self) {
        let text = self.text.as_str();
        let mut definitions = String::new();
        for (number, found) in self.matches(&NOTE).iter().filter_map(|found| found.get(0)).enumerate() {
            let Some(close) = closing(text, found.end() - 1) else { continue };
            let inner =
                text.get(found.end()..close).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
            let label = format!("inline-{}", number + 1);
            self.edits.push((found.start()..close + 1, format!("[^{label}]")));
            definitions.push_str(&format!("\n\n[^{label}]: {inner}"));
        }
        if !definitions.is_empty() {
            definitions.push('\n');
            self.edits.push((text.len()..text.len(), definitions));
        }
    }

    /// Citations of a bibliography, which has no records here: they are shown as they are written.
    fn citations(&mut self) {
        let is_quarto = self.context.lookup.site.generator == Generator::Quarto;
        for found in self.matches(&CITATION).iter().filter_map(|found| found.get(0)) {
            let range = found.range();
            let is_saved = self.text.as_str().get(..range.start).is_some_and(|before| before.ends_with('\\'));
            if is_saved
                || self
                    .structure
                    .links
                    .iter()
                    .any(|link| link.range.start <= range.start && range.start < link.range.end)
            {
                continue;
            }
            if is_quarto {
                for key in KEY.find_iter(found.as_str()) {
                    self.note(kinds::CITATIONS, key.as_str(), &range);
                }
            }
            self.edits.push((range.start..range.start, "\\".to_owned()));
        }
    }

    /// References of Quarto: those to sections become links, those to figures stay.
    fn references(&mut self) {
        let text = self.text.as_str();
        for found in self.matches(&REFERENCE) {
            let (Some(whole), Some(id)) = (found.get(0), found.get(1)) else { continue };
            if text
                .get(..whole.start())
                .is_some_and(|before| before.ends_with(|c: char| c.is_alphanumeric() || c == '\\'))
            {
                continue;
            }
            let place = self.context.prepared.iter().enumerate().find_map(|(page, prepared)| {
                let heading =
                    prepared.structure.headings.iter().find(|heading| heading.id.as_deref() == Some(id.as_str()))?;
                Some((page, heading.text.clone()))
            });
            match place
                .and_then(|(page, title)| Some((self.context.lookup.written(self.index, &Place::Page(page))?, title)))
            {
                Some((written, title)) => {
                    self.edits.push((whole.range(), format!("[{title}](<{written}#{}>)", id.as_str())));
                }
                None => self.note(kinds::REFERENCES, &format!("@{}", id.as_str()), &whole.range()),
            }
        }
    }
}

/// The bracket that a closing one at `at` closes.
fn opening(text: &str, at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (index, c) in text.get(..at)?.char_indices().rev().take(2_000) {
        match c {
            ']' => depth += 1,
            '[' if depth == 0 => return Some(index),
            '[' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The bracket that closes the one at `at`.
fn closing(text: &str, at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (index, c) in text.get(at..)?.char_indices().take(4_000) {
        match c {
            '[' => depth += 1,
            ']' if depth == 1 => return Some(at + index),
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}
