//! The thread that turns batches of changes into scenes.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use crate::build::{Change, Keep, Live, Opened, Request, Snapshot, Touched, advance};
use crate::diag::{Diagnostic, Diagnostics};
use crate::disk::{Folder, Stamps};
use crate::site::PageId;
use crate::source::{Listing, SitePath};
use crate::watch::{Batch, Signal, Watch, Woken};

use super::background::Background;
use super::shown::Shown;
use super::stage::{Scene, Stage};
use super::{Options, Voice};

/// After the last event of a batch in which files came or went, how long nothing may come: a checkout, a rename or a new
/// folder is many steps, and nobody waits for those at the keyboard.
const SETTLE: Duration = Duration::from_millis(25);
/// How often a newer batch may overtake before something is shown.
const OVERTAKEN: u32 = 20;
/// How long after a rebuild a sweep confirms that nothing was missed.
const SWEEP: Duration = Duration::from_millis(60);
/// How often a sweep looks for what no event tells: files on other machines, and behind links to folders.
const REST: Duration = Duration::from_secs(10);
/// Problems that a browser shows.
pub(super) const SHOWN: usize = 200;

/// The running engine.
pub(super) struct Handle(Option<Sender<Signal>>);

impl Handle {
    /// Has it end soon; it holds nothing that needs an end.
    pub fn stop(self) {
        if let Some(sender) = self.0 {
            let _ = sender.send(Signal::Stop);
        }
    }
}

/// Starts the engine; the first scene follows.
pub(super) fn start(
    options: &Options,
    folder: Arc<Folder>,
    stage: Arc<Stage>,
    voice: Arc<dyn Voice>,
) -> std::io::Result<Handle> {
    // The watch comes first, so that nothing changes unseen.
    let watch = if options.watch { Some(Watch::new(folder.root()).map_err(std::io::Error::other)?) } else { None };
    let handle = Handle(watch.as_ref().map(Watch::sender));
    let background = Background::start(stage.clone(), voice.clone());
    let engine = Engine {
        folder,
        request: options.request.clone(),
        follow: options.follow,
        stage,
        voice,
        background,
        base: None,
        pending: BTreeSet::new(),
        listing: Arc::default(),
        stamps: Stamps::default(),
        dirty: false,
        told: Diagnostics::default(),
        inputs_told: Diagnostics::default(),
        sweep: 0,
    };
    std::thread::Builder::new().name("engine".into()).spawn(move || engine.run(watch))?;
    Ok(handle)
}

struct Engine {
    folder: Arc<Folder>,
    request: Request,
    follow: bool,
    stage: Arc<Stage>,
    voice: Arc<dyn Voice>,
    background: Background,
    /// The last snapshot, good or not.
    base: Option<Arc<Snapshot>>,
    /// What was touched since then, where no snapshot could be made.
    pending: BTreeSet<SitePath>,
    /// The inputs as they were listed last, and what the file system told of them.
    listing: Arc<Listing>,
    stamps: Stamps,
    /// Whether snapshots were made and not shown, since they failed or were overtaken.
    dirty: bool,
    /// The problems that were told last.
    told: Diagnostics,
    /// Those of them that the inputs alone have.
    inputs_told: Diagnostics,
    /// The number of the last sweep that was asked for.
    sweep: u64,
}

/// What a batch comes down to.
struct Work {
    touched: BTreeSet<SitePath>,
    /// The new listing, where files came or went.
    listing: Option<Arc<Listing>>,
    since: Instant,
}

impl Engine {
    fn run(mut self, watch: Option<Watch>) {
        let since = Instant::now();
        let (listing, stamps) = self.folder.survey();
        (self.listing, self.stamps) = (Arc::new(listing), stamps);
        let work = Work { touched: BTreeSet::new(), listing: Some(self.listing.clone()), since };
        let made = self.make(&work);
        self.show(made, &work);
        let Some(mut watch) = watch else { return };
        let sweeper = sweeper(self.folder.clone(), watch.sender());
        self.ask(&sweeper);
        loop {
            let work = match watch.wait() {
                Woken::Stop => return,
                Woken::Swept(number, listing, stamps) if number == self.sweep => self.swept(listing, stamps),
                Woken::Swept(..) => continue,
                Woken::Batch(batch) => self.look(batch, &mut watch),
            };
            let Some(work) = work else { continue };
            self.rebuild(work, &mut watch);
            self.ask(&sweeper);
        }
    }

    fn ask(&mut self, sweeper: &Sender<u64>) {
        self.sweep += 1;
        let _ = sweeper.send(self.sweep);
    }

    /// Makes snapshots until none is overtaken, and shows the last.
    fn rebuild(&mut self, mut work: Work, watch: &mut Watch) {
        for _ in 0..OVERTAKEN {
            let made = self.make(&work);
            if let Some(newer) = watch.more().and_then(|batch| self.look(batch, watch)) {
                // What was made stands as the base; what was touched on the way still has to be shown.
                work.touched.extend(newer.touched);
                work.listing = newer.listing;
                continue;
            }
            self.show(made, &work);
            return;
        }
        let made = self.make(&work);
        self.show(made, &work);
    }

