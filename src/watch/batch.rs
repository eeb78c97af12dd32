use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use notify::event::{CreateKind, EventKind, ModifyKind, RemoveKind};

use crate::source::SitePath;

use super::input;

/// How long a file may stay open for writing before it is read all the same.
const OPEN: Duration = Duration::from_millis(500);
/// How long after its first event a batch is looked at, whatever else is being written meanwhile.
const DUE: Duration = Duration::from_millis(300);

/// Names that belong together: what came before the file system fell quiet, or before the batch was due.
#[derive(Debug)]
pub struct Batch {
    /// Files and folders to look at, from the site's root.
    pub paths: BTreeSet<SitePath>,
    /// Whether everything must be looked at: folders came or went, or events were lost.
    pub all: bool,
    /// When the first of it came.
    pub since: Instant,
    /// Files that are being written, and when that was seen last.
    open: BTreeMap<SitePath, Instant>,
}

/// When a batch that began at `since` is due.
pub(super) fn due(since: Instant) -> Instant {
    since + DUE
}

impl Batch {
    pub(crate) fn new(since: Instant) -> Self {
        Self { paths: BTreeSet::new(), all: false, since, open: BTreeMap::new() }
    }

    /// When this batch may be looked at, if nothing comes until then; `last` is when something came last.
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
        // Only some systems tell when a file is closed; on others, that is not waited for.
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

    /// A batch that hears of events at these milliseconds after it began; gives when it may be looked at.
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
    fn a_save_is_looked_at_once_the_file_system_is_quiet() {
        assert_eq!(ready_after(&[(0, "content/a.md", WRITE), (1, "content/a.md", CLOSE)]), 4);
        assert_eq!(ready_after(&[(0, "content/a.md", MOVE), (2, "content/b.md", MOVE)]), 5);
    }

    #[test]
    fn a_file_that_is_open_is_waited_for_until_the_batch_is_due() {
        if cfg!(target_os = "linux") {
            assert_eq!(ready_after(&[(0, "content/a.md", WRITE), (200, "content/a.md", CLOSE)]), 203);
        }
        assert_eq!(ready_after(&[(0, "content/a.md", WRITE), (250, "content/a.md", WRITE)]), 300);
    }

    #[test]
    fn whatever_else_is_written_a_batch_is_due() {
        let log = |kind| (0..10_000).map(|at| (at, "static/run.log", kind)).collect::<Vec<_>>();
        assert_eq!(ready_after(&log(WRITE)), 300);
        assert_eq!(ready_after(&log(CLOSE)), 300);
        assert_eq!(ready_after(&log(MOVE)), 300);
    }
}
