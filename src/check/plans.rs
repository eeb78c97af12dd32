//! What was only planned or foreseen is not shown as established, nor as having happened.

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::{Claim, ClaimKind, Ledger, Status};
use crate::parse::Prose;
use crate::site::{Page, Site};

/// The component that lists what is established.
const ESTABLISHED: &str = "established";

pub(super) fn check(site: &Site, page: &Page, prose: &Prose, problems: &mut Diagnostics) {
    let calls = &page.card.calls;
    for block in &prose.blocks {
        let call = block.call.and_then(|call| calls.get(call));
        if call.is_none_or(|call| call.name != ESTABLISHED) {
            continue;
        }
        for citation in block.sentences.iter().flat_map(|sentence| &sentence.citations) {
            let Some(citation) = page.card.citations.get(*citation) else { continue };
            let Some(claim) = site.ledger.claim(&citation.key).filter(|claim| !is_fact(claim)) else { continue };
            let message = format!("`{}` is {}, and stands among what is established", citation.key, words(claim.kind));
            let mut found = Diagnostic::new("plan-as-fact", citation.span.clone(), message)
                .hint("move the item to a fence {planned} or {open}, or cite a claim that reports it");
            found.labels.extend(site.ledger.span(&claim.id).map(|span| (span, "the claim".to_owned())));
            problems.push(found);
        }
    }
}

/// Events that are said to have happened, with nothing but plans behind them.
pub(super) fn check_records(ledger: &Ledger, problems: &mut Diagnostics) {
    for event in ledger.events.iter().filter(|event| event.status == Status::Happened) {
        let claims: Vec<&Claim> = event.claims.iter().filter_map(|id| ledger.claim(id)).collect();
        let Some(first) = claims.first().filter(|_| !claims.iter().any(|claim| is_fact(claim))) else { continue };
        let message =
            format!("the event is said to have happened, but `{}` is {}", first.id.as_str(), words(first.kind));
        problems.push(
            Diagnostic::new("plan-as-fact", ledger.span(&event.title), message)
                .hint("write `status: planned`, or name a claim that reports it"),
        );
    }
}

fn is_fact(claim: &Claim) -> bool {
    matches!(claim.kind, ClaimKind::Reported | ClaimKind::Statement)
}

fn words(kind: ClaimKind) -> &'static str {
    match kind {
        ClaimKind::Plan => "only a plan",
        ClaimKind::Forecast => "only a forecast",
        ClaimKind::Analysis => "an opinion",
        ClaimKind::Speculation => "a speculation",
        ClaimKind::Reported | ClaimKind::Statement => "reported",
    }
}
