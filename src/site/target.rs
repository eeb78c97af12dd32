//! What a link leads to.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::config::Globs;
use crate::source::SitePath;

use super::{Host, PageId, Site, Subject, decode};

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

/// What a link leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Another site, or a mail address: left as it is.
    External(String),
    /// A page, with a fragment that it is known or assumed to have.
    Page(PageId, Option<String>),
    /// A place on the same page.
    Here(String),
    /// An input file that is copied, from the root.
    File(SitePath),
    /// A page that exists but lacks this anchor; the last is the nearest that it has.
    NoAnchor(PageId, String, Option<String>),
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
        if let Some(fragment) = link.strip_prefix('#') {
            return match self.find(from) {
                Some(page) => match self.anchored(page, fragment) {
                    Target::Page(..) => Target::Here(fragment.to_owned()),
                    other => other,
                },
                None => Target::Here(fragment.to_owned()),
            };
        }
        let (path, fragment) = link.split_once('#').map_or((link, None), |(path, fragment)| (path, Some(fragment)));
        if let Some((page, _)) = self.linked_page(from, link) {
            return fragment.map_or(Target::Page(page, None), |fragment| self.anchored(page, fragment));
        }
        self.linked_file(from, path)
    }

    /// The page that `link`, written in `from`, leads to, and its fragment, unchecked.
    pub(super) fn linked_page<'l>(&self, from: &SitePath, link: &'l str) -> Option<(PageId, Option<&'l str>)> {
        if has_scheme(link) || link.starts_with('#') {
            return None;
        }
        let (path, fragment) = link.split_once('#').map_or((link, None), |(path, fragment)| (path, Some(fragment)));
        // Most links are plain to see.
        let mut plain = String::new();
        let found = from.resolve_plainly(path, &mut plain).then(|| self.by_file.get(plain.as_str()).copied()).flatten();
        found.or_else(|| self.find(&content_path(from, path)?)).map(|page| (page, fragment))
    }

    fn linked_file(&self, from: &SitePath, path: &str) -> Target {
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        if let Some(content) = content_path(from, path) {
            if let Some(hidden) = self.hidden(&content) {
                return Target::Hidden(hidden);
            }
            if self.files.content.contains(&content) {
                return Target::File(content);
            }
            if self.files.refused.contains(&content) {
                return Target::Refused;
            }
        }
        let decoded = decode(path).unwrap_or_else(|| path.to_owned());
        if let Some(fixed) = SitePath::new(&format!("static/{}", decoded.trim_start_matches('/'))).ok()
            && self.files.fixed.contains(&fixed)
        {
            return Target::File(fixed);
        }
        Target::Nothing(self.nearest(&decoded))
    }

    /// The file that `site.toml` names as the picture of the site, from the root.
    pub fn picture(&self) -> Option<SitePath> {
        let name = self.config.image.as_ref()?;
        SitePath::new(&format!("static/{}", name.as_str())).ok().filter(|path| self.files.fixed.contains(path))
    }

    fn nearest(&self, path: &str) -> Option<String> {
        let files = self.pages.iter().map(super::Page::file);
        let others = self.files.content.iter().filter_map(|file| file.below("content"));
        crate::diag::did_you_mean(path, files.chain(others)).map(str::to_owned)
    }

    fn anchored(&self, id: PageId, fragment: &str) -> Target {
        let fragment = decode(fragment).unwrap_or_else(|| fragment.to_owned());
        if fragment.is_empty() || self.has_anchor(id, &fragment) {
            return Target::Page(id, (!fragment.is_empty()).then_some(fragment));
        }
        let near = crate::diag::did_you_mean(&fragment, self.anchors(id)).map(str::to_owned);
        Target::NoAnchor(id, fragment, near)
    }

    fn has_anchor(&self, id: PageId, fragment: &str) -> bool {
        self.page(id).metadata.headings.iter().any(|heading| heading.id == fragment)
            || self.anchors(id).any(|anchor| anchor == fragment)
    }

    /// Every anchor that the page is known to have before it is rendered.
    fn anchors(&self, id: PageId) -> Box<dyn Iterator<Item = &str> + '_> {
        let page = self.page(id);
        let own = page.metadata.headings.iter().map(|heading| heading.id.as_str());
        let own = own.chain(page.metadata.anchors.iter().map(String::as_str)).chain(self.called_anchors(id));
        let host = Host::ALL.into_iter().find(|host| self.host(*host) == Some(id));
        let ledger = &self.ledger;
        match (host, &page.subject) {
            (Some(Host::Timeline), _) | (_, Subject::TopicTimeline(_)) => {
                Box::new(own.chain(ledger.events.iter().map(|event| event.id.as_str())))
            }
            (Some(Host::Claims), _) => Box::new(own.chain(ledger.claims.iter().map(|claim| claim.id.as_str()))),
            (Some(Host::Sources), _) => Box::new(own.chain(ledger.sources.iter().map(|source| source.id.as_str()))),
            (Some(Host::Disagreements), _) => {
                Box::new(own.chain(ledger.disagreements.iter().map(|found| found.id.as_str())))
            }
            (Some(Host::Entities), _) => Box::new(own.chain(ledger.entities.iter().map(|entity| entity.id.as_str()))),
            _ => Box::new(own),
        }
    }

    /// Records shown by a component of the page have their id as an anchor there.
    fn called_anchors(&self, id: PageId) -> impl Iterator<Item = &str> {
        self.page(id).metadata.calls.iter().flat_map(|call| call.args.iter().map(|(_, value, _)| value.as_str()))
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

fn content_path(from: &SitePath, path: &str) -> Option<SitePath> {
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    let decoded: Cow<'_, str> = if path.contains('%') { decode(path)?.into() } else { path.into() };
    let resolved = match decoded.strip_prefix('/') {
        Some(rooted) => SitePath::new(&format!("content/{rooted}")).ok()?,
        None => from.resolve(&decoded).ok()?,
    };
    resolved.below("content").is_some().then_some(resolved)
}
