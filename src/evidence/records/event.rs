use serde::Deserialize;

use super::Ref;
use crate::data::Spanned;
use crate::evidence::When;

/// What stands on the timeline.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Hash, Deserialize)]
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
