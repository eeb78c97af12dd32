//! Lists of documents as text: short in a script, quick to read.

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The documents in which a term is found, by number.
#[derive(Clone, Debug, Default)]
pub(super) struct Postings {
    /// Those that have it in the title.
    pub titles: Vec<u32>,
    /// Those that have it only elsewhere.
    pub texts: Vec<u32>,
}

impl Postings {
    /// Adds a document, with a number not below any before.
    pub fn add(&mut self, document: u32, in_title: bool) {
        if self.titles.last() != Some(&document) && self.texts.last() != Some(&document) {
            if in_title { &mut self.titles } else { &mut self.texts }.push(document);
        }
    }

    /// The documents of all of these.
    pub fn union<'p>(all: impl Iterator<Item = &'p Self> + Clone) -> Self {
        let merged = |lists: &mut dyn Iterator<Item = &'p Vec<u32>>| {
            let mut merged: Vec<u32> = lists.flatten().copied().collect();
            merged.sort_unstable();
            merged.dedup();
            merged
        };
        let titles = merged(&mut all.clone().map(|postings| &postings.titles));
        let mut texts = merged(&mut all.map(|postings| &postings.texts));
        texts.retain(|document| titles.binary_search(document).is_err());
        Self { titles, texts }
    }

    /// As text: titles, and after a point the others. `count` is the number of all documents.
    pub fn encode(&self, count: usize) -> String {
        let mut text = list(&self.titles, count);
        if !self.texts.is_empty() {
            text.push('.');
            text.push_str(&list(&self.texts, count));
        }
        text
    }
}

/// Differences in digits of five bits, the lowest first, each but the last with a sixth bit; or after `!` a bit for each
/// document, where that is shorter.
fn list(documents: &[u32], count: usize) -> String {
    let digit = |value: u32| char::from(DIGITS.get(value as usize & 63).copied().unwrap_or_default());
    let mut text = String::new();
    let mut next = 0;
    for document in documents {
        let mut rest = document.saturating_sub(next);
        while rest > 31 {
            text.push(digit(32 | rest & 31));
            rest >>= 5;
        }
        text.push(digit(rest));
        next = document + 1;
    }
    if text.len() <= count.div_ceil(6) {
        return text;
    }
    let mut bits = vec![0_u32; count.div_ceil(6)];
    for document in documents {
        if let Some(bits) = bits.get_mut(*document as usize / 6) {
            *bits |= 1 << (document % 6);
        }
    }
    std::iter::once('!').chain(bits.into_iter().map(digit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_written_as_differences_or_as_bits() {
        assert_eq!(list(&[], 100), "");
        assert_eq!(list(&[0, 1, 34, 1060], 10_000), "AAgBhgB");
        assert_eq!(list(&[0, 1, 2, 3, 4, 5, 6, 11], 12), "!_h");
    }

    #[test]
    fn a_union_prefers_titles() {
        let mut a = Postings::default();
        for (document, in_title) in [(1, true), (1, false), (3, false), (3, false)] {
            a.add(document, in_title);
        }
        assert_eq!((a.titles.as_slice(), a.texts.as_slice()), (&[1][..], &[3][..]));
        let b = Postings { titles: vec![3], texts: vec![1, 2] };
        let both = Postings::union([&a, &b].into_iter());
        assert_eq!((both.titles, both.texts), (vec![1, 3], vec![2]));
        assert_eq!(a.encode(100), "B.D");
    }
}