    /// Looks at the files of a batch; none where nothing there concerns the site.
    fn look(&mut self, mut batch: Batch, watch: &mut Watch) -> Option<Work> {
        let mut touched = BTreeSet::new();
        let mut settled = false;
        loop {
            touched.clear();
            let moved = batch.all || batch.paths.iter().any(|path| self.is_moved(path, &mut touched));
            if !moved && touched.len() < 8 || settled {
                let since = batch.since;
                if moved {
                    watch.renew();
                    let (listing, stamps) = self.folder.survey();
                    let mut work = self.compare(listing, stamps);
                    work.touched.extend(batch.paths.iter().filter(|path| self.knows(path)).cloned());
                    return (work.listing.is_some() || !work.touched.is_empty()).then_some(Work { since, ..work });
                }
                return (!touched.is_empty()).then_some(Work { touched, listing: None, since });
            }
            settled = true;
            watch.gather(&mut batch, SETTLE);
        }
    }

    /// Whether this name means that files came or went; where a known file stands there, it is touched, and no more.
    fn is_moved(&mut self, path: &SitePath, touched: &mut BTreeSet<SitePath>) -> bool {
        let ignored = self.base.as_ref().is_some_and(|base| base.is_ignored(path));
        if ignored {
            return false;
        }
        match (self.knows(path), self.folder.stamp(path)) {
            (true, Ok(Some(stamp))) => {
                self.stamps.insert(path.clone(), stamp);
                touched.insert(path.clone());
                false
            }
            (true, _) => true,
            // A folder that had files in it, or something that has come.
            (false, _) => self.folder.holds(path) || self.is_folder(path),
        }
    }

    fn knows(&self, path: &SitePath) -> bool {
        self.listing.files.binary_search_by(|listed| listed.path.cmp(path)).is_ok()
    }

    fn is_folder(&self, path: &SitePath) -> bool {
        let below = format!("{path}/");
        let at = self.listing.files.partition_point(|listed| listed.path.as_str() < below.as_str());
        self.listing.files.get(at).is_some_and(|listed| listed.path.as_str().starts_with(&below))
    }

    fn swept(&mut self, listing: Listing, stamps: Stamps) -> Option<Work> {
        let work = self.compare(listing, stamps);
        (work.listing.is_some() || !work.touched.is_empty()).then_some(work)
    }

    /// What is not as it was when all inputs were listed last.
    fn compare(&mut self, listing: Listing, stamps: Stamps) -> Work {
        let differs = |path: &&SitePath| self.stamps.get(*path) != stamps.get(*path);
        let mut touched: BTreeSet<SitePath> = stamps.keys().filter(differs).cloned().collect();
        let names = |listing: &Listing| listing.files.iter().map(|listed| listed.path.clone()).collect::<Vec<_>>();
        let (before, now) = (names(&self.listing), names(&listing));
        let moved = before != now || self.listing.refused != listing.refused;
        if moved {
            touched.extend(before.iter().filter(|path| !stamps.contains_key(*path)).cloned());
            self.listing = Arc::new(listing);
        }
        self.stamps = stamps;
        Work { touched, listing: moved.then(|| self.listing.clone()), since: Instant::now() }
    }

    /// Makes the next snapshot.
    fn make(&mut self, work: &Work) -> Made {
        let today = jiff::Zoned::now().date();
        if self.request.today != today {
            self.request.today = today;
            self.base = None;
        }
        let mut files = std::mem::take(&mut self.pending);
        files.extend(work.touched.iter().cloned());
        let touched = Touched { listing: work.listing.clone(), files: std::borrow::Cow::Borrowed(&files) };
        let touched = match (&touched.listing, &self.base) {
            (None, Some(_)) => touched,
            _ => Touched { listing: Some(self.listing.clone()), ..touched },
        };
        let made = advance(&*self.folder, &self.request, Keep::Sources, self.base.as_deref(), &touched, &|_, _, _| {});
        match made {
            Ok(snapshot) => {
                let snapshot = Arc::new(snapshot);
                self.base = Some(snapshot.clone());
                let news = snapshot.change != Change::Nothing;
                let alone = !self.dirty;
                self.dirty |= news;
                let problems = snapshot.problems();
                Made { snapshot: Some(snapshot), problems, files, alone }
            }
            Err(problems) => {
                self.pending.clone_from(&files);
                Made { snapshot: None, problems, files, alone: false }
            }
        }
    }

