//! Problems as the browser shows them.

use serde::Serialize;

use crate::diag::{Diagnostic, Severity};
use crate::source::{Files, line_column};

/// Characters of a source line that a browser shows.
const WIDTH: usize = 400;
/// Problems that a browser shows.
pub(super) const SHOWN: usize = 200;

/// A problem as the browser shows it. The script sets every text as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct ProblemView {
    severity: &'static str,
    code: &'static str,
    message: String,
    file: Option<String>,
    line: usize,
    column: usize,
    source: String,
    hint: Option<String>,
}

impl ProblemView {
    /// The problem with the line in which it stands, read as it is now.
    pub fn of(found: &Diagnostic, files: &dyn Files) -> Self {
        let text = found.at.as_ref().and_then(|at| files.read(&at.file).ok());
        let text = text.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
        let place = found.at.as_ref().map(|at| line_column(&text, at.start));
        let (line, column) = place.map_or((0, 0), |place| (place.line, place.column));
        let source = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
        Self {
            severity: if found.severity == Severity::Error { "error" } else { "warning" },
            code: found.code,
            message: found.message.clone(),
            file: found.at.as_ref().map(|at| at.file.to_string()),
            line,
            column,
            source: source.chars().take(WIDTH).collect(),
            hint: found.hint.clone(),
        }
    }
}
