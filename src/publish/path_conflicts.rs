use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::source::SitePath;

/// Files that conflict with others: a file at the path of a folder, files in a folder at the path of a file, or names
/// that differ only in case or in Unicode normalization, which are one file on some file systems.
#[derive(Debug, Default)]
pub(super) struct PathConflicts<'a> {
    /// Removed files that must be removed first.
    pub blockers: HashSet<&'a SitePath>,
    /// New files that can be written only after that.
    pub blocked: HashSet<&'a SitePath>,
}

impl<'a> PathConflicts<'a> {
    /// Finds the conflicts between the files `gone` and `new`.
    pub fn between(new: &[&'a SitePath], gone: &[&'a SitePath]) -> Self {
        let mut conflicts = Self::default();
        if new.is_empty() || gone.is_empty() {
            return conflicts;
        }
        let gone: Vec<(Cow<'_, str>, &SitePath)> = gone.iter().map(|path| (path.folded(), *path)).collect();
        let mut files: HashMap<&str, Vec<&SitePath>> = HashMap::new();
        for (name, path) in &gone {
            files.entry(&**name).or_default().push(path);
        }
        let folders: HashSet<&str> = gone.iter().flat_map(|(name, _)| ancestors(name)).collect();
        let mut replaced_folders = HashSet::new();
        for path in new {
            let name = path.folded();
            for blocking in std::iter::once(&*name).chain(ancestors(&name)).filter_map(|name| files.get(name)) {
                conflicts.blockers.extend(blocking);
                conflicts.blocked.insert(path);
            }
            if folders.contains(&*name) {
                conflicts.blocked.insert(path);
                replaced_folders.insert(name);
            }
        }
        let below = gone.iter().filter(|(name, _)| ancestors(name).any(|folder| replaced_folders.contains(folder)));
        conflicts.blockers.extend(below.map(|(_, path)| *path));
        conflicts
    }
}

/// The folders of a path, innermost first.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(path.rsplit_once('/'), |(folder, _)| folder.rsplit_once('/')).map(|(folder, _)| folder)
}
