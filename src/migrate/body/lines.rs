//! Splits a text into lines, and converts the line syntax of other Markdown dialects.

use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::Range;

use super::super::patterns::Pattern;
use super::super::report::Notes;
use super::super::text::Text;
use super::super::{Generator, kinds};

/// A line with what precedes its text: indentation and marks of quotations.
#[derive(Clone, Debug)]
pub(super) struct Line<'t> {
    /// The whole line with its end.
    pub range: Range<usize>,
    /// Indentation and marks of quotations.
    pub before: &'t str,
    /// The rest, without the end of the line.
    pub text: &'t str,
    /// How deep the quotation is.
    pub quote: usize,
    /// How far the text is indented, after the marks of quotations.
    pub indent: usize,
    /// Whether it is in a fenced block of code, fences and all.
    pub is_code: bool,
}

/// The lines of a text.
pub(super) fn lines_of(text: &str) -> Vec<Line<'_>> {
    let (mut at, mut fence): (usize, Option<&str>) = (0, None);
    let mut lines = Vec::new();
    for whole in text.split_inclusive('\n') {
        let line = whole.trim_end_matches(['\n', '\r']);
        let content = line.trim_start_matches([' ', '\t', '>']);
        let before = line.get(..line.len() - content.len()).unwrap_or_default();
        let mark = content.get(..content.len() - content.trim_start_matches(['`', '~']).len()).unwrap_or_default();
        let rest = content.get(mark.len()..).unwrap_or_default();
        let is_code = fence.is_some();
        match fence {
            Some(open) if mark.starts_with(open) && rest.trim().is_empty() => fence = None,
            None if mark.len() >= 3
                && !rest.contains('`')
                && mark.bytes().all(|byte| mark.starts_with(char::from(byte))) =>
            {
                fence = Some(mark);
            }
            _ => {}
        }
        let after_quote = before.rsplit('>').next().unwrap_or_default();
        lines.push(Line {
            range: at..at + whole.len(),
            before,
            text: content,
            quote: before.matches('>').count(),
            indent: after_quote
                .chars()
                .map(|c| if c == '\t' { 4 } else { 1 })
                .sum::<usize>()
                .saturating_sub(usize::from(before.contains('>'))),
            is_code: is_code || fence.is_some(),
        });
        at += whole.len();
    }
    lines
}

static ATTRIBUTES: Pattern =
    Pattern::new(r"^(#{1,6}[ \t]+.*?)[ \t]*\{:?[ \t]*((?:[#.\-]|[\w-]+=)[^{}]*)\}[ \t]*#*[ \t]*$");
