use std::cell::{Cell, RefCell};

use rustc_hash::FxHashSet;
use serde::de::value::{StrDeserializer, U32Deserializer};
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};

use crate::diag::{Diagnostic, did_you_mean};

use super::PROBLEM_LIMIT;
use super::defaults::Defaults;
use super::error::{DecodeError, one_of};
use super::node::{Node, Value};
use super::placeholder::Placeholder;
use super::source_map::Stretch;
use super::spanned::{AT, TEXT_OR_RECORD};
use super::unfilled::{placeholder_in, unfilled};

/// Reads types from the nodes of one document and reports every problem.
///
/// Serde stops at the first error. So a value that could not be read is reported, remembered, and left out when the
/// record is read again, until there are no new problems; a missing key is filled in then.
pub(super) struct Decoder<'a> {
    stretch: &'a Stretch,
    /// What the records have where they say nothing else.
    defaults: Option<Defaults<'a>>,
    /// The number of the record that is being read: only that one has defaults.
    record: Cell<Option<u32>>,
    /// Values and keys that were reported and are left out.
    dropped: RefCell<FxHashSet<u32>>,
    /// Keys that were reported as missing, by record.
    filled: RefCell<FxHashSet<(u32, &'static str)>>,
    news: Cell<bool>,
    problems: RefCell<Vec<Diagnostic>>,
}

impl<'a> Decoder<'a> {
    pub fn new(stretch: &'a Stretch) -> Self {
        Self {
            stretch,
            defaults: None,
            record: Cell::new(None),
            dropped: RefCell::default(),
            filled: RefCell::default(),
            news: Cell::new(false),
            problems: RefCell::default(),
        }
    }

    /// The same, where the records of the file have defaults.
    pub fn with_defaults(self, defaults: Option<Defaults<'a>>) -> Self {
        Self { defaults, ..self }
    }

    /// Reads one record. `None` if a required value is missing or invalid; invalid optional values are left out. All
    /// problems are reported in both cases.
    pub fn read<T: DeserializeOwned>(&self, node: &Node<'_>) -> Option<T> {
        self.read_filled(node).filter(|_| self.filled.borrow().is_empty())
    }

    /// As [`Self::read`], but missing values are filled in, with empty values without a place.
    pub fn read_filled<T: DeserializeOwned>(&self, node: &Node<'_>) -> Option<T> {
        let before = self.reported();
        self.filled.borrow_mut().clear();
        self.record.set(Some(node.id));
        let other = self.defaults.map(|defaults| defaults.decoder);
        while self.reported() - before < PROBLEM_LIMIT {
            self.news.set(false);
            other.inspect(|other| other.news.set(false));
            let result = T::deserialize(Reader { node, decoder: self });
            match result {
                Ok(value) => return Some(value),
                Err(_) if self.news.get() || other.is_some_and(|other| other.news.get()) => {}
                Err(_) => return None,
            }
        }
        None
    }

    /// The number of reported problems.
    pub fn reported(&self) -> usize {
        self.problems.borrow().len()
    }

    pub fn into_problems(self) -> Vec<Diagnostic> {
        self.problems.into_inner()
    }

    /// The number of a node in its [`super::SourceMap`].
    fn global(&self, node: &Node<'_>) -> u32 {
        self.stretch.first.saturating_add(node.id)
    }

    fn is_dropped(&self, node: &Node<'_>) -> bool {
        let dropped = self.dropped.borrow();
        !dropped.is_empty() && dropped.contains(&node.id)
    }

    /// Reports a problem of a node once, and leaves the node out from now on.
    fn drop_with(&self, node: &Node<'_>, problem: impl FnOnce(crate::source::Span) -> Diagnostic) {
        if self.dropped.borrow_mut().insert(node.id) {
            self.news.set(true);
            let span = self.stretch.span(self.global(node));
            self.problems.borrow_mut().push(problem(span));
        }
    }

    /// Reports a problem of a node.
    fn report(&self, node: &Node<'_>, fault: DecodeError) -> DecodeError {
        if let DecodeError::Problem { code, message, hint } = fault {
            let code = crate::diag::find_code(&code).map_or("wrong-type", |code| code.name);
            self.drop_with(node, |span| {
                let problem = Diagnostic::new(code, span, message);
                hint.into_iter().fold(problem, Diagnostic::hint)
            });
            return DecodeError::Reported;
        }
        fault
    }

