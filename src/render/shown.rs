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
        let mut hasher = blake3::Hasher::new();
        // A view holds nothing that JSON cannot say; were it to fail, the empty hash only costs a rendering.
        let _ = serde_json::to_writer(&mut hasher, data);
        Self { value: Value::from_serializable(data), hash: hasher.finalize().into() }
    }
}
