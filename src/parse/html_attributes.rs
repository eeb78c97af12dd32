//! Finds addresses and anchors in the start tags of HTML, like the tokenizer of a browser (WHATWG HTML, section
//! 13.2.5): markup in comments, raw text and quoted values is ignored.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr;

/// Elements whose content is text; outside SVG and MathML.
const RAW: [&str; 9] = ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "plaintext"];
/// The attributes with addresses and anchors; `name` only counts in an `a` element, and is reported as `id`.
const NAMED: [&str; 6] = ["id", "name", "href", "src", "srcset", "poster"];

/// Calls `note` with the name and the raw value (see [`unescape`]) of every attribute that is an address or an anchor;
/// of duplicate attributes in a tag, only with the first. `skip`, a range of self-contained markup, is skipped if its
/// start is between tags; returns whether it was.
pub fn attributes<'h>(html: &'h str, skip: Option<&Range<usize>>, mut note: impl FnMut(&'static str, &'h str)) -> bool {
    let mut skip = skip.cloned();
    let skips = skip.is_some();
    let mut reader = Reader { html, at: 0 };
    // How many SVG or MathML elements are open: in them, nothing is raw text.
    let mut foreign = 0_usize;
    loop {
        let from = reader.at;
        if !reader.skip_past(b'<') {
            return skips && skip.is_none();
        }
        if let Some(skipped) = skip.take_if(|skip| foreign == 0 && from <= skip.start && skip.start < reader.at) {
            reader.at = skipped.end;
            continue;
        }
        match reader.rest() {
            [byte, ..] if byte.is_ascii_alphabetic() => {
                let name = reader.name();
                let closed = reader.attributes(is_tag(name, "a"), &mut note);
                if may_be_raw_or_foreign(name) {
                    if is_foreign(name) {
                        foreign += usize::from(!closed);
                    } else if foreign == 0
                        && let Some(raw) = RAW.into_iter().find(|raw| is_tag(name, raw))
                    {
                        reader.skip(|text| after_raw(text, raw));
                    }
                }
            }
            [b'/', byte, ..] if byte.is_ascii_alphabetic() => {
                reader.at += 1;
                let name = reader.name();
                reader.attributes(false, &mut |_, _| {});
                if may_be_raw_or_foreign(name) && is_foreign(name) {
                    foreign = foreign.saturating_sub(1);
                }
            }
            [b'!', ..] => reader.skip(|text| after_comment(text, foreign > 0)),
            [b'/' | b'?', ..] => reader.skip(|text| after(text, ">")),
            _ => {}
        }
    }
}

/// A quick test that is true for `svg`, `math`, all of [`RAW`], and few other names.
fn may_be_raw_or_foreign(name: &str) -> bool {
    let first = name.as_bytes().first().map(u8::to_ascii_lowercase);
    let known = |letters: &[u8]| first.is_some_and(|first| letters.contains(&first));
    match name.len() {
        3 => known(b"sx"),
        4 => known(b"m"),
        5 => known(b"st"),
        6 => known(b"si"),
        7 => known(b"n"),
        8 => known(b"nt"),
        9 => known(b"p"),
        _ => false,
    }
}

fn is_foreign(name: &str) -> bool {
    is_tag(name, "svg") || is_tag(name, "math")
}

fn is_tag(name: &str, known: &str) -> bool {
    name.eq_ignore_ascii_case(known)
}

fn after<'h>(text: &'h str, end: &str) -> &'h str {
    text.find(end).and_then(|at| text.get(at + end.len()..)).unwrap_or_default()
}

fn after_comment(text: &str, foreign: bool) -> &str {
    if let Some(inside) = text.strip_prefix("!--") {
        if let Some(rest) = inside.strip_prefix('>').or_else(|| inside.strip_prefix("->")) {
            return rest;
        }
        let ends = [inside.find("-->").map(|at| at + 3), inside.find("--!>").map(|at| at + 4)];
        return ends.into_iter().flatten().min().and_then(|at| inside.get(at..)).unwrap_or_default();
    }
    if foreign && text.starts_with("![CDATA[") { after(text, "]]>") } else { after(text, ">") }
}

