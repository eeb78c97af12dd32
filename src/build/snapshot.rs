//! The site up to the point where pages can be rendered: everything read, parsed, linked and checked.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::check;
use crate::config::{Config, Globs};
use crate::diag::Diagnostics;
use crate::evidence::Ledger;
use crate::parse::{Body, Card, PackedProse};
use crate::render::{Pictures, Renderer, Templates, check_calls};
use crate::site::{Page, PageId, Parts, Site};
use crate::source::{Files, Hash, Listing, SitePath};

use super::cache::Cache;
use super::inputs::{self, Inputs};
use super::parsed::{Keep, Parsed, Parser};
use super::theme::Themed;
use super::timings::Timer;
use super::{Progress, Request};

/// A linked and checked site with all that rendering needs.
pub struct Snapshot {
    /// The pages, linked.
    pub site: Arc<Site>,
    /// The compiled templates.
    pub templates: Arc<Templates>,
    /// The sizes of pictures.
    pub pictures: Arc<Pictures>,
    /// What has changed since the snapshot before.
    pub change: Change,
    listing: Arc<Listing>,
    ignored: Arc<Globs>,
    inputs: Arc<Inputs>,
    parser: Arc<Parser>,
    pages: Arc<FxHashMap<SitePath, Arc<Parsed>>>,
    found: Found,
}

/// What of the outputs may differ from those of the snapshot before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing: the same inputs, whatever was named.
    Nothing,
    /// These pages, and what is made of the text of all pages.
    Pages(Vec<PageId>),
    /// Anything.
    Anything,
}

/// Problems by where they were found, so that a stage that need not run again still tells.
#[derive(Clone, Default)]
struct Found {
    inputs: Arc<Diagnostics>,
    evidence: Arc<Diagnostics>,
    templates: Arc<Diagnostics>,
    linking: Arc<Diagnostics>,
    /// Component calls, links and the like, and prose.
    calls: ByPage,
    cards: ByPage,
    prose: ByPage,
}

/// Problems by content file; those without are left out.
type ByPage = Arc<FxHashMap<SitePath, Diagnostics>>;

/// What may have changed since a snapshot was made.
#[derive(Debug, Default)]
pub struct Touched<'a> {
    /// All inputs, where files may have come or gone; else the old listing holds.
    pub listing: Option<Arc<Listing>>,
    /// Files whose bytes may have changed; too many cost time, and nothing else.
    pub files: Cow<'a, BTreeSet<SitePath>>,
}

impl Snapshot {
    /// All problems of the inputs, unsorted, each with the severity that `site.toml` gives its code.
    pub fn problems(&self) -> Diagnostics {
        let found = &self.found;
        let mut all = Diagnostics::default();
        for stage in [&found.inputs, &found.evidence, &found.templates, &found.linking] {
            all.extend(stage.iter().cloned());
        }
        all.extend(self.pages.values().flat_map(|page| page.problems.iter().cloned()));
        for checks in [&found.calls, &found.cards, &found.prose] {
            all.extend(checks.values().flat_map(|problems| problems.iter().cloned()));
        }
        check::site(&self.site, &mut all);
        self.relevel(&mut all);
        all
    }

    /// Problems that show only against the texts of the sources, which `archive` holds, each with the severity that
    /// `site.toml` gives its code.
    pub fn problems_with(&self, archive: &dyn Files) -> Diagnostics {
        let archive = check::Archive::open(&self.site.ledger, archive);
        let mut all = Diagnostics::default();
        check::records_with(&self.site.ledger, &archive, &mut all);
        let by_page = self.site.pages.par_iter().flat_map_iter(|page| {
            let mut problems = Diagnostics::default();
            if let Some(parsed) = self.pages.get(&page.card.path) {
                let prose = self.parser.prose(&page.card.path, parsed);
                check::prose_with(&self.site, page, &prose, &archive, &mut problems);
            }
            problems
        });
        all.extend(by_page.collect::<Vec<_>>());
        self.relevel(&mut all);
        all
    }

    /// Moves each problem to the severity that `site.toml` gives its code.
    pub fn relevel(&self, problems: &mut Diagnostics) {
        let check = &self.site.config.check;
        problems.relevel(|found| check.severity(found.code).unwrap_or(found.severity));
    }

