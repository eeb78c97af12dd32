//! Front matter of other generators, in YAML or TOML, as ours.

use std::ops::Range;

use serde_yaml::Value;

use crate::data::{DOCUMENT_LIMIT, TOML_LIMIT};

use super::Notes;
use super::settings::quoted;

/// Keys with their values, in the order of the file.
pub(super) type Map = serde_yaml::Mapping;

/// Where the front matter of a page stands, and how it is written.
pub(super) struct Found {
    pub range: Range<usize>,
    pub body: usize,
    is_toml: bool,
}

/// Finds the front matter: between lines `---` (YAML) or `+++` (TOML).
pub(super) fn find(text: &str) -> Option<Found> {
    let first = text.lines().next()?.trim_end();
    let is_toml = match first {
        "+++" => true,
        "---" => false,
        _ => return None,
    };
    let start = text.find('\n')? + 1;
    let mut at = start;
    for line in text.get(start..)?.split_inclusive('\n') {
        if line.trim_end() == first {
            return Some(Found { range: start..at, body: at + line.len(), is_toml });
        }
        at += line.len();
    }
    None
}

/// Reads YAML; an error comes with its place.
pub(super) fn yaml(text: &str) -> Result<Map, (Range<usize>, String)> {
    if text.trim().is_empty() {
        return Ok(Map::new());
    }
    if text.len() > DOCUMENT_LIMIT {
        return Err((0..0, format!("the front matter has {} bytes, the limit is {DOCUMENT_LIMIT}", text.len())));
    }
    serde_yaml::from_str(text).map_err(|error| {
        let at = error.location().map_or(0, |place| place.index().min(text.len()));
        (at..at, format!("not YAML that can be read: {error}"))
    })
}

/// Reads TOML; an error comes with its place.
pub(super) fn toml(text: &str) -> Result<Map, (Range<usize>, String)> {
    if text.len() > TOML_LIMIT {
        return Err((0..0, format!("the file has {} bytes, the limit is {TOML_LIMIT}", text.len())));
    }
    let table: ::toml::Table = text.parse().map_err(|error: ::toml::de::Error| {
        (error.span().unwrap_or(0..0), format!("not TOML that can be read: {}", error.message()))
    })?;
    Ok(table.into_iter().map(|(key, value)| (Value::from(key), from_toml(value))).collect())
}

fn from_toml(value: ::toml::Value) -> Value {
    match value {
        ::toml::Value::String(text) => text.into(),
        ::toml::Value::Integer(number) => number.into(),
        ::toml::Value::Float(number) => number.into(),
        ::toml::Value::Boolean(value) => value.into(),
        ::toml::Value::Datetime(date) => date.to_string().into(),
        ::toml::Value::Array(values) => Value::Sequence(values.into_iter().map(from_toml).collect()),
        ::toml::Value::Table(table) => {
            Value::Mapping(table.into_iter().map(|(key, value)| (Value::from(key), from_toml(value))).collect())
        }
    }
}

/// Our keys, in the order in which they are written.
const KEYS: [&str; 10] =
    ["title", "summary", "template", "order", "date", "updated", "expires", "draft", "slug", "toc"];

/// What a page said of itself, in our keys.
#[derive(Default)]
pub(super) struct Carried {
    lines: Vec<(&'static str, String)>,
    aliases: Vec<String>,
    extra: Map,
    /// What could not be read.
    unread: Option<String>,
    pub title: Option<String>,
    pub order: Option<i64>,
}

impl Carried {
    /// Takes over the front matter of a page.
    pub fn read(text: &str, found: &Found, notes: &mut Notes<'_>) -> Self {
        let own = text.get(found.range.clone()).unwrap_or_default();
        let mut unread = None;
        let read = if found.is_toml { toml(own) } else { yaml(own) };
        let map = read.unwrap_or_else(|(at, message)| {
            let start = found.range.start;
            notes.tell(
                start + at.start..start + at.end,
                message,
                "it stands in a comment of the new page; write it as YAML",
            );
            unread = Some(own.replace("-->", "-- >"));
            Map::new()
        });
        let mut carried = Self { unread, ..Self::default() };
        for (key, value) in map {
            let Some(key) = key.as_str() else { continue };
            let at = place(own, key);
            let at = found.range.start + at.start..found.range.start + at.end;
            carried.take(key, value, at, notes);
        }
        carried
    }

