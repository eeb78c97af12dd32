use serde::Serialize;

use crate::evidence::BoundDate;
use crate::render::view::EventView;

use super::axis::{Axis, Extent};
use super::label::{CHARACTER, LabelLine, columns, lines, placed, width};
use super::{Lane, Tick, Units};

const TOP: f64 = 26.0;
const HEADER: f64 = 30.0;
const ROW: f64 = 26.0;
/// From one line of a label to the next.
const LINE: f64 = 16.0;
const AIR: f64 = 8.0;

/// The picture above a timeline: one row for each event, with its whole title, every mark a link.
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
    /// Where the sources end; absent where nothing is planned.
    pub end: Option<EndMark>,
}

/// The line at which the sources end: what is right of it is not known to have happened.
#[derive(Clone, Debug, Serialize)]
pub struct EndMark {
    /// Where it is.
    pub x: Units,
    /// Where its label starts, or ends.
    pub label_x: Units,
    /// The baseline of its label.
    pub label_y: Units,
    /// `start` or `end`.
    pub anchor: &'static str,
}

/// An event.
#[derive(Clone, Debug, Serialize)]
pub struct Mark {
    /// The event's id.
    pub id: String,
    /// Its lane.
    pub lane: &'static str,
    /// `dot` for a day, `range` for what lasted, `band` for some time within that, `open` for what has no end, `none` for what
    /// has no date.
    pub shape: &'static str,
    /// The left end, or the middle of a dot.
    pub x: Units,
    /// The middle of the mark.
    pub y: Units,
    /// 0 for a dot.
    pub w: Units,
    /// How sure we are, in a word.
    pub standing: &'static str,
    /// Whether its date is inferred or approximate: drawn with dashes.
    pub inferred: bool,
    /// Its place on the page that lists it.
    pub href: String,
    /// The page that lists it.
    pub page: String,
    /// Its title.
    pub title: String,
    /// When, in words.
    pub when: String,
    /// The title in lines: beside the mark, or above it where neither side has room.
    pub label: Vec<LabelLine>,
    /// Where the label starts, or ends.
    pub label_x: Units,
    /// `start` or `end`.
    pub anchor: &'static str,
    /// The top of its row.
    pub row_y: Units,
    /// How high its row is.
    pub row_height: Units,
}

impl Overview {
    /// Draws the lanes in order for wide windows; each holds its events by date. None where nothing has a date.
    pub fn wide(events: &Lanes<'_>) -> Option<Self> {
        Self::draw(events, 720.0, false)
    }

    /// The same for phones, where every label is above its mark.
    pub fn narrow(events: &Lanes<'_>) -> Option<Self> {
        Self::draw(events, 360.0, true)
    }

    fn draw(Lanes { happened, planned, undated, sources_end }: &Lanes<'_>, wide: f64, above: bool) -> Option<Self> {
        let axis = Axis::over(happened.iter().chain(planned).copied(), wide)?;
        let (mut lanes, mut marks, mut y, mut axis_bottom) = (Vec::new(), Vec::new(), TOP, TOP);
        let all_plans = undated.iter().all(|event| event.status == "planned");
        let loose = if all_plans { "Planned, with no date at all" } else { "Undated" };
        let all = [
            ("happened", "Happened", happened),
            ("planned", "Planned, with no end date", planned),
            ("undated", loose, undated),
        ];
        let mut end = None;
        for (id, label, events) in all.into_iter().filter(|(.., events)| !events.is_empty()) {
            let top = y;
            y += HEADER;
            if id == "planned" {
                end = sources_end.and_then(|day| axis.end_of(day)).map(|x| end_mark(x, y + 6.0, wide));
                y += if end.is_some() { LINE } else { 0.0 };
            }
            for event in events {
                let (mark, height) = mark(&axis, event, id, y, wide, above);
                marks.push(mark);
                y += height;
            }
            y += AIR;
            lanes.push(Lane { id, label, y: Units(top), height: Units(y - top) });
            if id != "undated" {
                axis_bottom = y;
            }
        }
        let (first, last) = axis.ends();
        Some(Self {
            width: Units(wide),
            height: Units(y),
            axis_top: Units(20.0),
            axis_bottom: Units(axis_bottom),
            first,
            last,
            ticks: axis.ticks(),
            lanes,
            marks,
            end,
        })
    }
}

/// The events of a picture, in lanes.
#[derive(Clone, Debug, Default)]
pub struct Lanes<'e> {
    /// What happened, by date.
    pub happened: Vec<&'e EventView>,
    /// What is planned and has a date.
    pub planned: Vec<&'e EventView>,
    /// What has no date.
    pub undated: Vec<&'e EventView>,
    /// The day of the last source.
    pub sources_end: Option<BoundDate>,
}

fn end_mark(x: f64, label_y: f64, wide: f64) -> EndMark {
    let (anchor, label_x) = if x > wide / 2.0 { ("end", x - 6.0) } else { ("start", x + 6.0) };
    EndMark { x: Units(x), label_x: Units(label_x), label_y: Units(label_y), anchor }
}

/// The mark of an event in a row that begins at `y`, and the height of the row.
fn mark(axis: &Axis, event: &EventView, lane: &'static str, y: f64, wide: f64, above: bool) -> (Mark, f64) {
    let Extent { shape, x, w } = axis.place(event);
    let (left, right) = Extent { shape, x, w }.ink(6.0);
    let long = width(&event.title) as f64 * CHARACTER;
    let (room_right, room_left) = (wide - right - 8.0, left - 8.0);
    let (middle, label, label_x, anchor, height) = if !above && long <= room_right {
        (y + ROW / 2.0, vec![event.title.clone()], right + 8.0, "start", ROW)
    } else if !above && long <= room_left {
        (y + ROW / 2.0, vec![event.title.clone()], left - 8.0, "end", ROW)
    } else {
        // Above the mark: from its left end on, as far as there is room.
        let label = lines(&event.title, columns(wide, CHARACTER));
        let start = left.min(wide - long.min(wide)).max(0.0);
        let height = LINE * label.len() as f64;
        (y + height + ROW / 2.0, label, start, "start", height + ROW)
    };
    let first = if height > ROW { y + 12.0 } else { middle + 4.0 };
    let when = event.when.as_ref();
    let mark = Mark {
        id: event.id.clone(),
        lane,
        shape,
        x: Units(x),
        y: Units(middle),
        w: Units(w),
        standing: event.standing.word,
        inferred: when.is_some_and(|when| when.inferred || when.approximate),
        href: format!("#{}", event.id),
        page: event.href.split('#').next().unwrap_or_default().to_owned(),
        title: event.title.clone(),
        when: when.map_or_else(|| "no date".to_owned(), |when| when.text.clone()),
        label: placed(label, first, LINE),
        label_x: Units(label_x),
        anchor,
        row_y: Units(y),
        row_height: Units(height),
    };
    (mark, height)
}
