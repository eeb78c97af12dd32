//! What templates get. Every address is relative to the top of the site: templates write `{{ root }}{{ x.href }}`.

mod answers;
mod comparison;
mod evidence;
mod ledger;
mod origins;
mod page;
mod parts;
mod site;
mod timeline;

pub use answers::AnswerView;
pub(in crate::render) use comparison::too_large;
pub use comparison::{ComparedCell, ComparedReading, ComparedRow, ComparedSource, ComparisonView};
pub(super) use evidence::MOST_PAGES;
pub use evidence::{
    AxisView, ClaimPageView, ClaimRef, ClaimView, DayView, DisagreementRef, EntityRef, RecordRef, StandingView,
    SupportView, TopicRef, WhenView,
};
pub use ledger::{
    DisagreementGroup, DisagreementView, EntityGroup, EntityView, LedgerClaim, LedgerView, ReadingView, SourceView,
    StandingCount, StandingMeaning,
};
pub use origins::{OriginLink, OriginalView, OriginsView, PassageView};
pub use page::{
    CorrectionView, CorrectionsView, EvidenceLine, HeadingView, PageLink, PageView, PartView, PictureView, PlaceView,
    ReferenceView, SourceRef,
};
pub(crate) use page::{corrections, full_href};
pub(crate) use parts::places;
pub use parts::{GroupView, NumberView, PartsView};
pub use site::{BandView, ContributionView, HomeView, MapView, SearchView, SiteView, TopicView};
pub use timeline::{EventView, TimelineView, YearView};

use std::sync::OnceLock;

use crate::evidence::{Memo, Standing};
use crate::render::SharedView;
use crate::site::{Host, PageId, Site, Subject};

/// Makes views of one linked site.
#[derive(Clone, Copy)]
pub struct Views<'a> {
    /// The site.
    pub site: &'a Site,
    /// What it has made that many views show.
    pub made: &'a Made,
}

/// Views of records and pages that stand in many others, each made when it is first shown.
pub struct Made {
    links: Box<[OnceLock<SharedView<PageLink>>]>,
    claims: Box<[Memo<SharedView<ClaimView>>]>,
    disagreements: Box<[Memo<SharedView<DisagreementView>>]>,
}

impl Made {
    /// For the pages and records of this site.
    pub fn of(site: &Site) -> Self {
        let ledger = &site.ledger;
        Self {
            links: site.pages.iter().map(|_| OnceLock::new()).collect(),
            claims: ledger.claims.iter().map(|_| Memo::default()).collect(),
            disagreements: ledger.disagreements.iter().map(|_| Memo::default()).collect(),
        }
    }
}

impl Views<'_> {
    /// A link to a page.
    pub fn link(&self, id: PageId) -> SharedView<PageLink> {
        let make = || {
            let page = self.site.page(id);
            SharedView::new(PageLink {
                title: page.metadata.title.clone(),
                href: page.href.clone(),
                summary: page.metadata.front.summary.clone(),
                date: page.metadata.front.date.map(DayView::of),
            })
        };
        self.made.links.get(id.index()).map_or_else(make, |known| known.get_or_init(make).clone())
    }

    /// The address of a record on the page that shows it; empty where the site has no page for its kind.
    pub fn record_href(&self, host: Host, id: &str) -> String {
        let Some(list) = self.site.host(host) else { return String::new() };
        format!("{}#{id}", self.site.page(self.site.place_in(list, id)).href)
    }

    /// The address of a claim.
    pub fn claim_href(&self, id: &str) -> String {
        let own = self.own_page(id, "claims");
        own.unwrap_or_else(|| self.record_href(Host::Claims, id))
    }

    /// The address of the page of a claim in this folder, where the site has one.
    pub fn own_page(&self, id: &str, folder: &str) -> Option<String> {
        let is_own = |page: &PageId| matches!(self.site.page(*page).subject, Subject::Claim(_) | Subject::Embed(_));
        let page = self.site.config.output.claim_pages.then(|| self.site.find_content(&format!("{folder}/{id}.md")));
        page.flatten().filter(is_own).map(|page| self.site.page(page).href.clone())
    }
}

/// The weakest of several standings, in the order of words that `evidence` gives.
pub(crate) fn weakest<'s>(standings: impl Iterator<Item = &'s Standing>) -> Option<&'s Standing> {
    standings.min_by_key(|standing| standing.rank())
}
