//! A fast reader for simple YAML, at a quarter of the cost: block lists and maps, with one-line texts, `>-`, and short
//! lists in brackets. It refuses documents with any other syntax, which are left to the full parser; otherwise its
//! result is the same.

use std::borrow::Cow;

use crate::source::is_control;

use super::DEPTH_LIMIT;
use super::node::{Node, NodeBuilder, Value};

/// Reads a document; `None` if the full parser is needed to read it or to report its errors.
pub(super) fn parse_plain<'a>(text: &'a str, builder: &NodeBuilder) -> Option<Node<'a>> {
    if !is_printable(text) {
        return None;
    }
    let mut reader = Reader { rest: text, next: None, builder, depth: 0 };
    let first = reader.peek().filter(|line| line.indent == 0)?;
    reader.next = None;
    let root = reader.block(first)?;
    reader.peek().is_none().then_some(root)
}

/// Whether it consists of simple lines: without tabs and without other line separators.
fn is_printable(text: &str) -> bool {
    let ascii = |byte: u8| matches!(byte, b'\n' | b' '..=b'~');
    if text.bytes().all(ascii) {
        return true;
    }
    let other = |c: char| c >= '\u{a0}' && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') && !is_control(c);
    text.chars().all(|c| u8::try_from(c).map_or_else(|_| other(c), |byte| ascii(byte) || byte >= 0xA0))
}

/// A line that is not empty, or the rest of one after the dash of a list.
#[derive(Clone, Copy)]
struct Line<'a> {
    indent: usize,
    text: &'a str,
    /// Whether it follows a dash.
    inner: bool,
}

impl<'a> Line<'a> {
    /// The text after the dash of a list item.
    fn item(self) -> Option<&'a str> {
        self.text.strip_prefix('-').filter(|rest| rest.is_empty() || rest.starts_with(' '))
    }

    /// A key, and the text after its colon.
    fn entry(self) -> Option<(&'a str, &'a str)> {
        let (key, rest) = self.text.split_once(':')?;
        let is_key = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
            && key.starts_with(|c: char| c.is_ascii_alphabetic())
            && (rest.is_empty() || rest.starts_with(' '));
        is_key.then_some((key, rest))
    }
}

/// Reads line by line; methods return `None` for unsupported syntax.
struct Reader<'a, 'g> {
    rest: &'a str,
    /// The next line, if it was peeked.
    next: Option<Line<'a>>,
    builder: &'g NodeBuilder,
    depth: u32,
}

