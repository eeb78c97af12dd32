//! Front matter of other generators: finding it, and reading it into the keys of the new site.

use std::ops::Range;

use jiff::civil::Date;
use serde_yaml::Value;

use super::report::Notes;
use super::values::{self, Map, is_off, is_on, quoted, scalar, words};
use super::{Generator, kinds};

/// How front matter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Yaml,
    Toml,
    Json,
    /// A program, which is not run.
    Code,
}

/// Where the front matter of a page is.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// What is between its fences.
    pub range: Range<usize>,
    /// Where the text of the page begins.
    pub body: usize,
    pub format: Format,
}

/// Finds front matter between lines `---` or `+++`, or a JSON object; a byte order mark and blank lines may precede it.
pub(super) fn find(text: &str, generator: Generator) -> Option<Found> {
    let bare = text.trim_start_matches('\u{feff}').trim_start_matches(['\n', '\r', ' ', '\t']);
    let begin = text.len() - bare.len();
    let first = bare.lines().next()?.trim_end();
    if first == "{" && matches!(generator, Generator::Hugo | Generator::Plain) {
        let mut values = serde_json::Deserializer::from_str(bare).into_iter::<serde_json::Map<_, serde_json::Value>>();
        values.next()?.ok()?;
        let end = begin + values.byte_offset();
        let line_end = text.get(end..)?.find('\n').map_or(text.len(), |at| end + at + 1);
        return Some(Found { range: begin..end, body: line_end, format: Format::Json });
    }
    let (fence, format) = match first {
        "+++" => ("+++", Format::Toml),
        "---" | "---yaml" => ("---", Format::Yaml),
        "---toml" => ("---", Format::Toml),
        "---json" => ("---", Format::Json),
        "---js" | "---javascript" => ("---", Format::Code),
        _ => return None,
    };
    let start = begin + bare.find('\n')? + 1;
    let mut at = start;
    for line in text.get(start..)?.split_inclusive('\n') {
        if line.trim_end() == fence || (format == Format::Yaml && line.trim_end() == "...") {
            return Some(Found { range: start..at, body: at + line.len(), format });
        }
        at += line.len();
    }
    None
}

/// Reads what was found.
pub(super) fn parse(text: &str, found: &Found) -> values::Parsed {
    let own = text.get(found.range.clone()).unwrap_or_default();
    match found.format {
        Format::Yaml => values::yaml(own),
        Format::Toml => values::toml(own),
        Format::Json => values::json(own),
        Format::Code => Err((0..0, "front matter that is a program is not run".to_owned())),
    }
}

/// What a page says of itself, in the terms of the new site.
#[derive(Clone, Debug, Default)]
pub(super) struct FrontMatter {
    pub title: Option<String>,
    pub summary: Option<String>,
    pub order: Option<i64>,
    pub date: Option<Date>,
    pub updated: Option<Date>,
    pub expires: Option<Date>,
    /// Whether the old site did not publish the page.
    pub is_draft: bool,
    pub toc: Option<bool>,
    pub math: bool,
    pub slug: Option<String>,
    /// The address that the page asks for.
    pub address: Option<String>,
    /// Where the page sends its readers.
    pub redirect: Option<String>,
    /// Former addresses.
    pub aliases: Vec<String>,
    /// Other names of an Obsidian note, by which links may find it.
    pub names: Vec<String>,
    /// Tags: the key that holds them, and the words.
    pub tags: Vec<(String, String)>,
    pub extra: Map,
    /// What could not be read.
    pub unread: Option<String>,
}

impl FrontMatter {
    /// Reads the keys of a page; `place` finds a key in the old file.
    pub fn read(
        map: Map,
        generator: Generator,
        taxonomies: &[(String, String)],
        place: &dyn Fn(&str) -> Range<usize>,
        notes: &mut Notes<'_>,
    ) -> Self {
        let mut front = Self::default();
        let mut published = None;
        for (key, value) in map {
            let Some(name) = key.as_str().map(str::to_owned) else { continue };
            let key = name.to_ascii_lowercase();
            let at = place(&name);
            if hides(&key, &value) {
                front.is_draft = true;
                notes.add(kinds::DRAFTS, name, at);
                continue;
            }
            if matches!(key.as_str(), "publishdate" | "pubdate" | "embargo" | "scheduled") {
                published = scalar(&value).and_then(|text| day(&text));
                if published.is_some() {
                    continue;
                }
            }
            front.take(&key, &name, value, generator, taxonomies, at, notes);
        }
        // A page comes out on the later of both days.
        front.date = front.date.max(published);
        front
    }

