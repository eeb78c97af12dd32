use std::ops::Range;

use super::limits::{MAX_FRONT_MATTER, MAX_PAGE};
use super::problems::Problems;

/// A page split into front matter and Markdown, both as ranges of its text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PageParts<'a> {
    /// The whole file, byte order mark included, so that ranges are places in the file.
    pub text: &'a str,
    /// The YAML between the `---` lines.
    pub front: Option<Range<usize>>,
    /// The offset of the Markdown.
    pub body: usize,
}

/// Decodes a page and finds its front matter; `None` if it is too large, not UTF-8, or its front matter is not closed
/// or in another format.
pub(super) fn split<'a>(bytes: &'a [u8], problems: &mut Problems) -> Option<PageParts<'a>> {
    if bytes.len() > MAX_PAGE {
        let message = format!("a page of {} bytes is over the limit of {MAX_PAGE} (MAX_PAGE)", bytes.len());
        problems.add("too-large", 0..0, message, "split it into several pages");
        return None;
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let at = error.valid_up_to();
            let byte = bytes.get(at).copied().unwrap_or_default();
            let message = format!("byte {at} (0x{byte:02x}) is not UTF-8");
            problems.add("not-utf8", at..at + 1, message, "save the file as UTF-8");
            return None;
        }
    };
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let rest = text.get(start..).unwrap_or_default();
    let Some(opening) = rest.split_inclusive('\n').next().filter(|line| is_fence(line)) else {
        if let Some((at, form, hint)) = foreign(rest) {
            let message = format!("this looks like front matter, but {form}");
            problems.add("unknown-front-matter", start + at.start..start + at.end, message, hint);
            return None;
        }
        return Some(PageParts { text, front: None, body: start });
    };
    let front = start + opening.len();
    let mut at = front;
    for line in text.get(front..).unwrap_or_default().split_inclusive('\n') {
        if is_fence(line) {
            let parts = PageParts { text, front: Some(front..at), body: at + line.len() };
            return within_limit(front..at, start, problems).then_some(parts);
        }
        at += line.len();
    }
    let hint = "end it with a line `---`; a rule at the top of a page is written `***`";
    problems.add(
        "front-matter-unclosed",
        start..start + opening.trim_end().len(),
        "the front matter is never closed",
        hint,
    );
    None
}

/// Front matter in an unsupported format: the range of its first line, the problem and the hint. Published as text, it
/// would show `draft: true` to readers.
fn foreign(text: &str) -> Option<(Range<usize>, &'static str, &'static str)> {
    const YAML: &str = "write it as YAML between two lines `---` at the very top of the file";
    let blank = text.len() - text.trim_start().len();
    let mut lines = text.get(blank..)?.lines();
    let (first, second) = (lines.next()?, lines.next().unwrap_or_default());
    let form = match first.trim_end() {
        "+++" => "it is TOML",
        "{" => "it is JSON",
        json if json.starts_with("{\"") || json.starts_with("{ \"") => "it is JSON",
        "---" if is_key(second) && is_closed(lines) => "there are lines or spaces before it",
        "---yaml" | "---yml" | "---toml" | "---json" | "---js" => "its first line names a format",
        header if is_known_key(header) && is_known_key(second) => "there is no line `---` before it",
        _ => return None,
    };
    Some((blank..blank + first.trim_end().len(), form, YAML))
}

/// Whether these lines of YAML end with a fence.
fn is_closed<'t>(mut lines: impl Iterator<Item = &'t str>) -> bool {
    let goes_on =
        |line: &&str| line.trim().is_empty() || line.starts_with([' ', '\t', '-', '#', ']', '}']) || is_key(line);
    lines.by_ref().find(|line| is_fence(line) || !goes_on(line)).is_some_and(is_fence)
}

