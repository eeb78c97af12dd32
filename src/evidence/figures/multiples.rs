//! What counts by the dozen or the thousand, and what multiplies.

use super::read::Reader;
use super::words::Sense;
use super::{Decimal, Value};

/// What `dozens`, or `hundreds` for a power of ten, are several of.
fn unit(power: usize) -> Decimal {
    if power == 0 { Decimal::from(12) } else { Decimal::new("1", power) }
}

impl Reader<'_> {
    /// `dozens`, `millions of users`, `tens of thousands`.
    pub(super) fn plural(&mut self, power: usize) {
        let at = self.at;
        let of = self.is_word(at + 1, &["of"]);
        match self.sense_at(at + 2) {
            Sense::Plural(more @ 3..) if of => self.push(Value::Several(unit(power).times(more)), at, at + 3),
            // "Tens" alone are more often the tens of a sum.
            _ if power == 1 && !of => {}
            _ => self.push(Value::Several(unit(power)), at, at + 1),
        }
    }

    /// `a few thousand`, `several dozen`: whether the number of the tokens `from..to` is such, and was noted.
    pub(super) fn vague(&mut self, number: u64, from: usize, to: usize) -> bool {
        let vague = from.checked_sub(1).filter(|before| self.is_word(*before, &["few", "several", "many"]));
        if let Some(before) = vague {
            self.push(Value::Several(Decimal::new(&number.to_string(), 0)), before, to);
        }
        vague.is_some()
    }

    /// `doubled`, `tenfold`, `twice as many`; not `doubled as a shop`, nor `said it twice`.
    pub(super) fn times(&mut self, times: u32) {
        let at = self.at;
        let compares = ["the", "its", "their", "that", "what"];
        let is_figure = if self.is_word(at, &["twice", "thrice"]) {
            self.is_word(at + 1, &["as"]) || self.is_word(at + 1, &compares)
        } else if self.is_word(at, &["double", "doubles", "treble"]) {
            self.is_word(at + 1, &compares)
        } else {
            !self.is_word(at + 1, &["as", "back", "down", "up"])
        };
        let number = Value::Number(Decimal::from(times));
        if is_figure { self.push(number, at, at + 1) } else { self.perhaps(number, at, at + 1) }
    }
}
