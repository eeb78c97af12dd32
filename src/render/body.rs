//! A body with its holes filled: links, pictures, citations, components.

use std::collections::BTreeMap;
use std::ops::Range;

use memchr::memmem;
use tera::{Context, Value};

use crate::bibliography::{Piece, coins, link, reference as pieces};
use crate::diag::Diagnostic;
use crate::evidence::{Locator, Source};
use crate::parse::{AnswerBody, Body, Call, Citation, Link, PageMetadata, Slot, push_attribute};
use crate::site::{PageId, Target, encode};
use crate::source::{SitePath, link_scheme};

use super::Renderer;
use super::call::takes;
use super::view::{PartView, PlaceView, ReferenceView, SourceRef, Views, weakest};

/// The size of each picture, in pixels, by its path among the inputs.
pub type Pictures = BTreeMap<SitePath, (u32, u32)>;

/// What one page's body is filled from.
pub(super) struct BodyFiller<'a> {
    pub renderer: &'a Renderer,
    pub views: Views<'a>,
    pub metadata: &'a PageMetadata,
    pub root: &'a str,
    /// The addresses of `metadata.links`, in their order.
    pub links: &'a [ResolvedLink],
    pub numbers: &'a Numbers,
}

/// Where a link leads, ready to be written.
#[derive(Clone, Debug, serde::Serialize)]
pub struct ResolvedLink {
    /// The address.
    pub href: String,
    /// Whether it is relative to the top of the site: then the way there comes before it.
    pub from_top: bool,
    /// Whether it leads to another site.
    pub external: bool,
    /// Of a picture, in pixels.
    pub size: Option<(u32, u32)>,
}

/// What a body in its page names and can be named by, besides the ids that it names itself.
#[derive(Clone, Debug)]
pub struct PlainAddresses {
    /// Where it stands in the page.
    pub range: Range<usize>,
    /// Its ids.
    pub ids: Vec<String>,
    /// The addresses in it, as a reader of the page would find them.
    pub addresses: Vec<String>,
}

/// How much of a body is looked for before the rest is compared.
const START: usize = 24;

/// The numbers of a page's citations.
pub(super) struct Numbers {
    /// For each citation of the metadata; none where the key is unknown.
    marks: Vec<Option<Mark>>,
}

/// What a citation is known by.
struct Mark {
    /// The number of its key, from 1.
    number: usize,
    /// Which of the citations of that number it is, from 1.
    place: usize,
    /// The letter of its locator, where the page cites several parts of one source.
    letter: String,
}

impl Mark {
    /// The anchor of the citation.
    fn place_id(&self) -> String {
        format!("cite-{}-{}", self.number, self.place)
    }

    /// The anchor of what it refers to.
    fn reference(&self) -> String {
        format!("ref-{}{}", self.number, self.letter)
    }

    fn written(&self) -> String {
        format!("{}{}", self.number, self.letter)
    }
}

