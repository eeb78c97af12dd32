use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use crate::data::{SourceMap, Spanned};
use crate::source::{SitePath, Span};

use super::collection::Hashed;
use super::derived::Cache;
use super::load::EvidenceFile;
use super::origins::Origins;
use super::reads::{Part, Read, note};
use super::records::Record;
use super::standing::{Backing, Modality, NOTHING, StandingBasis, standing};
use super::{
    AnyRecord, Claim, Contribution, Disagreement, Entity, EntityKind, Event, Records, Ref, Source, Standing, Status,
    Weight, When,
};

/// Everything the site rests on, linked: each record by id, and from each to those that name it.
#[derive(Debug, Default)]
pub struct Ledger {
    /// The documents that were read, in the order of the files.
    pub sources: Records<Source>,
    /// The claims, in the order of the files.
    pub claims: Records<Claim>,
    /// What stands on the timeline, in the order of the file.
    pub events: Records<Event>,
    /// Where sources conflict, in the order of the file.
    pub disagreements: Records<Disagreement>,
    /// People, companies and the like, in the order of the file.
    pub entities: Records<Entity>,
    /// Who brings what, in the order of the file.
    pub contributions: Records<Contribution>,
    /// The language of sources that name none: that of the site.
    pub(super) language: String,
    /// The files that it was read from, in their order.
    pub(super) files: Vec<Arc<EvidenceFile>>,
    pub(super) places: SourceMap,
    pub(super) index: Index,
    /// The ids of records that could not be read, which has been told.
    pub(super) lost: FxHashSet<String>,
    /// Whether so much of a file could not be read that nobody knows which records it held.
    pub(super) torn: bool,
    /// How sure each claim and each event is.
    pub(super) standings: Vec<Standing>,
    pub(super) event_standings: Vec<Standing>,
    pub(super) cache: Cache,
}

/// Where records are, by id, and which name which. Numbers are places in the ledger's lists.
#[derive(Debug, Default)]
pub(super) struct Index {
    pub sources: FxHashMap<String, u32>,
    /// Sources by their part of an address.
    pub slugs: FxHashMap<String, u32>,
    pub claims: FxHashMap<String, u32>,
    pub events: FxHashMap<String, u32>,
    pub disagreements: FxHashMap<String, u32>,
    pub entities: FxHashMap<String, u32>,
    claims_of_source: FxHashMap<String, Vec<u32>>,
    claims_of_entity: FxHashMap<String, Vec<u32>>,
    claims_of_topic: FxHashMap<String, Vec<u32>>,
    events_of_topic: FxHashMap<String, Vec<u32>>,
    events_of_claim: FxHashMap<String, Vec<u32>>,
    disagreements_of_topic: FxHashMap<String, Vec<u32>>,
    disagreements_of_claim: FxHashMap<String, Vec<u32>>,
    disagreements_of_source: FxHashMap<String, Vec<u32>>,
    /// Those that bring something, numbered in order of appearance.
    parties: FxHashMap<String, usize>,
    /// Claims in a reading of a disagreement of medium or high severity.
    disputed: FxHashSet<String>,
}

impl Ledger {
    /// The claim of this id.
    pub fn claim(&self, id: &str) -> Option<&Claim> {
        get(&self.claims, &self.index.claims, id)
    }

    /// The place of a claim in [`Ledger::claims`], by its id.
    pub fn claim_number(&self, id: &str) -> Option<usize> {
        note(Read::named(Part::Claim, id));
        self.index.claims.get(id).map(|number| *number as usize)
    }

    /// The place of a disagreement in [`Ledger::disagreements`], by its id.
    pub fn disagreement_number(&self, id: &str) -> Option<usize> {
        note(Read::named(Part::Disagreement, id));
        self.index.disagreements.get(id).map(|number| *number as usize)
    }

    /// The place of an event in [`Ledger::events`], by its id.
    pub fn event_number(&self, id: &str) -> Option<usize> {
        note(Read::named(Part::Event, id));
        self.index.events.get(id).map(|number| *number as usize)
    }

    /// The place of an entity in [`Ledger::entities`], by its id.
    pub fn entity_number(&self, id: &str) -> Option<u32> {
        note(Read::named(Part::Entity, id));
        self.index.entities.get(id).copied()
    }