    /// Reports a missing key, unless the key exists and its value was reported as invalid.
    fn report_missing(&self, node: &Node<'_>, key: &'static str) {
        if !self.filled.borrow_mut().insert((node.id, key)) {
            return;
        }
        self.news.set(true);
        let entries = if let Value::Map(entries) = &node.value { entries.as_slice() } else { &[] };
        let problem = match entries.iter().find(|(name, _)| name.text().as_deref() == Some(key)) {
            Some((name, Node { value: Value::Null, .. })) => Diagnostic::new(
                "missing-key",
                self.stretch.span(self.global(name)),
                format!("the key `{key}` has no value"),
            ),
            Some(_) => return,
            None if self.is_misspelt(entries, key) || self.defaults.is_some_and(|known| known.has(key)) => return,
            None => {
                Diagnostic::new("missing-key", self.stretch.span(self.global(node)), format!("missing key `{key}`"))
                    .hint(format!("add `{key}` to this record"))
            }
        };
        self.problems.borrow_mut().push(problem);
    }

    /// Whether a reported unknown key was probably meant to be this one.
    fn is_misspelt(&self, entries: &[(Node<'_>, Node<'_>)], key: &str) -> bool {
        let mut unknown = entries.iter().filter(|(name, _)| self.is_dropped(name));
        unknown.any(|(name, _)| name.text().is_some_and(|name| did_you_mean(&name, [key]).is_some()))
    }
}

/// One node, offered to one type.
struct Reader<'a> {
    node: &'a Node<'a>,
    decoder: &'a Decoder<'a>,
}

impl<'a> Reader<'a> {
    fn report_error<T>(&self, result: Result<T, DecodeError>) -> Result<T, DecodeError> {
        result.map_err(|fault| self.decoder.report(self.node, fault))
    }

    /// Reports a placeholder.
    fn filled<'t>(&self, text: &'t str) -> Result<&'t str, DecodeError> {
        let Some(found) = placeholder_in(text) else { return Ok(text) };
        let (message, hint) = unfilled(found);
        let fault = DecodeError::Problem { code: "unfilled-placeholder".into(), message, hint: Some(hint.into()) };
        Err(self.decoder.report(self.node, fault))
    }

    fn list(&self, nodes: &'a [Node<'a>]) -> Items<'a> {
        Items { rest: nodes.iter(), decoder: self.decoder }
    }

    fn entries(&self, fields: Option<&'static [&'static str]>) -> Entries<'a> {
        let entries = if let Value::Map(entries) = &self.node.value { entries.as_slice() } else { &[] };
        let mut fill = Vec::new();
        let filled = self.decoder.filled.borrow();
        if !filled.is_empty() {
            fill.extend(filled.iter().filter(|(node, _)| *node == self.node.id).map(|(_, key)| *key));
        }
        let is_record = fields.is_some() && self.decoder.record.get() == Some(self.node.id);
        let defaults = self.decoder.defaults.filter(|_| is_record);
        let (rest, decoder) = (entries.iter(), self.decoder);
        Entries { rest, fields, seen: FxHashSet::default(), value: None, fill, decoder, defaults, is_default: false }
    }
}

macro_rules! any {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
            self.deserialize_any(visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = DecodeError;

    any! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 deserialize_f32 deserialize_f64
        deserialize_char deserialize_str deserialize_string deserialize_bytes deserialize_byte_buf deserialize_unit
        deserialize_identifier
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        let node = self.node;
        let result = match &node.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Int(value) => visitor.visit_i64(*value),
            Value::Big(value) => visitor.visit_u64(*value),
            Value::Float(value) => visitor.visit_f64(*value),
            Value::Text(text) => visitor.visit_borrowed_str(self.filled(text)?),
            Value::List(nodes) => visitor.visit_seq(self.list(nodes)),
            Value::Map(_) => visitor.visit_map(self.entries(None)),
        };
        self.report_error(result)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.node.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        match name {
            AT => visitor.visit_seq(Numbered { number: Some(self.decoder.global(self.node)), value: Some(self) }),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    /// An empty document, or a key without a value, is an empty list.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.node.value {
            Value::Null => visitor.visit_seq(self.list(&[])),
            _ => self.deserialize_any(visitor),
        }
    }

    /// An empty document, or a key without a value, is an empty map.
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.node.value {
            Value::Null => visitor.visit_map(self.entries(None)),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        let or_text = name == TEXT_OR_RECORD;
        if let (true, Value::Text(text)) = (or_text, &self.node.value) {
            return self.report_error(visitor.visit_borrowed_str(self.filled(text)?));
        }
        if !matches!(self.node.value, Value::Map(_) | Value::Null) {
            let wanted = if or_text { "text, or keys and values" } else { "keys and values" };
            let message = format!("expected {wanted}, found {}", self.node.describe());
            return self.report_error(Err(DecodeError::wrong_type(message, None)));
        }
        match visitor.visit_map(self.entries(Some(fields))) {
            Err(DecodeError::Missing(key)) => {
                self.decoder.report_missing(self.node, key);
                Err(DecodeError::Reported)
            }
            result => self.report_error(result),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        let result = match &self.node.value {
            Value::Text(text) => {
                let name: StrDeserializer<'_, DecodeError> = self.filled(text)?.into_deserializer();
                visitor.visit_enum(name)
            }
            _ => {
                let message = format!("expected {}, found {}", one_of(variants), self.node.describe());
                Err(DecodeError::wrong_type(message, None))
            }
        };
        self.report_error(result)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! { unit_struct tuple tuple_struct }
}

/// The input of [`super::Spanned`]: the node's number, then its value.
struct Numbered<'a> {
    number: Option<u32>,
    value: Option<Reader<'a>>,
}

