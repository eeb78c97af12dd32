//! JSON Schemas of the files that editors write, for their editors' completion and checks.
//!
//! The files beside this one are made from the types that read what they describe, with the doc comments as
//! descriptions. Making them takes crates that a build of the program need not pay for, so the tests make them, and fail
//! where a file is not what its types say: `SNAPSHOTS=overwrite cargo test --lib schema` writes them anew.

/// A kind of file that has a schema.
#[derive(Debug)]
pub struct Kind {
    /// What `dossier schema` calls it.
    pub name: &'static str,
    /// The files that it is for.
    pub files: &'static str,
    /// Its schema, in the draft that editors know best (draft 7), as JSON.
    pub schema: &'static str,
}

/// Every kind of file that has a schema.
pub const KINDS: [Kind; 8] = [
    Kind { name: "site", files: "site.toml", schema: include_str!("site.json") },
    Kind { name: "page", files: "the front matter of content/**/*.md", schema: include_str!("page.json") },
    Kind { name: "sources", files: "content/evidence/sources.yaml", schema: include_str!("sources.json") },
    Kind { name: "claims", files: "content/evidence/claims/**/*.yaml", schema: include_str!("claims.json") },
    Kind { name: "events", files: "content/evidence/events.yaml", schema: include_str!("events.json") },
    Kind {
        name: "disagreements",
        files: "content/evidence/disagreements.yaml",
        schema: include_str!("disagreements.json"),
    },
    Kind { name: "entities", files: "content/evidence/entities.yaml", schema: include_str!("entities.json") },
    Kind {
        name: "contributions",
        files: "content/evidence/contributions.yaml",
        schema: include_str!("contributions.json"),
    },
];

/// The kind of this name.
pub fn find_kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}

#[cfg(test)]
mod made;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod types;
