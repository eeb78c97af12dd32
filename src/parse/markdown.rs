//! Converts Markdown events to HTML with slots.
//!
//! A [`TextReader`] reads one text: a page, or the body of a component call inside it. What all runs of a page share,
//! its links, citations, ids, footnotes and prose, is the [`PageBuilder`].

use std::borrow::Cow;
use std::ops::Range;

use memchr::memmem;
use pulldown_cmark::{BrokenLink, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::autolink::AddressHints;
use super::fence::Fence;
use super::footnotes::Footnotes;
use super::heading::OpenHeading;
use super::limits::{HIGHLIGHT_STEPS_PER_PAGE, MAX_NESTING};
use super::link::LinkDefinitions;
use super::masks::{masked, unmasked};
use super::problems::Problems;
use super::prose_builder::ProseBuilder;
use super::raw_html::OpenRaw;
use super::slug::Ids;
use super::source::Source;
use super::table::OpenTable;
use super::{Answer, Body, Call, Citation, Heading, Link, ReaderQuestion, Settings};
use crate::diag::Diagnostic;
use crate::source::{Span, any_byte, controls, without_controls};

/// The state of a page while it is parsed, shared by all its texts.
pub(super) struct PageBuilder<'s> {
    pub settings: &'s Settings,
    pub problems: Problems<'s>,
    /// The remaining steps for highlighting its code.
    pub highlight_steps: usize,
    /// The number of tables so far.
    pub tables: usize,
    /// Whether `$…$` is a formula.
    pub math: bool,
    /// The title in the front matter.
    pub front_title: Option<String>,
    /// The title in a leading heading.
    pub heading_title: Option<String>,
    /// The questions of the front matter that have not been shown yet, with the text of the file.
    pub questions: Vec<(ReaderQuestion, &'s str)>,
    /// The id of that heading.
    pub title_id: Option<String>,
    pub headings: Vec<Heading>,
    pub anchors: Vec<String>,
    pub links: Vec<Link>,
    pub citations: Vec<Citation>,
    /// Citations that became links.
    pub linked_keys: Vec<Citation>,
    pub calls: Vec<Call>,
    pub answers: Vec<Answer>,
    pub prose: ProseBuilder,
    pub ids: Ids,
    pub footnotes: Footnotes,
}

impl<'s> PageBuilder<'s> {
    /// A page of about `size` bytes.
    pub fn new(settings: &'s Settings, problems: Problems<'s>, size: usize) -> Self {
        let prose = ProseBuilder::new(problems.file, size);
        Self {
            settings,
            problems,
            highlight_steps: HIGHLIGHT_STEPS_PER_PAGE,
            tables: 0,
            math: false,
            front_title: None,
            heading_title: None,
            questions: Vec::new(),
            title_id: None,
            headings: Vec::new(),
            anchors: Vec::new(),
            links: Vec::new(),
            citations: Vec::new(),
            linked_keys: Vec::new(),
            calls: Vec::new(),
            answers: Vec::new(),
            prose,
            ids: Ids::default(),
            footnotes: Footnotes::default(),
        }
    }

    /// Parses a text at a depth of `depth` component calls, with the link definitions of the enclosing texts.
    pub fn read(&mut self, source: Source<'_>, depth: usize, outer: &LinkDefinitions<'_>) -> Body {
        let text = masked(source.text, self.options());
        let parser = Parser::new_ext(&text, self.options());
        let definitions = LinkDefinitions::new(parser.reference_definitions(), outer);
        let mut reader = TextReader::new(self, source, depth, &definitions);
        reader.is_masked = matches!(text, Cow::Owned(_));
        if outer.is_empty() {
            reader.events(parser.into_offset_iter());
        } else {
            // A body may use the link definitions of the page.
            let known = |link: BrokenLink<'_>| {
                outer
                    .get(&link.reference)
                    .map(|(to, title)| (CowStr::from(to.to_owned()), CowStr::from(title.to_owned())))
            };
            reader.events(
                Parser::new_with_broken_link_callback(&text, reader.page.options(), Some(known)).into_offset_iter(),
            );
        }
        reader.reader_questions();
        reader.out
    }

    fn options(&self) -> Options {
        let mut options = Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_HEADING_ATTRIBUTES
            | Options::ENABLE_GFM
            | Options::ENABLE_DEFINITION_LIST;
        options.set(Options::ENABLE_SMART_PUNCTUATION, self.settings.smart_punctuation);
        options.set(Options::ENABLE_MATH, self.math);
        options
    }

    pub fn span(&self, range: Range<usize>) -> Span {
        self.problems.span(range)
    }
}

