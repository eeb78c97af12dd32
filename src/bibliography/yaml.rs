//! Entries as the YAML of records.

use super::entry::{Entry, Value};
use crate::evidence::Name;

/// The record of an entry, with a line feed at its end.
pub fn record(entry: &Entry) -> String {
    let mut out = format!("- id: {}\n", scalar(&entry.id));
    for (key, value) in &entry.fields {
        out.push_str(&lines(key, value, 2));
    }
    out
}

/// A key with its value, this deep.
pub fn lines(key: &str, value: &Value, indent: usize) -> String {
    let space = " ".repeat(indent);
    match value {
        Value::Text(text) => format!("{space}{key}: {}\n", scalar(text)),
        Value::Names(names) => {
            let items = names.iter().map(|name| format!("{space}  - {}\n", shown(name)));
            format!("{space}{key}:\n{}", items.collect::<String>())
        }
    }
}

/// A name as a record writes it: in one text where that says the same.
fn shown(name: &Name) -> String {
    let text = name.inverted();
    if Name::parse(&text) == *name {
        return scalar(&text);
    }
    let parts = match name {
        Name::Literal(name) => vec![("literal", name)],
        Name::Person { family, given, non_dropping_particle, dropping_particle, suffix } => vec![
            ("family", family),
            ("given", given),
            ("non_dropping_particle", non_dropping_particle),
            ("dropping_particle", dropping_particle),
            ("suffix", suffix),
        ],
    };
    let parts = parts.into_iter().filter(|(_, part)| !part.is_empty());
    let parts: Vec<String> = parts.map(|(key, part)| format!("{key}: {}", quoted(part))).collect();
    format!("{{ {} }}", parts.join(", "))
}

/// A text as YAML has it: bare where nothing else can be meant.
pub fn scalar(text: &str) -> String {
    let is_plain =
        |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '–' | '.' | ',' | '/' | '(' | ')' | '’' | '_' | '?');
    let starts = text.starts_with(|c: char| c.is_alphabetic()) && !text.ends_with(' ');
    let words = ["null", "true", "false", "yes", "no", "on", "off", "y", "n", "inf", "nan"];
    let is_word = words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if starts && !is_word && text.chars().all(is_plain) { text.to_owned() } else { quoted(text) }
}

fn quoted(text: &str) -> String {
    // A string of JSON is one of YAML.
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f").replace('\u{85}', "\\u0085")
}