    /// The plain text of a page, for the search index.
    pub fn text(&self, id: PageId) -> String {
        let path = &self.site.page(id).card.path;
        self.pages.get(path).map_or_else(String::new, |page| self.parser.text(path, page).to_string())
    }

    /// The body of a page; empty for a page that no content file stands for.
    pub fn body(&self, id: PageId) -> Cow<'_, Body> {
        let path = &self.site.page(id).card.path;
        self.pages.get(path).map_or_else(Cow::default, |page| self.parser.body(path, page))
    }

    /// The hash of a page's content file and of how it is read, alike for pages without one.
    pub fn body_hash(&self, id: PageId) -> Hash {
        let page = self.pages.get(&self.site.page(id).card.path);
        page.map_or_else(|| Hash::of(b""), |page| self.parser.key(&page.hash))
    }

    /// Whether this is one of its content files.
    pub(super) fn has_file(&self, path: &SitePath) -> bool {
        self.pages.contains_key(path)
    }

    /// What renders its pages; `assets` are the fingerprinted files by their path below `static`.
    pub fn renderer(&self, assets: BTreeMap<String, String>) -> Renderer {
        Renderer::new(self.site.clone(), self.templates.clone(), self.pictures.clone(), assets)
    }

    /// Whether the same file would be parsed to the same page in both.
    pub fn reads_alike(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.parser, &other.parser)
    }

    /// Whether a file of this name, known or not, is left out: what editors keep beside the files they edit.
    pub fn is_ignored(&self, path: &SitePath) -> bool {
        inputs::is_ignored(path, &self.ignored)
    }

    /// All inputs, as they were listed.
    pub fn listing(&self) -> &Arc<Listing> {
        &self.listing
    }
}

/// Reads, parses, links and checks. `None` where nothing can be linked; the problems say why.
///
/// # Errors
/// The problems for which nothing can be linked: there is no configuration, or none that can be read.
pub fn prepare(
    files: &dyn Files,
    request: &Request,
    keep: Keep,
    progress: Progress<'_>,
) -> Result<Snapshot, Diagnostics> {
    let aids = Aids { progress, cache: None, timer: &Timer::default() };
    prepare_with(files, request, keep, Arc::new(files.list()), &aids)
}

/// As [`prepare`], of files that were listed already, with what earlier builds left.
pub(super) fn prepare_with(
    files: &dyn Files,
    request: &Request,
    keep: Keep,
    listing: Arc<Listing>,
    aids: &Aids<'_>,
) -> Result<Snapshot, Diagnostics> {
    from_inputs(files, request, keep, None, &Touched { listing: Some(listing), files: Cow::default() }, aids)
}

/// What helps with the making of a snapshot, and leaves no trace in it.
pub(super) struct Aids<'a> {
    pub progress: Progress<'a>,
    pub cache: Option<Arc<Cache>>,
    pub timer: &'a Timer<'a>,
}

/// As [`prepare`], from a snapshot made before with the same request: what has not been touched is not read again, and
/// the result is the same as if it were.
///
/// # Errors
/// As [`prepare`].
pub fn advance(
    files: &dyn Files,
    request: &Request,
    keep: Keep,
    before: Option<&Snapshot>,
    touched: &Touched<'_>,
    progress: Progress<'_>,
) -> Result<Snapshot, Diagnostics> {
    let aids = Aids { progress, cache: None, timer: &Timer::default() };
    from_inputs(files, request, keep, before, touched, &aids)
}

fn from_inputs(
    files: &dyn Files,
    request: &Request,
    keep: Keep,
    before: Option<&Snapshot>,
    touched: &Touched<'_>,
    aids: &Aids<'_>,
) -> Result<Snapshot, Diagnostics> {
    let files = &Themed::behind(files);
    let settings = |path: &SitePath| path.as_str() == "site.toml";
    let before = before.filter(|_| !touched.files.iter().any(settings));
    let mut listing = match (&touched.listing, before) {
        (Some(listing), _) => listing.clone(),
        (None, Some(before)) => before.listing.clone(),
        (None, None) => Arc::new(files.list()),
    };
    let before = before.filter(|before| before.listing.refused == listing.refused);
    let mut problems = Diagnostics::default();
    let config = match before {
        Some(before) => before.site.config.clone(),
        None => match inputs::config(files, &listing, &mut problems) {
            Some(mut config) => {
                if let Some(base_url) = &request.base_url {
                    config.set_base_url(base_url);
                }
                if request.portable {
                    config.make_portable();
                }
                config.output.precompress = request.precompress.unwrap_or(config.output.precompress);
                config.check.overrule(&request.levels);
                Arc::new(config)
            }
            None => return Err(problems),
        },
    };
    if config.output.theme && (touched.listing.is_some() || before.is_none()) {
        Themed::complete(Arc::make_mut(&mut listing));
    }
    let stage = Stage { files, request, keep, before, touched, listing, config, aids };
    Ok(stage.run(problems))
}

