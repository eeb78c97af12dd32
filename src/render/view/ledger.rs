use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

use crate::bibliography::{coins, dated};
use crate::data::Spanned;
use crate::evidence::{Claim, Disagreement, Entity, EntityKind, Source, Standing, Weight, standing_words};
use crate::render::SharedView;
use crate::render::body::reference_html;
use crate::render::draw::Units;
use crate::site::{CONTRADICTED, Entry, Host};

use super::parts::numbers;
use super::{ClaimRef, ClaimView, PageLink, RecordRef, TopicRef, Views, WhenView};

/// How many claims have a standing: a part of a bar.
#[derive(Clone, Debug, Serialize)]
pub struct StandingCount {
    /// The word.
    pub word: &'static str,
    /// The word for readers.
    pub label: &'static str,
    /// How many.
    pub count: usize,
    /// The first of them, where a page shows it.
    pub href: String,
    /// Where its part of the bar begins, in hundredths of the bar.
    pub x: Units,
    /// How long its part is.
    pub w: Units,
}

/// What the word of a standing means.
#[derive(Clone, Debug, Serialize)]
pub struct StandingMeaning {
    /// The word.
    pub word: &'static str,
    /// The word for readers.
    pub label: &'static str,
    /// What it means, in a sentence.
    pub meaning: &'static str,
}

/// All claims, by topic.
#[derive(Clone, Debug, Serialize)]
pub struct LedgerView {
    /// By their first topic, in the order of topics.
    pub groups: Vec<ClaimGroup>,
    /// How many there are.
    pub count: usize,
    /// How many of each standing.
    pub standings: Vec<StandingCount>,
    /// What the words of standings mean, strongest first.
    pub meanings: Vec<StandingMeaning>,
}

/// The claims whose first topic is this one.
#[derive(Clone, Debug, Serialize)]
pub struct ClaimGroup {
    /// The topic.
    pub topic: TopicRef,
    /// Its claims, in the order of the files.
    pub claims: Vec<LedgerClaim>,
}

/// A claim with the pages that cite it.
#[derive(Clone, Debug, Serialize)]
pub struct LedgerClaim {
    /// The claim.
    pub claim: SharedView<ClaimView>,
    /// Pages that cite it: all, unless the list would be very long.
    pub cited_on: Vec<SharedView<PageLink>>,
    /// How many pages cite it.
    pub cited_count: usize,
}

/// The entities of one kind.
#[derive(Clone, Debug, Serialize)]
pub struct EntityGroup {
    /// The kind.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// The entities, in the order of the file.
    pub items: Vec<EntityView>,
}

/// The disagreements of one severity.
#[derive(Clone, Debug, Serialize)]
pub struct DisagreementGroup {
    /// `high`, `medium` or `low`.
    pub severity: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// The disagreements, in the order of the file.
    pub items: Vec<ListedDisagreement>,
}

/// A disagreement, for showing.
#[derive(Clone, Debug, Serialize)]
pub struct DisagreementView {
    /// Its id.
    pub id: String,
    /// What the sources conflict on.
    pub question: String,
    /// Where it is shown.
    pub href: String,
    /// `low`, `medium` or `high`.
    pub severity: &'static str,
    /// The answers.
    pub readings: Vec<ReadingView>,
    /// The answer we hold most plausible.
    pub verdict: String,
    /// Why.
    pub why: String,
    /// What it is about.
    pub topics: Vec<TopicRef>,
}

/// A disagreement with the pages that show it.
#[derive(Clone, Debug, Serialize)]
pub struct ListedDisagreement {
    /// The disagreement.
    pub disagreement: SharedView<DisagreementView>,
    /// Where a component shows it.
    pub pages: Vec<SharedView<PageLink>>,
}

/// One answer.
#[derive(Clone, Debug, Serialize)]
pub struct ReadingView {
    /// The answer.
    pub reading: String,
    /// A word or two for a rung.
    pub label: Option<String>,
    /// Claims that hold it.
    pub claims: Vec<SharedView<ClaimView>>,
    /// Sources that hold it: those named, then those of its claims.
    pub sources: Vec<RecordRef>,
}

