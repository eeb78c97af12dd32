//! Links and pictures, and which of them are refused.

use std::ops::Range;

use pulldown_cmark::{LinkType, RefDefs};
use rustc_hash::FxHashMap;

use super::citation::{Bracket, bracket};
use super::html::{push_attribute, push_text};
use super::limits::{MAX_ADDRESS, MAX_LINKS};
use super::markdown::Run;
use super::problems::Problems;
use super::source::Source;
use super::{Link, Slot};
use crate::config::Trust;
use crate::source::{is_safe_link, link_scheme};

/// The link reference definitions in force, `[cloud]: cloud.md "The cloud"`: those of a text, then those around it.
#[derive(Debug, Default)]
pub(super) struct LinkDefinitions<'a> {
    own: FxHashMap<String, (String, String)>,
    outer: Option<&'a LinkDefinitions<'a>>,
}

impl<'a> LinkDefinitions<'a> {
    /// Those of a text. One named like a citation is a fault: the editor meant to cite.
    pub fn new(own: &RefDefs<'_>, source: &Source<'_>, outer: &'a Self, problems: &mut Problems) -> Self {
        let mut all = FxHashMap::default();
        let mut faults = Vec::new();
        for (label, definition) in own.iter() {
            if label.trim_start().starts_with('@') {
                faults.push((definition.span.clone(), label));
            }
            let title = definition.title.as_deref().unwrap_or_default();
            all.insert(label.to_lowercase(), (definition.dest.to_string(), title.to_owned()));
        }
        faults.sort_by_key(|(at, _)| at.start);
        for (at, label) in faults {
            let message = format!("`[{label}]:` defines a link, and is no citation");
            let hint = "leave out the colon to cite; a definition needs another name";
            problems.add("citation-syntax", source.range(&at), message, hint);
        }
        Self { own: all, outer: Some(outer) }
    }

    pub fn is_empty(&self) -> bool {
        self.own.is_empty() && self.outer.is_none_or(Self::is_empty)
    }

    /// The address and title of a label.
    pub fn get(&self, label: &str) -> Option<(&str, &str)> {
        let own = self.own.get(&label.to_lowercase()).map(|(to, title)| (to.as_str(), title.as_str()));
        own.or_else(|| self.outer?.get(label))
    }
}

impl Run<'_, '_> {
    pub(super) fn start_link(&mut self, kind: LinkType, to: &str, title: &str, range: Range<usize>) {
        if self.image > 0 {
            return;
        }
        // A definition may have taken a key for its label.
        if matches!(kind, LinkType::Shortcut | LinkType::ShortcutUnknown)
            && let Bracket::Group { cites, end } = bracket(self.source.text, range.start)
            && end == range.end
        {
            return self.cite(cites, range);
        }
        let from = self.out.html.len();
        let mail;
        let to = if kind == LinkType::Email {
            mail = format!("mailto:{to}");
            &mail
        } else {
            to
        };
        self.label(title, &range);
        let taken = self.take_address(to, false, &range);
        self.link = Some(taken.is_some());
        self.page.prose.link(true);
        if let Some(index) = taken {
            self.out.html.push_str("<a");
            self.out.slot(Slot::Href(index));
            push_title(&mut self.out.html, title);
            self.out.html.push('>');
        }
        self.leave_out(from);
    }

    pub(super) fn end_link(&mut self) {
        if self.image > 0 {
            return;
        }
        self.page.prose.link(false);
        if self.link.take() == Some(true) {
            let from = self.out.html.len();
            self.out.html.push_str("</a>");
            self.leave_out(from);
        }
    }

    pub(super) fn start_image(&mut self, to: &str, title: &str, range: Range<usize>) {
        self.image += 1;
        if self.image > 1 {
            return;
        }
        self.label(title, &range);
        let from = self.out.html.len();
        self.image_end = self.take_address(to, true, &range).map(|index| {
            self.out.html.push_str("<img");
            self.out.slot(Slot::Src(index));
            self.out.html.push_str(" alt=\"");
            let mut end = "\"".to_owned();
            push_title(&mut end, title);
            end.push_str(" loading=\"lazy\" decoding=\"async\">");
            end
        });
        if let Some(heading) = &mut self.heading {
            heading.image = from;
        }
    }

    /// What stands beside the text at `range`, for the checks to read.
    fn label(&mut self, text: &str, range: &Range<usize>) {
        self.page.prose.label(text, self.source.range(range), None);
    }

    pub(super) fn end_image(&mut self, range: Range<usize>) {
        self.image = self.image.saturating_sub(1);
        if self.image == 0 {
            let alt = std::mem::take(&mut self.alt);
            self.label(&alt, &range);
            if let Some(end) = self.image_end.take() {
                self.out.html.push_str(&end);
            }
            if let Some(from) = self.heading.as_ref().map(|heading| heading.image) {
                self.leave_out(from);
            }
        }
    }