/// The text after the end tag of a raw text element.
fn after_raw<'h>(text: &'h str, name: &str) -> &'h str {
    match name {
        "plaintext" => return "",
        "script" => return after_script(text),
        _ => {}
    }
    let mut rest = text;
    while let Some(at) = rest.find("</") {
        rest = rest.get(at + 2..).unwrap_or_default();
        if let Some(tag) = tag_of(rest, name) {
            return after_attributes(tag);
        }
    }
    ""
}

/// The text after the end tag of a script. In a comment within it, another script is part of it (states 13.2.5.18 to
/// 13.2.5.31).
fn after_script(text: &str) -> &str {
    let (mut rest, mut commented, mut nested) = (text, false, false);
    while let Some(at) = rest.find(['<', '-']) {
        rest = rest.get(at..).unwrap_or_default();
        if let Some(more) = rest.strip_prefix("-->") {
            (rest, commented, nested) = (more, false, false);
        } else if let Some(tag) = rest.strip_prefix("</").and_then(|more| tag_of(more, "script")) {
            if !nested {
                return after_attributes(tag);
            }
            (rest, nested) = (tag, false);
        } else if let Some(tag) = rest.strip_prefix('<').and_then(|more| tag_of(more, "script")) {
            (rest, nested) = (tag, commented);
        } else if rest.starts_with("<!--") {
            // Its dashes may end it as well: `<!-->`.
            commented = true;
            rest = rest.get(2..).unwrap_or_default();
        } else {
            rest = rest.get(1..).unwrap_or_default();
        }
    }
    ""
}

/// The text after the name of a tag, if `text` starts with that name.
fn tag_of<'h>(text: &'h str, name: &str) -> Option<&'h str> {
    let tag = text.get(name.len()..).filter(|_| text.get(..name.len()).is_some_and(|start| is_tag(start, name)))?;
    tag.starts_with(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')).then_some(tag)
}

/// Classes of bytes that end a token, as bits.
const SPACE: u8 = 1;
const SLASH: u8 = 2;
const CLOSE: u8 = 4;
const EQUALS: u8 = 8;

/// The bits of every byte.
#[expect(clippy::indexing_slicing, reason = "at compile time, by bytes")]
const BITS: [u8; 256] = {
    let mut bits = [0; 256];
    let mut spaces: &[u8] = b" \t\n\x0C\r";
    while let [space, rest @ ..] = spaces {
        bits[*space as usize] = SPACE;
        spaces = rest;
    }
    bits[b'/' as usize] = SLASH;
    bits[b'>' as usize] = CLOSE;
    bits[b'=' as usize] = EQUALS;
    bits
};

/// The bits of a byte.
#[inline]
fn bits(byte: u8) -> u8 {
    BITS.get(usize::from(byte)).copied().unwrap_or_default()
}

/// The text after the attributes of a tag.
fn after_attributes(text: &str) -> &str {
    let mut reader = Reader { html: text, at: 0 };
    reader.attributes(false, &mut |_, _| {});
    text.get(reader.at..).unwrap_or_default()
}

/// A position in a text, in bytes. All markup is ASCII, so positions are character boundaries.
struct Reader<'h> {
    html: &'h str,
    at: usize,
}