/// The state of one text while it is parsed.
pub(super) struct TextReader<'p, 's> {
    pub page: &'p mut PageBuilder<'s>,
    pub source: Source<'p>,
    pub definitions: &'p LinkDefinitions<'p>,
    /// The number of enclosing component calls.
    pub depth: usize,
    /// Whether characters of the text are masked.
    pub is_masked: bool,
    /// The kinds of bare addresses in the text.
    pub addresses: AddressHints,
    /// The range of contiguous text, without markup, up to the current piece.
    pub text: Range<usize>,
    /// Whether the text contains `&`, `<`, `>` or NUL, so that text must be escaped.
    pub has_markup: bool,
    /// Whether the text contains numeric character references (`&#8;`).
    pub has_references: bool,
    pub out: Body,
    /// The number of open elements.
    pub nesting: usize,
    /// The range of the source that was already handled: inline events inside it are skipped.
    pub consumed: Range<usize>,
    /// Inside a link: whether its tag was written.
    pub link: Option<bool>,
    /// The number of open pictures, whose content is alternative text.
    pub image: usize,
    /// The alternative text of the open picture.
    pub alt: String,
    /// The HTML after the alternative text; `None` for a refused picture.
    pub image_end: Option<String>,
    pub heading: Option<OpenHeading>,
    pub table: OpenTable,
    pub fence: Option<Fence>,
    pub raw: Option<OpenRaw>,
    /// The offset after the last `<li`.
    pub item: usize,
    /// Whether the open paragraph opened a block of prose.
    pub paragraph: bool,
    /// The enclosing outputs of open footnotes.
    pub outer_outputs: Vec<(String, Range<usize>, Body)>,
    /// The reason of an `uncited` comment, until its block begins.
    pub uncited: Option<String>,
    /// `checked` comments, until their block begins: the code, the reason and the range.
    pub checked: Vec<(String, String, Range<usize>)>,
    /// Opt-outs to restore, each with the nesting at which its block ends.
    pub opt_outs: Vec<(usize, Option<String>)>,
}

impl<'p, 's> TextReader<'p, 's> {
    fn new(
        page: &'p mut PageBuilder<'s>,
        source: Source<'p>,
        depth: usize,
        definitions: &'p LinkDefinitions<'p>,
    ) -> Self {
        // HTML is about a third longer than its Markdown.
        let html = String::with_capacity(source.text.len() + source.text.len() / 2);
        Self {
            page,
            source,
            definitions,
            depth,
            is_masked: false,
            addresses: AddressHints::of(source.text),
            text: 0..0,
            has_markup: any_byte(source.text.as_bytes(), |byte| matches!(byte, b'&' | b'<' | b'>' | 0)),
            has_references: memmem::find(source.text.as_bytes(), b"&#").is_some(),
            out: Body { html, ..Body::default() },
            nesting: 0,
            consumed: 0..0,
            link: None,
            image: 0,
            alt: String::new(),
            image_end: None,
            heading: None,
            table: OpenTable::default(),
            fence: None,
            raw: None,
            item: 0,
            paragraph: false,
            outer_outputs: Vec::new(),
            uncited: None,
            checked: Vec::new(),
            opt_outs: Vec::new(),
        }
    }

