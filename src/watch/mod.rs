//! Watches the file system for changes. Events are only hints to examine files, so kinds of events need no special
//! rules. The engine examines the files, and periodically all of them.
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

/// Folders of a site with inputs.
const TOPS: [&str; 3] = ["content", "static", "templates"];
/// The quiet time after the last event before a batch is handled: an editor's save is a burst of events within a tenth
/// of that.
const QUIET: Duration = Duration::from_millis(3);
/// How long a batch that is already due collects earlier events.
const DRAIN: Duration = Duration::from_millis(20);

/// What ends waiting.
pub enum Signal {
    /// An event of the file system that concerns inputs, with its time.
    Event(Instant, notify::Result<notify::Event>),
    /// The listing of a sweep, and its number.
    Swept(u64, Listing, Stamps),
    /// The program ends.
    Stop,
}

/// Why [`Watch::wait`] returned.
pub enum Woken {
    /// Something may have changed.
    Batch(Batch),
    /// A sweep has ended.
    Swept(u64, Listing, Stamps),
    /// There are no more events.
    Stop,
}

/// Watches the inputs of one site.
pub struct Watch {
    /// `None` if changes are found only by sweeps.
    watcher: Option<RecommendedWatcher>,
    root: PathBuf,
    signals: Receiver<Signal>,
    sender: Sender<Signal>,
    /// Events that came while waiting for something else.
    ahead: Option<Woken>,
    watched: [bool; TOPS.len()],
    /// Why some changes cause no event.
    unwatched: Option<String>,
}

impl Watch {
    /// Watches the site at `root`, which must be its canonical path; with `poll`, without events.
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
        // With a circular link, the system would report known folders by other names.
        let mut watcher = RecommendedWatcher::new(send, Config::default().with_follow_symlinks(false))?;
        watcher.watch(&self.root, RecursiveMode::NonRecursive)?;
        Ok(watcher)
    }

    /// The sender for other signals.
    pub fn sender(&self) -> Sender<Signal> {
        self.sender.clone()
    }

    /// Whether changes cause events; changes without events are found by sweeps.
    pub fn has_events(&self) -> bool {
        self.watcher.is_some() && self.unwatched.is_none()
    }

    /// Why changes cause no events although they should, and what to do.
    pub fn unwatched(&self) -> Option<&str> {
        self.unwatched.as_deref()
    }

    /// Watches new folders, and folders that were removed and created again.
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

    /// Waits for a batch or a sweep.
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

    /// Adds events to a batch until there were none for `quiet` and no file is being written, or until the batch is
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
                // A sweep from before the batch is outdated.
                Ok(Signal::Swept(..)) => {}
                Err(RecvTimeoutError::Timeout) => return,
                Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected) => {
                    self.ahead = Some(Woken::Stop);
                    return;
                }
            }
        }
    }

    /// The events that have come meanwhile, without waiting; `None` once a batch that began at `since` is due.
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

/// Whether an event means that an input may have changed.
fn concerns(event: &notify::Event, root: &Path) -> bool {
    let read = match event.kind {
        EventKind::Access(access) => access != AccessKind::Close(AccessMode::Write),
        _ => false,
    };
    event.need_rescan() || !read && event.paths.iter().any(|path| input(path, root).is_some())
}

/// The path of an input, relative to the root; `None` if it is not an input.
fn input(path: &Path, root: &Path) -> Option<SitePath> {
    let below = path.strip_prefix(root).ok()?;
    let first = below.components().next()?.as_os_str().to_str()?;
    if first != "site.toml" && !TOPS.contains(&first) {
        return None;
    }
    let parts: Option<Vec<&str>> = below.components().map(|part| part.as_os_str().to_str()).collect();
    SitePath::new(&parts?.join("/")).ok()
}
