//! A place that is cited is within its source, as far as the record of the source tells.

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::{AnyRecord, Ledger, Locator, Source};
use crate::site::{Page, Site};

pub(super) fn check(site: &Site, page: &Page, problems: &mut Diagnostics) {
    for citation in &page.metadata.citations {
        let Some(at) = citation.locator.as_deref().and_then(|at| Locator::parse(at).ok()) else { continue };
        let Some(source) = site.ledger.source(&citation.key) else { continue };
        problems.extend(fault(source, &at).map(|fault| problem(fault, citation.span.clone())));
    }
}

pub(super) fn check_record(ledger: &Ledger, record: AnyRecord<'_>, problems: &mut Diagnostics) {
    let AnyRecord::Claim(claim) = record else { return };
    for support in &claim.sources {
        let (Some(at), Some(source)) = (&support.at, ledger.source(&support.source)) else { continue };
        problems.extend(fault(source, at).map(|fault| problem(fault, ledger.span(at))));
    }
}

fn problem(message: String, at: impl Into<Option<crate::source::Span>>) -> Diagnostic {
    Diagnostic::new("bad-locator", at, message)
        .hint("correct the place, or what the record of the source says of its length")
}

/// What is wrong with a place, by the pages and the duration of its source.
fn fault(source: &Source, at: &Locator) -> Option<String> {
    let id = source.id.as_str();
    if let (Some((first, last)), Some((start, end))) = (source.page_range(), at.pages())
        && let Some(page) = [start, end].into_iter().find(|page| !(first..=last).contains(page))
    {
        return Some(match source.pages {
            Some(_) => format!("`{id}` is on the pages {first} to {last}, so it has no page {page}"),
            None => format!("`{id}` has {last} pages, so it has no page {page}"),
        });
    }
    let (length, (_, end)) = source.seconds().zip(at.seconds())?;
    (end > length)
        .then(|| format!("`{id}` lasts {}, so nothing is at {at}", source.duration.as_ref().map_or("", |d| d)))
}