/// A source, for showing.
#[derive(Clone, Debug, Serialize)]
pub struct SourceView {
    /// Its id.
    pub id: String,
    /// Its anchor in the list of sources, and its part of an address.
    pub slug: String,
    /// How marks and prose name it.
    pub label: String,
    /// What kind of document it is.
    pub kind: &'static str,
    /// The same as a word for readers.
    pub kind_label: &'static str,
    /// Who made it, when, its title, what it is part of and where it is, as safe HTML.
    pub reference: String,
    /// Its title, or what it is in our words.
    pub title: String,
    /// Whether `title` is in our words.
    pub described: bool,
    /// What it is in our words, where it has a title as well.
    pub description: Option<String>,
    /// Who published it.
    pub publisher: Option<String>,
    /// Where it is.
    pub url: Option<String>,
    /// When it was published.
    pub date: Option<WhenView>,
    /// Its language.
    pub language: String,
    /// How far it is relied on; `unrated` where the record gives none.
    pub reliability: &'static str,
    /// Why so far.
    pub reliability_reason: Option<String>,
    /// What a reader should know besides.
    pub note: Option<String>,
    /// The same as a `ContextObject` for a `span` of the class `Z3988` (`COinS`), by which Zotero saves it.
    pub coins: Option<String>,
    /// Whether readers may know who or what it is; of one that is not public most else is absent.
    pub public: bool,
    /// What it passes on.
    pub draws_on: Vec<RecordRef>,
    /// The file that was read.
    pub file: Option<String>,
    /// The SHA-256 of its text.
    pub sha256: Option<String>,
    /// Its own page, else its place in the list.
    pub href: String,
    /// The claims that it supports; on a part of its page, those of the part.
    pub claims: Vec<SharedView<ClaimView>>,
    /// How many claims it supports.
    pub claim_count: usize,
    /// Those of `claims` that no other source supports.
    pub only: Vec<ClaimRef>,
    /// How many claims it supports that others support as well.
    pub shared: usize,
    /// How many claims no other source supports.
    pub only_count: usize,
    /// The disagreements in which it differs from another source; on a part of its page, those of the part.
    pub contradicted: Vec<SharedView<DisagreementView>>,
    /// Pages that cite it or its claims, at most 100.
    pub cited_on: Vec<SharedView<PageLink>>,
    /// How many pages cite it or its claims.
    pub cited_count: usize,
}

/// An entity, for showing.
#[derive(Clone, Debug, Serialize)]
pub struct EntityView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: &'static str,
    /// What it is, in a sentence.
    pub definition: String,
    /// Other right names.
    pub aliases: Vec<String>,
    /// Wrong names found in sources.
    pub misspellings: Vec<MisspellingView>,
    /// Where it is shown.
    pub href: String,
    /// What is claimed of it.
    pub claims: Vec<SharedView<ClaimView>>,
    /// Its place among the parties that bring something, from 1; 0 where it is none.
    pub party: usize,
}

/// A wrong name found in a source.
#[derive(Clone, Debug, Serialize)]
pub struct MisspellingView {
    /// How it is written there.
    pub spelling: String,
    /// Where.
    pub source: Option<RecordRef>,
}

/// How many pages that cite claims a page with claims names, for all of them together; one for each claim at least.
const MOST_CITED: usize = 160;
/// How many pages that cite a source its page names.
const MOST_CITING: usize = 100;

