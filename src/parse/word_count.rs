//! Counts words.

/// The number of words with a letter or a digit, separated by ASCII white space.
pub(super) fn words(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let from = |at: usize| bytes.get(at..).unwrap_or_default().chunks(CHUNK);
    let mut words = u32::from(is_word(text, 0));
    // Positions with a byte on either side, without an early exit, so that the compiler vectorizes the loop.
    for (number, ((before, here), after)) in from(0).zip(from(1)).zip(from(2)).enumerate() {
        let (mut found, mut plain) = (0_u8, 0_u8);
        for ((before, here), after) in before.iter().zip(here).zip(after) {
            let start = starts_word(*before, *here);
            let is_plain = u8::from(here.is_ascii_alphanumeric());
            // A single punctuation character is not a word.
            found += start & (is_plain | u8::from(*after > b' ') | u8::from(*here >= 0x80));
            plain += start & is_plain;
        }
        // Most words begin with a letter or a digit.
        words += if found == plain {
            u32::from(plain)
        } else {
            let starts = before.iter().zip(here).take(after.len()).enumerate();
            let starts = starts.filter(|(_, (before, here))| starts_word(**before, **here) == 1);
            starts.filter(|(at, _)| is_word(text, number * CHUNK + at + 1)).count() as u32
        };
    }
    let last = bytes.last_chunk().filter(|[before, here]| starts_word(*before, *here) == 1);
    words + u32::from(last.is_some() && is_word(text, bytes.len() - 1))
}

/// The number of bytes in a chunk: few enough that their words can be counted in a byte.
const CHUNK: usize = 128;

/// 1 if a word begins at `here`, otherwise 0.
fn starts_word(before: u8, here: u8) -> u8 {
    u8::from(before <= b' ') & u8::from(here > b' ')
}

/// Whether a word begins at `at` and contains a letter or a digit.
fn is_word(text: &str, at: usize) -> bool {
    let word = text.get(at..).and_then(|rest| rest.split(|c| c <= ' ').next());
    word.is_some_and(|word| word.contains(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_contain_a_letter_or_a_digit() {
        for (text, expected) in [
            ("", 0),
            (" ", 0),
            ("a", 1),
            (" One two,  3 ", 3),
            ("one - two", 2),
            ("“one” — zwö", 2),
            ("(one) *", 1),
            ("-\u{b}a", 1),
        ] {
            assert_eq!(words(text), expected, "{text:?}");
        }
        for length in 0..300 {
            let text = "-é a| b ”c ab | (d)".repeat(20);
            let text = text.get(..length).unwrap_or("é a");
            let expected = text.split(' ').filter(|word| word.contains(char::is_alphanumeric)).count();
            assert_eq!(words(text) as usize, expected, "{text:?}");
        }
        assert_eq!(words(&"a b- \n".repeat(300)), 600);
        assert_eq!(words(&"a - ".repeat(300)), 300);
    }
}
