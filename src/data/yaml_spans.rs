use std::ops::Range;

use rustc_hash::FxHashMap;
use saphyr_parser::{Event, Marker, Parser, Span};

/// The byte ranges of all nodes of a YAML document, numbered as by [`super::node::NodeBuilder`], from a second parser,
/// since `serde_yaml` gives no places. A list or map has the place of its first scalar, the copy of an alias has the
/// place of the alias, and values inside the copy have the places of the original.
///
/// Stops at `most` nodes, and at the first error of the second parser; never fails.
pub(super) fn yaml_node_ranges(text: &str, most: usize) -> Vec<Range<u32>> {
    let mut walk = Walk { cursor: Cursor::new(text), ..Walk::default() };
    let mut parser = Parser::new_from_str(text);
    while let Some(Ok((event, span))) = parser.next_event() {
        if walk.ranges.len() >= most || !walk.step(&event, span) {
            break;
        }
    }
    walk.ranges
}

#[derive(Default)]
struct Walk<'a> {
    cursor: Cursor<'a>,
    ranges: Vec<Range<u32>>,
    /// Lists and maps not yet closed, with their anchors.
    open: Vec<(usize, usize)>,
    /// The nodes below each anchor.
    anchors: FxHashMap<usize, Range<usize>>,
    /// The first of the collections whose first scalar is not complete.
    waiting: Option<usize>,
}

impl Walk<'_> {
    /// Handles one event; returns whether to continue.
    fn step(&mut self, event: &Event<'_>, span: Span) -> bool {
        match event {
            Event::Scalar(_, _, anchor, _) => {
                let mark = self.cursor.range(span);
                for waiting in self.waiting.take().map_or(0..0, |first| first..self.ranges.len()) {
                    if let Some(open) = self.ranges.get_mut(waiting) {
                        *open = mark.clone();
                    }
                }
                self.anchor(*anchor, self.ranges.len()..self.ranges.len() + 1);
                self.ranges.push(mark);
            }
            Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _) => {
                let mark = self.cursor.range(span);
                self.waiting.get_or_insert(self.ranges.len());
                self.open.push((self.ranges.len(), *anchor));
                self.ranges.push(mark);
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.waiting = None;
                if let Some((start, anchor)) = self.open.pop() {
                    self.anchor(anchor, start..self.ranges.len());
                }
            }
            Event::Alias(anchor) => {
                self.waiting = None;
                let mark = self.cursor.range(span);
                let nodes = self.anchors.get(anchor).cloned().unwrap_or(0..0);
                self.ranges.push(mark);
                self.ranges.extend_from_within(nodes.start.saturating_add(1).min(nodes.end)..nodes.end);
            }
            Event::DocumentEnd | Event::StreamEnd => return false,
            Event::StreamStart | Event::DocumentStart(_) | Event::Nothing => {}
        }
        true
    }

    fn anchor(&mut self, anchor: usize, nodes: Range<usize>) {
        if anchor != 0 {
            self.anchors.insert(anchor, nodes);
        }
    }
}

/// Converts lines and columns to byte offsets; requests mostly ascend, so each continues where the last one ended.
#[derive(Default)]
struct Cursor<'a> {
    text: &'a str,
    lines: Vec<usize>,
    line: usize,
    column: usize,
    byte: usize,
}

impl<'a> Cursor<'a> {
    fn new(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let ends_line = |at: usize| match bytes.get(at) {
            Some(b'\n') => true,
            Some(b'\r') => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        let lines = std::iter::once(0).chain((0..bytes.len()).filter(|at| ends_line(*at)).map(|at| at + 1)).collect();
        Self { text, lines, line: 1, ..Self::default() }
    }

    fn range(&mut self, span: Span) -> Range<u32> {
        let start = self.seek(span.start);
        let (line, column, byte) = (self.line, self.column, self.byte);
        let end = self.seek(span.end).max(start);
        (self.line, self.column, self.byte) = (line, column, byte);
        let inside = self.text.get(start..end).unwrap_or_default();
        let end = start + inside.trim_end().len();
        u32::try_from(start).unwrap_or(u32::MAX)..u32::try_from(end).unwrap_or(u32::MAX)
    }

    fn seek(&mut self, marker: Marker) -> usize {
        if marker.line() != self.line || marker.col() < self.column {
            self.line = marker.line();
            self.column = 0;
            self.byte = self.lines.get(marker.line().saturating_sub(1)).copied().unwrap_or(self.text.len());
        }
        let rest = self.text.get(self.byte..).unwrap_or_default();
        let wanted = marker.col() - self.column;
        let step = rest.char_indices().nth(wanted).map_or(rest.len(), |(at, _)| at);
        self.byte += step;
        self.column = marker.col();
        self.byte
    }
}
