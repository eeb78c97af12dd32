use std::ops::Range;

use super::limits::SEARCHED_CODE;
use super::prose::{BlockPart, Place, SentencePart};
use super::sentence::sentences;
use super::word_count::words;
use super::{BlockKind, Prose};
use crate::source::SitePath;

/// Collects the prose of a page while its Markdown is read.
///
/// Blocks are nested (a list in an item, a call in a list): text belongs to the innermost open block. Text is collected
/// up to the next boundary, then split into sentences.
#[derive(Debug)]
pub(super) struct ProseBuilder {
    prose: Prose,
    /// The open blocks; `None` is the start of a component call.
    open: Vec<Option<Open>>,
    /// The current component call.
    call: Option<usize>,
    /// The reason of the current opt-out.
    uncited: Option<String>,
    /// Whether a link is open.
    in_link: bool,
    /// The number of open block quotations.
    quotations: u32,
    /// The offset of the last boundary in the text.
    from: usize,
    /// Citations since the last boundary: the offset in the text, the index, and the end of its group in the file.
    cited: Vec<(usize, usize, usize)>,
    /// The number of words that are not counted: those of the summary and of labels.
    uncounted_words: u32,
    /// Labels since the last boundary, each with the number of its block. They do not split the text.
    labels: Vec<(usize, String)>,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    block: usize,
    /// The number of its last sentence.
    last: Option<usize>,
}

impl ProseBuilder {
    /// A builder for a file of about `size` bytes.
    pub fn new(file: &SitePath, size: usize) -> Self {
        Self {
            prose: Prose::with_capacity(file, size),
            open: Vec::new(),
            call: None,
            uncited: None,
            in_link: false,
            quotations: 0,
            from: 0,
            cited: Vec::new(),
            uncounted_words: 0,
            labels: Vec::new(),
        }
    }

    /// Opens a block at the range `file`.
    pub fn open(&mut self, kind: BlockKind, file: Range<usize>) {
        self.flush();
        let block = self.block(kind, self.call, file);
        self.open.push(Some(Open { block, last: None }));
    }

    fn block(&mut self, kind: BlockKind, call: Option<usize>, file: Range<usize>) -> usize {
        let only_links = kind != BlockKind::Label;
        let uncited = self.uncited.clone();
        let quoted = self.quotations > 0;
        self.prose.blocks.push(BlockPart { kind, call, uncited, file, only_links, quoted, sentences: 0..0 });
        self.prose.blocks.len() - 1
    }

    /// Whether a block is open.
    pub fn is_open(&self) -> bool {
        matches!(self.open.last(), Some(Some(_)))
    }

    /// Ends the current sentence, at the end of a paragraph in a block.
    pub fn end_sentence(&mut self) {
        self.flush();
    }

    /// Closes the innermost block.
    pub fn close(&mut self) {
        self.flush();
        self.open.pop();
    }

    /// Enters the call of this number, and returns the value for [`ProseBuilder::leave_call`].
    pub fn enter_call(&mut self, call: usize) -> Option<usize> {
        self.flush();
        self.open.push(None);
        self.call.replace(call)
    }

    /// Leaves a call.
    pub fn leave_call(&mut self, outer: Option<usize>) {
        self.flush();
        while let Some(Some(_)) = self.open.pop() {}
        self.call = outer;
    }

    /// Sets the opt-out, and returns the previous one.
    pub fn opt_out(&mut self, reason: Option<String>) -> Option<String> {
        std::mem::replace(&mut self.uncited, reason)
    }

    /// Enters or leaves a block quotation.
    pub fn quotation(&mut self, open: bool) {
        self.quotations = if open { self.quotations + 1 } else { self.quotations.saturating_sub(1) };
    }

    /// Enters or leaves a link.
    pub fn link(&mut self, open: bool) {
        self.in_link = open;
    }

    /// Adds text from the range `file`; `exact` is whether both are the same bytes.
    pub fn push(&mut self, text: &str, file: Range<usize>, exact: bool) {
        let Some(Some(open)) = self.open.last() else { return };
        if !self.in_link
            && let Some(block) = self.prose.blocks.get_mut(open.block)
            && block.only_links
            && text.contains(char::is_alphanumeric)
        {
            block.only_links = false;
        }
        let at = self.prose.text.len();
        self.prose.text.push_str(text);
        // Adjacent exact pieces are merged.
        if let Some(last) = self.prose.places.last_mut()
            && (exact, last.exact, last.file.end) == (true, true, file.start)
            && last.text >= self.from
            && last.text + last.file.len() == at
        {
            last.file.end = file.end;
        } else {
            self.prose.places.push(Place { text: at, file, exact });
        }
    }

    /// Adds inline code, which most checks ignore.
    pub fn code(&mut self, code: &str, file: Range<usize>, exact: bool) {
        let at = self.prose.text.len();
        self.push(code, file, exact);
        if self.prose.text.len() > at {
            self.prose.code.push(at..self.prose.text.len());
        }
    }

