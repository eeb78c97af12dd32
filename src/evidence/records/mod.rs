//! The records as editors write them, each kind in a file.

mod claim;
mod disagreement;
mod entity;
mod event;
mod kind;
mod name;
mod numeral;
mod source;
mod support;

#[cfg(test)]
pub(crate) use name::NameRecord;
#[cfg(test)]
pub(crate) use support::{QuoteRecord, SupportRecord};

pub use claim::{Claim, ClaimKind, Inference};
pub use disagreement::{Disagreement, Reading, Weight};
pub use entity::{Contribution, Entity, EntityKind, Misspelling};
pub use event::{Event, Status};
pub use kind::SourceKind;
pub use name::Name;
pub use numeral::Numeral;
pub use source::{Reliability, Source};
pub use support::{Quote, Support};

use std::hash::Hash;

use crate::data::{Spanned, key_slug};

use super::reads::Part;

/// An id that names another record; the ledger checks that it exists.
pub type Ref = Spanned<String>;

/// A record of a list of the ledger.
pub trait Record: Hash {
    /// Its kind.
    const PART: Part;

    /// Its id.
    fn id(&self) -> &str;

    /// Adds what follows from the rest of it.
    fn complete(&mut self) {}
}

/// A record of any kind.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub enum AnyRecord<'a> {
    Source(&'a Source),
    Claim(&'a Claim),
    Event(&'a Event),
    Disagreement(&'a Disagreement),
    Entity(&'a Entity),
    Contribution(&'a Contribution),
}

macro_rules! records {
    ($($record:ident $(: $complete:expr)?),*) => {
        $(impl Record for $record {
            const PART: Part = Part::$record;

            fn id(&self) -> &str {
                &self.id
            }

            $(fn complete(&mut self) {
                $complete(self);
            })?
        })*
    };
}

records! {
    Claim, Source: |source: &mut Source| source.slug = key_slug(&source.id), Event, Disagreement, Entity, Contribution
}
