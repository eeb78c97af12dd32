//! Fences: code, or the call of a component.

use std::ops::Range;

use pulldown_cmark::CodeBlockKind;

use super::code::{CodeOptions, parse_options};
use super::component::parse_info;
use super::highlight::{Language, Limit, plain};
use super::limits::{MAX_COMPONENT_DEPTH, MAX_COMPONENTS};
use super::markdown::TextReader;
use super::source::Source;
use super::{ADDRESS, Body, Call, Slot};
use crate::config::Trust;
use crate::diag::did_you_mean;
use crate::source::is_script_link;

/// An open code block, and its text so far.
#[derive(Debug)]
pub(super) struct Fence {
    /// Its info string, without escapes; `None` if the block is indented.
    info: Option<String>,
    /// The range of the text, while it is contiguous in the source.
    range: Range<usize>,
    /// The text and the offsets of its pieces in it and in the source, once it is not contiguous: in quotations, lists
    /// and files with CRLF.
    pieces: Option<(String, Vec<(usize, usize)>)>,
}

impl Fence {
    pub fn new(kind: CodeBlockKind<'_>) -> Self {
        let info = match kind {
            CodeBlockKind::Fenced(info) => Some(info.into_string()),
            CodeBlockKind::Indented => None,
        };
        Self { info, range: 0..0, pieces: None }
    }

    /// Adds a piece of the text.
    pub fn text(&mut self, text: &str, range: Range<usize>, source: &str) {
        if self.pieces.is_none() && source.get(range.clone()) == Some(text) {
            if self.range.is_empty() {
                self.range = range;
                return;
            }
            if self.range.end == range.start {
                self.range.end = range.end;
                return;
            }
        }
        let before = &self.range;
        let (whole, pieces) = self.pieces.get_or_insert_with(|| {
            let text = source.get(before.clone()).unwrap_or_default();
            (text.to_owned(), if text.is_empty() { Vec::new() } else { vec![(0, before.start)] })
        });
        pieces.push((whole.len(), range.start));
        whole.push_str(text);
    }

    fn whole<'a>(&'a self, source: &'a str) -> &'a str {
        match &self.pieces {
            Some((text, _)) => text,
            None => source.get(self.range.clone()).unwrap_or_default(),
        }
    }

    /// The offset in the source of a byte of the text.
    fn at(&self, byte: usize) -> usize {
        let pieces = self.pieces.as_ref().map_or(&[][..], |(_, pieces)| pieces);
        let piece = pieces.iter().rev().find(|(at, _)| *at <= byte);
        piece.map_or(self.range.start + byte, |(at, from)| from + (byte - at))
    }

    /// The offsets of the pieces, in the text and in the file.
    fn places(&self, source: &Source<'_>) -> Vec<(usize, usize)> {
        let whole = [(0, self.range.start)];
        let (text, pieces) = match &self.pieces {
            Some((text, pieces)) => (text.len(), pieces.as_slice()),
            None => (self.range.len(), whole.as_slice()),
        };
        let mut places = Vec::new();
        for (index, (at, from)) in pieces.iter().enumerate() {
            places.push((*at, source.at(*from)));
            // A body inside a body: the source itself may have a seam within this piece.
            let length = pieces.get(index + 1).map_or(text, |next| next.0) - at;
            let after = source.pieces.partition_point(|(seam, _)| seam <= from);
            let seams = source.pieces.iter().skip(after).take_while(|(seam, _)| *seam < from + length);
            places.extend(seams.map(|(seam, file)| (at + (seam - from), *file)));
        }
        places
    }
}

impl TextReader<'_, '_> {
    pub(super) fn end_fence(&mut self, range: Range<usize>) {
        let Some(fence) = self.fence.take() else { return };
        let text = self.source.text;
        let block = text.get(range.clone()).unwrap_or_default();
        let Some(info) = &fence.info else { return self.code("", range.start..range.start, &fence) };
        let line = block.lines().next().unwrap_or_default().trim_end();
        let written = line.trim_start().trim_start_matches(['`', '~']).trim_start();
        let at = range.start + (line.len() - written.len());
        let at = at..at + written.len();
        if !is_closed(block) {
            let hint = "close it with a line of as many backticks or tildes as it begins with; a fence around another needs more of them";
            self.problem("unclosed-fence", &(range.start..range.start + line.len()), "a fence is never closed", hint);
        }
        if written.starts_with('{') {
            self.call(written, at, &fence);
        } else {
            self.code(info, at, &fence);
        }
    }