impl BodyFiller<'_> {
    /// Appends the filled body to `out`.
    pub fn fill(&self, body: &Body, out: &mut String) -> Result<(), Box<Diagnostic>> {
        let mut written = 0;
        for (at, slot) in &body.slots {
            out.push_str(body.html.get(written..*at).unwrap_or_default());
            written = *at;
            match slot {
                Slot::Href(index) => self.href(*index, out),
                Slot::Src(index) => self.src(*index, out),
                Slot::Address(index) => push_attribute(out, &self.written(*index).unwrap_or_default()),
                Slot::Cite { first, count } => self.cite(*first, *count, out),
                Slot::Answers(answers) => self.answers(answers, out)?,
                Slot::Call { index, body } => self.call(*index, body, out)?,
            }
        }
        out.push_str(body.html.get(written..).unwrap_or_default());
        Ok(())
    }

    /// What is known of a listed body that was filled to `content`, where it stands in the page as it is.
    pub fn noted(&self, body: &Body, content: &str, page: &[u8]) -> Option<PlainAddresses> {
        let start = content.as_bytes().get(..START.min(content.len())).filter(|start| !start.is_empty())?;
        let has = |at: &usize| page.get(*at..).is_some_and(|rest| rest.starts_with(content.as_bytes()));
        let at = memmem::find_iter(page, start).find(has)?;
        let metadata = self.metadata;
        let headings = metadata.headings.iter().map(|heading| &heading.id);
        let anchors = metadata.anchors.iter().filter(|id| Some(*id) != metadata.title_id.as_ref());
        let mut noted = PlainAddresses {
            range: at..at + content.len(),
            ids: headings.chain(anchors).cloned().collect(),
            addresses: Vec::with_capacity(body.slots.len()),
        };
        for (_, slot) in &body.slots {
            match slot {
                Slot::Href(index) | Slot::Src(index) | Slot::Address(index) => {
                    noted.addresses.extend(self.written(*index));
                }
                Slot::Cite { first, count } => {
                    for run in self.runs(*first, *count) {
                        noted.ids.extend(run.iter().map(|(_, mark)| mark.place_id()));
                        noted.addresses.extend(run.first().map(|(_, mark)| format!("#{}", mark.reference())));
                    }
                }
                Slot::Answers(_) | Slot::Call { .. } => return None,
            }
        }
        Some(noted)
    }

    /// The address of a link as its page writes it.
    fn written(&self, index: usize) -> Option<String> {
        self.links.get(index).map(|link| link.written(self.root))
    }

    fn address(&self, index: usize, name: &str, out: &mut String) -> Option<&ResolvedLink> {
        let link = self.links.get(index)?;
        out.push_str(name);
        push_attribute(out, &link.written(self.root));
        out.push('"');
        Some(link)
    }

    fn href(&self, index: usize, out: &mut String) {
        if self.address(index, " href=\"", out).is_some_and(|link| link.external) {
            out.push_str(" class=\"external\" rel=\"external noopener\"");
        }
    }

    fn src(&self, index: usize, out: &mut String) {
        if let Some(link) = self.address(index, " src=\"", out)
            && let Some((width, height)) = link.size
        {
            out.push_str(&format!(" width=\"{width}\" height=\"{height}\""));
        }
    }

    /// The numbers of a citation group; keys that are unknown stand as they were written.
    fn cite(&self, first: usize, count: usize, out: &mut String) {
        let is_known = |index: usize| self.numbers.marks.get(index).is_some_and(Option::is_some);
        let unknown: Vec<usize> = (first..first + count).filter(|index| !is_known(*index)).collect();
        if let Some(citation) = self.metadata.citations.get(first).filter(|citation| citation.in_text) {
            match self.views.site.ledger.source(&citation.key) {
                Some(source) => push_attribute(out, &source.short_name()),
                None => push_attribute(out, &written(citation)),
            }
        }
        let runs = self.runs(first, count);
        if !runs.is_empty() {
            // The mark follows its text without a space; words beside marks are in brackets.
            let has_words = runs.iter().flatten().any(|(citation, _)| !is_plain(citation));
            while !has_words && out.ends_with([' ', '\n']) && !out.ends_with(">\n") {
                out.pop();
            }
            out.push_str(if has_words { "<span class=\"cites\">(" } else { "<span class=\"cites\">" });
            for (nth, run) in runs.iter().enumerate() {
                // Read aloud, copied or without styles, two numbers must not run into one.
                out.push_str(match nth {
                    0 => "",
                    _ if has_words => "; ",
                    _ => " ",
                });
                match run.as_slice() {
                    [(citation, mark)] => {
                        affix("", &citation.prefix, " ", out);
                        self.mark(citation, mark, None, out);
                        affix(" ", &citation.suffix, "", out);
                    }
                    [(citation, mark), between @ .., (_, last)] => {
                        self.mark(citation, mark, Some(last), out);
                        for (_, mark) in between.iter().chain(run.last()) {
                            out.push_str(&format!("<span id=\"{}\"></span>", mark.place_id()));
                        }
                    }
                    [] => {}
                }
            }
            out.push_str(if has_words { ")</span>" } else { "</span>" });
            out.push_str(if unknown.is_empty() { "" } else { " " });
        }
        let unknown = unknown.iter().filter_map(|index| self.metadata.citations.get(*index));
        let written = unknown.filter(|citation| !citation.in_text).map(written).collect::<Vec<_>>().join("; ");
        if !written.is_empty() {
            push_attribute(out, &format!("[{written}]"));
        }
    }

    /// The known citations of a group, each alone but for runs of three or more consecutive numbers of one standing, which
    /// are shown as one: 5–9.
    fn runs(&self, first: usize, count: usize) -> Vec<Vec<(&Citation, &Mark)>> {
        let known = (first..first + count)
            .filter_map(|index| Some((self.metadata.citations.get(index)?, self.numbers.marks.get(index)?.as_ref()?)));
        let mut runs: Vec<Vec<(&Citation, &Mark)>> = Vec::new();
        for (citation, mark) in known {
            match runs.last_mut().map(|run| (run.last().copied(), run)) {
                Some((Some((before, last)), run))
                    if mark.number == last.number + 1
                        && is_plain(before)
                        && is_plain(citation)
                        && self.word_of(before) == self.word_of(citation) =>
                {
                    run.push((citation, mark));
                }
                _ => runs.push(vec![(citation, mark)]),
            }
        }
        runs.into_iter()
            .flat_map(|run| if run.len() > 2 { vec![run] } else { run.into_iter().map(|one| vec![one]).collect() })
            .collect()
    }

    /// The word for what a citation names: that of its standing, or `source`, with the same for readers.
    fn word_of(&self, citation: &Citation) -> (&'static str, &'static str) {
        let ledger = &self.views.site.ledger;
        let standing = ledger.claim(&citation.key).map(|claim| ledger.standing(claim));
        standing.map_or(("source", "source"), |standing| (standing.word(), standing.label()))
    }

    /// The number of a citation, or that of a whole run up to `last`.
    fn mark(&self, citation: &Citation, mark: &Mark, last: Option<&Mark>, out: &mut String) {
        let (word, label) = self.word_of(citation);
        let (id, reference, number) = (mark.place_id(), mark.reference(), mark.written());
        let (what, numbers) = match last {
            None => ("Reference", number),
            Some(last) => ("References", format!("{number}–{}", last.written())),
        };
        out.push_str(&format!("<a class=\"cite s-{word}\" id=\"{id}\" href=\"#{reference}\""));
        if let Some(last) = last {
            out.push_str(&format!(" data-last=\"{}\"", last.number));
        }
        out.push_str(&format!(" aria-label=\"{what} {numbers}, "));
        if let Some(locator) = &citation.locator {
            push_attribute(out, locator);
            out.push_str(", ");
        }
        out.push_str(&format!("{}\">{numbers}</a>", label.to_lowercase()));
    }

    fn answers(&self, answers: &[AnswerBody], out: &mut String) -> Result<(), Box<Diagnostic>> {
        let mut views = Vec::with_capacity(answers.len());
        for (found, body) in self.metadata.front.answers.iter().zip(answers) {
            let mut answer = String::new();
            self.fill(&body.body, &mut answer)?;
            views.push(self.views.answer(found, body, self.metadata, answer));
        }
        let mut args = Context::new();
        args.insert_value("answers", Value::from_serializable(&views));
        args.insert_value("root", Value::from(self.root));
        out.push_str(&self.renderer.templates.render_component("answers", &args, "").map_err(|problem| {
            let at = self.metadata.front_span("answers");
            Box::new(problem.label(at, "while showing these answers"))
        })?);
        Ok(())
    }

    /// The weakest standing of the claims that a body cites, as its words; none where it cites no claim.
    fn weakest(&self, body: &Body) -> BTreeMap<&'static str, &'static str> {
        let cited = body.slots.iter().filter_map(|(_, slot)| match slot {
            Slot::Cite { first, count } => self.metadata.citations.get(*first..first + count),
            _ => None,
        });
        let ledger = &self.views.site.ledger;
        let claims = cited.flatten().filter_map(|citation| ledger.claim(&citation.key));
        let found = weakest(claims.map(|claim| ledger.standing(claim)));
        let (word, label) = found.map_or(("", ""), |standing| (standing.word(), standing.label()));
        BTreeMap::from([("word", word), ("label", label)])
    }

    fn call(&self, index: usize, body: &Body, out: &mut String) -> Result<(), Box<Diagnostic>> {
        let Some(call) = self.metadata.calls.get(index) else { return Ok(()) };
        let mut inner = String::new();
        self.fill(body, &mut inner)?;
        let mut args = Context::new();
        for (name, shown) in super::call::arguments(call, self.metadata, self.renderer, self.root) {
            args.insert_value(name, shown.value);
        }
        if self.renderer.templates.component(&call.name).is_some_and(|component| takes(&component, "weakest")) {
            args.insert_value("weakest", Value::from_serializable(&self.weakest(body)));
        }
        match self.renderer.templates.render_component(&call.name, &args, &inner) {
            Ok(html) if !html.contains(inner.trim()) => {
                let message = format!("`{}` does not show the text between its fences", call.name);
                let hint = "write the text outside of the component, or show `body` in the component's template";
                return Err(Box::new(Diagnostic::new("component-argument", call.span.clone(), message).hint(hint)));
            }
            Ok(html) => out.push_str(&html),
            Err(problem) => return Err(Box::new(blame_call(*problem, call))),
        }
        Ok(())
    }
}

