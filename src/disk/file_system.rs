use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::dir::Metadata;

/// What is asked of the file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Call {
    /// Reading what is known of a file or folder.
    Look,
    /// Listing a folder.
    List,
    /// Reading a file.
    Read,
    /// Creating a file; its bytes follow as [`Call::Write`].
    Create,
    /// Writing bytes.
    Write,
    /// Having bytes or names reach the disk.
    Sync,
    /// Giving a file its final name, over any file that has it.
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

type Gate = dyn Fn(Call, &Path) -> io::Result<()> + Send + Sync;

/// What is asked before each call to the file system.
///
/// Tests put a gate here, which sees every call and may refuse it: as a full disk, as a missing permission, or, by
/// refusing everything from some moment on, as a crash. Without a gate, a call costs one comparison more.
///
/// The few calls that take any path are here; all others start from a [`Root`](super::root::Root).
#[derive(Clone, Default)]
pub struct FileSystem(Option<Arc<Gate>>);

impl FileSystem {
    /// A file system that asks `gate` before each call, and answers with its error where there is one.
    pub fn guarded(gate: impl Fn(Call, &Path) -> io::Result<()> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(gate)))
    }

    /// Asks for a call on what `path` gives.
    pub(super) fn ask(&self, call: Call, path: impl FnOnce() -> PathBuf) -> io::Result<()> {
        self.0.as_ref().map_or(Ok(()), |gate| gate(call, &path()))
    }

    /// Whether calls are watched: then bytes are written in two halves, so that a fault can leave a file half written.
    pub(super) fn is_guarded(&self) -> bool {
        self.0.is_some()
    }

    /// What is known of `path`, links not followed; nothing where nothing has that name.
    pub(super) fn look(&self, path: &Path) -> io::Result<Option<Metadata>> {
        self.ask(Call::Look, || path.to_owned())?;
        found(fs::symlink_metadata(path).map(|found| Metadata::of(&found)))
    }

    /// The real path behind all links.
    pub(super) fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        self.ask(Call::Look, || path.to_owned())?;
        fs::canonicalize(path)
    }

    /// The real path of a folder of which only the upper part need exist; nothing when the rest climbs.
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

    /// Makes a folder and those above it, and reports whether it was missing.
    pub(super) fn make_folder(&self, path: &Path) -> io::Result<bool> {
        self.ask(Call::MakeFolder, || path.to_owned())?;
        make_folder(path, &|path| fs::create_dir(path), &|path| path.is_dir())
    }

    /// Removes a folder if it is empty, and reports whether it is gone.
    pub(super) fn remove_folder(&self, path: &Path) -> io::Result<bool> {
        self.ask(Call::RemoveFolder, || path.to_owned())?;
        is_removed(fs::remove_dir(path))
    }
}

/// `None` for what is not there.
pub(super) fn found<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    use io::ErrorKind::{NotADirectory, NotFound};
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if matches!(error.kind(), NotFound | NotADirectory) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether a folder is gone, after it was removed; false where something is in it.
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

/// Makes a folder by `make`, and before it those above it that are missing; reports whether it was missing.
pub(super) fn make_folder(
    path: &Path,
    make: &impl Fn(&Path) -> io::Result<()>,
    is_folder: &impl Fn(&Path) -> bool,
) -> io::Result<bool> {
    // Another thread may make the same folder at any moment between.
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
