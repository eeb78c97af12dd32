use serde::Serialize;

use crate::render::view::EventView;

use super::axis::{Axis, Extent};
use super::label::{CHARACTER, columns, fitted, width};
use super::{Lane, Tick, Units};

const WIDTH: f64 = 720.0;
const TOP: f64 = 26.0;
const HEADER: f64 = 30.0;
const ROW: f64 = 26.0;
const AIR: f64 = 8.0;

/// The wide picture above a timeline: one row for each event, labelled, every mark a link.
#[derive(Clone, Debug, Serialize)]
pub struct Overview {
    /// Of the view box.
    pub width: Units,
    /// Of the view box.
    pub height: Units,
    /// Where the lines of the years begin.
    pub axis_top: Units,
    /// Where they end.
    pub axis_bottom: Units,
    /// The first year, for readers.
    pub first: String,
    /// The last year, for readers.
    pub last: String,
    /// The years that are marked.
    pub ticks: Vec<Tick>,
    /// What happened, what was planned, what has no date.
    pub lanes: Vec<Lane>,
    /// The events.
    pub marks: Vec<Mark>,
}

/// An event.
#[derive(Clone, Debug, Serialize)]
pub struct Mark {
    /// The event's id.
    pub id: String,
    /// Its lane.
    pub lane: &'static str,
    /// `dot` for a day, `bar` for a longer unit, `range`, `open` for what has no end, `none` for what has no date.
    pub shape: &'static str,
    /// The left end, or the middle of a dot.
    pub x: Units,
    /// The middle of its row.
    pub y: Units,
    /// 0 for a dot.
    pub w: Units,
    /// How sure we are, in a word.
    pub standing: &'static str,
    /// Whether its date is inferred or approximate: drawn with dashes.
    pub inferred: bool,
    /// Where the list tells of it.
    pub href: String,
    /// Its title.
    pub title: String,
    /// When, in words.
    pub when: String,
    /// As much of the title as fits.
    pub label: String,
    /// Where the label starts, or ends.
    pub label_x: Units,
    /// `start` or `end`.
    pub anchor: &'static str,
}

impl Overview {
    /// Draws the lanes in order; each holds its events by date. None where nothing has a date.
    pub fn draw(happened: &[&EventView], planned: &[&EventView], undated: &[&EventView]) -> Option<Self> {
        let axis = Axis::over(happened.iter().chain(planned).copied(), WIDTH)?;
        let (mut lanes, mut marks, mut y, mut axis_bottom) = (Vec::new(), Vec::new(), TOP, TOP);
        let all_plans = undated.iter().all(|event| event.status == "planned");
        let loose = if all_plans { "Planned, with no date at all" } else { "Undated" };
        let all = [
            ("happened", "Happened", happened),
            ("planned", "Planned, with no end date", planned),
            ("undated", loose, undated),
        ];
        for (id, label, events) in all.into_iter().filter(|(.., events)| !events.is_empty()) {
            let rows = events.iter().enumerate();
            marks.extend(rows.map(|(row, event)| mark(&axis, event, id, y + HEADER + ROW * (row as f64 + 0.5))));
            let height = HEADER + ROW * events.len() as f64 + AIR;
            lanes.push(Lane { id, label, y: Units(y), height: Units(height) });
            y += height;
            if id != "undated" {
                axis_bottom = y;
            }
        }
        let (first, last) = axis.ends();
        Some(Self {
            width: Units(WIDTH),
            height: Units(y),
            axis_top: Units(20.0),
            axis_bottom: Units(axis_bottom),
            first,
            last,
            ticks: axis.ticks(),
            lanes,
            marks,
        })
    }
}

fn mark(axis: &Axis, event: &EventView, lane: &'static str, y: f64) -> Mark {
    let Extent { shape, x, w } = axis.place(event);
    let (left, right) = Extent { shape, x, w }.ink(6.0);
    let wide = width(&event.title) as f64 * CHARACTER;
    let (room_right, room_left) = (WIDTH - right - 8.0, left - 8.0);
    let starts = wide <= room_right || room_right >= room_left;
    let (anchor, label_x, room) =
        if starts { ("start", right + 8.0, room_right) } else { ("end", left - 8.0, room_left) };
    let when = event.when.as_ref();
    Mark {
        id: event.id.clone(),
        lane,
        shape,
        x: Units(x),
        y: Units(y),
        w: Units(w),
        standing: event.standing.word,
        inferred: when.is_some_and(|when| when.inferred || when.approximate),
        href: format!("#{}", event.id),
        title: event.title.clone(),
        when: when.map_or_else(|| "no date".to_owned(), |when| when.text.clone()),
        label: fitted(&event.title, columns(room, CHARACTER)),
        label_x: Units(label_x),
        anchor,
    }
}
