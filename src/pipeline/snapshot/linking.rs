//! What is linked, and how it differs from what was linked before.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::diag::Diagnostics;
use crate::evidence::Ledger;
use crate::parse::PageMetadata;
use crate::pipeline::inputs::Inputs;
use crate::pipeline::parsed::Parsed;
use crate::pipeline::pictures;
use crate::render::{Pictures, Templates};
use crate::site::{Parts, Site};
use crate::source::SitePath;

use super::Change;
use super::reading::Read;
use super::stage::Stage;

impl Stage<'_> {
    /// The site as before but for the metadata of what was read, where that is all that has changed.
    pub(super) fn relink(
        &self,
        inputs: &Inputs,
        ledger: &Arc<Ledger>,
        templates: &Templates,
        read: &Read,
    ) -> Option<Arc<Site>> {
        let before = self.before?;
        let same = read.same_set
            && ledger.state_of(&before.linked.1) == before.linked.0
            && inputs.files == before.inputs.files
            && templates.names() == before.templates.names()
            && templates.parted() == before.templates.parted()
            && before.found.linking.is_empty();
        if !same {
            return None;
        }
        let site = match Arc::ptr_eq(ledger, &before.site.ledger) {
            true => before.site.clone(),
            false => Arc::new(before.site.with_ledger(ledger.clone())),
        };
        if read.fresh.is_empty() {
            return Some(site);
        }
        let all_metadata =
            read.fresh.iter().map(|(path, _)| read.pages.get(path).and_then(|page| page.metadata.clone()));
        let all_metadata: Vec<Arc<PageMetadata>> = all_metadata.collect::<Option<_>>()?;
        site.with_metadata(all_metadata).map(Arc::new)
    }

    pub(super) fn link(
        &self,
        inputs: &Inputs,
        ledger: &Arc<Ledger>,
        templates: &Templates,
        read: &Read,
        problems: &mut Diagnostics,
    ) -> Site {
        let all_metadata = inputs.pages.iter().filter_map(|path| read.pages.get(path)?.metadata.clone()).collect();
        let parts = Parts {
            config: self.config.clone(),
            ledger: ledger.clone(),
            all_metadata,
            files: inputs.files.clone(),
            templates: templates.names(),
            parted: templates.parted(),
            today: self.request.today,
            drafts: self.request.drafts,
        };
        Site::link(parts, problems)
    }

    pub(super) fn pictures(&self, site: &Site, read: &Read, fast: bool) -> Arc<Pictures> {
        let Some(before) = self.before else {
            return Arc::new(pictures::sizes(self.files, site, &Pictures::new()));
        };
        let shows =
            |metadata: &PageMetadata| metadata.front.image.is_some() || metadata.links.iter().any(|link| link.image);
        let shows = |path: &SitePath, pages: &FxHashMap<SitePath, Arc<Parsed>>| {
            pages.get(path).and_then(|page| page.metadata.as_ref()).is_some_and(|metadata| shows(metadata))
        };
        let moved = read.fresh.iter().any(|(path, _)| shows(path, &read.pages) || shows(path, &before.pages));
        let redrawn = before.pictures.keys().any(|picture| self.is_touched(picture));
        if fast && !moved && !redrawn {
            return before.pictures.clone();
        }
        let known = before.pictures.iter().filter(|(path, _)| !self.is_touched(path));
        let known: Pictures = known.map(|(path, size)| (path.clone(), *size)).collect();
        let pictures = pictures::sizes(self.files, site, &known);
        if pictures == *before.pictures { before.pictures.clone() } else { Arc::new(pictures) }
    }

    pub(super) fn change(&self, site: &Site, pictures: &Arc<Pictures>, read: &Read, fast: bool) -> Change {
        let Some(before) = self.before else { return Change::Anything };
        let asset = |path: &SitePath| site.files.content.contains(path) || site.files.fixed.contains(path);
        if !fast || !Arc::ptr_eq(pictures, &before.pictures) || self.touched.files.iter().any(asset) {
            return Change::Anything;
        }
        if !site.has_same_evidence(&before.site) {
            return Change::Anything;
        }
        let mut changed = BTreeSet::new();
        for (path, _) in &read.fresh {
            let (Some(id), Some(was)) = (site.find(path), before.site.find(path)) else { return Change::Anything };
            let (was, is) = (&before.site.page(was).metadata, &site.page(id).metadata);
            if was.hash() != is.hash() {
                return Change::Anything;
            }
            changed.insert(id);
            if !was.has_same_anchors(is) {
                changed.extend(site.backlinks(id));
            }
        }
        if changed.is_empty() { Change::Nothing } else { Change::Pages(changed.into_iter().collect()) }
    }
}
