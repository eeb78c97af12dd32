use serde::Serialize;

use crate::render::view::{BandView, EntityRef, StandingView, TopicRef};

use super::Units;

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
    /// Where the line starts.
    pub x1: Units,
    /// Where it ends.
    pub x2: Units,
    /// What is brought.
    pub texts: Vec<TextMark>,
}

/// One thing that a party brings.
#[derive(Clone, Debug, Serialize)]
pub struct TextMark {
    /// Where it starts, or ends.
    pub x: Units,
    /// Its middle.
    pub y: Units,
    /// `start` or `end`.
    pub anchor: &'static str,
    /// In a few words.
    pub text: String,
    /// The claim that it rests on first.
    pub href: String,
    /// How sure we are of it, in a word.
    pub standing: &'static str,
}

/// What is brought on one side: the words, the address, the standing.
type Side = Vec<(String, String, &'static str)>;

impl MapDrawing {
    /// Draws the map; it takes exactly two parties and at least one band.
    pub fn draw(parties: &[EntityRef], bands: &[BandView]) -> Option<Self> {
        let [left, right] = parties else { return None };
        (!bands.is_empty()).then(|| Self { wide: wide(left, right, bands), narrow: narrow(left, right, bands) })
    }
}

fn wide(left: &EntityRef, right: &EntityRef, bands: &[BandView]) -> Map {
    let (width, bar, head, pitch) = (720.0, 8.0, 44.0, 26.0);
    let mut y = head;
    let mut marks = Vec::new();
    for band in bands {
        let sides = [side(band, 0), side(band, 1)];
        let most = sides.iter().map(Vec::len).max().unwrap_or(0).max(1) as f64;
        let line = y + 20.0 + most * pitch;
        let mut texts = Vec::new();
        for (side, (x, anchor)) in sides.into_iter().zip([(20.0, "start"), (width - 20.0, "end")]) {
            let last = side.len();
            for (at, found) in side.into_iter().enumerate() {
                texts.push(text(found, x, line - 16.0 - (last - 1 - at) as f64 * pitch, anchor));
            }
        }
        marks.push(mark(band, line, width, bar, texts));
        y = line + 26.0;
    }
    map(width, y, bar, head, left, right, marks)
}

fn narrow(left: &EntityRef, right: &EntityRef, bands: &[BandView]) -> Map {
    let (width, bar, head, pitch) = (340.0, 6.0, 40.0, 28.0);
    let mut y = head;
    let mut marks = Vec::new();
    for band in bands {
        let mut texts = Vec::new();
        y += 10.0;
        for found in side(band, 0) {
            texts.push(text(found, 16.0, y + 14.0, "start"));
            y += pitch;
        }
        let line = y + 22.0;
        y = line + 22.0;
        for found in side(band, 1) {
            texts.push(text(found, width - 16.0, y + 14.0, "end"));
            y += pitch;
        }
        y += 10.0;
        marks.push(mark(band, line, width, bar, texts));
    }
    map(width, y, bar, head, left, right, marks)
}

fn map(width: f64, height: f64, bar: f64, head: f64, left: &EntityRef, right: &EntityRef, bands: Vec<BandMark>) -> Map {
    let party = |entity: &EntityRef, x, label_x, anchor| PartyMark {
        id: entity.id.clone(),
        name: entity.name.clone(),
        href: entity.href.clone(),
        x: Units(x),
        label_x: Units(label_x),
        anchor,
    };
    Map {
        width: Units(width),
        height: Units(height),
        bar: Units(bar),
        head: Units(head),
        parties: [party(left, 0.0, 0.0, "start"), party(right, width - bar, width, "end")],
        bands,
    }
}

fn mark(band: &BandView, y: f64, width: f64, bar: f64, texts: Vec<TextMark>) -> BandMark {
    BandMark {
        topic: band.topic.clone(),
        standing: band.standing.clone(),
        y: Units(y),
        label_x: Units(width / 2.0),
        x1: Units(bar),
        x2: Units(width - bar),
        texts,
    }
}

fn text((text, href, standing): (String, String, &'static str), x: f64, y: f64, anchor: &'static str) -> TextMark {
    TextMark { x: Units(x), y: Units(y), anchor, text, href, standing }
}

fn side(band: &BandView, cell: usize) -> Side {
    let brings = band.cells.get(cell).map_or(&[][..], |cell| &cell.brings);
    let words = |found: &crate::render::view::ContributionView| {
        let href = found.claims.first().map_or_else(String::new, |claim| claim.href.clone());
        (found.brings.clone(), href, found.standing.word)
    };
    brings.iter().map(words).collect()
}
