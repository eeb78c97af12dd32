use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};

use super::NodeId;

/// A value and the node it was read from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spanned<T> {
    /// The value itself.
    pub value: T,
    /// Its number, which [`super::SourceMap`] turns into a span.
    pub node: NodeId,
}

/// The name of the type for which this module's decoder provides the node's number.
pub(super) const SPANNED: &str = "$dossier::Spanned";

/// The name of a struct that a record may also write as one text: its visitor takes either.
pub const TEXT_OR_RECORD: &str = "$dossier::TextOrRecord";

/// The place does not count.
impl<T: Hash> Hash for Spanned<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}

impl<T: Default> Default for Spanned<T> {
    fn default() -> Self {
        T::default().into()
    }
}

impl<T> From<T> for Spanned<T> {
    /// A value without a place: a default.
    fn from(value: T) -> Self {
        Self { value, node: NO_NODE }
    }
}

impl From<&str> for Spanned<String> {
    fn from(value: &str) -> Self {
        value.to_owned().into()
    }
}

impl<T> Deref for Spanned<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Display> fmt::Display for Spanned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

/// The number of values that were not read from a file.
const NO_NODE: NodeId = NodeId::MAX;

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Spanned<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(SPANNED, SpannedVisitor(PhantomData))
    }
}

struct SpannedVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for SpannedVisitor<T> {
    type Value = Spanned<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    /// The input from this module's decoder: the node's number, then the value.
    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Spanned<T>, A::Error> {
        let node = access.next_element()?.unwrap_or_default();
        match access.next_element()? {
            Some(value) => Ok(Spanned { value, node }),
            None => Err(serde::de::Error::invalid_length(1, &self)),
        }
    }

    /// The input from every other format.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Spanned<T>, D::Error> {
        T::deserialize(deserializer).map(|value| Spanned { value, node: NO_NODE })
    }
}
