//! Masks characters that pulldown-cmark would wrongly parse as markup.
//!
//! Each is replaced by a control character before the text is parsed, and restored in the events. Offsets do not
//! change, since both have one byte.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr_iter, memmem};
use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag};

use super::autolink::{AddressHints, Addresses, BareAddress};
use crate::source::any_byte;

/// The characters that may be masked, each with its mask.
const MASKS: [(u8, u8); 14] = [
    (b':', 1),
    (b'}', 2),
    (b'$', 3),
    (b'=', 4),
    (b'-', 5),
    (b'+', 6),
    (b'*', 7),
    (b'>', 8),
    (b'#', 14),
    (b'.', 15),
    (b')', 16),
    (b'|', 17),
    (b'_', 18),
    (b'~', 19),
];

/// Whether a byte is a mask.
fn is_mask(byte: u8) -> bool {
    matches!(byte, 1..=8 | 14..=19)
}

/// The maximum number of passes to find sums of money; each pass finds about half of the remaining ones.
const MAX_ROUNDS: usize = 20;

/// Masks a text, which must not contain control characters.
pub(super) fn masked(text: &str, options: Options) -> Cow<'_, str> {
    let mut places = Vec::new();
    colons(text, &mut places);
    addresses(text, &mut places);
    let formulas = if options.contains(Options::ENABLE_MATH) { formulas(text, &mut places) } else { Vec::new() };
    braces(text, &formulas, &mut places);
    let mut masked = mask(text.into(), &places);
    if options.contains(Options::ENABLE_MATH) {
        for _ in 0..MAX_ROUNDS {
            let sums = sums_of_money(text, &masked, options);
            if sums.is_empty() {
                break;
            }
            masked = mask(masked, &sums);
        }
    }
    masked
}

/// Restores the masked characters in the event at `range`.
pub(super) fn unmasked<'e>(event: Event<'e>, range: &Range<usize>) -> Event<'e> {
    match event {
        // A control character of the author's own, `&#1;`.
        Event::Text(text) if text.len() == 1 && range.len() > 1 => Event::Text(text),
        Event::Text(text) => Event::Text(restored(text)),
        Event::Code(text) => Event::Code(restored(text)),
        Event::InlineMath(text) => Event::InlineMath(restored(text)),
        Event::DisplayMath(text) => Event::DisplayMath(restored(text)),
        Event::Html(text) => Event::Html(restored(text)),
        Event::InlineHtml(text) => Event::InlineHtml(restored(text)),
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(restored(info))))
        }
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Link { link_type, dest_url: restored(dest_url), title: restored(title), id })
        }
        Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Image { link_type, dest_url: restored(dest_url), title: restored(title), id })
        }
        other => other,
    }
}

/// Restores the masked characters of a text.
pub(super) fn restored(text: CowStr<'_>) -> CowStr<'_> {
    if !any_byte(text.as_bytes(), is_mask) {
        return text;
    }
    let back =
        |c: char| MASKS.iter().find(|(_, mask)| char::from(*mask) == c).map_or(c, |(plain, _)| char::from(*plain));
    text.chars().map(back).collect::<String>().into()
}

/// Masks the characters at these offsets.
fn mask<'t>(text: Cow<'t, str>, places: &[usize]) -> Cow<'t, str> {
    if places.is_empty() {
        return text;
    }
    let mut bytes = text.into_owned().into_bytes();
    for place in places {
        if let Some(byte) = bytes.get_mut(*place)
            && let Some((_, mask)) = MASKS.iter().find(|(plain, _)| plain == byte)
        {
            *byte = *mask;
        }
    }
    // ASCII was replaced by ASCII, so it is still UTF-8.
    String::from_utf8_lossy(&bytes).into_owned().into()
}

/// Colons at the start of a line that do not begin a definition. A definition has a space and words after its colon,
/// and no open code span in the line before. Delimiter rows of tables are not masked.
fn colons(text: &str, places: &mut Vec<usize>) {
    for at in memchr_iter(b':', text.as_bytes()) {
        if !matches!(
            at.checked_sub(1).and_then(|before| text.as_bytes().get(before)),
            None | Some(b'\n' | b' ' | b'\t' | b'>')
        ) {
            continue;
        }
        let before = text.get(..at).unwrap_or_default();
        let above = before.trim_end_matches([' ', '\t', '>']);
        if !above.is_empty() && !above.ends_with('\n') {
            continue;
        }
        let rest = text.get(at + 1..).unwrap_or_default();
        let words = rest.lines().next().unwrap_or_default();
        let defines = words.starts_with([' ', '\t']) && !words.trim().is_empty();
        let is_delimiter = words.contains('-') && words.chars().all(|c| ":-| \t".contains(c));
        let in_code = memchr_iter(b'`', above.lines().next_back().unwrap_or_default().as_bytes()).count() % 2 == 1;
        if (!defines && !is_delimiter) || in_code {
            places.push(at);
        }
    }
}

