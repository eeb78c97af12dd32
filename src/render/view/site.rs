use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;
use serde::Serialize;

use crate::evidence::{Contribution, Status};
use crate::render::cards::card_files;
use crate::render::draw::{Lanes, MapDrawing, Overview};
use crate::render::{Pictures, SharedView, output_of};
use crate::site::{Entry, Host, PageId, encode};

use super::parts::numbers;
use super::{
    ClaimView, DayView, DisagreementView, EntityRef, EventView, EvidenceLine, PageLink, PictureView, StandingCount,
    StandingView, TopicRef, Views, weakest,
};

/// What every page may show of the whole site.
#[derive(Clone, Debug, Serialize)]
pub struct SiteView {
    /// The site's name.
    pub title: String,
    /// One line under the name.
    pub tagline: String,
    /// What search engines are told.
    pub description: String,
    /// The language (BCP 47).
    pub language: String,
    /// The address, ending in `/`, where it is known.
    pub base_url: Option<String>,
    /// The social-card image of pages that have none of their own.
    pub image: Option<PictureView>,
    /// The navigation.
    pub nav: Vec<NavView>,
    /// The topics.
    pub topics: Vec<TopicSummary>,
    /// Files of `static/` whose name carries their hash, by the path below it.
    pub assets: BTreeMap<String, String>,
    /// The feed, where there is one.
    pub feed_href: Option<String>,
    /// The search index, where there is one.
    pub search_href: Option<String>,
    /// The data files that there are, by name: `claims.json`, `timeline.csv`, …
    pub exports: Vec<&'static str>,
    /// How many files have the evidence for the cards of citations: `cards.js`, or `cards-0.js` and so on.
    pub card_files: usize,
    /// The pages that show the ledger, by what templates call them.
    pub hosts: BTreeMap<&'static str, String>,
    /// How many parties bring something.
    pub parties: usize,
    /// The last day on which any page was changed in substance.
    pub updated: Option<DayView>,
    /// `[extra]` of `site.toml`.
    pub extra: serde_json::Map<String, serde_json::Value>,
    /// The program and its version.
    pub generator: &'static str,
}

/// An entry of the navigation.
#[derive(Clone, Debug, Serialize)]
pub struct NavView {
    /// Its words.
    pub title: String,
    /// Where it leads.
    pub href: String,
    /// The topic of the page it leads to.
    pub topic: Option<String>,
    /// The summary of the page it leads to.
    pub summary: Option<String>,
}

/// A topic, in a line.
#[derive(Clone, Debug, Serialize)]
pub struct TopicSummary {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// One line on it.
    pub summary: String,
    /// Its page; empty where it has none.
    pub href: String,
}

/// A topic with all that the ledger says of it.
#[derive(Clone, Debug, Serialize)]
pub struct TopicView {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// One line on it.
    pub summary: String,
    /// Its page; empty where it has none.
    pub href: String,
    /// How well its page is cited.
    pub evidence: Option<EvidenceLine>,
    /// Its events, by date.
    pub events: Vec<EventView>,
    /// Its disagreements, gravest first.
    pub disagreements: Vec<SharedView<DisagreementView>>,
    /// Its claims.
    pub claims: Vec<SharedView<ClaimView>>,
    /// Pages that name it as their topic.
    pub pages: Vec<SharedView<PageLink>>,
}

/// How many claims the search page lists at most: more are in the list of claims alone.
const MOST_CLAIMS: usize = 200;
/// How many events the home page draws at most.
const HOME_EVENTS: usize = 10;

/// What only the home page shows.
#[derive(Clone, Debug, Serialize)]
pub struct HomeView {
    /// The topics that have a page of their own, with their evidence lines.
    pub topics: Vec<HomeTopic>,
    /// The other pages of the first level that neither the navigation nor every page leads to.
    pub more: Vec<SharedView<PageLink>>,
    /// The gravest disagreements, at most three.
    pub uncertainties: Vec<SharedView<DisagreementView>>,
    /// How many claims have each standing, strongest first.
    pub standings: Vec<StandingCount>,
    /// How large the ledger is.
    pub counts: Counts,
    /// Whether some events are planned.
    pub has_plans: bool,
    /// The events that happened, drawn on an axis: the last of them, where there are many. Where none happened, those that
    /// are planned.
    pub events: Option<HomeEvents>,
}