    fn code(&mut self, info: &str, at: Range<usize>, fence: &Fence) {
        let options = parse_options(info);
        let (settings, code) = (self.page.settings, fence.whole(self.source.text));
        self.page.prose.listing(code);
        // A word with escapes is not found in the source: then the whole info string is reported.
        let written = self.source_text(at.clone());
        let place = |word: &str| {
            let found = written.find(word).map(|from| at.start + from..at.start + from + word.len());
            found.unwrap_or(at.clone())
        };
        for (word, reason) in &options.faults {
            self.problem(
                "code-options",
                &place(word),
                format!("unknown code-block option `{}`", word.escape_debug()),
                reason.as_str(),
            );
        }
        match settings.highlighter.language(options.language) {
            Language::Known(language) if !settings.plain_code => {
                if self.page.highlight_steps > 0 {
                    let highlighted = settings.highlighter.highlight(language, code);
                    self.page.highlight_steps = self.page.highlight_steps.saturating_sub(highlighted.steps);
                    options.write(&mut self.out, &highlighted.html);
                    highlighted.limit.into_iter().for_each(|limit| self.over_limit(&options, fence, limit));
                    return;
                }
                self.over_limit(&options, fence, Limit::Page);
            }
            Language::Known(_) | Language::Plain => {}
            Language::Unknown => self.unknown_language(&options, &place(options.language)),
        }
        options.write(&mut self.out, &plain(code));
    }

    /// Warns of a block that stays plain for a limit.
    fn over_limit(&mut self, options: &CodeOptions<'_>, fence: &Fence, limit: Limit) {
        let code = fence.whole(self.source.text);
        let line = code.split_inclusive('\n').take(limit.line()).map(str::len).sum();
        let start = fence.at(line);
        let len = code.get(line..).unwrap_or_default().lines().next().map_or(0, str::len);
        let message = format!("code in `{}` stays plain: {}", options.language.escape_debug(), limit.message());
        let hint = "shorten it, or write `text` for its language";
        self.problem("highlight-limit", &(start..start + len), message, hint);
    }

    fn unknown_language(&mut self, options: &CodeOptions<'_>, at: &Range<usize>) {
        let name = options.language;
        // This compares many names, so not for pages with too many problems.
        let near = (name.len() < 40 && !self.page.problems.is_full())
            .then(|| did_you_mean(name, self.page.settings.highlighter.names()));
        let hint = match near.flatten() {
            Some(near) => format!("did you mean `{near}`? Plain text is `text`"),
            None => "plain text is `text`".to_owned(),
        };
        self.problem("unknown-language", at, format!("unknown language `{}`", name.escape_debug()), hint);
    }

    /// A component call: its body is parsed as Markdown, with places in the same file.
    fn call(&mut self, text: &str, at: Range<usize>, fence: &Fence) {
        let (info, faults) = parse_info(text);
        for fault in faults {
            let place = at.start + fault.at.start..at.start + fault.at.end;
            self.problem("component-syntax", &place, fault.message, fault.hint);
        }
        let Some(info) = info else { return };
        if self.depth >= MAX_COMPONENT_DEPTH {
            let message = format!("components are nested more than {MAX_COMPONENT_DEPTH} deep (MAX_COMPONENT_DEPTH)");
            return self.problem("too-deep", &at, message, "reduce the nesting");
        }
        let index = self.page.calls.len();
        if index >= MAX_COMPONENTS {
            let message = format!("a page calls components more than {MAX_COMPONENTS} times (MAX_COMPONENTS)");
            return self.problem("too-large", &at, message, "split the page into several");
        }
        let mut args = Vec::with_capacity(info.args.len());
        for (key, value, place) in info.args {
            let place = at.start + place.start..at.start + place.end;
            // Only the template knows whether this becomes a link.
            if self.page.settings.trust == Trust::None && is_script_link(&value) {
                self.problem(
                    "unsafe-link",
                    &place,
                    format!("the value of `{key}` is a script"),
                    "give an address, or words",
                );
                continue;
            }
            if key == ADDRESS && self.add_link(&value, true, &place).is_none() {
                continue;
            }
            let span = self.page.span(self.source.range(&place));
            // A value of several words is text for the checks, unless it is a locator.
            if value.contains(char::is_whitespace) && crate::evidence::Locator::parse(&value).is_err() {
                self.page.prose.label(&value, span.start..span.end, Some(index));
            }
            args.push((key, value, span));
        }
        let span = self.page.span(self.source.range(&at));
        self.page.calls.push(Call { name: info.name, args, span });
        let body = self.call_body(index, fence);
        self.out.slot(Slot::Call { index, body: Box::new(body) });
    }

    fn call_body(&mut self, index: usize, fence: &Fence) -> Body {
        let places = fence.places(&self.source);
        let source = Source { text: fence.whole(self.source.text), pieces: &places };
        if source.text.trim().is_empty() {
            return Body::default();
        }
        let outer = self.page.prose.enter_call(index);
        let body = self.page.read(source, self.depth + 1, self.definitions);
        self.page.prose.leave_call(outer);
        body
    }
}

/// Whether the last line of a fenced block closes it.
fn is_closed(block: &str) -> bool {
    let opening = block.trim_start();
    let Some(mark) = opening.chars().next() else { return true };
    let count = opening.len() - opening.trim_start_matches(mark).len();
    let mut lines = block.trim_end().lines();
    let last = lines.next_back().unwrap_or_default();
    let last = last.trim_start_matches([' ', '\t', '>']);
    lines.next().is_some() && last.len() >= count && last.chars().all(|c| c == mark)
}
