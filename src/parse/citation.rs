//! Citations in Pandoc's syntax: `[@key]`, `[@key, line 9]`, `[@a; @b]`.
//!
//! They are read from the source text, not from Markdown events: there smart punctuation, emphasis and line ends would
//! come in pieces, and a reference definition could take a key for a link.

use std::ops::Range;

use super::limits::MAX_CITATION;

/// What stands at a `[`.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Bracket<'a> {
    /// A citation group.
    Group {
        /// Its keys, in order.
        cites: Vec<Cite<'a>>,
        /// One past `]`.
        end: usize,
    },
    /// A reference to a footnote, `[^label]`.
    Footnote {
        /// The label.
        label: &'a str,
        /// One past `]`.
        end: usize,
    },
    /// Meant as a citation, and none.
    Malformed {
        /// The place of the fault.
        at: Range<usize>,
        /// What is wrong there.
        message: String,
        /// What to do.
        hint: &'static str,
    },
    /// An ordinary bracket.
    Plain,
}

/// One key of a group.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cite<'a> {
    /// The key without `@`.
    pub key: &'a str,
    /// What follows the comma, on one line.
    pub locator: Option<String>,
    /// From `@` to the end of the locator.
    pub range: Range<usize>,
}

const EXAMPLE: &str = "write `[@key]`, `[@key, line 9]` or `[@a; @b]`";
const KEYS: &str = "keys are letters, digits and hyphens";
const ESCAPE: &str = "a citation is its own bracket, `see [@key]`; for a plain bracket write `\\[`";

/// Reads what stands at the `[` at `start`.
pub(super) fn bracket(text: &str, start: usize) -> Bracket<'_> {
    let limit = floor_boundary(text, start.saturating_add(MAX_CITATION).min(text.len()));
    let Some(inside) = text.get(start + 1..limit) else { return Bracket::Plain };
    let mut reader = Reader { text: text.get(..limit).unwrap_or_default(), at: start + 1 };
    reader.skip_space();
    match reader.peek() {
        Some('@') => reader.group(start),
        Some('^') => footnote(inside, start),
        _ => stray_key(inside, start),
    }
}

fn footnote(inside: &str, start: usize) -> Bracket<'_> {
    match inside.strip_prefix('^').and_then(|rest| rest.split_once(']')) {
        Some((label, _))
            if !label.is_empty() && !label.contains(['[', '^']) && !label.contains(char::is_whitespace) =>
        {
            Bracket::Footnote { label, end: start + label.len() + 3 }
        }
        _ => Bracket::Plain,
    }
}

