//! Inline text: citations, code, bare addresses, quotation marks.

use std::ops::Range;

use memchr::{memchr, memchr_iter};

use super::Slot;
use super::citation::{Bracket, Cite, Fault, bracket, named};
use super::cjk::is_unspaced;
use super::html::{push_attribute, push_text};
use super::limits::{MAX_CITATIONS, MAX_FOOTNOTES};
use super::markdown::TextReader;
use super::math::mathml;
use super::prose_builder::ProseBuilder;
use crate::data::{placeholder_at, unfilled};

impl TextReader<'_, '_> {
    /// Handles a piece of text. pulldown-cmark splits at every markup character, so `[` is always at the start of a
    /// piece.
    pub(super) fn text(&mut self, text: &str, range: Range<usize>) {
        if let Some(fence) = &mut self.fence {
            return fence.text(text, range, self.source.text);
        }
        let (mut text, mut range) = (self.quote(text, &range).unwrap_or(text), range);
        if range.start < self.consumed.end && self.consumed.start <= range.start {
            // The first half of the piece was read already.
            range.start = self.consumed.end;
            text = self.source_text(range.clone());
        }
        if self.image > 0 {
            return self.describe(text);
        }
        if text.starts_with('[') || text == "![" {
            return self.bracket(text, range);
        }
        if memchr(b'@', text.as_bytes()).is_some() && self.link.is_none() && self.source_text(range.clone()) == text {
            return self.text_with_keys(range);
        }
        self.text_without_keys(text, range);
    }

    fn text_without_keys(&mut self, text: &str, range: Range<usize>) {
        if self.link.is_none() && !self.addresses.is_none() {
            return self.text_with_addresses(text, range);
        }
        self.plain(text, range);
    }

    /// Handles text that may contain citations such as `@key says`.
    fn text_with_keys(&mut self, range: Range<usize>) {
        let (source, mut from) = (self.source.text, range.start);
        for at in memchr_iter(b'@', self.source_text(range.clone()).as_bytes()).map(|at| range.start + at) {
            if let Some(cite) = named(source, at).filter(|_| at >= from) {
                self.text_without_keys(self.source_text(from..at), from..at);
                from = cite.range.end;
                self.cite(vec![cite], true, at..from);
            }
        }
        if from < range.end {
            self.text_without_keys(self.source_text(from..range.end), from..range.end);
        }
    }

