//! HTML among Markdown. An author who is not trusted sees it come out as text; comments are for editors, and never come
//! out. `<!-- uncited: reason -->` says why the block that follows needs no citation.

use std::ops::Range;

use super::html::push_text;
use super::markdown::Run;
use crate::config::Trust;
use crate::data::{placeholder_in, unfilled};

/// An HTML block whose end has not come yet.
#[derive(Debug)]
pub(super) struct OpenRaw {
    text: String,
    range: Range<usize>,
}

impl Run<'_, '_> {
    pub(super) fn start_raw(&mut self, range: Range<usize>) {
        self.raw = Some(OpenRaw { text: String::new(), range });
    }

    pub(super) fn raw_line(&mut self, line: &str) {
        if let Some(raw) = &mut self.raw {
            raw.text.push_str(line);
        }
    }

    pub(super) fn end_raw(&mut self) {
        let Some(OpenRaw { text, range }) = self.raw.take() else { return };
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
            self.out.html.push_str(rest);
            return;
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
            self.out.html.push_str(html);
            return;
        }
        if !html.starts_with("</") {
            self.warn_raw(&range);
        }
        self.plain(html, range);
    }

    fn warn_raw(&mut self, range: &Range<usize>) {
        let hint =
            "write Markdown, or set `trust = \"full\"` below `[content]` in `site.toml` if you trust every author";
        self.problem("raw-html", range, "raw HTML is shown as text here", hint);
    }

    fn comment(&mut self, comment: &str, range: &Range<usize>) {
        let Some(rest) = comment.strip_prefix("uncited") else { return };
        match rest.trim_start().strip_prefix(':').map(str::trim) {
            Some(reason) if !reason.is_empty() => self.uncited = Some(reason.to_owned()),
            _ if rest.starts_with(|c: char| c.is_alphanumeric()) => {}
            _ => {
                let hint = "write `<!-- uncited: reason -->`";
                self.problem("citation-syntax", range, "an opt-out from citations gives no reason", hint);
            }
        }
    }
}
