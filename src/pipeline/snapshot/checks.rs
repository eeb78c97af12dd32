//! The checks of single pages, run again where something has changed that they have read.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::check;
use crate::config::Config;
use crate::diag::Diagnostics;
use crate::evidence::{AnyRecord, Ledger, Reads, track};
use crate::parse::{PageMetadata, Prose};
use crate::pipeline::parsed::{Checked, CheckedRecords, Parser};
use crate::render::check_calls;
use crate::site::{self, Page, PageId, Site};
use crate::source::{Hash, SitePath};

use super::reading::Read;
use super::stage::Stage;
use super::{ByPage, Snapshot};

/// The rules on prose, with what they look at besides a page.
pub(super) struct ProseRules<'a> {
    pub ledger: &'a Ledger,
    /// The files of the pages of all topics.
    topics: FxHashSet<String>,
    /// The hash of the settings.
    settings: u64,
}

impl<'a> ProseRules<'a> {
    pub fn new(ledger: &'a Ledger, config: &Config) -> Self {
        let settings = Hash::of(format!("{config:?}").as_bytes()).word();
        Self { ledger, topics: site::topic_files(config), settings }
    }

    /// Runs all of them on a page.
    pub fn check(&self, metadata: &PageMetadata, prose: &Prose) -> Checked {
        let mut found = Checked::default();
        let run = || check::prose(self.ledger, metadata, prose, &mut found.problems);
        let ((), reads) = track(run);
        if check::may_be_topical(metadata, &self.topics) {
            check::topical_prose(metadata, prose, &mut found.topical);
        }
        Checked { state: self.ledger.state_of(&reads), reads, ..found }
    }
}

impl Stage<'_> {
    /// Checks the records; `told` is what was found when they were read. What was found before is taken over where all that was
    /// read is as it was.
    pub(super) fn records(&self, rules: &ProseRules<'_>, told: &mut Diagnostics) -> CheckedRecords {
        let ledger = rules.ledger;
        let stored = self.aids.cache.as_ref().map(|cache| cache.checked_records(rules.settings));
        let before = self.before.map(|before| &before.checked_records).or(stored.as_ref().map(|(records, _)| records));
        let state = stored.as_ref().map(|_| ledger.state_of(&Reads::everything()));
        let is_known = stored.as_ref().is_some_and(|(_, whole)| whole.is_some() && *whole == state);
        let mut whole = Diagnostics::default();
        if !is_known {
            check::records(ledger, &mut whole);
        }
        let records = records(ledger, before);
        if let Some(cache) = self.aids.cache.as_ref().filter(|_| !is_known) {
            // A store that refuses this refuses the rest as well, which is reported at the end.
            let _ = cache.keep_checked_records(rules.settings, &records, state.filter(|_| whole.is_empty()));
        }
        told.extend(whole);
        records
    }
}

