use std::fmt;

use edtf_core::Edtf;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::data::Coded;

use super::When;
use super::text::{MONTHS, days_in};

impl When {
    /// The longest EDTF text, in bytes.
    pub const LIMIT: usize = 200;

    /// Reads EDTF.
    ///
    /// # Errors
    /// What is wrong and what to write instead, with the code `bad-date`: for text that is not EDTF, and for dates that
    /// do not exist, such as 30 February.
    pub fn parse(text: &str) -> Result<Self, Coded<'static>> {
        let wrong = |message: String, hint: String| Coded { code: "bad-date", message, hint: Some(hint) };
        let short: String = text.chars().take(40).filter(|c| !c.is_control()).collect();
        if text.len() > Self::LIMIT {
            return Err(wrong(
                format!("`{short}…` is too long for a date"),
                format!("the limit is {} bytes", Self::LIMIT),
            ));
        }
        let edtf = Edtf::parse(text).map_err(|error| {
            wrong(format!("`{short}` is not a date: {}", error.message), hint(text).unwrap_or_else(usual))
        })?;
        let when = Self::new(text, edtf);
        match (when.start(), when.end()) {
            (Some(start), Some(end)) if end < start => {
                Err(wrong(format!("`{short}` ends before it starts"), "write the earlier date first".into()))
            }
            _ => Ok(when),
        }
    }
}

fn usual() -> String {
    "write EDTF such as `2018`, `2018-02` or `2018-02-23`; `dossier explain bad-date` shows the rest".into()
}

/// What a text that is no EDTF was probably meant to be.
fn hint(text: &str) -> Option<String> {
    if let Some(hint) = old_form(text) {
        return Some(hint);
    }
    let year = text.split('-').next().unwrap_or_default();
    if text.contains('-') && (1..4).contains(&year.len()) && year.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some("write the year with four digits, as in `2018-02-23`".into());
    }
    let numbers: Vec<u32> = text.split('-').map(str::parse).collect::<Result<_, _>>().unwrap_or_default();
    if let [year @ 1..=9999, month, day] = numbers.as_slice() {
        let name = MONTHS.get(usize::try_from(*month).ok()?.checked_sub(1)?);
        let Some(name) = name else { return Some(format!("there is no month {month}")) };
        let last = days_in(i16::try_from(*year).ok()?, i8::try_from(*month).ok()?)?;
        if *day == 0 || *day > u32::from(last.unsigned_abs()) {
            return Some(format!("{name} {year} has {last} days"));
        }
        return Some(format!("write `{year:04}-{month:02}-{day:02}`"));
    }
    if let [year @ 1..=9999, month @ 1..=12] = numbers.as_slice() {
        return Some(format!("write `{year:04}-{month:02}`"));
    }
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let month = |word: &str| {
        let found = MONTHS.iter().position(|month| {
            let start = month.get(..3).unwrap_or_default();
            word.len() >= 3 && word.to_lowercase().starts_with(&start.to_lowercase())
        });
        found.map(|index| index + 1)
    };
    let year = words.iter().find_map(|word| word.parse::<u32>().ok().filter(|year| *year > 31))?;
    let month = words.iter().find_map(|word| month(word))?;
    let day = words.iter().find_map(|word| word.parse::<u32>().ok().filter(|day| (1..=31).contains(day)));
    Some(match day {
        Some(day) => format!("write `{year:04}-{month:02}-{day:02}`"),
        None => format!("write `{year:04}-{month:02}`"),
    })
}

/// Forms of the drafts before ISO 8601-2, and years counted back from the common era.
fn old_form(text: &str) -> Option<String> {
    let write = |better: &str| Edtf::parse(better).is_ok().then(|| format!("write `{better}`"));
    if let Some(year) = text.trim().strip_suffix("BC").and_then(|year| year.trim().parse::<u32>().ok()) {
        let sign = if year == 1 { "" } else { "-" };
        return Some(format!("write `{sign}{:04}`: 1 BC is `0000`, 2 BC `-0001`", year.checked_sub(1)?));
    }
    let unknown = text.replace(['u', 'x'], "X");
    if unknown != text && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'u' | b'x')) {
        return write(&unknown).map(|hint| format!("{hint}: a digit that is not known is an `X`"));
    }
    write(&text.replace("open", "..").replace("unknown", "").replace("?~", "%").replace('y', "Y"))
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WhenVisitor)
    }
}

struct WhenVisitor;

impl<'de> Visitor<'de> for WhenVisitor {
    type Value = When;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date such as `2018-02-23`")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<When, E> {
        When::parse(text).map_err(E::custom)
    }

    /// YAML takes a bare year for a number.
    fn visit_i64<E: Error>(self, year: i64) -> Result<When, E> {
        self.visit_str(&year.to_string())
    }

    fn visit_u64<E: Error>(self, year: u64) -> Result<When, E> {
        self.visit_str(&year.to_string())
    }

    /// YAML takes `[2015..2016]` for a list.
    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<When, A::Error> {
        Err(A::Error::custom(brackets("[2017-10-21..2017-10-31]")))
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<When, A::Error> {
        Err(A::Error::custom(brackets("{2015,2016}")))
    }
}

fn brackets(example: &str) -> Coded<'static> {
    let hint = Some(format!("put a date with brackets in quotes: `\"{example}\"`"));
    Coded { code: "bad-date", message: "YAML reads this as a list or a mapping, not as a date".into(), hint }
}
