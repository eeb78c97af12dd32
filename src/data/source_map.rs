use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::diag::Diagnostic;
use crate::source::{SitePath, Span};

use super::node::LeftOut;
use super::yaml_spans::yaml_marks;

/// The number of a value among all that share one [`SourceMap`], in reading order.
pub type NodeId = u32;

/// Turns the numbers of nodes into places in files. Places are worked out at the first question, one stretch of text at
/// a time, so that one bad record among 100,000 costs one walk of its neighbours.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    stretches: Vec<Arc<Stretch>>,
}

/// A stretch of one file that was read as one document.
#[derive(Debug)]
pub(super) struct Stretch {
    /// The number of its first node.
    pub first: NodeId,
    /// How many nodes it has.
    pub count: NodeId,
    pub file: SitePath,
    pub text: Arc<str>,
    /// Which part of `text` it is.
    pub range: Range<usize>,
    /// Where in the file `text` starts.
    pub base: usize,
    /// The bytes of each node, from the start of the range.
    pub marks: OnceLock<Vec<Range<u32>>>,
}

impl SourceMap {
    /// Where a node stands. `None` only for values that were not read from a file.
    pub fn span(&self, node: NodeId) -> Option<Span> {
        let after = self.stretches.partition_point(|stretch| stretch.first <= node);
        let stretch = self.stretches.get(after.checked_sub(1)?)?;
        (node - stretch.first < stretch.count).then(|| stretch.span(node))
    }

    /// The number the next stretch starts with.
    pub(super) fn next(&self) -> NodeId {
        self.stretches.last().map_or(0, |last| last.first.saturating_add(last.count))
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

    /// The file's bytes for these of its own.
    pub fn place(&self, bytes: Range<usize>) -> Span {
        let start = self.base + self.range.start;
        Span::new(&self.file, start + bytes.start..start + bytes.end)
    }

    /// Where a node stands; the last known place for one that the marks do not know.
    pub fn span(&self, node: NodeId) -> Span {
        let marks = self.marks.get_or_init(|| yaml_marks(self.text(), self.count as usize));
        let index = node.saturating_sub(self.first) as usize;
        let mark = marks.get(index).or(marks.last()).cloned().unwrap_or_default();
        self.place(mark.start as usize..mark.end as usize)
    }

    /// Tells of the characters that are left out of its texts, once for each text.
    pub fn tell(&self, left_out: &[LeftOut]) -> impl Iterator<Item = Diagnostic> {
        left_out.iter().map(|(node, c)| Diagnostic::control_character(self.span(self.first.saturating_add(*node)), *c))
    }
}
