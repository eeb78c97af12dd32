//! What was only planned or foreseen is not shown as established, nor told as done, nor as having happened.

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::reading::{Senses, lower};
use crate::evidence::{AnyRecord, Claim, ClaimKind, Ledger, Status};
use crate::parse::{BlockKind, PageMetadata};

use super::clauses::{Clause, Scope};
use super::done::{is_past, is_verb};

/// The component that lists what is established.
const ESTABLISHED: &str = "established";

pub(super) fn check(ledger: &Ledger, metadata: &PageMetadata, clauses: &[Clause<'_>], problems: &mut Diagnostics) {
    for clause in clauses {
        if clause.call == Some(ESTABLISHED) && clause.scope == Scope::Own {
            problems.extend(clause.basis.cited.iter().filter_map(|index| listed(ledger, metadata, *index)));
        } else if let Some(found) = told_as_done(ledger, clause) {
            problems.push(found);
        }
    }
}

/// A claim that is no report, cited where things are listed as established.
fn listed(ledger: &Ledger, metadata: &PageMetadata, index: usize) -> Option<Diagnostic> {
    let citation = metadata.citations.get(index)?;
    let claim = ledger.claim(&citation.key).filter(|claim| !is_fact(claim))?;
    let message = format!("`{}` is {}, but it is listed as established", citation.key, words(claim.kind));
    let mut found = Diagnostic::new("plan-as-fact", citation.span.clone(), message)
        .hint("move the item to a {planned} or {open} block, or cite a claim that reports it");
    found.labels.extend(ledger.span(&claim.id).map(|span| (span, "the claim".to_owned())));
    Some(found)
}

/// What leaves something open, or gives it to somebody.
const MARKERS: Senses = Senses::OPEN.and(Senses::REPORT).and(Senses::ARTICLE);

/// Whether a claim leaves open what it says, so that prose must, too: a plan, a forecast or a guess in any words, an opinion or a
/// statement where it says whose, and anything that is said to be doubtful.
fn leaves_open(ledger: &Ledger, number: usize) -> bool {
    let Some((claim, reading)) = ledger.claims.get(number).zip(ledger.reading(number)) else { return false };
    reading.senses.says(match claim.kind {
        ClaimKind::Plan | ClaimKind::Forecast | ClaimKind::Speculation => Senses::OPEN,
        ClaimKind::Analysis | ClaimKind::Statement => Senses::DOUBT.and(Senses::REPORT),
        // A date that is only inferred has a rule of its own.
        ClaimKind::Reported if claim.date.as_deref().is_some_and(crate::evidence::When::is_uncertain) => return false,
        ClaimKind::Reported => Senses::DOUBT,
    })
}

/// A clause that leaves nothing open, although all claims that it cites do.
fn told_as_done(ledger: &Ledger, clause: &Clause<'_>) -> Option<Diagnostic> {
    let states = !matches!(clause.kind, BlockKind::Heading | BlockKind::Label) && clause.scope == Scope::Own;
    if !states
        || clause.asks()
        || !clause.has_claims_only()
        || !clause.basis.claims.iter().all(|number| leaves_open(ledger, *number))
    {
        return None;
    }
    let claims: Vec<&Claim> = clause.basis.claims.iter().filter_map(|number| ledger.claims.get(*number)).collect();
    let first = claims.iter().max_by_key(|claim| claim.kind)?;
    let is_ahead =
        |claim: &&Claim| matches!(claim.kind, ClaimKind::Plan | ClaimKind::Forecast | ClaimKind::Speculation);
    let all_ahead = claims.iter().all(is_ahead);
    let is_row = clause.kind == BlockKind::Row;
    let mentions = ledger.source_names().mentions(clause.sentence.text, &clause.words, is_row);
    // "The report is exact: it lists" is about the report; "X was done, says the report" is not.
    let is_subject = mentions.iter().any(|mention| {
        let next = clause.words.get(mention.words.end);
        mention.words.start <= 1 && next.is_some_and(|next| next.senses.says(Senses::BEING.and(Senses::TELLS)))
    });
    // Who says so makes a plan no outcome, but makes an opinion no fact.
    let markers = if all_ahead { Senses::OPEN.and(Senses::ARTICLE).and(Senses::NEGATION) } else { MARKERS };
    if clause.senses().says(markers) || is_subject || (!all_ahead && !mentions.is_empty()) {
        return None;
    }
    let text = clause.sentence.text;
    let verb = clause.words.windows(2).find_map(|pair| match pair {
        [before, word] => is_verb(&lower(text, word), &lower(text, before)).then_some(word),
        _ => None,
    })?;
    let (code, message, hint) = if all_ahead {
        (
            "plan-as-fact",
            format!(
                "“{}” describes something as done, but `{}` is {}",
                clause.text_of(verb),
                first.id.as_str(),
                words(first.kind)
            ),
            "say that it is still to come (is to, would, intends to), or cite a claim that reports it",
        )
    } else {
        (
            "dropped-hedge",
            format!("this is said as a fact, but `{}` leaves it open or says who says so", first.id.as_str()),
            "say how sure it is, or whose word it is, as the claim does",
        )
    };
    let mut found = Diagnostic::new(code, clause.place(&verb.at), message).hint(hint);
    found.labels.extend(ledger.span(&first.statement).map(|span| (span, "what the claim says".to_owned())));
    Some(found)
}

/// Events that are said to have happened, with nothing but plans behind them.
pub(super) fn check_record(ledger: &Ledger, record: AnyRecord<'_>, problems: &mut Diagnostics) {
    let AnyRecord::Event(event) = record else { return };
    if event.status == Status::Happened {
        let claims: Vec<&Claim> = event.claims.iter().filter_map(|id| ledger.claim(id)).collect();
        let Some(first) = claims.first().filter(|_| !claims.iter().any(|claim| is_fact(claim))) else { return };
        let message =
            format!("the event is said to have happened, but `{}` is {}", first.id.as_str(), words(first.kind));
        problems.push(
            Diagnostic::new("plan-as-fact", ledger.span(&event.title), message)
                .hint("write `status: planned`, or name a claim that reports that it happened"),
        );
    }
    if event.status == Status::Planned {
        let words = crate::evidence::reading::words(&event.title);
        let is_open = crate::evidence::reading::senses(&words).says(Senses::OPEN);
        let done = words.windows(2).find_map(|pair| match pair {
            [before, word] => is_past(&lower(&event.title, word), &lower(&event.title, before)).then_some(word),
            _ => None,
        });
        let Some(word) = done.filter(|_| !is_open) else { return };
        let word = event.title.get(word.at.clone()).unwrap_or_default();
        let message = format!("“{word}” describes something as done, but the event is planned");
        problems.push(
            Diagnostic::new("plan-as-fact", ledger.span(&event.title), message)
                .hint("name what is planned, or write `status: happened` and name a claim that reports it"),
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