/// A word of a list of attributes: an id, a class, or a key with its value.
pub(super) static ATTRIBUTE: Pattern =
    Pattern::new(r#"[#.]?[^\s={}]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s}]+))?"#);
static FOOTNOTE: Pattern = Pattern::new(r"^\[\^([^\]\s]+)\]:");
static LIST: Pattern = Pattern::new(r"^\{::?[^}]*\}[ \t]*$");

/// Converts whole lines: attributes of headings and blocks, and the place of a table of contents. Returns whether the
/// page has one.
pub(super) fn convert(generator: Generator, text: &mut Text, notes: &mut Notes<'_>) -> bool {
    let (mut edits, mut toc, mut ids) = (Vec::new(), false, FxHashSet::default());
    let mut footnotes = FxHashMap::default();
    let lines = lines_of(text.as_str());
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_code) {
        let bare = line.text.trim_end();
        let is_mark = matches!(
            bare.to_ascii_lowercase().as_str(),
            "[toc]" | "[[toc]]" | "[[_toc_]]" | "{:toc}" | "{{toc}}" | "${toc}"
        );
        if is_mark && generator != Generator::Obsidian {
            toc = true;
            edits.push((line.range.clone(), "\n".to_owned()));
            // Kramdown puts the table in the place of a list.
            if let Some(item) = index.checked_sub(1).and_then(|before| lines.get(before)).filter(|_| bare == "{:toc}") {
                edits.push((item.range.clone(), String::new()));
            }
        } else if let Some(found) = ATTRIBUTES.captures(line.text) {
            let words = found.get(2).map_or("", |words| words.as_str());
            let heading = found.get(1).map_or("", |heading| heading.as_str());
            let is_title = heading.starts_with("# ");
            let all = ATTRIBUTE.find_iter(words).map(|word| word.as_str()).filter(|word| *word != "-");
            let (kept, lost): (Vec<&str>, Vec<&str>) = all.partition(|word| match word.strip_prefix('#') {
                Some(id) => ids.insert(id.to_owned()),
                None => word.starts_with('.') && !is_title,
            });
            for word in lost.iter().filter(|word| **word != ".unnumbered" && **word != ".unlisted") {
                let word = word.split('=').next().unwrap_or_default();
                notes.add(kinds::ATTRIBUTES, word, text.place(&line.range));
            }
            let ids = if kept.is_empty() { String::new() } else { format!(" {{{}}}", kept.join(" ")) };
            let start = line.range.start + line.before.len();
            edits.push((start..start + bare.len(), format!("{heading}{ids}")));
        } else if let Some(label) = FOOTNOTE.captures(line.text).and_then(|found| found.get(1)) {
            let count = footnotes.entry(label.as_str().to_lowercase()).or_insert(0_usize);
            *count += 1;
            if *count > 1 {
                notes.add(kinds::FOOTNOTES, label.as_str(), text.place(&line.range));
                let end = line.range.start + line.before.len() + label.end();
                edits.push((end..end, format!("-{count}")));
            }
        } else if generator == Generator::Jekyll && LIST.is_match(line.text) {
            let heading =
                index.checked_sub(1).and_then(|before| lines.get(before)).filter(|line| line.text.starts_with('#'));
            let id = bare.split([' ', ':', '{', '}']).find(|word| word.starts_with('#'));
            if let (Some(heading), Some(id)) = (heading, id) {
                let end = heading.range.start + heading.before.len() + heading.text.trim_end().len();
                edits.push((end..end, format!(" {{{id}}}")));
            }
            let rest = bare.trim_matches(['{', '}', ':', ' ']);
            if heading.is_none() || id != Some(rest) {
                notes.add(kinds::ATTRIBUTES, bare, text.place(&line.range));
            }
            edits.push((line.range.clone(), String::new()));
        }
    }
    text.edit(edits);
    toc
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::report::Report;
    use crate::source::SitePath;

    #[test]
    fn attributes_and_tables_of_contents() {
        let file = SitePath::new("a.md").expect("a path");
        for (generator, before, after, wants_toc, messages) in [
            (
                Generator::Jekyll,
                "* TOC\n{:toc}\n\n## A {: #b}\n{: .lead}\nx\n## C\n{: #d .e}\n",
                "\n\n## A {#b}\nx\n## C {#d}\n",
                true,
                1,
            ),
            (Generator::MkDocs, "[TOC]\n## A { #b .c data-x=1 }\n", "\n## A {#b .c}\n", true, 1),
            (
                Generator::Quarto,
                "# A {.unnumbered}\n## B {-}\n## C {#sec-c .unlisted}\n",
                "# A\n## B\n## C {#sec-c .unlisted}\n",
                false,
                0,
            ),
            (Generator::Plain, "[^1]: a\n[^2]: b\n[^1]: c\n", "[^1]: a\n[^2]: b\n[^1-2]: c\n", false, 1),
            (
                Generator::Plain,
                "## GET /users/{id}\n```\n## A {#b x=1}\n[toc]\n```\n",
                "## GET /users/{id}\n```\n## A {#b x=1}\n[toc]\n```\n",
                false,
                0,
            ),
        ] {
            let mut report = Report::default();
            let mut text = Text::new(before, 0);
            let toc = convert(generator, &mut text, &mut Notes { file: &file, report: &mut report });
            assert_eq!(
                (text.as_str(), toc, report.problems().iter().count()),
                (after, wants_toc, messages),
                "{before}"
            );
        }
    }
}
