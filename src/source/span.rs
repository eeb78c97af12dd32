use super::SitePath;

/// A range of bytes in one input file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file, named from the site's root.
    pub file: SitePath,
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The bytes `start..end` of `file`.
    pub fn new(file: &SitePath, range: std::ops::Range<usize>) -> Self {
        Self { file: file.clone(), start: range.start, end: range.end.max(range.start) }
    }

    /// The start of a file: where a problem concerns all of it.
    pub fn file(file: &SitePath) -> Self {
        Self::new(file, 0..0)
    }
}
