use serde::Deserialize;

use super::Ref;
use crate::data::Spanned;

/// Where the sources conflict.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Hash, Deserialize)]
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
#[derive(Clone, Debug, Hash, Deserialize)]
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
