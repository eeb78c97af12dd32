use super::term::suggestion;
use super::{Locator, Term};
use crate::data::Coded;
use crate::evidence::Lines;

/// The longest locator, in bytes.
const LIMIT: usize = 400;

const EXAMPLES: &str = "write a place such as `p. 37`, `ch. 7, p. 212`, `para. 42`, `line 9`, `12:34-12:50` or `row 9`";

impl Locator {
    /// Reads a locator that is nothing else.
    ///
    /// # Errors
    /// What is wrong and what to write instead, with the code `bad-value`.
    pub fn parse(text: &str) -> Result<Self, Coded<'static>> {
        match Self::parse_before(text, true)? {
            (locator, "") if !locator.is_empty() => Ok(locator),
            (_, rest) => Err(unknown(rest)),
        }
    }

    /// Reads the locator that a text begins with, and gives the rest, which is no locator.
    ///
    /// # Errors
    /// As [`Locator::parse`]: for what is written as a place, but is none.
    pub fn parse_start(text: &str) -> Result<(Self, &str), Coded<'static>> {
        Self::parse_before(text, false)
    }

    fn parse_before(text: &str, strict: bool) -> Result<(Self, &str), Coded<'static>> {
        if text.len() > LIMIT {
            return Err(wrong(format!("a place has {} bytes, the limit is {LIMIT}", text.len()), EXAMPLES));
        }
        let mut found = Self::default();
        let mut rest = text.trim();
        while !rest.is_empty() {
            let (segment, after) = rest.split_once(',').unwrap_or((rest, ""));
            let segment = segment.trim();
            match part(segment, found.parts.last().map(|(term, _)| *term))? {
                Part::New(term, value) if found.parts.iter().any(|(known, _)| *known == term) => {
                    let message = format!("`{value}` is a second {}", name(term));
                    return Err(wrong(message, "name ranges and lists together: `pp. 3, 5-7`"));
                }
                Part::New(term, value) => found.parts.push((term, value)),
                Part::More(value) => {
                    if let Some((_, values)) = found.parts.last_mut() {
                        values.push_str(", ");
                        values.push_str(&value);
                    }
                }
                Part::None if strict || is_meant(segment) => return Err(unknown(segment)),
                Part::None => return Ok((found, rest)),
            }
            rest = after.trim();
        }
        Ok((found, rest))
    }
}

fn name(term: Term) -> &'static str {
    if term == Term::Timestamp { "time" } else { term.short(false) }
}

enum Part {
    /// A term with what it counts.
    New(Term, String),
    /// More of what the term before counts.
    More(String),
    /// No place.
    None,
}

/// Reads one place. What follows a list, as `5-7` in `pp. 3, 5-7`, goes on with it.
fn part(text: &str, before: Option<Term>) -> Result<Part, Coded<'static>> {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        if let Some(times) = times(text)? {
            return Ok(Part::New(Term::Timestamp, times));
        }
        return Ok(match (before, is_numbers(text)) {
            (_, false) => Part::None,
            // A chapter and a verse, or what is nearly a time.
            (None, true) if text.contains(':') => Part::None,
            (None, true) => Part::New(Term::Page, numbers(Term::Page, text)?),
            (Some(Term::Timestamp), true) => Part::None,
            (Some(term), true) => Part::More(numbers(term, text)?),
        });
    }
    let Some((term, value)) = term(text) else { return Ok(Part::None) };
    if value.is_empty() {
        return Err(wrong(format!("`{}` says of no place which", short(text)), EXAMPLES));
    }
    let value = match term {
        Term::Timestamp => match times(value)? {
            Some(times) => times,
            None => return Err(wrong(format!("`{}` is not a time", short(value)), "write `12:34` or `1:02:03`")),
        },
        Term::Line | Term::Page if is_numbers(value) => numbers(term, value)?,
        Term::Line => return Err(Lines::parse(value).err().unwrap_or_else(|| unknown(value))),
        Term::Page if !is_roman(value) => return Ok(Part::None),
        _ if is_numbers(value) => numbers(term, value)?,
        _ => value.to_owned(),
    };
    Ok(Part::New(term, value))
}

