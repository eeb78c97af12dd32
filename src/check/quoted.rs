//! What stands in quotation marks stands in a source that the sentence cites.

use std::ops::Range;

use rustc_hash::FxHashSet;

use crate::diag::{Diagnostic, Diagnostics};
use crate::parse::{PageMetadata, Prose, Sentence};
use crate::site::{Page, Site};

use super::Archive;
use super::archive::{Text, hash, words};

pub(super) fn check(site: &Site, page: &Page, prose: &Prose, archive: &Archive, problems: &mut Diagnostics) {
    for sentence in prose.sentences() {
        let quotations = quotations(sentence.text);
        if quotations.is_empty() {
            continue;
        }
        let sources = sources(site, &page.metadata, &sentence);
        let texts: Vec<&Text> = sources.iter().filter_map(|source| archive.text(source)).collect();
        // A source whose text is not at hand may hold it.
        if texts.is_empty() || texts.len() < sources.len() {
            continue;
        }
        for range in quotations {
            let quoted = sentence.text.get(range.clone()).unwrap_or_default();
            let hashes: Vec<u64> = words(quoted).map(|(word, _)| hash(&word)).collect();
            if hashes.len() >= 2 && !texts.iter().any(|text| text.holds(&hashes)) {
                let message = format!("“{quoted}” stands in no source that the sentence cites");
                problems.push(
                    Diagnostic::new("misquoted", sentence.place(&range), message)
                        .hint("quote exactly, cite the source of the words, or take the quotation marks out"),
                );
            }
        }
    }
}

/// The sources that a sentence cites, through claims or directly.
fn sources<'a>(site: &'a Site, metadata: &'a PageMetadata, sentence: &Sentence<'_>) -> FxHashSet<&'a str> {
    let mut sources = FxHashSet::default();
    for citation in sentence.citations.iter().filter_map(|index| metadata.citations.get(*index)) {
        match site.ledger.claim(&citation.key) {
            Some(claim) => sources.extend(claim.sources.iter().map(|support| support.source.as_str())),
            None => {
                sources.insert(citation.key.as_str());
            }
        }
    }
    sources
}

/// What stands between double quotation marks.
fn quotations(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open = None;
    for (at, c) in text.char_indices() {
        match (c, open) {
            ('“', _) | ('"', None) => open = Some(at + c.len_utf8()),
            ('”' | '"', Some(start)) => {
                found.push(start..at);
                open = None;
            }
            _ => {}
        }
    }
    found
}
