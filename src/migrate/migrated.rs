//! A site that was imported, and what may still be changed before it is written.

use std::collections::BTreeMap;

use super::body::Finished;
use super::layout::Placed;
use super::report::{Notes, Report};
use super::site_toml::SiteToml;
use super::{Generator, home};
use crate::diag::Diagnostics;
use crate::source::{Files, SitePath};

/// An imported site.
#[derive(Debug, Default)]
pub struct Migrated {
    /// The new site's files, by path; `site.toml` is among them.
    pub files: BTreeMap<SitePath, Content>,
    /// How many pages there are.
    pub pages: usize,
    /// How many of them are drafts.
    pub drafts: usize,
    /// The generator of the old site.
    pub from: Generator,
    /// Old and new addresses of pages whose old address is known and differs.
    pub moved: Vec<(String, String)>,
    pub(super) report: Report,
    pub(super) site_toml: SiteToml,
    /// The old file of each page.
    pub(super) sources: BTreeMap<SitePath, SitePath>,
}

/// The contents of a file of the new site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// This text.
    Text(String),
    /// The bytes of a file of the old folder.
    Copy(SitePath),
}

impl Migrated {
    pub(super) fn add_page(&mut self, placed: &Placed, finished: &Finished, contents: &str) {
        let front = placed.page.front.write(&placed.aliases);
        let mut text = finished.text.clone();
        if front.is_empty() && ["---", "+++", "{"].iter().any(|mark| text.trim_start().starts_with(mark)) {
            // An empty front matter, so that the text is not read as one.
            text.insert_str(0, "---\n---\n");
        }
        if home::is_home(placed) && !contents.is_empty() {
            text = format!("{}\n\n## Contents\n\n{contents}", text.trim_end());
        }
        self.drafts += usize::from(placed.page.front.is_draft);
        self.site_toml.needs_trust |= finished.needs_trust;
        if let Some(old) = placed.old.as_ref().filter(|old| **old != placed.output) {
            self.moved.push((old.clone(), placed.output.clone()));
        }
        self.sources.insert(placed.target.clone(), placed.page.source.clone());
        self.files.insert(placed.target.clone(), Content::Text(format!("{front}{text}")));
    }

    pub(super) fn add_home(&mut self, contents: &str) {
        let Ok(home) = SitePath::new("content/index.md") else { return };
        if self.pages > 0 && !self.files.contains_key(&home) {
            let text = format!("{}\n{contents}", home::page(&self.site_toml.title));
            self.files.insert(home, Content::Text(text));
        }
    }

    /// What was left out or changed: each kind once, at its first place in the old folder.
    pub fn problems(&self) -> Diagnostics {
        self.report.problems()
    }

    /// The report with every place, as the new site keeps it.
    pub fn report(&self, files: &dyn Files) -> String {
        let text = |path: &SitePath| files.read(path).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let mut out = self.report.markdown(&text);
        if !self.moved.is_empty() {
            out.push_str("\n## Pages with another address\n\nThe old address leads to the new one, unless it is listed above.\n\n| old | new |\n|---|---|\n");
            for (old, new) in &self.moved {
                out.push_str(&format!("| {old} | {new} |\n"));
            }
        }
        out
    }

    /// Whether problems of some kinds are warnings in the new site.
    pub fn is_lenient(&self) -> bool {
        !self.site_toml.warn.is_empty()
    }

    /// Whether problems of a kind are warnings in the new site.
    pub fn allows(&self, code: &str) -> bool {
        self.site_toml.warn.contains(code)
    }

    /// Lets problems of these kinds be warnings in the new site, so that it builds before they are solved.
    pub fn allow(&mut self, codes: &[&str]) {
        self.site_toml.warn.extend(codes.iter().map(|code| (*code).to_owned()));
        if let Ok(path) = SitePath::new("site.toml") {
            self.files.insert(path, Content::Text(self.site_toml.write()));
        }
    }

    /// Trusts the authors of the old site, some of whose files need that.
    pub fn trust(&mut self) {
        self.site_toml.needs_trust = true;
        self.allow(&[]);
    }

    /// Leaves out a page that keeps the new site from being built; `false` if it is not an imported page.
    pub fn leave_out(&mut self, page: &SitePath, why: &str) -> bool {
        let Some(source) = self.sources.remove(page) else { return false };
        self.files.remove(page);
        self.pages -= 1;
        self.site_toml.nav.retain(|(_, file)| page.below("content") != Some(file.as_str()));
        self.allow(&[]);
        let message = format!("the page was not imported: {why}");
        Notes { file: &source, report: &mut self.report }.add_single(
            0..0,
            message,
            "correct it, and add it to the new site",
        );
        true
    }
}
