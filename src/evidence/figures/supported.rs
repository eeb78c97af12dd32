use std::ops::Range;

use jiff::civil::Date;

use super::{Calendar, Decimal, Figure, Kind, Masks, Part, Value, readings};
use crate::evidence::{Precision, When};

/// All the figures that some claims carry.
#[derive(Clone, Debug, Default)]
pub struct SupportedFigures {
    /// Each with its words.
    figures: Vec<(Value, Box<str>)>,
    /// What their words may say as well.
    also: Vec<Value>,
    /// Dates that are no single calendar date, with their words.
    spans: Vec<Span>,
}

/// The days that a date can mean.
#[derive(Clone, Debug)]
struct Span {
    first: Date,
    last: Date,
    words: Box<str>,
}

/// Whether claims carry a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They do.
    Supported,
    /// They carry a date that this one is finer than; in its words.
    TooFine(String),
    /// They do not.
    Missing,
}

impl SupportedFigures {
    /// Adds the figures of a text.
    pub fn add_text(&mut self, text: &str, masks: &Masks) {
        self.add_part(text, &(0..text.len()), masks);
    }

    /// Adds the figures of a text that stand in a part of it, be it by their ends alone.
    pub fn add_part(&mut self, text: &str, part: &Range<usize>, masks: &Masks) {
        let readings = readings(text, masks);
        for Figure { value, range } in readings.figures {
            if range.start < part.end && part.start < range.end {
                let words = text.get(range).unwrap_or_default();
                self.figures.push((value, words.into()));
            }
        }
        let inside = |range: &Range<usize>| range.start < part.end && part.start < range.end;
        self.also.extend(readings.also.into_iter().filter(|also| inside(&also.range)).map(|also| also.value));
    }

    /// Adds a date: its ends where it lasts, all days that it can mean where it is one of several.
    pub fn add_when(&mut self, when: &When) {
        for calendar in calendars(when) {
            self.figures.push((Value::Date(calendar), when.text().into()));
        }
        if let (Some(start), Some(end)) = (when.start(), when.end()) {
            self.spans.push(Span { first: start, last: end, words: when.text().into() });
        }
        if let Some(minutes) = minutes(when) {
            self.figures.push((Value::Time(minutes), when.text().into()));
        }
    }

    /// Adds all that other claims carry.
    pub fn extend(&mut self, other: &Self) {
        self.figures.extend(other.figures.iter().cloned());
        self.also.extend(other.also.iter().cloned());
        self.spans.extend(other.spans.iter().cloned());
    }

    /// Whether it carries nothing at all.
    pub fn is_empty(&self) -> bool {
        self.figures.is_empty() && self.spans.is_empty()
    }

    /// All values that it has, or may have.
    pub(super) fn values(&self) -> impl Iterator<Item = &Value> {
        self.figures.iter().map(|(own, _)| own).chain(&self.also)
    }

    /// The words of what it carries in the place of this figure: everything of its kind, each value once.
    pub fn instead_of(&self, value: &Value) -> Vec<&str> {
        let alike = |own: &Value| match value.kind() {
            Kind::Number => matches!(own.kind(), Kind::Number | Kind::Money),
            kind => own.kind() == kind || (kind == Kind::Date && as_number(value).is_some() && is_four_digits(own)),
        };
        let words = self.distinct(alike);
        if words.is_empty() && value.kind() == Kind::Number {
            // Four bare digits may be a number too.
            return self.distinct(|own| as_number(own).is_some());
        }
        if words.is_empty() && value.kind() == Kind::Date {
            return self.spans.iter().map(|span| &*span.words).collect();
        }
        words
    }

    fn distinct(&self, alike: impl Fn(&Value) -> bool) -> Vec<&str> {
        let mut told: Vec<(&Value, &str)> = Vec::new();
        for (own, words) in self.figures.iter().filter(|(own, _)| alike(own)) {
            if !told.iter().any(|(known, _)| answers(known, own)) {
                told.push((own, words));
            }
        }
        told.into_iter().map(|(_, words)| words).collect()
    }

    /// The words of a date that this one is finer than; none where it is not.
    pub fn coarser_than(&self, when: &When) -> Option<String> {
        calendars(when).into_iter().find_map(|date| match self.verdict(&Value::Date(date), &[]) {
            Verdict::TooFine(words) => Some(words),
            Verdict::Supported | Verdict::Missing => None,
        })
    }

    /// The calendar dates that a date names and that are not among these.
    pub fn missing(&self, when: &When) -> impl Iterator<Item = Calendar> {
        calendars(when).into_iter().filter(|date| self.verdict(&Value::Date(*date), &[]) != Verdict::Supported)
    }

    /// Whether it carries this figure of a text that says all of `beside`: "between 21 and 31 October" says one of the days
    /// from the 21st on, "21 October" says more.
    pub fn verdict(&self, value: &Value, beside: &[Figure]) -> Verdict {
        // A text with more figures is no sentence.
        let beside = beside.get(..beside.len().min(64)).unwrap_or_default();
        if self.holds(value, beside) {
            return Verdict::Supported;
        }
        let Value::Date(date) = value else { return Verdict::Missing };
        let span = date.span();
        let covers = |own: &Span| span.is_some_and(|(first, last)| first <= own.first && own.last <= last);
        let ends = |own: &Span| {
            let says = |day: Date| {
                let is_day = |figure: &Figure| matches!(&figure.value, Value::Date(date) if date.date() == Some(day));
                beside.iter().any(is_day)
            };
            date.date().is_some_and(|day| day == own.first || day == own.last) && says(own.first) && says(own.last)
        };
        if self.spans.iter().any(|own| covers(own) || ends(own)) {
            return Verdict::Supported;
        }
        // Whatever else it says coarsely, another month or day of that year is no coarser one.
        if self.figures.iter().any(|(own, _)| matches!(own, Value::Date(own) if own.contradicts(date))) {
            return Verdict::Missing;
        }
        let coarser = self.figures.iter().find(|(own, _)| matches!(own, Value::Date(own) if own.holds(date)));
        let around = || {
            let (first, last) = span?;
            self.spans.iter().find(|own| own.first <= first && last <= own.last).map(|own| &own.words)
        };
        match coarser.map(|(_, words)| words).or_else(around) {
            Some(words) => Verdict::TooFine(words.to_string()),
            None => Verdict::Missing,
        }
    }
}

