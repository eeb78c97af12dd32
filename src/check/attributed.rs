//! A source that prose names is among the sources of the claims that it cites there.

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::Ledger;
use crate::evidence::reading::{Senses, SourceMention, Word, lower};
use crate::parse::{BlockKind, PageMetadata};

use super::clauses::{Clause, Scope};

/// What may come before a source that answers for something.
const BEFORE: [&str; 8] = ["by", "to", "of", "in", "per", "only", "from", "than"];
/// What leaves a source out.
const OUT: [&str; 9] = ["except", "unlike", "besides", "apart", "than", "nor", "neither", "not", "no"];

pub(super) fn check(ledger: &Ledger, metadata: &PageMetadata, clauses: &[Clause<'_>], problems: &mut Diagnostics) {
    let mut before: Option<&Clause<'_>> = None;
    for clause in clauses.iter().filter(|clause| !clause.asks()) {
        let before = before.replace(clause).filter(|before| before.number == clause.number);
        let text = clause.sentence.text;
        let is_row = clause.kind == BlockKind::Row;
        let mentions = ledger.source_names().mentions(text, &clause.words, is_row);
        problems.extend(all_articles(ledger, metadata, clause));
        if !mentions.iter().any(|mention| is_row || answers(text, &clause.words, mention, &mentions)) {
            continue;
        }
        let own = sources(ledger, metadata, clause);
        let earlier = before.map(|before| sources(ledger, metadata, before)).unwrap_or_default();
        for mention in &mentions {
            // "[@a], says the report": it may belong to what is before it.
            let is_after = mention.words.start <= 4 && earlier.contains(&mention.source);
            problems.extend(linked(ledger, metadata, clause, mention));
            problems.extend(judge(ledger, clause, mention, &own).filter(|_| !is_after));
        }
    }
}

/// The sources of a clause, by number, through claims or directly.
fn sources(ledger: &Ledger, metadata: &PageMetadata, clause: &Clause<'_>) -> Vec<u32> {
    sources_of(ledger, metadata, &clause.basis.cited)
}

/// The sources of some citations.
pub(super) fn sources_of(ledger: &Ledger, metadata: &PageMetadata, cited: &[usize]) -> Vec<u32> {
    let mut all: Vec<u32> = Vec::new();
    for key in cited.iter().filter_map(|index| metadata.citations.get(*index)).map(|citation| citation.key.as_str()) {
        let through =
            ledger.claim(key).into_iter().flat_map(|claim| &claim.sources).map(|support| support.source.as_str());
        all.extend(through.chain([key]).filter_map(|id| ledger.source_number(id)));
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Whether the words around a source make it answer for what the clause says.
fn answers(text: &str, words: &[Word], mention: &SourceMention, mentions: &[SourceMention]) -> bool {
    // "The report also says", "the report and the feature say".
    let is_adverb = |word: &&Word| word.senses.says(Senses::EMPTY) && !word.senses.says(Senses::TELLS);
    let end = mentions.iter().fold(mention.words.end, |end, next| {
        let between = words.get(end..next.words.start).unwrap_or_default();
        let is_joined =
            end < next.words.start && between.iter().all(|word| matches!(&*lower(text, word), "and" | "the"));
        if is_joined { next.words.end } else { end }
    });
    let mut after = words.iter().skip(end);
    let next = after.next();
    let verb = next.filter(|next| !is_adverb(next)).or_else(|| after.next());
    let tells = verb.is_some_and(|verb| verb.senses.says(Senses::TELLS));
    let alone = next.is_some_and(|next| lower(text, next) == "alone");
    let mut earlier = words.iter().take(mention.words.start).rev().filter(|word| lower(text, word) != "the");
    let before =
        earlier.next().is_some_and(|word| word.senses.says(Senses::REPORT) || BEFORE.contains(&&*lower(text, word)));
    let is_all = |word: &Word| word.senses.says(Senses::UNIVERSAL);
    let is_but = words.get(..mention.words.start).is_some_and(|before| {
        let mut before = before.iter().rev().filter(|word| lower(text, word) != "the");
        before.next().is_some_and(|word| lower(text, word) == "but") && before.next().is_some_and(is_all)
    });
    // "The feature has no such list" gives it nothing.
    let denies = words.iter().skip(mention.words.end).take(3).any(|word| word.senses.says(Senses::NEGATION));
    (tells || alone || before || is_but) && !denies
}

fn judge(ledger: &Ledger, clause: &Clause<'_>, mention: &SourceMention, own: &[u32]) -> Option<Diagnostic> {
    let text = clause.sentence.text;
    let word = |at: usize| clause.words.get(at).map(|word| lower(text, word)).unwrap_or_default();
    let start = mention.words.start;
    let near: Vec<String> = (start.saturating_sub(4)..start).map(word).collect();
    let is_all = |word: &Word| word.senses.says(Senses::UNIVERSAL) || lower(text, word) == "all";
    let all_before = clause.words.iter().take(start).any(is_all);
    let is_but = all_before && near.iter().any(|word| word == "but" || word == "except");
    let is_out = near.iter().any(|word| OUT.contains(&word.as_str()));
    let is_here = own.contains(&mention.source);
    let is_only =
        near.last().is_some_and(|word| word == "the") && near.iter().rev().nth(1).is_some_and(|word| word == "only");
    let is_only = (is_only || word(mention.words.end) == "alone") && clause.scope == Scope::Own;
    let first = clause.words.get(start)?;
    let last = clause.words.get(mention.words.end.checked_sub(1)?)?;
    let range = first.at.start..last.at.end;
    let name = text.get(range.clone()).unwrap_or_default();
    let what = what(ledger, clause);
    let message = if is_but {
        is_here.then(|| format!("“{name}” is left out here, but {what} on it too"))?
    } else if is_out {
        return None;
    } else if !is_here {
        format!("“{name}” is named here, but {what} on {}", names(ledger, own))
    } else if is_only && !rests_on_one(ledger, clause, mention.source) {
        format!("“{name}” is said to be the only one, but {what} on {}", names(ledger, own))
    } else {
        return None;
    };
    Some(
        Diagnostic::new("wrong-source", clause.place(&range), message)
            .hint("name the source that says it, or cite the claim that rests on this one"),
    )
}

/// "All articles say so", where not all sources of the kind are behind the claims.
fn all_articles(ledger: &Ledger, metadata: &PageMetadata, clause: &Clause<'_>) -> Option<Diagnostic> {
    if !clause.is_own() {
        return None;
    }
    let text = clause.sentence.text;
    let at = clause.words.windows(3).position(|run| match run {
        [all, next, last] => {
            let is_all = matches!(&*lower(text, all), "all" | "every" | "each");
            let is_light = matches!(&*lower(text, next), "the" | "of" | "single") || next.is_figure;
            is_all && (next.senses.says(Senses::ARTICLE) || (is_light && last.senses.says(Senses::ARTICLE)))
        }
        _ => false,
    })?;
    let noun =
        (at + 1..at + 3).find(|at| clause.words.get(*at).is_some_and(|word| word.senses.says(Senses::ARTICLE)))?;
    let next = clause.words.get(noun + 1)?;
    // "All articles but one", "all articles that mention it", "not all articles"; what they do not say, no source is cited for.
    let is_less = matches!(&*lower(text, next), "but" | "except" | "that" | "which" | "who" | "with" | "of" | "on");
    let is_denied = clause.words.iter().any(|word| word.senses.says(Senses::NEGATION));
    let own = sources(ledger, metadata, clause);
    let missing = ledger
        .sources
        .iter()
        .filter(|source| ledger.source_number(&source.id).is_some_and(|number| !own.contains(&number)));
    let missing: Vec<String> = missing.map(|source| format!("`{}`", source.id.as_str())).collect();
    if is_less || is_denied || missing.is_empty() {
        return None;
    }
    let (first, last) = (clause.words.get(at)?, clause.words.get(noun)?);
    let range = first.at.start..last.at.end;
    let name = text.get(range.clone()).unwrap_or_default();
    let missing = if missing.len() > 4 { format!("{} sources", missing.len()) } else { super::listed(&missing, "and") };
    let message = format!("“{name}” takes in {missing}, on which {} not rest", does(clause));
    Some(
        Diagnostic::new("wrong-source", clause.place(&range), message)
            .hint("name the sources that say it, or add the others to the claim"),
    )
}

fn does(clause: &Clause<'_>) -> &'static str {
    if clause.basis.claims.len() == 1 { "the claim does" } else { "the claims do" }
}

/// A link named for one source that leads to the page of another.
fn linked(
    ledger: &Ledger,
    metadata: &PageMetadata,
    clause: &Clause<'_>,
    mention: &SourceMention,
) -> Option<Diagnostic> {
    let last = clause.words.get(mention.words.end.checked_sub(1)?)?;
    let place = clause.sentence.place(&last.at);
    let after = metadata.links.partition_point(|link| link.span.start <= place.start);
    let link = metadata.links.get(after.checked_sub(1)?).filter(|link| place.end <= link.span.end)?;
    let target = link.target.strip_suffix(".md")?.rsplit('/').next()?;
    let other = ledger.source_number(target).filter(|other| *other != mention.source)?;
    let named = ledger.sources.get(mention.source as usize)?;
    let message = format!("the link is called after `{}` and leads to `{}`", named.id.as_str(), target);
    ledger.sources.get(other as usize)?;
    Some(
        Diagnostic::new("wrong-source", link.span.clone(), message)
            .hint("let the link lead to the source that it names"),
    )
}

/// Whether some claim rests on one source alone.
fn rests_on_one(ledger: &Ledger, clause: &Clause<'_>, source: u32) -> bool {
    let is_it = |id: &str| ledger.source_number(id) == Some(source);
    let mut claims = clause.basis.claims.iter().filter_map(|number| ledger.claims.get(*number));
    !clause.has_claims_only() || claims.any(|claim| claim.sources.iter().all(|support| is_it(&support.source)))
}

/// What rests on sources, with the verb.
fn what(ledger: &Ledger, clause: &Clause<'_>) -> String {
    match clause.basis.claims.as_slice() {
        [only] if clause.basis.cited.len() == 1 => {
            format!("`{}` rests", ledger.claims.get(*only).map(|claim| claim.id.as_str()).unwrap_or_default())
        }
        _ => "what is cited rests".to_owned(),
    }
}

fn names(ledger: &Ledger, sources: &[u32]) -> String {
    let ids = sources.iter().filter_map(|number| ledger.sources.get(*number as usize));
    super::listed(&ids.map(|source| format!("`{}`", source.id.as_str())).collect::<Vec<_>>(), "and")
}
