use std::ops::Range;

use super::source_map::Segment;
use crate::diag::Diagnostic;

/// The problem of a text with conflict markers of a merge, at the first one: the parser's own error would not help.
pub(super) fn unresolved(code: &'static str, text: &str, segment: &Segment) -> Option<Diagnostic> {
    let problem = Diagnostic::new(code, segment.place(first_marker(text)?), "unresolved merge conflict");
    Some(problem.hint("keep one version, and remove the lines `<<<<<<<`, `=======` and `>>>>>>>`"))
}

/// The start of the first conflict: a line of seven `<`, as Git writes it.
fn first_marker(text: &str) -> Option<Range<usize>> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with("<<<<<<< ") {
            return Some(at..at + line.trim_end().len());
        }
        at += line.len();
    }
    None
}
