//! The deserializer of one node.

use rustc_hash::FxHashSet;
use serde::de::value::StrDeserializer;
use serde::de::{Deserializer, IntoDeserializer, Visitor};

use super::Decoder;
use super::access::{Entries, Items, Numbered};
use crate::data::error::{DecodeError, one_of};
use crate::data::node::{Node, Value};
use crate::data::spanned::{SPANNED, TEXT_OR_RECORD};
use crate::data::unfilled::{placeholder_in, unfilled};

/// The deserializer of one node.
pub(super) struct Reader<'a> {
    pub node: &'a Node<'a>,
    pub decoder: &'a Decoder<'a>,
}

impl<'a> Reader<'a> {
    fn report_error<T>(&self, result: Result<T, DecodeError>) -> Result<T, DecodeError> {
        result.map_err(|fault| self.decoder.report(self.node, fault))
    }

    /// Reports a placeholder.
    fn check_placeholder<'t>(&self, text: &'t str) -> Result<&'t str, DecodeError> {
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
            Value::Text(text) => visitor.visit_borrowed_str(self.check_placeholder(text)?),
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
            SPANNED => visitor.visit_seq(Numbered { number: Some(self.decoder.global(self.node)), value: Some(self) }),
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
            return self.report_error(visitor.visit_borrowed_str(self.check_placeholder(text)?));
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
                let name: StrDeserializer<'_, DecodeError> = self.check_placeholder(text)?.into_deserializer();
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
