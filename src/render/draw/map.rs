use serde::Serialize;

use crate::render::view::{BandView, EntityRef, StandingView, TopicRef};

use super::Units;
use super::label::{CHARACTER, LabelLine, columns, lines, placed, width};

/// The partnership map: two parties, and between them a band for each topic, drawn for wide and for narrow screens.
#[derive(Clone, Debug, Serialize)]
pub struct MapDrawing {
    /// What each brings, side by side over the line of a topic.
    pub wide: Map,
    /// What the left brings over the line, what the right brings below it.
    pub narrow: Map,
}

/// One drawing of the map.
#[derive(Clone, Debug, Serialize)]
pub struct Map {
    /// Of the view box.
    pub width: Units,
    /// Of the view box.
    pub height: Units,
    /// How wide the bar of a party is.
    pub bar: Units,
    /// How high the names stand above the bars.
    pub head: Units,
    /// The left and the right party.
    pub parties: [PartyMark; 2],
    /// The topics, from the top.
    pub bands: Vec<BandMark>,
}

/// A party: a bar at its side, with its name over it.
#[derive(Clone, Debug, Serialize)]
pub struct PartyMark {
    /// The entity's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its name in lines that fit over its half.
    pub lines: Vec<LabelLine>,
    /// Where it is told of.
    pub href: String,
    /// The left edge of its bar.
    pub x: Units,
    /// Where its name starts, or ends.
    pub label_x: Units,
    /// `start` or `end`.
    pub anchor: &'static str,
}

/// A topic: a line from bar to bar, with its name in the middle.
#[derive(Clone, Debug, Serialize)]
pub struct BandMark {
    /// The topic.
    pub topic: TopicRef,
    /// The weakest standing of what is brought: the style of the line.
    pub standing: StandingView,
    /// The height of the line.
    pub y: Units,
    /// The middle of the topic's name.
    pub label_x: Units,
    /// The topic's name in lines that fit on its plate.
    pub lines: Vec<LabelLine>,
    /// Where the word for the standing stands, below the name.
    pub word_y: Units,
    /// The plate on the line, which holds both.
    pub plate: Plate,
    /// Where the line starts.
    pub x1: Units,
    /// Where it ends.
    pub x2: Units,
    /// What is brought.
    pub texts: Vec<TextMark>,
}

/// A box with the name of a topic.
#[derive(Clone, Debug, Serialize)]
pub struct Plate {
    /// Its left edge.
    pub x: Units,
    /// Its top.
    pub y: Units,
    /// How wide it is.
    pub width: Units,
    /// How high it is.
    pub height: Units,
}

/// One thing that a party brings.
#[derive(Clone, Debug, Serialize)]
pub struct TextMark {
    /// Where it starts, or ends.
    pub x: Units,
    /// The middle of its first line.
    pub y: Units,
    /// `start` or `end`.
    pub anchor: &'static str,
    /// In a few words.
    pub text: String,
    /// The same in lines that fit on its side.
    pub lines: Vec<LabelLine>,
    /// The claim that it rests on first.
    pub href: String,
    /// How sure we are of it, in a word.
    pub standing: &'static str,
}

impl MapDrawing {
    /// Draws the map; it takes exactly two parties and at least one band.
    pub fn draw(parties: &[EntityRef], bands: &[BandView]) -> Option<Self> {
        let [left, right] = parties else { return None };
        (!bands.is_empty()).then(|| Self { wide: wide(left, right, bands), narrow: narrow(left, right, bands) })
    }
}

/// From one line of what a party brings to the next.
const LINE: f64 = 15.0;

fn wide(left: &EntityRef, right: &EntityRef, bands: &[BandView]) -> Map {
    let frame = Frame::new(720.0, 8.0, 22.0, [left, right], bands);
    let pitch = 26.0;
    let room = columns((frame.width - frame.plate) / 2.0 - 28.0, CHARACTER);
    let mut y = frame.head;
    let mut marks = Vec::new();
    for band in bands {
        let sides = [side(band, 0, room), side(band, 1, room)];
        let height = |side: &Side| side.iter().map(|found| pitch + LINE * found.more_lines()).sum::<f64>();
        let most = sides.iter().map(height).fold(pitch, f64::max);
        let half = frame.plate_height(band) / 2.0;
        let line = (y + 20.0 + most).max(y + 6.0 + half);
        let mut texts = Vec::new();
        for (side, (x, anchor)) in sides.into_iter().zip([(20.0, "start"), (frame.width - 20.0, "end")]) {
            // What is brought ends just over the line.
            let mut at = line + 10.0 - height(&side);
            for found in side {
                let next = at + pitch + LINE * found.more_lines();
                texts.push(found.mark(x, at, anchor));
                at = next;
            }
        }
        marks.push(frame.band(band, line, texts));
        y = line + 6.0 + half;
    }
    frame.map(y, [left, right], marks)
}