    /// The source of this id.
    pub fn source(&self, id: &str) -> Option<&Source> {
        get(&self.sources, &self.index.sources, id)
    }

    /// The source whose page has this address below `sources/`.
    pub fn source_by_slug(&self, slug: &str) -> Option<&Source> {
        note(Read::named(Part::Slug, slug));
        self.sources.get(*self.index.slugs.get(slug)? as usize)
    }

    /// The language of a source (BCP 47).
    pub fn language_of<'a>(&'a self, source: &'a Source) -> &'a str {
        source.language.as_ref().map_or(self.language.as_str(), |language| language.as_str())
    }

    /// The event of this id.
    pub fn event(&self, id: &str) -> Option<&Event> {
        get(&self.events, &self.index.events, id)
    }

    /// The disagreement of this id.
    pub fn disagreement(&self, id: &str) -> Option<&Disagreement> {
        get(&self.disagreements, &self.index.disagreements, id)
    }

    /// The entity of this id.
    pub fn entity(&self, id: &str) -> Option<&Entity> {
        get(&self.entities, &self.index.entities, id)
    }

    /// Whether a record of this id may be there but could not be read: that was told, and what names it is not at fault.
    pub fn may_hold(&self, id: &str) -> bool {
        note(Read::LOST);
        self.torn || self.lost.contains(id)
    }

    /// Whether all records could be read.
    pub fn is_whole(&self) -> bool {
        note(Read::LOST);
        !self.torn && self.lost.is_empty()
    }

    /// Where a value of one of its records stands.
    pub fn span<T>(&self, at: &Spanned<T>) -> Option<Span> {
        note(Read::PLACES);
        self.places.span(at.node)
    }

    /// How sure a claim is.
    pub fn standing(&self, claim: &Claim) -> &Standing {
        let number = self.claim_number(&claim.id);
        number.and_then(|number| self.standings.get(number)).unwrap_or(&NOTHING)
    }

    /// The claims that bear an event out: of those that are not inferred the ones that give its date as finely as it does,
    /// or all where none does. Who tells of a purchase without its year does not bear out that it was in that year.
    pub fn bearing(&self, event: &Event) -> Vec<&Claim> {
        let bounds = |date: Option<&When>| date.and_then(|date| Some((date.earliest()?, date.latest()?)));
        let wanted = bounds(event.date.as_deref());
        let dates = |claim: &&Claim| {
            let own = bounds(claim.date.as_deref());
            own.zip(wanted).is_some_and(|(own, wanted)| wanted.0 <= own.0 && own.1 <= wanted.1)
        };
        let mut claims: Vec<&Claim> = event.claims.iter().filter_map(|id| self.claim(id)).collect();
        claims.retain(|claim| claim.inferred.is_none());
        if claims.iter().any(dates) {
            claims.retain(dates);
        }
        claims
    }

    /// How sure an event is: it rests on the independent origins of the claims that bear it out, is inferred when its date
    /// is doubtful or all its claims are, a plan when it is planned, and disputed when one of its claims is.
    pub fn event_standing(&self, event: &Event) -> &Standing {
        note(Read::named(Part::Event, &event.id));
        let number = self.index.events.get(event.id.as_str());
        number.and_then(|number| self.event_standings.get(*number as usize)).unwrap_or(&NOTHING)
    }

    fn weigh_event(&self, event: &Event, origins: &Origins) -> Standing {
        let claims: Vec<&Claim> = event.claims.iter().filter_map(|id| self.claim(id)).collect();
        let said = self.bearing(event).into_iter().flat_map(|claim| &claim.sources);
        let rule = claims.iter().find_map(|claim| claim.inferred.as_ref());
        let all_inferred = claims.iter().all(|claim| claim.inferred.is_some());
        let modality = match event.status {
            Status::Planned => Modality::Plan,
            Status::Happened => Modality::of_event(event.status, claims.iter().map(|claim| claim.kind.into())),
        };
        self.stand(
            origins,
            said,
            rule.filter(|_| all_inferred).map(|inference| inference.rule.value.clone()),
            doubt(event.date.as_deref(), event.date_basis.as_deref()),
            modality,
            claims.iter().any(|claim| self.standing(claim).disputed),
        )
    }

