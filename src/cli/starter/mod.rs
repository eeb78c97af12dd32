//! The sample that `dossier init` writes: an explainer on how dates are written, true and sourced.

use crate::schema::KINDS;

/// Lists the sample's files by their path in the new folder.
macro_rules! sample {
    ($($path:literal)*) => { &[$(($path, include_str!($path))),*] };
}

const SAMPLE: &[(&str, &str)] = sample! {
    "README.md"
    "content/corrections.md"
    "content/doubt.md"
    "content/evidence/claims/dates.yaml"
    "content/evidence/disagreements.yaml"
    "content/evidence/entities.yaml"
    "content/evidence/events.yaml"
    "content/evidence/sources.yaml"
    "content/index.md"
    "content/timeline.md"
    "content/timestamps.md"
    "site.toml"
};

/// What no repository of a site should hold: what is built, and what builds leave for the next one.
pub(super) const GITIGNORE: (&str, &str) = (".gitignore", "/public\n/.dossier\n");

/// Every file of the sample, with the schemas that its first lines name.
pub(super) fn files() -> impl Iterator<Item = (String, &'static [u8])> {
    let sample = [GITIGNORE].into_iter().chain(SAMPLE.iter().copied());
    sample.map(|(path, text)| (path.to_owned(), text.as_bytes())).chain(schemas())
}

/// The schemas of all kinds of files, where editors find them.
pub(super) fn schemas() -> impl Iterator<Item = (String, &'static [u8])> {
    KINDS.iter().map(|kind| (format!("schemas/{}.json", kind.name), kind.schema.as_bytes()))
}
