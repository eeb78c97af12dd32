//! Problems as data: what is wrong, where, and what to do. Showing them is elsewhere.

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

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The site is not published.
    Error,
    /// The site is published, and somebody should look.
    Warning,
    /// Turned off: not shown.
    Allow,
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Diagnostic {
    /// The stable name of its kind, one of [`CODES`].
    pub code: &'static str,
    /// How bad it is here; `site.toml` and flags may have moved it from the code's default.
    pub severity: Severity,
    /// What is wrong, in a sentence without a full stop.
    pub message: String,
    /// Where; absent only for what is wrong with no file in particular.
    pub at: Option<Span>,
    /// Other places that matter, each with a word on why.
    pub labels: Vec<(Span, String)>,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// A problem of kind `code`, at its default severity; a test holds every code in use against [`CODES`].
    pub fn new(code: &'static str, at: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        let severity = find_code(code).map_or(Severity::Error, |code| code.severity);
        Self { code, severity, message: message.into(), at: at.into(), labels: Vec::new(), hint: None }
    }

    /// A character that is left out.
    pub fn control_character(at: Span, c: char) -> Self {
        let kind = match c {
            '\u{202a}'..='\u{202e}' => "overrides the direction of the text that follows",
            c if c.is_control() => "is a control character",
            _ => "is not a character",
        };
        let message = format!("U+{:04X} {kind}, and is left out", u32::from(c));
        Self::new("control-character", at, message).hint("remove it")
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds another place that matters.
    #[must_use]
    pub fn label(mut self, at: Span, text: impl Into<String>) -> Self {
        self.labels.push((at, text.into()));
        self
    }
}
