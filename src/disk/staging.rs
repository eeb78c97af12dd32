use std::collections::HashSet;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashMap;

use super::root::Root;
use super::survey::{RecordedState, Survey, all_folders, is_state_path, survey};
use super::{DiskErrors, LockedOutput};
use crate::publish::{Plan, plan};
use crate::source::{Files, Hash, Outputs, Sink, SitePath, unreadable};

/// No common file system allows longer names.
const MAX_NAME: usize = 255;
/// Linux does not allow longer paths.
const MAX_PATH: usize = 4096;
/// The number of folders that staged files are spread over, so that threads do not wait for each other.
const SHARDS: usize = 8;
/// The folder of staged files.
pub(super) const STAGING: &str = ".dossier/staging";
/// The folder in which files of new folders are staged under their own paths.
const TREE: &str = ".dossier/staging/tree";

/// How to publish.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Overwrite and remove published files even if they were edited. Foreign files are never changed.
    pub force: bool,
    /// Sync every file and folder to the disk in order, so that the guarantees hold after a power cut; slow.
    pub durable: bool,
    /// The key of this site. If it is given, and the folder holds another site, publishing fails.
    pub site: String,
}

/// Outputs that are not published yet. Those that differ from the published files are written to a folder inside the
/// output folder, and so on the same file system, until all are complete and [`Staging::publish`] renames them. Files
/// of new folders are staged in folders of the same structure, so that such a folder can be renamed as a whole.
///
/// If it is dropped without that, the output folder is unchanged.
pub struct Staging<'a> {
    pub(super) held: &'a LockedOutput,
    pub(super) options: Options,
    pub(super) recorded: RecordedState,
    pub(super) survey: Survey,
    pub(super) staged: Mutex<AllStaged>,
    count: AtomicUsize,
    /// Folders that contain published files.
    published_folders: OnceLock<HashSet<Box<str>>>,
}

/// The staged outputs.
pub(super) type AllStaged = FxHashMap<SitePath, Staged>;

/// A staged output.
#[derive(Clone, Debug)]
pub(super) struct Staged {
    /// The path of the staged file.
    pub file: String,
    pub hash: Hash,
    /// Whether it is staged under its own path, in the folder of new folders.
    pub in_tree: bool,
}

impl LockedOutput {
    /// Reads what is published here, and prepares for staging.
    ///
    /// Call this right before building: published files are compared with their state at this time.
    ///
    /// # Errors
    /// When the manifest cannot be used, a published file cannot be read, or the folder holds another site.
    pub fn stage(&self, options: Options) -> Result<Staging<'_>, DiskErrors> {
        let (root, recorded) = (self.root(), self.recorded()?);
        if !options.site.is_empty() {
            self.check_site(&recorded, &options.site)?;
        }
        // Leftovers of a killed build; the lock excludes other processes.
        root.remove_tree(STAGING).map_err(root.write_error(STAGING))?;
        let survey = survey(root, &recorded)?;
        Ok(Staging {
            held: self,
            options,
            recorded,
            survey,
            staged: Mutex::default(),
            count: AtomicUsize::new(0),
            published_folders: OnceLock::new(),
        })
    }
}

