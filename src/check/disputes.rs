//! A page that cites a disputed claim shows what the dispute is about.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::{Claim, Disagreement, Ledger, Weight};
use crate::parse::PageMetadata;
use crate::site::{Page, Site};

use super::clauses::Clause;
use super::figures::lines;

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
    /// Those that the components show.
    fn by(metadata: &'a PageMetadata) -> Self {
        let answered = metadata.front.answers.iter().filter_map(|found| found.disagreement.as_ref());
        let mut ids: FxHashSet<&str> = answered.map(|id| id.text.as_str()).collect();
        let mut topics = FxHashSet::default();
        for call in &metadata.calls {
            for (name, value, _) in &call.args {
                match name.as_str() {
                    "disagreement" => _ = ids.insert(value.as_str()),
                    "topic" if call.name == "disagreements" => _ = topics.insert(value.as_str()),
                    _ => {}
                }
            }
        }
        Self { ids, topics }
    }

    fn on(site: &'a Site, page: &'a Page) -> Self {
        let mut shown = Self::by(&page.metadata);
        if page.template == "home.html" {
            shown.ids.extend(site.uncertainties().map(|found| found.id.as_str()));
        }
        shown
    }

    fn has(&self, dispute: &Disagreement) -> bool {
        self.ids.contains(dispute.id.as_str())
            || dispute.topics.iter().any(|topic| self.topics.contains(topic.as_str()))
    }
}

/// A place of a source that is cited instead of the disputed claim that rests on it.
pub(super) fn check_sources(
    ledger: &Ledger,
    metadata: &PageMetadata,
    clauses: &[Clause<'_>],
    problems: &mut Diagnostics,
) {
    let shown = Shown::by(metadata);
    let mut disputed: FxHashMap<&str, Vec<&Claim>> = FxHashMap::default();
    for clause in clauses.iter().filter(|clause| clause.basis.claims.is_empty()) {
        let cited = clause.basis.cited.iter().filter_map(|index| metadata.citations.get(*index));
        for citation in cited {
            let Some(lines) = lines(citation.locator.as_deref()) else { continue };
            let claims = disputed.entry(&citation.key).or_insert_with(|| {
                ledger.claims_of_source(&citation.key).filter(|claim| ledger.standing(claim).disputed).collect()
            });
            let here = |claim: &&&Claim| {
                let rests = claim
                    .sources
                    .iter()
                    .any(|support| support.source.as_str() == citation.key && support.lines.meets(&lines));
                let overlap = ledger
                    .claim_number(&claim.id)
                    .and_then(|number| ledger.reading(number))
                    .map(|reading| reading.overlap(&clause.words));
                rests && overlap.is_some_and(|overlap| overlap.shared * 2 >= overlap.all && overlap.shared > 1)
            };
            for claim in claims.iter().filter(here) {
                let disputes = ledger.disagreements_of_claim(&claim.id).filter(|found| found.severity != Weight::Low);
                for dispute in disputes.filter(|dispute| !shown.has(dispute)) {
                    let message = format!(
                        "`{}`, which this place of `{}` bears out, is disputed, and the page does not show how: {}",
                        claim.id.as_str(),
                        citation.key,
                        dispute.question
                    );
                    problems.push(Diagnostic::new("undisclosed-dispute", citation.span.clone(), message).hint(
                        format!(
                            "cite the claim, and add a fence ```{{disagreement}} disagreement={}",
                            dispute.id.as_str()
                        ),
                    ));
                }
            }
        }
    }
}
