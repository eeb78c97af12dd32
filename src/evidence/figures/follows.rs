//! Figures that no claim prints and that follow from those that it does: rounded, in another unit, by arithmetic, or counted.

use jiff::civil::Date;

use super::words::{ABOUT, ABOVE, APART, BELOW, SUMS, TIMES, ends_with_phrase};
use super::{Calendar, Figure, Masks, SupportedFigures, Value, Verdict, figures};
use crate::evidence::reading::unit;

/// What a figure is held against besides what is carried for it.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The text that says it.
    pub text: &'a str,
    /// All figures of this text.
    pub said: &'a [Figure],
    /// The statements and notes of the claims.
    pub claims: &'a [&'a str],
    /// Of what the prose may have counted there are so many: citations, sources, items.
    pub counts: &'a [usize],
    /// The names in which digits are no figures.
    pub masks: &'a Masks,
}

/// How a text qualifies a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Near {
    Exact,
    About,
    Above,
    Below,
}

/// What is measured: sizes are compared within one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scale {
    Count,
    Share,
    Money(&'static str),
}

#[derive(Clone, Copy, Debug)]
struct Amount {
    scale: Scale,
    size: f64,
    /// How many digits say it, without zeros at the ends.
    digits: usize,
}

/// More figures than these are no sum that somebody works out.
const MOST: usize = 8;

impl SupportedFigures {
    /// Whether a figure that it does not have follows from what it has.
    pub fn implies(&self, figure: &Figure, context: &Context<'_>) -> bool {
        let words = Around::of(context.text, figure);
        if let Value::Ordinal(number) = figure.value {
            return words.next() == "century"
                && self.years().any(|year| (i64::from(year) + 99) / 100 == i64::from(number));
        }
        let Some(asked) = Amount::of(&figure.value) else { return false };
        let own: Vec<Amount> = self.values().filter_map(Amount::of).collect();
        own.iter().any(|own| own.rounds_to(&asked, words.near(), words.is_scaled()))
            || self.is_hour(&asked)
            || is_converted(&asked, &words, context)
            || is_interval(&asked, &words, context)
            || self.is_span(&asked, &words, context)
            || self.is_worked_out(&asked, &words, own, context)
            || self.is_counted(&asked, figure, context)
    }

    fn years(&self) -> impl Iterator<Item = i16> {
        self.values().filter_map(|value| match value {
            Value::Date(date) => date.year,
            _ => None,
        })
    }

    /// "At six" for 18:00.
    fn is_hour(&self, asked: &Amount) -> bool {
        let is = |value: &Value| match value {
            Value::Time(minutes) => {
                let hour = f64::from(minutes / 60 % 12);
                asked.size <= 12.0
                    && (same(asked.size % 12.0, hour) || (minutes % 60 > 30 && same(hour + 1.0, asked.size)))
            }
            _ => false,
        };
        asked.scale == Scale::Count && self.values().any(is)
    }

    /// "Three years later" between dates of the claims and of the text.
    fn is_span(&self, asked: &Amount, words: &Around<'_>, context: &Context<'_>) -> bool {
        let said = context.said.iter().map(|figure| &figure.value);
        let known = said.filter(|value| self.verdict(value, context.said) == Verdict::Supported).chain(self.values());
        let dates: Vec<Calendar> = known
            .filter_map(|value| match value {
                Value::Date(date) => Some(*date),
                _ => None,
            })
            .take(2 * MOST)
            .collect();
        let unit = words.next();
        asked.scale == Scale::Count
            && dates.iter().any(|one| dates.iter().any(|other| is_between(asked.size, unit, one, other)))
    }

