use std::collections::HashSet;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashMap;

use super::root::Root;
use super::survey::{RecordedState, Survey, all_folders, is_ours, survey};
use super::{DiskErrors, Held};
use crate::publish::{Plan, plan};
use crate::source::{Files, Hash, Outputs, Sink, SitePath, unreadable};

/// Names longer than this are taken by no common file system.
const MAX_NAME: usize = 255;
/// Paths of this many bytes or more are taken by no call of Linux.
const MAX_PATH: usize = 4096;
/// Folders that staged files are spread over, so that threads do not wait for each other at one.
const SHARDS: usize = 8;
/// Where staged files wait.
pub(super) const STAGING: &str = ".dossier/staging";
/// The folder in which files of new folders are staged under their own paths.
const TREE: &str = ".dossier/staging/tree";

/// How to publish.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Overwrite and remove files of ours even where somebody edited them. Files that are not ours stay in any case.
    pub force: bool,
    /// Have every file and folder reach the disk in order, so that the promise holds through a power cut; slow.
    pub durable: bool,
    /// What tells this site from others. Where it is given, and another site was published to the folder, nothing is.
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
    pub(super) recorded: RecordedState,
    pub(super) survey: Survey,
    pub(super) staged: Mutex<AllStaged>,
    count: AtomicUsize,
    /// Folders that hold something of ours.
    known: OnceLock<HashSet<Box<str>>>,
}

/// Outputs that wait for their names.
pub(super) type AllStaged = FxHashMap<SitePath, Staged>;

/// One output that waits for its name.
#[derive(Clone, Debug)]
pub(super) struct Staged {
    /// Where it waits.
    pub file: String,
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
        let (root, recorded) = (self.root(), self.recorded()?);
        self.expect_site(&recorded, &options)?;
        // What a killed build left behind; nobody else is here.
        root.remove_tree(STAGING).map_err(root.writing(STAGING))?;
        let survey = survey(root, &recorded)?;
        Ok(Staging {
            held: self,
            options,
            recorded,
            survey,
            staged: Mutex::default(),
            count: AtomicUsize::new(0),
            known: OnceLock::new(),
        })
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

    pub(super) fn root(&self) -> &Root {
        self.held.root()
    }

    /// Whether the next manifest would say nothing new.
    pub(super) fn is_settled(&self, outputs: &Outputs) -> bool {
        let manifest = &self.recorded.manifest;
        !self.recorded.is_broken() && self.next_site() == manifest.site && manifest.outputs == *outputs
    }

    /// What the next manifest tells this site from others by.
    pub(super) fn next_site(&self) -> &str {
        let site = &self.options.site;
        if site.is_empty() || self.held.is_own { &self.recorded.manifest.site } else { site }
    }

    /// Stages one output by `write`, which makes a file of the name it is given and tells its hash beside the rest.
    fn stage<T>(&self, path: &SitePath, write: impl Fn(&str) -> io::Result<(Hash, T)>) -> io::Result<(Hash, T)> {
        // What cannot be staged under its own path, such as one that differs from another in case alone, has no need to.
        let in_tree = self.is_in_new_folder(path).then(|| in_tree(path.as_str()));
        let in_tree = in_tree.and_then(|file| self.make(&file, &write).ok().map(|made| (file, made, true)));
        let (file, (hash, rest), in_tree) = match in_tree {
            Some(made) => made,
            None => {
                let number = self.count.fetch_add(1, Ordering::Relaxed);
                let file = format!("{STAGING}/{}/{number}", number % SHARDS);
                let made = self.make(&file, &write)?;
                (file, made, false)
            }
        };
        let mut staged = self.staged.lock().unwrap_or_else(PoisonError::into_inner);
        staged.insert(path.clone(), Staged { file, hash, in_tree });
        Ok((hash, rest))
    }

    /// Makes a file by `write`. Folders are made when they are missed, which is once for each.
    fn make<T>(&self, file: &str, write: &impl Fn(&str) -> io::Result<T>) -> io::Result<T> {
        match (write(file), file.rsplit_once('/')) {
            (Err(error), Some((folder, _))) if error.kind() == io::ErrorKind::NotFound => {
                self.root().make_folder(folder)?;
                write(file)
            }
            (written, _) => written,
        }
    }

    fn is_in_new_folder(&self, path: &SitePath) -> bool {
        let known = || all_folders(self.survey.current.keys()).into_iter().map(Box::from).collect();
        !path.folder().is_empty() && !self.known.get_or_init(known).contains(path.folder())
    }
}

/// Where what comes to `path`, a file or a folder, is staged under its own path.
pub(super) fn in_tree(path: &str) -> String {
    format!("{TREE}/{path}")
}

impl Sink for Staging<'_> {
    fn put(&self, path: &SitePath, bytes: &[u8]) -> io::Result<Hash> {
        expect_possible(self.root().path(), path)?;
        let hash = Hash::of(bytes);
        if !self.holds(path, &hash, bytes.len() as u64) {
            let durable = self.options.durable;
            self.stage(path, |file| Ok((hash, self.root().write(file, bytes, durable)?)))?;
        }
        Ok(hash)
    }

    fn copy(&self, files: &dyn Files, from: &SitePath, to: &SitePath) -> io::Result<(Hash, u64)> {
        expect_possible(self.root().path(), to)?;
        // Reading twice is cheaper than writing what is there already.
        if let Some(there) = self.survey.current.get(to) {
            let hash = files.hash(from).map_err(unreadable)?;
            if there.hash == hash {
                return Ok((hash, there.len));
            }
        }
        self.stage(to, |file| {
            let mut input = files.open(from).map_err(unreadable)?;
            self.root().copy_new(&mut *input, file, self.options.durable)
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
        let _ = self.root().remove_tree(STAGING);
    }
}

/// Refuses what no file system takes, before anything is written, and what is kept for our own papers.
fn expect_possible(root: &Path, path: &SitePath) -> io::Result<()> {
    let invalid = |why: String| Err(io::Error::new(io::ErrorKind::InvalidFilename, why));
    if let Some(name) = path.as_str().split('/').find(|name| name.len() > MAX_NAME) {
        let start: String = name.chars().take(20).collect();
        return invalid(format!(
            "the name `{start}…` has {} bytes; the limit of file systems is {MAX_NAME}",
            name.len()
        ));
    }
    let len = root.as_os_str().len() + 1 + path.as_str().len();
    if len >= MAX_PATH {
        return invalid(format!("together with the output folder the path has {len} bytes; the limit is {MAX_PATH}"));
    }
    if is_ours(path) {
        return invalid(format!("the folder `{}` is reserved for the manifest", super::lock::OURS));
    }
    if cfg!(windows) && path.as_str().contains(['\\', ':']) {
        return invalid("names on Windows cannot contain `\\` or `:`".to_owned());
    }
    Ok(())
}
