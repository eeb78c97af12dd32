use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Instant;

use notify::event::{AccessKind, AccessMode, CreateKind, EventKind, ModifyKind, RemoveKind};

use crate::source::SitePath;

use super::input;

/// Names that belong together: what came before the file system fell quiet.
#[derive(Debug)]
pub struct Batch {
    /// Files and folders to look at, from the site's root.
    pub paths: BTreeSet<SitePath>,
    /// Whether everything must be looked at: folders came or went, or events were lost.
    pub all: bool,
    /// When the first of it came.
    pub since: Instant,
    /// Files that somebody is still writing, and when they last did.
    open: BTreeMap<SitePath, Instant>,
}

impl Default for Batch {
    fn default() -> Self {
        Self { paths: BTreeSet::new(), all: false, since: Instant::now(), open: BTreeMap::new() }
    }
}

impl Batch {
    /// Whether nothing needs to be looked at.
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty() && !self.all
    }

    /// Takes in another batch.
    pub fn join(&mut self, other: Self) {
        self.paths.extend(other.paths);
        self.all |= other.all;
        self.open.extend(other.open);
        self.since = self.since.min(other.since);
    }

    pub(super) fn note(&mut self, event: notify::Result<notify::Event>, root: &Path) {
        let was_empty = self.is_empty();
        match event {
            Ok(event) => self.note_event(&event, root),
            Err(_) => self.all = true,
        }
        if was_empty && !self.is_empty() {
            self.since = Instant::now();
        }
    }

    fn note_event(&mut self, event: &notify::Event, root: &Path) {
        if event.need_rescan() {
            self.all = true;
        }
        let closed = matches!(event.kind, EventKind::Access(AccessKind::Close(AccessMode::Write)));
        if matches!(event.kind, EventKind::Access(_)) && !closed {
            return;
        }
        // Only some systems tell when a file is closed; elsewhere nobody waits for that.
        let writes = cfg!(target_os = "linux")
            && matches!(event.kind, EventKind::Create(CreateKind::File) | EventKind::Modify(ModifyKind::Data(_)));
        let folder = matches!(
            event.kind,
            EventKind::Create(CreateKind::Folder) | EventKind::Remove(RemoveKind::Folder) | EventKind::Other
        );
        for path in event.paths.iter().filter_map(|path| input(path, root)) {
            self.all |= folder;
            if writes {
                self.open.insert(path.clone(), Instant::now());
            } else {
                self.open.remove(&path);
            }
            self.paths.insert(path);
        }
    }

    /// When the file that was written last and is still open was written.
    pub(super) fn open_since(&self) -> Option<Instant> {
        self.open.values().max().copied()
    }
}
