//! Publishes a snapshot to the server, to all open tabs and to the terminal.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::diag::Diagnostics;
use crate::pipeline::{Change, OnDemand, Opened};
use crate::serve::problem_view::ProblemView;
use crate::serve::state::Revision;
use crate::site::PageId;
use crate::source::SitePath;

use super::{Engine, Made, Work};

/// The maximum number of edited pages that are rendered at once; a checkout is left to the background thread.
const EDITED: usize = 64;

impl Engine {
    pub(super) fn show(&mut self, made: Made, work: &Work) {
        let before = self.state.revision();
        let Made { snapshot, mut problems, files, alone } = made;
        problems.sort();
        let nothing = alone && snapshot.as_ref().is_some_and(|snapshot| snapshot.change == Change::Nothing);
        if nothing && before.number > 0 && problems == self.inputs_told {
            return;
        }
        self.inputs_told = problems.clone();
        let good = snapshot.filter(|_| !problems.has_errors());
        let mut rendered = 0;
        let live = match &good {
            Some(snapshot) => {
                self.dirty = false;
                let live = OnDemand::new(snapshot.clone(), &*self.folder, before.live.as_deref(), &files);
                rendered = self.render(&live, &files, &mut problems);
                problems.extend(snapshot.problems_of_code());
                problems.sort();
                Some(Arc::new(live))
            }
            None => before.live.clone(),
        };
        let pages = good.as_ref().filter(|_| alone && before.live.is_some()).and_then(|good| match &good.change {
            Change::Pages(pages) => Some(pages.clone()),
            _ => None,
        });
        let copied = |file: &SitePath| live.as_ref().and_then(|live| live.copies_of(file));
        let copies: Vec<SitePath> = match &before.live {
            Some(was) if good.is_some() => {
                files.iter().filter(|file| was.copies_of(file) == copied(file)).filter_map(copied).collect()
            }
            _ => Vec::new(),
        };
        let (shown, left_out) = ProblemView::errors(problems.iter().cloned(), &*self.folder);
        let edited = self.edited(&files, live.as_deref());
        let failed = good.is_none();
        self.state.set(Revision {
            number: before.number + 1,
            live,
            problems: Arc::new(shown),
            problems_left_out: left_out,
            reported: Arc::new(problems.clone()),
            files: Arc::new(copies),
            edited,
            pages,
        });
        let took = work.since.elapsed();
        self.log_rebuild(&files, rendered, took, failed, before.number == 0);
        self.report_problems(problems);
        if !failed {
            self.background.begin();
        }
    }

    /// Renders the pages in tabs and the edited pages, before tabs are notified; returns the number of rendered pages.
    fn render(&self, live: &OnDemand, files: &BTreeSet<SitePath>, problems: &mut Diagnostics) -> usize {
        let site = &live.snapshot.site;
        let mut pages: BTreeSet<PageId> = files.iter().filter_map(|file| site.find(file)).take(EDITED).collect();
        let looked_at = self.state.looked_at();
        if !looked_at.is_empty() {
            pages.extend(site.ids().filter(|id| looked_at.contains(&site.page(*id).output)));
        }
        let mut count = 0;
        for id in pages {
            match live.page_anew(id) {
                Some(Opened::Failed(problem, _)) => problems.extend([*problem]),
                Some(_) => count += 1,
                None => {}
            }
        }
        count
    }

    fn edited(&self, files: &BTreeSet<SitePath>, live: Option<&OnDemand>) -> Option<SitePath> {
        let site = live.filter(|_| self.follow).map(|live| &live.snapshot.site)?;
        files.iter().find_map(|file| site.find(file)).map(|id| site.page(id).output.clone())
    }

    fn log_rebuild(&mut self, files: &BTreeSet<SitePath>, rendered: usize, took: Duration, failed: bool, first: bool) {
        let revision = self.state.revision();
        let snapshot = revision.live.as_ref().map(|live| &live.snapshot);
        let (pages, left_out) =
            snapshot.map(|snapshot| (snapshot.site.pages.len(), snapshot.left_out())).unwrap_or_default();
        // Once, and when it changes: otherwise a page that is saved as a draft would disappear without a message.
        let is_new = std::mem::replace(&mut self.left_out, left_out) != left_out;
        let left_out = if is_new { left_out.to_string() } else { String::new() };
        let took = format!("{:.1} ms", took.as_secs_f64() * 1000.0);
        let what = match files.iter().next() {
            _ if first => counted(pages),
            Some(file) if files.len() == 1 => file.to_string(),
            Some(file) => format!("{file} and {} more", files.len() - 1),
            None => "files were added or removed".to_owned(),
        };
        self.observer.made(&match (failed, first) {
            (true, _) => format!("{what}: errors; still showing the last good version ({took})"),
            (false, true) => format!("{what} read in {took}{left_out}"),
            (false, false) => format!("{what}: {} rendered in {took}{left_out}", counted(rendered)),
        });
    }

    fn report_problems(&mut self, problems: Diagnostics) {
        if problems != self.reported {
            self.observer.problems(&self.folder, &problems);
            self.reported = problems;
        }
    }
}

fn counted(pages: usize) -> String {
    if pages == 1 { "1 page".to_owned() } else { format!("{pages} pages") }
}