    #[expect(clippy::too_many_arguments, reason = "a key with all that decides what it means")]
    fn take(
        &mut self,
        key: &str,
        name: &str,
        value: Value,
        generator: Generator,
        taxonomies: &[(String, String)],
        at: Range<usize>,
        notes: &mut Notes<'_>,
    ) {
        let text = scalar(&value).filter(|text| !text.trim().is_empty());
        match (key, text) {
            (_, None) if matches!(value, Value::Null | Value::String(_)) => {}
            ("title", Some(text)) => self.title = Some(one_line(&text)),
            ("description" | "summary" | "excerpt", Some(text)) if self.summary.is_none() => {
                self.summary = Some(one_line(&text));
            }
            ("date" | "created", Some(text)) if self.date.is_none() || key == "date" => {
                match Self::day(name, &text, at, notes) {
                    Some(day) => self.date = Some(day),
                    None => self.keep(name, value),
                }
            }
            ("updated" | "lastmod" | "last_modified_at" | "modified" | "date-modified", Some(text)) => {
                match Self::day(name, &text, at, notes) {
                    Some(day) => self.updated = Some(day),
                    None => self.keep(name, value),
                }
            }
            ("expires" | "expirydate" | "unpublishdate", Some(text)) => {
                match Self::day(name, &text, at.clone(), notes) {
                    Some(day) => self.expires = Some(day),
                    None => {
                        self.is_draft = true;
                        notes.add(kinds::DRAFTS, name, at);
                    }
                }
            }
            // Material for MkDocs has one key for several dates.
            ("date", None) if value.is_mapping() => {
                let map = value.as_mapping().cloned().unwrap_or_default();
                let read = |key: &str| values::word(&map, key).and_then(|text| day(&text));
                (self.date, self.updated) = (read("created"), read("updated"));
            }
            ("toc", _) => self.toc = Some(is_on(&value)),
            ("math" | "katex" | "mathjax" | "usemath", _) => self.math = is_on(&value),
            ("weight" | "order" | "nav_order" | "sidebar_position", _) if value.as_i64().is_some() => {
                // Hugo's weight 0 is none.
                self.order = value.as_i64().filter(|order| *order != 0 || generator != Generator::Hugo);
            }
            ("slug", Some(slug)) if !slug.contains(['/', '\\']) => self.slug = Some(slug),
            ("url" | "path" | "permalink", Some(address)) => self.address = Some(address),
            ("aliases" | "alias", _) if generator == Generator::Obsidian => self.names = words(&value),
            // Without a generator, what holds a slash is an address, and anything else a name.
            ("aliases" | "alias", _) if generator == Generator::Plain => {
                let (addresses, names) = words(&value).into_iter().partition(|alias| alias.contains('/'));
                self.aliases.extend::<Vec<String>>(addresses);
                self.names = names;
            }
            ("aliases" | "alias" | "redirect_from", _) => self.aliases.extend(words(&value)),
            ("redirect_to", _) if !words(&value).is_empty() => self.redirect = words(&value).into_iter().next(),
            ("published", Some(text)) if day(&text).is_some() => self.date = self.date.or(day(&text)),
            ("build" | "_build", None) if value.is_mapping() => notes.add(kinds::UNLISTED, name, at),
            // What they hide has been noticed.
            (
                "draft" | "published" | "publish" | "private" | "unlisted" | "headless" | "render" | "build" | "_build",
                _,
            ) => {}
            ("extra" | "params", None) if value.is_mapping() => {
                self.extra.extend(value.as_mapping().cloned().unwrap_or_default());
            }
            ("taxonomies", None) if value.is_mapping() => {
                for (key, value) in value.as_mapping().into_iter().flatten() {
                    self.take_tags(&scalar(key).unwrap_or_default(), value, taxonomies);
                }
            }
            ("tag" | "category", _) if taxonomies.iter().any(|(known, _)| is_plural(known, key)) => {
                let known = taxonomies.iter().find(|(known, _)| is_plural(known, key)).map(|(known, _)| known.clone());
                self.take_tags(&known.unwrap_or_default(), &value, taxonomies);
            }
            (key, _) if taxonomies.iter().any(|(known, _)| known.eq_ignore_ascii_case(key)) => {
                self.take_tags(key, &value, taxonomies);
            }
            (key, _) => {
                if !IMPLIED.contains(&key) {
                    notes.add(kinds::KEYS, name, at);
                }
                self.keep(name, value);
            }
        }
    }

