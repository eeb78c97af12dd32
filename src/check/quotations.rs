//! What stands in quotation marks, and whether a text has it.

use std::ops::Range;

use super::archive::{Text, hash, words};

/// Where the words between quotation marks stand: `“…”`, `"…"`, `„…“`, `«…»`, `‘…’`. Marks within marks are part of the
/// quotation; what is never closed is none.
pub(super) fn quotations(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open: Option<(char, usize)> = None;
    let mut before = ' ';
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let after = chars.peek().map_or(' ', |(_, next)| *next);
        match open {
            None => {
                let opens = match c {
                    '“' | '„' | '«' | '"' => true,
                    // Not the apostrophe of `‘90s`.
                    '‘' => !before.is_alphanumeric() && after.is_alphabetic(),
                    _ => false,
                };
                open = opens.then_some((c, at + c.len_utf8()));
            }
            // A second opening mark closes nothing: the first was never closed.
            Some(('“', _)) if c == '“' => open = Some((c, at + c.len_utf8())),
            Some((mark, start)) if closes(mark, c) && !(mark == '‘' && after.is_alphanumeric()) => {
                found.push(start..at);
                open = None;
            }
            Some(_) => {}
        }
        before = c;
    }
    found
}

fn closes(open: char, mark: char) -> bool {
    match open {
        '„' => matches!(mark, '“' | '”'),
        '«' => mark == '»',
        '‘' => mark == '’',
        '"' => mark == '"',
        _ => matches!(mark, '”' | '"'),
    }
}

/// Whether one of these texts has a quotation word for word; what `…` and `[…]` leave out may stand between its pieces, and
/// what `[brackets]` put in may not be there.
pub(super) fn is_exact(quoted: &str, texts: &[&Text]) -> bool {
    let pieces = pieces(quoted);
    !pieces.is_empty() && texts.iter().any(|text| pieces.iter().all(|piece| text.holds(piece)))
}

/// How many words a quotation takes from its source.
pub(super) fn length(quoted: &str) -> usize {
    pieces(quoted).iter().map(Vec::len).sum()
}

fn pieces(quoted: &str) -> Vec<Vec<u64>> {
    let mut depth = 0_usize;
    let parts = quoted.split(|c: char| {
        depth = if c == '[' { depth + 1 } else { depth.saturating_sub(usize::from(c == ']')) };
        depth > 0 || matches!(c, ']' | '…')
    });
    let parts = parts.flat_map(|part| part.split("..."));
    parts
        .map(|part| words(part).map(|(word, _)| hash(&word)).collect())
        .filter(|piece: &Vec<u64>| !piece.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotations_in_all_marks() {
        for (text, expected) in [
            ("“one two” and \"three four\".", &["one two", "three four"][..]),
            ("«one two» and „three four“ or „five six”", &["one two", "three four", "five six"]),
            ("‘one two’ of the ‘90s, Xiaomi’s ‘three’s four’", &["one two", "three’s four"]),
            ("“he said ‘one two’ there”", &["he said ‘one two’ there"]),
            ("“never closed, “one two”", &["one two"]),
            ("no “end", &[]),
        ] {
            let found: Vec<&str> = quotations(text).into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn omissions_and_insertions_are_no_words_of_the_source() {
        let text = Text::new("The Lee Bridge was opened to the joy of the whole town.".to_owned());
        let exact = |quoted: &str| is_exact(quoted, &[&text]);
        assert!(
            exact("opened to the joy") && exact("The Lee Bridge … to the joy") && exact("was opened [...] whole town")
        );
        assert!(exact("[It] was opened to the joy"));
        assert!(!exact("opened to great joy") && !exact("…") && !exact(""));
        assert_eq!(length("[It] was opened … joy"), 3);
    }
}
