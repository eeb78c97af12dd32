//! Links of a page: those that named an address, made to name the file that had it.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag};

use super::folder::Folder;
use super::names;
use crate::source::{SitePath, link_scheme};

/// A link or a picture.
pub(super) struct Link {
    /// Where its address stands.
    pub at: Range<usize>,
    /// Its address.
    pub target: String,
}

/// Every link and picture with an address of its own, in order.
pub(super) fn links(text: &str) -> Vec<Link> {
    let parser = Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES);
    let definitions: Vec<Link> = parser
        .reference_definitions()
        .iter()
        .filter_map(|(_, definition)| find(text, definition.span.clone(), &definition.dest))
        .collect();
    let inline = parser.into_offset_iter().filter_map(|(event, range)| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => find(text, range, &dest_url),
        _ => None,
    });
    let mut found: Vec<Link> = inline.chain(definitions).collect();
    found.sort_by_key(|link| link.at.start);
    found.dedup_by_key(|link| link.at.start);
    found
}

/// An address where it was written; what is written with escapes is left alone.
fn find(text: &str, within: Range<usize>, address: &str) -> Option<Link> {
    let at = within.start + text.get(within)?.rfind(address)?;
    // A picture in a link ends before the link's own address.
    (!address.is_empty()).then(|| Link { at: at..at + address.len(), target: address.to_owned() })
}

/// What to write for a link of the page `from`, where that is not what stands there.
pub(super) fn mend(folder: &Folder<'_>, from: &SitePath, target: &str) -> Option<String> {
    if link_scheme(target).is_some() || target.starts_with(['#', '?']) || target.starts_with("//") {
        return None;
    }
    let (path, place) = target.split_at(target.find(['#', '?']).unwrap_or(target.len()));
    let own = folder.pages.get(from)?;
    let home = SitePath::new("content/index.md").ok()?;
    let new = if matches!(path, "/" | "@/") { &home } else { folder.page_at(from, path)? };
    let written = format!("{}{place}", relative(own, new));
    (written != target).then_some(written)
}

/// As [`mend`], for a page that is named without its folder, where only one is called so.
pub(super) fn by_name(folder: &Folder<'_>, from: &SitePath, target: &str) -> Option<String> {
    let (path, place) = target.split_at(target.find('#').unwrap_or(target.len()));
    let name = path.strip_suffix(".md").unwrap_or(path);
    let mut found = folder.pages.iter().filter(|(old, _)| old.stem() == name).map(|(_, new)| new);
    let only = found.next().filter(|_| found.next().is_none())?;
    Some(format!("{}{place}", relative(folder.pages.get(from)?, only)))
}

impl Folder<'_> {
    /// The new page of the one that had this address, or this file name.
    pub(super) fn page_at(&self, from: &SitePath, path: &str) -> Option<&SitePath> {
        let rooted = path.strip_prefix("@/").or_else(|| path.strip_prefix('/'));
        let base = match rooted {
            Some(rooted) if self.content.is_empty() => rooted.to_owned(),
            Some(rooted) => format!("{}/{rooted}", self.content),
            None => from.resolve(path).ok()?.to_string(),
        };
        let base = base.trim_end_matches('/');
        let stem = base.strip_suffix(".html").unwrap_or(base);
        let stem = stem.strip_suffix("/index").unwrap_or(stem);
        let candidates = [
            base.to_owned(),
            format!("{stem}.md"),
            format!("{stem}/index.md"),
            format!("{stem}/_index.md"),
            format!("{stem}/README.md"),
            format!("{stem}.markdown"),
        ];
        let mut found = candidates.iter().filter_map(|name| SitePath::new(name).ok());
        found.find_map(|name| self.pages.get(&name).filter(|_| names::is_page(name.as_str())))
    }
}

/// How a page names another: from its folder.
fn relative(from: &SitePath, to: &SitePath) -> String {
    let (folder, to) = (from.folder(), to.as_str());
    let mine: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let theirs: Vec<&str> = to.split('/').collect();
    let shared =
        mine.iter().zip(theirs.iter().take(theirs.len().saturating_sub(1))).take_while(|(a, b)| a == b).count();
    let up = "../".repeat(mine.len() - shared);
    format!("{up}{}", theirs.get(shared..).unwrap_or_default().join("/"))
}
