//! A site with other metadata for some of its pages, without linking the rest again.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::evidence::Ledger;
use crate::parse::PageMetadata;
use crate::source::Hash;

use super::{Page, PageId, Site};

impl Site {
    /// The site as [`Site::link`] would make it with these metadata in the place of those of the same files; `None` where
    /// that takes linking anew: metadata is no page, or its front matter or title differs, on which order, addresses and
    /// lists depend.
    pub fn with_metadata(&self, all_metadata: impl IntoIterator<Item = Arc<PageMetadata>>) -> Option<Self> {
        let mut site = self.clone();
        for metadata in all_metadata {
            let id = site.find(&metadata.path)?;
            let page = site.pages.get_mut(id.index())?;
            if page.metadata.front != metadata.front || page.metadata.title != metadata.title {
                return None;
            }
            let before = std::mem::replace(&mut page.metadata, metadata.clone());
            page.anchors = Arc::default();
            site.relink(id, &before, &metadata);
            site.recite(id, &before, &metadata);
            if !before.disagreements().eq(metadata.disagreements()) {
                site.showing = Arc::default();
            }
        }
        Some(site)
    }

    /// The site with another ledger, of which [`Site::link`] would read the same.
    #[must_use]
    pub fn with_ledger(&self, ledger: Arc<Ledger>) -> Self {
        Self { ledger, ..self.clone() }
    }

    /// The hash of all that a page can show of others, and of the settings; the ledger is no part of it.
    pub fn shape(&self) -> Hash {
        let mut hasher = blake3::Hasher::new();
        hasher.update(format!("{:?}{:?}{:?}", self.config, self.files, self.hidden).as_bytes());
        let of_page = |page: &Page| {
            let metadata = &page.metadata;
            let headings = metadata.headings.iter().map(|heading| heading.id.as_str()).collect::<Vec<_>>();
            let anchors = (headings, &metadata.anchors, &metadata.title_id);
            let place = (page.output.as_str(), &page.href, &page.template, &page.subject);
            (metadata.hash(), Hash::of(format!("{anchors:?}{place:?}").as_bytes()))
        };
        let pages: Vec<(Hash, Hash)> = self.pages.par_iter().with_min_len(64).map(of_page).collect();
        for (metadata, more) in pages {
            hasher.update(metadata.bytes()).update(more.bytes());
        }
        for topic in &self.config.topics {
            let page = self.topic_page(topic.id.as_str()).map(|page| &self.page(page).metadata);
            hasher.update(format!("{:?}", page.map(|metadata| (metadata.factual, metadata.cited))).as_bytes());
        }
        hasher.finalize().into()
    }

    fn relink(&mut self, from: PageId, before: &PageMetadata, now: &PageMetadata) {
        let same = |a: &crate::parse::Link, b: &crate::parse::Link| a.target == b.target;
        if before.links.len() == now.links.len() && before.links.iter().zip(&now.links).all(|(a, b)| same(a, b)) {
            return;
        }
        let old: Vec<PageId> = self.linked_pages(before).filter(|to| *to != from).collect();
        let new: Vec<PageId> = self.linked_pages(now).filter(|to| *to != from).collect();
        let backlinks = Arc::make_mut(&mut self.backlinks);
        let kept: FxHashSet<PageId> = new.iter().copied().collect();
        let gone: FxHashSet<PageId> = old.into_iter().filter(|to| !kept.contains(to)).collect();
        for to in gone {
            backlinks.get_mut(to.index()).into_iter().for_each(|pages| pages.retain(|page| *page != from));
        }
        for to in new {
            backlinks.get_mut(to.index()).into_iter().for_each(|pages| insert(pages, from));
        }
    }

    fn recite(&mut self, from: PageId, before: &PageMetadata, now: &PageMetadata) {
        let keys = |metadata: &PageMetadata| -> Vec<String> {
            metadata.citations.iter().map(|cited| cited.key.clone()).collect()
        };
        let (old, new) = (keys(before), keys(now));
        if old == new {
            return;
        }
        let cited_on = Arc::make_mut(&mut self.cited_on);
        let kept: FxHashSet<&String> = new.iter().collect();
        let gone: FxHashSet<&String> = old.iter().filter(|key| !kept.contains(key)).collect();
        for key in gone {
            if let Some(pages) = cited_on.get_mut(key) {
                pages.retain(|page| *page != from);
            }
        }
        for key in new {
            insert(cited_on.entry(key).or_default(), from);
        }
    }

    /// Whether both have the same pages at the same addresses, as one made by [`Site::with_metadata`] has.
    pub fn has_same_pages(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.by_file, &other.by_file)
    }

    /// Whether no page shows anything else of one than of the other, besides its own body, the places that it links to,
    /// and [lines of evidence](Site::has_same_evidence): the same pages and records, and metadata that say the same.
    pub fn shows_alike(&self, other: &Self) -> bool {
        let mut all_metadata = self.pages.iter().zip(&other.pages).map(|(a, b)| (&a.metadata, &b.metadata));
        self.has_same_pages(other)
            && Arc::ptr_eq(&self.ledger, &other.ledger)
            && all_metadata.all(|(a, b)| Arc::ptr_eq(a, b) || a.hash() == b.hash())
    }

    /// Whether as many paragraphs cite something on the page of every topic: other pages show that of topics alone.
    pub fn has_same_evidence(&self, other: &Self) -> bool {
        let counts = |site: &Self, topic: &str| {
            site.topic_page(topic)
                .map(|page| &site.page(page).metadata)
                .map(|metadata| (metadata.factual, metadata.cited))
        };
        self.config.topics.iter().all(|topic| counts(self, topic.id.as_str()) == counts(other, topic.id.as_str()))
    }
}

fn insert(pages: &mut Vec<PageId>, page: PageId) {
    if let Err(at) = pages.binary_search(&page) {
        pages.insert(at, page);
    }
}
