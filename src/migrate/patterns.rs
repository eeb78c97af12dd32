//! Patterns of text.

use std::sync::OnceLock;

use regex_lite::{Captures, Match, Regex};

/// A pattern that is part of the program, compiled when it is first used.
pub(super) struct Pattern {
    text: &'static str,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    pub const fn new(text: &'static str) -> Self {
        Self { text, compiled: OnceLock::new() }
    }

    /// The pattern; one with a mistake, which the tests find, matches nothing.
    fn get(&self) -> Option<&Regex> {
        let compile = || {
            let compiled = Regex::new(self.text);
            debug_assert!(compiled.is_ok(), "{compiled:?}");
            compiled.ok()
        };
        self.compiled.get_or_init(compile).as_ref()
    }

    pub fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.get()?.captures(text)
    }

    pub fn captures_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Captures<'t>> {
        self.get().into_iter().flat_map(move |pattern| pattern.captures_iter(text))
    }

    pub fn find_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Match<'t>> {
        self.get().into_iter().flat_map(move |pattern| pattern.find_iter(text))
    }

    pub fn is_match(&self, text: &str) -> bool {
        self.get().is_some_and(|pattern| pattern.is_match(text))
    }
}