/// One way from inputs to a snapshot.
struct Stage<'a> {
    files: &'a dyn Files,
    request: &'a Request,
    keep: Keep,
    before: Option<&'a Snapshot>,
    touched: &'a Touched<'a>,
    listing: Arc<Listing>,
    config: Arc<Config>,
    aids: &'a Aids<'a>,
}

/// Pages after reading: all of them, those that are not as before, and the prose of these where nobody keeps it.
struct Read {
    pages: Arc<FxHashMap<SitePath, Arc<Parsed>>>,
    fresh: Vec<(SitePath, Option<PackedProse>)>,
    /// Whether none has come and none has gone.
    same_set: bool,
}

impl Stage<'_> {
    fn run(self, mut problems: Diagnostics) -> Snapshot {
        let mut found = self.before.map(|before| before.found.clone()).unwrap_or_default();
        let inputs = match self.before {
            Some(before) if Arc::ptr_eq(&before.listing, &self.listing) => before.inputs.clone(),
            _ => {
                let inputs = inputs::sort(&self.listing, &self.config, &mut problems);
                found.inputs = Arc::new(problems);
                Arc::new(inputs)
            }
        };
        let mut judge = None;
        let ledger = match self.kept(&inputs, |inputs| &inputs.evidence) {
            Some(before) => before.site.ledger.clone(),
            None => {
                let mut problems = Diagnostics::default();
                let (ledger, hash) = self.ledger(&inputs, &mut problems);
                judge = Some(hash);
                check::records(&ledger, &mut problems);
                found.evidence = Arc::new(problems);
                Arc::new(ledger)
            }
        };
        let templates = match self.kept(&inputs, |inputs| &inputs.templates) {
            Some(before) => before.templates.clone(),
            None => {
                self.aids.timer.lap("evidence");
                let mut problems = Diagnostics::default();
                let templates = self.templates(&inputs, &mut problems);
                found.templates = Arc::new(problems);
                Arc::new(templates)
            }
        };
        let parser = self.before.map_or_else(|| Arc::new(self.parser()), |before| before.parser.clone());
        self.aids.timer.lap("templates");
        let read = self.pages(&inputs, &parser);
        self.aids.timer.lap("pages");
        let relinked = self.relink(&inputs, &ledger, &templates, &read);
        let fast = relinked.is_some();
        let site = relinked.unwrap_or_else(|| {
            let mut problems = Diagnostics::default();
            let site = self.link(&inputs, &ledger, &templates, &read, &mut problems);
            found.linking = Arc::new(problems);
            Arc::new(site)
        });
        let pictures = self.pictures(&site, &read, fast);
        self.aids.timer.lap("linking");
        let same_templates = self.before.is_some_and(|before| Arc::ptr_eq(&before.templates, &templates));
        let change = self.change(&site, &pictures, &read, fast && same_templates);
        let mut snapshot = Snapshot {
            site,
            templates,
            pictures,
            change,
            listing: self.listing.clone(),
            ignored: self
                .before
                .map_or_else(|| Arc::new(Globs::new(&self.config.content.ignore)), |before| before.ignored.clone()),
            inputs,
            parser,
            pages: read.pages.clone(),
            found,
        };
        self.check(&mut snapshot, read.fresh, fast, judge.as_ref());
        self.aids.timer.lap("checks");
        snapshot
    }

    fn parser(&self) -> Parser {
        Parser::new(&self.config, self.keep, self.aids.cache.clone())
    }

    fn is_touched(&self, path: &SitePath) -> bool {
        self.touched.files.contains(path)
    }

    /// The snapshot before, where these inputs of it are neither touched nor others than now.
    fn kept(&self, inputs: &Inputs, list: impl Fn(&Inputs) -> &Vec<SitePath>) -> Option<&Snapshot> {
        let now = list(inputs);
        self.before.filter(|before| list(&before.inputs) == now && !now.iter().any(|path| self.is_touched(path)))
    }

    /// The ledger, and a hash of all that it and the settings are made from.
    fn ledger(&self, inputs: &Inputs, problems: &mut Diagnostics) -> (Ledger, Hash) {
        let mut texts = Vec::with_capacity(inputs.evidence.len());
        let mut hasher = blake3::Hasher::new();
        hasher.update(format!("{:?}", self.config).as_bytes());
        for path in &inputs.evidence {
            if let Some(text) = inputs::text(self.files, path, problems) {
                hasher.update(path.as_str().as_bytes()).update(Hash::of(text.as_bytes()).bytes());
                texts.push((path.clone(), text));
            }
        }
        (Ledger::load(texts, &self.config, problems), hasher.finalize().into())
    }

    fn templates(&self, inputs: &Inputs, problems: &mut Diagnostics) -> Templates {
        let mut texts = BTreeMap::new();
        for path in &inputs.templates {
            if let (Some(name), Some(text)) = (path.below("templates"), inputs::text(self.files, path, problems)) {
                texts.insert(name.to_owned(), text);
            }
        }
        Templates::compile(texts, problems)
    }

    fn pages(&self, inputs: &Inputs, parser: &Parser) -> Read {
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
            let read = parser.read(self.files, path, known.and_then(|known| known.get(*path)));
            (self.aids.progress)("parsing", done.fetch_add(1, Ordering::Relaxed) + 1, total);
            ((*path).clone(), read)
        };
        let read: Vec<_> = wanted.par_iter().map(read).collect();
        let mut pages = known.cloned().unwrap_or_default();
        let mut fresh = Vec::with_capacity(read.len());
        for (path, (page, prose)) in read {
            let same = pages.insert(path.clone(), page.clone()).is_some_and(|old| Arc::ptr_eq(&old, &page));
            if !same {
                fresh.push((path, prose));
            }
        }
        if !same_set {
            pages.retain(|path, _| inputs.pages.binary_search(path).is_ok());
        }
        Read { pages: Arc::new(pages), fresh, same_set }
    }

    /// The site as before but for the cards of what was read, where that is all that has changed.
    fn relink(&self, inputs: &Inputs, ledger: &Arc<Ledger>, templates: &Templates, read: &Read) -> Option<Arc<Site>> {
        let before = self.before?;
        let same = read.same_set
            && Arc::ptr_eq(ledger, &before.site.ledger)
            && inputs.files == before.inputs.files
            && templates.names() == before.templates.names()
            && before.found.linking.is_empty();
        if !same {
            return None;
        }
        if read.fresh.is_empty() {
            return Some(before.site.clone());
        }
        let cards = read.fresh.iter().map(|(path, _)| read.pages.get(path).and_then(|page| page.card.clone()));
        let cards: Vec<Arc<Card>> = cards.collect::<Option<_>>()?;
        before.site.with_cards(cards).map(Arc::new)
    }

    fn link(
        &self,
        inputs: &Inputs,
        ledger: &Arc<Ledger>,
        templates: &Templates,
        read: &Read,
        problems: &mut Diagnostics,
    ) -> Site {
        let cards = inputs.pages.iter().filter_map(|path| read.pages.get(path)?.card.clone()).collect();
        let parts = Parts {
            config: self.config.clone(),
            ledger: ledger.clone(),
            cards,
            files: inputs.files.clone(),
            templates: templates.names(),
            today: self.request.today,
            drafts: self.request.drafts,
        };
        Site::link(parts, problems)
    }

    fn pictures(&self, site: &Site, read: &Read, fast: bool) -> Arc<Pictures> {
        let Some(before) = self.before else {
            return Arc::new(super::pictures::sizes(self.files, site, &Pictures::new()));
        };
        let shows = |card: &Card| card.front.image.is_some() || card.links.iter().any(|link| link.image);
        let shows = |path: &SitePath, pages: &FxHashMap<SitePath, Arc<Parsed>>| {
            pages.get(path).and_then(|page| page.card.as_ref()).is_some_and(|card| shows(card))
        };
        let moved = read.fresh.iter().any(|(path, _)| shows(path, &read.pages) || shows(path, &before.pages));
        let redrawn = before.pictures.keys().any(|picture| self.is_touched(picture));
        if fast && !moved && !redrawn {
            return before.pictures.clone();
        }
        let known = before.pictures.iter().filter(|(path, _)| !self.is_touched(path));
        let known: Pictures = known.map(|(path, size)| (path.clone(), *size)).collect();
        let pictures = super::pictures::sizes(self.files, site, &known);
        if pictures == *before.pictures { before.pictures.clone() } else { Arc::new(pictures) }
    }

    fn change(&self, site: &Site, pictures: &Arc<Pictures>, read: &Read, fast: bool) -> Change {
        let Some(before) = self.before else { return Change::Anything };
        let asset = |path: &SitePath| site.files.content.contains(path) || site.files.fixed.contains(path);
        if !fast || !Arc::ptr_eq(pictures, &before.pictures) || self.touched.files.iter().any(asset) {
            return Change::Anything;
        }
        let mut changed = Vec::with_capacity(read.fresh.len());
        for (path, _) in &read.fresh {
            let Some(id) = site.find(path) else { return Change::Anything };
            let was = before.site.find(path).map(|id| before.site.page(id).card.hash());
            if was != Some(site.page(id).card.hash()) {
                return Change::Anything;
            }
            changed.push(id);
        }
        if changed.is_empty() { Change::Nothing } else { Change::Pages(changed) }
    }

    /// Checks the pages where something has changed that a check may look at; `fast` where the site is that of before
    /// but for the cards of what was read.
    fn check(
        &self,
        snapshot: &mut Snapshot,
        fresh: Vec<(SitePath, Option<PackedProse>)>,
        fast: bool,
        judge: Option<&Hash>,
    ) {
        let fresh: FxHashMap<SitePath, Option<PackedProse>> = fresh.into_iter().collect();
        let (site, templates) = (&snapshot.site, &snapshot.templates);
        let own: BTreeSet<PageId> = fresh.keys().filter_map(|path| site.find(path)).collect();
        let before = self.before.filter(|before| Arc::ptr_eq(&before.site.ledger, &site.ledger));
        let linking = before.filter(|_| fast).map(|before| {
            let mut pages = own.clone();
            for id in &own {
                let (was, is) = (&before.site.page(*id).card, &site.page(*id).card);
                if was.headings != is.headings || was.anchors != is.anchors || was.calls != is.calls {
                    pages.extend(site.backlinks(*id));
                }
            }
            pages
        });
        let calling = before.filter(|before| Arc::ptr_eq(&before.templates, templates)).map(|_| own.clone());
        let speaking = before.map(|_| own);
        let mut found = std::mem::take(&mut snapshot.found);
        again(&mut found.calls, site, calling, &|page, problems| check_calls(&page.card, site, templates, problems));
        again(&mut found.cards, site, linking, &|page, problems| check::page(site, page, problems));
        again(&mut found.prose, site, speaking, &|page, problems| {
            let path = &page.card.path;
            let parsed = snapshot.pages.get(path);
            // What the rules on prose read besides the page itself: the records, the settings, and its template.
            let judge = judge.map(|judge| Hash::of(&[judge.bytes(), page.template.as_bytes()].concat()).word());
            let known = self.aids.cache.as_ref().zip(parsed).zip(judge);
            if let Some(((cache, parsed), judge)) = known
                && cache.is_in_order(path, &snapshot.parser.key(&parsed.hash), judge)
            {
                return;
            }
            let packed = fresh.get(path).and_then(Option::as_ref).and_then(|packed| packed.open(path));
            let prose = packed.or_else(|| parsed.map(|parsed| snapshot.parser.prose(path, parsed)));
            check::prose(site, page, &prose.unwrap_or_default(), problems);
            if let Some(((cache, _), judge)) = known.filter(|_| problems.is_empty()) {
                cache.note_in_order(path, judge);
            }
        });
        snapshot.found = found;
    }
}

/// Runs a check over `pages`, or over all of them, and puts what it finds in the place of what was known.
fn again(
    known: &mut ByPage,
    site: &Site,
    pages: Option<BTreeSet<PageId>>,
    check: &(dyn Fn(&Page, &mut Diagnostics) + Sync),
) {
    let run = |page: &Page| {
        let mut problems = Diagnostics::default();
        check(page, &mut problems);
        (page.card.path.clone(), problems)
    };
    let Some(pages) = pages else {
        let results = site.pages.par_iter().with_min_len(16).map(run).filter(|(_, problems)| !problems.is_empty());
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
