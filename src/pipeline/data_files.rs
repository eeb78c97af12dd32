//! What is made of all pages and records at once: exports of the ledger, feeds, sitemaps, the search index.

use crate::render::{self, Renderer};
use crate::source::Files;

use super::snapshot::Snapshot;

/// Files that are made together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DataGroup {
    /// One file that is made of the ledger, by its name.
    Ledger(&'static str),
    /// The evidence for the cards of citations.
    Cards,
    /// The search index.
    Search,
    /// What is made of the pages and the settings.
    Site,
}

/// What data files are made from.
pub(super) struct DataInputs<'a> {
    pub renderer: &'a Renderer,
    pub snapshot: &'a Snapshot,
    /// Where the texts of pages are read that the snapshot does not have.
    pub files: Option<&'a dyn Files>,
    /// The addresses of all fingerprinted files.
    pub printed: &'a [String],
}

impl DataGroup {
    /// All that a site has; those that take longest come first.
    pub fn all(snapshot: &Snapshot) -> Vec<Self> {
        let site = &snapshot.site;
        let exports = render::data_names(&site.ledger).into_iter().map(Self::Ledger);
        let cards = (!site.ledger.claims.is_empty()).then_some(Self::Cards);
        let search = site.config.output.search.then_some(Self::Search);
        search.into_iter().chain(exports).chain(cards).chain([Self::Site]).collect()
    }

    /// Whether a file of this name may be among its files.
    pub fn may_have(self, name: &str) -> bool {
        match self {
            Self::Ledger(own) => own == name,
            Self::Cards => render::is_card_file(name),
            Self::Search => render::is_search_index(name),
            Self::Site => render::is_site_file(name),
        }
    }

    /// Its files, by name.
    pub fn make(self, inputs: &DataInputs<'_>) -> Vec<(String, Vec<u8>)> {
        let DataInputs { renderer, snapshot, files, printed } = *inputs;
        let views = renderer.views();
        match self {
            Self::Ledger(name) => vec![(name.to_owned(), render::data_file(name, views))],
            Self::Cards => render::cards(views),
            Self::Search => render::search_index(views, &|id| snapshot.text(id)),
            Self::Site => {
                let base = views.site.config.base_url().unwrap_or_default();
                // A page that cannot be made is reported as a page.
                let content = |id| renderer.content(id, &*snapshot.body(files, id).ok()?, base).ok();
                let feed = render::feed(views, &content).map(|bytes| ("feed.xml", bytes));
                let named = [("robots.txt", render::robots(views.site))].into_iter().chain(feed);
                let named = named.chain(render::host_files(views.site, printed));
                let named = named.map(|(name, bytes)| (name.to_owned(), bytes));
                named.chain(render::sitemaps(views)).chain(render::place_files(views)).collect()
            }
        }
    }
}
