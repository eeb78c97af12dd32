//! What is read: records, templates and pages, as far as the snapshot before does not hold them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::diag::Diagnostics;
use crate::evidence::Ledger;
use crate::pipeline::inputs::{self, Inputs};
use crate::pipeline::parsed::{Checked, Parsed, Parser};
use crate::render::Templates;
use crate::source::SitePath;

use super::checks::ProseRules;
use super::stage::Stage;

/// Pages after reading: all of them, and what was found in those that are not as before.
pub(super) struct Read {
    pub pages: Arc<FxHashMap<SitePath, Arc<Parsed>>>,
    pub fresh: Vec<(SitePath, Option<Checked>)>,
    /// Whether none has come and none has gone.
    pub same_set: bool,
}

impl Stage<'_> {
    /// The ledger; a file that is neither new nor touched is as it was.
    pub(super) fn ledger(&self, inputs: &Inputs, problems: &mut Diagnostics) -> Ledger {
        let before = self.before.map(|before| &*before.site.ledger);
        let is_known = |path: &SitePath| !self.is_touched(path) && before.is_some_and(|ledger| ledger.holds_file(path));
        let mut files = Vec::with_capacity(inputs.evidence.len());
        for path in &inputs.evidence {
            let text = (!is_known(path)).then(|| inputs::text(self.files, path, problems));
            match text {
                None => files.push((path.clone(), None)),
                Some(text) => files.extend(text.map(|text| (path.clone(), Some(text)))),
            }
        }
        Ledger::reload(files, &self.config, before, problems)
    }

    pub(super) fn templates(&self, inputs: &Inputs, problems: &mut Diagnostics) -> Templates {
        let mut texts = BTreeMap::new();
        for path in &inputs.templates {
            if let (Some(name), Some(text)) = (path.below("templates"), inputs::text(self.files, path, problems)) {
                texts.insert(name.to_owned(), text);
            }
        }
        Templates::compile(texts, problems).with_limit(self.config.output.template_seconds.value)
    }

    /// Reads all pages, and checks the prose of those that are parsed for it.
    pub(super) fn pages(&self, inputs: &Inputs, parser: &Parser, rules: &ProseRules<'_>) -> Read {
        let known = self.before.map(|before| &*before.pages);
        let same_set = self.before.is_some_and(|before| before.inputs.pages == inputs.pages);
        let wanted = |path: &&SitePath| known.is_none_or(|known| self.is_touched(path) || !known.contains_key(*path));
        let wanted: Vec<&SitePath> = match (same_set, known) {
            (true, Some(known)) => {
                self.touched.files.iter().filter_map(|path| known.get_key_value(path)).map(|(path, _)| path).collect()
            }
            _ => inputs.pages.iter().filter(wanted).collect(),
        };
        let (total, done) = (wanted.len(), AtomicUsize::new(0));
        let read = |path: &&SitePath| {
            let read = parser.read(self.files, path, known.and_then(|known| known.get(*path)), &|metadata, prose| {
                rules.check(metadata, prose)
            });
            (self.aids.progress)("parsing", done.fetch_add(1, Ordering::Relaxed) + 1, total);
            ((*path).clone(), read)
        };
        let read: Vec<_> = wanted.par_iter().with_max_len(1).map(read).collect();
        let mut pages = known.cloned().unwrap_or_default();
        let mut fresh = Vec::with_capacity(read.len());
        for (path, (page, left)) in read {
            let same = pages.insert(path.clone(), page.clone()).is_some_and(|old| Arc::ptr_eq(&old, &page));
            if !same {
                fresh.push((path, left));
            }
        }
        if !same_set {
            pages.retain(|path, _| inputs.pages.binary_search(path).is_ok());
        }
        Read { pages: Arc::new(pages), fresh, same_set }
    }
}
