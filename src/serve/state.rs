//! The current state of the server, shared by the engine that changes it and the requests that read it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::diag::Diagnostics;
use crate::disk::Folder;
use crate::pipeline::{OnDemand, Opened};
use crate::render::base_path;
use crate::site::PageId;
use crate::source::{Hash, SitePath};

use super::Options;
use super::origin_check::Hosts;
use super::problem_view::ProblemView;

/// The state between two rebuilds.
#[derive(Clone, Default)]
pub(super) struct Revision {
    /// Counts the rebuilds.
    pub number: u64,
    /// The last snapshot without errors.
    pub live: Option<Arc<OnDemand>>,
    /// The current problems, shown over the last snapshot without errors.
    pub problems: Arc<Vec<ProblemView>>,
    /// How many more there are than are shown.
    pub problems_left_out: usize,
    /// All problems that were reported with it.
    pub reported: Arc<Diagnostics>,
    /// Files with new bytes at the same address.
    pub files: Arc<Vec<SitePath>>,
    /// The page that was edited, for tabs that follow.
    pub edited: Option<SitePath>,
    /// The only pages that may differ from the previous revision, if that is known.
    pub pages: Option<Vec<PageId>>,
}

/// The revision, and the open tabs.
pub(super) struct AppState {
    /// The site's files.
    pub folder: Arc<Folder>,
    /// Whether pages get the reload script.
    pub watch: bool,
    /// The allowed host names.
    pub hosts: Hosts,
    revision: watch::Sender<Arc<Revision>>,
    /// The page in each open tab.
    tabs: Mutex<BTreeMap<u64, SitePath>>,
    next_tab: AtomicU64,
}

impl AppState {
    pub fn new(options: &Options, folder: Arc<Folder>) -> Self {
        Self {
            folder,
            watch: options.watch,
            hosts: Hosts { own: options.host.clone(), allowed: options.allow_hosts.clone() },
            revision: watch::Sender::new(Arc::default()),
            tabs: Mutex::default(),
            next_tab: AtomicU64::new(0),
        }
    }

    /// Waits for the first revision.
    pub async fn wait_for_first(&self) {
        let mut seen = self.revision.subscribe();
        let _ = seen.wait_for(|revision| revision.number > 0).await;
    }

    /// The current revision.
    pub fn revision(&self) -> Arc<Revision> {
        self.revision.borrow().clone()
    }

    /// Subscribes to new revisions.
    pub fn subscribe(&self) -> watch::Receiver<Arc<Revision>> {
        self.revision.subscribe()
    }

    /// Sets a new revision.
    pub fn set(&self, revision: Revision) {
        self.revision.send_replace(Arc::new(revision));
    }

    /// Adds problems to a revision, unless there is a newer one.
    pub fn add_problems(&self, number: u64, problems: Vec<ProblemView>, problems_left_out: usize) {
        self.revision.send_if_modified(|revision| {
            let is_same = revision.number == number;
            if is_same {
                // Only the problems have changed.
                let (files, edited) = (Arc::default(), None);
                let problems = Arc::new(problems);
                *revision = Arc::new(Revision { problems, problems_left_out, files, edited, ..(**revision).clone() });
            }
            is_same
        });
    }

    /// The base path of the site: `/`, or that of its `base_url`.
    pub fn base(&self) -> String {
        let revision = self.revision();
        let base = revision.live.as_ref().and_then(|live| live.snapshot.site.config.base_url().map(base_path));
        base.unwrap_or("/").to_owned()
    }

    /// A number for a new tab.
    pub fn add_tab(&self) -> u64 {
        self.next_tab.fetch_add(1, Ordering::Relaxed)
    }

    /// Records the page in a tab.
    pub fn set_tab_page(&self, tab: u64, page: SitePath) {
        self.tabs().insert(tab, page);
    }

    /// Removes a tab.
    pub fn remove_tab(&self, tab: u64) {
        self.tabs().remove(&tab);
    }

    /// The pages in open tabs.
    pub fn looked_at(&self) -> Vec<SitePath> {
        let mut pages: Vec<SitePath> = self.tabs().values().cloned().collect();
        pages.sort();
        pages.dedup();
        pages
    }

    fn tabs(&self) -> MutexGuard<'_, BTreeMap<u64, SitePath>> {
        self.tabs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Revision {
    /// The state of a tab at this output: the hash, if it is a page, and its problems.
    pub fn page(&self, path: &SitePath) -> (Option<Hash>, Option<Box<crate::diag::Diagnostic>>) {
        let Some(live) = &self.live else { return (None, None) };
        let opened = match live.open(path) {
            Opened::Nothing => SitePath::new("404.html").map_or(Opened::Nothing, |path| live.open(&path)),
            opened => opened,
        };
        match opened {
            Opened::Page(page) => (Some(page.hash), None),
            Opened::Failed(problem, _) => (None, Some(problem)),
            _ => (None, None),
        }
    }
}
