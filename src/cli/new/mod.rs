//! `dossier new`: adds one page or record with the right keys, and never overwrites anything.

mod add;
mod record;

use crate::bibliography::{Entry, doi};
use crate::data::{is_id, is_key, to_id, to_key};
use crate::disk::NewFiles;

use super::args::{Kind, NewArgs};
use super::{DONE, INPUT_ERRORS, USAGE, error_text, library, open_site, say, say_err, shown, waiting};

/// Adds a page or a record.
pub(super) fn new(args: &NewArgs) -> u8 {
    if let Some((flag, kind)) = misplaced(args) {
        say_err(&format!("error: `{flag}` is not for {}\n", args.kind.article()));
        say_err(&format!("help: it belongs to `dossier new {kind}`\n"));
        return USAGE;
    }
    if let Some(name) = args.name.as_deref().filter(|name| !is_name(args.kind, name)) {
        say_err(&format!("error: `{}` cannot be a name\n", name.escape_debug()));
        say_err(&format!("help: {}, such as `{}`\n", args.kind.name_rule(), args.kind.to_name(name)));
        return USAGE;
    }
    let Some(site) = open_site(&args.root) else { return USAGE };
    let (name, text) = match named(args) {
        Ok(named) => named,
        Err(code) => return code,
    };
    let added = NewFiles::open(site.root(), "dossier new", waiting).map_err(error_text);
    let added = added.and_then(|files| match args.kind {
        Kind::Page => add::page(&files, &name),
        kind => add::record(&files, &site, kind, &name, &text),
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
fn is_name(kind: Kind, name: &str) -> bool {
    let fits = name.len() <= 100;
    fits && match kind {
        Kind::Page => name.split('/').all(is_id) && !name.starts_with("evidence/"),
        Kind::Source => is_key(name),
        _ => is_id(name),
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

/// The name and the text of what is added.
fn named(args: &NewArgs) -> Result<(String, String), u8> {
    let name = args.name.as_deref();
    match args.from.as_deref() {
        Some(from) => {
            from_elsewhere(from, name, args).map(|entry| (entry.id.clone(), crate::bibliography::record(&entry)))
        }
        None => {
            let name = name.unwrap_or_default();
            Ok((name.to_owned(), record::text(args, name)))
        }
    }
}

/// The entry of a library, or of a DOI.
fn from_elsewhere(from: &std::path::Path, name: Option<&str>, args: &NewArgs) -> Result<Entry, u8> {
    let text = from.to_string_lossy();
    if from.exists() || text == "-" {
        return library::read_entry(from, name);
    }
    match doi(&text) {
        Some(doi) => {
            let entry = super::doi::look_up(&doi, &args.resolver)?;
            Ok(Entry { id: name.map_or(entry.id, str::to_owned), ..entry })
        }
        None if is_meant_as_doi(&text) => {
            say_err(&format!("error: `{}` is not a DOI\n", text.escape_debug()));
            say_err("help: a DOI has a number from `10.`, a slash and more, such as `10.1038/nature14539`\n");
            Err(USAGE)
        }
        None => library::read_entry(from, name),
    }
}

/// Whether a text that is no DOI was probably meant as one.
fn is_meant_as_doi(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    ["10.", "doi:", "doi.org/", "http://", "https://"].iter().any(|start| lower.starts_with(start))
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

    /// What a name of this kind is made of.
    fn name_rule(self) -> &'static str {
        match self {
            Self::Source => {
                "keys of sources consist of letters and digits, with `-`, `_`, `.`, `:`, `/` or `+` between them"
            }
            _ => "names consist of lower-case letters, digits and hyphens",
        }
    }

    /// The name nearest to a text.
    fn to_name(self, text: &str) -> String {
        if self == Self::Source { to_key(text) } else { to_id(text) }
    }
}