    /// The claims that cite this source.
    pub fn claims_of_source(&self, id: &str) -> impl Iterator<Item = &Claim> {
        note(Read::named(Part::ClaimsOfSource, id));
        all(&self.claims, self.index.claims_of_source.get(id))
    }

    /// The claims that rest on this source alone.
    pub fn only_in_source(&self, id: &str) -> impl Iterator<Item = &Claim> {
        self.claims_of_source(id).filter(move |claim| claim.sources.iter().all(|support| support.source.as_str() == id))
    }

    /// The claims that name this entity.
    pub fn claims_of_entity(&self, id: &str) -> impl Iterator<Item = &Claim> {
        note(Read::named(Part::ClaimsOfEntity, id));
        all(&self.claims, self.index.claims_of_entity.get(id))
    }

    /// The claims about this topic.
    pub fn claims_of_topic(&self, id: &str) -> impl Iterator<Item = &Claim> {
        note(Read::named(Part::Topic, id));
        all(&self.claims, self.index.claims_of_topic.get(id))
    }

    /// The events about this topic.
    pub fn events_of_topic(&self, id: &str) -> impl Iterator<Item = &Event> {
        note(Read::named(Part::Topic, id));
        all(&self.events, self.index.events_of_topic.get(id))
    }

    /// The events that rest on this claim.
    pub fn events_of_claim(&self, id: &str) -> impl Iterator<Item = &Event> {
        note(Read::named(Part::Claim, id));
        all(&self.events, self.index.events_of_claim.get(id))
    }

    /// The disagreements about this topic.
    pub fn disagreements_of_topic(&self, id: &str) -> impl Iterator<Item = &Disagreement> {
        note(Read::named(Part::Topic, id));
        all(&self.disagreements, self.index.disagreements_of_topic.get(id))
    }

    /// The disagreements, of any severity, with this claim in a reading.
    pub fn disagreements_of_claim(&self, id: &str) -> impl Iterator<Item = &Disagreement> {
        note(Read::named(Part::Claim, id));
        all(&self.disagreements, self.index.disagreements_of_claim.get(id))
    }

    /// The disagreements with this source in a reading, or with a claim that rests on it.
    pub fn disagreements_of_source(&self, id: &str) -> impl Iterator<Item = &Disagreement> {
        note(Read::named(Part::DisagreementsOfSource, id));
        all(&self.disagreements, self.index.disagreements_of_source.get(id))
    }

    /// The place, from 1, of an entity among those that bring something, in order of appearance.
    pub fn party_number(&self, id: &str) -> Option<usize> {
        note(Read::EVERYTHING);
        self.index.parties.get(id).copied()
    }

    /// Fills the indices from its lists; of records with one id the first counts.
    pub(super) fn link(&mut self) {
        let index = &mut self.index;
        for (number, source) in (0..).zip(&self.sources) {
            index.slugs.entry(source.slug.clone()).or_insert(number);
        }
        index.sources = numbers(self.sources.iter().map(|source| &source.id));
        index.claims = numbers(self.claims.iter().map(|claim| &claim.id));
        index.events = numbers(self.events.iter().map(|event| &event.id));
        index.disagreements = numbers(self.disagreements.iter().map(|found| &found.id));
        index.entities = numbers(self.entities.iter().map(|entity| &entity.id));
        for (number, claim) in (0..).zip(&self.claims) {
            put(&mut index.claims_of_source, claim.sources.iter().map(|support| &support.source), number);
            put(&mut index.claims_of_entity, &claim.entities, number);
            put(&mut index.claims_of_topic, &claim.topics, number);
        }
        for (number, event) in (0..).zip(&self.events) {
            put(&mut index.events_of_topic, &event.topics, number);
            put(&mut index.events_of_claim, &event.claims, number);
        }
        for (number, found) in (0..).zip(&self.disagreements) {
            let claims = || found.readings.iter().flat_map(|reading| &reading.claims);
            put(&mut index.disagreements_of_topic, &found.topics, number);
            put(&mut index.disagreements_of_claim, claims(), number);
            let claims_held = claims().filter_map(|id| self.claims.get(*index.claims.get(id.as_str())? as usize));
            let sources = claims_held.flat_map(|claim| claim.sources.iter().map(|support| &support.source));
            let named = found.readings.iter().flat_map(|reading| &reading.sources);
            put(&mut index.disagreements_of_source, named.chain(sources), number);
            if found.severity != Weight::Low {
                index.disputed.extend(claims().map(|claim| claim.value.clone()));
            }
        }
        for contribution in &self.contributions {
            let next = index.parties.len() + 1;
            index.parties.entry(contribution.party.value.clone()).or_insert(next);
        }
    }

