//! A date that was only inferred is not printed as if a source had given it.

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::figures::{Calendar, SupportedFigures, Value, Verdict, figures};
use crate::evidence::{AnyRecord, Claim, Ledger, When};
use crate::parse::{BlockKind, PageMetadata, Prose};

use super::certain::hedges;

const HINT: &str = "say that it is inferred: probably, by inference, apparently";

pub(super) fn check(ledger: &Ledger, metadata: &PageMetadata, prose: &Prose, problems: &mut Diagnostics) {
    let cited = |index: &usize| metadata.citations.get(*index).and_then(|citation| ledger.claim(&citation.key));
    let all: Vec<&Claim> = metadata.citations.iter().filter_map(|citation| ledger.claim(&citation.key)).collect();
    if !all.iter().any(|claim| is_doubtful(claim)) {
        return;
    }
    for block in prose.blocks() {
        let for_page = matches!(block.kind, BlockKind::Summary | BlockKind::Heading | BlockKind::Label);
        for sentence in block.sentences() {
            let own: Vec<&Claim> = sentence.citations.iter().filter_map(cited).collect();
            let claims = if own.is_empty() && for_page { &all } else { &own };
            if !claims.iter().any(|claim| is_doubtful(claim)) || hedges(sentence.text) {
                continue;
            }
            let certain = certain(ledger, metadata, sentence.citations, claims);
            let said = figures(sentence.text, ledger.masks());
            for figure in &said {
                let Value::Date(date) = &figure.value else { continue };
                let doubtful =
                    claims.iter().find(|claim| claim.date.as_deref().is_some_and(|when| is_date(when, date)));
                let Some(claim) = doubtful.filter(|claim| is_doubtful(claim)) else { continue };
                if certain.verdict(&figure.value, &said) == Verdict::Supported {
                    continue;
                }
                let words = sentence.text.get(figure.range.clone()).unwrap_or_default();
                let message =
                    format!("the sentence gives {words} as a fact, but `{}` only infers it", claim.id.as_str());
                let mut found = Diagnostic::new("inferred-as-fact", sentence.place(&figure.range), message).hint(HINT);
                let span = claim.date.as_ref().and_then(|date| ledger.span(date));
                found.labels.extend(span.map(|span| (span, "the inferred date".to_owned())));
                problems.push(found);
            }
        }
    }
}

/// Records that print a doubtful date of their own.
pub(super) fn check_record(ledger: &Ledger, record: AnyRecord<'_>, problems: &mut Diagnostics) {
    let (text, date, what) = match record {
        AnyRecord::Claim(claim) => (&claim.statement, claim.date.as_deref(), "statement"),
        AnyRecord::Event(event) => (&event.title, event.date.as_deref(), "title"),
        _ => return,
    };
    let Some(date) = date.filter(|date| date.is_uncertain() && !hedges(text)) else { return };
    for figure in figures(text, ledger.masks()) {
        if matches!(&figure.value, Value::Date(said) if is_date(date, said)) {
            let words = text.get(figure.range.clone()).unwrap_or_default();
            let message = format!("the {what} gives {words} as a fact, but its date, `{}`, is inferred", date.edtf());
            problems.push(Diagnostic::new("inferred-as-fact", ledger.span(text), message).hint(HINT));
        }
    }
}

fn is_doubtful(claim: &Claim) -> bool {
    claim.date.as_deref().is_some_and(When::is_uncertain)
}

/// Whether words say a date as finely as it is given.
fn is_date(when: &When, said: &Calendar) -> bool {
    let in_its_year =
        |date: Calendar| Calendar { year: said.year.or(date.year.filter(|_| said.month.is_some())), ..*said };
    Calendar::of(when).is_some_and(|date| date == in_its_year(date))
}

/// What the claims and sources that are certain carry.
fn certain(ledger: &Ledger, metadata: &PageMetadata, citations: &[usize], claims: &[&Claim]) -> SupportedFigures {
    let mut carried = SupportedFigures::default();
    for claim in claims.iter().filter(|claim| !is_doubtful(claim)) {
        if let Some(own) = ledger.carried(&claim.id) {
            carried.extend(own);
        }
    }
    let keys = citations.iter().filter_map(|index| metadata.citations.get(*index)).map(|citation| &citation.key);
    for source in keys.filter_map(|key| ledger.source(key)) {
        if let Some(date) = source.date.as_deref().filter(|date| !date.is_uncertain()) {
            carried.add_when(date);
        }
    }
    carried
}
