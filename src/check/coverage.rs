//! As many paragraphs of fact are cited as the page or the site asks for.

use crate::diag::{Diagnostic, Diagnostics};
use crate::site::{Page, Site};
use crate::source::Span;

use super::is_topical;

pub(super) fn check(site: &Site, page: &Page, problems: &mut Diagnostics) {
    let metadata = &page.metadata;
    let (factual, cited) = (metadata.factual, metadata.cited);
    let (wanted, at) = match (metadata.front.coverage, &site.config.check.coverage) {
        (Some(wanted), _) => (wanted, metadata.front_span("coverage")),
        // More than all is told with the configuration.
        (None, Some(wanted)) if is_topical(page) && wanted.value <= 100 => (wanted.value, Span::file(&metadata.path)),
        _ => return,
    };
    if metadata.front.uncited.is_some() || u64::from(cited) * 100 >= u64::from(factual) * u64::from(wanted) {
        return;
    }
    let share = u64::from(cited) * 100 / u64::from(factual.max(1));
    let message =
        format!("{cited} of {factual} factual paragraphs cite something: {share} per cent, but {wanted} are required");
    problems.push(
        Diagnostic::new("low-coverage", at, message)
            .hint("`--deny uncited-paragraph` shows which do not; cite, or say why not: <!-- uncited: reason -->"),
    );
}