    /// Computes the standing of every claim; wants the indices.
    pub(super) fn weigh(&mut self) {
        let origins = Origins::of(self);
        self.standings = self.claims.iter().map(|claim| self.weigh_claim(claim, &origins)).collect();
        self.event_standings = self.events.iter().map(|event| self.weigh_event(event, &origins)).collect();
    }

    fn weigh_claim(&self, claim: &Claim, origins: &Origins) -> Standing {
        self.stand(
            origins,
            claim.sources.iter(),
            claim.inferred.as_ref().map(|inference| inference.rule.value.clone()),
            doubt(claim.date.as_deref(), claim.date_basis.as_deref()),
            claim.kind.into(),
            self.index.disputed.contains(claim.id.as_str()),
        )
    }

    fn stand<'a>(
        &self,
        origins: &Origins,
        citations: impl Iterator<Item = &'a super::Support>,
        rule: Option<String>,
        doubtful_date: Option<String>,
        modality: Modality,
        disputed: bool,
    ) -> Standing {
        let found = origins.independence(self, citations);
        let (origins, sources, shared) = (found.origins, found.sources, found.shared);
        standing(StandingBasis { origins, sources, shared, rule, doubtful_date, modality, disputed })
    }

    /// Every record, with a key for its kind, its id and its content. Whoever goes through all of them has read nothing.
    pub fn each(&self) -> impl Iterator<Item = ((u64, u64), AnyRecord<'_>)> {
        fn of<'a, T: Record>(
            records: &'a Records<T>,
            any: fn(&'a T) -> AnyRecord<'a>,
        ) -> impl Iterator<Item = ((u64, u64), AnyRecord<'a>)> {
            let key = |record: &Hashed<T>| (Read::named(T::PART, record.id()).word(), record.hash);
            records.all().iter().map(move |record| (key(record), any(record)))
        }
        let sources = of(&self.sources, AnyRecord::Source).chain(of(&self.claims, AnyRecord::Claim));
        let questions = of(&self.events, AnyRecord::Event).chain(of(&self.disagreements, AnyRecord::Disagreement));
        let entities = of(&self.entities, AnyRecord::Entity).chain(of(&self.contributions, AnyRecord::Contribution));
        sources.chain(questions).chain(entities)
    }

    /// The sources, each with its id, its part of an address and its name.
    pub fn source_pages(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        note(Read::SOURCE_NAMES);
        self.sources.all().iter().map(|source| (source.id.as_str(), source.slug.as_str(), source.name()))
    }

    /// Whether it was read from this file among others.
    pub fn holds_file(&self, path: &SitePath) -> bool {
        self.files.iter().any(|file| file.path == *path)
    }

    /// The number of a source among all originals.
    pub fn source_number(&self, id: &str) -> Option<u32> {
        note(Read::named(Part::Source, id));
        self.index.sources.get(id).copied()
    }

    /// The number of what a source draws on: a source, or a document among the entities.
    pub(super) fn origin_number(&self, id: &Ref) -> Option<u32> {
        let sources = u32::try_from(self.sources.len()).ok()?;
        self.source_number(id).or_else(|| {
            let number = self.index.entities.get(id.as_str())?;
            let entity = self.entities.get(*number as usize)?;
            (entity.kind == EntityKind::Document).then_some(sources + number)
        })
    }
}

/// How a date is known, where it is doubtful.
fn doubt(date: Option<&When>, basis: Option<&String>) -> Option<String> {
    date.filter(|date| date.is_uncertain()).map(|_| basis.map_or("how is not said", String::as_str).to_owned())
}