fn narrow(left: &EntityRef, right: &EntityRef, bands: &[BandView]) -> Map {
    let frame = Frame::new(340.0, 6.0, 20.0, [left, right], bands);
    let pitch = 28.0;
    let room = columns(frame.width - 32.0, CHARACTER);
    let mut y = frame.head;
    let mut marks = Vec::new();
    for band in bands {
        let mut texts = Vec::new();
        let half = frame.plate_height(band) / 2.0;
        let mut put = |cell: usize, y: &mut f64, (x, anchor): (f64, &'static str)| {
            for found in side(band, cell, room) {
                let next = *y + pitch + LINE * found.more_lines();
                texts.push(found.mark(x, *y + 14.0, anchor));
                *y = next;
            }
        };
        y += 10.0;
        put(0, &mut y, (16.0, "start"));
        let line = y + 2.0 + half;
        y = line + 2.0 + half;
        put(1, &mut y, (frame.width - 16.0, "end"));
        y += 10.0;
        marks.push(frame.band(band, line, texts));
    }
    frame.map(y, [left, right], marks)
}

/// The measures of a drawing.
struct Frame {
    width: f64,
    bar: f64,
    /// How high the names stand, and from one of their lines to the next.
    head: f64,
    pitch: f64,
    names: [Vec<String>; 2],
    /// How wide the plates are.
    plate: f64,
}

/// About how wide a character of a party's name is, and one of a topic's.
const NAME: f64 = 10.4;
const TOPIC: f64 = 8.0;

impl Frame {
    fn new(width: f64, bar: f64, pitch: f64, parties: [&EntityRef; 2], bands: &[BandView]) -> Self {
        let names = parties.map(|party| lines(&party.name, columns(width / 2.0 - 10.0, NAME)));
        let more = names.iter().map(Vec::len).max().unwrap_or(1).saturating_sub(1) as f64;
        let widest = bands.iter().map(|band| self::width(&band.topic.title)).max().unwrap_or(0) as f64;
        let (head, plate) = (if bar < 8.0 { 40.0 } else { 44.0 }, (widest * TOPIC + 24.0).clamp(124.0, 220.0));
        Self { width, bar, head: head + more * pitch, pitch, names, plate }
    }

    fn topic(&self, band: &BandView) -> Vec<String> {
        lines(&band.topic.title, columns(self.plate - 20.0, TOPIC))
    }

    fn plate_height(&self, band: &BandView) -> f64 {
        40.0 + 16.0 * self.topic(band).len().saturating_sub(1) as f64
    }

    /// A topic on its line.
    fn band(&self, band: &BandView, y: f64, texts: Vec<TextMark>) -> BandMark {
        let (middle, height) = (self.width / 2.0, self.plate_height(band));
        let top = y - height / 2.0;
        BandMark {
            topic: band.topic.clone(),
            standing: band.standing.clone(),
            y: Units(y),
            label_x: Units(middle),
            lines: placed(self.topic(band), top + 19.0, 16.0),
            word_y: Units(top + height - 7.0),
            plate: Plate {
                x: Units(middle - self.plate / 2.0),
                y: Units(top),
                width: Units(self.plate),
                height: Units(height),
            },
            x1: Units(self.bar),
            x2: Units(self.width - self.bar),
            texts,
        }
    }

    fn map(self, height: f64, parties: [&EntityRef; 2], bands: Vec<BandMark>) -> Map {
        let Self { width, bar, head, pitch, names, .. } = self;
        let party = |entity: &EntityRef, name: Vec<String>, x, label_x, anchor| PartyMark {
            id: entity.id.clone(),
            name: entity.name.clone(),
            href: entity.href.clone(),
            x: Units(x),
            label_x: Units(label_x),
            anchor,
            lines: {
                let first = head - 14.0 - name.len().saturating_sub(1) as f64 * pitch;
                placed(name, first, pitch)
            },
        };
        let ([left, right], [left_name, right_name]) = (parties, names);
        let left = party(left, left_name, 0.0, 0.0, "start");
        let right = party(right, right_name, width - bar, width, "end");
        Map {
            width: Units(width),
            height: Units(height),
            bar: Units(bar),
            head: Units(head),
            parties: [left, right],
            bands,
        }
    }
}

/// One thing that a party brings, before it has a place.
struct Brought {
    text: String,
    lines: Vec<String>,
    href: String,
    standing: &'static str,
}

type Side = Vec<Brought>;

impl Brought {
    /// How many lines it has after its first.
    fn more_lines(&self) -> f64 {
        self.lines.len().saturating_sub(1) as f64
    }

    fn mark(self, x: f64, y: f64, anchor: &'static str) -> TextMark {
        let Self { text, lines, href, standing } = self;
        TextMark { x: Units(x), y: Units(y), anchor, text, lines: placed(lines, y + 4.0, LINE), href, standing }
    }
}

fn side(band: &BandView, cell: usize, room: usize) -> Side {
    let brings = band.cells.get(cell).map_or(&[][..], |cell| &cell.brings);
    let brought = |found: &crate::render::view::ContributionView| Brought {
        text: found.brings.clone(),
        lines: lines(&found.brings, room),
        href: found.claims.first().map_or_else(String::new, |claim| claim.href.clone()),
        standing: found.standing.word,
    };
    brings.iter().map(brought).collect()
}
