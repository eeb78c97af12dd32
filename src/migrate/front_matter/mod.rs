//! Front matter of other generators: finding it, and reading it into the keys of the new site.

mod find;
mod keys;
mod write;

use jiff::civil::Date;

use super::values::Map;
use crate::source::Span;

pub(super) use find::{Found, find, parse, place};
pub(super) use keys::Reader;

/// The front matter of a page, as the keys of the new site.
#[derive(Clone, Debug, Default)]
pub(super) struct FrontMatter {
    pub title: Option<String>,
    pub summary: Option<String>,
    pub order: Option<i64>,
    pub date: Option<Date>,
    pub updated: Option<Date>,
    pub expires: Option<Date>,
    /// Whether the old site did not publish the page.
    pub is_draft: bool,
    pub toc: Option<bool>,
    pub math: bool,
    pub slug: Option<String>,
    /// The permalink of the page.
    pub address: Option<String>,
    /// The span of that key, in the page or in the defaults.
    pub address_at: Option<Span>,
    /// Where the page sends its readers.
    pub redirect: Option<String>,
    /// Former addresses.
    pub aliases: Vec<String>,
    /// Other names of an Obsidian note, by which links may find it.
    pub names: Vec<String>,
    /// Tags: the key that holds them, and the words.
    pub tags: Vec<(String, String)>,
    pub extra: Map,
    /// The text of invalid front matter.
    pub unread: Option<String>,
}

/// The day that a text begins with: `2020-01-31T10:00:00Z`, `2020-1-5`, or `1/31/2020`.
pub(super) fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '-' && c != '/').unwrap_or(text.len());
    let numbers: Vec<i16> = text.get(..end)?.split(['-', '/']).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [a, b, c] = *numbers.first_chunk::<3>()?;
    let (year, month, day) = if a > 31 { (a, b, c) } else { (c, a, b) };
    if numbers.len() > 3 || year < 100 {
        return None;
    }
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// The day in the folders of an address: `blog/2020/01/31/notes.html`.
pub(super) fn day_in_address(address: &str) -> Option<Date> {
    let parts: Vec<&str> = address.split('/').collect();
    let number = |text: &str, digits: usize| (text.len() == digits).then(|| text.parse::<i16>().ok()).flatten();
    parts.array_windows::<3>().find_map(|[year, month, day]| {
        let (month, day) = (i8::try_from(number(month, 2)?).ok()?, i8::try_from(number(day, 2)?).ok()?);
        Date::new(number(year, 4)?, month, day).ok()
    })
}

#[cfg(test)]
mod tests;
