//! What the pages rest on: sources, claims, events, disagreements, entities, contributions, and what follows from them.

mod capped;
mod collection;
mod derived;
pub mod figures;
mod ledger;
mod lines;
mod load;
pub mod locator;
mod order;
mod origins;
pub mod reading;
mod reads;
mod records;
mod references;
mod sizes;
mod spellings;
mod standing;
mod validate;
mod when;

pub use collection::Records;
pub use derived::RecordKind;
pub use ledger::Ledger;
pub use lines::Lines;
pub use load::EVIDENCE;
pub use locator::Locator;
pub use reads::{Memo, Reads, track};
pub use records::*;
#[cfg(test)]
pub(crate) use records::{NameRecord, QuoteRecord, SupportRecord};
pub use references::Refers;
pub use spellings::Misspellings;
pub use standing::{Backing, Modality, Shared, Standing, standing_words};
pub use validate::{is_doi, is_isbn, is_web_address};
pub use when::{BoundDate, Precision, When, edtf_day, year_text};

#[cfg(test)]
mod tests;
