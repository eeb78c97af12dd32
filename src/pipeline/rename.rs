//! A new id for a record, in every place that names it.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;

use crate::data::{is_id, is_key, key_slug};
use crate::diag::Diagnostics;
use crate::evidence::RecordKind;
use crate::site::{NamedBy, Occurrence};
use crate::source::{Files, Listing, SitePath, Span};

use super::theme::Themed;
use super::{Keep, Request, Snapshot, prepare};

/// What gives a record its new id: the new text of each file, and what was replaced.
#[derive(Debug)]
pub struct Renamed {
    /// The kind of the record.
    pub kind: RecordKind,
    /// The files to write.
    pub files: BTreeMap<SitePath, String>,
    /// The places of the old id, with what replaces it.
    pub edits: Vec<(Occurrence, String)>,
    /// Places in templates where a word is the old id: nobody can tell whether they mean the record.
    pub templates: Vec<Span>,
}

/// Why a record cannot be renamed.
#[derive(Debug)]
pub enum RenameError {
    /// There is no record of this id; perhaps this one was meant.
    Unknown(Option<String>),
    /// The new id cannot be one of such a record.
    Invalid(RecordKind),
    /// There is a record of the new id.
    Taken(RecordKind),
    /// Files that cannot be read may name the record.
    Unreadable(Diagnostics),
    /// Places that name the record in a form that cannot be edited.
    Unclear(Vec<Span>),
}

impl Snapshot {
    /// Every place that names the record of this id, drafts included; `None` if there is no such record.
    pub fn occurrences(&self, id: &str) -> Option<(RecordKind, Vec<Occurrence>)> {
        let kind = self.site.kind_of(id)?;
        Some((kind, self.site.occurrences(kind, id, self.all_metadata())))
    }

    /// The id of any kind that was probably meant.
    pub fn nearest_record(&self, id: &str) -> Option<String> {
        let near = RecordKind::ALL.into_iter().filter_map(|kind| self.site.ledger.nearest(kind, id));
        crate::diag::did_you_mean(id, near).map(str::to_owned)
    }
}

/// Reads a site with its drafts, to look for records in it.
///
/// # Errors
/// The problems, where the settings cannot be read.
pub fn read(files: &dyn Files, request: &Request) -> Result<Snapshot, Diagnostics> {
    let request = Request { drafts: true, ..request.clone() };
    prepare(&Themed::behind(files), &request, Keep::Sources, &|_, _, _| {})
}

/// Gives the record `old` the id `new`. Nothing is written.
///
/// # Errors
/// Why that is not possible.
pub fn rename(files: &dyn Files, request: &Request, old: &str, new: &str) -> Result<Renamed, RenameError> {
    let snapshot = read(files, request).map_err(RenameError::Unreadable)?;
    let unreadable = snapshot.unreadable();
    if unreadable.has_errors() {
        return Err(RenameError::Unreadable(unreadable));
    }
    let Some((kind, found)) = snapshot.occurrences(old) else {
        return Err(RenameError::Unknown(snapshot.nearest_record(old)));
    };
    let is_valid = if kind == RecordKind::Source { is_key(new) } else { is_id(new) };
    if !is_valid {
        return Err(RenameError::Invalid(kind));
    }
    if let Some(taken) = snapshot.site.kind_of(new).filter(|_| old != new) {
        return Err(RenameError::Taken(taken));
    }
    let texts = texts(files, found.iter().map(|place| &place.span.file)).map_err(RenameError::Unreadable)?;
    let renamed = edits(&texts, kind, &found, old, new).map_err(RenameError::Unclear)?;
    let edited = Edited { files, texts: &renamed.files };
    // What the edits mean is read again: each place must name the record by its new id.
    let again = read(&edited, request).map_err(RenameError::Unreadable)?.occurrences(new);
    if again.is_none_or(|(_, again)| again.len() != found.len()) {
        return Err(RenameError::Unclear(found.into_iter().map(|place| place.span).collect()));
    }
    Ok(Renamed { templates: in_templates(files, old), ..renamed })
}

type Texts = BTreeMap<SitePath, String>;

