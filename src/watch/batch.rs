use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use notify::event::{CreateKind, EventKind, ModifyKind, RemoveKind};

use crate::source::SitePath;

use super::input;

/// How long a file may stay open for writing before it is read anyway.
const OPEN: Duration = Duration::from_millis(500);
/// How long after its first event a batch is due, even if other files are still being written.
const DUE: Duration = Duration::from_millis(300);

/// Paths of events that are handled together: those before the file system became quiet, or before the batch was due.
#[derive(Debug)]
pub struct Batch {
    /// Files and folders to examine, relative to the site's root.
    pub paths: BTreeSet<SitePath>,
    /// Whether everything must be examined: folders were added or removed, or events were lost.
    pub all: bool,
    /// The time of the first event.
    pub since: Instant,
    /// Files that are being written, with the time of the last event.
    open: BTreeMap<SitePath, Instant>,
}

/// The time when a batch that began at `since` is due.
pub(super) fn due(since: Instant) -> Instant {
    since + DUE
}

impl Batch {
    pub(crate) fn new(since: Instant) -> Self {
        Self { paths: BTreeSet::new(), all: false, since, open: BTreeMap::new() }
    }

    /// When this batch may be handled, if there are no more events; `last` is the time of the last event.
    pub(super) fn ready_at(&self, last: Instant, quiet: Duration) -> Instant {
        let written = self.open.values().max().map(|written| *written + OPEN);
        let quiet = last + quiet;
        written.map_or(quiet, |written| written.max(quiet)).min(due(self.since))
    }

    pub(crate) fn note(&mut self, at: Instant, event: notify::Result<notify::Event>, root: &Path) {
        let Ok(event) = event else {
            self.all = true;
            return;
        };
        // Only some systems report when a file is closed; others do not wait for that.
        let writes = cfg!(target_os = "linux")
            && matches!(event.kind, EventKind::Create(CreateKind::File) | EventKind::Modify(ModifyKind::Data(_)));
        let folder = matches!(
            event.kind,
            EventKind::Create(CreateKind::Folder) | EventKind::Remove(RemoveKind::Folder) | EventKind::Other
        );
        self.all |= event.need_rescan();
        for path in event.paths.iter().filter_map(|path| input(path, root)) {
            self.all |= folder;
            if writes {
                self.open.insert(path.clone(), at);
            } else {
                self.open.remove(&path);
            }
            self.paths.insert(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use notify::event::{AccessKind, AccessMode, DataChange};

    use super::*;

    const QUIET: Duration = Duration::from_millis(3);

    /// When a batch may be handled that has events at these milliseconds after its beginning.
    fn ready_after(events: &[(u64, &str, EventKind)]) -> u128 {
        let start = Instant::now();
        let (mut batch, mut last) = (Batch::new(start), start);
        for (at, path, kind) in events {
            let now = start + Duration::from_millis(*at);
            if now > batch.ready_at(last, QUIET) {
                break;
            }
            batch.note(now, Ok(notify::Event::new(*kind).add_path(Path::new("/site").join(path))), Path::new("/site"));
            last = now;
        }
        batch.ready_at(last, QUIET).duration_since(start).as_millis()
    }

    const WRITE: EventKind = EventKind::Modify(ModifyKind::Data(DataChange::Any));
    const CLOSE: EventKind = EventKind::Access(AccessKind::Close(AccessMode::Write));
    const MOVE: EventKind = EventKind::Modify(ModifyKind::Name(notify::event::RenameMode::To));

    #[test]
    fn a_save_is_handled_once_the_file_system_is_quiet() {
        assert_eq!(ready_after(&[(0, "content/a.md", WRITE), (1, "content/a.md", CLOSE)]), 4);
        assert_eq!(ready_after(&[(0, "content/a.md", MOVE), (2, "content/b.md", MOVE)]), 5);
    }

    #[test]
    fn an_open_file_delays_a_batch_until_it_is_due() {
        if cfg!(target_os = "linux") {
            assert_eq!(ready_after(&[(0, "content/a.md", WRITE), (200, "content/a.md", CLOSE)]), 203);
        }
        assert_eq!(ready_after(&[(0, "content/a.md", WRITE), (250, "content/a.md", WRITE)]), 300);
    }

    #[test]
    fn a_batch_is_due_even_if_other_files_are_written() {
        let log = |kind| (0..10_000).map(|at| (at, "static/run.log", kind)).collect::<Vec<_>>();
        assert_eq!(ready_after(&log(WRITE)), 300);
        assert_eq!(ready_after(&log(CLOSE)), 300);
        assert_eq!(ready_after(&log(MOVE)), 300);
    }
}
