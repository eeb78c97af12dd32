//! The table of contents on the home page, and the main navigation.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::layout::Placed;
use super::lookup::{Lookup, Place};
use super::navigation::NavItem;
use super::tags::{TagPages, is_listed, label};
use super::values::quoted;

/// The maximum number of navigation entries.
const NAV_LIMIT: usize = 8;

/// The file of the home page, below `content`.
const HOME: &str = "index.md";

/// The inputs of the home page and the navigation.
pub(super) struct Home<'a> {
    pub lookup: &'a Lookup<'a>,
    pub tags: &'a TagPages,
    /// Pages that are left out for their dates.
    pub hidden: &'a FxHashSet<usize>,
}

impl Home<'_> {
    /// The old table of contents as a list, to be added to the home page. Empty if there is none.
    pub fn contents(&self) -> String {
        let mut lines = String::new();
        self.list(&self.lookup.site.navigation, 0, &mut lines);
        lines
    }

    fn list(&self, items: &[NavItem], depth: usize, lines: &mut String) {
        for item in items {
            let page = item.target.as_ref().and_then(|target| self.page(target));
            let shown = page.filter(|index| self.is_shown(*index)).and_then(|index| self.lookup.pages.get(index));
            let title = label(&item.shown_title(shown));
            let indent = "  ".repeat(depth);
            let mut below = String::new();
            self.list(&item.children, depth + 1, &mut below);
            match shown.map(file) {
                // The home page does not list itself.
                Some(HOME) => self.list(&item.children, depth, lines),
                Some(file) => lines.push_str(&format!("{indent}- [{title}](<{file}>)\n{below}")),
                None if item.target.is_some() && below.is_empty() => {}
                None if title.is_empty() => self.list(&item.children, depth, lines),
                None => lines.push_str(&format!("{indent}- {title}\n{below}")),
            }
        }
    }

    /// The page that an entry of the navigation leads to: an old file, or an address.
    fn page(&self, target: &str) -> Option<usize> {
        let by_file = self.lookup.pages.iter().position(|placed| placed.page.source.as_str() == target);
        by_file.or_else(|| match self.lookup.find(0, &format!("/{}", target.trim_start_matches('/')))? {
            Place::Page(index) => Some(index),
            Place::File(_) | Place::Tag(_) => None,
        })
    }

    fn is_shown(&self, index: usize) -> bool {
        !self.hidden.contains(&index) && self.lookup.pages.get(index).is_some_and(is_listed)
    }

    /// The entries of the main navigation: the old menu, else the first level of the table of contents, else of the
    /// site.
    pub fn navigation(&self) -> Vec<(String, String)> {
        let site = self.lookup.site;
        let menu = self.entries(&site.menu);
        let contents = || Some(self.entries(&site.navigation)).filter(|entries| !entries.is_empty());
        let mut chosen = if menu.is_empty() { contents().unwrap_or_else(|| self.top()) } else { menu };
        let mut seen = FxHashSet::default();
        chosen.retain(|(_, file)| seen.insert(file.clone()));
        chosen.truncate(NAV_LIMIT);
        chosen
    }

    /// Entries that lead to pages, or to the first page below them.
    fn entries(&self, items: &[NavItem]) -> Vec<(String, String)> {
        let entry = |item: &NavItem| {
            let first =
                item.target.as_ref().or_else(|| item.children.iter().find_map(|child| child.target.as_ref()))?;
            let placed = self
                .page(first)
                .filter(|index| self.is_shown(*index))
                .and_then(|index| self.lookup.pages.get(index))?;
            (file(placed) != HOME).then(|| (item.shown_title(Some(placed)), file(placed).to_owned()))
        };
        items.iter().filter_map(entry).collect()
    }

    /// Folders of the first level, and its pages where there are few.
    fn top(&self) -> Vec<(String, String)> {
        let mut top: BTreeMap<&str, (Option<i64>, String, String)> = BTreeMap::new();
        for placed in
            self.lookup.pages.iter().enumerate().filter(|(index, _)| self.is_shown(*index)).map(|(_, placed)| placed)
        {
            let name = file(placed);
            let (folder, rest) = name.split_once('/').unwrap_or((name, ""));
            if rest.is_empty() || rest == HOME {
                top.insert(folder, (placed.page.front.order, placed.page.shown_title(), name.to_owned()));
            } else {
                let title = || crate::parse::title_from_name(folder);
                top.entry(folder).or_insert_with(|| (None, title(), format!("{folder}/{HOME}")));
            }
        }
        top.remove(HOME);
        let few = top.len() <= NAV_LIMIT;
        let mut top: Vec<_> = top.into_values().filter(|(_, _, file)| few || file.contains('/')).collect();
        top.sort_by_key(|(order, _, _)| (order.is_none(), *order));
        let tags = self
            .tags
            .indexes
            .iter()
            .filter_map(|(title, target)| Some((title.clone(), target.below("content")?.to_owned())));
        top.into_iter().map(|(_, title, file)| (title, file)).chain(tags).collect()
    }
}

impl NavItem {
    /// Its title, else that of its page.
    fn shown_title(&self, page: Option<&Placed>) -> String {
        match page {
            Some(placed) if self.title.is_empty() => placed.page.shown_title(),
            _ => self.title.clone(),
        }
    }
}

fn file(placed: &Placed) -> &str {
    placed.target.below("content").unwrap_or_default()
}

/// A home page for a site that had none.
pub(super) fn page(title: &str) -> String {
    format!("---\ntitle: {}\n---\n", quoted(title))
}

/// Whether a page is the home page.
pub(super) fn is_home(placed: &Placed) -> bool {
    file(placed) == HOME
}
