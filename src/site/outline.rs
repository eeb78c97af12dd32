//! The entries of each list in the order of its further pages, with their groups and how much HTML they are about.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::data::to_id;
use crate::evidence::{Event, Ledger, Ref, Status, year_text};
use crate::parse::Day;

use super::lists::{Entry, ListKind};
use super::{Corrected, Host, PageId, Site};

/// Spans of time that an index lists at most: beyond, they are decades, centuries, …
const MOST_SPANS: usize = 60;
/// How much HTML the claims in one entry are at most: what is longer is continued on the next page.
const MOST_INNER: usize = 40 << 10;

/// On the page of a source, disagreements are numbered from here, and claims below.
pub const CONTRADICTED: usize = 1 << 31;

/// A list, as it is divided.
pub(super) struct Outline<'s> {
    /// The name of each group in addresses, and its title.
    pub groups: Vec<(String, String)>,
    /// Its entries, by group.
    pub entries: Vec<Listed<'s>>,
    /// How many there are, not counting what only continues one.
    pub count: usize,
}

/// An entry in its place.
pub(super) struct Listed<'s> {
    /// Its group, by place.
    pub group: usize,
    /// The anchor of the entry; empty where it has none.
    pub anchor: Cow<'s, str>,
    /// How much HTML it is, about.
    pub bytes: usize,
    pub entry: Entry,
}

impl<'s> Outline<'s> {
    /// Of a list of this kind.
    pub fn of(site: &'s Site, kind: ListKind<'_>) -> Self {
        let ledger = &*site.ledger;
        match kind {
            ListKind::Host(Host::Claims) => claims(site),
            ListKind::Host(Host::Sources) => sources(ledger),
            ListKind::Host(Host::Disagreements) => disagreements(site),
            ListKind::Host(Host::Entities) => entities(ledger),
            ListKind::Host(Host::Search) => pages(site),
            ListKind::Host(Host::Corrections) => corrections(site),
            ListKind::Host(Host::Timeline) => events(ledger, ledger.events.iter().enumerate()),
            ListKind::Topic(topic) => {
                let number = |event: &'s Event| Some((ledger.event_number(&event.id)?, event));
                events(ledger, ledger.events_of_topic(topic).filter_map(number))
            }
            ListKind::Source(id) => source(site, id),
        }
    }

    fn new(groups: Vec<(String, String)>, mut entries: Vec<Listed<'s>>) -> Self {
        entries.sort_by_key(|listed| listed.group);
        let count = entries.iter().filter(|listed| listed.entry.claims.start == 0).count();
        Self { groups, entries, count }
    }
}

impl<'s> Listed<'s> {
    fn new(group: usize, anchor: impl Into<Cow<'s, str>>, bytes: usize, record: usize) -> Self {
        let entry = Entry { record: u32::try_from(record).unwrap_or(u32::MAX), claims: 0..u32::MAX };
        Self { group, anchor: anchor.into(), bytes, entry }
    }
}

/// One group for each topic, in order, and one for what has no topic.
struct Topics<'s> {
    numbers: BTreeMap<&'s str, usize>,
    groups: Vec<(String, String)>,
}

impl<'s> Topics<'s> {
    fn of(site: &'s Site) -> Self {
        let topics = &site.config.topics;
        let mut groups: Vec<_> = topics.iter().map(|topic| (topic.id.to_string(), topic.title.clone())).collect();
        groups.push((free("other", &groups), "Without a topic".to_owned()));
        Self { numbers: topics.iter().map(|topic| topic.id.as_str()).zip(0..).collect(), groups }
    }

    fn group(&self, topics: &[Ref]) -> usize {
        topics.first().and_then(|topic| self.numbers.get(topic.as_str())).map_or(self.groups.len() - 1, |group| *group)
    }
}

/// `name`, or the first of `name-2`, `name-3`, … that is not taken.
fn free(name: &str, taken: &[(String, String)]) -> String {
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    names.find(|name| taken.iter().all(|(taken, _)| taken != name)).unwrap_or_default()
}

fn claims(site: &Site) -> Outline<'_> {
    let topics = Topics::of(site);
    let listed = site.ledger.claims.iter().enumerate().map(|(number, claim)| {
        Listed::new(topics.group(&claim.topics), claim.id.as_str(), site.ledger.claim_bytes(claim), number)
    });
    let listed = listed.collect();
    Outline::new(topics.groups, listed)
}

