use crate::evidence::Locator;

use super::{Bracket, Cite, EXAMPLE, KEYS, bad_place, malformed};

/// Reads a citation group from a text.
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    /// A reader at a byte of a text.
    pub(super) fn new(text: &'a str, at: usize) -> Self {
        Self { text, at }
    }

    pub(super) fn group(&mut self, start: usize) -> Bracket<'a> {
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
        let place = from..self.trimmed(from);
        let read = match in_braces {
            true if words.trim().is_empty() => Ok((Locator::default(), self.suffix())),
            true => Locator::parse(&words).map(|locator| (locator, self.suffix())),
            false => Locator::parse_start(&words).map(|(locator, suffix)| (locator, suffix.to_owned())),
        };
        let (locator, suffix) = read.unwrap_or_else(|fault| {
            cite.fault = Some(bad_place(place, fault));
            <(Locator, String)>::default()
        });
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
    pub(super) fn skip_space(&mut self) {
        self.take(|c| c == ' ' || c == '\t');
        if matches!(self.peek(), Some('\n' | '\r')) {
            self.take(|c| c == '\r');
            self.next();
            self.take(|c| matches!(c, ' ' | '\t' | '>'));
        }
    }

    pub(super) fn peek(&self) -> Option<char> {
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
