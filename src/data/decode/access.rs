//! The contents of lists and maps, for the deserializer of a node.

use rustc_hash::FxHashSet;
use serde::de::value::{StrDeserializer, U32Deserializer};
use serde::de::{DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess};

use crate::diag::{Diagnostic, did_you_mean};

use super::Decoder;
use super::reader::Reader;
use crate::data::default_value::DefaultValue;
use crate::data::defaults::Defaults;
use crate::data::error::{DecodeError, shorten};
use crate::data::node::{Node, Value};

/// The input of [`crate::data::Spanned`]: the node's number, then its value.
pub(super) struct Numbered<'a> {
    pub number: Option<u32>,
    pub value: Option<Reader<'a>>,
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
pub(super) struct Items<'a> {
    pub rest: std::slice::Iter<'a, Node<'a>>,
    pub decoder: &'a Decoder<'a>,
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
pub(super) struct Entries<'a> {
    pub rest: std::slice::Iter<'a, (Node<'a>, Node<'a>)>,
    pub fields: Option<&'static [&'static str]>,
    pub seen: FxHashSet<&'a str>,
    pub value: Option<&'a Node<'a>>,
    pub fill: Vec<&'static str>,
    pub decoder: &'a Decoder<'a>,
    pub defaults: Option<Defaults<'a>>,
    pub is_default: bool,
}

impl<'a> Entries<'a> {
    fn next(&mut self) -> Option<(std::borrow::Cow<'a, str>, &'a Node<'a>)> {
        loop {
            if let Some(entry) = self.next_own() {
                return Some(entry);
            }
            // After the record's own keys, the defaults of its file.
            let defaults = self.defaults.take()?;
            (self.rest, self.decoder, self.is_default) = (defaults.entries.iter(), defaults.decoder, true);
        }
    }

    fn next_own(&mut self) -> Option<(std::borrow::Cow<'a, str>, &'a Node<'a>)> {
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
    let problem = Diagnostic::new("unknown-key", span, format!("unknown key `{}`", shorten(name)));
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
            None => seed.deserialize(DefaultValue).map_err(|_| DecodeError::Reported),
        }
    }
}
