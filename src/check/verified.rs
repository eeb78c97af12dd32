//! Which citations were held against the text of their source, and why the others were not.

use std::collections::BTreeMap;

use crate::evidence::{Ledger, Lines};
use crate::site::Site;
use crate::source::Span;

use super::Archive;
use super::figures::lines;
use super::locators::fault;
use super::quotes;

/// What became of the citations of a site: each source of each claim, and each source that a page cites itself.
#[derive(Clone, Debug, Default)]
pub struct Verified {
    /// How many were held against the text of their source.
    pub checked: usize,
    /// The others, in the order of the records, then of the pages.
    pub unchecked: Vec<Unchecked>,
}

/// A citation that was not held against a text.
#[derive(Clone, Debug)]
pub struct Unchecked {
    /// The source.
    pub source: String,
    /// Why not.
    pub why: Why,
    /// Where it is cited.
    pub at: Option<Span>,
}

/// Why a citation was not held against a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It names no place in the source.
    NoPlace,
    /// The source is in a language for which there are no rules.
    NoRules,
    /// The source names no file.
    NoFile,
    /// The file is not in the archive.
    Missing,
    /// The file is not text.
    NotText,
    /// The file is not the one that was read.
    Changed,
    /// The place is not in the text, or empty.
    BadPlace,
    /// The claim is inferred: its sources do not say it.
    Inferred,
    /// Another source of the claim was not checked, which may be the one that says it.
    Beside,
}

impl Why {
    /// Its name for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoPlace => "no-place",
            Self::NoRules => "no-rules",
            Self::NoFile => "no-file",
            Self::Missing => "missing",
            Self::NotText => "not-text",
            Self::Changed => "changed",
            Self::BadPlace => "bad-place",
            Self::Inferred => "inferred",
            Self::Beside => "beside",
        }
    }

    /// What one citation, or several of them, do or are, after "it" or a number.
    pub fn words(self, several: bool) -> &'static str {
        let (one, many) = match self {
            Self::NoPlace => ("names no place", "name no place"),
            Self::NoRules => ("is in a language without rules", "are in a language without rules"),
            Self::NoFile => ("cites a source without a file", "cite a source without a file"),
            Self::Missing => ("cites a file that is not in the archive", "cite a file that is not in the archive"),
            Self::NotText => ("cites a file that is not text", "cite a file that is not text"),
            Self::Changed => ("cites a file that has changed", "cite a file that has changed"),
            Self::BadPlace => ("names a place that is not there", "name a place that is not there"),
            Self::Inferred => ("belongs to an inferred claim", "belong to an inferred claim"),
            Self::Beside => ("shares its claim with one that was not", "share a claim with one that was not"),
        };
        if several { many } else { one }
    }
}

impl Verified {
    /// Looks at every citation of a site.
    pub fn of(site: &Site, archive: &Archive) -> Self {
        let mut found = Self::default();
        let ledger = &site.ledger;
        for claim in &ledger.claims {
            let reasons: Vec<Option<Why>> = claim
                .sources
                .iter()
                .map(|support| reason(ledger, archive, &support.source, &quotes::lines(archive, support)))
                .collect();
            let unread = reasons.iter().any(|why| why.is_some_and(|why| why != Why::Changed));
            let whole = if claim.inferred.is_some() { Some(Why::Inferred) } else { unread.then_some(Why::Beside) };
            for (support, why) in claim.sources.iter().zip(reasons) {
                let at = || ledger.span(&support.lines).or_else(|| ledger.span(&support.source));
                found.note(&support.source, why.or(whole), at);
            }
        }
        for page in &site.pages {
            for citation in page.metadata.citations.iter().filter(|citation| ledger.source(&citation.key).is_some()) {
                let place = lines(citation.locator.as_deref()).unwrap_or_default();
                let why = reason(ledger, archive, &citation.key, &place);
                found.note(&citation.key, why, || Some(citation.span.clone()));
            }
        }
        found
    }

    fn note(&mut self, source: &str, why: Option<Why>, at: impl FnOnce() -> Option<Span>) {
        match why {
            None => self.checked += 1,
            Some(why) => self.unchecked.push(Unchecked { source: source.to_owned(), why, at: at() }),
        }
    }

    /// How many citations were not checked for each reason.
    pub fn counts(&self) -> BTreeMap<Why, usize> {
        let mut counts = BTreeMap::new();
        for one in &self.unchecked {
            *counts.entry(one.why).or_default() += 1;
        }
        counts
    }

    /// How many citations there are.
    pub fn all(&self) -> usize {
        self.checked + self.unchecked.len()
    }

    /// All in one line: "41 of 63 citations checked against a text; 12 name no place, 4 cite a source without a file".
    pub fn words(&self) -> String {
        let reasons: Vec<String> =
            self.counts().into_iter().map(|(why, count)| format!("{count} {}", why.words(count > 1))).collect();
        let checked = format!("{} of {} citations checked against a text", self.checked, self.all());
        if reasons.is_empty() { checked } else { format!("{checked}; {}", reasons.join(", ")) }
    }
}

/// Why a place of a source cannot be held against its text; nothing where it can.
pub(super) fn reason(ledger: &Ledger, archive: &Archive, source: &str, lines: &Lines) -> Option<Why> {
    let source = ledger.source(source)?;
    match archive.read(source) {
        Err(why) => Some(why),
        Ok(_) if lines.is_empty() => Some(Why::NoPlace),
        Ok(_) if fault(archive, &source.id, lines).is_some() => Some(Why::BadPlace),
        Ok(_) if !has_rules(ledger.language_of(source)) => Some(Why::NoRules),
        Ok(_) if !archive.is_pinned(source) => Some(Why::Changed),
        Ok(_) => None,
    }
}

/// Whether figures and dates are read in a language.
fn has_rules(language: &str) -> bool {
    language == "en" || language.starts_with("en-")
}
