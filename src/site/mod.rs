//! All pages, linked: who is where, who comes before and after, what leads to what. It knows metadata, never bodies.

mod address;
mod addresses;
mod arrange;
mod assemble;
mod hidden;
mod host;
mod lists;
mod occurrences;
mod outline;
mod page;
mod replace;
mod target;

pub use address::{Address, decode, encode, keep_encoded, root_from};
pub use addresses::Redirect;
pub use hidden::{Hidden, LeftOut};
pub use host::Host;
pub(crate) use lists::bucket_of;
pub use lists::{Entry, ListGroup, ListHere, ListKind, ListPart, LongList};
pub use occurrences::{NamedBy, Occurrence};
pub use outline::CONTRADICTED;
pub use page::{Page, PageId, Subject};
pub use target::{Files, Target, has_scheme, is_fingerprinted, split_directive};

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::{Config, Topic};
use crate::diag::{Diagnostics, Names};
use crate::evidence::{Disagreement, Ledger, Weight};
use crate::parse::{Day, PageMetadata};
use crate::source::SitePath;

/// What [`Site::link`] makes a site from.
pub struct Parts<'a> {
    /// The configuration.
    pub config: Arc<Config>,
    /// The evidence.
    pub ledger: Arc<Ledger>,
    /// The metadata of all content files, in any order.
    pub all_metadata: Vec<Arc<PageMetadata>>,
    /// Every other file below `content`, and every file below `static`, from the root.
    pub files: Arc<Files>,
    /// The names of all templates: `page.html`.
    pub templates: &'a BTreeSet<String>,
    /// Those of them that can show a list in parts: they name `parts`.
    pub parted: &'a BTreeSet<String>,
    /// Pages after this day stay out; those that expire on it or before do too.
    pub today: Day,
    /// Whether drafts are in.
    pub drafts: bool,
}

/// The linked site. A clone shares all but the list of pages, which costs a millisecond for ten thousand.
#[derive(Clone, Debug)]
pub struct Site {
    /// The configuration.
    pub config: Arc<Config>,
    /// The evidence.
    pub ledger: Arc<Ledger>,
    /// All pages, sorted by their content file.
    pub pages: Vec<Page>,
    /// Files that are copied.
    pub files: Arc<Files>,
    by_file: Arc<FxHashMap<SitePath, PageId>>,
    hidden: Arc<BTreeMap<SitePath, Hidden>>,
    hosts: Arc<BTreeMap<Host, PageId>>,
    /// The lists with further pages, by the page of the list.
    lists: Arc<FxHashMap<PageId, LongList>>,
    redirects: Arc<BTreeMap<SitePath, Redirect>>,
    backlinks: Arc<Vec<Vec<PageId>>>,
    cited_on: Arc<FxHashMap<String, Vec<PageId>>>,
    /// The pages that show each disagreement, found when first needed.
    showing: Arc<OnceLock<FxHashMap<String, Vec<PageId>>>>,
    /// The places of topics in the configuration, by id.
    topics: Arc<FxHashMap<String, u32>>,
    /// What follows from the names and the front matter of all pages, which [`Site::with_metadata`] keeps.
    indexes: Arc<Indexes>,
}

/// What is worked out when it is first needed.
#[derive(Debug, Default)]
struct Indexes {
    /// The names of all files, below `content`.
    names: OnceLock<Names>,
    /// The pages and other files with names that are not ASCII, by their names in NFC.
    normalized: OnceLock<FxHashMap<String, SitePath>>,
    /// The pages that name a topic, by its id.
    of_topic: OnceLock<FxHashMap<String, Vec<PageId>>>,
    /// The corrections that name a claim, by its id.
    of_claim: OnceLock<FxHashMap<String, Vec<Corrected>>>,
}

/// A correction: its day, its page, and its place among those of the page.
pub type Corrected = (Day, PageId, usize);

impl Site {
    /// Links all pages, and says what does not fit together.
    pub fn link(parts: Parts<'_>, problems: &mut Diagnostics) -> Self {
        let mut site = assemble::pages(parts, problems);
        arrange::siblings(&mut site);
        site.index_links();
        site
    }

    /// A page by its number.
    #[expect(clippy::indexing_slicing, reason = "a `PageId` is handed out only for a page of the site")]
    pub fn page(&self, id: PageId) -> &Page {
        &self.pages[id.index()]
    }

