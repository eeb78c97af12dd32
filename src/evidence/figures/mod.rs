//! The figures, dates and weekdays that a text carries, so that prose can be held against its claims.
//!
//! A text is cut into words and numbers (`lex`), from which figures are read by rules for English (`read`, `day`,
//! `count`, with the words in `words`). Two ways of writing one thing give one value: `1,500` and `1500`, `$100 billion`
//! and `100 billion dollars`, `5th` and `fifth`. What only looks like a figure gives none: names (`Windows 10`, `F001`),
//! versions, line numbers, and `one`, `first` and `second`, which English uses for much besides counting.

mod calendar;
mod count;
mod day;
mod decimal;
mod follows;
mod lex;
mod masks;
mod multiples;
mod read;
mod supported;
mod words;

pub use calendar::{Calendar, Part};
pub use decimal::Decimal;
pub use follows::{Context, lists};
pub use masks::Masks;
pub use supported::{SupportedFigures, Verdict};

use std::ops::Range;

use crate::source::{any_byte, any_triple};

/// Something in a text that can be right or wrong to the digit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// What it is worth.
    pub value: Value,
    /// The bytes of the text that say it.
    pub range: Range<usize>,
}

impl Figure {
    /// Whether it is a number or a place in a row that `text` says in words: whoever writes may have counted.
    pub fn is_counted_in_words(&self, text: &str) -> bool {
        let words = text.get(self.range.clone()).unwrap_or_default();
        matches!(self.value.kind(), Kind::Number | Kind::Ordinal) && !words.contains(|c: char| c.is_ascii_digit())
    }
}

/// What a figure is worth, however it is written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// A count or measure: `1,500`, `nine`, `2.5 million`, and what multiplies: `doubled`, `tenfold`.
    Number(Decimal),
    /// Several of a round number: `dozens`, `tens of thousands`, `a few million`.
    Several(Decimal),
    /// `20%`, `20 per cent`.
    Percent(Decimal),
    /// `$100 billion`, `100 billion dollars`; the currency by its ISO 4217 code.
    Money(Decimal, &'static str),
    /// `a third`, `3/4`.
    Fraction(u32, u32),
    /// `5th`, `fifth`, `No. 5`.
    Ordinal(u32),
    /// A day, month, year or part of one. Four bare digits are a year; they match the number too.
    Date(Calendar),
    /// A day of the week, from Monday as 0.
    Weekday(u8),
    /// A time of day, in minutes.
    Time(u16),
}

/// What kind of figure a [`Value`] is: only figures of one kind answer one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Kind {
    Number,
    Percent,
    Money,
    Ordinal,
    Date,
    Weekday,
    Time,
}

impl Value {
    /// This number with the unit of this figure, where it has one.
    fn lend_unit(&self, number: &Decimal) -> Option<Self> {
        match self {
            Self::Percent(_) => Some(Self::Percent(number.clone())),
            Self::Money(_, code) => Some(Self::Money(number.clone(), code)),
            _ => None,
        }
    }

    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Number(_) | Self::Several(_) => Kind::Number,
            Self::Percent(_) | Self::Fraction(..) => Kind::Percent,
            Self::Money(..) => Kind::Money,
            Self::Ordinal(_) => Kind::Ordinal,
            Self::Date(_) => Kind::Date,
            Self::Weekday(_) => Kind::Weekday,
            Self::Time(_) => Kind::Time,
        }
    }
}

/// The figures of a text, in order; those inside the names of `masks` are left out.
pub fn figures(text: &str, masks: &Masks) -> Vec<Figure> {
    readings(text, masks).figures
}

/// All that a text can be read to say in figures. A claim is read as liberally as can be: what it may say, it supports.
#[derive(Debug)]
pub(crate) struct Readings {
    /// What it does say.
    pub figures: Vec<Figure>,
    /// What its words may say as well: the `one` that is mostly a pronoun, `a third` without `of`.
    pub also: Vec<Figure>,
}

/// All readings of a text.
pub(crate) fn readings(text: &str, masks: &Masks) -> Readings {
    read::Reader::new(text, masks).readings()
}

/// Whether a text may name a day of a month, which takes digits, and the month by its name or between marks: quicker than
/// to read all figures.
pub fn may_name_day(text: &str) -> bool {
    let bytes = text.as_bytes();
    any_byte(bytes, |byte| byte.is_ascii_digit())
        && (any_byte(bytes, |byte| matches!(byte, b'-' | b'/')) || any_triple(bytes, begins_month))
}

/// Whether the name of a month begins so, short or long, in either case.
fn begins_month([first, second, third]: [u8; 3]) -> bool {
    let is = |month: &[u8; 3]| {
        let [a, b, c] = month;
        ((first | 0x20) ^ a) | ((second | 0x20) ^ b) | ((third | 0x20) ^ c) == 0
    };
    MONTHS.iter().fold(false, |found, month| found | is(month))
}

const MONTHS: [&[u8; 3]; 12] =
    [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];

#[cfg(test)]
mod tests;
