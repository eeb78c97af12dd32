//! The whole generator as one function: inputs through one door, outputs through the other.

mod active_files;
mod baseline;
mod cache;
mod checked_links;
mod compress;
mod data_files;
mod input_recorder;
mod inputs;
mod links;
mod name_rules;
mod on_demand;
mod outputs;
mod parsed;
mod pictures;
mod rename;
mod snapshot;
mod svg;
mod theme;
mod timings;
mod verify;

pub use baseline::{Baseline, Compared};
pub use checked_links::CheckedLinks;
pub use links::OutputLinks;
pub use on_demand::{Hashed, OnDemand, Opened};
pub use outputs::RenderReason;
pub use parsed::Keep;
pub use rename::{RenameError, Renamed, read, rename};
pub use snapshot::{Change, Snapshot, Touched, advance, prepare};
pub use theme::{THEME, theme_file};
pub use timings::{Clock, Timings};
pub use verify::{Discard, verify};

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use cache::{Cache, Last};
use input_recorder::InputRecorder;
use snapshot::{PrepareContext, prepare_with};
use theme::Themed;
use timings::Timer;

use crate::check::{self, Verified};
use crate::config::Levels;
use crate::diag::{Diagnostic, Diagnostics};
use crate::parse::{Answer, Day};
use crate::site::LeftOut;
use crate::source::{Files, Listing, Outputs, Sink, SitePath, Store};

/// What a build is asked for, besides its inputs.
#[derive(Clone, Debug)]
pub struct Request {
    /// The day of the build: pages of the future stay out. The core reads no clock.
    pub today: Day,
    /// Whether drafts and pages of the future are in.
    pub drafts: bool,
    /// An address instead of the one in `site.toml`.
    pub base_url: Option<String>,
    /// Whether links name files where pages have folders, so that the site can be read from disk.
    pub portable: bool,
    /// Whether texts are compressed too, instead of what `site.toml` says.
    pub precompress: Option<bool>,
    /// What the command line says of kinds of problems, over what `site.toml` says.
    pub levels: Levels,
    /// The problems that are known, and not reported again.
    pub baseline: Baseline,
}

impl Request {
    /// The site as `site.toml` has it, on this day.
    pub fn of(today: Day) -> Self {
        let levels = Levels::default();
        let baseline = Baseline::default();
        Self { today, drafts: false, base_url: None, portable: false, precompress: None, levels, baseline }
    }
}

/// Receives how far the work is: the step, what is done, and of how much.
pub type Progress<'a> = &'a (dyn Fn(&'static str, usize, usize) + Sync);

/// What came of a build.
#[derive(Debug, Default)]
pub struct Built {
    /// Every output, already given to the sink; empty where there were errors.
    pub outputs: Outputs,
    /// All problems, sorted.
    pub problems: Diagnostics,
    /// The number of pages.
    pub pages: usize,
    /// The content files that are no pages.
    pub left_out: LeftOut,
    /// Which citations were held against the texts of the sources, where those were at hand.
    pub verified: Option<Verified>,
    /// Entries of the baseline that no problem matched, where all was checked.
    pub stale: Vec<String>,
    /// The problems that texts answer themselves; empty where nothing has changed since the last build.
    pub answers: Vec<Answer>,
    /// The outputs that were rendered, and why; all others were there as an earlier build left them.
    pub rendered: Vec<(SitePath, RenderReason)>,
    /// Where the time went, where there was a clock.
    pub timings: Timings,
    /// What it worked with.
    pub rest: Rest,
}

/// What a build has worked with and nobody needs any more. Its many small parts take milliseconds to free: dropped,
/// that is done behind everybody's back; a program that is about to end need not do it at all.
#[derive(Default)]
pub struct Rest(Vec<Box<dyn Any + Send>>);

impl Rest {
    fn add(&mut self, part: impl Send + 'static) {
        self.0.push(Box::new(part));
    }

    /// Leaves it all to the end of the process.
    pub fn leave(mut self) {
        std::mem::take(&mut self.0).into_iter().for_each(std::mem::forget);
    }
}

impl Drop for Rest {
    fn drop(&mut self) {
        let parts = std::mem::take(&mut self.0);
        if !parts.is_empty() {
            rayon::spawn(move || drop(parts));
        }
    }
}

impl fmt::Debug for Rest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Rest").finish_non_exhaustive()
    }
}

/// What helps a build, and leaves no trace in what it makes.
#[derive(Clone)]
pub struct BuildOptions<'a> {
    /// Is told how far the work is.
    pub progress: Progress<'a>,
    /// Where earlier builds left what they found.
    pub store: Option<Arc<dyn Store>>,
    /// Measures, where wanted.
    pub clock: Option<Clock<'a>>,
    /// The texts of the sources by their file names, to hold what is told against them.
    pub archive: Option<&'a dyn Files>,
}

impl<'a> BuildOptions<'a> {
    /// No help but being told how far the work is.
    pub fn telling(progress: Progress<'a>) -> Self {
        Self { progress, store: None, clock: None, archive: None }
    }
}

