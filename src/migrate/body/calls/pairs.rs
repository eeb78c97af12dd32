//! Calls with an end: code, comments, boxes.

use std::ops::Range;

use super::super::super::kinds;
use super::super::super::report::Notes;
use super::super::super::text::Edit;
use super::super::boxes;
use super::single::arguments;
use super::{Call, Calls, Converted, Converter};

impl Converter<'_> {
    /// Converts a call with an end: code, a comment, a box.
    pub(super) fn convert_pair(
        &self,
        call: &Call<'_>,
        end: Option<&Call<'_>>,
        notes: &mut Notes<'_>,
    ) -> Option<Converted> {
        let end = end?;
        let whole = call.range.start..end.range.end;
        let body = call.range.end..end.range.start;
        let inner = self.text.as_str().get(body.clone())?;
        let all = |new: String| Some((whole.clone(), vec![(whole.clone(), new)]));
        match (self.calls, call.name) {
            (Calls::Liquid, "raw" | "verbatim") => {
                Some((whole.clone(), vec![(call.range.clone(), String::new()), (end.range.clone(), String::new())]))
            }
            (_, "comment") => {
                notes.add(kinds::COMMENTS, "comment", self.text.place(&whole));
                all(String::new())
            }
            (Calls::Liquid | Calls::Hugo, "highlight") => {
                let language = arguments(call)
                    .into_iter()
                    .find(|(key, _)| key.is_empty())
                    .map_or(String::new(), |(_, value)| value);
                let inner = inner.trim_matches(['\n', '\r']);
                all(format!("\n```{language}\n{inner}\n```\n"))
            }
            (Calls::Hugo | Calls::Zola, name) if boxes::is_box(name) => {
                let given = arguments(call);
                let value = |keys: &[&str]| {
                    given.iter().find(|(key, _)| keys.contains(&key.as_str())).map(|(_, value)| value.as_str())
                };
                let first = value(&[""]);
                let kind =
                    value(&["type", "color", "kind", "level", "context"]).or(first.filter(|word| boxes::is_box(word)));
                let kind = kind.filter(|kind| boxes::is_box(kind)).unwrap_or(name);
                let title = value(&["title", "summary", "header", "heading"]).or(first.filter(|word| *word != kind));
                let header = boxes::header(kind, title.or((kind == "alert").then_some("")), "");
                // Calls inside are converted with the rest of the text.
                Some((call.range.clone(), boxed(&header, &call.range, &end.range, inner)))
            }
            _ => None,
        }
    }
}

/// The edits that make an alert of what is between two calls.
fn boxed(header: &str, call: &Range<usize>, end: &Range<usize>, inner: &str) -> Vec<Edit> {
    let blank = inner.len() - inner.trim_start_matches(['\n', '\r', ' ']).len();
    let mut edits = vec![(call.start..call.end + blank, format!("\n{header}"))];
    let mut at = call.end;
    for line in inner.split_inclusive('\n') {
        if at + line.len() > call.end + blank && !inner.trim().is_empty() {
            let start = at.max(call.end + blank);
            edits.push((start..start, "> ".to_owned()));
        }
        at += line.len();
    }
    let broken = if inner.ends_with('\n') { "\n" } else { "\n\n" };
    edits.push((end.clone(), broken.to_owned()));
    edits
}
