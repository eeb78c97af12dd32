//! What the file system says has changed. It is a hint: names to look at, never a verdict, so no event is worth a rule
//! of its own. Whoever acts on it looks at the files, and now and then at all of them.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "an edge: it waits by the clock")]

mod batch;

pub use batch::Batch;

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::{Config, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::disk::Stamps;
use crate::source::{Listing, SitePath};

/// Folders of a site that hold inputs.
const TOPS: [&str; 3] = ["content", "static", "templates"];
/// After the last event, how long nothing may come before a batch is looked at: an editor's save is a burst of events
/// within a tenth of that.
const QUIET: Duration = Duration::from_millis(3);
/// How long a file may stay open for writing before it is read all the same.
const OPEN: Duration = Duration::from_millis(500);

/// What wakes the one who waits.
pub enum Signal {
    /// An event of the file system.
    Event(notify::Result<notify::Event>),
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
    /// Nobody will wake us again.
    Stop,
}

/// Watches the inputs of one site.
pub struct Watch {
    watcher: RecommendedWatcher,
    root: PathBuf,
    signals: Receiver<Signal>,
    sender: Sender<Signal>,
    /// What came while somebody waited for something else.
    ahead: Option<Woken>,
    watched: [bool; TOPS.len()],
}

impl Watch {
    /// Watches the site at `root`, which must be its real path.
    ///
    /// # Errors
    /// What the system says: most often, that too many files are watched already.
    pub fn new(root: &Path) -> notify::Result<Self> {
        let (sender, signals) = channel();
        let events = sender.clone();
        let send = move |event| {
            let _ = events.send(Signal::Event(event));
        };
        // A link that leads round would have the system tell of known folders by other names.
        let mut watcher = RecommendedWatcher::new(send, Config::default().with_follow_symlinks(false))?;
        watcher.watch(root, RecursiveMode::NonRecursive)?;
        let mut watch =
            Self { watcher, root: root.to_owned(), signals, sender, ahead: None, watched: [false; TOPS.len()] };
        watch.renew();
        Ok(watch)
    }

    /// Where signals from elsewhere go.
    pub fn sender(&self) -> Sender<Signal> {
        self.sender.clone()
    }

    /// Watches the folders that have come, anew where they went in between.
    pub fn renew(&mut self) {
        for (top, watched) in TOPS.into_iter().zip(&mut self.watched) {
            let folder = self.root.join(top);
            if *watched {
                let _ = self.watcher.unwatch(&folder);
            }
            *watched = folder.is_dir() && self.watcher.watch(&folder, RecursiveMode::Recursive).is_ok();
        }
    }

    /// Waits for a batch, or for a sweep.
    pub fn wait(&mut self) -> Woken {
        if let Some(ahead) = self.ahead.take() {
            return ahead;
        }
        let mut batch = Batch::default();
        loop {
            match self.signals.recv() {
                Ok(Signal::Event(event)) => batch.note(event, &self.root),
                Ok(Signal::Swept(number, listing, stamps)) => return Woken::Swept(number, listing, stamps),
                Ok(Signal::Stop) | Err(_) => return Woken::Stop,
            }
            if !batch.is_empty() {
                self.gather(&mut batch, QUIET);
                return Woken::Batch(batch);
            }
        }
    }

    /// Adds to a batch what comes until there was nothing for `quiet`, and no file is being written.
    pub fn gather(&mut self, batch: &mut Batch, quiet: Duration) {
        let mut last = Instant::now();
        loop {
            let open = batch.open_since().map(|since| since + OPEN).filter(|until| *until > Instant::now());
            let until = open.unwrap_or(last).max(last + quiet);
            match self.signals.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(Signal::Event(event)) => {
                    batch.note(event, &self.root);
                    last = Instant::now();
                }
                // A sweep from before the batch proves nothing any more.
                Ok(Signal::Swept(..)) => {}
                Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected) => {
                    self.ahead = Some(Woken::Stop);
                    return;
                }
                Err(RecvTimeoutError::Timeout) => {
                    let writing = batch.open_since().is_some_and(|since| since.elapsed() < OPEN);
                    if !writing && last.elapsed() >= quiet {
                        return;
                    }
                }
            }
        }
    }

    /// What has come meanwhile, without waiting for the first of it.
    pub fn more(&mut self) -> Option<Batch> {
        let mut batch = Batch::default();
        while let Ok(signal) = self.signals.try_recv() {
            match signal {
                Signal::Event(event) => batch.note(event, &self.root),
                Signal::Swept(..) => {}
                Signal::Stop => self.ahead = Some(Woken::Stop),
            }
        }
        if batch.is_empty() {
            return None;
        }
        self.gather(&mut batch, QUIET);
        Some(batch)
    }
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
