//! The thread that turns batches of changes into revisions.

mod broadcast;
mod changed_files;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Instant;

use crate::diag::Diagnostics;
use crate::disk::{Folder, Stamps};
use crate::parse::Day;
use crate::pipeline::{Change, Keep, Request, Snapshot, Touched, advance};
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
    /// Has it end soon; it holds nothing that needs an end.
    pub fn stop(self) {
        if let Some(sender) = self.0 {
            let _ = sender.send(Signal::Stop);
        }
    }
}

/// Starts the engine; the first revision follows.
pub(super) fn start(
    options: &Options,
    folder: Arc<Folder>,
    state: Arc<AppState>,
    observer: Arc<dyn Observer>,
) -> std::io::Result<Handle> {
    // The watch comes first, so that nothing changes unseen.
    let watch = options.watch.then(|| Watch::new(folder.root(), options.poll));
    let handle = Handle(watch.as_ref().map(Watch::sender));
    let engine = Engine::new(options, folder, state, observer);
    std::thread::Builder::new().name("engine".into()).spawn(move || engine.run(watch))?;
    Ok(handle)
}

struct Engine {
    folder: Arc<Folder>,
    request: Request,
    today: Arc<dyn Fn() -> Day + Send + Sync>,
    follow: bool,
    state: Arc<AppState>,
    observer: Arc<dyn Observer>,
    background: Background,
    /// The last snapshot, good or not.
    base: Option<Arc<Snapshot>>,
    /// What was touched since then, where no snapshot could be made.
    pending: BTreeSet<SitePath>,
    /// The inputs as they were listed last, and what the file system told of them.
    listing: Arc<Listing>,
    stamps: Stamps,
    /// Whether snapshots were made and not shown, since they failed or were overtaken.
    dirty: bool,
    /// The problems that were told last.
    told: Diagnostics,
    /// Those of them that the inputs alone have.
    inputs_told: Diagnostics,
    /// The number of the last sweep that was asked for.
    sweep: u64,
    /// Why some changes cause no event, as it was told last.
    unwatched: Option<String>,
    /// The content files that were no pages, as they were told last.
    left_out: LeftOut,
}

/// What a batch comes down to.
struct Work {
    touched: BTreeSet<SitePath>,
    /// The new listing, where files were added or removed.
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
            told: Diagnostics::default(),
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

    /// Asks for a sweep, and says so where sweeps alone find what changes.
    fn ask(&mut self, watch: &Watch, sweeper: &Sender<Sweep>) {
        if self.unwatched.as_deref() != watch.unwatched() {
            self.unwatched = watch.unwatched().map(str::to_owned);
            self.unwatched.iter().for_each(|reason| self.observer.trouble(reason));
        }
        self.sweep += 1;
        let _ = sweeper.send(Sweep { number: self.sweep, has_events: watch.has_events() });
    }

    /// Makes snapshots until none is overtaken, or until what changed first must be shown, and shows the last.
    fn rebuild(&mut self, mut work: Work, watch: &mut Watch) {
        loop {
            let made = self.make(&work);
            let newer = watch.more(work.since).and_then(|batch| self.look(batch, watch));
            let Some(newer) = newer else { return self.show(made, &work) };
            // What was made stands as the base; what was touched on the way still has to be shown.
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
                let problems = snapshot.problems();
                Made { snapshot: Some(snapshot), problems, files, alone }
            }
            Err(problems) => {
                self.pending.clone_from(&files);
                Made { snapshot: None, problems, files, alone: false }
            }
        }
    }
}

/// A snapshot that may be shown, or the reasons why there is none.
struct Made {
    snapshot: Option<Arc<Snapshot>>,
    problems: Diagnostics,
    files: BTreeSet<SitePath>,
    /// Whether what has changed is told by the snapshot's own [`Change`].
    alone: bool,
}

#[cfg(test)]
pub(super) mod tests;
