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
        // Another word for the same is in no other record, but for the names of what the claims name.
        let named: Vec<_> = ledger.names().entities_in(clause.sentence.text, &clause.words).collect();
        let is_named = |word: &Word| {
            let mut of_word = named.iter().filter(|(at, _)| at.start <= word.at.start && word.at.end <= at.end);
            of_word.any(|(_, entity)| clause.basis.entities(ledger).any(|own| own == *entity))
        };
        let is_elsewhere = |word: &Word| (word.is_capital || ledger.is_said(word.stem)) && !is_named(word);
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
        problems.extend(exchanged(ledger, clause).filter(|_| problems.iter().all(|found| !is_in(found, clause))));
    }
}

fn is_in(found: &Diagnostic, clause: &Clause<'_>) -> bool {
    let span = clause.span();
    let is_inside = |at: &crate::source::Span| at.file == span.file && span.start <= at.start && at.end <= span.end;
    found.code == "item-not-in-claim" && found.at.as_ref().is_some_and(is_inside)
}

/// The one item of a list of three or more that is none of the claim’s list, which has as many.
fn exchanged(ledger: &Ledger, clause: &Clause<'_>) -> Option<Diagnostic> {
    let ours = lists(clause.sentence.text, &clause.words);
    if ours.is_empty() {
        return None;
    }
    let claims = clause.basis.claims.iter().take(16);
    let claims = claims.filter_map(|claim| ledger.claims.get(*claim).zip(ledger.reading(*claim)));
    claims.into_iter().find_map(|(claim, reading)| {
        let theirs = lists(&claim.statement, &reading.words);
        ours.iter().find_map(|list| {
            let their = theirs.iter().find(|their| their.len() == list.len())?;
            let lacks = |list: &[&[Word]], item: &[Word]| {
                !list.iter().any(|own| own.iter().any(|word| item.iter().any(|other| other.stem == word.stem)))
            };
            let new: Vec<&&[Word]> = list.iter().filter(|item| lacks(their, item)).collect();
            let other: Vec<&&[Word]> = their.iter().filter(|item| lacks(list, item)).collect();
            let ([[new, ..]], [[other, ..]]) = (new.as_slice(), other.as_slice()) else { return None };
            let is_known = clause.basis.has_stem(ledger, new.stem);
            let is_said = clause.words.iter().any(|word| word.stem == other.stem);
            let other = claim.statement.get(other.at.clone()).unwrap_or_default();
            let text = clause.text_of(new);
            let message = format!("“{text}” is listed here, but “{other}” in `{}`", claim.id.as_str());
            (!is_known && !is_said).then(|| problem(ledger, clause, claim, new, message))
        })
    })
}

/// The lists of a text with three or more items, each of up to three words with content.
fn lists<'w>(text: &str, words: &'w [Word]) -> Vec<Vec<&'w [Word]>> {
    let (mut lists, mut list, mut from) = (Vec::new(), Vec::new(), 0);
    let mut end = |list: &mut Vec<&'w [Word]>, item: &'w [Word]| {
        // What is before the first item and after the last may belong to the sentence.
        list.push(item.get(..item.len().min(3)).unwrap_or_default());
        if let Some(first) = list.first_mut() {
            *first = first.get(first.len().saturating_sub(1)..).unwrap_or_default();
        }
        let done = std::mem::take(list);
        if (3..=12).contains(&done.len()) && done.iter().all(|item| (1..=3).contains(&item.len())) {
            lists.push(done);
        }
    };
    let (mut done, mut is_last) = (0, false);
    for (at, word) in words.iter().enumerate() {
        let gap = text.get(done..word.at.start).unwrap_or_default().trim();
        done = word.at.end;
        let item = words.get(from..at).unwrap_or_default();
        let is_light = word.senses.says(Senses::EMPTY);
        if is_light && matches!(text.get(word.at.clone()), Some("and" | "or")) {
            list.extend(Some(item).filter(|item| !item.is_empty()));
            (from, is_last) = (at + 1, true);
        } else if gap == "," && !item.is_empty() && !is_last && !is_light {
            list.push(item);
            from = at;
        } else if !gap.is_empty() || is_light {
            // Nothing belongs to the list after the item that `and` leads in.
            end(&mut list, item);
            (from, is_last) = (at + usize::from(is_light), false);
        }
    }
    end(&mut list, words.get(from..).unwrap_or_default());
    lists
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
