use edtf_core::{
    DateField, DateTime, Edtf, Interval, IntervalEndpoint, Qualifier, Set, SetElement, SetKind, TimeShift, Year,
    YearKind,
};
use jiff::civil::Date;

use super::{BoundDate, Precision, When, bound, dates, precision};

/// The months, from January.
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The days of the week, from Monday.
const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// A day in words: `23 February 2018`.
fn day_text(day: BoundDate) -> String {
    format!("{} {} {}", day.day, month_name(day.month), year_text(day.year))
}

pub(super) fn weekday(day: Date) -> &'static str {
    let index = day.weekday().to_monday_zero_offset();
    WEEKDAYS.get(usize::from(index.unsigned_abs())).copied().unwrap_or_default()
}

pub(super) fn days_in(year: i16, month: i8) -> Option<i8> {
    Date::new(year, month, 1).ok().map(Date::days_in_month)
}

impl When {
    /// Its words in British English, no finer and no surer than it is: `some time in 2015`, `June 2016`,
    /// `probably 23 February 2018`, `a day between 21 and 31 October 2017`, `from February 2018 on`.
    pub fn text(&self) -> String {
        match &self.0.edtf {
            Edtf::Date(date) if !date.is_uncertain() && !date.is_approximate() => whole(date),
            Edtf::Date(date) => marked(date, false),
            Edtf::DateTime(time) => date_time(time),
            Edtf::Interval(span) => all_doubtful(&self.0.edtf, |certain| interval(span, certain)),
            Edtf::Set(members) => all_doubtful(&self.0.edtf, |certain| set(members, certain)),
        }
    }
}

/// Says one `probably` for several dates that are all doubtful, and nothing more of it for each.
fn all_doubtful(edtf: &Edtf, words: impl FnOnce(bool) -> String) -> String {
    let doubtful = Qualifier { uncertain: true, approximate: false };
    let all = dates(edtf).iter().all(|date| parts(date).iter().all(|(_, qualifier)| *qualifier == doubtful));
    if all { format!("probably {}", words(true)) } else { words(false) }
}

/// The parts of a date with how sure each is.
fn parts(date: &edtf_core::Date) -> Vec<(&'static str, Qualifier)> {
    let field = |name, field: Option<DateField>| field.map(|field| (name, field.qualifier));
    let year = Some(("year", date.year.qualifier));
    [field("day", date.day), field("month", date.month), year].into_iter().flatten().collect()
}

/// A date among other words, with how sure it is unless that has been said. Where its parts differ the words after it
/// name the doubtful ones.
fn marked(date: &edtf_core::Date, said: bool) -> String {
    let (parts, words) = (parts(date), within(date));
    match parts.first() {
        _ if said => words,
        Some((_, first)) if parts.iter().all(|(_, qualifier)| qualifier == first) => {
            format!("{}{words}", before(*first))
        }
        _ => {
            let notes = parts.iter().filter(|(_, qualifier)| qualifier.is_qualified());
            let notes: Vec<_> = notes.map(|(name, qualifier)| format!("the {name} {}", after(*qualifier))).collect();
            format!("{words}, {}", notes.join(", "))
        }
    }
}

fn before(qualifier: Qualifier) -> &'static str {
    match (qualifier.uncertain, qualifier.approximate) {
        (false, false) => "",
        (true, false) => "probably ",
        (false, true) => "about ",
        (true, true) => "probably about ",
    }
}

fn after(qualifier: Qualifier) -> &'static str {
    match (qualifier.uncertain, qualifier.approximate) {
        (false, false) => "certain",
        (true, false) => "doubtful",
        (false, true) => "approximate",
        (true, true) => "doubtful and approximate",
    }
}

/// A date that stands alone: a bare year says that no more is known.
fn whole(date: &edtf_core::Date) -> String {
    match precision(date) {
        Precision::Year => format!("some time in {}", year(&date.year)),
        _ => within(date),
    }
}

