//! The checks of single pages, run again where something has changed that they may look at.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::check;
use crate::diag::Diagnostics;
use crate::parse::Prose;
use crate::pipeline::parsed::{NewlyParsed, ParseProblems};
use crate::render::check_calls;
use crate::site::{Page, PageId, Site};
use crate::source::{Hash, SitePath};

use super::reading::PageRules;
use super::stage::Stage;
use super::{ByPage, Snapshot};

impl Stage<'_> {
    /// Checks the pages where something has changed that a check may look at; `fast` where the site is that of before
    /// but for the metadata of what was read.
    pub(super) fn check(
        &self,
        snapshot: &mut Snapshot,
        fresh: Vec<(SitePath, NewlyParsed)>,
        fast: bool,
        judges: Option<&PageRules>,
    ) {
        let fresh: FxHashMap<SitePath, NewlyParsed> = fresh.into_iter().collect();
        let (site, templates) = (&snapshot.site, &snapshot.templates);
        let own: BTreeSet<PageId> = fresh.keys().filter_map(|path| site.find(path)).collect();
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
        let calling = before.filter(|before| Arc::ptr_eq(&before.templates, templates)).map(|_| own.clone());
        let speaking = before.map(|_| own);
        let mut found = std::mem::take(&mut snapshot.found);
        again(&mut found.calls, site, calling, QUICK, &|page, problems| {
            check_calls(&page.metadata, site, templates, problems);
        });
        again(&mut found.all_metadata, site, linking, QUICK, &|page, problems| check::page(site, page, problems));
        again(&mut found.prose, site, speaking, 1, &|page, problems| {
            let path = &page.metadata.path;
            let parsed = snapshot.pages.get(path);
            // What the rules on prose read besides the page itself: the records, the settings, and its template.
            let judge = judges.map(|judges| judges.of(&page.metadata).bytes());
            let judge = judge.map(|judge| Hash::of(&[judge, page.template.as_bytes()].concat()).word());
            let known = self.aids.cache.as_ref().zip(parsed).zip(judge);
            if let Some(((cache, parsed), judge)) = known
                && cache.is_in_order(path, || snapshot.parser.key(&parsed.hash), judge)
            {
                return;
            }
            let (metadata, fresh) = (&page.metadata, fresh.get(path));
            let mut run = |prose: &Prose| {
                check::prose(&site.ledger, metadata, prose, problems);
                if check::is_topical(page) {
                    check::topical_prose(metadata, prose, problems);
                }
            };
            match fresh.map(|fresh| (&fresh.told, &fresh.prose)) {
                Some((Some(ParseProblems { problems: found, topical }), _)) => {
                    problems.extend(found.iter().cloned());
                    let topical = check::is_topical(page).then_some(topical);
                    problems.extend(topical.into_iter().flat_map(|found| found.iter().cloned()));
                }
                Some((None, Some(prose))) => run(prose),
                _ => match parsed.map(|parsed| snapshot.parser.prose(Some(self.files), path, parsed)) {
                    Some(Ok(prose)) => run(&prose),
                    Some(Err(problem)) => problems.push(*problem),
                    None => {}
                },
            }
            if let Some(((cache, _), judge)) = known.filter(|_| problems.is_empty()) {
                cache.note_in_order(path, judge);
            }
        });
        snapshot.found = found;
    }
}

/// As many pages are one task where a check is over sooner than a thread is told of it.
const QUICK: usize = 16;

/// Runs a check over `pages`, or over all of them in tasks of `each`, and puts what it finds in the place of what was
/// known.
fn again(
    known: &mut ByPage,
    site: &Site,
    pages: Option<BTreeSet<PageId>>,
    each: usize,
    check: &(dyn Fn(&Page, &mut Diagnostics) + Sync),
) {
    let run = |page: &Page| {
        let mut problems = Diagnostics::default();
        check(page, &mut problems);
        (page.metadata.path.clone(), problems)
    };
    let Some(pages) = pages else {
        let results = site.pages.par_iter().with_min_len(each).with_max_len(each).map(run);
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
