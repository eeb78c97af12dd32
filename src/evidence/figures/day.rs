//! Days, months and years.

use super::lex::Digits;
use super::read::Reader;
use super::words::Sense;
use super::{Calendar, Part, Value};

impl Reader<'_> {
    /// A date that starts with digits at the cursor: `23 February 2018`, `2018-02-23`, `2018`, `2010s`, `23/02/2018`.
    pub(super) fn date(&mut self) -> bool {
        self.iso() || self.day_first() || self.slashed() || self.year()
    }

    /// A year: four bare digits.
    fn year_at(&self, at: usize) -> Option<i16> {
        let digits = self.digits_at(at).filter(|digits| digits.suffix.is_empty() && digits.text.len() == 4)?;
        let year = digits.whole().filter(|year| (1000..3000).contains(year))?;
        i16::try_from(year).ok()
    }

    /// A day of a month: one or two digits, perhaps with `th`.
    fn day_at(&self, at: usize) -> Option<i8> {
        let digits = self.digits_at(at).filter(|digits| digits.text.len() <= 2)?;
        let suffix = matches!(digits.suffix, "" | "st" | "nd" | "rd" | "th");
        let day = digits.whole().filter(|day| suffix && (1..=31).contains(day))?;
        i8::try_from(day).ok()
    }

    /// A month's name; the short forms and the everyday words only as far as `near` digits make them one.
    fn month_at(&self, at: usize, near: bool) -> Option<i8> {
        let month = match self.sense_at(at) {
            Sense::Month(month) => month,
            Sense::ShortMonth(month) if near => month,
            _ => return None,
        };
        self.is_capital(at).then(|| i8::try_from(month).ok()).flatten()
    }

    /// The month and, if given, the year from `at` on, and where they end.
    fn month_and_year(&self, at: usize) -> Option<(i8, Option<i16>, usize)> {
        let at = at + usize::from(self.is_word(at, &["of"]));
        let month = self.month_at(at, true)?;
        let after =
            at + 1 + usize::from(matches!(self.sense_at(at), Sense::ShortMonth(_)) && self.is_mark(at + 1, &['.']));
        let (year, end) = self.year_after(after);
        Some((month, year, if year.is_some() { end } else { after }))
    }

    /// The year at `at`, past a comma or `of`.
    fn year_after(&self, at: usize) -> (Option<i16>, usize) {
        let at = at + usize::from(self.is_mark(at, &[',']) || self.is_word(at, &["of", "in"]));
        let is_iso = self.is_tight(at + 1, &['-']) && self.digits_at(at + 2).is_some();
        (self.year_at(at).filter(|_| !is_iso), at + 1)
    }

    fn iso(&mut self) -> bool {
        let at = self.at;
        let two = |at: usize| self.digits_at(at).filter(|digits| digits.text.len() == 2 && digits.suffix.is_empty());
        let part = |at: usize, most: u32| {
            let part = two(at)?.whole().filter(|part| (1..=most).contains(part))?;
            i8::try_from(part).ok()
        };
        let Some(year) = self.year_at(at).filter(|_| self.is_tight(at + 1, &['-'])) else { return false };
        let Some(month) = part(at + 2, 12) else { return false };
        let day = part(at + 4, 31).filter(|_| self.is_tight(at + 3, &['-']));
        let end = if day.is_some() { at + 5 } else { at + 3 };
        self.push_date(Calendar { year: Some(year), month: Some(month), day, part: None }, at, end);
        true
    }

    /// `23 February 2018`, and each day of `21, 22 and 23 February 2018`.
    fn day_first(&mut self) -> bool {
        let Some(day) = self.day_at(self.at) else { return false };
        let mut at = self.at + 1;
        for _ in 0..8 {
            if let Some((month, year, end)) = self.month_and_year(at) {
                let date = Calendar { year, month: Some(month), day: Some(day), part: None };
                let end = if at == self.at + 1 { end } else { self.at + 1 };
                self.push_date(date, self.at, end);
                return true;
            }
            if !self.is_connector(at) || self.day_at(at + 1).is_none() {
                return false;
            }
            at += 2;
        }
        false
    }

    /// `23/02/2018`, the day first as in Britain, unless it cannot be one.
    fn slashed(&mut self) -> bool {
        let at = self.at;
        if !self.is_tight(at + 1, &['/']) || !self.is_tight(at + 3, &['/']) {
            return false;
        }
        let (Some(first), Some(second), Some(year)) = (self.day_at(at), self.day_at(at + 2), self.year_at(at + 4))
        else {
            return false;
        };
        let (day, month) = if second > 12 { (second, first) } else { (first, second) };
        self.push_date(Calendar { year: Some(year), month: Some(month), day: Some(day), part: None }, at, at + 5);
        true
    }

    /// `2018`, both ends of `2015–16`, `2010s`.
    fn year(&mut self) -> bool {
        let at = self.at;
        if let Some(digits) = self.digits_at(at).filter(|digits| digits.suffix == "s") {
            let year = digits.whole().and_then(|year| i16::try_from(year).ok()).filter(|year| year % 10 == 0);
            self.push(Value::Date(Calendar { year, part: Some(Part::Decade), ..Calendar::default() }), at, at + 1);
            return true;
        }
        let Some(year) = self.year_at(at).filter(|_| !self.is_amount(at)) else { return false };
        self.push_date(Calendar::year(year), at, at + 1);
        let short = self.digits_at(at + 2).filter(|digits| digits.text.len() == 2 && digits.suffix.is_empty());
        if let Some(last) = short.and_then(Digits::whole).and_then(|last| i16::try_from(last).ok())
            && self.is_tight(at + 1, &['–', '-', '/'])
            && last > year % 100
        {
            self.push(Value::Date(Calendar::year(year - year % 100 + last)), at + 2, at + 3);
        }
        true
    }

    /// Whether what follows makes four digits an amount and not a year: `2000 dollars`, `1500 million`.
    fn is_amount(&self, at: usize) -> bool {
        matches!(self.sense_at(at + 1), Sense::Currency(_) | Sense::Percent | Sense::Scale(_))
            || self.is_mark(at + 1, &['%', '€', '£'])
            || at.checked_sub(1).is_some_and(|before| self.is_mark(before, &['$', '€', '£', '¥', '₹']))
    }

    /// A month at the cursor: `February 2018`, `February 27, 2018`, `June and July 2016`, `October`.
    pub(super) fn month(&mut self) {
        let at = self.at;
        let dot = usize::from(matches!(self.sense_at(at), Sense::ShortMonth(_)) && self.is_mark(at + 1, &['.']));
        let day = self.day_at(at + 1 + dot).filter(|_| !self.is_tight(at + 2 + dot, &[':']));
        let (year, end) = self.year_after(at + 1 + dot + usize::from(day.is_some()));
        let end = if year.is_some() { end } else { at + 1 + usize::from(day.is_some()) * (1 + dot) };
        let Some(month) = self.month_at(at, day.is_some() || year.is_some()) else { return };
        let year = year.or_else(|| self.year_of_next(end));
        // "May" and "March" begin sentences that tell of no month.
        let starts = at == 0 || self.is_mark(at - 1, &['.', '?', '!', ':', '“', '"']);
        if starts && matches!(month, 3 | 5) && day.is_none() && year.is_none() {
            return;
        }
        self.push_date(Calendar { year, month: Some(month), day, part: None }, at, end);
    }

    /// The year that a month shares with the one after it: `June and July 2016`.
    fn year_of_next(&self, at: usize) -> Option<i16> {
        let (_, year, _) = self.month_and_year(at + 1).filter(|_| self.is_connector(at))?;
        year
    }

    /// Notes a date, with what before it says which part of it is meant: `late October 2017`, `mid-2016`.
    fn push_date(&mut self, date: Calendar, from: usize, to: usize) {
        let part = if date.day.is_some() { None } else { self.part_before(from) };
        let (date, from) = match part {
            Some((part, from)) => (Calendar { part: Some(part), ..date }, from),
            None => (date, from),
        };
        self.push(Value::Date(date), from, to);
    }

    fn part_before(&self, at: usize) -> Option<(Part, usize)> {
        let before = at.checked_sub(1)?;
        if let Some(part) = self.edge(before) {
            return Some((part, before));
        }
        let further = before.checked_sub(1)?;
        if self.is_mark(before, &['-']) || self.is_word(before, &["in"]) {
            return self.edge(further).map(|part| (part, further));
        }
        if !self.is_word(before, &["of"]) {
            return None;
        }
        if let Some(part) = self.noun_of_edge(further) {
            return Some((part, further));
        }
        let first = further.checked_sub(1)?;
        let Sense::Ordinal(number @ 1..=4) = self.sense_at(first) else { return None };
        match (self.sense_at(further), u8::try_from(number).ok()?) {
            (Sense::Half, half @ 1..=2) => Some((Part::Half(half), first)),
            (Sense::Quarter, quarter) => Some((Part::Quarter(quarter), first)),
            _ => None,
        }
    }

    fn edge(&self, at: usize) -> Option<Part> {
        let words = [("early", Part::Early), ("mid", Part::Middle), ("late", Part::Late)];
        words.into_iter().find(|(word, _)| self.is_word(at, &[word])).map(|(_, part)| part)
    }

    fn noun_of_edge(&self, at: usize) -> Option<Part> {
        if self.is_word(at, &["start", "beginning"]) {
            Some(Part::Early)
        } else if self.is_word(at, &["middle"]) {
            Some(Part::Middle)
        } else {
            self.is_word(at, &["end", "close"]).then_some(Part::Late)
        }
    }

    /// `spring 2018`, `the summer of 2016`; without a year it may be anything.
    pub(super) fn season(&mut self) {
        let Sense::Season(season) = self.sense_at(self.at) else { return };
        if let (Some(year), end) = self.year_after(self.at + 1) {
            let part = Some(Part::Season(season));
            self.push(Value::Date(Calendar { year: Some(year), part, ..Calendar::default() }), self.at, end);
        }
    }

    /// `Q1 2018`, `H2 of 2016`.
    pub(super) fn quarter_name(&mut self) {
        let (Some(year), end) = self.year_after(self.at + 1) else { return };
        let Some(part) = self.quarter_at(self.at) else { return };
        self.push(Value::Date(Calendar { year: Some(year), part: Some(part), ..Calendar::default() }), self.at, end);
    }
}