/// The events on the home page.
#[derive(Clone, Debug, Serialize)]
pub struct HomeEvents {
    /// `happened` or `planned`.
    pub status: &'static str,
    /// How many are drawn.
    pub shown: usize,
    /// How many have this status and a date.
    pub count: usize,
    /// The picture.
    pub overview: Overview,
    /// The same for phones.
    pub strip: Overview,
}

/// A topic on the home page.
#[derive(Clone, Debug, Serialize)]
pub struct HomeTopic {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// One line on it.
    pub summary: String,
    /// Its page.
    pub href: String,
    /// How well its page is cited.
    pub evidence: Option<EvidenceLine>,
    /// How many disagreements it has.
    pub disagreements: usize,
}

/// What the search page lists for readers without script.
#[derive(Clone, Debug, Serialize)]
pub struct SearchView {
    /// All pages.
    pub pages: Vec<SharedView<PageLink>>,
    /// All claims, where there are at most 200.
    pub claims: Vec<FoundClaim>,
}

/// A claim in the list of the search page.
#[derive(Clone, Debug, Serialize)]
pub struct FoundClaim {
    /// What is claimed.
    pub title: String,
    /// Where the ledger shows it.
    pub href: String,
    /// How sure we are.
    pub standing: StandingView,
}

/// How large the ledger is.
#[derive(Clone, Debug, Serialize)]
pub struct Counts {
    /// Claims.
    pub claims: usize,
    /// Sources.
    pub sources: usize,
    /// Disagreements.
    pub disagreements: usize,
    /// Events.
    pub events: usize,
}

/// Who brings what: the partnership map, and the table that says the same.
#[derive(Clone, Debug, Serialize)]
pub struct MapView {
    /// The parties, in order of appearance.
    pub parties: Vec<EntityRef>,
    /// One for each topic, in order.
    pub bands: Vec<BandView>,
    /// The picture; absent unless there are two parties.
    pub drawing: Option<MapDrawing>,
}

/// One topic of the map.
#[derive(Clone, Debug, Serialize)]
pub struct BandView {
    /// The topic.
    pub topic: TopicRef,
    /// The weakest standing of all that is brought.
    pub standing: StandingView,
    /// One for each party, in order.
    pub cells: Vec<CellView>,
}

/// What one party brings to one topic.
#[derive(Clone, Debug, Serialize)]
pub struct CellView {
    /// The party's id.
    pub party: String,
    /// What it brings.
    pub brings: Vec<ContributionView>,
}

/// One thing that a party brings.
#[derive(Clone, Debug, Serialize)]
pub struct ContributionView {
    /// In a few words.
    pub brings: String,
    /// The weakest standing of its claims.
    pub standing: StandingView,
    /// What it rests on.
    pub claims: Vec<SharedView<ClaimView>>,
}

