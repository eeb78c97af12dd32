//! Autolinks: bare addresses and mail addresses in text, by the rules of GitHub, except that an address also ends at a
//! Chinese, Japanese or Korean character.

use std::ops::Range;

use memchr::{memchr_iter, memchr2_iter, memmem};

use super::cjk::is_cjk;
use super::html::push_text;
use super::markdown::TextReader;

/// The kinds of bare addresses that a text may contain.
#[derive(Clone, Copy, Debug)]
pub(super) struct AddressHints {
    /// `https://`.
    scheme: bool,
    /// `www.`.
    www: bool,
    /// A mail address.
    mail: bool,
}

impl AddressHints {
    /// Searches a text.
    pub fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let is_mail = |at: usize| {
            at.checked_sub(1).and_then(|before| bytes.get(before)).is_some_and(|byte| is_local(*byte))
                && bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric)
        };
        Self {
            scheme: memmem::find(bytes, b"://").is_some(),
            www: memmem::find(bytes, b"www.").or_else(|| memmem::find(bytes, b"WWW.")).is_some(),
            mail: memchr_iter(b'@', bytes).any(is_mail),
        }
    }

    /// Whether the text contains no bare address.
    pub fn is_none(self) -> bool {
        !(self.scheme || self.www || self.mail)
    }
}

/// A bare address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BareAddress {
    /// Its range in the text.
    pub range: Range<usize>,
    /// The prefix of its link target, such as `mailto:`.
    prefix: &'static str,
}

/// The bare addresses of a piece of a text, in order.
pub(super) struct Addresses<'t> {
    text: &'t str,
    /// The rest of the piece.
    piece: Range<usize>,
    /// The start of the contiguous text that the piece is part of, without markup in between.
    from: usize,
    /// The next one of each kind.
    next: [Next; 3],
}

/// The next address of one kind.
enum Next {
    /// Not searched yet.
    Unknown,
    Found(BareAddress),
    None,
}

impl<'t> Addresses<'t> {
    pub fn new(text: &'t str, piece: Range<usize>, from: usize, signs: AddressHints) -> Self {
        let next = [signs.scheme, signs.www, signs.mail].map(|may_be| if may_be { Next::Unknown } else { Next::None });
        Self { text, piece, from, next }
    }
}

impl Iterator for Addresses<'_> {
    type Item = BareAddress;

    fn next(&mut self) -> Option<BareAddress> {
        let Self { text, piece, from, next } = self;
        let finders: [&dyn Fn() -> Option<BareAddress>; 3] =
            [&|| with_scheme(text, piece), &|| with_www(text, piece), &|| mail(text, piece, *from)];
        for (next, find) in next.iter_mut().zip(finders) {
            let is_known = match next {
                Next::Unknown => false,
                Next::Found(bare) => bare.range.start >= piece.start,
                Next::None => true,
            };
            if !is_known {
                *next = find().map_or(Next::None, Next::Found);
            }
        }
        let found = next.iter().filter_map(|next| if let Next::Found(bare) = next { Some(bare) } else { None });
        let first = found.min_by_key(|bare| bare.range.start)?.clone();
        piece.start = first.range.end.min(piece.end);
        Some(first)
    }
}

/// The maximum length of the name of a mailbox (RFC 5321, section 4.5.3.1.1).
const LONGEST_NAME: usize = 64;

impl TextReader<'_, '_> {
    /// Writes a piece of text, with bare addresses as links. An address may extend beyond the
    /// piece.
    pub(super) fn text_with_addresses(&mut self, text: &str, range: Range<usize>) {
        if self.text.end != range.start {
            self.text.start = range.start;
        }
        self.text.end = range.end;
        if self.source_text(range.clone()) != text {
            return self.plain(text, range);
        }
        let mut done = range.start;
        for bare in Addresses::new(self.source.text, range.clone(), self.text.start, self.addresses) {
            let address = bare.range.clone();
            self.plain(self.source_text(done..address.start), done..address.start);
            self.bare_link(&bare);
            done = address.end;
            if done >= range.end {
                self.consumed = address;
                return;
            }
        }
        self.plain(self.source_text(done..range.end), done..range.end);
    }

