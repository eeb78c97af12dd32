use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::diag::Diagnostic;
use crate::source::{SitePath, Span};

use super::node::RemovedCharacter;
use super::yaml_spans::yaml_node_ranges;

/// The number of a value among all that share one [`SourceMap`], in reading order.
pub type NodeId = u32;

/// Maps the numbers of nodes to places in files. Places are computed on the first request, one document at a time, so
/// that one invalid record among 100,000 needs only its own part of the file.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    segments: Vec<Arc<Segment>>,
    /// The number of the first node.
    first: NodeId,
}

/// A part of a file that was read as one document.
#[derive(Debug)]
pub(super) struct Segment {
    /// The number of its first node.
    pub first: NodeId,
    /// How many nodes it has.
    pub count: NodeId,
    pub file: SitePath,
    pub text: Arc<str>,
    /// Its range in `text`.
    pub range: Range<usize>,
    /// The offset of `text` in the file.
    pub base: usize,
    /// The byte ranges of its nodes, from the start of the range.
    pub ranges: OnceLock<Vec<Range<u32>>>,
}

impl SourceMap {
    /// The place of a node. `None` only for values that were not read from a file.
    pub fn span(&self, node: NodeId) -> Option<Span> {
        let after = self.segments.partition_point(|segment| segment.first <= node);
        let segment = self.segments.get(after.checked_sub(1)?)?;
        (node - segment.first < segment.count).then(|| segment.span(node))
    }

    /// A map whose first node has this number.
    pub fn from(first: NodeId) -> Self {
        Self { segments: Vec::new(), first }
    }

    /// The number of the next document's first node.
    pub fn next(&self) -> NodeId {
        self.segments.last().map_or(self.first, |last| last.first.saturating_add(last.count))
    }

    /// Adds the places of another map, whose nodes have other numbers. Call [`Self::sort`] afterwards.
    pub fn extend(&mut self, other: &Self) {
        self.segments.extend_from_slice(&other.segments);
    }

    /// Sorts the places by the numbers of their nodes.
    pub fn sort(&mut self) {
        self.segments.sort_by_key(|segment| segment.first);
    }

    pub(super) fn push(&mut self, segment: Arc<Segment>) {
        self.segments.push(segment);
    }
}

impl Segment {
    /// Its text.
    pub fn text(&self) -> &str {
        self.text.get(self.range.clone()).unwrap_or_default()
    }

    /// The range in the file of a range in this document.
    pub fn place(&self, bytes: Range<usize>) -> Span {
        let start = self.base + self.range.start;
        Span::new(&self.file, start + bytes.start..start + bytes.end)
    }

    /// The place of a node; the last known place if it has none.
    pub fn span(&self, node: NodeId) -> Span {
        let ranges = self.ranges.get_or_init(|| yaml_node_ranges(self.text(), self.count as usize));
        let index = node.saturating_sub(self.first) as usize;
        let mark = ranges.get(index).or(ranges.last()).cloned().unwrap_or_default();
        self.place(mark.start as usize..mark.end as usize)
    }

    /// Reports the characters that were removed from its texts, once for each text.
    pub fn report_removed(&self, removed: &[RemovedCharacter]) -> impl Iterator<Item = Diagnostic> {
        removed.iter().map(|(node, c)| Diagnostic::control_character(self.span(self.first.saturating_add(*node)), *c))
    }
}
