//! Every output of a checked site, made in parallel and given to the sink one by one.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rayon::prelude::*;
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::config::Globs;
use crate::diag::{Diagnostic, Diagnostics, plain};
use crate::evidence::{Reads, track};
use crate::render::{self, Renderer, output_of};
use crate::site::{PageId, Site, encode, is_fingerprinted};
use crate::source::{Files, Hash, Output, Outputs, Role, Sink, SitePath, Span, unreadable, unreadable_cause};

use super::Progress;
use super::cache::{Cache, Record};
use super::compress::{Compressor, shadowing};
use super::data_files::{DataGroup, DataInputs};
use super::input_recorder::InputRecorder;
use super::links::{Names, check_links};
use super::snapshot::Snapshot;
use super::timings::Timer;

/// What was made of the pages.
pub(super) struct Written {
    pub outputs: Outputs,
    /// What the cache is to know of each page that can be taken over as it is.
    pub records: Vec<(SitePath, Record)>,
    /// The pages that were rendered, with why and how long it took.
    pub rendered: Vec<(PageId, RenderReason, Duration)>,
    /// What rendered them.
    pub renderer: Renderer,
}

/// Why a page was rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RenderReason {
    /// Nothing is known of an earlier rendering.
    New,
    /// The file it is made from has changed.
    Text,
    /// A template or a component has changed.
    Templates,
    /// What every page may show of the site has changed: names, navigation, stylesheets.
    Site,
    /// A record that it shows has changed.
    Records,
    /// Something that it shows of other pages or of records has changed.
    ViewChanged,
    /// The file that an earlier build wrote is not there as it was.
    Gone,
}

impl RenderReason {
    /// As the end of a sentence: "rendered `x.html`: …".
    pub fn words(self) -> &'static str {
        match self {
            Self::New => "not rendered before",
            Self::Text => "its text has changed",
            Self::Templates => "the templates have changed",
            Self::Site => "something that all pages show has changed",
            Self::Records => "a record that it shows has changed",
            Self::ViewChanged => "something it shows of other pages or records has changed",
            Self::Gone => "the earlier output is missing",
        }
    }
}

/// What of the outside the outputs are made with.
pub(super) struct OutputContext<'a> {
    pub files: &'a dyn Files,
    pub sink: &'a dyn Sink,
    pub progress: Progress<'a>,
    pub cache: Option<&'a Cache>,
    pub witness: Option<&'a InputRecorder<'a>>,
    pub timer: &'a Timer<'a>,
}

/// The hashes of what all pages are made with.
struct Shared {
    templates: u64,
    site: u64,
    /// Of what a page can show of others.
    shape: Hash,
}

fn shape(snapshot: &Snapshot) -> Hash {
    let pictures = format!("{:?}", snapshot.pictures);
    Hash::of(&[snapshot.site.shape().bytes(), pictures.as_bytes()].concat())
}

/// A page that is there, rendered now or before.
struct Done {
    id: PageId,
    record: Record,
    why: Option<(RenderReason, Duration)>,
}

