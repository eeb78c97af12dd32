use std::fmt;
use std::ops::Deref;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

use crate::data::Coded;

/// A number as a source prints it, which need not be one for a program: `12`, `3a`, `XIV`, `37–39`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Numeral(pub String);

impl Deref for Numeral {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Numeral {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Numeral {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumeralVisitor)
    }
}

struct NumeralVisitor;

impl Visitor<'_> for NumeralVisitor {
    type Value = Numeral;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Numeral, E> {
        Ok(Numeral(text.to_owned()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Numeral, E> {
        Ok(Numeral(number.to_string()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Numeral, E> {
        Ok(Numeral(number.to_string()))
    }

    /// YAML takes `1.10` for the number 1.1.
    fn visit_f64<E: Error>(self, number: f64) -> Result<Numeral, E> {
        let message = format!("YAML reads this as the number {number}, which may not be what is printed");
        Err(E::custom(Coded { code: "wrong-type", message, hint: Some("put it in quotes".into()) }))
    }
}
