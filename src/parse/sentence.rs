//! Splits text into sentences, by rules for English: a full stop after a title, an initial, an abbreviation or a list
//! number does not end one.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memchr3;

/// Abbreviations that never end a sentence.
const NEVER: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "st", "vs", "gen", "sen", "rep", "gov", "capt", "lt", "rev", "hon", "messrs",
    "mme", "cf", "viz", "al", "ed", "eds", "trans", "est", "resp", "incl", "mt",
];
/// Abbreviations that do not end a sentence if a number follows.
const BEFORE_NUMBER: &[&str] = &[
    "no", "nos", "p", "pp", "vol", "vols", "fig", "figs", "sec", "ch", "art", "c", "ca", "approx", "jan", "feb", "mar",
    "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "sat", "sun",
];
/// Abbreviations that end a sentence if the next word is one of [`STARTERS`].
const MAYBE: &[&str] = &[
    "inc", "ltd", "co", "corp", "jr", "sr", "bros", "llc", "plc", "gmbh", "dept", "univ", "approx", "ca", "mon", "tue",
    "tues", "wed", "thu", "thur", "thurs", "fri",
];
/// Words that commonly begin a sentence.
const STARTERS: &[&str] = &[
    "the", "a", "an", "it", "he", "she", "they", "we", "i", "you", "in", "on", "at", "but", "and", "or", "this",
    "that", "these", "those", "its", "his", "her", "their", "our", "however", "when", "while", "after", "before", "by",
    "for", "from", "if", "as", "with", "both", "neither", "no", "not", "what", "who", "which", "where", "why", "how",
    "there", "then", "so", "yet", "only", "another", "one", "two", "three", "some", "most", "many", "all", "each",
    "since", "although", "though", "because", "until", "under", "to", "of", "here",
];

/// The first letters, as bits, of the abbreviations of each length: a quick test that rejects most words.
static SHORT: LazyLock<[u32; 8]> = LazyLock::new(|| {
    let mut firsts = [0; 8];
    for word in NEVER.iter().chain(BEFORE_NUMBER).chain(MAYBE) {
        if let (Some(bits), Some(first)) = (firsts.get_mut(word.len()), word.bytes().next()) {
            *bits |= letter(first);
        }
    }
    firsts
});

fn letter(byte: u8) -> u32 {
    1 << (byte & 0x1f)
}

/// Whether a word of ASCII letters may be an abbreviation; may be true for other words.
fn may_be_short(word: &[u8]) -> bool {
    let bits = SHORT.get(word.len()).copied().unwrap_or_default();
    word.first().is_some_and(|first| bits & letter(*first) != 0)
}

/// The ranges of the sentences of `text`, in order; only spaces are between them.
pub fn sentences(text: &str) -> impl Iterator<Item = Range<usize>> {
    let (mut from, is_ascii) = (0, text.is_ascii());
    std::iter::from_fn(move || {
        let rest = text.get(from..)?;
        let start = from + (rest.len() - rest.trim_start().len());
        if start == text.len() {
            return None;
        }
        let end = sentence_end(text, start, is_ascii);
        from = end;
        let trimmed = text.get(start..end).unwrap_or_default().trim_end().len();
        Some(start..start + trimmed)
    })
}

/// The end of the sentence that begins at `start`.
fn sentence_end(text: &str, start: usize, is_ascii: bool) -> usize {
    let bytes = text.as_bytes();
    let mut at = start;
    let stop = |byte: &u8| matches!(byte, b'.' | b'!' | b'?' | 0xe2 | 0xe3 | 0xef);
    let next_stop = |at: usize| {
        let rest = bytes.get(at..)?;
        if is_ascii { memchr3(b'.', b'!', b'?', rest) } else { rest.iter().position(stop) }
    };
    while let Some(next) = next_stop(at) {
        at += next;
        match bytes.get(at).copied().unwrap_or_default() {
            b'.' if ends_plainly(bytes, start, at) => return at + 1,
            b'.' | b'!' | b'?' => {}
            // The first bytes of `…` and of the full stops of Chinese and Japanese.
            0xe2 if text[at..].starts_with('…') => {}
            0xe3 | 0xef if text[at..].starts_with(['。', '！', '？']) => return at + 3,
            _ => {
                at += 1;
                continue;
            }
        }
        let after = skip_closers(text, at);
        if is_end(text, start, at, after) {
            return after;
        }
        at = after;
    }
    text.len()
}

/// A quick test for most ends of sentences: whether the full stop at `stop` is after a word of letters that is not an
/// abbreviation, and before a capital letter or the end. Other ends are found by [`is_end`].
fn ends_plainly(bytes: &[u8], start: usize, stop: usize) -> bool {
    match bytes.get(stop + 1..) {
        Some([]) => return true,
        Some([b' ', next, ..]) if next.is_ascii_uppercase() => {}
        _ => return false,
    }
    let before = bytes.get(start..stop).unwrap_or_default();
    let letters = before.iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let (rest, word) = before.split_at(before.len() - letters);
    letters > 1 && rest.last().is_none_or(|byte| *byte == b' ') && !may_be_short(word)
}

/// The offset after the stops, quotation marks and brackets at `at`.
fn skip_closers(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let closer = |c: char| matches!(c, '.' | '!' | '?' | '…' | '"' | '\'' | '”' | '’' | '»' | ')' | ']' | '}');
    at + (rest.len() - rest.trim_start_matches(closer).len())
}

