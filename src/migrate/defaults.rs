//! Default front matter for many pages.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::front_matter;
use super::values::Map;
use crate::source::{SitePath, Span};

/// Front matter for many pages.
#[derive(Clone, Debug)]
pub(super) struct Defaults {
    /// The folder or file of its pages; a name that ends with a point has no extension yet.
    pub below: String,
    pub values: Map,
    file: SitePath,
    /// Where each key is written.
    places: FxHashMap<String, Range<usize>>,
}

impl Defaults {
    /// Values that `text` has at `from`, as a file has it.
    pub fn new(below: String, values: Map, file: &SitePath, text: &str, from: usize) -> Self {
        let own = text.get(from..).unwrap_or_default();
        let place = |key: &str| {
            let at = front_matter::place(own, key);
            if at.is_empty() { 0..0 } else { from + at.start..from + at.end }
        };
        let places = values.keys().filter_map(|key| key.as_str()).map(|key| (key.to_owned(), place(key))).collect();
        Self { below, values, file: file.clone(), places }
    }

    /// Whether they are for a file.
    pub fn are_for(&self, source: &SitePath) -> bool {
        let rest = source.as_str().strip_prefix(self.below.as_str());
        let is_start = self.below.is_empty() || self.below.ends_with('.');
        rest.is_some_and(|rest| is_start || rest.is_empty() || rest.starts_with('/'))
    }

    /// Where a key is written.
    pub fn place(&self, key: &str) -> Span {
        Span::new(&self.file, self.places.get(key).cloned().unwrap_or(0..0))
    }
}
