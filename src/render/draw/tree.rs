use serde::Serialize;

use crate::render::view::{OriginLink, RecordRef};

use super::Units;
use super::label::{CHARACTER, LabelLine, columns, lines, placed};

/// More documents than this are told as a list alone.
const MOST: usize = 60;
const LINE: f64 = 16.0;
/// Between two boxes of a column.
const GAP: f64 = 12.0;

/// Which sources draw on which documents: the originals at the left, and right of each what draws on it.
#[derive(Clone, Debug, Serialize)]
pub struct Tree {
    /// Of the view box.
    pub width: Units,
    /// Of the view box.
    pub height: Units,
    /// The documents.
    pub boxes: Vec<TreeBox>,
    /// From an original to what draws on it.
    pub links: Vec<TreeLink>,
}

/// A document.
#[derive(Clone, Debug, Serialize)]
pub struct TreeBox {
    /// Its name.
    pub name: String,
    /// Its page.
    pub href: String,
    /// Its left edge.
    pub x: Units,
    /// Its top.
    pub y: Units,
    /// How wide it is.
    pub width: Units,
    /// How high it is.
    pub height: Units,
    /// Where its name starts.
    pub label_x: Units,
    /// Its name in lines that fit.
    pub lines: Vec<LabelLine>,
}

/// That one document draws on another.
#[derive(Clone, Debug, Serialize)]
pub struct TreeLink {
    /// The right edge of the original.
    pub x1: Units,
    /// Its middle.
    pub y1: Units,
    /// The left edge of what draws on it.
    pub x2: Units,
    /// Its middle.
    pub y2: Units,
    /// Half-way between the two.
    pub middle: Units,
    /// Whether it holds for single claims alone.
    pub partial: bool,
}

impl Tree {
    /// Draws the documents that draw on each other, in the order given; none where nothing does, or where there are too many.
    pub fn draw(documents: &[RecordRef], links: &[OriginLink], wide: f64) -> Option<Self> {
        if links.is_empty() || documents.len() > MOST {
            return None;
        }
        let depths = depths(documents.len(), links);
        let columns_count = depths.iter().max().map_or(1, |most| most + 1);
        // Between two columns there is room for the links.
        let between = (wide / columns_count as f64 * 0.22).min(90.0);
        let box_width = (wide - between * (columns_count - 1) as f64) / columns_count as f64;
        let room = columns(box_width - 20.0, CHARACTER);
        let mut ends = vec![2.0; columns_count];
        let mut boxes: Vec<TreeBox> = Vec::with_capacity(documents.len());
        for (document, depth) in documents.iter().zip(&depths) {
            let text = lines(&document.label, room);
            let height = LINE * text.len() as f64 + 14.0;
            let x = *depth as f64 * (box_width + between);
            let end = ends.get_mut(*depth)?;
            let y = std::mem::replace(end, *end + height + GAP);
            boxes.push(TreeBox {
                name: document.label.clone(),
                href: document.href.clone(),
                x: Units(x),
                y: Units(y),
                width: Units(box_width),
                height: Units(height),
                label_x: Units(x + 10.0),
                lines: placed(text, y + 19.0, LINE),
            });
        }
        let height = ends.iter().copied().fold(0.0, f64::max) - GAP + 2.0;
        // Each column is in the middle of the height.
        for (found, depth) in boxes.iter_mut().zip(&depths) {
            let used = ends.get(*depth)? - GAP + 2.0;
            let shift = (height - used) / 2.0;
            found.y.0 += shift;
            found.lines.iter_mut().for_each(|line| line.y.0 += shift);
        }
        let link = |found: &OriginLink| {
            let (from, to) = (boxes.get(found.original)?, boxes.get(found.source)?);
            let (x1, x2) = (from.x.0 + from.width.0, to.x.0);
            Some(TreeLink {
                x1: Units(x1),
                y1: Units(from.y.0 + from.height.0 / 2.0),
                x2: Units(x2),
                y2: Units(to.y.0 + to.height.0 / 2.0),
                middle: Units(f64::midpoint(x1, x2)),
                partial: found.partial,
            })
        };
        let links = links.iter().filter_map(link).collect();
        Some(Self { width: Units(wide), height: Units(height), boxes, links })
    }
}

/// The column of each document: right of all that it draws on. In a circle the order of the documents decides.
fn depths(count: usize, links: &[OriginLink]) -> Vec<usize> {
    let mut depths = vec![0; count];
    for _ in 0..count {
        let mut changed = false;
        for link in links {
            let least = depths.get(link.original).map_or(0, |depth| depth + 1);
            if let Some(depth) = depths.get_mut(link.source)
                && *depth < least
                && least < count
            {
                *depth = least;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    // What goes round in a circle would drift to the right: at most as many columns as fit.
    depths.into_iter().map(|depth: usize| depth.min(3)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(id: &str) -> RecordRef {
        RecordRef { id: id.into(), label: format!("The {id}"), title: id.into(), href: format!("{id}.html") }
    }

    #[test]
    fn what_draws_on_a_document_is_right_of_it() {
        let documents = ["release", "report", "digest", "copy"].map(document);
        let link = |original, source, partial| OriginLink { original, source, partial };
        let links = [link(0, 1, false), link(0, 2, true), link(1, 3, false)];
        let tree = Tree::draw(&documents, &links, 720.0).expect("a picture");
        let xs: Vec<f64> = tree.boxes.iter().map(|found| found.x.0).collect();
        assert!(xs[0] < xs[1] && xs[1] < xs[3] && (xs[1] - xs[2]).abs() < 0.1, "{xs:?}");
        assert!(tree.boxes[1].y.0 + tree.boxes[1].height.0 <= tree.boxes[2].y.0, "none covers another");
        assert_eq!(tree.links.iter().map(|link| link.partial).collect::<Vec<_>>(), [false, true, false]);
        assert!(tree.links.iter().all(|link| link.x1.0 < link.x2.0));
        assert!(Tree::draw(&documents, &[], 720.0).is_none());
        let circle = [link(0, 1, false), link(1, 0, false)];
        assert!(
            Tree::draw(&documents, &circle, 360.0).is_some_and(|tree| tree.boxes.iter().all(|found| found.x.0 < 360.0))
        );
    }
}
