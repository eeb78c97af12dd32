//! Paragraphs, lists, quotations and other blocks.

use std::ops::Range;

use pulldown_cmark::{BlockQuoteKind, Tag, TagEnd};

use super::fence::Fence;
use super::markdown::TextReader;
use super::{BlockKind, Body};

impl TextReader<'_, '_> {
    pub(super) fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Paragraph => self.start_paragraph(range),
            Tag::Emphasis => self.inline_tag("<em>"),
            Tag::Strong => self.inline_tag("<strong>"),
            Tag::Strikethrough => self.inline_tag("<del>"),
            Tag::Link { link_type, dest_url, title, .. } => self.start_link(link_type, &dest_url, &title, range),
            Tag::Image { dest_url, title, .. } => self.start_image(&dest_url, &title, range),
            Tag::Heading { id, classes, attrs, .. } => {
                self.start_heading(id.as_deref(), &classes, !attrs.is_empty(), range);
            }
            Tag::List(first) => match first {
                None => self.out.html.push_str("<ul>\n"),
                Some(1) => self.out.html.push_str("<ol>\n"),
                Some(first) => self.out.html.push_str(&format!("<ol start=\"{first}\">\n")),
            },
            Tag::Item => {
                self.out.html.push_str("<li");
                self.item = self.out.html.len();
                self.out.html.push('>');
                self.open(BlockKind::Item, &range);
            }
            Tag::BlockQuote(kind) => self.start_quotation(kind),
            Tag::CodeBlock(kind) => self.fence = Some(Fence::new(kind)),
            Tag::HtmlBlock => self.start_raw(range),
            Tag::FootnoteDefinition(label) => {
                self.outer_outputs.push((label.to_string(), range.clone(), std::mem::take(&mut self.out)));
                self.open(BlockKind::Footnote, &range);
            }
            Tag::DefinitionList => self.out.html.push_str("<dl>\n"),
            Tag::DefinitionListTitle => {
                self.out.html.push_str("<dt>");
                self.open(BlockKind::Heading, &range);
            }
            Tag::DefinitionListDefinition => {
                self.out.html.push_str("<dd>");
                self.open(BlockKind::Item, &range);
            }
            Tag::Table(alignments) => self.start_table(alignments),
            Tag::TableHead => self.start_row(BlockKind::Heading, &range),
            Tag::TableRow => self.start_row(BlockKind::Row, &range),
            Tag::TableCell => self.start_cell(),
            // Not asked for by the options.
            Tag::Superscript | Tag::Subscript | Tag::MetadataBlock(_) => {}
        }
    }

    pub(super) fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Paragraph => self.end_paragraph(),
            TagEnd::Emphasis => self.inline_tag("</em>"),
            TagEnd::Strong => self.inline_tag("</strong>"),
            TagEnd::Strikethrough => self.inline_tag("</del>"),
            TagEnd::Link => self.end_link(),
            TagEnd::Image => self.end_image(range),
            TagEnd::Heading(level) => self.end_heading(level as u8, range),
            TagEnd::List(ordered) => self.out.html.push_str(if ordered { "</ol>\n" } else { "</ul>\n" }),
            TagEnd::Item => self.end_block("</li>\n"),
            TagEnd::BlockQuote(kind) => {
                if kind.is_none() {
                    self.page.prose.quotation(false);
                }
                self.out.html.push_str(if kind.is_some() { "</div>\n" } else { "</blockquote>\n" });
            }
            TagEnd::CodeBlock => self.end_fence(range),
            TagEnd::HtmlBlock => self.end_raw(),
            TagEnd::FootnoteDefinition => self.end_footnote(),
            TagEnd::DefinitionList => self.out.html.push_str("</dl>\n"),
            TagEnd::DefinitionListTitle => self.end_block("</dt>\n"),
            TagEnd::DefinitionListDefinition => self.end_block("</dd>\n"),
            TagEnd::Table => self.end_table(),
            TagEnd::TableHead => self.end_head(),
            TagEnd::TableRow => self.end_row(&range),
            TagEnd::TableCell => self.end_cell(&range),
            TagEnd::Superscript | TagEnd::Subscript | TagEnd::MetadataBlock(_) => {}
        }
    }

    /// Opens a block of prose.
    pub(super) fn open(&mut self, kind: BlockKind, range: &Range<usize>) {
        let text = self.source.text.get(range.clone()).unwrap_or_default();
        let range = range.start..range.start + text.trim_end().len();
        self.page.prose.open(kind, self.source.range(&range));
    }

    /// Closes a block of prose and its element.
    pub(super) fn end_block(&mut self, tag: &str) {
        self.page.prose.close();
        self.out.html.push_str(tag);
    }

    fn inline_tag(&mut self, tag: &str) {
        if self.image == 0 {
            self.out.html.push_str(tag);
        }
    }

    fn start_paragraph(&mut self, range: Range<usize>) {
        self.out.html.push_str("<p>");
        // A paragraph of an item or a footnote is part of that.
        self.paragraph = !self.page.prose.is_open();
        if self.paragraph {
            self.open(BlockKind::Paragraph, &range);
        }
    }

    fn end_paragraph(&mut self) {
        if std::mem::take(&mut self.paragraph) {
            self.page.prose.close();
        } else {
            self.page.prose.end_sentence();
        }
        self.out.html.push_str("</p>\n");
    }

    fn start_quotation(&mut self, kind: Option<BlockQuoteKind>) {
        let (class, title) = match kind {
            None => {
                self.page.prose.quotation(true);
                return self.out.html.push_str("<blockquote>\n");
            }
            Some(BlockQuoteKind::Note) => ("note", "Note"),
            Some(BlockQuoteKind::Tip) => ("tip", "Tip"),
            Some(BlockQuoteKind::Important) => ("important", "Important"),
            Some(BlockQuoteKind::Warning) => ("warning", "Warning"),
            Some(BlockQuoteKind::Caution) => ("caution", "Caution"),
        };
        self.out.html.push_str(&format!(
            "<div class=\"markdown-alert markdown-alert-{class}\" role=\"note\">\n<p class=\"markdown-alert-title\">{title}</p>\n"
        ));
    }

    fn end_footnote(&mut self) {
        self.page.prose.close();
        if let Some((label, range, outside)) = self.outer_outputs.pop() {
            let body: Body = std::mem::replace(&mut self.out, outside);
            let at = self.source.range(&range);
            self.page.footnotes.define(&label, at, body, &mut self.page.problems);
        }
    }

    pub(super) fn task(&mut self, done: bool) {
        self.out.insert(self.item, " class=\"task\"");
        let (checked, label) = if done { (" checked", "Done") } else { ("", "To do") };
        self.out.html.push_str(&format!("<input type=\"checkbox\" disabled{checked} aria-label=\"{label}\"> "));
    }
}
