//! Finds links, headings, code and HTML in a page, in one pass over its Markdown.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

/// The links, headings, code and HTML of a page.
#[derive(Clone, Debug, Default)]
pub(super) struct Structure {
    pub links: Vec<LinkAt>,
    pub headings: Vec<HeadingAt>,
    pub fences: Vec<FenceAt>,
    /// The ranges of code, with fences.
    pub code: Vec<Range<usize>>,
    pub html: Vec<Range<usize>>,
    pub math: Vec<Range<usize>>,
    /// Tables with rows longer than their head: where the head begins, and how many cells it lacks.
    pub short_heads: Vec<(usize, usize)>,
}

/// A link or a picture.
#[derive(Clone, Debug)]
pub(super) struct LinkAt {
    /// The whole link; the line, if it is a link definition.
    pub range: Range<usize>,
    /// The range of its address, if it can be replaced.
    pub address: Option<Range<usize>>,
    pub target: String,
}

/// A heading.
#[derive(Clone, Debug)]
pub(super) struct HeadingAt {
    pub level: usize,
    pub text: String,
    /// The id it is given.
    pub id: Option<String>,
    /// Where its text ends, so that an id can be added.
    pub end: usize,
    /// Whether it is the first thing of the page.
    pub is_first: bool,
}

/// A fenced block of code.
#[derive(Clone, Debug)]
pub(super) struct FenceAt {
    /// The whole block.
    pub range: Range<usize>,
    /// The range of the info string.
    pub info: Range<usize>,
}

impl Structure {
    /// Reads a text; `math` is whether `$…$` is a formula.
    pub fn read(text: &str, math: bool) -> Self {
        let mut options = Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_HEADING_ATTRIBUTES
            | Options::ENABLE_DEFINITION_LIST
            | Options::ENABLE_GFM;
        options.set(Options::ENABLE_MATH, math);
        let parser = Parser::new_ext(text, options);
        let mut found = Self::default();
        for (_, definition) in parser.reference_definitions().iter() {
            let range = definition.span.clone();
            let address = after(text, &range, "]:", &definition.dest);
            found.links.push(LinkAt { range, address, target: definition.dest.to_string() });
        }
        let mut heading: Option<HeadingAt> = None;
        let mut is_first = true;
        let (mut table, mut cell_end, mut lacking) = (0, 0, 0);
        for (event, range) in parser.into_offset_iter() {
            match event {
                Event::Start(Tag::Heading { level, id, .. }) => {
                    let id = id.map(|id| id.to_string());
                    let text = String::new();
                    heading = Some(HeadingAt { level: level as usize, text, id, end: range.start, is_first });
                }
                Event::End(TagEnd::Heading(_)) => {
                    if let Some(mut heading) = heading.take() {
                        heading.end = heading_end(text, &range).max(heading.end);
                        found.headings.push(heading);
                    }
                }
                Event::Text(ref piece) | Event::Code(ref piece) if heading.is_some() => {
                    if let Some(heading) = &mut heading {
                        heading.text.push_str(piece);
                    }
                    if matches!(event, Event::Code(_)) {
                        found.code.push(range);
                    }
                }
                Event::Code(_) => found.code.push(range),
                Event::Start(Tag::CodeBlock(kind)) => {
                    if let CodeBlockKind::Fenced(info) = kind {
                        found.fences.push(FenceAt { info: info_range(text, &range, &info), range: range.clone() });
                    }
                    found.code.push(range);
                }
                Event::Start(Tag::Table(_)) => (table, lacking) = (range.start, 0),
                Event::End(TagEnd::TableCell) => cell_end = range.end,
                Event::End(TagEnd::TableRow) => {
                    let rest = text.get(cell_end..range.end).unwrap_or_default().trim().trim_matches('|').trim();
                    let cells = rest.replace("\\|", "").matches('|').count() + 1;
                    lacking = lacking.max(if rest.is_empty() { 0 } else { cells });
                }
                Event::End(TagEnd::Table) if lacking > 0 => found.short_heads.push((table, lacking)),
                Event::Start(Tag::HtmlBlock) => found.html.push(range),
                Event::InlineHtml(_) => found.html.push(range),
                Event::InlineMath(_) | Event::DisplayMath(_) => found.math.push(range),
                Event::Start(Tag::Link { dest_url, link_type, .. } | Tag::Image { dest_url, link_type, .. }) => {
                    let address = match link_type {
                        LinkType::Inline => after_last(text, &range, "](", &dest_url),
                        _ => None,
                    };
                    found.links.push(LinkAt { range, address, target: dest_url.to_string() });
                }
                _ => {}
            }
            is_first = false;
        }
        found.links.sort_by_key(|link| link.range.start);
        found
    }

    /// Whether a range overlaps code, HTML or a formula, where Markdown has no meaning.
    pub fn is_literal(&self, range: &Range<usize>) -> bool {
        touches(&self.code, range) || touches(&self.html, range) || touches(&self.math, range)
    }

    /// Whether a range touches code.
    pub fn is_code(&self, range: &Range<usize>) -> bool {
        touches(&self.code, range)
    }

