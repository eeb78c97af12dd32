//! Lists that are too long for one page. The page of such a list becomes an index, and its entries are on further pages,
//! by topic, letter or year.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::parse::PageMetadata;
use crate::source::SitePath;

use super::outline::{Listed, Outline};
use super::page::Subject;
use super::{Address, Host, Page, PageId, Site};

/// How many entries a page shows at most.
const MOST_ENTRIES: usize = 200;
/// How much HTML the entries of a page have at most, in bytes, as far as that can be estimated from the records. What the
/// page has besides must fit into 200 KiB too.
const MOST_BYTES: usize = 130 << 10;
/// How many entries a file holds that gives the new places of entries.
const PER_BUCKET: usize = 2000;

/// What a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKind<'s> {
    /// Records, or pages.
    Host(Host),
    /// The events of a topic, by its id.
    Topic(&'s str),
    /// What a source says, by its id.
    Source(&'s str),
}

/// An entry of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number among the records of its kind.
    pub record: u32,
    /// Which of its own claims are shown, where it lists them.
    pub claims: Range<u32>,
}

/// A further page of a long list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListPart {
    /// The page of the list.
    pub list: PageId,
    /// The group of entries, by its place among those of the list.
    pub group: usize,
    /// The number of the page within the group, from 1.
    pub number: usize,
    /// What it shows.
    pub entries: Vec<Entry>,
}

/// A list with further pages.
#[derive(Debug, Default)]
pub struct LongList {
    /// Its groups, in order.
    pub groups: Vec<ListGroup>,
    /// How many entries it has.
    pub count: usize,
    /// Each anchor with the page that has it.
    places: FxHashMap<String, PageId>,
}

/// The entries of one topic, letter or span of years.
#[derive(Debug)]
pub struct ListGroup {
    /// Its name in addresses.
    pub key: String,
    /// Its title.
    pub title: String,
    /// How many entries it has.
    pub count: usize,
    /// Its pages.
    pub pages: Vec<PageId>,
}

/// The list that a page shows, or a part of it.
#[derive(Clone, Copy, Debug)]
pub struct ListHere<'s> {
    /// What it shows.
    pub kind: ListKind<'s>,
    /// The page of the list.
    pub list: PageId,
    /// The entries on this page; `None` where it has all of them.
    pub entries: Option<&'s [Entry]>,
}

impl LongList {
    /// How many files give the new places of its entries: a power of two, so that few entries move when it grows.
    pub fn buckets(&self) -> usize {
        if self.places.is_empty() { 0 } else { self.places.len().div_ceil(PER_BUCKET).next_power_of_two() }
    }

    /// All anchors of its entries.
    pub fn anchors(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(String::as_str)
    }

    /// The anchors of one of these files with the pages that have them, by anchor.
    pub fn bucket(&self, number: usize) -> Vec<(&str, PageId)> {
        let count = self.buckets();
        let mut places: Vec<(&str, PageId)> = self.places.iter().map(|(id, page)| (id.as_str(), *page)).collect();
        places.retain(|(id, _)| bucket_of(id, count) == number);
        places.sort_unstable();
        places
    }
}

/// The number of the file, of so many, that has what is known of an id. `site.js` and `evidence.js` compute the same.
pub(crate) fn bucket_of(id: &str, count: usize) -> usize {
    let hash = id.bytes().fold(0_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(u32::from(byte)));
    hash as usize % count.max(1)
}

impl Site {
    /// The list that a page shows or a part of which it shows.
    pub fn list_here(&self, id: PageId) -> Option<ListHere<'_>> {
        if let Subject::ListPart(part) = &self.page(id).subject {
            let kind = self.list_kind(part.list)?;
            return Some(ListHere { kind, list: part.list, entries: Some(&part.entries) });
        }
        let entries = self.lists.contains_key(&id).then_some(&[][..]);
        Some(ListHere { kind: self.list_kind(id)?, list: id, entries })
    }

    /// What the list of a page shows, where it is the page of a list.
    pub fn list_kind(&self, id: PageId) -> Option<ListKind<'_>> {
        match &self.page(id).subject {
            Subject::TopicTimeline(topic) => Some(ListKind::Topic(topic)),
            Subject::Source(source) => Some(ListKind::Source(source)),
            _ => Host::ALL.into_iter().find(|host| self.host(*host) == Some(id)).map(ListKind::Host),
        }
    }

    /// The list of a page, where it has further pages.
    pub fn long_list(&self, id: PageId) -> Option<&LongList> {
        self.lists.get(&id)
    }

    /// All lists with further pages, by the pages of the lists.
    pub fn long_lists(&self) -> impl Iterator<Item = (PageId, &LongList)> {
        let mut lists: Vec<_> = self.lists.iter().map(|(id, list)| (*id, list)).collect();
        lists.sort_unstable_by_key(|(id, _)| *id);
        lists.into_iter()
    }

    /// The page that has this anchor of a list: the page of the list itself, or a further one.
    pub fn place_in(&self, list: PageId, anchor: &str) -> PageId {
        self.lists.get(&list).and_then(|list| list.places.get(anchor)).copied().unwrap_or(list)
    }

    /// The folder of the further pages of a list, below the top of the site: `claims/by`.
    pub fn parts_folder(&self, list: PageId) -> String {
        format!("{}/by", self.page(list).file().trim_end_matches(".md").trim_end_matches("/index"))
    }
}

