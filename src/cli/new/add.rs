//! Adds a page, or a record at the end of its file.

use crate::bibliography::scalar;
use crate::cli::args::Kind;
use crate::cli::library::file_of_sources;
use crate::cli::{error_text, today};
use crate::data::{SourceMap, key_slug, yaml_list};
use crate::diag::Diagnostics;
use crate::disk::{Content, Existing, Folder, NewFiles};
use crate::source::{Files, SitePath};

pub(super) fn page(files: &NewFiles, name: &str) -> Result<SitePath, String> {
    let path = path(&format!("content/{name}.md"))?;
    let title = crate::parse::title_from_name(name.rsplit('/').next().unwrap_or(name));
    let today = today::today(None);
    let summary = "<one sentence for lists and search engines>";
    let title = scalar(&title);
    let text = format!("---\ntitle: {title}\nsummary: {summary}\ndate: {today}\ndraft: true\n---\n\n");
    files.add([(path.clone(), Content::Bytes(text.as_bytes()))], Existing::Refuse).map_err(error_text)?;
    Ok(path)
}

pub(super) fn record(files: &NewFiles, site: &Folder, kind: Kind, id: &str, text: &str) -> Result<SitePath, String> {
    let path = path(&format!("content/evidence/{}", kind.file()))?;
    if let Some(taken) = taken(site, kind, id) {
        return Err(format!("the id `{id}` is taken, in `{taken}`"));
    }
    let before = files.read(&path).map_err(error_text)?.map_or_else(|| schema_line(site, kind), Ok)?;
    let end = before.trim_end();
    let gap = if end.is_empty() || end.lines().all(|line| line.starts_with('#')) { "\n" } else { "\n\n" };
    let gap = if end.is_empty() { "" } else { gap };
    let added = format!("{gap}{text}");
    // Use the line ending of the existing lines.
    let added = if before.contains("\r\n") { added.replace('\n', "\r\n") } else { added };
    let after = format!("{end}{added}");
    if !ids(&path, &after).is_some_and(|ids| ids.iter().any(|known| known == id)) {
        let message = format!("a record cannot be added at the end of `{path}`");
        return Err(format!("{message}, whose records do not begin with `- id: …` at the start of a line"));
    }
    files.write(&path, &after).map_err(error_text)?;
    Ok(path)
}

fn path(text: &str) -> Result<SitePath, String> {
    SitePath::new(text).map_err(|error| format!("`{text}` cannot be a file: {error}"))
}

/// The first line of a new file, which names its schema for editors, if the site has it.
fn schema_line(site: &Folder, kind: Kind) -> Result<String, String> {
    let schema = format!("schemas/{}.json", kind.schema());
    let up = "../".repeat(2 + kind.file().matches('/').count());
    Ok(match site.holds(&path(&schema)?) {
        true => format!("# yaml-language-server: $schema={up}{schema}\n"),
        false => String::new(),
    })
}

/// The evidence file that already has a record with this id.
fn taken(site: &Folder, kind: Kind, id: &str) -> Option<SitePath> {
    let evidence = site.list().files.into_iter().map(|listed| listed.path);
    let mut evidence = evidence.filter(|path| path.below("content/evidence").is_some() && path.extension() == "yaml");
    evidence.find(|path| {
        let text = site.read(path).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
        // The pages of sources have their ids as addresses.
        let of_sources = kind == Kind::Source && path.below("content/evidence").and_then(file_of_sources).is_some();
        let is_same = |taken: &String| taken == id || of_sources && key_slug(taken) == key_slug(id);
        ids(path, &text).is_some_and(|ids| ids.iter().any(is_same))
    })
}

/// The ids of the records in a file; `None` if it cannot be read as a list.
fn ids(path: &SitePath, text: &str) -> Option<Vec<String>> {
    let (mut places, mut problems) = (SourceMap::default(), Diagnostics::default());
    let records = yaml_list::<Named>(path, &text.into(), &mut places, &mut problems);
    (!records.torn).then(|| records.items.into_iter().map(|record| record.id).collect())
}

/// Any record, with only its id.
#[derive(serde::Deserialize)]
struct Named {
    #[serde(default)]
    id: String,
}

impl Kind {
    /// The file below `content/evidence` for new records of this kind.
    fn file(self) -> &'static str {
        match self {
            Self::Page => "",
            Self::Claim => "claims/new.yaml",
            Self::Source => "sources.yaml",
            Self::Disagreement => "disagreements.yaml",
            Self::Entity => "entities.yaml",
            Self::Event => "events.yaml",
        }
    }

    /// The name of this kind of file in `dossier schema`.
    fn schema(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Claim => "claims",
            Self::Source => "sources",
            Self::Disagreement => "disagreements",
            Self::Entity => "entities",
            Self::Event => "events",
        }
    }
}
