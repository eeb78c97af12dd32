//! Sources as other programs and scholars know them: references, addresses of places in them, CSL-JSON and BibLaTeX, in and
//! out.

mod bibtex;
mod coins;
mod csl;
mod doi;
mod entry;
mod fields;
mod link;
mod merge;
mod read_bibtex;
mod read_csl;
mod reference;
mod schema_org;
mod yaml;

pub use bibtex::bibtex;
pub use coins::{coins, page_coins};
pub use csl::csl;
pub use doi::{doi, doi_path, read_doi};
pub use entry::{Entry, Fault, Value};
pub use link::link;
pub use merge::{Merged, merge};
pub use read_bibtex::read_bibtex;
pub use read_csl::read_csl;
pub use reference::{Piece, dated, reference};
pub use schema_org::schema_org;
pub use yaml::{lines, record, scalar};

/// A source as a record has it.
#[cfg(test)]
fn source(yaml: &str) -> crate::evidence::Source {
    let file = crate::source::SitePath::new("sources.yaml").expect("a path");
    let mut problems = crate::diag::Diagnostics::default();
    let read = crate::data::yaml(&file, yaml, 0, &mut problems);
    read.unwrap_or_else(|| panic!("{yaml}: {:?}", problems.iter().collect::<Vec<_>>())).0
}
