//! How much HTML a record is in a list, about: by that, long lists are divided. In steps, so that few edits change it.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use super::reads::{Read, note, track};
use super::{Claim, Disagreement, Entity, Event, Ledger, Ref, Source};

const STEP: usize = 256;

fn stepped(bytes: usize) -> usize {
    bytes.next_multiple_of(STEP)
}

fn len<T: std::ops::Deref<Target = String>>(text: Option<&T>) -> usize {
    text.map_or(0, |text| text.len())
}

impl Ledger {
    /// Calls `run`, which divides lists: of the records it reads their ids, names, topics, dates, sizes and what they name,
    /// and counts as having read that alone.
    pub fn outlined<T>(&self, run: impl FnOnce() -> T) -> T {
        note(Read::OUTLINES);
        track(run).0
    }

    /// The state of what divides lists.
    pub(super) fn state_of_outlines(&self) -> u64 {
        let mut state = FxHasher::default();
        let named = |refs: &[Ref], state: &mut FxHasher| refs.iter().for_each(|id| id.as_str().hash(state));
        for claim in self.claims.all() {
            (claim.id.as_str(), self.claim_bytes(claim), self.line_bytes(claim)).hash(&mut state);
            named(&claim.topics, &mut state);
            named(&claim.entities, &mut state);
            claim.sources.iter().for_each(|support| support.source.as_str().hash(&mut state));
        }
        for event in self.events.all() {
            (event.id.as_str(), self.event_bytes(event), event.status).hash(&mut state);
            event.date.as_ref().map(|when| when.edtf()).hash(&mut state);
            named(&event.topics, &mut state);
        }
        for found in self.disagreements.all() {
            (found.id.as_str(), self.disagreement_bytes(found)).hash(&mut state);
            named(&found.topics, &mut state);
            for reading in &found.readings {
                named(&reading.sources, &mut state);
                named(&reading.claims, &mut state);
            }
        }
        for source in self.sources.all() {
            (source.id.as_str(), source.name(), self.source_bytes(source)).hash(&mut state);
        }
        for entity in self.entities.all() {
            (entity.id.as_str(), entity.name.as_str(), self.entity_bytes(entity)).hash(&mut state);
        }
        state.finish()
    }

    /// A card with its quotations, and the same for search engines; but for the pages that cite it, which are limited for all
    /// claims of a page together.
    pub fn claim_bytes(&self, claim: &Claim) -> usize {
        let supports = claim.sources.iter().map(|support| {
            let name = self.source(&support.source).map_or(0, |source| source.name().len());
            190 + name + support.quote.as_ref().map_or(0, |quote| quote.exact.len())
        });
        let inferred = claim.inferred.as_ref().map_or(0, |inferred| {
            inferred.rule.len() + inferred.from.iter().map(|id| 70 + self.statement_len(id)).sum::<usize>()
        });
        let texts = len(claim.note.as_ref()) + len(claim.date_basis.as_ref());
        stepped(250 + 2 * claim.statement.len() + supports.sum::<usize>() + texts + inferred)
    }

    /// One line, with a link.
    pub fn line_bytes(&self, claim: &Claim) -> usize {
        stepped(150 + claim.statement.len())
    }

    fn statement_len(&self, id: &str) -> usize {
        self.claim(id).map_or(0, |claim| claim.statement.len())
    }

    /// In the list, in the pictures, and for search engines.
    pub fn event_bytes(&self, event: &Event) -> usize {
        let claims = event.claims.iter().map(|id| 150 + self.statement_len(id)).sum::<usize>();
        stepped(700 + 4 * event.title.len() + len(event.note.as_ref()) + claims)
    }

    /// A box with all readings.
    pub fn disagreement_bytes(&self, found: &Disagreement) -> usize {
        let readings = found.readings.iter().map(|reading| {
            let supports = reading.claims.iter().filter_map(|id| self.claim(id)).map(|claim| claim.sources.len());
            200 + reading.reading.len() + 120 * (reading.sources.len() + supports.sum::<usize>())
        });
        stepped(900 + found.question.len() + found.verdict.len() + found.why.len() + readings.sum::<usize>())
    }

    /// An entry with a mark for each claim, as long as they are few.
    pub fn source_bytes(&self, source: &Source) -> usize {
        let marks = 25 * self.claims_of_source(&source.id).take(100).count();
        let texts = len(source.description.as_ref()) + len(source.reliability_reason.as_ref());
        stepped(500 + 2 * source.name().len() + texts + 120 * source.draws_on.len() + marks)
    }

    /// An entry without its claims.
    pub fn entity_bytes(&self, entity: &Entity) -> usize {
        let aliases: usize = entity.aliases.iter().map(|alias| alias.len() + 2).sum();
        stepped(400 + entity.definition.len() + aliases + 150 * entity.misspellings.len())
    }
}
