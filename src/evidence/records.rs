use serde::Deserialize;

use crate::data::Spanned;

use super::{Lines, Standing, When};

/// An id that names another record; the ledger checks that it exists.
pub type Ref = Spanned<String>;

/// A document that was read.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, schemars(extend("anyOf" = [{ "required": ["title"] }, { "required": ["description"] }])))]
pub struct Source {
    /// Its citation key.
    pub id: Spanned<String>,
    /// What kind of document it is.
    pub kind: SourceKind,
    /// Its own title, where it is known and may be printed.
    #[serde(default)]
    pub title: Option<String>,
    /// What it is, in our words; a source has a title or a description.
    #[serde(default)]
    pub description: Option<Spanned<String>>,
    /// Who published it, where that is known.
    #[serde(default)]
    pub publisher: Option<String>,
    /// Where it is, where that is known.
    #[serde(default)]
    #[cfg_attr(test, schemars(regex(pattern = r"^[Hh][Tt][Tt][Pp][Ss]?://[^/?#@]+")))]
    pub url: Option<Spanned<String>>,
    /// When it was published (EDTF).
    #[serde(default)]
    pub date: Option<Spanned<When>>,
    /// How that date is known, where it is not printed.
    #[serde(default)]
    pub date_basis: Option<Spanned<String>>,
    /// Its language (BCP 47).
    pub language: Spanned<String>,
    /// How far it is relied on.
    pub reliability: Reliability,
    /// Why so far.
    pub reliability_reason: Spanned<String>,
    /// Other sources, or documents among the entities, that it passes on.
    #[serde(default)]
    pub draws_on: Vec<Ref>,
    /// The file name of the text that was read, in the archive.
    #[serde(default)]
    pub file: Option<Spanned<String>>,
    /// The SHA-256 of that text, in hexadecimal.
    #[serde(default)]
    #[cfg_attr(test, schemars(regex(pattern = r"^[0-9a-f]{64}$")))]
    pub sha256: Option<Spanned<String>>,
}

/// What kind of document a source is.
#[cfg_attr(test, derive(schemars::JsonSchema))]
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

impl SourceKind {
    /// How the evidence files write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::News => "news",
            Self::Commentary => "commentary",
            Self::Digest => "digest",
            Self::Translation => "translation",
            Self::Feature => "feature",
            Self::PressRelease => "press-release",
            Self::Interview => "interview",
            Self::Paper => "paper",
            Self::Dataset => "dataset",
            Self::WebPage => "web-page",
            Self::Book => "book",
            Self::Other => "other",
        }
    }
}

/// How far a source is relied on, from most to least.
#[cfg_attr(test, derive(schemars::JsonSchema))]
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

impl Reliability {
    /// How the evidence files write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::MediumHigh => "medium-high",
            Self::Medium => "medium",
            Self::MediumLow => "medium-low",
            Self::Low => "low",
        }
    }
}

/// One statement of fact, plan or opinion, in our words, with what it rests on.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, schemars(extend("anyOf" = [{ "required": ["sources"] }, { "required": ["inferred"] }])))]
pub struct Claim {
    /// Its citation key and anchor.
    pub id: Spanned<String>,
    /// What is claimed.
    pub statement: Spanned<String>,
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
    pub date: Option<Spanned<When>>,
    /// How that date is known, where no source prints it.
    #[serde(default)]
    pub date_basis: Option<Spanned<String>>,
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
    pub note: Option<Spanned<String>>,
    /// How sure it is: computed by the ledger, never typed.
    #[serde(skip)]
    pub standing: Standing,
}

impl Source {
    /// Its title, else its description, else its id.
    pub fn name(&self) -> &str {
        self.title.as_ref().or(self.description.as_deref()).unwrap_or(&self.id)
    }
}

