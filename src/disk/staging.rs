use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashMap;

use super::survey::{RecordedState, Survey, all_folders, is_ours, stamp, survey};
use super::{DiskError, DiskErrors, FileSystem, Held};
use crate::publish::{Plan, plan};
use crate::source::{Files, Hash, Outputs, Sink, SitePath};

/// Names longer than this are taken by no common file system.
const MAX_NAME: usize = 255;
/// Paths of this many bytes or more are taken by no call of Linux.
const MAX_PATH: usize = 4096;
/// Folders that staged files are spread over, so that threads do not wait for each other at one.
const SHARDS: usize = 8;
/// The folder in which files of new folders are staged under their own paths.
const TREE: &str = "tree";

/// How to publish.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Overwrite and remove files of ours even where somebody edited them. Files that are not ours stay in any case.
    pub force: bool,
    /// Have every file and folder reach the disk in order, so that the promise holds through a power cut; slow.
    pub durable: bool,
    /// What tells this site from others; where both this and that of the manifest are given and differ, nothing is
    /// published.
    pub site: String,
}

/// Outputs on their way: those that differ from what is published lie in a folder of ours, inside the output folder and
/// so on its file system, until all are there and [`Staging::publish`] gives them their names. Files of folders that are
/// not there yet are staged in folders alike, so that such a folder can be given its name with all that it holds.
///
/// Dropped without that, it leaves the output folder as it was.
pub struct Staging<'a> {
    pub(super) held: &'a Held,
    pub(super) options: Options,
    pub(super) papers: RecordedState,
    pub(super) survey: Survey,
    pub(super) staged: Mutex<AllStaged>,
    pub(super) folder: PathBuf,
    count: AtomicUsize,
    /// Folders that hold something of ours.
    known: OnceLock<HashSet<Box<str>>>,
}

/// Outputs that wait for their names.
pub(super) type AllStaged = FxHashMap<SitePath, Staged>;

/// One output that waits for its name.
#[derive(Clone, Debug)]
pub(super) struct Staged {
    pub file: PathBuf,
    pub hash: Hash,
    /// Whether it lies under its own path in the folder of new folders.
    pub in_tree: bool,
}

impl Held {
    /// Finds out what is published here, and is ready to take outputs.
    ///
    /// Do this right before building: files are compared with what was there now.
    ///
    /// # Errors
    /// When the manifest cannot be used, a file of ours cannot be read, or another site lies here.
    pub fn stage(&self, options: Options) -> Result<Staging<'_>, DiskErrors> {
        let papers = self.papers()?;
        let there = &papers.manifest.site;
        if !there.is_empty() && !options.site.is_empty() && *there != options.site {
            return Err(DiskError::OtherSite { folder: self.folder().to_owned(), there: there.clone() }.into());
        }
        let folder = self.ours.join("staging");
        // What a killed build left behind; nobody else is here.
        self.place.door.remove_tree(&folder).map_err(DiskError::writing(&folder))?;
        let survey = survey(&self.place.door, self.folder(), &papers)?;
        Ok(Staging {
            held: self,
            options,
            papers,
            survey,
            staged: Mutex::default(),
            folder,
            count: AtomicUsize::new(0),
            known: OnceLock::new(),
        })
    }

    pub(super) fn papers(&self) -> Result<RecordedState, DiskError> {
        let door = &self.place.door;
        // Our lock was written a moment ago, by the clock that also stamps our files.
        let now = door.look(&self.lock).map_err(DiskError::reading(&self.lock))?;
        RecordedState::read(door, &self.ours, now.as_ref().map_or((0, 0), stamp))
    }
}

