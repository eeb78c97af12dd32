//! Keys of files, from their JSON Schemas.

use std::collections::BTreeMap;

use dossier::schema::find_kind;
use serde_json::Value;

use crate::words::cell;

/// A schema, and the definitions it refers to.
struct Schema(Value);

impl Schema {
    fn of(kind: &str) -> Self {
        let kind = find_kind(kind).unwrap_or_else(|| panic!("no schema {kind}"));
        Self(serde_json::from_str(kind.schema).expect("a schema is JSON"))
    }

    /// What a property is, with its reference followed, and the name of the definition.
    fn follow<'s>(&'s self, property: &'s Value) -> (&'s Value, Option<&'s str>) {
        fn reference(property: &Value) -> Option<&str> {
            let lists = ["allOf", "anyOf", "oneOf"];
            let mut inner = lists.iter().filter_map(|list| property[list].as_array()).flatten();
            property["$ref"].as_str().or_else(|| inner.find_map(reference))
        }
        let reference = reference(property);
        match reference.and_then(|reference| reference.strip_prefix("#/definitions/")) {
            Some(name) => (&self.0["definitions"][name], Some(name)),
            None => (property, None),
        }
    }

    /// A kind of value in words.
    fn value(&self, property: &Value) -> String {
        let (found, name) = self.follow(property);
        if name == Some("When") {
            return "date ([EDTF](../explanation/dates.md))".to_owned();
        }
        if name == Some("Locator") {
            return "place, such as `p. 37` or `12:34`".to_owned();
        }
        if name == Some("Numeral") {
            return "number or text".to_owned();
        }
        if name == Some("Lines") {
            return "lines, such as `9` or `21-24`".to_owned();
        }
        let constants = found["oneOf"].as_array().into_iter().flatten().filter_map(|one| one["const"].as_str());
        let names: Vec<String> = found["enum"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .chain(constants)
            .map(|one| format!("`{one}`"))
            .collect();
        if !names.is_empty() {
            return format!("one of {}", names.join(", "));
        }
        let kind = found["type"].as_str().or_else(|| found["type"][0].as_str()).unwrap_or_default();
        match kind {
            "string" if found["format"] == "date" => "day, `YYYY-MM-DD`".to_owned(),
            "string" => "text".to_owned(),
            "integer" => "whole number".to_owned(),
            "boolean" => "`true` or `false`".to_owned(),
            "array" => match self.follow(&found["items"]) {
                (item, Some(_)) if item["type"] == "object" => "[list](#KEY)".to_owned(),
                _ => format!("list of {}", plural(&self.value(&found["items"]))),
            },
            "object" if name.is_some() => "[section](#KEY)".to_owned(),
            "object" if found["additionalProperties"]["$ref"].is_string() => "[sections](#KEY.NAME)".to_owned(),
            "object" if found["additionalProperties"]["type"] == "string" => "texts by name".to_owned(),
            "object" => "anything".to_owned(),
            other => panic!("no words for the type {other}: {found}"),
        }
    }

    /// The keys of one record as a table, then those of the records in it, under headings that `name` makes.
    fn table(&self, record: &Value, prefix: &str, heading: &dyn Fn(&str, bool) -> String) -> String {
        let required: Vec<&str> =
            record["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let mut out = String::from("| key | value | meaning |\n|---|---|---|\n");
        let mut inner = String::new();
        let mut known: BTreeMap<&str, &str> = BTreeMap::new();
        for (key, property) in record["properties"].as_object().into_iter().flatten() {
            let must = if required.contains(&key.as_str()) { ", required" } else { "" };
            let default = match &property["default"] {
                Value::Bool(value) => format!(" The default is `{value}`."),
                Value::Number(value) => format!(" The default is `{value}`."),
                _ => String::new(),
            };
            let meaning = property["description"].as_str().unwrap_or_default();
            // What several keys hold is described once.
            let (whole, name) = self.follow(property);
            let item = if name.is_none() { self.follow(&whole["items"]).1 } else { name };
            let first = item.map_or(key.as_str(), |name| *known.entry(name).or_insert(key));
            out.push_str(&format!(
                "| `{key}` | {}{must} | {}{default} |\n",
                cell(&self.value(property).replace("KEY", &format!("{prefix}{first}"))),
                cell(meaning)
            ));
            let property_key = key;
            let (found, name) = self.follow(property);
            let is_list = found["type"] == "array" || found["type"][0] == "array";
            let (found, name) = if is_list { self.follow(&found["items"]) } else { (found, name) };
            let is_map = found["additionalProperties"]["$ref"].is_string();
            let (found, name) = if is_map { self.follow(&found["additionalProperties"]) } else { (found, name) };
            let (key, below) = if is_map {
                (format!("{key}.NAME"), format!("{prefix}{key}.NAME."))
            } else if prefix.ends_with('.') {
                (format!("{prefix}{key}"), prefix.to_owned())
            } else {
                (key.clone(), prefix.to_owned())
            };
            if name.is_some() && found["properties"].is_object() && first == property_key {
                let about = found["description"].as_str().unwrap_or_default();
                inner.push_str(&format!(
                    "\n{}\n\n{about}\n\n{}",
                    heading(&key, is_list),
                    self.table(found, &below, heading)
                ));
            }
            for one in found["oneOf"].as_array().into_iter().flatten() {
                if let (Some(value), Some(about)) = (one["const"].as_str(), one["description"].as_str()) {
                    out.push_str(&format!("| | `{value}` | {} |\n", cell(about)));
                }
            }
        }
        let either: Vec<String> = record["anyOf"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|one| one["required"][0].as_str())
            .map(|key| format!("`{key}`"))
            .collect();
        if !either.is_empty() {
            out.push_str(&format!("\nIt needs {}, or both.\n", either.join(" or ")));
        }
        out + &inner
    }
}

fn plural(words: &str) -> String {
    match words {
        "text" => "texts".to_owned(),
        words => words.to_owned(),
    }
}

/// `site.toml`.
pub fn site() -> String {
    let schema = Schema::of("site");
    let heading = |key: &str, is_list: bool| {
        if is_list { format!("## \\[\\[{key}\\]\\] {{#{key}}}") } else { format!("## \\[{key}\\] {{#{key}}}") }
    };
    format!(
        "`site.toml` is in the top folder of the site. A key that is not listed here is an error, with the nearest known one \
         as a hint. Data for your own templates goes below `extra`.\n\n{}",
        schema.table(&schema.0, "", &heading)
    )
}

/// Front matter.
pub fn front_matter() -> String {
    let schema = Schema::of("page");
    let heading = |key: &str, _: bool| format!("## Entries of `{key}` {{#{key}}}");
    format!(
        "A page may begin with YAML between two lines `---`. Every key is optional.\n\n{}",
        schema.table(&schema.0, "", &heading)
    )
}

/// All evidence files.
pub fn evidence() -> String {
    let mut out = String::from(
        "Evidence is YAML below `content/evidence`. Each file is a list of records. Ids consist of lower-case letters, \
         digits and hyphens, and are unique in the site; those of sources may also be the keys of a library. A first item \
         `- defaults:` has keys that the other records of the file need not repeat.\n\n",
    );
    for kind in ["sources", "claims", "events", "disagreements", "entities", "contributions"] {
        let schema = Schema::of(kind);
        let (record, _) = schema.follow(&schema.0["items"]["else"]);
        let files = find_kind(kind).map(|kind| kind.files).unwrap_or_default();
        let about = record["description"].as_str().unwrap_or_default();
        let heading = |key: &str, _: bool| format!("### Entries of `{key}` {{#{kind}-{key}}}");
        let title = format!("{}{}", kind[..1].to_uppercase(), &kind[1..]);
        out.push_str(&format!(
            "## {title} {{#{kind}}}\n\nIn `{files}`. {about}\n\n{}\n",
            schema.table(record, &format!("{kind}-"), &heading)
        ));
    }
    out
}
