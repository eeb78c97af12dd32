//! Every output of a checked site, made in parallel and given to the sink one by one.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use globset::GlobSet;
use rayon::prelude::*;

use crate::diag::{Diagnostic, Diagnostics};
use crate::parse::Card;
use crate::render::view::Views;
use crate::render::{self, output_of};
use crate::site::{PageId, encode};
use crate::source::{Files, Hash, Output, Outputs, Role, Sink, SitePath, Span};

use super::Progress;
use super::links::{OutputLinks, check_links};
use super::snapshot::Snapshot;

/// Renders and copies everything, then checks every address of the result.
pub(super) fn write(
    snapshot: &Snapshot,
    files: &dyn Files,
    sink: &dyn Sink,
    progress: Progress<'_>,
    problems: &mut Diagnostics,
) -> Outputs {
    let writer = Writer { sink, outputs: Mutex::default(), links: Mutex::default(), problems: Mutex::default() };
    let assets = writer.copies(snapshot, files);
    let renderer = snapshot.renderer(assets);
    let (total, done) = (snapshot.site.pages.len(), AtomicUsize::new(0));
    let ids: Vec<PageId> = snapshot.site.ids().collect();
    ids.par_iter().for_each(|id| {
        match renderer.render(*id, &snapshot.body(*id)) {
            Ok(rendered) => {
                lock(&writer.links).insert(rendered.path.clone(), OutputLinks::read(&rendered.bytes));
                writer.put(&rendered.path, rendered.role, &rendered.bytes);
            }
            Err(problem) => writer.report(*problem),
        }
        progress("rendering", done.fetch_add(1, Ordering::Relaxed) + 1, total);
    });
    writer.redirects(snapshot);
    writer.data(snapshot);
    let outputs = unwrap(writer.outputs);
    problems.extend(unwrap(writer.problems));
    check_links(&snapshot.site, &outputs, &unwrap(writer.links), problems);
    outputs
}

/// Collects outputs from many threads.
struct Writer<'a> {
    sink: &'a dyn Sink,
    outputs: Mutex<Outputs>,
    links: Mutex<BTreeMap<SitePath, OutputLinks>>,
    problems: Mutex<Diagnostics>,
}

