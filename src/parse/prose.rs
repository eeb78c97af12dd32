//! The prose of a page as one text, and its blocks and sentences as parts of that.

use std::ops::Range;

use crate::source::{Marks, SitePath, Span};

/// The text of a page for the checks, which is not part of the metadata's hash: the summary, then paragraphs, list
/// items, table rows and footnotes, in order; labels follow the block that they are in.
#[derive(Clone, Debug, PartialEq)]
pub struct Prose {
    file: SitePath,
    pub(super) text: String,
    /// The ranges of the pieces of the text in the file, sorted by their offset in the text.
    pub(super) places: Vec<Place>,
    /// The parts of the text that are code, in order.
    pub(super) code: Vec<Range<usize>>,
    /// The sentences of the first block, then those of the second, and so on.
    pub(super) sentences: Vec<SentencePart>,
    pub(super) blocks: Vec<BlockPart>,
    /// The start of its code blocks, for the search index.
    pub(super) listings: String,
}

/// A block of prose.
#[derive(Clone, Copy, Debug)]
pub struct Block<'p> {
    prose: &'p Prose,
    /// What kind of text it is.
    pub kind: BlockKind,
    /// The component call that it is in, as an index of `metadata.calls`.
    pub call: Option<usize>,
    /// The reason given by `<!-- uncited: reason -->` before it.
    pub uncited: Option<&'p str>,
    part: &'p BlockPart,
}

/// What kind of text a [`Block`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// The summary of the front matter.
    Summary,
    /// A heading.
    Heading,
    /// A paragraph.
    Paragraph,
    /// An item of a list, without the lists inside it.
    Item,
    /// A row of a table.
    Row,
    /// A footnote.
    Footnote,
    /// A label: the alternative text of a picture, the title of a link, or an argument of a component with several
    /// words.
    Label,
}

/// A sentence with its citations.
#[derive(Clone, Copy, Debug)]
pub struct Sentence<'p> {
    prose: &'p Prose,
    /// Its text, without markup and citations.
    pub text: &'p str,
    /// The citations in it, or just after it, as indices of `metadata.citations`.
    pub citations: &'p [usize],
    part: &'p SentencePart,
}

/// Consecutive sentences of a block, without text of other blocks in between.
#[derive(Clone, Debug)]
pub struct Stretch<'p> {
    prose: &'p Prose,
    sentences: Range<usize>,
    text: Range<usize>,
}

/// A stored block.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct BlockPart {
    pub kind: BlockKind,
    pub call: Option<usize>,
    pub uncited: Option<String>,
    /// Its range in the file.
    pub file: Range<usize>,
    /// Whether all its words are in links.
    pub only_links: bool,
    /// Whether it is in a block quotation.
    pub quoted: bool,
    /// Its sentences, by number.
    pub sentences: Range<usize>,
}

/// A stored sentence.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SentencePart {
    /// The block it belongs to, by number.
    pub block: usize,
    /// Its text.
    pub text: Range<usize>,
    pub citations: Vec<usize>,
    /// The offset of each citation in the text.
    pub cited_at: Vec<usize>,
    /// The end of the last citation in the file; 0 if there is none.
    pub cited_to: usize,
}

/// The place of a piece of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Its offset in the text.
    pub text: usize,
    /// Its range in the file.
    pub file: Range<usize>,
    /// Whether both are the same bytes; not if `...` became `…`.
    pub exact: bool,
}

impl Prose {
    /// The prose of an empty page.
    pub fn new(file: &SitePath) -> Self {
        let (text, places) = (String::new(), Vec::new());
        Self { text, places, ..Self::with_capacity(file, 0) }
    }

    /// Empty prose with a capacity for a file of `size` bytes.
    pub(super) fn with_capacity(file: &SitePath, size: usize) -> Self {
        Self {
            file: file.clone(),
            text: String::with_capacity(size),
            places: Vec::with_capacity(size / 32),
            code: Vec::new(),
            sentences: Vec::with_capacity(size / 48),
            blocks: Vec::with_capacity(size / 96),
            listings: String::new(),
        }
    }

