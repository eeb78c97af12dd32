//! What is told is told in our own words.

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::Ledger;
use crate::parse::Prose;
use crate::site::{Page, Site};
use crate::source::Span;

use super::archive::{hash, words};
use super::{Archive, records};

pub(super) fn check(_: &Site, page: &Page, prose: &Prose, archive: &Archive, problems: &mut Diagnostics) {
    for block in prose.blocks() {
        let sentences = block.sentences().enumerate();
        let all: Vec<_> = sentences
            .flat_map(|(number, sentence)| words(sentence.text).map(move |(word, at)| (word, number, at)))
            .collect();
        let hashes: Vec<u64> = all.iter().map(|(word, ..)| hash(word)).collect();
        for (first, length, source) in archive.shared(&hashes) {
            let (Some((_, number, at)), Some((_, last, end))) = (all.get(first), all.get(first + length - 1)) else {
                continue;
            };
            let Some(sentence) = block.sentences().nth(*number) else { continue };
            let end = if last == number { end.end } else { sentence.text.len() };
            problems.push(problem(sentence.place(&(at.start..end)), length, source));
        }
    }
    if let Some(title) = &page.metadata.front.title {
        let hashes: Vec<u64> = words(title).map(|(word, _)| hash(&word)).collect();
        for (_, length, source) in archive.shared(&hashes) {
            problems.push(problem(page.metadata.front_span("title"), length, source));
        }
    }
}

pub(super) fn check_records(ledger: &Ledger, archive: &Archive, problems: &mut Diagnostics) {
    for text in records::texts(ledger) {
        let hashes: Vec<u64> = words(text).map(|(word, _)| hash(&word)).collect();
        for (_, length, source) in archive.shared(&hashes) {
            problems.push(problem(ledger.span(text), length, source));
        }
    }
}

fn problem(at: impl Into<Option<Span>>, length: usize, source: &str) -> Diagnostic {
    let message = format!("{length} words in a row stand in `{source}` too");
    Diagnostic::new("copied-words", at, message).hint("say it in your own words")
}
