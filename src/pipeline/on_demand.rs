//! Single outputs of a snapshot, made when somebody asks for them: what `build` would write under that name.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashMap;

use crate::config::Globs;
use crate::diag::Diagnostic;
use crate::render::{self, Begun, Renderer, output_of};
use crate::site::{PageId, Redirect, encode, is_fingerprinted};
use crate::source::{Files, Hash, SitePath};

use super::data_files::{DataGroup, DataInputs};
use super::outputs::{fingerprinted_name, tidied};
use super::snapshot::Snapshot;
use super::theme::Themed;

/// Bytes of rendered pages that are kept; past them, pages are rendered again when somebody asks again.
const BUDGET: usize = 32 << 20;
/// A snapshot whose outputs can be asked for, one by one, from several threads.
pub struct OnDemand {
    /// What it is made from.
    pub snapshot: Arc<Snapshot>,
    renderer: Renderer,
    index: Arc<Index>,
    /// The hashes of the files of `static` that carry them in their names.
    prints: Arc<BTreeMap<SitePath, Print>>,
    /// What is made of all pages and records, each group when a file of it is first asked for.
    data: Vec<(DataGroup, OnceLock<BTreeMap<String, Hashed>>)>,
    memo: Arc<Mutex<Memo>>,
    /// The keys of pages, each computed once: of a page with a whole topic on it that is half of the work.
    keys: Mutex<FxHashMap<PageId, Hash>>,
}

/// Bytes with their hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hashed {
    /// The bytes.
    pub bytes: Arc<[u8]>,
    /// Of the bytes.
    pub hash: Hash,
}

impl From<Vec<u8>> for Hashed {
    fn from(bytes: Vec<u8>) -> Self {
        Self { hash: Hash::of(&bytes), bytes: bytes.into() }
    }
}

/// What one output is.
#[derive(Clone, Debug)]
pub enum Opened {
    /// A page.
    Page(Hashed),
    /// Something made of all pages, or a redirect.
    Made(Hashed),
    /// An input file, as it is; where the site has no such file, the theme has it ([`super::theme_file`]).
    File(SitePath),
    /// A page that cannot be rendered, and what it was when it was rendered last.
    Failed(Box<Diagnostic>, Option<Hashed>),
    /// There is no output of this name.
    Nothing,
}

/// A fingerprinted file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Print {
    hash: Hash,
    /// What is published, where that is not the file as it is.
    tidied: Option<Hashed>,
}

impl Print {
    fn of(files: &dyn Files, path: &SitePath) -> io::Result<Self> {
        let tidied: Option<Hashed> = tidied(files, path)?.map(|text| text.into_bytes().into());
        let hash = tidied.as_ref().map_or_else(|| files.hash(path), |tidied| Ok(tidied.hash))?;
        Ok(Self { hash, tidied })
    }
}

#[derive(Debug, Default)]
struct Index {
    origins: FxHashMap<SitePath, Origin>,
}

#[derive(Clone, Debug)]
enum Origin {
    Page(PageId),
    Redirect(Redirect),
    File(SitePath),
}

/// Rendered pages by output, under the key of all that they depend on.
#[derive(Debug, Default)]
struct Memo {
    pages: FxHashMap<SitePath, Rendered>,
    bytes: usize,
}

#[derive(Debug)]
struct Rendered {
    key: Hash,
    hash: Hash,
    bytes: Option<Arc<[u8]>>,
}

