//! The words that say numbers, days and units.

/// What a word can say about a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    /// Zero to nineteen.
    Unit(u32),
    /// Twenty to ninety.
    Tens(u32),
    /// A power of ten, from `hundred`.
    Scale(usize),
    Dozen,
    /// Several of what a power of ten says; `dozens` is `Plural(0)`, of twelve.
    Plural(usize),
    /// What multiplies by this: `doubled`, `tenfold`.
    Times(u32),
    /// `halved`.
    Halved,
    /// `first` is 1.
    Ordinal(u32),
    /// The plural of a part: `thirds` is 3.
    Parts(u32),
    Half,
    Quarter,
    /// From January as 1.
    Month(u8),
    /// A month in short, which is one only beside digits.
    ShortMonth(u8),
    /// From Monday as 0.
    Weekday(u8),
    /// From spring as 1, as EDTF counts (ISO 8601-2).
    Season(u8),
    Percent,
    /// Its ISO 4217 code.
    Currency(&'static str),
    /// `line`, `page`, `step`, `version`: the number after it is a name, not a figure.
    Place,
    None,
}

/// What a word, in any case, can say.
pub(super) fn sense(word: &str) -> Sense {
    let mut buffer = [0; 12];
    let Some(lower) = buffer.get_mut(..word.len()) else { return Sense::None };
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    let word = std::str::from_utf8(lower).unwrap_or_default();
    number(word).or_else(|| time(word)).or_else(|| unit(word)).or_else(|| fold(word)).unwrap_or(Sense::None)
}

/// `twofold`, `tenfold`.
fn fold(word: &str) -> Option<Sense> {
    match number(word.strip_suffix("fold")?)? {
        Sense::Unit(times @ 2..) | Sense::Tens(times) => Some(Sense::Times(times)),
        Sense::Scale(power) => Some(Sense::Times(10u32.checked_pow(u32::try_from(power).ok()?)?)),
        _ => None,
    }
}

fn number(word: &str) -> Option<Sense> {
    Some(match word {
        "zero" => Sense::Unit(0),
        "one" => Sense::Unit(1),
        "two" => Sense::Unit(2),
        "three" => Sense::Unit(3),
        "four" => Sense::Unit(4),
        "five" => Sense::Unit(5),
        "six" => Sense::Unit(6),
        "seven" => Sense::Unit(7),
        "eight" => Sense::Unit(8),
        "nine" => Sense::Unit(9),
        "ten" => Sense::Unit(10),
        "eleven" => Sense::Unit(11),
        "twelve" => Sense::Unit(12),
        "thirteen" => Sense::Unit(13),
        "fourteen" => Sense::Unit(14),
        "fifteen" => Sense::Unit(15),
        "sixteen" => Sense::Unit(16),
        "seventeen" => Sense::Unit(17),
        "eighteen" => Sense::Unit(18),
        "nineteen" => Sense::Unit(19),
        "twenty" => Sense::Tens(20),
        "thirty" => Sense::Tens(30),
        "forty" => Sense::Tens(40),
        "fifty" => Sense::Tens(50),
        "sixty" => Sense::Tens(60),
        "seventy" => Sense::Tens(70),
        "eighty" => Sense::Tens(80),
        "ninety" => Sense::Tens(90),
        "hundred" => Sense::Scale(2),
        "thousand" => Sense::Scale(3),
        "million" | "mn" => Sense::Scale(6),
        "billion" | "bn" => Sense::Scale(9),
        "trillion" | "tn" | "trn" => Sense::Scale(12),
        "dozen" => Sense::Dozen,
        "dozens" => Sense::Plural(0),
        "tens" => Sense::Plural(1),
        "hundreds" => Sense::Plural(2),
        "thousands" => Sense::Plural(3),
        "millions" => Sense::Plural(6),
        "billions" => Sense::Plural(9),
        "trillions" => Sense::Plural(12),
        "twice" | "double" | "doubled" | "doubles" | "doubling" => Sense::Times(2),
        "thrice" | "treble" | "trebled" | "trebling" | "tripled" | "tripling" => Sense::Times(3),
        "quadrupled" | "quadrupling" => Sense::Times(4),
        "halved" | "halving" => Sense::Halved,
        "first" => Sense::Ordinal(1),
        "second" => Sense::Ordinal(2),
        "third" => Sense::Ordinal(3),
        "fourth" => Sense::Ordinal(4),
        "fifth" => Sense::Ordinal(5),
        "sixth" => Sense::Ordinal(6),
        "seventh" => Sense::Ordinal(7),
        "eighth" => Sense::Ordinal(8),
        "ninth" => Sense::Ordinal(9),
        "tenth" => Sense::Ordinal(10),
        "eleventh" => Sense::Ordinal(11),
        "twelfth" => Sense::Ordinal(12),
        "twentieth" => Sense::Ordinal(20),
        "thirds" => Sense::Parts(3),
        "quarters" => Sense::Parts(4),
        "fifths" => Sense::Parts(5),
        "sixths" => Sense::Parts(6),
        "sevenths" => Sense::Parts(7),
        "eighths" => Sense::Parts(8),
        "ninths" => Sense::Parts(9),
        "tenths" => Sense::Parts(10),
        "half" => Sense::Half,
        "quarter" => Sense::Quarter,
        _ => return None,
    })
}

