//! Problems as data: code, message, place and hint. They are printed elsewhere.

mod cache_codec;
mod code;
mod io;
mod list;
mod names;
mod selection;

pub use code::{CODES, Code, find_code, is_always_error};
pub use io::plain;
pub use list::Diagnostics;
pub use names::{Names, did_you_mean};
pub use selection::{Selection, Shown};

use crate::source::Span;

/// The severity of a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The site is not published.
    Error,
    /// The site is published, but should be checked.
    Warning,
    /// Turned off: not shown.
    Allow,
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Diagnostic {
    /// The stable name of its kind, one of [`CODES`].
    pub code: &'static str,
    /// Its severity; `site.toml` and flags may have changed it from the code's default.
    pub severity: Severity,
    /// The message: a sentence without a full stop.
    pub message: String,
    /// The place; `None` only for problems without a file.
    pub at: Option<Span>,
    /// Other places, each with a label.
    pub labels: Vec<(Span, String)>,
    /// The hint.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// A problem of kind `code`, with its default severity; a test checks that every code in use is in [`CODES`].
    pub fn new(code: &'static str, at: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        let severity = find_code(code).map_or(Severity::Error, |code| code.severity);
        Self { code, severity, message: message.into(), at: at.into(), labels: Vec::new(), hint: None }
    }

    /// The problem of a removed character.
    pub fn control_character(at: Span, c: char) -> Self {
        let kind = match c {
            '\u{202a}'..='\u{202e}' => "overrides the direction of the text that follows",
            c if c.is_control() => "is a control character",
            _ => "is not a character",
        };
        let message = format!("U+{:04X} {kind}, and is left out", u32::from(c));
        Self::new("control-character", at, message).hint("remove it")
    }

    /// Adds a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn label(mut self, at: Span, text: impl Into<String>) -> Self {
        self.labels.push((at, text.into()));
        self
    }
}
