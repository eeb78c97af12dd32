use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::diag::Diagnostic;
use crate::source::{SitePath, Span};

use super::node::LeftOutCharacter;
use super::yaml_spans::yaml_marks;

/// The number of a value among all that share one [`SourceMap`], in reading order.
pub type NodeId = u32;

/// Maps the numbers of nodes to places in files. Places are computed on the first request, one document at a time, so
/// that one invalid record among 100,000 needs only its own part of the file.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    stretches: Vec<Arc<Stretch>>,
    /// The number of the first node, where it is not 0.
    first: NodeId,
}

/// A part of a file that was read as one document.
#[derive(Debug)]
pub(super) struct Stretch {
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
    pub marks: OnceLock<Vec<Range<u32>>>,
}

impl SourceMap {
    /// The place of a node. `None` only for values that were not read from a file.
    pub fn span(&self, node: NodeId) -> Option<Span> {
        let after = self.stretches.partition_point(|stretch| stretch.first <= node);
        let stretch = self.stretches.get(after.checked_sub(1)?)?;
        (node - stretch.first < stretch.count).then(|| stretch.span(node))
    }

    /// A map whose first node has this number.
    pub fn from(first: NodeId) -> Self {
        Self { stretches: Vec::new(), first }
    }

    /// The number of the next document's first node.
    pub fn next(&self) -> NodeId {
        self.stretches.last().map_or(self.first, |last| last.first.saturating_add(last.count))
    }

    /// Adds the places of another, whose nodes have other numbers; [`Self::sort`] comes after the last.
    pub fn extend(&mut self, other: &Self) {
        self.stretches.extend_from_slice(&other.stretches);
    }

    /// Puts what was added in the order of its numbers.
    pub fn sort(&mut self) {
        self.stretches.sort_by_key(|stretch| stretch.first);
    }

    pub(super) fn push(&mut self, stretch: Arc<Stretch>) {
        self.stretches.push(stretch);
    }
}

impl Stretch {
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
        let marks = self.marks.get_or_init(|| yaml_marks(self.text(), self.count as usize));
        let index = node.saturating_sub(self.first) as usize;
        let mark = marks.get(index).or(marks.last()).cloned().unwrap_or_default();
        self.place(mark.start as usize..mark.end as usize)
    }

    /// Reports the characters that were removed from its texts, once for each text.
    pub fn tell(&self, left_out: &[LeftOutCharacter]) -> impl Iterator<Item = Diagnostic> {
        left_out.iter().map(|(node, c)| Diagnostic::control_character(self.span(self.first.saturating_add(*node)), *c))
    }
}