/// The term that a text begins with, and the rest.
fn term(text: &str) -> Option<(Term, &str)> {
    let signs = text.find(|c| !matches!(c, '§' | '¶')).unwrap_or(text.len());
    if signs > 0 {
        let (sign, rest) = text.split_at(signs);
        return Some((Term::of(sign)?, rest.trim()));
    }
    let two = text.match_indices(' ').nth(1).map_or(text.len(), |(at, _)| at);
    let ends = [two, text.find(|c: char| !c.is_alphabetic() && c != '.' && c != '-').unwrap_or(text.len())];
    ends.into_iter().find_map(|end| {
        let (word, rest) = text.split_at(end);
        let term = Term::of(&word.trim_end_matches('.').to_lowercase())?;
        Some((term, rest.trim()))
    })
}

/// Whether a text is numbers, ranges of them, and what counts like numbers: `37`, `37-39`, `A12`, `ix–xii`, `3 and 5`.
fn is_numbers(text: &str) -> bool {
    let text = &text.replace(" and ", "&");
    let number = |part: &str| {
        let digits = part.bytes().any(|b| b.is_ascii_digit());
        (digits
            && part.len() <= 12
            && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | ':' | '/' | '(' | ')')))
            || (part.len() <= 12 && !part.is_empty() && part.bytes().all(|b| b"ivxlcdmIVXLCDM".contains(&b)))
    };
    !text.is_empty() && text.split(['-', '–', '&']).filter(|part| !part.is_empty()).all(|part| number(part.trim()))
}

fn is_roman(text: &str) -> bool {
    is_numbers(text)
}

/// Numbers as readers see them, with an en dash between the ends of a range.
fn numbers(term: Term, text: &str) -> Result<String, Coded<'static>> {
    let text = &text.replace("--", "-");
    let text = if term == Term::Line { &text.replace(" and ", ", ").replace('&', ",") } else { text };
    if term == Term::Line {
        Lines::parse(text)?;
    }
    let shown = text.replace('-', "–").replace(" –", "–").replace("– ", "–");
    if let Some((first, last)) = shown.split_once('–')
        && let (Ok(first), Ok(end)) = (first.parse::<u32>(), last.parse::<u32>())
        // `321–28` is short for `321–328`.
        && end < first
        && last.len() == first.to_string().len()
    {
        return Err(wrong(format!("`{shown}` ends before it starts"), "write the smaller number first"));
    }
    Ok(shown)
}

/// A time or a range of times as readers see it; nothing where it is none.
fn times(text: &str) -> Result<Option<String>, Coded<'static>> {
    let (first, last) = text.split_once(['-', '–']).map_or((text, None), |(first, last)| (first, Some(last.trim())));
    let Some(start) = seconds(first.trim()).filter(|_| first.contains(':')) else { return Ok(None) };
    let Some(last) = last else { return Ok(Some(first.trim().to_owned())) };
    match seconds(last).filter(|_| last.contains(':')) {
        Some(end) if end < start => {
            Err(wrong(format!("`{}` ends before it starts", short(text)), "write the earlier time first"))
        }
        Some(_) => Ok(Some(format!("{}–{last}", first.trim()))),
        None => Ok(None),
    }
}

/// The seconds of a time: `12:34`, `1:02:03`, `1:02:03.5`.
pub fn seconds(text: &str) -> Option<u32> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
    let numbers: Vec<&str> = whole.split(':').collect();
    let (first, rest) = numbers.split_first()?;
    if !digits(first) || !digits(part) || rest.len() > 2 || !rest.iter().all(|part| part.len() == 2 && digits(part)) {
        return None;
    }
    let mut all: u32 = first.parse().ok()?;
    for part in rest {
        let part: u32 = part.parse().ok().filter(|part| *part < 60)?;
        all = all.checked_mul(60)?.checked_add(part)?;
    }
    Some(all)
}

/// Whether words of prose are probably meant as a place: one word that is no term, and a number.
fn is_meant(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let (Some(word), Some(number), None) = (words.next(), words.next(), words.next()) else { return false };
    word.trim_end_matches('.').chars().all(char::is_alphabetic) && number.starts_with(|c: char| c.is_ascii_digit())
}

fn unknown(text: &str) -> Coded<'static> {
    let word = text.split_whitespace().next().unwrap_or_default();
    let bare = word.trim_end_matches(|c: char| !c.is_alphabetic()).to_lowercase();
    match suggestion(&bare) {
        Some(near) => wrong(format!("`{}` is not a place in a source", short(text)), format!("did you mean `{near}`?")),
        None => wrong(format!("`{}` is not a place in a source", short(text)), EXAMPLES),
    }
}

