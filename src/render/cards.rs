use std::collections::BTreeMap;

use serde::Serialize;

use super::view::{SupportView, Views};

/// What the card of a citation shows besides its reference. The names are short because readers load all of it at once.
#[derive(Debug, Serialize)]
struct Cards {
    claims: BTreeMap<String, Card>,
    disagreements: BTreeMap<String, Asked>,
}

#[derive(Debug, Serialize)]
struct Card {
    /// Where the claim is shown.
    h: String,
    /// How sure we are, in sentences.
    s: String,
    /// Who says so.
    w: Vec<Says>,
    /// The disagreements that it is a reading of, by id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    d: Vec<String>,
    /// The page for frames.
    #[serde(skip_serializing_if = "Option::is_none")]
    e: Option<String>,
}

/// A source: its label, its page, its place, the address of that, its date, how far it is relied on, and its words.
#[derive(Debug, Serialize)]
struct Says(String, String, String, Option<String>, Option<String>, &'static str, Option<String>);

/// A disagreement: the question, its address, the readings and the verdict.
#[derive(Debug, Serialize)]
struct Asked {
    q: String,
    h: String,
    r: Vec<Answered>,
    v: String,
}

/// A reading: the answer, the labels of its sources, and its claims.
#[derive(Debug, Serialize)]
struct Answered(String, String, Vec<String>);

/// The evidence for all claims as a script file: a page opened from disk may load a script, but not fetch a file.
pub(super) fn cards(views: Views<'_>) -> Vec<u8> {
    let ledger = &views.site.ledger;
    let claims = ledger.claims.iter().map(|claim| {
        let view = views.claim(claim);
        let card = Card {
            h: view.href.clone(),
            s: view.standing.sentence.clone(),
            w: view.sources.iter().map(says).collect(),
            d: view.disagreements.iter().map(|found| found.id.clone()).collect(),
            e: view.embed_href.clone(),
        };
        (view.id.clone(), card)
    });
    let disagreements = ledger.disagreements.iter().map(|found| {
        let view = views.disagreement(found);
        let readings = view.readings.iter().map(|reading| {
            let labels: Vec<&str> = reading.sources.iter().map(|source| source.label.as_str()).collect();
            let claims = reading.claims.iter().map(|claim| claim.id.clone());
            Answered(reading.reading.clone(), labels.join("; "), claims.collect())
        });
        let asked =
            Asked { q: view.question.clone(), h: view.href.clone(), r: readings.collect(), v: view.verdict.clone() };
        (view.id.clone(), asked)
    });
    let cards = Cards { claims: claims.collect(), disagreements: disagreements.collect() };
    let mut script = b"window.dossierCards=".to_vec();
    let _ = serde_json::to_writer(&mut script, &cards);
    script.extend_from_slice(b";\n");
    script
}

fn says(source: &SupportView) -> Says {
    Says(
        source.label.clone(),
        source.href.clone(),
        source.locator.clone(),
        source.link.clone(),
        source.date.clone(),
        source.reliability,
        source.quote.clone(),
    )
}
