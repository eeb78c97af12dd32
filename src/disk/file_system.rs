use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::dir::Metadata;

/// A kind of call to the file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Call {
    /// Reading the metadata of a file or folder.
    Metadata,
    /// Listing a folder.
    List,
    /// Reading a file.
    Read,
    /// Creating a file; its bytes follow as [`Call::Write`].
    Create,
    /// Writing bytes.
    Write,
    /// Syncing a file or folder to the disk.
    Sync,
    /// Renaming a file, over any file of that name.
    Rename,
    /// Removing a file.
    Remove,
    /// Making a folder.
    MakeFolder,
    /// Removing an empty folder.
    RemoveFolder,
    /// Taking or reading the lock.
    Lock,
}

type Hook = dyn Fn(Call, &Path) -> io::Result<()> + Send + Sync;

/// A function that is called before each call to the file system.
///
/// Tests use it to make calls fail: as on a full disk, with a missing permission, or, by failing every call from some
/// moment on, as after a crash. Without it, a call costs one comparison more.
///
/// Calls on arbitrary paths are here; all others are relative to a `Root`.
#[derive(Clone, Default)]
pub struct FileSystem(Option<Arc<Hook>>);

impl FileSystem {
    /// A file system that calls `hook` before each call, and returns its error if there is one.
    pub fn with_hook(hook: impl Fn(Call, &Path) -> io::Result<()> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(hook)))
    }

    /// Calls the hook for a call on `path`.
    pub(super) fn before_call(&self, call: Call, path: impl FnOnce() -> PathBuf) -> io::Result<()> {
        self.0.as_ref().map_or(Ok(()), |hook| hook(call, &path()))
    }

    /// Whether there is a hook: then bytes are written in two halves, so that an error can leave a file half written.
    pub(super) fn has_hook(&self) -> bool {
        self.0.is_some()
    }

    /// The metadata of `path`, without following links; `None` if it does not exist.
    pub(super) fn metadata(&self, path: &Path) -> io::Result<Option<Metadata>> {
        self.before_call(Call::Metadata, || path.to_owned())?;
        found(fs::symlink_metadata(path).map(|found| Metadata::of(&found)))
    }

    /// The canonical path.
    pub(super) fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        self.before_call(Call::Metadata, || path.to_owned())?;
        fs::canonicalize(path)
    }

    /// The canonical path of a folder that may not exist yet; `None` if the missing part contains `..`.
    pub(super) fn resolve_new(&self, path: &Path) -> io::Result<Option<PathBuf>> {
        let path: PathBuf = std::path::absolute(path)?.components().collect();
        for above in path.ancestors() {
            let Some(rest) = path.strip_prefix(above).ok() else { continue };
            match self.resolve(above) {
                Ok(real) => {
                    let climbs = rest.components().any(|part| !matches!(part, std::path::Component::Normal(_)));
                    // Joining nothing would add a trailing slash.
                    return Ok((!climbs).then(|| rest.components().fold(real, |real, part| real.join(part))));
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Creates a folder and its parents, and returns whether it was missing.
    pub(super) fn make_folder(&self, path: &Path) -> io::Result<bool> {
        self.before_call(Call::MakeFolder, || path.to_owned())?;
        make_folder(path, &|path| fs::create_dir(path), &|path| path.is_dir())
    }

    /// Removes a folder if it is empty, and returns whether it was removed.
    pub(super) fn remove_folder(&self, path: &Path) -> io::Result<bool> {
        self.before_call(Call::RemoveFolder, || path.to_owned())?;
        is_removed(fs::remove_dir(path))
    }
}

/// `None` if the file does not exist.
pub(super) fn found<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    use io::ErrorKind::{NotADirectory, NotFound};
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if matches!(error.kind(), NotFound | NotADirectory) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether a folder was removed; false if it is not empty.
pub(super) fn is_removed(result: io::Result<()>) -> io::Result<bool> {
    use io::ErrorKind as Kind;
    match result {
        Ok(()) => Ok(true),
        Err(error) => match error.kind() {
            Kind::NotFound => Ok(true),
            Kind::DirectoryNotEmpty | Kind::NotADirectory | Kind::ResourceBusy => Ok(false),
            _ => Err(error),
        },
    }
}

/// Creates a folder with `make`, after its missing parents; returns whether it was missing.
pub(super) fn make_folder(
    path: &Path,
    make: &impl Fn(&Path) -> io::Result<()>,
    is_folder: &impl Fn(&Path) -> bool,
) -> io::Result<bool> {
    // Another thread may create the same folder at any time.
    let made = || match make(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && is_folder(path) => Ok(false),
        Err(error) => Err(error),
    };
    match (made(), path.parent().filter(|above| !above.as_os_str().is_empty())) {
        (Err(error), Some(above)) if error.kind() == io::ErrorKind::NotFound => {
            make_folder(above, make, is_folder)?;
            made()
        }
        (made, _) => made,
    }
}
