use std::ops::Range;

use super::super::when::{MONTHS, WEEKDAYS};
use super::number::Decimal;
use super::token::{Number, Token, TokenKind, tokens};
use super::{Calendar, Figure, FigureKind};

/// The words for numbers that count, from zero.
const NUMBERS: [&str; 13] =
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/// Words that say a month and not the verb: "in May", not "May it last".
const BEFORE_MONTH: [&str; 20] = [
    "in", "of", "since", "by", "until", "till", "from", "during", "early", "late", "mid", "last", "next", "this",
    "before", "after", "between", "to", "and", "for",
];

/// The most days that one month follows: `1, 2, 3 and 4 May`. Keeps a long list of numbers from being read again and again.
const MOST_DAYS: usize = 8;

/// Finds every figure, date and day of the week, in order.
pub fn figures(text: &str) -> Vec<Figure> {
    let tokens = tokens(text);
    let mut scan = Scan { tokens: &tokens, at: 0, found: Vec::new() };
    while scan.at < tokens.len() {
        scan.step();
    }
    scan.found
}

struct Scan<'a> {
    tokens: &'a [Token<'a>],
    at: usize,
    found: Vec<Figure>,
}

impl<'a> Scan<'a> {
    fn step(&mut self) {
        let Some(token) = self.tokens.get(self.at) else { return };
        let next = self.at + 1;
        match &token.kind {
            TokenKind::Iso(year, month, day) => {
                self.push(
                    self.at..next,
                    FigureKind::Calendar(Calendar { year: Some(*year), month: *month, day: *day }),
                );
            }
            TokenKind::Time(hour, minute) => self.push(self.at..next, FigureKind::Time(*hour, *minute)),
            TokenKind::Number(number) => {
                if !self.days() {
                    self.number(number);
                }
            }
            TokenKind::Word(word) => {
                if !self.month(word) {
                    self.word(word);
                }
            }
            TokenKind::Sign(_) => {}
        }
        self.at = self.at.max(next);
    }

    fn token(&self, at: usize) -> Option<&'a TokenKind<'a>> {
        self.tokens.get(at).map(|token| &token.kind)
    }