/// Whether the sentence from `start` ends with the stop at `stop`, closed at `after`.
fn is_end(text: &str, start: usize, stop: usize, after: usize) -> bool {
    let rest = text.get(after..).unwrap_or_default();
    let next = rest.trim_start();
    if next.is_empty() {
        return true;
    }
    if next.len() == rest.len() {
        return false;
    }
    let next = next.trim_start_matches(['"', '\'', '“', '‘', '«', '(', '[']);
    let mut letters = next.chars();
    let (Some(first), second) = (letters.next(), letters.next()) else { return true };
    // Names such as `iPhone` may begin a sentence.
    if first.is_lowercase() && !second.is_some_and(char::is_uppercase) {
        return false;
    }
    let single_stop = after == stop + 1 && text.as_bytes().get(stop) == Some(&b'.');
    !single_stop || !is_abbreviation(text.get(start..stop).unwrap_or_default(), next)
}

/// Whether the full stop between `before` and `next` belongs to an abbreviation and does not end the sentence.
fn is_abbreviation(before: &str, next: &str) -> bool {
    let word = before
        .rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '"' | '“' | '‘' | '\''))
        .next()
        .unwrap_or_default();
    // "1. The first" at the start is the number of a list.
    if word.len() == before.len() && !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    if word.len() > 12 || word.is_empty() {
        return false;
    }
    if word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_alphabetic()) && !may_be_short(word.as_bytes()) {
        return false;
    }
    let lower = word.to_lowercase();
    let next_word = next.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let next_is_number = next.starts_with(|c: char| c.is_ascii_digit());
    let next_starts = || STARTERS.contains(&next_word.to_lowercase().as_str());
    if NEVER.contains(&lower.as_str()) || matches!(lower.as_str(), "e.g" | "i.e") {
        return true;
    }
    if BEFORE_NUMBER.contains(&lower.as_str()) && next_is_number {
        return true;
    }
    let initials = word.split('.').all(|part| part.chars().count() == 1 && part.chars().all(char::is_alphabetic));
    let capital = word.starts_with(char::is_uppercase);
    if (initials && (capital || word.contains('.')))
        || matches!(lower.as_str(), "ph.d")
        || MAYBE.contains(&lower.as_str())
    {
        return !next_starts();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = sentences(text).map(|range| &text[range]).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn ordinary_stops() {
        check("One. Two! Three? Four", &["One.", "Two!", "Three?", "Four"]);
        check("  He said “yes.” Then (he left.) The end.  ", &["He said “yes.”", "Then (he left.)", "The end."]);
        check("It grew… Then it fell... And rose.", &["It grew…", "Then it fell...", "And rose."]);
        check("他说了。他走了。", &["他说了。", "他走了。"]);
        check("", &[]);
        check(" \n ", &[]);
    }

    #[test]
    fn stops_that_end_nothing() {
        check("Mr. Lei met Dr. Shum. They signed.", &["Mr. Lei met Dr. Shum.", "They signed."]);
        check("Phones, e.g. the Mi 8, sold.", &["Phones, e.g. the Mi 8, sold."]);
        check("It rose 3.5 per cent to 1.2 million.", &["It rose 3.5 per cent to 1.2 million."]);
        check("See No. 5 and pp. 3-4. Done.", &["See No. 5 and pp. 3-4.", "Done."]);
        check("The answer is no. He left.", &["The answer is no.", "He left."]);
        check(
            "Harry Shum Jr. Smith signed. J. R. Smith did not.",
            &["Harry Shum Jr. Smith signed.", "J. R. Smith did not."],
        );
        check(
            "Sold in the U.S. market and the U.K. The rest waited.",
            &["Sold in the U.S. market and the U.K.", "The rest waited."],
        );
        check("It opened on Fri. 2 March, or on Tues. March 6.", &["It opened on Fri. 2 March, or on Tues. March 6."]);
        check(
            "It opened on Fri. The town came. So he sat. And so.",
            &["It opened on Fri.", "The town came.", "So he sat.", "And so."],
        );
        check("Xiaomi Inc. and Foo Ltd. Bar grew.", &["Xiaomi Inc. and Foo Ltd. Bar grew."]);
        check("At 9 a.m. Beijing time it began.", &["At 9 a.m. Beijing time it began."]);
        check("1. The first. 2. The second.", &["1. The first.", "2. The second."]);
        check("Go to example.org. Then stop.", &["Go to example.org.", "Then stop."]);
    }

    #[test]
    fn the_quick_test_accepts_every_abbreviation() {
        for word in NEVER.iter().chain(BEFORE_NUMBER).chain(MAYBE) {
            assert!(may_be_short(word.as_bytes()) && may_be_short(word.to_uppercase().as_bytes()), "{word}");
        }
        assert!(!may_be_short(b"abbreviation") && !may_be_short(b"here"));
    }

    #[test]
    fn starts_that_are_not_capitals() {
        check("It rose in 2015. 30 million were sold.", &["It rose in 2015.", "30 million were sold."]);
        check("It ended. iPhone sales rose.", &["It ended.", "iPhone sales rose."]);
        check(
            "It ended. (The rest is history.) “Yes,” he said.",
            &["It ended.", "(The rest is history.)", "“Yes,” he said."],
        );
        check("Who? she asked.", &["Who? she asked."]);
    }
}
