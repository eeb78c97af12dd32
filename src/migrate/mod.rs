//! Markdown of other generators as the pages of a new site. What can be carried over is; what cannot is kept where
//! nothing reads it, or left in the text as it was, and told line by line. Nothing here writes: the result is data.

mod body;
mod calls;
mod fences;
mod folder;
mod front;
mod links;
mod names;
mod settings;

use std::collections::{BTreeMap, BTreeSet};

pub use folder::Generator;

use crate::diag::{Diagnostic, Diagnostics};
use crate::source::{Files, SitePath, Span};

use body::Carried;
use folder::Folder;

/// What came of a folder of Markdown.
#[derive(Debug, Default)]
pub struct Migrated {
    /// The new site's files, by path; `site.toml` is among them.
    pub files: BTreeMap<SitePath, Content>,
    /// What could not be carried over, at its place in the old folder.
    pub problems: Diagnostics,
    /// How many pages there are.
    pub pages: usize,
    /// What the folder was made for.
    pub from: Generator,
    /// What `site.toml` was made from, to make it again with other codes in it.
    settings: settings::Settings,
}

/// What stands in a file of the new site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// This text.
    Text(String),
    /// The bytes of a file of the old folder.
    Copy(SitePath),
}

/// Where problems are collected, each at a place in a file of the old folder.
struct Notes<'a> {
    file: &'a SitePath,
    problems: &'a mut Diagnostics,
}

impl Notes<'_> {
    fn tell(&mut self, at: std::ops::Range<usize>, message: String, hint: &str) {
        let found = Diagnostic::new("not-carried-over", Span::new(self.file, at), message);
        self.problems.push(found.hint(hint));
    }
}

/// Carries a folder over. `title` names the site where nothing in the folder does; `components` are what a name in braces
/// after a fence may call in the new site.
pub fn migrate(files: &dyn Files, title: &str, components: &[String]) -> Migrated {
    let mut problems = Diagnostics::default();
    let folder = Folder::look(files, title, components, &mut problems);
    let mut made = Migrated { from: folder.generator, ..Migrated::default() };
    let mut pages: Vec<settings::Entry> = Vec::new();
    let mut has_html = false;
    for (from, to) in &folder.pages {
        let mut notes = Notes { file: from, problems: &mut problems };
        let Some(text) = folder::text(files, from, &mut notes) else { continue };
        let Carried { text, html, order, title } = body::carry(&folder, from, to, &text, &mut notes);
        has_html |= html;
        pages.push(settings::Entry { file: to.below("content").unwrap_or_default().to_owned(), order, title });
        made.files.insert(to.clone(), Content::Text(text));
    }
    for (from, to) in &folder.others {
        made.files.insert(to.clone(), Content::Copy(from.clone()));
    }
    made.pages = pages.len();
    made.settings = settings::Settings::of(&folder, pages, has_html);
    if let Ok(home) = SitePath::new("content/index.md")
        && !made.files.contains_key(&home)
        && made.pages > 0
    {
        made.files.insert(home, Content::Text(made.settings.home()));
    }
    made.problems = problems;
    made.demand_less(&BTreeSet::new());
    made
}

impl Migrated {
    /// Whether problems of some kinds are warnings in the new site.
    pub fn is_lenient(&self) -> bool {
        self.settings.is_lenient
    }

    /// Lets problems of these kinds be warnings in the new site, so that it builds before they are mended.
    pub fn demand_less(&mut self, codes: &BTreeSet<&str>) {
        self.settings.is_lenient = !codes.is_empty();
        if let Ok(path) = SitePath::new("site.toml") {
            self.files.insert(path, Content::Text(self.settings.toml(codes)));
        }
    }
}

#[cfg(test)]
mod tests;
