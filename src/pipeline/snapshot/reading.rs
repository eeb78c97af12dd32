//! What is read: records, templates and pages, as far as the snapshot before does not hold them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::check;
use crate::diag::Diagnostics;
use crate::evidence::Ledger;
use crate::parse::{PageMetadata, Prose};
use crate::pipeline::inputs::{self, Inputs};
use crate::pipeline::parsed::{NewlyParsed, ParseProblems, Parsed, Parser};
use crate::render::Templates;
use crate::site;
use crate::source::{Hash, SitePath};

use super::stage::Stage;

/// Pages after reading: all of them, and what those that are not as before leave for the checks.
pub(super) struct Read {
    pub pages: Arc<FxHashMap<SitePath, Arc<Parsed>>>,
    pub fresh: Vec<(SitePath, NewlyParsed)>,
    /// Whether none has come and none has gone.
    pub same_set: bool,
}

/// What the rules on prose read besides the page, as hashes.
pub(super) struct PageRules {
    /// Of pages that cite something: the settings and all records.
    citing: Hash,
    /// Of all others: the settings and the names that the records know.
    others: Hash,
}

impl PageRules {
    /// The one for a page.
    pub fn of(&self, metadata: &PageMetadata) -> &Hash {
        if metadata.citations.is_empty() { &self.others } else { &self.citing }
    }
}

impl Stage<'_> {
    /// The ledger, and what the rules on prose ask of it and of the settings.
    pub(super) fn ledger(&self, inputs: &Inputs, problems: &mut Diagnostics) -> (Ledger, PageRules) {
        let mut texts = Vec::with_capacity(inputs.evidence.len());
        let mut hasher = blake3::Hasher::new();
        hasher.update(format!("{:?}", self.config).as_bytes());
        let mut settings = hasher.clone();
        for path in &inputs.evidence {
            if let Some(text) = inputs::text(self.files, path, problems) {
                hasher.update(path.as_str().as_bytes()).update(Hash::of(text.as_bytes()).bytes());
                texts.push((path.clone(), text));
            }
        }
        let ledger = Ledger::load(texts, &self.config, problems);
        let judges = PageRules {
            citing: hasher.finalize().into(),
            others: settings.update(ledger.names_hash().bytes()).finalize().into(),
        };
        (ledger, judges)
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

    /// Reads all pages. Their prose is judged on the way as soon as `ledger` is there: it need not be brought back then.
    pub(super) fn pages(&self, inputs: &Inputs, parser: &Parser, ledger: &OnceLock<Arc<Ledger>>) -> Read {
        let topics = site::topic_files(&self.config);
        let judge = |metadata: &PageMetadata, prose: &Prose| {
            let mut told = ParseProblems::default();
            check::prose(ledger.get()?, metadata, prose, &mut told.problems);
            if check::may_be_topical(metadata, &topics) {
                check::topical_prose(metadata, prose, &mut told.topical);
            }
            Some(told)
        };
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
            let read = parser.read(self.files, path, known.and_then(|known| known.get(*path)), &judge);
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
