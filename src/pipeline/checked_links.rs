//! Every address in the pages of a running server, followed as `build` follows them, once a page was rendered.

use rustc_hash::FxHashMap;

use crate::diag::Diagnostics;
use crate::site::PageId;
use crate::source::{Hash, SitePath};

use super::links::{Names, check_links};
use super::on_demand::{OnDemand, Opened};

/// Pages of which it is said what is wrong: a template is wrong in all of them alike.
const PAGES: usize = 50;

/// What rendered pages name, kept from one snapshot to the next under the key of each page.
#[derive(Debug, Default)]
pub struct CheckedLinks(FxHashMap<SitePath, (Hash, Names)>);

impl CheckedLinks {
    /// Reads a page, unless it is known as it is.
    pub fn read(&mut self, live: &OnDemand, id: PageId) {
        let (output, key) = (&live.snapshot.site.page(id).output, live.key_of(id));
        if self.0.get(output).is_some_and(|(known, _)| *known == key) {
            return;
        }
        match live.page(id) {
            Opened::Page(page) => {
                let names = Names::read(output, &page.bytes, None, &live.snapshot.site);
                self.0.insert(output.clone(), (key, names));
            }
            _ => _ = self.0.remove(output),
        }
    }

    /// What is wrong with the addresses of all pages that were read, each with the severity that `site.toml` gives it.
    pub fn problems(&mut self, live: &OnDemand) -> Diagnostics {
        let site = &live.snapshot.site;
        self.0.retain(|output, _| live.is_page(output));
        let known = |id: PageId| Some((id, &self.0.get(&site.page(id).output)?.1));
        let names: FxHashMap<PageId, &Names> = site.ids().filter_map(known).collect();
        let outputs = live.listed();
        let make = |id| match live.page(id) {
            Opened::Page(page) => Some(page.bytes.to_vec()),
            _ => None,
        };
        let mut problems = Diagnostics::default();
        check_links(live.renderer(), &outputs.iter().collect::<Vec<_>>(), &names, &make, PAGES, &mut problems);
        live.snapshot.relevel(&mut problems);
        problems
    }
}
