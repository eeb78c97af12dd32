//! Looking for what is seldom there: at every place and without a way out, which compilers turn into looking at many places
//! at once.

/// Whether a byte is one of those that are looked for.
#[inline]
pub fn any_byte(bytes: &[u8], test: impl Fn(u8) -> bool) -> bool {
    bytes.iter().fold(false, |found, byte| found | test(*byte))
}

/// How many places are looked at together.
const LANES: usize = 16;

/// Whether three bytes in a row are some that are looked for. The last places of a text are looked at once more, together:
/// one by one they would cost as much as all others.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_looked_at() {
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