fn wrong(message: String, hint: impl Into<String>) -> Coded<'static> {
    Coded { code: "bad-value", message, hint: Some(hint.into()) }
}

fn short(text: &str) -> String {
    text.chars().take(40).filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_shows_places() {
        for (text, shown) in [
            ("p. 37", "p. 37"),
            ("37", "p. 37"),
            ("pp. 37-39", "pp. 37–39"),
            ("lines 1, 3 and 5–6", "lines 1, 3 and 5–6"),
            ("pp. 3 and 5", "pp. 3 and 5"),
            ("p.37", "p. 37"),
            ("pages 3, 5--7", "pp. 3, 5–7"),
            ("lines 21--24", "lines 21–24"),
            ("p. iv", "p. iv"),
            ("p. A12", "p. A12"),
            ("ch. 7, p. 212", "chap. 7, p. 212"),
            ("Chapter 7", "chap. 7"),
            ("12:34-12:50", "12:34–12:50"),
            ("1:02:03", "1:02:03"),
            ("t. 0:09", "0:09"),
            ("para. 42", "para. 42"),
            ("¶ 42", "para. 42"),
            ("§§ 3-5", "secs. 3–5"),
            ("row 9, column distance", "row 9, column distance"),
            ("line 9", "line 9"),
            ("lines 9, 21-24", "lines 9 and 21–24"),
            ("sub verbo hedge", "s.v. hedge"),
            ("v. 3:16", "v. 3:16"),
            ("fig. 2b", "fig. 2b"),
            ("table 4, row 2", "tbl. 4, row 2"),
            ("vol. 2, pp. 321-28", "vol. 2, pp. 321–28"),
            ("", "`` is not a place in a source"),
            ("pg. 37", "`pg. 37` is not a place in a source (did you mean `p.`?)"),
            ("chaptre 7", "`chaptre 7` is not a place in a source (did you mean `chap.`?)"),
            ("p.", "`p.` says of no place which"),
            ("p. 39-37", "`39–37` ends before it starts"),
            ("12:50-12:34", "`12:50-12:34` ends before it starts"),
            ("t. 99", "`99` is not a time"),
            ("12:99", "`12:99` is not a place in a source"),
            ("line 0", "there is no line 0"),
            ("p. 3, p. 4", "`4` is a second p."),
            ("xyzzy 3b or so", "`xyzzy 3b or so` is not a place in a source"),
        ] {
            let found = Locator::parse(text).map_or_else(
                |error| match error.hint.filter(|hint| hint.starts_with("did you")) {
                    Some(hint) => format!("{} ({hint})", error.message),
                    None => error.message,
                },
                |locator| locator.to_string(),
            );
            assert_eq!(found, shown, "{text}");
        }
    }

    #[test]
    fn what_follows_a_place_in_prose_is_no_place() {
        for (text, expected) in [
            ("p. 37, and elsewhere", ("p. 37", "and elsewhere")),
            ("pp. 3, 5 and passim", ("p. 3", "5 and passim")),
            ("emphasis added", ("", "emphasis added")),
            ("passim", ("", "passim")),
            ("line 9", ("line 9", "")),
        ] {
            let (locator, rest) = Locator::parse_start(text).expect("no fault");
            assert_eq!((locator.to_string().as_str(), rest), expected);
        }
        assert!(Locator::parse_start("pge 37").is_err());
    }

    #[test]
    fn numbers_of_places() {
        let read = |text: &str| Locator::parse(text).expect("a place");
        assert_eq!(read("pp. 3, 5-7").pages(), Some((3, 7)));
        assert_eq!(read("p. iv").pages(), None);
        assert_eq!(read("12:34-1:00:01").seconds(), Some((754, 3601)));
        assert_eq!(read("p. 1, lines 3-4").lines().map(|lines| lines.to_string()).as_deref(), Some("lines 3–4"));
        let (rest, lines) = read("p. 1, lines 3-4").split_lines();
        assert_eq!((rest.to_string().as_str(), lines), ("p. 1", Lines::parse("3-4").ok()));
        for none in ["", ":", "1:2", "1:60", "12345:00", "1:02:03:04", "x"] {
            assert_eq!(seconds(none), None, "{none}");
        }
    }
}
