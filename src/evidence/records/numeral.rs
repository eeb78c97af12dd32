use std::fmt;
use std::ops::Deref;

use serde::de::{Deserialize, Deserializer};

use crate::data::text_or_number;

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
        text_or_number(deserializer, "a number or text", |text| Ok(Self(text.to_owned())))
    }
}
