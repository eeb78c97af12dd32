//! What a text says, as far as single words show it: how sure, how much, by whom, and what it names.
//!
//! A text is read once into [`Words`]; every rule on prose and on claims looks at those. The words of the language are all
//! in `english`.

mod claims;
mod english;
mod names;
mod sources;

pub use claims::{ClaimReading, Overlap};
pub use english::{Kind, Unit, denied, extent, has_no_degree, is_auxiliary, is_past, opposites, unit};
pub use names::ProperNames;
pub use sources::{SourceMention, SourceNames};

use std::hash::{Hash, Hasher};
use std::ops::Range;

use rustc_hash::FxHasher;

/// What a word says besides its content; several may hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Senses(u32);

impl Senses {
    /// It carries no content.
    pub const EMPTY: Self = Self(1);
    /// It leaves open whether something is so.
    pub const HEDGE: Self = Self(1 << 1);
    /// It leaves open whether something comes about.
    pub const PLAN: Self = Self(1 << 2);
    /// It gives a statement to somebody.
    pub const REPORT: Self = Self(1 << 3);
    /// It makes a statement stronger.
    pub const BOOSTER: Self = Self(1 << 4);
    /// It takes in everything of a kind.
    pub const UNIVERSAL: Self = Self(1 << 5);
    /// It turns a statement round.
    pub const NEGATION: Self = Self(1 << 6);
    /// It is a form of "be".
    pub const BEING: Self = Self(1 << 7);
    /// It stands for the sources in general.
    pub const ARTICLE: Self = Self(1 << 8);
    /// It may have a capital without being a name.
    pub const COMMON: Self = Self(1 << 9);
    /// It tells what a document does with what it holds.
    pub const TELLS: Self = Self(1 << 10);
    /// It says outright that something is not certain.
    pub const DOUBT: Self = Self(1 << 11);
    /// An indirect question may begin with it.
    pub const QUESTION: Self = Self(1 << 12);
    /// It may be between an article and how a source is called.
    pub const PLACED: Self = Self(1 << 13);
    /// It denies something in part.
    pub const PARTIAL: Self = Self(1 << 14);
    /// It makes something no more than possible.
    pub const POSSIBLE: Self = Self(1 << 15);
    /// It says that something will be.
    pub const WILL: Self = Self(1 << 16);
    /// It may be between a subject and what is said of it.
    pub const AUXILIARY: Self = Self(1 << 17);
    /// A phrase of place, time or means may begin with it.
    pub const PREPOSITION: Self = Self(1 << 18);
    /// It takes in the whole world.
    pub const WORLD: Self = Self(1 << 19);
    /// It keeps to one place.
    pub const LOCAL: Self = Self(1 << 20);
    /// What leaves open whether something is so, or comes about.
    pub const OPEN: Self = Self(Self::HEDGE.0 | Self::PLAN.0);

    /// Both of these.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether it says any of these.
    pub const fn says(self, any: Self) -> bool {
        self.0 & any.0 != 0
    }
}

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Where it is.
    pub at: Range<usize>,
    /// The hash of its stem in lower case: two forms of one word mostly have the same.
    pub stem: u64,
    /// What it says besides its content.
    pub senses: Senses,
    /// Whether it begins with a capital.
    pub is_capital: bool,
    /// Whether it is a number, in digits or in words.
    pub is_figure: bool,
    /// Whether a sentence, a clause in quotation marks or the like begins with it.
    pub is_first: bool,
    /// What it names, among things of one kind; a word with a capital may be part of a name.
    pub kind: Option<Kind>,
}

/// The words of a text, in order.
pub type Words = Vec<Word>;

/// The hash of the stem of a word in lower case.
pub fn stem(word: &str) -> u64 {
    english::entry(word).stem.unwrap_or_else(|| hash(english::without_ending(word)))
}

fn hash(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    text.hash(&mut hasher);
    hasher.finish()
}

