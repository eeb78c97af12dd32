use jiff::civil::Date;
use serde::Serialize;

use crate::evidence::{BoundDate, year_text};
use crate::render::view::EventView;

use super::Units;

/// A year of the axis.
#[derive(Clone, Debug, Serialize)]
pub struct Tick {
    /// Where it begins.
    pub x: Units,
    /// The middle of its label.
    pub label_x: Units,
    /// The year, for readers.
    pub label: String,
}

/// A band of rows.
#[derive(Clone, Debug, Serialize)]
pub struct Lane {
    /// `happened`, `planned` or `undated`.
    pub id: &'static str,
    /// Its heading.
    pub label: &'static str,
    /// Its top.
    pub y: Units,
    /// Its height.
    pub height: Units,
}

/// About how wide one character of a year is.
const CHARACTER: f64 = 6.2;
/// The least room between two years.
const GAP: f64 = 12.0;

/// Time laid along a width.
pub(super) struct Axis {
    first: i64,
    last: i64,
    years: f64,
    width: f64,
}

/// Where an event stands on an axis.
pub(super) struct Extent {
    pub shape: &'static str,
    pub x: f64,
    pub w: f64,
}

impl Extent {
    /// The ends of what is inked.
    pub fn ink(&self, dot: f64) -> (f64, f64) {
        match self.shape {
            "dot" => (self.x - dot, self.x + dot),
            "none" => (2.0, 14.0),
            _ => (self.x, self.x + self.w.max(5.0)),
        }
    }
}

/// The least part of the width that is left for what has a start and no end.
const OPEN: f64 = 0.08;

impl Axis {
    /// The axis that holds all these events; none where no event has a date.
    pub fn over<'e>(events: impl Iterator<Item = &'e EventView> + Clone, width: f64) -> Option<Self> {
        let bounds = events.filter_map(|event| event.when.as_ref()).map(|when| when.bounds);
        let years = bounds.clone().flat_map(|(start, end)| [start, end]).flatten().map(|day| day.year);
        let (first, last) = (years.clone().min()?, years.max()?);
        let opened =
            bounds.filter_map(|(start, end)| start.filter(|_| end.is_none())).map(fraction).fold(0.0, f64::max);
        let least = opened + OPEN * (last as f64 - first as f64 + 1.0);
        let last = if least > last as f64 + 1.0 { last.saturating_add(1) } else { last };
        Some(Self { first, last, years: last as f64 - first as f64 + 1.0, width })
    }

    /// Where a day ends, if that is on the axis.
    pub fn end_of(&self, day: BoundDate) -> Option<f64> {
        Some(self.x(after(day))).filter(|x| (0.0..=self.width).contains(x))
    }

    /// The first and the last year, for readers.
    pub fn ends(&self) -> (String, String) {
        (year_text(self.first), year_text(self.last))
    }

    /// Years at even steps, as many as there is room for with their labels.
    pub fn ticks(&self) -> Vec<Tick> {
        let (first, last) = self.ends();
        let widest = first.chars().count().max(last.chars().count()) as f64 * CHARACTER;
        let step = self.step(widest + GAP);
        let half = widest / 2.0;
        let tick = |year: i64| {
            let middle = self.x(year as f64 + if step == 1 { 0.5 } else { 0.0 });
            let label_x = Units(middle.clamp(half, (self.width - half).max(half)));
            Tick { x: Units(self.x(year as f64)), label_x, label: year_text(year) }
        };
        let multiples = self.first.div_euclid(step)..=self.last.div_euclid(step);
        let years = multiples.map(|multiple| even_year(multiple, step));
        years.filter(|year| (self.first..=self.last).contains(year)).map(tick).collect()
    }

    /// The least of 1, 2, 5, 10, 20, 50, … years that are at least so wide.
    fn step(&self, room: f64) -> i64 {
        let wide = |step: i64| self.width / self.years * step as f64 >= room;
        let tens = std::iter::successors(Some(1_i64), |ten| ten.checked_mul(10));
        tens.flat_map(|ten| [1, 2, 5].map(|times| ten.saturating_mul(times)))
            .find(|step| wide(*step))
            .unwrap_or(i64::MAX)
    }

    /// Where an event stands.
    pub fn place(&self, event: &EventView) -> Extent {
        let none = Extent { shape: "none", x: 8.0, w: 0.0 };
        let Some(when) = &event.when else { return none };
        match when.bounds {
            (Some(start), Some(_)) if matches!(when.precision, "day" | "time") => {
                let (from, to) = (self.x(fraction(start)), self.x(after(start)));
                Extent { shape: "dot", x: (from + to) / 2.0, w: 0.0 }
            }
            (Some(start), Some(end)) => {
                let (from, to) = (self.x(fraction(start)), self.x(after(end)));
                // What lasted so long, and what happened at some time in so long.
                let shape = if when.precision == "interval" { "range" } else { "band" };
                Extent { shape, x: from, w: (to - from).max(5.0) }
            }
            (Some(start), None) => {
                let from = self.x(fraction(start));
                Extent { shape: "open", x: from, w: self.width - from }
            }
            (None, Some(end)) => Extent { shape: "open", x: 0.0, w: self.x(after(end)) },
            (None, None) => none,
        }
    }

    fn x(&self, year: f64) -> f64 {
        (year - self.first as f64) / self.years * self.width
    }
}

/// A multiple of a step as a year; before the common era the multiples are those of years BC.
fn even_year(multiple: i64, step: i64) -> i64 {
    let year = multiple.saturating_mul(step);
    if step > 1 && year <= 0 { year.saturating_add(1) } else { year }
}

fn fraction(day: BoundDate) -> f64 {
    let (before, all) = days(day);
    day.year as f64 + before / all
}

/// The end of a day: the start of the one after it.
fn after(day: BoundDate) -> f64 {
    let (before, all) = days(day);
    day.year as f64 + (before + 1.0) / all
}

/// How many days of its year come before a day, and how many the year has.
fn days(BoundDate { year, month, day }: BoundDate) -> (f64, f64) {
    // The calendar repeats itself every 400 years.
    let year = i16::try_from(year.rem_euclid(400) + 2000).unwrap_or(2000);
    let month_day = i8::try_from(month).ok().zip(i8::try_from(day).ok());
    let day = month_day.and_then(|(month, day)| Date::new(year, month, day).ok()).unwrap_or_default();
    (f64::from(day.day_of_year()) - 1.0, f64::from(day.days_in_year()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticks(first: i64, last: i64) -> String {
        let axis = Axis { first, last, years: (last - first) as f64 + 1.0, width: 720.0 };
        axis.ticks().iter().map(|tick| format!("{} ", tick.label)).collect()
    }

    #[test]
    fn years_stand_at_even_steps_that_leave_room_for_their_labels() {
        assert_eq!(ticks(2010, 2018), "2010 2011 2012 2013 2014 2015 2016 2017 2018 ");
        assert_eq!(ticks(1996, 2018), "1996 1998 2000 2002 2004 2006 2008 2010 2012 2014 2016 2018 ");
        assert_eq!(ticks(-199, 1950), "200 BC 1 200 400 600 800 1000 1200 1400 1600 1800 ");
        assert_eq!(ticks(-43, -43), "44 BC ");
        assert_eq!(ticks(-170_000_002, 2018), "150000000 BC 100000000 BC 50000000 BC 1 ");
        assert!(Axis { first: i64::MIN / 4, last: i64::MAX / 4, years: 4.6e18, width: 720.0 }.ticks().len() < 20);
    }
}
