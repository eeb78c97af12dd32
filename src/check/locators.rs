//! The lines that are cited are there and hold something.

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::{Ledger, Lines};
use crate::parse::Prose;
use crate::site::{Page, Site};

use super::Archive;
use super::figures::lines;

pub(super) fn check(_: &Site, page: &Page, _: &Prose, archive: &Archive, problems: &mut Diagnostics) {
    for citation in &page.metadata.citations {
        let Some(lines) = lines(citation.locator.as_deref()) else { continue };
        if let Some(message) = fault(archive, &citation.key, &lines) {
            problems.push(problem(message, citation.span.clone()));
        }
    }
}

pub(super) fn check_records(ledger: &Ledger, archive: &Archive, problems: &mut Diagnostics) {
    for support in ledger.claims.iter().flat_map(|claim| &claim.sources) {
        if let Some(message) = fault(archive, &support.source, &support.lines) {
            let at = ledger.span(&support.lines).or_else(|| ledger.span(&support.source));
            problems.push(problem(message, at));
        }
    }
    for wrong in ledger.entities.iter().flat_map(|entity| &entity.misspellings) {
        let at = || ledger.span(&wrong.lines).or_else(|| ledger.span(&wrong.source));
        if let Some(message) = fault(archive, &wrong.source, &wrong.lines) {
            problems.push(problem(message, at()));
        } else if let Some(text) = archive.text(&wrong.source)
            && !wrong.lines.is_empty()
            && !wrong
                .lines
                .numbers()
                .take(1000)
                .any(|line| text.line(line).is_some_and(|line| line.contains(&*wrong.spelling)))
        {
            let message =
                format!("`{}` is not at {} of `{}`", &*wrong.spelling, wrong.lines.value, wrong.source.as_str());
            problems.push(problem(message, at()));
        }
    }
}

fn problem(message: String, at: impl Into<Option<crate::source::Span>>) -> Diagnostic {
    Diagnostic::new("bad-locator", at, message).hint("check the line numbers in the text; lines are counted from 1")
}

/// What is wrong with these lines of a source.
pub(super) fn fault(archive: &Archive, source: &str, lines: &Lines) -> Option<String> {
    let text = archive.text(source)?;
    let empty = |line: u32| text.line(line).is_none_or(|line| line.trim().is_empty());
    for (first, last) in &lines.0 {
        if *last as usize > text.count() {
            return Some(format!("`{source}` has no line {last}: it ends at line {}", text.count()));
        }
        // Within a range paragraphs may be parted by empty lines; its ends are words.
        if let Some(line) = [*first, *last].into_iter().find(|line| empty(*line)) {
            return Some(format!("line {line} of `{source}` is empty"));
        }
    }
    None
}
