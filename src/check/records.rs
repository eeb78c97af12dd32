//! The texts of the records, which readers see like those of the pages.

use crate::data::Spanned;
use crate::evidence::{AnyRecord, Ledger};

/// Every text of a record that is in our own words.
pub(super) fn texts(record: AnyRecord<'_>) -> Vec<&Spanned<String>> {
    let texts: Vec<Option<&Spanned<String>>> = match record {
        AnyRecord::Claim(claim) => {
            let rule = claim.inferred.as_ref().map(|inferred| &inferred.rule);
            vec![Some(&claim.statement), rule, claim.note.as_ref(), claim.date_basis.as_ref()]
        }
        AnyRecord::Event(event) => vec![Some(&event.title), event.note.as_ref(), event.date_basis.as_ref()],
        AnyRecord::Disagreement(found) => {
            let readings = found.readings.iter().map(|reading| &reading.reading);
            readings.chain([&found.question, &found.verdict, &found.why]).map(Some).collect()
        }
        AnyRecord::Source(source) => {
            [&source.description, &source.date_basis, &source.reliability_reason, &source.note]
                .map(Option::as_ref)
                .into()
        }
        AnyRecord::Entity(entity) => vec![Some(&entity.definition)],
        AnyRecord::Contribution(brought) => vec![Some(&brought.brings)],
    };
    texts.into_iter().flatten().collect()
}

/// Those of all records.
pub(super) fn all_texts(ledger: &Ledger) -> impl Iterator<Item = &Spanned<String>> {
    ledger.each().flat_map(|(_, record)| texts(record))
}
