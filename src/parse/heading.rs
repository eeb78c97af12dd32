use std::ops::Range;

use pulldown_cmark::CowStr;

use super::html::push_attribute;
use super::limits::MAX_HEADINGS;
use super::markdown::TextReader;
use super::slug::is_reserved;
use super::{BlockKind, Heading, Slot};

/// An open heading.
#[derive(Debug, Default)]
pub(super) struct OpenHeading {
    id: Option<String>,
    class: String,
    /// Its offset in the output.
    from: usize,
    /// The numbers of slots, links and citations before it.
    before: (usize, usize, usize),
    /// Whether it is the first thing in the page.
    leading: bool,
    /// Ranges of the output that are omitted from the table of contents: links, citations, pictures.
    left_out: Vec<Range<usize>>,
    /// The offset of its last picture in the output.
    pub image: usize,
    /// The first id in raw HTML in it.
    pub raw_id: Option<String>,
    /// The ranges of its footnote references in the output.
    pub notes: Vec<Range<usize>>,
}

impl TextReader<'_, '_> {
    pub(super) fn start_heading(
        &mut self,
        id: Option<&str>,
        classes: &[CowStr<'_>],
        others: bool,
        range: Range<usize>,
    ) {
        if others {
            let hint = "a heading takes an id and classes: `## Title {#id .class}`";
            self.problem("heading-attribute", &range, "an attribute that headings do not take", hint);
        }
        let is_first = self.out.html.is_empty() && self.out.slots.is_empty() && self.page.heading_title.is_none();
        let leading = self.depth == 0 && self.nesting == 1 && is_first;
        self.heading = Some(OpenHeading {
            id: id.map(str::to_owned),
            class: classes.join(" "),
            from: self.out.html.len(),
            before: (self.out.slots.len(), self.page.links.len(), self.page.citations.len()),
            leading,
            ..OpenHeading::default()
        });
        self.open(BlockKind::Heading, &range);
    }

    /// Omits the output since `from` from the table of contents.
    pub(super) fn omit_from_contents(&mut self, from: usize) {
        if let Some(heading) = &mut self.heading {
            heading.left_out.push(from..self.out.html.len());
        }
    }

    pub(super) fn end_heading(&mut self, level: u8, range: Range<usize>) {
        let Some(heading) = self.heading.take() else { return };
        let text = self.page.prose.text().trim().to_owned();
        self.page.prose.close();
        if level == 1 && heading.leading && self.take_title(&heading, &text, &range) {
            return;
        }
        // The page's title is the one heading of level one.
        let level = level.max(2);
        let id = self.heading_id(&heading, &text, &range);
        let digit = char::from(b'0' + level);
        let mut open = String::with_capacity(id.len() + 16);
        open.push_str("<h");
        open.push(digit);
        open.push_str(" id=\"");
        push_attribute(&mut open, &id);
        open.push('"');
        if !heading.class.is_empty() {
            open.push_str(" class=\"");
            push_attribute(&mut open, &heading.class);
            open.push('"');
        }
        open.push('>');
        let html = self.contents_entry(&heading);
        self.out.insert_after(heading.before.0, heading.from, &open);
        self.push_anchor(&id, &text);
        self.out.html.push_str("</h");
        self.out.html.push(digit);
        self.out.html.push_str(">\n");
        // Only the headings of the page itself make its table of contents.
        if self.nesting == 1 && self.depth == 0 && self.page.headings.len() < MAX_HEADINGS {
            self.page.headings.push(Heading { level, id, html });
        } else {
            self.page.anchors.push(id);
        }
    }

    /// Makes a leading heading the page's title and takes it out of the body; `false` if the front matter has another
    /// title.
    fn take_title(&mut self, heading: &OpenHeading, text: &str, range: &Range<usize>) -> bool {
        if text.is_empty() || self.page.front_title.as_ref().is_some_and(|title| !same_words(title, text)) {
            return false;
        }
        let (slots, links, citations) = heading.before;
        if self.page.links.len() > links || self.page.citations.len() > citations {
            let hint = "titles are also shown in lists and tabs, without links; cite in the first paragraph";
            self.problem("citation-syntax", range, "the page's title holds a link or a citation", hint);
        }
        if !heading.class.is_empty() {
            let hint = "templates show the title, and give it their own classes; an id is kept";
            self.problem("heading-attribute", range, "the page's title takes no class", hint);
        }
        if heading.id.is_some() {
            let id = self.heading_id(heading, text, range);
            self.page.anchors.push(id.clone());
            self.page.title_id = Some(id);
        } else {
            self.page.title_id.clone_from(&heading.raw_id);
        }
        self.page.heading_title = Some(text.to_owned());
        let marks = heading.notes.iter().filter_map(|note| self.out.html.get(note.clone())).collect::<String>();
        let cited =
            self.out.slots.drain(slots..).map(|(_, slot)| slot).filter(|slot| matches!(slot, Slot::Cite { .. }));
        let cited: Vec<Slot> = cited.collect();
        self.out.html.truncate(heading.from);
        // The title is plain text: its citations and footnote references follow it.
        if !marks.is_empty() || !cited.is_empty() {
            self.out.html.push_str("<p class=\"title-notes\">");
            self.out.html.push_str(&marks);
            cited.into_iter().for_each(|slot| self.out.slot(slot));
            self.out.html.push_str("</p>\n");
        }
        true
    }

    fn heading_id(&mut self, heading: &OpenHeading, text: &str, range: &Range<usize>) -> String {
        let Some(id) = &heading.id else { return self.page.ids.for_text(text) };
        let hint = "give it another id";
        if is_reserved(id) {
            self.problem("duplicate-anchor", range, format!("`#{id}` is an id that Dossier reserves"), hint);
        } else if !self.page.ids.take(id) {
            self.problem("duplicate-anchor", range, format!("another heading of this page has the id `{id}`"), hint);
        } else {
            return id.clone();
        }
        self.page.ids.for_text(text)
    }

    /// The heading's content without the omitted ranges.
    fn contents_entry(&self, heading: &OpenHeading) -> String {
        if heading.left_out.is_empty() {
            return self.out.html.get(heading.from..).unwrap_or_default().trim().to_owned();
        }
        let (mut html, mut at) = (String::new(), heading.from);
        let ends = heading.left_out.iter().map(|range| (range.start, range.end));
        for (start, end) in ends.chain([(self.out.html.len(), self.out.html.len())]) {
            let kept = self.out.html.get(at..start).unwrap_or_default();
            // One of the spaces around an omitted range is kept.
            html.push_str(if html.ends_with(' ') { kept.trim_start() } else { kept });
            at = end;
        }
        html.trim().to_owned()
    }

    fn push_anchor(&mut self, id: &str, text: &str) {
        let out = &mut self.out.html;
        out.push_str(" <a class=\"anchor\" href=\"#");
        match id.contains('%') {
            true => push_attribute(out, &id.replace('%', "%25")),
            false => push_attribute(out, id),
        }
        out.push_str("\" aria-label=\"Link to this section: ");
        push_attribute(out, text);
        out.push_str("\">#</a>");
    }
}

/// Whether two titles are equal except for punctuation, which Markdown may have replaced by typographic characters.
fn same_words(a: &str, b: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<Vec<_>>();
    letters(a) == letters(b)
}