/// Copies files, renders what has changed, then checks every address of the result.
pub(super) fn write(snapshot: &Snapshot, hands: &OutputContext<'_>, problems: &mut Diagnostics) -> Written {
    let compressor = snapshot.site.config.output.precompress.then(|| Compressor::open(hands.cache));
    let writer = Writer {
        sink: hands.sink,
        site: &snapshot.site,
        outputs: Mutex::default(),
        problems: Mutex::default(),
        unwritten: Mutex::default(),
        compressor,
    };
    let assets = writer.copies(snapshot, hands);
    hands.timer.lap("copies");
    let printed: Vec<String> = assets.values().cloned().collect();
    let renderer = snapshot.renderer(assets);
    let (total, done) = (snapshot.site.pages.len(), AtomicUsize::new(0));
    let ids: Vec<PageId> = snapshot.site.ids().collect();
    let shared = Shared {
        templates: snapshot.templates.hash.word(),
        site: renderer.site_hash().word(),
        shape: hands.cache.map_or_else(|| Hash::of(b""), |_| shape(snapshot)),
    };
    let make = |id: &PageId| {
        let made = writer.page(*id, snapshot, &renderer, hands, &shared);
        (hands.progress)("rendering", done.fetch_add(1, Ordering::Relaxed) + 1, total);
        made
    };
    // Pages differ much in what they cost: each is a task of its own, and what is made of all of them is made meanwhile.
    // Their files are written at once: those of a large ledger take hundreds of megabytes.
    let inputs = DataInputs { renderer: &renderer, snapshot, files: Some(hands.files), printed: &printed };
    let write_data = |group: DataGroup| {
        group.make(&inputs).into_iter().for_each(|(name, bytes)| writer.data(&name, &bytes));
    };
    let (made, ()): (Vec<Done>, _) = rayon::join(
        || ids.par_iter().with_max_len(1).filter_map(make).collect(),
        || DataGroup::all(snapshot).into_par_iter().with_max_len(1).for_each(write_data),
    );
    hands.timer.lap("rendering");
    let mut names = FxHashMap::with_capacity_and_hasher(made.len(), FxBuildHasher);
    let (mut records, mut rendered) = (Vec::with_capacity(made.len()), Vec::new());
    let written = made.iter().map(|done| (snapshot.site.page(done.id).output.clone(), done.record.output.clone()));
    let written: Vec<(SitePath, Output)> = written.collect();
    let note = || {
        for Done { id, mut record, why } in made {
            rendered.extend(why.map(|(why, took)| (id, why, took)));
            names.insert(id, std::mem::take(&mut record.names));
            records.push((snapshot.site.page(id).output.clone(), id, record));
        }
    };
    rayon::join(|| writer.record_all(written), note);
    writer.redirects();
    let texts: BTreeMap<&str, Vec<u8>> = render::host_files(&snapshot.site, &printed).into_iter().collect();
    let saved =
        writer.compressor.as_ref().zip(hands.cache).map_or(Ok(()), |(compressor, cache)| compressor.save(cache));
    if let Err(error) = saved {
        writer.report(Diagnostic::cache_failed(&error));
    }
    problems.extend(writer.unwritten());
    let outputs = unwrap(writer.outputs);
    over_limits(snapshot, &outputs, hands.files, &texts, problems);
    problems.extend(shadowing(&snapshot.site.files, &outputs));
    problems.extend(unwrap(writer.problems));
    let again = |id: PageId| {
        let body = snapshot.body(Some(hands.files), id).ok()?;
        renderer.render(id, &body).ok().map(|rendered| rendered.bytes)
    };
    // A page that could not be made is nowhere, and every link to it would be told.
    let wrong = match problems.has_errors() {
        true => std::collections::BTreeSet::new(),
        false => {
            let outputs: Vec<&SitePath> = outputs.keys().collect();
            check_links(&renderer, &outputs, &names, &again, usize::MAX, problems)
        }
    };
    hands.timer.lap("link check");
    let keep = |(path, id, mut record): (SitePath, PageId, Record)| {
        record.names = names.remove(&id)?;
        // What a page is told for is told again by the next build.
        (!wrong.contains(&id)).then_some((path, record))
    };
    let records = if hands.cache.is_some() { records.into_iter().filter_map(keep).collect() } else { Vec::new() };
    Written { outputs, records, rendered, renderer }
}

/// Collects outputs from many threads.
struct Writer<'a> {
    sink: &'a dyn Sink,
    site: &'a Site,
    outputs: Mutex<Outputs>,
    problems: Mutex<Diagnostics>,
    /// Outputs that cannot be written, by the reason.
    unwritten: Mutex<BTreeMap<String, BTreeMap<SitePath, Diagnostic>>>,
    /// Where texts are to come compressed as well.
    compressor: Option<Compressor>,
}

