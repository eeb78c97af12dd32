use std::cell::Cell;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Serialize, Serializer};
use tera::Value;

use crate::source::Hash;

use super::hash_serializer::note;

/// A value as templates see it, with the hash of what it holds. Clones are cheap: `Value` counts references inside.
#[derive(Clone, Debug)]
pub struct HashedValue {
    /// What the template gets.
    pub value: Value,
    /// Equal for equal values; part of the key under which an output is kept.
    pub hash: Hash,
}

impl HashedValue {
    /// Converts `data` once.
    pub fn of<T: Serialize + ?Sized>(data: &T) -> Self {
        Self { value: Value::from_serializable(data), hash: Self::hash_of(data) }
    }

    /// The hash alone.
    pub fn hash_of<T: Serialize + ?Sized>(data: &T) -> Hash {
        // Hashing many small pieces costs more than writing them down first.
        let mut bytes = Vec::with_capacity(4096);
        let outer = IS_HASHING.replace(true);
        note(data, &mut bytes);
        IS_HASHING.set(outer);
        Hash::of(&bytes)
    }
}

thread_local! {
    /// Whether a view is being written down for its hash: then the hashes of its shared parts stand for these.
    static IS_HASHING: Cell<bool> = const { Cell::new(false) };
}

/// A view that many others show as a part of theirs, made once: they share its value, and take its hash into theirs.
#[derive(Debug)]
pub struct SharedView<T>(Arc<(T, HashedValue)>);

impl<T: Serialize> SharedView<T> {
    /// Converts `view` once.
    pub fn new(view: T) -> Self {
        let shown = HashedValue::of(&view);
        Self(Arc::new((view, shown)))
    }

    /// What templates get.
    pub fn shown(&self) -> &HashedValue {
        &self.0.1
    }
}

impl<T> Clone for SharedView<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Deref for SharedView<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.0
    }
}

impl<T> Serialize for SharedView<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (_, HashedValue { value, hash }) = &*self.0;
        // Where a value is made of what it is a part of, Tera takes over the value as it is.
        if IS_HASHING.get() { serializer.serialize_bytes(hash.bytes()) } else { value.serialize(serializer) }
    }
}
