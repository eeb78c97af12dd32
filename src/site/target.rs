//! What a link leads to.

use std::borrow::Cow;
use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use crate::config::Globs;
use crate::diag::did_you_mean;
use crate::evidence::RecordKind;
use crate::source::SitePath;

use super::{Host, ListKind, PageId, Site, decode, encode, keep_encoded};

/// Every file of the site that is not a page, from the root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// Below `content`: pictures and downloads beside the pages.
    pub content: BTreeSet<SitePath>,
    /// Below `static`.
    pub fixed: BTreeSet<SitePath>,
    /// Below `content`, and not published.
    pub refused: BTreeSet<SitePath>,
}

/// What a link leads to. What stands after its path, a query and a fragment, comes ready to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Another site, or a mail address: left as it is.
    External(String),
    /// A page, with what stands after its path; its fragment is one that the page is known or assumed to have.
    Page(PageId, String),
    /// A place on the same page.
    Here(String),
    /// An input file that is copied, from the root, with what stands after its path.
    File(SitePath, String),
    /// A page that exists but lacks an anchor.
    NoAnchor {
        /// The page.
        page: PageId,
        /// What stands after its path.
        rest: String,
        /// The anchor.
        anchor: String,
        /// The nearest that the page has.
        near: Option<String>,
    },
    /// A content file that is no page of this build.
    Hidden(super::Hidden),
    /// A file that is there and is not published.
    Refused,
    /// Nothing; with the file that was probably meant.
    Nothing(Option<String>),
}

impl Site {
    /// What `link`, written in the content file `from`, leads to.
    pub fn resolve(&self, from: &SitePath, link: &str) -> Target {
        if has_scheme(link) || link.starts_with("//") {
            return Target::External(link.to_owned());
        }
        let (path, query, fragment) = parts(link);
        if path.is_empty() {
            let Some(page) = self.find(from) else { return Target::Here(keep_encoded(link)) };
            return match self.place(page, query, fragment) {
                Target::Page(_, rest) if query.is_empty() && fragment.is_some() => {
                    Target::Here(if rest.is_empty() { "#".to_owned() } else { rest })
                }
                other => other,
            };
        }
        match self.page_at(from, path) {
            Some(page) => self.place(page, query, fragment),
            None => self.linked_file(from, path, link),
        }
    }

    /// The page that `link`, written in `from`, leads to.
    pub(super) fn linked_page(&self, from: &SitePath, link: &str) -> Option<PageId> {
        if has_scheme(link) {
            return None;
        }
        Some(parts(link).0).filter(|path| !path.is_empty()).and_then(|path| self.page_at(from, path))
    }

    /// The page at a path, written in `from`.
    fn page_at(&self, from: &SitePath, path: &str) -> Option<PageId> {
        // Most links are plain to see.
        let mut plain = String::new();
        let found = from.resolve_plainly(path, &mut plain).then(|| self.by_file.get(plain.as_str()).copied()).flatten();
        found.or_else(|| {
            let path = content_path(from, path)?;
            self.find(&path).or_else(|| self.find(self.spelled_otherwise(&path)?))
        })
    }

    /// The file whose name differs from `path` only in how its accents are written: file systems of Apple keep them apart
    /// from their letters (NFD), editors write them together (NFC).
    fn spelled_otherwise(&self, path: &SitePath) -> Option<&SitePath> {
        if path.as_str().is_ascii() {
            return None;
        }
        let files = self.indexes.normalized.get_or_init(|| {
            let pages = self.ids().map(|id| &self.page(id).metadata.path);
            let files = pages.chain(&self.files.content).chain(&self.files.fixed);
            let named: Vec<&SitePath> = files.filter(|file| !file.as_str().is_ascii()).collect();
            // Of two names that differ in nothing else the first counts.
            named.into_iter().rev().map(|file| (file.as_str().nfc().collect(), file.clone())).collect()
        });
        files.get(&path.as_str().nfc().collect::<String>())
    }

    /// The file of a set at a path, however its accents are written.
    fn file_in<'s>(&'s self, files: &'s BTreeSet<SitePath>, path: &SitePath) -> Option<&'s SitePath> {
        files.get(path).or_else(|| files.get(self.spelled_otherwise(path)?))
    }

    fn linked_file(&self, from: &SitePath, path: &str, link: &str) -> Target {
        let rest = || keep_encoded(link.get(path.len()..).unwrap_or_default());
        if let Some(content) = content_path(from, path) {
            if let Some(hidden) = self.hidden(&content) {
                return Target::Hidden(hidden);
            }
            if let Some(file) = self.file_in(&self.files.content, &content) {
                return Target::File(file.clone(), rest());
            }
            if self.files.refused.contains(&content) {
                return Target::Refused;
            }
        }
        let decoded = decode(path).unwrap_or_else(|| path.to_owned());
        if let Some(fixed) = SitePath::new(&format!("static/{}", decoded.trim_start_matches('/'))).ok()
            && let Some(file) = self.file_in(&self.files.fixed, &fixed)
        {
            return Target::File(file.clone(), rest());
        }
        Target::Nothing(self.nearest(&decoded))
    }