    fn keep(&mut self, name: &str, value: Value) {
        self.extra.insert(Value::from(name), value);
    }

    /// Tags in a list, or in a text with commas; Jekyll parts a text at spaces.
    fn take_tags(&mut self, key: &str, value: &Value, taxonomies: &[(String, String)]) {
        let key = taxonomies.iter().find(|(known, _)| known.eq_ignore_ascii_case(key)).map_or(key, |(known, _)| known);
        let parts: Vec<String> = match value {
            Value::String(text) if text.contains(',') => text.split(',').map(str::to_owned).collect(),
            other => words(other),
        };
        for tag in parts.iter().map(|tag| tag.trim().trim_start_matches('#')).filter(|tag| !tag.is_empty()) {
            let tag = (key.to_owned(), tag.to_owned());
            if !self.tags.contains(&tag) {
                self.tags.push(tag);
            }
        }
    }

    fn day(name: &str, text: &str, at: Range<usize>, notes: &mut Notes<'_>) -> Option<Date> {
        let found = day(text);
        if found.is_none() {
            notes.add(kinds::NO_DATE, format!("{name}: {text}"), at);
        }
        found
    }

    /// The front matter in YAML between its fences.
    pub fn write(&self, aliases: &[String]) -> String {
        let text =
            |key: &str, value: &Option<String>| value.as_ref().map(|value| format!("{key}: {}\n", quoted(value)));
        let date = |key: &str, value: Option<Date>| value.map(|value| format!("{key}: {value}\n"));
        let lines = [
            text("title", &self.title),
            text("summary", &self.summary),
            self.order.map(|order| format!("order: {order}\n")),
            date("date", self.date),
            date("updated", self.updated),
            date("expires", self.expires),
            self.is_draft.then(|| "draft: true\n".to_owned()),
            self.toc.map(|toc| format!("toc: {toc}\n")),
            self.math.then(|| "math: true\n".to_owned()),
        ];
        let mut out: String = lines.into_iter().flatten().collect();
        if !aliases.is_empty() {
            let aliases: Vec<String> = aliases.iter().map(|alias| quoted(alias)).collect();
            out.push_str(&format!("aliases: [{}]\n", aliases.join(", ")));
        }
        let mut extra = self.extra.clone();
        for (key, tag) in &self.tags {
            let list = extra.entry(Value::from(key.as_str())).or_insert_with(|| Value::Sequence(Vec::new()));
            if let Value::Sequence(list) = list {
                list.push(Value::from(tag.as_str()));
            }
        }
        if !extra.is_empty() {
            let extra: Map = [(Value::from("extra"), Value::Mapping(extra))].into_iter().collect();
            out.push_str(&serde_yaml::to_string(&extra).unwrap_or_default());
        }
        let mut out = if out.is_empty() { out } else { format!("---\n{out}---\n") };
        if let Some(unread) = &self.unread {
            out.push_str(&format!("<!--\n{}-->\n\n", unread.replace("-->", "-- >")));
        }
        out
    }
}

/// Keys that choose a look or a layout of the old site: kept, and not worth a word.
const IMPLIED: [&str; 3] = ["layout", "type", "template"];

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

