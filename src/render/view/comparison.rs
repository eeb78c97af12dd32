use serde::Serialize;

use crate::evidence::{Disagreement, Ledger, Reading, Source};
use crate::site::Host;

use super::{TopicRef, Views};

/// The sources side by side: a row for each disagreement, with what each source answers.
#[derive(Clone, Debug, Serialize)]
pub struct ComparisonView {
    /// The sources that answer any of the questions, in the order of the records.
    pub sources: Vec<ComparedSource>,
    /// The disagreements, gravest first.
    pub rows: Vec<ComparedRow>,
}

/// A source that is compared.
#[derive(Clone, Debug, Serialize)]
pub struct ComparedSource {
    /// Its id.
    pub id: String,
    /// How marks and prose name it.
    pub label: String,
    /// Its page.
    pub href: String,
    /// How far it is relied on; `unrated` where the record gives none.
    pub reliability: &'static str,
}

/// A question with what each source answers.
#[derive(Clone, Debug, Serialize)]
pub struct ComparedRow {
    /// The id of the disagreement.
    pub id: String,
    /// What the sources conflict on.
    pub question: String,
    /// Where all of it is shown.
    pub href: String,
    /// `low`, `medium` or `high`.
    pub severity: &'static str,
    /// What it is about.
    pub topics: Vec<TopicRef>,
    /// One for each source, in order.
    pub cells: Vec<ComparedCell>,
    /// The answer we hold most plausible.
    pub verdict: String,
}

/// What one source answers to one question.
#[derive(Clone, Debug, Serialize)]
pub struct ComparedCell {
    /// The id of the source.
    pub source: String,
    /// How marks and prose name it.
    pub label: String,
    /// Its readings; none where it is silent, several where it contradicts itself.
    pub readings: Vec<ComparedReading>,
}

/// A reading, known by a letter within its row.
#[derive(Clone, Debug, Serialize)]
pub struct ComparedReading {
    /// `A`, `B`, …
    pub letter: char,
    /// The answer.
    pub text: String,
}

impl Views<'_> {
    /// The sources side by side, from the disagreements alone.
    pub fn comparison(&self) -> ComparisonView {
        let ledger = &self.site.ledger;
        let holds = |source: &&Source| {
            let mut readings = ledger.disagreements.iter().flat_map(|found| &found.readings);
            readings.any(|reading| is_held(reading, source, ledger))
        };
        let sources: Vec<&Source> = ledger.sources.iter().filter(holds).collect();
        let mut found: Vec<&Disagreement> = ledger.disagreements.iter().collect();
        found.sort_by_key(|found| std::cmp::Reverse(found.severity));
        ComparisonView {
            rows: found.into_iter().map(|found| self.compared_row(found, &sources)).collect(),
            sources: sources.into_iter().map(|source| self.compared_source(source)).collect(),
        }
    }

    fn compared_source(&self, source: &Source) -> ComparedSource {
        let href = self.source_ref(&source.id).map_or_else(String::new, |found| found.href);
        let (id, label, reliability) = (source.id.to_string(), source.short_name(), source.reliability.name());
        ComparedSource { id, label, href, reliability }
    }

    fn compared_row(&self, found: &Disagreement, sources: &[&Source]) -> ComparedRow {
        let ledger = &self.site.ledger;
        let cell = |source: &&Source| {
            let held = ('A'..='Z').zip(&found.readings).filter(|(_, reading)| is_held(reading, source, ledger));
            let readings = held.map(|(letter, reading)| ComparedReading { letter, text: reading.reading.to_string() });
            ComparedCell { source: source.id.to_string(), label: source.short_name(), readings: readings.collect() }
        };
        ComparedRow {
            id: found.id.to_string(),
            question: found.question.to_string(),
            href: self.record_href(Host::Disagreements, &found.id),
            severity: found.severity.name(),
            topics: found.topics.iter().map(|topic| self.topic_ref(topic)).collect(),
            cells: sources.iter().map(cell).collect(),
            verdict: found.verdict.to_string(),
        }
    }
}

/// Whether a source holds a reading: it is named for it, or the reading names none and a claim of it has the source.
fn is_held(reading: &Reading, source: &Source, ledger: &Ledger) -> bool {
    if !reading.sources.is_empty() {
        return reading.sources.iter().any(|id| id.as_str() == source.id.as_str());
    }
    let claims = reading.claims.iter().filter_map(|id| ledger.claim(id));
    claims.flat_map(|claim| &claim.sources).any(|support| support.source.as_str() == source.id.as_str())
}
