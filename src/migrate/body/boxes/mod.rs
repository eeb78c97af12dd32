//! Converts admonitions, callouts and other boxes to alerts, which are block quotes in other Markdown.

mod callouts;
mod opening;

use std::ops::Range;

use super::super::report::Notes;
use super::super::text::{Edit, Text};
use super::super::{Generator, kinds};
use super::lines::{Line, lines_of};

pub(super) use opening::{header, is_box};

/// Where a block ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extent {
    /// After the indented lines.
    Indented,
    /// At a line that consists of these marks.
    Closed(char),
}

/// The Markdown that a block is converted to.
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
        // They are in the order of their openings: a block has others inside if the next one is.
        let next = blocks.iter().skip(1).map(|next| next.opening).chain([usize::MAX]);
        for (block, _) in blocks.iter().zip(next).filter(|(block, next)| !block.inside.contains(next)) {
            edit(block, &lines, &mut edits);
        }
        if edits.is_empty() {
            break;
        }
        text.edit(edits);
    }
    callouts::convert(text, notes);
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
        let Some((shape, extent)) = opening::opening(generator, line, python, colons) else {
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
    // A block that is never closed is text.
    let (mut unclosed, mut index) = (open.into_iter().peekable(), 0);
    blocks.retain(|_| {
        index += 1;
        unclosed.next_if_eq(&(index - 1)).is_none()
    });
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
    // A blank line separates it from what follows.
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

#[cfg(test)]
mod tests;