    fn bare_link(&mut self, BareAddress { range, prefix }: &BareAddress) {
        let shown = self.source_text(range.clone()).replace("&amp;", "&");
        let from = self.out.html.len();
        let open = self.open_link(&format!("{prefix}{shown}"), range);
        if open {
            self.out.html.push('>');
            self.omit_from_contents(from);
        }
        push_text(&mut self.out.html, &shown);
        self.prose(&shown, range.clone());
        if open {
            let from = self.out.html.len();
            self.out.html.push_str("</a>");
            self.omit_from_contents(from);
        }
    }
}

/// `https://…` or `http://…`.
fn with_scheme(text: &str, piece: &Range<usize>) -> Option<BareAddress> {
    memmem::find_iter(text.get(piece.clone())?.as_bytes(), b"://").find_map(|mark| {
        let mark = piece.start + mark;
        let before = text.get(piece.start..mark)?;
        let start = mark - ["https", "http"].into_iter().find(|scheme| ends_with(before, scheme))?.len();
        let begins = !text.get(..start)?.ends_with(|c: char| c.is_alphanumeric() && !is_cjk(c));
        let range = begins.then(|| address(text, start, mark + 3, 1)).flatten()?;
        Some(BareAddress { range, prefix: "" })
    })
}

/// `www.…`.
fn with_www(text: &str, piece: &Range<usize>) -> Option<BareAddress> {
    memchr2_iter(b'w', b'W', text.get(piece.clone())?.as_bytes()).map(|at| piece.start + at).find_map(|start| {
        text.get(start..start + 4).filter(|begin| begin.eq_ignore_ascii_case("www."))?;
        let before = text.get(..start)?.chars().next_back();
        let begins = before.is_none_or(|c| c.is_whitespace() || "*_~(\"'“‘„«".contains(c) || is_cjk(c));
        let range = begins.then(|| address(text, start, start, 2)).flatten()?;
        Some(BareAddress { range, prefix: "http://" })
    })
}

/// The address at `start` whose host is at `host` and has at least so many parts: up to a space or a mark that Markdown
/// may mean, without closing punctuation.
fn address(text: &str, start: usize, host: usize, parts: usize) -> Option<Range<usize>> {
    let rest = text.get(host..)?;
    let name =
        rest.split(|c: char| is_cjk(c) || !c.is_alphanumeric() && !"-_.".contains(c)).next()?.trim_end_matches('.');
    let labels: Vec<&str> = name.split('.').collect();
    if labels.len() < parts || labels.iter().any(|label| label.is_empty()) {
        return None;
    }
    if labels.iter().rev().take(2).any(|label| label.contains('_')) {
        return None;
    }
    let stop = |c: char| c.is_whitespace() || c.is_control() || is_cjk(c) || r#"<>"`*|\[]{}^“”„«»"#.contains(c);
    let mut found = rest.get(..rest.find(stop).unwrap_or(rest.len()))?;
    let mut unopened = found.matches(')').count().saturating_sub(found.matches('(').count());
    loop {
        found = found.trim_end_matches(['?', '!', '.', ',', ':', '_', '~', '\'', '’', '‘']);
        if let Some(shorter) = found.strip_suffix(')').filter(|_| unopened > 0) {
            unopened -= 1;
            found = shorter;
        } else if let Some(shorter) = found.strip_suffix(';') {
            // A character reference at the end is not part of the address.
            let before = shorter.trim_end_matches(|c: char| c.is_ascii_alphanumeric());
            let reference = before.strip_suffix('&').filter(|_| before.len() < shorter.len());
            found = reference.unwrap_or(shorter);
        } else {
            return Some(start..host + found.len());
        }
    }
}

