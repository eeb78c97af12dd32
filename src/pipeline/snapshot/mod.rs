//! The site up to the point where pages can be rendered: everything read, parsed, linked and checked.

mod checks;
mod linking;
mod reading;
mod stage;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::check;
use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::evidence::Reads;
use crate::parse::{Answer, Body};
use crate::render::{Pictures, Renderer, Templates};
use crate::site::{self, PageId, Site};
use crate::source::{Files, Hash, Listing, SitePath};

use super::inputs::Inputs;
use super::name_rules::{Exclusion, NameRules};
use super::parsed::{CheckedRecords, Parsed, Parser};

use checks::CheckedPages;

pub(super) use stage::{PrepareContext, prepare_with};
pub use stage::{advance, prepare};

/// A linked and checked site with all that rendering needs.
pub struct Snapshot {
    /// The pages, linked.
    pub site: Arc<Site>,
    /// The compiled templates.
    pub templates: Arc<Templates>,
    /// The sizes of pictures.
    pub pictures: Arc<Pictures>,
    /// What has changed since the snapshot before.
    pub change: Change,
    listing: Arc<Listing>,
    names: Arc<NameRules>,
    inputs: Arc<Inputs>,
    parser: Arc<Parser>,
    pages: Arc<FxHashMap<SitePath, Arc<Parsed>>>,
    checked: CheckedPages,
    checked_records: CheckedRecords,
    /// What linking read of the ledger, after its state.
    linked: (u64, Reads),
    found: Found,
}

/// What of the outputs may differ from those of the snapshot before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing: the same inputs, whatever was named.
    Nothing,
    /// These pages, and what is made of the text of all pages.
    Pages(Vec<PageId>),
    /// Anything.
    Anything,
}

/// Problems by where they were found, so that a stage that need not run again still tells.
#[derive(Clone, Default)]
struct Found {
    config: Arc<Diagnostics>,
    inputs: Arc<Diagnostics>,
    evidence: Arc<Diagnostics>,
    templates: Arc<Diagnostics>,
    linking: Arc<Diagnostics>,
    /// Component calls, links and the like.
    calls: ByPage,
    all_metadata: ByPage,
}

/// Problems by content file; those without are left out.
type ByPage = Arc<FxHashMap<SitePath, Diagnostics>>;

/// What may have changed since a snapshot was made.
#[derive(Debug, Default)]
pub struct Touched<'a> {
    /// All inputs, where files may have come or gone; else the old listing holds.
    pub listing: Option<Arc<Listing>>,
    /// Files whose bytes may have changed; too many cost time, and nothing else.
    pub files: Cow<'a, BTreeSet<SitePath>>,
}

impl Snapshot {
    /// All problems of the inputs, unsorted, each with the severity that `site.toml` gives its code.
    pub fn problems(&self) -> Diagnostics {
        let found = &self.found;
        let mut all = Diagnostics::default();
        for stage in [&found.config, &found.inputs, &found.evidence, &found.templates, &found.linking] {
            all.extend(stage.iter().cloned());
        }
        all.extend(self.pages.values().flat_map(|page| page.problems.iter().cloned()));
        for checks in [&found.calls, &found.all_metadata] {
            all.extend(checks.values().flat_map(|problems| problems.iter().cloned()));
        }
        all.extend(self.checked_records.values().flat_map(|checked| checked.problems.iter().cloned()));
        for page in &self.site.pages {
            if let Some(checked) = self.checked.get(&page.metadata.path) {
                all.extend(checked.problems.iter().cloned());
                all.extend(checked.topical.iter().filter(|_| check::is_topical(page)).cloned());
            }
        }
        check::site(&self.site, &mut all);
        self.relevel(&mut all);
        all
    }

    /// Problems with code that are found only when pages are rendered, where sources are kept.
    pub fn problems_of_code(&self) -> Diagnostics {
        let mut found = self.parser.problems_of_code(&self.pages);
        self.relevel(&mut found);
        found
    }

