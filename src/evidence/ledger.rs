use rustc_hash::{FxHashMap, FxHashSet};

use crate::data::{SourceMap, Spanned, key_slug};
use crate::source::Span;

use super::derived::Cache;
use super::origins::Origins;
use super::standing::{Backing, Modality, StandingBasis, standing};
use super::{
    Claim, Contribution, Disagreement, Entity, EntityKind, Event, Ref, Source, Standing, Status, Weight, When,
};

/// Everything the site rests on, linked: each record by id, and from each to those that name it.
#[derive(Debug, Default)]
pub struct Ledger {
    /// The documents that were read, in the order of the files.
    pub sources: Vec<Source>,
    /// The claims, in the order of the files.
    pub claims: Vec<Claim>,
    /// What stands on the timeline, in the order of the file.
    pub events: Vec<Event>,
    /// Where sources conflict, in the order of the file.
    pub disagreements: Vec<Disagreement>,
    /// People, companies and the like, in the order of the file.
    pub entities: Vec<Entity>,
    /// Who brings what, in the order of the file.
    pub contributions: Vec<Contribution>,
    /// The language of sources that name none: that of the site.
    pub(super) language: String,
    pub(super) places: SourceMap,
    pub(super) index: Index,
    /// The ids of records that could not be read, which has been told.
    pub(super) lost: FxHashSet<String>,
    /// Whether so much of a file could not be read that nobody knows which records it held.
    pub(super) torn: bool,
    origins: Option<Origins>,
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
        self.index.claims.get(id).map(|number| *number as usize)
    }

    /// The place of a disagreement in [`Ledger::disagreements`], by its id.
    pub fn disagreement_number(&self, id: &str) -> Option<usize> {
        self.index.disagreements.get(id).map(|number| *number as usize)
    }

    /// The place of an entity in [`Ledger::entities`], by its id.
    pub fn entity_number(&self, id: &str) -> Option<u32> {
        self.index.entities.get(id).copied()
    }

    /// The source of this id.
    pub fn source(&self, id: &str) -> Option<&Source> {
        get(&self.sources, &self.index.sources, id)
    }

    /// The source whose page has this address below `sources/`.
    pub fn source_by_slug(&self, slug: &str) -> Option<&Source> {
        get(&self.sources, &self.index.slugs, slug)
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
        self.torn || self.lost.contains(id)
    }

    /// Whether all records could be read.
    pub fn is_whole(&self) -> bool {
        !self.torn && self.lost.is_empty()
    }

    /// Where a value of one of its records stands.
    pub fn span<T>(&self, at: &Spanned<T>) -> Option<Span> {
        self.places.span(at.node)
    }

    /// How sure a claim is.
    pub fn standing<'a>(&self, claim: &'a Claim) -> &'a Standing {
        &claim.standing
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
    pub fn event_standing(&self, event: &Event) -> Standing {
        let claims: Vec<&Claim> = event.claims.iter().filter_map(|id| self.claim(id)).collect();
        let said = self.bearing(event).into_iter().flat_map(|claim| &claim.sources);
        let rule = claims.iter().find_map(|claim| claim.inferred.as_ref());
        let all_inferred = claims.iter().all(|claim| claim.inferred.is_some());
        let modality = match event.status {
            Status::Planned => Modality::Plan,
            Status::Happened => Modality::of_event(event.status, claims.iter().map(|claim| claim.kind.into())),
        };
        self.stand(
            said,
            rule.filter(|_| all_inferred).map(|inference| inference.rule.value.clone()),
            doubt(event.date.as_deref(), event.date_basis.as_deref()),
            modality,
            claims.iter().any(|claim| claim.standing.disputed),
        )
    }

    /// The claims that cite this source.
    pub fn claims_of_source(&self, id: &str) -> impl Iterator<Item = &Claim> {
        all(&self.claims, self.index.claims_of_source.get(id))
    }

    /// The claims that rest on this source alone.
    pub fn only_in_source(&self, id: &str) -> impl Iterator<Item = &Claim> {
        self.claims_of_source(id).filter(move |claim| claim.sources.iter().all(|support| support.source.as_str() == id))
    }

    /// The claims that name this entity.
    pub fn claims_of_entity(&self, id: &str) -> impl Iterator<Item = &Claim> {
        all(&self.claims, self.index.claims_of_entity.get(id))
    }

    /// The claims about this topic.
    pub fn claims_of_topic(&self, id: &str) -> impl Iterator<Item = &Claim> {
        all(&self.claims, self.index.claims_of_topic.get(id))
    }

    /// The events about this topic.
    pub fn events_of_topic(&self, id: &str) -> impl Iterator<Item = &Event> {
        all(&self.events, self.index.events_of_topic.get(id))
    }

    /// The events that rest on this claim.
    pub fn events_of_claim(&self, id: &str) -> impl Iterator<Item = &Event> {
        all(&self.events, self.index.events_of_claim.get(id))
    }

    /// The disagreements about this topic.
    pub fn disagreements_of_topic(&self, id: &str) -> impl Iterator<Item = &Disagreement> {
        all(&self.disagreements, self.index.disagreements_of_topic.get(id))
    }

    /// The disagreements, of any severity, with this claim in a reading.
    pub fn disagreements_of_claim(&self, id: &str) -> impl Iterator<Item = &Disagreement> {
        all(&self.disagreements, self.index.disagreements_of_claim.get(id))
    }

    /// The disagreements with this source in a reading, or with a claim that rests on it.
    pub fn disagreements_of_source(&self, id: &str) -> impl Iterator<Item = &Disagreement> {
        all(&self.disagreements, self.index.disagreements_of_source.get(id))
    }

    /// The place, from 1, of an entity among those that bring something, in order of appearance.
    pub fn party_number(&self, id: &str) -> Option<usize> {
        self.index.parties.get(id).copied()
    }

    /// Fills the indices from its lists; of records with one id the first counts.
    pub(super) fn link(&mut self) {
        for source in &mut self.sources {
            source.slug = key_slug(&source.id);
        }
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
            note(&mut index.claims_of_source, claim.sources.iter().map(|support| &support.source), number);
            note(&mut index.claims_of_entity, &claim.entities, number);
            note(&mut index.claims_of_topic, &claim.topics, number);
        }
        for (number, event) in (0..).zip(&self.events) {
            note(&mut index.events_of_topic, &event.topics, number);
            note(&mut index.events_of_claim, &event.claims, number);
        }
        for (number, found) in (0..).zip(&self.disagreements) {
            let claims = || found.readings.iter().flat_map(|reading| &reading.claims);
            note(&mut index.disagreements_of_topic, &found.topics, number);
            note(&mut index.disagreements_of_claim, claims(), number);
            let claims_held = claims().filter_map(|id| get(&self.claims, &index.claims, id));
            let sources = claims_held.flat_map(|claim| claim.sources.iter().map(|support| &support.source));
            let named = found.readings.iter().flat_map(|reading| &reading.sources);
            note(&mut index.disagreements_of_source, named.chain(sources), number);
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
        self.origins = Some(Origins::of(self));
        let standings: Vec<Standing> = self.claims.iter().map(|claim| self.weigh_claim(claim)).collect();
        for (claim, standing) in self.claims.iter_mut().zip(standings) {
            claim.standing = standing;
        }
    }

    fn weigh_claim(&self, claim: &Claim) -> Standing {
        self.stand(
            claim.sources.iter(),
            claim.inferred.as_ref().map(|inference| inference.rule.value.clone()),
            doubt(claim.date.as_deref(), claim.date_basis.as_deref()),
            claim.kind.into(),
            self.index.disputed.contains(claim.id.as_str()),
        )
    }

    fn stand<'a>(
        &self,
        citations: impl Iterator<Item = &'a super::Support>,
        rule: Option<String>,
        doubtful_date: Option<String>,
        modality: Modality,
        disputed: bool,
    ) -> Standing {
        let found = self.origins.as_ref().map(|origins| origins.independence(self, citations)).unwrap_or_default();
        let (origins, sources, shared) = (found.origins, found.sources, found.shared);
        standing(StandingBasis { origins, sources, shared, rule, doubtful_date, modality, disputed })
    }

    /// The number of a source among all originals.
    pub fn source_number(&self, id: &str) -> Option<u32> {
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

fn get<'a, T>(records: &'a [T], numbers: &FxHashMap<String, u32>, id: &str) -> Option<&'a T> {
    records.get(*numbers.get(id)? as usize)
}

fn all<'a, T>(records: &'a [T], numbers: Option<&'a Vec<u32>>) -> impl Iterator<Item = &'a T> {
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
fn note<'a>(index: &mut FxHashMap<String, Vec<u32>>, ids: impl IntoIterator<Item = &'a Ref>, number: u32) {
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

impl Standing {
    /// Whether no source says it, or only its date is inferred.
    pub fn is_inferred(&self) -> bool {
        matches!(self.backing, Backing::Inferred { .. })
    }
}
