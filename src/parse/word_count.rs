//! How many words a text has.

/// How many of the words, parted by white space in ASCII, hold a letter or a digit.
pub(super) fn words(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let from = |at: usize| bytes.get(at..).unwrap_or_default().chunks(STRETCH);
    let mut words = u32::from(is_word(text, 0));
    // Every place that has a byte on either side, without a way out: that is done for many places at once.
    for (number, ((before, here), after)) in from(0).zip(from(1)).zip(from(2)).enumerate() {
        let (mut found, mut plain) = (0_u8, 0_u8);
        for ((before, here), after) in before.iter().zip(here).zip(after) {
            let start = begins(*before, *here);
            let is_plain = u8::from(here.is_ascii_alphanumeric());
            // A sign that stands alone is no word.
            found += start & (is_plain | u8::from(*after > b' ') | u8::from(*here >= 0x80));
            plain += start & is_plain;
        }
        // Most words begin with a letter or a digit.
        words += if found == plain {
            u32::from(plain)
        } else {
            let starts = before.iter().zip(here).take(after.len()).enumerate();
            let starts = starts.filter(|(_, (before, here))| begins(**before, **here) == 1);
            starts.filter(|(at, _)| is_word(text, number * STRETCH + at + 1)).count() as u32
        };
    }
    let last = bytes.last_chunk().filter(|[before, here]| begins(*before, *here) == 1);
    words + u32::from(last.is_some() && is_word(text, bytes.len() - 1))
}

/// How many bytes are looked at together: as many as a byte can count the words of.
const STRETCH: usize = 128;

/// Whether a word begins `here`: 1 or 0.
fn begins(before: u8, here: u8) -> u8 {
    u8::from(before <= b' ') & u8::from(here > b' ')
}

/// Whether the word that begins at `at`, if any does, holds a letter or a digit.
fn is_word(text: &str, at: usize) -> bool {
    let word = text.get(at..).and_then(|rest| rest.split(|c| c <= ' ').next());
    word.is_some_and(|word| word.contains(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_hold_a_letter_or_a_digit() {
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