    /// Problems that show only against the texts of the sources, which `archive` holds, each with the severity that
    /// `site.toml` gives its code.
    pub fn problems_with(&self, archive: &dyn Files) -> (Diagnostics, check::Verified) {
        let archive = check::Archive::open(&self.site.ledger, archive);
        let mut all = Diagnostics::default();
        check::records_with(&self.site.ledger, &archive, &mut all);
        let by_page = self.site.pages.par_iter().flat_map_iter(|page| {
            let mut problems = Diagnostics::default();
            if let Some(parsed) = self.pages.get(&page.metadata.path) {
                match self.parser.prose(None, &page.metadata.path, parsed) {
                    Ok(prose) => check::prose_with(&self.site, page, &prose, &archive, &mut problems),
                    Err(problem) => problems.push(*problem),
                }
            }
            problems
        });
        all.extend(by_page.collect::<Vec<_>>());
        self.relevel(&mut all);
        (all, check::Verified::of(&self.site, &archive))
    }

    /// The problems that texts answer themselves, each with its reason, in the order of the pages.
    pub fn answers(&self) -> impl Iterator<Item = &Answer> {
        self.site.pages.iter().flat_map(|page| &page.metadata.answers)
    }

    /// The metadata of all content files that could be read, of those that are no pages of this build as well.
    pub(in crate::pipeline) fn all_metadata(&self) -> impl Iterator<Item = &crate::parse::PageMetadata> {
        self.pages.values().filter_map(|page| page.metadata.as_deref())
    }

    /// The errors for which a part of a page or of the records could not be read; what that names is not known.
    pub fn unreadable(&self) -> Diagnostics {
        let evidence = self.found.evidence.iter().filter(|_| !self.site.ledger.is_whole());
        let pages = self.pages.values().flat_map(|page| page.problems.iter());
        evidence.chain(pages).filter(|found| found.severity == Severity::Error).cloned().collect()
    }

    /// Moves each problem to the severity that `site.toml` gives its code, and drops those that the text answers.
    pub(super) fn relevel(&self, problems: &mut Diagnostics) {
        let answers: Vec<&Answer> = self.answers().collect();
        let answered = |found: &Diagnostic| {
            found.at.as_ref().is_some_and(|at| {
                let here = |answer: &&&Answer| {
                    answer.block.file == at.file && answer.block.start <= at.start && at.start < answer.block.end
                };
                answers.iter().filter(here).any(|answer| answer.code == found.code)
            })
        };
        problems.retain(|found| answers.is_empty() || !answered(found));
        let check = &self.site.config.check;
        problems.relevel(|found| check.severity(found.code).unwrap_or(found.severity));
    }

    /// The plain text of a page, for the search index.
    pub fn text(&self, id: PageId) -> String {
        let path = &self.site.page(id).metadata.path;
        self.pages.get(path).map_or_else(String::new, |page| self.parser.text(path, page).to_string())
    }

    /// The body of a page; empty for a page that no content file stands for. A snapshot that keeps sources needs no
    /// `files` for that.
    ///
    /// # Errors
    /// When the file must be read again, and cannot be, or is not as it was.
    pub fn body(&self, files: Option<&dyn Files>, id: PageId) -> Result<Cow<'_, Body>, Box<Diagnostic>> {
        let path = &self.site.page(id).metadata.path;
        self.pages.get(path).map_or_else(|| Ok(Cow::default()), |page| self.parser.body(files, path, page))
    }

    /// The hash of a page's content file and of how it is read, alike for pages without one.
    pub fn body_hash(&self, id: PageId) -> Hash {
        let page = self.pages.get(&self.site.page(id).metadata.path);
        page.map_or_else(|| Hash::of(b""), |page| self.parser.key(&page.hash))
    }

    /// Whether this is one of its content files.
    pub(super) fn has_file(&self, path: &SitePath) -> bool {
        self.pages.contains_key(path)
    }

    /// What renders its pages; `assets` are the fingerprinted files by their path below `static`.
    pub fn renderer(&self, assets: BTreeMap<String, String>) -> Renderer {
        Renderer::new(self.site.clone(), self.templates.clone(), self.pictures.clone(), assets)
    }

    /// Whether the same file would be parsed to the same page in both.
    pub fn reads_alike(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.parser, &other.parser)
    }

    /// Whether a file of this name, known or not, is left out: what editors keep beside the files they edit.
    pub fn is_ignored(&self, path: &SitePath) -> bool {
        matches!(self.names.exclusion(path), Some(Exclusion::Ignored | Exclusion::Temporary))
    }

    /// What is no part of this build.
    pub fn left_out(&self) -> site::LeftOut {
        site::LeftOut { temporary: self.inputs.temporary, ..self.site.left_out() }
    }

    /// All inputs, as they were listed.
    pub fn listing(&self) -> &Arc<Listing> {
        &self.listing
    }
}