    fn events<'e>(&mut self, events: impl Iterator<Item = (Event<'e>, Range<usize>)>) {
        for (event, range) in events {
            let event = if self.is_masked { unmasked(event, &range) } else { event };
            let event = if self.has_references { self.without_controls(event, &range) } else { event };
            if self.nesting > MAX_NESTING {
                let at = self.source.range(&range);
                let message = format!("elements are nested more than {MAX_NESTING} deep (MAX_NESTING)");
                self.page.problems.add("too-deep", at, message, "reduce the nesting of quotations, lists or emphasis");
                return;
            }
            if self.consumed.start <= range.start && range.end <= self.consumed.end && is_inline(&event) {
                continue;
            }
            self.event(event, range);
        }
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Text(text) => self.text(&text, range),
            Event::Start(tag) => {
                if matches!(tag, Tag::Heading { level, .. } if level > HeadingLevel::H1) {
                    self.reader_questions();
                }
                self.before_block(&tag, &range);
                self.nesting += 1;
                self.start(tag, range);
            }
            Event::End(tag) => {
                self.end(tag, range);
                self.nesting = self.nesting.saturating_sub(1);
                self.after_block();
            }
            Event::SoftBreak => self.line_end("\n", range),
            Event::HardBreak => self.line_end("<br>\n", range),
            Event::Code(code) => self.code_span(&code, range),
            Event::InlineMath(tex) => self.formula(&tex, false, range),
            Event::DisplayMath(tex) => self.formula(&tex, true, range),
            Event::Html(html) => self.raw_line(&html, &range),
            Event::InlineHtml(html) => self.raw_inline(&html, range),
            Event::FootnoteReference(label) => self.footnote(&label, range),
            Event::Rule => self.out.html.push_str("<hr>\n"),
            Event::TaskListMarker(done) => self.task(done),
        }
    }

    /// The event without control characters, which may come from character references.
    fn without_controls<'e>(&mut self, event: Event<'e>, range: &Range<usize>) -> Event<'e> {
        let mut clean = |text: CowStr<'e>| {
            let Some(c) = controls(&text).next().map(|(_, c)| c) else { return text };
            let at = self.page.span(self.source.range(range));
            self.page.problems.push(Diagnostic::control_character(at, c));
            without_controls(&text).into_owned().into()
        };
        match event {
            Event::Text(text) => Event::Text(clean(text)),
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                Event::Start(Tag::Link { link_type, dest_url: clean(dest_url), title: clean(title), id })
            }
            Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
                Event::Start(Tag::Image { link_type, dest_url: clean(dest_url), title: clean(title), id })
            }
            other => other,
        }
    }

    /// Applies comments to the block that begins.
    fn before_block(&mut self, tag: &Tag<'_>, range: &Range<usize>) {
        if !matches!(tag, Tag::HtmlBlock) {
            for (code, why, at) in std::mem::take(&mut self.checked) {
                let (block, span) = (self.page.span(self.source.range(range)), self.page.span(self.source.range(&at)));
                self.page.answers.push(Answer { code, why, block, span });
            }
        }
        if self.uncited.is_some() && !matches!(tag, Tag::HtmlBlock) {
            let before = self.page.prose.opt_out(self.uncited.take());
            self.opt_outs.push((self.nesting, before));
        }
    }

    /// Restores the opt-out from before the block that ended.
    fn after_block(&mut self) {
        if let Some((_, before)) = self.opt_outs.pop_if(|(nesting, _)| *nesting == self.nesting) {
            self.page.prose.opt_out(before);
        }
    }

    /// A slice of the source text.
    pub fn source_text(&self, range: Range<usize>) -> &'p str {
        self.source.text.get(range).unwrap_or_default()
    }

    /// Adds a problem at a range of this text, without line ends at its end.
    pub fn problem(
        &mut self,
        code: &'static str,
        range: &Range<usize>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        let text = self.source.text.get(range.clone()).unwrap_or_default();
        let range = range.start..range.start + text.trim_end().len();
        self.page.problems.add(code, self.source.range(&range), message, hint);
    }
}

fn is_inline(event: &Event<'_>) -> bool {
    match event {
        Event::Start(tag) => matches!(
            tag,
            Tag::Emphasis
                | Tag::Strong
                | Tag::Strikethrough
                | Tag::Link { .. }
                | Tag::Image { .. }
                | Tag::Superscript
                | Tag::Subscript
        ),
        Event::End(tag) => matches!(
            tag,
            TagEnd::Emphasis
                | TagEnd::Strong
                | TagEnd::Strikethrough
                | TagEnd::Link
                | TagEnd::Image
                | TagEnd::Superscript
                | TagEnd::Subscript
        ),
        Event::Rule | Event::TaskListMarker(_) | Event::Html(_) => false,
        _ => true,
    }
}
