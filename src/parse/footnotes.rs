use std::ops::Range;

use rustc_hash::FxHashMap;

use super::html::push_text;
use super::{Body, problems::Problems};

/// The footnotes of one page, component bodies included: numbered as they are first referred to, shown at the end.
#[derive(Debug, Default)]
pub(super) struct Footnotes {
    by_label: FxHashMap<String, usize>,
    notes: Vec<Note>,
    /// The number of notes with a number.
    numbered: usize,
    /// The number of references.
    pub references: usize,
}

#[derive(Debug)]
struct Note {
    label: String,
    number: usize,
    references: usize,
    /// Where it is first referred to, or defined if it never is.
    at: Range<usize>,
    body: Option<Body>,
}

impl Footnotes {
    /// Writes a reference to the note called `label`, which may be defined later.
    pub fn refer(&mut self, label: &str, at: Range<usize>, out: &mut String) {
        let index = self.index(label, &at);
        let Some(note) = self.notes.get_mut(index) else { return };
        if note.number == 0 {
            self.numbered += 1;
            note.number = self.numbered;
            note.at = at;
        }
        note.references += 1;
        self.references += 1;
        let number: &str = &note.number.to_string();
        let id = back_id(number, note.references);
        out.extend(["<sup class=\"footnote-ref\"><a href=\"#fn-", number, "\" id=\"", &id]);
        out.extend(["\" aria-label=\"Footnote ", number, "\">", number, "</a></sup>"]);
    }

    /// Sets the body of the note called `label`.
    pub fn define(&mut self, label: &str, at: Range<usize>, body: Body, problems: &mut Problems) {
        let index = self.index(label, &at);
        let Some(note) = self.notes.get_mut(index) else { return };
        if note.body.is_some() {
            problems.add(
                "footnote-duplicate",
                at,
                format!("the footnote `{label}` is defined twice"),
                "keep one of the two",
            );
        } else {
            note.body = Some(body);
        }
    }

    /// Writes all notes with references, and returns their ids.
    pub fn finish(mut self, out: &mut Body, problems: &mut Problems) -> Vec<String> {
        self.notes.sort_by_key(|note| note.number);
        let mut anchors = Vec::new();
        for note in &self.notes {
            let label = &note.label;
            if note.number == 0 {
                let message = format!("nothing refers to the footnote `{label}`, so it is not shown");
                problems.add(
                    "footnote-unused",
                    note.at.clone(),
                    message,
                    format!("refer to it by `[^{label}]`, or remove it"),
                );
            } else if note.body.is_none() {
                let message = format!("there is no footnote `{label}`");
                problems.add("footnote-unknown", note.at.clone(), message, format!("add a line `[^{label}]: …`"));
            }
        }
        let shown: Vec<Note> = self.notes.into_iter().filter(|note| note.number > 0 && note.body.is_some()).collect();
        if shown.is_empty() {
            return anchors;
        }
        out.html.push_str("<section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"Footnotes\">\n<ol>\n");
        for (index, note) in shown.into_iter().enumerate() {
            let (number, mut body) = (note.number, note.body.unwrap_or_default());
            // A list numbers its items; only after a missing note the number is explicit.
            let value = if number == index + 1 { String::new() } else { format!(" value=\"{number}\"") };
            let number: &str = &number.to_string();
            out.html.extend(["<li id=\"fn-", number, "\"", &value, ">"]);
            anchors.push(["fn-", number].concat());
            let back = back_links(number, note.references, &mut anchors);
            // Inside the last paragraph if there is one, so that the back link is on the last line.
            body.html.truncate(body.html.trim_end().len());
            if let Some(open) = body.html.strip_suffix("</p>").map(str::len) {
                body.html.truncate(open);
                body.html.push_str(&back);
                body.html.push_str("</p>");
            } else {
                body.html.push_str(&back);
            }
            out.append(body);
            out.html.push_str("</li>\n");
        }
        out.html.push_str("</ol>\n</section>\n");
        anchors
    }

    fn index(&mut self, label: &str, at: &Range<usize>) -> usize {
        *self.by_label.entry(label.to_lowercase()).or_insert_with(|| {
            self.notes.push(Note { label: label.to_owned(), number: 0, references: 0, at: at.clone(), body: None });
            self.notes.len() - 1
        })
    }
}

/// The id of the `time`th reference to a note.
fn back_id(number: &str, time: usize) -> String {
    if time == 1 { ["fnref-", number].concat() } else { format!("fnref-{number}-{time}") }
}

fn back_links(number: &str, references: usize, anchors: &mut Vec<String>) -> String {
    let mut html = String::new();
    for time in 1..=references {
        let id = back_id(number, time);
        let which = if references == 1 { String::new() } else { format!(", place {time}") };
        html.extend([" <a class=\"footnote-back\" href=\"#", &id]);
        html.extend(["\" aria-label=\"Back to the text of footnote ", number, &which, "\">↩"]);
        if references > 1 {
            html.push_str("<sup>");
            push_text(&mut html, &time.to_string());
            html.push_str("</sup>");
        }
        html.push_str("</a>");
        anchors.push(id);
    }
    html
}
