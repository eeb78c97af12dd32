//! What was only planned or foreseen is not shown as established, nor told as done, nor as having happened.

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::reading::{Senses, Word, lower};
use crate::evidence::{AnyRecord, Claim, ClaimKind, Ledger, Status};
use crate::parse::{BlockKind, PageMetadata};

use super::clauses::{Clause, Scope};
use super::parts;
use super::verbs::{is_before_noun, is_past, is_relative_word, is_verb};

/// The component that lists what is established.
const ESTABLISHED: &str = "established";

pub(super) fn check(ledger: &Ledger, metadata: &PageMetadata, clauses: &[Clause<'_>], problems: &mut Diagnostics) {
    for clause in clauses {
        if clause.call == Some(ESTABLISHED) && clause.scope == Scope::Own {
            problems.extend(clause.basis.cited.iter().filter_map(|index| listed(ledger, metadata, *index)));
        } else if let Some(found) =
            told_as_done(ledger, clause).or_else(|| dropped(ledger, clause)).or_else(|| taken_up(ledger, clause))
        {
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

/// Words that leave something open, or attribute it.
const MARKERS: Senses = Senses::OPEN.and(Senses::REPORT).and(Senses::ARTICLE);

/// Whether a claim leaves open what it says, so that prose must, too: a plan, a forecast or a guess in any words, an opinion or a
/// statement where it says whose, and anything that is said to be doubtful.
fn leaves_open(ledger: &Ledger, number: usize) -> bool {
    let Some((claim, reading)) = ledger.claims.get(number).zip(ledger.reading(number)) else { return false };
    reading.senses.says(match claim.kind {
        ClaimKind::Plan | ClaimKind::Forecast | ClaimKind::Speculation => Senses::OPEN,
        ClaimKind::Analysis => Senses::DOUBT.and(Senses::REPORT),
        ClaimKind::Statement => Senses::DOUBT,
        // A date that is only inferred has a rule of its own.
        ClaimKind::Reported if claim.date.as_deref().is_some_and(crate::evidence::When::is_uncertain) => return false,
        ClaimKind::Reported => Senses::DOUBT,
    })
}

/// A clause that leaves nothing open, although all claims that it cites do.
fn told_as_done(ledger: &Ledger, clause: &Clause<'_>) -> Option<Diagnostic> {
    let states = !matches!(clause.kind, BlockKind::Heading | BlockKind::Label);
    let claims = clause.meant();
    if !states
        || clause.asks()
        || !clause.is_own()
        || claims.is_empty()
        || !claims.iter().all(|number| leaves_open(ledger, *number))
    {
        return None;
    }
    let claims: Vec<&Claim> = claims.iter().filter_map(|number| ledger.claims.get(*number)).collect();
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
    // "The translated article" names a source; "no article" does not.
    let is_named = |at: usize| mentions.iter().any(|mention| mention.words.contains(&at));
    let mut words = clause.words.iter().enumerate().filter(|(at, _)| !all_ahead || !is_named(*at));
    let is_open = words.any(|(_, word)| word.senses.says(markers));
    if is_subject || (!all_ahead && !mentions.is_empty()) {
        return None;
    }
    let text = clause.sentence.text;
    if is_open {
        let verb = parts::done(ledger, clause).or_else(|| parts::present(ledger, clause)).filter(|_| all_ahead)?;
        return Some(as_done(ledger, clause, verb, first));
    }
    // Of a sentence that is cited as a whole, any word may be the verb that its ending allows to be one.
    let is_whole = clause.kind == BlockKind::Paragraph
        && clause.call.is_none()
        && clause.words.first().is_some_and(|word| word.is_first)
        && clause.sentence.parts().len() == 1;
    let may_be = |two: &str, one: &str| two.len() > 3 && two.ends_with('s') && !is_before_noun(one);
    let verb = main_verb(text, &clause.words, is_verb)
        .or_else(|| main_verb(text, &clause.words, may_be).filter(|_| is_whole && all_ahead))
        .or_else(|| parts::done(ledger, clause).or_else(|| parts::present(ledger, clause)).filter(|_| all_ahead))?;
    if !all_ahead {
        return Some(hedge_dropped(ledger, first, clause.place(&verb.at)));
    }
    Some(as_done(ledger, clause, verb, first))
}

/// The same in a summary or a sentence without a citation that says what a plan cited near it does.
fn taken_up(ledger: &Ledger, clause: &Clause<'_>) -> Option<Diagnostic> {
    let claim = clause.fit.and_then(|fit| ledger.claims.get(fit))?;
    let is_plan = clause.fit.is_some_and(|fit| leaves_open(ledger, fit)) && claim.kind == ClaimKind::Plan;
    let states = matches!(clause.kind, BlockKind::Summary | BlockKind::Paragraph | BlockKind::Item);
    let verb = parts::done(ledger, clause).filter(|_| is_plan && states && !clause.asks())?;
    Some(as_done(ledger, clause, verb, claim))
}

fn as_done(ledger: &Ledger, clause: &Clause<'_>, verb: &Word, claim: &Claim) -> Diagnostic {
    let message = format!(
        "“{}” describes something as done, but `{}` is {}",
        clause.text_of(verb),
        claim.id.as_str(),
        words(claim.kind)
    );
    let mut found = Diagnostic::new("plan-as-fact", clause.place(&verb.at), message)
        .hint("say that it is still to come (is to, would, intends to), or cite a claim that reports it");
    found.labels.extend(ledger.span(&claim.statement).map(|span| (span, "what the claim says".to_owned())));
    found
}

/// A clause that repeats nearly all of a claim, but not its doubt, and does not attribute it.
fn dropped(ledger: &Ledger, clause: &Clause<'_>) -> Option<Diagnostic> {
    let may_be = |claim: &usize| ledger.reading(*claim).is_some_and(|reading| reading.senses.says(Senses::DOUBT));
    if !clause.meant().iter().any(may_be) {
        return None;
    }
    let (claim, number, overlap) = clause.nearest(ledger)?;
    let reading = ledger.reading(number)?;
    let is_uncertain = claim.date.as_deref().is_some_and(crate::evidence::When::is_uncertain);
    let is_close = overlap.shared > 2 && overlap.shared * 3 >= overlap.all * 2;
    // "Plans to" is surer than "may plan to".
    let markers = if claim.kind == ClaimKind::Plan { Senses::HEDGE } else { Senses::OPEN };
    let is_open = clause.senses().says(markers.and(Senses::POSSIBLE).and(Senses::NEGATION));
    let states = !matches!(clause.kind, BlockKind::Heading | BlockKind::Label) && !clause.asks();
    if !states || is_uncertain || !is_close || is_open || !reading.senses.says(Senses::DOUBT) {
        return None;
    }
    Some(hedge_dropped(ledger, claim, clause.span()))
}

fn hedge_dropped(ledger: &Ledger, claim: &Claim, at: crate::source::Span) -> Diagnostic {
    let message = format!("this is said as a fact, but `{}` leaves it open or says who says so", claim.id.as_str());
    let mut found = Diagnostic::new("dropped-hedge", at, message)
        .hint("say how sure it is, or whose word it is, as the claim does");
    found.labels.extend(ledger.span(&claim.statement).map(|span| (span, "what the claim says".to_owned())));
    found
}

/// The first verb that states something, but for those of relative clauses: "a lift, where steps are in the way".
fn main_verb<'w>(text: &str, words: &'w [Word], is_verb: impl Fn(&str, &str) -> bool) -> Option<&'w Word> {
    let mut is_relative = false;
    words.windows(2).find_map(|pair| {
        let [before, word] = pair else { return None };
        let gap = text.get(before.at.end..word.at.start).unwrap_or_default();
        let (one, two) = (lower(text, before), lower(text, word));
        // "In that time" is no relative clause.
        let is_that = one == "that" && is_after_preposition(words, before);
        is_relative = (is_relative && !gap.contains([',', ';', '–'])) || (is_relative_word(&one) && !is_that);
        (!is_relative && is_verb(&two, &one)).then_some(word)
    })
}

fn is_after_preposition(words: &[Word], word: &Word) -> bool {
    let at = words.partition_point(|other| other.at.start < word.at.start);
    at.checked_sub(1).and_then(|at| words.get(at)).is_some_and(|before| before.senses.says(Senses::PREPOSITION))
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