/// Whether a citation has no words beside its number.
fn is_plain(citation: &Citation) -> bool {
    citation.prefix.is_empty() && citation.suffix.is_empty()
}

/// Words beside the number of a citation.
fn affix(before: &str, words: &str, after: &str, out: &mut String) {
    if !words.is_empty() {
        out.push_str(before);
        out.push_str("<span class=\"affix\">");
        push_attribute(out, words);
        out.push_str("</span>");
        out.push_str(after);
    }
}

/// A citation as its page writes it.
fn written(citation: &Citation) -> String {
    let place = citation.locator.as_deref().unwrap_or_default();
    match (citation.in_text, place.is_empty()) {
        (_, true) => format!("@{}", citation.key),
        (true, false) => format!("@{} [{place}]", citation.key),
        (false, false) => format!("@{}, {place}", citation.key),
    }
}

fn blame_call(problem: Diagnostic, call: &Call) -> Diagnostic {
    problem.label(call.span.clone(), format!("called here, as `{{{}}}`", call.name))
}

impl Numbers {
    /// Numbers the citations of metadata by key, in order of first appearance, and letters the parts of one source.
    pub fn of(metadata: &PageMetadata, views: Views<'_>) -> (Self, Vec<ReferenceView>) {
        let mut references: Vec<ReferenceView> = Vec::new();
        let mut known: rustc_hash::FxHashMap<&str, usize> = rustc_hash::FxHashMap::default();
        let mut parts: rustc_hash::FxHashMap<(usize, Option<&str>), usize> = rustc_hash::FxHashMap::default();
        let mut cited = Vec::with_capacity(metadata.citations.len());
        for citation in &metadata.citations {
            let key = citation.key.as_str();
            let at = known.get(key).copied().or_else(|| {
                references.push(reference(key, references.len() + 1, views)?);
                known.insert(key, references.len() - 1);
                Some(references.len() - 1)
            });
            cited.push(at.and_then(|at| {
                let reference = references.get_mut(at)?;
                let place = reference.places.len() + 1;
                let view = PlaceView { id: format!("cite-{}-{place}", at + 1), label: format!("place {place}") };
                reference.places.push(view.clone());
                let part = *parts.entry((at, citation.locator.as_deref())).or_insert(reference.parts.len());
                match reference.parts.get_mut(part) {
                    Some(part) => part.places.push(view),
                    None => reference.parts.push(PartView {
                        id: format!("ref-{}{}", at + 1, letter(part)),
                        letter: letter(part),
                        locator: citation.locator.clone().unwrap_or_default(),
                        link: link_of(key, citation.locator.as_deref(), views),
                        places: vec![view],
                    }),
                }
                Some((at, place, part))
            }));
        }
        let is_parted = |at: usize| references.get(at).is_some_and(|reference| reference.parts.len() > 1);
        let mark = |(at, place, part)| {
            let letter = if is_parted(at) { letter(part) } else { String::new() };
            Mark { number: at + 1, place, letter }
        };
        let marks = cited.into_iter().map(|cited| cited.map(mark)).collect();
        for reference in &mut references {
            if let [only] = reference.parts.as_mut_slice() {
                reference.locator = std::mem::take(&mut only.locator);
                reference.link = only.link.take();
                reference.parts.clear();
            }
        }
        let mut given = rustc_hash::FxHashSet::default();
        for reference in &mut references {
            let fresh = views.sources_of(&reference.key).filter(|source| given.insert(source.id.as_str()));
            reference.coins = fresh.filter_map(coins).collect();
        }
        (Self { marks }, references)
    }
}

