//! What the checks demand of a linked site, one rule a file.
//!
//! A rule is split by what it may look at, so that the server runs again only what an edit can have changed. What a rule
//! finds depends on nothing else, and on no order.

mod archive;
mod attributed;
mod better_claim;
mod calendar;
mod certain;
mod citations;
mod clauses;
mod columns;
mod conflicting;
mod copied;
mod coverage;
mod disputes;
mod figures;
mod front_records;
mod inferred;
mod links;
mod lists;
mod locators;
mod named;
mod names;
mod opposed;
mod overstated;
mod parts;
mod places;
mod plans;
mod pointers;
mod quotations;
mod quoted;
mod quotes;
mod record_figures;
mod records;
mod relative;
mod repeated;
mod roles;
mod settings;
mod source_figures;
mod things;
mod uncited;
mod units;
mod unknown_names;
mod unused;
mod verbs;
mod verified;

pub use archive::Archive;
pub use links::is_link_told;
pub use verified::{Unchecked, Verified, Why};

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::diag::Diagnostics;
use crate::evidence::{AnyRecord, Ledger};
use crate::parse::{PageMetadata, Prose};
use crate::site::{Page, Site};

/// One rule.
pub struct Check {
    /// The codes of what it finds; each has a page in `docs/codes` and a fixture in `tests/fixtures/bad`.
    pub codes: &'static [&'static str],
    rule: Rule,
}

