//! Line and column numbers of byte offsets, from an index that is built once per text.

use std::borrow::Cow;
use std::ops::Range;

/// A position as editors show it: line and column, both from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in Unicode characters.
    pub column: usize,
}

/// The distance of the stored character counts, in bytes: a lookup reads at most this many bytes.
const STRIDE: usize = 256;

/// A text with an index of its lines.
#[derive(Debug, Default)]
pub struct LineIndex<'t> {
    text: Cow<'t, str>,
    /// The offsets of all lines but the first.
    starts: Vec<usize>,
    /// The number of characters before each multiple of [`STRIDE`] bytes.
    characters: Vec<usize>,
}

impl<'t> LineIndex<'t> {
    /// Reads the text once.
    pub fn new(text: impl Into<Cow<'t, str>>) -> Self {
        let text = text.into();
        let starts = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1).collect();
        let before = |count: &mut usize, piece: &[u8]| {
            let before = *count;
            *count += characters(piece);
            Some(before)
        };
        let characters = text.as_bytes().chunks(STRIDE).scan(0, before).collect();
        Self { text, starts, characters }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The position of byte `offset`, which is clamped to the text and to a character boundary.
    pub fn place(&self, offset: usize) -> LineColumn {
        let offset = self.boundary(offset);
        let line = self.line_number(offset);
        let start = self.line_start(line);
        LineColumn { line: line + 1, column: self.characters_before(offset) - self.characters_before(start) + 1 }
    }

    /// The range of the line with byte `offset`, without its line end.
    pub fn line(&self, offset: usize) -> Range<usize> {
        let line = self.line_number(offset);
        let end = self.starts.get(line).map_or(self.text.len(), |next| next - 1);
        self.line_start(line)..end
    }

    /// The last character boundary that is not after `offset`.
    pub fn boundary(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }

    /// The number of the line with byte `offset`, from 0.
    fn line_number(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset)
    }

    fn line_start(&self, line: usize) -> usize {
        line.checked_sub(1).and_then(|before| self.starts.get(before)).copied().unwrap_or(0)
    }

    fn characters_before(&self, offset: usize) -> usize {
        let stride = offset / STRIDE;
        let Some(counted) = self.characters.get(stride) else { return characters(self.text.as_bytes()) };
        counted + self.text.as_bytes().get(stride * STRIDE..offset).map_or(0, characters)
    }
}

/// How many characters start in these bytes of a text.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| !(0x80..0xc0).contains(*byte)).count()
}

/// The position of byte `offset` of `text`. For several positions, use one [`LineIndex`].
pub fn line_column(text: &str, offset: usize) -> LineColumn {
    LineIndex::new(text).place(offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_lines_and_characters_from_one() {
        let text = "é\nàb";
        assert_eq!(line_column(text, 0), LineColumn { line: 1, column: 1 });
        assert_eq!(line_column(text, 5), LineColumn { line: 2, column: 2 });
        assert_eq!(line_column(text, 4), LineColumn { line: 2, column: 1 });
        assert_eq!(line_column(text, 99), LineColumn { line: 2, column: 3 });
        assert_eq!(line_column("", 0), LineColumn { line: 1, column: 1 });
        assert_eq!(line_column("a\n", 2), LineColumn { line: 2, column: 1 });
    }

    #[test]
    fn long_lines_are_counted_across_strides() {
        let text = format!("é{}\n{}x", "aé".repeat(STRIDE), "é".repeat(STRIDE / 2));
        let index = LineIndex::new(text.as_str());
        for (offset, _) in text.char_indices() {
            let before = &text[..offset];
            let start = before.rfind('\n').map_or(0, |at| at + 1);
            let expected =
                LineColumn { line: before.matches('\n').count() + 1, column: before[start..].chars().count() + 1 };
            assert_eq!(index.place(offset), expected);
        }
        let second = text.find('\n').map_or(0, |at| at + 1);
        assert_eq!(index.line(second - 1), 0..second - 1, "a line holds its end");
        assert_eq!(index.line(second), second..text.len());
    }
}
