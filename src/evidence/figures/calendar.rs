use jiff::civil::Date;

use crate::evidence::When;

/// A date as words say it: what is not said is absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Calendar {
    /// The year; the first one, of a decade.
    pub year: Option<i16>,
    /// The month, from 1.
    pub month: Option<i8>,
    /// The day of the month, from 1.
    pub day: Option<i8>,
    /// Which part of the month, or of the year where there is no month.
    pub part: Option<Part>,
}

/// A part of a month or year, or a stretch of years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// `early`, `the beginning of`.
    Early,
    /// `mid-`, `the middle of`.
    Middle,
    /// `late`, `the end of`.
    Late,
    /// The first or second half.
    Half(u8),
    /// One of four.
    Quarter(u8),
    /// From spring as 1.
    Season(u8),
    /// Ten years.
    Decade,
}

impl Calendar {
    /// A year.
    pub fn year(year: i16) -> Self {
        Self { year: Some(year), ..Self::default() }
    }

    /// The calendar date that a date is, doubtful or not, where it is a single one.
    pub fn of(when: &When) -> Option<Self> {
        match super::supported::calendars(when).as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// The first and the last day it can mean; absent without a year, for winter (whose year is not clear), and for a
    /// day that does not exist.
    pub fn span(&self) -> Option<(Date, Date)> {
        let year = self.year?;
        let first = |month| Date::new(year, month, 1).ok();
        let last = |month| first(month).map(Date::last_of_month);
        let months = |from, to| Some((first(from)?, last(to)?));
        let days = |month, from, to| Some((Date::new(year, month, from).ok()?, Date::new(year, month, to).ok()?));
        match (self.month, self.day, self.part) {
            (Some(month), Some(day), _) => days(month, day, day),
            (Some(month), None, Some(Part::Early)) => days(month, 1, 12),
            (Some(month), None, Some(Part::Middle)) => days(month, 9, 22),
            (Some(month), None, Some(Part::Late)) => Some((Date::new(year, month, 19).ok()?, last(month)?)),
            (Some(month), None, _) => months(month, month),
            (None, None, None) => months(1, 12),
            (None, None, Some(Part::Early)) => months(1, 4),
            (None, None, Some(Part::Middle)) => months(4, 9),
            (None, None, Some(Part::Late)) => months(9, 12),
            (None, None, Some(Part::Half(half))) => {
                months(if half == 1 { 1 } else { 7 }, if half == 1 { 6 } else { 12 })
            }
            (None, None, Some(Part::Quarter(quarter))) => {
                let last = i8::try_from(quarter).ok()?.checked_mul(3)?;
                months(last - 2, last)
            }
            (None, None, Some(Part::Season(season @ 1..=3))) => {
                let from = i8::try_from(season).ok()? * 3;
                months(from, from + 2)
            }
            (None, None, Some(Part::Decade)) => Some((first(1)?, Date::new(year.checked_add(9)?, 12, 31).ok()?)),
            (None, Some(_), _) | (None, None, Some(Part::Season(_))) => None,
        }
    }

    /// The single day it names.
    pub fn date(&self) -> Option<Date> {
        Date::new(self.year?, self.month?, self.day?).ok()
    }

    /// Whether it names a day that no calendar has: 30 February.
    pub fn is_impossible(&self) -> bool {
        match (self.month, self.day) {
            // 29 February may have been in a leap year.
            (Some(month), Some(day)) => Date::new(self.year.unwrap_or(2000), month, day).is_err(),
            _ => false,
        }
    }

    /// Whether both name a month or a day of one year, and not the same.
    pub(super) fn contradicts(&self, other: &Self) -> bool {
        let differ = |own: Option<i8>, other: Option<i8>| own.is_some() && other.is_some() && own != other;
        self.year == other.year && (differ(self.month, other.month) || differ(self.day, other.day))
    }

    /// Whether `other` says all that this says, and perhaps more.
    pub fn holds(&self, other: &Self) -> bool {
        fn within<T: PartialEq + Copy>(own: Option<T>, other: Option<T>) -> bool {
            own.is_none() || own == other
        }
        let said = within(self.month, other.month) && within(self.day, other.day);
        match (self.part, self.span(), other.span()) {
            (None, ..) => said && within(self.year, other.year),
            (Some(part), ..) if other.part == Some(part) => said && within(self.year, other.year),
            (Some(_), Some(own), Some(other)) => own.0 <= other.0 && other.1 <= own.1,
            _ => false,
        }
    }
}
