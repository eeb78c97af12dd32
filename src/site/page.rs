use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashSet;

use crate::diag::Names;
use crate::parse::PageMetadata;
use crate::source::SitePath;

use super::host::Host;
use super::lists::ListPart;

/// A page's place in [`Site::pages`](super::Site::pages).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PageId(pub u32);

impl PageId {
    /// As an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a page is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A content file.
    File,
    /// A folder without an `index.md`.
    Folder,
    /// A further part of a long section's list; the number counts from 2.
    Part(usize),
    /// A further page of a long list of records.
    ListPart(Arc<ListPart>),
    /// A view of the ledger for which no content file gives the words.
    Host(Host),
    /// One source, by id.
    Source(String),
    /// One claim, by id.
    Claim(String),
    /// One claim for the frame of another site, by id.
    Embed(String),
    /// The timeline of one topic, by id.
    TopicTimeline(String),
    /// A topic that has no content file, by id.
    Topic(String),
    /// What a host shows for an address that does not exist.
    NotFound,
}

/// A page of the site, whatever it is made from, in its place among the others.
#[derive(Clone, Debug)]
pub struct Page {
    /// What others may know of it; for generated pages one made up from the ledger.
    pub metadata: Arc<PageMetadata>,
    /// What it is made from.
    pub subject: Subject,
    /// The file it is written to.
    pub output: SitePath,
    /// What links write, relative to the top of the site.
    pub href: String,
    /// The template's name: `page.html`.
    pub template: String,
    /// The section it belongs to; the home page alone has none.
    pub parent: Option<PageId>,
    /// The pages of a section, in order.
    pub children: Vec<PageId>,
    /// The sibling before it.
    pub previous: Option<PageId>,
    /// The sibling after it.
    pub next: Option<PageId>,
    /// All parts of a long section's list, itself included; empty for what is not parted.
    pub parts: Vec<PageId>,
    /// Its anchors, of its metadata alone.
    pub(super) anchors: Arc<Anchors>,
}

/// The anchors of a page, indexed when the first link to one of them is followed.
#[derive(Debug, Default)]
pub(super) struct Anchors(OnceLock<(FxHashSet<String>, Names)>);

impl Anchors {
    /// Whether the page has this anchor.
    pub fn has(&self, metadata: &PageMetadata, anchor: &str) -> bool {
        self.of(metadata).0.contains(anchor)
    }

    /// The anchor that was probably meant.
    pub fn nearest(&self, metadata: &PageMetadata, anchor: &str) -> Option<&str> {
        self.of(metadata).1.nearest(anchor)
    }

    fn of(&self, metadata: &PageMetadata) -> &(FxHashSet<String>, Names) {
        self.0.get_or_init(|| {
            let headings = metadata.headings.iter().map(|heading| heading.id.as_str());
            // Records shown by a component of the page have their id as an anchor there.
            let called = metadata.calls.iter().flat_map(|call| call.args.iter().map(|(_, value, _)| value.as_str()));
            let all = headings.chain(metadata.anchors.iter().map(String::as_str)).chain(called);
            (all.clone().map(str::to_owned).collect(), all.collect())
        })
    }
}

impl Page {
    /// Its content file named below `content`: `guide/intro.md`.
    pub fn file(&self) -> &str {
        self.metadata.path.below("content").unwrap_or(self.metadata.path.as_str())
    }

    /// Whether it is the index of a folder.
    pub fn is_section(&self) -> bool {
        self.metadata.path.name() == "index.md"
    }

    /// Whether it is in lists and in the search index. Claims are in lists of their own.
    pub fn is_listed(&self) -> bool {
        !matches!(
            self.subject,
            Subject::NotFound | Subject::Part(_) | Subject::ListPart(_) | Subject::Claim(_) | Subject::Embed(_)
        )
    }

    /// Whether search engines should know it.
    pub fn is_indexed(&self) -> bool {
        self.is_listed() || matches!(self.subject, Subject::Claim(_) | Subject::ListPart(_))
    }
}