/// `a` to `z`, then `aa`.
fn letter(number: usize) -> String {
    let last = char::from(b'a' + u8::try_from(number % 26).unwrap_or_default());
    let before = number / 26;
    if before == 0 { last.to_string() } else { format!("{}{last}", letter(before - 1)) }
}

fn reference(key: &str, number: usize, views: Views<'_>) -> Option<ReferenceView> {
    let ledger = &views.site.ledger;
    let claim = ledger.claim(key).map(|claim| views.claim(claim));
    let source = source_ref(key, views);
    let kind = if claim.is_some() { "claim" } else { source.as_ref().map(|_| "source")? };
    let (id, key, locator, link) = (format!("ref-{number}"), key.to_owned(), String::new(), None);
    let (parts, places, coins) = (Vec::new(), Vec::new(), Vec::new());
    Some(ReferenceView { number, id, key, kind, claim, source, locator, link, parts, places, coins })
}

/// A source, as a reference shows it.
pub(super) fn source_ref(key: &str, views: Views<'_>) -> Option<SourceRef> {
    views.site.ledger.source(key).zip(views.source_ref(key)).map(|(source, reference)| SourceRef {
        id: reference.id,
        label: reference.label,
        title: reference.title,
        href: reference.href,
        reference: reference_html(source),
        reliability: source.reliability.name(),
    })
}

