/// Markdown text, with the offsets of its pieces in the file.
///
/// The text of a page is one piece. The body of a component inside a quotation or a list has several, since
/// the markers and indentation before each line are not part of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a> {
    /// The text to parse.
    pub text: &'a str,
    /// The offsets of the pieces, in the text and in the file; the first is at 0 of the text.
    pub pieces: &'a [(usize, usize)],
}

impl Source<'_> {
    /// The offset in the file of byte `at` of the text.
    pub fn at(&self, at: usize) -> usize {
        let after = self.pieces.partition_point(|(local, _)| *local <= at);
        match after.checked_sub(1).and_then(|index| self.pieces.get(index)) {
            Some((local, file)) => file + (at - local),
            None => at,
        }
    }

    /// The range in the file of a range of the text.
    pub fn range(&self, range: &std::ops::Range<usize>) -> std::ops::Range<usize> {
        if let [(_, file)] = self.pieces {
            return file + range.start..file + range.end;
        }
        // The end belongs to the piece of the last byte, not to the one that follows.
        let end = match range.end.checked_sub(1) {
            Some(last) if last >= range.start => self.at(last) + 1,
            _ => self.at(range.end),
        };
        self.at(range.start)..end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_lines_of_a_quotation_back_to_the_file() {
        // > ab
        // > cd
        let source = Source { text: "ab\ncd\n", pieces: &[(0, 2), (3, 7)] };
        assert_eq!(source.range(&(0..2)), 2..4);
        assert_eq!(source.range(&(1..4)), 3..8);
        assert_eq!(source.range(&(0..3)), 2..5);
    }
}
