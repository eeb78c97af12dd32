//! The info string of a component call: `{name} key=value key="two words"`.

use std::ops::Range;

use super::limits::MAX_ARGUMENTS;

/// A parsed info string that starts with `{`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Info {
    /// The component's name.
    pub name: String,
    /// Its arguments, in order, each with its range in the text.
    pub args: Vec<(String, String, Range<usize>)>,
}

/// A problem of an info string.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct InfoStringError {
    /// Its range in the text.
    pub at: Range<usize>,
    /// The message.
    pub message: String,
    /// The hint.
    pub hint: &'static str,
}

const EXAMPLE: &str = "write `{name} key=value key=\"two words\"`";

/// Parses an info string: the valid parts, if it has a valid name, and all problems.
pub(super) fn parse_info(text: &str) -> (Option<Info>, Vec<InfoStringError>) {
    let mut faults = Vec::new();
    let Some((name, rest)) = text.strip_prefix('{').and_then(|rest| rest.split_once('}')) else {
        faults.push(fault(0..text.len(), "the name of a component is not closed by `}`", EXAMPLE));
        return (None, faults);
    };
    let name = name.trim();
    if !is_name(name) {
        let message = format!("`{}` is not a valid component name", name.escape_debug());
        faults.push(fault(0..text.len() - rest.len(), message, "names are lower-case letters, digits and hyphens"));
        return (None, faults);
    }
    let mut args: Vec<(String, String, Range<usize>)> = Vec::new();
    let mut at = text.len() - rest.len();
    while let Some(start) = next_word(text, at) {
        if args.len() + faults.len() >= MAX_ARGUMENTS {
            let message = format!("a call has more than {MAX_ARGUMENTS} arguments (MAX_ARGUMENTS)");
            faults.push(fault(start..text.len(), message, "put long text into the body"));
            break;
        }
        match argument(text, start) {
            Ok((key, value, end)) => {
                if args.iter().any(|(other, ..)| *other == key) {
                    faults.push(fault(start..end, format!("`{key}` is given twice"), "keep one of the two"));
                } else {
                    args.push((key, value, start..end));
                }
                at = end;
            }
            Err(problem) => {
                at = problem.at.end.max(start + 1);
                faults.push(problem);
            }
        }
    }
    (Some(Info { name: name.to_owned(), args }), faults)
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_'))
}

/// The start of the next word at or after `at`.
fn next_word(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let start = at + (rest.len() - rest.trim_start().len());
    (start < text.len()).then_some(start)
}

/// `key=value` at `start`: the key, the value and the end.
fn argument(text: &str, start: usize) -> Result<(String, String, usize), InfoStringError> {
    let rest = text.get(start..).unwrap_or_default();
    let word = start + rest.find(char::is_whitespace).unwrap_or(rest.len());
    let key_end = start + rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
    let key = text.get(start..key_end).unwrap_or_default();
    let Some(value) = text.get(key_end..).and_then(|rest| rest.strip_prefix('=')) else {
        return Err(fault(start..word, format!("`{}` has no value", key.escape_debug()), EXAMPLE));
    };
    if !is_name(key) {
        let message = format!("`{}` is not a valid argument name", key.escape_debug());
        return Err(fault(start..word, message, "names are lower-case letters, digits and hyphens"));
    }
    match value.chars().next() {
        Some(quote @ ('"' | '\'')) => match quoted(value, quote) {
            Some((value, length)) => Ok((key.to_owned(), value, key_end + 1 + length)),
            None => Err(fault(key_end + 1..text.len(), "a quotation mark is never closed", EXAMPLE)),
        },
        Some(c) if !c.is_whitespace() => {
            Ok((key.to_owned(), text.get(key_end + 1..word).unwrap_or_default().to_owned(), word))
        }
        _ => Err(fault(start..key_end + 1, format!("`{key}=` has no value"), "an empty value is `\"\"`")),
    }
}

/// The quoted value at the start of `text`, where a backslash escapes a quotation mark, and its length with the quotes.
fn quoted(text: &str, quote: char) -> Option<(String, usize)> {
    let mut value = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some((_, saved)) if saved == quote || saved == '\\' => value.push(saved),
                Some((_, other)) => value.extend(['\\', other]),
                None => return None,
            },
            _ if c == quote => {
                let end = at + 1;
                let parted =
                    text.get(end..).is_none_or(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace));
                return parted.then_some((value, end));
            }
            _ => value.push(c),
        }
    }
    None
}

fn fault(at: Range<usize>, message: impl Into<String>, hint: &'static str) -> InfoStringError {
    InfoStringError { at, message: message.into(), hint }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let (info, faults) = parse_info(text);
        let mut out = String::new();
        if let Some(info) = info {
            out += &info.name;
            for (key, value, at) in info.args {
                out += &format!(" {key}={value:?}@{}", &text[at]);
            }
        }
        for fault in faults {
            out += &format!(" !{} {:?}", fault.message, &text[fault.at]);
        }
        out
    }

    #[test]
    fn calls() {
        for (text, expected) in [
            ("{bottom-line}", "bottom-line"),
            ("{brings} entity=microsoft", "brings entity=\"microsoft\"@entity=microsoft"),
            (
                r#"{note} title="two \"words\"" x='a b'"#,
                r#"note title="two \"words\""@title="two \"words\"" x="a b"@x='a b'"#,
            ),
            ("{ note }x=1=2", "note x=\"1=2\"@x=1=2"),
            (r#"{n} a="""#, r#"n a=""@a="""#),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn faults() {
        for (text, expected) in [
            ("{note", " !the name of a component is not closed by `}` \"{note\""),
            ("{}", " !`` is not a valid component name \"{}\""),
            ("{No te} x=1", " !`No te` is not a valid component name \"{No te}\""),
            ("{n} word x=1", "n x=\"1\"@x=1 !`word` has no value \"word\""),
            ("{n} x= y=1", "n y=\"1\"@y=1 !`x=` has no value \"x=\""),
            ("{n} x=\"open", "n !a quotation mark is never closed \"\\\"open\""),
            ("{n} x=\"a\"b y=1", "n !a quotation mark is never closed \"\\\"a\\\"b y=1\""),
            ("{n} X=1", "n !`X` is not a valid argument name \"X=1\""),
            ("{n} x=1 x=2", "n x=\"1\"@x=1 !`x` is given twice \"x=2\""),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
