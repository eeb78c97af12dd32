//! Where in a source something stands: `p. 37`, `ch. 7, p. 212`, `12:34-12:50`, `row 9, column distance`.
//!
//! Records and prose share one grammar: places after one another with commas between them, each a term and what it
//! counts. A number alone is a page, as in Pandoc, and a time alone is a timestamp.

mod read;
mod term;

pub use read::seconds;
pub use term::Term;

use std::fmt;

use serde::de::{Deserialize, Deserializer};

use super::Lines;
use crate::data::text_or_number;

/// A place in a source, from the whole to the part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Locator {
    /// Each term with what it counts, as readers see it: `37–39`, `distance`.
    parts: Vec<(Term, String)>,
}

impl Locator {
    /// Whether it names no place.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Takes the lines out of it, which the text in the archive counts.
    pub(super) fn split_lines(mut self) -> (Self, Option<Lines>) {
        let at = self.parts.iter().position(|(term, _)| *term == Term::Line);
        let lines = at.and_then(|at| Lines::parse(&self.parts.remove(at).1).ok());
        (self, lines)
    }

    /// The lines that it names.
    pub fn lines(&self) -> Option<Lines> {
        Lines::parse(self.value(Term::Line)?).ok()
    }

    /// The first and the last page that it names, where they are plain numbers.
    pub fn pages(&self) -> Option<(u32, u32)> {
        let pages = self.value(Term::Page)?;
        let numbers = pages.split([',', '–', ' ', '&']).filter(|part| !matches!(*part, "" | "and"));
        let numbers: Option<Vec<u32>> = numbers.map(|part| part.parse().ok()).collect();
        let numbers = numbers?;
        Some((*numbers.first()?, *numbers.iter().max()?))
    }

    /// The first and the last second that it names.
    pub fn seconds(&self) -> Option<(u32, u32)> {
        let time = self.value(Term::Timestamp)?;
        let (first, last) = time.split_once('–').unwrap_or((time, time));
        Some((seconds(first)?, seconds(last)?))
    }

    /// The number of the first paragraph that it names, else of the first section.
    pub fn numbered(&self) -> Option<&str> {
        let value = self.value(Term::Paragraph).or_else(|| self.value(Term::Section))?;
        let number = value.split(['–', ',', ' ', '&']).next()?;
        Some(number).filter(|number| number.bytes().any(|byte| byte.is_ascii_digit()))
    }

    fn value(&self, wanted: Term) -> Option<&str> {
        self.parts.iter().find(|(term, _)| *term == wanted).map(|(_, value)| value.as_str())
    }
}

/// In the short forms of CSL: `chap. 7, p. 212`, `12:34–12:50`.
impl fmt::Display for Locator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, (term, value)) in self.parts.iter().enumerate() {
            let between = if nth > 0 { ", " } else { "" };
            match term {
                Term::Line => match Lines::parse(value) {
                    Ok(lines) => write!(f, "{between}{lines}")?,
                    Err(_) => write!(f, "{between}line {value}")?,
                },
                Term::Timestamp => write!(f, "{between}{value}")?,
                term => write!(f, "{between}{} {value}", term.short(is_several(value)))?,
            }
        }
        Ok(())
    }
}

/// Whether a value counts more than one.
fn is_several(value: &str) -> bool {
    let many = value.contains(['–', ',', '&']) || value.contains(" and ");
    many && value.starts_with(|c: char| c.is_ascii_digit())
}

impl<'de> Deserialize<'de> for Locator {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text_or_number(deserializer, "a place such as `p. 37`, `para. 42` or `12:34`", Self::parse)
    }
}
