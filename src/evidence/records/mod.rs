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

use crate::data::Spanned;

/// An id that names another record; the ledger checks that it exists.
pub type Ref = Spanned<String>;
