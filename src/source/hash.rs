use std::fmt;

use serde::{Deserialize, Serialize};

/// A BLAKE3 hash of some bytes; equal hashes mean equal content.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Hash([u8; 32]);

impl Hash {
    /// The hash of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// The raw 32 bytes, to mix into another hash.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// A hash by its raw bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its first eight bytes as a number: enough to distinguish the contents of one site.
    pub fn word(&self) -> u64 {
        self.0.iter().take(8).rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
    }

    /// All 64 hexadecimal digits.
    pub fn hex(&self) -> String {
        let digit = |value: u8| value + if value < 10 { b'0' } else { b'a' - 10 };
        let mut hex = [0; 64];
        for ([high, low], byte) in hex.as_chunks_mut().0.iter_mut().zip(self.0) {
            (*high, *low) = (digit(byte >> 4), digit(byte & 15));
        }
        String::from_utf8_lossy(&hex).into_owned()
    }

    /// The first ten hexadecimal digits, for file names: one collision in a trillion for a million files.
    pub fn short(&self) -> String {
        self.hex()[..10].to_owned()
    }

    /// Reads what [`Hash::hex`] wrote.
    pub fn from_hex(text: &str) -> Option<Self> {
        blake3::Hash::from_hex(text).ok().map(|hash| Self(*hash.as_bytes()))
    }
}

impl From<blake3::Hash> for Hash {
    fn from(hash: blake3::Hash) -> Self {
        Self(*hash.as_bytes())
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.short())
    }
}
