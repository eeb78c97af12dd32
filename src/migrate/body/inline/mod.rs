//! Marks in running text that only some dialects know: wikilinks, highlights, spans, inline notes, citations, formulas.

mod pandoc;
mod wikilinks;

use std::ops::Range;

use super::super::patterns::Pattern;
use super::super::report::Notes;
use super::super::structure::Structure;
use super::super::text::{Edit, Text};
use super::super::{Generator, kinds};
use super::Context;

pub(super) use wikilinks::{names, tags};

static MARK: Pattern = Pattern::new(r"==([^\s=](?:[^=\n]*[^\s=])?)==");
static INSERTED: Pattern = Pattern::new(r"\^\^([^\s^](?:[^^\n]*[^\s^])?)\^\^");
static KEYS: Pattern = Pattern::new(r"\+\+([A-Za-z0-9-]+(?:\+[A-Za-z0-9-]+)*)\+\+");
static SUPERSCRIPT: Pattern = Pattern::new(r"\^([^\s^\[\]]+)\^");
static SUBSCRIPT: Pattern = Pattern::new(r"~([^\s~]+)~");

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

/// Converts the marks of a page. Returns whether some became HTML.
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

    /// Escapes dollar signs of sums of money, which would start a formula.
    fn money(&mut self) {
        let text = self.text.as_str();
        for range in self.structure.math.iter().filter(|range| !is_formula(text, range)) {
            self.edits.push((range.start..range.start, "\\".to_owned()));
        }
    }

    /// Adds cells to heads of tables that are shorter than a row, since surplus cells would not be shown.
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
}
