//! The lines that are cited are there and hold something.

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::{Ledger, Lines, Locator, Source};
use crate::parse::Prose;
use crate::site::{Page, Site};

use super::Archive;
use super::figures::locator;

pub(super) fn check(site: &Site, page: &Page, _: &Prose, archive: &Archive, problems: &mut Diagnostics) {
    for citation in &page.metadata.citations {
        let Some(at) = locator(citation.locator.as_deref()) else { continue };
        let of_lines = at.lines().and_then(|lines| fault(archive, &citation.key, &lines));
        if let Some(message) = of_lines.or_else(|| fault_of_medium(archive, site.ledger.source(&citation.key)?, &at)) {
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
        if let (Some(at), Some(source)) = (&support.at, ledger.source(&support.source))
            && let Some(message) = fault_of_medium(archive, source, at)
        {
            problems.push(problem(message, ledger.span(at)));
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
    Diagnostic::new("bad-locator", at, message).hint("check the place in the text; lines are counted from 1")
}

/// What is wrong with a page or a time, by a text that form feeds part into pages, or that is made of subtitles.
fn fault_of_medium(archive: &Archive, source: &Source, at: &Locator) -> Option<String> {
    let text = archive.text(&source.id)?;
    let id = source.id.as_str();
    let (first, _) = source.page_range().unwrap_or((1, 1));
    if let Some((count, (_, page))) = text.pages().zip(at.pages())
        && page > first.saturating_add(count - 1)
    {
        return Some(format!("`{id}` has no page {page}: its text has {count} pages"));
    }
    let (last, (start, _)) = text.seconds().zip(at.seconds())?;
    (start > last).then(|| format!("`{id}` has nothing at {at}: its subtitles end before"))
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