/// A source of a claim, with the place in it.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize)]
pub struct Support {
    /// Which source.
    pub source: Ref,
    /// The lines of the text that was read, from 1.
    #[serde(default)]
    pub lines: Spanned<Lines>,
    /// What this passage passes on, besides what the whole source does.
    #[serde(default)]
    pub draws_on: Vec<Ref>,
}

/// How the sources put a claim.
#[cfg_attr(test, derive(schemars::JsonSchema))]
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

impl ClaimKind {
    /// How the evidence files write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reported => "reported",
            Self::Statement => "statement",
            Self::Plan => "plan",
            Self::Forecast => "forecast",
            Self::Analysis => "analysis",
            Self::Speculation => "speculation",
        }
    }
}

/// A claim that follows from others.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize)]
pub struct Inference {
    /// What it follows from.
    pub from: Vec<Ref>,
    /// How.
    pub rule: Spanned<String>,
}

/// What stands on the timeline.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize)]
pub struct Event {
    /// Its anchor.
    pub id: Spanned<String>,
    /// What happened or is to happen.
    pub title: Spanned<String>,
    /// When (EDTF); a plan may have none.
    #[serde(default)]
    pub date: Option<Spanned<When>>,
    /// How that date is known, where no source prints it.
    #[serde(default)]
    pub date_basis: Option<Spanned<String>>,
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
    pub note: Option<Spanned<String>>,
}

/// Whether an event happened.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Status {
    Happened,
    Planned,
}

impl Status {
    /// How the evidence files write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Happened => "happened",
            Self::Planned => "planned",
        }
    }
}

/// Where the sources conflict.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize)]
pub struct Disagreement {
    /// Its anchor.
    pub id: Spanned<String>,
    /// What they conflict on.
    pub question: Spanned<String>,
    /// What it is about.
    #[serde(default)]
    pub topics: Vec<Ref>,
    /// How much hangs on it.
    pub severity: Weight,
    /// The answers; a ladder shows them in this order, weakest first.
    #[cfg_attr(test, schemars(length(min = 2)))]
    pub readings: Vec<Reading>,
    /// The answer we hold most plausible.
    pub verdict: Spanned<String>,
    /// Why.
    pub why: Spanned<String>,
}

/// How much hangs on a disagreement.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Weight {
    Low,
    Medium,
    High,
}

impl Weight {
    /// How the evidence files write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// One answer to a disagreement's question.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, schemars(extend("anyOf" = [{ "required": ["claims"] }, { "required": ["sources"] }])))]
pub struct Reading {
    /// The answer.
    pub reading: Spanned<String>,
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
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize)]
pub struct Entity {
    /// Its anchor.
    pub id: Spanned<String>,
    /// Its name.
    pub name: Spanned<String>,
    /// What it is.
    pub kind: EntityKind,
    /// What it is, in a sentence.
    pub definition: Spanned<String>,
    /// Other right names.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Wrong names found in sources.
    #[serde(default)]
    pub misspellings: Vec<Misspelling>,
}

/// What an entity is.
#[cfg_attr(test, derive(schemars::JsonSchema))]
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

impl EntityKind {
    /// How the evidence files write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Company => "company",
            Self::Organisation => "organisation",
            Self::Product => "product",
            Self::Technology => "technology",
            Self::Place => "place",
            Self::Document => "document",
            Self::Character => "character",
        }
    }
}

/// A wrong name found in a source.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize)]
pub struct Misspelling {
    /// How it is written there.
    pub spelling: String,
    /// In which source.
    pub source: Ref,
    /// On which lines.
    #[serde(default)]
    pub lines: Spanned<Lines>,
}

/// What one party brings to one topic; all of them make the partnership map.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize)]
pub struct Contribution {
    /// Its id.
    pub id: Spanned<String>,
    /// To which topic.
    pub topic: Ref,
    /// The entity that brings it.
    pub party: Ref,
    /// What, in a few words.
    pub brings: Spanned<String>,
    /// What it rests on.
    pub claims: Vec<Ref>,
}
