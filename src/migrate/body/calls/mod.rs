//! Converts calls of shortcodes, filters and tags to Markdown where there is an equivalent; others stay in the text and
//! are reported.

mod pairs;
mod single;

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::super::kinds;
use super::super::old_site::OldSite;
use super::super::pages::Page;
use super::super::report::Notes;
use super::super::structure::Structure;
use super::super::text::{Edit, Text};
use super::Calls;

/// The maximum length of a call, in bytes.
const LONGEST: usize = 4_000;

/// A call: `{{< name argument >}}`.
#[derive(Debug)]
struct Call<'t> {
    range: Range<usize>,
    /// The marks that begin it.
    open: &'static str,
    /// What is between its marks.
    inside: &'t str,
    name: &'t str,
    /// Whether it ends another call.
    is_end: bool,
}

/// Converts the calls of a page.
pub(super) fn convert(calls: Calls, site: &OldSite, page: &Page, text: &mut Text, notes: &mut Notes<'_>) {
    let marks: &[(&str, &str)] = match calls {
        Calls::None => return,
        Calls::MdBook => &[("{{#", "}}")],
        Calls::Hugo => &[("{{<", ">}}"), ("{{%", "%}}")],
        Calls::Zola => &[("{{", "}}"), ("{%", "%}")],
        Calls::Liquid => &[("{{", "}}"), ("{%", "%}"), ("{#", "#}")],
        Calls::Quarto => &[("{{{<", ">}}}"), ("{{<", ">}}")],
        Calls::Any => &[("{{<", ">}}"), ("{{%", "%}}"), ("{{#", "}}"), ("{%", "%}")],
    };
    let found = read(text.as_str(), marks);
    if found.is_empty() {
        return;
    }
    // For an unknown generator, calls in code are only examples.
    let structure = if calls == Calls::Any { Structure::read(text.as_str(), false) } else { Structure::default() };
    let converter = Converter { calls, site, page, text };
    let ends = Ends::of(calls, &found);
    let mut edits = Vec::new();
    let mut skip_to = 0;
    for (index, call) in found.iter().enumerate() {
        if call.range.start < skip_to || call.is_end || structure.is_code(&call.range) {
            continue;
        }
        let end = ends.after(call, index);
        if let Some((range, new)) = converter.escaped(call).or_else(|| converter.convert_pair(call, end, notes)) {
            edits.extend(new);
            skip_to = range.end;
        } else if let Some(new) = converter.convert_single(call, notes) {
            edits.push((call.range.clone(), new));
        } else if converter.is_call(call) {
            notes.add(kinds::CALLS, call.name, text.place(&call.range));
        }
    }
    text.edit(edits);
}

/// All calls of a text, in order.
fn read<'t>(text: &'t str, marks: &[(&'static str, &'static str)]) -> Vec<Call<'t>> {
    let (mut calls, mut at) = (Vec::new(), 0);
    // For each mark, the next end after the last search, so that each end is searched once.
    let mut ends: Vec<Option<usize>> = vec![Some(0); marks.len()];
    while let Some(begin) = text.get(at..).and_then(|rest| rest.find('{')).map(|found| at + found) {
        at = begin + 1;
        let rest = text.get(begin..).unwrap_or_default();
        let found = marks.iter().zip(&mut ends).find(|((open, _), _)| rest.starts_with(open));
        let Some((&(open, close), next)) = found else { continue };
        let inside_at = begin + open.len();
        if next.is_some_and(|next| next < inside_at) {
            *next = text.get(inside_at..).and_then(|rest| rest.find(close)).map(|end| inside_at + end);
        }
        let Some(end) = next.map(|next| next - begin).filter(|length| *length <= LONGEST) else { continue };
        let inside = rest.get(open.len()..end).unwrap_or_default();
        let words = inside.trim_matches(|c: char| c.is_whitespace() || c == '-');
        let is_end = words.starts_with('/') && !words.starts_with("/*") || words.starts_with("end");
        let words = words.trim_start_matches('/').trim_start();
        let name = words
            .split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '/' | '.'))
            .next()
            .unwrap_or_default();
        at = begin + end + close.len();
        calls.push(Call { range: begin..at, open, inside, name: name.trim_end_matches('/'), is_end });
    }
    calls
}

/// The calls that end others, by the name of what they end, each with its index among all calls.
struct Ends<'a> {
    calls: Calls,
    by_name: FxHashMap<&'a str, Vec<(usize, &'a Call<'a>)>>,
}

impl<'a> Ends<'a> {
    fn of(calls: Calls, found: &'a [Call<'a>]) -> Self {
        let mut by_name: FxHashMap<&str, Vec<_>> = FxHashMap::default();
        for (index, end) in found.iter().enumerate().filter(|(_, call)| call.is_end) {
            let name = match calls {
                Calls::Liquid => end.name.strip_prefix("end").unwrap_or_default(),
                _ => end.name,
            };
            by_name.entry(name).or_default().push((index, end));
        }
        Self { calls, by_name }
    }

    /// The first call that ends this one, which is at `index`.
    fn after(&self, call: &Call<'_>, index: usize) -> Option<&'a Call<'a>> {
        let name = if self.calls == Calls::Zola { "end" } else { call.name };
        let ends = self.by_name.get(name)?;
        ends.get(ends.partition_point(|(end, _)| *end < index)).map(|(_, end)| *end)
    }
}

struct Converter<'a> {
    calls: Calls,
    site: &'a OldSite,
    page: &'a Page,
    text: &'a Text,
}

/// A converted range, and its edits.
type Converted = (Range<usize>, Vec<Edit>);

impl Converter<'_> {
    /// A call that is only shown: `{{</* name */>}}`, `{{{< name >}}}`.
    fn escaped(&self, call: &Call<'_>) -> Option<Converted> {
        let trimmed = call.inside.trim();
        let new = match (self.calls, call.open) {
            (Calls::Hugo | Calls::Zola | Calls::Quarto, open) if trimmed.starts_with("/*") => {
                let inner = trimmed.trim_start_matches("/*").trim_end_matches("*/");
                let close = match open {
                    "{{<" => ">}}",
                    "{{%" => "%}}",
                    "{%" => "%}",
                    _ => "}}",
                };
                format!("{open}{inner}{close}")
            }
            (Calls::Quarto, "{{{<") => format!("{{{{<{}>}}}}", call.inside),
            (Calls::Liquid, "{#") => String::new(),
            _ => return None,
        };
        Some((call.range.clone(), vec![(call.range.clone(), new)]))
    }

    /// Whether it is one that the generator would have replaced.
    fn is_call(&self, call: &Call<'_>) -> bool {
        match (self.calls, call.open) {
            _ if call.name.is_empty() => false,
            (Calls::Zola, _) => call
                .inside
                .trim_start_matches([' ', '-'])
                .strip_prefix(call.name)
                .is_some_and(|rest| rest.trim_start().starts_with('(')),
            (Calls::Liquid, "{%") => !["else", "elsif", "elseif", "when", "elif"].contains(&call.name),
            (Calls::Any, "{%" | "{{#") => call.range.len() < 200,
            _ => true,
        }
    }
}

/// The scheme of links that name a page, until links are converted.
pub(super) const PAGE_SCHEME: &str = "x-page:";

#[cfg(test)]
mod tests;
