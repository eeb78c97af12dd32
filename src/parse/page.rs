use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::front_matter_split::{PageParts, split};
use super::highlight::Highlighter;
use super::link::{LinkDefinitions, refusal};
use super::markdown::PageBuilder;
use super::problems::Problems;
use super::source::Source;
use super::{BlockKind, Document, FrontKeys, FrontMatter, PageMetadata, ReaderQuestion};
use crate::config::{ContentConfig, Trust};
use crate::data;
use crate::diag::{Diagnostic, Diagnostics};
use crate::source::{self, SitePath, controls, is_safe_link, is_script_link};

/// The settings for parsing, shared by all pages.
#[derive(Debug, Default)]
pub struct Settings {
    /// The trust in authors.
    pub trust: Trust,
    /// Whether quotes, dashes and dots become typographic ones.
    pub smart_punctuation: bool,
    /// The highlighter, shared by all pages.
    pub highlighter: Arc<Highlighter>,
    /// Whether code is not highlighted, for callers that only need the metadata and the prose: highlighting takes most
    /// of the time of a page with code. Only problems of the code `highlight-limit` depend on it.
    pub plain_code: bool,
}

impl Settings {
    /// The settings in `site.toml`.
    pub fn new(config: &ContentConfig) -> Self {
        Self { trust: config.trust, smart_punctuation: config.smart_punctuation, ..Self::default() }
    }

    /// The same without highlighting; the highlighter is shared.
    #[must_use]
    pub fn without_colours(&self) -> Self {
        let highlighter = self.highlighter.clone();
        Self { trust: self.trust, smart_punctuation: self.smart_punctuation, highlighter, plain_code: true }
    }
}

/// Parses one page. The document is `None` if the file is not text, exceeds a limit, or its front matter is not closed;
/// with any other problem, it contains what is valid.
pub fn page(path: &SitePath, bytes: &[u8], settings: &Settings) -> (Option<Document>, Diagnostics) {
    let mut problems = Problems::new(path);
    let Some(parts) = split(bytes, &mut problems) else { return (None, problems.finish()) };
    let (mut front, keys) = read_front(&parts, &mut problems);
    if settings.trust == Trust::None {
        refuse_scripts(&mut front, &keys, &mut problems);
    }
    let mut page = PageBuilder::new(settings, problems, bytes.len());
    page.questions = front.answers.iter().map(|question| (question.clone(), parts.text)).collect();
    page.math = front.math;
    page.front_title = front.title.clone();
    if let Some(text) = &front.summary {
        page.summary(text, parts.text, keys.place("summary"));
    }
    let (text, pieces) = without_controls(&parts, &mut page.problems);
    let mut body = page.read(Source { text: &text, pieces: &pieces }, 0, &LinkDefinitions::default());
    let notes = std::mem::take(&mut page.footnotes).finish(&mut body, &mut page.problems);
    page.anchors.extend(notes);
    let title = front.title.clone().or(page.heading_title).unwrap_or_else(|| title_of(path));
    let PageBuilder {
        title_id, headings, anchors, links, citations, linked_keys, calls, answers, problems, prose, ..
    } = page;
    let (prose, words) = prose.finish();
    let mut metadata = PageMetadata {
        path: path.clone(),
        front,
        keys,
        title,
        headings,
        title_id,
        anchors,
        links,
        citations,
        linked_keys,
        calls,
        answers,
        factual: 0,
        cited: 0,
        words,
    };
    (metadata.factual, metadata.cited) = prose.coverage(|call| metadata.quoted_source(call).is_some());
    let problems = problems.finish();
    let is_plain = metadata.calls.is_empty() && metadata.front.answers.is_empty();
    body.is_listed = settings.trust == Trust::None && is_plain && problems.is_empty();
    (Some(Document { metadata, body, prose }), problems)
}

/// The Markdown without control characters, and the offsets of its pieces in it and in the file.
fn without_controls<'t>(parts: &PageParts<'t>, problems: &mut Problems) -> (Cow<'t, str>, Vec<(usize, usize)>) {
    let text = parts.text.get(parts.body..).unwrap_or_default();
    let (mut clean, mut pieces, mut done) = (String::new(), vec![(0, parts.body)], 0);
    for (at, c) in controls(text) {
        let (from, to) = (parts.body + at, parts.body + at + c.len_utf8());
        problems.push(Diagnostic::control_character(problems.span(from..to), c));
        clean.push_str(text.get(done..at).unwrap_or_default());
        done = at + c.len_utf8();
        pieces.push((clean.len(), to));
    }
    if done == 0 {
        return (Cow::Borrowed(text), pieces);
    }
    clean.push_str(text.get(done..).unwrap_or_default());
    (Cow::Owned(clean), pieces)
}

