//! Patterns of text.

use regex_lite::Regex;

/// A pattern that is part of the program.
#[expect(clippy::expect_used, reason = "the pattern is a constant, and a test of its module uses it")]
pub(super) fn pattern(text: &'static str) -> Regex {
    Regex::new(text).expect("a constant pattern")
}
