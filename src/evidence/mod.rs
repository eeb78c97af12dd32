//! What the pages rest on: sources, claims, events, disagreements, entities, contributions, and what follows from them.

pub mod figures;
mod grounds;
mod ledger;
mod lines;
mod links;
mod load;
mod order;
mod origins;
mod records;
mod shape;
mod spellings;
mod standing;
mod tell;
mod when;

pub use ledger::Ledger;
pub use lines::Lines;
pub use load::EVIDENCE;
pub use records::*;
pub use spellings::Misspellings;
pub use standing::{Backing, Modality, Shared, Standing};
pub use when::{Precision, When};

#[cfg(test)]
mod tests;
