//! Reads configuration and front matter as leniently as other generators do.

use std::ops::Range;

use serde_yaml::Value;

use crate::data::{DOCUMENT_LIMIT, TOML_LIMIT};

/// Keys with their values, in the order of the file.
pub(super) type Map = serde_yaml::Mapping;

/// A mapping, or the range and the message of a syntax error.
pub(super) type Parsed = Result<Map, (Range<usize>, String)>;

/// Reads YAML. Tags such as `!!python/name:x` and `!ENV` are dropped; their values stay.
pub(super) fn yaml(text: &str) -> Parsed {
    if text.len() > DOCUMENT_LIMIT {
        return Err((0..0, format!("{} bytes of YAML are over the limit of {DOCUMENT_LIMIT}", text.len())));
    }
    match serde_yaml::from_str::<Value>(text).map(untagged) {
        Ok(Value::Mapping(map)) => Ok(map),
        Ok(Value::Null) => Ok(Map::new()),
        Ok(_) => Err((0..0, "the YAML is not a mapping of keys to values".to_owned())),
        Err(error) => {
            let at = error.location().map_or(0, |place| place.index().min(text.len()));
            Err((at..at, format!("invalid YAML: {error}")))
        }
    }
}

/// Reads TOML.
pub(super) fn toml(text: &str) -> Parsed {
    if text.len() > TOML_LIMIT {
        return Err((0..0, format!("{} bytes of TOML are over the limit of {TOML_LIMIT}", text.len())));
    }
    let table: ::toml::Table = text.parse().map_err(|error: ::toml::de::Error| {
        (error.span().unwrap_or(0..0), format!("invalid TOML: {}", error.message()))
    })?;
    Ok(table.into_iter().map(|(key, value)| (Value::from(key), from_toml(value))).collect())
}

/// Reads JSON.
pub(super) fn json(text: &str) -> Parsed {
    if text.len() > TOML_LIMIT {
        return Err((0..0, format!("{} bytes of JSON are over the limit of {TOML_LIMIT}", text.len())));
    }
    serde_json::from_str(text).map_err(|error| (0..0, format!("invalid JSON: {error}")))
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

fn untagged(value: Value) -> Value {
    match value {
        Value::Tagged(tagged) => untagged(tagged.value),
        Value::Sequence(values) => Value::Sequence(values.into_iter().map(untagged).collect()),
        Value::Mapping(map) => {
            Value::Mapping(map.into_iter().map(|(key, value)| (untagged(key), untagged(value))).collect())
        }
        plain => plain,
    }
}

/// The value at a path such as `website.navbar.left`.
pub(super) fn value_at<'m>(map: &'m Map, path: &str) -> Option<&'m Value> {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let value = map.get(first)?;
    match rest {
        Some(rest) => value_at(value.as_mapping()?, rest),
        None => Some(value),
    }
}

/// The text at a path; empty text counts as none.
pub(super) fn text_at(map: &Map, path: &str) -> Option<String> {
    value_at(map, path).and_then(scalar).filter(|text| !text.is_empty())
}

/// A text, number or boolean as text.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The texts of a list, or a single one.
pub(super) fn text_list(value: &Value) -> Vec<String> {
    match value {
        Value::Sequence(values) => values.iter().filter_map(scalar).collect(),
        other => scalar(other).into_iter().collect(),
    }
}

/// Whether a value switches something on: `true`, `yes`, `on` or a number but 0, also as text.
pub(super) fn is_on(value: &Value) -> bool {
    match value {
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => matches!(text.trim().to_ascii_lowercase().as_str(), "true" | "yes" | "on" | "1"),
        _ => false,
    }
}

/// Whether a value switches something off: `false`, `no`, `off`, `never` or 0, also as text.
pub(super) fn is_off(value: &Value) -> bool {
    match value {
        Value::Bool(value) => !*value,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => {
            matches!(text.trim().to_ascii_lowercase().as_str(), "false" | "no" | "off" | "never" | "0")
        }
        _ => false,
    }
}

/// A text in quotes, as TOML and YAML both read it: their escapes are JSON's.
pub(super) fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_with_tags_and_nested_paths() {
        let map = yaml("a:\n  b: !ENV [X, y]\n  c: !!python/name:f ''\nd: 3\n").expect("YAML");
        assert_eq!(value_at(&map, "a.b").map(text_list), Some(vec!["X".to_owned(), "y".to_owned()]));
        assert_eq!(
            (text_at(&map, "d").as_deref(), text_at(&map, "a.c"), text_at(&map, "a.x")),
            (Some("3"), None, None)
        );
    }

    #[test]
    fn switches_may_be_text() {
        for on in ["true", "'true'", "\"True\"", "yes", "1"] {
            assert!(is_on(&serde_yaml::from_str(on).expect("YAML")), "{on}");
        }
        for off in ["false", "'false'", "no", "never", "0"] {
            assert!(is_off(&serde_yaml::from_str(off).expect("YAML")), "{off}");
        }
    }
}
