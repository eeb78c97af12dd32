use std::collections::BTreeMap;

use serde::Serialize;

use crate::site::bucket_of;

use super::view::{DisagreementView, SupportView, Views};

/// What the card of a citation shows besides its reference. The names are short because readers load many at once.
#[derive(Debug, Default, Serialize)]
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

/// How many claims a file has at most, about: some 60 KiB.
const PER_FILE: usize = 200;

/// How many files give the evidence for so many claims: a power of two, so that few claims move when there are more.
pub(super) fn card_files(claims: usize) -> usize {
    if claims == 0 { 0 } else { claims.div_ceil(PER_FILE).next_power_of_two() }
}

/// Whether a file of this name may be one of [`cards`].
pub fn is_card_file(name: &str) -> bool {
    name == "cards.js" || name.starts_with("cards-") && name.ends_with(".js")
}

/// The evidence for all claims as script files, by name: a page opened from disk may load a script, but not fetch a file.
/// Where there are several, a claim is in the one that its id leads to; `evidence.js` computes the same.
pub fn cards(views: Views<'_>) -> Vec<(String, Vec<u8>)> {
    let ledger = &views.site.ledger;
    let count = card_files(ledger.claims.len());
    let mut files: Vec<Cards> = (0..count).map(|_| Cards::default()).collect();
    for claim in &ledger.claims {
        let view = views.claim(claim);
        let Some(file) = files.get_mut(bucket_of(&view.id, count)) else { continue };
        for found in ledger.disagreements_of_claim(&view.id) {
            let id = found.id.to_string();
            file.disagreements.entry(id).or_insert_with(|| asked(&views.disagreement(found)));
        }
        let card = Card {
            h: view.href.clone(),
            s: view.standing.sentence.clone(),
            w: view.sources.iter().map(says).collect(),
            d: view.disagreements.iter().map(|found| found.id.clone()).collect(),
            e: view.embed_href.clone(),
        };
        file.claims.insert(view.id.clone(), card);
    }
    let named = |(number, cards): (usize, Cards)| {
        let name = if count == 1 { "cards.js".to_owned() } else { format!("cards-{number}.js") };
        let json = serde_json::to_string(&cards).unwrap_or_default();
        (name, format!("window.dossierCards={json};\n").into_bytes())
    };
    files.into_iter().enumerate().map(named).collect()
}

fn asked(view: &DisagreementView) -> Asked {
    let readings = view.readings.iter().map(|reading| {
        let labels: Vec<&str> = reading.sources.iter().map(|source| source.label.as_str()).collect();
        let claims = reading.claims.iter().map(|claim| claim.id.clone());
        Answered(reading.reading.clone(), labels.join("; "), claims.collect())
    });
    Asked { q: view.question.clone(), h: view.href.clone(), r: readings.collect(), v: view.verdict.clone() }
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
