use std::hash::{Hash, Hasher};

use rustc_hash::FxHashMap;

/// Names that hold digits or words like figures (`Windows 10`, `Seven Network`): what stands in them is no figure.
#[derive(Clone, Debug, Default)]
pub struct Masks {
    /// The names by their first word, both in lower case.
    names: FxHashMap<Box<str>, SortedNames>,
    /// The first letters of these words, where they are ASCII, as bits: most words of a text need not be looked up.
    letters: u128,
    /// Whether a name starts with what is no letter and no digit.
    any: bool,
}

impl Masks {
    /// The masks for these names; those without a figure in them cost nothing.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut masks = Self::default();
        for name in names {
            let name = name.trim();
            if !super::figures(name, &Self::default()).is_empty() {
                masks.names.entry(lower(first_word(name)).into()).or_default().add(name);
            }
        }
        for (word, names) in &mut masks.names {
            masks.letters |= word.chars().next().map_or(0, bit);
            masks.any |= word.is_empty();
            names.sorted.sort_unstable();
            names.sorted.dedup();
        }
        masks
    }

    /// The length of the longest name that `text` starts with.
    pub(super) fn length(&self, text: &str) -> Option<usize> {
        let first = text.chars().next()?.to_ascii_lowercase();
        if self.names.is_empty() || (first.is_ascii() && !self.any && self.letters & bit(first) == 0) {
            return None;
        }
        self.names.get(lower(first_word(text)).as_str())?.length(text)
    }
}

/// Names among which the one that a text starts with is found without comparing all.
#[derive(Clone, Debug, Default)]
struct SortedNames {
    sorted: Vec<Box<str>>,
    longest: usize,
}

impl SortedNames {
    fn add(&mut self, name: &str) {
        let name = lower(name);
        self.longest = self.longest.max(name.len());
        self.sorted.push(name.into());
    }

    /// The length of the longest of the names that `text` starts with.
    fn length(&self, text: &str) -> Option<usize> {
        // The start of the text in lower case, and which length of it comes from which of the text.
        let (mut start, mut ends) = (String::new(), Vec::new());
        for (at, char) in text.char_indices().take_while(|(at, _)| *at < self.longest) {
            start.extend(char.to_lowercase());
            ends.push((start.len(), at + char.len_utf8()));
        }
        let mut start = start.as_str();
        loop {
            // What `start` starts with comes before it in order, and everything between starts with that as well.
            let before = self.sorted.partition_point(|name| **name <= *start).checked_sub(1)?;
            let name = self.sorted.get(before)?;
            let shared = start.char_indices().zip(name.chars()).take_while(|((_, a), b)| a == b).last();
            let (last, shared) = shared.map(|((at, char), _)| (at, at + char.len_utf8()))?;
            if shared < name.len() {
                start = start.get(..shared)?;
                continue;
            }
            let end = ends.binary_search_by_key(&shared, |(lower, _)| *lower).ok().and_then(|at| ends.get(at));
            let is_whole =
                |end: &usize| text.get(*end..).is_some_and(|after| !after.starts_with(char::is_alphanumeric));
            match end.map(|(_, end)| *end).filter(is_whole) {
                Some(end) => return Some(end),
                None => start = start.get(..last)?,
            }
        }
    }
}

impl Hash for Masks {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let mut names: Vec<&str> = self.names.values().flat_map(|names| &names.sorted).map(|name| &**name).collect();
        names.sort_unstable();
        names.hash(state);
    }
}

fn lower(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// The bit that stands for a letter, where it is ASCII.
fn bit(letter: char) -> u128 {
    1_u128.checked_shl(letter.into()).unwrap_or_default()
}

/// The letters and digits that a text starts with.
fn first_word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_name_at_the_start_of_a_text() {
        let masks =
            Masks::new(["Windows 10", "Windows 10 Pro 2", "Windows 1", "WINDOWS 7", "Årsrapport 2018", "Other 3"]);
        for (text, expected) in [
            ("Windows 10 Pro 2, sold", Some("Windows 10 Pro 2")),
            ("windows 10 Pro 25", Some("windows 10")),
            ("Windows 100", None),
            ("Windows 1", Some("Windows 1")),
            ("Windows 7", Some("Windows 7")),
            ("Windows 8", None),
            ("ÅRSRAPPORT 2018.", Some("ÅRSRAPPORT 2018")),
            ("Some Windows 10", None),
        ] {
            assert_eq!(masks.length(text), expected.map(str::len), "{text}");
        }
    }
}
