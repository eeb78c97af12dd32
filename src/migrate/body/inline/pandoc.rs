//! Marks of Pandoc: attributes, notes in the text, citations, references.

use super::super::super::lookup::Place;
use super::super::super::patterns::Pattern;
use super::super::super::{Generator, kinds};
use super::super::lines;
use super::Inline;

static ATTRIBUTES: Pattern = Pattern::new(r"[\])]\{:?[ ]*([#.A-Za-z][^{}\n]*)\}");
/// The alternative text among attributes.
static ALTERNATIVE: Pattern = Pattern::new(r#"(?:fig-)?alt\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)')"#);
static NOTE: Pattern = Pattern::new(r"\^\[");
static CITATION: Pattern = Pattern::new(r"\[(?:\s*@|[^\[\]\n]{0,200}[\s;-]@)[^\[\]]{1,400}\]");
static KEY: Pattern = Pattern::new(r"@[A-Za-z][\w:.-]*");
static REFERENCE: Pattern = Pattern::new(r"\[?-?@((?:sec|fig|tbl|eq|lst|thm)-[\w-]*\w)\]?");

impl Inline<'_, '_> {
    /// Attributes in braces after links, pictures and spans.
    pub(super) fn attributes(&mut self) {
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
                self.alternative(start, words.as_str());
            } else {
                // A span: `[text]{.class}`. Python-Markdown has none.
                let opening = opening(self.text.as_str(), whole.start());
                let (Some(opening), Generator::Quarto) = (opening, self.context.lookup.site.generator) else {
                    continue;
                };
                self.edits.push((opening..opening + 1, String::new()));
                self.edits.push((whole.range(), String::new()));
            }
            let words = lines::ATTRIBUTE.find_iter(words.as_str());
            let words = words.map(|word| word.as_str().split('=').next().unwrap_or_default().trim_end());
            for word in words.filter(|word| !of_link || !matches!(*word, "fig-alt" | "alt")) {
                self.note(kinds::ATTRIBUTES, word, &whole.range());
            }
        }
    }

    /// The alternative text of the picture that ends at `end`; its label is a caption then.
    fn alternative(&mut self, end: usize, words: &str) {
        let text = self.text.as_str();
        let Some(alt) = ALTERNATIVE.captures(words).and_then(|found| found.get(1).or_else(|| found.get(2))) else {
            return;
        };
        let Some(link) = self.structure.links.iter().find(|link| link.range.end == end) else { return };
        let Some(label) = text.get(link.range.start..end).and_then(|link| link.strip_prefix("![")) else { return };
        let Some(length) = closing(text, link.range.start + 1).map(|close| close - link.range.start - 2) else {
            return;
        };
        let start = link.range.start + 2;
        let caption = label.get(..length).unwrap_or_default();
        let alt = alt.as_str().replace("\\\"", "\"").replace(['[', ']'], " ");
        self.edits.push((start..start + length, alt));
        if !caption.is_empty() && !label.ends_with("\")") {
            self.edits.push((end - 1..end - 1, format!(" \"{}\"", caption.replace('"', "\\\""))));
        }
    }

    /// Notes in the text, `^[like this]`.
    pub(super) fn notes_in_text(&mut self) {
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
    pub(super) fn citations(&mut self) {
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
    pub(super) fn references(&mut self) {
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
            match place.and_then(|(page, title)| {
                Some((self.context.lookup.markdown_target(self.index, &Place::Page(page))?, title))
            }) {
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
