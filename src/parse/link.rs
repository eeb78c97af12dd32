//! Links and pictures, and the checks of their addresses.

use std::ops::Range;

use pulldown_cmark::{LinkType, RefDefs};
use rustc_hash::FxHashMap;

use super::citation::{Bracket, bracket};
use super::html::push_attribute;
use super::limits::{MAX_ADDRESS, MAX_LINKS};
use super::markdown::TextReader;
use super::masks::restored;
use super::{Link, Slot};
use crate::config::Trust;
use crate::source::{is_safe_link, link_scheme};

/// The visible link reference definitions, `[cloud]: cloud.md "The cloud"`: those of a text, then those of the
/// enclosing texts.
#[derive(Debug, Default)]
pub(super) struct LinkDefinitions<'a> {
    own: FxHashMap<String, (String, String)>,
    outer: Option<&'a LinkDefinitions<'a>>,
}

impl<'a> LinkDefinitions<'a> {
    /// The definitions of a text inside another.
    pub fn new(own: &RefDefs<'_>, outer: &'a Self) -> Self {
        let read = |text: &str| restored(text.into()).into_string();
        let own = own.iter().map(|(label, definition)| {
            let title = definition.title.as_deref().unwrap_or_default();
            (label.to_lowercase(), (read(&definition.dest), read(title)))
        });
        Self { own: own.collect(), outer: Some(outer) }
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

impl TextReader<'_, '_> {
    pub(super) fn start_link(&mut self, kind: LinkType, to: &str, title: &str, range: Range<usize>) {
        if self.image > 0 {
            return;
        }
        self.note_key(kind, &range);
        let from = self.out.html.len();
        let mail;
        let to = if kind == LinkType::Email {
            mail = format!("mailto:{to}");
            &mail
        } else {
            to
        };
        self.label(title, &range);
        let opened = self.open_link(to, &range);
        self.link = Some(opened);
        self.page.prose.link(true);
        if opened {
            push_title(&mut self.out.html, title);
            self.out.html.push('>');
        }
        self.omit_from_contents(from);
    }

    /// Writes the start of a tag with its address, unless that is refused.
    pub(super) fn open_link(&mut self, to: &str, range: &Range<usize>) -> bool {
        let taken = self.add_link(to, false, range);
        if let Some(index) = taken {
            self.out.html.push_str("<a");
            self.out.slot(Slot::Href(index));
        }
        taken.is_some()
    }

    /// Records a citation that became a link, since there is a link definition of its name.
    fn note_key(&mut self, kind: LinkType, range: &Range<usize>) {
        if matches!(kind, LinkType::Shortcut | LinkType::ShortcutUnknown)
            && let Bracket::Group { cites, end } = bracket(self.source.text, range.start)
            && end == range.end
        {
            for cite in cites {
                let span = self.page.span(self.source.range(&cite.range));
                self.page.linked_keys.push(cite.citation(false, span));
            }
        }
    }

    pub(super) fn end_link(&mut self) {
        if self.image > 0 {
            return;
        }
        self.page.prose.link(false);
        if self.link.take() == Some(true) {
            let from = self.out.html.len();
            self.out.html.push_str("</a>");
            self.omit_from_contents(from);
        }
    }

    pub(super) fn start_image(&mut self, to: &str, title: &str, range: Range<usize>) {
        self.image += 1;
        if self.image > 1 {
            return;
        }
        self.label(title, &range);
        let from = self.out.html.len();
        self.image_end = self.add_link(to, true, &range).map(|index| {
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

    /// Adds a label at `range` to the prose, for the checks.
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
                self.omit_from_contents(from);
            }
        }
    }

    /// Adds a link, and returns its index; `None` if its address is refused.
    pub(super) fn add_link(&mut self, to: &str, image: bool, range: &Range<usize>) -> Option<usize> {
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
            self.problem("too-large", range, message, "split the page into several");
            return None;
        }
        let span = self.page.span(self.source.range(range));
        self.page.links.push(Link { target: to.to_owned(), image, raw: false, span });
        Some(index)
    }
}

/// The message and the hint for a refused address.
pub(super) fn refusal(to: &str) -> (String, String) {
    match link_scheme(to) {
        Some(scheme) => (
            format!("links to `{scheme}:` are not allowed"),
            format!(
                "links may be relative or begin with `https:`, `http:` or `mailto:`; a file name with a colon is written `./{scheme}:…`"
            ),
        ),
        None => ("protocol-relative link".to_owned(), "start it with `https:`".to_owned()),
    }
}

fn push_title(out: &mut String, title: &str) {
    if !title.is_empty() {
        out.push_str(" title=\"");
        push_attribute(out, title);
        out.push('"');
    }
}