/// A date among other words.
fn within(date: &edtf_core::Date) -> String {
    if date.year.significant_digits.is_some() {
        return between(date);
    }
    let Some(month) = date.month else { return year(&date.year) };
    let masked = date.year.has_unspecified();
    let Some(number) = month.value() else {
        return match date.day {
            None if month.digits == [None, None] => year(&date.year),
            Some(day) if month.digits == [None, None] && (!masked || day.digits == [None, None]) => {
                format!("a day in {}", year(&date.year))
            }
            _ => between(date),
        };
    };
    // `March 2018`, but `March of a year in the 2010s`.
    let year = if masked { format!("of {}", some_year(&date.year)) } else { year(&date.year) };
    let month = month_name(number);
    match date.day {
        None if masked && number > 12 => format!("{} {year}", season(number).trim_end_matches(" of")),
        None if number > 12 => format!("{} {year}", season(number)),
        None => format!("{month} {year}"),
        Some(day) => match day.value() {
            Some(day) => format!("{day} {month} {year}"),
            None if day.digits == [None, None] => format!("a day in {month} {year}"),
            None => between(date),
        },
    }
}

/// A year of which not all digits are known, as one among several.
fn some_year(year: &Year) -> String {
    match year.kind {
        YearKind::Standard { digits: [Some(_), Some(_), ..], .. } => format!("a year in {}", self::year(year)),
        _ => "an unknown year".into(),
    }
}

/// A date with digits unknown, by its bounds.
fn between(date: &edtf_core::Date) -> String {
    let bounds = Edtf::Date(*date).bounds();
    let (Some(start), Some(end)) = (bound(bounds.earliest), bound(bounds.latest)) else {
        return "an unknown time".into();
    };
    let masked = date.year.has_unspecified();
    match date.day {
        Some(_) if masked && start.month == end.month => {
            let (from, to, month) = (start.day, end.day, month_name(end.month));
            format!("a day between {from} and {to} {month} of {}", some_year(&date.year))
        }
        Some(_) if (start.year, start.month) == (end.year, end.month) => {
            format!("a day between {} and {}", start.day, day_text(end))
        }
        Some(_) => format!("a day between {} and {}", day_text(start), day_text(end)),
        None if date.month.is_some() => {
            let text = |day: BoundDate| format!("{} {}", month_name(day.month), year_text(day.year));
            format!("a month between {} and {}", text(start), text(end))
        }
        None => format!("some time between {} and {}", year_text(start.year), year_text(end.year)),
    }
}

fn month_name(month: u8) -> &'static str {
    MONTHS.get(usize::from(month).wrapping_sub(1)).copied().unwrap_or_default()
}

/// The groupings of ISO 8601-2 §4.8.
fn season(code: u8) -> &'static str {
    match code {
        21 => "spring",
        22 => "summer",
        23 => "autumn",
        24 => "winter",
        25 => "the northern spring of",
        26 => "the northern summer of",
        27 => "the northern autumn of",
        28 => "the northern winter of",
        29 => "the southern spring of",
        30 => "the southern summer of",
        31 => "the southern autumn of",
        32 => "the southern winter of",
        33 => "the first quarter of",
        34 => "the second quarter of",
        35 => "the third quarter of",
        36 => "the last quarter of",
        37 => "the first four months of",
        38 => "the middle four months of",
        39 => "the last four months of",
        40 => "the first half of",
        _ => "the second half of",
    }
}

fn year(year: &Year) -> String {
    let YearKind::Standard { negative, digits } = year.kind else {
        return year.value().map_or_else(|| "a year beyond reckoning".into(), year_text);
    };
    match (year.value(), digits) {
        (Some(value), _) => year_text(value),
        (None, [Some(a), Some(b), Some(c), None]) if !negative => format!("the {}s", number(&[a, b, c, 0])),
        (None, [Some(a), Some(b), None, None]) if !negative => {
            format!("the years {} to {}", number(&[a, b, 0, 0]), number(&[a, b, 9, 9]))
        }
        _ => "an unknown year".into(),
    }
}

fn number(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |value, digit| value * 10 + u32::from(*digit))
}

/// A year of the common era, or before it: astronomers' year 0 is 1 BC.
pub fn year_text(year: i64) -> String {
    match year {
        1.. => year.to_string(),
        _ => format!("{} BC", 1_i64.saturating_sub(year)),
    }
}

