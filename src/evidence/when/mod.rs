//! Dates as the sources allow them: EDTF (ISO 8601-2), with their bounds and their honest words.

mod read;
mod text;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

pub use edtf_core::BoundDate;
use edtf_core::{Bound, DateField, Edtf, IntervalEndpoint, SetElement, YearKind};
use jiff::civil::Date;

pub use text::year_text;

/// A date as EDTF (ISO 8601-2, levels 0 to 2) says it: `2015`, `2016-06`, `2018-02-23?`, `[2017-10-21..2017-10-31]`,
/// `2018-02/..`. A clone is cheap.
#[derive(Clone, PartialEq, Eq)]
pub struct When(Arc<Parsed>);

#[derive(PartialEq, Eq)]
struct Parsed {
    text: Box<str>,
    edtf: Edtf,
    earliest: Option<BoundDate>,
    latest: Option<BoundDate>,
}

/// The finest unit that a date names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// A time of a day.
    Time,
    /// A day.
    Day,
    /// A month.
    Month,
    /// A season, quarter or half of a year.
    Season,
    /// A year.
    Year,
    /// Only a decade or longer: `201X`.
    Decade,
    /// A duration, from a start to an end.
    Interval,
    /// One of several dates, or all of them.
    Set,
}

impl Precision {
    /// Its name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Day => "day",
            Self::Month => "month",
            Self::Season => "season",
            Self::Year => "year",
            Self::Decade => "decade",
            Self::Interval => "interval",
            Self::Set => "set",
        }
    }
}

impl When {
    /// The EDTF text.
    pub fn edtf(&self) -> &str {
        &self.0.text
    }

    /// The first day it can mean; `None` when that is open or unknown.
    pub fn earliest(&self) -> Option<BoundDate> {
        self.0.earliest
    }

    /// The last day it can mean; `None` when that is open or unknown.
    pub fn latest(&self) -> Option<BoundDate> {
        self.0.latest
    }

    /// [`When::earliest`] where a calendar reaches so far: from 9999 BC to 9999.
    pub fn start(&self) -> Option<Date> {
        self.earliest().and_then(calendar_day)
    }

    /// [`When::latest`] where a calendar reaches so far.
    pub fn end(&self) -> Option<Date> {
        self.latest().and_then(calendar_day)
    }

    /// Whether it is marked as doubtful (`?` or `%`): inferred, not printed in a source.
    pub fn is_uncertain(&self) -> bool {
        self.0.edtf.is_uncertain()
    }

    /// Whether it is marked as an estimate (`~` or `%`).
    pub fn is_approximate(&self) -> bool {
        self.0.edtf.is_approximate()
    }

    /// The finest unit it names.
    pub fn precision(&self) -> Precision {
        match &self.0.edtf {
            Edtf::Date(date) => precision(date),
            Edtf::DateTime(_) => Precision::Time,
            Edtf::Interval(_) => Precision::Interval,
            Edtf::Set(_) => Precision::Set,
        }
    }

    /// The single day that it names, doubtful or not.
    pub fn day(&self) -> Option<Date> {
        match &self.0.edtf {
            Edtf::Date(date) if !date.has_unspecified() && date.day.is_some() => self.start(),
            Edtf::DateTime(_) => self.start(),
            _ => None,
        }
    }