impl OnDemand {
    /// Makes the outputs of a snapshot available. What `before` rendered is taken over where it still holds; `touched`
    /// are the files that may have changed since.
    pub fn new(
        snapshot: Arc<Snapshot>,
        files: &dyn Files,
        before: Option<&Self>,
        touched: &BTreeSet<SitePath>,
    ) -> Self {
        let files = &Themed::behind(files);
        let site = &snapshot.site;
        let globs = Globs::new(&site.config.output.fingerprint);
        // A stylesheet may contain others.
        let restyled = touched.iter().any(|path| path.extension() == "css");
        let known = |path: &SitePath| {
            let changed = touched.contains(path) || (restyled && path.extension() == "css");
            before.filter(|_| !changed).and_then(|before| before.prints.get(path).cloned())
        };
        let printed = site.files.fixed.iter().filter(|file| is_fingerprinted(file, &globs));
        let prints = printed.filter_map(|path| {
            let print = known(path).or_else(|| Print::of(files, path).ok())?;
            Some((path.clone(), print))
        });
        let prints: Arc<BTreeMap<SitePath, Print>> = Arc::new(prints.collect());
        let alike = |before: &&Self| {
            before.prints == prints
                && Arc::ptr_eq(&before.snapshot.pictures, &snapshot.pictures)
                && before.snapshot.site.shows_alike(site)
        };
        let renderer = match before.filter(alike) {
            Some(before) => before.renderer.with(site.clone(), snapshot.templates.clone()),
            None => snapshot.renderer(named(&prints).collect()),
        };
        let same = |before: &&Self| {
            let was = &before.snapshot.site;
            was.has_same_pages(site) && (Arc::ptr_eq(&was.files, &site.files) || was.files == site.files)
        };
        let index = match before.filter(same).filter(|before| before.prints == prints) {
            Some(before) => before.index.clone(),
            None => Arc::new(Index::of(&snapshot, &prints)),
        };
        let memo = before.filter(|before| before.snapshot.reads_alike(&snapshot)).map(|before| before.memo.clone());
        let data = DataGroup::all(&snapshot).into_iter().map(|group| (group, OnceLock::new())).collect();
        Self { snapshot, renderer, index, prints, data, memo: memo.unwrap_or_default(), keys: Mutex::default() }
    }

    /// The output of this name.
    pub fn open(&self, path: &SitePath) -> Opened {
        match self.index.origins.get(path) {
            Some(Origin::Page(id)) => self.page(*id),
            Some(Origin::Redirect(redirect)) => {
                Opened::Made(render::redirect(&self.snapshot.site, path, redirect).into())
            }
            Some(Origin::File(file)) => match self.prints.get(file).and_then(|print| print.tidied.clone()) {
                Some(tidied) => Opened::Made(tidied),
                None => Opened::File(file.clone()),
            },
            None => self.data(path.as_str()).map_or(Opened::Nothing, Opened::Made),
        }
    }

    /// A page, rendered unless it is known; never [`Opened::Nothing`].
    pub fn page(&self, id: PageId) -> Opened {
        let (key, begun) = self.key(id);
        let output = &self.snapshot.site.page(id).output;
        let last = {
            let memo = self.memo();
            let known = memo.pages.get(output);
            let last = known.and_then(Rendered::held);
            if let Some(page) = last.clone().filter(|_| known.is_some_and(|known| known.key == key)) {
                return Opened::Page(page);
            }
            last
        };
        self.render(id, key, begun, last)
    }

    /// Renders a page of this snapshot, unless that has been done already, whether or not its bytes are still held.
    pub fn page_anew(&self, id: PageId) -> Option<Opened> {
        let (key, begun) = self.key(id);
        let last = {
            let memo = self.memo();
            let known = memo.pages.get(&self.snapshot.site.page(id).output);
            if known.is_some_and(|known| known.key == key) {
                return None;
            }
            known.and_then(Rendered::held)
        };
        Some(self.render(id, key, begun, last))
    }

    fn render(&self, id: PageId, key: Hash, begun: Option<Begun<'_>>, last: Option<Hashed>) -> Opened {
        let ready = begun.unwrap_or_else(|| self.renderer.begin(id)).ready();
        match self.snapshot.body(None, id).and_then(|body| ready.render(&body)) {
            Ok(rendered) => {
                let page = Hashed::from(rendered.bytes);
                self.memo().keep(&rendered.path, Rendered { key, hash: page.hash, bytes: Some(page.bytes.clone()) });
                Opened::Page(page)
            }
            Err(problem) => Opened::Failed(problem, last),
        }
    }

    /// Whether this output is a page.
    pub fn is_page(&self, path: &SitePath) -> bool {
        matches!(self.index.origins.get(path), Some(Origin::Page(_)))
    }

    /// The outputs that are copies of this input.
    pub fn copies_of(&self, file: &SitePath) -> Option<SitePath> {
        let below = output_of(file);
        match self.prints.get(file) {
            Some(print) => fingerprinted_name(below, &print.hash),
            None => SitePath::new(below).ok().filter(|path| self.index.origins.contains_key(path)),
        }
    }