fn events<'s>(ledger: &'s Ledger, events: impl Iterator<Item = (usize, &'s Event)>) -> Outline<'s> {
    let mut events: Vec<(usize, &Event)> = events.collect();
    events.sort_by_key(|(_, event)| (event.date.is_none(), event.date.as_ref().map(|when| when.sort_key())));
    let year = |event: &Event| event.date.as_ref().and_then(|when| when.earliest()).map(|day| day.year);
    let years =
        events.iter().filter(|(_, event)| event.status == Status::Happened).filter_map(|(_, event)| year(event));
    let spans = Spans::of(years);
    let mut groups = spans.groups.clone();
    groups.extend([("planned".to_owned(), "Planned".to_owned()), ("undated".to_owned(), "Undated".to_owned())]);
    let group = |event: &Event| match (event.status, year(event)) {
        (Status::Planned, _) => groups.len() - 2,
        (Status::Happened, Some(year)) => spans.group(year),
        (Status::Happened, None) => groups.len() - 1,
    };
    let listed = events
        .into_iter()
        .map(|(number, event)| Listed::new(group(event), event.id.as_str(), ledger.event_bytes(event), number));
    let listed = listed.collect();
    Outline::new(groups, listed)
}

/// Years, or spans of as many years each as keeps them few.
struct Spans {
    numbers: BTreeMap<i64, usize>,
    step: i64,
    groups: Vec<(String, String)>,
}

impl Spans {
    fn of(years: impl Iterator<Item = i64>) -> Self {
        let mut starts: Vec<i64> = years.collect();
        let mut step = 1_i64;
        loop {
            starts.sort_unstable();
            starts.dedup();
            if starts.len() <= MOST_SPANS {
                break;
            }
            step = step.saturating_mul(10);
            starts.iter_mut().for_each(|year| *year = year.div_euclid(step).saturating_mul(step));
        }
        let title = |year: &i64| match step {
            1 => year_text(*year),
            _ => format!("{}–{}", year_text(*year), year_text(year.saturating_add(step - 1))),
        };
        let groups = starts.iter().map(title).map(|title| (to_id(&title), title)).collect();
        Self { numbers: starts.into_iter().zip(0..).collect(), step, groups }
    }

    fn group(&self, year: i64) -> usize {
        let start = year.div_euclid(self.step).saturating_mul(self.step);
        self.numbers.get(&start).copied().unwrap_or_default()
    }
}

/// By the first letter of each title, then by title.
fn by_letter<'s>(titled: impl Iterator<Item = (&'s str, Listed<'s>)>) -> Outline<'s> {
    let mut titled: Vec<((u8, String), String, Listed<'s>)> =
        titled.map(|(title, listed)| (letter(title), title.to_lowercase(), listed)).collect();
    titled.sort_by(|(a_letter, a, _), (b_letter, b, _)| (a_letter, a).cmp(&(b_letter, b)));
    let mut groups: Vec<(String, String)> = Vec::new();
    let listed = titled.into_iter().map(|((_, letter), _, mut listed)| {
        if groups.last().is_none_or(|(key, _)| *key != letter) {
            groups.push((letter.clone(), if letter == "other" { "Other".to_owned() } else { letter.to_uppercase() }));
        }
        listed.group = groups.len() - 1;
        listed
    });
    let listed = listed.collect();
    Outline::new(groups, listed)
}

/// The letter that a title is listed under, with its place among the others. Scripts of thousands of characters share one.
fn letter(title: &str) -> (u8, String) {
    let first = title.nfkd().find(|c| c.is_alphanumeric() && !is_combining_mark(*c));
    match first.into_iter().flat_map(char::to_lowercase).next() {
        Some(c) if c.is_numeric() => (0, "0-9".to_owned()),
        Some(c) if c < '\u{2e80}' => (1, c.to_string()),
        _ => (2, "other".to_owned()),
    }
}

fn sources(ledger: &Ledger) -> Outline<'_> {
    by_letter(ledger.sources.iter().enumerate().map(|(number, source)| {
        (source.name(), Listed::new(0, source.slug.as_str(), ledger.source_bytes(source), number))
    }))
}

fn disagreements(site: &Site) -> Outline<'_> {
    let topics = Topics::of(site);
    let listed = site.ledger.disagreements.iter().enumerate().map(|(number, found)| {
        Listed::new(topics.group(&found.topics), found.id.as_str(), site.ledger.disagreement_bytes(found), number)
    });
    let listed = listed.collect();
    Outline::new(topics.groups, listed)
}

fn entities(ledger: &Ledger) -> Outline<'_> {
    by_letter(ledger.entities.iter().enumerate().flat_map(|(number, entity)| {
        let claims = ledger.claims_of_entity(&entity.id).map(|claim| ledger.line_bytes(claim));
        inner(claims).into_iter().map(move |(claims, bytes)| {
            let anchor = if claims.start == 0 { entity.id.as_str() } else { "" };
            let mut listed = Listed::new(0, anchor, ledger.entity_bytes(entity) + bytes, number);
            listed.entry.claims = claims;
            (entity.name.as_str(), listed)
        })
    }))
}