    /// Whether a range touches a link or its address.
    pub fn is_link(&self, range: &Range<usize>) -> bool {
        self.links.iter().any(|link| link.range.start < range.end && range.start < link.range.end)
    }
}

/// Whether a range overlaps one of several sorted ranges.
fn touches(ranges: &[Range<usize>], range: &Range<usize>) -> bool {
    let at = ranges.partition_point(|known| known.end <= range.start);
    ranges.get(at).is_some_and(|known| known.start < range.end)
}

/// The range of an address after a mark, without angle brackets.
fn after(text: &str, within: &Range<usize>, mark: &str, address: &str) -> Option<Range<usize>> {
    let piece = text.get(within.clone())?;
    let start = piece.find(mark)? + mark.len();
    at_start(piece, start, address).map(|at| within.start + at.start..within.start + at.end)
}

/// As [`after`], for the last mark that the address follows.
fn after_last(text: &str, within: &Range<usize>, mark: &str, address: &str) -> Option<Range<usize>> {
    let piece = text.get(within.clone())?;
    let mut marks = piece.rmatch_indices(mark);
    let at = marks.find_map(|(at, _)| at_start(piece, at + mark.len(), address))?;
    Some(within.start + at.start..within.start + at.end)
}

/// The range of an address that is written at `start`, possibly in angle brackets or with escapes and entities.
fn at_start(piece: &str, start: usize, address: &str) -> Option<Range<usize>> {
    let rest = piece.get(start..)?;
    let bare = rest.trim_start();
    let (bare, close) = bare.strip_prefix('<').map_or((bare, None), |bare| (bare, Some('>')));
    let start = start + rest.len() - bare.len();
    if address.is_empty() {
        return None;
    }
    if bare.starts_with(address) {
        return Some(start..start + address.len());
    }
    let end = bare.find(|c: char| close.map_or(c.is_whitespace() || c == ')', |close| c == close))?;
    let written = bare.get(..end)?;
    let is_encoded = written.contains(['&', '\\']) && written.len() > address.len();
    is_encoded.then(|| start..start + end)
}

/// The end of the text of a heading, including closing marks.
fn heading_end(text: &str, range: &Range<usize>) -> usize {
    let piece = text.get(range.clone()).unwrap_or_default();
    let is_setext = !piece.starts_with('#');
    let lines: Vec<&str> = piece.trim_end().split('\n').collect();
    let count = if is_setext { lines.len().saturating_sub(1) } else { 1 };
    let length: usize = lines.iter().take(count).map(|line| line.len() + 1).sum();
    let piece = piece.get(..length.saturating_sub(1).min(piece.len())).unwrap_or(piece);
    range.start + piece.trim_end().len()
}

fn info_range(text: &str, range: &Range<usize>, info: &str) -> Range<usize> {
    let line = text.get(range.clone()).unwrap_or_default().lines().next().unwrap_or_default();
    let marks = line.len() - line.trim_start_matches(['`', '~']).len();
    let rest = line.get(marks..).unwrap_or_default();
    let start = range.start + marks + rest.len() - rest.trim_start().len();
    let length = if info.is_empty() { 0 } else { rest.trim().len() };
    start..start + length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_longer_than_their_head_are_counted() {
        let text = "x\n\n| a | b |\n|---|---|\n| 1 | 2 | 3 \\| | 4 |\n| 1 |\n\n| a |\n|---|\n| 1 |\n";
        assert_eq!(Structure::read(text, false).short_heads, [(3, 2)]);
    }

    #[test]
    fn links_headings_and_code_are_found_where_they_are() {
        let text = "# A `b`\n\n[x](a.md \"a.md\") [y](a&amp;b.md) ![p](<b c.png>) [![i](i.png)](j.md) [r] <https://x.org>\n\n[r]: r.md\n\nSet *x*\nmore\n---\n\n> ```rust,ignore\n> # x\n> ```\n\n## C {#d}\n\n<b>h</b> `[no](no.md)` $x$\n";
        let found = Structure::read(text, true);
        let addresses: Vec<&str> = found.links.iter().filter_map(|link| text.get(link.address.clone()?)).collect();
        assert_eq!(addresses, ["a.md", "a&amp;b.md", "b c.png", "j.md", "i.png", "r.md"]);
        let headings: Vec<_> =
            found.headings.iter().map(|h| (h.text.as_str(), h.id.as_deref(), &text[..h.end], h.is_first)).collect();
        assert_eq!((headings[0].0, headings[0].3), ("A b", true));
        assert!(headings[0].2.ends_with("# A `b`") && headings[1].2.ends_with("more"), "{headings:?}");
        assert_eq!((headings[2].0, headings[2].1), ("C", Some("d")));
        assert_eq!(found.fences.iter().map(|fence| &text[fence.info.clone()]).collect::<Vec<_>>(), ["rust,ignore"]);
        assert_eq!(found.math.len(), 1);
        let code = text.find("[no]").expect("it is there");
        assert!(found.is_code(&(code..code + 1)) && found.is_literal(&(code..code + 1)) && !found.is_code(&(0..1)));
    }
}
