//! What prose lists beside something, the claim lists beside it too.

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::reading::{Senses, Word};
use crate::evidence::{Claim, Ledger};
use crate::parse::PageMetadata;

use super::clauses::Clause;

pub(super) fn check(ledger: &Ledger, _: &PageMetadata, clauses: &[Clause<'_>], problems: &mut Diagnostics) {
    let own = clauses.iter().filter(|clause| clause.is_own());
    for clause in own.filter(|clause| !clause.asks()) {
        let ours = pairs(clause.sentence.text, &clause.words);
        let is_known = |stem: u64| clause.basis.has_stem(ledger, stem);
        let new = ours.iter().flat_map(|(one, two)| [(one, two), (two, one)]);
        // Another word for the same is in no other record.
        let is_elsewhere = |word: &Word| word.is_capital || ledger.is_said(word.stem);
        let new = new.filter(|(word, beside)| !is_known(word.stem) && is_known(beside.stem) && is_elsewhere(word));
        let new: Vec<_> = new.collect();
        for (word, beside) in new {
            let claims =
                clause.basis.claims.iter().filter_map(|claim| ledger.claims.get(*claim).zip(ledger.reading(*claim)));
            let listed = claims.flat_map(|(claim, reading)| {
                pairs(&claim.statement, &reading.words).into_iter().map(move |pair| (claim, pair))
            });
            let instead = listed.into_iter().find_map(|(claim, (one, two))| {
                let other = if one.stem == beside.stem {
                    two
                } else if two.stem == beside.stem {
                    one
                } else {
                    return None;
                };
                (!clause.words.iter().any(|own| own.stem == other.stem)).then_some((claim, other))
            });
            let Some((claim, other)) = instead else { continue };
            let other = claim.statement.get(other.at.clone()).unwrap_or_default();
            let (text, beside) = (clause.text_of(word), clause.text_of(beside));
            let message = format!("“{text}” is beside “{beside}” here, but “{other}” in `{}`", claim.id.as_str());
            problems.push(problem(ledger, clause, claim, word, message));
        }
    }
}

fn problem(ledger: &Ledger, clause: &Clause<'_>, claim: &Claim, word: &Word, message: String) -> Diagnostic {
    let mut found = Diagnostic::new("item-not-in-claim", clause.place(&word.at), message)
        .hint("write what the claim has, or cite a claim with this item");
    found.labels.extend(ledger.span(&claim.statement).map(|span| (span, "what the claim says".to_owned())));
    found
}

fn content(words: &[Word]) -> Vec<&Word> {
    words.iter().filter(|word| !word.senses.says(Senses::EMPTY)).collect()
}

/// Words with content that a comma, `and` or `or` joins, without others between them.
fn pairs<'w>(text: &str, words: &'w [Word]) -> Vec<(&'w Word, &'w Word)> {
    let is_content = |word: &&Word| !word.senses.says(Senses::EMPTY.and(Senses::REPORT)) && !word.is_figure;
    let content = content(words);
    let joined = content.windows(2).filter_map(|pair| match pair {
        [one, two] => {
            let between = text.get(one.at.end..two.at.start)?.trim().trim_start_matches("’s").trim();
            matches!(between, "," | "and" | "or" | ", and" | ", or").then_some((*one, *two))
        }
        _ => None,
    });
    joined.filter(|(one, two)| is_content(one) && is_content(two)).collect()
}
