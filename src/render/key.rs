//! What a page's bytes depend on, as one hash: told from what it is made of, without making it.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::bibliography::coins;
use crate::config::UrlStyle;
use crate::site::{Page, PageId, Subject};
use crate::source::Hash;

use super::body::{ResolvedLink, source_ref};
use super::call::arguments;
use super::context::Wanted;
use super::{Begun, HashedValue, Renderer};

/// The hash of each page's link, as lists and neighbours show it, made when one is first shown.
pub(super) struct LinkHashes(Vec<OnceLock<Hash>>);

impl LinkHashes {
    /// For so many pages.
    pub fn new(pages: usize) -> Self {
        Self((0..pages).map(|_| OnceLock::new()).collect())
    }
}

impl Renderer {
    /// Everything that a page's bytes depend on, as one hash: equal keys mean equal bytes. `body` is the hash of its
    /// content file and of how that is read. What had to be made for it comes too, for the page may be rendered now.
    pub fn key(&self, id: PageId, body: Hash) -> (Hash, Begun<'_>) {
        let page = self.linked.page(id);
        // Hashing many small pieces costs more than writing them down first.
        let mut all = Vec::with_capacity(1024);
        for hash in [self.templates.hash, self.common.site.hash, body] {
            all.extend_from_slice(hash.bytes());
        }
        for text in [page.template.as_str(), page.output.as_str(), page.metadata.path.as_str(), page.href.as_str()] {
            put(text, &mut all);
        }
        let (links, wanted) = (self.resolve_links(id), self.wanted(id));
        let begun = if self.is_told_by_its_file(id, page) {
            self.put_neighbours(id, page, &mut all);
            self.put_targets(page, &links, &mut all);
            self.put_evidence(id, page, &mut all);
            put_wanted(&wanted, &mut all);
            Begun::Linked { renderer: self, id, links, wanted }
        } else {
            let ready = self.ready(id, links, wanted);
            ready.put(&mut all);
            Begun::Ready(Box::new(ready))
        };
        for call in &page.metadata.calls {
            for (name, shown) in arguments(call, &page.metadata, self, "") {
                put(&name, &mut all);
                all.extend_from_slice(shown.hash.bytes());
            }
        }
        (Hash::of(&all), begun)
    }

    /// Whether all that the page shows of itself stands in its content file; of any other the whole view is hashed, and
    /// of those whose metadata tell the whole ledger.
    fn is_told_by_its_file(&self, id: PageId, page: &Page) -> bool {
        page.subject == Subject::File && self.linked.list_kind(id).is_none()
    }

    fn put_neighbours(&self, id: PageId, page: &Page, all: &mut Vec<u8>) {
        all.push(u8::from(self.linked.config.output.urls == UrlStyle::Portable));
        self.put_links(page.previous.as_slice(), all);
        self.put_links(page.next.as_slice(), all);
        self.put_links(&self.linked.breadcrumbs(id), all);
        self.put_links(&self.views().children(id), all);
        self.put_links(&self.views().siblings(id), all);
        self.put_links(&page.parts, all);
        self.put_links(self.linked.backlinks(id), all);
    }

    fn put_links(&self, pages: &[PageId], all: &mut Vec<u8>) {
        all.extend_from_slice(&pages.len().to_le_bytes());
        for id in pages {
            let page = self.linked.page(*id);
            let front = &page.metadata.front;
            let make = || HashedValue::hash_of(&(&page.metadata.title, &page.href, &front.summary, &front.date));
            let hash = self.common.link_hashes.0.get(id.index()).map_or_else(make, |known| *known.get_or_init(make));
            all.extend_from_slice(hash.bytes());
        }
    }

    /// Where its links and its picture lead; their words stand in its file.
    fn put_targets(&self, page: &Page, links: &[ResolvedLink], all: &mut Vec<u8>) {
        let image = page.metadata.front.image.as_deref();
        let image = image.map(|image| self.resolve_link(&page.metadata, image));
        for link in links.iter().chain(&image) {
            put(&link.href, all);
            all.push(u8::from(link.external) + 2 * u8::from(link.from_top));
            let (width, height) = link.size.unwrap_or_default();
            all.extend_from_slice(&width.to_le_bytes());
            all.extend_from_slice(&height.to_le_bytes());
        }
    }

    /// What the ledger says of its citations.
    fn put_evidence(&self, id: PageId, page: &Page, all: &mut Vec<u8>) {
        let mut keys: Vec<&str> = page.metadata.citations.iter().map(|citation| citation.key.as_str()).collect();
        let answered = page.metadata.front.answers.iter().filter_map(|found| found.disagreement.as_ref());
        for found in answered.filter_map(|id| self.linked.ledger.disagreement(&id.text)) {
            all.extend_from_slice(self.views().disagreement(found).shown().hash.bytes());
        }
        if keys.is_empty() {
            return;
        }
        keys.sort_unstable();
        keys.dedup();
        let (views, mut sources) = (self.views(), BTreeMap::new());
        for key in keys {
            sources.extend(views.sources_of(key).map(|source| (source.id.as_str(), source)));
            let claim = self.linked.ledger.claim(key).map(|claim| views.claim(claim).shown().hash);
            let source = source_ref(key, views).map(|source| HashedValue::hash_of(&source));
            for hash in [claim, source] {
                all.push(u8::from(hash.is_some()));
                all.extend(hash.iter().flat_map(Hash::bytes));
            }
        }
        sources.into_values().filter_map(coins).for_each(|coins| put(&coins, all));
        all.extend_from_slice(HashedValue::hash_of(&views.evidence_line(id)).bytes());
    }
}

pub(super) fn put_wanted(wanted: &[Wanted], all: &mut Vec<u8>) {
    for (_, shown) in wanted {
        all.extend_from_slice(shown.hash.bytes());
    }
}

fn put(text: &str, all: &mut Vec<u8>) {
    all.extend_from_slice(&text.len().to_le_bytes());
    all.extend_from_slice(text.as_bytes());
}
