//! All pages, linked: who is where, who comes before and after, what leads to what. It knows cards, never bodies.

mod address;
mod arrange;
mod assemble;
mod host;
mod page;
mod target;

pub use address::{Address, decode, encode, root_from};
pub use host::Host;
pub use page::{Page, PageId, Subject};
pub use target::{Files, Target, has_scheme};

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::config::Config;
use crate::diag::Diagnostics;
use crate::evidence::{Disagreement, Ledger, Weight};
use crate::parse::{Card, Day};
use crate::source::SitePath;

/// What [`Site::link`] makes a site from.
pub struct Parts<'a> {
    /// The configuration.
    pub config: Arc<Config>,
    /// The evidence.
    pub ledger: Arc<Ledger>,
    /// The cards of all content files, in any order.
    pub cards: Vec<Arc<Card>>,
    /// Every other file below `content`, and every file below `static`, from the root.
    pub files: Files,
    /// The names of all templates: `page.html`.
    pub templates: &'a BTreeSet<String>,
    /// Pages after this day stay out; those that expire on it or before do too.
    pub today: Day,
    /// Whether drafts are in.
    pub drafts: bool,
}

/// Why a content file is no page of this build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Hidden {
    Draft,
    Future,
    Expired,
}

/// The linked site.
#[derive(Debug)]
pub struct Site {
    /// The configuration.
    pub config: Arc<Config>,
    /// The evidence.
    pub ledger: Arc<Ledger>,
    /// All pages, sorted by their content file.
    pub pages: Vec<Page>,
    /// Files that are copied.
    pub files: Files,
    by_file: FxHashMap<SitePath, PageId>,
    hidden: BTreeMap<SitePath, Hidden>,
    hosts: BTreeMap<Host, PageId>,
    backlinks: Vec<Vec<PageId>>,
    cited_on: FxHashMap<String, Vec<PageId>>,
}

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
    pub fn ids(&self) -> impl Iterator<Item = PageId> + use<> {
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
        let topic = self.config.topics.iter().find(|known| known.id.as_str() == topic)?;
        self.find_content(&topic_file(topic))
    }

    /// The pages with a link to this one, in order.
    pub fn backlinks(&self, id: PageId) -> &[PageId] {
        self.backlinks.get(id.index()).map_or(&[], Vec::as_slice)
    }

    /// The pages that cite this claim or source, in order.
    pub fn cited_on(&self, key: &str) -> &[PageId] {
        self.cited_on.get(key).map_or(&[], Vec::as_slice)
    }

    /// Why this content file is no page of this build, where it is none.
    pub fn hidden(&self, file: &SitePath) -> Option<Hidden> {
        self.hidden.get(file).copied()
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
        let home = self.find_content("index.md").map(|home| &self.page(home).card.front.extra);
        let named = home.and_then(|extra| extra.get("uncertainties")).and_then(|ids| ids.as_array());
        let named: Vec<&Disagreement> =
            named.into_iter().flatten().filter_map(|id| self.ledger.disagreement(id.as_str()?)).collect();
        let high = self.ledger.disagreements.iter().filter(|found| found.severity == Weight::High);
        let high: Vec<&Disagreement> = if named.is_empty() { high.collect() } else { named };
        high.into_iter().take(3)
    }

    #[expect(clippy::indexing_slicing, reason = "a `PageId` is handed out only for a page of the site")]
    fn index_links(&mut self) {
        let mut backlinks = vec![Vec::new(); self.pages.len()];
        let mut cited_on: FxHashMap<String, Vec<PageId>> = FxHashMap::default();
        for from in self.ids() {
            let card = &self.page(from).card;
            for link in &card.links {
                if let Some((to, _)) = self.linked_page(&card.path, &link.target)
                    && to != from
                    && backlinks[to.index()].last() != Some(&from)
                {
                    backlinks[to.index()].push(from);
                }
            }
            for citation in &card.citations {
                let pages = cited_on.entry(citation.key.clone()).or_default();
                if pages.last() != Some(&from) {
                    pages.push(from);
                }
            }
        }
        self.backlinks = backlinks;
        self.cited_on = cited_on;
    }
}

/// The content file of a topic's page, named below `content`.
pub(crate) fn topic_file(topic: &crate::config::Topic) -> String {
    topic.page.as_ref().map_or_else(|| format!("{}.md", topic.id.as_str()), |page| page.to_string())
}
