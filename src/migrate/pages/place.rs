//! Determines the folder, the name and the role of a page.

use super::super::old_site::{OldSite, Root, Scope, below, join};
use super::super::report::Notes;
use super::super::{Generator, kinds};
use super::{Page, Role};

impl Page {
    /// Sets its folder, its name and its role.
    pub(super) fn place(&mut self, site: &OldSite, root: &Root, exists: &dyn Fn(&str) -> bool, notes: &mut Notes<'_>) {
        let source = self.source.clone();
        let inside = below(source.as_str(), &root.folder).unwrap_or(source.as_str());
        let (folder, _) = inside.rsplit_once('/').unwrap_or(("", inside));
        self.folder = folder.to_owned();
        let mut stem = source.stem();
        if let Some((name, code)) = stem.rsplit_once('.')
            && let Some(language) =
                site.languages.iter().chain(&site.language).find(|known| known.eq_ignore_ascii_case(code))
        {
            stem = name;
            if site.languages.contains(language) && root.language.is_none() {
                self.prefix = join(&language.to_lowercase(), &self.prefix);
            }
        }
        if site.generator == Generator::Jekyll {
            self.place_post(notes);
        }
        let is_post = self.scope == Scope::Posts;
        if let Some((day, rest)) = dated(stem)
            && (is_post || matches!(site.generator, Generator::Zola | Generator::Eleventy | Generator::Plain))
        {
            self.front.date = self.front.date.or(Some(day));
            if site.generator != Generator::Eleventy {
                stem = rest;
            }
        }
        self.stem = stem.to_owned();
        let has = |name: &str| exists(&join(source.folder(), name));
        self.role = match (stem, site.generator) {
            ("_index", _) => Role::Index,
            ("index", Generator::Zola | Generator::Hugo) if !self.folder.is_empty() => Role::Bundle,
            ("index", _) => Role::Index,
            ("README" | "readme", Generator::Plain | Generator::MdBook | Generator::MkDocs | Generator::Jekyll)
                if !["index.md", "index.markdown", "index.mdx"].iter().any(|name| has(name)) =>
            {
                Role::Index
            }
            (_, Generator::Hugo) if !self.folder.is_empty() && has("index.md") => Role::Resource,
            _ => Role::Leaf,
        };
        if self.role == Role::Resource {
            self.front.is_draft = true;
            notes.add(kinds::DRAFTS, self.source.as_str(), 0..0);
        }
    }

    /// Posts of Jekyll are in folders `_posts`, and drafts in `_drafts`, anywhere.
    fn place_post(&mut self, notes: &mut Notes<'_>) {
        let parts: Vec<&str> = self.folder.split('/').filter(|part| !part.is_empty()).collect();
        let Some(at) = parts.iter().position(|part| matches!(*part, "_posts" | "_drafts")) else { return };
        if parts.get(at) == Some(&"_drafts") {
            self.front.is_draft = true;
            notes.add(kinds::DRAFTS, self.source.as_str(), 0..0);
        }
        // The folders before are categories.
        for category in parts.iter().take(at) {
            let tag = ("categories".to_owned(), (*category).to_owned());
            if !self.front.tags.contains(&tag) {
                self.front.tags.insert(0, tag);
            }
        }
        self.folder = parts.iter().skip(at + 1).copied().collect::<Vec<_>>().join("/");
        self.scope = Scope::Posts;
    }
}

/// The day that a file's name begins with, and the rest: `2020-01-31-notes`.
fn dated(stem: &str) -> Option<(jiff::civil::Date, &str)> {
    let (day, rest) = stem.split_at_checked(10)?;
    let rest = rest.strip_prefix(['-', '_']).filter(|rest| !rest.is_empty())?;
    Some((day.parse().ok()?, rest))
}
