//! Admonitions, callouts and other boxes: they become alerts in quotations, which any Markdown shows.

use super::super::patterns::Pattern;
use super::super::report::Notes;
use super::super::text::{Edit, Text};
use super::super::{Generator, kinds};
use super::lines::{Line, lines_of};
use std::ops::Range;

static BANGS: Pattern = Pattern::new(r#"^(!!!|\?\?\?\+?)[ \t]+([\w-]+(?:[ \t]+[\w-]+)*)[ \t]*(?:"([^"]*)")?[ \t]*$"#);
static TAB: Pattern = Pattern::new(r#"^===[!+]?[ \t]+"([^"]*)"[ \t]*$"#);
static COLONS: Pattern = Pattern::new(r"^:{3,}[ \t]*(\S.*?)[ \t]*:*$");
static SLASHES: Pattern = Pattern::new(r"^/{3,}[ \t]+([\w-]+)[ \t]*(?:\|[ \t]*(.*?))?[ \t]*$");
static CALLOUT: Pattern = Pattern::new(r"^\[!([\w-]+)(?:\|[^\]]*)?\]([-+]?)[ \t]*(.*?)[ \t]*$");
static TITLE: Pattern = Pattern::new(r#"title\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s}]+))"#);
static CLASS: Pattern = Pattern::new(r"\.([\w-]+)");

/// How a block goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extent {
    /// Over all lines that are indented.
    Indented,
    /// Up to a line of these marks alone.
    Closed(char),
}

/// What a block becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Shape {
    /// An alert.
    Box { kind: String, title: Option<String> },
    /// Its text alone, below a title.
    Plain { title: Option<String> },
    /// Nothing: the old site did not show it.
    Hidden,
}

/// A block with its first line and the lines inside.
#[derive(Debug)]
struct Block {
    opening: usize,
    inside: Range<usize>,
    extent: Extent,
    shape: Shape,
}

/// Converts all boxes of a text, inner ones first.
pub(super) fn convert(generator: Generator, text: &mut Text, notes: &mut Notes<'_>) {
    for round in 0..16 {
        let lines = lines_of(text.as_str());
        let blocks = blocks(generator, &lines, round == 0, text, notes);
        let mut edits = Vec::new();
        let is_outer = |block: &Block| blocks.iter().any(|inner| block.inside.contains(&inner.opening));
        for block in blocks.iter().filter(|block| !is_outer(block)) {
            edit(block, &lines, &mut edits);
        }
        if edits.is_empty() {
            break;
        }
        text.edit(edits);
    }
    callouts(text, notes);
}

/// All blocks, outer and inner, of the syntaxes that a generator knows.
fn blocks(generator: Generator, lines: &[Line<'_>], is_first: bool, text: &Text, notes: &mut Notes<'_>) -> Vec<Block> {
    let python = matches!(generator, Generator::MkDocs | Generator::Plain | Generator::Obsidian);
    let colons = matches!(generator, Generator::Quarto | Generator::Plain | Generator::Eleventy | Generator::Hugo);
    let mut blocks: Vec<Block> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_code) {
        let closes = |mark: char| line.text.len() >= 3 && line.text.trim_end().chars().all(|c| c == mark);
        let last = open.last().copied();
        let last_extent = last.and_then(|last| blocks.get(last)).map(|block| block.extent);
        if let (Some(last), Some(Extent::Closed(mark))) = (last, last_extent)
            && closes(mark)
        {
            open.pop();
            if let Some(block) = blocks.get_mut(last) {
                block.inside.end = index;
            }
            continue;
        }
        let Some((shape, extent)) = opening(generator, line, python, colons) else {
            if generator == Generator::MkDocs && is_first && line.text.starts_with("::: ") {
                notes.add(kinds::API, line.text.trim(), text.place(&line.range));
            }
            continue;
        };
        let start = index + 1;
        let end = match extent {
            Extent::Indented => indented_end(lines, index),
            Extent::Closed(_) => {
                open.push(blocks.len());
                lines.len()
            }
        };
        blocks.push(Block { opening: index, inside: start..end, extent, shape });
    }
    // What is never closed is no block.
    let unclosed: Vec<usize> = open.iter().filter_map(|index| blocks.get(*index)).map(|block| block.opening).collect();
    blocks.retain(|block| !unclosed.contains(&block.opening));
    for block in blocks.iter().filter(|_| is_first) {
        note(block, lines, text, notes);
    }
    blocks
}

fn note(block: &Block, lines: &[Line<'_>], text: &Text, notes: &mut Notes<'_>) {
    let Some(line) = lines.get(block.opening) else { return };
    let place = text.place(&line.range);
    match &block.shape {
        Shape::Hidden => {
            let end = lines.get(block.inside.end).map_or(line.range.end, |closing| closing.range.end);
            notes.add(kinds::HIDDEN_BLOCKS, line.text.trim(), text.place(&(line.range.start..end)));
        }
        Shape::Plain { .. } => notes.add(kinds::BLOCKS, line.text.trim().trim_matches(':').trim(), place),
        Shape::Box { .. } if line.text.starts_with("???") => notes.add(kinds::FOLDED, "???", place),
        Shape::Box { .. } if line.text.contains("collapse") => notes.add(kinds::FOLDED, "collapse", place),
        Shape::Box { .. } => {}
    }
}

fn opening(generator: Generator, line: &Line<'_>, python: bool, colons: bool) -> Option<(Shape, Extent)> {
    let text = line.text;
    let group =
        |found: &regex_lite::Captures<'_>, index: usize| found.get(index).map(|group| group.as_str().to_owned());
    if python {
        if let Some(found) = BANGS.captures(text) {
            let kind = group(&found, 2)?.split_whitespace().next()?.to_owned();
            return Some((Shape::Box { kind, title: group(&found, 3) }, Extent::Indented));
        }
        if let Some(found) = TAB.captures(text) {
            return Some((Shape::Plain { title: group(&found, 1) }, Extent::Indented));
        }
        if let Some(found) = SLASHES.captures(text) {
            let (kind, title) = (group(&found, 1)?, group(&found, 2));
            let shape = match kind.as_str() {
                "tab" | "html" | "define" | "caption" | "figure-caption" | "table-caption" => Shape::Plain { title },
                _ => Shape::Box { kind, title },
            };
            return Some((shape, Extent::Closed('/')));
        }
    }
    if colons && text.starts_with(":::") {
        let words = group(&COLONS.captures(text)?, 1)?;
        return Some((colon_shape(generator, &words)?, Extent::Closed(':')));
    }
    None
}

/// What the words after `:::` ask for.
fn colon_shape(generator: Generator, words: &str) -> Option<Shape> {
    let title = TITLE
        .captures(words)
        .and_then(|found| (1..=3).find_map(|index| found.get(index)).map(|title| title.as_str().to_owned()));
    if words.starts_with('{') && (generator == Generator::Quarto || words.contains(['.', '#', '='])) {
        let classes: Vec<&str> = CLASS.captures_iter(words).filter_map(|found| Some(found.get(1)?.as_str())).collect();
        let is_for = |formats: &str| words.contains(formats);
        let hidden = classes.iter().any(|class| match *class {
            "hidden" => true,
            "content-visible" => is_for("when-format") && !is_for("html") || is_for("unless-format") && is_for("html"),
            "content-hidden" => is_for("when-format") && is_for("html"),
            _ => false,
        });
        let callout = classes.iter().find_map(|class| class.strip_prefix("callout-"));
        return Some(match callout {
            _ if hidden => Shape::Hidden,
            Some(kind) => Shape::Box { kind: kind.to_owned(), title },
            None => Shape::Plain { title: None },
        });
    }
    let words = words.trim_matches(['{', '}']);
    let end = words.find(|c: char| !c.is_alphanumeric() && c != '-' && c != '_').unwrap_or(words.len());
    let (kind, rest) = words.split_at_checked(end)?;
    let kind = kind.strip_prefix("callout-").unwrap_or(kind);
    if kind.is_empty() || rest.starts_with(['.', '(']) {
        // Pandoc takes any word for a class.
        return (generator == Generator::Quarto).then_some(Shape::Plain { title: None });
    }
    let written = rest.trim().trim_start_matches('[').trim_end_matches(']');
    let written = (!written.is_empty() && !written.starts_with('{')).then(|| written.to_owned());
    let title = title.or(written);
    // A name that says nothing of a box only groups.
    let is_box = alert(kind).is_some() || generator != Generator::Quarto;
    Some(if is_box { Shape::Box { kind: kind.to_owned(), title } } else { Shape::Plain { title: None } })
}

fn indented_end(lines: &[Line<'_>], opening: usize) -> usize {
    let Some(first) = lines.get(opening) else { return opening };
    let inside = lines.iter().enumerate().skip(opening + 1).take_while(|(_, line)| {
        line.text.trim().is_empty()
            || line
                .before
                .strip_prefix(first.before)
                .is_some_and(|rest| rest.starts_with("    ") || rest.starts_with('\t'))
    });
    inside.filter(|(_, line)| !line.text.trim().is_empty()).last().map_or(opening + 1, |(index, _)| index + 1)
}

fn edit(block: &Block, lines: &[Line<'_>], edits: &mut Vec<Edit>) {
    let Some(opening) = lines.get(block.opening) else { return };
    let inside = lines.get(block.inside.clone()).unwrap_or_default();
    let closing = match block.extent {
        Extent::Closed(_) => lines.get(block.inside.end).map(|line| line.range.clone()),
        Extent::Indented => None,
    };
    let before = opening.before;
    if block.shape == Shape::Hidden {
        let end = closing.map_or(opening.range.end, |closing| closing.end);
        edits.push((opening.range.start..end, String::new()));
        return;
    }
    let (header, prefix) = match &block.shape {
        Shape::Box { kind, title } => (header(kind, title.as_deref(), before), format!("{before}> ")),
        Shape::Plain { title: Some(title) } if !title.is_empty() => {
            (format!("{before}**{title}**\n\n"), before.to_owned())
        }
        _ => (String::new(), before.to_owned()),
    };
    edits.push((opening.range.clone(), header));
    let mut options = block.extent == Extent::Closed('/');
    for line in inside {
        // Options of a PyMdown block are indented lines `key: value` below its first.
        options &= line.indent >= opening.indent + 4 && line.text.contains(':');
        if options {
            edits.push((line.range.clone(), String::new()));
            continue;
        }
        let removed = match block.extent {
            Extent::Indented if line.before.get(before.len()..).is_some_and(|rest| rest.starts_with('\t')) => {
                before.len() + 1
            }
            Extent::Indented => (before.len() + 4).min(line.before.len()),
            Extent::Closed(_) => before.len().min(line.before.len()),
        };
        if line.range.len() > 1 || !line.text.is_empty() {
            edits.push((line.range.start..line.range.start + removed, prefix.clone()));
        } else if matches!(block.shape, Shape::Box { .. }) {
            edits.push((line.range.start..line.range.start, format!("{before}>")));
        }
    }
    // A blank line parts it from what follows.
    match closing {
        Some(closing) => edits.push((closing, "\n".to_owned())),
        None => {
            let end = inside.last().map_or(opening.range.end, |line| line.range.end);
            if !matches!(lines.get(block.inside.end), None | Some(Line { text: "", .. })) {
                edits.push((end..end, "\n".to_owned()));
            }
        }
    }
}

/// The first lines of an alert.
pub(super) fn header(kind: &str, title: Option<&str>, before: &str) -> String {
    let title = title.map(str::trim);
    let name = alert(kind).unwrap_or("NOTE");
    let own = title.filter(|title| !title.is_empty() && !title.eq_ignore_ascii_case(name)).map(str::to_owned);
    let own = own
        .or_else(|| (title.is_none() && !name.eq_ignore_ascii_case(kind)).then(|| crate::parse::title_from_name(kind)));
    let line = own.map_or_else(String::new, |own| format!("{before}> **{own}**\n{before}>\n"));
    format!("{before}> [!{name}]\n{line}")
}

/// The alert that is nearest to a kind of box.
fn alert(kind: &str) -> Option<&'static str> {
    Some(match kind.to_ascii_lowercase().as_str() {
        "note" | "info" | "abstract" | "summary" | "tldr" | "todo" | "example" | "question" | "help" | "faq"
        | "quote" | "cite" | "seealso" | "primary" | "secondary" | "callout" | "details" | "admonition" | "notice"
        | "alert" => "NOTE",
        "tip" | "hint" | "success" | "check" | "done" => "TIP",
        "important" => "IMPORTANT",
        "warning" | "attention" | "warn" => "WARNING",
        "caution" | "danger" | "error" | "failure" | "fail" | "missing" | "bug" => "CAUTION",
        _ => return None,
    })
}

/// Whether a name is that of a box.
pub(super) fn is_box(name: &str) -> bool {
    alert(name).is_some()
}

/// Callouts `> [!kind]- Title`: those that are no alerts become ones.
fn callouts(text: &mut Text, notes: &mut Notes<'_>) {
    let mut edits = Vec::new();
    for line in lines_of(text.as_str()).iter().filter(|line| !line.is_code && line.quote > 0) {
        let Some(found) = CALLOUT.captures(line.text) else { continue };
        let group = |index: usize| found.get(index).map_or("", |group| group.as_str());
        let (kind, fold, title) = (group(1), group(2), group(3));
        let is_alert =
            ["NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"].iter().any(|name| name.eq_ignore_ascii_case(kind));
        if is_alert && fold.is_empty() && title.is_empty() {
            continue;
        }
        if fold == "-" {
            notes.add(kinds::FOLDED, format!("[!{kind}]-"), text.place(&line.range));
        }
        let start = line.range.start + line.before.len();
        let quoted = line.before.trim_end().strip_suffix('>').unwrap_or_default();
        let header = header(kind, (!title.is_empty()).then_some(title), quoted);
        // The first line has its own marks already.
        let header = header
            .strip_prefix(quoted)
            .and_then(|rest| rest.strip_prefix("> "))
            .unwrap_or(&header)
            .trim_end_matches('\n')
            .to_owned();
        edits.push((start..start + line.text.trim_end().len(), header));
    }
    text.edit(edits);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::report::Report;
    use crate::source::SitePath;

    fn converted(generator: Generator, text: &str) -> (String, Vec<String>) {
        let file = SitePath::new("a.md").expect("a path");
        let mut report = Report::default();
        let mut text = Text::new(text, 0);
        convert(generator, &mut text, &mut Notes { file: &file, report: &mut report });
        (text.into_string(), report.problems().iter().map(|found| found.message.clone()).collect())
    }

    #[test]
    fn admonitions_become_alerts() {
        for (generator, text, expected) in [
            (Generator::MkDocs, "!!! note\n    Text\n\n    more\n\nAfter\n", "> [!NOTE]\n> Text\n>\n> more\n\nAfter\n"),
            (Generator::MkDocs, "!!! danger \"Stop\"\n    x\nAfter\n", "> [!CAUTION]\n> **Stop**\n>\n> x\n\nAfter\n"),
            (Generator::MkDocs, "!!! example\n    x\n", "> [!NOTE]\n> **Example**\n>\n> x\n"),
            (Generator::MkDocs, "!!! note \"\"\n    x\n", "> [!NOTE]\n> x\n"),
            (Generator::MkDocs, "- a\n\n    !!! tip\n        x\n", "- a\n\n    > [!TIP]\n    > x\n"),
            (Generator::MkDocs, "!!! note\n    ```\n    !!! no\n    ```\n", "> [!NOTE]\n> ```\n> !!! no\n> ```\n"),
            (Generator::MkDocs, "!!! note\n    !!! tip\n        x\n", "> [!NOTE]\n> > [!TIP]\n> > x\n"),
            (Generator::MkDocs, "/// warning | W\n    type: x\n\nx\n///\n", "> [!WARNING]\n> **W**\n>\n>\n> x\n\n"),
            (Generator::Plain, ":::note[My title]\nx\n:::\nAfter\n", "> [!NOTE]\n> **My title**\n>\n> x\n\nAfter\n"),
            (Generator::Plain, ":::tip\n\nx\n\n:::\n", "> [!TIP]\n>\n> x\n>\n\n"),
            (Generator::Quarto, "::: {.callout-tip title=\"T\"}\nx\n:::\n", "> [!TIP]\n> **T**\n>\n> x\n\n"),
            (Generator::Quarto, ":::: {.columns}\n::: {.callout-note}\nx\n:::\n::::\n", "> [!NOTE]\n> x\n\n\n"),
            (Generator::Obsidian, "> [!faq]- Why\n> x\n", "> [!NOTE]\n> **Why**\n>\n> x\n"),
            (Generator::Hugo, "> [!NOTE]\n> x\n", "> [!NOTE]\n> x\n"),
            (Generator::Plain, "> [!TIP] Do\n> x\n", "> [!TIP]\n> **Do**\n>\n> x\n"),
        ] {
            assert_eq!(converted(generator, text).0, expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_box_stays() {
        for (generator, text) in [
            (Generator::Plain, ":::note\nnever closed\n"),
            (Generator::Jekyll, "!!! note\n    x\n"),
            (Generator::Plain, "```\n:::note\nx\n:::\n```\n"),
            (Generator::MkDocs, "::: pkg.module\n    options:\n"),
        ] {
            assert_eq!(converted(generator, text).0, text);
        }
        let (text, told) = converted(Generator::Quarto, "::: {.content-visible when-format=\"pdf\"}\nx\n:::\nAfter\n");
        assert_eq!(text, "After\n");
        assert!(told[0].contains("content-visible"), "{told:?}");
        assert!(converted(Generator::MkDocs, "??? note\n    x\n").1[0].contains("???"));
        assert_eq!(converted(Generator::MkDocs, "=== \"A\"\n    x\n").0, "**A**\n\nx\n");
    }
}
