//! Prose is no surer, and takes in no more, than the claims that it cites.

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::Ledger;
use crate::evidence::reading::{Senses, Word, lower};
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
    let own = clauses.iter().filter(|clause| clause.is_own() && !clause.asks());
    for clause in own {
        for (sense, what) in [(Senses::BOOSTER, "surer"), (Senses::UNIVERSAL, "more")] {
            let claimed = clause.basis.claims.iter().filter_map(|claim| ledger.reading(*claim));
            if claimed.into_iter().any(|claim| claim.senses.says(sense)) {
                continue;
            }
            let mut words = clause.words.iter().enumerate().filter(|(_, word)| word.senses.says(sense));
            let Some((_, word)) = words.find(|(at, word)| is_meant(clause, *at, word)) else { continue };
            let claims: Vec<String> = clause
                .basis
                .claims
                .iter()
                .filter_map(|claim| ledger.claims.get(*claim))
                .map(|claim| format!("`{}`", claim.id.as_str()))
                .collect();
            let says = if claims.len() == 1 { "does not say" } else { "do not say" };
            let message = format!(
                "“{}” says {what} than {}, which {says} it",
                clause.text_of(word),
                super::listed(&claims, "and")
            );
            problems.push(
                Diagnostic::new("overstated", clause.place(&word.at), message)
                    .hint("leave the word out, or cite a claim that says as much"),
            );
        }
    }
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
    let is_turn =
        |(a, b, c): &(&str, &str, &str)| *b == two && (a.is_empty() || *a == one) && (c.is_empty() || *c == three);
    let near = clause.words.iter().skip(at.saturating_sub(2)).take(6);
    let of_sources = near.into_iter().any(|word| word.senses.says(Senses::ARTICLE));
    !TURNS.iter().any(is_turn) && !of_sources && !before.is_some_and(|word| word.senses.says(Senses::NEGATION))
}