impl Writer<'_> {
    /// Renders a page, unless the very same was rendered before and is there.
    fn page(
        &self,
        id: PageId,
        snapshot: &Snapshot,
        renderer: &Renderer,
        hands: &OutputContext<'_>,
        shared: &Shared,
    ) -> Option<Done> {
        let page = snapshot.site.page(id);
        let text = snapshot.body_hash(id);
        let Shared { templates, site, shape } = *shared;
        let parts = [text.word(), templates, site];
        let start = hands.timer.now();
        let (mut key, mut begun, mut reads, mut state) = (Hash::of(b""), None, Reads::default(), 0);
        let mut why = RenderReason::New;
        if let Some(cache) = hands.cache {
            let ledger = &snapshot.site.ledger;
            let known = cache.record(&page.output);
            let is_there = |known: &Record| {
                self.sink.holds(&page.output, &known.output.hash, known.output.len)
                    && self.has_compressed(&page.output, &known.output)
            };
            // What the key would be made from is the same.
            let is_same = |known: &&Record| {
                known.parts == parts && known.shape == shape && known.state == ledger.state_of(&known.reads)
            };
            if let Some(known) = known.filter(is_same).filter(|known| is_there(known)) {
                return Some(Done { id, record: known.clone(), why: None });
            }
            let made = track(|| renderer.key(id, text));
            (key, begun, reads) = (made.0.0, Some(made.0.1), made.1);
            state = ledger.state_of(&reads);
            if let Some(known) = known {
                if known.key == key && is_there(known) {
                    let record = Record { parts, shape, reads, state, ..known.clone() };
                    return Some(Done { id, record, why: None });
                }
                why = match known.parts {
                    _ if known.key == key => RenderReason::Gone,
                    [before, ..] if before != parts[0] => RenderReason::Text,
                    [_, before, _] if before != templates => RenderReason::Templates,
                    [.., before] if before != site => RenderReason::Site,
                    _ if known.shape == shape => RenderReason::Records,
                    _ => RenderReason::ViewChanged,
                };
            }
        }
        let ready = begun.unwrap_or_else(|| renderer.begin(id)).ready();
        let rendered = match snapshot.body(Some(hands.files), id).and_then(|body| ready.render(&body)) {
            Ok(rendered) => rendered,
            Err(problem) => {
                self.report(*problem);
                return None;
            }
        };
        let took = hands.timer.now().saturating_sub(start);
        let names = Names::read(&rendered.path, &rendered.bytes, rendered.noted.as_ref(), &snapshot.site);
        let output = self.give(&rendered.path, rendered.role, &rendered.bytes)?;
        let record = Record { key, output, parts, shape, reads, state, names };
        Some(Done { id, record, why: Some((why, took)) })
    }

    fn give(&self, path: &SitePath, role: Role, bytes: &[u8]) -> Option<Output> {
        let given = self.sink.put(path, bytes).and_then(|hash| {
            let output = Output { hash, len: bytes.len() as u64, role };
            self.compress(path, &output, || Ok(Cow::Borrowed(bytes)))?;
            Ok(output)
        });
        given.map_err(|error| self.report_unwritten(path, &error)).ok()
    }

    /// Adds the compressed forms of an output, where they are wanted; `bytes` are those of the output.
    fn compress<'b>(
        &self,
        path: &SitePath,
        output: &Output,
        bytes: impl FnOnce() -> io::Result<Cow<'b, [u8]>>,
    ) -> io::Result<()> {
        let Some(compressor) = self.compressor.as_ref().filter(|_| Compressor::wants(path, output.len)) else {
            return Ok(());
        };
        if !self.has_compressed(path, output) {
            let made = compressor.put(path, &output.hash, &bytes()?, self.sink, &|path| self.is_free(path))?;
            made.into_iter().for_each(|(path, output)| self.record(&path, output));
        }
        Ok(())
    }

    /// Whether the compressed forms of an output are there, as far as they are wanted; if so, they are outputs now.
    fn has_compressed(&self, path: &SitePath, output: &Output) -> bool {
        let Some(compressor) = self.compressor.as_ref().filter(|_| Compressor::wants(path, output.len)) else {
            return true;
        };
        let held = compressor.held(path, &output.hash, self.sink, &|path| self.is_free(path));
        let there = held.is_some();
        held.into_iter().flatten().for_each(|(path, output)| self.record(&path, output));
        there
    }

    /// Whether no file of the author's own will stand here.
    fn is_free(&self, path: &SitePath) -> bool {
        let from = |folder: &str| SitePath::new(&format!("{folder}/{path}"));
        let files = &self.site.files;
        !from("static").is_ok_and(|path| files.fixed.contains(&path))
            && !from("content").is_ok_and(|path| files.content.contains(&path))
    }

    fn put(&self, path: &SitePath, role: Role, bytes: &[u8]) {
        if let Some(output) = self.give(path, role, bytes) {
            self.record(path, output);
        }
    }

    fn record(&self, path: &SitePath, output: Output) {
        // All addresses are known to differ but those of files with their hash in the name, which is known only now.
        if lock(&self.outputs).insert(path.clone(), output).is_some() {
            let message = format!("two files are written to `{path}`");
            let found = Diagnostic::new("address-twice", None, message);
            self.report(found.hint("rename the one that has a hash in its name already"));
        }
    }

    /// As [`Writer::record`], of all pages: a map is made of sorted ones in one go.
    fn record_all(&self, mut made: Vec<(SitePath, Output)>) {
        made.sort_by(|(a, _), (b, _)| a.cmp(b));
        lock(&self.outputs).append(&mut made.into_iter().collect());
    }

    fn report(&self, problem: Diagnostic) {
        lock(&self.problems).push(problem);
    }

    /// Notes an output that cannot be written, to be reported with all others that fail for the same reason.
    fn report_unwritten(&self, path: &SitePath, error: &io::Error) {
        let problem = Diagnostic::write_failed(path, error);
        lock(&self.unwritten).entry(plain(error)).or_default().insert(path.clone(), problem);
    }

    /// One problem for each reason for which outputs cannot be written: a full disk refuses all of them.
    fn unwritten(&self) -> Vec<Diagnostic> {
        let first = |(reason, mut outputs): (String, BTreeMap<SitePath, Diagnostic>)| {
            let (path, mut problem) = outputs.pop_first()?;
            if let others @ 1.. = outputs.len() {
                let files = if others == 1 { "1 other file".to_owned() } else { format!("{others} other files") };
                problem.message = format!("`{path}` and {files} cannot be written: {reason}");
            }
            Some(problem)
        };
        std::mem::take(&mut *lock(&self.unwritten)).into_iter().filter_map(first).collect()
    }

    /// Copies files of `static` and those beside the pages; gives the addresses of the fingerprinted ones.
    fn copies(&self, snapshot: &Snapshot, hands: &OutputContext<'_>) -> BTreeMap<String, String> {
        let files = hands.files;
        let site = &snapshot.site;
        let prints = Globs::new(&site.config.output.fingerprint);
        let assets = Mutex::new(BTreeMap::new());
        let all: Vec<&SitePath> = site.files.content.iter().chain(&site.files.fixed).collect();
        all.par_iter().for_each(|file| {
            let printed = is_fingerprinted(file, &prints);
            let copied = if printed { self.copy_printed(files, file, &assets) } else { self.copy_plain(hands, file) };
            match copied.as_ref().map_err(|error| (error, unreadable_cause(error))) {
                Err((_, Some(cause))) => self.report(Diagnostic::read_failed(file, cause)),
                Err((error, None)) => self.report_unwritten(file, error),
                Ok(()) => {}
            }
        });
        unwrap(assets)
    }

    fn copy_plain(&self, hands: &OutputContext<'_>, from: &SitePath) -> io::Result<()> {
        let to = SitePath::new(output_of(from)).map_err(|_| io::ErrorKind::InvalidFilename)?;
        let (hash, len) = self.sink.copy(hands.files, from, &to)?;
        if let Some(witness) = hands.witness {
            witness.note(from, hash);
        }
        let output = Output { hash, len, role: Role::Asset };
        self.compress(&to, &output, || hands.files.read(from).map(Cow::Owned).map_err(unreadable))?;
        self.record(&to, output);
        Ok(())
    }

    fn copy_printed(
        &self,
        files: &dyn Files,
        from: &SitePath,
        assets: &Mutex<BTreeMap<String, String>>,
    ) -> io::Result<()> {
        let below = output_of(from);
        let tidy = tidied(files, from).map_err(unreadable)?;
        let printed = tidy.as_ref().map_or_else(|| files.hash(from), |text| Ok(Hash::of(text.as_bytes())));
        let printed = printed.map_err(unreadable)?;
        let to = fingerprinted_name(below, &printed).ok_or(io::ErrorKind::InvalidFilename)?;
        let (hash, len) = match &tidy {
            Some(text) => (self.sink.put(&to, text.as_bytes())?, text.len() as u64),
            None => self.sink.copy(files, from, &to)?,
        };
        lock(assets).insert(below.to_owned(), encode(to.as_str()));
        let output = Output { hash, len, role: Role::Fingerprinted };
        self.compress(&to, &output, || match &tidy {
            Some(text) => Ok(text.as_bytes().into()),
            None => files.read(from).map(Cow::Owned).map_err(unreadable),
        })?;
        self.record(&to, output);
        Ok(())
    }

    fn redirects(&self) {
        for (from, redirect) in self.site.redirects() {
            self.put(from, Role::Page, &render::redirect(self.site, from, redirect));
        }
    }

    /// Writes a data file, unless the author has a file of this name in `static`.
    fn data(&self, name: &str, bytes: &[u8]) {
        let path = SitePath::new(name).ok();
        if let Some(path) = path.filter(|path| !lock(&self.outputs).contains_key(path)) {
            self.put(&path, Role::Data, bytes);
        }
    }
}

