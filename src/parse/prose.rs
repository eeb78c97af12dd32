//! The prose of a page as one text, and its blocks and sentences as parts of that.

use std::ops::Range;

use crate::source::{Marks, SitePath, Span};

/// What the checks need of a page, kept out of the metadata's hash: the summary, then paragraphs, list items, table rows,
/// footnotes, in order; labels stand where they end.
#[derive(Clone, Debug, PartialEq)]
pub struct Prose {
    file: SitePath,
    pub(super) text: String,
    /// Where the pieces of the text stand, by their place in it.
    pub(super) places: Vec<Place>,
    /// The parts of the text that are code, in order.
    pub(super) code: Vec<Range<usize>>,
    /// The sentences of the first block, then those of the second, and so on.
    pub(super) sentences: Vec<SentencePart>,
    pub(super) blocks: Vec<BlockPart>,
    /// The beginning of its blocks of code, for the search index.
    pub(super) listings: String,
}

/// A stretch of prose that is cited as one.
#[derive(Clone, Copy, Debug)]
pub struct Block<'p> {
    prose: &'p Prose,
    /// What kind of text it is.
    pub kind: BlockKind,
    /// The component call it stands in, as a number in `metadata.calls`.
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
    /// What stands beside the text: the description of a picture, the title of a link, a worded argument of a component.
    Label,
}

/// A sentence with what it cites.
#[derive(Clone, Copy, Debug)]
pub struct Sentence<'p> {
    prose: &'p Prose,
    /// Its text, without markup and citations.
    pub text: &'p str,
    /// The citations in it, or just after it, as numbers in `metadata.citations`.
    pub citations: &'p [usize],
    part: &'p SentencePart,
}

/// Sentences of a block with nothing of another between them.
#[derive(Clone, Debug)]
pub struct Stretch<'p> {
    prose: &'p Prose,
    sentences: Range<usize>,
    text: Range<usize>,
}

/// A block as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct BlockPart {
    pub kind: BlockKind,
    pub call: Option<usize>,
    pub uncited: Option<String>,
    /// Where it stands in the file.
    pub file: Range<usize>,
    /// Whether all its words stand in links.
    pub only_links: bool,
    /// Whether it is in a block quotation.
    pub quoted: bool,
    /// Its sentences, by number.
    pub sentences: Range<usize>,
}

/// A sentence as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SentencePart {
    /// The block it belongs to, by number.
    pub block: usize,
    /// Its text.
    pub text: Range<usize>,
    pub citations: Vec<usize>,
    /// Where in the text each of them stands.
    pub cited_at: Vec<usize>,
    /// Where in the file the last of them ends; 0 for none.
    pub cited_to: usize,
}

/// Where a piece of the text stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Where the piece begins in the text.
    pub text: usize,
    /// Where it stands in the file.
    pub file: Range<usize>,
    /// Whether it stands there byte for byte; `…` for `...` does not.
    pub exact: bool,
}

impl Prose {
    /// A page without any.
    pub fn new(file: &SitePath) -> Self {
        let (text, places) = (String::new(), Vec::new());
        Self { text, places, ..Self::with_room(file, 0) }
    }

    /// The same with room for the prose of a file of so many bytes.
    pub(super) fn with_room(file: &SitePath, size: usize) -> Self {
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

    /// How many blocks state something, and how many of those cite.
    pub fn coverage(&self) -> (u32, u32) {
        let factual = self.blocks().filter(Block::is_factual);
        factual.fold((0, 0), |(all, cited), block| (all + 1, cited + u32::from(block.is_cited())))
    }

    /// Marks the bytes of the text that pass a test, for [`Sentence::is_marked`].
    pub fn mark_bytes(&self, test: impl Fn(u8) -> bool) -> Marks {
        Marks::of_bytes(self.text.as_bytes(), test)
    }

    /// Marks the words of the text that begin with three bytes that pass a test, for [`Sentence::is_marked`].
    pub fn mark_words(&self, test: impl Fn([u8; 3]) -> bool) -> Marks {
        Marks::of_words(self.text.as_bytes(), test)
    }

    /// All of its text, then the beginning of its code, for the search index.
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

    /// About how many bytes of memory it takes.
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

    /// Where a part of the text stands in the file. A piece that was written otherwise counts as a whole.
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
    /// Where it stands.
    pub fn span(&self) -> Span {
        Span::new(&self.prose.file, self.part.file.clone())
    }

    /// Its sentences, as far as nothing of another block stands between them.
    pub fn stretches(&self) -> impl Iterator<Item = Stretch<'p>> + use<'p> {
        let (prose, mut rest) = (self.prose, self.part.sentences.clone());
        let end = |number: usize| prose.sentences.get(number).map(|part| part.text.end);
        let start = |number: usize| prose.sentences.get(number).map(|part| part.text.start);
        // Stretches are parted by line ends, sentences by spaces.
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

    /// Whether it states something that needs a citation: a paragraph, list item, table row or footnote that is not
    /// opted out, does not merely lead in to what follows it with a colon, is no list of links, and says more than a label.
    pub fn is_factual(&self) -> bool {
        let states = matches!(self.kind, BlockKind::Paragraph | BlockKind::Item | BlockKind::Row | BlockKind::Footnote);
        let leads_in = || self.sentences().last().is_none_or(|last| last.text.ends_with(':'));
        states && self.uncited.is_none() && !self.part.only_links && !leads_in() && self.has_words(4)
    }

    /// Whether it has so many words, which white space parts.
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

    /// Where a part of its text stands.
    pub fn place(&self, part: &Range<usize>) -> Span {
        let from = self.text.start;
        Span::new(&self.prose.file, self.prose.place(&(from + part.start..from + part.end)))
    }

    /// The citations of the sentences that a part of its text meets.
    pub fn citations(&self, part: &Range<usize>) -> impl Iterator<Item = usize> + use<'p> {
        let (start, end) = (self.text.start + part.start, self.text.start + part.end);
        let own = self.prose.sentences.get(self.sentences.clone()).unwrap_or_default();
        let first = own.partition_point(|sentence| sentence.text.end <= start);
        let meeting = own.iter().skip(first).take_while(move |sentence| sentence.text.start < end);
        meeting.flat_map(|sentence| sentence.citations.iter().copied())
    }
}

impl<'p> Sentence<'p> {
    /// Where it stands, to the end of what it cites.
    pub fn span(&self) -> Span {
        let place = self.prose.place(&self.part.text);
        Span::new(&self.prose.file, place.start..place.end.max(self.part.cited_to))
    }

    /// Its parts, each with the citations at its end; what comes after the last citation is a part without any.
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

    /// Whether a part of its text stands in code.
    pub fn is_code(&self, part: &Range<usize>) -> bool {
        let at = self.part.text.start + part.start;
        let after = self.prose.code.partition_point(|code| code.start <= at);
        after.checked_sub(1).and_then(|index| self.prose.code.get(index)).is_some_and(|code| at < code.end)
    }

    /// Whether there may be a mark in it.
    pub fn is_marked(&self, marks: &Marks) -> bool {
        marks.touch(&self.part.text)
    }

    /// Where a part of its text stands. A piece that was written otherwise counts as a whole.
    pub fn place(&self, part: &Range<usize>) -> Span {
        let from = self.part.text.start;
        Span::new(&self.prose.file, self.prose.place(&(from + part.start..from + part.end)))
    }
}