impl<'h> Reader<'h> {
    #[inline]
    fn rest(&self) -> &'h [u8] {
        self.html.as_bytes().get(self.at..).unwrap_or_default()
    }

    #[inline]
    fn next(&self) -> Option<u8> {
        self.html.as_bytes().get(self.at).copied()
    }

    /// Moves past the next such byte; false if there is none.
    fn skip_past(&mut self, byte: u8) -> bool {
        let found = memchr(byte, self.rest());
        self.at = found.map_or(self.html.len(), |found| self.at + found + 1);
        found.is_some()
    }

    /// Moves to the rest of the text that `to` returns.
    fn skip(&mut self, to: impl Fn(&'h str) -> &'h str) {
        self.at = self.html.len() - to(self.html.get(self.at..).unwrap_or_default()).len();
    }

    /// Reads up to the first byte of the classes `ends`.
    #[inline]
    fn read_until(&mut self, ends: u8) -> &'h str {
        let (from, rest) = (self.at, self.rest());
        self.at += rest.iter().position(|byte| bits(*byte) & ends != 0).unwrap_or(rest.len());
        self.html.get(from..self.at).unwrap_or_default()
    }

    #[inline]
    fn spaces(&mut self) {
        while self.next().is_some_and(|byte| bits(byte) == SPACE) {
            self.at += 1;
        }
    }

    /// Reads the name of a tag.
    #[inline]
    fn name(&mut self) -> &'h str {
        self.read_until(SPACE | SLASH | CLOSE)
    }

    /// Reads the attributes of a tag; returns whether it is self-closing. An incomplete tag at the end of the text is
    /// ignored.
    fn attributes(&mut self, is_anchor: bool, note: &mut impl FnMut(&'static str, &'h str)) -> bool {
        // Most tags have none.
        if self.next() == Some(b'>') {
            self.at += 1;
            return false;
        }
        let mut values: [Option<&'h str>; NAMED.len()] = [None; NAMED.len()];
        let (mut closed, mut named) = (false, false);
        loop {
            self.spaces();
            match self.next() {
                None => return false,
                Some(b'>') => {
                    self.at += 1;
                    if named {
                        let [id, anchor, ..] = values;
                        if is_anchor && id != anchor {
                            anchor.into_iter().for_each(|value| note("id", value));
                        }
                        let named = NAMED.into_iter().zip(values).filter(|(name, _)| *name != "name");
                        named.for_each(|(name, value)| value.into_iter().for_each(|value| note(name, value)));
                    }
                    return closed;
                }
                Some(b'/') => {
                    closed = true;
                    self.at += 1;
                    continue;
                }
                Some(_) => closed = false,
            }
            let Some((name, value)) = self.attribute() else { return false };
            if matches!(name.as_bytes(), [b'i' | b'h' | b's' | b'p' | b'n' | b'I' | b'H' | b'S' | b'P' | b'N', _, ..])
                && let Some((_, first)) = NAMED.into_iter().zip(&mut values).find(|(known, _)| is_tag(name, known))
            {
                first.get_or_insert(value);
                named = true;
            }
        }
    }

    /// Reads an attribute; `None` if its quoted value is not closed, so that the rest of the text is in it.
    #[inline]
    fn attribute(&mut self) -> Option<(&'h str, &'h str)> {
        let from = self.at;
        // An equals sign at the start belongs to the name.
        self.at += usize::from(self.next() == Some(b'='));
        self.read_until(SPACE | SLASH | CLOSE | EQUALS);
        let name = self.html.get(from..self.at).unwrap_or_default();
        self.spaces();
        if self.next() != Some(b'=') {
            return Some((name, ""));
        }
        self.at += 1;
        self.spaces();
        let Some(quote @ (b'"' | b'\'')) = self.next() else { return Some((name, self.read_until(SPACE | CLOSE))) };
        self.at += 1;
        let from = self.at;
        self.skip_past(quote).then(|| (name, self.html.get(from..self.at - 1).unwrap_or_default()))
    }
}

/// The addresses of a `srcset`.
pub fn candidates(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').filter_map(|part| part.split_whitespace().next())
}

