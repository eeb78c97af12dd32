//! Generates a page for each tag, which lists its pages, at its old address if that is known.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::address;
use super::front_matter;
use super::layout::Placed;
use super::lookup::relative;
use super::old_site::{OldSite, join};
use super::values::quoted;
use super::{Content, Generator};
use crate::source::{SitePath, Span};

/// The pages of tags of the new site.
#[derive(Debug, Default)]
pub(super) struct TagPages {
    pub files: BTreeMap<SitePath, Content>,
    /// Where each is, by its old address.
    pub by_address: FxHashMap<String, SitePath>,
    /// The pages that list all tags of a kind, with their titles.
    pub indexes: Vec<(String, SitePath)>,
    /// The words, each with the first page that has it.
    pub words: Vec<(String, Span)>,
}

/// Makes a page for each tag of a published page.
pub(super) fn make(site: &OldSite, pages: &[Placed], take: &mut dyn FnMut(&str) -> bool) -> TagPages {
    let mut made = TagPages::default();
    for (key, segment) in &site.taxonomies {
        let mut tagged: BTreeMap<String, (String, Vec<&Placed>)> = BTreeMap::new();
        for placed in pages.iter().filter(|placed| is_listed(placed)) {
            for (_, word) in placed.page.front.tags.iter().filter(|(known, _)| known == key) {
                let slug = slug(site, word);
                let entry = tagged.entry(slug).or_insert_with(|| (word.clone(), Vec::new()));
                if !entry.1.iter().any(|known| known.target == placed.target) {
                    entry.1.push(placed);
                }
            }
        }
        // A page of the old site at the address comes first.
        if tagged.is_empty() || !take(&format!("{segment}/index.html")) {
            continue;
        }
        for (slug, (word, placed)) in tagged {
            let name = join(segment, &slug);
            let Ok(target) = SitePath::new(&format!("content/{name}.md")) else { continue };
            if !take(&address::new_output(&name, site.folder_urls)) {
                continue;
            }
            made.by_address.insert(name, target.clone());
            made.words.extend(placed.first().map(|first| (word.clone(), place(key, &word, first))));
            let text = page(&word, &placed, &target);
            made.files.insert(target, Content::Text(text));
        }
        let title = crate::parse::title_from_name(key);
        if let Ok(target) = SitePath::new(&format!("content/{segment}/index.md")) {
            made.by_address.insert(segment.clone(), target.clone());
            made.files.insert(target.clone(), Content::Text(format!("---\ntitle: {}\n---\n", quoted(&title))));
            made.indexes.push((title, target));
        }
    }
    made
}

/// Where a page has a tag.
fn place(key: &str, word: &str, placed: &Placed) -> Span {
    let page = &placed.page;
    let front = page.file.get(..page.body).unwrap_or_default();
    let single = if key == "categories" { "category" } else { key.trim_end_matches('s') };
    let keys = [key, single].map(|key| front_matter::place(front, key)).into_iter().filter(|at| !at.is_empty());
    let mut found = keys.filter_map(|at| Some(at.start + front.get(at.start..)?.find(word)?));
    let inline = || page.file.find(&format!("#{word}"));
    let at = found.next().or_else(inline).map_or(0..0, |at| at..at + word.len());
    Span::new(&page.source, at)
}

/// Whether a page is in lists: drafts are not.
pub(super) fn is_listed(placed: &Placed) -> bool {
    !placed.page.front.is_draft
}

fn slug(site: &OldSite, word: &str) -> String {
    match site.generator {
        Generator::Hugo | Generator::Zola => site.slugify.part(word),
        _ => crate::parse::slug(word),
    }
}

fn page(word: &str, pages: &[&Placed], target: &SitePath) -> String {
    let mut lines: Vec<String> = pages
        .iter()
        .map(|placed| format!("- [{}](<{}>)\n", label(&placed.page.shown_title()), relative(target, &placed.target)))
        .collect();
    lines.sort();
    format!("---\ntitle: {}\n---\n\n{}", quoted(word), lines.concat())
}

/// A text as the label of a link.
pub(super) fn label(text: &str) -> String {
    let special =
        |c: char| matches!(c, '[' | ']' | '\\' | '`' | '*' | '_' | '<' | '>' | '&' | '{' | '}' | '$' | '^' | '~' | '|');
    text.chars().flat_map(|c| special(c).then_some('\\').into_iter().chain(std::iter::once(c))).collect()
}