/// Says where the site is beyond what its hosts take; `made` are the files for them, where the author has none.
fn over_limits(
    snapshot: &Snapshot,
    outputs: &Outputs,
    files: &dyn Files,
    made: &BTreeMap<&str, Vec<u8>>,
    problems: &mut Diagnostics,
) {
    let site = &snapshot.site;
    let own = |name: &str| SitePath::new(&format!("static/{name}")).ok().filter(|file| site.files.fixed.contains(file));
    let text = |name: &str| {
        let bytes = own(name).map_or_else(|| made.get(name).cloned(), |file| files.read(&file).ok())?;
        String::from_utf8(bytes).ok()
    };
    let hosts = &site.config.output.hosts;
    for over in render::over_limits(hosts.iter().map(|host| host.value), outputs, &text) {
        let named =
            hosts.iter().find(|host| host.value == over.host).and_then(|host| site.config.places.span(host.node));
        let own = over.file.and_then(|file| own(file.as_str())).map(|file| Span::file(&file));
        problems.push(Diagnostic::new("host-limit", own.or(named), over.message).hint(over.hint));
    }
}

/// What is published instead of a fingerprinted file, where that is not the file as it is.
pub(super) fn tidied(files: &dyn Files, file: &SitePath) -> io::Result<Option<String>> {
    if file.extension() != "css" {
        return Ok(None);
    }
    let text = String::from_utf8(files.read(file)?).ok();
    Ok(text.map(|text| with_imports(files, file, &render::tidy_css(&text), MOST_IMPORTS)))
}

