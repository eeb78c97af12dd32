use serde::Deserialize;

use super::{Ref, Support};
use crate::data::Spanned;
use crate::evidence::When;

/// One statement of fact, plan or opinion, in our words, with what it rests on.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Hash, Deserialize)]
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
#[derive(Clone, Debug, Hash, Deserialize)]
pub struct Inference {
    /// What it follows from.
    pub from: Vec<Ref>,
    /// How.
    pub rule: Spanned<String>,
}
