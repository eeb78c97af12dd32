//! Searches for rare bytes. Loops test every byte and have no early exit, so that the compiler vectorizes them.

use std::ops::Range;

/// Whether any byte passes a test.
#[inline]
pub fn any_byte(bytes: &[u8], test: impl Fn(u8) -> bool) -> bool {
    bytes.iter().fold(false, |found, byte| found | test(*byte))
}

/// The number of positions that are tested together.
const LANES: usize = 16;

/// Whether any three consecutive bytes pass a test. The last positions are tested again as one chunk, since testing
/// them one by one would take as long as all the others.
#[inline]
pub fn any_triple(bytes: &[u8], test: impl Fn([u8; 3]) -> bool) -> bool {
    let mut found = [0; LANES];
    let mut look = |places: &[u8; LANES + 2]| {
        let ([first @ .., _, _], [_, second @ .., _], [_, _, third @ ..]) = (places, places, places);
        for (((found, first), second), third) in found.iter_mut().zip(first).zip(second).zip(third) {
            *found |= u8::from(test([*first, *second, *third]));
        }
    };
    let Some(last) = bytes.last_chunk() else {
        return bytes.windows(3).any(|places| places.first_chunk().is_some_and(|places| test(*places)));
    };
    look(last);
    let mut rest = bytes;
    while let Some(places) = rest.first_chunk() {
        look(places);
        rest = rest.get(LANES..).unwrap_or_default();
    }
    u128::from_ne_bytes(found) != 0
}

/// The chunks of a text that contain a match. Searching a whole text once is faster than searching each of its
/// sentences.
#[derive(Clone, Debug)]
pub struct Marks(Vec<bool>);

/// The number of bytes in one chunk.
const MARKED: usize = 64;

impl Marks {
    /// Marks the chunks with a byte that passes a test.
    #[inline]
    pub fn of_bytes(bytes: &[u8], test: impl Fn(u8) -> bool) -> Self {
        Self(bytes.chunks(MARKED).map(|bytes| any_byte(bytes, &test)).collect())
    }

    /// Marks the byte before each word whose first three bytes pass a test; for a word at the start of the text, its
    /// first byte.
    #[inline]
    pub fn of_words(bytes: &[u8], test: impl Fn([u8; 3]) -> bool) -> Self {
        let from = |at: usize| bytes.get(at..).unwrap_or_default().chunks(MARKED);
        let stretches = from(0).zip(from(1)).zip(from(2)).zip(from(3));
        let found = stretches.map(|(((before, first), second), third)| {
            let places = before.iter().zip(first).zip(second).zip(third);
            places.fold(false, |found, (((before, first), second), third)| {
                let begins = u8::from(!before.is_ascii_alphanumeric());
                found | (begins & u8::from(test([*first, *second, *third])) == 1)
            })
        });
        let mut found: Vec<bool> = found.collect();
        if bytes.first_chunk().is_some_and(|start| test(*start)) {
            match found.first_mut() {
                Some(found) => *found = true,
                None => found.push(true),
            }
        }
        Self(found)
    }

    /// Whether a mark may be in a range of the text, or just before it. May be true without one, never false with one.
    pub fn touch(&self, range: &Range<usize>) -> bool {
        let end = range.end.div_ceil(MARKED).min(self.0.len());
        self.0.get(range.start.saturating_sub(1) / MARKED..end).is_some_and(|marks| marks.contains(&true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_near_the_matches() {
        for length in 0..200 {
            for at in 0..length {
                let mut bytes = vec![b'.'; length];
                bytes[at] = b'x';
                let marks = Marks::of_bytes(&bytes, |byte| byte == b'x');
                let words = Marks::of_words(&bytes, |start| start == *b"x..");
                assert!(marks.touch(&(at..at + 1)), "{at} of {length}");
                assert_eq!(words.touch(&(at..at + 1)), at + 3 <= length, "{at} of {length}");
                let beyond = at + MARKED + 1..at + MARKED + 2;
                assert!(!marks.touch(&beyond) && !words.touch(&beyond) && !marks.touch(&(0..at / MARKED * MARKED)));
                if let Some(before) = at.checked_sub(1) {
                    bytes[before] = b'a';
                    assert!(!Marks::of_words(&bytes, |start| start == *b"x..").touch(&(0..length)));
                }
            }
        }
    }

    #[test]
    fn every_position_is_tested() {
        for length in 0..70 {
            let empty = vec![b'.'; length];
            assert!(!any_byte(&empty, |byte| byte == b'x'));
            assert!(!any_triple(&empty, |triple| triple == *b"xyz"));
            for at in 0..length {
                let mut bytes = empty.clone();
                bytes[at] = b'x';
                assert!(any_byte(&bytes, |byte| byte == b'x'), "{at} of {length}");
                if let Some(place) = bytes.get_mut(at..at + 3) {
                    place.copy_from_slice(b"xyz");
                    assert!(any_triple(&bytes, |triple| triple == *b"xyz"), "{at} of {length}");
                }
            }
        }
    }
}
