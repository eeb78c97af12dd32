//! Citations in Pandoc's syntax: `[@key]`, `[@key, line 9]`, `[see @a, p. 3, and on; @b]`, `[-@key]`, `[@key{p. 3}]`, and
//! `@key` or `@key [p. 3]` in the text.
//!
//! They are read from the source text, not from Markdown events: there smart punctuation, emphasis and line ends would
//! come in pieces, and a reference definition could take a key for a link.

use std::borrow::Cow;
use std::ops::Range;

use super::Citation;
use super::limits::MAX_CITATION;
use crate::data::Coded;
use crate::evidence::Locator;
use crate::source::Span;

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
        hint: Cow<'static, str>,
    },
    /// An ordinary bracket.
    Plain,
}

/// One key of a group, or one that the text names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Cite<'a> {
    /// The key without `@`.
    pub key: &'a str,
    /// The place in the source, as readers see it.
    pub locator: Option<String>,
    /// The words before the key.
    pub prefix: String,
    /// The words after the key and the place.
    pub suffix: String,
    /// From `@` to the end of the suffix.
    pub range: Range<usize>,
}

impl Cite<'_> {
    /// The same for a page, at its place there.
    pub fn citation(self, in_text: bool, span: Span) -> Citation {
        let Self { key, locator, prefix, suffix, .. } = self;
        Citation { key: key.to_owned(), locator, prefix, suffix, in_text, span }
    }
}

const EXAMPLE: &str = "write `[@key]`, `[@key, line 9]`, `[see @key, p. 3]` or `[@a; @b]`";
const KEYS: &str = "keys are letters and digits, with `-`, `_`, `.`, `:`, `/` or `+` between them";

/// Reads what stands at the `[` at `start`.
pub(super) fn bracket(text: &str, start: usize) -> Bracket<'_> {
    let limit = floor_boundary(text, start.saturating_add(MAX_CITATION).min(text.len()));
    let Some(inside) = text.get(start + 1..limit) else { return Bracket::Plain };
    let mut reader = Reader { text: text.get(..limit).unwrap_or_default(), at: start + 1 };
    reader.skip_space();
    match reader.peek() {
        Some('@') => reader.group(start),
        Some('^') => footnote(inside, start),
        _ if names_key(inside) => reader.group(start),
        _ => Bracket::Plain,
    }
}

