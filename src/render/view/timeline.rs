use rustc_hash::FxHashSet;
use serde::Serialize;

use crate::evidence::{BoundDate, Event, Status, year_text};
use crate::render::SharedView;
use crate::render::draw::{Lanes, Overview};
use crate::site::{Entry, Host};

use super::{ClaimView, DisagreementRef, RecordRef, StandingView, TopicRef, Views, WhenView};

/// An event, for showing.
#[derive(Clone, Debug, Serialize)]
pub struct EventView {
    /// Its id, which is its anchor on every timeline.
    pub id: String,
    /// What happened or is to happen.
    pub title: String,
    /// Where the timeline shows it.
    pub href: String,
    /// When.
    pub when: Option<WhenView>,
    /// `happened` or `planned`.
    pub status: &'static str,
    /// How sure we are.
    pub standing: StandingView,
    /// What it is about.
    pub topics: Vec<TopicRef>,
    /// What it rests on.
    pub claims: Vec<SharedView<ClaimView>>,
    /// Who says so.
    pub sources: Vec<RecordRef>,
    /// Where sources conflict on it.
    pub disagreements: Vec<DisagreementRef>,
    /// What a reader should know besides.
    pub note: Option<String>,
}

/// The events that begin in one year.
#[derive(Clone, Debug, Serialize)]
pub struct YearView {
    /// The year, as astronomers count: 0 is 1 BC.
    pub year: i64,
    /// The year for readers: `2015`, `44 BC`.
    pub label: String,
    /// Its anchor: `y2015`.
    pub id: String,
    /// Its events, by date.
    pub events: Vec<EventView>,
}

/// A link that narrows the timeline to a topic.
#[derive(Clone, Debug, Serialize)]
pub struct FilterView {
    /// The topic's id; absent for the whole timeline.
    pub id: Option<String>,
    /// The topic's title, or `All`.
    pub title: String,
    /// Its timeline.
    pub href: String,
    /// How many events it shows.
    pub count: usize,
    /// Whether it is this page.
    pub current: bool,
}

/// A timeline, whole or of one topic.
#[derive(Clone, Debug, Serialize)]
pub struct TimelineView {
    /// The topic; absent for the whole timeline.
    pub topic: Option<TopicRef>,
    /// Links to the whole timeline and those of all topics.
    pub filters: Vec<FilterView>,
    /// What happened, by year.
    pub years: Vec<YearView>,
    /// What was planned.
    pub plans: Vec<EventView>,
    /// What happened at an unknown time.
    pub undated: Vec<EventView>,
    /// How many events it shows.
    pub count: usize,
    /// The picture above the list; absent where nothing has a date.
    pub overview: Option<Overview>,
    /// The same for phones.
    pub strip: Option<Overview>,
}

