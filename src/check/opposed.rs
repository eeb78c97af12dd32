//! Prose does not say the opposite of the claim that it cites.

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::Ledger;
use crate::evidence::reading::{ClaimReading, Senses, Word, lower, opposites, stem};
use crate::parse::PageMetadata;

use super::clauses::{Clause, Scope};

pub(super) fn check(ledger: &Ledger, _: &PageMetadata, clauses: &[Clause<'_>], problems: &mut Diagnostics) {
    for clause in
        clauses.iter().filter(|clause| clause.scope == Scope::Own && clause.basis.claims.len() == 1 && !clause.asks())
    {
        let Some((claim, number, overlap)) = clause.nearest(ledger) else { continue };
        let Some(reading) = ledger.reading(number) else { continue };
        let text = clause.sentence.text;
        let found = opposite(text, &clause.words, &claim.statement, reading).map(|(word, other)| {
            (
                word.at.clone(),
                format!("“{}” is the opposite of “{other}” in `{}`", clause.text_of(word), claim.id.as_str()),
            )
        });
        let found = found.or_else(|| {
            let is_close = overlap.shared >= 2 && overlap.shared * 2 >= overlap.all;
            let (ours, theirs) = (negations(text, &clause.words), negations(&claim.statement, &reading.words));
            let denied = denies(&clause.words, &ours, &reading.words) && !reading.senses.says(Senses::PARTIAL);
            let denying = denies(&reading.words, &theirs, &clause.words) && !clause.senses().says(Senses::PARTIAL);
            if !is_close || !(denied && theirs.is_empty() || denying && ours.is_empty()) {
                return None;
            }
            let ours = usize::from(denied);
            let says = if ours == 1 { "denies what" } else { "says what" };
            let does = if ours == 1 { "says" } else { "denies" };
            let (first, last) = (clause.words.first()?, clause.words.last()?);
            Some((first.at.start..last.at.end, format!("the sentence {says} `{}` {does}", claim.id.as_str())))
        });
        let Some((at, message)) = found else { continue };
        let mut problem = Diagnostic::new("contradicts-claim", clause.place(&at), message)
            .hint("say what the claim says, or cite the claim that says this");
        problem.labels.extend(ledger.span(&claim.statement).map(|span| (span, "what the claim says".to_owned())));
        problems.push(problem);
    }
}

/// Whether one of these negations turns round what other words say: the next word with content is among them.
fn denies(words: &[Word], negations: &[&Word], others: &[Word]) -> bool {
    negations.iter().any(|negation| {
        let after = words.iter().filter(|word| word.at.start > negation.at.start && !word.senses.says(Senses::EMPTY));
        after.take(1).any(|word| others.iter().any(|other| other.stem == word.stem))
    })
}

/// A word whose opposite the claim has in its place.
pub(super) fn opposite<'w>(
    text: &str,
    words: &'w [Word],
    statement: &str,
    claim: &ClaimReading,
) -> Option<(&'w Word, String)> {
    words.iter().find_map(|word| {
        let own = lower(text, word);
        let others = opposites(&own);
        if others.is_empty() || claim.words.iter().any(|theirs| theirs.stem == word.stem) {
            return None;
        }
        let other = others.iter().find(|other| claim.words.iter().any(|theirs| lower(statement, theirs) == **other))?;
        // "Without naming any" leaves something out, and is no opposite of "with".
        let next = words.iter().find(|next| next.at.start > word.at.start);
        if own == "without" && next.is_some_and(|next| lower(text, next).ends_with("ing")) {
            return None;
        }
        let has_it_too = words.iter().any(|word| word.stem == stem(other));
        // "Not more" is no opposite of "less".
        let is_near = |words: &[Word], at: usize| {
            words.iter().take(at).rev().take(3).any(|word| word.senses.says(Senses::NEGATION))
        };
        let place = words.iter().position(|own| own.at == word.at).unwrap_or_default();
        let theirs = claim.words.iter().position(|own| lower(statement, own) == *other).unwrap_or_default();
        let is_negated = is_near(words, place) || (is_near(&claim.words, theirs) && *other != "longer");
        (!has_it_too && !is_negated).then(|| (word, (*other).to_owned()))
    })
}

/// The words that turn a statement round, but those said of the sources: "no article".
pub(super) fn negations<'w>(text: &str, words: &'w [Word]) -> Vec<&'w Word> {
    let is_meant = |(at, word): &(usize, &Word)| {
        let of_sources = words.iter().skip(at + 1).take(3).any(|next| next.senses.says(Senses::ARTICLE));
        // "Not yet ten" is "under ten".
        let is_yet = words.get(at + 1).is_some_and(|next| lower(text, next) == "yet");
        word.senses.says(Senses::NEGATION) && !of_sources && !is_yet
    };
    words.iter().enumerate().filter(is_meant).map(|(_, word)| word).collect()
}
