use std::ops::Range;
use std::sync::{Arc, OnceLock};

use ::toml::Spanned;
use ::toml::de::{DeTable, DeValue};
use serde::de::DeserializeOwned;

use crate::diag::{Diagnostic, Diagnostics};
use crate::source::SitePath;

use super::decode::Decoder;
use super::merge;
use super::node::{Node, NodeBuilder, Value};
use super::source_map::Segment;
use super::{DEPTH_LIMIT, PROBLEM_LIMIT, SourceMap, TOML_LIMIT};

/// Reads a TOML document and reports all its problems; `None` if it is not valid TOML. Missing values are filled in, so
/// that the rest can be checked.
pub fn toml<T: DeserializeOwned>(file: &SitePath, text: &str, diagnostics: &mut Diagnostics) -> Option<(T, SourceMap)> {
    let mut segment = Segment {
        first: 0,
        count: 0,
        file: file.clone(),
        text: text.into(),
        range: 0..text.len(),
        base: 0,
        ranges: OnceLock::new(),
    };
    if text.len() > TOML_LIMIT {
        let message = format!("this file has {} bytes, the limit is {TOML_LIMIT}", text.len());
        diagnostics.push(Diagnostic::new("too-large", segment.place(0..0), message));
        return None;
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        if let Some(conflict) = merge::unresolved("toml-syntax", text, &segment) {
            diagnostics.push(conflict);
            return None;
        }
        let mut problems_found: Vec<_> =
            errors.iter().map(|error| syntax(error, &segment)).take(PROBLEM_LIMIT).collect();
        problems_found.dedup();
        diagnostics.extend(problems_found);
        return None;
    }
    let mut converter = NodeConverter { builder: NodeBuilder::new(text.len()), ranges: Vec::new() };
    let value = match converter.convert(table.span(), |converter| converter.table(table.get_ref())) {
        Ok(node) => {
            segment.count = converter.builder.count();
            segment.ranges = OnceLock::from(converter.ranges);
            let decoder = Decoder::new(&segment);
            let value = decoder.read_filled(&node);
            diagnostics.extend(decoder.into_problems());
            diagnostics.extend(segment.report_removed(&converter.builder.removed.take()));
            value
        }
        Err(TooDeep(place)) => {
            let message = format!("tables are nested deeper than {DEPTH_LIMIT}");
            diagnostics.push(Diagnostic::new("too-large", segment.place(place), message));
            None
        }
    };
    let mut places = SourceMap::default();
    places.push(Arc::new(segment));
    value.map(|value| (value, places))
}

fn syntax(error: &::toml::de::Error, segment: &Segment) -> Diagnostic {
    let span = error.span().unwrap_or_default();
    match error.message() {
        message if message.contains("duplicate key") => {
            Diagnostic::new("duplicate-key", segment.place(span), "this key is given twice").hint("remove one of them")
        }
        message => Diagnostic::new("toml-syntax", segment.place(span), format!("not valid TOML: {message}")),
    }
}

struct TooDeep(Range<usize>);

/// Converts TOML's tree into ours, numbers the nodes and records their places.
struct NodeConverter {
    builder: NodeBuilder,
    ranges: Vec<Range<u32>>,
}

impl NodeConverter {
    fn convert<'a>(
        &mut self,
        span: Range<usize>,
        value: impl FnOnce(&mut Self) -> Result<Value<'a>, TooDeep>,
    ) -> Result<Node<'a>, TooDeep> {
        let id = self.builder.number();
        let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.ranges.push(byte(span.start)..byte(span.end));
        value(self).map(|value| Node { id, value })
    }

    fn deeper<'a>(
        &mut self,
        nodes: impl FnOnce(&mut Self) -> Result<Value<'a>, TooDeep>,
    ) -> Result<Value<'a>, TooDeep> {
        let here = self.ranges.last().map_or(0..0, |mark| mark.start as usize..mark.end as usize);
        if self.builder.is_deepest() {
            return Err(TooDeep(here));
        }
        self.builder.enter();
        let value = nodes(self);
        self.builder.leave();
        value
    }

    fn table<'a>(&mut self, table: &DeTable<'a>) -> Result<Value<'a>, TooDeep> {
        self.deeper(|converter| {
            let mut entries: Vec<_> = table.iter().collect();
            entries.sort_by_key(|(key, _)| key.span().start);
            let mut map = Vec::with_capacity(entries.len());
            for (key, value) in entries {
                let name =
                    converter.convert(key.span(), |converter| Ok(converter.builder.text(key.get_ref().clone())))?;
                map.push((name, converter.value(value)?));
            }
            Ok(Value::Map(map))
        })
    }

    fn value<'a>(&mut self, value: &Spanned<DeValue<'a>>) -> Result<Node<'a>, TooDeep> {
        self.convert(value.span(), |converter| {
            Ok(match value.get_ref() {
                DeValue::String(text) => converter.builder.text(text.clone()),
                DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
                    Ok(number) => Value::Int(number),
                    Err(_) => Value::Float(f64::MAX),
                },
                DeValue::Float(number) => Value::Float(number.as_str().parse().unwrap_or(f64::NAN)),
                DeValue::Boolean(value) => Value::Bool(*value),
                DeValue::Datetime(time) => Value::Text(time.to_string().into()),
                DeValue::Array(items) => {
                    return converter.deeper(|converter| {
                        items.iter().map(|item| converter.value(item)).collect::<Result<_, _>>().map(Value::List)
                    });
                }
                DeValue::Table(table) => return converter.table(table),
            })
        })
    }
}
