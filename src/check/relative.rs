//! "Last year" means another year to every reader.

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::Ledger;
use crate::parse::{BlockKind, PageMetadata, Prose};

use super::names::is_quoted;

/// What a reader counts from the day of reading.
const POINTING: [&str; 3] = ["last", "this", "next"];
/// Words without one of which nothing is counted so.
const SIGNS: [&str; 6] = ["last", "this", "next", "ago", "yesterday", "tomorrow"];
const TIMES: [&str; 23] = [
    "week",
    "weekend",
    "month",
    "quarter",
    "year",
    "decade",
    "spring",
    "summer",
    "autumn",
    "winter",
    "january",
    "february",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "friday",
];
const SPANS: [&str; 10] = ["day", "days", "week", "weeks", "month", "months", "year", "years", "decade", "decades"];

pub(super) fn check(_: &Ledger, metadata: &PageMetadata, prose: &Prose, problems: &mut Diagnostics) {
    if metadata.front.uncited.is_some() || is_dated_post(metadata) {
        return;
    }
    let told = prose.blocks().filter(|block| block.kind != BlockKind::Heading && block.uncited.is_none());
    let signs = prose.mark_words(begins_sign);
    for sentence in told.flat_map(|block| block.sentences()).filter(|sentence| sentence.is_marked(&signs)) {
        for range in relative(sentence.text).into_iter().filter(|range| !sentence.is_code(range)) {
            let words = sentence.text.get(range.clone()).unwrap_or_default();
            let message = format!("“{words}” depends on the day of reading");
            problems.push(
                Diagnostic::new("relative-date", sentence.place(&range), message)
                    .hint("write the date, such as `in 2017`, or what it is relative to, such as `the year before`"),
            );
        }
    }
}

/// Whether its readers see on which day a page was written: it has a date, and no place among its siblings but by that. A page
/// about a topic is kept up to date.
fn is_dated_post(metadata: &PageMetadata) -> bool {
    let front = &metadata.front;
    front.date.is_some() && front.order.is_none() && front.topic.is_none() && front.template.is_none()
}

/// Whether one of the signs begins so.
fn begins_sign([first, second, third]: [u8; 3]) -> bool {
    let is = |sign: &[u8; 3]| {
        let [a, b, c] = sign;
        ((first | 0x20) ^ a) | ((second | 0x20) ^ b) | ((third | 0x20) ^ c) == 0
    };
    is(b"las") | is(b"thi") | is(b"nex") | is(b"ago") | is(b"yes") | is(b"tom")
}

/// Whether a word begins as one of the signs, for a quick no.
fn has_sign(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().any(|(at, byte)| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        let begins =
            matches!(byte | 0x20, b'a' | b'l' | b'n' | b't' | b'y') && !before.is_some_and(u8::is_ascii_alphanumeric);
        let is =
            |sign: &&str| bytes.get(at..at + sign.len()).is_some_and(|word| word.eq_ignore_ascii_case(sign.as_bytes()));
        begins && SIGNS.iter().any(is)
    })
}

/// Words that count from the day on which they are read.
fn relative(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    if !has_sign(text) {
        return found;
    }
    let mut before: Vec<(std::ops::Range<usize>, String)> = Vec::new();
    let mut at = 0;
    for word in text.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let bare = word.trim_end_matches(|c: char| !c.is_alphanumeric());
        let range = at..at + bare.len();
        at += word.len();
        if bare.is_empty() {
            continue;
        }
        let lower = bare.to_lowercase();
        let last = before.last().map(|(_, word)| word.as_str());
        let second = before.len().checked_sub(2).and_then(|index| before.get(index)).map(|(_, word)| word.as_str());
        let gap = before.last().map_or("", |(last, _)| text.get(last.end..range.start).unwrap_or_default());
        let pointed =
            gap == " " && last.is_some_and(|last| POINTING.contains(&last)) && TIMES.contains(&lower.as_str());
        // "The last year of the war", "at this month’s end" and the like count from something that is said.
        let counted = matches!(second, Some("the" | "a" | "an" | "of" | "each" | "every"));
        let ago = lower == "ago" && last.is_some_and(|last| SPANS.contains(&last));
        let start = before.last().map_or(range.start, |(last, _)| last.start);
        if matches!(lower.as_str(), "yesterday" | "tomorrow") {
            found.push(range.clone());
        } else if (pointed && !counted) || ago {
            found.push(start..range.end);
        }
        before.push((range, lower));
    }
    found.retain(|range| !is_quoted(text, range.start));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_counts_from_the_reader() {
        let found = |text: &str| relative(text).into_iter().map(|range| text[range].to_owned()).collect::<Vec<_>>();
        assert_eq!(
            found("Last year it sold more; two years ago, less. Yesterday too."),
            ["Last year", "years ago", "Yesterday"]
        );
        assert_eq!(found("It opens next month."), ["next month"]);
        assert!(found("In the last year of the war, the year before, “last year”, this is the year.").is_empty());
    }
}