impl Views<'_> {
    /// The claims on a page, by topic: all, or these.
    pub fn ledger(&self, entries: Option<&[Entry]>) -> LedgerView {
        let ledger = &self.site.ledger;
        let claims =
            numbers(entries, || ledger.claims.len()).into_iter().filter_map(|number| ledger.claims.get(number));
        let claims: Vec<&Claim> = claims.collect();
        let cited = claims.iter().map(|claim| self.site.cited_on(&claim.id).len()).sum::<usize>();
        let most = if cited <= MOST_CITED { usize::MAX } else { (MOST_CITED / claims.len().max(1)).max(1) };
        let mut by_topic: FxHashMap<&str, Vec<LedgerClaim>> = FxHashMap::default();
        for claim in &claims {
            let topic = claim.topics.first().map_or("", |topic| topic.as_str());
            by_topic.entry(topic).or_default().push(self.ledger_claim(claim, most));
        }
        let topics = self.site.config.topics.iter().map(|topic| topic.id.as_str());
        let topics =
            topics.filter_map(|id| Some(ClaimGroup { topic: self.topic_ref(id), claims: by_topic.remove(id)? }));
        let mut groups: Vec<ClaimGroup> = topics.collect();
        if let Some(claims) = by_topic.remove("") {
            let topic = TopicRef { id: "other".into(), title: "Other claims".into(), href: String::new() };
            groups.push(ClaimGroup { topic, claims });
        }
        // The index of a long list counts all of them.
        let counted: Vec<&Claim> = if claims.is_empty() { ledger.claims.iter().collect() } else { claims };
        let count = counted.len();
        let all = counted.into_iter().map(|claim| (claim, self.claim_href(&claim.id)));
        let meanings = standing_words().map(|(word, label, meaning)| StandingMeaning { word, label, meaning });
        LedgerView { groups, count, standings: self.count(all), meanings: meanings.collect() }
    }

    /// A claim with so many of the pages that cite it.
    pub fn ledger_claim(&self, claim: &Claim, most: usize) -> LedgerClaim {
        let pages = self.site.cited_on(&claim.id);
        let cited_on = pages.iter().take(most).map(|page| self.link(*page)).collect();
        LedgerClaim { claim: self.claim(claim), cited_on, cited_count: pages.len() }
    }

    /// How many of these claims, each with its address, have each standing, strongest first; standings that none has are left
    /// out.
    pub fn count<'c>(&self, claims: impl Iterator<Item = (&'c Claim, String)>) -> Vec<StandingCount> {
        let mut counts: Vec<(u8, StandingCount)> = Vec::new();
        let mut all = 0_u32;
        for (claim, href) in claims {
            let standing = self.site.ledger.standing(claim);
            all += 1;
            match counts.iter_mut().find(|(rank, _)| *rank == standing.rank()) {
                Some((_, known)) => known.count += 1,
                None => counts.push((standing.rank(), counted(standing, href))),
            }
        }
        counts.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
        let mut before = 0;
        for (_, part) in &mut counts {
            let hundredths = |count: usize| 100.0 * count as f64 / f64::from(all.max(1));
            part.x = Units(hundredths(before));
            before += part.count;
            part.w = Units(hundredths(part.count));
        }
        counts.into_iter().map(|(_, count)| count).collect()
    }

    /// The disagreements on a page, all or these, gravest first, with the pages that show them.
    pub fn disagreements(&self, entries: Option<&[Entry]>) -> Vec<DisagreementGroup> {
        let ledger = &self.site.ledger;
        let here = numbers(entries, || ledger.disagreements.len()).into_iter();
        let here: Vec<&Disagreement> = here.filter_map(|number| ledger.disagreements.get(number)).collect();
        let listed = |found: &Disagreement| {
            let pages = self.site.pages_showing(&found.id).iter().map(|page| self.link(*page)).collect();
            ListedDisagreement { disagreement: self.disagreement(found), pages }
        };
        let group = |severity: Weight, title| {
            let items: Vec<_> =
                here.iter().filter(|found| found.severity == severity).map(|found| listed(found)).collect();
            DisagreementGroup { severity: severity.name(), title, items }
        };
        let titles = [
            (Weight::High, "Much hangs on it"),
            (Weight::Medium, "Something hangs on it"),
            (Weight::Low, "Small differences"),
        ];
        titles.map(|(weight, title)| group(weight, title)).into_iter().filter(|group| !group.items.is_empty()).collect()
    }

    /// The entities on a page, all or these, by kind.
    pub fn entities(&self, entries: Option<&[Entry]>) -> Vec<EntityGroup> {
        let ledger = &self.site.ledger;
        let part = |entry: &Entry| Some((ledger.entities.get(entry.record as usize)?, Some(entry.claims.clone())));
        let here: Vec<(&Entity, Option<Range<u32>>)> = match entries {
            None => ledger.entities.iter().map(|entity| (entity, None)).collect(),
            Some(entries) => entries.iter().filter_map(part).collect(),
        };
        let titles = [
            (EntityKind::Person, "People"),
            (EntityKind::Company, "Companies"),
            (EntityKind::Organisation, "Organisations"),
            (EntityKind::Product, "Products"),
            (EntityKind::Technology, "Technologies"),
            (EntityKind::Place, "Places"),
            (EntityKind::Document, "Documents"),
            (EntityKind::Character, "Characters"),
        ];
        let group = |(kind, title): (EntityKind, &'static str)| {
            let items = here.iter().filter(|(entity, _)| entity.kind == kind);
            let items = items.map(|(entity, claims)| self.entity(entity, claims.clone())).collect();
            EntityGroup { id: kind.name(), title, items }
        };
        titles.into_iter().map(group).filter(|group| !group.items.is_empty()).collect()
    }

    /// A disagreement.
    pub fn disagreement(&self, found: &Disagreement) -> SharedView<DisagreementView> {
        let make = || SharedView::new(self.make_disagreement(found));
        let number = self.site.ledger.disagreement_number(&found.id);
        let known = number.and_then(|number| self.made.disagreements.get(number));
        known.map_or_else(make, |known| known.get(make).clone())
    }

    fn make_disagreement(&self, found: &Disagreement) -> DisagreementView {
        DisagreementView {
            id: found.id.to_string(),
            question: found.question.to_string(),
            href: self.record_href(Host::Disagreements, &found.id),
            severity: found.severity.name(),
            readings: found.readings.iter().map(|reading| self.reading(reading)).collect(),
            verdict: found.verdict.to_string(),
            why: found.why.to_string(),
            topics: found.topics.iter().map(|topic| self.topic_ref(topic)).collect(),
        }
    }

    fn reading(&self, reading: &crate::evidence::Reading) -> ReadingView {
        let ledger = &self.site.ledger;
        let claims: Vec<&Claim> = reading.claims.iter().filter_map(|id| ledger.claim(id)).collect();
        let named = reading.sources.iter().map(|id| id.as_str());
        let supports = claims.iter().flat_map(|claim| &claim.sources).map(|support| support.source.as_str());
        let supports = supports.filter(|_| reading.sources.is_empty());
        let mut seen = FxHashSet::default();
        let sources: Vec<&str> = named.chain(supports.filter(|source| seen.insert(*source))).collect();
        ReadingView {
            reading: reading.reading.to_string(),
            label: reading.label.clone(),
            claims: claims.into_iter().map(|claim| self.claim(claim)).collect(),
            sources: sources.into_iter().filter_map(|id| self.source_ref(id)).collect(),
        }
    }

    /// All sources, or these.
    pub fn sources(&self, entries: Option<&[Entry]>) -> Vec<SourceView> {
        let sources = &self.site.ledger.sources;
        let numbers = numbers(entries, || sources.len()).into_iter();
        numbers.filter_map(|number| sources.get(number)).map(|source| self.source(source, None)).collect()
    }

    /// A source with all that it says, or with these claims, and after them disagreements.
    pub fn source(&self, source: &Source, entries: Option<&[Entry]>) -> SourceView {
        let ledger = &self.site.ledger;
        let id = source.id.as_str();
        let (claims, contradicted): (Vec<&Claim>, Vec<&Disagreement>) = match entries {
            None => (ledger.claims_of_source(id).collect(), ledger.disagreements_of_source(id).collect()),
            Some(entries) => {
                let numbers = entries.iter().map(|entry| entry.record as usize);
                let questions = numbers.clone().filter_map(|number| number.checked_sub(CONTRADICTED));
                (
                    numbers
                        .filter(|number| *number < CONTRADICTED)
                        .filter_map(|number| ledger.claims.get(number))
                        .collect(),
                    questions.filter_map(|number| ledger.disagreements.get(number)).collect(),
                )
            }
        };
        let mut cited_on: Vec<_> = self.site.cited_on(id).to_vec();
        cited_on.extend(ledger.claims_of_source(id).flat_map(|claim| self.site.cited_on(&claim.id)));
        cited_on.sort();
        cited_on.dedup();
        let is_titled = source.public && source.title.is_some();
        let public = |text: &Option<Spanned<String>>| text.as_deref().filter(|_| source.public).cloned();
        SourceView {
            id: id.to_owned(),
            slug: source.slug.clone(),
            label: source.short_name(),
            kind: source.kind.name(),
            kind_label: source.kind.label(),
            reference: reference_html(source),
            title: source.name().to_owned(),
            described: !is_titled,
            description: source.description.as_ref().filter(|_| is_titled).map(|text| text.to_string()),
            publisher: source.publisher.clone().filter(|_| source.public),
            url: public(&source.url),
            date: source
                .date
                .as_ref()
                .map(|when| WhenView { text: dated(when), ..WhenView::of(when, source.date_basis.as_deref()) }),
            language: ledger.language_of(source).to_owned(),
            reliability: source.reliability.name(),
            reliability_reason: source.reliability_reason.as_deref().cloned(),
            note: public(&source.note),
            coins: coins(source),
            public: source.public,
            draws_on: source.draws_on.iter().filter_map(|id| self.original_ref(id)).collect(),
            file: public(&source.file),
            sha256: public(&source.sha256),
            href: self.source_ref(id).map_or_else(String::new, |reference| reference.href),
            shared: ledger.claims_of_source(id).count() - ledger.only_in_source(id).count(),
            only: claims
                .iter()
                .filter(|claim| claim.sources.iter().all(|support| support.source.as_str() == id))
                .filter_map(|claim| self.claim_ref(&claim.id))
                .collect(),
            claims: claims.into_iter().map(|claim| self.claim(claim)).collect(),
            claim_count: ledger.claims_of_source(id).count(),
            only_count: ledger.only_in_source(id).count(),
            contradicted: contradicted.into_iter().map(|found| self.disagreement(found)).collect(),
            cited_count: cited_on.len(),
            cited_on: cited_on.into_iter().take(MOST_CITING).map(|page| self.link(page)).collect(),
        }
    }

    /// An entity, with all claims about it or these of them.
    pub fn entity(&self, entity: &Entity, claims: Option<Range<u32>>) -> EntityView {
        let Range { start, end } = claims.unwrap_or(0..u32::MAX);
        let claims = self.site.ledger.claims_of_entity(&entity.id).skip(start as usize).take((end - start) as usize);
        EntityView {
            id: entity.id.to_string(),
            name: entity.name.to_string(),
            kind: entity.kind.name(),
            definition: entity.definition.to_string(),
            aliases: entity.aliases.clone(),
            misspellings: entity
                .misspellings
                .iter()
                .map(|found| MisspellingView {
                    spelling: found.spelling.clone(),
                    source: self.source_ref(&found.source),
                })
                .collect(),
            href: self.record_href(Host::Entities, &entity.id),
            claims: claims.map(|claim| self.claim(claim)).collect(),
            party: self.site.ledger.party_number(&entity.id).unwrap_or(0),
        }
    }
}

fn counted(standing: &Standing, href: String) -> StandingCount {
    let (x, w) = (Units::default(), Units::default());
    StandingCount { word: standing.word(), label: standing.label(), count: 1, href, x, w }
}
