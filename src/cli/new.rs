//! `dossier new`: one page or record with the right keys, which never writes over anything.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::data::{SourceMap, is_id, yaml_list};
use crate::diag::Diagnostics;
use crate::source::{Files, SitePath};

use super::args::{Kind, NewArgs};
use super::{DONE, INPUT_ERRORS, USAGE, say, shown};

/// Adds a page or a record.
pub(super) fn new(args: &NewArgs) -> u8 {
    if !is_name(args) {
        eprintln!("error: `{}` cannot be a name", args.name.escape_debug());
        eprintln!(
            "help: names are of lower-case letters, digits and hyphens, such as `{}`",
            crate::data::to_id(&args.name)
        );
        return USAGE;
    }
    if !args.root.join("site.toml").is_file() {
        eprintln!("error: there is no `site.toml` in `{}`", args.root.display());
        eprintln!("help: name the folder of the site with `--root`, or start one with `dossier init`");
        return USAGE;
    }
    let added = match args.kind {
        Kind::Page => add_page(args),
        kind => add_record(args, kind),
    };
    match added {
        Ok(place) => {
            say(&format!("{}\n", shown(&place)));
            DONE
        }
        Err(message) => {
            eprintln!("error: {message}; nothing was written");
            INPUT_ERRORS
        }
    }
}

/// An id; a page may lie in folders.
fn is_name(args: &NewArgs) -> bool {
    let fits = args.name.len() <= 100;
    fits && match args.kind {
        Kind::Page => args.name.split('/').all(is_id) && !args.name.starts_with("evidence/"),
        _ => is_id(&args.name),
    }
}

fn add_page(args: &NewArgs) -> Result<PathBuf, String> {
    let place = args.root.join(format!("content/{}.md", args.name));
    let name = args.name.rsplit('/').next().unwrap_or(&args.name);
    let title = crate::parse::title_from_name(name);
    let today = super::today::today(None);
    let summary = "<one sentence for lists and search engines>";
    let text = format!("---\ntitle: {title}\nsummary: {summary}\ndate: {today}\ndraft: true\n---\n\n");
    let file = place
        .parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| OpenOptions::new().write(true).create_new(true).open(&place));
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => format!("`{}` is there already", shown(&place)),
        _ => format!("cannot write `{}`: {error}", place.display()),
    })?;
    Ok(place)
}

fn add_record(args: &NewArgs, kind: Kind) -> Result<PathBuf, String> {
    let path = format!("content/evidence/{}", kind.file());
    let place = args.root.join(&path);
    if let Some(taken) = taken(&args.root, &args.name) {
        return Err(format!("the id `{}` is taken, in `{taken}`", args.name));
    }
    let before = match fs::read_to_string(&place) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => schema_line(&args.root, kind),
        Err(error) => return Err(format!("cannot read `{}`: {error}", place.display())),
    };
    let end = before.trim_end();
    let gap = if end.is_empty() || end.lines().all(|line| line.starts_with('#')) { "\n" } else { "\n\n" };
    let gap = if end.is_empty() { "" } else { gap };
    let after = format!("{end}{gap}{}", kind.record().replace("NAME", &args.name));
    if !ids(&path, &after).is_some_and(|ids| ids.contains(&args.name)) {
        let message = format!("a record cannot be added at the end of `{}`", shown(&place));
        return Err(format!("{message}, whose records do not begin with `- id: …` at the start of a line"));
    }
    fs::create_dir_all(place.parent().unwrap_or(&args.root))
        .and_then(|()| write_beside(&place, &after))
        .map_err(|error| format!("cannot write `{}`: {error}", place.display()))?;
    Ok(place)
}

/// Writes the whole file in one step, so that a full disk leaves the old one.
fn write_beside(place: &Path, text: &str) -> io::Result<()> {
    let mut beside = place.as_os_str().to_owned();
    beside.push(".tmp");
    let written = fs::write(&beside, text).and_then(|()| fs::rename(&beside, place));
    written.inspect_err(|_| drop(fs::remove_file(&beside)))
}

/// The first line of a new file, by which editors find its schema, where the site has it.
fn schema_line(root: &Path, kind: Kind) -> String {
    let schema = format!("schemas/{}.json", kind.schema());
    let up = "../".repeat(2 + kind.file().matches('/').count());
    match root.join(&schema).is_file() {
        true => format!("# yaml-language-server: $schema={up}{schema}\n"),
        false => String::new(),
    }
}

/// The evidence file that already has a record of this id.
fn taken(root: &Path, id: &str) -> Option<SitePath> {
    let folder = crate::disk::Folder::open(root).ok()?;
    let files: &dyn Files = &folder;
    let evidence = files.list().files.into_iter().map(|listed| listed.path);
    let mut evidence = evidence.filter(|path| path.below("content/evidence").is_some() && path.extension() == "yaml");
    evidence.find(|path| {
        let text = files.read(path).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
        ids(path.as_str(), &text).is_some_and(|ids| ids.iter().any(|taken| taken == id))
    })
}

/// The ids of the records in a file; absent where it cannot be read as a list.
fn ids(path: &str, text: &str) -> Option<Vec<String>> {
    let path = SitePath::new(path).ok()?;
    let (mut places, mut problems) = (SourceMap::default(), Diagnostics::default());
    let records = yaml_list::<Named>(&path, &text.into(), &mut places, &mut problems);
    (!records.torn).then(|| records.items.into_iter().map(|record| record.id).collect())
}

/// Any record, as far as its id.
#[derive(serde::Deserialize)]
struct Named {
    #[serde(default)]
    id: String,
}

impl Kind {
    /// The file below `content/evidence` that takes new records of this kind.
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

    /// What `dossier schema` calls the file of these records.
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

    /// A record with every key that it needs; what is in angle brackets wants writing over.
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
