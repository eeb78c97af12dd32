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
    let mut shown = None;
    for citation in &page.metadata.citations {
        let Some(claim) = site.ledger.claim(&citation.key) else { continue };
        if !site.ledger.standing(claim).disputed || !told.insert(citation.key.as_str()) {
            continue;
        }
        let disputes = site.ledger.disagreements_of_claim(&claim.id).filter(|found| found.severity != Weight::Low);
        let shown = shown.get_or_insert_with(|| Shown::on(site, page));
        for dispute in disputes.filter(|dispute| !shown.has(dispute)) {
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

/// The disagreements that the components and the template of a page show.
struct Shown<'a> {
    ids: FxHashSet<&'a str>,
    topics: FxHashSet<&'a str>,
}

impl<'a> Shown<'a> {
    fn on(site: &'a Site, page: &'a Page) -> Self {
        let (mut ids, mut topics) = (FxHashSet::default(), FxHashSet::default());
        for call in &page.metadata.calls {
            for (name, value, _) in &call.args {
                match name.as_str() {
                    "disagreement" => _ = ids.insert(value.as_str()),
                    "topic" if call.name == "disagreements" => _ = topics.insert(value.as_str()),
                    _ => {}
                }
            }
        }
        if page.template == "home.html" {
            ids.extend(site.uncertainties().map(|found| found.id.as_str()));
        }
        Self { ids, topics }
    }

    fn has(&self, dispute: &Disagreement) -> bool {
        self.ids.contains(dispute.id.as_str())
            || dispute.topics.iter().any(|topic| self.topics.contains(topic.as_str()))
    }
}