/// Reverses the escapes that templates and bodies contain.
pub fn unescape(text: &str) -> Cow<'_, str> {
    if memchr(b'&', text.as_bytes()).is_none() {
        return text.into();
    }
    let pairs = [("&quot;", "\""), ("&#x27;", "'"), ("&#39;", "'"), ("&#x2F;", "/"), ("&lt;", "<"), ("&gt;", ">")];
    let text = pairs.iter().fold(text.to_owned(), |text, (escape, char)| text.replace(escape, char));
    text.replace("&amp;", "&").into()
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use lol_html::{HtmlRewriter, Settings, element};
    use proptest::prelude::*;

    use super::*;

    fn ours(html: &str) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        attributes(html, None, |name, value| found.push((name, unescape(value).into_owned())));
        found.sort();
        found
    }

    /// The same, by a full parser.
    fn theirs(html: &str) -> Vec<(&'static str, String)> {
        let found = RefCell::new(Vec::new());
        let handler = element!("*", |element| {
            let values = NAMED.into_iter().filter_map(|name| Some((name, element.get_attribute(name)?)));
            let own = element.get_attribute("id");
            let is_place = |value: &String| element.tag_name() == "a" && own.as_ref() != Some(value);
            let values = values.filter_map(|(name, value)| match name {
                "name" => is_place(&value).then_some(("id", value)),
                name => Some((name, value)),
            });
            found.borrow_mut().extend(values.map(|(name, value)| (name, unescape(&value).into_owned())));
            Ok(())
        });
        let mut reader = HtmlRewriter::new(Settings::new().append_element_content_handler(handler), |_: &[u8]| {});
        let _ = reader.write(html.as_bytes()).and_then(|()| reader.end());
        let mut found = found.into_inner();
        found.sort();
        found
    }

    #[test]
    fn finds_what_a_browser_would() {
        for (html, expected) in [
            ("<a href=\"b.html#c\" id=x>", "href=b.html#c id=x"),
            ("<A HREF='b' Href=c>", "href=b"),
            ("<img src=a srcset=\"b 1x, c 2x\"/><video poster = p>", "poster=p src=a srcset=b 1x, c 2x"),
            ("<!-- <a href=no> --><a href=yes>", "href=yes"),
            ("<!--><a href=yes>", "href=yes"),
            ("<!-- a --!><a href=yes>", "href=yes"),
            ("<!doctype html><a href=\"a>b\">", "href=a>b"),
            ("<script>'<a href=no>'</script ><a href=yes>", "href=yes"),
            ("<script><!--<script></script><a href=no>--></script><a href=yes>", "href=yes"),
            ("<script><!--<script></script></script><a href=yes>", "href=yes"),
            ("<script><!--></script><a href=yes>", "href=yes"),
            ("<script><script></script><a href=yes>", "href=yes"),
            ("<style>a{}</styles><a href=no></style><i id=yes>", "id=yes"),
            ("<title><a href=no></title><i id=yes>", "id=yes"),
            ("<svg><title id=t><a href=yes></title></svg>", "href=yes id=t"),
            ("<svg><style/><a href=yes></svg><style><a href=no></style>", "href=yes"),
            ("<svg><![CDATA[<a href=no>]]><a href=yes></svg>", "href=yes"),
            ("</a href=no><a href=yes>", "href=yes"),
            ("a < b <a href=yes", ""),
            ("<a =href=no x/href=yes>", "href=yes"),
            ("<a href=a&amp;b&quot;>", "href=a&b\""),
            ("<a data-href=no href>", "href="),
            ("<a title=\"<a href=no>\" href=\"yes\"", ""),
            ("<é id=no><p é=1 id=yes>", "id=yes"),
            ("<a name=b><a id=c name=c><input name=no><A NAME='d' id=e>", "id=b id=c id=d id=e"),
        ] {
            let found = ours(html).into_iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
            assert_eq!(found.join(" "), expected, "{html}");
        }
    }

    proptest! {
        /// Pieces of markup in any order, read by us and by a whole parser.
        #[test]
        fn reads_as_a_whole_parser_does(pieces in prop::collection::vec(prop::sample::select(vec![
            "<a href=", "<p id=", "<img src=", "\"", "'", ">", "/>", " ", "=", "x", "é", "</p>", "</a>", "<!--", "-->",
            "<script>", "</script>", "<style>", "</style>", "<title>", "</title>", "&amp;", "<br/>", "text", " href=b",
            " id=\"c\"", "<", "/", "\n", "<!doctype html>", "<textarea>", "</textarea>", "?", "srcset='a 1x'",
        ]), 0..24)) {
            let html = pieces.concat();
            prop_assert_eq!(ours(&html), theirs(&html), "{}", html);
        }
    }
}