    /// The day of the week of the single day that it names: `Friday`.
    pub fn weekday(&self) -> Option<&'static str> {
        self.day().map(text::weekday)
    }

    /// What a `<time datetime>` may truthfully hold: a certain, exact year, month, day or time; `None` for all else.
    pub fn iso(&self) -> Option<String> {
        let plain = |date: &edtf_core::Date| {
            let year = date.year.value().is_some_and(|year| (1..=9999).contains(&year));
            year && date.year.significant_digits.is_none() && precision(date) != Precision::Season
        };
        let single = match &self.0.edtf {
            Edtf::Date(date) => plain(date),
            Edtf::DateTime(time) => plain(&time.date) && time.time.second < 60,
            Edtf::Interval(_) | Edtf::Set(_) => false,
        };
        let exact = !self.0.edtf.has_unspecified() && !self.is_uncertain() && !self.is_approximate();
        (single && exact).then(|| self.edtf().to_owned())
    }

    /// The order of timelines: by first day, then by last, so that "some time between 2014 and 2018" follows "some time in
    /// 2014". What has no first day stands where it ends; what has neither comes last. `Ord` settles the rest by the text.
    pub fn sort_key(&self) -> (BoundDate, BoundDate) {
        const NEVER: BoundDate = BoundDate { year: i64::MAX, month: 12, day: 31 };
        (self.earliest().or(self.latest()).unwrap_or(NEVER), self.latest().unwrap_or(NEVER))
    }

    /// Whether the two can mean the same time: their bounds meet. Open and unknown ends meet everything.
    pub fn meets(&self, other: &Self) -> bool {
        !self.is_before(other) && !other.is_before(self)
    }

    /// Whether all that it can mean lies before all that `other` can mean.
    pub fn is_before(&self, other: &Self) -> bool {
        matches!((self.latest(), other.earliest()), (Some(end), Some(start)) if end < start)
    }

    fn new(text: &str, edtf: Edtf) -> Self {
        let bounds = edtf.bounds();
        // "25 December, the year unknown" has no place in time, though its digits do have a least and a greatest value.
        let is_known = !dates(&edtf).into_iter().any(|date| is_unknown(&date.year));
        let (earliest, latest) = (bound(bounds.earliest), bound(bounds.latest));
        let (earliest, latest) = (earliest.filter(|_| is_known), latest.filter(|_| is_known));
        Self(Arc::new(Parsed { text: text.into(), edtf, earliest, latest }))
    }
}

/// The text says all of it.
impl Hash for When {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.edtf().hash(state);
    }
}

impl fmt::Debug for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "When({})", self.edtf())
    }
}

/// Its words.
impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl PartialOrd for When {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for When {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.sort_key(), self.edtf()).cmp(&(other.sort_key(), other.edtf()))
    }
}

fn precision(date: &edtf_core::Date) -> Precision {
    let unknown = |field: Option<DateField>| field.is_none_or(|field| field.digits == [None, None]);
    match date.precision() {
        _ if date.year.has_unspecified() || date.year.significant_digits.is_some() => Precision::Decade,
        edtf_core::Precision::Season => Precision::Season,
        _ if unknown(date.month) => Precision::Year,
        _ if unknown(date.day) => Precision::Month,
        _ => Precision::Day,
    }
}

/// Whether no digit of a year is known.
fn is_unknown(year: &edtf_core::Year) -> bool {
    matches!(year.kind, YearKind::Standard { digits: [None, None, None, None], .. })
}

fn bound(bound: Bound) -> Option<BoundDate> {
    if let Bound::Date(day) = bound { Some(day) } else { None }
}

fn calendar_day(BoundDate { year, month, day }: BoundDate) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// A day as EDTF writes it; of years beyond four digits EDTF knows no days, so the year alone stands for them.
pub fn edtf_day(day: BoundDate) -> String {
    if (-9999..=9999).contains(&day.year) { day.to_string() } else { format!("Y{}", day.year) }
}

/// Every date that an expression is made of.
fn dates(edtf: &Edtf) -> Vec<&edtf_core::Date> {
    match edtf {
        Edtf::Date(date) => vec![date],
        Edtf::DateTime(time) => vec![&time.date],
        Edtf::Interval(interval) => [&interval.start, &interval.end]
            .into_iter()
            .filter_map(|end| match end {
                IntervalEndpoint::Date(date)
                | IntervalEndpoint::OnOrBefore(date)
                | IntervalEndpoint::OnOrAfter(date) => Some(date),
                IntervalEndpoint::Open | IntervalEndpoint::Unknown => None,
            })
            .collect(),
        Edtf::Set(set) => set
            .elements
            .iter()
            .flat_map(|element| match element {
                SetElement::Date(date) | SetElement::OnOrBefore(date) | SetElement::OnOrAfter(date) => vec![date],
                SetElement::Range(from, to) => vec![from, to],
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests;
