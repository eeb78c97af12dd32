//! Looking for what is seldom there: at many places at once, each without a way out.

/// How many places are looked at between two ways out.
const BLOCK: usize = 16;

/// Whether a byte is one of those that are looked for.
#[inline]
pub fn any_byte(bytes: &[u8], test: impl Fn(u8) -> bool) -> bool {
    let block = |at: usize| {
        let block = bytes.get(at..).and_then(<[u8]>::first_chunk::<BLOCK>);
        block.is_some_and(|block| block.iter().fold(false, |found, byte| found | test(*byte)))
    };
    match bytes.len().checked_sub(BLOCK) {
        Some(last) => in_blocks(last, block),
        None => bytes.iter().fold(false, |found, byte| found | test(*byte)),
    }
}

/// Whether three bytes in a row are some that are looked for.
#[inline]
pub fn any_triple(bytes: &[u8], test: impl Fn([u8; 3]) -> bool) -> bool {
    let block = |at: usize| {
        let from = |skip: usize| bytes.get(at + skip..).and_then(<[u8]>::first_chunk::<BLOCK>);
        let (Some(first), Some(second), Some(third)) = (from(0), from(1), from(2)) else { return false };
        let all = first.iter().zip(second).zip(third);
        all.fold(false, |found, ((first, second), third)| found | test([*first, *second, *third]))
    };
    match bytes.len().checked_sub(BLOCK + 2) {
        Some(last) => in_blocks(last, block),
        None => bytes.array_windows().any(|triple| test(*triple)),
    }
}

/// Whether it is so of a block, of those that follow one another and of the one that begins at `last`.
#[inline]
fn in_blocks(last: usize, block: impl Fn(usize) -> bool) -> bool {
    let mut at = 0;
    while at < last {
        if block(at) {
            return true;
        }
        at += BLOCK;
    }
    block(last)
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
