use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor};

use crate::source::{controls, without_controls};

use super::error::shorten;
use super::{ALIAS_LIMIT, DEPTH_LIMIT, NodeId};

/// A value of YAML or TOML with its number in reading order: a map is followed by its first key, that by its value.
#[derive(Debug)]
pub(super) struct Node<'a> {
    pub id: NodeId,
    pub value: Value<'a>,
}

/// The value of a [`Node`]. Maps keep their order and duplicate keys.
#[derive(Debug)]
pub(super) enum Value<'a> {
    Null,
    Bool(bool),
    Int(i64),
    /// An integer beyond [`i64::MAX`].
    Big(u64),
    Float(f64),
    Text(Cow<'a, str>),
    List(Vec<Node<'a>>),
    Map(Vec<(Node<'a>, Node<'a>)>),
}

impl Node<'_> {
    /// A map's key, or any scalar, as text.
    pub fn text(&self) -> Option<Cow<'_, str>> {
        match &self.value {
            Value::Text(text) => Some(Cow::Borrowed(text)),
            Value::Int(number) => Some(number.to_string().into()),
            Value::Big(number) => Some(number.to_string().into()),
            Value::Float(number) => Some(number.to_string().into()),
            Value::Bool(value) => Some(value.to_string().into()),
            Value::Null => Some("null".into()),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    /// Its type, for a message.
    pub fn describe(&self) -> String {
        match (&self.value, self.text()) {
            (Value::List(_), _) => "a list".into(),
            (Value::Null, _) => "nothing".into(),
            (Value::Text(text), _) => format!("the text `{}`", shorten(text)),
            (Value::Bool(value), _) => format!("`{value}`"),
            (_, Some(number)) => format!("the number {number}"),
            (_, None) => "keys and values".into(),
        }
    }

    /// The text value of this key of a map.
    pub fn get(&self, key: &str) -> Option<&str> {
        let Value::Map(entries) = &self.value else { return None };
        let (_, value) = entries.iter().find(|(name, _)| matches!(&name.value, Value::Text(name) if name == key))?;
        if let Value::Text(text) = &value.value { Some(text) } else { None }
    }
}

/// The number of a node, and the first control character that was removed from its text.
pub(super) type RemovedCharacter = (NodeId, char);

/// Numbers nodes, and stops at documents that exceed the limits of size and depth.
#[derive(Debug, Default)]
pub(super) struct NodeBuilder {
    next: Cell<NodeId>,
    depth: Cell<u32>,
    budget: Cell<usize>,
    /// The characters that were removed from texts.
    pub removed: RefCell<Vec<RemovedCharacter>>,
    /// Which limit was exceeded, if one was.
    pub stopped: RefCell<Option<Stop>>,
}

/// The limit that a document exceeded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    Depth,
    Aliases,
    Tag(String),
}

impl NodeBuilder {
    /// A builder for a text of this many bytes.
    pub fn new(len: usize) -> Self {
        Self { budget: Cell::new(ALIAS_LIMIT * len + 1024), ..Self::default() }
    }

    /// The number of nodes.
    pub fn count(&self) -> NodeId {
        self.next.get()
    }

    /// Numbers the next node.
    pub fn number(&self) -> NodeId {
        let id = self.next.get();
        self.next.set(id.saturating_add(1));
        id
    }

    /// Whether another level would exceed the limit.
    pub fn is_deepest(&self) -> bool {
        self.depth.get() >= DEPTH_LIMIT
    }

    /// Enters a level.
    pub fn enter(&self) {
        self.depth.set(self.depth.get() + 1);
    }

    /// Leaves a level.
    pub fn leave(&self) {
        self.depth.set(self.depth.get().saturating_sub(1));
    }

    /// Builds the nodes of the next level, if the depth allows it.
    fn deeper<T, E: Error>(&self, grow: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        if self.is_deepest() {
            *self.stopped.borrow_mut() = Some(Stop::Depth);
            return Err(E::custom("nested too deep"));
        }
        self.enter();
        let result = grow();
        self.leave();
        result
    }

    /// The text of the last node, without control characters.
    pub fn text<'t>(&self, text: Cow<'t, str>) -> Value<'t> {
        let Some((_, first)) = controls(&text).next() else { return Value::Text(text) };
        self.removed.borrow_mut().push((self.count().saturating_sub(1), first));
        Value::Text(Cow::Owned(without_controls(&text).into_owned()))
    }

    fn spend<E: Error>(&self, bytes: usize) -> Result<(), E> {
        match self.budget.get().checked_sub(bytes) {
            Some(rest) => {
                self.budget.set(rest);
                Ok(())
            }
            None => {
                *self.stopped.borrow_mut() = Some(Stop::Aliases);
                Err(E::custom("aliases repeat too much"))
            }
        }
    }
}

impl<'de> DeserializeSeed<'de> for &NodeBuilder {
    type Value = Node<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node<'de>, D::Error> {
        let id = self.number();
        self.spend(1)?;
        Ok(Node { id, value: deserializer.deserialize_any(self)? })
    }
}

impl<'de> Visitor<'de> for &NodeBuilder {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value<'de>, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value<'de>, E> {
        Ok(Value::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value<'de>, E> {
        Ok(i64::try_from(value).map_or(Value::Big(value), Value::Int))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Value<'de>, E> {
        Ok(Value::Float(value as f64))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Value<'de>, E> {
        Ok(Value::Float(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value<'de>, E> {
        Ok(Value::Float(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value<'de>, E> {
        self.spend(value.len())?;
        Ok(self.text(value.to_owned().into()))
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Value<'de>, E> {
        self.spend(value.len())?;
        Ok(self.text(value.into()))
    }

    fn visit_unit<E>(self) -> Result<Value<'de>, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value<'de>, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value<'de>, A::Error> {
        self.deeper(|| {
            let mut list = Vec::new();
            while let Some(node) = access.next_element_seed(self)? {
                list.push(node);
            }
            Ok(Value::List(list))
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value<'de>, A::Error> {
        self.deeper(|| {
            let mut map = Vec::new();
            while let Some(key) = access.next_key_seed(self)? {
                map.push((key, access.next_value_seed(self)?));
            }
            Ok(Value::Map(map))
        })
    }

    /// How `serde_yaml` shows a value with a tag of its own, such as `!thing x`.
    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Value<'de>, A::Error> {
        let (tag, content) = access.variant::<String>()?;
        *self.stopped.borrow_mut() = Some(Stop::Tag(tag));
        content.newtype_variant_seed(self)?;
        Err(Error::custom("tags are not understood"))
    }
}
