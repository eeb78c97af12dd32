//! What follows the opening of a code block, as the new site reads it.

use super::super::kinds;
use super::super::report::Notes;
use super::super::structure::Structure;
use super::super::text::{Edit, Text};

/// Words of mdBook and rustdoc on how code is tested; readers see nothing of them.
const TESTING: [&str; 12] = [
    "ignore",
    "no_run",
    "should_panic",
    "compile_fail",
    "editable",
    "noplayground",
    "noplaypen",
    "mdbook-runnable",
    "edition2015",
    "edition2018",
    "edition2021",
    "edition2024",
];

/// Converts the info string of every code block: `{.python}` would call a component, `rust,editable` has no effect.
pub(super) fn convert(
    components: &[String],
    text: &Text,
    structure: &Structure,
    edits: &mut Vec<Edit>,
    notes: &mut Notes<'_>,
) {
    for fence in &structure.fences {
        let info = text.as_str().get(fence.info.clone()).unwrap_or_default();
        let called = info.strip_prefix('{').and_then(|rest| rest.split('}').next()).unwrap_or_default();
        if components.iter().any(|name| name == called) {
            continue;
        }
        let (new, lost) = converted(info);
        for word in lost.into_iter().filter(|word| !TESTING.contains(word)) {
            notes.add(kinds::CODE_OPTIONS, word, text.place(&fence.info));
        }
        if new != info {
            edits.push((fence.info.clone(), new));
        }
    }
}

/// An info string as the new site writes it, and the words that have no counterpart.
fn converted(info: &str) -> (String, Vec<&str>) {
    let mut quote = None;
    let between = |c: char| match quote {
        Some(open) => {
            quote = (c != open).then_some(open);
            false
        }
        None => {
            quote = matches!(c, '"' | '\'').then_some(c);
            matches!(c, ',' | ' ' | '{' | '}' | ';')
        }
    };
    let mut words = info.split(between).filter(|word| !word.is_empty());
    let (mut new, mut lost) = (String::new(), Vec::new());
    if let Some(language) = words.next() {
        match language.contains('=') && !language.starts_with('.') {
            true => lost.push(language),
            false => new.push_str(language.trim_start_matches('.')),
        }
    }
    let is_lines = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let mut marking = false;
    for word in words {
        let was_marking = std::mem::take(&mut marking);
        match word.split_once('=').map(|(key, value)| (key, value.trim_matches(['"', '\'', '[', ']']))) {
            None if word == "linenos" => new.push_str(" linenos"),
            Some(("linenos" | "linenums", value)) if value != "false" => {
                new.push_str(" linenos");
                if is_lines(value) && value != "1" {
                    new.push_str(&format!(" start={value}"));
                }
            }
            None if was_marking && is_lines(word.trim_matches(']')) => {
                new.push_str(&format!(",{}", word.trim_matches(']')));
                marking = true;
            }
            // Lines alone mark lines.
            None if is_lines(word) => {
                new.push_str(&format!(" hl={word}"));
                marking = true;
            }
            Some(("hl_lines" | "hl", lines))
                if lines.split([' ', ',']).all(|part| part.is_empty() || is_lines(part)) =>
            {
                let lines: Vec<&str> = lines.split([' ', ',']).filter(|part| !part.is_empty()).collect();
                new.push_str(&format!(" hl={}", lines.join(",")));
                marking = true;
            }
            Some(("linenostart" | "start", line)) if is_lines(line) => new.push_str(&format!(" start={line}")),
            _ => lost.push(word),
        }
    }
    (new, lost)
}

#[cfg(test)]
mod tests {
    use super::converted;

    #[test]
    fn info_strings() {
        for (info, new, lost) in [
            ("", "", &[][..]),
            ("rust", "rust", &[]),
            ("rust linenos hl=2-3,7 start=10", "rust linenos hl=2-3,7 start=10", &[]),
            ("rust,linenos,hl_lines=1 3-4,linenostart=2", "rust linenos hl=1,3-4 start=2", &[]),
            ("rust,editable,ignore", "rust", &["editable", "ignore"]),
            ("go {linenos=table}", "go linenos", &[]),
            ("py linenums=\"5\" hl_lines=\"2 3\"", "py linenos start=5 hl=2,3", &[]),
            ("js {1,3-5}", "js hl=1,3-5", &[]),
            ("js title=\"a.js\"", "js", &["title=\"a.js\""]),
            ("js style=\"a: b; c\"", "js", &["style=\"a: b; c\""]),
            ("title=\"a.js\"", "", &["title=\"a.js\""]),
            ("{.python .numberLines}", "python", &[".numberLines"]),
            ("{r}", "r", &[]),
        ] {
            assert_eq!(converted(info), (new.to_owned(), lost.to_vec()), "{info}");
        }
    }
}
