//! The thread that turns batches of changes into revisions.

mod broadcast;
mod changed_files;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Instant;

use tokio::sync::oneshot;

use crate::diag::Diagnostics;
use crate::disk::{Folder, Stamps};
use crate::parse::Day;
use crate::pipeline::{Change, Compared, Keep, Request, Snapshot, Touched, advance};
use crate::site::LeftOut;
use crate::source::{Listing, SitePath};
use crate::watch::{Signal, Watch, Woken};

use changed_files::Sweep;

use super::background::Background;
use super::state::AppState;
use super::{Observer, Options};

/// The running engine.
pub(super) struct Handle(Option<Sender<Signal>>);

impl Handle {
    /// Tells it to end; it needs no cleanup.
    pub fn stop(self) {
        if let Some(sender) = self.0 {
            let _ = sender.send(Signal::Stop);
        }
    }
}

/// Starts the engine; the first revision follows. The receiver gets a message when the engine ends, and none if it panics.
pub(super) fn start(
    options: &Options,
    folder: Arc<Folder>,
    state: Arc<AppState>,
    observer: Arc<dyn Observer>,
) -> std::io::Result<(Handle, oneshot::Receiver<()>)> {
    // Watch first, so that no change is missed.
    let watch = options.watch.then(|| Watch::new(folder.root(), options.poll));
    let handle = Handle(watch.as_ref().map(Watch::sender));
    let engine = Engine::new(options, folder, state, observer);
    let (ended, end) = oneshot::channel();
    std::thread::Builder::new().name("engine".into()).spawn(move || {
        engine.run(watch);
        let _ = ended.send(());
    })?;
    Ok((handle, end))
}

struct Engine {
    folder: Arc<Folder>,
    request: Request,
    today: Arc<dyn Fn() -> Day + Send + Sync>,
    follow: bool,
    state: Arc<AppState>,
    observer: Arc<dyn Observer>,
    background: Background,
    /// The last snapshot, with or without errors.
    base: Option<Arc<Snapshot>>,
    /// The files changed since then, if no snapshot could be made.
    pending: BTreeSet<SitePath>,
    /// The last listing of the inputs, with their metadata.
    listing: Arc<Listing>,
    stamps: Stamps,
    /// Whether snapshots were made but not shown, because they failed or were superseded.
    dirty: bool,
    /// The problems that were reported last.
    reported: Diagnostics,
    /// Those of them that come from the inputs alone.
    inputs_told: Diagnostics,
    /// The number of the last requested sweep.
    sweep: u64,
    /// The last reported reason why some changes cause no event.
    unwatched: Option<String>,
    /// The last reported content files that are not pages.
    left_out: LeftOut,
}

/// The changes of a batch.
struct Work {
    touched: BTreeSet<SitePath>,
    /// The new listing, if files were added or removed.
    listing: Option<Arc<Listing>>,
    since: Instant,
}

impl Engine {
    fn new(options: &Options, folder: Arc<Folder>, state: Arc<AppState>, observer: Arc<dyn Observer>) -> Self {
        Self {
            folder,
            request: options.request.clone(),
            today: options.today.clone(),
            follow: options.follow,
            background: Background::start(state.clone(), observer.clone()),
            state,
            observer,
            base: None,
            pending: BTreeSet::new(),
            listing: Arc::default(),
            stamps: Stamps::default(),
            dirty: false,
            reported: Diagnostics::default(),
            inputs_told: Diagnostics::default(),
            sweep: 0,
            unwatched: None,
            left_out: LeftOut::default(),
        }
    }

    /// Makes and shows the first revision.
    fn begin(&mut self) {
        let since = Instant::now();
        let (listing, stamps) = self.folder.survey();
        (self.listing, self.stamps) = (Arc::new(listing), stamps);
        let work = Work { touched: BTreeSet::new(), listing: Some(self.listing.clone()), since };
        let made = self.make(&work);
        self.show(made, &work);
    }

    fn run(mut self, watch: Option<Watch>) {
        self.begin();
        let Some(mut watch) = watch else { return };
        let sweeper = changed_files::sweeper(self.folder.clone(), watch.sender());
        self.ask(&watch, &sweeper);
        loop {
            let work = match watch.wait() {
                Woken::Stop => return,
                Woken::Swept(number, listing, stamps) if number == self.sweep => self.swept(listing, stamps),
                Woken::Swept(..) => continue,
                Woken::Batch(batch) => self.look(batch, &mut watch),
            };
            match work {
                Some(work) => self.rebuild(work, &mut watch),
                None if self.unwatched.as_deref() != watch.unwatched() => {}
                None => continue,
            }
            self.ask(&watch, &sweeper);
        }
    }

    /// Requests a sweep, and reports it if changes are found only by sweeps.
    fn ask(&mut self, watch: &Watch, sweeper: &Sender<Sweep>) {
        if self.unwatched.as_deref() != watch.unwatched() {
            self.unwatched = watch.unwatched().map(str::to_owned);
            self.unwatched.iter().for_each(|reason| self.observer.trouble(reason));
        }
        self.sweep += 1;
        let _ = sweeper.send(Sweep { number: self.sweep, has_events: watch.has_events() });
    }

    /// Makes snapshots until none is superseded, or until the first change must be shown, and shows the last one.
    fn rebuild(&mut self, mut work: Work, watch: &mut Watch) {
        loop {
            let made = self.make(&work);
            let newer = watch.more(work.since).and_then(|batch| self.look(batch, watch));
            let Some(newer) = newer else { return self.show(made, &work) };
            // The new snapshot becomes the base; files changed meanwhile still have to be shown.
            work.touched.extend(newer.touched);
            work.listing = newer.listing;
        }
    }

    /// Makes the next snapshot.
    fn make(&mut self, work: &Work) -> Made {
        let today = (self.today)();
        if self.request.today != today {
            self.request.today = today;
            self.base = None;
        }
        let mut files = std::mem::take(&mut self.pending);
        files.extend(work.touched.iter().cloned());
        let touched = Touched { listing: work.listing.clone(), files: std::borrow::Cow::Borrowed(&files) };
        let touched = match (&touched.listing, &self.base) {
            (None, Some(_)) => touched,
            _ => Touched { listing: Some(self.listing.clone()), ..touched },
        };
        let made = advance(&*self.folder, &self.request, Keep::Sources, self.base.as_deref(), &touched, &|_, _, _| {});
        match made {
            Ok(snapshot) => {
                let snapshot = Arc::new(snapshot);
                self.base = Some(snapshot.clone());
                let news = snapshot.change != Change::Nothing;
                let alone = !self.dirty;
                self.dirty |= news;
                let mut problems = snapshot.problems();
                Compared::with(&self.request.baseline).drop_known(&*self.folder, &mut problems);
                Made { snapshot: Some(snapshot), problems, files, alone }
            }
            Err(problems) => {
                self.pending.clone_from(&files);
                Made { snapshot: None, problems, files, alone: false }
            }
        }
    }
}

/// A snapshot that can be shown, or the errors that prevent it.
struct Made {
    snapshot: Option<Arc<Snapshot>>,
    problems: Diagnostics,
    files: BTreeSet<SitePath>,
    /// Whether the snapshot's [`Change`] describes all differences.
    alone: bool,
}

#[cfg(test)]
pub(super) mod tests;