/// The claims of an entry, as many at a time as fit, with how much HTML they are.
fn inner(claims: impl Iterator<Item = usize>) -> Vec<(Range<u32>, usize)> {
    let mut ranges = vec![(0..0, 0)];
    for bytes in claims {
        if let Some((range, sum)) = ranges.last_mut() {
            range.end += 1;
            *sum += bytes;
            if *sum > MOST_INNER {
                let end = range.end;
                ranges.push((end..end, 0));
            }
        }
    }
    if ranges.len() > 1 {
        ranges.retain(|(range, _)| !range.is_empty());
    }
    ranges
}

fn pages(site: &Site) -> Outline<'_> {
    by_letter(site.ids().filter(|id| site.page(*id).is_listed()).map(|id| {
        let metadata = &site.page(id).metadata;
        let bytes = 200 + metadata.title.len() + metadata.front.summary.as_ref().map_or(0, String::len);
        (metadata.title.as_str(), Listed::new(0, "", bytes, id.index()))
    }))
}

fn corrections(site: &Site) -> Outline<'_> {
    let corrected = site.corrected().into_iter().map(|(day, page, at)| {
        let correction = site.page(page).metadata.front.corrections.get(at);
        (day, page, correction.map_or(0, |correction| correction.text.len()))
    });
    let dated: Vec<(Day, PageId, usize)> =
        corrected.chain(site.changed().into_iter().map(|(day, page)| (day, page, 0))).collect();
    let spans = Spans::of(dated.iter().map(|(day, ..)| i64::from(day.year())));
    let last = spans.groups.len();
    let listed = dated.iter().enumerate().map(|(number, (day, page, text))| {
        // The newest come first.
        let group = last - 1 - spans.group(i64::from(day.year()));
        Listed::new(group, "", 200 + site.page(*page).metadata.title.len() + text, number)
    });
    Outline::new(spans.groups.iter().rev().cloned().collect(), listed.collect())
}

/// What a source says, by topic, and then on what it is contradicted.
fn source<'s>(site: &'s Site, id: &str) -> Outline<'s> {
    let (topics, ledger) = (Topics::of(site), &*site.ledger);
    let claims = ledger.claims_of_source(id).filter_map(|claim| {
        // Twice, where no other source says it.
        let bytes = 2 * ledger.line_bytes(claim);
        Some(Listed::new(topics.group(&claim.topics), "", bytes, ledger.claim_number(&claim.id)?))
    });
    let last = topics.groups.len();
    let questions = ledger.disagreements_of_source(id).filter_map(|found| {
        Some(Listed::new(
            last,
            "",
            ledger.disagreement_bytes(found),
            CONTRADICTED + ledger.disagreement_number(&found.id)?,
        ))
    });
    let listed = claims.chain(questions).collect();
    let mut groups = topics.groups;
    groups.push((free("against", &groups), "Where other sources differ".to_owned()));
    Outline::new(groups, listed)
}

impl Site {
    /// The corrections that name a claim, newest first.
    pub fn corrections_of_claim(&self, claim: &str) -> &[Corrected] {
        let corrections = self.indexes.of_claim.get_or_init(|| {
            let mut corrections: FxHashMap<String, Vec<Corrected>> = FxHashMap::default();
            for found in self.corrected() {
                let correction = self.page(found.1).metadata.front.corrections.get(found.2);
                for claim in correction.into_iter().flat_map(|correction| &correction.claims) {
                    corrections.entry(claim.text.clone()).or_default().push(found);
                }
            }
            corrections
        });
        corrections.get(claim).map_or(&[], Vec::as_slice)
    }

    /// All corrections, newest first.
    pub fn corrected(&self) -> Vec<Corrected> {
        let of_page = |id: PageId| {
            let found = self.page(id).metadata.front.corrections.iter().enumerate();
            found.map(move |(at, correction)| (correction.date, id, at))
        };
        let mut all: Vec<_> = self.ids().flat_map(of_page).collect();
        all.sort_by_key(|(day, id, _)| (Reverse(*day), &self.page(*id).href));
        all
    }

    /// The pages that were changed in substance, newest first.
    pub fn changed(&self) -> Vec<(Day, PageId)> {
        let mut all: Vec<_> = self.ids().filter_map(|id| Some((self.page(id).metadata.front.changed()?, id))).collect();
        all.sort_by_key(|(day, id)| (Reverse(*day), &self.page(*id).href));
        all
    }
}