/// The reference of a source as safe HTML.
pub(super) fn reference_html(source: &Source) -> String {
    let mut out = String::new();
    for piece in pieces(source) {
        match piece {
            Piece::Text(words) => push_attribute(&mut out, &words),
            Piece::Title(words) => {
                out.push_str("<cite>");
                push_attribute(&mut out, &words);
                out.push_str("</cite>");
            }
            Piece::Link { href, words } => {
                out.push_str("<a class=\"external\" rel=\"external noopener\" href=\"");
                push_attribute(&mut out, &href);
                out.push_str("\">");
                push_attribute(&mut out, &words);
                out.push_str("</a>");
            }
        }
    }
    out
}

/// The address of the place that a citation of a source names, where it has one.
fn link_of(key: &str, locator: Option<&str>, views: Views<'_>) -> Option<String> {
    link(views.site.ledger.source(key)?, Some(&Locator::parse(locator?).ok()?), None)
}

impl ResolvedLink {
    /// The address as a page writes it from which the top of the site is at `root`.
    pub fn written(&self, root: &str) -> String {
        match self.from_top {
            true if root.is_empty() && self.href.is_empty() => "./".to_owned(),
            true => [root, &self.href].concat(),
            false => self.href.clone(),
        }
    }
}

impl Renderer {
    /// Where the links of a page lead, as addresses.
    pub(super) fn resolve_links(&self, id: PageId) -> Vec<ResolvedLink> {
        let metadata = &self.linked.page(id).metadata;
        metadata.links.iter().map(|link| self.resolve_link(metadata, &link.target)).collect()
    }

    /// Where a link of a page leads, as an address.
    pub(super) fn resolve_link(&self, metadata: &PageMetadata, target: &str) -> ResolvedLink {
        let here = |href: String| ResolvedLink { href, from_top: false, external: false, size: None };
        let below_top = |path: &str, rest: &str| ResolvedLink { from_top: true, ..here([path, rest].concat()) };
        let site = &self.linked;
        match site.resolve(&metadata.path, target) {
            Target::External(address) => {
                let scheme = link_scheme(&address);
                let external = matches!(scheme.as_deref(), None | Some("http" | "https"));
                ResolvedLink { external, ..here(address) }
            }
            Target::Here(rest) => here(rest),
            Target::NoAnchor { rest, .. } if target.starts_with('#') => here(rest),
            // A place that is not there still is on its page.
            Target::Page(page, rest) | Target::NoAnchor { page, rest, .. } => below_top(&site.page(page).href, &rest),
            Target::File(file, rest) => {
                let below = output_of(&file);
                let printed = file.below("static").and_then(|below| self.assets.get(below));
                let href = printed.cloned().unwrap_or_else(|| encode(below));
                ResolvedLink { size: self.pictures.get(&file).copied(), ..below_top(&href, &rest) }
            }
            Target::Hidden(_) | Target::Refused | Target::Nothing(_) => here(target.to_owned()),
        }
    }

    /// All links of a page, its picture too, each with the address that it writes.
    pub fn written_links(&self, id: PageId) -> Vec<(Link, String)> {
        let (metadata, root) = (&self.linked.page(id).metadata, self.root(id));
        let image = metadata.front.image.as_ref().map(|image| {
            let span = metadata.front_span("image");
            Link { target: image.clone(), image: true, raw: false, span }
        });
        let links = metadata.links.iter().cloned().chain(image);
        let written = |link: Link| {
            let to = self.resolve_link(metadata, &link.target).written(&root);
            (link, to)
        };
        links.map(written).collect()
    }
}

/// Where a copied file ends up below the output folder.
pub fn output_of(file: &SitePath) -> &str {
    file.below("content").or_else(|| file.below("static")).unwrap_or(file.as_str())
}