impl Views<'_> {
    /// The whole site; `assets` are the fingerprinted files.
    pub fn site(&self, assets: BTreeMap<String, String>, pictures: &Pictures) -> SiteView {
        let (site, config) = (self.site, &self.site.config);
        let nav = config.nav.iter().filter_map(|item| {
            let page = site.page(site.find_content(&item.page)?);
            let front = &page.metadata.front;
            let (title, topic, summary) = (item.title.clone(), front.topic.clone(), front.summary.clone());
            Some(NavView { title, href: page.href.clone(), topic, summary })
        });
        let hosts = Host::ALL
            .into_iter()
            .filter_map(|host| site.host(host).map(|page| (host.name(), site.page(page).href.clone())));
        let days = site.pages.iter().filter_map(|page| page.metadata.front.last_change());
        SiteView {
            title: config.title.value.clone(),
            tagline: config.tagline.value.clone(),
            description: config.description.value.clone(),
            language: config.language.to_string(),
            base_url: config.base_url().map(str::to_owned),
            image: site.picture().map(|file| PictureView {
                width: pictures.get(&file).map(|size| size.0),
                height: pictures.get(&file).map(|size| size.1),
                href: assets.get(output_of(&file)).cloned().unwrap_or_else(|| encode(output_of(&file))),
                alt: config.image_alt.clone(),
            }),
            nav: nav.collect(),
            topics: config.topics.iter().map(|topic| self.topic_summary(topic)).collect(),
            assets,
            feed_href: config.base_url().map(|_| "feed.xml".to_owned()),
            search_href: config.output.search.then(|| "search-index.js".to_owned()),
            exports: crate::render::data_names(&site.ledger),
            card_files: card_files(site.ledger.claims.len()),
            hosts: hosts.collect(),
            parties: self.parties().len(),
            updated: days.max().map(DayView::of),
            extra: config.extra.clone(),
            generator: concat!("Dossier ", env!("CARGO_PKG_VERSION")),
        }
    }

    fn topic_summary(&self, topic: &crate::config::Topic) -> TopicSummary {
        TopicSummary {
            id: topic.id.to_string(),
            title: topic.title.clone(),
            summary: topic.summary.value.clone(),
            href: self.topic_ref(&topic.id).href,
        }
    }

    /// A topic with all that the ledger says of it.
    pub fn topic(&self, id: &str) -> Option<TopicView> {
        let (site, ledger) = (self.site, &self.site.ledger);
        let topic = site.topic(id)?;
        let summary = self.topic_summary(topic);
        let mut disagreements: Vec<_> = ledger.disagreements_of_topic(id).collect();
        disagreements.sort_by_key(|found| std::cmp::Reverse(found.severity));
        Some(TopicView {
            id: summary.id,
            title: summary.title,
            summary: summary.summary,
            href: summary.href,
            evidence: site.topic_page(id).and_then(|page| self.evidence_line(page)),
            events: self.events(Some(id)).into_iter().map(|event| self.event(event)).collect(),
            disagreements: disagreements.into_iter().map(|found| self.disagreement(found)).collect(),
            claims: ledger.claims_of_topic(id).map(|claim| self.claim(claim)).collect(),
            pages: site.pages_of_topic(id).iter().map(|page| self.link(*page)).collect(),
        })
    }

    /// What only the home page shows.
    pub fn home(&self) -> HomeView {
        let (site, ledger) = (self.site, &self.site.ledger);
        let topics = site.config.topics.iter().filter(|topic| self.page_about(topic).is_some()).map(|topic| {
            let TopicSummary { id, title, summary, href } = self.topic_summary(topic);
            let evidence = site.topic_page(&id).and_then(|page| self.evidence_line(page));
            HomeTopic { disagreements: ledger.disagreements_of_topic(&id).count(), id, title, summary, href, evidence }
        });
        HomeView {
            topics: topics.collect(),
            more: self.more().into_iter().map(|page| self.link(page)).collect(),
            uncertainties: self.site.uncertainties().map(|found| self.disagreement(found)).collect(),
            standings: self.count(ledger.claims.iter().map(|claim| (claim, self.claim_href(&claim.id)))),
            counts: Counts {
                claims: ledger.claims.len(),
                sources: ledger.sources.len(),
                disagreements: ledger.disagreements.len(),
                events: ledger.events.len(),
            },
            has_plans: ledger.events.iter().any(|event| event.status == Status::Planned),
            events: self.home_events(),
        }
    }

    /// The latest events, as many as the home page has room for.
    fn home_events(&self) -> Option<HomeEvents> {
        let events = self.events(None);
        let dated = |status| events.iter().filter(move |event| event.status == status && event.date.is_some());
        let last = |status| {
            let (shown, count) = (dated(status).rev().take(HOME_EVENTS), dated(status).count());
            let mut shown: Vec<EventView> = shown.map(|event| self.event(event)).collect();
            shown.reverse();
            (shown, count)
        };
        let ((happened, count), (planned, plans)) = (last(Status::Happened), last(Status::Planned));
        let (status, shown, count) =
            if happened.is_empty() { ("planned", &planned, plans) } else { ("happened", &happened, count) };
        let mut lanes = Lanes { sources_end: self.sources_end(), ..Lanes::default() };
        *(if status == "happened" { &mut lanes.happened } else { &mut lanes.planned }) = shown.iter().collect();
        let (overview, strip) = (Overview::wide(&lanes)?, Overview::narrow(&lanes)?);
        Some(HomeEvents { status, shown: shown.len(), count, overview, strip })
    }

    /// The page of a topic, where it is about that topic and not one that several share.
    fn page_about(&self, topic: &crate::config::Topic) -> Option<PageId> {
        let page = self.site.topic_page(&topic.id)?;
        (self.site.page(page).metadata.front.topic.as_deref() == Some(topic.id.as_str())).then_some(page)
    }

    /// The pages below the home page that neither its text, nor the navigation, nor the topics, nor every page leads to.
    fn more(&self) -> Vec<PageId> {
        let site = self.site;
        let Some(home) = site.find_content("index.md") else { return Vec::new() };
        let named = site.config.nav.iter().filter_map(|item| site.find_content(&item.page));
        let topics = site.config.topics.iter().filter_map(|topic| self.page_about(topic));
        let hosts = [Host::Search, Host::Corrections].into_iter().filter_map(|host| site.host(host));
        let written = site.linked_pages(&site.page(home).metadata);
        let shown: BTreeSet<PageId> = named.chain(topics).chain(hosts).chain(written).collect();
        self.children(home).into_iter().filter(|page| !shown.contains(page)).collect()
    }

    /// Everything that can be found, as lists: all pages, or these.
    pub fn search(&self, entries: Option<&[Entry]>) -> SearchView {
        let listed = |page: &PageId| self.site.page(*page).is_listed();
        let here =
            numbers(entries, || self.site.pages.len()).into_iter().filter_map(|id| u32::try_from(id).ok()).map(PageId);
        let is_part = entries.is_some_and(|entries| !entries.is_empty());
        let claims = || self.site.ledger.claims.iter().take(MOST_CLAIMS + 1);
        let claims = if is_part || claims().count() > MOST_CLAIMS { None } else { Some(claims()) };
        let claim = |claim: &crate::evidence::Claim| FoundClaim {
            title: claim.statement.to_string(),
            href: self.claim_href(&claim.id),
            standing: StandingView::of(self.site.ledger.standing(claim)),
        };
        SearchView {
            pages: here.filter(listed).map(|page| self.link(page)).collect(),
            claims: claims.into_iter().flatten().map(claim).collect(),
        }
    }

    /// Who brings something, in order of appearance.
    pub fn parties(&self) -> Vec<&str> {
        let mut seen = FxHashSet::default();
        let parties = self.site.ledger.contributions.iter().map(|contribution| contribution.party.as_str());
        parties.filter(|party| seen.insert(*party)).collect()
    }

    /// Who brings what.
    pub fn map(&self) -> MapView {
        let ledger = &self.site.ledger;
        let parties = self.parties();
        let mut bands = Vec::new();
        for topic in &self.site.config.topics {
            let about = |found: &&Contribution| found.topic.as_str() == topic.id.as_str();
            let brought: Vec<_> = ledger.contributions.iter().filter(about).collect();
            let standing = self.weakest_of(&brought);
            let Some(standing) = standing else { continue };
            let cells = parties.iter().map(|party| CellView {
                party: (*party).to_owned(),
                brings: brought
                    .iter()
                    .filter(|found| found.party.as_str() == *party)
                    .filter_map(|found| self.contribution(found))
                    .collect(),
            });
            bands.push(BandView { topic: self.topic_ref(&topic.id), standing, cells: cells.collect() });
        }
        let parties: Vec<_> = parties.into_iter().filter_map(|id| self.entity_ref(id)).collect();
        let drawing = MapDrawing::draw(&parties, &bands);
        MapView { parties, bands, drawing }
    }

    fn contribution(&self, found: &Contribution) -> Option<ContributionView> {
        let ledger = &self.site.ledger;
        Some(ContributionView {
            brings: found.brings.to_string(),
            standing: self.weakest_of(&[found])?,
            claims: found.claims.iter().filter_map(|id| ledger.claim(id)).map(|claim| self.claim(claim)).collect(),
        })
    }

    fn weakest_of(&self, found: &[&Contribution]) -> Option<StandingView> {
        let ledger = &self.site.ledger;
        let claims = found.iter().flat_map(|found| &found.claims).filter_map(|id| ledger.claim(id));
        weakest(claims.map(|claim| ledger.standing(claim))).map(StandingView::of)
    }
}