fn time(word: &str) -> Option<Sense> {
    Some(match word {
        "january" => Sense::Month(1),
        "february" => Sense::Month(2),
        "march" => Sense::Month(3),
        "april" => Sense::Month(4),
        "may" => Sense::Month(5),
        "june" => Sense::Month(6),
        "july" => Sense::Month(7),
        "august" => Sense::Month(8),
        "september" => Sense::Month(9),
        "october" => Sense::Month(10),
        "november" => Sense::Month(11),
        "december" => Sense::Month(12),
        "jan" => Sense::ShortMonth(1),
        "feb" => Sense::ShortMonth(2),
        "mar" => Sense::ShortMonth(3),
        "apr" => Sense::ShortMonth(4),
        "jun" => Sense::ShortMonth(6),
        "jul" => Sense::ShortMonth(7),
        "aug" => Sense::ShortMonth(8),
        "sep" | "sept" => Sense::ShortMonth(9),
        "oct" => Sense::ShortMonth(10),
        "nov" => Sense::ShortMonth(11),
        "dec" => Sense::ShortMonth(12),
        "monday" | "mondays" => Sense::Weekday(0),
        "tuesday" | "tuesdays" => Sense::Weekday(1),
        "wednesday" | "wednesdays" => Sense::Weekday(2),
        "thursday" | "thursdays" => Sense::Weekday(3),
        "friday" | "fridays" => Sense::Weekday(4),
        "saturday" | "saturdays" => Sense::Weekday(5),
        "sunday" | "sundays" => Sense::Weekday(6),
        "spring" => Sense::Season(1),
        "summer" => Sense::Season(2),
        "autumn" | "fall" => Sense::Season(3),
        "winter" => Sense::Season(4),
        _ => return None,
    })
}

fn unit(word: &str) -> Option<Sense> {
    Some(match word {
        "percent" | "pct" | "percentage" => Sense::Percent,
        "dollar" | "dollars" | "usd" => Sense::Currency("USD"),
        "euro" | "euros" | "eur" => Sense::Currency("EUR"),
        "pound" | "pounds" | "gbp" => Sense::Currency("GBP"),
        "yuan" | "renminbi" | "rmb" | "cny" => Sense::Currency("CNY"),
        "yen" | "jpy" => Sense::Currency("JPY"),
        "rupee" | "rupees" | "inr" => Sense::Currency("INR"),
        "rouble" | "roubles" | "ruble" | "rubles" | "rub" => Sense::Currency("RUB"),
        "krw" => Sense::Currency("KRW"),
        "franc" | "francs" | "chf" => Sense::Currency("CHF"),
        "line" | "lines" | "page" | "pages" | "pp" | "paragraph" | "paragraphs" | "footnote" | "chapter"
        | "chapters" | "part" | "parts" | "section" | "sections" | "step" | "steps" | "version" | "versions"
        | "figure" | "figures" | "fig" | "table" | "tables" | "appendix" | "annex" | "clause" | "volume" | "vol"
        | "exercise" | "example" => Sense::Place,
        _ => return None,
    })
}

/// The ISO 4217 code of a currency's sign.
pub(super) fn currency_sign(sign: char) -> Option<&'static str> {
    Some(match sign {
        '$' => "USD",
        '€' => "EUR",
        '£' => "GBP",
        '¥' | '￥' => "CNY",
        '₹' => "INR",
        '₽' => "RUB",
        '₩' => "KRW",
        _ => return None,
    })
}

/// The ISO 4217 code that letters before a dollar sign make of it.
pub(super) fn dollar_of(letters: &str) -> Option<&'static str> {
    Some(match letters {
        "US" => "USD",
        "A" | "AU" => "AUD",
        "C" | "CA" => "CAD",
        "HK" => "HKD",
        "NT" => "TWD",
        "NZ" => "NZD",
        "R" => "BRL",
        "S" => "SGD",
        _ => return None,
    })
}

