//! What stands in quotation marks stands in a source that is cited for it.

use std::ops::Range;

use crate::diag::{Diagnostic, Diagnostics};
use crate::parse::{Block, PageMetadata, Prose, Stretch};
use crate::site::{Page, Site};

use super::Archive;
use super::archive::Text;
use super::quotations::{is_exact, length, quotations};

pub(super) fn check(site: &Site, page: &Page, prose: &Prose, archive: &Archive, problems: &mut Diagnostics) {
    let stretches = prose.blocks().flat_map(|block| block.stretches().map(move |stretch| (block, stretch)));
    for (block, stretch) in stretches {
        let text = stretch.text();
        for range in quotations(text) {
            let quoted = text.get(range.clone()).unwrap_or_default();
            // Single words are quoted for many reasons.
            if length(quoted) < 2 {
                continue;
            }
            let sources = sources(site, &page.metadata, &block, &stretch, &range);
            let texts: Vec<&Text> = sources.iter().filter_map(|source| archive.text(source)).collect();
            // A source whose text is not at hand may hold it.
            if texts.is_empty() || texts.len() < sources.len() || is_exact(quoted, &texts) {
                continue;
            }
            let message = format!("“{quoted}” is in none of the sources that the sentence cites");
            problems.push(
                Diagnostic::new("misquoted", stretch.place(&range), message)
                    .hint("quote exactly, cite the source of the words, or remove the quotation marks"),
            );
        }
    }
}

/// The sources that the sentences of a quotation cite, through claims or directly, and the one that `{quote}` names.
pub(super) fn sources<'a>(
    site: &'a Site,
    metadata: &'a PageMetadata,
    block: &Block<'_>,
    stretch: &Stretch<'_>,
    quotation: &Range<usize>,
) -> Vec<&'a str> {
    let mut sources: Vec<&str> = metadata.quoted_source(block.call).into_iter().collect();
    for citation in stretch.citations(quotation).filter_map(|index| metadata.citations.get(index)) {
        match site.ledger.claim(&citation.key) {
            Some(claim) => sources.extend(claim.sources.iter().map(|support| support.source.as_str())),
            None => sources.push(citation.key.as_str()),
        }
    }
    sources.sort_unstable();
    sources.dedup();
    sources
}
