//! The background thread that renders the pages that were not requested yet. Then they can be served at once, and their
//! problems and broken links are reported.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};

use crate::diag::{Diagnostic, Diagnostics};
use crate::pipeline::{CheckedLinks, OnDemand, Opened};
use crate::site::PageId;

use super::Observer;
use super::problem_view::ProblemView;
use super::state::{AppState, Revision};

/// A handle of the thread, to announce new revisions.
pub(super) struct Background(Option<Sender<()>>);

impl Background {
    /// Starts the thread, which waits for the first revision.
    pub fn start(state: Arc<AppState>, observer: Arc<dyn Observer>) -> Self {
        let (sender, revisions) = channel();
        let run = move || {
            // The last revision of which every page was rendered.
            let mut last_complete = 0;
            let (mut checked_links, mut reported) = (CheckedLinks::default(), Diagnostics::default());
            while revisions.recv().is_ok() {
                let revision = state.revision();
                let Some(live) = &revision.live else { continue };
                let changed_pages = revision.pages.as_ref().filter(|_| last_complete + 1 == revision.number);
                let pages = changed_pages.cloned().unwrap_or_else(|| live.snapshot.site.ids().collect());
                if let Some(mut found) = render(live, &pages, &revision, &state, &mut checked_links) {
                    last_complete = revision.number;
                    found.extend(checked_links.problems(live));
                    found.extend(live.snapshot.problems_of_code());
                    let known: HashSet<&Diagnostic> = revision.reported.iter().collect();
                    let mut news: Diagnostics = found.into_iter().filter(|found| !known.contains(found)).collect();
                    news.sort();
                    show(&news, &revision, &state);
                    if !news.is_empty() && news != reported {
                        observer.problems(&state.folder, &news);
                    }
                    reported = news;
                }
            }
        };
        let started = std::thread::Builder::new().name("background".into()).spawn(run);
        Self(started.is_ok().then_some(sender))
    }

    /// Announces a new revision.
    pub fn begin(&self) {
        if let Some(sender) = &self.0 {
            let _ = sender.send(());
        }
    }
}

/// Renders the remaining pages; `None` if there is a newer revision.
fn render(
    live: &OnDemand,
    pages: &[PageId],
    revision: &Revision,
    state: &AppState,
    checked_links: &mut CheckedLinks,
) -> Option<Diagnostics> {
    let mut found = Diagnostics::default();
    for id in pages.iter().copied() {
        if state.revision().number != revision.number {
            return None;
        }
        if let Some(Opened::Failed(problem, _)) = live.page_anew(id) {
            found.extend([*problem]);
        }
        checked_links.read(live, id);
    }
    Some(found)
}

/// Reports problems that were not known when the revision was set.
fn show(found: &Diagnostics, revision: &Revision, state: &AppState) {
    let (found, left_out) = ProblemView::errors(found.iter().cloned(), &*state.folder);
    let mut shown: Vec<ProblemView> = (*revision.problems).clone();
    for error in found {
        if !shown.contains(&error) {
            shown.push(error);
        }
    }
    if shown.len() > revision.problems.len() {
        state.add_problems(revision.number, shown, revision.problems_left_out + left_out);
    }
}