fn date_time(time: &DateTime) -> String {
    let clock = match time.time.second {
        0 => format!("{:02}:{:02}", time.time.hour, time.time.minute),
        second => format!("{:02}:{:02}:{second:02}", time.time.hour, time.time.minute),
    };
    let zone = match time.time.shift {
        None => String::new(),
        Some(TimeShift::Utc) => " UTC".into(),
        Some(TimeShift::Offset { minutes, .. }) => {
            let sign = if minutes < 0 { '−' } else { '+' };
            format!(" UTC{sign}{:02}:{:02}", minutes.unsigned_abs() / 60, minutes.unsigned_abs() % 60)
        }
    };
    format!("{}, {clock}{zone}", within(&time.date))
}

fn interval(interval: &Interval, said: bool) -> String {
    use IntervalEndpoint as End;
    let from = match &interval.start {
        End::Date(date) | End::OnOrAfter(date) => Some(marked(date, said)),
        End::OnOrBefore(date) => Some(format!("{} or earlier", marked(date, said))),
        End::Open | End::Unknown => None,
    };
    let to = match &interval.end {
        End::Date(date) | End::OnOrBefore(date) => Some(marked(date, said)),
        End::OnOrAfter(date) => Some(format!("{} or later", marked(date, said))),
        End::Open | End::Unknown => None,
    };
    match (from, to) {
        (Some(from), Some(to)) if from == to => match precision_of(&interval.end) {
            Some(Precision::Day | Precision::Time) => to,
            _ => format!("within {to}"),
        },
        (Some(from), Some(to)) => match (&interval.start, &interval.end) {
            (End::Date(start), End::Date(end)) => format!("from {} to {to}", shorter(start, end, said)),
            _ => format!("from {from} to {to}"),
        },
        (Some(from), None) if interval.end == End::Unknown => format!("from {from} to an unknown end"),
        (Some(from), None) => format!("from {from} on"),
        (None, Some(to)) if interval.start == End::Unknown => format!("from an unknown start to {to}"),
        (None, Some(to)) => format!("until {to}"),
        (None, None) => "at an unknown time".into(),
    }
}

fn precision_of(end: &IntervalEndpoint) -> Option<Precision> {
    if let IntervalEndpoint::Date(date) = end { Some(precision(date)) } else { None }
}

/// The first of two dates without what it shares with the second: `21` before `31 October 2017`.
fn shorter(from: &edtf_core::Date, to: &edtf_core::Date, said: bool) -> String {
    let doubtful = |date: &edtf_core::Date| date.is_uncertain() || date.is_approximate();
    if !said && (doubtful(from) || doubtful(to)) {
        return marked(from, said);
    }
    let same_year = from.year.value().is_some() && from.year.value() == to.year.value();
    let months = from.month.and_then(DateField::value).zip(to.month.and_then(DateField::value));
    let days = from.day.and_then(DateField::value).zip(to.day.and_then(DateField::value));
    match (months, days) {
        (Some((first, second)), Some((day, _))) if same_year && first == second => day.to_string(),
        (Some((first, _)), Some((day, _))) if same_year => format!("{day} {}", month_name(first)),
        (Some((first @ ..=12, ..=12)), None) if same_year && from.day.is_none() && to.day.is_none() => {
            month_name(first).to_owned()
        }
        _ => within(from),
    }
}

fn set(set: &Set, said: bool) -> String {
    let one = set.kind == SetKind::OneMember;
    let unit = |date: &edtf_core::Date| match precision(date) {
        Precision::Day => "day",
        Precision::Month => "month",
        _ => "year",
    };
    let element = |element: &SetElement| match element {
        SetElement::Date(date) => marked(date, said),
        SetElement::OnOrBefore(date) => format!("{} or earlier", marked(date, said)),
        SetElement::OnOrAfter(date) => format!("{} or later", marked(date, said)),
        SetElement::Range(from, to) if from == to => marked(to, said),
        SetElement::Range(from, to) if !one => {
            format!("every {} from {} to {}", unit(to), shorter(from, to, said), within(to))
        }
        SetElement::Range(from, to) => match unit(to) {
            "year" => format!("some time between {} and {}", within(from), within(to)),
            unit => format!("a {unit} between {} and {}", shorter(from, to, said), within(to)),
        },
    };
    let words: Vec<String> = set.elements.iter().map(element).collect();
    let join = if one { "or" } else { "and" };
    match words.as_slice() {
        [] => "an unknown time".into(),
        [only] => only.clone(),
        [rest @ .., last] => format!("{} {join} {last}", rest.join(", ")),
    }
}