/// `[see @key]` would be a citation in Pandoc, and is shown to the reader as it stands here.
fn stray_key(inside: &str, start: usize) -> Bracket<'_> {
    let Some(close) = inside.find([']', '[', '\n']) else { return Bracket::Plain };
    let words = inside.get(..close).unwrap_or_default();
    let key = |at: usize| words.get(at + 2..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
    match [" @", ";@", "-@"].iter().filter_map(|mark| words.find(mark)).min() {
        Some(at) if key(at) && inside[close..].starts_with(']') => Bracket::Malformed {
            at: start..start + close + 2,
            message: "a citation has other words before its key".to_owned(),
            hint: ESCAPE,
        },
        _ => Bracket::Plain,
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn group(&mut self, start: usize) -> Bracket<'a> {
        let mut cites = Vec::with_capacity(1);
        loop {
            match self.cite() {
                Ok(cite) => cites.push(cite),
                Err(malformed) => return malformed,
            }
            let at = self.at;
            match self.next() {
                Some(']') => return Bracket::Group { cites, end: self.at },
                Some(';') => self.skip_space(),
                Some('@') => {
                    return malformed(
                        at..at + 1,
                        "two keys without a `;` between them",
                        "separate keys with `;`: `[@a; @b]`",
                    );
                }
                Some(',') => return malformed(at..at + 1, "an empty locator", EXAMPLE),
                Some('[') => return malformed(at..at + 1, "a bracket inside a citation", EXAMPLE),
                Some('\n' | '\r') | None => return malformed(start..start + 1, "a citation is never closed", EXAMPLE),
                Some(_) => {
                    return malformed(at..self.at, "something other than `,`, `;` or `]` after the key", EXAMPLE);
                }
            }
        }
    }

    /// One key with its locator, and the spaces after it.
    fn cite(&mut self) -> Result<Cite<'a>, Bracket<'a>> {
        let start = self.at;
        if self.next() != Some('@') {
            self.at = start;
            return Err(malformed(start..start + 1, "a part of a citation has no `@`", EXAMPLE));
        }
        let key = self.take(|c| !c.is_whitespace() && !matches!(c, ',' | ';' | ']' | '[' | '@'));
        if key.is_empty() {
            return Err(malformed(start..self.at, "a citation without a key after `@`", EXAMPLE));
        }
        if let Some(bad) = key.chars().find(|c| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.' | ':' | '/')) {
            return Err(malformed(start..self.at, format!("`{}` in a citation's key", bad.escape_debug()), KEYS));
        }
        let mut end = self.at;
        self.skip_space();
        let mut locator = None;
        if self.peek() == Some(',') {
            let comma = self.at;
            self.next();
            self.skip_space();
            let words = self.locator();
            if words.is_empty() {
                self.at = comma;
            } else {
                end = self.at;
                locator = Some(words);
                self.skip_space();
            }
        }
        Ok(Cite { key, locator, range: start..end })
    }

    /// Words up to `;` or `]`, with single spaces.
    fn locator(&mut self) -> String {
        let mut words = String::new();
        loop {
            let word = self.take(|c| !c.is_whitespace() && !matches!(c, ';' | ']' | '['));
            if word.is_empty() {
                return words;
            }
            if !words.is_empty() {
                words.push(' ');
            }
            words.push_str(word);
            let end = self.at;
            self.skip_space();
            if matches!(self.peek(), Some(';' | ']' | '[') | None) {
                self.at = end;
                return words;
            }
        }
    }

    /// Skips spaces and at most one line end, with the marks of a quotation that may follow it.
    fn skip_space(&mut self) {
        self.take(|c| c == ' ' || c == '\t');
        if matches!(self.peek(), Some('\n' | '\r')) {
            self.take(|c| c == '\r');
            self.next();
            self.take(|c| matches!(c, ' ' | '\t' | '>'));
        }
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn take(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }
}

fn malformed<'a>(at: Range<usize>, message: impl Into<String>, hint: &'static str) -> Bracket<'a> {
    Bracket::Malformed { at, message: message.into(), hint }
}

fn floor_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        match bracket(text, 0) {
            Bracket::Group { cites, end } => {
                let cites: Vec<String> = cites
                    .iter()
                    .map(|cite| match &cite.locator {
                        Some(locator) => format!("{}({locator})", cite.key),
                        None => cite.key.to_owned(),
                    })
                    .collect();
                format!("{} | {}", cites.join(" "), &text[end..])
            }
            Bracket::Footnote { label, end } => format!("^{label} | {}", &text[end..]),
            Bracket::Malformed { at, message, .. } => format!("{message}: {:?}", &text[at]),
            Bracket::Plain => "plain".to_owned(),
        }
    }

    #[test]
    fn groups() {
        for (text, expected) in [
            ("[@a]", "a | "),
            ("[@azure-since-2015].", "azure-since-2015 | ."),
            ("[@a; @b-2;@c ] x", "a b-2 c |  x"),
            ("[@a, line 9] x", "a(line 9) |  x"),
            ("[@a, lines 21–24, 30; @b]", "a(lines 21–24, 30) b | "),
            ("[@a;\n@b]", "a b | "),
            ("[@a,\n> line  9\n> and 10]", "a(line 9 and 10) | "),
            ("[@É_x.y:z/1]", "É_x.y:z/1 | "),
            ("[ @a ]", "a | "),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn faults() {
        for (text, expected) in [
            ("[@]", "a citation without a key after `@`: \"@\""),
            ("[@a", "a citation is never closed: \"[\""),
            ("[@a\n\nb]", "a citation is never closed: \"[\""),
            ("[@a b]", "something other than `,`, `;` or `]` after the key: \"b\""),
            ("[@a @b]", "two keys without a `;` between them: \"@\""),
            ("[@a; b]", "a part of a citation has no `@`: \"b\""),
            ("[@a;]", "a part of a citation has no `@`: \"]\""),
            ("[@a,]", "an empty locator: \",\""),
            ("[@a[b]]", "a bracket inside a citation: \"[\""),
            ("[@a*b]", "`*` in a citation's key: \"@a*b\""),
            ("[see @a]", "a citation has other words before its key: \"[see @a]\""),
            ("[-@a]", "a citation has other words before its key: \"[-@a]\""),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_citation() {
        for text in ["[x]", "[write to me@example.org]", "[at 5 @ 6]", "[^]", "[^a b]", "[", "[]"] {
            assert_eq!(read(text), "plain", "{text}");
        }
        assert_eq!(read("[^1] x"), "^1 |  x");
    }
}
