use serde::Deserialize;

use crate::data::At;

/// An id that names another record; the ledger checks that it exists.
pub type Ref = At<String>;

/// A document that was read.
#[derive(Clone, Debug, Deserialize)]
pub struct Source {
    /// Its citation key.
    pub id: At<String>,
    /// What kind of document it is.
    pub kind: SourceKind,
    /// Its own title, where it is known and may be printed.
    #[serde(default)]
    pub title: Option<String>,
    /// What it is, in our words; a source has a title or a description.
    #[serde(default)]
    pub description: Option<String>,
    /// Who published it, where that is known.
    #[serde(default)]
    pub publisher: Option<String>,
    /// Where it is, where that is known.
    #[serde(default)]
    pub url: Option<At<String>>,
    /// When it was published (EDTF).
    #[serde(default)]
    pub date: Option<At<When>>,
    /// How that date is known, where it is not printed.
    #[serde(default)]
    pub date_basis: Option<String>,
    /// Its language (BCP 47).
    pub language: String,
    /// How far it is relied on.
    pub reliability: Reliability,
    /// Why so far.
    pub reliability_reason: String,
    /// Other sources, or documents among the entities, that it passes on.
    #[serde(default)]
    pub draws_on: Vec<Ref>,
    /// The file name of the text that was read, in the archive.
    #[serde(default)]
    pub file: Option<At<String>>,
    /// The SHA-256 of that text, in hexadecimal.
    #[serde(default)]
    pub sha256: Option<At<String>>,
}

/// What kind of document a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum SourceKind {
    News,
    Commentary,
    Digest,
    Translation,
    Feature,
    PressRelease,
    Interview,
    Paper,
    Dataset,
    WebPage,
    Book,
    Other,
}

/// How far a source is relied on, from most to least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Reliability {
    High,
    MediumHigh,
    Medium,
    MediumLow,
    Low,
}

/// One statement of fact, plan or opinion, in our words, with what it rests on.
#[derive(Clone, Debug, Deserialize)]
pub struct Claim {
    /// Its citation key and anchor.
    pub id: At<String>,
    /// What is claimed.
    pub statement: At<String>,
    /// What it is about.
    #[serde(default)]
    pub topics: Vec<Ref>,
    /// Who and what it names.
    #[serde(default)]
    pub entities: Vec<Ref>,
    /// Who says so, and where.
    #[serde(default)]
    pub sources: Vec<Support>,
    /// When what it tells happened or is to happen (EDTF).
    #[serde(default)]
    pub date: Option<At<When>>,
    /// How that date is known, where no source prints it.
    #[serde(default)]
    pub date_basis: Option<String>,
    /// How the sources put it.
    pub kind: ClaimKind,
    /// How we came to it, where no source says it.
    #[serde(default)]
    pub inferred: Option<Inference>,
    /// Claims that this one comes after in time.
    #[serde(default)]
    pub after: Vec<Ref>,
    /// Claims that this one comes before in time.
    #[serde(default)]
    pub before: Vec<Ref>,
    /// What a reader should know besides.
    #[serde(default)]
    pub note: Option<String>,
}

/// A source of a claim, with the place in it.
#[derive(Clone, Debug, Deserialize)]
pub struct Support {
    /// Which source.
    pub source: Ref,
    /// The lines of the text that was read, from 1.
    #[serde(default)]
    pub lines: At<Lines>,
    /// What this passage passes on, besides what the whole source does.
    #[serde(default)]
    pub draws_on: Vec<Ref>,
}

/// How the sources put a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum ClaimKind {
    Reported,
    Statement,
    Plan,
    Forecast,
    Analysis,
    Speculation,
}

/// A claim that follows from others.
#[derive(Clone, Debug, Deserialize)]
pub struct Inference {
    /// What it follows from.
    pub from: Vec<Ref>,
    /// How.
    pub rule: String,
}

/// What stands on the timeline.
#[derive(Clone, Debug, Deserialize)]
pub struct Event {
    /// Its anchor.
    pub id: At<String>,
    /// What happened or is to happen.
    pub title: At<String>,
    /// When (EDTF); a plan may have none.
    #[serde(default)]
    pub date: Option<At<When>>,
    /// How that date is known, where no source prints it.
    #[serde(default)]
    pub date_basis: Option<String>,
    /// What it rests on.
    #[serde(default)]
    pub claims: Vec<Ref>,
    /// What it is about.
    #[serde(default)]
    pub topics: Vec<Ref>,
    /// Whether it happened.
    pub status: Status,
    /// What a reader should know besides.
    #[serde(default)]
    pub note: Option<String>,
}

/// Whether an event happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Status {
    Happened,
    Planned,
}

/// Where the sources conflict.
#[derive(Clone, Debug, Deserialize)]
pub struct Disagreement {
    /// Its anchor.
    pub id: At<String>,
    /// What they conflict on.
    pub question: String,
    /// What it is about.
    #[serde(default)]
    pub topics: Vec<Ref>,
    /// How much hangs on it.
    pub severity: Weight,
    /// The answers; a ladder shows them in this order, weakest first.
    pub readings: Vec<Reading>,
    /// The answer we hold most plausible.
    pub verdict: String,
    /// Why.
    pub why: String,
}

/// How much hangs on a disagreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Weight {
    Low,
    Medium,
    High,
}

/// One answer to a disagreement's question.
#[derive(Clone, Debug, Deserialize)]
pub struct Reading {
    /// The answer.
    pub reading: String,
    /// A word or two for a rung of a ladder.
    #[serde(default)]
    pub label: Option<String>,
    /// Claims that hold it.
    #[serde(default)]
    pub claims: Vec<Ref>,
    /// Sources that hold it.
    #[serde(default)]
    pub sources: Vec<Ref>,
}

/// A person, company, product or the like.
#[derive(Clone, Debug, Deserialize)]
pub struct Entity {
    /// Its anchor.
    pub id: At<String>,
    /// Its name.
    pub name: At<String>,
    /// What it is.
    pub kind: EntityKind,
    /// What it is, in a sentence.
    pub definition: String,
    /// Other right names.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Wrong names found in sources.
    #[serde(default)]
    pub misspellings: Vec<Misspelling>,
}

/// What an entity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum EntityKind {
    Person,
    Company,
    Organisation,
    Product,
    Technology,
    Place,
    Document,
    Character,
}

/// A wrong name found in a source.
#[derive(Clone, Debug, Deserialize)]
pub struct Misspelling {
    /// How it is written there.
    pub spelling: String,
    /// In which source.
    pub source: Ref,
    /// On which lines.
    #[serde(default)]
    pub lines: At<Lines>,
}

/// What one party brings to one topic; all of them make the partnership map.
#[derive(Clone, Debug, Deserialize)]
pub struct Contribution {
    /// Its id.
    pub id: At<String>,
    /// To which topic.
    pub topic: Ref,
    /// The entity that brings it.
    pub party: Ref,
    /// What, in a few words.
    pub brings: String,
    /// What it rests on.
    pub claims: Vec<Ref>,
}

/// Line numbers: `9`, `21-24`, or a list of such.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Lines(pub Vec<(u32, u32)>);

/// A date as EDTF (ISO 8601-2) says it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct When(pub String);
