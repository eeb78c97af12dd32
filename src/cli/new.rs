//! `dossier new`: one page or record with the right keys, which never writes over anything.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::data::{Places, yaml_list};
use crate::diag::Diagnostics;
use crate::source::SitePath;

use super::words::{Kind, NewArgs};
use super::{DONE, INPUT_ERRORS, USAGE};

/// Adds a page or a record.
pub(super) fn new(args: &NewArgs) -> u8 {
    if !is_plain(&args.name) {
        eprintln!("error: `{}` cannot be a name", args.name);
        eprintln!("help: names are of lower-case letters, digits and hyphens, such as `azure-since-2015`");
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
            println!("{}", place.display());
            DONE
        }
        Err(message) => {
            eprintln!("error: {message}");
            INPUT_ERRORS
        }
    }
}

fn add_page(args: &NewArgs) -> Result<PathBuf, String> {
    let place = args.root.join(format!("content/{}.md", args.name));
    let title = crate::parse::title_from_name(&args.name);
    let today = jiff::Zoned::now().date();
    let text = format!("---\ntitle: {title}\nsummary: \ndate: {today}\ndraft: true\n---\n\n");
    let text = text.replace("summary: \n", "summary: One sentence for lists and search engines.\n");
    let file = OpenOptions::new().write(true).create_new(true).open(&place);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => format!("`{}` is there already; nothing was written", place.display()),
        _ => format!("cannot write `{}`: {error}", place.display()),
    })?;
    Ok(place)
}

fn add_record(args: &NewArgs, kind: Kind) -> Result<PathBuf, String> {
    let place = args.root.join("content/evidence").join(kind.file());
    if let Some(taken) = taken(&args.root, &args.name) {
        return Err(format!("the id `{}` is taken, in `{taken}`; nothing was written", args.name));
    }
    let before = match fs::read_to_string(&place) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(format!("cannot read `{}`: {error}", place.display())),
    };
    let gap = if before.is_empty() || before.ends_with("\n\n") { "" } else { "\n" };
    let gap = if before.is_empty() || before.ends_with('\n') { gap.to_owned() } else { format!("\n{gap}") };
    let record = kind.record().replace("NAME", &args.name);
    fs::create_dir_all(place.parent().unwrap_or(&args.root))
        .and_then(|()| OpenOptions::new().append(true).create(true).open(&place))
        .and_then(|mut file| file.write_all(format!("{gap}{record}").as_bytes()))
        .map_err(|error| format!("cannot write `{}`: {error}", place.display()))?;
    Ok(place)
}

/// The evidence file that already has a record of this id.
fn taken(root: &Path, id: &str) -> Option<SitePath> {
    let folder = crate::disk::Folder::open(root).ok()?;
    let files: &dyn crate::source::Files = &folder;
    let evidence = files.list().files.into_iter().map(|listed| listed.path);
    let mut evidence = evidence.filter(|path| path.below("content/evidence").is_some() && path.extension() == "yaml");
    evidence.find(|path| {
        let text = files.read(path).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
        let mut ignored = (Places::default(), Diagnostics::default());
        let records = yaml_list::<Named>(path, &text.into(), &mut ignored.0, &mut ignored.1);
        records.items.iter().any(|record| record.id == id)
    })
}

/// Any record, as far as its id.
#[derive(serde::Deserialize)]
struct Named {
    #[serde(default)]
    id: String,
}

fn is_plain(name: &str) -> bool {
    let plain = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '-';
    !name.is_empty() && name.chars().all(plain) && !name.starts_with('-') && name.len() <= 100
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

    /// A record with every key that it needs; what is in angle brackets wants writing over.
    fn record(self) -> &'static str {
        match self {
            Self::Page => "",
            Self::Claim => {
                "- id: NAME\n  statement: <what is claimed, in your own words>\n  topics: []\n  entities: []\n  \
                 sources:\n    - source: <the id of a source>\n      lines: 1\n  kind: reported\n"
            }
            Self::Source => {
                "- id: NAME\n  kind: news\n  description: <what it is, in your words>\n  date: <2024-03-12>\n  \
                 language: en\n  reliability: medium\n  reliability_reason: <why so far>\n"
            }
            Self::Disagreement => {
                "- id: NAME\n  question: <what do the sources conflict on?>\n  topics: []\n  severity: medium\n  \
                 readings:\n    - reading: <one answer>\n      claims: []\n      sources: []\n    - reading: <another>\n      \
                 claims: []\n      sources: []\n  verdict: <the answer you hold most plausible>\n  why: <why>\n"
            }
            Self::Entity => {
                "- id: NAME\n  name: <its name>\n  kind: person\n  definition: <what it is, in a sentence>\n"
            }
            Self::Event => {
                "- id: NAME\n  title: <what happened>\n  date: <2024-03>\n  claims: []\n  topics: []\n  \
                 status: happened\n"
            }
        }
    }
}