impl SupportedFigures {
    /// Whether it has this figure of a text, or what the figures `beside` it make of it: the 44 of "53 per cent there and 44
    /// here" is a share, and "2 in 10" may be told apart.
    fn holds(&self, value: &Value, beside: &[Figure]) -> bool {
        let has = |value: &Value| self.values().any(|own| answers(own, value));
        if has(value) {
            return true;
        }
        match value {
            // "Three in every thousand" supports "three among a thousand".
            Value::Number(number) if self.has_part(number) => true,
            Value::Number(number) => {
                beside.iter().any(|figure| figure.value.lend_unit(number).is_some_and(|own| has(&own)))
            }
            Value::Fraction(part, whole) => [part, whole].into_iter().all(|n| has(&Value::Number(Decimal::from(*n)))),
            _ => false,
        }
    }
}

impl SupportedFigures {
    /// Whether a number is the part or the whole of a fraction.
    fn has_part(&self, number: &Decimal) -> bool {
        let is_part = |own: &Value| match own {
            Value::Fraction(part, whole) => [part, whole].into_iter().any(|n| Decimal::from(*n) == *number),
            _ => false,
        };
        self.values().any(is_part)
    }
}

/// Whether a figure of a claim answers for one in a sentence.
fn answers(own: &Value, asked: &Value) -> bool {
    match (own, asked) {
        (Value::Date(own), Value::Date(asked)) => asked.holds(own) || own == asked,
        (Value::Date(own), Value::Weekday(asked)) => {
            own.date().is_some_and(|day| day.weekday().to_monday_zero_offset() == asked.cast_signed())
        }
        (Value::Date(own), Value::Ordinal(asked)) => own.day.is_some_and(|day| u32::try_from(day) == Ok(*asked)),
        (Value::Money(own, _), Value::Number(asked)) => own == asked,
        (Value::Money(own, _), Value::Several(unit)) => own.is_several(unit),
        (own, Value::Several(unit)) if as_number(own).is_some() => {
            as_number(own).is_some_and(|own| own.is_several(unit))
        }
        (Value::Fraction(part, whole), Value::Percent(asked))
        | (Value::Percent(asked), Value::Fraction(part, whole)) => percent(*part, *whole).as_ref() == Some(asked),
        (Value::Fraction(a, b), Value::Fraction(c, d)) => {
            u64::from(*a) * u64::from(*d) == u64::from(*b) * u64::from(*c)
        }
        _ => own == asked || as_number(own).is_some_and(|own| as_number(asked) == Some(own)),
    }
}

/// A number, or a year, which may be one.
fn as_number(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) => Some(number.clone()),
        Value::Date(Calendar { year: Some(year), month: None, day: None, part: None }) => {
            u32::try_from(*year).ok().map(Decimal::from)
        }
        _ => None,
    }
}

fn is_four_digits(value: &Value) -> bool {
    matches!(value, Value::Number(number) if number.whole().is_some_and(|number| (1000..10_000).contains(&number)))
}

fn percent(part: u32, whole: u32) -> Option<Decimal> {
    let hundredths = u64::from(part) * 10_000;
    let exact = whole > 0 && hundredths % u64::from(whole) == 0;
    exact.then(|| {
        let hundredths = hundredths / u64::from(whole);
        Decimal::new(&format!("{}.{:02}", hundredths / 100, hundredths % 100), 0)
    })
}

/// The calendar dates that a date names: itself, or the ends of a duration.
pub(super) fn calendars(when: &When) -> Vec<Calendar> {
    let Some(start) = when.start().or(when.end()) else { return Vec::new() };
    let year = Some(start.year());
    let (month, day) = (Some(start.month()), Some(start.day()));
    match when.precision() {
        Precision::Day | Precision::Time => vec![Calendar { year, month, day, part: None }],
        Precision::Month => vec![Calendar { year, month, ..Calendar::default() }],
        Precision::Year => vec![Calendar { year, ..Calendar::default() }],
        Precision::Season => {
            let season = when.edtf().get(5..7).and_then(|code| code.parse::<u8>().ok());
            let part = match season {
                Some(code @ 21..=24) => Some(Part::Season(code - 20)),
                Some(code @ 33..=36) => Some(Part::Quarter(code - 32)),
                Some(code @ 40..=41) => Some(Part::Half(code - 39)),
                _ => None,
            };
            part.map(|part| Calendar { year, part: Some(part), ..Calendar::default() }).into_iter().collect()
        }
        Precision::Interval => when
            .edtf()
            .split('/')
            .filter_map(|end| When::parse(end).ok())
            .filter(|end| end.precision() != Precision::Interval)
            .flat_map(|end| calendars(&end))
            .collect(),
        Precision::Decade | Precision::Set => Vec::new(),
    }
}

/// The time of day that a date gives, in minutes.
fn minutes(when: &When) -> Option<u16> {
    let (_, time) = when.edtf().split_once('T')?;
    let (hours, minutes) = (time.get(..2)?.parse::<u16>().ok()?, time.get(3..5)?.parse::<u16>().ok()?);
    Some(hours * 60 + minutes)
}