/// Checks every record.
fn records(ledger: &Ledger, before: Option<&CheckedRecords>) -> CheckedRecords {
    let check = |(key, record)| {
        let known = before.and_then(|before| before.get(&key));
        let known = known.filter(|known| ledger.state_of(&known.reads) == known.state).cloned();
        let checked = known.unwrap_or_else(|| {
            let mut problems = Diagnostics::default();
            let ((), reads) = track(|| check::record(ledger, record, &mut problems));
            Arc::new(Checked { state: ledger.state_of(&reads), reads, problems, ..Checked::default() })
        });
        (key, checked)
    };
    let all: Vec<((u64, u64), AnyRecord<'_>)> = ledger.each().collect();
    let all: Vec<_> = all.into_par_iter().with_min_len(64).map(check).collect();
    Arc::new(all.into_iter().collect())
}

/// What the rules on prose found, by page.
pub(super) type CheckedPages = Arc<FxHashMap<SitePath, Arc<Checked>>>;

impl Stage<'_> {
    /// What the rules on prose find: taken over for pages of which all that they read is as it was.
    pub(super) fn prose(&self, rules: &ProseRules<'_>, parser: &Parser, read: &mut Read) -> CheckedPages {
        let before = self.before.map(|before| (&before.checked, Arc::as_ptr(&before.site.ledger)));
        let same_ledger = before.is_some_and(|(_, ledger)| std::ptr::eq(ledger, rules.ledger));
        let mut all = before.map(|(checked, _)| (**checked).clone()).unwrap_or_default();
        if !read.same_set {
            all.retain(|path, _| read.pages.contains_key(path));
        }
        for (path, checked) in &mut read.fresh {
            match checked.take() {
                Some(checked) => _ = all.insert(path.clone(), Arc::new(checked)),
                None => _ = all.remove(path),
            }
        }
        let holds = |checked: &Arc<Checked>| same_ledger || rules.ledger.state_of(&checked.reads) == checked.state;
        let again = read.pages.par_iter().filter_map(|(path, page)| {
            let metadata = page.metadata.as_ref()?;
            if all.get(path).is_some_and(holds) {
                return None;
            }
            let known = || self.aids.cache.as_ref()?.checked(path, &parser.key(&page.hash), rules.settings);
            let checked = known().filter(|known| rules.ledger.state_of(&known.reads) == known.state);
            let checked = checked.unwrap_or_else(|| match parser.prose(Some(self.files), path, page) {
                Ok(prose) => rules.check(metadata, &prose),
                Err(problem) => Checked { problems: [*problem].into_iter().collect(), ..Checked::default() },
            });
            Some((path.clone(), Arc::new(checked)))
        });
        let again: Vec<_> = again.collect();
        all.extend(again);
        if let Some(cache) = &self.aids.cache {
            all.iter().for_each(|(path, checked)| cache.note_checked(path, rules.settings, checked));
        }
        Arc::new(all)
    }

    /// Checks the pages where something has changed that a check may look at; `fast` where the site is that of before
    /// but for the metadata of what was read.
    pub(super) fn check(&self, snapshot: &mut Snapshot, fresh: &[(SitePath, Option<Checked>)], fast: bool) {
        let (site, templates) = (&snapshot.site, &snapshot.templates);
        let own: BTreeSet<PageId> = fresh.iter().filter_map(|(path, _)| site.find(path)).collect();
        let before = self.before.filter(|before| Arc::ptr_eq(&before.site.ledger, &site.ledger));
        let linking = before.filter(|_| fast).map(|before| {
            let mut pages = own.clone();
            for id in &own {
                let (was, is) = (&before.site.page(*id).metadata, &site.page(*id).metadata);
                if was.headings != is.headings || was.anchors != is.anchors || was.calls != is.calls {
                    pages.extend(site.backlinks(*id));
                }
            }
            pages
        });
        let calling = before.filter(|before| Arc::ptr_eq(&before.templates, templates)).map(|_| own);
        let mut found = std::mem::take(&mut snapshot.found);
        again(&mut found.calls, site, calling, &|page, problems| {
            check_calls(&page.metadata, site, templates, problems);
        });
        again(&mut found.all_metadata, site, linking, &|page, problems| check::page(site, page, problems));
        snapshot.found = found;
    }
}

/// As many pages are one task where a check is over sooner than a thread is told of it.
const QUICK: usize = 16;

/// Runs a check over `pages`, or over all of them, and puts what it finds in the place of what was known.
fn again(
    known: &mut ByPage,
    site: &Site,
    pages: Option<BTreeSet<PageId>>,
    check: &(dyn Fn(&Page, &mut Diagnostics) + Sync),
) {
    let run = |page: &Page| {
        let mut problems = Diagnostics::default();
        check(page, &mut problems);
        (page.metadata.path.clone(), problems)
    };
    let Some(pages) = pages else {
        let results = site.pages.par_iter().with_min_len(QUICK).with_max_len(QUICK).map(run);
        let results = results.filter(|(_, problems)| !problems.is_empty());
        *known = Arc::new(results.collect::<Vec<_>>().into_iter().collect());
        return;
    };
    let gone = known.keys().any(|path| site.find(path).is_none());
    let results: Vec<_> = pages.into_par_iter().map(|id| run(site.page(id))).collect();
    if !gone && results.iter().all(|(path, problems)| problems.is_empty() && !known.contains_key(path)) {
        return;
    }
    let known = Arc::make_mut(known);
    known.retain(|path, _| site.find(path).is_some());
    for (path, problems) in results {
        if problems.is_empty() {
            known.remove(&path);
        } else {
            known.insert(path, problems);
        }
    }
}