impl<'a> Reader<'a, '_> {
    fn line(&mut self) -> Option<&'a str> {
        let (line, rest) = self.rest.split_once('\n').unwrap_or((self.rest, ""));
        let any = !self.rest.is_empty();
        self.rest = rest;
        any.then_some(line)
    }

    /// The next line that is neither empty nor a comment.
    fn peek(&mut self) -> Option<Line<'a>> {
        while self.next.is_none() {
            let line = self.line()?;
            let text = line.trim_start_matches(' ');
            if !text.is_empty() && !text.starts_with('#') {
                self.next = Some(Line { indent: line.len() - text.len(), text, inner: false });
            }
        }
        self.next
    }

    /// The next line, if it is indented deeper than `indent`.
    fn deeper(&mut self, indent: usize) -> Option<Line<'a>> {
        let line = self.peek().filter(|line| line.indent > indent)?;
        self.next = None;
        Some(line)
    }

    /// Whether the next line continues at `indent`; none may be indented deeper.
    fn continues(&mut self, indent: usize) -> Option<bool> {
        match self.peek() {
            Some(line) if line.indent > indent => None,
            line => Some(line.is_some_and(|line| line.indent == indent)),
        }
    }

    fn block(&mut self, first: Line<'a>) -> Option<Node<'a>> {
        let id = self.builder.number();
        self.depth += 1;
        let value = match (first.item(), first.entry()) {
            _ if self.depth >= DEPTH_LIMIT => return None,
            (Some(_), _) => self.list(first)?,
            (None, Some(_)) => self.map(first)?,
            (None, None) if first.inner => scalar(first.text, self.builder)?,
            (None, None) => return None,
        };
        self.depth -= 1;
        Some(Node { id, value })
    }

    fn list(&mut self, first: Line<'a>) -> Option<Value<'a>> {
        let (indent, mut line, mut items) = (first.indent, first, Vec::new());
        loop {
            let text = line.item()?.trim_start_matches(' ');
            let inner = Line { indent: indent + line.text.len() - text.len(), text, inner: true };
            items.push(self.block(inner)?);
            // A list may have the same indentation as its key, and the next line may be another key.
            if !self.continues(indent)? || self.next.is_none_or(|next| next.item().is_none()) {
                return Some(Value::List(items));
            }
            line = self.next.take()?;
        }
    }

    fn map(&mut self, first: Line<'a>) -> Option<Value<'a>> {
        let (indent, mut line, mut entries) = (first.indent, first, Vec::new());
        loop {
            let (key, rest) = line.entry()?;
            let key =
                Node { id: self.builder.number(), value: resolve(key).filter(|key| matches!(key, Value::Text(_)))? };
            entries.push((key, self.value(rest.trim_start_matches(' '), indent)?));
            if !self.continues(indent)? {
                return Some(Value::Map(entries));
            }
            line = self.next.take()?;
        }
    }

    /// The value of a key at `indent`.
    fn value(&mut self, text: &'a str, indent: usize) -> Option<Node<'a>> {
        if text.is_empty() || text.starts_with('#') {
            if let Some(line) = self.deeper(indent) {
                return self.block(line);
            }
            if let Some(line) = self.peek().filter(|line| line.indent == indent && line.item().is_some()) {
                self.next = None;
                return self.block(line);
            }
            return Some(Node { id: self.builder.number(), value: Value::Null });
        }
        let id = self.builder.number();
        let value = if text == ">-" { self.folded(indent)? } else { scalar(text, self.builder)? };
        Some(Node { id, value })
    }

    /// The lines of a `>-` block, joined by spaces; an empty line becomes a line break.
    fn folded(&mut self, indent: usize) -> Option<Value<'a>> {
        let (mut text, mut own, mut ends) = (String::new(), None, 0);
        while !self.rest.is_empty() {
            let before = self.rest;
            let line = self.line()?;
            let words = line.trim_start_matches(' ');
            let deep = line.len() - words.len();
            if words.is_empty() {
                // Lines of spaces may be text, and empty lines before the first line are.
                if own.is_none() || deep > indent {
                    return None;
                }
                ends += 1;
                continue;
            }
            if deep <= indent {
                self.rest = before;
                break;
            }
            if *own.get_or_insert(deep) != deep || words.ends_with(' ') {
                return None;
            }
            match ends {
                _ if text.is_empty() => {}
                0 => text.push(' '),
                _ => text.extend(std::iter::repeat_n('\n', ends)),
            }
            ends = 0;
            text.push_str(words);
        }
        own.map(|_| Value::Text(text.into()))
    }
}

/// A value in one line.
fn scalar<'a>(text: &'a str, builder: &NodeBuilder) -> Option<Value<'a>> {
    match text.bytes().next()? {
        quote @ (b'"' | b'\'') => {
            let quote = char::from(quote);
            let (inside, after) = text.get(1..)?.split_once(quote)?;
            let ends = after.trim_start_matches(' ');
            let ended = ends.is_empty() || (ends.starts_with('#') && after.starts_with(' '));
            (ended && !inside.contains('\\')).then(|| Value::Text(inside.into()))
        }
        b'[' => {
            let inside = without_comment(text).strip_prefix('[')?.strip_suffix(']')?;
            if inside.contains(['[', ']', '{', '}', '"', '\'', '#', ':']) {
                return None;
            }
            let mut items = Vec::new();
            for item in inside.split(',').filter(|_| !inside.trim_matches(' ').is_empty()) {
                let item = item.trim_matches(' ');
                items.push(Node { id: builder.number(), value: resolve(item)? });
            }
            Some(Value::List(items))
        }
        _ => {
            let text = without_comment(text);
            let is_plain = !text.contains(": ") && !text.ends_with(':');
            if is_plain { resolve(text) } else { None }
        }
    }
}

fn without_comment(text: &str) -> &str {
    text.find(" #").and_then(|at| text.get(..at)).unwrap_or(text).trim_end_matches(' ')
}