    fn take(&mut self, key: &str, value: Value, at: Range<usize>, notes: &mut Notes<'_>) {
        match (key, &value) {
            (_, Value::Null) => {}
            ("title", Value::String(_) | Value::Number(_) | Value::Bool(_)) => {
                let title = scalar(&value);
                self.set("title", quoted(&title));
                self.title = Some(title);
            }
            ("description" | "summary", Value::String(text)) if !self.has("summary") => {
                self.set("summary", quoted(&text.split_whitespace().collect::<Vec<_>>().join(" ")));
            }
            ("date", Value::String(text)) => self.day("date", key, text, at, notes),
            ("updated" | "lastmod", Value::String(text)) => self.day("updated", key, text, at, notes),
            ("expires" | "expiryDate", Value::String(text)) => self.day("expires", key, text, at, notes),
            ("draft", Value::Bool(false)) => {}
            ("draft", Value::Bool(true)) => self.set("draft", "true".to_owned()),
            ("toc", Value::Bool(toc)) => self.set("toc", toc.to_string()),
            ("math", Value::Bool(math)) => self.set("math", math.to_string()),
            ("weight" | "order", Value::Number(number)) if number.as_i64().is_some() => self.order = number.as_i64(),
            ("slug", Value::String(slug)) if !slug.is_empty() && !slug.contains(['/', '\\']) => {
                self.set("slug", quoted(slug));
            }
            ("aliases", Value::Sequence(aliases)) => {
                self.aliases.extend(aliases.iter().filter_map(Value::as_str).map(address));
            }
            ("url" | "path", Value::String(path)) => {
                self.aliases.push(address(path));
                let message = format!("the page has the address of its file; `{path}` leads there");
                notes.tell(at, message, "rename the file, or give it a `slug`, to have the old address");
            }
            ("extra" | "params", Value::Mapping(inner)) => self.extra.extend(inner.clone()),
            (key, _) => self.keep(key, value, at, notes),
        }
    }

    /// A key that nothing here reads: kept for templates.
    fn keep(&mut self, key: &str, value: Value, at: Range<usize>, notes: &mut Notes<'_>) {
        let hint = match key {
            "tags" | "categories" | "taxonomies" | "series" => {
                "a site has one taxonomy, `[[topics]]` of site.toml, and a page one `topic`"
            }
            "template" | "layout" | "type" => "`template` names a template of this site",
            "sort_by" | "paginate_by" | "page_template" => {
                "pages are in the order of `order`, then by date, then by title; `paginate` stands in site.toml"
            }
            _ => "a template can show it as `page.extra`; else take it out",
        };
        notes.tell(at, format!("`{key}` means nothing here and was put below `extra`"), hint);
        self.extra.insert(Value::from(key), value);
    }

    fn day(&mut self, ours: &'static str, key: &str, text: &str, at: Range<usize>, notes: &mut Notes<'_>) {
        let day = text.get(..10).and_then(|day| day.parse::<jiff::civil::Date>().ok());
        match day {
            Some(day) => {
                self.set(ours, day.to_string());
                let time = text.get(10..).unwrap_or_default();
                if time.bytes().any(|byte| matches!(byte, b'1'..=b'9')) {
                    let message =
                        format!("`{key}` is a day here, and its time was left out: `{}`", text.escape_debug());
                    notes.tell(
                        at,
                        message,
                        "nothing to do, unless two pages of one day must keep their order: give them an `order`",
                    );
                }
            }
            None => {
                let message = format!("`{key}` is no date, and was put below `extra`: `{}`", text.escape_debug());
                notes.tell(at, message, "write it as `2018-02-23`");
                self.extra.insert(Value::from(key), Value::from(text));
            }
        }
    }

    /// Sets a key, unless it has been.
    pub fn set(&mut self, key: &'static str, value: String) {
        if !self.has(key) {
            self.lines.push((key, value));
        }
    }

    pub fn has(&self, key: &str) -> bool {
        self.lines.iter().any(|(known, _)| *known == key)
    }

    /// The front matter in YAML, with its fences; empty where nothing is said.
    pub fn write(mut self) -> String {
        if let Some(order) = self.order {
            self.set("order", order.to_string());
        }
        self.lines.sort_by_key(|(key, _)| KEYS.iter().position(|known| known == key));
        let mut out: String = self.lines.iter().map(|(key, value)| format!("{key}: {value}\n")).collect();
        if !self.aliases.is_empty() {
            let aliases: Vec<String> = self.aliases.iter().map(|alias| quoted(alias)).collect();
            out.push_str(&format!("aliases: [{}]\n", aliases.join(", ")));
        }
        if !self.extra.is_empty() {
            let extra: Map = [(Value::from("extra"), Value::Mapping(self.extra))].into_iter().collect();
            out.push_str(&serde_yaml::to_string(&extra).unwrap_or_default());
        }
        let mut out = if out.is_empty() { out } else { format!("---\n{out}---\n") };
        if let Some(unread) = self.unread {
            out.push_str(&format!("<!--\n{unread}-->\n\n"));
        }
        out
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// A former address, below the top of the site.
fn address(path: &str) -> String {
    path.trim_start_matches('/').to_owned()
}

/// Where a key of the first level stands, or the table that it is.
fn place(text: &str, key: &str) -> Range<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start_matches('[').trim_start_matches(['"', '\'']);
        if bare
            .strip_prefix(key)
            .is_some_and(|rest| rest.trim_start_matches(['"', '\'', ' ']).starts_with([':', '=', ']', '.']))
        {
            return at..at + line.trim_end().len();
        }
        at += line.len();
    }
    0..0
}
