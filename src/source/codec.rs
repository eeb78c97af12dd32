use super::Hash;

/// Writes values as bytes, for the cache. Small numbers take fewer bytes.
#[derive(Debug, Default)]
pub struct Encoder {
    /// The bytes written so far.
    pub bytes: Vec<u8>,
}

/// Reads what an [`Encoder`] wrote. Malformed bytes give `None` or a wrong value, but never a panic, nor an allocation
/// that is out of proportion to them.
#[derive(Clone, Copy, Debug)]
pub struct Decoder<'a> {
    bytes: &'a [u8],
}

impl Encoder {
    /// A number, in one byte below 128 (LEB128).
    pub fn number(&mut self, number: u64) {
        let mut left = number;
        while left >= 0x80 {
            self.bytes.push((left & 0x7f) as u8 | 0x80);
            left >>= 7;
        }
        self.bytes.push(left as u8);
    }

    /// A length or an offset.
    pub fn size(&mut self, size: usize) {
        self.number(size as u64);
    }

    /// A boolean.
    pub fn flag(&mut self, flag: bool) {
        self.bytes.push(u8::from(flag));
    }

    /// Text of any length.
    pub fn text(&mut self, text: &str) {
        self.size(text.len());
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// A hash.
    pub fn hash(&mut self, hash: &Hash) {
        self.bytes.extend_from_slice(hash.bytes());
    }

    /// A number in eight bytes, little-endian.
    pub fn word(&mut self, word: u64) {
        self.bytes.extend_from_slice(&word.to_le_bytes());
    }

    /// A value that may be absent.
    pub fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.flag(value.is_some());
        if let Some(value) = value {
            write(self, value);
        }
    }

    /// Several values.
    pub fn list<T>(&mut self, values: impl ExactSizeIterator<Item = T>, mut write: impl FnMut(&mut Self, T)) {
        self.size(values.len());
        values.for_each(|value| write(self, value));
    }
}

impl<'a> Decoder<'a> {
    /// Reads `bytes` from their start.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// Whether everything was read.
    pub fn is_done(&self) -> bool {
        self.bytes.is_empty()
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(count)?;
        self.bytes = rest;
        Some(taken)
    }

    /// As [`Encoder::number`] wrote it.
    pub fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = *self.take(1)?.first()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// As [`Encoder::size`] wrote it.
    pub fn size(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }

    /// As [`Encoder::flag`] wrote it.
    pub fn flag(&mut self) -> Option<bool> {
        match self.take(1)? {
            [0] => Some(false),
            [1] => Some(true),
            _ => None,
        }
    }

    /// As [`Encoder::text`] wrote it.
    pub fn text(&mut self) -> Option<&'a str> {
        let len = self.size()?;
        std::str::from_utf8(self.take(len)?).ok()
    }

    /// As [`Encoder::text`] wrote it.
    pub fn string(&mut self) -> Option<String> {
        self.text().map(str::to_owned)
    }

    /// As [`Encoder::hash`] wrote it.
    pub fn hash(&mut self) -> Option<Hash> {
        self.take(32)?.try_into().ok().map(Hash::from_bytes)
    }

    /// As [`Encoder::word`] wrote it.
    pub fn word(&mut self) -> Option<u64> {
        self.take(8)?.try_into().ok().map(u64::from_le_bytes)
    }

    /// As [`Encoder::option`] wrote it.
    pub fn option<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        if self.flag()? { read(self).map(Some) } else { Some(None) }
    }

    /// As [`Encoder::list`] wrote it.
    pub fn list<T, C: FromIterator<T>>(&mut self, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<C> {
        let len = self.size()?;
        // Every value takes at least one byte, so a longer length is malformed.
        if len > self.bytes.len() {
            return None;
        }
        // The exact capacity, but limited, since the length may be malformed.
        let mut values = Vec::with_capacity(len.min(1024));
        for _ in 0..len {
            values.push(read(self)?);
        }
        Some(values.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_round_trip() {
        let mut out = Encoder::default();
        for number in [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX] {
            out.number(number);
        }
        out.text("é");
        out.option(Some(3_u64), Encoder::number);
        out.option(None, Encoder::number);
        out.list([1_u64, 2].into_iter(), Encoder::word);
        out.hash(&Hash::of(b"x"));
        let mut from = Decoder::new(&out.bytes);
        for number in [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX] {
            assert_eq!(from.number(), Some(number));
        }
        assert_eq!(from.text(), Some("é"));
        assert_eq!(from.option(Decoder::number), Some(Some(3)));
        assert_eq!(from.option(Decoder::number), Some(None));
        assert_eq!(from.list::<_, Vec<_>>(Decoder::word), Some(vec![1, 2]));
        assert_eq!(from.hash(), Some(Hash::of(b"x")));
        assert!(from.is_done());
    }

    #[test]
    fn malformed_bytes_give_none() {
        assert_eq!(Decoder::new(&[0xff; 11]).number(), None);
        assert_eq!(Decoder::new(&[0xff, 0xff, 0xff, 0xff, 0x0f]).list::<_, Vec<_>>(Decoder::flag), None);
        assert_eq!(Decoder::new(&[2, 0xff, 0xff]).text(), None);
        assert_eq!(Decoder::new(&[2]).flag(), None);
        assert_eq!(Decoder::new(&[]).hash(), None);
    }
}
