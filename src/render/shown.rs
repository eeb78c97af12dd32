use serde::Serialize;
use tera::Value;

use crate::source::Hash;

/// A value as templates see it, with the hash of what it holds. Clones are cheap: `Value` counts references inside.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What the template gets.
    pub value: Value,
    /// Equal for equal values; part of the key under which an output is kept.
    pub hash: Hash,
}

impl Shown {
    /// Converts `data` once.
    pub fn of<T: Serialize + ?Sized>(data: &T) -> Self {
        Self { value: Value::from_serializable(data), hash: Self::hash_of(data) }
    }

    /// The hash alone.
    pub fn hash_of<T: Serialize + ?Sized>(data: &T) -> Hash {
        // Hashing many small pieces costs more than writing them down first.
        let mut bytes = Vec::with_capacity(4096);
        // A view holds nothing that JSON cannot say; were it to fail, a shorter text only costs a rendering.
        let _ = serde_json::to_writer(&mut bytes, data);
        Hash::of(&bytes)
    }
}