    fn show(&mut self, made: Made, work: &Work) {
        let before = self.stage.scene();
        let Made { snapshot, mut problems, files, alone } = made;
        problems.sort();
        let nothing = alone && snapshot.as_ref().is_some_and(|snapshot| snapshot.change == Change::Nothing);
        if nothing && before.number > 0 && problems == self.inputs_told {
            return;
        }
        self.inputs_told = problems.clone();
        let good = snapshot.filter(|_| !problems.has_errors());
        let mut rendered = 0;
        let live = match &good {
            Some(snapshot) => {
                self.dirty = false;
                let live = Live::new(snapshot.clone(), &*self.folder, before.live.as_deref(), &files);
                problems.extend(live.problems().iter().cloned());
                rendered = self.render(&live, &mut problems);
                Some(Arc::new(live))
            }
            None => before.live.clone(),
        };
        let pages = good.as_ref().filter(|_| alone && before.live.is_some()).and_then(|good| match &good.change {
            Change::Pages(pages) => Some(pages.clone()),
            _ => None,
        });
        let copied = |file: &SitePath| live.as_ref().and_then(|live| live.copies_of(file));
        let copies: Vec<SitePath> = match &before.live {
            Some(was) if good.is_some() => {
                files.iter().filter(|file| was.copies_of(file) == copied(file)).filter_map(copied).collect()
            }
            _ => Vec::new(),
        };
        let errors = problems.iter().filter(|found| found.severity == crate::diag::Severity::Error);
        let shown: Vec<Shown> = errors.take(SHOWN).map(|found| Shown::of(found, &*self.folder)).collect();
        let edited = self.edited(&files, live.as_deref());
        let failed = good.is_none();
        self.stage.set(Scene {
            number: before.number + 1,
            live,
            problems: Arc::new(shown),
            files: Arc::new(copies),
            edited,
            pages,
        });
        let took = work.since.elapsed();
        self.tell(&files, rendered, took, failed, before.number == 0);
        self.tell_problems(problems);
        if !failed {
            self.background.begin();
        }
    }

    /// Renders what tabs show and what was edited, before anybody is told; gives the number of pages rendered anew.
    fn render(&self, live: &Live, problems: &mut Diagnostics) -> usize {
        let site = &live.snapshot.site;
        let mut pages: BTreeSet<PageId> = match &live.snapshot.change {
            Change::Pages(pages) => pages.iter().copied().take(64).collect(),
            _ => BTreeSet::new(),
        };
        let looked_at = self.stage.looked_at();
        pages.extend(
            site.ids().filter(|id| looked_at.contains(&site.page(*id).output)).filter(|_| !looked_at.is_empty()),
        );
        let mut count = 0;
        for id in pages {
            match live.page_anew(id) {
                Some(Opened::Failed(problem, _)) => problems.extend([*problem]),
                Some(_) => count += 1,
                None => {}
            }
        }
        count
    }

    fn edited(&self, files: &BTreeSet<SitePath>, live: Option<&Live>) -> Option<SitePath> {
        let site = live.filter(|_| self.follow).map(|live| &live.snapshot.site)?;
        files.iter().find_map(|file| site.find(file)).map(|id| site.page(id).output.clone())
    }

    fn tell(&self, files: &BTreeSet<SitePath>, rendered: usize, took: Duration, failed: bool, first: bool) {
        let scene = self.stage.scene();
        let pages = scene.live.as_ref().map_or(0, |live| live.snapshot.site.pages.len());
        let took = format!("{:.1} ms", took.as_secs_f64() * 1000.0);
        let what = match files.iter().next() {
            _ if first => format!("{pages} pages"),
            Some(file) if files.len() == 1 => file.to_string(),
            Some(file) => format!("{file} and {} more", files.len() - 1),
            None => "files came or went".to_owned(),
        };
        self.voice.made(&match (failed, first) {
            (true, _) => format!("{what}: errors, the last good site stays ({took})"),
            (false, true) => format!("{what} read in {took}"),
            (false, false) => format!("{what}: {} rendered in {took}", counted(rendered)),
        });
    }

    fn tell_problems(&mut self, problems: Diagnostics) {
        if problems != self.told {
            self.voice.problems(&self.folder, &problems);
            self.told = problems;
        }
    }
}

/// A snapshot that may be shown, or the reasons why there is none.
struct Made {
    snapshot: Option<Arc<Snapshot>>,
    problems: Diagnostics,
    files: BTreeSet<SitePath>,
    /// Whether what has changed is told by the snapshot's own [`Change`].
    alone: bool,
}

fn counted(pages: usize) -> String {
    if pages == 1 { "1 page".to_owned() } else { format!("{pages} pages") }
}

/// The thread that looks at all inputs a moment after each rebuild, and says what it sees.
fn sweeper(folder: Arc<Folder>, to: Sender<Signal>) -> Sender<u64> {
    let (sender, asked) = channel::<u64>();
    let sweep = move || {
        let mut number = 0;
        loop {
            match asked.recv_timeout(REST) {
                Ok(newer) => number = newer,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            loop {
                match asked.recv_timeout(SWEEP) {
                    Ok(newer) => number = newer,
                    Err(RecvTimeoutError::Timeout) => break,
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
            let (listing, stamps) = folder.survey();
            if to.send(Signal::Swept(number, listing, stamps)).is_err() {
                return;
            }
        }
    };
    let _ = std::thread::Builder::new().name("sweeper".into()).spawn(sweep);
    sender
}

/// A problem of one page that shows only when it is rendered.
pub(super) fn relevelled(live: &Live, problem: Diagnostic) -> Diagnostics {
    let mut problems: Diagnostics = [problem].into_iter().collect();
    live.snapshot.relevel(&mut problems);
    problems
}