    /// Adds a block of code for the search index: whole lines, up to its limit.
    pub fn listing(&mut self, code: &str) {
        let listings = &mut self.prose.listings;
        let fits = |room: &mut usize, line: &str| {
            *room = room.checked_sub(line.len())?;
            Some(line.len())
        };
        let room = SEARCHED_CODE.saturating_sub(listings.len());
        let length: usize = code.split_inclusive('\n').scan(room, |room, line| fits(room, line)).sum();
        listings.push_str(code.get(..length).unwrap_or_default());
        listings.push('\n');
    }

    /// Adds a label from the range `file`; it does not split the text around it.
    pub fn label(&mut self, text: &str, file: Range<usize>, call: Option<usize>) {
        if !text.trim().is_empty() {
            let block = self.block(BlockKind::Label, call.or(self.call), file);
            self.labels.push((block, text.to_owned()));
        }
    }

    /// Adds a separator between two cells of a row.
    pub fn push_separator(&mut self, between: &str) {
        self.prose.text.push_str(between);
    }

    /// Adds a citation, and removes the space before it, so that "so [@a]." reads "so.".
    pub fn cite(&mut self, citation: usize, end: usize) {
        if self.is_open() {
            let spaces = self.text().len() - self.text().trim_end_matches(' ').len();
            self.prose.text.truncate(self.prose.text.len() - spaces);
            self.cited.push((self.prose.text.len(), citation, end));
        }
    }

    /// The text since the last boundary.
    pub fn text(&self) -> &str {
        self.prose.text.get(self.from..).unwrap_or_default()
    }

    /// The prose, and its number of words.
    pub fn finish(mut self) -> (Prose, u32) {
        self.flush();
        let Prose { text, sentences, blocks, .. } = &mut self.prose;
        // A block may continue after the blocks that it contains.
        if !sentences.is_sorted_by_key(|sentence| sentence.block) {
            sentences.sort_by_key(|sentence| sentence.block);
        }
        let mut rest = sentences.iter().map(|sentence| sentence.block).enumerate().peekable();
        for (number, block) in blocks.iter_mut().enumerate() {
            let first = rest.peek().map_or(0, |(at, _)| *at);
            let count = std::iter::from_fn(|| rest.next_if(|(_, block)| *block == number)).count();
            block.sentences = first..first + count;
        }
        blocks.retain(|block| !block.sentences.is_empty());
        let words = words(text).saturating_sub(self.uncounted_words);
        (self.prose, words)
    }

    /// Splits the text into sentences of the open block, and adds the labels after it.
    fn flush(&mut self) {
        if let Some(Some(open)) = self.open.last_mut()
            && !(self.from == self.prose.text.len() && self.cited.is_empty())
        {
            add_sentences(&mut self.prose, open, self.from, &self.cited);
            if self.prose.blocks.get(open.block).is_some_and(|block| block.kind == BlockKind::Summary) {
                self.uncounted_words += words(self.prose.text.get(self.from..).unwrap_or_default());
            }
        }
        self.cited.clear();
        self.end_stretch();
        for (block, text) in std::mem::take(&mut self.labels) {
            self.uncounted_words += words(&text);
            let file = self.prose.blocks.get(block).map(|block| block.file.clone()).unwrap_or_default();
            self.prose.places.push(Place { text: self.from, file, exact: false });
            self.prose.text.push_str(&text);
            add_sentences(&mut self.prose, &mut Open { block, last: None }, self.from, &[]);
            self.end_stretch();
        }
    }

    /// Ends the current stretch of text.
    fn end_stretch(&mut self) {
        if self.from < self.prose.text.len() {
            self.prose.text.push('\n');
            self.from = self.prose.text.len();
        }
    }
}

/// Splits the text from `from` on into sentences of a block; a row of a table is one sentence.
fn add_sentences(prose: &mut Prose, open: &mut Open, from: usize, cited: &[(usize, usize, usize)]) {
    let Prose { text, sentences: all, blocks, .. } = prose;
    let (Some(block), Some(text)) = (blocks.get(open.block), text.get(from..)) else { return };
    let first = all.len();
    let sentence = |range: Range<usize>| {
        let text = from + range.start..from + range.end;
        SentencePart { block: open.block, text, citations: Vec::new(), cited_at: Vec::new(), cited_to: 0 }
    };
    if block.kind == BlockKind::Row {
        let row = trimmed(text, &[' ', '|']);
        all.extend(Some(row).filter(|row| !row.is_empty()).map(sentence));
    } else {
        all.extend(sentences(text).map(sentence));
    }
    for (place, citation, end) in cited {
        let before = all.get(first..).unwrap_or_default().partition_point(|part| part.text.start < *place);
        // A citation alone in its paragraph belongs to the last sentence before it.
        let at = if all.len() > first { Some(first + before.saturating_sub(1)) } else { open.last };
        if let Some(sentence) = at.and_then(|at| all.get_mut(at)) {
            sentence.citations.push(*citation);
            sentence.cited_at.push(*place);
            sentence.cited_to = sentence.cited_to.max(*end);
        }
    }
    if all.len() > first {
        open.last = Some(all.len() - 1);
    }
}

/// The range of a text without these characters at its ends.
fn trimmed(text: &str, ends: &[char]) -> Range<usize> {
    let rest = text.trim_start_matches(ends);
    let start = text.len() - rest.len();
    start..start + rest.trim_end_matches(ends).len()
}
