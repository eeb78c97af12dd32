//! JSON Schemas of the files that users write, for completion and checks in editors.
//!
//! The JSON files here are generated from the types that read the files, with the doc comments as descriptions. That
//! needs crates that a build of the program should not need, so a test generates them, and fails if a file is out of
//! date: `SNAPSHOTS=overwrite cargo test --lib schema` updates them.

/// A kind of file that has a schema.
#[derive(Debug)]
pub struct Kind {
    /// Its name in `dossier schema`.
    pub name: &'static str,
    /// The files of this kind.
    pub files: &'static str,
    /// Its schema as JSON, in draft 7, which most editors support.
    pub schema: &'static str,
}

/// Every kind of file that has a schema.
pub const KINDS: [Kind; 8] = [
    Kind { name: "site", files: "site.toml", schema: include_str!("site.json") },
    Kind { name: "page", files: "the front matter of content/**/*.md", schema: include_str!("page.json") },
    Kind { name: "sources", files: "content/evidence/sources{.yaml,/**/*.yaml}", schema: include_str!("sources.json") },
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
mod generate;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod types;
