//! Drawings as geometry: numbers for a template to write as SVG, so that a theme decides what they look like.

mod axis;
mod label;
mod map;
mod overview;
mod tree;

pub use axis::{Lane, Tick};
pub use map::MapDrawing;
pub use overview::{Lanes, Overview};
pub use tree::Tree;

use serde::{Serialize, Serializer};

/// A length in user units: rounded to a tenth, and written without a needless `.0`.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Units(pub f64);

impl Serialize for Units {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rounded = (self.0 * 10.0).round() / 10.0;
        if rounded.fract() == 0.0 {
            serializer.serialize_i64(rounded as i64)
        } else {
            serializer.serialize_f64(rounded)
        }
    }
}
