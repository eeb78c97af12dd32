use jiff::civil::Date;

use super::super::When;
use super::super::when::weekday_number;
use super::{Calendar, Figure, FigureKind, figures};

/// Texts and dates that a sentence rests on; tells whether they carry what the sentence says.
#[derive(Clone, Debug, Default)]
pub struct Carrier {
    figures: Vec<FigureKind>,
    dates: Vec<When>,
}

/// Whether a figure is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carried {
    /// By some text or date.
    Yes,
    /// By none, but some date leaves room for it: the sentence knows it more exactly than what it rests on.
    Finer,
    /// By none.
    No,
}

impl Carrier {
    /// Adds a text.
    pub fn text(&mut self, text: &str) {
        self.figures.extend(figures(text).into_iter().map(|figure| figure.kind));
    }

    /// Adds a date.
    pub fn date(&mut self, date: &When) {
        self.dates.push(date.clone());
    }

    /// Adds all that another carries.
    pub fn extend(&mut self, other: &Self) {
        self.figures.extend(other.figures.iter().cloned());
        self.dates.extend(other.dates.iter().cloned());
    }

    /// Whether it carries this figure. A date is carried by one that is as exact or more: `2018` by `2018-02-23`. Either
    /// end of a span of time is carried by it.
    pub fn carries(&self, figure: &Figure) -> Carried {
        match &figure.kind {
            FigureKind::Year(year) => self.year(*year, *year),
            FigureKind::Decade(first) => self.year(*first, first.saturating_add(9)),
            FigureKind::Calendar(date) => self.calendar(*date),
            FigureKind::Weekday(day) => {
                let of_date = |date: &When| date.day().map(weekday_number) == Some(*day);
                sure(self.figures.contains(&figure.kind) || self.dates.iter().any(of_date))
            }
            FigureKind::Number { value, percent, currency } => sure(self.figures.iter().any(|found| match found {
                FigureKind::Number { value: v, percent: p, currency: c } => {
                    value == v && percent == p && currency.zip(*c).is_none_or(|(one, other)| one == other)
                }
                FigureKind::Year(year) => !percent && u32::try_from(*year).is_ok_and(|year| *value == year.into()),
                _ => false,
            })),
            FigureKind::Time(..) | FigureKind::Verbatim(_) => sure(self.figures.contains(&figure.kind)),
        }
    }

    /// A year, or any of several.
    fn year(&self, first: i16, last: i16) -> Carried {
        let within = |year: i16| (first..=last).contains(&year);
        let in_text = self.figures.iter().any(|found| match found {
            FigureKind::Year(year) => within(*year),
            FigureKind::Decade(decade) => first != last && *decade == first,
            FigureKind::Calendar(date) => date.year.is_some_and(within),
            FigureKind::Number { value, percent: false, currency: None } => {
                first == last && u32::try_from(first).is_ok_and(|year| *value == year.into())
            }
            _ => false,
        });
        let (Ok(from), Ok(to)) = (Date::new(first, 1, 1), Date::new(last, 12, 31)) else { return sure(in_text) };
        if in_text { Carried::Yes } else { self.span(from, to) }
    }

    fn calendar(&self, date: Calendar) -> Carried {
        let same = |found: &FigureKind| match found {
            FigureKind::Calendar(other) => {
                let year = date.year.is_none() || other.year.is_none_or(|year| Some(year) == date.year);
                let day = date.day.is_none() || other.day == date.day;
                year && other.month == date.month && day
            }
            _ => false,
        };
        if self.figures.iter().any(same) {
            return Carried::Yes;
        }
        match date.year {
            Some(year) => match bounds(year, date.month, date.day) {
                Some((from, to)) => self.span(from, to).max_by_text(self, year),
                None => Carried::No,
            },
            None => {
                let years = self.dates.iter().flat_map(|date| [date.start(), date.end()]).flatten().map(Date::year);
                let spans = years.filter_map(|year| bounds(year, date.month, date.day));
                spans.map(|(from, to)| self.span(from, to)).min().unwrap_or(Carried::No)
            }
        }
    }

    /// A span of days in the dates.
    fn span(&self, from: Date, to: Date) -> Carried {
        let holds = |day: Option<Date>| day.is_some_and(|day| from <= day && day <= to);
        let carried = |date: &When| match date.is_span() {
            true => holds(date.start()) || holds(date.end()),
            false => holds(date.start()) && holds(date.end()),
        };
        let room =
            |date: &When| date.start().is_none_or(|start| start <= from) && date.end().is_none_or(|end| to <= end);
        if self.dates.iter().any(carried) {
            Carried::Yes
        } else if self.dates.iter().any(room) {
            Carried::Finer
        } else {
            Carried::No
        }
    }
}

impl Carried {
    /// A date whose year a text has, and no date rules out, is finer than that text.
    fn max_by_text(self, carrier: &Carrier, year: i16) -> Self {
        match self {
            Self::No if carrier.figures.contains(&FigureKind::Year(year)) => Self::Finer,
            other => other,
        }
    }
}

impl PartialOrd for Carried {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Carried {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (*self as u8).cmp(&(*other as u8))
    }
}

fn sure(carried: bool) -> Carried {
    if carried { Carried::Yes } else { Carried::No }
}

fn bounds(year: i16, month: i8, day: Option<i8>) -> Option<(Date, Date)> {
    let first = Date::new(year, month, day.unwrap_or(1)).ok()?;
    Some((first, if day.is_some() { first } else { first.last_of_month() }))
}
