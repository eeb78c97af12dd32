//! CSL-JSON, as Zotero and others write it, into entries.

use serde_json::value::RawValue;
use serde_json::{Map, Value as Json};

use super::entry::{Entry, Fault, Value, check_keys, shown};
use super::fields::{NAMES, TEXTS};
use super::read_bibtex::small;
use crate::evidence::{Name, SourceKind};

/// Reads a list of items, or a single one.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_csl(text: &str) -> Result<Vec<Entry>, Vec<Fault>> {
    let trimmed = text.trim_start_matches('\u{feff}');
    let start = text.len() - trimmed.len();
    let single = trimmed.trim_start().starts_with('{');
    let items: Vec<&RawValue> = if single {
        vec![serde_json::from_str(trimmed).map_err(|error| vec![syntax(trimmed, start, &error)])?]
    } else {
        serde_json::from_str(trimmed).map_err(|error| vec![syntax(trimmed, start, &error)])?
    };
    let (mut entries, mut faults) = (Vec::new(), Vec::new());
    for raw in items {
        let at = raw.get().as_ptr() as usize - text.as_ptr() as usize;
        match serde_json::from_str::<Map<String, Json>>(raw.get()) {
            Ok(item) => entries.extend(entry(&item, raw.get(), at, &mut faults)),
            Err(error) if error.is_data() => {
                faults.push(Fault::new(at, "an item is not an object with keys and values"));
            }
            Err(error) => faults.push(syntax(raw.get(), at, &error)),
        }
    }
    faults.extend(check_keys(&entries));
    if faults.is_empty() { Ok(entries) } else { Err(faults) }
}

fn syntax(text: &str, start: usize, error: &serde_json::Error) -> Fault {
    let line: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let at = start + (line + error.column().saturating_sub(1)).min(text.len());
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
    Fault::new(at, format!("not CSL-JSON: {message}"))
}

/// The entry of an item, whose text `raw` begins at a byte of its file.
pub(super) fn entry(item: &Map<String, Json>, raw: &str, at: usize, faults: &mut Vec<Fault>) -> Option<Entry> {
    let place = |key: &str| at + raw.find(&format!("\"{key}\"")).unwrap_or(0);
    let Some(id) = id(item) else {
        faults.push(Fault::new(at, "an item has no `id`"));
        return None;
    };
    let own = |key: &str| format!("`{key}` of `{}`", shown(&id));
    let custom = |key: &str| item.get("custom").and_then(|custom| custom.get(key)).and_then(Json::as_str);
    let own_type = custom("type").filter(|name| *name == "event").or_else(|| item.get("type")?.as_str());
    let Some(kind) = own_type.and_then(kind) else {
        faults.push(Fault::new(place("type"), format!("{} is not a type of CSL", own("type"))));
        return None;
    };
    let mut entry = Entry { id: id.clone(), at, ..Entry::default() };
    entry.fields.push(("kind", Value::Text(kind.name().to_owned())));
    for text in TEXTS {
        match item.get(text.csl).or_else(|| item.get(alias(text.csl))) {
            None | Some(Json::Null) => {}
            Some(Json::String(value)) => entry.add(text.key, text.csl, &plain(value)),
            Some(Json::Number(value)) => entry.add(text.key, text.csl, &value.to_string()),
            Some(Json::Array(list)) if list.iter().all(Json::is_string) => {
                // As Crossref has ISSNs; of other lists the first says enough.
                let few = list.iter().filter_map(Json::as_str).take(if text.key == "issn" { 4 } else { 1 });
                entry.add(text.key, text.csl, &plain(&few.collect::<Vec<_>>().join(", ")));
                entry
                    .omitted
                    .extend((text.key != "issn" && list.len() > 1).then(|| format!("a second `{}`", text.csl)));
            }
            Some(_) => {
                faults.push(Fault::new(place(text.csl), format!("{} is neither text nor a number", own(text.csl))));
            }
        }
    }
    for names in NAMES {
        match item.get(names.csl) {
            None | Some(Json::Null) => {}
            Some(Json::Array(list)) => {
                let read: Vec<Name> = list.iter().filter_map(name).collect();
                if read.len() < list.len() {
                    let message = format!("a name in {} has neither `family` nor `literal`", own(names.csl));
                    faults.push(Fault::new(place(names.csl), message));
                }
                entry.add_names(names.key, read);
            }
            Some(_) => faults.push(Fault::new(place(names.csl), format!("{} is not a list of names", own(names.csl)))),
        }
    }
    for (key, variable) in [("date", "issued"), ("accessed", "accessed")] {
        match item.get(variable).map(date) {
            None => {}
            Some(Some(edtf)) => entry.add(key, variable, &edtf),
            Some(None) => entry.omitted.push(format!("no date in `{variable}`")),
        }
    }
    for (key, own) in
        [("archive_url", "archive-url"), ("archive_date", "archive-date"), ("licence", "license"), ("credit", "credit")]
    {
        if let Some(value) = custom(own) {
            entry.add(key, own, value);
        }
    }
    entry.add_basis();
    entry.describe(kind);
    let known = |key: &str| {
        matches!(
            key,
            "id" | "type"
                | "issued"
                | "accessed"
                | "custom"
                | "shortTitle"
                | "event-title"
                | "journalAbbreviation"
                | "citation-key"
        ) || TEXTS.iter().any(|text| text.csl == key)
            || NAMES.iter().any(|names| names.csl == key)
    };
    entry.omitted.extend(item.keys().filter(|key| !known(key)).map(|key| shown(key)));
    Some(entry)
}

