use std::sync::Arc;

use crate::parse::PageMetadata;
use crate::source::SitePath;

use super::host::Host;

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
    /// A view of the ledger for which no content file gives the words.
    Host(Host),
    /// One source, by id.
    Source(String),
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

    /// Whether it stands in lists, the sitemap and the search index.
    pub fn is_listed(&self) -> bool {
        !matches!(self.subject, Subject::NotFound | Subject::Part(_))
    }
}