impl PageBuilder<'_> {
    /// Adds the summary to the prose, since its figures are checked as well.
    fn summary(&mut self, text: &str, file: &str, at: Range<usize>) {
        if text.contains("[@") {
            let hint = "summaries are also shown in lists; cite in the first paragraph";
            self.problems.add("citation-syntax", at.clone(), "a summary holds a citation", hint);
        }
        let written = file.get(at.clone()).and_then(|value| value.find(text));
        let place = written.map_or(at.clone(), |found| at.start + found..at.start + found + text.len());
        self.prose.open(BlockKind::Summary, at);
        self.prose.push(text, place, written.is_some());
        self.prose.close();
    }
}

/// The valid part of the front matter, and the ranges of its keys.
fn read_front(parts: &PageParts<'_>, problems: &mut Problems<'_>) -> (FrontMatter, FrontKeys) {
    let range = parts.front.clone().unwrap_or_default();
    let yaml = parts.text.get(range.clone()).unwrap_or_default();
    if yaml.trim().is_empty() {
        return (FrontMatter::default(), FrontKeys::default());
    }
    let mut found = Diagnostics::default();
    let front = data::yaml::<FrontMatter>(problems.file, yaml, range.start, &mut found);
    found.into_iter().for_each(|problem| problems.push(with_hint(problem, parts.text)));
    let front = front.map(|(mut front, places)| {
        let answers = front.answers.iter_mut().flat_map(ReaderQuestion::texts);
        let corrected = front.corrections.iter_mut().flat_map(|correction| &mut correction.claims);
        answers.chain(corrected).for_each(|text| text.locate(&places));
        front
    });
    (front.unwrap_or_default(), FrontKeys::new(yaml, range.start))
}

/// Adds a hint to an unknown key that other generators have: the key with the same meaning.
fn with_hint(problem: Diagnostic, text: &str) -> Diagnostic {
    let range = problem.at.as_ref().filter(|_| problem.code == "unknown-key").map(|at| at.start..at.end);
    let key =
        range.and_then(|range| text.get(range)).unwrap_or_default().trim_matches(['"', '\'']).to_ascii_lowercase();
    let here = match key.replace(['_', '-'], "").as_str() {
        "publishdate" | "pubdate" | "publishedat" | "publishon" => "`date`: a page is left out before that day",
        "expirydate" | "expiredate" | "unpublishdate" | "expireson" => "`expires`",
        "lastmod" | "lastmodified" | "modified" | "lastupdated" | "lastmodifiedat" => "`updated`",
        "published" | "publish" | "visible" | "hidden" | "unlisted" | "status" | "private" => {
            "`draft: true` for a page that is not to be published"
        }
        "description" | "excerpt" | "abstract" | "subtitle" => "`summary`",
        "weight" | "navorder" | "sidebarposition" => "`order`",
        "permalink" | "url" | "path" => "`slug`, or `aliases` for a former address",
        "layout" | "type" => "`template`",
        "redirectfrom" | "redirects" => "`aliases`",
        _ => return problem,
    };
    problem.hint(format!("write {here}"))
}

/// Removes values from the front matter that would run as scripts if a template used them as links.
fn refuse_scripts(front: &mut FrontMatter, keys: &FrontKeys, problems: &mut Problems) {
    if let Some(image) = front.image.take_if(|image| !is_safe_link(image)) {
        let (message, hint) = refusal(&image);
        problems.add("unsafe-link", keys.place("image"), message, hint);
    }
    let mut scripts = Vec::new();
    for value in front.extra.values_mut() {
        collect_scripts(value, &mut scripts);
    }
    for script in scripts {
        let message = format!("a value below `extra` is a script: `{}`", script.escape_debug());
        problems.add("unsafe-link", keys.place("extra"), message, "give an address, or words");
    }
}

/// Moves texts that are scripts to `scripts`, and leaves empty texts.
fn collect_scripts(value: &mut serde_json::Value, scripts: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) if is_script_link(text) => scripts.push(std::mem::take(text)),
        serde_json::Value::Array(values) => values.iter_mut().for_each(|value| collect_scripts(value, scripts)),
        serde_json::Value::Object(values) => values.values_mut().for_each(|value| collect_scripts(value, scripts)),
        _ => {}
    }
}

/// A title from the file's name, or its folder's for an index: `who-and-what.md` is "Who and what".
fn title_of(path: &SitePath) -> String {
    let folder = path.folder();
    let name = match path.stem() {
        "index" if folder.contains('/') => folder.rsplit('/').next().unwrap_or_default(),
        "index" => "Home",
        stem => stem,
    };
    title_from_name(name)
}

/// A title from a name: `who-and-what` is "Who and what".
pub fn title_from_name(name: &str) -> String {
    let words = source::without_controls(name).replace(['-', '_'], " ");
    let mut chars = words.trim().chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => source::without_controls(name).into_owned(),
    }
}