fn is_plural(plural: &str, single: &str) -> bool {
    matches!((plural, single), ("tags", "tag") | ("categories", "category"))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The day that a text begins with: `2020-01-31T10:00:00Z`, `2020-1-5`, or `1/31/2020`.
pub(super) fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '-' && c != '/').unwrap_or(text.len());
    let numbers: Vec<i16> = text.get(..end)?.split(['-', '/']).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [a, b, c] = *numbers.first_chunk::<3>()?;
    let (year, month, day) = if a > 31 { (a, b, c) } else { (c, a, b) };
    if numbers.len() > 3 || year < 100 {
        return None;
    }
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Where a key of the first level is, or the table of its name.
pub(super) fn place(text: &str, key: &str) -> Range<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start_matches(['[', ' ', '\t']).trim_start_matches(['"', '\'']);
        let after = bare.strip_prefix(key).map(|rest| rest.trim_start_matches(['"', '\'', ' ']));
        if after.is_some_and(|rest| rest.starts_with([':', '=', ']', '.'])) {
            return at..at + line.trim_end().len();
        }
        at += line.len();
    }
    0..0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::report::Report;
    use crate::source::SitePath;

    fn read(yaml: &str, generator: Generator) -> FrontMatter {
        let path = SitePath::new("a.md").expect("a path");
        let mut report = Report::default();
        let mut notes = Notes { file: &path, report: &mut report };
        let taxonomies = [("tags".to_owned(), "tags".to_owned())];
        FrontMatter::read(values::yaml(yaml).expect("YAML"), generator, &taxonomies, &|_| 0..0, &mut notes)
    }

    #[test]
    fn front_matter_is_found_however_it_is_written() {
        for (text, expected) in [
            ("---\na: 1\n---\nx", Some(("a: 1\n", "x", Format::Yaml))),
            ("\u{feff}\n\n---\na: 1\n...\nx", Some(("a: 1\n", "x", Format::Yaml))),
            ("+++\na = 1\n+++ \nx", Some(("a = 1\n", "x", Format::Toml))),
            ("---json\n{}\n---\nx", Some(("{}\n", "x", Format::Json))),
            ("{\n \"a\": \"}\"\n}\nx", Some(("{\n \"a\": \"}\"\n}", "x", Format::Json))),
            ("---\na: 1\n", None),
            ("{ not }", None),
            ("", None),
        ] {
            let found = find(text, Generator::Hugo);
            let shown = found.as_ref().map(|found| (&text[found.range.clone()], &text[found.body..], found.format));
            assert_eq!(shown, expected, "{text:?}");
        }
    }

    #[test]
    fn pages_that_were_not_published_become_drafts() {
        for hidden in [
            "draft: true",
            "Draft: TRUE",
            "draft: 'true'",
            "draft: 'yes'",
            "published: false",
            "publish: 'no'",
            "build: {render: never}",
            "_build: {render: false}",
            "headless: true",
            "permalink: false",
            "render: false",
            "private: true",
            "unlisted: true",
            "status: Draft",
            "expirydate: soon",
        ] {
            assert!(read(hidden, Generator::Plain).is_draft, "{hidden}");
        }
        for shown in
            ["draft: false", "published: true", "publish: true", "build: {list: never}", "published: 2020-01-01"]
        {
            assert!(!read(shown, Generator::Plain).is_draft, "{shown}");
        }
        let front =
            read("date: 2020-01-01\npublishDate: 2999-01-02T10:00:00Z\nexpirydate: 2999-02-03\n", Generator::Hugo);
        assert_eq!(front.write(&[]), "---\ndate: 2999-01-02\nexpires: 2999-02-03\n---\n");
    }

    #[test]
    fn keys_get_their_new_names() {
        let front = read(
            "Title: 'A: b'\ndescription: \"One\\n line\"\nlastmod: 2021-5-6 10:00\nweight: 3\ntags: [x, '#y', x]\nlayout: post\nauthor: me\n",
            Generator::Hugo,
        );
        assert_eq!(
            front.write(&["old/".to_owned()]),
            "---\ntitle: \"A: b\"\nsummary: \"One line\"\norder: 3\nupdated: 2021-05-06\naliases: [\"old/\"]\nextra:\n  \
             layout: post\n  author: me\n  tags:\n  - x\n  - y\n---\n"
        );
        assert_eq!(read("weight: 0\naliases: [b]\n", Generator::Hugo).order, None);
        assert_eq!(read("aliases: [Other name]\n", Generator::Obsidian).names, ["Other name"]);
    }

    #[test]
    fn days_are_read_loosely() {
        for (text, expected) in [
            ("2020-01-31", Some("2020-01-31")),
            ("2020-1-5 10:00:00 +0100", Some("2020-01-05")),
            ("2020/01/31", Some("2020-01-31")),
            ("1/31/2020", Some("2020-01-31")),
            ("2020-02-31", None),
            ("today", None),
            ("2020-01", None),
            ("", None),
        ] {
            assert_eq!(day(text).map(|day| day.to_string()).as_deref(), expected, "{text}");
        }
    }
}
