//! Prose does not say the opposite of the claim that it cites.

use std::ops::Range;

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::reading::{ClaimReading, Senses, Word, denied, extent, lower, opposites, words};
use crate::evidence::{AnyRecord, Claim, Ledger};
use crate::parse::PageMetadata;
use crate::source::Span;

use super::clauses::Clause;

pub(super) fn check(ledger: &Ledger, _: &PageMetadata, clauses: &[Clause<'_>], problems: &mut Diagnostics) {
    for clause in clauses.iter().filter(|clause| !clause.meant().is_empty() && !clause.asks()) {
        if let Some((claim, at, message)) = replaced(ledger, clause) {
            problems.push(problem(ledger, claim, clause.place(&at), message));
        } else if let Some((claim, message)) = denial(ledger, clause) {
            problems.push(problem(ledger, claim, clause.span(), message));
        }
    }
}

/// A word that says another thing than the one in its place in the claim.
fn replaced<'a>(ledger: &'a Ledger, clause: &Clause<'_>) -> Option<(&'a Claim, Range<usize>, String)> {
    let (claim, number, overlap) = clause.nearest(ledger)?;
    let reading = ledger.reading(number)?;
    let text = clause.sentence.text;
    let id = claim.id.as_str();
    if let Some((word, other)) = opposite(text, &clause.words, &claim.statement, reading) {
        let message = format!("“{}” is the opposite of “{other}” in `{id}`", clause.text_of(word));
        return Some((claim, word.at.clone(), message));
    }
    let is_close = overlap.shared >= 2 && overlap.shared * 2 >= overlap.all;
    let (word, other) = prefixed(text, &clause.words, &claim.statement, reading)
        .or_else(|| quantified(text, &clause.words, &claim.statement, &reading.words))
        .filter(|_| is_close)?;
    Some((claim, word.at.clone(), format!("“{}” is not what “{other}” says in `{id}`", clause.text_of(word))))
}

fn problem(ledger: &Ledger, claim: &Claim, at: Span, message: String) -> Diagnostic {
    let mut problem = Diagnostic::new("contradicts-claim", at, message)
        .hint("say what the claim says, or cite the claim that says this");
    problem.labels.extend(ledger.span(&claim.statement).map(|span| (span, "what the claim says".to_owned())));
    problem
}

/// The claim that a clause denies, or that denies what the clause says.
fn denial<'a>(ledger: &'a Ledger, clause: &Clause<'_>) -> Option<(&'a Claim, String)> {
    let text = clause.sentence.text;
    if clause.words.len() > 200 {
        return None;
    }
    let says = Said { text, words: &clause.words };
    let claims: Vec<_> = clause
        .meant()
        .iter()
        .take(16)
        .filter_map(|number| ledger.claims.get(*number).zip(ledger.reading(*number)))
        .collect();
    let ours = says.denied();
    let is_close = |reading: &ClaimReading, word: &Word| {
        let is_close = |words: &[Word]| {
            let overlap = reading.overlap(words);
            overlap.shared >= 2 && overlap.shared * 2 >= overlap.all
        };
        is_close(&clause.words) || is_close(clause.part(word))
    };
    for (claim, reading) in &claims {
        let does = Said { text: &claim.statement, words: &reading.words };
        let note = Said { text: claim.note.as_deref().map_or("", String::as_str), words: &reading.note };
        let theirs = does.denied();
        let is_elsewhere = |stem: u64, is_denied: bool| {
            claims.iter().any(|(other, reading)| {
                let other_says = Said { text: &other.statement, words: &reading.words };
                other.id != claim.id && other_says.has(stem) && other_says.affirms(stem) != is_denied
            })
        };
        let denied = ours.iter().any(|word| {
            let is_said = negations(does.text, does.words).is_empty()
                && does.affirms(word.stem)
                && !says.ranks(&does)
                && is_close(reading, word);
            let is_noted = || note.affirms(word.stem) && note.has_most_of(clause.part(word));
            (is_said || is_noted()) && !is_elsewhere(word.stem, true)
        });
        if denied {
            return Some((claim, format!("the sentence denies what `{}` says", claim.id.as_str())));
        }
        let noted =
            if says.words.iter().any(|word| word.senses.says(Senses::NEGATION)) { Vec::new() } else { note.denied() };
        let denying =
            theirs.iter().map(|word| (word, &does, false)).chain(noted.iter().map(|word| (word, &note, true)));
        for (word, their, is_note) in denying {
            let Some(own) = clause.words.iter().find(|own| own.stem == word.stem) else { continue };
            let part = clause.part(own);
            let is_affirmed = negations(text, part).is_empty() && says.affirms(word.stem) && !their.ranks(&says);
            let is_close = if is_note { note.has_most_of(part) } else { is_close(reading, own) };
            if is_affirmed && is_close && ours.len() < theirs.len().max(1) && !is_elsewhere(word.stem, false) {
                return Some((claim, format!("the sentence says what `{}` denies", claim.id.as_str())));
            }
        }
    }
    None
}

