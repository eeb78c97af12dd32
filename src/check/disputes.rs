//! A page that cites a disputed claim shows what the dispute is about.

use rustc_hash::FxHashSet;

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::{Disagreement, Weight};
use crate::site::{Page, Site};

pub(super) fn check(site: &Site, page: &Page, problems: &mut Diagnostics) {
    // These show every disagreement with what they show.
    if matches!(page.template.as_str(), "disagreements.html" | "claims.html") {
        return;
    }
    let mut told = FxHashSet::default();
    for citation in &page.metadata.citations {
        let Some(claim) = site.ledger.claim(&citation.key) else { continue };
        if !site.ledger.standing(claim).disputed || !told.insert(citation.key.as_str()) {
            continue;
        }
        let disputes = site.ledger.disagreements_of_claim(&claim.id).filter(|found| found.severity != Weight::Low);
        for dispute in disputes.filter(|dispute| !shows(site, page, dispute)) {
            let id = dispute.id.as_str();
            let message =
                format!("`{}` is disputed, and the page does not show how: {}", citation.key, dispute.question);
            let mut found = Diagnostic::new("undisclosed-dispute", citation.span.clone(), message)
                .hint(format!("add a fence ```{{disagreement}} disagreement={id}"));
            found.labels.extend(site.ledger.span(&dispute.id).map(|span| (span, "the dispute".to_owned())));
            problems.push(found);
        }
    }
}

/// Whether a component or the template of a page shows a disagreement.
fn shows(site: &Site, page: &Page, dispute: &Disagreement) -> bool {
    let id = dispute.id.as_str();
    let called = page.metadata.calls.iter().any(|call| {
        call.args.iter().any(|(name, value, _)| match name.as_str() {
            "disagreement" => value == id,
            "topic" => call.name == "disagreements" && dispute.topics.iter().any(|topic| topic.as_str() == value),
            _ => false,
        })
    });
    called || (page.template == "home.html" && site.uncertainties().any(|shown| shown.id.as_str() == id))
}
