//! Raw HTML in Markdown. It is shown as text unless authors are trusted; comments are never published. The comment
//! `<!-- uncited: reason -->` is the reason why the next block needs no citation.

use std::ops::Range;

use super::Slot;
use super::html::push_text;
use super::html_attributes::{attributes, candidates, unescape};
use super::limits::MAX_ADDRESS;
use super::markdown::TextReader;
use super::slug::is_reserved;
use super::source::Source;
use crate::config::Trust;
use crate::data::{placeholder_in, unfilled};
use crate::diag::{find_code, is_always_error};
use crate::source::link_scheme;

/// An open HTML block.
#[derive(Debug)]
pub(super) struct OpenRaw {
    text: String,
    /// The offsets of its lines, in its text and in the source.
    pieces: Vec<(usize, usize)>,
    range: Range<usize>,
}

impl TextReader<'_, '_> {
    pub(super) fn start_raw(&mut self, range: Range<usize>) {
        self.raw = Some(OpenRaw { text: String::new(), pieces: Vec::new(), range });
    }

    pub(super) fn raw_line(&mut self, line: &str, range: &Range<usize>) {
        if let Some(raw) = &mut self.raw {
            raw.pieces.push((raw.text.len(), range.start));
            raw.text.push_str(line);
        }
    }

    pub(super) fn end_raw(&mut self) {
        let Some(OpenRaw { text, pieces, range }) = self.raw.take() else { return };
        let mut rest = text.as_str();
        while let Some((comment, after)) =
            rest.trim_start().strip_prefix("<!--").and_then(|rest| rest.split_once("-->"))
        {
            self.comment(comment.trim(), &range);
            rest = after;
        }
        if rest.trim().is_empty() {
            return;
        }
        if let Some(found) = placeholder_in(rest) {
            let (message, hint) = unfilled(found);
            self.problem("unfilled-placeholder", &range, message, hint);
        }
        if self.page.settings.trust == Trust::Full {
            let skipped = text.len() - rest.len();
            let lines = Source { text: &text, pieces: &pieces };
            return self.trusted(rest, |range| lines.range(&(range.start + skipped..range.end + skipped)));
        }
        self.warn_raw(&range);
        self.out.html.push_str("<p class=\"raw-html\">");
        push_text(&mut self.out.html, rest.trim());
        self.out.html.push_str("</p>\n");
    }

    pub(super) fn raw_inline(&mut self, html: &str, range: Range<usize>) {
        if self.image > 0 || html.starts_with("<!--") {
            return;
        }
        if self.page.settings.trust == Trust::Full {
            self.placeholder(range.start);
            let from = self.out.html.len();
            self.trusted(html, |found| range.start + found.start..range.start + found.end);
            // Elements `a` in a heading are omitted from the table of contents.
            if html.trim_start_matches(['<', '/']).starts_with(['a', 'A']) {
                self.omit_from_contents(from);
            }
            return;
        }
        if !html.starts_with("</") {
            self.warn_raw(&range);
        }
        self.plain(html, range);
    }

    /// Writes HTML of a trusted author: its ids are anchors, and its addresses links, also to content files. `place`
    /// maps a range of the HTML to one of the text.
    fn trusted(&mut self, html: &str, place: impl Fn(Range<usize>) -> Range<usize>) {
        let start = |value: &str| value.as_ptr().addr() - html.as_ptr().addr();
        let mut addresses = Vec::new();
        attributes(html, None, |name, value| match name {
            // The value of an attribute without one is not a slice of the HTML.
            _ if value.is_empty() => {}
            "id" => self.raw_id(&unescape(value), &place(start(value)..start(value) + value.len())),
            "srcset" => addresses.extend(candidates(value).map(|address| (start(address), address, true))),
            _ => addresses.push((start(value), value, matches!(name, "src" | "poster"))),
        });
        addresses.sort_unstable();
        let mut done = 0;
        for (at, written, image) in addresses {
            let to = unescape(written);
            // `data:` URLs are not links; and only the character references of `unescape` are supported.
            let is_inside = link_scheme(&to).as_deref() == Some("data");
            if to.is_empty() || is_inside || to.len() > MAX_ADDRESS || has_reference(&to) {
                continue;
            }
            if let Some(index) = self.add_link(&to, image, &place(at..at + written.len())) {
                self.page.links.iter_mut().skip(index).for_each(|link| link.raw = true);
                self.out.html.push_str(html.get(done..at).unwrap_or_default());
                self.out.slot(Slot::Address(index));
                done = at + written.len();
            }
        }
        self.out.html.push_str(html.get(done..).unwrap_or_default());
    }

    /// Adds an anchor in HTML.
    fn raw_id(&mut self, id: &str, range: &Range<usize>) {
        if id.is_empty() {
            return;
        }
        if is_reserved(id) || !self.page.ids.take(id) {
            let message = format!("another place of this page has the id `{id}`, or Dossier reserves it");
            self.problem("duplicate-anchor", range, message, "give it another id");
        }
        self.page.anchors.push(id.to_owned());
        if let Some(heading) = &mut self.heading {
            heading.raw_id.get_or_insert(id.to_owned());
        }
    }

    fn warn_raw(&mut self, range: &Range<usize>) {
        let hint =
            "write Markdown, or set `trust = \"full\"` below `[content]` in `site.toml` if you trust every author";
        self.problem("raw-html", range, "raw HTML is shown as text", hint);
    }

    /// `<!-- checked: code, why -->`: accepts the problem of this code in the next block.
    fn checked(&mut self, rest: &str, range: &Range<usize>) {
        let hint = "write `<!-- checked: code, why -->` with the code of the problem";
        match answer(rest) {
            Some((code, _)) if find_code(code).is_none() => {
                self.problem(
                    "citation-syntax",
                    range,
                    format!("a `checked` comment answers `{code}`, which is no code"),
                    hint,
                );
            }
            Some((code, _)) if is_always_error(code) => {
                self.problem(
                    "citation-syntax",
                    range,
                    format!("`{code}` is always an error: no comment can answer it"),
                    "correct it",
                );
            }
            Some((code, why)) => self.checked.push((code.to_owned(), why.to_owned(), range.clone())),
            None if rest.starts_with(':') => {
                self.problem("citation-syntax", range, "a `checked` comment gives no code or no reason", hint);
            }
            None => {}
        }
    }

    fn comment(&mut self, comment: &str, range: &Range<usize>) {
        if let Some(rest) = comment.strip_prefix("checked").map(str::trim_start) {
            return self.checked(rest, range);
        }
        let Some(rest) = comment.strip_prefix("uncited") else { return };
        match rest.trim_start().strip_prefix(':').map(str::trim) {
            Some(reason) if !reason.is_empty() => self.uncited = Some(reason.to_owned()),
            _ if rest.starts_with(|c: char| c.is_alphanumeric()) => {}
            _ => {
                let hint = "write `<!-- uncited: reason -->`";
                self.problem("citation-syntax", range, "an `uncited` comment gives no reason", hint);
            }
        }
    }
}

/// The code and the reason of an answer, `: code, why`.
fn answer(rest: &str) -> Option<(&str, &str)> {
    let (code, why) = rest.strip_prefix(':')?.split_once(',')?;
    Some((code.trim(), why.trim())).filter(|(code, why)| !code.is_empty() && !why.is_empty())
}

/// Whether a text may contain a character reference, such as `&eacute;`.
fn has_reference(text: &str) -> bool {
    let is_name =
        |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#');
    text.split('&').skip(1).any(|rest| rest.split_once(';').is_some_and(|(name, _)| is_name(name)))
}