/// How deep stylesheets import each other, at most.
const MOST_IMPORTS: usize = 4;

/// A stylesheet with those of its folder that it imports in place of their `@import`: they have other names when published.
/// It stays as it is if it also imports something else, since that has to come first.
fn with_imports(files: &dyn Files, file: &SitePath, text: &str, depth: usize) -> String {
    let read = |name: &str| {
        let path =
            file.resolve(name).ok().filter(|path| path.folder() == file.folder() && path != file && depth > 0)?;
        let text = render::tidy_css(&String::from_utf8(files.read(&path).ok()?).ok()?);
        Some(with_imports(files, &path, text.trim_end(), depth - 1))
    };
    let (names, rest) = render::css_imports(text);
    let imported: Option<String> = names.into_iter().map(read).collect();
    match imported {
        Some(imported) if !rest.starts_with("@import") => imported + rest,
        _ => text.to_owned(),
    }
}

/// `style.css` with its hash: `style.0123456789.css`.
pub(super) fn fingerprinted_name(path: &str, hash: &Hash) -> Option<SitePath> {
    let path = SitePath::new(path).ok()?;
    let name = match path.extension() {
        "" => format!("{}.{}", path.stem(), hash.short()),
        extension => format!("{}.{}.{extension}", path.stem(), hash.short()),
    };
    path.resolve(&name).ok()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn unwrap<T>(mutex: Mutex<T>) -> T {
    mutex.into_inner().unwrap_or_else(PoisonError::into_inner)
}
