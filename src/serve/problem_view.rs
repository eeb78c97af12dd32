//! Problems in the form that the browser shows.

use serde::Serialize;

use crate::diag::{Diagnostic, Diagnostics, Selection, Severity};
use crate::source::{Files, Texts};

/// The maximum number of characters of a source line that is shown.
const WIDTH: usize = 400;

/// A problem for the browser. The script sets every field as text, not as HTML.
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
    /// The [selected](Selection) errors among these problems, and how many are left out.
    pub fn errors(problems: impl Iterator<Item = Diagnostic>, files: &dyn Files) -> (Vec<Self>, usize) {
        let errors: Diagnostics = problems.filter(|found| found.severity == Severity::Error).collect();
        let selection = Selection::of(&errors);
        let mut texts = Texts::new(files);
        let shown = selection.shown.iter().map(|shown| Self::of(shown.problem, &mut texts)).collect();
        (shown, selection.count_left_out())
    }

    /// The problem with its line.
    fn of(found: &Diagnostic, texts: &mut Texts<'_>) -> Self {
        let lines = found.at.as_ref().map(|at| (at, texts.get(&at.file)));
        let (line, column) = lines.map_or((0, 0), |(at, lines)| {
            let place = lines.place(at.start);
            (place.line, place.column)
        });
        let source = lines.and_then(|(at, lines)| lines.text().get(lines.line(at.start))).unwrap_or_default();
        Self {
            severity: if found.severity == Severity::Error { "error" } else { "warning" },
            code: found.code,
            message: found.message.clone(),
            file: found.at.as_ref().map(|at| at.file.to_string()),
            line,
            column,
            source: source.trim_end_matches('\r').chars().take(WIDTH).collect(),
            hint: found.hint.clone(),
        }
    }
}
