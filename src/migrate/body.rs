//! The text of a page: links mended, shortcodes and other syntax of its generator told.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag};

use super::calls::Calls;
use super::folder::{Folder, Generator};
use super::{Notes, fences, front, links, names};
use crate::source::SitePath;

/// A page carried over.
pub(super) struct Carried {
    pub text: String,
    /// Whether it holds HTML.
    pub html: bool,
    pub order: Option<i64>,
    pub title: Option<String>,
}

/// Carries a page over.
pub(super) fn carry(folder: &Folder<'_>, from: &SitePath, to: &SitePath, text: &str, notes: &mut Notes<'_>) -> Carried {
    let found = front::find(text);
    let start = found.as_ref().map_or(0, |found| found.body);
    if found.is_none() && text.starts_with("{\n") && folder.generator == Generator::Hugo {
        notes.tell(0..1, "front matter in JSON is not read".to_owned(), "write it as YAML between two lines `---`");
    }
    let mut front = found.map(|found| front::Carried::read(text, &found, notes)).unwrap_or_default();
    front.order = folder.chapters.get(from).copied().or(front.order);
    if let Some((day, rest)) = names::dated(to.stem()) {
        front.set("date", day.to_owned());
        if !front.has("slug") {
            front.set("slug", super::settings::quoted(rest));
        }
    }
    // A page in a folder of its own, with its pictures, is no section.
    let is_bundle = from.stem() == "index" && matches!(folder.generator, Generator::Zola | Generator::Hugo);
    if is_bundle && to.as_str() != "content/index.md" {
        front.set("template", "page".to_owned());
    }
    let body = text.get(start..).unwrap_or_default();
    let mut edits = Vec::new();
    for link in links::links(body) {
        if let Some(new) = links::mend(folder, from, &link.target) {
            edits.push((link.at, new));
        }
    }
    let (html, code) = html_and_code(body);
    fences::carry(folder.components, body, start, &mut edits, notes);
    Calls { folder, from, body, start, code: &code }.carry(&mut edits, notes);
    let (order, title) = (front.order, front.title.clone());
    Carried { text: format!("{}{}", front.write(), edited(body, edits)), html, order, title }
}

/// Whether a text holds HTML, and where its code stands.
fn html_and_code(body: &str) -> (bool, Vec<Range<usize>>) {
    let (mut html, mut code) = (false, Vec::new());
    for (event, range) in Parser::new_ext(body, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Html(piece) | Event::InlineHtml(piece) => html |= !piece.trim_start().starts_with("<!--"),
            Event::Code(_) | Event::Start(Tag::CodeBlock(_)) => code.push(range),
            _ => {}
        }
    }
    (html, code)
}

/// The text with some stretches written anew.
fn edited(text: &str, mut edits: Vec<(Range<usize>, String)>) -> String {
    edits.sort_by_key(|(at, _)| at.start);
    let (mut out, mut done) = (String::with_capacity(text.len()), 0);
    for (at, new) in edits {
        if at.start >= done {
            out.push_str(text.get(done..at.start).unwrap_or_default());
            out.push_str(&new);
            done = at.end;
        }
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}
