//! What the file system says has changed. It is a hint: names to look at, never a verdict, so no event is worth a rule
//! of its own. Whoever acts on it looks at the files, and now and then at all of them.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "an edge: it waits by the clock")]

mod batch;
mod remedy;

pub use batch::Batch;

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{Config, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::disk::Stamps;
use crate::source::{Listing, SitePath};

/// Folders of a site that hold inputs.
const TOPS: [&str; 3] = ["content", "static", "templates"];
/// After the last event, how long nothing may come before a batch is looked at: an editor's save is a burst of events
/// within a tenth of that.
const QUIET: Duration = Duration::from_millis(3);
/// How long a batch that is due already takes in what has come before.
const DRAIN: Duration = Duration::from_millis(20);

/// What wakes the one who waits.
pub enum Signal {
    /// An event of the file system that concerns inputs, and when it came.
    Event(Instant, notify::Result<notify::Event>),
    /// All inputs as a sweep found them, and the number of the sweep.
    Swept(u64, Listing, Stamps),
    /// The end.
    Stop,
}

/// Why [`Watch::wait`] came back.
pub enum Woken {
    /// Something may have changed.
    Batch(Batch),
    /// A sweep has ended.
    Swept(u64, Listing, Stamps),
    /// There is no more to come.
    Stop,
}

/// Watches the inputs of one site.
pub struct Watch {
    /// None where sweeps alone must find what changes.
    watcher: Option<RecommendedWatcher>,
    root: PathBuf,
    signals: Receiver<Signal>,
    sender: Sender<Signal>,
    /// What came while something else was awaited.
    ahead: Option<Woken>,
    watched: [bool; TOPS.len()],
    /// Why some changes cause no event.
    unwatched: Option<String>,
}

impl Watch {
    /// Watches the site at `root`, which must be its real path; with `poll`, no event is asked for.
    pub fn new(root: &Path, poll: bool) -> Self {
        let (sender, signals) = channel();
        let root = root.to_owned();
        let mut watch =
            Self { watcher: None, root, signals, sender, ahead: None, watched: Default::default(), unwatched: None };
        if !poll {
            match watch.start() {
                Ok(watcher) => watch.watcher = Some(watcher),
                Err(error) => watch.unwatched = Some(remedy::explain(&error)),
            }
            watch.renew();
        }
        watch
    }

    fn start(&self) -> notify::Result<RecommendedWatcher> {
        let (events, root) = (self.sender.clone(), self.root.clone());
        let send = move |event: notify::Result<notify::Event>| {
            if event.as_ref().map_or(true, |event| concerns(event, &root)) {
                let _ = events.send(Signal::Event(Instant::now(), event));
            }
        };
        // A link that leads round would have the system tell of known folders by other names.
        let mut watcher = RecommendedWatcher::new(send, Config::default().with_follow_symlinks(false))?;
        watcher.watch(&self.root, RecursiveMode::NonRecursive)?;
        Ok(watcher)
    }

    /// Where signals from elsewhere go.
    pub fn sender(&self) -> Sender<Signal> {
        self.sender.clone()
    }

    /// Whether changes cause events; if not all do, only sweeps find the others.
    pub fn has_events(&self) -> bool {
        self.watcher.is_some() && self.unwatched.is_none()
    }

    /// Why changes cause no event though events were asked for, and what helps.
    pub fn unwatched(&self) -> Option<&str> {
        self.unwatched.as_deref()
    }

    /// Watches the folders that have come, anew where they went in between.
    pub fn renew(&mut self) {
        let Some(watcher) = &mut self.watcher else { return };
        self.unwatched = None;
        for (top, watched) in TOPS.into_iter().zip(&mut self.watched) {
            let folder = self.root.join(top);
            if *watched {
                let _ = watcher.unwatch(&folder);
            }
            *watched = false;
            if folder.is_dir() {
                match watcher.watch(&folder, RecursiveMode::Recursive) {
                    Ok(()) => *watched = true,
                    Err(error) => self.unwatched = Some(remedy::explain(&error)),
                }
            }
        }
    }

    /// Waits for a batch, or for a sweep.
    pub fn wait(&mut self) -> Woken {
        if let Some(ahead) = self.ahead.take() {
            return ahead;
        }
        match self.signals.recv() {
            Ok(Signal::Event(at, event)) => {
                let mut batch = Batch::new(at);
                batch.note(at, event, &self.root);
                self.gather(&mut batch, QUIET);
                Woken::Batch(batch)
            }
            Ok(Signal::Swept(number, listing, stamps)) => Woken::Swept(number, listing, stamps),
            Ok(Signal::Stop) | Err(_) => Woken::Stop,
        }
    }

    /// Adds to a batch what comes until there was nothing for `quiet` and no file is being written, or until the batch is
    /// due.
    pub fn gather(&mut self, batch: &mut Batch, quiet: Duration) {
        let begun = Instant::now();
        let mut last = begun;
        loop {
            let now = Instant::now();
            let until = batch.ready_at(last, quiet);
            if now >= until.max(begun + DRAIN) {
                return;
            }
            match self.signals.recv_timeout(until.saturating_duration_since(now)) {
                Ok(Signal::Event(at, event)) => {
                    batch.note(at, event, &self.root);
                    last = Instant::now();
                }
                // A sweep from before the batch proves nothing any more.
                Ok(Signal::Swept(..)) => {}
                Err(RecvTimeoutError::Timeout) => return,
                Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected) => {
                    self.ahead = Some(Woken::Stop);
                    return;
                }
            }
        }
    }

    /// What has come meanwhile, without waiting for the first of it; none once a batch that began at `since` is due.
    pub fn more(&mut self, since: Instant) -> Option<Batch> {
        if Instant::now() >= batch::due(since) {
            return None;
        }
        loop {
            match self.signals.try_recv() {
                Ok(Signal::Event(at, event)) => {
                    let mut batch = Batch::new(since);
                    batch.note(at, event, &self.root);
                    self.gather(&mut batch, QUIET);
                    return Some(batch);
                }
                Ok(Signal::Swept(..)) => {}
                Ok(Signal::Stop) => self.ahead = Some(Woken::Stop),
                Err(_) => return None,
            }
        }
    }
}

/// Whether an event says that an input may have changed.
fn concerns(event: &notify::Event, root: &Path) -> bool {
    let read = match event.kind {
        EventKind::Access(access) => access != AccessKind::Close(AccessMode::Write),
        _ => false,
    };
    event.need_rescan() || !read && event.paths.iter().any(|path| input(path, root).is_some())
}

/// The path of an input, from the root; none for what is no input of a site.
fn input(path: &Path, root: &Path) -> Option<SitePath> {
    let below = path.strip_prefix(root).ok()?;
    let first = below.components().next()?.as_os_str().to_str()?;
    if first != "site.toml" && !TOPS.contains(&first) {
        return None;
    }
    let parts: Option<Vec<&str>> = below.components().map(|part| part.as_os_str().to_str()).collect();
    SitePath::new(&parts?.join("/")).ok()
}
