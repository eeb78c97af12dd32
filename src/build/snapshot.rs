//! The site up to the point where pages can be rendered: everything read, parsed, linked and checked.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::check;
use crate::config::Config;
use crate::diag::Diagnostics;
use crate::evidence::Ledger;
use crate::parse::{self, Body, Document, Prose};
use crate::render::{Pictures, Templates};
use crate::site::{PageId, Parts, Site};
use crate::source::{Files, SitePath};

use super::inputs::{self, Inputs};
use super::theme::Themed;
use super::{Progress, Request};

/// A linked and checked site with all that rendering needs.
pub struct Snapshot {
    /// The pages, linked.
    pub site: Site,
    /// The compiled templates.
    pub templates: Templates,
    /// The sizes of pictures.
    pub pictures: Pictures,
    /// The bodies of content files.
    pub bodies: FxHashMap<SitePath, Body>,
    /// What the checks read of them; the search index is made of it too.
    pub prose: FxHashMap<SitePath, Prose>,
}

impl Snapshot {
    /// Moves each problem to the severity that `site.toml` gives its code.
    pub fn relevel(&self, problems: &mut Diagnostics) {
        let check = &self.site.config.check;
        problems.relevel(|found| check.severity(found.code).unwrap_or(found.severity));
    }

    /// The plain text of a page, for the search index.
    pub fn text(&self, id: PageId) -> String {
        let Some(prose) = self.prose.get(&self.site.page(id).card.path) else { return String::new() };
        let sentences = prose.blocks.iter().flat_map(|block| &block.sentences).map(|sentence| sentence.text.as_str());
        sentences.collect::<Vec<_>>().join(" ")
    }
}

/// Reads, parses, links and checks. `None` where nothing can be linked; the problems say why.
pub fn prepare(
    files: &dyn Files,
    request: &Request,
    progress: Progress<'_>,
    problems: &mut Diagnostics,
) -> Option<Snapshot> {
    let mut listing = files.list();
    let mut config = inputs::config(files, &listing, problems)?;
    if let Some(base_url) = &request.base_url {
        config.set_base_url(base_url);
    }
    if config.output.theme {
        Themed::complete(&mut listing);
    }
    let config = Arc::new(config);
    let inputs = inputs::sort(listing, &config, problems);
    let ledger = Arc::new(ledger(files, &inputs, &config, problems));
    let templates = templates(files, &inputs, problems);
    let documents = documents(files, &inputs, &config, progress, problems);
    let mut cards = Vec::with_capacity(documents.len());
    let (mut bodies, mut prose) = (FxHashMap::default(), FxHashMap::default());
    for document in documents {
        bodies.insert(document.card.path.clone(), document.body);
        prose.insert(document.card.path.clone(), document.prose);
        cards.push(Arc::new(document.card));
    }
    let (names, today, drafts) = (templates.names(), request.today, request.drafts);
    let site =
        Site::link(Parts { config, ledger, cards, files: inputs.files, templates: names, today, drafts }, problems);
    let pictures = super::pictures::sizes(files, &site);
    crate::render::check_calls(&site, &templates, problems);
    check::check(&site, &prose, problems);
    Some(Snapshot { site, templates, pictures, bodies, prose })
}

fn ledger(files: &dyn Files, inputs: &Inputs, config: &Config, problems: &mut Diagnostics) -> Ledger {
    let mut texts = Vec::with_capacity(inputs.evidence.len());
    for path in &inputs.evidence {
        texts.extend(inputs::text(files, path, problems).map(|text| (path.clone(), text)));
    }
    Ledger::load(texts, config, problems)
}

fn templates(files: &dyn Files, inputs: &Inputs, problems: &mut Diagnostics) -> Templates {
    let mut texts = BTreeMap::new();
    for path in &inputs.templates {
        if let (Some(name), Some(text)) = (path.below("templates"), inputs::text(files, path, problems)) {
            texts.insert(name.to_owned(), text);
        }
    }
    Templates::compile(texts, problems)
}

fn documents(
    files: &dyn Files,
    inputs: &Inputs,
    config: &Config,
    progress: Progress<'_>,
    problems: &mut Diagnostics,
) -> Vec<Document> {
    let settings = parse::Settings::new(&config.content);
    let (total, done) = (inputs.pages.len(), AtomicUsize::new(0));
    let parse = |path: &SitePath| {
        let mut problems = Diagnostics::default();
        let bytes = inputs::bytes(files, path, &mut problems);
        let document = bytes.and_then(|bytes| {
            let (document, found) = parse::page(path, &bytes, &settings);
            problems.extend(found);
            document
        });
        progress("parsing", done.fetch_add(1, Ordering::Relaxed) + 1, total);
        (document, problems)
    };
    let parsed: Vec<_> = inputs.pages.par_iter().map(parse).collect();
    let mut documents = Vec::with_capacity(parsed.len());
    for (document, found) in parsed {
        problems.extend(found);
        documents.extend(document);
    }
    documents
}