/// The value of an unquoted text, if it is simple.
fn resolve(text: &str) -> Option<Value<'_>> {
    let words = ["null", "true", "false", "yes", "no", "on", "off", "y", "n", "inf", "nan", "infinity"];
    let holds = |test: fn(&u8) -> bool| text.as_bytes().iter().any(test);
    let value = Value::Text(Cow::Borrowed(text));
    match text.bytes().next()? {
        b'a'..=b'z' | b'A'..=b'Z' => match text {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            _ if words.iter().any(|word| text.eq_ignore_ascii_case(word)) => None,
            _ => Some(value),
        },
        b'0' if text.len() > 1 => None,
        b'0'..=b'9' if text.len() <= 18 && !holds(|byte| !byte.is_ascii_digit()) => text.parse().ok().map(Value::Int),
        // A number has no space, no dash inside, and at most one letter.
        b'0'..=b'9' if holds(|byte| matches!(byte, b' ' | b'-' | b'a'..=b'd' | b'f'..=b'z')) => {
            (!text.contains("e-") && !text.contains("E-")).then_some(value)
        }
        b'$' | b'(' | b'/' | 0x80.. => Some(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::de::DeserializeSeed;

    use super::*;

    /// The result of the full parser.
    fn whole(text: &str) -> Option<String> {
        let builder = NodeBuilder::new(text.len());
        let node = builder.deserialize(serde_yaml::Deserializer::from_str(text)).ok()?;
        Some(format!("{node:?} {}", builder.count()))
    }

    fn ours(text: &str) -> Option<String> {
        let builder = NodeBuilder::new(text.len());
        parse_plain(text, &builder).map(|node| format!("{node:?} {}", builder.count()))
    }

    #[test]
    fn reads_simple_yaml() {
        for text in [
            "- id: azure\n  lines: [17, 23]\n  note: >-\n    One line\n    and more.\n\n    End.\n\n- id: b # why\n",
            "title: \"A: b\"\ndate: 2018-02-23\ndraft: true\nempty:\nlist:\n- a\n- b: c\n  d: 'e'\nlast: 5 days\n",
            "# only\nsha: 19ca937e\nname: 小米’s\nof: []\nsources:\n  - source: report\n    lines: 21-24\n",
        ] {
            assert!(ours(text).is_some(), "{text}");
            assert_eq!(ours(text), whole(text), "{text}");
        }
    }

    #[test]
    fn leaves_other_syntax_to_the_full_parser() {
        for text in [
            "",
            "a",
            "a: &x 1\nb: *x\n",
            "a: |\n  x\n",
            "? a\n",
            "a:\tb\n",
            "a: b: c\n",
            "a: b\n  c\n",
            "- - a\n b\n",
            "a: 0x1\n",
            "a: 1e-3\n",
            "a: NaN\n",
            "a: \"\\n\"\n",
            "a: 'it''s'\n",
            "---\na: b\n",
            "a: [b,\n  c]\n",
            "{a: b}\n",
            "a: >-\n    x\n   y\n",
            "a: b\u{2028}\n",
            "yes: 1\n",
        ] {
            assert_eq!(ours(text), None, "{text}");
        }
    }

    /// Typical lines of YAML, and typical mistakes.
    fn line() -> impl Strategy<Value = String> {
        let value = prop::sample::select(vec![
            "",
            "a",
            "b c",
            "1",
            "0",
            "-",
            "2018-02",
            "1.5",
            "true",
            "no",
            "~",
            "é’",
            "[]",
            "[a, 1]",
            "[a, b # c]",
            "\"q\"",
            "'q'",
            "\"q: #\" # c",
            ">-",
            ">",
            "|",
            "#",
            "a # c",
            "a #",
            "a: b",
            "a:",
            "e1",
            "1e1",
            "12e-1",
            "1e",
            "0x1",
            "19ca9",
            "- a",
            "-",
            "--- a",
            "---",
            "...",
            "&a",
            "*a",
            "!a",
            "{a: b}",
            "a'b",
            "a\"b",
            "[a",
            "a]",
            "\\",
            ".inf",
            "a\tb",
            "\t",
            "a ",
            "null",
            "<<",
            "=",
            "% a",
            "@",
            "a\n\n",
            "\n",
            "? a",
            "-a",
            "+1",
            "$1",
            "(a)",
            "/a",
            "1 - 2",
        ]);
        let indent = prop::sample::select(vec!["", "", "", "  ", "  ", "    ", " ", "      "]);
        let dash = prop::sample::select(vec!["", "", "- ", "-  ", "-"]);
        let key = prop::sample::select(vec!["", "a: ", "b:  ", "c:", "true: ", "1: ", "k-1: ", "'q': ", "a b: "]);
        (indent, dash, key, value).prop_map(|(indent, dash, key, value)| format!("{indent}{dash}{key}{value}\n"))
    }

    proptest! {
        #[test]
        fn agrees_with_the_full_parser(lines in prop::collection::vec(line(), 0..6), cut in 0_usize..3) {
            let text = lines.concat();
            let text = text.get(..text.len().saturating_sub(cut)).unwrap_or(&text);
            if let Some(ours) = ours(text) {
                prop_assert_eq!(Some(ours), whole(text), "{}", text);
            }
        }
    }
}