/// `name@host`, with `mailto:` before it or without.
fn mail(text: &str, piece: &Range<usize>, from: usize) -> Option<BareAddress> {
    let bytes = text.as_bytes();
    let end = bytes.len().min(piece.end + LONGEST_NAME);
    memchr_iter(b'@', bytes.get(piece.start..end)?).map(|at| piece.start + at).find_map(|at| {
        let before = bytes.get(from..at)?;
        let mut start = at - before.iter().rev().take_while(|byte| is_local(**byte)).count();
        let is_written = ends_with(text.get(from..start)?, "mailto:");
        start -= if is_written { "mailto:".len() } else { 0 };
        let rest = text.get(at + 1..)?;
        let host =
            rest.get(..rest.find(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c)).unwrap_or(rest.len()))?;
        let host = host.trim_end_matches('.');
        let is_host = host.contains('.')
            && host.ends_with(|c: char| c.is_ascii_alphanumeric())
            && host.split('.').all(|part| !part.is_empty());
        // An address that began in an earlier piece was rejected there, and an escaped one is text.
        let is_whole = !text.get(..start)?.ends_with('\\');
        let is_here = is_whole && (piece.start..piece.end).contains(&start) && at > start;
        let prefix = if is_written { "" } else { "mailto:" };
        (is_here && is_host).then(|| BareAddress { range: start..at + 1 + host.len(), prefix })
    })
}

/// Whether a byte is allowed in the name of a mailbox.
fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".-_+".contains(&byte)
}

fn ends_with(text: &str, end: &str) -> bool {
    text.len().checked_sub(end.len()).and_then(|at| text.get(at..)).is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The addresses of a text that is one piece, each with what its link has before it.
    fn found(text: &str) -> String {
        let all = Addresses::new(text, 0..text.len(), 0, AddressHints::of(text)).map(|bare| {
            format!("{}{}", bare.prefix.replace("http://", "+").replace("mailto:", "@"), &text[bare.range])
        });
        all.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn addresses_end_before_punctuation() {
        for (text, expected) in [
            ("see https://example.org/a_b.", "https://example.org/a_b"),
            ("(https://example.org/a_(b))", "https://example.org/a_(b)"),
            ("http://x.org?a=1&b=2, and", "http://x.org?a=1&b=2"),
            ("http://x.org?a=1&copy;", "http://x.org?a=1"),
            ("https://x.org**", "https://x.org"),
            ("HTTPS://X.org/A and Http://localhost:8000/", "HTTPS://X.org/A Http://localhost:8000/"),
            (
                "https://a.org/x--y, https://b.org/'z' and https://c.org/_(d)",
                "https://a.org/x--y https://b.org/'z https://c.org/_(d)",
            ),
            ("xhttps://x.org http:// http://y.org", "http://y.org"),
            ("https:// https://. https://a_b.c https://_x.a.org", "https://_x.a.org"),
            ("ftp://x.org", ""),
            (
                "www.x.org/a WWW.y.org (www.z.org) //www.a.org a.www.b.org www. www..a",
                "+www.x.org/a +WWW.y.org +www.z.org",
            ),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn text_without_spaces_is_no_part_of_an_address() {
        for (text, expected) in [
            ("请看https://example.org/a的说明", "https://example.org/a"),
            ("（https://example.org/路）。见www.x.org，和a@x.org。", "https://example.org/ +www.x.org @a@x.org"),
            ("https://münchen.de/straße", "https://münchen.de/straße"),
            ("주소는https://example.org입니다", "https://example.org"),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn mail_addresses_have_a_name_and_a_host() {
        for (text, expected) in [
            ("write to a.b-c_d+e@x.org.", "@a.b-c_d+e@x.org"),
            ("mailto:a@x.org, MAILTO:b@x.org", "mailto:a@x.org MAILTO:b@x.org"),
            ("a@x a@x.y- a@x.y_ @x.org a@.org", ""),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
        let text = "first_last@x.org";
        assert_eq!(mail(text, &(5..16), 0), None, "it began in the piece before");
        assert_eq!(mail(text, &(6..16), 6).map(|bare| bare.range), Some(6..16));
    }
}