/// Reads the words of a text.
pub fn words(text: &str) -> Words {
    let mut words: Words = Vec::with_capacity(text.len() / 6);
    let mut lower = String::new();
    let mut rest = 0;
    // A `to` that tells of what is to come if a verb follows.
    let mut owed: Option<usize> = None;
    while let Some(start) = text.get(rest..).and_then(|tail| tail.find(char::is_alphanumeric)).map(|skip| rest + skip) {
        let run = text.get(start..).unwrap_or_default();
        let end = start + run.find(|c: char| !c.is_alphanumeric() && !matches!(c, '’' | '\'')).unwrap_or(run.len());
        let whole = text.get(start..end).unwrap_or_default().trim_end_matches(['’', '\'']);
        let word = ["’s", "'s"].iter().find_map(|own| whole.strip_suffix(own)).unwrap_or(whole);
        lower.clear();
        if word.is_ascii() {
            lower.push_str(word);
            lower.make_ascii_lowercase();
        } else {
            lower.extend(word.chars().flat_map(char::to_lowercase));
        }
        if lower.contains('\'') {
            lower = lower.replace('\'', "’");
        }
        let known = english::entry(&lower);
        let mut senses = known.senses;
        if let Some(at) =
            owed.take().filter(|_| !senses.says(Senses::EMPTY) || senses.says(Senses::BEING) || lower == "have")
        {
            mark(&mut words, at);
        }
        if lower == "to" && is_ahead(text, &words) {
            owed = Some(words.len());
        }
        // The month is certain.
        if word == "May" {
            senses = Senses::COMMON;
        }
        // "Means to" intends; "without doubt" is sure.
        let last = words.last_mut().map(|last| (text.get(last.at.clone()).unwrap_or_default(), last));
        match last {
            Some((before, last)) if lower == "to" && matches!(before, "mean" | "means") => {
                last.senses = last.senses.and(Senses::PLAN);
            }
            Some(("no" | "No" | "without" | "Without" | "beyond" | "any", last)) if lower == "doubt" => {
                last.senses = Senses::EMPTY;
                senses = Senses::BOOSTER;
            }
            Some(("account" | "accounts", last)) if lower == "for" => last.senses = Senses::default(),
            _ => {}
        }
        let between = text.get(rest..start).unwrap_or_default();
        let is_first = words.is_empty() || between.contains(['.', '?', '!', ':', '“', '"', '|', '„', '«', '(']);
        let is_capital = word.starts_with(char::is_uppercase);
        let is_figure = word.starts_with(|c: char| c.is_ascii_digit()) || known.is_number;
        let stem = known.stem.unwrap_or_else(|| hash(english::without_ending(&lower)));
        let kind = known.kind.filter(|_| !is_capital);
        words.push(Word { at: start..start + word.len(), stem, senses, is_capital, is_figure, is_first, kind });
        rest = end.max(start + 1);
    }
    words
}

fn mark(words: &mut Words, at: usize) {
    if let Some(word) = words.get_mut(at) {
        word.senses = word.senses.and(Senses::PLAN);
    }
}

/// Whether the words before a `to` let it tell of what is to come: "is", "are also", "has".
fn is_ahead(text: &str, words: &Words) -> bool {
    let is_adverb = |word: &&Word| {
        let is_ly = text.get(word.at.clone()).is_some_and(|word| word.ends_with("ly"));
        !word.senses.says(Senses::BEING)
            && (word.senses.says(Senses::EMPTY.and(Senses::PLAN).and(Senses::PARTIAL)) || is_ly)
    };
    let adverbs = words.iter().rev().take(2).take_while(is_adverb).count();
    let verb = words.iter().rev().nth(adverbs);
    let is_owed = |before: &Word| matches!(text.get(before.at.clone()), Some("has" | "have"));
    verb.is_some_and(|verb| verb.senses.says(Senses::BEING)) || words.last().is_some_and(is_owed)
}

/// What all of these words say.
pub fn senses(words: &[Word]) -> Senses {
    words.iter().fold(Senses::default(), |all, word| all.and(word.senses))
}

/// Whether a word in lower case carries no content.
fn is_empty(word: &str) -> bool {
    english::entry(word).senses.says(Senses::EMPTY)
}

/// The word in lower case.
pub fn lower(text: &str, word: &Word) -> String {
    text.get(word.at.clone()).unwrap_or_default().to_lowercase()
}

#[cfg(test)]
mod tests;