    fn word_at(&self, at: usize) -> Option<&'a str> {
        if let Some(TokenKind::Word(word)) = self.token(at) { Some(word) } else { None }
    }

    fn is_sign(&self, at: usize, sign: char) -> bool {
        matches!(self.token(at), Some(TokenKind::Sign(found)) if *found == sign)
    }

    /// Notes what these tokens say, and goes on after them.
    fn push(&mut self, tokens: Range<usize>, kind: FigureKind) {
        let start = self.tokens.get(tokens.start).map_or(0, |token| token.range.start);
        let end =
            tokens.end.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(start, |token| token.range.end);
        let in_words = matches!(self.token(tokens.start), Some(TokenKind::Word(_)));
        self.found.push(Figure {
            range: start..end,
            in_words: in_words && matches!(kind, FigureKind::Number { .. }),
            kind,
        });
        self.at = tokens.end;
    }

    /// A dash, or a word that joins the ends of a range or the items of a list.
    fn joins(&self, at: usize) -> bool {
        match self.token(at) {
            Some(TokenKind::Sign(sign)) => matches!(sign, '-' | '–' | ',' | '/'),
            Some(TokenKind::Word(word)) => matches!(*word, "to" | "and" | "or" | "until"),
            _ => false,
        }
    }

    /// `23 February 2018`, `21–31 October`, `23rd of February`, `21 and 24 May 2018`: days before a month.
    fn days(&mut self) -> bool {
        let mut days = Vec::new();
        let mut at = self.at;
        while let Some(day) = self.day_at(at).filter(|_| days.len() < MOST_DAYS) {
            days.push((at, day));
            at += 1;
            if self.joins(at) && self.day_at(at + 1).is_some() {
                at += 1;
            }
        }
        at += usize::from(self.word_at(at) == Some("of"));
        let Some(month) = self.word_at(at).and_then(month).filter(|_| !days.is_empty()) else { return false };
        let (year, end) = self.year_after(at + 1);
        let last = days.len() - 1;
        for (index, (day_at, day)) in days.into_iter().enumerate() {
            let tokens = if index == last { day_at..end } else { day_at..day_at + 1 };
            self.date(tokens, Calendar { year, month, day: Some(day) });
        }
        true
    }

    /// `February 2018`, `February 23, 2018`, `in February`.
    fn month(&mut self, word: &str) -> bool {
        let Some(month) = month(word) else { return false };
        let next = self.at + 1;
        if let Some(day) = self.day_at(next) {
            let (year, end) = self.year_after(next + 1);
            self.date(self.at..end, Calendar { year, month, day: Some(day) });
            return true;
        }
        let (year, end) = self.year_after(next);
        let before = self.at.checked_sub(1).and_then(|at| self.word_at(at)).map(str::to_lowercase);
        let meant = before.is_some_and(|word| BEFORE_MONTH.contains(&word.as_str()));
        let dash = self.at >= 2 && self.is_sign(self.at - 1, '-') && self.word_at(self.at - 2) == Some("mid");
        if year.is_some() || meant || dash {
            self.date(self.at..end, Calendar { year, month, day: None });
        }
        year.is_some() || meant || dash
    }

    /// Notes a date. One before it that lacks the year, and is joined to it, is of the same year.
    fn date(&mut self, tokens: Range<usize>, date: Calendar) {
        let start = self.tokens.get(tokens.start).map_or(0, |token| token.range.start);
        if let Some(year) = date.year {
            let first = self
                .tokens
                .partition_point(|token| token.range.start < self.found.last().map_or(0, |before| before.range.end));
            let joined = first < tokens.start && (first..tokens.start).all(|at| self.joins(at));
            let before = self.found.last_mut().filter(|before| joined && before.range.end <= start);
            if let Some(Figure { kind: FigureKind::Calendar(before @ Calendar { year: None, .. }), .. }) = before {
                before.year = Some(year);
            }
        }
        self.push(tokens, FigureKind::Calendar(date));
    }

    fn day_at(&self, at: usize) -> Option<i8> {
        let Some(TokenKind::Number(number)) = self.token(at) else { return None };
        let ordinal = matches!(number.suffix, "" | "st" | "nd" | "rd" | "th");
        let day = number.text.parse().ok().filter(|day| (1..=31).contains(day));
        day.filter(|_| ordinal && number.plain)
    }

    /// A year at this place, after a comma if need be, and the place after it.
    fn year_after(&self, at: usize) -> (Option<i16>, usize) {
        let comma = usize::from(self.is_sign(at, ','));
        match self.token(at + comma) {
            Some(TokenKind::Number(number)) => match year(number) {
                Some(year) => (Some(year), at + comma + 1),
                None => (None, at),
            },
            _ => (None, at),
        }
    }

    fn number(&mut self, number: &Number<'_>) {
        let start = self.at;
        let symbol = start.checked_sub(1).and_then(|before| self.token(before)).and_then(currency_sign);
        if number.text.matches('.').count() > 1 {
            return self.push(start..start + 1, FigureKind::Verbatim(number.text.to_owned()));
        }
        if let (Some(year), None) = (year(number), symbol) {
            return self.year(year);
        }
        if let Some(decade) = decade(number) {
            return self.push(start..start + 1, FigureKind::Decade(decade));
        }
        let power = match number.suffix {
            "k" | "K" => 3,
            "m" | "M" | "mn" => 6,
            "bn" | "B" | "b" => 9,
            "tn" | "trn" => 12,
            _ => 0,
        };
        let value = Decimal::read(&number.text.replace([',', ' ', '\u{a0}', '\u{2009}', '\u{202f}'], "")).shift(power);
        self.quantity(start, value, number.suffix == "%", symbol);
    }

    /// A year, and the second of `2014–18`.
    fn year(&mut self, year: i16) {
        let start = self.at;
        self.push(start..start + 1, FigureKind::Year(year));
        let dash = self.is_sign(start + 1, '–') || self.is_sign(start + 1, '-');
        if let (true, Some(TokenKind::Number(number))) = (dash, self.token(start + 2)) {
            let close =
                self.tokens.get(start + 1..start + 3).is_some_and(|pair| pair.iter().all(|token| !token.spaced));
            let short = number.plain && number.suffix.is_empty() && number.text.len() == 2;
            if let (true, Ok(end)) = (close && short, number.text.parse::<i16>()) {
                self.push(start + 2..start + 3, FigureKind::Year(year - year % 100 + end));
            }
        }
    }

    fn word(&mut self, word: &str) {
        let start = self.at;
        if let Some(day) = WEEKDAYS.iter().position(|day| word == *day || word.strip_suffix('s') == Some(day)) {
            return self.push(start..start + 1, FigureKind::Weekday(u8::try_from(day).unwrap_or_default()));
        }
        let lower = word.to_lowercase();
        if let Some(value) = NUMBERS.iter().position(|number| *number == lower) {
            self.quantity(start, Decimal::from(u32::try_from(value).unwrap_or_default()), false, None);
        }
    }

    /// A number with what follows it: millions, per cent, a currency. What ends a range says what its start means too.
    fn quantity(&mut self, start: usize, value: Decimal, percent: bool, symbol: Option<&'static str>) {
        let mut end = start + 1;
        let mut value = value;
        let mut power = 0;
        while let Some(more) = self.word_at(end).and_then(multiplier) {
            power += more;
            end += 1;
        }
        value = value.shift(power);
        let mut percent = percent;
        match (self.word_at(end), self.word_at(end + 1)) {
            (Some("per"), Some("cent")) | (Some("percentage"), Some("points" | "point")) => {
                (percent, end) = (true, end + 2);
            }
            (word, _) if word == Some("percent") || self.is_sign(end, '%') => (percent, end) = (true, end + 1),
            _ => {}
        }
        let mut currency = symbol;
        if currency.is_none() {
            let skip = usize::from(matches!(self.word_at(end), Some("US" | "Hong")));
            if let Some(word) = self.word_at(end + skip).and_then(currency_word) {
                (currency, end) = (Some(word), end + skip + 1);
            }
        }
        self.inherit(start, power, percent, currency);
        self.push(start..end, FigureKind::Number { value, percent, currency });
    }

    /// Gives the start of a range what only its end says: `10 to 15 per cent`, `5–10 million`.
    fn inherit(&mut self, start: usize, power: i32, now_percent: bool, now_currency: Option<&'static str>) {
        let symbol = usize::from(start > 0 && self.token(start - 1).and_then(currency_sign).is_some());
        let Some(join) = start.checked_sub(1 + symbol).filter(|join| self.joins(*join)) else { return };
        let between = join >= 2 && self.word_at(join - 2).is_some_and(|word| word.eq_ignore_ascii_case("between"));
        let is_range =
            between || !matches!(self.token(join), Some(TokenKind::Word("and" | "or") | TokenKind::Sign(',')));
        let Some(word) = join.checked_sub(1).and_then(|before| self.tokens.get(before)) else { return };
        let before = self.found.last_mut().filter(|before| before.range == word.range);
        if let Some(FigureKind::Number { value, percent, currency }) = before.map(|before| &mut before.kind) {
            *percent |= now_percent;
            *currency = currency.or(now_currency);
            if is_range {
                *value = value.shift(power);
            }
        }
    }
}

