//! A page's text during conversion: edits keep track of the original offsets, so that messages show places in the old
//! file.

use std::ops::Range;

/// A piece of the text: its offset, its offset in the old file, and whether it was copied from there.
#[derive(Clone, Copy, Debug)]
struct Piece {
    at: usize,
    old: usize,
    copied: bool,
}

/// The text of a page, and where its pieces were in the old file.
#[derive(Clone, Debug)]
pub(super) struct Text {
    text: String,
    pieces: Vec<Piece>,
}

/// A range of the text and what replaces it.
pub(super) type Edit = (Range<usize>, String);

impl Text {
    /// The text of an old file from `start` on.
    pub fn new(file: &str, start: usize) -> Self {
        let text = file.get(start..).unwrap_or_default().to_owned();
        Self { text, pieces: vec![Piece { at: 0, old: start, copied: true }] }
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn into_string(self) -> String {
        self.text
    }

    /// Where a range was in the old file.
    pub fn place(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.old(range.start);
        start..self.old(range.end).max(start)
    }

    fn old(&self, at: usize) -> usize {
        let index = self.pieces.partition_point(|piece| piece.at <= at);
        let piece = index.checked_sub(1).and_then(|index| self.pieces.get(index));
        piece.map_or(0, |piece| if piece.copied { piece.old + (at - piece.at) } else { piece.old })
    }

    /// Applies edits; of overlapping ones only the first.
    pub fn edit(&mut self, mut edits: Vec<Edit>) {
        if edits.is_empty() {
            return;
        }
        edits.sort_by_key(|(range, _)| (range.start, range.end));
        let (mut text, mut pieces, mut done) = (String::with_capacity(self.text.len()), Vec::new(), 0);
        for (range, new) in edits {
            let Some(kept) = (done <= range.start).then(|| self.text.get(done..range.start)).flatten() else {
                continue;
            };
            if self.text.get(range.clone()).is_none() {
                continue;
            }
            self.copy(done..range.start, text.len(), &mut pieces);
            text.push_str(kept);
            if !new.is_empty() {
                pieces.push(Piece { at: text.len(), old: self.old(range.start), copied: false });
                text.push_str(&new);
            }
            done = range.end;
        }
        self.copy(done..self.text.len() + 1, text.len(), &mut pieces);
        text.push_str(self.text.get(done..).unwrap_or_default());
        *self = Self { text, pieces };
    }

    /// Adds the pieces of a range that is kept, moved to `to`.
    fn copy(&self, range: Range<usize>, to: usize, pieces: &mut Vec<Piece>) {
        if range.is_empty() {
            return;
        }
        let first = self.pieces.partition_point(|piece| piece.at <= range.start).saturating_sub(1);
        for piece in self.pieces.iter().skip(first).take_while(|piece| piece.at < range.end) {
            let skipped = range.start.saturating_sub(piece.at);
            let old = if piece.copied { piece.old + skipped } else { piece.old };
            pieces.push(Piece { at: to + piece.at.max(range.start) - range.start, old, copied: piece.copied });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_keep_track_of_places() {
        let file = "---\n---\none two three four";
        let mut text = Text::new(file, 8);
        text.edit(vec![(4..7, "2".into()), (0..3, "ONE!".into()), (5..9, "overlaps".into())]);
        assert_eq!(text.as_str(), "ONE! 2 three four");
        let old = |text: &Text, word: &str| {
            let at = text.as_str().find(word).expect("it is there");
            file[text.place(&(at..at + word.len()))].to_owned()
        };
        assert_eq!(old(&text, "three"), "three");
        text.edit(vec![(0..0, "x ".into()), (7..12, String::new())]);
        assert_eq!(text.as_str(), "x ONE! 2  four");
        assert_eq!(old(&text, "four"), "four");
        assert_eq!(text.place(&(2..2)), 8..8, "a replaced word is where the old one was");
        assert_eq!(text.place(&(7..8)).start, 12);
        text.edit(vec![(500..600, "beyond".into())]);
        assert_eq!(text.into_string(), "x ONE! 2  four");
    }
}
