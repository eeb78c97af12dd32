//! Reads the front matter keys of other generators.

use jiff::civil::Date;
use serde_yaml::Value;

use super::super::report::{Kind, Report};
use super::super::values::{self, Map, is_off, is_on, scalar, text_list};
use super::super::{Generator, kinds};
use super::{FrontMatter, day};
use crate::source::{SitePath, Span};

/// Keys that choose a layout of the old site: kept below `extra`, and not reported.
const IMPLIED: [&str; 3] = ["layout", "type", "template"];

/// Reads front matter keys; their meaning depends on the generator.
pub(in crate::migrate) struct Reader<'a> {
    pub page: &'a SitePath,
    pub generator: Generator,
    /// Keys that hold tags.
    pub taxonomies: &'a [(String, String)],
    /// Where a key is written: on the page, or where the defaults for many pages are.
    pub place: &'a dyn Fn(&str) -> Span,
    pub report: &'a mut Report,
}

impl Reader<'_> {
    /// Reads the keys of a page.
    pub fn read(&mut self, map: Map) -> FrontMatter {
        let mut front = FrontMatter::default();
        let mut published = None;
        for (key, value) in map {
            let Some(name) = key.as_str() else { continue };
            let key = name.to_ascii_lowercase();
            if hides(&key, &value) {
                self.hide(&mut front, name);
                continue;
            }
            if matches!(key.as_str(), "publishdate" | "pubdate" | "embargo" | "scheduled") {
                published = scalar(&value).and_then(|text| day(&text));
                if published.is_some() {
                    continue;
                }
            }
            self.read_key(&mut front, &key, name, value);
        }
        // A page is published on the later of both dates.
        front.date = front.date.max(published);
        front
    }

    fn note(&mut self, kind: Kind, key: &str, name: String) {
        self.report.add(kind, name, (self.place)(key));
    }

    /// Makes a draft of the page. Each one is named, also where a default hides many.
    fn hide(&mut self, front: &mut FrontMatter, key: &str) {
        front.is_draft = true;
        let at = Some((self.place)(key)).filter(|at| at.file == *self.page);
        self.report.add(kinds::DRAFTS, key, at.unwrap_or_else(|| Span::file(self.page)));
    }

    fn read_key(&mut self, front: &mut FrontMatter, key: &str, name: &str, value: Value) {
        let text = scalar(&value).filter(|text| !text.trim().is_empty());
        match (key, text) {
            (_, None) if matches!(value, Value::Null | Value::String(_)) => {}
            ("title", Some(text)) => front.title = Some(one_line(&text)),
            ("description" | "summary" | "excerpt", Some(text)) if front.summary.is_none() => {
                front.summary = Some(one_line(&text));
            }
            ("date" | "created", Some(text)) if front.date.is_none() || key == "date" => {
                front.date = self.day(front, name, &text).or(front.date);
            }
            ("updated" | "lastmod" | "last_modified_at" | "modified" | "date-modified", Some(text)) => {
                front.updated = self.day(front, name, &text).or(front.updated);
            }
            ("expires" | "expirydate" | "unpublishdate", Some(text)) => {
                front.expires = self.day(front, name, &text);
                if front.expires.is_none() {
                    self.hide(front, name);
                }
            }
            // Material for MkDocs has one key for several dates.
            ("date", None) if value.is_mapping() => {
                let map = value.as_mapping().cloned().unwrap_or_default();
                let read = |key: &str| values::text_at(&map, key).and_then(|text| day(&text));
                (front.date, front.updated) = (read("created"), read("updated"));
            }
            ("toc", _) => front.toc = Some(is_on(&value)),
            ("math" | "katex" | "mathjax" | "usemath", _) => front.math = is_on(&value),
            ("weight" | "order" | "nav_order" | "sidebar_position", _) if value.as_i64().is_some() => {
                // In Hugo, weight 0 means no weight.
                front.order = value.as_i64().filter(|order| *order != 0 || self.generator != Generator::Hugo);
            }
            ("slug", Some(slug)) if !slug.contains(['/', '\\']) => front.slug = Some(slug),
            ("url" | "path" | "permalink", Some(address)) => {
                front.address = Some(address);
                front.address_at = Some((self.place)(name));
            }
            ("aliases" | "alias", _) if self.generator == Generator::Obsidian => front.names = text_list(&value),
            // For plain Markdown, an alias with a slash is an address, and any other is a name.
            ("aliases" | "alias", _) if self.generator == Generator::Plain => {
                let (addresses, names): (Vec<_>, _) =
                    text_list(&value).into_iter().partition(|alias| alias.contains('/'));
                front.aliases.extend(addresses);
                front.names = names;
            }
            ("aliases" | "alias" | "redirect_from", _) => front.aliases.extend(text_list(&value)),
            ("redirect_to", _) if !text_list(&value).is_empty() => {
                front.redirect = text_list(&value).into_iter().next();
            }
            ("published", Some(text)) if day(&text).is_some() => front.date = front.date.or(day(&text)),
            ("build" | "_build", None) if value.is_mapping() => self.note(kinds::UNLISTED, name, name.to_owned()),
            // Handled by `hides`.
            (
                "draft" | "published" | "publish" | "private" | "unlisted" | "headless" | "render" | "build" | "_build",
                _,
            ) => {}
            ("extra" | "params", None) if value.is_mapping() => {
                front.extra.extend(value.as_mapping().cloned().unwrap_or_default());
            }
            ("taxonomies", None) if value.is_mapping() => {
                for (key, value) in value.as_mapping().into_iter().flatten() {
                    self.read_tags(front, &scalar(key).unwrap_or_default(), value);
                }
            }
            (key, _) if self.taxonomy(key).is_some() => self.read_tags(front, key, &value),
            (key, _) => {
                if !IMPLIED.contains(&key) {
                    self.note(kinds::KEYS, name, name.to_owned());
                }
                keep_as_extra(front, name, value);
            }
        }
    }

    /// The taxonomy that a key adds to, which may be written in the singular.
    fn taxonomy(&self, key: &str) -> Option<&str> {
        let plural = match key {
            "tag" => "tags",
            "category" => "categories",
            key => key,
        };
        self.taxonomies.iter().map(|(known, _)| known.as_str()).find(|known| known.eq_ignore_ascii_case(plural))
    }

    /// Tags in a list, or in a text with commas; Jekyll separates them with spaces.
    fn read_tags(&self, front: &mut FrontMatter, key: &str, value: &Value) {
        let key = self.taxonomy(key).unwrap_or(key);
        let parts: Vec<String> = match value {
            Value::String(text) if text.contains(',') => text.split(',').map(str::to_owned).collect(),
            other => text_list(other),
        };
        for tag in parts.iter().map(|tag| tag.trim().trim_start_matches('#')).filter(|tag| !tag.is_empty()) {
            let tag = (key.to_owned(), tag.to_owned());
            if !front.tags.contains(&tag) {
                front.tags.push(tag);
            }
        }
    }

    /// Reads a date; other values are kept below `extra`.
    fn day(&mut self, front: &mut FrontMatter, name: &str, text: &str) -> Option<Date> {
        let found = day(text);
        if found.is_none() {
            self.note(kinds::NO_DATE, name, format!("{name}: {text}"));
            keep_as_extra(front, name, Value::from(text));
        }
        found
    }
}

fn keep_as_extra(front: &mut FrontMatter, name: &str, value: Value) {
    front.extra.insert(Value::from(name), value);
}

/// Whether a key keeps a page from being published.
fn hides(key: &str, value: &Value) -> bool {
    let render = |map: &Map| map.get("render").is_some_and(is_off);
    match key {
        "draft" | "headless" | "private" | "unlisted" => is_on(value),
        "published" | "publish" | "render" | "permalink" => is_off(value),
        "status" | "visibility" => {
            let word = scalar(value).unwrap_or_default().to_ascii_lowercase();
            matches!(word.as_str(), "draft" | "private" | "unpublished" | "hidden")
        }
        "build" | "_build" => value.as_mapping().map_or_else(|| is_off(value), render),
        _ => false,
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