fn month(word: &str) -> Option<i8> {
    let short = |month: &str| month.get(..3) == Some(word) || (word == "Sept" && month == "September");
    let found = MONTHS.iter().position(|month| *month == word || short(month));
    i8::try_from(found? + 1).ok()
}

fn year(number: &Number<'_>) -> Option<i16> {
    let year = number.text.parse().ok().filter(|year| (1700..=2099).contains(year));
    year.filter(|_| number.plain && number.suffix.is_empty())
}

fn decade(number: &Number<'_>) -> Option<i16> {
    let decade = number.text.parse::<i16>().ok().filter(|year| (1700..=2099).contains(year) && year % 10 == 0);
    decade.filter(|_| number.plain && number.suffix == "s")
}

fn multiplier(word: &str) -> Option<i32> {
    match word {
        "hundred" => Some(2),
        "thousand" => Some(3),
        "million" | "m" | "mn" => Some(6),
        "billion" | "bn" => Some(9),
        "trillion" | "tn" => Some(12),
        _ => None,
    }
}

fn currency_sign(token: &TokenKind<'_>) -> Option<&'static str> {
    match token {
        TokenKind::Sign('$') => Some("dollar"),
        TokenKind::Sign('€') => Some("euro"),
        TokenKind::Sign('£') => Some("pound"),
        TokenKind::Sign('¥') => Some("yuan"),
        TokenKind::Word(word) => match *word {
            "USD" => Some("dollar"),
            "EUR" => Some("euro"),
            "GBP" => Some("pound"),
            "RMB" | "CNY" => Some("yuan"),
            _ => None,
        },
        _ => None,
    }
}

fn currency_word(word: &str) -> Option<&'static str> {
    match word {
        "dollars" | "dollar" | "USD" => Some("dollar"),
        "euros" | "euro" | "EUR" => Some("euro"),
        "yuan" | "renminbi" | "RMB" | "CNY" => Some("yuan"),
        "GBP" => Some("pound"),
        _ => None,
    }
}
