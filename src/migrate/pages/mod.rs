//! Reads the pages of the old site: their text, front matter and role.

mod place;

use std::collections::BTreeSet;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde_yaml::Value;

use super::defaults::Defaults;
use super::front_matter::{self, Found, FrontMatter, Reader};
use super::input::Input;
use super::old_site::{OldSite, Scope};
use super::report::{Notes, Report};
use super::values::{Map, is_on};
use super::{Generator, kinds};
use crate::source::{SitePath, Span};

/// The role of a page in its folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Role {
    /// A page beside others.
    #[default]
    Leaf,
    /// The index of its folder.
    Index,
    /// A page in a folder of its own, with its pictures.
    Bundle,
    /// A text that belongs to the page of its folder, and is not a page itself.
    Resource,
}

/// A page of the old site.
#[derive(Clone, Debug)]
pub(super) struct Page {
    pub source: SitePath,
    /// The folder it is in, below its root; slashes only between names.
    pub folder: String,
    /// Its name without extension, language and date.
    pub stem: String,
    pub role: Role,
    pub scope: Scope,
    /// What its address begins with.
    pub prefix: String,
    pub front: FrontMatter,
    /// All keys of its front matter, with those that folders and configuration add.
    pub values: Map,
    /// The whole file.
    pub file: String,
    /// Where its text begins.
    pub body: usize,
}

/// A page as it was read, before defaults are applied.
struct RawPage {
    source: SitePath,
    root: usize,
    file: String,
    found: Option<Found>,
    map: Map,
    unread: bool,
}

/// Reads all pages.
pub(super) fn read(input: &Input<'_>, site: &OldSite, pages: &[(SitePath, usize)], report: &mut Report) -> Vec<Page> {
    let one = |(source, root): &(SitePath, usize)| {
        let mut report = Report::default();
        let draft = read_one(input, site, source, *root, &mut report);
        (draft, report)
    };
    let read: Vec<(Option<RawPage>, Report)> = pages.par_iter().map(one).collect();
    let mut drafts = Vec::with_capacity(read.len());
    for (draft, own) in read {
        drafts.extend(draft);
        report.extend(own);
    }
    let inherited = inherited(site, &drafts);
    let sources: BTreeSet<String> = drafts.iter().map(|draft| draft.source.to_string()).collect();
    let exists = |path: &str| sources.contains(path);
    drafts.into_iter().map(|draft| finish(site, draft, &inherited, &exists, report)).collect()
}

fn read_one(input: &Input<'_>, site: &OldSite, source: &SitePath, root: usize, report: &mut Report) -> Option<RawPage> {
    let file = input.text(source, report)?;
    let found = front_matter::find(&file, site.generator);
    let mut draft = RawPage { source: source.clone(), root, file, found, map: Map::new(), unread: false };
    if let Some(found) = &draft.found {
        match front_matter::parse(&draft.file, found) {
            Ok(map) => draft.map = map,
            Err((at, message)) => {
                let at = found.range.start + at.start..found.range.start + at.end;
                let hint = "it is in a comment of the new page, which is a draft until you write it anew";
                Notes { file: source, report }.add_single(at, message, hint);
                draft.unread = true;
            }
        }
    }
    Some(draft)
}

/// Front matter for all pages below a folder: from the configuration, and from the indexes of folders.
fn inherited(site: &OldSite, drafts: &[RawPage]) -> Vec<Defaults> {
    let mut all = site.defaults.clone();
    for draft in drafts.iter().filter(|draft| draft.source.stem().split('.').next() == Some("_index")) {
        let own = draft.found.as_ref().map_or(0..0, |found| found.range.clone());
        let text = draft.file.get(..own.end).unwrap_or_default();
        let mut add = |map: &Map, from: usize| {
            all.push(Defaults::new(draft.source.folder().to_owned(), map.clone(), &draft.source, text, from));
        };
        let cascade = own.start + front_matter::place(text.get(own.start..).unwrap_or_default(), "cascade").start;
        match draft.map.get("cascade") {
            Some(Value::Mapping(map)) => add(map, cascade),
            // An entry that chooses among the pages is not followed, but for what it hides.
            Some(Value::Sequence(list)) => {
                list.iter().filter_map(Value::as_mapping).for_each(|map| add(map, cascade));
            }
            _ => {}
        }
        if site.generator == Generator::Zola && draft.map.get("draft").is_some_and(is_on) {
            add(&[(Value::from("draft"), Value::from(true))].into_iter().collect(), own.start);
        }
    }
    all
}

