//! `dossier new`: adds one page or record with the right keys, and never overwrites anything.

use crate::bibliography::{Entry, Value, record, scalar};
use crate::data::{SourceMap, is_id, is_key, yaml_list};
use crate::diag::Diagnostics;
use crate::disk::{Content, Existing, Folder, NewFiles};
use crate::evidence::Name;
use crate::source::{Files, SitePath};

use super::args::{Kind, NewArgs};
use super::{DONE, INPUT_ERRORS, USAGE, error_text, open_site, say, say_err, shown, waiting};

/// Adds a page or a record.
pub(super) fn new(args: &NewArgs) -> u8 {
    if !is_name(args) {
        say_err(&format!("error: `{}` cannot be a name\n", args.name.escape_debug()));
        say_err(&format!(
            "help: names consist of lower-case letters, digits and hyphens, such as `{}`\n",
            crate::data::to_id(&args.name)
        ));
        return USAGE;
    }
    if let Some((flag, kind)) = misplaced(args) {
        say_err(&format!("error: `{flag}` is not for {}\n", args.kind.article()));
        say_err(&format!("help: it belongs to `dossier new {kind}`\n"));
        return USAGE;
    }
    let text = match written(args) {
        Ok(text) => text,
        Err(code) => return code,
    };
    let Some(site) = open_site(&args.root) else { return USAGE };
    let added =
        NewFiles::open(site.root(), "dossier new", waiting).map_err(error_text).and_then(|files| match args.kind {
            Kind::Page => add_page(&files, &args.name),
            kind => add_record(&files, &site, kind, &args.name, &text),
        });
    match added {
        Ok(path) => {
            say(&format!("{}\n", shown(&args.root.join(path.as_str()))));
            DONE
        }
        Err(message) => {
            say_err(&format!("error: {message}; nothing was written\n"));
            INPUT_ERRORS
        }
    }
}

/// Checks the id; a page may be in folders.
fn is_name(args: &NewArgs) -> bool {
    let fits = args.name.len() <= 100;
    fits && match args.kind {
        Kind::Page => args.name.split('/').all(is_id) && !args.name.starts_with("evidence/"),
        Kind::Source => is_key(&args.name),
        _ => is_id(&args.name),
    }
}

/// A flag that the kind of record has no use for, and the kind that has.
fn misplaced(args: &NewArgs) -> Option<(&'static str, &'static str)> {
    let of_claims = [
        ("--statement", args.statement.is_some()),
        ("--source", args.source.is_some()),
        ("--at", args.at.is_some()),
        ("--quote", args.quote.is_some()),
    ];
    let of_sources = [
        ("--type", args.source_kind.is_some()),
        ("--title", args.title.is_some()),
        ("--author", !args.author.is_empty()),
        ("--url", args.url.is_some()),
        ("--date", args.date.is_some()),
        ("--from", args.from.is_some()),
    ];
    let given = |flags: &[(&'static str, bool)]| flags.iter().find(|(_, given)| *given).map(|(flag, _)| *flag);
    let of_claim = given(&of_claims).filter(|_| args.kind != Kind::Claim).map(|flag| (flag, "claim"));
    of_claim.or_else(|| given(&of_sources).filter(|_| args.kind != Kind::Source).map(|flag| (flag, "source")))
}

/// The record by the flags; with placeholders where there are none.
fn written(args: &NewArgs) -> Result<String, u8> {
    if let Some(file) = &args.from {
        let entry = super::library::first(file)?;
        return Ok(record(&Entry { id: args.name.clone(), ..entry }));
    }
    let has_flags = args.source_kind.is_some() || args.title.is_some() || !args.author.is_empty();
    if args.kind == Kind::Source && (has_flags || args.url.is_some() || args.date.is_some()) {
        return Ok(record(&source(args)));
    }
    if args.kind == Kind::Claim && (args.statement.is_some() || args.source.is_some()) {
        return Ok(claim(args));
    }
    Ok(args.kind.record().replace("NAME", &scalar(&args.name)))
}

fn source(args: &NewArgs) -> Entry {
    let text = |key, value: Option<&str>| value.map(|value| (key, Value::Text(value.to_owned())));
    let kind = args.source_kind.map_or("web-page", |kind| kind.name());
    let names: Vec<Name> = args.author.iter().map(|name| Name::parse(name)).collect();
    let fields = [
        text("kind", Some(kind)),
        text("title", Some(args.title.as_deref().unwrap_or("<its own title>"))),
        (!names.is_empty()).then_some(("authors", Value::Names(names))),
        text("url", args.url.as_deref()),
        text("date", args.date.as_deref()),
    ];
    Entry { id: args.name.clone(), fields: fields.into_iter().flatten().collect(), ..Entry::default() }
}

fn claim(args: &NewArgs) -> String {
    let line = |key: &str, value: &str, indent| crate::bibliography::lines(key, &Value::Text(value.to_owned()), indent);
    let statement = args.statement.as_deref().unwrap_or("<what is claimed, in your own words>");
    let source = args.source.as_deref().unwrap_or("<the id of a source>");
    let mut out = format!("- id: {}\n{}  sources:\n", scalar(&args.name), line("statement", statement, 2));
    match (&args.at, &args.quote) {
        (at, Some(quote)) => {
            out.push_str(&line("source", source, 0).replacen("source", "    - source", 1));
            out.push_str(&at.as_ref().map_or_else(String::new, |at| line("at", at, 6)));
            out.push_str(&line("quote", quote, 6));
        }
        (Some(at), None) => {
            out.push_str(&line("x", &format!("{source}, {at}"), 0).replacen("x:", "    -", 1));
        }
        (None, None) => out.push_str(&line("x", source, 0).replacen("x:", "    -", 1)),
    }
    out + "  kind: reported\n"
}

fn add_page(files: &NewFiles, name: &str) -> Result<SitePath, String> {
    let path = path(&format!("content/{name}.md"))?;
    let title = crate::parse::title_from_name(name.rsplit('/').next().unwrap_or(name));
    let today = super::today::today(None);
    let summary = "<one sentence for lists and search engines>";
    let title = scalar(&title);
    let text = format!("---\ntitle: {title}\nsummary: {summary}\ndate: {today}\ndraft: true\n---\n\n");
    files.add([(path.clone(), Content::Bytes(text.as_bytes()))], Existing::Refuse).map_err(error_text)?;
    Ok(path)
}

fn add_record(files: &NewFiles, site: &Folder, kind: Kind, id: &str, text: &str) -> Result<SitePath, String> {
    let path = path(&format!("content/evidence/{}", kind.file()))?;
    if let Some(taken) = taken(site, id) {
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
    /// Its name with an article.
    fn article(self) -> &'static str {
        match self {
            Self::Page => "a page",
            Self::Claim => "a claim",
            Self::Source => "a source",
            Self::Disagreement => "a disagreement",
            Self::Entity => "an entity",
            Self::Event => "an event",
        }
    }

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
                "- id: NAME\n  kind: news\n  title: <its own title>\n  url: <https://its.address/>\n  date: <2024-03-12>\n"
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
