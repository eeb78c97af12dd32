//! Numbers, money, percentages, fractions, ordinals, times of day.

use super::lex::{Digits, Kind};
use super::read::Reader;
use super::words::{Sense, currency_sign, dollar_of, suffix_scale, vulgar};
use super::{Decimal, Figure, Part, Value};

impl Reader<'_> {
    /// Whatever starts with digits at the cursor.
    pub(super) fn digits(&mut self) {
        if self.time() || self.date() || self.slashed_fraction() || self.is_version(self.at) {
            return;
        }
        let from = self.at;
        let Some(digits) = self.digits_at(from) else { return };
        let suffix = digits.suffix;
        let number = Decimal::new(&digits.text, suffix_scale(suffix));
        if matches!(suffix, "st" | "nd" | "rd" | "th") {
            return number.whole().into_iter().for_each(|number| self.push(Value::Ordinal(number), from, from + 1));
        }
        if self.is_numbered(from) {
            return number.whole().into_iter().for_each(|number| self.push(Value::Ordinal(number), from, from + 1));
        }
        let (text, plain) = (digits.text.clone(), digits.whole().filter(|_| suffix.is_empty()));
        if plain.is_some_and(|part| self.part_of_whole(part, from, from + 1)) {
            return;
        }
        self.amount(&text, suffix_scale(suffix), from, from + 1);
    }

    /// `1 in 4`, `two out of three`: whether the number that the tokens `from..to` say is such a part, and was noted. "3 in
    /// 10 days" is none.
    fn part_of_whole(&mut self, part: u32, from: usize, to: usize) -> bool {
        let joined = if self.is_word(to, &["in"]) {
            to + 1
        } else if self.is_word(to, &["out"]) && self.is_word(to + 1, &["of"]) {
            to + 2
        } else {
            return false;
        };
        let whole = match self.sense_at(joined) {
            Sense::Unit(whole) | Sense::Tens(whole) => Some(whole),
            _ => self.digits_at(joined).filter(|digits| digits.suffix.is_empty()).and_then(Digits::whole),
        };
        let next = joined + 1;
        let spans = [
            "second", "minute", "hour", "day", "week", "month", "year", "decade", "seconds", "minutes", "hours",
            "days", "weeks", "months", "years", "decades",
        ];
        let goes_on =
            matches!(self.sense_at(next), Sense::Scale(_) | Sense::Month(_) | Sense::ShortMonth(_) | Sense::Percent);
        let Some(whole) = whole.filter(|whole| part > 0 && part < *whole && *whole < 1000) else { return false };
        if goes_on || self.is_word(next, &spans) || self.is_mark(next, &['%', '-']) {
            return false;
        }
        self.perhaps(Value::Number(Decimal::from(part)), from, to);
        self.perhaps(Value::Number(Decimal::from(whole)), joined, next);
        self.push(Value::Fraction(part, whole), from, next);
        true
    }

    /// A number whose digits are known, said by the tokens from `from` up to `to`, with the scale and unit that follow.
    fn amount(&mut self, digits: &str, scale: usize, from: usize, mut to: usize) {
        let mut scale = scale;
        let next = to + usize::from(self.is_tight(to, &['-']));
        if let Sense::Scale(power) = self.sense_at(next) {
            scale += power;
            to = next + 1;
        }
        let number = Decimal::new(digits, scale);
        self.share(from, scale, None);
        let (number, from) = if self.is_negative(from) { (number.negative(), from - 1) } else { (number, from) };
        let next = to + usize::from(self.is_tight(to, &['-']));
        if self.is_mark(to, &['%']) {
            return self.percent(number, from, to + 1);
        }
        if self.is_word(to, &["per"]) && self.is_word(to + 1, &["cent"]) {
            return self.percent(number, from, to + 2);
        }
        if self.sense_at(next) == Sense::Percent {
            let points = usize::from(self.is_word(next + 1, &["point", "points"]));
            return self.percent(number, from, next + 1 + points);
        }
        let sign = self.mark_at(to).and_then(currency_sign);
        let us = usize::from(self.is_word(to, &["US", "American"]));
        match (sign, self.sense_at(next + us)) {
            (Some(code), _) => self.amount_of(number, code, from, to + 1),
            (None, Sense::Currency(code)) => self.amount_of(number, code, from, next + us + 1),
            _ => {
                let code = self.range_before(from).and_then(|first| match first.value {
                    Value::Money(_, code) => Some(code),
                    _ => None,
                });
                self.push(code.map_or(Value::Number(number.clone()), |code| Value::Money(number, code)), from, to);
            }
        }
    }

    fn percent(&mut self, number: Decimal, from: usize, to: usize) {
        self.share(from, 0, Some(&|number| Value::Percent(number)));
        self.push(Value::Percent(number), from, to);
    }

    fn amount_of(&mut self, number: Decimal, code: &'static str, from: usize, to: usize) {
        self.share(from, 0, Some(&move |number| Value::Money(number, code)));
        self.push(Value::Money(number, code), from, to);
    }

    /// The start of a range whose end stands at `from`: the `10` of `10 to 15 per cent`, `between 5 and 10 million`.
    fn range_before(&mut self, from: usize) -> Option<&mut Figure> {
        let joins = from.checked_sub(1)?;
        let between = |at: usize| at.checked_sub(2).is_some_and(|at| self.is_word(at, &["between"]));
        let ranges = self.is_word(joins, &["to"])
            || self.is_mark(joins, &['–', '-'])
            || (self.is_word(joins, &["and"]) && between(joins));
        let last = joins.checked_sub(1)?;
        let bare = self.digits_at(last).is_some_and(|digits| digits.suffix.is_empty())
            || matches!(self.sense_at(last), Sense::Unit(_) | Sense::Tens(_));
        let end = self.tokens.get(last).filter(|_| bare)?.range.end;
        self.found.last_mut().filter(|first| ranges && first.range.end == end)
    }

    /// Gives the start of a range what only its end says.
    fn share(&mut self, from: usize, scale: usize, unit: Option<&dyn Fn(Decimal) -> Value>) {
        let Some(first) = self.range_before(from) else { return };
        match (&mut first.value, unit) {
            (Value::Number(number) | Value::Money(number, _), None) => *number = number.times(scale),
            (Value::Number(number), Some(unit)) => first.value = unit(number.clone()),
            _ => {}
        }
    }

    /// An amount with its currency before it, from the token `from`; the digits stand at `at`.
    fn money(&mut self, code: &'static str, from: usize, at: usize) {
        let Some(digits) = self.digits_at(at) else { return };
        let (text, mut scale, mut to) = (digits.text.clone(), suffix_scale(digits.suffix), at + 1);
        let next = to + usize::from(self.is_tight(to, &['-']));
        if let Sense::Scale(power) = self.sense_at(next) {
            scale += power;
            to = next + 1;
        }
        self.push(Value::Money(Decimal::new(&text, scale), code), from, to);
    }

    /// `USD 100`, `RMB100 million`.
    pub(super) fn code_before_amount(&mut self, code: &'static str) {
        let is_code = self.word_at(self.at).is_some_and(|word| word.len() == 3 && word.chars().all(char::is_uppercase));
        if is_code {
            self.money(code, self.at, self.at + 1);
        }
    }

    pub(super) fn mark(&mut self, mark: char) {
        if let Some(code) = currency_sign(mark) {
            let before = self.at.checked_sub(1).filter(|_| self.tokens.get(self.at).is_some_and(|token| !token.spaced));
            let dollar = before.and_then(|before| dollar_of(self.word_at(before)?)).filter(|_| mark == '$');
            let from = if dollar.is_some() { self.at - 1 } else { self.at };
            self.money(dollar.unwrap_or(code), from, self.at + 1);
        } else if let Some((part, whole)) = vulgar(mark) {
            self.push(Value::Fraction(part, whole), self.at, self.at + 1);
        }
    }

    /// `06:20`, `6.20 pm`, `6 p.m.`
    fn time(&mut self) -> bool {
        let at = self.at;
        let Some(digits) = self.digits_at(at) else { return false };
        let dotted = digits.text.split_once('.').filter(|(_, minutes)| minutes.len() == 2);
        let colon = self.digits_at(at + 2).filter(|_| self.is_tight(at + 1, &[':']));
        let (hours, minutes, last) = match (colon, dotted) {
            (Some(minutes), _) if minutes.text.len() == 2 => (digits.text.as_str(), minutes.text.as_str(), at + 2),
            (None, Some((hours, minutes))) => (hours, minutes, at),
            (None, None) => (digits.text.as_str(), "0", at),
            _ => return false,
        };
        let (Ok(hours), Ok(minutes)) = (hours.parse::<u16>(), minutes.parse::<u16>()) else { return false };
        let suffix = self.digits_at(last).map_or("", |digits| digits.suffix);
        let (afternoon, to) = match suffix {
            "am" | "pm" => (Some(suffix == "pm"), last + 1),
            _ => self.half_of_day(last + 1),
        };
        if hours >= 24
            || minutes >= 60
            || (afternoon.is_some() && hours > 12)
            || (colon.is_none() && afternoon.is_none())
        {
            return false;
        }
        let hours = match afternoon {
            Some(true) => hours % 12 + 12,
            Some(false) => hours % 12,
            None => hours,
        };
        self.push(Value::Time(hours * 60 + minutes), at, to);
        true
    }

    /// Whether `am` or `pm` stands at `at`, and where it ends.
    fn half_of_day(&self, at: usize) -> (Option<bool>, usize) {
        for (word, letter, afternoon) in [("am", "a", false), ("pm", "p", true)] {
            if self.is_word(at, &[word]) {
                return (Some(afternoon), at + 1);
            }
            if self.is_word(at, &[letter]) && self.is_mark(at + 1, &['.']) && self.is_word(at + 2, &["m"]) {
                return (Some(afternoon), at + 3 + usize::from(self.is_mark(at + 3, &['.'])));
            }
        }
        (None, at)
    }

    /// `3/4`; `24/7` is none, nor a figure.
    fn slashed_fraction(&mut self) -> bool {
        let whole = |at: usize| self.digits_at(at).filter(|digits| digits.suffix.is_empty()).and_then(Digits::whole);
        let (Some(part), Some(all)) = (whole(self.at), whole(self.at + 2)) else { return false };
        if !self.is_tight(self.at + 1, &['/']) || (part >= all && (part, all) != (24, 7)) {
            return false;
        }
        let from = self.at;
        if part < all {
            self.push(Value::Fraction(part, all), from, from + 3);
        }
        self.at = from + 3;
        true
    }

    /// Whether a minus sign belongs to the number at `at`.
    fn is_negative(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        let tight = self.tokens.get(at).is_some_and(|token| !token.spaced);
        let free = self.tokens.get(before).is_some_and(|token| token.spaced);
        self.is_mark(before, &['−', '-']) && tight && free
    }

    /// `No. 5`, `number 5`.
    fn is_numbered(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        let dotted = self.is_mark(before, &['.'])
            && before > 0
            && self.is_word(before - 1, &["No"])
            && self.is_capital(before - 1);
        dotted || self.is_mark(before, &['№']) || (self.is_word(before, &["number"]) && !self.is_word(at + 1, &["of"]))
    }

    /// A number in words at the cursor: `nine`, `twenty-one`, `fifteen hundred`, `a million`, `two thirds`.
    pub(super) fn number_words(&mut self) {
        let from = self.at;
        let (mut total, mut current, mut at, mut scaled) = (0u64, None::<u64>, from, false);
        loop {
            match self.sense_at(at) {
                Sense::Unit(unit) if current.is_none_or(|n| n >= 20 && n % 10 == 0 && unit < 10) || scaled => {
                    current = Some(current.unwrap_or(0) + u64::from(unit));
                    scaled = false;
                }
                Sense::Tens(tens) if current.is_none() || scaled => {
                    current = Some(current.unwrap_or(0) + u64::from(tens));
                    scaled = false;
                }
                Sense::Scale(2) if current.is_some() || at == from => {
                    current = Some(current.unwrap_or(1).saturating_mul(100));
                    scaled = true;
                }
                Sense::Scale(power) if current.is_some() || at == from => {
                    let times = 10u64.saturating_pow(u32::try_from(power).unwrap_or(0));
                    total = current.take().unwrap_or(1).saturating_mul(times).saturating_add(total);
                }
                Sense::Dozen if current.is_some() || at == from => {
                    current = Some(current.unwrap_or(1).saturating_mul(12));
                }
                Sense::Ordinal(last @ 1..=9) if current.is_some_and(|n| n % 10 == 0 && n > 0) && at > from => {
                    let number = u32::try_from(total + current.unwrap_or(0)).unwrap_or(0) + last;
                    return self.push(Value::Ordinal(number), from, at + 1);
                }
                _ => break,
            }
            at += 1;
            let joined = self.is_tight(at, &['-']) || (self.is_word(at, &["and"]) && (scaled || total > 0));
            let goes_on =
                |at| matches!(self.sense_at(at), Sense::Unit(_) | Sense::Tens(_) | Sense::Scale(_) | Sense::Ordinal(_));
            if joined && goes_on(at + 1) {
                at += 1;
            }
        }
        let number = total.saturating_add(current.unwrap_or(0));
        if at > from {
            self.counted(number, from, at);
        }
    }

    /// A number in words, unless it only looks like a count.
    fn counted(&mut self, number: u64, from: usize, to: usize) {
        let single = to == from + 1;
        // "One and a half thousand", "two and a half years".
        if self.is_word(to, &["and"]) && self.is_word(to + 1, &["a"]) && self.sense_at(to + 2) == Sense::Half {
            return self.amount(&format!("{number}.5"), 0, from, to + 3);
        }
        if u32::try_from(number).is_ok_and(|part| self.part_of_whole(part, from, to)) {
            return;
        }
        let before = from.checked_sub(1);
        let starts_with_scale = matches!(self.sense_at(from), Sense::Scale(_) | Sense::Dozen);
        if starts_with_scale && self.vague(number, from, to) {
            return;
        }
        if starts_with_scale && !before.is_some_and(|before| self.is_word(before, &["a", "an", "half"])) {
            // "In every thousand".
            return self.perhaps(Value::Number(Decimal::new(&number.to_string(), 0)), from, to);
        }
        let next = to + usize::from(self.is_tight(to, &['-']));
        let unit = match self.sense_at(next) {
            Sense::Parts(parts) => return self.push(Value::Fraction(number.min(99) as u32, parts), from, next + 1),
            Sense::Ordinal(parts @ 3..) if number == 1 => return self.one_part(parts, from, next),
            Sense::Half if number == 1 => return self.one_part(2, from, next),
            Sense::Quarter if number == 1 => return self.one_part(4, from, next),
            Sense::Percent | Sense::Currency(_) => true,
            _ => self.is_word(to, &["per"]) && self.is_word(to + 1, &["cent"]),
        };
        // "One" is a pronoun more often than a number, and "the two" are whoever was named before.
        let pair = before.is_some_and(|before| self.is_word(before, &["the", "these", "those", "its", "their", "our"]));
        if single && !unit && (number == 1 || (number == 2 && pair)) {
            self.perhaps(Value::Number(Decimal::from(number as u32)), from, to);
            self.at = to;
            return;
        }
        if before.is_some_and(|before| self.is_word(before, &["number"])) && single {
            return self.push(Value::Ordinal(number.min(9999) as u32), from, to);
        }
        let halved = from.checked_sub(2).is_some_and(|before| self.is_word(before, &["half"])) && starts_with_scale;
        if halved {
            return self.amount(&format!("{}.{}", number / 2, number % 2 * 5), 0, from - 2, to);
        }
        self.amount(&number.to_string(), 0, from, to);
    }

    fn one_part(&mut self, parts: u32, from: usize, at: usize) {
        self.push(Value::Fraction(1, parts), from, at + 1);
    }

    /// `fifth`, `a fifth of`, `the fourth of July`; `first` and `second` order a text more often than they count.
    pub(super) fn ordinal_word(&mut self, number: u32) {
        let at = self.at;
        let article = at.checked_sub(1).is_some_and(|before| self.is_word(before, &["a", "an"]));
        let enumerates = (at == 0 || self.is_mark(at - 1, &['.', ';', ':'])) && self.is_mark(at + 1, &[',']);
        let part_of_year = matches!(self.sense_at(at + 1), Sense::Half | Sense::Quarter);
        let party =
            number == 3 && self.is_word(at + 1 + usize::from(self.is_mark(at + 1, &['-'])), &["party", "parties"]);
        if number < 3 || enumerates || part_of_year || party {
            return self.perhaps(Value::Ordinal(number), at, at + 1);
        }
        if article {
            let part = Value::Fraction(1, number);
            // "A third of them", "rose by a third".
            if self.is_word(at + 1, &["of"]) || at.checked_sub(2).is_some_and(|by| self.is_word(by, &["by"])) {
                self.push(part, at, at + 1);
            } else {
                self.perhaps(part, at, at + 1);
                self.perhaps(Value::Ordinal(number), at, at + 1);
            }
            return;
        }
        self.push(Value::Ordinal(number), at, at + 1);
    }

    /// `half of`, `a quarter of`, `three quarters`.
    pub(super) fn part_word(&mut self, sense: Sense) {
        let at = self.at;
        let of = self.is_word(at + 1, &["of"]);
        let dated = matches!(self.sense_at(at.wrapping_sub(1)), Sense::Ordinal(_));
        let article = at.checked_sub(1).is_some_and(|before| self.is_word(before, &["a"]));
        // "Cut by half", not "by half past six".
        let by = at.checked_sub(1).is_some_and(|before| self.is_word(before, &["by", "in"]))
            && !self.is_word(at + 1, &["a", "an", "past"]);
        let bare = self
            .found
            .last()
            .is_none_or(|last| self.tokens.get(at).is_none_or(|token| last.range.end < token.range.end));
        let is_by = at.checked_sub(2).is_some_and(|by| self.is_word(by, &["by"]));
        match sense {
            Sense::Half if !dated && bare && (of || by || self.is_word(at + 1, &["the", "its", "their"])) => {
                self.push(Value::Fraction(1, 2), at, at + 1);
            }
            Sense::Quarter if article && (of || is_by) => self.push(Value::Fraction(1, 4), at, at + 1),
            Sense::Half if !dated && bare => self.perhaps(Value::Fraction(1, 2), at, at + 1),
            Sense::Quarter if article => self.perhaps(Value::Fraction(1, 4), at, at + 1),
            _ => {}
        }
    }

    /// The part of a year that a name such as `Q1` says.
    pub(super) fn quarter_at(&self, at: usize) -> Option<Part> {
        let token = self.tokens.get(at).filter(|token| token.kind == Kind::Name)?;
        let name = self.text.get(token.range.clone())?;
        let number = name.get(1..)?.parse::<u8>().ok()?;
        match name.get(..1)? {
            "Q" if (1..=4).contains(&number) => Some(Part::Quarter(number)),
            "H" if (1..=2).contains(&number) => Some(Part::Half(number)),
            _ => None,
        }
    }

    fn mark_at(&self, at: usize) -> Option<char> {
        match self.tokens.get(at).map(|token| &token.kind) {
            Some(Kind::Mark(mark)) => Some(*mark),
            _ => None,
        }
    }
}
