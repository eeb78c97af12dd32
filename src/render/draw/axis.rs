use jiff::civil::Date;
use serde::Serialize;

use crate::render::view::{EventView, WhenView};

use super::Units;

/// A year of the axis.
#[derive(Clone, Debug, Serialize)]
pub struct Tick {
    /// Where it begins.
    pub x: Units,
    /// The middle of its label.
    pub label_x: Units,
    /// The year; absent where there is no room for it.
    pub label: Option<String>,
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

/// Time laid along a width.
pub(super) struct Axis {
    first: f64,
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

impl Axis {
    /// The axis that holds all these events; none where no event has a date.
    pub fn over<'e>(events: impl Iterator<Item = &'e EventView> + Clone, width: f64) -> Option<Self> {
        let starts = events.clone().filter_map(|event| event.when.as_ref()).filter_map(|when| bounds(when).0);
        let ends = events.filter_map(|event| event.when.as_ref()).filter_map(|when| bounds(when).1.or(bounds(when).0));
        let first = f64::from(starts.chain(ends.clone()).map(|day| day.year()).min()?);
        let last = f64::from(ends.map(|day| day.year()).max()?);
        Some(Self { first, years: last + 1.0 - first, width })
    }

    /// The years, each with a label where there is room.
    pub fn ticks(&self) -> Vec<Tick> {
        let step = if self.years > 60.0 { 10 } else { 1 };
        let cell = self.width / self.years * f64::from(step);
        let every = if cell < 30.0 { (40.0 / cell).ceil() as usize } else { 1 };
        let years = (0..self.years as i32).step_by(step as usize).enumerate();
        let tick = |(number, year): (usize, i32)| Tick {
            x: Units(self.x(self.first + f64::from(year))),
            label_x: Units(self.x(self.first + f64::from(year) + f64::from(step) / 2.0)),
            label: number.is_multiple_of(every).then(|| format!("{}", self.first + f64::from(year))),
        };
        years.map(tick).collect()
    }

    /// Where an event stands.
    pub fn place(&self, event: &EventView) -> Extent {
        let none = Extent { shape: "none", x: 8.0, w: 0.0 };
        let Some(when) = &event.when else { return none };
        match bounds(when) {
            (Some(start), Some(_)) if matches!(when.precision, "day" | "time") => {
                let (from, to) = (self.x(fraction(start)), self.x(after(start)));
                Extent { shape: "dot", x: (from + to) / 2.0, w: 0.0 }
            }
            (Some(start), Some(end)) => {
                let (from, to) = (self.x(fraction(start)), self.x(after(end)));
                let shape = if when.precision == "interval" { "range" } else { "bar" };
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
        (year - self.first) / self.years * self.width
    }
}

/// The first and the last day that a date may mean; none at an end that is open.
fn bounds(when: &WhenView) -> (Option<Date>, Option<Date>) {
    let day = |text: &Option<String>| text.as_deref().and_then(|text| text.parse().ok());
    (day(&when.start), day(&when.end))
}

fn fraction(day: Date) -> f64 {
    f64::from(day.year()) + (f64::from(day.day_of_year()) - 1.0) / f64::from(day.days_in_year())
}

/// The end of a day: the start of the one after it.
fn after(day: Date) -> f64 {
    fraction(day) + 1.0 / f64::from(day.days_in_year())
}