fn texts<'p>(files: &dyn Files, paths: impl Iterator<Item = &'p SitePath>) -> Result<Texts, Diagnostics> {
    let (mut texts, mut problems) = (Texts::new(), Diagnostics::default());
    for path in paths {
        if texts.contains_key(path) {
            continue;
        }
        let bytes = files.read(path).and_then(|bytes| String::from_utf8(bytes).map_err(io::Error::other));
        match bytes {
            Ok(text) => _ = texts.insert(path.clone(), text),
            Err(error) => problems.push(crate::diag::Diagnostic::read_failed(path, &error)),
        }
    }
    if problems.has_errors() { Err(problems) } else { Ok(texts) }
}

fn edits(texts: &Texts, kind: RecordKind, found: &[Occurrence], old: &str, new: &str) -> Result<Renamed, Vec<Span>> {
    let slugs = (kind == RecordKind::Source).then(|| (key_slug(old), key_slug(new)));
    let (mut edits, mut unclear) = (Vec::new(), Vec::new());
    for place in found {
        let text = texts.get(&place.span.file).map(String::as_str).unwrap_or_default();
        let names = match (&slugs, place.by) {
            (Some((old, new)), NamedBy::Link) => (old.as_str(), new.as_str()),
            _ => (old, new),
        };
        match name_within(text, place, names.0) {
            Some(range) => {
                let span = Span::new(&place.span.file, range);
                edits.push((Occurrence { by: place.by, span }, names.1.to_owned()));
            }
            None => unclear.push(place.span.clone()),
        }
    }
    if !unclear.is_empty() {
        return Err(unclear);
    }
    // Two links of one place, such as a picture within a link, name it once each.
    edits.sort_by(|(a, _), (b, _)| (&a.span.file, a.span.start).cmp(&(&b.span.file, b.span.start)));
    edits.dedup_by(|(a, _), (b, _)| a.span == b.span);
    let mut files: Texts = texts.clone();
    for (place, new) in edits.iter().rev() {
        if let Some(text) = files.get_mut(&place.span.file) {
            text.replace_range(place.span.start..place.span.end, new);
        }
    }
    Ok(Renamed { kind, files, edits, templates: Vec::new() })
}

/// Where exactly a place has the name.
fn name_within(text: &str, place: &Occurrence, name: &str) -> Option<Range<usize>> {
    let Span { start, end, .. } = place.span;
    let within = text.get(start..end)?;
    let at = match place.by {
        NamedBy::Citation => within.strip_prefix('@')?.starts_with(name).then_some(1)?,
        // After its text, a link has the address; in an address, a name follows `#` or `/` or begins the path.
        NamedBy::Link => places_of(within, name, |before, after| {
            matches!(before, '#' | '/' | '(' | '<' | '"' | '\'' | '=' | ' ')
                && (!is_of_name(after) || matches!(after, '.' | ':'))
        })
        .last()?,
        _ => places_of(within, name, |before, after| !is_of_name(before) && !is_of_name(after)).next()?,
    };
    Some(start + at..start + at + name.len())
}

/// The offsets of `name` in `text` of which the characters before and after are as wanted; a space stands for none.
fn places_of<'t>(
    text: &'t str,
    name: &'t str,
    wanted: impl Fn(char, char) -> bool + 't,
) -> impl Iterator<Item = usize> + 't {
    let found = text.match_indices(name).map(|(at, _)| at);
    found.filter(move |at| {
        let before = text.get(..*at).and_then(|before| before.chars().next_back()).unwrap_or(' ');
        let after = text.get(at + name.len()..).and_then(|after| after.chars().next()).unwrap_or(' ');
        wanted(before, after)
    })
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '/' | '+')
}

fn in_templates(files: &dyn Files, old: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    for listed in files.list().files {
        let text = Some(&listed.path).filter(|path| path.below("templates").is_some());
        let text = text.and_then(|path| String::from_utf8(files.read(path).ok()?).ok()).unwrap_or_default();
        let found = places_of(&text, old, |before, after| !is_of_name(before) && !is_of_name(after));
        spans.extend(found.map(|at| Span::new(&listed.path, at..at + old.len())));
    }
    spans
}

/// Files of which some have another text.
struct Edited<'a> {
    files: &'a dyn Files,
    texts: &'a Texts,
}

impl Files for Edited<'_> {
    fn list(&self) -> Listing {
        let mut listing = self.files.list();
        for listed in &mut listing.files {
            if let Some(text) = self.texts.get(&listed.path) {
                listed.len = text.len() as u64;
            }
        }
        listing
    }

    fn read(&self, path: &SitePath) -> io::Result<Vec<u8>> {
        self.texts.get(path).map_or_else(|| self.files.read(path), |text| Ok(text.clone().into_bytes()))
    }
}
