use std::ops::Range;

use memchr::memchr;

use super::document::place_in;
use super::sentence::sentences;
use super::{Block, BlockKind, Place, Prose, Sentence};
use crate::source::Span;

/// Collects the prose of a page while its Markdown is read.
///
/// Blocks lie in one another (a list in an item, a call in a list): text belongs to the innermost open one. Text is
/// gathered up to the next boundary, then parted into sentences.
#[derive(Debug, Default)]
pub(super) struct Gatherer {
    blocks: Vec<Block>,
    /// The open blocks as numbers; `None` is the edge of a component call, which no text crosses.
    open: Vec<Option<usize>>,
    /// The call that encloses what is read now.
    call: Option<usize>,
    /// The reason of the opt-out in force.
    uncited: Option<String>,
    /// Whether a link is open.
    in_link: bool,
    /// The text since the last boundary.
    text: String,
    /// Where pieces of the text stand.
    places: Vec<Place>,
    /// Citations since the last boundary: the place in the text, which, and where in the file its group ends.
    cited: Vec<(usize, usize, usize)>,
    /// Scratch: where the sentences of the text start.
    starts: Vec<usize>,
    words: u32,
}

impl Gatherer {
    /// Opens a block at `span`.
    pub fn open(&mut self, kind: BlockKind, span: Span) {
        self.flush();
        self.open.push(Some(self.blocks.len()));
        let (call, uncited) = (self.call, self.uncited.clone());
        self.blocks.push(Block { kind, call, uncited, span, only_links: true, sentences: Vec::new() });
    }

    /// Whether text read now has a block to belong to.
    pub fn is_open(&self) -> bool {
        matches!(self.open.last(), Some(Some(_)))
    }

    /// Ends the sentence at hand: a paragraph or a cell is over.
    pub fn pause(&mut self) {
        self.flush();
    }

    /// Closes the innermost block.
    pub fn close(&mut self) {
        self.flush();
        self.open.pop();
    }

    /// Enters the call of this number, and gives what [`Gatherer::leave_call`] needs.
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

    /// Puts another opt-out in force and gives the one before.
    pub fn opt_out(&mut self, reason: Option<String>) -> Option<String> {
        std::mem::replace(&mut self.uncited, reason)
    }

    /// Enters or leaves a link.
    pub fn link(&mut self, open: bool) {
        self.in_link = open;
    }

    /// Adds text that stands at `file`, byte for byte if it is `exact`.
    pub fn push(&mut self, text: &str, file: Range<usize>, exact: bool) {
        if let Some(Some(open)) = self.open.last() {
            if !self.in_link
                && let Some(block) = self.blocks.get_mut(*open)
                && block.only_links
                && text.contains(char::is_alphanumeric)
            {
                block.only_links = false;
            }
            self.places.push(Place { text: self.text.len(), file, exact });
            self.text.push_str(text);
        }
    }

    /// Adds a label that stands at `span`, written in some other way there; it parts nothing of the text around it.
    pub fn label(&mut self, text: &str, span: Span, call: Option<usize>) {
        if text.trim().is_empty() {
            return;
        }
        let mut block = Block {
            kind: BlockKind::Label,
            call: call.or(self.call),
            uncited: self.uncited.clone(),
            span,
            only_links: false,
            sentences: Vec::new(),
        };
        for range in sentences(text) {
            let places = vec![Place { text: 0, file: block.span.start..block.span.end, exact: false }];
            let text = text.get(range).unwrap_or_default().to_owned();
            block.sentences.push(Sentence { text, span: block.span.clone(), citations: Vec::new(), places });
        }
        self.blocks.push(block);
    }

    /// Adds what parts two cells of a row.
    pub fn part(&mut self, between: &str) {
        self.text.push_str(between);
    }

    /// Adds a citation; the space before it goes, so that "so [@a]." reads "so.".
    pub fn cite(&mut self, citation: usize, end: usize) {
        if self.is_open() {
            while self.text.ends_with(' ') {
                self.text.pop();
            }
            self.cited.push((self.text.len(), citation, end));
        }
    }

    /// The text since the last boundary.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Everything that was gathered, and how many words it has.
    pub fn finish(mut self) -> (Prose, u32) {
        self.blocks.retain(|block| !block.sentences.is_empty());
        (Prose { blocks: self.blocks }, self.words)
    }

