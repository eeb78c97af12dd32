//! A name is one that some record knows.

use std::ops::Range;

use crate::diag::{Diagnostic, Diagnostics, did_you_mean};
use crate::evidence::Ledger;
use crate::evidence::reading::{Senses, Word};
use crate::parse::{BlockKind, PageMetadata};

use super::clauses::Clause;
use super::names::is_quoted;

pub(super) fn check(ledger: &Ledger, metadata: &PageMetadata, clauses: &[Clause<'_>], problems: &mut Diagnostics) {
    // What is beside the text may name a model or a licence: "Galaxy 7". What is quoted has the names of its source.
    for clause in clauses.iter().filter(|clause| clause.kind != BlockKind::Label && !clause.is_quoted) {
        for run in runs(clause) {
            let unknown = run.iter().find(|word| !is_known(ledger, metadata, clause, word));
            let Some(unknown) = unknown.or_else(|| odd(ledger, clause, run)) else { continue };
            let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
            let range = first.at.start..last.at.end;
            // A heading may be the name of a thing with a number: "Apollo 11".
            let rest = clause.sentence.text.get(range.end..).unwrap_or_default();
            let is_model =
                clause.kind == BlockKind::Heading && rest.trim_start().starts_with(|c: char| c.is_ascii_digit());
            if is_model || clause.sentence.is_code(&range) || is_quoted(clause.sentence.text, range.start) {
                continue;
            }
            let name = clause.sentence.text.get(range.clone()).unwrap_or_default();
            problems.push(problem(ledger, clause, name, clause.text_of(unknown), &range));
        }
        for pair in clause.words.windows(2) {
            let [one, two] = pair else { continue };
            let (first, second) = (clause.text_of(one), clause.text_of(two));
            let at = one.at.start..two.at.end;
            if clause.sentence.text.get(one.at.end..two.at.start) != Some(" ") || clause.sentence.is_code(&at) {
                continue;
            }
            if let Some(numbers) = ledger.names().other_numbers(first, second).filter(|_| is_number(second)) {
                let numbers: Vec<String> = numbers.iter().map(|number| format!("“{first} {number}”")).collect();
                let message = format!("no record knows the name “{first} {second}”");
                let hint = format!("did you mean {}?", super::listed(&numbers, "or"));
                problems.push(Diagnostic::new("unknown-name", clause.place(&at), message).hint(hint));
            }
        }
    }
}

fn is_number(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_digit())
}

/// Words in a row that begin with a capital, and not only because a sentence does.
fn runs<'a>(clause: &'a Clause<'_>) -> Vec<&'a [Word]> {
    let text = clause.sentence.text;
    let joins = |pair: &[Word]| match pair {
        [one, two] => {
            text.get(one.at.end..two.at.start).is_some_and(|between| matches!(between, " " | "-" | "’s " | "'s "))
        }
        _ => false,
    };
    let mut runs = Vec::new();
    let mut from = 0;
    while let Some(word) = clause.words.get(from) {
        let mut to = from + 1;
        if word.is_capital && !(word.is_first && word.senses.says(Senses::EMPTY)) {
            while clause.words.get(to).is_some_and(|next| next.is_capital)
                && clause.words.get(to - 1..=to).is_some_and(joins)
            {
                to += 1;
            }
            // One word may have its capital from where it is.
            if let Some(run) = clause.words.get(from..to).filter(|run| run.len() > 1 || !word.is_first) {
                runs.push(run);
            }
        }
        from = to;
    }
    runs
}

/// The first of two known words that make no known name, as in "Castle Bridge" for "Mill Bridge".
fn odd<'a>(ledger: &Ledger, clause: &Clause<'_>, run: &'a [Word]) -> Option<&'a Word> {
    run.windows(2).find_map(|pair| match pair {
        [one, two] => {
            let end = run.last().map_or(two.at.end, |last| last.at.end);
            let tail = clause.sentence.text.get(two.at.start..end).unwrap_or_default();
            ledger.names().is_odd_pair(clause.text_of(one), clause.text_of(two), tail).then_some(one)
        }
        _ => None,
    })
}

fn is_known(ledger: &Ledger, metadata: &PageMetadata, clause: &Clause<'_>, word: &Word) -> bool {
    let text = clause.text_of(word);
    let in_title = || {
        let title = metadata.title.split(|c: char| !c.is_alphanumeric());
        title.into_iter().any(|own| own == text)
    };
    text.len() < 2
        || word.senses.says(Senses::COMMON.and(Senses::EMPTY))
        || ledger.names().knows(text)
        || text.chars().filter(char::is_ascii_digit).count() > 0
        || in_title()
}

fn problem(ledger: &Ledger, clause: &Clause<'_>, name: &str, word: &str, at: &Range<usize>) -> Diagnostic {
    let message = if name == word {
        format!("no record knows the name “{name}”")
    } else {
        format!("no record knows “{word}” of the name “{name}”")
    };
    let known = ledger
        .entities
        .iter()
        .flat_map(|entity| std::iter::once(entity.name.as_str()).chain(entity.aliases.iter().map(|alias| &**alias)));
    let hint = match did_you_mean(name, known) {
        Some(near) => format!("did you mean “{near}”?"),
        None => "correct it, or record it in a claim or below `entities`".to_owned(),
    };
    Diagnostic::new("unknown-name", clause.place(at), message).hint(hint)
}
