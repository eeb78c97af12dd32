//! Turns a batch of paths into the files that may have changed, and whether any were added or removed.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use crate::disk::{Folder, Stamps};
use crate::source::{Listing, SitePath};
use crate::watch::{Batch, Signal, Watch};

use super::{Engine, Work};

/// The quiet time after the last event of a batch in which files were added or removed: a checkout, a rename or a new
/// folder is many events, and none of them is a save that the user waits for.
const SETTLE: Duration = Duration::from_millis(25);
/// How long after a rebuild a sweep confirms that nothing was missed.
const SWEEP: Duration = Duration::from_millis(60);
/// How often a sweep looks for changes without events: files on other machines, and behind links to folders.
const REST: Duration = Duration::from_secs(10);
/// The same, if there are no events at all.
const POLL: Duration = Duration::from_millis(500);

impl Engine {
    /// Examines the files of a batch; `None` if none of them concerns the site.
    pub(super) fn look(&mut self, mut batch: Batch, watch: &mut Watch) -> Option<Work> {
        let mut touched = BTreeSet::new();
        let mut settled = false;
        loop {
            touched.clear();
            let moved = batch.all || batch.paths.iter().any(|path| self.is_moved(path, &mut touched));
            if !moved && touched.len() < 8 || settled {
                let since = batch.since;
                if moved {
                    watch.renew();
                    let (listing, stamps) = self.folder.survey();
                    let mut work = self.compare(listing, stamps);
                    work.touched.extend(batch.paths.iter().filter(|path| self.knows(path)).cloned());
                    return (work.listing.is_some() || !work.touched.is_empty()).then_some(Work { since, ..work });
                }
                return (!touched.is_empty()).then_some(Work { touched, listing: None, since });
            }
            settled = true;
            watch.gather(&mut batch, SETTLE);
        }
    }

    /// Whether this path means that files were added or removed; a known file was only modified.
    fn is_moved(&mut self, path: &SitePath, touched: &mut BTreeSet<SitePath>) -> bool {
        let ignored = self.base.as_ref().is_some_and(|base| base.is_ignored(path));
        if ignored {
            return false;
        }
        match (self.knows(path), self.folder.stamp(path)) {
            (true, Ok(Some(stamp))) => {
                self.stamps.insert(path.clone(), stamp);
                touched.insert(path.clone());
                false
            }
            (true, _) => true,
            // A folder that had files in it, or a new file.
            (false, _) => self.folder.holds(path) || self.is_folder(path),
        }
    }

    fn knows(&self, path: &SitePath) -> bool {
        self.listing.files.binary_search_by(|listed| listed.path.cmp(path)).is_ok()
    }

    fn is_folder(&self, path: &SitePath) -> bool {
        let below = format!("{path}/");
        let at = self.listing.files.partition_point(|listed| listed.path.as_str() < below.as_str());
        self.listing.files.get(at).is_some_and(|listed| listed.path.as_str().starts_with(&below))
    }

    pub(super) fn swept(&mut self, listing: Listing, stamps: Stamps) -> Option<Work> {
        let work = self.compare(listing, stamps);
        (work.listing.is_some() || !work.touched.is_empty()).then_some(work)
    }

    /// The differences from the last listing of all inputs.
    fn compare(&mut self, listing: Listing, stamps: Stamps) -> Work {
        let differs = |path: &&SitePath| self.stamps.get(*path) != stamps.get(*path);
        let mut touched: BTreeSet<SitePath> = stamps.keys().filter(differs).cloned().collect();
        let names = |listing: &Listing| listing.files.iter().map(|listed| listed.path.clone()).collect::<Vec<_>>();
        let (before, now) = (names(&self.listing), names(&listing));
        let moved = before != now || self.listing.refused != listing.refused;
        if moved {
            touched.extend(before.iter().filter(|path| !stamps.contains_key(*path)).cloned());
            self.listing = Arc::new(listing);
        }
        self.stamps = stamps;
        Work { touched, listing: moved.then(|| self.listing.clone()), since: Instant::now() }
    }
}

/// The requested sweep: its number, and whether there are events as well.
#[derive(Clone, Copy)]
pub(super) struct Sweep {
    pub number: u64,
    pub has_events: bool,
}

/// The thread that lists all inputs shortly after each rebuild, and periodically, and sends the listing.
pub(super) fn sweeper(folder: Arc<Folder>, to: Sender<Signal>) -> Sender<Sweep> {
    let (sender, asked) = channel::<Sweep>();
    let sweep = move || {
        let Ok(mut sweep) = asked.recv() else { return };
        loop {
            // Wait until no newer sweep is requested: then the rebuild has ended.
            loop {
                match asked.recv_timeout(SWEEP) {
                    Ok(newer) => sweep = newer,
                    Err(RecvTimeoutError::Timeout) => break,
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
            let Sweep { number, has_events } = sweep;
            let (listing, stamps) = folder.survey();
            if to.send(Signal::Swept(number, listing, stamps)).is_err() {
                return;
            }
            match asked.recv_timeout(if has_events { REST } else { POLL }) {
                Ok(newer) => sweep = newer,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    };
    let _ = std::thread::Builder::new().name("sweeper".into()).spawn(sweep);
    sender
}