    /// Parts the text into sentences of the open block; a row of a table is one.
    fn flush(&mut self) {
        if let Some(Some(open)) = self.open.last()
            && let Some(block) = self.blocks.get_mut(*open)
            && !(self.text.is_empty() && self.cited.is_empty())
        {
            let file = block.span.file.clone();
            let counts = block.kind != BlockKind::Summary;
            // Where white space parts words and sentences alike, all are counted at once.
            let at_once = self.text.is_ascii() && memchr(0xb, self.text.as_bytes()).is_none();
            if counts && at_once {
                self.words += words(&self.text);
            }
            let first = block.sentences.len();
            let mut starts = std::mem::take(&mut self.starts);
            let mut add = |range: Range<usize>| {
                let text = self.text.get(range.clone()).unwrap_or_default();
                if counts && !at_once {
                    self.words += words(text);
                }
                starts.push(range.start);
                let places = places(&self.places, &range);
                let span = Span::new(&file, place_in(&places, &(0..range.len())));
                block.sentences.push(Sentence { text: text.to_owned(), span, citations: Vec::new(), places });
            };
            if block.kind == BlockKind::Row {
                let row = trimmed(&self.text, &[' ', '|']);
                Some(row).filter(|row| !row.is_empty()).into_iter().for_each(&mut add);
            } else {
                sentences(&self.text).for_each(&mut add);
            }
            cite_sentences(block, first, &starts, &self.cited);
            starts.clear();
            self.starts = starts;
        }
        self.text.clear();
        self.places.clear();
        self.cited.clear();
    }
}

/// Gives each citation to the sentence that it stands in, or just after.
fn cite_sentences(block: &mut Block, first: usize, starts: &[usize], cited: &[(usize, usize, usize)]) {
    for (at, citation, end) in cited {
        let before = starts.partition_point(|start| start < at).saturating_sub(1);
        // A citation alone in its paragraph belongs to the last sentence before it.
        let sentence = if starts.is_empty() { first.saturating_sub(1) } else { first + before };
        if let Some(sentence) = block.sentences.get_mut(sentence) {
            sentence.citations.push(*citation);
            sentence.span.end = sentence.span.end.max(*end);
        }
    }
}

/// Where the pieces of a range of the text stand, as places in that range.
fn places(places: &[Place], range: &Range<usize>) -> Vec<Place> {
    let first = places.partition_point(|place| place.text <= range.start).saturating_sub(1);
    let rest = places.get(first..).unwrap_or_default();
    let within = rest.iter().take(rest.partition_point(|place| place.text < range.end));
    let clip = |place: &Place| {
        let skipped = if place.exact { range.start.saturating_sub(place.text) } else { 0 };
        let start = (place.file.start + skipped).min(place.file.end);
        Place { text: place.text.saturating_sub(range.start), file: start..place.file.end, exact: place.exact }
    };
    within.map(clip).collect()
}

/// How many of the words, parted by spaces, hold a letter or a digit.
fn words(text: &str) -> u32 {
    if text.is_ascii()
        && let Some(words) = plain_words(text.as_bytes())
    {
        return words;
    }
    let counts =
        |word: &&str| word.bytes().any(|byte| byte.is_ascii_alphanumeric()) || word.contains(char::is_alphanumeric);
    text.split_ascii_whitespace().filter(counts).count() as u32
}

/// The same of text in ASCII, where every word begins with a letter or a digit, as most do. Looking at every place
/// without a way out is done for many at once.
fn plain_words(text: &[u8]) -> Option<u32> {
    let [first, rest @ ..] = text else { return Some(0) };
    let begins = |before: u8, here: u8| before.is_ascii_whitespace() & !here.is_ascii_whitespace();
    let start = begins(b' ', *first);
    let (mut words, mut odd) = (u32::from(start), start & !first.is_ascii_alphanumeric());
    // Stretches that a byte can count.
    for (before, here) in text.chunks(128).zip(rest.chunks(128)) {
        let (mut found, mut plain) = (0_u8, 0_u8);
        for (before, here) in before.iter().zip(here) {
            let start = begins(*before, *here);
            found += u8::from(start);
            plain += u8::from(start & here.is_ascii_alphanumeric());
        }
        words += u32::from(found);
        odd |= found != plain;
    }
    (!odd).then_some(words)
}

/// What is left of a text without these at its ends.
fn trimmed(text: &str, ends: &[char]) -> Range<usize> {
    let rest = text.trim_start_matches(ends);
    let start = text.len() - rest.len();
    start..start + rest.trim_end_matches(ends).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_hold_a_letter_or_a_digit() {
        for (text, expected) in [
            ("", 0),
            (" ", 0),
            ("a", 1),
            (" One two,  3 ", 3),
            ("one - two", 2),
            ("“one” — zwö", 2),
            ("(one) *", 1),
            ("-\u{b}a", 1),
        ] {
            assert_eq!(words(text), expected, "{text:?}");
        }
        assert_eq!(words(&"a b- \n".repeat(300)), 600);
        assert_eq!(words(&"a - ".repeat(300)), 300);
    }
}
