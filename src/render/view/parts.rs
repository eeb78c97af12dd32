use serde::Serialize;

use crate::render::SharedView;
use crate::site::{Entry, ListGroup, PageId, Subject};

use super::{PageLink, Views};

/// How many pages before and after a page are linked by number.
const NEAR: usize = 3;

/// The further pages of a list that is too long for one page. The page of the list itself is an index and shows no entry.
#[derive(Clone, Debug, Serialize)]
pub struct PartsView {
    /// Whether this is the page of the list itself.
    pub is_index: bool,
    /// The page of the list.
    pub index: SharedView<PageLink>,
    /// How many entries the list has.
    pub count: usize,
    /// Its topics, letters or spans of years.
    pub groups: Vec<GroupView>,
    /// The group of this page, by title; empty on the page of the list itself.
    pub title: String,
    /// The pages of this group, where there are several: the first, the last, and those near this one.
    pub numbers: Vec<NumberView>,
    /// The page before.
    pub previous: Option<SharedView<PageLink>>,
    /// The page after.
    pub next: Option<SharedView<PageLink>>,
    /// The beginning of the addresses of the scripts that say on which page an entry is.
    pub places: String,
    /// How many of these scripts there are.
    pub buckets: usize,
}

/// The entries of one topic, letter or span of years.
#[derive(Clone, Debug, Serialize)]
pub struct GroupView {
    /// Its title.
    pub title: String,
    /// Its first page.
    pub href: String,
    /// How many entries it has.
    pub count: usize,
    /// Whether this page belongs to it.
    pub current: bool,
}

/// A page of a group.
#[derive(Clone, Debug, Serialize)]
pub struct NumberView {
    /// Its number, from 1.
    pub number: usize,
    /// Its address.
    pub href: String,
    /// Whether it is this page.
    pub current: bool,
    /// Whether pages before it are left out here.
    pub gap: bool,
}

impl Views<'_> {
    /// The further pages of the list that a page shows; `None` where that is on one page.
    pub fn parts(&self, id: PageId) -> Option<PartsView> {
        let here = self.site.list_here(id)?;
        let list = self.site.long_list(here.list)?;
        let part = match &self.site.page(id).subject {
            Subject::ListPart(part) => Some(part),
            _ => None,
        };
        let group = part.and_then(|part| list.groups.get(part.group));
        let groups = list.groups.iter().enumerate().filter_map(|(at, group)| {
            Some(GroupView {
                title: group.title.clone(),
                href: self.href(*group.pages.first()?),
                count: group.count,
                current: part.is_some_and(|part| part.group == at),
            })
        });
        let pages = || list.groups.iter().flat_map(|group| group.pages.iter().copied());
        let at = pages().position(|page| page == id);
        let link = |at: Option<usize>| at.and_then(|at| pages().nth(at)).map(|page| self.link(page));
        Some(PartsView {
            is_index: part.is_none(),
            index: self.link(here.list),
            count: list.count,
            groups: groups.collect(),
            title: group.map_or_else(String::new, |group| group.title.clone()),
            numbers: group.map_or_else(Vec::new, |group| self.numbers(group, id)),
            previous: link(at.and_then(|at| at.checked_sub(1))),
            next: link(at.map(|at| at + 1)),
            places: places(&self.site.parts_folder(here.list)),
            buckets: list.buckets(),
        })
    }

    fn href(&self, id: PageId) -> String {
        self.site.page(id).href.clone()
    }

    fn numbers(&self, group: &ListGroup, id: PageId) -> Vec<NumberView> {
        let count = group.pages.len();
        let at = group.pages.iter().position(|page| *page == id).unwrap_or_default();
        let is_near = |other: usize| other == 0 || other + 1 == count || other.abs_diff(at) <= NEAR;
        if count < 2 {
            return Vec::new();
        }
        let near = group.pages.iter().enumerate().filter(|(other, _)| is_near(*other));
        near.map(|(other, page)| NumberView {
            number: other + 1,
            href: self.href(*page),
            current: *page == id,
            gap: other > 0 && !is_near(other - 1),
        })
        .collect()
    }
}

/// The beginning of the addresses of the scripts that say where the entries of a list are, from the folder of its pages.
pub(crate) fn places(folder: &str) -> String {
    format!("{}/places-", crate::site::encode(folder))
}

/// The numbers of the records that a page shows: of all, where it has all of them.
pub(super) fn numbers(entries: Option<&[Entry]>, count: impl FnOnce() -> usize) -> Vec<usize> {
    entries
        .map_or_else(|| (0..count()).collect(), |entries| entries.iter().map(|entry| entry.record as usize).collect())
}
