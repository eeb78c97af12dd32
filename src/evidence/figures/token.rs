use std::ops::Range;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub range: Range<usize>,
    pub kind: TokenKind<'a>,
    /// Whether a blank stands before it.
    pub spaced: bool,
}

/// What a [`Token`] is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind<'a> {
    /// Letters, with the letters and digits that follow them: `Azure`, `A7`.
    Word(&'a str),
    /// Digits, with their grouping and decimal point.
    Number(Number<'a>),
    /// A day: `2018-02-23`, or a month: `2018-02`.
    Iso(i16, i8, Option<i8>),
    /// A time of day.
    Time(u8, u8),
    /// Any other sign.
    Sign(char),
}

/// A number as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Number<'a> {
    /// The digits with grouping and point: `1,500.5`.
    pub text: &'a str,
    /// The letters or percent sign that follow at once: `th`, `bn`, `%`.
    pub suffix: &'a str,
    /// Whether the text is nothing but digits.
    pub plain: bool,
}

/// Cuts a text into pieces.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    let mut spaced = false;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let first = rest.chars().next().unwrap_or(' ');
        if first.is_whitespace() {
            spaced = true;
            at += first.len_utf8();
            continue;
        }
        let (len, kind) = if first.is_ascii_digit() {
            number(rest)
        } else if first.is_alphabetic() {
            let len = run(rest, char::is_alphanumeric);
            (len, TokenKind::Word(rest.get(..len).unwrap_or_default()))
        } else {
            (first.len_utf8(), TokenKind::Sign(first))
        };
        tokens.push(Token { range: at..at + len, kind, spaced });
        spaced = false;
        at += len.max(1);
    }
    tokens
}

/// The bytes at the start of a text whose characters all pass.
fn run(text: &str, pass: impl Fn(char) -> bool) -> usize {
    text.find(|c: char| !pass(c)).unwrap_or(text.len())
}

fn digits(text: &str) -> usize {
    run(text, |c| c.is_ascii_digit())
}

fn number(text: &str) -> (usize, TokenKind<'_>) {
    if let Some(found) = iso(text).or_else(|| time(text)) {
        return found;
    }
    let first = digits(text);
    let mut len = first;
    // Groups of three after one to three digits, parted by a comma or by some blank.
    while let Some(rest) = text.get(len..).filter(|_| first <= 3) {
        let separator = rest.chars().next().filter(|c| matches!(c, ',' | ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}'));
        let Some(separator) = separator else { break };
        let group = rest.get(separator.len_utf8()..).unwrap_or_default();
        if digits(group) != 3 {
            break;
        }
        len += separator.len_utf8() + 3;
    }
    let fraction = |len: usize| match text.get(len..).and_then(|rest| rest.strip_prefix('.')) {
        Some(rest) if digits(rest) > 0 => 1 + digits(rest),
        _ => 0,
    };
    let mut points = 0;
    while fraction(len) > 0 {
        len += fraction(len);
        points += 1;
    }
    let written = text.get(..len).unwrap_or_default();
    let rest = text.get(len..).unwrap_or_default();
    let suffix = if rest.starts_with('%') { 1 } else { run(rest, char::is_alphabetic) };
    let number =
        Number { text: written, suffix: rest.get(..suffix).unwrap_or_default(), plain: len == first && points == 0 };
    (len + suffix, TokenKind::Number(number))
}

fn iso(text: &str) -> Option<(usize, TokenKind<'_>)> {
    let two = |text: &str| if digits(text) == 2 { text.get(..2)?.parse::<i8>().ok() } else { None };
    if digits(text) != 4 {
        return None;
    }
    let year = text.get(..4)?.parse().ok()?;
    let month = two(text.get(4..)?.strip_prefix('-')?).filter(|month| (1..=12).contains(month))?;
    let day = text.get(7..)?.strip_prefix('-').and_then(two).filter(|day| (1..=31).contains(day));
    let len = if day.is_some() { 10 } else { 7 };
    let after = text.get(len..)?.chars().next();
    after.is_none_or(|c| !c.is_alphanumeric()).then_some((len, TokenKind::Iso(year, month, day)))
}

fn time(text: &str) -> Option<(usize, TokenKind<'_>)> {
    let first = digits(text);
    let rest = text.get(first..)?.strip_prefix(':')?;
    if first > 2 || digits(rest) != 2 {
        return None;
    }
    let (hour, minute) = (text.get(..first)?.parse().ok()?, rest.get(..2)?.parse().ok()?);
    (hour <= 24 && minute < 60).then_some((first + 3, TokenKind::Time(hour, minute)))
}
