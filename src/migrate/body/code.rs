//! Code that the old generator ran or showed in part: diagrams, listings of mdBook, comments of Obsidian.

use std::ops::Range;

use super::super::report::Notes;
use super::super::structure::{FenceAt, Structure};
use super::super::text::{Edit, Text};
use super::super::{Generator, kinds};
use super::cells;

/// Fences of programs that draw or query, and show no code.
const SHOWN: [&str; 12] = [
    "mermaid",
    "dot",
    "graphviz",
    "plantuml",
    "dataview",
    "dataviewjs",
    "query",
    "tasks",
    "base",
    "excalidraw",
    "ojs",
    "chart",
];

/// Converts what a generator does with code.
pub(super) fn convert(generator: Generator, text: &mut Text, notes: &mut Notes<'_>) {
    if generator == Generator::Obsidian {
        remove_comments(text, notes);
    }
    let structure = Structure::read(text.as_str(), false);
    let mut edits = Vec::new();
    for fence in &structure.fences {
        let info = text.as_str().get(fence.info.clone()).unwrap_or_default();
        let language = info.trim_start_matches(['{', '.', '=']).split([',', ' ', '}']).next().unwrap_or_default();
        if SHOWN.contains(&language) {
            notes.add(kinds::DIAGRAMS, language, text.place(&fence.info));
        }
        match generator {
            Generator::Quarto => cells::convert(text, fence, info, &mut edits, notes),
            Generator::MdBook if language == "rust" => hidden_lines(text, fence, &mut edits, notes),
            _ => {}
        }
    }
    text.edit(edits);
}

/// The lines of code of a fence, each with its range.
pub(super) fn code_lines<'t>(text: &'t Text, fence: &FenceAt) -> Vec<(Range<usize>, &'t str)> {
    let whole = text.as_str().get(fence.range.clone()).unwrap_or_default();
    let mut at = fence.range.start;
    let mut lines: Vec<(Range<usize>, &str)> = Vec::new();
    for line in whole.split_inclusive('\n') {
        lines.push((at..at + line.len(), line.trim_end_matches(['\n', '\r'])));
        at += line.len();
    }
    let count = lines.len();
    lines.into_iter().take(count.saturating_sub(1)).skip(1).collect()
}

/// Lines of Rust that mdBook hides: they begin with `# `.
fn hidden_lines(text: &Text, fence: &FenceAt, edits: &mut Vec<Edit>, notes: &mut Notes<'_>) {
    for (range, line) in code_lines(text, fence) {
        let code = line.trim_start_matches([' ', '>']);
        if code == "#" || code.starts_with("# ") {
            notes.add(kinds::HIDDEN_LINES, "# ", text.place(&range));
            edits.push((range, String::new()));
        } else if code.starts_with("##") {
            let at = range.start + line.len() - code.len();
            edits.push((at..at + 1, String::new()));
        }
    }
}

/// Comments `%%…%%` of Obsidian, which are for the author alone.
fn remove_comments(text: &mut Text, notes: &mut Notes<'_>) {
    let structure = Structure::read(text.as_str(), false);
    let marks: Vec<usize> =
        text.as_str().match_indices("%%").map(|(at, _)| at).filter(|at| !structure.is_code(&(*at..*at + 2))).collect();
    let mut edits = Vec::new();
    for pair in marks.chunks(2) {
        let Some(start) = pair.first() else { continue };
        // A comment that is not closed reaches to the end.
        let end = pair.get(1).map_or(text.as_str().len(), |end| end + 2);
        notes.add(kinds::COMMENTS, "%%", text.place(&(*start..end)));
        edits.push((*start..end, String::new()));
    }
    text.edit(edits);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::report::Report;
    use crate::source::SitePath;

    fn converted(generator: Generator, text: &str) -> (String, usize) {
        let file = SitePath::new("a.md").expect("a path");
        let mut report = Report::default();
        let mut text = Text::new(text, 0);
        convert(generator, &mut text, &mut Notes { file: &file, report: &mut report });
        (text.into_string(), report.problems().iter().count())
    }

    #[test]
    fn code_is_shown_as_the_old_site_showed_it() {
        for (generator, before, after, messages) in [
            (Generator::Quarto, "```{r x, fig.width = 3}\n#| label: x\ny\n```\n", "```r\ny\n```\n", 1),
            (Generator::Quarto, "a\n\n```{r}\n#| echo: false\ny\n```\nb\n", "a\n\n\nb\n", 1),
            (Generator::Quarto, "```{=html}\n<b>x</b>\n```\n", "\n<b>x</b>\n\n", 0),
            (Generator::Quarto, "```{=latex}\nx\n```\n", "\n", 1),
            (Generator::Quarto, "```{.python}\n#| x\n```\n", "```{.python}\n#| x\n```\n", 0),
            (Generator::MdBook, "```rust\n# use x;\n#\n## y\n#[z]\n```\n", "```rust\n# y\n#[z]\n```\n", 1),
            (Generator::Plain, "```rust\n# x\n```\n", "```rust\n# x\n```\n", 0),
            (Generator::Obsidian, "a %%b%% c `%%` d\n%%\nsecret\n", "a  c `%%` d\n", 1),
            (Generator::Plain, "```mermaid\nx\n```\n", "```mermaid\nx\n```\n", 1),
        ] {
            assert_eq!(converted(generator, before), (after.to_owned(), messages), "{before}");
        }
    }
}