/// A rule by what it may look at.
enum Rule {
    /// A page's metadata: its links, its citations, its front matter. What it finds may depend on the ledger and the
    /// configuration, and, of other pages, on where they are and what anchors they have.
    Metadata(fn(&Site, &Page, &mut Diagnostics)),
    /// A page's prose, its metadata, and the ledger: it runs while the page is being read. Of a page that cites nothing it may
    /// ask the ledger for names alone ([`Ledger::names_hash`]).
    Prose(fn(&Ledger, &PageMetadata, &Prose, &mut Diagnostics)),
    /// The clauses of a page that cites something, its metadata, and the ledger.
    Clauses(fn(&Ledger, &PageMetadata, &[clauses::Clause<'_>], &mut Diagnostics)),
    /// The prose of a page about a topic, and its metadata: it runs while the page is being read.
    TopicalProse(fn(&PageMetadata, &Prose, &mut Diagnostics)),
    /// A record, and what it names.
    Record(fn(&Ledger, AnyRecord<'_>, &mut Diagnostics)),
    /// The ledger as a whole: what one record says beside another.
    Records(fn(&Ledger, &mut Diagnostics)),
    /// All metadata, but no prose. It runs after every change: it must be quick.
    Site(fn(&Site, &mut Diagnostics)),
    /// A page's prose, with the texts of the sources.
    ProseWithArchive(fn(&Site, &Page, &Prose, &Archive, &mut Diagnostics)),
    /// The ledger, with the texts of the sources.
    RecordsWithArchive(fn(&Ledger, &Archive, &mut Diagnostics)),
}

/// Every rule.
pub const CHECKS: &[Check] = &[
    Check { codes: &["broken-link", "broken-anchor", "hidden-link"], rule: Rule::Metadata(links::check) },
    Check { codes: &["broken-link"], rule: Rule::Site(links::check_site) },
    Check { codes: &["unknown-reference"], rule: Rule::Metadata(front_records::check) },
    Check { codes: &["unknown-citation"], rule: Rule::Metadata(citations::check) },
    Check { codes: &["undisclosed-dispute"], rule: Rule::Metadata(disputes::check) },
    Check { codes: &["low-coverage"], rule: Rule::Metadata(coverage::check) },
    Check { codes: &["uncited-paragraph"], rule: Rule::TopicalProse(uncited::check) },
    Check { codes: &["unsupported-figure", "date-too-fine"], rule: Rule::Prose(figures::check) },
    Check { codes: &["unsupported-figure", "date-too-fine"], rule: Rule::Record(record_figures::check) },
    Check { codes: &["wrong-weekday", "impossible-day"], rule: Rule::Prose(calendar::check) },
    Check { codes: &["wrong-weekday", "impossible-day"], rule: Rule::Record(calendar::check_record) },
    Check { codes: &["inferred-as-fact"], rule: Rule::Prose(inferred::check) },
    Check { codes: &["inferred-as-fact"], rule: Rule::Record(inferred::check_record) },
    Check { codes: &["plan-as-fact", "dropped-hedge"], rule: Rule::Clauses(plans::check) },
    Check { codes: &["plan-as-fact"], rule: Rule::Record(plans::check_record) },
    Check { codes: &["misspelt-name"], rule: Rule::Prose(names::check) },
    Check { codes: &["misspelt-name"], rule: Rule::Record(names::check_record) },
    Check { codes: &["wrong-source"], rule: Rule::Clauses(attributed::check) },
    Check { codes: &["wrong-source"], rule: Rule::Clauses(columns::check) },
    Check { codes: &["name-not-in-claim"], rule: Rule::Clauses(named::check) },
    Check { codes: &["name-not-in-claim"], rule: Rule::Record(named::check_record) },
    Check { codes: &["unknown-name"], rule: Rule::Clauses(unknown_names::check) },
    Check { codes: &["overstated"], rule: Rule::Clauses(overstated::check) },
    Check { codes: &["contradicts-claim"], rule: Rule::Clauses(opposed::check) },
    Check { codes: &["contradicts-claim"], rule: Rule::Record(opposed::check_record) },
    Check { codes: &["contradicts-claim"], rule: Rule::Clauses(roles::check) },
    Check { codes: &["wrong-unit"], rule: Rule::Clauses(units::check) },
    Check { codes: &["item-not-in-claim"], rule: Rule::Clauses(lists::check) },
    Check { codes: &["item-not-in-claim"], rule: Rule::Clauses(things::check) },
    Check { codes: &["other-claim-fits"], rule: Rule::Clauses(better_claim::check) },
    Check { codes: &["undisclosed-dispute"], rule: Rule::Clauses(disputes::check_sources) },
    Check { codes: &["conflicting-claims"], rule: Rule::Records(conflicting::check) },
    Check { codes: &["relative-date"], rule: Rule::Prose(relative::check) },
    Check { codes: &["repeated-claim"], rule: Rule::Records(repeated::check) },
    Check { codes: &["unused-claim", "unused-source", "unused-entity"], rule: Rule::Site(unused::check) },
    Check { codes: &["unsupported-figure", "unknown-name"], rule: Rule::Site(settings::check) },
    Check {
        codes: &["source-changed", "source-missing", "source-not-text", "source-unpinned"],
        rule: Rule::RecordsWithArchive(archive::check),
    },
    Check { codes: &["bad-locator"], rule: Rule::RecordsWithArchive(locators::check_records) },
    Check { codes: &["bad-locator"], rule: Rule::ProseWithArchive(locators::check) },
    Check { codes: &["bad-locator"], rule: Rule::Metadata(places::check) },
    Check { codes: &["bad-locator"], rule: Rule::Record(places::check_record) },
    Check { codes: &["misquoted", "ambiguous-quote"], rule: Rule::RecordsWithArchive(quotes::check) },
    Check { codes: &["copied-words"], rule: Rule::RecordsWithArchive(copied::check_records) },
    Check { codes: &["copied-words", "quoted-at-length"], rule: Rule::ProseWithArchive(copied::check) },
    Check { codes: &["figure-not-in-source"], rule: Rule::RecordsWithArchive(source_figures::check) },
    Check { codes: &["misquoted"], rule: Rule::ProseWithArchive(quoted::check) },
];

/// Whether problems of a code are found with the texts of the sources alone.
pub fn needs_archive(code: &str) -> bool {
    let mut rules = CHECKS.iter().filter(|check| check.codes.contains(&code)).peekable();
    rules.peek().is_some()
        && rules.all(|check| matches!(check.rule, Rule::ProseWithArchive(_) | Rule::RecordsWithArchive(_)))
}

/// Runs every rule that looks at a page's metadata. The server asks again where the metadata or the ledger has changed, or an
/// address or anchor of another page.
pub fn page(site: &Site, page: &Page, problems: &mut Diagnostics) {
    for check in CHECKS {
        if let Rule::Metadata(rule) = check.rule {
            rule(site, page, problems);
        }
    }
}

/// Runs every rule that reads a page's prose and asks nothing of the other pages. The server asks again where the page or
/// the ledger has changed.
pub fn prose(ledger: &Ledger, metadata: &PageMetadata, prose: &Prose, problems: &mut Diagnostics) {
    let clauses = clauses::clauses(ledger, metadata, prose);
    for check in CHECKS {
        match check.rule {
            Rule::Prose(rule) => rule(ledger, metadata, prose, problems),
            Rule::Clauses(rule) => rule(ledger, metadata, &clauses, problems),
            _ => {}
        }
    }
}

/// Runs every rule that reads the prose of a page about a topic: one of which [`is_topical`] says so.
pub fn topical_prose(metadata: &PageMetadata, prose: &Prose, problems: &mut Diagnostics) {
    for check in CHECKS {
        if let Rule::TopicalProse(rule) = check.rule {
            rule(metadata, prose, problems);
        }
    }
}

/// Runs every rule that looks at one record. It is asked again where something has changed that they have read.
pub fn record(ledger: &Ledger, record: AnyRecord<'_>, problems: &mut Diagnostics) {
    for check in CHECKS {
        if let Rule::Record(rule) = check.rule {
            rule(ledger, record, problems);
        }
    }
}

/// Runs every rule that looks at the ledger as a whole.
pub fn records(ledger: &Ledger, problems: &mut Diagnostics) {
    let run = |check: &Check| match check.rule {
        Rule::Records(rule) => found(|problems| rule(ledger, problems)),
        _ => Diagnostics::default(),
    };
    problems.extend(CHECKS.par_iter().with_max_len(1).flat_map_iter(run).collect::<Vec<_>>());
}

/// Runs every rule that looks at the whole.
pub fn site(site: &Site, problems: &mut Diagnostics) {
    for check in CHECKS {
        if let Rule::Site(rule) = check.rule {
            rule(site, problems);
        }
    }
}

/// Runs every rule that holds a page's prose against the texts of the sources.
pub fn prose_with(site: &Site, page: &Page, prose: &Prose, archive: &Archive, problems: &mut Diagnostics) {
    for check in CHECKS {
        if let Rule::ProseWithArchive(rule) = check.rule {
            rule(site, page, prose, archive, problems);
        }
    }
}

/// Runs every rule that holds the records against the texts of the sources.
pub fn records_with(ledger: &Ledger, archive: &Archive, problems: &mut Diagnostics) {
    let run = |check: &Check| match check.rule {
        Rule::RecordsWithArchive(rule) => found(|problems| rule(ledger, archive, problems)),
        _ => Diagnostics::default(),
    };
    problems.extend(CHECKS.par_iter().with_max_len(1).flat_map_iter(run).collect::<Vec<_>>());
}

fn found(run: impl FnOnce(&mut Diagnostics)) -> Diagnostics {
    let mut problems = Diagnostics::default();
    run(&mut problems);
    problems
}

/// Whether a page may turn out to be one of which [`is_topical`] says so, as far as its metadata tells; `topics` are the files
/// of the pages of all topics, named below `content`.
pub fn may_be_topical(metadata: &PageMetadata, topics: &FxHashSet<String>) -> bool {
    let is_page_of_topic = || metadata.path.below("content").is_some_and(|file| topics.contains(file));
    metadata.front.topic.is_some() || metadata.front.template.is_some() || is_page_of_topic()
}

/// Whether a page is about a topic, and so owes its readers a source for every statement.
pub fn is_topical(page: &Page) -> bool {
    page.metadata.front.topic.is_some() || page.template == "topic.html"
}

/// Words in a row as English has them: "`a`, `b` and `c`".
fn listed<T: AsRef<str>>(words: &[T], last: &str) -> String {
    match words {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [rest @ .., end] => {
            let rest: Vec<&str> = rest.iter().map(AsRef::as_ref).collect();
            format!("{} {last} {}", rest.join(", "), end.as_ref())
        }
    }
}