    fn is_worked_out(&self, asked: &Amount, words: &Around<'_>, own: Vec<Amount>, context: &Context<'_>) -> bool {
        let said = context.said.iter().map(|figure| &figure.value);
        let said = said.filter(|value| self.verdict(value, context.said) == Verdict::Supported);
        let mut known: Vec<Amount> = Vec::new();
        for amount in own.into_iter().chain(said.filter_map(Amount::of)) {
            if !known.iter().any(|known| known.scale == amount.scale && same(known.size, amount.size)) {
                known.push(amount);
            }
        }
        if known.len() > MOST {
            return false;
        }
        let is = |size: f64| same(size, asked.size);
        let has_word = |list: &[&str]| words.has(list);
        let pairs = || {
            known
                .iter()
                .flat_map(|one| known.iter().map(move |other| (one, other)))
                .filter(|(one, other)| one.scale == other.scale && one.size > other.size && other.size > 0.0)
        };
        // "Points" are a difference of shares.
        let points = asked.scale == Scale::Count && words.is_before(&["point", "points", "percentage"]);
        let scale = if points { Scale::Share } else { asked.scale };
        if has_word(APART) {
            let mut whole = known.iter().filter(|own| own.scale == Scale::Share && scale == Scale::Share);
            let differs = pairs().any(|(one, other)| one.scale == scale && is(one.size - other.size));
            if differs || whole.any(|own| is(100.0 - own.size)) {
                return true;
            }
        }
        if has_word(SUMS) {
            let mut alike = known.iter().filter(|own| own.scale == scale);
            if pairs().any(|(one, other)| one.scale == scale && is(one.size + other.size))
                || (known.len() > 2 && is(alike.by_ref().map(|own| own.size).sum()))
            {
                return true;
            }
        }
        if words.is_multiplier() {
            return pairs()
                .any(|(one, other)| Amount { size: one.size / other.size, ..*one }.is_about(asked.size, 0.1));
        }
        // A share of what the claims count, and what it changed by.
        let shares = asked.scale == Scale::Share && !known.iter().any(|own| own.scale == Scale::Share);
        let near = words.near();
        shares
            && pairs().any(|(one, other)| {
                let part = other.size / one.size * 100.0;
                let change = [(one.size / other.size - 1.0) * 100.0, 100.0 - part];
                let fits = |size: f64| Amount { scale: Scale::Share, size, digits: 9 }.rounds_to(asked, near, true);
                fits(part) || (has_word(APART) && change.into_iter().any(fits))
            })
    }

    /// A count in words of what is listed, where no claim counts it.
    fn is_counted(&self, asked: &Amount, figure: &Figure, context: &Context<'_>) -> bool {
        let is_small =
            |value: &Value| Amount::of(value).is_some_and(|own| own.scale == Scale::Count && own.size < 100.0);
        let count = (2..=12).find(|count| same(f64::from(*count), asked.size));
        let Some(count) = count.filter(|_| figure.is_counted_in_words(context.text)) else { return false };
        let count = usize::try_from(count).unwrap_or_default();
        context.counts.contains(&count)
            || (!self.values().any(is_small)
                && context.claims.iter().chain([&context.text]).any(|text| lists(text).contains(&count)))
    }
}

impl Amount {
    /// The digits of a third, and of other parts that no digits say exactly.
    const ENDLESS: usize = 9;

    fn of(value: &Value) -> Option<Self> {
        let (scale, size, text) = match value {
            Value::Number(number) => (Scale::Count, number.size(), number.to_string()),
            Value::Percent(number) => (Scale::Share, number.size(), number.to_string()),
            Value::Money(number, code) => (Scale::Money(code), number.size(), number.to_string()),
            Value::Fraction(part, whole) => {
                let size = 100.0 * f64::from(*part) / f64::from(*whole);
                return Some(Self {
                    scale: Scale::Share,
                    size,
                    digits: if size.fract() == 0.0 { 2 } else { Self::ENDLESS },
                });
            }
            _ => return None,
        };
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        Some(Self { scale, size, digits: digits.trim_matches('0').len() })
    }

    fn is_about(&self, size: f64, part: f64) -> bool {
        (self.size - size).abs() <= part * size.abs()
    }