fn finish(
    site: &OldSite,
    draft: RawPage,
    inherited: &[Defaults],
    exists: &dyn Fn(&str) -> bool,
    report: &mut Report,
) -> Page {
    let RawPage { source, root, file, found, mut map, unread } = draft;
    let root = site.roots.get(root).cloned().unwrap_or_default();
    let mut given: FxHashMap<String, &Defaults> = FxHashMap::default();
    for defaults in inherited.iter().rev().filter(|defaults| defaults.are_for(&source)) {
        for (key, value) in &defaults.values {
            let Some(name) = key.as_str().filter(|name| !matches!(*name, "_target" | "target")) else { continue };
            if !map.contains_key(key) {
                map.insert(key.clone(), value.clone());
                given.insert(name.to_owned(), defaults);
            }
        }
    }
    map.shift_remove("cascade");
    let front = found.as_ref().map_or(0..0, |found| found.range.clone());
    let own = file.get(front.clone()).unwrap_or_default();
    let place = |key: &str| {
        let own = || {
            let at = front_matter::place(own, key);
            Span::new(&source, front.start + at.start..front.start + at.end)
        };
        given.get(key).map_or_else(own, |defaults| defaults.place(key))
    };
    let (generator, taxonomies) = (site.generator, site.taxonomies.as_slice());
    let read = Reader { page: &source, generator, taxonomies, place: &place, report }.read(map.clone());
    let mut notes = Notes { file: &source, report };
    let unread = unread.then(|| own.to_owned());
    let mut page = Page {
        folder: String::new(),
        stem: String::new(),
        role: Role::Leaf,
        scope: root.scope.clone(),
        prefix: root.prefix.clone(),
        front: FrontMatter { is_draft: read.is_draft || unread.is_some() || root.is_hidden, unread, ..read },
        values: map,
        body: found.map_or(0, |found| found.body),
        source: source.clone(),
        file,
    };
    if root.is_hidden {
        notes.add(kinds::DRAFTS, root.folder.as_str(), 0..0);
    }
    if site.drafts.matches(source.as_str()) {
        page.front.is_draft = true;
        notes.add(kinds::DRAFTS, source.as_str(), 0..0);
    }
    page.place(site, &root, exists, &mut notes);
    if page.body == 0 && page.file.starts_with('\u{feff}') {
        page.body = '\u{feff}'.len_utf8();
    }
    page
}

impl Page {
    /// The title that readers saw: of the front matter, else of the first heading, else the file's name.
    pub fn shown_title(&self) -> String {
        self.front.title.clone().or_else(|| self.heading()).unwrap_or_else(|| self.name())
    }

    /// The text of the heading that the page begins with.
    pub fn heading(&self) -> Option<String> {
        let body = self.file.get(self.body..)?;
        let line = body.lines().find(|line| !line.trim().is_empty())?;
        let text = line.strip_prefix("# ")?.trim().trim_end_matches('#').trim_end();
        let text =
            text.rsplit_once('{').filter(|(_, end)| end.ends_with('}')).map_or(text, |(text, _)| text.trim_end());
        (!text.is_empty()).then(|| text.replace(['`', '*'], ""))
    }

    /// Adds the tags and switches that the text contains.
    pub fn add(&mut self, prepared: &super::body::Prepared) {
        self.front.math |= prepared.math;
        if prepared.toc {
            self.front.toc = Some(true);
        }
        for tag in &prepared.tags {
            let tag = ("tags".to_owned(), tag.clone());
            if !self.front.tags.contains(&tag) {
                self.front.tags.push(tag);
            }
        }
        // The name of a note is its title.
        let is_named = self.front.title.is_some() || self.heading().is_some();
        if !is_named {
            self.front.title = Some(self.name());
        }
    }

    /// Its name as a title, from its file or its folder.
    pub fn name(&self) -> String {
        let name = match self.role {
            Role::Index | Role::Bundle => self.folder.rsplit('/').next().unwrap_or_default(),
            Role::Leaf | Role::Resource => &self.stem,
        };
        crate::parse::title_from_name(if name.is_empty() { "home" } else { name })
    }
}