impl<'de> SeqAccess<'de> for Numbered<'de> {
    type Error = DecodeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, DecodeError> {
        if let Some(number) = self.number.take() {
            let number: U32Deserializer<DecodeError> = number.into_deserializer();
            return seed.deserialize(number).map(Some);
        }
        self.value.take().map(|value| seed.deserialize(value)).transpose()
    }
}

/// The items of a list, without those that were reported as invalid.
struct Items<'a> {
    rest: std::slice::Iter<'a, Node<'a>>,
    decoder: &'a Decoder<'a>,
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = DecodeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, DecodeError> {
        for node in self.rest.by_ref() {
            if !self.decoder.is_dropped(node) {
                return seed.deserialize(Reader { node, decoder: self.decoder }).map(Some);
            }
        }
        Ok(None)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

/// The entries of a map, without those that were reported as invalid. Unknown keys of a record (not in `fields`) and
/// duplicate keys are reported and skipped; a record's key without a value counts as absent.
struct Entries<'a> {
    rest: std::slice::Iter<'a, (Node<'a>, Node<'a>)>,
    fields: Option<&'static [&'static str]>,
    seen: FxHashSet<&'a str>,
    value: Option<&'a Node<'a>>,
    fill: Vec<&'static str>,
    decoder: &'a Decoder<'a>,
    defaults: Option<Defaults<'a>>,
    is_default: bool,
}

impl<'a> Entries<'a> {
    fn next(&mut self) -> Option<(std::borrow::Cow<'a, str>, &'a Node<'a>)> {
        loop {
            if let Some(entry) = self.next_of_rest() {
                return Some(entry);
            }
            // What the record does not say, the defaults of its file do.
            let defaults = self.defaults.take()?;
            (self.rest, self.decoder, self.is_default) = (defaults.entries.iter(), defaults.decoder, true);
        }
    }

    fn next_of_rest(&mut self) -> Option<(std::borrow::Cow<'a, str>, &'a Node<'a>)> {
        for (key, value) in self.rest.by_ref() {
            if self.decoder.is_dropped(key) {
                continue;
            }
            let Some(name) = key.text() else {
                self.decoder.drop_with(key, |span| Diagnostic::new("wrong-type", span, "expected text as a key"));
                continue;
            };
            if let Some(fields) = self.fields
                && !fields.contains(&&*name)
            {
                self.decoder.drop_with(key, |span| unknown_key(span, &name, fields));
                continue;
            }
            if let Value::Text(text) = &key.value
                && !self.seen.insert(text)
            {
                if self.is_default {
                    continue;
                }
                self.decoder.drop_with(key, |span| {
                    Diagnostic::new("duplicate-key", span, format!("the key `{name}` is given twice"))
                        .hint("the first one is used; remove one of them")
                });
                continue;
            }
            let absent = self.fields.is_some() && matches!(value.value, Value::Null);
            if !absent && !self.decoder.is_dropped(value) {
                return Some((name, value));
            }
        }
        None
    }
}

fn unknown_key(span: crate::source::Span, name: &str, fields: &[&str]) -> Diagnostic {
    let problem = Diagnostic::new("unknown-key", span, format!("unknown key `{}`", super::error::shorten(name)));
    match did_you_mean(name, fields.iter().copied()) {
        Some(best) => problem.hint(format!("did you mean `{best}`?")),
        None => problem.hint(format!("the keys here are `{}`", fields.join("`, `"))),
    }
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = DecodeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, DecodeError> {
        if let Some((name, value)) = self.next() {
            self.value = Some(value);
            let name: StrDeserializer<'_, DecodeError> = (*name).into_deserializer();
            return seed.deserialize(name).map(Some);
        }
        self.value = None;
        match self.fill.pop() {
            Some(name) => {
                let name: StrDeserializer<'_, DecodeError> = name.into_deserializer();
                seed.deserialize(name).map(Some)
            }
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, DecodeError> {
        match self.value.take() {
            Some(node) => seed.deserialize(Reader { node, decoder: self.decoder }),
            None => seed.deserialize(Placeholder).map_err(|_| DecodeError::Reported),
        }
    }
}
