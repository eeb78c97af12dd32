//! Prose does not say the opposite of the claim that it cites.

use std::ops::Range;

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::Ledger;
use crate::evidence::reading::{ClaimReading, Senses, Word, lower, opposites};
use crate::parse::PageMetadata;

use super::clauses::Clause;

pub(super) fn check(ledger: &Ledger, _: &PageMetadata, clauses: &[Clause<'_>], problems: &mut Diagnostics) {
    for clause in clauses.iter().filter(|clause| !clause.meant().is_empty() && !clause.asks()) {
        let Some((claim, number, overlap)) = clause.nearest(ledger) else { continue };
        let Some(reading) = ledger.reading(number) else { continue };
        let text = clause.sentence.text;
        let found = opposite(text, &clause.words, &claim.statement, reading).map(|(word, other)| {
            (
                word.at.clone(),
                format!("“{}” is the opposite of “{other}” in `{}`", clause.text_of(word), claim.id.as_str()),
            )
        });
        let is_close = overlap.shared >= 2 && overlap.shared * 2 >= overlap.all;
        let found = found.or_else(|| {
            let (ours, theirs) = (negations(text, &clause.words), negations(&claim.statement, &reading.words));
            let denied = theirs.is_empty() && denies(text, &clause.words, &ours, &claim.statement, &reading.words);
            let denying = ours.is_empty() && denies(&claim.statement, &reading.words, &theirs, text, &clause.words);
            if !is_close || !(denied || denying) {
                return None;
            }
            let (says, does) = if denied { ("denies what", "says") } else { ("says what", "denies") };
            let (first, last) = (clause.words.first()?, clause.words.last()?);
            Some((first.at.start..last.at.end, format!("the sentence {says} `{}` {does}", claim.id.as_str())))
        });
        let found = found.or_else(|| {
            let (one, other, at) = swapped(ledger, clause, &claim.statement, reading)?;
            let message = format!("the sentence says of “{one}” what `{}` says of “{other}”", claim.id.as_str());
            is_close.then_some((at, message))
        });
        let Some((at, message)) = found else { continue };
        let mut problem = Diagnostic::new("contradicts-claim", clause.place(&at), message)
            .hint("say what the claim says, or cite the claim that says this");
        problem.labels.extend(ledger.span(&claim.statement).map(|span| (span, "what the claim says".to_owned())));
        problems.push(problem);
    }
}

/// Whether one of these negations turns round what other words say: the next word with content is among them, and nothing
/// around it there denies it in other words.
fn denies(text: &str, words: &[Word], negations: &[&Word], other: &str, others: &[Word]) -> bool {
    negations.iter().any(|negation| {
        let mut after = words.iter().filter(|word| word.at.start > negation.at.start && !is_light(text, word));
        let Some(denied) = after.next() else { return false };
        let Some(place) = others.iter().position(|own| own.stem == denied.stem) else { return false };
        let near = others.get(place.saturating_sub(4)..(place + 4).min(others.len())).unwrap_or_default();
        !near.iter().any(|word| {
            let is_less = other.get(word.at.clone()).is_some_and(|word| word.len() > 5 && word.ends_with("less"));
            word.senses.says(Senses::PARTIAL) || is_less
        })
    })
}

/// The first two entities that both texts name, where they have changed places around the same verb: who does it, and the other.
fn swapped(
    ledger: &Ledger,
    clause: &Clause<'_>,
    statement: &str,
    claim: &ClaimReading,
) -> Option<(String, String, Range<usize>)> {
    let text = clause.sentence.text;
    let named = |text: &str, words: &[Word]| -> Vec<(Range<usize>, u32)> {
        ledger.names().entities_in(text, words).filter(|(_, entity)| ledger.is_proper(*entity)).collect()
    };
    let (ours, theirs) = (named(text, &clause.words), named(statement, &claim.words));
    let [(first, one), (second, other), ..] = ours.as_slice() else { return None };
    let [(before, their_one), (after, their_other), ..] = theirs.as_slice() else { return None };
    if one != their_other || other != their_one || one == other {
        return None;
    }
    let between = |words: &[Word], from: &Range<usize>, to: &Range<usize>| -> Vec<Word> {
        words.iter().filter(|word| from.end <= word.at.start && word.at.end <= to.start).cloned().collect()
    };
    let (verbs, their_verbs) = (between(&clause.words, first, second), between(&claim.words, before, after));
    // "Was bought by", "works with": the places say nothing, or the opposite.
    let is_turned = |text: &str, words: &[Word]| {
        let last = words.last().map(|word| lower(text, word)).unwrap_or_default();
        words.iter().any(|word| word.senses.says(Senses::BEING))
            || matches!(last.as_str(), "by" | "with" | "and" | "or")
    };
    let acts = |word: &&Word| !word.senses.says(Senses::EMPTY.and(Senses::REPORT)) && !word.is_capital;
    let is_same = verbs.iter().filter(acts).any(|verb| their_verbs.iter().any(|their| their.stem == verb.stem));
    let is_whole = clause.words.first().is_some_and(|word| word.at.start == first.start);
    (is_same && is_whole && !is_turned(text, &verbs) && !is_turned(statement, &their_verbs)).then(|| {
        let name = |at: &Range<usize>| text.get(at.clone()).unwrap_or_default().to_owned();
        (name(first), name(second), first.start..second.end)
    })
}

/// Words between a negation and what it denies: "no longer limited".
fn is_light(text: &str, word: &Word) -> bool {
    word.senses.says(Senses::EMPTY) || matches!(text.get(word.at.clone()), Some("longer" | "yet" | "even" | "really"))
}

/// A word whose opposite the claim has in its place.
pub(super) fn opposite<'w>(
    text: &str,
    words: &'w [Word],
    statement: &str,
    claim: &ClaimReading,
) -> Option<(&'w Word, String)> {
    words.iter().enumerate().find_map(|(place, word)| {
        let others = opposites(word.stem);
        if others.is_empty() || claim.words.iter().any(|theirs| theirs.stem == word.stem) {
            return None;
        }
        let theirs = claim.words.iter().position(|theirs| others.contains(&theirs.stem))?;
        let other = claim.words.get(theirs)?;
        // "Without naming any" leaves something out, and is no opposite of "with".
        let own = lower(text, word);
        let next = words.get(place + 1);
        if own == "without" && next.is_some_and(|next| lower(text, next).ends_with("ing")) {
            return None;
        }
        let has_it_too = words.iter().any(|word| word.stem == other.stem);
        // "Not more" is no opposite of "less", nor is "as long as it is open" one of "before it closes".
        let is_near = |text: &str, words: &[Word], at: usize| {
            words.iter().take(at).rev().take(4).any(|word| {
                let is_time =
                    matches!(text.get(word.at.clone()), Some("before" | "until" | "till" | "unless" | "long"));
                word.senses.says(Senses::NEGATION.and(Senses::PARTIAL)) || is_time
            })
        };
        let their = lower(statement, other);
        let is_negated = is_near(text, words, place) || (is_near(statement, &claim.words, theirs) && their != "longer");
        (!has_it_too && !is_negated && !is_turned_round(words, place, &claim.words, theirs)).then_some((word, their))
    })
}