    /// Whether a text that says `asked` may mean this: rounded to fewer digits, if it says so, or in millions.
    fn rounds_to(&self, asked: &Self, near: Near, is_scaled: bool) -> bool {
        if self.scale != asked.scale || self.size <= 0.0 || asked.size <= 0.0 {
            return false;
        }
        if self.scale == Scale::Share {
            // A third is 33 per cent, and 31 are nearly a third.
            let above = self.size - asked.size;
            let is_coarser = self.digits >= asked.digits || asked.digits == Self::ENDLESS;
            return match near {
                Near::Exact => self.digits != asked.digits && above.abs() < 0.5,
                Near::About => above.abs() <= 3.0 && is_coarser,
                Near::Above => (0.0..=10.0).contains(&above) && is_coarser,
                Near::Below => (-10.0..=0.0).contains(&above) && is_coarser,
            };
        }
        if asked.digits >= self.digits || (near == Near::Exact && !(is_scaled && asked.digits > 1)) {
            return false;
        }
        let place = self.size.log10().floor() as i32 - asked.digits as i32 + 1;
        let unit = 10_f64.powi(place);
        let rounded = match near {
            Near::Above => (self.size / unit).floor(),
            Near::Below => (self.size / unit).ceil(),
            Near::About | Near::Exact => (self.size / unit).round(),
        };
        (rounded * unit - asked.size).abs() < unit / 1e3
    }
}

/// The words around a figure, in lower case.
struct Around<'a> {
    before: String,
    figure: &'a str,
    after: Vec<String>,
    all: &'a str,
}

impl<'a> Around<'a> {
    fn of(text: &'a str, figure: &Figure) -> Self {
        let head = text.get(..figure.range.start).unwrap_or_default();
        let start = head.char_indices().rev().nth(40).map_or(0, |(at, _)| at);
        let before = head.get(start..).unwrap_or_default().trim_end_matches([' ', '$', '€', '£', '¥']).to_lowercase();
        let tail = text.get(figure.range.end..).unwrap_or_default();
        let after = tail.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(4);
        Self {
            before,
            figure: text.get(figure.range.clone()).unwrap_or_default(),
            after: after.map(str::to_lowercase).collect(),
            all: text,
        }
    }

    /// The word after it.
    fn next(&self) -> &str {
        self.after.first().map(String::as_str).unwrap_or_default()
    }

    fn is_before(&self, words: &[&str]) -> bool {
        words.contains(&self.next())
    }

    fn near(&self) -> Near {
        let before =
            self.before.strip_suffix(" a").or_else(|| self.before.strip_suffix(" the")).unwrap_or(&self.before);
        // "Not quite a third", "just over".
        let ends = |phrases: &[&str]| ends_with_phrase(before, phrases);
        if ends(BELOW) {
            Near::Below
        } else if ends(ABOVE) {
            Near::Above
        } else if ends(ABOUT) || (self.next() == "or" && self.after.get(1).is_some_and(|next| next == "so")) {
            Near::About
        } else {
            Near::Exact
        }
    }

    /// Whether it is written in millions or the like, which rounds.
    fn is_scaled(&self) -> bool {
        let figure = self.figure.to_lowercase();
        ["million", "billion", "trillion", "bn"].iter().any(|scale| figure.contains(scale))
    }

    fn is_multiplier(&self) -> bool {
        let figure = self.figure.to_lowercase();
        TIMES.contains(&figure.as_str()) || figure.ends_with("fold") || self.is_before(&["times", "fold"])
    }

    fn has(&self, words: &[&str]) -> bool {
        self.all
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| words.iter().any(|own| word.eq_ignore_ascii_case(own)))
    }
}

