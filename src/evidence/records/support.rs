use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use super::Ref;
use crate::data::{Spanned, TEXT_OR_RECORD};
use crate::evidence::{Lines, Locator};

/// A source of a claim, with the place in it.
#[derive(Clone, Debug, Hash)]
pub struct Support {
    /// Which source.
    pub source: Ref,
    /// The lines of the text that was read, from 1.
    pub lines: Spanned<Lines>,
    /// The place in the source, but for lines.
    pub at: Option<Box<Spanned<Locator>>>,
    /// What the source says there, word for word.
    pub quote: Option<Box<Spanned<Quote>>>,
    /// What this passage passes on, besides what the whole source does.
    pub draws_on: Vec<Ref>,
}

impl Support {
    /// The place in words, as readers see it: `chap. 7, p. 212`, `lines 21–24`; empty where none is named.
    pub fn place(&self) -> String {
        match &self.at {
            None => self.lines.to_string(),
            Some(at) if self.lines.is_empty() => at.to_string(),
            Some(at) => format!("{}, {}", at.value, self.lines.value),
        }
    }
}

/// A source of a claim, with the place in it. `report, p. 37` in one text does as well.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Support"))]
#[derive(Deserialize)]
pub(crate) struct SupportRecord {
    /// Which source.
    source: Ref,
    /// The place in the source, by the terms of CSL: `p. 37`, `ch. 7, p. 212`, `12:34-12:50`, `para. 42`, `row 9, column distance`.
    #[serde(default)]
    at: Option<Spanned<Locator>>,
    /// The lines of the text that was read, from 1.
    #[serde(default)]
    lines: Spanned<Lines>,
    /// What the source says there, word for word.
    #[serde(default)]
    quote: Option<Spanned<Quote>>,
    /// What this passage passes on, besides what the whole source does.
    #[serde(default)]
    draws_on: Vec<Ref>,
}

/// Words of a source, as the W3C's `TextQuoteSelector` has them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Quote {
    /// The words.
    pub exact: String,
    /// The words before them, where they occur more than once; not shown.
    pub prefix: String,
    /// The words after them, where they occur more than once; not shown.
    pub suffix: String,
}

/// Words of a source. The text alone does where it occurs once.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Quote"))]
#[derive(Deserialize)]
pub(crate) struct QuoteRecord {
    /// The words, exactly as the source has them.
    exact: String,
    /// The words before them, where they occur more than once; not shown.
    #[serde(default)]
    prefix: String,
    /// The words after them, where they occur more than once; not shown.
    #[serde(default)]
    suffix: String,
}

impl<'de> Deserialize<'de> for Support {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Spanned { value, node } = Spanned::<Written>::deserialize(deserializer)?;
        match value {
            Written::Record(support) => Ok(support),
            // What is written in one text stands where that text does.
            Written::Text(mut support) => {
                support.source.node = node;
                support.lines.node = node;
                support.at.iter_mut().for_each(|at| at.node = node);
                Ok(support)
            }
        }
    }
}

/// A source of a claim by the way it is written.
enum Written {
    Text(Support),
    Record(Support),
}

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const KEYS: &[&str] = &["source", "at", "lines", "quote", "draws_on"];
        deserializer.deserialize_struct(TEXT_OR_RECORD, KEYS, WrittenVisitor)
    }
}

struct WrittenVisitor;

impl<'de> Visitor<'de> for WrittenVisitor {
    type Value = Written;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a source such as `report, p. 37`, or its keys")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Written, E> {
        let (source, place) = text.split_once(',').unwrap_or((text, ""));
        let at = if place.trim().is_empty() { Locator::default() } else { Locator::parse(place).map_err(E::custom)? };
        let (at, lines) = at.split_lines();
        Ok(Written::Text(Support {
            source: source.trim().into(),
            lines: lines.unwrap_or_default().into(),
            at: (!at.is_empty()).then(|| Box::new(at.into())),
            quote: None,
            draws_on: Vec::new(),
        }))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Written, A::Error> {
        let SupportRecord { source, at, mut lines, quote, draws_on } =
            SupportRecord::deserialize(MapAccessDeserializer::new(map))?;
        let mut place = None;
        if let Some(Spanned { value, node }) = at {
            let (value, in_place) = value.split_lines();
            match in_place {
                Some(_) if !lines.is_empty() => {
                    return Err(A::Error::custom("the lines are given twice, in `at` and in `lines`"));
                }
                Some(value) => lines = Spanned { value, node },
                None => {}
            }
            place = (!value.is_empty()).then(|| Box::new(Spanned { value, node }));
        }
        Ok(Written::Record(Support { source, lines, at: place, quote: quote.map(Box::new), draws_on }))
    }
}

impl<'de> Deserialize<'de> for Quote {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct(TEXT_OR_RECORD, &["exact", "prefix", "suffix"], QuoteVisitor)
    }
}

struct QuoteVisitor;

impl<'de> Visitor<'de> for QuoteVisitor {
    type Value = Quote;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the words of the source, or `exact` with `prefix` and `suffix`")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Quote, E> {
        Ok(Quote { exact: text.trim().to_owned(), prefix: String::new(), suffix: String::new() })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Quote, A::Error> {
        let QuoteRecord { exact, prefix, suffix } = QuoteRecord::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Quote { exact: exact.trim().to_owned(), prefix, suffix })
    }
}