impl Staging<'_> {
    /// The published files as they are on disk.
    pub fn current(&self) -> &Outputs {
        &self.survey.current
    }

    /// The plan of publishing `outputs`.
    pub fn plan(&self, outputs: &Outputs) -> Plan {
        plan(&self.survey.current, outputs)
    }

    pub(super) fn root(&self) -> &Root {
        self.held.root()
    }

    /// Whether the next manifest would be the same.
    pub(super) fn is_up_to_date(&self, outputs: &Outputs) -> bool {
        let manifest = &self.recorded.manifest;
        !self.recorded.is_interrupted() && self.next_site() == manifest.site && manifest.outputs == *outputs
    }

    /// The key of the site in the next manifest.
    pub(super) fn next_site(&self) -> &str {
        let site = &self.options.site;
        if site.is_empty() || self.held.is_own { &self.recorded.manifest.site } else { site }
    }

    /// Stages one output with `write`, which creates a file of the given name and returns its hash with the rest.
    fn stage<T>(&self, path: &SitePath, write: impl Fn(&str) -> io::Result<(Hash, T)>) -> io::Result<(Hash, T)> {
        // A file that cannot be staged under its own path, such as one that differs from another only in case, is
        // staged elsewhere.
        let in_tree = self.is_in_new_folder(path).then(|| tree_path(path.as_str()));
        let in_tree = in_tree.and_then(|file| self.create_file(&file, &write).ok().map(|made| (file, made, true)));
        let (file, (hash, rest), in_tree) = match in_tree {
            Some(made) => made,
            None => {
                let number = self.count.fetch_add(1, Ordering::Relaxed);
                let file = format!("{STAGING}/{}/{number}", number % SHARDS);
                let made = self.create_file(&file, &write)?;
                (file, made, false)
            }
        };
        let mut staged = self.staged.lock().unwrap_or_else(PoisonError::into_inner);
        staged.insert(path.clone(), Staged { file, hash, in_tree });
        Ok((hash, rest))
    }

    /// Creates a file with `write`. A folder is created when it is first needed.
    fn create_file<T>(&self, file: &str, write: &impl Fn(&str) -> io::Result<T>) -> io::Result<T> {
        match (write(file), file.rsplit_once('/')) {
            (Err(error), Some((folder, _))) if error.kind() == io::ErrorKind::NotFound => {
                self.root().make_folder(folder)?;
                write(file)
            }
            (written, _) => written,
        }
    }

    fn is_in_new_folder(&self, path: &SitePath) -> bool {
        let published_folders = || all_folders(self.survey.current.keys()).into_iter().map(Box::from).collect();
        !path.folder().is_empty() && !self.published_folders.get_or_init(published_folders).contains(path.folder())
    }
}

/// The path where the file or folder `path` is staged under its own path.
pub(super) fn tree_path(path: &str) -> String {
    format!("{TREE}/{path}")
}

impl Sink for Staging<'_> {
    fn put(&self, path: &SitePath, bytes: &[u8]) -> io::Result<Hash> {
        check_path(self.root().path(), path)?;
        let hash = Hash::of(bytes);
        if !self.holds(path, &hash, bytes.len() as u64) {
            let durable = self.options.durable;
            self.stage(path, |file| Ok((hash, self.root().write(file, bytes, durable)?)))?;
        }
        Ok(hash)
    }

    fn copy(&self, files: &dyn Files, from: &SitePath, to: &SitePath) -> io::Result<(Hash, u64)> {
        check_path(self.root().path(), to)?;
        // Reading twice is cheaper than writing an unchanged file.
        if let Some(published) = self.survey.current.get(to) {
            let hash = files.hash(from).map_err(unreadable)?;
            if published.hash == hash {
                return Ok((hash, published.len));
            }
        }
        self.stage(to, |file| {
            let mut input = files.open(from).map_err(unreadable)?;
            self.root().copy_new(&mut *input, file, self.options.durable)
        })
    }

    fn holds(&self, path: &SitePath, hash: &Hash, len: u64) -> bool {
        self.survey.current.get(path).is_some_and(|published| published.hash == *hash && published.len == len)
    }

    fn existing(&self) -> Option<&Outputs> {
        Some(&self.survey.current)
    }
}

impl Drop for Staging<'_> {
    fn drop(&mut self) {
        // There is no folder if nothing was staged; what cannot be removed now is removed by the next build.
        let _ = self.root().remove_tree(STAGING);
    }
}

/// Returns an error for names that no file system allows, before anything is written, and for names that Dossier uses
/// itself.
fn check_path(root: &Path, path: &SitePath) -> io::Result<()> {
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
    if is_state_path(path) {
        return invalid(format!("the folder `{}` is reserved for the manifest", super::lock::STATE_FOLDER));
    }
    if cfg!(windows) && path.as_str().contains(['\\', ':']) {
        return invalid("names on Windows cannot contain `\\` or `:`".to_owned());
    }
    Ok(())
}