/// Whether some claim has the same in another unit: two weeks for 14 days.
fn is_converted(asked: &Amount, words: &Around<'_>, context: &Context<'_>) -> bool {
    let Some(ours) = unit(words.next()).filter(|_| asked.scale == Scale::Count) else { return false };
    let size = asked.size * ours.size;
    let tolerance = if words.near() == Near::Exact { 0.03 } else { 0.1 };
    let is_same = |theirs: crate::evidence::reading::Unit, times: f64| {
        let other = theirs.size * times;
        theirs.kind == ours.kind && !same(theirs.size, ours.size) && (other - size).abs() <= tolerance * size
    };
    context.claims.iter().any(|claim| {
        let counted = figures(claim, context.masks).into_iter().filter_map(|figure| {
            let amount = Amount::of(&figure.value).filter(|amount| amount.scale == Scale::Count)?;
            Some((unit(Around::of(claim, &figure).next())?, amount.size))
        });
        // "A year", "half an hour", "per day".
        let claim = claim.to_lowercase();
        let mut words = claim.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let (mut before, mut last) = ("", words.next().unwrap_or_default());
        let mut single = Vec::new();
        for word in words {
            if let Some(unit) = unit(word).filter(|_| matches!(last, "a" | "an" | "one" | "per" | "each" | "every")) {
                single.push((unit, if before == "half" { 0.5 } else { 1.0 }));
            }
            (before, last) = (last, word);
        }
        counted.chain(single).any(|(unit, times)| is_same(unit, times))
    })
}

/// "Three times an hour" for every 20 minutes.
fn is_interval(asked: &Amount, words: &Around<'_>, context: &Context<'_>) -> bool {
    let (Some(times), Some(every), Some(whole)) = (words.after.first(), words.after.get(1), words.after.get(2)) else {
        return false;
    };
    let is_rate = times == "times" && matches!(every.as_str(), "a" | "an" | "per" | "every" | "each");
    let Some(whole) = unit(whole).filter(|_| is_rate) else { return false };
    context.claims.iter().any(|claim| {
        figures(claim, context.masks).into_iter().any(|figure| {
            let around = Around::of(claim, &figure);
            let amount = Amount::of(&figure.value).filter(|_| around.before.ends_with("every"));
            amount.zip(unit(around.next())).is_some_and(|(amount, part)| {
                part.kind == whole.kind && same(amount.size * part.size * asked.size, whole.size)
            })
        })
    })
}

fn same(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-9
}

/// Whether two dates are so many years, months, weeks or days apart.
fn is_between(count: f64, unit: &str, one: &Calendar, other: &Calendar) -> bool {
    let (Some(first), Some(second)) = (one.year, other.year) else { return false };
    let years = f64::from((first - second).abs());
    let months = one.month.zip(other.month).map(|(one, other)| {
        (f64::from(first) - f64::from(second)).mul_add(12.0, f64::from(one) - f64::from(other)).abs()
    });
    let days = one.date().zip(other.date()).and_then(|(one, other)| days_between(one, other));
    match unit {
        "year" | "years" => same(years, count) && years > 0.0,
        "month" | "months" => months.is_some_and(|months| (months - count).abs() < 1.0 && months > 0.0),
        "week" | "weeks" => days.is_some_and(|days| same((days / 7.0).round(), count) && days > 3.0),
        "day" | "days" => days.is_some_and(|days| days > 0.0 && (same(days, count) || same(days + 1.0, count))),
        _ => false,
    }
}

fn days_between(one: Date, other: Date) -> Option<f64> {
    one.until(other).ok().map(|span| f64::from(span.get_days()).abs())
}

/// How many items each list of a text has: "A, B and C".
pub fn lists(text: &str) -> Vec<usize> {
    const JOINED: [&str; 4] = [" and ", " or ", " & ", ";"];
    let mut sizes = Vec::new();
    for stretch in text.split(['.', ':', '(', ')', '—', '?', '!']) {
        for joint in JOINED {
            let Some((before, _)) = stretch.split_once(joint) else { continue };
            let pieces: Vec<&str> = before.split(',').map(str::trim).filter(|piece| !piece.is_empty()).collect();
            let short = pieces.iter().rev().take_while(|piece| piece.split_whitespace().count() <= 4).count();
            sizes.push((short + 1).min(pieces.len()).max(1) + 1);
            sizes.push(short + 1);
        }
    }
    sizes
}
