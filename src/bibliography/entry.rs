//! Entries of libraries on their way into records.

use super::fields::language_tag;
use crate::data::{is_key, is_language};
use crate::evidence::{Name, SourceKind, When, is_doi, is_isbn, is_web_address};

/// An entry of a library, by the keys of a record.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// Its key.
    pub id: String,
    /// Where it begins in its file.
    pub at: usize,
    /// What it has, in the order of a record.
    pub fields: Vec<(&'static str, Value)>,
    /// What of it a record has no place for, by the names of the library.
    pub omitted: Vec<String>,
}

/// What a key of an entry has.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A text, a number or a date.
    Text(String),
    /// Names.
    Names(Vec<Name>),
}

/// What is wrong with a library, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where, in bytes.
    pub at: usize,
    /// What.
    pub message: String,
}

impl Fault {
    pub(super) fn new(at: usize, message: impl Into<String>) -> Self {
        Self { at, message: message.into() }
    }
}

impl Entry {
    /// Adds a text under a key of a record. An empty text is left out; of one that is not valid, the name is reported.
    pub(super) fn add(&mut self, key: &'static str, own: &str, text: &str) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = match key {
            "doi" => text.find("10.").and_then(|at| text.get(at..)).unwrap_or(&text).to_owned(),
            "pages" => text.replace("--", "-").replace('–', "-"),
            "language" => language_tag(&text).map_or_else(|| text.replace('_', "-"), str::to_owned),
            "date" | "accessed" | "archive_date" => about(&text).unwrap_or(text),
            _ => text,
        };
        let fits = match key {
            "doi" => is_doi(&text),
            "isbn" => is_isbn(&text),
            "url" | "archive_url" => is_web_address(&text),
            // Longer ones are names of languages.
            "language" => is_language(&text) && text.split('-').next().is_some_and(|language| language.len() <= 3),
            "duration" => crate::evidence::locator::seconds(&text).is_some(),
            "date" | "accessed" | "archive_date" => When::parse(&text).is_ok(),
            _ => true,
        };
        if text.is_empty() {
            return;
        }
        if !fits || self.fields.iter().any(|(known, _)| *known == key) {
            self.omitted.push(if fits { own.to_owned() } else { format!("{own} `{}`", shown(&text)) });
            return;
        }
        self.fields.push((key, Value::Text(text)));
    }

    /// Adds names, as many as a record may reasonably have.
    pub(super) fn add_names(&mut self, key: &'static str, mut names: Vec<Name>) {
        if names.len() > MOST_NAMES {
            names.truncate(MOST_NAMES);
            self.omitted.push(format!("more `{key}` than the first {MOST_NAMES}"));
        }
        if !names.is_empty() {
            self.fields.push((key, Value::Names(names)));
        }
    }

    /// Describes an entry without a title by its kind: a record has a title or a description.
    pub(super) fn describe(&mut self, kind: SourceKind) {
        if !self.fields.iter().any(|(key, _)| *key == "title") {
            let mut label = kind.label().chars();
            let first = label.next().map(|first| first.to_ascii_uppercase());
            self.fields.insert(1, ("description", Value::Text(first.into_iter().chain(label).collect())));
        }
    }

    /// Says how a doubtful date is known, as a record must.
    pub(super) fn add_basis(&mut self) {
        let date = self.fields.iter().find(|(key, _)| *key == "date");
        let is_doubtful = matches!(date, Some((_, Value::Text(date))) if date.contains(['?', '~', '%']));
        if is_doubtful {
            self.fields.push(("date_basis", Value::Text("The library that it comes from is not sure of it.".into())));
        }
    }
}

/// The most names of one role. Some papers of physics have thousands of authors.
const MOST_NAMES: usize = 500;

/// A year that a library calls approximate in words, as EDTF: `ca. 1850`.
fn about(text: &str) -> Option<String> {
    let year = ["circa", "ca.", "ca", "c."].into_iter().find_map(|about| text.strip_prefix(about))?.trim();
    (year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit())).then(|| format!("{year}~"))
}

/// What is wrong with the keys of a library: they are no keys, or two are one where capitals do not count.
pub(super) fn check_keys(entries: &[Entry]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut known = rustc_hash::FxHashMap::default();
    for entry in entries {
        let id = &entry.id;
        if !is_key(id) {
            let message = format!("`{}` cannot be an id; `{}` can", shown(id), crate::data::to_key(id));
            faults.push(Fault::new(entry.at, message));
        } else if let Some(other) = known.insert(crate::data::key_slug(id), id) {
            let message = if other == id {
                format!("the key `{id}` is used twice")
            } else {
                format!("the keys `{other}` and `{id}` differ in capitals and punctuation alone")
            };
            faults.push(Fault::new(entry.at, message));
        }
    }
    faults
}

pub(super) fn shown(text: &str) -> String {
    text.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
