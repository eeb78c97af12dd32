//! Finds and parses front matter.

use std::ops::Range;

use super::super::Generator;
use super::super::values;

/// The format of front matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::migrate) enum Format {
    Yaml,
    Toml,
    Json,
    /// A program, which is not run.
    Code,
}

/// The range and the format of front matter.
#[derive(Clone, Debug)]
pub(in crate::migrate) struct Found {
    /// What is between its fences.
    pub range: Range<usize>,
    /// Where the text of the page begins.
    pub body: usize,
    pub format: Format,
}

/// Finds front matter between lines `---` or `+++`, or a JSON object; a byte order mark and blank lines may precede it.
pub(in crate::migrate) fn find(text: &str, generator: Generator) -> Option<Found> {
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

/// Parses front matter.
pub(in crate::migrate) fn parse(text: &str, found: &Found) -> values::Parsed {
    let own = text.get(found.range.clone()).unwrap_or_default();
    match found.format {
        Format::Yaml => values::yaml(own),
        Format::Toml => values::toml(own),
        Format::Json => values::json(own),
        Format::Code => Err((0..0, "front matter that is a program is not run".to_owned())),
    }
}

/// Where a key of the first level is, or the table of its name.
pub(in crate::migrate) fn place(text: &str, key: &str) -> Range<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start_matches(['[', ' ', '\t', '-']).trim_start_matches(['"', '\'']);
        let after = bare.strip_prefix(key).map(|rest| rest.trim_start_matches(['"', '\'', ' ']));
        if after.is_some_and(|rest| rest.starts_with([':', '=', ']', '.'])) {
            return at..at + line.trim_end().len();
        }
        at += line.len();
    }
    0..0
}
