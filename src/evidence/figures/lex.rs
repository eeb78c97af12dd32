//! A text cut into words, numbers and marks.

use std::ops::Range;

use super::Masks;
use super::words::{is_unit, vulgar_decimals};

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token<'t> {
    pub kind: Kind<'t>,
    pub range: Range<usize>,
    /// Whether a space stands before it.
    pub spaced: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind<'t> {
    /// Letters.
    Word(&'t str),
    /// A number in digits.
    Digits(Digits<'t>),
    /// What has digits and is no number: a version, a model, a masked name.
    Name,
    /// Any other character.
    Mark(char),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Digits<'t> {
    /// The digits without what groups them; at most one `.`.
    pub text: String,
    /// Whether it is written in digits alone.
    pub plain: bool,
    /// The letters that hang on it: `th`, `s`, `bn`, `km`.
    pub suffix: &'t str,
}

impl Digits<'_> {
    /// Its value, where it is a plain whole number.
    pub fn whole(&self) -> Option<u32> {
        if self.plain { self.text.parse().ok() } else { None }
    }
}

/// Cuts a text; no piece overlaps another.
pub(super) fn tokens<'t>(text: &'t str, masks: &Masks) -> Vec<Token<'t>> {
    let mut lexer = Lexer { text, at: 0, tokens: Vec::with_capacity(text.len() / 5) };
    while let Some(next) = lexer.rest().chars().next() {
        lexer.token(next, masks);
    }
    lexer.tokens
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    tokens: Vec<Token<'t>>,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn token(&mut self, next: char, masks: &Masks) {
        let start = self.at;
        let spaced = self.tokens.last().is_none_or(|last| last.range.end < start);
        let kind = if next.is_whitespace() {
            self.at += next.len_utf8();
            return;
        } else if let Some(length) = masks.length(self.rest()) {
            self.at += length;
            Kind::Name
        } else if next.is_ascii_digit() {
            self.number()
        } else if next.is_alphabetic() {
            self.word()
        } else {
            self.at += next.len_utf8();
            Kind::Mark(next)
        };
        self.tokens.push(Token { kind, range: start..self.at, spaced });
    }

    /// Letters; with digits among them they are a name, as is what a capitalised word has after a hyphen (`Covid-19`).
    fn word(&mut self) -> Kind<'t> {
        let run = leading(self.rest(), char::is_alphanumeric);
        self.at += run.len();
        if self.rest().starts_with("://") {
            self.at += leading(self.rest(), |c| !c.is_whitespace()).len();
            return Kind::Name;
        }
        if run.contains(|c: char| c.is_numeric()) {
            return Kind::Name;
        }
        let behind = self.rest().strip_prefix('-').unwrap_or_default();
        let before_date = ["mid", "pre", "post", "early", "late"].iter().any(|word| run.eq_ignore_ascii_case(word));
        if behind.starts_with(|c: char| c.is_ascii_digit()) && run.starts_with(char::is_uppercase) && !before_date {
            self.at += 1 + leading(behind, |c| c.is_alphanumeric() || c == '.').trim_end_matches('.').len();
            return Kind::Name;
        }
        Kind::Word(run)
    }

    /// A number with its grouping, its decimals and its suffix.
    fn number(&mut self) -> Kind<'t> {
        let start = self.at;
        let mut digits = self.digits();
        if digits.len() <= 3 {
            self.groups(&mut digits);
        }
        if let Some(part) = self.rest().strip_prefix(['.', '·']).map(|rest| leading(rest, is_digit))
            && !part.is_empty()
        {
            let dot = self.rest().chars().next().map_or(0, char::len_utf8);
            self.at += dot + part.len();
            digits.push('.');
            digits.push_str(part);
        } else if let Some((mark, part)) = self.rest().chars().next().and_then(|c| Some((c, vulgar_decimals(c)?))) {
            self.at += mark.len_utf8();
            digits.push('.');
            digits.push_str(part);
        }
        let plain = self.at - start == digits.len() && !digits.contains('.');
        let suffix = leading(self.rest(), char::is_alphabetic);
        self.at += suffix.len();
        let goes_on = |rest: &str| rest.starts_with(|c: char| c.is_alphanumeric());
        let is_name = (!suffix.is_empty() && !is_unit(&digits, suffix))
            || goes_on(self.rest())
            || self.rest().strip_prefix('.').is_some_and(goes_on);
        if is_name {
            self.at += leading(self.rest(), |c| c.is_alphanumeric() || c == '.').trim_end_matches('.').len();
            return Kind::Name;
        }
        Kind::Digits(Digits { text: digits, plain, suffix })
    }

    /// Takes `,500` after `1`, and the like, as long as all groups have one separator.
    fn groups(&mut self, digits: &mut String) {
        let separators = [',', ' ', '\u{a0}', '\u{2009}', '\u{202f}', '’', '\''];
        let Some(separator) = self.rest().chars().next().filter(|c| separators.contains(c)) else { return };
        while let Some(group) = self.rest().strip_prefix(separator).map(|rest| leading(rest, is_digit))
            && group.len() == 3
        {
            self.at += separator.len_utf8() + 3;
            digits.push_str(group);
        }
    }

    fn digits(&mut self) -> String {
        let digits = leading(self.rest(), is_digit);
        self.at += digits.len();
        digits.to_owned()
    }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// What `text` starts with, as long as `test` holds.
fn leading(text: &str, test: impl Fn(char) -> bool) -> &str {
    let end = text.find(|c| !test(c)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}