/// Whether a line of YAML begins with a key.
fn is_key(line: &str) -> bool {
    let key = line.split_once(':').map_or("", |(key, _)| key);
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// Whether a line is one of those at the head of a page for Pelican or `MultiMarkdown`.
fn is_known_key(line: &str) -> bool {
    const KEYS: [&str; 9] = ["title", "date", "author", "status", "draft", "slug", "tags", "category", "summary"];
    is_key(line) && line.split(':').next().is_some_and(|key| KEYS.contains(&key.to_ascii_lowercase().as_str()))
}

fn is_fence(line: &str) -> bool {
    line.strip_prefix("---").is_some_and(|rest| rest.trim_end().is_empty())
}

fn within_limit(front: Range<usize>, opening: usize, problems: &mut Problems) -> bool {
    let fits = front.len() <= MAX_FRONT_MATTER;
    if !fits {
        let length = front.len();
        let message =
            format!("front matter of {length} bytes is over the limit of {MAX_FRONT_MATTER} (MAX_FRONT_MATTER)");
        problems.add(
            "too-large",
            opening..opening + 3,
            message,
            "move long data to a file below `content/evidence`, or to the text",
        );
    }
    fits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SitePath;

    #[track_caller]
    fn check(bytes: &[u8], expected: &str) {
        let path = SitePath::new("content/a.md").unwrap_or_else(|error| panic!("{error}"));
        let mut problems = Problems::new(&path);
        let parts = split(bytes, &mut problems);
        let found = match parts {
            Some(PageParts { text, front, body }) => {
                format!("{:?} {:?}", front.map(|range| &text[range]), &text[body..])
            }
            None => problems
                .finish()
                .iter()
                .map(|d| format!("{} {:?}: {}", d.code, d.at.as_ref().map(|s| s.start..s.end), d.message))
                .collect(),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn front_matter_is_between_two_lines() {
        check(b"---\ntitle: A\n---\nText\n", r#"Some("title: A\n") "Text\n""#);
        check(b"---\r\ntitle: A\r\n---  \r\nText", r#"Some("title: A\r\n") "Text""#);
        check("\u{feff}---\n---\n".as_bytes(), r#"Some("") """#);
        check("\u{feff}Text".as_bytes(), r#"None "Text""#);
        check(b"", r#"None """#);
        check(b"----\nText", r#"None "----\nText""#);
        check(b"Text\n---\n", r#"None "Text\n---\n""#);
    }

    #[test]
    fn front_matter_in_another_form_is_never_taken_for_text() {
        for (text, form) in [
            ("+++\ndraft = true\n+++\nText", "0..3): this looks like front matter, but it is TOML"),
            ("\n+++\ndraft = true\n", "1..4): this looks like front matter, but it is TOML"),
            ("{\"draft\": true}\nText", "0..15): this looks like front matter, but it is JSON"),
            ("{\n  \"draft\": true\n}\n", "0..1): this looks like front matter, but it is JSON"),
            (
                "\n\n---\ndraft: true\n---\n",
                "2..5): this looks like front matter, but there are lines or spaces before it",
            ),
            (
                " ---\ndraft: true\n---\n",
                "1..4): this looks like front matter, but there are lines or spaces before it",
            ),
            ("---toml\ndraft = true\n---\n", "0..7): this looks like front matter, but its first line names a format"),
            (
                "Title: A\nStatus: draft\n\nText",
                "0..8): this looks like front matter, but there is no line `---` before it",
            ),
        ] {
            check(text.as_bytes(), &format!("unknown-front-matter Some({form}"));
        }
        for text in ["{{ call() }}", "{.class}", "\n---\nNote: one\ntwo\n---\n", "Date: 1\nText", "--- a", "+++ b"] {
            check(text.as_bytes(), &format!("None {text:?}"));
        }
    }

    #[test]
    fn faults() {
        check(b"ab\xffc", "not-utf8 Some(2..3): byte 2 (0xff) is not UTF-8");
        check(b"---\ntitle: A\n", "front-matter-unclosed Some(0..3): the front matter is never closed");
        let long = format!("---\n{}---\n", "# long\n".repeat(10_000));
        check(
            long.as_bytes(),
            "too-large Some(0..3): front matter of 70000 bytes is over the limit of 65536 (MAX_FRONT_MATTER)",
        );
        let huge = vec![b'a'; MAX_PAGE + 1];
        check(&huge, "too-large Some(0..0): a page of 4194305 bytes is over the limit of 4194304 (MAX_PAGE)");
    }
}
