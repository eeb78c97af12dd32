use glob::{Pattern, PatternError};

use crate::data::At;

/// Patterns such as `*.bak` or `drafts/**`; a `*` crosses folders.
#[derive(Clone, Debug, Default)]
pub struct Globs(Vec<Pattern>);

impl Globs {
    /// The globs that are ones; others were refused with the configuration.
    pub fn new(patterns: &[At<String>]) -> Self {
        Self(patterns.iter().filter_map(|pattern| Pattern::new(pattern).ok()).collect())
    }

    /// What is wrong with a glob, and at which of its characters, from 0.
    pub(super) fn fault(pattern: &str) -> Option<PatternError> {
        Pattern::new(pattern).err()
    }

    /// Whether one of them is all of `path`.
    pub fn is_match(&self, path: &str) -> bool {
        self.0.iter().any(|pattern| pattern.matches(path))
    }
}
