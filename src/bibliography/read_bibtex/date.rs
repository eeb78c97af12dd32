//! The date of an entry.

use super::Values;
use crate::bibliography::entry::{Entry, shown};
use crate::evidence::When;

use super::strings::MONTHS;

/// A date of BibLaTeX without what LaTeX makes of a `~`, which an approximate one has at its end; as it is where it is none.
pub(super) fn plain_date(date: &str) -> String {
    let plain = date.replace("\\string", "").replace('\u{a0}', "~").replace(' ', "");
    if When::parse(&plain).is_ok() { plain } else { date.to_owned() }
}

/// Adds the date that these fields have, by the names of BibLaTeX or of BibTeX.
pub(super) fn add(entry: &mut Entry, values: &Values<'_>) {
    if let Some(date) = values.text("date") {
        return entry.add("date", "date", &plain_date(&date));
    }
    let (month, day) = (values.text("month"), values.text("day"));
    let named = month.as_deref().and_then(month_and_day);
    if named.is_none() {
        entry.omitted.extend(month.map(|month| format!("month `{}`", shown(&month))));
    }
    let year = values.text("year").unwrap_or_default();
    let date = match (named, named.and_then(|(_, day)| day).or_else(|| day?.parse().ok())) {
        (None, _) => plain_date(&year),
        (Some((month, _)), None) => format!("{year}-{month:02}"),
        (Some((month, _)), Some(day)) => format!("{year}-{month:02}-{day:02}"),
    };
    entry.add("date", "year", &date);
}

/// The month that a text names, and a day that it may have beside it: `feb`, `2`, `10 jan`, `June 5`.
fn month_and_day(text: &str) -> Option<(usize, Option<u8>)> {
    let text = text.to_lowercase();
    let (mut month, mut number) = (None, None);
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let named = MONTHS.iter().position(|name| word.starts_with(name)).map(|at| at + 1);
        match (named, word.parse::<u8>().ok()) {
            (Some(named), _) if month.is_none() => month = Some(named),
            (None, Some(found)) if number.is_none() => number = Some(found),
            _ => return None,
        }
    }
    match (month, number) {
        (Some(month), day) => Some((month, day)),
        (None, number) => number.filter(|month| (1..=12).contains(month)).map(|month| (month.into(), None)),
    }
}

#[cfg(test)]
mod tests {
    use super::month_and_day;

    #[test]
    fn months_may_have_a_day_beside_them() {
        for (text, expected) in [
            ("feb", Some((2, None))),
            ("February", Some((2, None))),
            ("12", Some((12, None))),
            ("10 jan", Some((1, Some(10)))),
            ("June 5", Some((6, Some(5)))),
            ("mar-apr", None),
            ("spring", None),
            ("13", None),
            ("", None),
        ] {
            assert_eq!(month_and_day(text), expected, "{text}");
        }
    }
}
