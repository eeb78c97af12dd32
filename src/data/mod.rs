//! YAML and TOML into typed values that know where they stand, with every problem collected.
//!
//! Values come from `serde_yaml` and `toml`; types say what they need by `serde::Deserialize`. On the way unknown keys
//! get a did-you-mean, doubled and missing keys their line, and a bad value never hides the next one.

use std::ops::Deref;

use serde::Deserialize;

/// The number of a value in its document, in reading order; [`Marks`] turn it into a place.
pub type NodeId = u32;

/// A value and the node it was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
pub struct At<T> {
    /// The value itself.
    pub value: T,
    /// Where it stands.
    pub node: NodeId,
}

impl<T> Deref for At<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}
