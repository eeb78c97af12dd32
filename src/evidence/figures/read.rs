//! Figures from tokens.

use std::ops::Range;

use super::lex::{Digits, Kind, Token, tokens};
use super::words::{Sense, sense};
use super::{Decimal, Figure, Masks, Readings, Value};

/// Reads the figures of one text.
pub(super) struct Reader<'t> {
    pub text: &'t str,
    pub tokens: Vec<Token<'t>>,
    pub at: usize,
    pub found: Vec<Figure>,
    pub also: Vec<Figure>,
}

impl<'t> Reader<'t> {
    pub fn new(text: &'t str, masks: &Masks) -> Self {
        Self { text, tokens: tokens(text, masks), at: 0, found: Vec::new(), also: Vec::new() }
    }

    pub fn readings(mut self) -> Readings {
        while let Some(token) = self.tokens.get(self.at) {
            let before = self.at;
            match &token.kind {
                Kind::Digits(_) => self.digits(),
                Kind::Word(word) => self.word(sense(word)),
                Kind::Name => self.quarter_name(),
                Kind::Mark(mark) => self.mark(*mark),
            }
            self.at = self.at.max(before + 1);
        }
        self.share_units();
        Readings { figures: self.found, also: self.also }
    }

    /// A unit may hold for the bare numbers of a list too: "53 per cent there and 44 here".
    fn share_units(&mut self) {
        let mut units: Vec<Value> = Vec::new();
        for unit in self.found.iter().filter_map(|found| found.value.lend_unit(&Decimal::from(0))) {
            if !units.contains(&unit) {
                units.push(unit);
            }
        }
        for found in &self.found {
            let Value::Number(number) = &found.value else { continue };
            let lent = units.iter().filter_map(|unit| unit.lend_unit(number));
            self.also.extend(lent.map(|value| Figure { value, range: found.range.clone() }));
        }
    }

    fn word(&mut self, sense: Sense) {
        match sense {
            Sense::Place => self.place(),
            Sense::Weekday(day) if self.is_capital(self.at) => self.push(Value::Weekday(day), self.at, self.at + 1),
            Sense::Month(_) | Sense::ShortMonth(_) => self.month(),
            Sense::Season(_) => self.season(),
            Sense::Half | Sense::Quarter | Sense::Parts(_) => self.part_word(sense),
            Sense::Ordinal(number) => self.ordinal_word(number),
            Sense::Unit(_) | Sense::Tens(_) | Sense::Scale(_) | Sense::Dozen => self.number_words(),
            Sense::Plural(power) => self.plural(power),
            Sense::Times(times) => self.times(times),
            Sense::Halved => self.push(Value::Fraction(1, 2), self.at, self.at + 1),
            Sense::Currency(code) => self.code_before_amount(code),
            Sense::Weekday(_) | Sense::Percent | Sense::None => {}
        }
    }

    /// `lines 5, 9 and 12` say where, and `Step 3` which, not how many; "in part 40 million" does.
    fn place(&mut self) {
        let mut at = self.at + 1;
        at += usize::from(self.is_mark(at, &['.']) && self.is_word(self.at, &["fig", "vol", "pp"]));
        while self.digits_at(at).is_some() && !self.has_unit(at) {
            self.at = at + 1;
            at = if self.is_connector(at + 1) { at + 2 } else { at + 1 };
        }
    }

    /// Whether what follows the digits at `at` makes an amount of them.
    fn has_unit(&self, at: usize) -> bool {
        let next = at + 1 + usize::from(self.is_tight(at + 1, &['-']));
        matches!(self.sense_at(next), Sense::Scale(_) | Sense::Percent | Sense::Currency(_))
            || self.is_mark(at + 1, &['%', '€', '£'])
            || self.is_word(at + 1, &["per"])
    }

    /// Whether the digits at `at` are part of a name: decimals right after a capitalised word, as in `CC BY-SA 3.0` and
    /// `Bluetooth 5.0`, unless that word only begins a sentence.
    pub fn is_version(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1).filter(|before| self.is_capital(*before)) else { return false };
        let decimal = self.digits_at(at).is_some_and(|digits| digits.text.contains('.') && digits.suffix.is_empty());
        let begins = before.checked_sub(1).is_none_or(|end| self.is_mark(end, &['.', '?', '!', ':', '“', '"']));
        decimal && !begins && !self.has_unit(at)
    }

    /// Notes a figure said by the tokens `from..to`.
    pub fn push(&mut self, value: Value, from: usize, to: usize) {
        if let Some(range) = self.range(from, to) {
            self.found.push(Figure { value, range });
        }
        self.at = self.at.max(to);
    }

    /// Notes what the tokens `from..to` may say as well.
    pub fn perhaps(&mut self, value: Value, from: usize, to: usize) {
        if let Some(range) = self.range(from, to) {
            self.also.push(Figure { value, range });
        }
    }

    fn range(&self, from: usize, to: usize) -> Option<Range<usize>> {
        let (first, last) = (self.tokens.get(from)?, self.tokens.get(to.checked_sub(1)?)?);
        Some(first.range.start..last.range.end)
    }

    pub fn digits_at(&self, at: usize) -> Option<&Digits<'t>> {
        match self.tokens.get(at).map(|token| &token.kind) {
            Some(Kind::Digits(digits)) => Some(digits),
            _ => None,
        }
    }

    pub fn word_at(&self, at: usize) -> Option<&'t str> {
        match self.tokens.get(at).map(|token| &token.kind) {
            Some(Kind::Word(word)) => Some(word),
            _ => None,
        }
    }

    pub fn is_word(&self, at: usize, words: &[&str]) -> bool {
        self.word_at(at).is_some_and(|word| words.iter().any(|known| word.eq_ignore_ascii_case(known)))
    }

    pub fn is_mark(&self, at: usize, marks: &[char]) -> bool {
        matches!(self.tokens.get(at).map(|token| &token.kind), Some(Kind::Mark(mark)) if marks.contains(mark))
    }

    /// A mark with no space on either side.
    pub fn is_tight(&self, at: usize, marks: &[char]) -> bool {
        let tight = |at: usize| self.tokens.get(at).is_some_and(|token| !token.spaced);
        self.is_mark(at, marks) && tight(at) && tight(at + 1)
    }

    pub fn sense_at(&self, at: usize) -> Sense {
        self.word_at(at).map_or(Sense::None, sense)
    }

    pub fn is_capital(&self, at: usize) -> bool {
        self.word_at(at).is_some_and(|word| word.starts_with(char::is_uppercase))
    }

    /// What joins two figures that share what follows: `21 and 31 October`.
    pub fn is_connector(&self, at: usize) -> bool {
        self.is_word(at, &["and", "or", "to", "until", "till", "through"]) || self.is_mark(at, &['–', '-', ',', '&'])
    }
}
