//! Who and what prose names, the claims that it cites name too.

use std::ops::Range;

use rustc_hash::FxHashSet;

use crate::data::Spanned;
use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::reading::{Word, words};
use crate::evidence::{AnyRecord, Entity, Ledger, Ref};
use crate::parse::PageMetadata;

use super::clauses::{Clause, Scope};
use super::listed;

pub(super) fn check(ledger: &Ledger, _: &PageMetadata, clauses: &[Clause<'_>], problems: &mut Diagnostics) {
    // What one clause of a sentence may name, the others may take up.
    let (mut number, mut of_sentence) = (0, FxHashSet::default());
    for clause in clauses.iter().filter(|clause| clause.has_claims_only() && !clause.asks()) {
        if ledger.names().entities_in(clause.sentence.text, &clause.words).next().is_none() {
            continue;
        }
        if clause.scope == Scope::Own && std::mem::replace(&mut number, clause.number) != clause.number {
            let first = clauses.partition_point(|other| other.number < clause.number);
            let beside = clauses.iter().skip(first).take_while(|other| other.number == clause.number);
            of_sentence = beside.flat_map(|other| other.basis.entities(ledger)).collect();
        }
        let own: FxHashSet<u32>;
        let named = if clause.scope == Scope::Own && !of_sentence.is_empty() {
            &of_sentence
        } else {
            own = clause.basis.entities(ledger).collect();
            &own
        };
        for (at, entity) in foreign(ledger, clause.sentence.text, &clause.words, named) {
            let what = match (clause.scope, clause.basis.claims.as_slice()) {
                (Scope::Page, _) => "no claim that the page cites names it".to_owned(),
                (_, [only]) => format!("`{}` does not", id(ledger, *only)),
                _ => "no claim that is cited for it does".to_owned(),
            };
            let name = clause.sentence.text.get(at.clone()).unwrap_or_default();
            problems.push(problem(name, entity, &what, clause.place(&at), ledger));
        }
    }
}

/// Events, contributions and readings name what their claims name.
pub(super) fn check_record(ledger: &Ledger, record: AnyRecord<'_>, problems: &mut Diagnostics) {
    match record {
        AnyRecord::Event(event) => text(ledger, &event.title, &event.claims, problems),
        AnyRecord::Contribution(brought) => text(ledger, &brought.brings, &brought.claims, problems),
        AnyRecord::Disagreement(found) => {
            for reading in found.readings.iter().filter(|reading| reading.sources.is_empty()) {
                text(ledger, &reading.reading, &reading.claims, problems);
            }
        }
        _ => {}
    }
}

fn text(ledger: &Ledger, text: &Spanned<String>, basis: &[Ref], problems: &mut Diagnostics) {
    let claims: Vec<usize> = basis.iter().filter_map(|id| ledger.claim_number(id)).collect();
    if claims.is_empty() || claims.len() < basis.len() {
        return;
    }
    let readings = claims.iter().filter_map(|claim| ledger.reading(*claim));
    let named: FxHashSet<u32> = readings.flat_map(|reading| reading.entities.iter().copied()).collect();
    for (at, entity) in foreign(ledger, text, &words(text), &named) {
        let name = text.get(at).unwrap_or_default();
        let keys: Vec<String> = basis.iter().map(|id| format!("`{}`", id.as_str())).collect();
        let what = if keys.len() <= 4 {
            format!("{} does not", listed(&keys, "and"))
        } else {
            "none of its claims does".to_owned()
        };
        problems.push(problem(name, entity, &what, ledger.span(text), ledger));
    }
}

fn id(ledger: &Ledger, claim: usize) -> &str {
    ledger.claims.get(claim).map(|claim| claim.id.as_str()).unwrap_or_default()
}

fn problem(
    name: &str,
    entity: &Entity,
    what: &str,
    at: impl Into<Option<crate::source::Span>>,
    ledger: &Ledger,
) -> Diagnostic {
    let mut found = Diagnostic::new("name-not-in-claim", at, format!("“{name}” is named here, but {what}"))
        .hint("correct the name, cite the claim that is about it, or add it to the claim’s `entities`");
    found.labels.extend(ledger.span(&entity.id).map(|span| (span, "recorded here".to_owned())));
    found
}

/// The entities that a text names by a proper name, but those that it may name.
fn foreign<'a>(
    ledger: &'a Ledger,
    text: &str,
    words: &[Word],
    named: &FxHashSet<u32>,
) -> Vec<(Range<usize>, &'a Entity)> {
    let mut found = Vec::new();
    for (at, number) in ledger.names().entities_in(text, words) {
        let Some(entity) = ledger.entities.get(number as usize).filter(|_| ledger.is_proper(number)) else { continue };
        let name = text.get(at.clone()).unwrap_or_default();
        let is_first = words.iter().any(|word| word.at.start == at.start && word.is_first);
        // "The operator" may begin a sentence without being a name.
        let is_common = entity
            .aliases
            .iter()
            .any(|alias| alias.starts_with(char::is_lowercase) && alias.eq_ignore_ascii_case(name));
        let is_name = name.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()) || name.contains(' ');
        if !is_name || (is_first && is_common) {
            continue;
        }
        let is_part = || {
            named
                .iter()
                .take(256)
                .filter_map(|other| ledger.entities.get(*other as usize))
                .any(|other| is_part(entity, other))
        };
        if !named.contains(&number) && !is_part() {
            found.push((at, entity));
        }
    }
    found
}

/// Whether the name of one entity is in that of another: of `Windows` in `Windows 10`, or the other way round.
fn is_part(one: &Entity, other: &Entity) -> bool {
    other.name.contains(one.name.as_str()) || one.name.contains(other.name.as_str())
}
