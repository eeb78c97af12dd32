//! `dossier where` and `dossier rename`: the places that name a record, and a new id for it in all of them.

use std::collections::BTreeMap;

use serde_json::json;

use crate::data::ID_LIMIT;
use crate::diag::Diagnostics;
use crate::disk::{Content, Existing, Folder, NewFiles};
use crate::evidence::RecordKind;
use crate::pipeline::{RenameError, Renamed, Request, read, rename};
use crate::site::Occurrence;
use crate::source::{Span, Texts};

use super::args::{ListFormat, RenameArgs, WhereArgs};
use super::build::counted;
use super::library::prefix;
use super::today::today;
use super::{DONE, Format, INPUT_ERRORS, Reporter, USAGE, error_text, open_site, say, say_err, waiting};

/// Lists the places that name a record.
pub(super) fn locate(args: &WhereArgs) -> u8 {
    let Some(site) = open_site(&args.root) else { return USAGE };
    let snapshot = match read(&site, &Request::of(today(None))) {
        Ok(snapshot) => snapshot,
        Err(problems) => return unreadable(&site, &args.root, &problems),
    };
    let missing = snapshot.unreadable();
    if missing.has_errors() {
        return unreadable(&site, &args.root, &missing);
    }
    let Some((kind, found)) = snapshot.occurrences(&args.id) else {
        return unknown(&args.id, snapshot.nearest_record(&args.id).as_deref());
    };
    let mut places = Places { texts: Texts::new(&site), prefix: prefix(&args.root) };
    for place in &found {
        match args.format {
            ListFormat::Text => say(&format!("{}: {}\n", places.named(&place.span), place.by.name())),
            ListFormat::Json => {
                let at = places.texts.get(&place.span.file).place(place.span.start);
                let file = place.span.file.as_str();
                let (kind, by) = (kind.name(), place.by.name());
                let line = json!({ "id": args.id, "kind": kind, "by": by, "file": file, "line": at.line, "column": at.column });
                say(&format!("{line}\n"));
            }
        }
    }
    if let ListFormat::Text = args.format {
        say_err(&format!("{} `{}`: {}\n", kind.name(), args.id, summary(&found)));
    }
    DONE
}

/// Renames a record everywhere, or shows what that would change.
pub(super) fn rename_record(args: &RenameArgs) -> u8 {
    let Some(site) = open_site(&args.root) else { return USAGE };
    let renamed = match rename(&site, &Request::of(today(None)), &args.old, &args.new) {
        Ok(renamed) => renamed,
        Err(error) => return refused(&site, args, &error),
    };
    let mut places = Places { texts: Texts::new(&site), prefix: prefix(&args.root) };
    for (place, new) in &renamed.edits {
        say(&format!("{}: {}, `{new}`\n", places.named(&place.span), place.by.name()));
    }
    for span in &renamed.templates {
        let place = places.named(span);
        say_err(&format!(
            "warning: {place}: the template has the word `{}`; change it if it means the record\n",
            args.old
        ));
    }
    let done = format!("{} in {}", counted(renamed.edits.len(), "place"), counted(renamed.files.len(), "file"));
    if args.dry_run {
        say_err(&format!("{done} would be changed; nothing was written\n"));
        return DONE;
    }
    if let Err(message) = write(&site, &renamed) {
        say_err(&format!("error: {message}\n"));
        return INPUT_ERRORS;
    }
    say_err(&format!("{done} changed\n"));
    say_err(&format!("note: addresses from other sites that end in `{}` lead to it no longer\n", args.old));
    DONE
}

fn write(site: &Folder, renamed: &Renamed) -> Result<(), String> {
    let files = NewFiles::open(site.root(), "dossier rename", waiting).map_err(error_text)?;
    let contents = renamed.files.iter().map(|(path, text)| (path.clone(), Content::Bytes(text.as_bytes())));
    files.add(contents, Existing::Replace).map_err(error_text)
}

fn refused(site: &Folder, args: &RenameArgs, error: &RenameError) -> u8 {
    let help = match error {
        RenameError::Unknown(near) => return unknown(&args.old, near.as_deref()),
        RenameError::Unreadable(problems) => return unreadable(site, &args.root, problems),
        RenameError::Invalid(kind) => {
            say_err(&format!("error: `{}` cannot be the id of a {}\n", args.new.escape_debug(), kind.name()));
            let letters = match kind {
                RecordKind::Source => "letters and digits, with single punctuation marks between them",
                _ => "lower-case letters, digits and single hyphens between them",
            };
            say_err(&format!("help: an id has {letters}, and at most {ID_LIMIT} bytes\n"));
            return USAGE;
        }
        RenameError::Taken(kind) => {
            say_err(&format!("error: there is a {} `{}` already\n", kind.name(), args.new));
            "choose another id"
        }
        RenameError::Unclear(spans) => {
            let mut places = Places { texts: Texts::new(site), prefix: prefix(&args.root) };
            let list: String = spans.iter().map(|span| format!("  {}\n", places.named(span))).collect();
            say_err(&format!("error: `{}` is written in a way that cannot be edited here:\n{list}", args.old));
            "write the id there as it is, without escapes or link definitions, or change these places by hand"
        }
    };
    say_err(&format!("help: {help}; nothing was written\n"));
    INPUT_ERRORS
}

fn unknown(id: &str, near: Option<&str>) -> u8 {
    say_err(&format!("error: no record has the id `{}`\n", id.escape_debug()));
    let near = near
        .map_or_else(|| "ids are in the files of `content/evidence`".into(), |near| format!("did you mean `{near}`?"));
    say_err(&format!("help: {near}\n"));
    INPUT_ERRORS
}

fn unreadable(site: &Folder, root: &std::path::Path, problems: &Diagnostics) -> u8 {
    let mut reporter = Reporter::new(site, prefix(root), false);
    say_err(&reporter.report(problems, Format::Text));
    say_err("error: what cannot be read may name the record; nothing was changed\n");
    INPUT_ERRORS
}

/// `1 definition, 3 citations`.
fn summary(found: &[Occurrence]) -> String {
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    for place in found {
        *counts.entry(place.by).or_default() += 1;
    }
    let kinds: Vec<String> = counts.into_iter().map(|(by, count)| counted(count, by.name())).collect();
    kinds.join(", ")
}

struct Places<'f> {
    texts: Texts<'f>,
    prefix: String,
}

impl Places<'_> {
    /// `content/cloud.md:7:3`.
    fn named(&mut self, Span { file, start, .. }: &Span) -> String {
        let at = self.texts.get(file).place(*start);
        format!("{}{}:{}:{}", self.prefix, file, at.line, at.column)
    }
}
