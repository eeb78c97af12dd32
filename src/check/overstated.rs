//! Prose is no surer, and takes in no more, than the claims that it cites.

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::reading::{ClaimReading, Senses, Word, has_no_degree, lower};
use crate::evidence::{EntityKind, Ledger};
use crate::parse::PageMetadata;

use super::clauses::Clause;

/// Turns of phrase with a word that takes in everything and does not, each with what comes before and after.
const TURNS: &[(&str, &str, &str)] = &[
    ("at", "all", ""),
    ("after", "all", ""),
    ("above", "all", ""),
    ("of", "all", ""),
    ("", "all", "same"),
    ("", "all", "this"),
    ("", "all", "that"),
    ("", "all", "over"),
    ("", "all", "but"),
    ("", "all", "day"),
    ("", "all", "along"),
    ("", "all", "told"),
    ("for", "certain", ""),
    ("a", "certain", ""),
    ("how", "exactly", ""),
    ("every", "every", "other"),
    ("on", "whole", ""),
    ("the", "whole", ""),
];

pub(super) fn check(ledger: &Ledger, _: &PageMetadata, clauses: &[Clause<'_>], problems: &mut Diagnostics) {
    for clause in clauses.iter().filter(|clause| clause.is_own() && !clause.asks()) {
        // Of these words alone, much may be meant that the claim says otherwise.
        let is_close = || {
            clause
                .nearest(ledger)
                .is_some_and(|(_, _, overlap)| overlap.shared > 2 && overlap.shared * 3 >= overlap.all * 2)
        };
        let found = will(ledger, clause).or_else(|| unlimited(ledger, clause)).filter(|_| is_close());
        // What says more has more words, too.
        let is_near = || {
            let nearest = clause.nearest(ledger);
            nearest.is_some_and(|(_, _, overlap)| overlap.shared > 1 && overlap.shared * 2 >= overlap.all)
        };
        let found =
            found.or_else(|| superlative(ledger, clause).or_else(|| everywhere(ledger, clause)).filter(|_| is_near()));
        problems.extend(found);
        // "No tree was felled" says as much as "all trees are still there".
        let universal = Senses::UNIVERSAL.and(Senses::NEGATION);
        for (sense, as_much, what) in
            [(Senses::BOOSTER, Senses::BOOSTER, "surer"), (Senses::UNIVERSAL, universal, "more")]
        {
            let claimed = clause.meant().iter().filter_map(|claim| ledger.reading(*claim));
            if claimed.into_iter().any(|claim| claim.senses.says(as_much)) {
                continue;
            }
            let mut words = clause.words.iter().enumerate().filter(|(_, word)| word.senses.says(sense));
            let Some((_, word)) = words.find(|(at, word)| is_meant(clause, *at, word)) else { continue };
            problems.push(problem(ledger, clause, word, what));
        }
    }
}

fn problem(ledger: &Ledger, clause: &Clause<'_>, word: &Word, what: &str) -> Diagnostic {
    let claims = clause.meant().iter().filter_map(|claim| ledger.claims.get(*claim));
    let claims: Vec<String> = claims.map(|claim| format!("`{}`", claim.id.as_str())).collect();
    let says = if claims.len() == 1 { "does not say" } else { "do not say" };
    let message =
        format!("“{}” says {what} than {}, which {says} it", clause.text_of(word), super::listed(&claims, "and"));
    Diagnostic::new("overstated", clause.place(&word.at), message)
        .hint("leave the word out, or cite a claim that says as much")
}

/// "Will" where all claims only say "may".
fn will(ledger: &Ledger, clause: &Clause<'_>) -> Option<Diagnostic> {
    let word = clause.words.iter().find(|word| word.senses.says(Senses::WILL))?;
    let mut claimed = clause.meant().iter().filter_map(|claim| ledger.reading(*claim));
    let is_possible = |senses: Senses| senses.says(Senses::POSSIBLE) && !senses.says(Senses::WILL);
    let says_more = !clause.senses().says(Senses::POSSIBLE.and(Senses::HEDGE))
        && !clause.words.iter().any(|word| clause.text_of(word) == "would")
        && claimed.all(|claim| is_possible(claim.senses));
    says_more.then(|| problem(ledger, clause, word, "more"))
}

/// "The most" where the claim says "among the most".
fn superlative(ledger: &Ledger, clause: &Clause<'_>) -> Option<Diagnostic> {
    let is_one_of = |text: &str, words: &[Word], at: usize| {
        let before: Vec<String> = words.iter().take(at).rev().take(4).map(|word| lower(text, word)).collect();
        before.iter().any(|word| matches!(word.as_str(), "among" | "amongst" | "one" | "some" | "two" | "three"))
    };
    let is_superlative = |text: &str, word: &Word| {
        let word = text.get(word.at.clone()).unwrap_or_default();
        let is_form = word.len() > 5 && word.ends_with("est") && !has_no_degree(word);
        matches!(word, "most" | "best" | "worst" | "leading" | "top") || is_form
    };
    let text = clause.sentence.text;
    if !clause.words.iter().any(|word| is_superlative(text, word)) {
        return None;
    }
    let (claim, number, _) = clause.nearest(ledger)?;
    let theirs = &ledger.reading(number)?.words;
    // "The most" where no claim compares at all; "the fourth largest" may be "fourth by size".
    let ranks = |word: &Word| {
        is_superlative(&claim.statement, word)
            || word.is_figure
            || word.senses.says(Senses::NEGATION.and(Senses::PARTIAL).and(Senses::UNIVERSAL))
            || claim.statement.get(word.at.clone()).is_some_and(|word| word.ends_with("er") || word == "more")
    };
    if !theirs.iter().any(ranks) {
        let the = clause.words.windows(3).find_map(|run| match run {
            [the, word, next] => {
                let is_most = text.get(word.at.clone()) != Some("most") || text.get(next.at.clone()) != Some("of");
                (lower(text, the) == "the" && is_superlative(text, word) && is_most).then_some(word)
            }
            _ => None,
        });
        return the.map(|word| problem(ledger, clause, word, "more"));
    }
    let of = |(at, word): &(usize, &Word)| {
        is_superlative(&claim.statement, word) && is_one_of(&claim.statement, theirs, *at)
    };
    let (_, claimed) = theirs.iter().enumerate().find(of)?;
    let (at, word) =
        clause.words.iter().enumerate().find(|(_, word)| is_superlative(text, word) && word.stem == claimed.stem)?;
    let the = at.checked_sub(1).and_then(|before| clause.words.get(before));
    let is_the = the.is_some_and(|the| lower(text, the) == "the");
    (is_the && !is_one_of(text, &clause.words, at)).then(|| problem(ledger, clause, word, "more"))
}

/// "Around the world" where the claim keeps to a place.
fn everywhere(ledger: &Ledger, clause: &Clause<'_>) -> Option<Diagnostic> {
    let word = clause.words.iter().find(|word| word.senses.says(Senses::WORLD))?;
    let claimed: Vec<_> = clause.meant().iter().filter_map(|claim| ledger.reading(*claim)).collect();
    let is_place =
        |entity: &u32| ledger.entities.get(*entity as usize).is_some_and(|entity| entity.kind == EntityKind::Place);
    let is_wide = |claim: &&ClaimReading| claim.senses.says(Senses::WORLD) || claim.stems.contains(&word.stem);
    let is_local = |claim: &&ClaimReading| claim.senses.says(Senses::LOCAL) || claim.entities.iter().any(is_place);
    let says_more = !claimed.iter().any(is_wide) && claimed.iter().any(is_local);
    says_more.then(|| problem(ledger, clause, word, "more"))
}

/// "Not sold" where the claim says "not officially sold": what limits a negation is left out.
fn unlimited(ledger: &Ledger, clause: &Clause<'_>) -> Option<Diagnostic> {
    let (claim, number, _) = clause.nearest(ledger)?;
    let theirs = &ledger.reading(number)?.words;
    let limited = theirs.windows(3).find_map(|run| match run {
        [not, limit, word] if not.senses.says(Senses::NEGATION) => {
            let form = claim.statement.get(limit.at.clone()).unwrap_or_default();
            let is_limit = limit.senses.says(Senses::UNIVERSAL) || (form.len() > 4 && form.ends_with("ly"));
            (is_limit && !word.senses.says(Senses::EMPTY)).then_some((limit, word))
        }
        _ => None,
    });
    let (limit, denied) = limited?;
    let denies = clause.words.iter().enumerate().find(|(at, word)| {
        let mut before = clause.words.iter().take(*at).rev().take(2);
        word.stem == denied.stem && before.any(|word| word.senses.says(Senses::NEGATION))
    });
    let (_, word) = denies.filter(|_| !clause.words.iter().any(|word| word.stem == limit.stem))?;
    Some(problem(ledger, clause, word, "more"))
}

/// Whether a word is meant so, and is not part of a turn of phrase or said of the sources.
fn is_meant(clause: &Clause<'_>, at: usize, word: &Word) -> bool {
    let text = clause.sentence.text;
    let near = |at: Option<usize>| at.and_then(|at| clause.words.get(at));
    let (before, after) = (near(at.checked_sub(1)), near(Some(at + 1)));
    let lower_of = |word: Option<&Word>| word.map(|word| lower(text, word)).unwrap_or_default();
    let (one, two, mut three) = (lower_of(before), lower(text, word), lower_of(after));
    if three == "the" {
        three = lower_of(clause.words.get(at + 2));
    }
    // "In all" ends something; "in all countries" does not. "Without doubt" is sure, and so is what "no doubt" is about.
    let is_end = |word: &Word| text.get(word.at.end..).is_none_or(|rest| !rest.starts_with(' '));
    if two == "all" && one == "in" && is_end(word) {
        return false;
    }
    // "Nine trams, all of one type": all of those that were counted.
    let is_apposed =
        before.is_some_and(|before| text.get(before.at.end..word.at.start).is_some_and(|gap| gap.contains([',', '–'])));
    if two == "all" && is_apposed && clause.words.iter().take(at).any(|word| word.is_figure) {
        return false;
    }
    let is_turn =
        |(a, b, c): &(&str, &str, &str)| *b == two && (a.is_empty() || *a == one) && (c.is_empty() || *c == three);
    let near = clause.words.iter().skip(at.saturating_sub(2)).take(6);
    let of_sources = near.into_iter().any(|word| word.senses.says(Senses::ARTICLE));
    !TURNS.iter().any(is_turn) && !of_sources && !before.is_some_and(|word| word.senses.says(Senses::NEGATION))
}
