use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::source::SitePath;

/// Files that stand in the way of others: a file where a folder must be, files in a folder where a file must be, or a
/// name that differs only in case or in Unicode's normal form, which is one file to some file systems.
#[derive(Debug, Default)]
pub(super) struct PathConflicts<'a> {
    /// Files that go, and must go first.
    pub blockers: HashSet<&'a SitePath>,
    /// Files that come, and can come only then.
    pub blocked: HashSet<&'a SitePath>,
}

impl<'a> PathConflicts<'a> {
    /// Finds what of `gone` stands in the way of what of `new`.
    pub fn between(new: &[&'a SitePath], gone: &[&'a SitePath]) -> Self {
        let mut room = Self::default();
        if new.is_empty() || gone.is_empty() {
            return room;
        }
        let gone: Vec<(Cow<'_, str>, &SitePath)> = gone.iter().map(|path| (path.folded(), *path)).collect();
        let mut files: HashMap<&str, Vec<&SitePath>> = HashMap::new();
        for (name, path) in &gone {
            files.entry(&**name).or_default().push(path);
        }
        let folders: HashSet<&str> = gone.iter().flat_map(|(name, _)| ancestors(name)).collect();
        let mut taken = HashSet::new();
        for path in new {
            let name = path.folded();
            for in_the_way in std::iter::once(&*name).chain(ancestors(&name)).filter_map(|name| files.get(name)) {
                room.blockers.extend(in_the_way);
                room.blocked.insert(path);
            }
            if folders.contains(&*name) {
                room.blocked.insert(path);
                taken.insert(name);
            }
        }
        let below = gone.iter().filter(|(name, _)| ancestors(name).any(|folder| taken.contains(folder)));
        room.blockers.extend(below.map(|(_, path)| *path));
        room
    }
}

/// The folders of a path, innermost first.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(path.rsplit_once('/'), |(folder, _)| folder.rsplit_once('/')).map(|(folder, _)| folder)
}