    /// Corrects a quotation mark of pulldown-cmark's smart punctuation: after a digit it is a straight mark, for feet,
    /// inches, minutes or seconds, and it is a closing mark if it cannot open a quotation.
    fn quote(&self, text: &str, range: &Range<usize>) -> Option<&'static str> {
        let mark = matches!(text, "“" | "’").then(|| self.source_text(range.clone()))?;
        let before = self.source_text(0..range.start).chars().next_back()?;
        let after = self.source_text(range.end..self.source.text.len()).chars().next();
        let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        match (text, mark) {
            ("“", "\"") if before.is_ascii_digit() => Some("\""),
            ("“", "\"")
                if !before.is_whitespace() && after.is_none_or(|c| c.is_whitespace() || ".,;:!?)]}".contains(c)) =>
            {
                Some("”")
            }
            ("’", "'") if before.is_ascii_digit() && is_digit(after) => Some("'"),
            _ => None,
        }
    }

    /// Adds text to the alternative text of the open picture.
    fn describe(&mut self, text: &str) {
        self.alt.push_str(text);
        push_attribute(&mut self.out.html, text);
    }

    /// Writes plain text.
    pub(super) fn plain(&mut self, text: &str, range: Range<usize>) {
        if text.starts_with('<') {
            self.placeholder(range.start);
        }
        if self.has_markup {
            push_text(&mut self.out.html, text);
        } else {
            self.out.html.push_str(text);
        }
        self.prose(text, range);
    }

    /// Reports a placeholder of `dossier new` at `at`, if there is one.
    pub(super) fn placeholder(&mut self, at: usize) {
        let rest = self.source.text.get(at..).unwrap_or_default();
        if let Some(found) = placeholder_at(rest) {
            let (message, hint) = unfilled(found);
            self.problem("unfilled-placeholder", &(at..at + found.len()), message, hint);
        }
    }

    /// Adds text to the prose, for the checks.
    pub(super) fn prose(&mut self, text: &str, range: Range<usize>) {
        self.add_prose(text, range, ProseBuilder::push);
    }

    fn add_prose(&mut self, text: &str, range: Range<usize>, add: fn(&mut ProseBuilder, &str, Range<usize>, bool)) {
        let place = self.source.range(&range);
        let written = self.source_text(range);
        // Most pieces are slices of the source.
        let exact = place.len() == text.len()
            && written.len() == text.len()
            && (std::ptr::eq(written, text) || written == text);
        add(&mut self.page.prose, text, place, exact);
    }

    /// Handles a bracket: a citation, or a footnote that is defined in another text of the page.
    fn bracket(&mut self, text: &str, range: Range<usize>) {
        let open = if text == "![" { range.start + 1 } else { range.start };
        let before = self.source.text.as_bytes().get(..open).unwrap_or_default();
        let saved = before.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1;
        if saved || self.source.text.as_bytes().get(open) != Some(&b'[') {
            return self.plain(text, range);
        }
        let found = bracket(self.source.text, open);
        if self.link.is_some() {
            if matches!(found, Bracket::Group { .. }) {
                let hint = "put it after the link";
                self.problem("citation-syntax", &range, "a citation cannot be inside a link", hint);
            }
            return self.plain(text, range);
        }
        match found {
            Bracket::Plain => self.plain(text, range),
            Bracket::Malformed(Fault { at, message, hint }) => {
                self.problem("citation-syntax", &at, message, hint);
                self.plain(text, range);
            }
            Bracket::Group { cites, end } => {
                if text == "![" {
                    self.plain("!", range.start..open);
                }
                self.cite(cites, false, open..end);
            }
            Bracket::Footnote { label, end } => {
                self.consumed = open..end;
                self.footnote(label, open..end);
            }
        }
    }

    /// Writes a citation group, or an in-text citation.
    pub(super) fn cite(&mut self, cites: Vec<Cite<'_>>, in_text: bool, range: Range<usize>) {
        self.consumed = range.clone();
        let first = self.page.citations.len();
        if first + cites.len() > MAX_CITATIONS {
            if first <= MAX_CITATIONS {
                let message = format!("a page cites more than {MAX_CITATIONS} times (MAX_CITATIONS)");
                self.problem("too-large", &range, message, "split the page into several");
            }
            return;
        }
        self.out.slot(Slot::Cite { first, count: cites.len() });
        self.omit_from_contents(self.out.html.len());
        let end = self.source.range(&range).end;
        for mut cite in cites {
            if let Some(Fault { at, message, hint }) = cite.fault.take() {
                self.problem("citation-syntax", &at, message, hint);
            }
            self.page.prose.cite(self.page.citations.len(), end);
            let span = self.page.span(self.source.range(&cite.range));
            self.page.citations.push(cite.citation(in_text, span));
        }
    }

    pub(super) fn footnote(&mut self, label: &str, range: Range<usize>) {
        if self.image > 0 {
            return self.describe(&format!("[^{label}]"));
        }
        if self.link.is_some() {
            return self.plain(&format!("[^{label}]"), range);
        }
        if self.page.footnotes.references >= MAX_FOOTNOTES {
            let message = format!("a page refers to footnotes more than {MAX_FOOTNOTES} times (MAX_FOOTNOTES)");
            return self.problem("too-large", &range, message, "split the page into several");
        }
        let from = self.out.html.len();
        let at = self.source.range(&range);
        self.page.footnotes.refer(label, at, &mut self.out.html);
        self.omit_from_contents(from);
        if let Some(heading) = &mut self.heading {
            heading.notes.push(from..self.out.html.len());
        }
    }

    pub(super) fn line_end(&mut self, html: &str, range: Range<usize>) {
        if html == "\n" && self.is_within_word(&range) {
            return;
        }
        if self.image > 0 {
            return self.describe(" ");
        }
        self.out.html.push_str(html);
        self.prose(" ", range);
    }

    /// Whether a line ends between two characters of a script without spaces between words, where a browser would show
    /// a space.
    fn is_within_word(&self, end: &Range<usize>) -> bool {
        let before = self.source_text(0..end.start).chars().next_back();
        let after =
            self.source_text(end.end..self.source.text.len()).trim_start_matches([' ', '\t', '>']).chars().next();
        before.zip(after).is_some_and(|(before, after)| is_unspaced(before) && is_unspaced(after))
    }

    pub(super) fn code_span(&mut self, code: &str, range: Range<usize>) {
        if self.image > 0 {
            return self.describe(code);
        }
        self.out.html.push_str("<code>");
        push_text(&mut self.out.html, code);
        self.out.html.push_str("</code>");
        self.add_prose(code, range, ProseBuilder::code);
    }

    pub(super) fn formula(&mut self, tex: &str, block: bool, range: Range<usize>) {
        if self.image > 0 {
            return self.describe(tex);
        }
        match mathml(tex, block) {
            Ok(html) => self.out.html.push_str(&html),
            Err(reason) => {
                self.problem("math-syntax", &range, reason, "write a dollar sign that is not a formula as `\\$`");
                self.out.html.push_str("<code>");
                push_text(&mut self.out.html, tex);
                self.out.html.push_str("</code>");
            }
        }
    }
}
