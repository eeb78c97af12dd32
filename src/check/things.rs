//! Prose names the same thing of a kind as the claim that it cites: a school for a school, and no hospital.

use rustc_hash::FxHashSet;

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::reading::{ClaimReading, Senses, Word, is_auxiliary, lower, words};
use crate::evidence::{Claim, Ledger};
use crate::parse::{BlockKind, PageMetadata};
use crate::source::Span;

use super::clauses::{Clause, Scope};

pub(super) fn check(ledger: &Ledger, metadata: &PageMetadata, clauses: &[Clause<'_>], problems: &mut Diagnostics) {
    let known = problems.iter().filter(|problem| problem.code == "item-not-in-claim");
    // What a list has instead was found before.
    let mut found: FxHashSet<usize> = known.filter_map(|problem| problem.at.as_ref().map(|at| at.start)).collect();
    for clause in clauses.iter().filter(|clause| clause.has_claims_only()) {
        // A heading or summary names what some claim below it does; other text, what its own claims do.
        let is_of_page = clause.scope == Scope::Page && matches!(clause.kind, BlockKind::Heading | BlockKind::Summary);
        let claims = if is_of_page { clause.basis.claims.as_slice() } else { clause.meant() };
        if claims.is_empty() || claims.len() > 64 {
            continue;
        }
        for (at, word) in clause.words.iter().enumerate().filter(|(_, word)| word.kind.is_some()) {
            if clause.basis.has_stem(ledger, word.stem) || is_left_out(&clause.words, at) {
                continue;
            }
            let read = || claims.iter().filter_map(|claim| ledger.claims.get(*claim).zip(ledger.reading(*claim)));
            let named = read().any(|(_, claim)| claim.words.iter().any(|own| own.kind == word.kind));
            let instead = read().find_map(|(claim, reading)| {
                let is_close = |words: &[Word]| {
                    let overlap = reading.overlap(words);
                    (overlap.shared >= 2 || overlap.all <= 2) && overlap.shared * 2 >= overlap.all && overlap.shared > 0
                };
                let is_close = is_of_page || is_close(&clause.words) || is_close(clause.part(word));
                is_close.then(|| instead(&clause.words, word, reading)).flatten().map(|other| (claim, other))
            });
            let Some((claim, other)) = instead.filter(|_| !named) else { continue };
            let place = clause.place(&word.at);
            if found.insert(place.start) {
                problems.push(problem(ledger, clause.text_of(word), claim, other, place));
            }
            break;
        }
    }
    title(ledger, metadata, problems);
    for clause in clauses.iter().filter(|clause| clause.is_own() && !clause.asks()) {
        let new = |problem: &Diagnostic| problem.at.as_ref().is_some_and(|at| !found.contains(&at.start));
        problems.extend(substituted(ledger, clause).filter(new));
    }
}

/// The one word of a clause that its claim has another for, in the same place, where other claims have this word for something
/// else.
fn substituted(ledger: &Ledger, clause: &Clause<'_>) -> Option<Diagnostic> {
    let text = clause.sentence.text;
    let (claim, number, overlap) = clause.nearest(ledger)?;
    let reading = ledger.reading(number)?;
    if overlap.shared < 3 || clause.words.len() > 60 || reading.words.len() > 60 {
        return None;
    }
    let light = Senses::EMPTY
        .and(Senses::REPORT)
        .and(Senses::TELLS)
        .and(Senses::ARTICLE)
        .and(Senses::OPEN)
        .and(Senses::PARTIAL);
    let named: Vec<_> = ledger.source_names().mentions(text, &clause.words, false);
    let is_named = |at: usize| named.iter().any(|mention| mention.words.contains(&at));
    let content = |word: &Word| !word.senses.says(light) && !word.is_figure && !word.is_capital;
    let mut ours = (0..clause.words.len()).filter(|at| {
        clause.words.get(*at).is_some_and(|word| content(word) && !clause.basis.has_stem(ledger, word.stem))
            && !is_named(*at)
    });
    let (at, None) = (ours.next()?, ours.next()) else { return None };
    let theirs: Vec<usize> = (0..reading.words.len())
        .filter(|at| {
            let has = |word: &Word| clause.words.iter().any(|own| own.stem == word.stem);
            reading.words.get(*at).is_some_and(|word| content(word) && !has(word))
        })
        .collect();
    let near = |text: &str, words: &[Word], at: usize| -> [Option<String>; 2] {
        [at.checked_sub(1), Some(at + 1)]
            .map(|near| near.and_then(|near| words.get(near)).map(|word| lower(text, word)))
    };
    let [before, after] = near(text, &clause.words, at);
    let is_verb = |before: &Option<String>| before.as_deref().is_some_and(|word| word == "to" || is_auxiliary(word));
    let is_weak = |word: &str| {
        matches!(word, "the" | "a" | "an" | "its" | "their" | "and" | "or" | "is" | "are" | "was" | "were")
    };
    let place = theirs.iter().filter(|_| theirs.len() < 3 && !is_verb(&before)).find(|place| {
        let [one, two] = near(&claim.statement, &reading.words, **place);
        let (is_after, is_next) = (before.is_some() && before == one, after.is_some() && after == two);
        let is_strong = |word: &Option<String>| word.as_deref().is_some_and(|word| !is_weak(word));
        (is_after && (is_next || is_strong(&before))) || (is_next && is_strong(&after))
    })?;
    let (word, other) = (clause.words.get(at)?, reading.words.get(*place)?);
    // Nouns that end what they belong to, in the same number: what is before a noun may be left out, or said otherwise.
    let is_head = |words: &[Word], at: usize| {
        words.get(at + 1).is_none_or(|next| next.senses.says(Senses::EMPTY.and(Senses::PREPOSITION)) || next.is_first)
    };
    let is_noun = |form: &str| !["ly", "ed", "ing"].iter().any(|ending| form.ends_with(ending));
    let forms = (lower(text, word), lower(&claim.statement, other));
    let is_alike = forms.0.ends_with('s') == forms.1.ends_with('s')
        && is_noun(&forms.0)
        && is_noun(&forms.1)
        && is_head(&clause.words, at)
        && is_head(&reading.words, *place);
    (is_alike && ledger.is_said(word.stem))
        .then(|| problem(ledger, clause.text_of(word), claim, other, clause.place(&word.at)))
}

/// The title of a page names what some claim of the page does.
fn title(ledger: &Ledger, metadata: &PageMetadata, problems: &mut Diagnostics) {
    let Some(title) = metadata.front.title.as_deref() else { return };
    let words = words(title);
    if !words.iter().any(|word| word.kind.is_some()) || metadata.citations.len() > 256 {
        return;
    }
    let claims: Option<Vec<_>> = metadata.citations.iter().map(|citation| ledger.claim_number(&citation.key)).collect();
    let claims: Vec<_> = claims.unwrap_or_default();
    let read = || claims.iter().filter_map(|claim| ledger.claims.get(*claim).zip(ledger.reading(*claim)));
    for word in words.iter().filter(|word| word.kind.is_some()) {
        let is_known = read()
            .any(|(_, claim)| claim.stems.contains(&word.stem) || claim.words.iter().any(|own| own.kind == word.kind));
        let other = read().find_map(|(claim, reading)| instead(&words, word, reading).map(|other| (claim, other)));
        if let Some((claim, other)) = other.filter(|_| !is_known) {
            let text = title.get(word.at.clone()).unwrap_or_default();
            problems.push(problem(ledger, text, claim, other, metadata.front_span("title")));
        }
    }
}

/// The word of a claim that names another thing of the kind, where the clause has it nowhere.
fn instead<'c>(words: &[Word], word: &Word, claim: &'c ClaimReading) -> Option<&'c Word> {
    let excludes = |other: &&Word| word.kind.zip(other.kind).is_some_and(|(one, two)| one.excludes(two));
    let has = |other: &&Word| words.iter().any(|own| own.kind == other.kind || own.stem == other.stem);
    claim.words.iter().find(|other| excludes(other) && !has(other))
}

/// "Without a phone", "no phone": not what the clause is about.
fn is_left_out(words: &[Word], at: usize) -> bool {
    words.iter().take(at).rev().take(3).any(|word| word.senses.says(Senses::NEGATION.and(Senses::PARTIAL)))
}

fn problem(ledger: &Ledger, word: &str, claim: &Claim, other: &Word, at: Span) -> Diagnostic {
    let other = claim.statement.get(other.at.clone()).unwrap_or_default();
    let message = format!("“{word}” is named here, but “{other}” in `{}`", claim.id.as_str());
    let mut found = Diagnostic::new("item-not-in-claim", at, message)
        .hint("write what the claim has, or cite a claim with this item");
    found.labels.extend(ledger.span(&claim.statement).map(|span| (span, "what the claim says".to_owned())));
    found
}
