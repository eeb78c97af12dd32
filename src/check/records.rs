//! The texts of the records, which readers see like those of the pages.

use crate::data::Spanned;
use crate::evidence::{Claim, Disagreement, Event, Ledger};

/// Every text of every record that is in our own words.
pub(super) fn texts(ledger: &Ledger) -> impl Iterator<Item = &Spanned<String>> {
    let claims = ledger.claims.iter().flat_map(claim);
    let events = ledger.events.iter().flat_map(event);
    let disagreements = ledger.disagreements.iter().flat_map(disagreement);
    let sources = ledger.sources.iter().flat_map(|source| {
        let texts = [&source.description, &source.date_basis, &source.reliability_reason, &source.note];
        texts.into_iter().flatten()
    });
    let entities = ledger.entities.iter().map(|entity| &entity.definition);
    let brought = ledger.contributions.iter().map(|brought| &brought.brings);
    claims.chain(events).chain(disagreements).chain(sources).chain(entities).chain(brought)
}

fn claim(claim: &Claim) -> impl Iterator<Item = &Spanned<String>> {
    let rule = claim.inferred.as_ref().map(|inferred| &inferred.rule);
    let texts = [Some(&claim.statement), rule, claim.note.as_ref(), claim.date_basis.as_ref()];
    texts.into_iter().flatten()
}

fn event(event: &Event) -> impl Iterator<Item = &Spanned<String>> {
    [Some(&event.title), event.note.as_ref(), event.date_basis.as_ref()].into_iter().flatten()
}

fn disagreement(found: &Disagreement) -> impl Iterator<Item = &Spanned<String>> {
    let readings = found.readings.iter().map(|reading| &reading.reading);
    readings.chain([&found.question, &found.verdict, &found.why])
}
