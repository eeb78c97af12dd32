use std::collections::BTreeSet;

use serde::Serialize;

use crate::evidence::{Disagreement, Ledger, Reading, Source};
use crate::site::Host;

use super::{TopicRef, Views};

/// The sources side by side: a row for each disagreement, with what each source answers.
#[derive(Clone, Debug, Serialize)]
pub struct ComparisonView {
    /// The sources that answer any of these questions, in the order of the records.
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

/// How many cells a comparison has at most, 100 questions with 20 sources: beyond that its page would be over 200 KiB.
const MOST_CELLS: usize = 2000;

/// A disagreement with the numbers of the sources of each of its readings.
struct Answers<'l> {
    found: &'l Disagreement,
    readings: Vec<BTreeSet<u32>>,
}

/// The answers to compare, gravest question first, and the numbers of all sources that give them.
struct Compared<'l> {
    answers: Vec<Answers<'l>>,
    sources: BTreeSet<u32>,
}

impl<'l> Compared<'l> {
    fn of(ledger: &'l Ledger, topic: Option<&str>) -> Self {
        let found: Vec<&Disagreement> = match topic {
            Some(topic) => ledger.disagreements_of_topic(topic).collect(),
            None => ledger.disagreements.iter().collect(),
        };
        let answers = found.into_iter().map(|found| {
            let readings = found.readings.iter().map(|reading| numbers(reading, ledger));
            Answers { found, readings: readings.collect() }
        });
        let mut answers: Vec<Answers<'l>> = answers.collect();
        answers.sort_by_key(|answers| std::cmp::Reverse(answers.found.severity));
        let sources = answers.iter().flat_map(|answers| &answers.readings).flatten().copied().collect();
        Self { answers, sources }
    }

    fn is_too_large(&self) -> bool {
        self.answers.len().saturating_mul(self.sources.len()) > MOST_CELLS
    }
}

/// Why the disagreements, all or those of a topic, cannot be compared in a table.
pub(in crate::render) fn too_large(ledger: &Ledger, topic: Option<&str>) -> Option<String> {
    let compared = Compared::of(ledger, topic);
    compared.is_too_large().then(|| {
        let (questions, sources) = (compared.answers.len(), compared.sources.len());
        format!("a table of {questions} disagreements and {sources} sources is too large")
    })
}

impl Views<'_> {
    /// The sources side by side, from the disagreements alone: all, or those of a topic. None if the table would be too
    /// large to read.
    pub fn comparison(&self, topic: Option<&str>) -> ComparisonView {
        let ledger = &self.site.ledger;
        let compared = Compared::of(ledger, topic);
        if compared.is_too_large() {
            return ComparisonView { sources: Vec::new(), rows: Vec::new() };
        }
        let sources =
            compared.sources.iter().filter_map(|number| Some((*number, ledger.sources.get(*number as usize)?)));
        let sources: Vec<(u32, &Source)> = sources.collect();
        ComparisonView {
            rows: compared.answers.iter().map(|answers| self.compared_row(answers, &sources)).collect(),
            sources: sources.iter().map(|(_, source)| self.compared_source(source)).collect(),
        }
    }

    fn compared_source(&self, source: &Source) -> ComparedSource {
        let href = self.source_ref(&source.id).map_or_else(String::new, |found| found.href);
        let (id, label, reliability) = (source.id.to_string(), source.short_name(), source.reliability.name());
        ComparedSource { id, label, href, reliability }
    }

    fn compared_row(&self, Answers { found, readings }: &Answers<'_>, sources: &[(u32, &Source)]) -> ComparedRow {
        let cell = |(number, source): &(u32, &Source)| {
            let given = ('A'..='Z').zip(&found.readings).zip(readings).filter(|(_, sources)| sources.contains(number));
            let given =
                given.map(|((letter, reading), _)| ComparedReading { letter, text: reading.reading.to_string() });
            ComparedCell { source: source.id.to_string(), label: source.short_name(), readings: given.collect() }
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

/// The sources of a reading: those that it names, else those of its claims.
fn numbers(reading: &Reading, ledger: &Ledger) -> BTreeSet<u32> {
    let claims = reading.claims.iter().filter(|_| reading.sources.is_empty()).filter_map(|id| ledger.claim(id));
    let supports = claims.flat_map(|claim| &claim.sources).map(|support| &support.source);
    let named = reading.sources.iter().chain(supports);
    named.filter_map(|id| ledger.source_number(id)).collect()
}