/// Builds the site: reads, parses, links, checks, renders, and checks what it rendered.
pub fn build(files: &dyn Files, request: &Request, sink: &dyn Sink, progress: Progress<'_>) -> Built {
    build_with(files, request, sink, &BuildOptions::telling(progress))
}

/// As [`build`], with help.
pub fn build_with(files: &dyn Files, request: &Request, sink: &dyn Sink, help: &BuildOptions<'_>) -> Built {
    let timer = Timer::start(help.clock);
    let listing = Arc::new(files.list());
    timer.lap("listing");
    // What an archive holds is no input: nobody can tell that it has not changed.
    let store = help.store.as_ref().filter(|_| help.archive.is_none());
    if let Some(built) = store.and_then(|store| unchanged(files, request, sink, &**store, &listing)) {
        timer.lap("comparing");
        let timings =
            Timings { rendered_before: built.pages, parsed_before: built.pages, ..timer.finish([].into_iter()) };
        return Built { timings, ..built };
    }
    let cache = store.map(|store| Arc::new(Cache::open(store.clone())));
    timer.lap("comparing");
    let witness = InputRecorder::of(files);
    let files = &Themed::behind(&witness);
    let mut built = Built::default();
    let aids = PrepareContext { progress: help.progress, cache: cache.clone(), timer: &timer };
    // The prose is asked for again where there is an archive, and does not stay with the bodies.
    let keep = if help.archive.is_some() { Keep::Sources } else { Keep::Bodies };
    let mut compared = Compared::with(&request.baseline);
    let mut problems = match prepare_with(files, request, keep, listing.clone(), &aids) {
        Ok(snapshot) => {
            (built.pages, built.left_out) = (snapshot.site.pages.len(), snapshot.left_out());
            built.answers = snapshot.answers().cloned().collect();
            let mut problems = snapshot.problems();
            if let Some(archive) = help.archive {
                let (found, verified) = snapshot.problems_with(archive);
                problems.extend(found);
                built.verified = Some(verified);
            }
            compared.drop_known(files, &mut problems);
            built.left_out.known = compared.known;
            if !problems.has_errors() {
                let hands = outputs::OutputContext {
                    files,
                    sink,
                    progress: help.progress,
                    cache: cache.as_deref(),
                    witness: Some(&witness),
                    timer: &timer,
                };
                let written = outputs::write(&snapshot, &hands, &mut problems);
                problems.extend(snapshot.problems_of_code());
                snapshot.relevel(&mut problems);
                problems.sort();
                compared.drop_known(files, &mut problems);
                built.left_out.known = compared.known;
                built.stale = compared.stale(|code| help.archive.is_some() || !check::needs_archive(code));
                built.outputs = written.outputs;
                built.rest.add(written.renderer);
                if let Some(cache) = cache.as_ref().filter(|_| !problems.has_errors()) {
                    let made = (&built.outputs, &problems, built.pages, built.left_out);
                    let last = || last(&witness, &listing, request, made);
                    let is_page = |path: &SitePath| snapshot.has_file(path);
                    if let Err(error) = cache.finish(&is_page, &written.records, last) {
                        problems.push(Diagnostic::cache_failed(&error));
                        snapshot.relevel(&mut problems);
                    }
                    timer.lap("cache");
                }
                let page = |id| snapshot.site.page(id);
                built.rendered = written.rendered.iter().map(|(id, why, _)| (page(*id).output.clone(), *why)).collect();
                let times = written.rendered.iter().map(|(id, _, took)| {
                    let page = page(*id);
                    (page.template.as_str(), page.output.as_str(), *took)
                });
                let (parsed_before, rendered_before) =
                    (cache.as_ref().map_or(0, |cache| cache.hits()), built.pages - built.rendered.len());
                built.timings = Timings { parsed_before, rendered_before, ..timer.finish(times) };
                built.rest.add(written.records);
            }
            built.rest.add(snapshot);
            problems
        }
        Err(problems) => problems,
    };
    problems.sort();
    if problems.has_errors() {
        built.outputs.clear();
    }
    built.problems = problems;
    built
}

/// What the last build made, where nothing has changed since: neither an input, nor what was asked for, nor what was
/// published.
fn unchanged(
    files: &dyn Files,
    request: &Request,
    sink: &dyn Sink,
    store: &dyn Store,
    listing: &Listing,
) -> Option<Built> {
    let last = Last::load(store)?;
    let there = sink.existing()?;
    let same = last.listing == input_recorder::listing_hash(listing, request)
        && last.outputs == input_recorder::outputs_hash(there)
        && Some(last.inputs) == input_recorder::inputs_hash(files, listing, &last.unread);
    let Last { problems, pages, left_out, .. } = last;
    same.then(|| Built { outputs: there.clone(), problems, pages, left_out, ..Built::default() })
}

fn last(
    witness: &InputRecorder<'_>,
    listing: &Listing,
    request: &Request,
    (outputs, problems, pages, left_out): (&Outputs, &Diagnostics, usize, LeftOut),
) -> Option<Last> {
    let (inputs, unread) = witness.inputs(listing)?;
    let (listing, outputs) = (input_recorder::listing_hash(listing, request), input_recorder::outputs_hash(outputs));
    Some(Last { listing, inputs, unread, outputs, problems: problems.clone(), pages, left_out })
}