    /// Its blocks, in order; none is without a sentence.
    pub fn blocks(&self) -> impl Iterator<Item = Block<'_>> {
        self.blocks.iter().map(|part| Block {
            prose: self,
            kind: part.kind,
            call: part.call,
            uncited: part.uncited.as_deref(),
            part,
        })
    }

    /// The sentences of all blocks, in order.
    pub fn sentences(&self) -> impl ExactSizeIterator<Item = Sentence<'_>> {
        self.views(0..self.sentences.len())
    }

    /// The number of factual blocks, and the number of those with a citation or in a call that names their source.
    pub fn coverage(&self, names_source: impl Fn(Option<usize>) -> bool) -> (u32, u32) {
        let factual = self.blocks().filter(Block::is_factual);
        factual.fold((0, 0), |(all, cited), block| {
            (all + 1, cited + u32::from(block.is_cited() || names_source(block.call)))
        })
    }

    /// Marks the bytes of the text that pass a test, for [`Sentence::is_marked`].
    pub fn mark_bytes(&self, test: impl Fn(u8) -> bool) -> Marks {
        Marks::of_bytes(self.text.as_bytes(), test)
    }

    /// Marks the words of the text that begin with three bytes that pass a test, for [`Sentence::is_marked`].
    pub fn mark_words(&self, test: impl Fn([u8; 3]) -> bool) -> Marks {
        Marks::of_words(self.text.as_bytes(), test)
    }

    /// Its text, then the start of its code, for the search index.
    pub fn plain(&self) -> String {
        let mut plain = String::with_capacity(self.text.len() + self.sentences.len() + self.listings.len());
        for part in self.sentences().map(|sentence| sentence.text).chain(self.listings.split_whitespace()) {
            if !plain.is_empty() {
                plain.push(' ');
            }
            plain.push_str(part);
        }
        plain
    }

    /// Its approximate memory, in bytes.
    pub fn size(&self) -> usize {
        let parts = size_of_val(&*self.places) + size_of_val(&*self.sentences) + size_of_val(&*self.blocks);
        self.text.len() + self.listings.len() + parts
    }

    fn views(&self, numbers: Range<usize>) -> impl ExactSizeIterator<Item = Sentence<'_>> {
        let parts = self.sentences.get(numbers).unwrap_or_default();
        parts.iter().map(|part| Sentence {
            prose: self,
            text: self.text.get(part.text.clone()).unwrap_or_default(),
            citations: &part.citations,
            part,
        })
    }

    /// The range in the file of a part of the text. Pieces that are not exact are only included as a whole.
    fn place(&self, part: &Range<usize>) -> Range<usize> {
        const NOWHERE: &Place = &Place { text: 0, file: 0..0, exact: false };
        let piece = |offset: usize| {
            let after = self.places.partition_point(|place| place.text <= offset);
            after.checked_sub(1).and_then(|index| self.places.get(index)).unwrap_or(NOWHERE)
        };
        let (first, last) = (piece(part.start), piece(part.end.saturating_sub(1)));
        let start = if first.exact { first.file.start + (part.start - first.text) } else { first.file.start };
        let end = if last.exact { last.file.start + part.end.saturating_sub(last.text) } else { last.file.end };
        start.min(first.file.end)..end.min(last.file.end)
    }
}

impl<'p> Block<'p> {
    /// Its place.
    pub fn span(&self) -> Span {
        Span::new(&self.prose.file, self.part.file.clone())
    }

    /// Its sentences, grouped by the text of other blocks in between.
    pub fn stretches(&self) -> impl Iterator<Item = Stretch<'p>> + use<'p> {
        let (prose, mut rest) = (self.prose, self.part.sentences.clone());
        let end = |number: usize| prose.sentences.get(number).map(|part| part.text.end);
        let start = |number: usize| prose.sentences.get(number).map(|part| part.text.start);
        // Stretches are separated by line ends, sentences by spaces.
        let goes_on = move |number: usize| {
            let between = end(number).zip(start(number + 1)).and_then(|(end, start)| prose.text.get(end..start));
            between.is_some_and(|between| !between.contains('\n'))
        };
        std::iter::from_fn(move || {
            let first = rest.next()?;
            let mut last = first;
            while rest.contains(&(last + 1)) && goes_on(last) {
                last = rest.next()?;
            }
            Some(Stretch { prose, sentences: first..last + 1, text: start(first)?..end(last)? })
        })
    }

    /// Whether it is in a block quotation.
    pub fn is_quoted(&self) -> bool {
        self.part.quoted
    }