impl Views<'_> {
    /// An event.
    pub fn event(&self, event: &Event) -> EventView {
        let ledger = &self.site.ledger;
        let claims: Vec<_> = event.claims.iter().filter_map(|id| ledger.claim(id)).collect();
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        // The sources that its standing counts; what is only inferred shows from what.
        let bearing = ledger.bearing(event);
        let said = if bearing.is_empty() { &claims } else { &bearing };
        let sources = said.iter().flat_map(|claim| &claim.sources).map(|support| support.source.as_str());
        let sources = sources.filter(|source| seen.insert(*source)).collect::<Vec<_>>();
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        let disagreements = claims.iter().flat_map(|claim| ledger.disagreements_of_claim(&claim.id));
        let disagreements = disagreements.filter(|found| seen.insert(found.id.as_str()));
        let disagreements: Vec<DisagreementRef> = disagreements.map(|found| self.disagreement_ref(found)).collect();
        EventView {
            id: event.id.to_string(),
            title: event.title.to_string(),
            href: self.record_href(Host::Timeline, &event.id),
            when: event.date.as_ref().map(|when| WhenView::of(when, event.date_basis.as_deref())),
            status: event.status.name(),
            standing: StandingView::of(ledger.event_standing(event)),
            topics: event.topics.iter().map(|topic| self.topic_ref(topic)).collect(),
            claims: claims.into_iter().map(|claim| self.claim(claim)).collect(),
            sources: sources.into_iter().filter_map(|id| self.source_ref(id)).collect(),
            disagreements,
            note: event.note.as_deref().cloned(),
        }
    }

    /// The timeline, whole or of one topic; of its events all, or these.
    pub fn timeline(&self, topic: Option<&str>, entries: Option<&[Entry]>) -> TimelineView {
        let events = self.events_here(topic, entries);
        let mut years: Vec<YearView> = Vec::new();
        let (mut plans, mut undated) = (Vec::new(), Vec::new());
        for event in &events {
            let view = self.event(event);
            let year = event.date.as_ref().and_then(|when| when.earliest()).map(|day| day.year);
            match (event.status, year) {
                (Status::Planned, _) => plans.push(view),
                (Status::Happened, None) => undated.push(view),
                (Status::Happened, Some(year)) => match years.last_mut() {
                    Some(last) if last.year == year => last.events.push(view),
                    _ => years.push(YearView {
                        year,
                        label: year_text(year),
                        id: format!("y{year}"),
                        events: vec![view],
                    }),
                },
            }
        }
        let (planned, loose): (Vec<_>, Vec<_>) = plans.iter().partition(|event| event.when.is_some());
        let lanes = Lanes {
            happened: years.iter().flat_map(|year| &year.events).collect(),
            planned,
            undated: loose.into_iter().chain(&undated).collect(),
            sources_end: self.sources_end(),
        };
        let (overview, strip) = (Overview::wide(&lanes), Overview::narrow(&lanes));
        let filters = self.filters(topic);
        let topic = topic.map(|id| self.topic_ref(id));
        TimelineView { topic, filters, years, plans, undated, count: events.len(), overview, strip }
    }

    /// The day of the last source: of one with an uncertain date the first day that it may have.
    pub fn sources_end(&self) -> Option<BoundDate> {
        self.site.ledger.sources.iter().filter_map(|source| source.date.as_ref()?.earliest()).max()
    }

    /// The events of a topic, or all; or these.
    pub fn events_here(&self, topic: Option<&str>, entries: Option<&[Entry]>) -> Vec<&Event> {
        let picked = |entries: &[Entry]| {
            let records = entries.iter().map(|entry| entry.record as usize);
            records.filter_map(|number| self.site.ledger.events.get(number)).collect()
        };
        entries.map_or_else(|| self.events(topic), picked)
    }

    /// The events of a topic, or all, by date; those without one come last.
    pub fn events(&self, topic: Option<&str>) -> Vec<&Event> {
        let ledger = &self.site.ledger;
        let mut events: Vec<&Event> =
            topic.map_or_else(|| ledger.events.iter().collect(), |id| ledger.events_of_topic(id).collect());
        events.sort_by_key(|event| (event.date.is_none(), event.date.as_ref().map(|when| when.sort_key())));
        events
    }

    fn filters(&self, current: Option<&str>) -> Vec<FilterView> {
        let Some(whole) = self.site.host(Host::Timeline) else { return Vec::new() };
        let whole = self.site.page(whole);
        let stem = whole.file().trim_end_matches(".md");
        let mut filters = vec![FilterView {
            id: None,
            title: "All".to_owned(),
            href: whole.href.clone(),
            count: self.site.ledger.events.len(),
            current: current.is_none(),
        }];
        for topic in &self.site.config.topics {
            if let Some(page) = self.site.find_content(&format!("{stem}/{}.md", topic.id.as_str())) {
                filters.push(FilterView {
                    id: Some(topic.id.to_string()),
                    title: topic.title.clone(),
                    href: self.site.page(page).href.clone(),
                    count: self.events(Some(&topic.id)).len(),
                    current: current == Some(topic.id.as_str()),
                });
            }
        }
        filters
    }
}
