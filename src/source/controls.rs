//! Control characters, which no text of a site needs and XML cannot contain.

use std::borrow::Cow;

use super::any_triple;

/// Whether this is a control character other than a tab or a line end, a noncharacter, or an override of the text
/// direction.
pub fn is_control(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => false,
        '\u{202a}'..='\u{202e}' | '\u{fdd0}'..='\u{fdef}' | '\u{fffe}' | '\u{ffff}' => true,
        c => c.is_control(),
    }
}

/// Each [control character](is_control) of a text, with its byte offset.
pub fn controls(text: &str) -> impl Iterator<Item = (usize, char)> {
    let text = if may_hold_controls(text.as_bytes()) { text } else { "" };
    text.char_indices().filter(|(_, c)| is_control(*c))
}

/// The text without its [control characters](is_control).
pub fn without_controls(text: &str) -> Cow<'_, str> {
    match controls(text).next() {
        None => Cow::Borrowed(text),
        Some(_) => Cow::Owned(text.chars().filter(|c| !is_control(*c)).collect()),
    }
}

/// A quick test that rejects most texts: whether any bytes may start a control character.
fn may_hold_controls(bytes: &[u8]) -> bool {
    let one = |byte: u8| (byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r')) || byte == 0x7f;
    let two = |first: u8, second: u8| first == 0xc2 && second < 0xa0;
    let three = |[first, second, third]: [u8; 3]| match first {
        0xe2 => second == 0x80 && (0xaa..=0xae).contains(&third),
        0xef => (second == 0xb7 && (0x90..=0xaf).contains(&third)) || (second == 0xbf && third >= 0xbe),
        _ => false,
    };
    let Some([b, c]) = bytes.last_chunk() else { return true };
    one(*b) | one(*c) | two(*b, *c) || any_triple(bytes, |[a, b, c]| one(a) | two(a, b) | three([a, b, c]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_is_a_control_alone_and_in_a_text() {
        for c in '\0'..=char::MAX {
            let expected = c.is_control() && !"\t\n\r".contains(c)
                || ('\u{202a}'..='\u{202e}').contains(&c)
                || ('\u{fdd0}'..='\u{fdef}').contains(&c)
                || ('\u{fffe}'..='\u{ffff}').contains(&c);
            for text in [c.to_string(), format!("{c}a long text"), format!("a long text{c}")] {
                assert_eq!(controls(&text).count(), usize::from(expected), "{text:?}");
            }
        }
    }

    #[test]
    fn they_are_left_out() {
        assert_eq!(without_controls("a\u{8}b\u{202e}c\u{ffff}\td"), "abc\td");
        assert!(matches!(without_controls("a – b\n“c” 小米 \u{200f}"), Cow::Borrowed(_)));
    }
}
