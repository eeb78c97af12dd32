use crate::evidence::{Locator, Quote, Source};

use super::coins::encoded;

/// The most bytes of a quotation that an address names.
const QUOTE_LIMIT: usize = 300;

/// The address of a place in a source, where its medium has one: a page of a PDF, a second of a video or a recording, a
/// paragraph of a page with anchors, words of a web page.
pub fn link(source: &Source, at: Option<&Locator>, quote: Option<&Quote>) -> Option<String> {
    let url = source.url.as_ref().filter(|_| source.public)?;
    let (address, fragment) = url.split_once('#').unwrap_or((url, ""));
    let path = address.split('?').next().unwrap_or(address).to_ascii_lowercase();
    if path.ends_with(".pdf") {
        let page = page_in_file(source, at?.pages()?.0);
        return fragment.is_empty().then(|| format!("{address}#page={page}"));
    }
    if let Some((start, end)) = at.and_then(Locator::seconds) {
        return at_time(source, address, &path, start, end).filter(|_| fragment.is_empty());
    }
    if let (Some(anchor), Some(number)) = (&source.anchor, at.and_then(Locator::numbered)) {
        return Some(format!("{address}#{}", anchor.replacen("{}", &encoded(number), 1)));
    }
    let quote = quote.filter(|quote| quote.exact.len() <= QUOTE_LIMIT && !source.kind.is_timed())?;
    let mut text = String::new();
    if !quote.prefix.is_empty() {
        text = format!("{}-,", fragment_words(&quote.prefix));
    }
    text.push_str(&fragment_words(&quote.exact));
    if !quote.suffix.is_empty() {
        text.push_str(&format!(",-{}", fragment_words(&quote.suffix)));
    }
    Some(format!("{address}#{fragment}:~:text={text}"))
}

/// Which page of its file a printed page is: an article on the pages 101 to 120 begins with the first one.
fn page_in_file(source: &Source, page: u32) -> u32 {
    match source.page_range() {
        Some((first, last)) if (first..=last).contains(&page) => page - first + 1,
        _ => page,
    }
}

/// An address with a time, as the big hosts and the Media Fragments of the W3C have it.
fn at_time(source: &Source, address: &str, path: &str, start: u32, end: u32) -> Option<String> {
    let host = path.split_once("://").map_or(path, |(_, rest)| rest).split('/').next().unwrap_or_default();
    let host = host.strip_prefix("www.").or(host.strip_prefix("m.")).unwrap_or(host);
    if matches!(host, "youtube.com" | "youtu.be") {
        let mark = if address.contains('?') { '&' } else { '?' };
        return Some(format!("{address}{mark}t={start}"));
    }
    let is_medium =
        [".mp4", ".webm", ".ogg", ".ogv", ".mp3", ".m4a", ".wav", ".opus"].iter().any(|end| path.ends_with(end));
    if !is_medium && !source.kind.is_timed() {
        return None;
    }
    let end = if end > start { format!(",{end}") } else { String::new() };
    Some(format!("{address}#t={start}{end}"))
}

/// Words for a text fragment, where `-`, `,` and `&` have a meaning of their own.
fn fragment_words(words: &str) -> String {
    encoded(words.trim()).replace('-', "%2D")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(yaml: &str) -> Source {
        crate::bibliography::source(&format!("{{id: a, kind: document, title: T, {yaml}}}"))
    }

    #[test]
    fn places_have_addresses_where_their_medium_has_them() {
        for (yaml, at, expected) in [
            ("url: 'https://x.org/a.pdf'", "p. 37", Some("https://x.org/a.pdf#page=37")),
            ("url: 'https://x.org/a.PDF?v=2', pages: 101-120", "p. 110", Some("https://x.org/a.PDF?v=2#page=10")),
            ("url: 'https://x.org/a.pdf'", "ch. 7", None),
            (
                "url: 'https://www.youtube.com/watch?v=1'",
                "12:34-12:50",
                Some("https://www.youtube.com/watch?v=1&t=754"),
            ),
            ("url: 'https://youtu.be/1'", "0:09", Some("https://youtu.be/1?t=9")),
            ("url: 'https://x.org/a.mp3'", "12:34-12:50", Some("https://x.org/a.mp3#t=754,770")),
            ("url: 'https://x.org/a'", "12:34", None),
            ("url: 'https://x.org/a'", "para. 42", None),
            ("url: 'https://x.org/a#top', anchor: 'para{}'", "paras. 42-44", Some("https://x.org/a#para42")),
            ("url: 'https://x.org/a', anchor: 'section-{}'", "sec. 5.6", Some("https://x.org/a#section-5.6")),
            ("url: 'https://x.org/a', anchor: 'section-{}'", "p. 5", None),
            ("url: 'https://x.org/a.pdf', public: false, description: D", "p. 37", None),
            ("note: none", "p. 37", None),
        ] {
            let at = Locator::parse(at).expect("a place");
            assert_eq!(link(&source(yaml), Some(&at), None).as_deref(), expected, "{yaml}");
        }
    }

    #[test]
    fn words_of_a_page_have_one_too() {
        let quote =
            |exact: &str, prefix: &str| Quote { exact: exact.into(), prefix: prefix.into(), suffix: String::new() };
        let page = source("url: 'https://x.org/a#b'");
        assert_eq!(
            link(&page, None, Some(&quote("in-depth, again", ""))).as_deref(),
            Some("https://x.org/a#b:~:text=in%2Ddepth%2C%20again")
        );
        let page = source("url: 'https://x.org/a'");
        assert_eq!(
            link(&page, None, Some(&quote("joy", "with"))).as_deref(),
            Some("https://x.org/a#:~:text=with-,joy")
        );
        assert_eq!(link(&page, None, Some(&quote(&"long ".repeat(100), ""))), None);
    }
}
