//! `dossier new`: adds one page or record with the right keys, and never overwrites anything.

use crate::data::{SourceMap, is_id, yaml_list};
use crate::diag::Diagnostics;
use crate::disk::{Content, Existing, Folder, NewFiles};
use crate::source::{Files, SitePath};

use super::args::{Kind, NewArgs};
use super::{DONE, INPUT_ERRORS, USAGE, error_text, open_site, say, shown, waiting};

/// Adds a page or a record.
pub(super) fn new(args: &NewArgs) -> u8 {
    if !is_name(args) {
        eprintln!("error: `{}` cannot be a name", args.name.escape_debug());
        eprintln!(
            "help: names consist of lower-case letters, digits and hyphens, such as `{}`",
            crate::data::to_id(&args.name)
        );
        return USAGE;
    }
    let Some(site) = open_site(&args.root) else { return USAGE };
    let added =
        NewFiles::open(site.root(), "dossier new", waiting).map_err(error_text).and_then(|files| match args.kind {
            Kind::Page => add_page(&files, &args.name),
            kind => add_record(&files, &site, kind, &args.name),
        });
    match added {
        Ok(path) => {
            say(&format!("{}\n", shown(&args.root.join(path.as_str()))));
            DONE
        }
        Err(message) => {
            eprintln!("error: {message}; nothing was written");
            INPUT_ERRORS
        }
    }
}

/// Checks the id; a page may be in folders.
fn is_name(args: &NewArgs) -> bool {
    let fits = args.name.len() <= 100;
    fits && match args.kind {
        Kind::Page => args.name.split('/').all(is_id) && !args.name.starts_with("evidence/"),
        _ => is_id(&args.name),
    }
}

fn add_page(files: &NewFiles, name: &str) -> Result<SitePath, String> {
    let path = path(&format!("content/{name}.md"))?;
    let title = crate::parse::title_from_name(name.rsplit('/').next().unwrap_or(name));
    let today = super::today::today(None);
    let summary = "<one sentence for lists and search engines>";
    let text = format!("---\ntitle: {title}\nsummary: {summary}\ndate: {today}\ndraft: true\n---\n\n");
    files.add([(path.clone(), Content::Bytes(text.as_bytes()))], Existing::Refuse).map_err(error_text)?;
    Ok(path)
}

fn add_record(files: &NewFiles, site: &Folder, kind: Kind, id: &str) -> Result<SitePath, String> {
    let path = path(&format!("content/evidence/{}", kind.file()))?;
    if let Some(taken) = taken(site, id) {
        return Err(format!("the id `{id}` is taken, in `{taken}`"));
    }
    let before = files.read(&path).map_err(error_text)?.map_or_else(|| schema_line(site, kind), Ok)?;
    let end = before.trim_end();
    let gap = if end.is_empty() || end.lines().all(|line| line.starts_with('#')) { "\n" } else { "\n\n" };
    let gap = if end.is_empty() { "" } else { gap };
    let added = format!("{gap}{}", kind.record().replace("NAME", id));
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
fn taken(site: &Folder, id: &str) -> Option<SitePath> {
    let evidence = site.list().files.into_iter().map(|listed| listed.path);
    let mut evidence = evidence.filter(|path| path.below("content/evidence").is_some() && path.extension() == "yaml");
    evidence.find(|path| {
        let text = site.read(path).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
        ids(path, &text).is_some_and(|ids| ids.iter().any(|taken| taken == id))
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

    /// A record with all required keys; texts in angle brackets are placeholders.
    fn record(self) -> &'static str {
        match self {
            Self::Page => "",
            Self::Claim => {
                "- id: NAME\n  statement: <what is claimed, in your own words>\n  topics: []\n  entities: []\n  \
                 sources:\n    - source: <the id of a source>\n      lines: 1\n  kind: reported\n"
            }
            Self::Source => {
                "- id: NAME\n  kind: news\n  title: <its own title>\n  description: <what it is, in your words>\n  \
                 url: <https://its.address/>\n  date: <2024-03-12>\n  language: en\n  reliability: medium\n  \
                 reliability_reason: <why so far>\n  file: <file of its text>\n"
            }
            Self::Disagreement => {
                "- id: NAME\n  question: <what do the sources conflict on?>\n  topics: []\n  severity: medium\n  \
                 readings:\n    - reading: <one answer>\n      claims: []\n      sources: []\n    - reading: <another>\n      \
                 claims: []\n      sources: []\n  verdict: <the answer you hold most plausible>\n  why: <why>\n"
            }
            Self::Entity => {
                "- id: NAME\n  name: <its name>\n  kind: <person>\n  definition: <what it is, in a sentence>\n"
            }
            Self::Event => {
                "- id: NAME\n  title: <what happened>\n  date: <2024-03>\n  claims: []\n  topics: []\n  \
                 status: happened\n"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::placeholder_in;

    #[test]
    fn every_placeholder_of_a_new_record_is_known() {
        for kind in [Kind::Claim, Kind::Source, Kind::Disagreement, Kind::Entity, Kind::Event] {
            for part in kind.record().split('<').skip(1) {
                let (name, _) = part.split_once('>').expect("a closing bracket");
                assert!(placeholder_in(&format!("<{name}>")).is_some(), "list `<{name}>` among the placeholders");
            }
        }
    }
}