/// A text with its words.
struct Said<'a> {
    text: &'a str,
    words: &'a [Word],
}

impl Said<'_> {
    /// What its negations deny: after each the next word with content.
    fn denied(&self) -> Vec<&Word> {
        let denied = |negation: &Word| {
            let place = self.words.partition_point(|word| word.at.start < negation.at.start);
            let mut after = self.words.get(place + 1..)?.iter().peekable();
            // "Not in winter", "not by train" leave something out; "is not in use" does not.
            let is_predicate = place
                .checked_sub(1)
                .and_then(|at| self.words.get(at))
                .is_some_and(|word| word.senses.says(Senses::AUXILIARY));
            let is_phrase = after.peek().is_some_and(|next| {
                next.senses.says(Senses::PREPOSITION) && self.text.get(negation.at.clone()) == Some("not")
            });
            after.find(|word| !is_light(self.text, word)).filter(|_| is_predicate || !is_phrase)
        };
        negations(self.text, self.words).into_iter().filter_map(denied).collect()
    }

    fn has(&self, stem: u64) -> bool {
        self.words.iter().any(|word| word.stem == stem)
    }

    /// "None is older" says "the oldest".
    fn ranks(&self, other: &Self) -> bool {
        (self.compares("er") && other.compares("est")) || (self.compares("est") && other.compares("er"))
    }

    /// Whether it has most of some words with content, and at least three.
    fn has_most_of(&self, part: &[Word]) -> bool {
        let content = || part.iter().filter(|word| !word.senses.says(Senses::EMPTY));
        let shared = content().filter(|word| self.has(word.stem)).count();
        shared > 2 && shared * 2 >= content().count()
    }

    /// Whether it has a word, and denies it nowhere: by no negation in the same part of a sentence, and by no other word near it.
    fn affirms(&self, stem: u64) -> bool {
        let mut places =
            (0..self.words.len()).filter(|at| self.words.get(*at).is_some_and(|word| word.stem == stem)).peekable();
        places.peek().is_some() && places.take(4).all(|at| !self.is_denied(at))
    }

    fn is_denied(&self, at: usize) -> bool {
        let ends = |pair: &[Word]| match pair {
            [one, two] => {
                self.text.get(one.at.end..two.at.start).is_none_or(|gap| gap.contains([',', ';', ':', '–', '(', '.']))
            }
            _ => true,
        };
        let from = (1..=at).rev().find(|from| self.words.get(from - 1..=*from).is_none_or(ends)).unwrap_or(0);
        let to = (at + 1..self.words.len()).find(|to| self.words.get(to - 1..=*to).is_none_or(ends));
        let part = self.words.get(from..to.unwrap_or(self.words.len())).unwrap_or_default();
        let near = part.get((at - from).saturating_sub(4)..(at - from + 4).min(part.len())).unwrap_or_default();
        let is_less =
            |word: &Word| self.text.get(word.at.clone()).is_some_and(|word| word.len() > 5 && word.ends_with("less"));
        part.iter().take(60).any(|word| word.senses.says(Senses::NEGATION))
            || near.iter().any(|word| word.senses.says(Senses::PARTIAL) || is_less(word))
    }

    /// Whether it has a comparative or a superlative: "none is older" is "the oldest".
    fn compares(&self, ending: &str) -> bool {
        let more = if ending == "er" { "more" } else { "most" };
        self.words.iter().any(|word| {
            let word = self.text.get(word.at.clone()).unwrap_or_default();
            word == more || (word.len() > 4 && word.ends_with(ending))
        })
    }
}

/// The title of an event does not say the opposite of its only claim.
pub(super) fn check_record(ledger: &Ledger, record: AnyRecord<'_>, problems: &mut Diagnostics) {
    let AnyRecord::Event(event) = record else { return };
    let [claim] = event.claims.as_slice() else { return };
    let Some(claim) = ledger.claim_number(claim) else { return };
    let Some((claim, reading)) = ledger.claims.get(claim).zip(ledger.reading(claim)) else { return };
    let words = words(&event.title);
    let Some((word, other)) = opposite(&event.title, &words, &claim.statement, reading) else { return };
    let word = event.title.get(word.at.clone()).unwrap_or_default();
    let message = format!("“{word}” is the opposite of “{other}” in `{}`", claim.id.as_str());
    let Some(at) = ledger.span(&event.title) else { return };
    problems.push(problem(ledger, claim, at, message));
}