/// Characters in bare addresses that would be emphasis, strikethrough or a formula.
fn addresses(text: &str, places: &mut Vec<usize>) {
    let signs = AddressHints::of(text);
    if signs.is_none() {
        return;
    }
    let bare = Addresses::new(text, 0..text.len(), 0, signs)
        .filter(|BareAddress { range, .. }| !is_of_link(text, range.start));
    for BareAddress { range, .. } in bare {
        let address = text.get(range.clone()).unwrap_or_default().bytes().enumerate();
        places.extend(address.filter(|(_, byte)| b"_~$".contains(byte)).map(|(at, _)| range.start + at));
    }
}

/// Whether the address at `start` is that of a link, `[a](…)`, `[a]: …` or `<…>`, which contains no markup, and must
/// not contain control characters.
fn is_of_link(text: &str, start: usize) -> bool {
    let before = text.get(..start).unwrap_or_default();
    before.ends_with('<') || {
        let before = before.trim_end_matches([' ', '\t', '\r', '\n', '>']);
        before.ends_with("](") || before.ends_with("]:")
    }
}

/// Closing braces at the end of a heading that do not close attributes: ids, classes, and keys with values.
fn braces(text: &str, formulas: &[Range<usize>], places: &mut Vec<usize>) {
    let mut from = 0;
    // Only the last brace of a line may close attributes.
    while let Some(first) = memchr(b'}', text.as_bytes().get(from..).unwrap_or_default()).map(|at| from + at) {
        let line = text.get(first..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let at = first + line.rfind('}').unwrap_or_default();
        from = first + line.len();
        let formula = formulas.get(formulas.partition_point(|formula| formula.end <= at));
        if formula.is_some_and(|formula| formula.start <= at) {
            continue;
        }
        let after = text.get(at + 1..).unwrap_or_default();
        let (rest, below) = after.split_once('\n').unwrap_or((after, ""));
        if !rest.trim().trim_end_matches('#').is_empty() {
            continue;
        }
        let (_, line) = split_line(text, at);
        let is_atx = line.trim_start_matches(|c: char| " \t>*+-.)".contains(c) || c.is_ascii_digit()).starts_with('#');
        let underline = below.lines().next().unwrap_or_default().trim_start_matches([' ', '\t', '>']).trim_end();
        let is_setext =
            ["=", "-"].iter().any(|mark| underline.starts_with(mark) && underline.trim_start_matches(mark).is_empty());
        let inside = line.rsplit_once('{').map(|(_, inside)| inside);
        if (is_atx || is_setext) && !inside.is_some_and(is_attribute_list) {
            places.push(at);
        }
    }
}

fn is_attribute_list(inside: &str) -> bool {
    let names = |word: &str| word.len() > 1 && word.starts_with(['#', '.']);
    let sets = |word: &str| {
        let key = word.split_once('=').map_or("", |(key, _)| key);
        key.starts_with(|c: char| c.is_ascii_alphabetic())
            && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_:".contains(&byte))
    };
    let mut words = inside.split_ascii_whitespace();
    inside.split_ascii_whitespace().any(names) && words.all(|word| names(word) || sets(word))
}

/// The ranges of formulas of several lines (`$$`, lines, `$$`); adds the characters in them that would begin a block to
/// `places`.
fn formulas(text: &str, places: &mut Vec<usize>) -> Vec<Range<usize>> {
    let (mut at, mut formulas) = (0, Vec::new());
    let mut open: Option<(usize, Vec<usize>)> = None;
    for line in text.split_inclusive('\n') {
        let content = line.trim_start_matches([' ', '\t', '>']);
        let start = at + (line.len() - content.len());
        let dollars = memmem::find_iter(content.as_bytes(), b"$$").count();
        at += line.len();
        match &mut open {
            None if content.starts_with("$$") && dollars == 1 => open = Some((start, Vec::new())),
            // An empty line ends a formula.
            Some(_) if content.trim().is_empty() => open = None,
            Some((from, marks)) => {
                marks.extend(block_mark(content).map(|mark| start + mark));
                if dollars % 2 == 1 {
                    places.append(marks);
                    formulas.push(*from..at);
                    open = None;
                }
            }
            None => {}
        }
    }
    formulas
}

/// The offset of the character that makes a line a block, if there is one.
fn block_mark(line: &str) -> Option<usize> {
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let first = *line.as_bytes().get(digits)?;
    let begins = if digits > 0 { b".)".contains(&first) } else { b"=-+*>#|".contains(&first) };
    begins.then_some(digits)
}

/// Dollar signs that would begin a formula, but are sums of money, since a digit follows the end: `$25,000-$34,000`.
fn sums_of_money(text: &str, masked: &str, options: Options) -> Vec<usize> {
    let is_digit = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    if !memchr_iter(b'$', text.as_bytes()).any(|at| is_digit(at + 1)) {
        return Vec::new();
    }
    let sum = |(event, range): (Event<'_>, Range<usize>)| {
        (matches!(event, Event::InlineMath(_)) && is_digit(range.end)).then_some(range.start)
    };
    Parser::new_ext(masked, options).into_offset_iter().filter_map(sum).collect()
}

/// The lines before that of `at`, and its line up to `at`.
fn split_line(text: &str, at: usize) -> (&str, &str) {
    let before = text.get(..at).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    (before.get(..start).unwrap_or_default(), before.get(start..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with every masked character in angle quotes.
    fn shown(text: &str, options: Options) -> String {
        let masked = masked(text, options);
        assert_eq!(&*restored(CowStr::from(&*masked)), text);
        let pairs = text.chars().zip(masked.chars());
        pairs.map(|(plain, masked)| if plain == masked { plain.to_string() } else { format!("‹{plain}›") }).collect()
    }

    #[test]
    fn only_a_colon_with_words_defines() {
        for (text, expected) in [
            ("A\n\n:tada: x", "A\n\n‹:›tada: x"),
            ("A\n:::note\nB: c\n:::", "A\n‹:›::note\nB: c\n‹:›::"),
            ("A\n: b\n:\tc\n> : d", "A\n: b\n:\tc\n> : d"),
            ("A\n:\n: ", "A\n‹:›\n‹:› "),
            ("`a\n: b`", "`a\n‹:› b`"),
            ("see\nhttps://x", "see\nhttps://x"),
            ("a | b\n:-: | --:\n", "a | b\n:-: | --:\n"),
        ] {
            assert_eq!(shown(text, Options::empty()), expected);
        }
    }

    #[test]
    fn an_address_holds_no_markup() {
        let options = Options::empty();
        assert_eq!(shown("_see https://x.org/_a_~b~_ a_b_", options), "_see https://x.org/‹_›a‹_›‹~›b~_ a_b_");
        // The address of a link must not contain control characters.
        for link in [
            "[a](https://x.org/b_c)",
            "[a](<https://x.org/b_c>)",
            "[a]: https://x.org/b_c",
            "> [a]:\n> https://x.org/b_c",
            "<https://x.org/b_c>",
        ] {
            assert_eq!(shown(link, options), link);
        }
    }

    #[test]
    fn only_a_list_of_attributes_belongs_to_a_heading() {
        for (text, expected) in [
            ("## A {#a}\n", "## A {#a}\n"),
            ("## A {#a .b c=d}  ##\n", "## A {#a .b c=d}  ##\n"),
            ("## GET /users/{id}\n", "## GET /users/{id‹}›\n"),
            ("> # f{x} #", "> # f{x‹}› #"),
            ("A {a}\n===\n", "A {a‹}›\n===\n"),
            ("## {}\n## {#}\n## a}", "## {‹}›\n## {#‹}›\n## a‹}›"),
            ("## A {a=1}\n## B {#b c}\n", "## A {a=1‹}›\n## B {#b c‹}›\n"),
            ("fn a() {}\n", "fn a() {}\n"),
        ] {
            assert_eq!(shown(text, Options::empty()), expected);
        }
    }

    #[test]
    fn a_formula_is_no_sum_of_money_and_holds_no_blocks() {
        for (text, expected) in [
            ("$25,000-$34,000 and $x$", "‹$›25,000-$34,000 and $x$"),
            ("$1$2$3$4 $y$", "‹$›1‹$›2‹$›3$4 $y$"),
            ("$2x$ and $3$", "$2x$ and $3$"),
            ("$$\na\n=\n- b\n1. c\n$$", "$$\na\n‹=›\n‹-› b\n1‹.› c\n$$"),
            ("> $$\n> = b $$", "> $$\n> ‹=› b $$"),
            ("$$\na\n\n- b\n$$\n", "$$\na\n\n- b\n$$\n"),
            ("$$a$$\n- b\n", "$$a$$\n- b\n"),
            ("$$\n{a}\n=\n$$", "$$\n{a}\n‹=›\n$$"),
        ] {
            assert_eq!(shown(text, Options::ENABLE_MATH), expected);
        }
        assert_eq!(shown("$$\n= b\n$$", Options::empty()), "$$\n= b\n$$");
    }
}