    /// The names of all outputs, sorted; making those that are made of all pages.
    pub fn names(&self) -> Vec<SitePath> {
        let mut names: Vec<SitePath> = self.index.origins.keys().cloned().collect();
        let made = self.data.iter().flat_map(|(group, made)| self.made(*group, made).keys());
        names.extend(made.filter_map(|name| SitePath::new(name).ok()));
        names.sort();
        names.dedup();
        names
    }

    /// The names of all outputs that pages may lead to, without making any.
    pub(super) fn listed(&self) -> Vec<SitePath> {
        let site = &self.snapshot.site;
        let output = &site.config.output;
        let addressed = if site.config.base_url().is_some() { &["feed.xml", "sitemap.xml"][..] } else { &[] };
        let made = render::data_names(&site.ledger).into_iter().chain(addressed.iter().copied());
        let made = made.chain(["robots.txt"]).chain(output.search.then_some(render::SEARCH_INDEX));
        self.index.origins.keys().cloned().chain(made.filter_map(|name| SitePath::new(name).ok())).collect()
    }

    fn data(&self, name: &str) -> Option<Hashed> {
        let mut groups = self.data.iter().filter(|(group, _)| group.may_have(name));
        groups.find_map(|(group, made)| self.made(*group, made).get(name).cloned())
    }

    fn made<'s>(&self, group: DataGroup, made: &'s OnceLock<BTreeMap<String, Hashed>>) -> &'s BTreeMap<String, Hashed> {
        made.get_or_init(|| {
            let printed: Vec<String> = named(&self.prints).map(|(_, address)| address).collect();
            let inputs =
                DataInputs { renderer: &self.renderer, snapshot: &self.snapshot, files: None, printed: &printed };
            group.make(&inputs).into_iter().map(|(name, bytes)| (name, bytes.into())).collect()
        })
    }

    /// What renders its pages.
    pub(super) fn renderer(&self) -> &Renderer {
        &self.renderer
    }

    /// The key of all that a page depends on.
    pub(super) fn key_of(&self, id: PageId) -> Hash {
        self.key(id).0
    }

    /// The key of all that a page depends on, and what was made for it now.
    fn key(&self, id: PageId) -> (Hash, Option<Begun<'_>>) {
        let keys = || self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = keys().get(&id) {
            return (*key, None);
        }
        let (key, begun) = self.renderer.key(id, self.snapshot.body_hash(id));
        keys().insert(id, key);
        (key, Some(begun))
    }

    fn memo(&self) -> std::sync::MutexGuard<'_, Memo> {
        self.memo.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Fingerprinted files by their path below `static`, with their addresses.
fn named(prints: &BTreeMap<SitePath, Print>) -> impl Iterator<Item = (String, String)> {
    prints.iter().filter_map(|(path, print)| {
        let below = output_of(path);
        Some((below.to_owned(), encode(fingerprinted_name(below, &print.hash)?.as_str())))
    })
}

impl Rendered {
    /// The page, where it is still held.
    fn held(&self) -> Option<Hashed> {
        self.bytes.clone().map(|bytes| Hashed { bytes, hash: self.hash })
    }
}

impl Memo {
    fn keep(&mut self, output: &SitePath, page: Rendered) {
        let len = |page: &Rendered| page.bytes.as_ref().map_or(0, |bytes| bytes.len());
        if self.bytes + len(&page) > BUDGET {
            for page in self.pages.values_mut() {
                page.bytes = None;
            }
            self.bytes = 0;
        }
        self.bytes += len(&page);
        if let Some(old) = self.pages.insert(output.clone(), page) {
            self.bytes -= len(&old);
        }
    }
}

impl Index {
    fn of(snapshot: &Snapshot, prints: &BTreeMap<SitePath, Print>) -> Self {
        let site = &snapshot.site;
        let mut index = Self::default();
        index.origins.reserve(site.pages.len());
        for file in site.files.content.iter().chain(&site.files.fixed) {
            let below = output_of(file);
            let output = match prints.get(file) {
                Some(print) => fingerprinted_name(below, &print.hash),
                None => SitePath::new(below).ok(),
            };
            if let Some(output) = output {
                index.origins.insert(output, Origin::File(file.clone()));
            }
        }
        for id in site.ids() {
            index.origins.insert(site.page(id).output.clone(), Origin::Page(id));
        }
        for (from, redirect) in site.redirects() {
            index.origins.insert(from.clone(), Origin::Redirect(redirect.clone()));
        }
        index
    }
}