/// Words between a negation and what it denies: "no longer limited".
fn is_light(text: &str, word: &Word) -> bool {
    let form = text.get(word.at.clone()).unwrap_or_default();
    word.senses.says(Senses::EMPTY.and(Senses::DOUBT))
        || matches!(form, "longer" | "yet" | "even")
        || form.ends_with("ly")
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
        if others.is_empty() || claim.stems.contains(&word.stem) || claim.words.iter().any(|own| own.stem == word.stem)
        {
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
                let form = text.get(word.at.clone()).unwrap_or_default();
                let is_time = matches!(form, "before" | "until" | "till" | "unless" | "long");
                // What goes on is not denied.
                let goes_on =
                    matches!(form, "still" | "only") || form.starts_with("remain") || form.starts_with("stay");
                word.senses.says(Senses::NEGATION.and(Senses::PARTIAL)) && !goes_on || is_time
            })
        };
        let their = lower(statement, other);
        let is_negated = is_near(text, words, place) || (is_near(statement, &claim.words, theirs) && their != "longer");
        (!has_it_too && !is_negated && !is_turned_round(words, place, &claim.words, theirs)).then_some((word, their))
    })
}

/// A word and what denies it by how it begins: "named" for "unnamed".
fn prefixed<'w>(text: &str, words: &'w [Word], statement: &str, claim: &ClaimReading) -> Option<(&'w Word, String)> {
    let denied_by = |text: &str, word: &Word| {
        let form = text.get(word.at.clone()).unwrap_or_default();
        (form.len() > 5 && form.is_ascii()).then(|| denied(&form.to_ascii_lowercase())).flatten()
    };
    let has = |words: &[Word], stem: u64| words.iter().any(|word| word.stem == stem);
    let is_denied = |words: &[Word]| words.iter().any(|word| word.senses.says(Senses::NEGATION.and(Senses::PARTIAL)));
    if is_denied(words) || is_denied(&claim.words) {
        return None;
    }
    let ours = words.iter().find_map(|word| {
        let base = denied_by(text, word)?;
        let theirs = claim.words.iter().find(|own| own.stem == base && !own.senses.says(Senses::EMPTY))?;
        (!claim.stems.contains(&word.stem) && !has(words, base)).then(|| (word, lower(statement, theirs)))
    });
    ours.or_else(|| {
        claim.words.iter().find_map(|theirs| {
            let base = denied_by(statement, theirs)?;
            let word = words.iter().find(|own| own.stem == base && !own.senses.says(Senses::EMPTY))?;
            (!claim.stems.contains(&word.stem) && !has(words, theirs.stem)).then(|| (word, lower(statement, theirs)))
        })
    })
}

/// "All" or "few" before a noun, where the claim has "some" or "many" before it.
fn quantified<'w>(text: &str, words: &'w [Word], statement: &str, theirs: &[Word]) -> Option<(&'w Word, String)> {
    let quantities = |text: &str, words: &'_ [Word]| -> Vec<(usize, u8, u64)> {
        let of = |(at, word): (usize, &Word)| {
            let extent = extent(&lower(text, word))?;
            let is_light = |word: &&Word| word.senses.says(Senses::EMPTY.and(Senses::PARTIAL)) && !word.is_figure;
            let noun = words.iter().skip(at + 1).take(4).find(|word| !is_light(word))?;
            // "The most popular" compares, "a few" are some.
            let before = at.checked_sub(1).and_then(|at| words.get(at)).map(|word| lower(text, word));
            let is_other = before.is_some_and(|before| {
                matches!(
                    &*before,
                    "the" | "a" | "not" | "how" | "as" | "so" | "too" | "at" | "among" | "after" | "its" | "their"
                )
            });
            (!is_other && !noun.is_figure && !noun.senses.says(Senses::ARTICLE)).then_some((at, extent, noun.stem))
        };
        words.iter().enumerate().filter_map(of).collect()
    };
    let (ours, theirs_all) = (quantities(text, words), quantities(statement, theirs));
    ours.into_iter().find_map(|(at, extent, noun)| {
        let (place, other, _) = theirs_all.iter().find(|(_, _, theirs)| *theirs == noun)?;
        let differs = extent.abs_diff(*other) > 1 || extent.max(*other) == 5 && extent != *other;
        let word = words.get(at).filter(|_| differs && extent != 0 && *other != 0)?;
        Some((word, theirs.get(*place).map(|word| lower(statement, word))?))
    })
}

/// Whether what is on one side of a word is on the other side of its opposite: "a sold to b" for "b bought from a".
fn is_turned_round(words: &[Word], at: usize, others: &[Word], place: usize) -> bool {
    let sides = |words: &[Word], at: usize| -> [Vec<u64>; 2] {
        let stems = |words: &[Word]| {
            words
                .iter()
                .filter(|word| !word.senses.says(Senses::EMPTY) && !word.is_figure)
                .map(|word| word.stem)
                .collect()
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
