use std::fmt;

use serde::de::{Deserializer, Error, Visitor};

use super::Coded;

/// Reads a text, or a number as the file has it, by `read`; `expected` describes such a value.
///
/// # Errors
/// What `read` finds wrong; a number that YAML may have read otherwise than it is written.
pub fn text_or_number<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    expected: &'static str,
    read: fn(&str) -> Result<T, Coded<'static>>,
) -> Result<T, D::Error> {
    deserializer.deserialize_any(TextOrNumber { expected, read })
}

struct TextOrNumber<T> {
    expected: &'static str,
    read: fn(&str) -> Result<T, Coded<'static>>,
}

impl<T> Visitor<'_> for TextOrNumber<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.read)(text).map_err(E::custom)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        self.visit_str(&number.to_string())
    }

    /// YAML takes `1.10` for the number 1.1.
    fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
        let message = format!("YAML reads this as the number {number}, which may not be what is printed");
        Err(E::custom(Coded { code: "wrong-type", message, hint: Some("put it in quotes".into()) }))
    }
}