/// Reads the key that a text names at the `@` at `at`, with the place in brackets that may follow it.
///
/// # Errors
/// The fault of that place, where it is meant as one.
pub(super) fn named(text: &str, at: usize) -> Result<Option<Cite<'_>>, Bracket<'_>> {
    let before = text.get(..at).and_then(|before| before.chars().next_back());
    let limit = floor_boundary(text, at.saturating_add(MAX_CITATION).min(text.len()));
    let rest = text.get(at + 1..limit).unwrap_or_default();
    if before.is_some_and(|c| !c.is_whitespace() && !"([{“‘\"'«—–>*_".contains(c)) {
        return Ok(None);
    }
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut end = 0;
    for (index, c) in rest.char_indices() {
        let next = rest.get(index + c.len_utf8()..).and_then(|rest| rest.chars().next());
        match c {
            c if is_part(c) => end = index + c.len_utf8(),
            '-' | '.' | ':' | '/' | '+' if index > 0 && index == end && next.is_some_and(is_part) => {}
            _ => break,
        }
    }
    let key = rest.get(..end).unwrap_or_default();
    let after = rest.get(end..).unwrap_or_default();
    if key.is_empty() || after.starts_with('@') {
        return Ok(None);
    }
    let mut cite = Cite { key, range: at..at + 1 + end, ..Cite::default() };
    let inside = after.strip_prefix(" [").and_then(|inside| inside.split_once(']')).map(|(inside, _)| inside);
    if let Some(inside) = inside.filter(|inside| !inside.contains(['[', '@', '^', '\n'])) {
        let place = at + 1 + end + 2;
        match Locator::parse_start(inside) {
            Ok((locator, suffix)) if !locator.is_empty() => {
                cite.locator = Some(locator.to_string());
                cite.suffix = suffix.to_owned();
                cite.range.end = place + inside.len() + 1;
            }
            Ok(_) => {}
            Err(fault) => return Err(bad_place(place..place + inside.len(), fault)),
        }
    }
    Ok(Some(cite))
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

/// Whether a bracket has a key in it, with words or a `-` before it.
fn names_key(inside: &str) -> bool {
    let words =
        inside.find([']', '[']).and_then(|close| inside.get(..close).filter(|_| inside[close..].starts_with(']')));
    let Some(words) = words.filter(|words| !words.contains("\n\n")) else { return false };
    words.match_indices('@').any(|(at, _)| {
        let after = words.get(at + 1..).unwrap_or_default();
        starts_key(words.get(..at).unwrap_or_default()) && after.starts_with(|c: char| c.is_alphanumeric() || c == '_')
    })
}

/// Whether a key may begin after these words.
fn starts_key(before: &str) -> bool {
    let before = before.strip_suffix('-').unwrap_or(before);
    before.is_empty() || before.ends_with(|c: char| c.is_whitespace() || c == ';')
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
                Some('[') => return malformed(at..at + 1, "a bracket inside a citation", EXAMPLE),
                _ => return malformed(start..start + 1, "a citation is never closed", EXAMPLE),
            }
        }
    }

    /// One key with all that belongs to it.
    fn cite(&mut self) -> Result<Cite<'a>, Bracket<'a>> {
        let from = self.at;
        let prefix = self.words();
        let prefix = prefix.strip_suffix('-').unwrap_or(&prefix).trim_end().to_owned();
        let start = self.at;
        if self.next() != Some('@') {
            self.at = start;
            return Err(malformed(from..from + 1, "a part of a citation has no `@`", EXAMPLE));
        }
        let key = self.take(|c| !c.is_whitespace() && !matches!(c, ',' | ';' | ']' | '[' | '@' | '{'));
        if key.is_empty() {
            return Err(malformed(start..self.at, "a citation without a key after `@`", EXAMPLE));
        }
        if let Some(bad) = key.chars().find(|c| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.' | ':' | '/' | '+'))
        {
            return Err(malformed(start..self.at, format!("`{}` in a citation's key", bad.escape_debug()), KEYS));
        }
        let mut cite = Cite { key, prefix, range: start..self.at, ..Cite::default() };
        self.place(&mut cite)?;
        Ok(cite)
    }

    /// The place in the source and the words after it.
    fn place(&mut self, cite: &mut Cite<'a>) -> Result<(), Bracket<'a>> {
        self.skip_space();
        let comma = self.at;
        let is_after_comma = self.peek() == Some(',');
        if is_after_comma {
            self.next();
            self.skip_space();
        }
        // A paragraph ends within.
        if matches!(self.peek(), Some('\n' | '\r')) {
            return Ok(());
        }
        let from = self.at;
        let in_braces = self.peek() == Some('{');
        let words = if in_braces { self.braces() } else { Some(self.words()) };
        let Some(words) = words else {
            return Err(malformed(from..from + 1, "a place in braces is never closed", EXAMPLE));
        };
        if words.is_empty() && !in_braces {
            let fault = malformed(comma..comma + 1, "an empty locator", EXAMPLE);
            return if is_after_comma { Err(fault) } else { Ok(()) };
        }
        let (locator, suffix) = match in_braces {
            true if words.trim().is_empty() => (Locator::default(), self.suffix()),
            true => match Locator::parse(&words) {
                Ok(locator) => (locator, self.suffix()),
                Err(fault) => return Err(bad_place(from..self.at, fault)),
            },
            false => match Locator::parse_start(&words) {
                Ok((locator, suffix)) => (locator, suffix.to_owned()),
                Err(fault) => return Err(bad_place(from..self.trimmed(from), fault)),
            },
        };
        cite.locator = (!locator.is_empty()).then(|| locator.to_string());
        cite.suffix = suffix;
        cite.range.end = self.trimmed(cite.range.start);
        Ok(())
    }

    /// The words after a place in braces.
    fn suffix(&mut self) -> String {
        self.skip_space();
        if self.peek() == Some(',') {
            self.next();
            self.skip_space();
        }
        self.words()
    }

    /// What is in the braces that begin here.
    fn braces(&mut self) -> Option<String> {
        self.next();
        let inside = self.take(|c| !matches!(c, '}' | '\n' | '['));
        (self.next() == Some('}')).then(|| inside.to_owned())
    }

    /// Where what was read ends, without the spaces after it.
    fn trimmed(&self, start: usize) -> usize {
        start + self.text.get(start..self.at).unwrap_or_default().trim_end().len()
    }

    /// Words up to `;`, `]`, `[` or the next key, with single spaces; a backslash takes the meaning from a mark.
    fn words(&mut self) -> String {
        let mut words = String::new();
        let mut is_space = false;
        while let Some(c) = self.peek() {
            match c {
                ';' | ']' | '[' => break,
                '@' if words.is_empty() || is_space || words.ends_with('-') => break,
                '\\' => {
                    self.next();
                    let escaped = self.peek().filter(char::is_ascii_punctuation);
                    push(&mut words, &mut is_space, escaped.unwrap_or('\\'));
                    self.at += usize::from(escaped.is_some());
                }
                ' ' | '\t' | '\n' | '\r' => {
                    let before = self.at;
                    self.skip_space();
                    if matches!(self.peek(), Some('\n' | '\r')) || self.at == before {
                        break;
                    }
                    is_space = true;
                }
                c => {
                    self.next();
                    push(&mut words, &mut is_space, c);
                }
            }
        }
        words
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

fn push(words: &mut String, is_space: &mut bool, c: char) {
    if std::mem::take(is_space) && !words.is_empty() {
        words.push(' ');
    }
    words.push(c);
}

/// What is meant as a place, and none.
fn bad_place<'a>(at: Range<usize>, fault: Coded<'_>) -> Bracket<'a> {
    Bracket::Malformed { at, message: fault.message, hint: fault.hint.unwrap_or_default().into() }
}

fn malformed<'a>(at: Range<usize>, message: impl Into<String>, hint: &'static str) -> Bracket<'a> {
    Bracket::Malformed { at, message: message.into(), hint: hint.into() }
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
                let cites: Vec<String> = cites.iter().map(shown).collect();
                format!("{} | {}", cites.join(" "), &text[end..])
            }
            Bracket::Footnote { label, end } => format!("^{label} | {}", &text[end..]),
            Bracket::Malformed { at, message, .. } => format!("{message}: {:?}", &text[at]),
            Bracket::Plain => "plain".to_owned(),
        }
    }

    fn shown(cite: &Cite<'_>) -> String {
        let locator = cite.locator.as_ref().map(|locator| format!("({locator})")).unwrap_or_default();
        let prefix = if cite.prefix.is_empty() { String::new() } else { format!("<{}>", cite.prefix) };
        let suffix = if cite.suffix.is_empty() { String::new() } else { format!("<{}>", cite.suffix) };
        format!("{prefix}{}{locator}{suffix}", cite.key)
    }

    #[test]
    fn groups() {
        for (text, expected) in [
            ("[@a]", "a | "),
            ("[@azure-since-2015].", "azure-since-2015 | ."),
            ("[@a; @b-2;@c ] x", "a b-2 c |  x"),
            ("[@a, line 9] x", "a(line 9) |  x"),
            ("[@a, lines 21–24, 30; @b]", "a(lines 21–24 and 30) b | "),
            ("[@a;\n@b]", "a b | "),
            ("[@a,\n> line  9\n> and 10]", "a(lines 9 and 10) | "),
            ("[@É_x.y:z/1]", "É_x.y:z/1 | "),
            ("[ @a ]", "a | "),
            ("[@a, p. 37; @b, ch. 7, p. 212]", "a(p. 37) b(chap. 7, p. 212) | "),
            ("[see @a, p. 3, and on; also @b]", "<see>a(p. 3)<and on> <also>b | "),
            ("[see\n> @a]", "<see>a | "),
            ("[-@a] [-@b]", "a |  [-@b]"),
            ("[cf. -@a, emphasis added]", "<cf.>a<emphasis added> | "),
            ("[@a{p. 3}]", "a(p. 3) | "),
            ("[@a, {p. 3} and on]", "a(p. 3)<and on> | "),
            ("[@a{}, p. 3 of them]", "a<p. 3 of them> | "),
            ("[@a, p. 3 \\; so \\[it\\] is]", "a<p. 3 ; so [it] is> | "),
            ("[@a b]", "a<b> | "),
            ("[@DBLP:conf/icml/X; @foo_bar+1]", "DBLP:conf/icml/X foo_bar+1 | "),
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
            ("[@a @b]", "two keys without a `;` between them: \"@\""),
            ("[@a; b]", "a part of a citation has no `@`: \"b\""),
            ("[@a;]", "a part of a citation has no `@`: \"]\""),
            ("[@a,]", "an empty locator: \",\""),
            ("[@a[b]]", "a bracket inside a citation: \"[\""),
            ("[@a*b]", "`*` in a citation's key: \"@a*b\""),
            ("[see @a, pg 37]", "`pg 37` is not a place in a source: \"pg 37\""),
            ("[@a{pg 37}]", "`pg 37` is not a place in a source: \"{pg 37}\""),
            ("[@a{p. 3]", "a place in braces is never closed: \"{\""),
            ("[see @a; and b]", "a part of a citation has no `@`: \"a\""),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_citation() {
        for text in
            ["[see a]", "[x", "[at @]", "[x]", "[write to me@example.org]", "[at 5 @ 6]", "[^]", "[^a b]", "[", "[]"]
        {
            assert_eq!(read(text), "plain", "{text}");
        }
        assert_eq!(read("[^1] x"), "^1 |  x");
    }

    #[test]
    fn keys_in_the_text() {
        let read = |text: &str| match named(text, text.find('@').expect("a key")) {
            Ok(Some(cite)) => format!("{} | {}", shown(&cite), &text[cite.range.end..]),
            Ok(None) => "none".to_owned(),
            Err(Bracket::Malformed { message, .. }) => message,
            Err(_) => "?".to_owned(),
        };
        for (text, expected) in [
            ("@smith says", "smith |  says"),
            ("(@smith2018.)", "smith2018 | .)"),
            ("As @DBLP:conf/x: it", "DBLP:conf/x | : it"),
            ("@smith [p. 3] says", "smith(p. 3) |  says"),
            ("@smith [sic] says", "smith |  [sic] says"),
            ("@smith [pg 3]", "`pg 3` is not a place in a source"),
            ("me@example.org", "none"),
            ("@user@example.org", "none"),
            ("https://x.org/@user", "none"),
            ("\\@smith", "none"),
            ("at @ 6", "none"),
            ("@é_1", "é_1 | "),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