/// The fraction that one character says.
pub(super) fn vulgar(mark: char) -> Option<(u32, u32)> {
    Some(match mark {
        '½' => (1, 2),
        '⅓' => (1, 3),
        '⅔' => (2, 3),
        '¼' => (1, 4),
        '¾' => (3, 4),
        '⅕' => (1, 5),
        '⅛' => (1, 8),
        _ => return None,
    })
}

/// What one character after digits adds to them, as decimals: the `½` of `3½`.
pub(super) fn vulgar_decimals(mark: char) -> Option<&'static str> {
    Some(match mark {
        '½' => "5",
        '¼' => "25",
        '¾' => "75",
        '⅕' => "2",
        '⅛' => "125",
        _ => return None,
    })
}

/// Whether letters right after digits leave them a number: `5th`, `2010s`, `100bn`, `15km`. What is more often part of a
/// name (`4K`, `5s`, `3G`) does not.
pub(super) fn is_unit(digits: &str, suffix: &str) -> bool {
    const UNITS: &[&str] = &[
        "st", "nd", "rd", "th", "k", "m", "M", "b", "B", "mn", "bn", "tn", "trn", "am", "pm", "km", "cm", "mm", "nm",
        "kg", "mg", "ml", "h", "min", "ms", "Hz", "kHz", "MHz", "GHz", "W", "kW", "kWh", "mAh", "Ah", "KB", "kB", "MB",
        "GB", "TB", "Mbps", "Gbps", "px", "MP", "in", "ft", "mph", "lb", "lbs", "oz",
    ];
    match suffix {
        "s" => digits.len() == 4 && digits.ends_with('0'),
        "K" => digits.len() > 2,
        _ => UNITS.contains(&suffix),
    }
}

/// The power of ten that letters right after digits multiply them by.
pub(super) fn suffix_scale(suffix: &str) -> usize {
    match suffix {
        "k" | "K" => 3,
        "m" | "M" | "mn" => 6,
        "b" | "B" | "bn" => 9,
        "tn" | "trn" => 12,
        _ => 0,
    }
}

/// What makes a figure a rounded one.
pub(super) const ABOUT: &[&str] =
    &["about", "around", "roughly", "some", "approximately", "circa", "c", "ca", "close to", "near", "nearer"];
/// What makes it less than what is meant.
pub(super) const ABOVE: &[&str] = &[
    "more than",
    "over",
    "at least",
    "above",
    "upwards of",
    "exceeding",
    "exceeds",
    "exceeded",
    "no fewer than",
    "no less than",
    "not less than",
    "in excess of",
    "beyond",
    "past",
];
/// What makes it more than what is meant.
pub(super) const BELOW: &[&str] = &[
    "less than",
    "fewer than",
    "under",
    "almost",
    "nearly",
    "below",
    "at most",
    "up to",
    "not quite",
    "no more than",
    "not more than",
    "approaching",
    "short of",
    "as many as",
    "as much as",
];
/// Words beside a figure that is a difference, or the rest of a whole.
pub(super) const APART: &[&str] = &[
    "without",
    "lack",
    "more",
    "fewer",
    "less",
    "later",
    "earlier",
    "after",
    "before",
    "between",
    "other",
    "others",
    "rest",
    "remaining",
    "remainder",
    "further",
    "another",
    "points",
    "point",
    "than",
    "difference",
    "gap",
    "up",
    "down",
    "rose",
    "fell",
    "risen",
    "fallen",
    "increased",
    "decreased",
    "increase",
    "decrease",
    "grew",
    "grown",
    "shrank",
    "shrunk",
    "higher",
    "lower",
    "rise",
    "drop",
    "dropped",
    "gained",
    "lost",
    "margin",
    "lead",
    "ahead",
    "behind",
    "additional",
    "extra",
    "apart",
    "majority",
];
/// Words beside a sum.
pub(super) const SUMS: &[&str] =
    &["total", "altogether", "together", "all", "combined", "sum", "both", "overall", "adding"];
/// What multiplies.
pub(super) const TIMES: &[&str] = &[
    "twice",
    "double",
    "doubled",
    "doubles",
    "doubling",
    "thrice",
    "treble",
    "trebled",
    "trebling",
    "tripled",
    "tripling",
    "quadrupled",
    "quadrupling",
];

/// Whether a text in lower case ends with one of these, as whole words.
pub(super) fn ends_with_phrase(text: &str, phrases: &[&str]) -> bool {
    phrases
        .iter()
        .any(|phrase| text.strip_suffix(phrase).is_some_and(|before| !before.ends_with(|c: char| c.is_alphanumeric())))
}
