//! What figures, dates and days of the week a text carries, in one form whatever they are written like, and whether
//! other texts and dates carry them too.
//!
//! `1,500`, `1500` and `1 500` are one number, `seven` is 7, `15 per cent` is `15%`, `1.5 billion` is 1,500,000,000.
//! Words such as "about" do not change a number. Number words count up to twelve; ordinals in words do not count, as
//! "first" and "second" mostly order and do not measure.

mod carry;
mod number;
mod scan;
mod token;

pub use carry::{Carried, Carrier};
pub use number::Decimal;
pub use scan::figures;

use std::ops::Range;

/// A figure, date or day of the week in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// What it says.
    pub kind: FigureKind,
    /// Whether it is a number in words: `seven`.
    pub in_words: bool,
}

/// What a [`Figure`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FigureKind {
    /// A number, with what it counts where that changes its meaning.
    Number {
        /// Its value.
        value: Decimal,
        /// Whether it is a percentage.
        percent: bool,
        /// The currency, where it is money.
        currency: Option<&'static str>,
    },
    /// A whole number from 1700 to 2099 that nothing marks as a quantity: most likely a year.
    Year(i16),
    /// The ten years from this one: `2010s`.
    Decade(i16),
    /// A date: month and year, day and month, or all three.
    Calendar(Calendar),
    /// A day of the week, from Monday as 0.
    Weekday(u8),
    /// A time of day, as hours and minutes.
    Time(u8, u8),
    /// A number with several points, such as a version.
    Verbatim(String),
}

/// A date as a text has it; at least a month is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// The year, where it is said.
    pub year: Option<i16>,
    /// The month, from 1.
    pub month: i8,
    /// The day of the month, where it is said.
    pub day: Option<i8>,
}

#[cfg(test)]
mod tests;
