use serde::Deserialize;

use super::Ref;
use crate::data::Spanned;
use crate::evidence::Lines;

/// A person, company, product or the like.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Hash, Deserialize)]
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
#[derive(Clone, Debug, Hash, Deserialize)]
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
#[derive(Clone, Debug, Hash, Deserialize)]
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