fn get<'a, T: Record>(records: &'a Records<T>, numbers: &FxHashMap<String, u32>, id: &str) -> Option<&'a T> {
    note(Read::named(T::PART, id));
    records.get(*numbers.get(id)? as usize)
}

fn all<'a, T: Record>(records: &'a Records<T>, numbers: Option<&'a Vec<u32>>) -> impl Iterator<Item = &'a T> {
    numbers.into_iter().flatten().filter_map(|number| records.get(*number as usize))
}

fn numbers<'a>(ids: impl Iterator<Item = &'a Spanned<String>>) -> FxHashMap<String, u32> {
    let mut numbers = FxHashMap::default();
    for (number, id) in (0..).zip(ids) {
        numbers.entry(id.value.clone()).or_insert(number);
    }
    numbers
}

/// Notes under each of the ids that this record names it, once.
fn put<'a>(index: &mut FxHashMap<String, Vec<u32>>, ids: impl IntoIterator<Item = &'a Ref>, number: u32) {
    for id in ids {
        match index.get_mut(id.as_str()) {
            Some(named) if named.last() == Some(&number) => {}
            Some(named) => named.push(number),
            None => {
                index.insert(id.value.clone(), vec![number]);
            }
        }
    }
}

/// The state of what is read by more than one id, or of no record.
impl Ledger {
    pub(super) fn state_of_claim(&self, number: usize, state: &mut FxHasher) {
        let Some(claim) = self.claims.all().get(number) else { return };
        self.standings.get(number).hash(state);
        let (events, disputes) =
            (self.index.events_of_claim.get(claim.id.as_str()), &self.index.disagreements_of_claim);
        events.into_iter().flatten().for_each(|number| id(&self.events, *number).hash(state));
        let disputes = disputes.get(claim.id.as_str());
        disputes.into_iter().flatten().for_each(|number| id(&self.disagreements, *number).hash(state));
    }

    pub(super) fn state_of_event(&self, number: usize, state: &mut FxHasher) {
        self.event_standings.get(number).hash(state);
    }

    /// Every list of records by what it is a list of, with the ids in it.
    pub(super) fn lists(&self) -> impl Iterator<Item = (Read, Vec<&str>)> {
        let index = &self.index;
        let claims = [
            (Part::ClaimsOfSource, &index.claims_of_source),
            (Part::ClaimsOfEntity, &index.claims_of_entity),
            (Part::Topic, &index.claims_of_topic),
        ];
        let disagreements = [
            (Part::Topic, &index.disagreements_of_topic),
            (Part::DisagreementsOfSource, &index.disagreements_of_source),
        ];
        let claims = claims.into_iter().flat_map(|(part, lists)| listed(part, lists, &self.claims));
        let disagreements =
            disagreements.into_iter().flat_map(|(part, lists)| listed(part, lists, &self.disagreements));
        claims.chain(disagreements).chain(listed(Part::Topic, &index.events_of_topic, &self.events))
    }

    pub(super) fn state_of_lost(&self) -> u64 {
        let mut lost: Vec<&String> = self.lost.iter().collect();
        lost.sort_unstable();
        let mut state = FxHasher::default();
        (lost, self.torn, &self.language).hash(&mut state);
        state.finish()
    }

    pub(super) fn state_of_places(&self) -> u64 {
        let mut state = FxHasher::default();
        self.files.iter().for_each(|file| (file.path.as_str(), &file.text).hash(&mut state));
        state.finish()
    }
}

fn id<T: Record>(records: &Records<T>, number: u32) -> &str {
    records.all().get(number as usize).map(|record| record.id()).unwrap_or_default()
}

fn listed<'a, T: Record>(
    part: Part,
    lists: &'a FxHashMap<String, Vec<u32>>,
    records: &'a Records<T>,
) -> impl Iterator<Item = (Read, Vec<&'a str>)> {
    let ids = |numbers: &[u32]| numbers.iter().map(|number| id(records, *number)).collect();
    lists.iter().map(move |(name, numbers)| (Read::named(part, name), ids(numbers)))
}

impl Standing {
    /// Whether no source says it, or only its date is inferred.
    pub fn is_inferred(&self) -> bool {
        matches!(self.backing, Backing::Inferred { .. })
    }
}
