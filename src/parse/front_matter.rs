use std::fmt;
use std::ops::Range;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::placed::Placed;
use crate::data::Coded;

/// The front matter of a page: every key is optional.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FrontMatter {
    /// The page's name; a leading level-one heading where it is absent, else the file's name.
    pub title: Option<String>,
    /// One or two sentences for lists, search engines and social cards.
    pub summary: Option<String>,
    /// The id of the one topic the page is about.
    pub topic: Option<String>,
    /// Its place among its siblings; pages without one come after, by date, then title.
    pub order: Option<i64>,
    /// The day of publication, `YYYY-MM-DD`. Future-dated pages are not published.
    #[serde(deserialize_with = "some_day")]
    pub date: Option<Day>,
    /// The day of the last change in substance.
    #[serde(deserialize_with = "some_day")]
    pub updated: Option<Day>,
    /// From this day on the page is not published.
    #[serde(deserialize_with = "some_day")]
    pub expires: Option<Day>,
    /// Whether the page is a draft, which is only published with `--drafts`.
    pub draft: bool,
    /// The template: `topic` for `templates/topic.html`.
    pub template: Option<String>,
    /// The last part of its address instead of the file's name.
    pub slug: Option<String>,
    /// Former addresses, which redirect to this page.
    pub aliases: Vec<String>,
    /// A social-card image, with its path relative to the page.
    pub image: Option<String>,
    /// The alternative text of the image.
    pub image_alt: Option<String>,
    /// Whether the page has a table of contents. By default the template decides.
    pub toc: Option<bool>,
    /// Whether `$…$` is a formula on this page.
    pub math: bool,
    /// The minimum share of factual paragraphs with a citation, in percent.
    #[serde(deserialize_with = "percentage")]
    #[cfg_attr(test, schemars(range(max = 100)))]
    pub coverage: Option<u8>,
    /// The reason why this page needs no citations.
    pub uncited: Option<String>,
    /// The questions of readers, each with its answer in a sentence: shown before the first section of the page.
    pub answers: Vec<ReaderQuestion>,
    /// The log of corrections, with what was wrong.
    pub corrections: Vec<Correction>,
    /// Your own data for the template.
    pub extra: serde_json::Map<String, serde_json::Value>,
}

impl FrontMatter {
    /// The day on which the page was last changed in substance or corrected.
    pub fn changed(&self) -> Option<Day> {
        let corrected = self.corrections.iter().map(|correction| correction.date).max();
        self.updated.max(corrected)
    }

    /// The day of the last change; the day of publication if there was none since.
    pub fn last_change(&self) -> Option<Day> {
        self.date.max(self.changed())
    }
}

/// A question of readers with its answer.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReaderQuestion {
    /// The question as a reader asks it: `Was anything signed?`.
    pub question: Placed,
    /// The answer in a sentence or two, as Markdown with citations.
    pub answer: Placed,
    /// Claims that the answer rests on, besides those that its text cites.
    #[serde(default)]
    pub claims: Vec<Placed>,
    /// The disagreement that shows what the sources answer.
    #[serde(default)]
    pub disagreement: Option<Placed>,
}

impl ReaderQuestion {
    /// All its texts.
    pub(super) fn texts(&mut self) -> impl Iterator<Item = &mut Placed> {
        [&mut self.question, &mut self.answer].into_iter().chain(&mut self.claims).chain(&mut self.disagreement)
    }
}

/// One entry of the log of corrections.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// The day of the correction.
    #[serde(deserialize_with = "day")]
    pub date: Day,
    /// What was wrong, and the correction.
    pub text: String,
    /// The claims that it concerns: their pages show it as their history.
    #[serde(default)]
    pub claims: Vec<Placed>,
}

/// A calendar day, proleptic Gregorian.
pub type Day = jiff::civil::Date;

/// Reads a day; the error distinguishes invalid dates from other text.
fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
    // The error must come from the visitor, so that the decoder knows the value.
    deserializer.deserialize_str(DayVisitor)
}

fn some_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Day>, D::Error> {
    day(deserializer).map(Some)
}

fn percentage<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
    deserializer.deserialize_u8(PercentageVisitor).map(Some)
}

struct DayVisitor;

impl Visitor<'_> for DayVisitor {
    type Value = Day;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Day, E> {
        let fits = |(at, byte): (usize, u8)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
        let message = if text.len() == 10 && text.bytes().enumerate().all(fits) {
            match text.parse() {
                Ok(day) => return Ok(day),
                Err(_) => format!("the day {text} does not exist"),
            }
        } else {
            format!("`{}` is not a date", text.escape_debug())
        };
        let hint = Some("write the year, month and day: `2018-02-23`".to_owned());
        Err(E::custom(Coded { code: "bad-value", message, hint }))
    }
}

struct PercentageVisitor;

impl Visitor<'_> for PercentageVisitor {
    type Value = u8;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<u8, E> {
        match u8::try_from(number) {
            Ok(percent @ 0..=100) => Ok(percent),
            _ => {
                let hint = Some("write a share from 0 to 100, without a sign".to_owned());
                Err(E::custom(Coded { code: "bad-value", message: format!("{number} is not a percentage"), hint }))
            }
        }
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<u8, E> {
        self.visit_u64(u64::try_from(number).unwrap_or(u64::MAX))
    }
}

/// The ranges of front matter keys, for problems that are found later.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FrontKeys(pub(super) Vec<(String, Range<usize>)>);

impl FrontKeys {
    /// Finds the keys by their lines, which is cheap; those of a flow mapping (`{title: …}`) are not found.
    pub(super) fn new(yaml: &str, base: usize) -> Self {
        let mut keys: Vec<(String, Range<usize>)> = Vec::new();
        let mut at = base;
        for line in yaml.split_inclusive('\n') {
            let text = line.trim_end();
            let end = at + text.len();
            match line.split_once(':') {
                Some((key, value)) if key.starts_with(|c: char| c.is_ascii_alphabetic()) => {
                    let start = end - value.trim().len();
                    keys.push((key.trim_end().to_owned(), if start == end { at..end } else { start..end }));
                }
                // A value may continue on the next line; comments are skipped.
                _ if !text.is_empty() && !text.starts_with('#') => {
                    if let Some((_, place)) = keys.last_mut() {
                        place.end = end;
                    }
                }
                _ => {}
            }
            at += line.len();
        }
        Self(keys)
    }

    /// The bytes of a key's value in the file; the file's start if there is no such key.
    pub fn place(&self, key: &str) -> Range<usize> {
        self.0.iter().find(|(name, _)| name == key).map_or(0..0, |(_, place)| place.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_the_ranges_of_their_values() {
        let yaml = "title: A: b  \r\nsummary: >\r\n  one\r\n\r\n  two\r\n# note\r\naliases:\n- x\nextra: {a: 1}";
        let keys = FrontKeys::new(yaml, 0);
        let text = |key| &yaml[keys.place(key)];
        assert_eq!(text("title"), "A: b");
        assert_eq!(text("summary"), ">\r\n  one\r\n\r\n  two");
        assert_eq!(text("aliases"), "aliases:\n- x");
        assert_eq!(text("extra"), "{a: 1}");
        assert_eq!(text("date"), "");
    }
}
