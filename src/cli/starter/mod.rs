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
    "content/evidence/contributions.yaml"
    "content/evidence/disagreements.yaml"
    "content/evidence/entities.yaml"
    "content/evidence/events.yaml"
    "content/evidence/sources.yaml"
    "content/index.md"
    "content/timeline.md"
    "content/timestamps.md"
    "site.toml"
};

/// The ignore file of a new site: the output and the cache are not committed.
pub(super) const GITIGNORE: (&str, &str) = (".gitignore", "/public\n/.dossier\n");

/// Every file of the sample, by its path.
pub(super) fn sample() -> impl Iterator<Item = (String, String)> {
    SAMPLE.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
}

/// A site of this title with only a home page.
pub(super) fn empty(title: &str) -> impl Iterator<Item = (String, String)> {
    // JSON's quotes and escapes are those of TOML and YAML as well.
    let title = serde_json::json!(title);
    let site = format!("#:schema schemas/site.json\ntitle = {title}\nlanguage = \"en\"\n");
    let home = format!("---\ntitle: {title}\n---\n");
    [("site.toml", site), ("content/index.md", home)].into_iter().map(|(path, text)| (path.to_owned(), text))
}

/// The schemas of all kinds of files, in the folder where files refer to them.
pub(super) fn schemas() -> impl Iterator<Item = (String, &'static [u8])> {
    KINDS.iter().map(|kind| (format!("schemas/{}.json", kind.name), kind.schema.as_bytes()))
}
