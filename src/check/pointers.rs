//! Dates that a line points at and does not repeat: "on Wednesday" in an article of 2 March 2018, "on 28 February" without
//! the year, "yesterday".

use jiff::ToSpan;
use jiff::civil::Date;

use crate::evidence::figures::{Calendar, Masks, Value, figures};
use crate::evidence::{Source, When};

use super::archive::{Text, words};

/// How far from an article's own day a weekday without a date may be.
const WEEK: i64 = 7;
/// How far a day without a year may be.
const HALF_YEAR: i64 = 200;

/// Whether the words of a passage point at a date, as far as the date of its source and the days that the rest of its text
/// names allow it.
pub(super) fn points_at(passage: &str, source: &Source, text: &Text, masks: &Masks, date: &Calendar) -> bool {
    let written = source.date.as_deref().and_then(days);
    let named = |day: Date| text.days(masks).contains(&day);
    let near = |day: Date, most: i64| written.is_some_and(|written| distance(written, day) <= most);
    let pointed = |value: &Value| match value {
        Value::Weekday(weekday) => date.date().is_some_and(|day| {
            let is = day.weekday().to_monday_zero_offset().unsigned_abs() == *weekday;
            is && (named(day) || (is_day(written) && near(day, WEEK)))
        }),
        Value::Date(said @ Calendar { year: None, .. }) if said.holds(date) => {
            date.span().is_some_and(|(first, last)| near(first, HALF_YEAR) || near(last, HALF_YEAR))
                || date.date().is_some_and(named)
        }
        _ => false,
    };
    figures(passage, masks).iter().any(|figure| pointed(&figure.value))
        || written.is_some_and(|written| says_relatively(passage, written, date))
}

/// `yesterday`, `last month`, `this year` in a text that was written then.
fn says_relatively(passage: &str, (first, last): (Date, Date), date: &Calendar) -> bool {
    let words: Vec<String> = words(passage).map(|(word, _)| word).collect();
    let single = (first == last).then_some(first);
    let day = |shift: i64| single.and_then(|day| day.checked_add(shift.days()).ok());
    let is_day = |shift: i64| date.date().is_some_and(|said| day(shift) == Some(said));
    let by_day = words.iter().any(|word| match word.as_str() {
        "today" | "tonight" => is_day(0),
        "yesterday" => is_day(-1),
        "tomorrow" => is_day(1),
        _ => false,
    });
    let by_span = words.windows(2).any(|pair| {
        let [which, unit] = pair else { return false };
        let shift = match which.as_str() {
            "last" => -1,
            "this" => 0,
            "next" => 1,
            _ => return false,
        };
        let month = |day: Date| day.first_of_month().checked_add(shift.months()).ok();
        match unit.as_str() {
            "year" => first.year() == last.year() && date.year == i16::try_from(i64::from(first.year()) + shift).ok(),
            "month" => {
                let same = first.first_of_month() == last.first_of_month();
                same && date.month.is_some()
                    && month(first)
                        .is_some_and(|month| date.year == Some(month.year()) && date.month == Some(month.month()))
            }
            _ => false,
        }
    });
    by_day || by_span
}

/// From when to when a source may have been written.
fn days(when: &When) -> Option<(Date, Date)> {
    when.start().zip(when.end())
}

/// Whether that is known to the day, or to the month.
fn is_day(written: Option<(Date, Date)>) -> bool {
    written.is_some_and(|(first, last)| between(first, last) <= 31)
}

fn distance((first, last): (Date, Date), day: Date) -> i64 {
    if day < first { between(day, first) } else { between(last, day).max(0) }
}

fn between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(i64::MAX, |span| i64::from(span.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_line_points_at() {
        let text = Text::new("Brussels, 28 February 2018\n\nThey met on Wednesday.".to_owned());
        let date = |text: &str| match figures(text, &Masks::default()).first().map(|figure| figure.value.clone()) {
            Some(Value::Date(date)) => date,
            other => panic!("{text}: {other:?}"),
        };
        for (written, passage, said, expected) in [
            ("2018-03-02", "on Wednesday", "28 February 2018", true),
            ("2018-03-02", "on Wednesday", "7 March 2018", true),
            ("2018-03-02", "on Wednesday", "14 March 2018", false),
            ("2018-03-02", "on Thursday", "28 February 2018", false),
            ("2018-03-02", "in a week", "28 February 2018", false),
            ("2019", "on Wednesday", "28 February 2018", true),
            ("2019", "on Wednesday", "7 March 2018", false),
            ("2018-03-02", "on 27 February", "27 February 2018", true),
            ("2018-03-02", "on 27 February", "27 February 2016", false),
            ("2018-03-02", "in January", "January 2018", true),
            ("2018-03-02", "yesterday", "1 March 2018", true),
            ("2018-03-02", "today", "1 March 2018", false),
            ("2018-03-02", "last month", "February 2018", true),
            ("2018-01-02", "last month", "December 2017", true),
            ("2018-03-02", "last year", "2017", true),
            ("2018-03-02", "last year", "2018", false),
        ] {
            let source: Source = serde_yaml::from_str(&format!(
                "{{id: a, kind: news, title: A, date: {written}, language: en, reliability: low, reliability_reason: R}}"
            ))
            .expect("a source");
            let found = points_at(passage, &source, &text, &Masks::default(), &date(said));
            assert_eq!(found, expected, "{written}: {passage} for {said}");
        }
    }
}
