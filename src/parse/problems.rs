use std::ops::Range;

use super::limits::MAX_PROBLEMS;
use crate::diag::{Diagnostic, Diagnostics};
use crate::source::{SitePath, Span};

/// The problems of one file, up to [`MAX_PROBLEMS`].
#[derive(Debug)]
pub(super) struct Problems<'a> {
    /// The file.
    pub file: &'a SitePath,
    list: Diagnostics,
    count: usize,
}

impl<'a> Problems<'a> {
    pub fn new(file: &'a SitePath) -> Self {
        Self { file, list: Diagnostics::default(), count: 0 }
    }

    /// A range of the file.
    pub fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file, range)
    }

    /// Adds a problem at a range of the file.
    pub fn add(&mut self, code: &'static str, at: Range<usize>, message: impl Into<String>, hint: impl Into<String>) {
        self.push(Diagnostic::new(code, self.span(at), message).hint(hint));
    }

    /// Adds a problem.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.count += 1;
        if self.count < MAX_PROBLEMS {
            self.list.push(diagnostic);
        } else if self.count == MAX_PROBLEMS {
            let message =
                format!("more than {MAX_PROBLEMS} problems (MAX_PROBLEMS) in one page; the rest is not shown");
            self.list.push(Diagnostic::new("too-large", diagnostic.at, message).hint("fix those above first"));
        }
    }

    /// Whether the limit is reached, so that further problems are not shown.
    pub fn is_full(&self) -> bool {
        self.count >= MAX_PROBLEMS
    }

    /// All of them.
    pub fn finish(self) -> Diagnostics {
        self.list
    }
}