impl Staging<'_> {
    /// What is published and ours, as it is on disk.
    pub fn current(&self) -> &Outputs {
        &self.survey.current
    }

    /// What publishing `outputs` would do.
    pub fn plan(&self, outputs: &Outputs) -> Plan {
        plan(&self.survey.current, outputs)
    }

    pub(super) fn door(&self) -> &FileSystem {
        &self.held.place.door
    }

    pub(super) fn root(&self) -> &Path {
        self.held.folder()
    }

    /// Whether the next manifest would say nothing new.
    pub(super) fn is_settled(&self, outputs: &Outputs) -> bool {
        let manifest = &self.papers.manifest;
        let same_site = self.next_site() == manifest.site;
        !self.papers.is_broken() && !self.survey.doubted && same_site && manifest.outputs == *outputs
    }

    /// What the next manifest tells this site from others by.
    pub(super) fn next_site(&self) -> &str {
        if self.options.site.is_empty() { &self.papers.manifest.site } else { &self.options.site }
    }

    /// Stages one output by `write`, which makes a file of the name it is given and tells its hash beside the rest.
    fn stage<T>(&self, path: &SitePath, write: impl Fn(&Path) -> io::Result<(Hash, T)>) -> io::Result<(Hash, T)> {
        // What cannot be staged under its own path, such as one that differs from another in case alone, has no need to.
        let in_tree = self.is_in_new_folder(path).then(|| self.in_tree(path.as_str()));
        let in_tree = in_tree.and_then(|file| self.make(&file, &write).ok().map(|made| (file, made, true)));
        let (file, (hash, rest), in_tree) = match in_tree {
            Some(made) => made,
            None => {
                let number = self.count.fetch_add(1, Ordering::Relaxed);
                let file = self.folder.join((number % SHARDS).to_string()).join(number.to_string());
                let made = self.make(&file, &write)?;
                (file, made, false)
            }
        };
        let mut staged = self.staged.lock().unwrap_or_else(PoisonError::into_inner);
        staged.insert(path.clone(), Staged { file, hash, in_tree });
        Ok((hash, rest))
    }

    /// Makes a file by `write`. Folders are made when they are missed, which is once for each.
    fn make<T>(&self, file: &Path, write: &impl Fn(&Path) -> io::Result<T>) -> io::Result<T> {
        match (write(file), file.parent()) {
            (Err(error), Some(folder)) if error.kind() == io::ErrorKind::NotFound => {
                self.door().make_folder(folder)?;
                write(file)
            }
            (written, _) => written,
        }
    }

    /// Where what comes to `path`, a file or a folder, is staged under its own path.
    pub(super) fn in_tree(&self, path: &str) -> PathBuf {
        self.folder.join(TREE).join(path)
    }

    fn is_in_new_folder(&self, path: &SitePath) -> bool {
        let known = || all_folders(self.survey.current.keys()).into_iter().map(Box::from).collect();
        !path.folder().is_empty() && !self.known.get_or_init(known).contains(path.folder())
    }
}

impl Sink for Staging<'_> {
    fn put(&self, path: &SitePath, bytes: &[u8]) -> io::Result<Hash> {
        expect_possible(self.root(), path)?;
        let hash = Hash::of(bytes);
        if !self.holds(path, &hash, bytes.len() as u64) {
            let durable = self.options.durable;
            self.stage(path, |file| Ok((hash, self.door().write(file, bytes, durable)?)))?;
        }
        Ok(hash)
    }

    fn copy(&self, files: &dyn Files, from: &SitePath, to: &SitePath) -> io::Result<(Hash, u64)> {
        expect_possible(self.root(), to)?;
        let unreadable = |error: io::Error| {
            io::Error::new(error.kind(), format!("`{from}` cannot be read: {}", crate::diag::plain(&error)))
        };
        // Reading twice is cheaper than writing what is there already.
        if let Some(there) = self.survey.current.get(to) {
            let hash = files.hash(from).map_err(unreadable)?;
            if there.hash == hash {
                return Ok((hash, there.len));
            }
        }
        self.stage(to, |file| {
            let mut input = files.open(from).map_err(unreadable)?;
            self.door().copy(&mut *input, file, self.options.durable)
        })
    }

    fn holds(&self, path: &SitePath, hash: &Hash, len: u64) -> bool {
        self.survey.current.get(path).is_some_and(|there| there.hash == *hash && there.len == len)
    }

    fn there(&self) -> Option<&Outputs> {
        Some(&self.survey.current)
    }
}

impl Drop for Staging<'_> {
    fn drop(&mut self) {
        // Nothing is there when nothing was staged; what cannot be removed now is removed by the next build.
        let _ = self.door().remove_tree(&self.folder);
    }
}

/// Refuses what no file system takes, before anything is written, and what is kept for our own papers.
fn expect_possible(root: &Path, path: &SitePath) -> io::Result<()> {
    let invalid = |why: String| Err(io::Error::new(io::ErrorKind::InvalidFilename, why));
    if let Some(name) = path.as_str().split('/').find(|name| name.len() > MAX_NAME) {
        let start: String = name.chars().take(20).collect();
        return invalid(format!("the name `{start}…` has {} bytes, and file systems take {MAX_NAME}", name.len()));
    }
    let len = root.as_os_str().len() + 1 + path.as_str().len();
    if len >= MAX_PATH {
        return invalid(format!("with the output folder's the path has {len} bytes, and systems take {MAX_PATH}"));
    }
    if is_ours(path) {
        return invalid(format!("the folder `{}` is kept for the manifest", super::lock::OURS));
    }
    if cfg!(windows) && path.as_str().contains(['\\', ':']) {
        return invalid("Windows takes no `\\` and no `:` in names".to_owned());
    }
    Ok(())
}
