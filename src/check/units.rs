//! What a figure measures or counts, it measures or counts in the claim, too.

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::figures::{Figure, Value, figures};
use crate::evidence::reading::{ClaimReading, Senses, Word, lower, unit};
use crate::evidence::{Claim, Ledger};
use crate::parse::PageMetadata;

use super::clauses::Clause;

pub(super) fn check(ledger: &Ledger, _: &PageMetadata, clauses: &[Clause<'_>], problems: &mut Diagnostics) {
    // A sentence is read once, however many clauses it has.
    let (mut number, mut said) = (0, Vec::new());
    for clause in
        clauses.iter().filter(|clause| !clause.meant().is_empty() && clause.words.iter().any(|word| word.is_figure))
    {
        if std::mem::replace(&mut number, clause.number) != clause.number {
            said = figures(clause.sentence.text, ledger.masks());
        }
        let ours = counted(clause.sentence.text, &clause.words, &said);
        if ours.is_empty() {
            continue;
        }
        let claims: Vec<_> = clause
            .meant()
            .iter()
            .filter_map(|number| ledger.claims.get(*number).zip(ledger.reading(*number)))
            .collect();
        let theirs = claims.iter().map(|(claim, reading)| {
            counted(&claim.statement, &reading.words, &figures(&claim.statement, ledger.masks()))
        });
        let theirs: Vec<_> = theirs.collect();
        problems.extend(claims.iter().zip(&theirs).find_map(|((claim, reading), theirs)| {
            let is_same = || ours.iter().any(|(value, _)| theirs.iter().any(|(other, _)| other == value));
            rate(clause, claim, reading).filter(|_| is_same())
        }));
        for (value, nouns) in ours {
            let claimed = claims.iter().zip(&theirs).flat_map(|((claim, reading), all)| {
                all.iter().filter(|(other, _)| *other == value).map(move |(_, nouns)| (*claim, *reading, nouns))
            });
            let claimed: Vec<_> = claimed.collect();
            let agrees = |(claim, reading, theirs): &(&Claim, &ClaimReading, &Vec<&Word>)| {
                !differs(clause, &nouns, &claim.statement, theirs, reading)
            };
            let Some((claim, _, other)) = claimed.first().filter(|_| !claimed.iter().any(agrees)) else { continue };
            let (Some(noun), Some(other)) = (nouns.last(), other.last()) else { continue };
            let message = format!(
                "the sentence counts “{}”, but `{}` counts “{}”",
                clause.text_of(noun),
                claim.id.as_str(),
                claim.statement.get(other.at.clone()).unwrap_or_default()
            );
            let mut found = Diagnostic::new("wrong-unit", clause.place(&noun.at), message)
                .hint("write what the claim measures or counts, or cite the claim that counts this");
            found.labels.extend(ledger.span(&claim.statement).map(|span| (span, "what the claim says".to_owned())));
            problems.push(found);
        }
    }
}

/// "6,200 a week" for 6,200 a day.
fn rate(clause: &Clause<'_>, claim: &Claim, reading: &ClaimReading) -> Option<Diagnostic> {
    let text = clause.sentence.text;
    let (ours, theirs) = (rates(text, &clause.words), rates(&claim.statement, &reading.words));
    let ([own], [their]) = (ours.as_slice(), theirs.as_slice()) else { return None };
    let (one, two) = (unit(&lower(text, own))?, unit(&lower(&claim.statement, their))?);
    if one == two || one.kind != two.kind || reading.stems.contains(&own.stem) {
        return None;
    }
    let message = format!(
        "the sentence counts by the “{}”, but `{}` by the “{}”",
        clause.text_of(own),
        claim.id.as_str(),
        claim.statement.get(their.at.clone()).unwrap_or_default()
    );
    Some(
        Diagnostic::new("wrong-unit", clause.place(&own.at), message)
            .hint("write what the claim measures or counts, or cite the claim that counts this"),
    )
}

/// The units of time after `a`, `per` or `every`.
fn rates<'w>(text: &str, words: &'w [Word]) -> Vec<&'w Word> {
    let rate = |pair: &'w [Word]| match pair {
        [every, word] => {
            let is_rate = matches!(&*lower(text, every), "a" | "an" | "per" | "every" | "each");
            (is_rate && unit(&lower(text, word)).is_some_and(|unit| unit.kind == 0)).then_some(word)
        }
        _ => None,
    };
    words.windows(2).filter_map(rate).collect()
}

/// Whether the nouns after one figure cannot mean the same: other units, or nouns in the plural that the other text does not have.
fn differs(clause: &Clause<'_>, ours: &[&Word], statement: &str, theirs: &[&Word], claim: &ClaimReading) -> bool {
    let (Some(noun), Some(other)) = (ours.last(), theirs.last()) else { return false };
    let (own, their) = (lower(clause.sentence.text, noun), lower(statement, other));
    // "1,500 technology patents" are no technology firms, if the nouns end both.
    let are_heads = own.ends_with('s') && their.ends_with('s');
    let is_shared = |one: &&Word| theirs.iter().any(|other| one.stem == other.stem);
    if noun.stem == other.stem || (!are_heads && ours.iter().any(is_shared)) {
        return false;
    }
    if let (Some(one), Some(two)) = (unit(&own), unit(&their)) {
        return one != two;
    }
    let is_plural = own.ends_with('s') && their.ends_with('s');
    is_plural && !claim.stems.contains(&noun.stem) && !clause.words.iter().any(|word| word.stem == other.stem)
}

/// The figures of a text that count something, with the words that say what: up to three, as far as the last in the plural.
fn counted<'w>(text: &str, words: &'w [Word], all: &[Figure]) -> Vec<(Value, Vec<&'w Word>)> {
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return Vec::new() };
    let from = all.partition_point(|figure| figure.range.start < first.at.start);
    let found = all.get(from..).unwrap_or_default().iter().take_while(|figure| figure.range.end <= last.at.end);
    // "RFC 3339 reads": a number after a name is part of it.
    let is_name = |start: usize| {
        let before = words.partition_point(|word| word.at.end <= start).checked_sub(1).and_then(|at| words.get(at));
        before.is_some_and(|word| {
            word.is_capital && !word.senses.says(Senses::EMPTY) && text.get(word.at.end..start) == Some(" ")
        })
    };
    let found = found.filter(|figure| !is_name(figure.range.start));
    let counts = found.filter(|figure| matches!(figure.value, Value::Number(_) | Value::Several(_)));
    let nouns = |end: usize| {
        let (mut nouns, mut done): (Vec<&Word>, usize) = (Vec::new(), end);
        for word in words.iter().skip_while(|word| word.at.start < end).take(4) {
            let joined =
                text.get(done..word.at.start).is_some_and(|between| between.chars().all(|c| matches!(c, ' ' | '-')));
            let is_more =
                word.senses.says(Senses::EMPTY) && matches!(&*lower(text, word), "more" | "other" | "further");
            if !joined || (word.senses.says(Senses::EMPTY) && !is_more) {
                break;
            }
            done = word.at.end;
            if !is_more {
                nouns.push(word);
            }
            if unit(&lower(text, word)).is_some() || lower(text, word).ends_with('s') {
                break;
            }
        }
        nouns
    };
    counts
        .map(|figure| (figure.value.clone(), nouns(figure.range.end)))
        .filter(|(_, nouns)| !nouns.is_empty())
        .collect()
}
