//! What was only planned or foreseen is not shown as established, nor told as done, nor as having happened.

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::{Claim, ClaimKind, Ledger, Status};
use crate::parse::{BlockKind, PageMetadata, Prose, Sentence};

use super::done::done;

/// The component that lists what is established.
const ESTABLISHED: &str = "established";
/// Those that list what is not, and say so for all that stands in them.
const OPEN: [&str; 2] = ["planned", "open"];

pub(super) fn check(ledger: &Ledger, metadata: &PageMetadata, prose: &Prose, problems: &mut Diagnostics) {
    let calls = &metadata.calls;
    for block in prose.blocks() {
        let call = block.call.and_then(|call| calls.get(call));
        if call.is_none_or(|call| call.name != ESTABLISHED) {
            let told = matches!(block.kind, BlockKind::Paragraph | BlockKind::Item | BlockKind::Footnote);
            if told && call.is_none_or(|call| !OPEN.contains(&call.name.as_str())) {
                problems.extend(block.sentences().filter_map(|sentence| told_as_done(ledger, metadata, &sentence)));
            }
            continue;
        }
        for citation in block.sentences().flat_map(|sentence| sentence.citations) {
            let Some(citation) = metadata.citations.get(*citation) else { continue };
            let Some(claim) = ledger.claim(&citation.key).filter(|claim| !is_fact(claim)) else { continue };
            let message = format!("`{}` is {}, but it is listed as established", citation.key, words(claim.kind));
            let mut found = Diagnostic::new("plan-as-fact", citation.span.clone(), message)
                .hint("move the item to a {planned} or {open} block, or cite a claim that reports it");
            found.labels.extend(ledger.span(&claim.id).map(|span| (span, "the claim".to_owned())));
            problems.push(found);
        }
    }
}

/// A sentence that tells of something as done, with nothing but plans behind it.
fn told_as_done(ledger: &Ledger, metadata: &PageMetadata, sentence: &Sentence<'_>) -> Option<Diagnostic> {
    if sentence.citations.is_empty() {
        return None;
    }
    let cited = sentence.citations.iter().filter_map(|index| metadata.citations.get(*index));
    let claims: Vec<&Claim> = cited.map(|citation| ledger.claim(&citation.key)).collect::<Option<_>>()?;
    let ahead = |claim: &&Claim| matches!(claim.kind, ClaimKind::Plan | ClaimKind::Forecast | ClaimKind::Speculation);
    let first = claims.first().filter(|_| claims.iter().all(ahead))?;
    // What a document tells of something is for it to answer for.
    let sources = claims.iter().flat_map(|claim| &claim.sources).map(|support| support.source.as_str());
    if sources.into_iter().any(|source| words_of(sentence.text).any(|word| word == source)) {
        return None;
    }
    let at = done(sentence.text)?;
    let message = format!(
        "“{}” describes something as done, but `{}` is {}",
        sentence.text.get(at.clone()).unwrap_or_default(),
        first.id.as_str(),
        words(first.kind)
    );
    let mut found = Diagnostic::new("plan-as-fact", sentence.place(&at), message)
        .hint("say that it is still to come (is to, would, intends to), or cite a claim that reports it");
    found.labels.extend(ledger.span(&first.id).map(|span| (span, "the claim".to_owned())));
    Some(found)
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
                .hint("write `status: planned`, or name a claim that reports that it happened"),
        );
    }
}

fn words_of(text: &str) -> impl Iterator<Item = String> {
    super::archive::words(text).map(|(word, _)| word)
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