    /// All page numbers, in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = PageId> + use<> {
        (0..self.pages.len() as u32).map(PageId)
    }

    /// The page made from this content file, named from the root.
    pub fn find(&self, file: &SitePath) -> Option<PageId> {
        self.by_file.get(file).copied()
    }

    /// The page made from this content file, named below `content`.
    pub fn find_content(&self, file: &str) -> Option<PageId> {
        SitePath::new(&format!("content/{file}")).ok().and_then(|path| self.find(&path))
    }

    /// The page that shows this view.
    pub fn host(&self, host: Host) -> Option<PageId> {
        self.hosts.get(&host).copied()
    }

    /// The page of a topic.
    pub fn topic_page(&self, topic: &str) -> Option<PageId> {
        self.find_content(&topic_file(self.topic(topic)?))
    }

    /// The topic of this id.
    pub fn topic(&self, id: &str) -> Option<&Topic> {
        self.config.topics.get(*self.topics.get(id)? as usize)
    }

    /// The pages that name this topic, in order.
    pub fn pages_of_topic(&self, topic: &str) -> &[PageId] {
        let pages = self.indexes.of_topic.get_or_init(|| {
            let mut pages: FxHashMap<String, Vec<PageId>> = FxHashMap::default();
            for id in self.ids() {
                if let Some(topic) = &self.page(id).metadata.front.topic {
                    pages.entry(topic.clone()).or_default().push(id);
                }
            }
            pages
        });
        pages.get(topic).map_or(&[], Vec::as_slice)
    }

    /// The pages with a link to this one, in order.
    pub fn backlinks(&self, id: PageId) -> &[PageId] {
        self.backlinks.get(id.index()).map_or(&[], Vec::as_slice)
    }

    /// The pages that cite this claim or source, in order.
    pub fn cited_on(&self, key: &str) -> &[PageId] {
        self.cited_on.get(key).map_or(&[], Vec::as_slice)
    }

    /// The pages with a component or an answer that shows this disagreement, in order.
    pub fn pages_showing(&self, disagreement: &str) -> &[PageId] {
        let showing = self.showing.get_or_init(|| {
            let mut showing: FxHashMap<String, Vec<PageId>> = FxHashMap::default();
            for id in self.ids() {
                for shown in self.page(id).metadata.disagreements() {
                    let pages = showing.entry(shown.to_owned()).or_default();
                    if pages.last() != Some(&id) {
                        pages.push(id);
                    }
                }
            }
            showing
        });
        showing.get(disagreement).map_or(&[], Vec::as_slice)
    }

    /// Why this content file is no page of this build, where it is none.
    pub fn hidden(&self, file: &SitePath) -> Option<Hidden> {
        self.hidden.get(file).copied()
    }

    /// How many content files are no pages of this build.
    pub fn left_out(&self) -> LeftOut {
        self.hidden.values().copied().collect()
    }

    /// The files that lead from a former address to a page.
    pub fn redirects(&self) -> &BTreeMap<SitePath, Redirect> {
        &self.redirects
    }

    /// The pages from the home page down to this one's section.
    pub fn breadcrumbs(&self, id: PageId) -> Vec<PageId> {
        let mut trail = Vec::new();
        let mut at = self.page(id).parent;
        while let Some(parent) = at {
            trail.push(parent);
            at = self.page(parent).parent;
        }
        trail.reverse();
        trail
    }

    /// The three gravest disagreements, as the home page shows them: those named by `extra.uncertainties` of the home
    /// page, else the first ones of high severity.
    pub fn uncertainties(&self) -> impl Iterator<Item = &Disagreement> {
        let home = self.find_content("index.md").map(|home| &self.page(home).metadata.front.extra);
        let named = home.and_then(|extra| extra.get("uncertainties")).and_then(|ids| ids.as_array());
        let named: Vec<&Disagreement> =
            named.into_iter().flatten().filter_map(|id| self.ledger.disagreement(id.as_str()?)).collect();
        let high = self.ledger.disagreements.iter().filter(|found| found.severity == Weight::High);
        let high: Vec<&Disagreement> = if named.is_empty() { high.collect() } else { named };
        high.into_iter().take(3)
    }

    fn index_links(&mut self) {
        let targets = |page: &Page| -> Vec<PageId> { self.linked_pages(&page.metadata).collect() };
        let targets: Vec<Vec<PageId>> = self.pages.par_iter().with_min_len(64).map(targets).collect();
        let mut backlinks = vec![Vec::new(); self.pages.len()];
        let mut cited_on: FxHashMap<String, Vec<PageId>> = FxHashMap::default();
        for (from, targets) in self.ids().zip(targets) {
            for to in targets {
                if to != from
                    && let Some(back) = backlinks.get_mut(to.index())
                    && back.last() != Some(&from)
                {
                    back.push(from);
                }
            }
            for citation in &self.page(from).metadata.citations {
                if let Some(pages) = cited_on.get_mut(&citation.key) {
                    if pages.last() != Some(&from) {
                        pages.push(from);
                    }
                } else {
                    cited_on.insert(citation.key.clone(), vec![from]);
                }
            }
        }
        self.backlinks = Arc::new(backlinks);
        self.cited_on = Arc::new(cited_on);
    }

    /// The pages that metadata links to, as often as it does.
    pub fn linked_pages<'s>(&'s self, metadata: &'s PageMetadata) -> impl Iterator<Item = PageId> + 's {
        metadata.links.iter().filter_map(|link| self.linked_page(&metadata.path, &link.target))
    }
}

/// The content files of the pages of all topics, named below `content`.
pub(crate) fn topic_files(config: &Config) -> FxHashSet<String> {
    config.topics.iter().map(topic_file).collect()
}

/// The content file of a topic's page, named below `content`.
pub(crate) fn topic_file(topic: &Topic) -> String {
    topic.page.as_ref().map_or_else(|| format!("{}.md", topic.id.as_str()), |page| page.to_string())
}
