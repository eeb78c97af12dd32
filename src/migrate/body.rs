//! The text of a page: links mended, shortcodes and other syntax of its generator told.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag};

use super::calls::Calls;
use super::folder::{Folder, Generator};
use super::{Notes, front, links, names};
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
    fences(folder.components, body, start, &mut edits, notes);
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

/// Info strings that would mean something else here: `{.python}` would call a component, `rust,editable` asks in vain.
fn fences(
    components: &[String],
    body: &str,
    start: usize,
    edits: &mut Vec<(Range<usize>, String)>,
    notes: &mut Notes<'_>,
) {
    let (mut at, mut open): (usize, Option<&str>) = (0, None);
    for line in body.split_inclusive('\n') {
        let (begin, bare) = (at, line.trim_start());
        at += line.len();
        let mark = bare.get(..bare.len() - bare.trim_start_matches(['`', '~']).len()).unwrap_or_default();
        if let Some(fence) = open {
            if mark.starts_with(fence) && bare.trim_end() == mark {
                open = None;
            }
            continue;
        }
        if mark.len() < 3 {
            continue;
        }
        open = Some(mark);
        let info = bare.get(mark.len()..).unwrap_or_default().trim_end();
        let place = begin + line.len() - bare.len() + mark.len();
        let (language, rest) = info.split_at(info.find([',', ' ', '{']).unwrap_or(info.len()));
        let called = info.strip_prefix('{').and_then(|rest| rest.split('}').next()).unwrap_or_default();
        if components.iter().any(|name| name == called) {
            continue;
        }
        let (kept, lost): (Vec<String>, Vec<&str>) = words(rest);
        if rest.trim().is_empty() || (lost.is_empty() && language.len() + 1 + kept.join(" ").len() == info.len()) {
            continue;
        }
        // `{.python}` names a language; a lone name in braces would call a component.
        let named = info.trim_start_matches(['{', '.']).split(|c: char| !c.is_ascii_alphanumeric()).next();
        let language = if language.is_empty() { named.unwrap_or_default() } else { language };
        if let Some(word) = lost.first().filter(|word| !(word.contains(language) && language.len() + 1 >= word.len())) {
            let message = format!("`{word}` after a fence asks for nothing here and was taken out");
            let hint = "a code block takes `linenos`, `hl=2-3` and `start=10` after its language";
            notes.tell(start + place..start + place + info.len(), message, hint);
        }
        let mut new = language.to_owned();
        kept.iter().for_each(|word| new.push_str(&format!(" {word}")));
        edits.push((place..place + info.len(), new));
    }
}

/// The words after a language: those that mean something here, as it is written here, and the others.
fn words(info: &str) -> (Vec<String>, Vec<&str>) {
    let (mut kept, mut lost) = (Vec::new(), Vec::new());
    for word in info.split([',', ' ', '{', '}']).filter(|word| !word.is_empty()) {
        match word.split_once('=') {
            None if word == "linenos" => kept.push(word.to_owned()),
            Some(("hl_lines" | "hl", lines)) if lines.bytes().all(|b| b.is_ascii_digit() || b == b'-') => {
                kept.push(format!("hl={lines}"));
            }
            Some(("linenostart" | "start", line)) if line.bytes().all(|b| b.is_ascii_digit()) => {
                kept.push(format!("start={line}"));
            }
            _ => lost.push(word),
        }
    }
    (kept, lost)
}
