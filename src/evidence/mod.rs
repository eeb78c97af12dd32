//! What the pages rest on: sources, claims, events, disagreements, entities, contributions, and what follows from them.

mod records;

pub use records::*;