    /// A piece of text that may hold bare addresses, each of which becomes a link. An address may reach beyond the piece.
    pub(super) fn text_with_addresses(&mut self, text: &str, range: Range<usize>) {
        let mut rest = range.clone();
        while let Some(address) = bare_address(self.source.text, &rest) {
            self.plain(self.cut(rest.start..address.start), rest.start..address.start);
            self.bare_link(address.clone());
            if address.end >= range.end {
                self.read = address;
                return;
            }
            rest.start = address.end;
        }
        if rest.start == range.start {
            self.plain(text, range);
        } else {
            self.plain(self.cut(rest.clone()), rest);
        }
    }

    fn bare_link(&mut self, address: Range<usize>) {
        let to = self.cut(address.clone()).replace("&amp;", "&");
        let from = self.out.html.len();
        let index = self.take_address(&to, false, &address);
        if let Some(index) = index {
            self.out.html.push_str("<a");
            self.out.slot(Slot::Href(index));
            self.out.html.push('>');
            self.leave_out(from);
        }
        push_text(&mut self.out.html, &to);
        self.prose(&to, address);
        if index.is_some() {
            let from = self.out.html.len();
            self.out.html.push_str("</a>");
            self.leave_out(from);
        }
    }

    /// Numbers an address, unless it is refused.
    fn take_address(&mut self, to: &str, image: bool, range: &Range<usize>) -> Option<usize> {
        let index = self.page.links.len();
        if self.page.settings.trust == Trust::None && !is_safe_link(to) {
            let (message, hint) = refusal(to);
            self.problem("unsafe-link", range, message, hint);
            return None;
        }
        if to.len() > MAX_ADDRESS {
            let message = format!("an address of {} bytes is over the limit of {MAX_ADDRESS} (MAX_ADDRESS)", to.len());
            self.problem("too-large", range, message, "link to a shorter address");
            return None;
        }
        if index >= MAX_LINKS {
            let message = format!("a page has more than {MAX_LINKS} links (MAX_LINKS)");
            self.problem("too-large", range, message, "part the page into several");
            return None;
        }
        let span = self.page.span(self.source.range(range));
        self.page.links.push(Link { target: to.to_owned(), image, span });
        Some(index)
    }
}

/// Why an address is refused, and what to do.
pub(super) fn refusal(to: &str) -> (String, String) {
    match link_scheme(to) {
        Some(scheme) => (
            format!("links to `{scheme}:` are refused here"),
            format!(
                "links may be relative or begin with `https:`, `http:` or `mailto:`; a file name with a colon is written `./{scheme}:…`"
            ),
        ),
        None => ("a link to another site that does not say how".to_owned(), "begin it with `https:`".to_owned()),
    }
}

fn push_title(out: &mut String, title: &str) {
    if !title.is_empty() {
        out.push_str(" title=\"");
        push_attribute(out, title);
        out.push('"');
    }
}

/// The first bare `http://` or `https://` address that begins in the piece at `range`.
fn bare_address(text: &str, range: &Range<usize>) -> Option<Range<usize>> {
    let piece = text.get(range.clone())?;
    piece.match_indices("://").find_map(|(mark, _)| {
        let scheme = ["https", "http"].into_iter().find(|scheme| piece[..mark].ends_with(scheme))?;
        let start = range.start + mark - scheme.len();
        let begins = !text.get(..start)?.ends_with(|c: char| c.is_alphanumeric());
        begins.then(|| address_at(text, start, scheme.len() + 3)).flatten()
    })
}

/// The address at `start`, as GitHub would find it: up to a space or a mark that Markdown may mean, without closing
/// punctuation.
fn address_at(text: &str, start: usize, scheme: usize) -> Option<Range<usize>> {
    let rest = text.get(start..)?;
    if !rest.get(scheme..)?.starts_with(char::is_alphanumeric) {
        return None;
    }
    let stop = |c: char| c.is_whitespace() || c.is_control() || r#"<>"`*|\[]{}^"#.contains(c);
    let mut address = rest.get(..rest.find(stop).unwrap_or(rest.len()))?;
    let mut unopened = address.matches(')').count().saturating_sub(address.matches('(').count());
    loop {
        address = address.trim_end_matches(['?', '!', '.', ',', ':', ';', '_', '~', '\'', '’', '”']);
        match address.strip_suffix(')') {
            Some(shorter) if unopened > 0 => {
                unopened -= 1;
                address = shorter;
            }
            _ => return Some(start..start + address.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_addresses_end_where_readers_think() {
        for (text, expected) in [
            ("see https://example.org/a_b.", Some("https://example.org/a_b")),
            ("(https://example.org/a_(b))", Some("https://example.org/a_(b)")),
            ("http://x.org?a=1&b=2, and", Some("http://x.org?a=1&b=2")),
            ("https://x.org**", Some("https://x.org")),
            ("xhttps://x.org", None),
            ("xhttps://x.org http:// http://y.org", Some("http://y.org")),
            ("https://", None),
            ("https://.", None),
            ("ftp://x.org", None),
        ] {
            assert_eq!(bare_address(text, &(0..text.len())).map(|range| &text[range]), expected, "{text}");
        }
    }
}
