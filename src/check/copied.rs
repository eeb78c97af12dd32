//! What is told is told in our own words, unless it is quoted.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::Ledger;
use crate::evidence::figures::figures;
use crate::parse::Prose;
use crate::site::{Page, Site};
use crate::source::Span;

use super::archive::{RUN, Text, hash, words};
use super::quotations::{is_exact, length, quotations};
use super::quoted::sources;
use super::{Archive, records};

pub(super) fn check(site: &Site, page: &Page, prose: &Prose, archive: &Archive, problems: &mut Diagnostics) {
    let mut quoted: BTreeMap<String, usize> = BTreeMap::new();
    for block in prose.blocks() {
        let in_quotation = block.is_quoted() || block.call.is_some_and(|call| is_quote(page, call));
        for stretch in block.stretches() {
            let whole = 0..stretch.text().len();
            let mut is_cited = |quotation: &Range<usize>| {
                let text = stretch.text().get(quotation.clone()).unwrap_or_default();
                let sources = sources(site, &page.metadata, &block, &stretch, quotation);
                let holds = |source: &&&str| archive.text(source).is_some_and(|held| is_exact(text, &[held]));
                let source = sources.iter().find(holds);
                source.inspect(|source| *quoted.entry((**source).to_owned()).or_default() += length(text));
                source.is_some()
            };
            // A block quotation is one as a whole.
            if in_quotation && is_cited(&whole) {
                continue;
            }
            for run in copied(stretch.text(), &site.ledger, archive, is_cited) {
                problems.push(run.problem(stretch.place(&run.range)));
            }
        }
    }
    check_length(site, page, &quoted, problems);
    if let Some(title) = &page.metadata.front.title {
        for run in copied(title, &site.ledger, archive, |_| false) {
            problems.push(run.problem(page.metadata.front_span("title")));
        }
    }
}

/// Whether a call is of the component for quotations.
fn is_quote(page: &Page, call: usize) -> bool {
    page.metadata.calls.get(call).is_some_and(|call| call.name == "quote")
}

/// A page quotes no more words of a source than the site allows itself.
fn check_length(site: &Site, page: &Page, quoted: &BTreeMap<String, usize>, problems: &mut Diagnostics) {
    let Some(limit) = &site.config.check.quoted_words else { return };
    for (source, words) in quoted.iter().filter(|(_, words)| **words > limit.value as usize) {
        let message = format!("the page quotes {words} words of `{source}`, the limit is {}", limit.value);
        let cites = |citation: &&crate::parse::Citation| {
            let of_claim = site.ledger.claim(&citation.key).into_iter().flat_map(|claim| &claim.sources);
            citation.key == *source || of_claim.into_iter().any(|support| support.source.as_str() == source)
        };
        let cited = page.metadata.citations.iter().rfind(cites).map(|citation| citation.span.clone());
        let mut calls = (0..page.metadata.calls.len()).rev();
        let call = calls.find(|call| page.metadata.quoted_source(Some(*call)) == Some(source.as_str()));
        let called = call.and_then(|call| Some(page.metadata.calls.get(call)?.span.clone()));
        let at = cited.or(called);
        problems.push(
            Diagnostic::new("quoted-at-length", at, message)
                .hint("say more of it in your own words, or raise `quoted_words` below `[check]` in site.toml"),
        );
    }
}

pub(super) fn check_records(ledger: &Ledger, archive: &Archive, problems: &mut Diagnostics) {
    let texts: Vec<&Text> = ledger.sources.iter().filter_map(|source| archive.text(&source.id)).collect();
    for text in records::all_texts(ledger) {
        // A record names its sources: what it has in quotation marks is quoted from them.
        let is_quoted = |range: &Range<usize>| text.get(range.clone()).is_some_and(|quoted| is_exact(quoted, &texts));
        for run in copied(text, ledger, archive, is_quoted) {
            problems.push(run.problem(ledger.span(text)));
        }
    }
}

/// Words in a row that a source has too.
struct Run<'a> {
    range: Range<usize>,
    length: usize,
    source: &'a str,
}

impl Run<'_> {
    fn problem(&self, at: impl Into<Option<Span>>) -> Diagnostic {
        let message = format!("{} words in a row stand in `{}` too", self.length, self.source);
        Diagnostic::new("copied-words", at, message)
            .hint("say it in your own words, or quote it exactly, in quotation marks, and cite its source")
    }
}

/// What a text has copied, but for quotations that `is_allowed`.
fn copied<'a>(
    text: &str,
    ledger: &Ledger,
    archive: &'a Archive,
    is_allowed: impl FnMut(&Range<usize>) -> bool,
) -> Vec<Run<'a>> {
    let words: Vec<(u64, Range<usize>)> = words(text).map(|(word, at)| (hash(&word), at)).collect();
    if words.len() < RUN {
        return Vec::new();
    }
    let mut found = Vec::new();
    let quoted: Vec<Range<usize>> = quotations(text).into_iter().filter(is_allowed).collect();
    for stretch in words.split(|(_, at)| holds(&quoted, at.start)) {
        let hashes: Vec<u64> = stretch.iter().map(|(word, _)| *word).collect();
        for (first, length, source) in archive.shared(&hashes) {
            let Some(run) = stretch.get(first..first + length) else { continue };
            let range = extent(run);
            if is_of_words(text, run, &range, ledger) {
                found.push(Run { range, length, source });
            }
        }
    }
    found
}

/// Whether a run holds words beside dates and figures: "from 8 June 2011 to 20 January 2014" can hardly be said otherwise.
fn is_of_words(text: &str, run: &[(u64, Range<usize>)], range: &Range<usize>, ledger: &Ledger) -> bool {
    let said = figures(text.get(range.clone()).unwrap_or_default(), ledger.masks());
    let said: Vec<Range<usize>> = said.into_iter().map(|figure| figure.range).collect();
    run.iter().filter(|(_, at)| !holds(&said, at.start - range.start)).count() > RUN / 2
}

/// Whether one of these ranges, which are in order, holds a byte.
fn holds(ranges: &[Range<usize>], at: usize) -> bool {
    let after = ranges.partition_point(|range| range.start <= at);
    after.checked_sub(1).and_then(|index| ranges.get(index)).is_some_and(|range| at < range.end)
}

fn extent(run: &[(u64, Range<usize>)]) -> Range<usize> {
    let (first, last) = (run.first(), run.last());
    first.map_or(0, |(_, at)| at.start)..last.map_or(0, |(_, at)| at.end)
}
