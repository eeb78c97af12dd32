//! CSL-JSON, as Zotero and others write it, into entries.

use serde_json::value::RawValue;
use serde_json::{Map, Value as Json};

use super::entry::{Entry, Fault, Value, check_keys, shown};
use super::fields::{NAMES, TEXTS};
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
            Ok(item) => entries.extend(entry(&item, at, &mut faults)),
            Err(_) => faults.push(Fault::new(at, "an item is not an object with keys and values")),
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

fn entry(item: &Map<String, Json>, at: usize, faults: &mut Vec<Fault>) -> Option<Entry> {
    let id = match item.get("id") {
        Some(Json::String(id)) => id.clone(),
        Some(Json::Number(id)) => id.to_string(),
        _ => {
            faults.push(Fault::new(at, "an item has no `id`"));
            return None;
        }
    };
    let own = |key: &str| format!("`{key}` of `{}`", shown(&id));
    let Some(kind) = item.get("type").and_then(Json::as_str).and_then(SourceKind::of_csl) else {
        faults.push(Fault::new(at, format!("{} is not a type of CSL", own("type"))));
        return None;
    };
    let mut entry = Entry { id: id.clone(), at, ..Entry::default() };
    entry.fields.push(("kind", Value::Text(kind.name().to_owned())));
    for text in TEXTS {
        match item.get(text.csl).or_else(|| item.get(alias(text.csl))) {
            None | Some(Json::Null) => {}
            Some(Json::String(value)) => entry.add(text.key, text.csl, &plain(value)),
            Some(Json::Number(value)) => entry.add(text.key, text.csl, &value.to_string()),
            Some(_) => faults.push(Fault::new(at, format!("{} is neither text nor a number", own(text.csl)))),
        }
    }
    for names in NAMES {
        match item.get(names.csl) {
            None | Some(Json::Null) => {}
            Some(Json::Array(list)) => {
                let read: Vec<Name> = list.iter().filter_map(name).collect();
                if read.len() < list.len() {
                    faults.push(Fault::new(
                        at,
                        format!("a name in {} has neither `family` nor `literal`", own(names.csl)),
                    ));
                }
                entry.add_names(names.key, read);
            }
            Some(_) => faults.push(Fault::new(at, format!("{} is not a list of names", own(names.csl)))),
        }
    }
    for (key, variable) in [("date", "issued"), ("accessed", "accessed")] {
        match item.get(variable).map(date) {
            None => {}
            Some(Some(edtf)) => entry.add(key, variable, &edtf),
            Some(None) => entry.omitted.push(variable.to_owned()),
        }
    }
    for (key, own) in [("archive_url", "archive-url"), ("archive_date", "archive-date"), ("credit", "credit")] {
        if let Some(value) = item.get("custom").and_then(|custom| custom.get(own)).and_then(Json::as_str) {
            entry.add(key, own, value);
        }
    }
    entry.add_basis();
    if !entry.fields.iter().any(|(key, _)| *key == "title") {
        // A record has a title or a description.
        entry.fields.insert(1, ("title", Value::Text(id.clone())));
    }
    let known = |key: &str| {
        matches!(
            key,
            "id" | "type" | "issued" | "accessed" | "custom" | "shortTitle" | "journalAbbreviation" | "citation-key"
        ) || TEXTS.iter().any(|text| text.csl == key)
            || NAMES.iter().any(|names| names.csl == key)
    };
    entry.omitted.extend(item.keys().filter(|key| !known(key)).cloned());
    Some(entry)
}

/// An older name of a variable.
fn alias(variable: &str) -> &'static str {
    match variable {
        "title-short" => "shortTitle",
        "event-title" => "event",
        _ => "",
    }
}

/// Text without the few tags that CSL-JSON may hold.
fn plain(text: &str) -> String {
    let tags = ["<i>", "</i>", "<b>", "</b>", "<sup>", "</sup>", "<sub>", "</sub>", "<span class=\"nocase\">"];
    let tags = tags.into_iter().chain(["<span style=\"font-variant:small-caps;\">", "<sc>", "</sc>", "</span>"]);
    tags.fold(text.to_owned(), |text, tag| if text.contains(tag) { text.replace(tag, "") } else { text })
}

fn name(json: &Json) -> Option<Name> {
    let part = |key: &str| json.get(key).and_then(Json::as_str).unwrap_or_default().trim().to_owned();
    let literal = part("literal");
    if !literal.is_empty() {
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