    /// Its sentences.
    pub fn sentences(&self) -> impl ExactSizeIterator<Item = Sentence<'p>> + use<'p> {
        self.prose.views(self.part.sentences.clone())
    }

    /// Whether it needs a citation: a paragraph, list item, table row or footnote that is not opted out, does not end
    /// with a colon, is not a list of links, and has at least four words.
    pub fn is_factual(&self) -> bool {
        let states = matches!(self.kind, BlockKind::Paragraph | BlockKind::Item | BlockKind::Row | BlockKind::Footnote);
        let leads_in = || self.sentences().last().is_none_or(|last| last.text.ends_with(':'));
        states && self.uncited.is_none() && !self.part.only_links && !leads_in() && self.has_words(4)
    }

    /// Whether it has at least `wanted` words, separated by white space.
    fn has_words(&self, wanted: usize) -> bool {
        let mut found = 0;
        for sentence in self.sentences() {
            let mut before = b' ';
            for byte in sentence.text.bytes() {
                if !byte.is_ascii() {
                    let mut words = self.sentences().flat_map(|sentence| sentence.text.split_whitespace());
                    return words.nth(wanted.saturating_sub(1)).is_some();
                }
                found += usize::from(before <= b' ' && byte > b' ');
                before = byte;
                if found == wanted {
                    return true;
                }
            }
        }
        false
    }

    /// Whether any of its sentences cites.
    pub fn is_cited(&self) -> bool {
        self.sentences().any(|sentence| !sentence.citations.is_empty())
    }
}

impl<'p> Stretch<'p> {
    /// Its text.
    pub fn text(&self) -> &'p str {
        self.prose.text.get(self.text.clone()).unwrap_or_default()
    }

    /// The place of a part of its text.
    pub fn place(&self, part: &Range<usize>) -> Span {
        let from = self.text.start;
        Span::new(&self.prose.file, self.prose.place(&(from + part.start..from + part.end)))
    }

    /// The citations of the sentences that overlap a part of its text.
    pub fn citations(&self, part: &Range<usize>) -> impl Iterator<Item = usize> + use<'p> {
        let (start, end) = (self.text.start + part.start, self.text.start + part.end);
        let own = self.prose.sentences.get(self.sentences.clone()).unwrap_or_default();
        let first = own.partition_point(|sentence| sentence.text.end <= start);
        let meeting = own.iter().skip(first).take_while(move |sentence| sentence.text.start < end);
        meeting.flat_map(|sentence| sentence.citations.iter().copied())
    }
}

impl<'p> Sentence<'p> {
    /// Its place, including its citations.
    pub fn span(&self) -> Span {
        let place = self.prose.place(&self.part.text);
        Span::new(&self.prose.file, place.start..place.end.max(self.part.cited_to))
    }

    /// Its parts, each with the citations at its end; the text after the last citation is a part without citations.
    pub fn parts(&self) -> Vec<(Range<usize>, &'p [usize])> {
        let (mut parts, mut from, mut first) = (Vec::new(), 0, 0);
        let start = self.part.text.start;
        for (number, at) in self.part.cited_at.iter().enumerate() {
            if self.part.cited_at.get(number + 1) == Some(at) {
                continue;
            }
            let to = at.saturating_sub(start).clamp(from, self.text.len());
            parts.push((from..to, self.citations.get(first..=number).unwrap_or_default()));
            (from, first) = (to, number + 1);
        }
        if self.text.get(from..).is_some_and(|rest| rest.contains(char::is_alphanumeric)) {
            parts.push((from..self.text.len(), &[]));
        }
        parts
    }

    /// Whether a part of its text is code.
    pub fn is_code(&self, part: &Range<usize>) -> bool {
        let at = self.part.text.start + part.start;
        let after = self.prose.code.partition_point(|code| code.start <= at);
        after.checked_sub(1).and_then(|index| self.prose.code.get(index)).is_some_and(|code| at < code.end)
    }

    /// Whether a mark may be in it; never false with one.
    pub fn is_marked(&self, marks: &Marks) -> bool {
        marks.touch(&self.part.text)
    }

    /// The place of a part of its text. Pieces that are not exact are only included as a whole.
    pub fn place(&self, part: &Range<usize>) -> Span {
        let from = self.part.text.start;
        Span::new(&self.prose.file, self.prose.place(&(from + part.start..from + part.end)))
    }
}
