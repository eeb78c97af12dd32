//! Looking for what is seldom there: at every place and without a way out, which compilers turn into looking at many places
//! at once.

/// Whether a byte is one of those that are looked for.
#[inline]
pub fn any_byte(bytes: &[u8], test: impl Fn(u8) -> bool) -> bool {
    bytes.iter().fold(false, |found, byte| found | test(*byte))
}

/// Whether three bytes in a row are some that are looked for.
#[inline]
pub fn any_triple(bytes: &[u8], test: impl Fn([u8; 3]) -> bool) -> bool {
    let from = |skip: usize| bytes.get(skip..).unwrap_or_default();
    let all = bytes.iter().zip(from(1)).zip(from(2));
    all.fold(false, |found, ((first, second), third)| found | test([*first, *second, *third]))
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