    /// A page with a query and a fragment.
    fn place(&self, page: PageId, query: &str, fragment: Option<&str>) -> Target {
        let (id, directive) = fragment.map_or(("", ""), split_directive);
        let id = decode(id).unwrap_or_else(|| id.to_owned());
        let mark = if id.is_empty() && directive.is_empty() { "" } else { "#" };
        let rest = [&keep_encoded(query), mark, &encode(&id), &keep_encoded(directive)].concat();
        if id.is_empty() || id.eq_ignore_ascii_case("top") || self.has_anchor(page, &id) {
            // An entry of a long list is on a page of its own.
            return Target::Page(self.place_in(page, &id), rest);
        }
        let near = self.nearest_anchor(page, &id).map(str::to_owned);
        Target::NoAnchor { page, rest, anchor: id, near }
    }

    /// The file that `site.toml` names as the picture of the site, from the root.
    pub fn picture(&self) -> Option<SitePath> {
        let name = self.config.image.as_ref()?;
        SitePath::new(&format!("static/{}", name.as_str())).ok().filter(|path| self.files.fixed.contains(path))
    }

    fn nearest(&self, path: &str) -> Option<String> {
        let names = self.indexes.names.get_or_init(|| {
            let files = self.pages.iter().map(super::Page::file);
            let others = self.files.content.iter().filter_map(|file| file.below("content"));
            files.chain(others).collect()
        });
        names.nearest(path).map(str::to_owned)
    }

    /// Whether the page is known to have this anchor before it is rendered.
    fn has_anchor(&self, id: PageId, anchor: &str) -> bool {
        let page = self.page(id);
        let shown = || match self.shown_records(id) {
            Some(RecordKind::Source) => self.ledger.source_by_slug(anchor).is_some(),
            Some(kind) => self.ledger.has(kind, anchor),
            None => false,
        };
        page.anchors.has(&page.metadata, anchor) || shown()
    }

    fn nearest_anchor(&self, id: PageId, anchor: &str) -> Option<&str> {
        let page = self.page(id);
        let shown = self.shown_records(id).and_then(|kind| self.ledger.nearest(kind, anchor));
        did_you_mean(anchor, page.anchors.nearest(&page.metadata, anchor).into_iter().chain(shown))
    }

    /// The kind of records that the page lists, each with its id as an anchor.
    pub(super) fn shown_records(&self, id: PageId) -> Option<RecordKind> {
        match self.list_kind(id)? {
            ListKind::Host(Host::Timeline) | ListKind::Topic(_) => Some(RecordKind::Event),
            ListKind::Host(Host::Claims) => Some(RecordKind::Claim),
            ListKind::Host(Host::Sources) => Some(RecordKind::Source),
            ListKind::Host(Host::Disagreements) => Some(RecordKind::Disagreement),
            ListKind::Host(Host::Entities) => Some(RecordKind::Entity),
            ListKind::Host(Host::Search | Host::Corrections) | ListKind::Source(_) => None,
        }
    }
}

/// Whether a file of `static` gets its hash into its name.
pub fn is_fingerprinted(file: &SitePath, prints: &Globs) -> bool {
    file.below("static").is_some_and(|below| prints.is_match(below) || prints.is_match(file.name()))
}

/// Whether a link names another site: it starts with a scheme (RFC 3986, section 3.1).
pub fn has_scheme(link: &str) -> bool {
    let goes_on = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    link.as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
        && link.as_bytes().iter().find(|byte| !goes_on(byte)) == Some(&b':')
}

/// The parts of a link to this site: its path, its query with `?`, and its fragment without `#`.
fn parts(link: &str) -> (&str, &str, Option<&str>) {
    let (before, fragment) = link.split_once('#').map_or((link, None), |(before, fragment)| (before, Some(fragment)));
    let (path, query) = before.split_at(before.find('?').unwrap_or(before.len()));
    (path, query, fragment)
}

/// A fragment as the id that it names, and what it tells the browser besides, such as `:~:text=words`.
pub fn split_directive(fragment: &str) -> (&str, &str) {
    fragment.split_at(fragment.find(":~:").unwrap_or(fragment.len()))
}

fn content_path(from: &SitePath, path: &str) -> Option<SitePath> {
    let decoded: Cow<'_, str> = if path.contains('%') { decode(path)?.into() } else { path.into() };
    let resolved = match decoded.strip_prefix('/') {
        Some(rooted) => SitePath::new(&format!("content/{rooted}")).ok()?,
        None => from.resolve(&decoded).ok()?,
    };
    resolved.below("content").is_some().then_some(resolved)
}