impl Writer<'_> {
    fn put(&self, path: &SitePath, role: Role, bytes: &[u8]) {
        match self.sink.put(path, bytes) {
            Ok(hash) => self.record(path, Output { hash, len: bytes.len() as u64, role }),
            Err(error) => {
                let message = format!("cannot write `{path}`: {error}");
                self.report(Diagnostic::new("write-failed", None, message));
            }
        }
    }

    fn record(&self, path: &SitePath, output: Output) {
        if lock(&self.outputs).insert(path.clone(), output).is_some() {
            self.report(twice(path, None));
        }
    }

    fn report(&self, problem: Diagnostic) {
        lock(&self.problems).push(problem);
    }

    /// Copies files of `static` and those beside the pages; gives the addresses of the fingerprinted ones.
    fn copies(&self, snapshot: &Snapshot, files: &dyn Files) -> BTreeMap<String, String> {
        let site = &snapshot.site;
        let prints = super::inputs::globs(&site.config.output.fingerprint);
        let assets = Mutex::new(BTreeMap::new());
        let all: Vec<&SitePath> = site.files.content.iter().chain(&site.files.fixed).collect();
        all.par_iter().for_each(|file| {
            let printed = is_fingerprinted(file, &prints);
            let copied = if printed { self.copy_printed(files, file, &assets) } else { self.copy_plain(files, file) };
            if let Err(error) = copied {
                let message = format!("cannot copy `{file}`: {error}");
                self.report(Diagnostic::new("read-failed", Span::file(file), message));
            }
        });
        unwrap(assets)
    }

    fn copy_plain(&self, files: &dyn Files, from: &SitePath) -> io::Result<()> {
        let to = SitePath::new(output_of(from)).map_err(|_| io::ErrorKind::InvalidFilename)?;
        let (hash, len) = self.sink.copy(files, from, &to)?;
        self.record(&to, Output { hash, len, role: Role::Asset });
        Ok(())
    }

    fn copy_printed(
        &self,
        files: &dyn Files,
        from: &SitePath,
        assets: &Mutex<BTreeMap<String, String>>,
    ) -> io::Result<()> {
        let below = output_of(from);
        let tidy = tidied(files, from)?;
        let printed = tidy.as_ref().map_or_else(|| files.hash(from), |text| Ok(Hash::of(text.as_bytes())))?;
        let to = fingerprinted_name(below, &printed).ok_or(io::ErrorKind::InvalidFilename)?;
        let (hash, len) = match &tidy {
            Some(text) => (self.sink.put(&to, text.as_bytes())?, text.len() as u64),
            None => self.sink.copy(files, from, &to)?,
        };
        lock(assets).insert(below.to_owned(), encode(to.as_str()));
        self.record(&to, Output { hash, len, role: Role::Fingerprinted });
        Ok(())
    }

    fn redirects(&self, snapshot: &Snapshot) {
        let site = &snapshot.site;
        for page in &site.pages {
            for alias in &page.card.front.aliases {
                if let Some(from) = render::alias_output(alias) {
                    let bytes = render::redirect(&from, &page.href, &page.card.title, site.config.language.as_str());
                    self.put(&from, Role::Page, &bytes);
                } else {
                    self.report(bad_alias(&page.card, alias));
                }
            }
        }
    }

    fn data(&self, snapshot: &Snapshot) {
        let mut files = data(snapshot);
        files.extend(search(snapshot).map(|bytes| (SEARCH, bytes)));
        for (name, bytes) in files {
            // A file of the author's own of this name, from `static`, stands instead of ours.
            if let Ok(path) = SitePath::new(name)
                && !lock(&self.outputs).contains_key(&path)
            {
                self.put(&path, Role::Data, &bytes);
            }
        }
    }
}

/// Two outputs of one name.
pub(super) fn twice(path: &SitePath, at: Option<Span>) -> Diagnostic {
    let message = format!("two things want to be written to `{path}`");
    Diagnostic::new("address-twice", at, message).hint("rename one of them")
}

/// An alias that is no path.
pub(super) fn bad_alias(card: &Card, alias: &str) -> Diagnostic {
    let found = Diagnostic::new("bad-address", card.front_span("aliases"), format!("`{alias}` cannot be an alias"));
    found.hint("write it as a path below the site, such as `old/name.html`")
}

/// The file with the search index.
pub(super) const SEARCH: &str = "search-index.js";

/// What is made of all pages and the ledger, by name; the search index, which takes the text of every page, is apart.
pub(super) fn data(snapshot: &Snapshot) -> Vec<(&'static str, Vec<u8>)> {
    let views = Views { site: &snapshot.site };
    let mut files = render::data_files(views);
    files.push(("robots.txt", render::robots(&snapshot.site)));
    files.extend(render::sitemap(views).map(|bytes| ("sitemap.xml", bytes)));
    files.extend(render::feed(views).map(|bytes| ("feed.xml", bytes)));
    files
}

/// The search index, where the site has one.
pub(super) fn search(snapshot: &Snapshot) -> Option<Vec<u8>> {
    let wanted = snapshot.site.config.output.search;
    wanted.then(|| render::search_index(Views { site: &snapshot.site }, &|id| snapshot.text(id)))
}

/// Whether a file of `static` gets its hash into its name.
pub(super) fn is_fingerprinted(file: &SitePath, prints: &GlobSet) -> bool {
    let below = output_of(file);
    file.below("static").is_some() && (prints.is_match(below) || prints.is_match(file.name()))
}

/// What is published instead of a fingerprinted file, where that is not the file as it is.
pub(super) fn tidied(files: &dyn Files, file: &SitePath) -> io::Result<Option<String>> {
    if file.extension() != "css" {
        return Ok(None);
    }
    Ok(String::from_utf8(files.read(file)?).ok().map(|text| render::tidy_css(&text)))
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