/// Gives every long list further pages, if the template of its page is in `can_cut`.
pub(super) fn cut(site: &mut Site, can_cut: impl Fn(&str) -> bool) {
    let pages: Vec<PageId> = site.ids().filter(|id| can_cut(&site.page(*id).template)).collect();
    let mut lists = FxHashMap::default();
    for id in pages {
        let Some(kind) = site.list_kind(id) else { continue };
        let outline = site.ledger.outlined(|| Outline::of(site, kind));
        if outline.entries.len() > MOST_ENTRIES
            || outline.entries.iter().map(|entry| entry.bytes).sum::<usize>() > MOST_BYTES
        {
            let (list, pages) = divide(site, id, &outline);
            site.pages.extend(pages);
            lists.insert(id, list);
        }
    }
    let by_file = Arc::make_mut(&mut site.by_file);
    for (id, page) in (0..).map(PageId).zip(&site.pages) {
        if matches!(page.subject, Subject::ListPart(_)) {
            by_file.insert(page.metadata.path.clone(), id);
        }
    }
    site.lists = Arc::new(lists);
}

fn divide(site: &Site, list: PageId, outline: &Outline<'_>) -> (LongList, Vec<Page>) {
    let mut long = LongList { count: outline.count, ..LongList::default() };
    let mut pages = Vec::new();
    for entries in outline.entries.chunk_by(|a, b| a.group == b.group) {
        let Some((key, title)) = entries.first().and_then(|entry| outline.groups.get(entry.group)) else { continue };
        let mut group = ListGroup { key: key.clone(), title: title.clone(), count: 0, pages: Vec::new() };
        for (number, entries) in (1..).zip(pages_of(entries)) {
            let entries_here = entries.iter().map(|listed| listed.entry.clone()).collect();
            let part = ListPart { list, group: long.groups.len(), number, entries: entries_here };
            let Some(page) = page_of(site, part, &group) else { continue };
            let id = PageId((site.pages.len() + pages.len()) as u32);
            for listed in entries.iter().filter(|listed| !listed.anchor.is_empty()) {
                long.places.entry(listed.anchor.to_string()).or_insert(id);
            }
            group.count += entries.iter().filter(|listed| listed.entry.claims.start == 0).count();
            group.pages.push(id);
            pages.push(page);
        }
        long.groups.push(group);
    }
    (long, pages)
}

/// The entries of a group, as many on a page as fit. A page has only one part of an entry.
fn pages_of<'o, 'l>(mut rest: &'o [Listed<'l>]) -> impl Iterator<Item = &'o [Listed<'l>]> {
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let mut before = None;
        let fits = |listed: &&Listed<'_>| {
            bytes += listed.bytes;
            let last = before.replace(listed.entry.record);
            last.is_none_or(|last| bytes <= MOST_BYTES && last != listed.entry.record)
        };
        let count = rest.iter().take(MOST_ENTRIES).take_while(fits).count();
        let (page, others) = rest.split_at_checked(count)?;
        rest = others;
        Some(page).filter(|page| !page.is_empty())
    })
}

fn page_of(site: &Site, part: ListPart, group: &ListGroup) -> Option<Page> {
    let list = site.page(part.list);
    let mut path = format!("{}/{}", site.parts_folder(part.list), group.key);
    let mut title = format!("{}: {}", list.metadata.title, group.title);
    if part.number > 1 {
        path.push_str(&format!("/{}", part.number));
        title.push_str(&format!(", part {}", part.number));
    }
    let Address { output, href } = Address::of(&path, site.config.output.urls).ok()?;
    Some(Page {
        metadata: Arc::new(PageMetadata::generated(SitePath::new(&format!("content/{path}.md")).ok()?, &title)),
        subject: Subject::ListPart(Arc::new(part)),
        output,
        href,
        template: list.template.clone(),
        parent: None,
        children: Vec::new(),
        previous: None,
        next: None,
        parts: Vec::new(),
        anchors: Arc::default(),
    })
}
