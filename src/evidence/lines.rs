use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};

use crate::data::Coded;

/// Line numbers, from 1: `9`, `21-24`, or a list of such, as first and last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lines(pub Vec<(u32, u32)>);

impl Lines {
    /// The most ranges that one list of lines may have.
    pub const LIMIT: usize = 1000;

    /// Reads `9`, `21-24`, `9, 21–24`.
    ///
    /// # Errors
    /// What is wrong and what to write instead, with the code `bad-value`: for what is no number, for line 0, and for
    /// ranges that end before they start.
    pub fn parse(text: &str) -> Result<Self, Coded<'static>> {
        let mut lines = Self::default();
        for part in text.split(',') {
            lines.push(part.trim())?;
        }
        Ok(lines)
    }

    /// Whether none are given.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every line once for each time it is named, in order.
    pub fn numbers(&self) -> impl Iterator<Item = u32> {
        self.0.iter().flat_map(|(first, last)| *first..=*last)
    }

    /// Whether some line is in both.
    pub fn meets(&self, other: &Self) -> bool {
        self.0.iter().any(|one| other.0.iter().any(|two| one.0 <= two.1 && two.0 <= one.1))
    }

    fn push(&mut self, part: &str) -> Result<(), Coded<'static>> {
        let wrong = |message: String, hint: &str| Coded { code: "bad-value", message, hint: Some(hint.into()) };
        let number = |text: &str| text.trim().parse::<u32>().ok();
        let ends = part.split_once(['-', '–']).unwrap_or((part, part));
        let (Some(first), Some(last)) = (number(ends.0), number(ends.1)) else {
            let short: String = part.chars().take(40).filter(|c| !c.is_control()).collect();
            return Err(wrong(format!("`{short}` is not a line"), "write `9`, `21-24`, or a list: `[9, 21-24]`"));
        };
        if first == 0 {
            return Err(wrong("there is no line 0".into(), "lines are counted from 1"));
        }
        if last < first {
            return Err(wrong(
                format!("the lines {first} to {last} are in reverse order"),
                "write the smaller number first",
            ));
        }
        if self.0.len() >= Self::LIMIT {
            return Err(wrong(format!("more than {} lines are named", Self::LIMIT), "name ranges such as `21-24`"));
        }
        self.0.push((first, last));
        Ok(())
    }
}

/// `line 9`, `lines 9 and 21–24`; nothing where no lines are given.
impl fmt::Display for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let range = |(first, last): &(u32, u32)| match first == last {
            true => first.to_string(),
            false => format!("{first}–{last}"),
        };
        match self.0.as_slice() {
            [] => Ok(()),
            [only @ (first, last)] if first == last => write!(f, "line {}", range(only)),
            [only] => write!(f, "lines {}", range(only)),
            [rest @ .., last] => {
                let rest: Vec<String> = rest.iter().map(range).collect();
                write!(f, "lines {} and {}", rest.join(", "), range(last))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Lines {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LinesVisitor { nested: false })
    }
}

/// Reads one number, range or list; a list is not nested in another.
struct LinesVisitor {
    nested: bool,
}

/// An item of a list of lines.
struct Item(Lines);

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LinesVisitor { nested: true }).map(Item)
    }
}

impl<'de> Visitor<'de> for LinesVisitor {
    type Value = Lines;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("line numbers such as `9`, `21-24` or `[9, 21-24]`")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Lines, E> {
        Lines::parse(text).map_err(E::custom)
    }

    fn visit_i64<E: Error>(self, line: i64) -> Result<Lines, E> {
        match u32::try_from(line) {
            Ok(line) => self.visit_str(&line.to_string()),
            Err(_) => Err(E::invalid_value(serde::de::Unexpected::Signed(line), &self)),
        }
    }

    fn visit_u64<E: Error>(self, line: u64) -> Result<Lines, E> {
        self.visit_str(&line.to_string())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Lines, A::Error> {
        if self.nested {
            return Err(A::Error::invalid_type(serde::de::Unexpected::Seq, &self));
        }
        let mut lines = Lines::default();
        while let Some(Item(item)) = items.next_element()? {
            if lines.0.len() < Lines::LIMIT {
                lines.0.extend(item.0);
            }
        }
        Ok(lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_shows_lines() {
        for (text, shown) in [
            ("9", "line 9"),
            ("21-24", "lines 21–24"),
            ("9, 21 – 24", "lines 9 and 21–24"),
            ("1,3,5-6", "lines 1, 3 and 5–6"),
            ("0", "there is no line 0"),
            ("5-3", "the lines 5 to 3 are in reverse order"),
            ("a", "`a` is not a line"),
            ("-3", "`-3` is not a line"),
            ("", "`` is not a line"),
            ("99999999999", "`99999999999` is not a line"),
        ] {
            let found = Lines::parse(text).map_or_else(|error| error.message, |lines| lines.to_string());
            assert_eq!(found, shown);
        }
    }

    #[test]
    fn yaml_gives_numbers_texts_and_lists() {
        for (yaml, expected) in [
            ("9", Some("line 9")),
            ("21-24", Some("lines 21–24")),
            ("[9, 21-24, \"30\"]", Some("lines 9, 21–24 and 30")),
            ("[]", Some("")),
            ("[[1]]", None),
            ("1.5", None),
            ("-1", None),
            ("true", None),
        ] {
            let lines = serde_yaml::from_str::<Lines>(yaml).ok().map(|lines| lines.to_string());
            assert_eq!(lines.as_deref(), expected, "{yaml}");
        }
    }
}
