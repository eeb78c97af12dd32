use rustc_hash::FxHashMap;

/// Names that hold digits or words like figures (`Windows 10`, `Seven Network`): what stands in them is no figure.
#[derive(Clone, Debug, Default)]
pub struct Masks {
    /// The names by their first word, in lower case, the longest first.
    names: FxHashMap<Box<str>, Vec<Box<str>>>,
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
                masks.names.entry(first_word(name).to_lowercase().into()).or_default().push(name.into());
            }
        }
        for (word, names) in &mut masks.names {
            masks.letters |= word.chars().next().map_or(0, bit);
            masks.any |= word.is_empty();
            names.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
            names.dedup();
        }
        masks
    }

    /// The length of the longest name that `text` starts with.
    pub(super) fn length(&self, text: &str) -> Option<usize> {
        let first = text.chars().next()?.to_ascii_lowercase();
        if self.names.is_empty() || (first.is_ascii() && !self.any && self.letters & bit(first) == 0) {
            return None;
        }
        let names = self.names.get(first_word(text).to_lowercase().as_str())?;
        let fits = |name: &str| {
            let Some((start, after)) = text.split_at_checked(name.len()) else { return false };
            !after.starts_with(char::is_alphanumeric) && start.to_lowercase() == name.to_lowercase()
        };
        names.iter().find(|name| fits(name)).map(|name| name.len())
    }
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
