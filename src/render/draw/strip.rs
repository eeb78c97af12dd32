use serde::Serialize;

use crate::render::view::EventView;

use super::axis::Axis;
use super::{Lane, Tick, Units};

const WIDTH: f64 = 360.0;
const TOP: f64 = 18.0;
const HEADER: f64 = 16.0;
const ROW: f64 = 14.0;
const AIR: f64 = 6.0;

/// The small picture of a timeline, for phones: no labels, rows packed, not linked.
#[derive(Clone, Debug, Serialize)]
pub struct Strip {
    /// Of the view box.
    pub width: Units,
    /// Of the view box.
    pub height: Units,
    /// Where the lines of the years begin.
    pub axis_top: Units,
    /// Where they end.
    pub axis_bottom: Units,
    /// The years that are marked.
    pub ticks: Vec<Tick>,
    /// What happened and what was planned.
    pub lanes: Vec<Lane>,
    /// The events.
    pub marks: Vec<StripMark>,
}

/// An event.
#[derive(Clone, Debug, Serialize)]
pub struct StripMark {
    /// The event's id.
    pub id: String,
    /// Its lane.
    pub lane: &'static str,
    /// As in the overview.
    pub shape: &'static str,
    /// The left end, or the middle of a dot.
    pub x: Units,
    /// The middle of its row.
    pub y: Units,
    /// 0 for a dot.
    pub w: Units,
    /// How sure we are, in a word.
    pub standing: &'static str,
    /// Whether its date is inferred or approximate.
    pub inferred: bool,
}

impl Strip {
    /// Draws what has a date; none where nothing has.
    pub fn draw(happened: &[&EventView], planned: &[&EventView]) -> Option<Self> {
        let axis = Axis::over(happened.iter().chain(planned).copied(), WIDTH)?;
        let (mut lanes, mut marks, mut y) = (Vec::new(), Vec::new(), TOP);
        for (id, label, events) in [("happened", "Happened", happened), ("planned", "Planned", planned)] {
            if events.is_empty() {
                continue;
            }
            let mut ends: Vec<f64> = Vec::new();
            for event in events {
                let place = axis.place(event);
                let (left, right) = place.ink(5.0);
                let row = ends.iter().position(|end| *end <= left - 2.0).unwrap_or(ends.len());
                match ends.get_mut(row) {
                    Some(end) => *end = right,
                    None => ends.push(right),
                }
                marks.push(StripMark {
                    id: event.id.clone(),
                    lane: id,
                    shape: place.shape,
                    x: Units(place.x),
                    y: Units(y + HEADER + ROW * (row as f64 + 0.5)),
                    w: Units(place.w),
                    standing: event.standing.word,
                    inferred: event.when.as_ref().is_some_and(|when| when.inferred || when.approximate),
                });
            }
            let height = HEADER + ROW * ends.len() as f64 + AIR;
            lanes.push(Lane { id, label, y: Units(y), height: Units(height) });
            y += height;
        }
        let ticks = axis.ticks();
        let (width, height) = (Units(WIDTH), Units(y));
        Some(Self { width, height, axis_top: Units(14.0), axis_bottom: height, ticks, lanes, marks })
    }
}