/// The key of an item. Zotero has its own addresses for items as ids, and the key of the user beside them.
fn id(item: &Map<String, Json>) -> Option<String> {
    let key = item.get("citation-key").and_then(Json::as_str).filter(|key| !key.is_empty());
    match (key, item.get("id")) {
        (Some(key), _) => Some(key.to_owned()),
        (None, Some(Json::String(id))) => {
            let item_key = id.split_once("zotero.org/").and_then(|_| id.rsplit('/').next());
            Some(item_key.unwrap_or(id).to_owned())
        }
        (None, Some(Json::Number(id))) => Some(id.to_string()),
        _ => None,
    }
}

/// The kind of a type of CSL, or of what Crossref writes for one.
fn kind(name: &str) -> Option<SourceKind> {
    SourceKind::of_csl(match name {
        "journal-article" => "article-journal",
        "book-chapter" | "book-section" | "book-part" | "reference-entry" => "chapter",
        "proceedings-article" => "paper-conference",
        "monograph" | "edited-book" | "reference-book" | "book-set" | "book-series" => "book",
        "proceedings" | "journal" | "journal-issue" => "periodical",
        "posted-content" | "peer-review" => "article",
        "dissertation" => "thesis",
        "report-component" | "report-series" => "report",
        "component" | "other" => "document",
        name => name,
    })
}

/// An older name of a variable.
fn alias(variable: &str) -> &'static str {
    match variable {
        "title-short" => "shortTitle",
        "event" => "event-title",
        _ => "",
    }
}

/// Text without the few tags that CSL-JSON may hold; digits above and below the line stay there.
fn plain(text: &str) -> String {
    let text = raised(&raised(text, "<sup>", "</sup>", true), "<sub>", "</sub>", false);
    let tags = ["<i>", "</i>", "<b>", "</b>", "<sup>", "</sup>", "<sub>", "</sub>", "<span class=\"nocase\">"];
    let tags = tags.into_iter().chain(["<span style=\"font-variant:small-caps;\">", "<sc>", "</sc>", "</span>"]);
    tags.fold(text, |text, tag| if text.contains(tag) { text.replace(tag, "") } else { text })
}

fn raised(text: &str, open: &str, close: &str, is_up: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.split_once(open) {
        let (inner, after) = from.split_once(close).unwrap_or((from, ""));
        out.push_str(before);
        out.push_str(&small(inner, is_up).unwrap_or_else(|| inner.to_owned()));
        rest = after;
    }
    out + rest
}

fn name(json: &Json) -> Option<Name> {
    let part = |key: &str| json.get(key).and_then(Json::as_str).unwrap_or_default().trim().to_owned();
    // Crossref writes `name` for bodies.
    if let Some(literal) = ["literal", "name"].map(part).into_iter().find(|name| !name.is_empty()) {
        return Some(Name::Literal(literal));
    }
    let (family, given) = (part("family"), part("given"));
    if family.is_empty() && given.is_empty() {
        return None;
    }
    let (family, given) = if family.is_empty() { (given, String::new()) } else { (family, given) };
    Some(Name::Person {
        family,
        given,
        non_dropping_particle: part("non-dropping-particle"),
        dropping_particle: part("dropping-particle"),
        suffix: part("suffix"),
    })
}

/// A date of CSL as EDTF.
fn date(json: &Json) -> Option<String> {
    if let Some(text) = json.as_str().or_else(|| json.get("raw").or_else(|| json.get("literal"))?.as_str()) {
        return Some(text.to_owned());
    }
    let number = |json: &Json| json.as_i64().or_else(|| json.as_str()?.parse().ok());
    let doubt = match json.get("circa") {
        None | Some(Json::Null | Json::Bool(false)) => "",
        Some(circa) if number(circa) == Some(0) => "",
        Some(_) => "~",
    };
    let mut ends = Vec::new();
    for end in json.get("date-parts")?.as_array()? {
        let parts: Vec<i64> = end.as_array()?.iter().map(number).collect::<Option<_>>()?;
        let edtf = match parts.as_slice() {
            [year] => format!("{year:04}"),
            [year, month] => format!("{year:04}-{month:02}"),
            [year, month, day, ..] => format!("{year:04}-{month:02}-{day:02}"),
            [] => return None,
        };
        ends.push(format!("{edtf}{doubt}"));
    }
    match (ends.as_slice(), json.get("season").and_then(number)) {
        ([year], Some(season)) if (1..=4).contains(&season) => {
            Some(format!("{}-{}{doubt}", year.trim_end_matches('~'), season + 20))
        }
        ([], _) => None,
        (ends, _) => Some(ends.join("/")),
    }
}
