//! The order of pages: who belongs to which section, who comes before and after.
#![expect(clippy::indexing_slicing, reason = "a `PageId` is handed out only for a page of the site")]

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use crate::source::SitePath;

use super::{PageId, Site, Subject};

/// Gives every page its section, every section its children in order, and every page its neighbours.
pub(super) fn siblings(site: &mut Site) {
    let sections: FxHashMap<SitePath, PageId> = {
        let own = |id: PageId| site.page(id).is_section().then(|| (site.page(id).metadata.path.clone(), id));
        site.ids().filter_map(own).collect()
    };
    // Neighbours in the list mostly lie in one folder.
    let mut last: Option<(String, Option<PageId>)> = None;
    for id in site.ids() {
        let page = site.page(id);
        let folder = page.metadata.path.folder();
        let plain = !page.is_section() && matches!(page.subject, Subject::File | Subject::Folder);
        let parent = match &last {
            Some((known, parent)) if plain && known == folder => *parent,
            _ => {
                let found = parent(site, &sections, id);
                if plain {
                    last = Some((folder.to_owned(), found));
                }
                found
            }
        };
        site.pages[id.index()].parent = parent;
        if let Some(parent) = parent
            && site.page(id).is_listed()
        {
            site.pages[parent.index()].children.push(id);
        }
    }
    for id in site.ids() {
        let mut children = std::mem::take(&mut site.pages[id.index()].children);
        children.sort_by(|a, b| key(site, *a).cmp(&key(site, *b)));
        chain(site, &children);
        site.pages[id.index()].children = children;
    }
}

/// Pages with an `order` follow each other, and those without do; a list of ten chapters does not run on into the
/// imprint.
fn chain(site: &mut Site, children: &[PageId]) {
    for pair in children.windows(2) {
        let [before, after] = pair else { continue };
        let ordered = |id: &PageId| site.page(*id).metadata.front.order.is_some();
        if ordered(before) == ordered(after) && is_prose(site, *before) && is_prose(site, *after) {
            site.pages[before.index()].next = Some(*after);
            site.pages[after.index()].previous = Some(*before);
        }
    }
}

fn is_prose(site: &Site, id: PageId) -> bool {
    matches!(site.page(id).subject, Subject::File)
}

/// By `order`, then the newest first, then by title; pages without a key come after those with one.
fn key(site: &Site, id: PageId) -> impl Ord + '_ {
    let metadata = &site.page(id).metadata;
    let front = &metadata.front;
    (front.order.is_none(), front.order, front.date.is_none(), Reverse(front.date), &metadata.title, &metadata.path)
}

fn parent(site: &Site, sections: &FxHashMap<SitePath, PageId>, id: PageId) -> Option<PageId> {
    let page = site.page(id);
    let file = page.file();
    let mut folder = if page.is_section() {
        match file.strip_suffix("/index.md") {
            Some(own) => own.rsplit_once('/').map_or("", |(above, _)| above),
            None => return None,
        }
    } else {
        file.rsplit_once('/').map_or("", |(folder, _)| folder)
    };
    if matches!(page.subject, Subject::Part(_)) {
        folder = folder.strip_suffix("/page").unwrap_or(folder);
    }
    if let Some(hosted) = hosted_by(site, &page.subject) {
        return Some(hosted);
    }
    loop {
        let index =
            if folder.is_empty() { "content/index.md".to_owned() } else { format!("content/{folder}/index.md") };
        match SitePath::new(&index).ok().and_then(|index| sections.get(&index).copied()) {
            Some(section) if section != id => return Some(section),
            _ if folder.is_empty() => return None,
            _ => folder = folder.rsplit_once('/').map_or("", |(above, _)| above),
        }
    }
}

fn hosted_by(site: &Site, subject: &Subject) -> Option<PageId> {
    match subject {
        Subject::Source(_) => site.host(super::Host::Sources),
        Subject::Claim(_) | Subject::Embed(_) => site.host(super::Host::Claims),
        Subject::TopicTimeline(_) => site.host(super::Host::Timeline),
        Subject::ListPart(part) => Some(part.list),
        _ => None,
    }
}