/// Whether what is on one side of a word is on the other side of its opposite: "a sold to b" for "b bought from a".
fn is_turned_round(words: &[Word], at: usize, others: &[Word], place: usize) -> bool {
    let sides = |words: &[Word], at: usize| -> [Vec<u64>; 2] {
        let stems = |words: &[Word]| {
            words.iter().filter(|word| !word.senses.says(Senses::EMPTY)).map(|word| word.stem).collect()
        };
        [stems(words.get(..at).unwrap_or_default()), stems(words.get(at + 1..).unwrap_or_default())]
    };
    let ([before, after], [before_it, after_it]) = (sides(words, at), sides(others, place));
    before.iter().any(|stem| after_it.contains(stem)) && after.iter().any(|stem| before_it.contains(stem))
}

/// The words that turn a statement round, but those said of the sources: "no article".
pub(super) fn negations<'w>(text: &str, words: &'w [Word]) -> Vec<&'w Word> {
    let is_meant = |(at, word): &(usize, &Word)| {
        let of_sources = words.iter().skip(at + 1).take(3).any(|next| next.senses.says(Senses::ARTICLE));
        // "Not yet ten" is "under ten", and "not only", "no fewer than" deny nothing.
        const PHRASES: [&str; 11] =
            ["yet", "only", "just", "merely", "until", "least", "later", "more", "fewer", "less", "even"];
        let is_phrase = words.get(at + 1).is_some_and(|next| PHRASES.contains(&&*lower(text, next)));
        word.senses.says(Senses::NEGATION) && !of_sources && !is_phrase
    };
    words.iter().enumerate().filter(is_meant).map(|(_, word)| word).collect()
}
