//! Files for the user to edit: added by `init`, `new`, `theme`, `schema` and `man`, never over another file.

use std::fs::File;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::dir::{Kind, Metadata};
use super::file_system::found;
use super::lock::{FolderLock, Holder, STATE_FOLDER};
use super::root::Root;
use super::walk::follow_link;
use super::{DiskError, DiskErrors, FileSystem};
use crate::source::{Files, MAX_INPUT, SitePath};

/// How long one command waits for another that adds to the same folder.
const LOCK_TIMEOUT: Duration = Duration::from_secs(30);

/// A folder that files are added to: by one command at a time, all of them or none, never over another file, never
/// half-written, and never through a link that leads out of the folder.
pub struct NewFiles {
    lock: FolderLock,
}

/// The contents of a new file.
#[derive(Clone, Copy)]
pub enum Content<'a> {
    /// These bytes.
    Bytes(&'a [u8]),
    /// The contents of another file.
    Copy(&'a dyn Files, &'a SitePath),
}

/// What to do with a file that exists already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// Keep it, and fail.
    Refuse,
    /// Keep it; fail unless it has the same contents.
    Keep,
    /// Replace it, and keep its permissions.
    Replace,
}

impl NewFiles {
    /// Opens a folder for `command`, such as `dossier new`; creates it if it is missing. If another command holds the
    /// lock, calls `waiting` once and waits.
    ///
    /// # Errors
    /// When it cannot be created or locked.
    pub fn open(folder: &Path, command: &str, waiting: impl FnMut(&Holder)) -> Result<Self, DiskError> {
        Self::open_through(&FileSystem::default(), folder, command, waiting)
    }

    /// As [`NewFiles::open`], with every call to the file system made through `fs`.
    ///
    /// # Errors
    /// As [`NewFiles::open`].
    pub fn open_through(
        fs: &FileSystem,
        folder: &Path,
        command: &str,
        waiting: impl FnMut(&Holder),
    ) -> Result<Self, DiskError> {
        let outside = || io::Error::new(io::ErrorKind::InvalidInput, "it leaves a folder that does not exist (`..`)");
        let real =
            fs.resolve_new(folder).and_then(|real| real.ok_or_else(outside)).map_err(DiskError::read_error(folder))?;
        Ok(Self { lock: FolderLock::acquire(fs, &real, command, LOCK_TIMEOUT, waiting)? })
    }

    /// Whether the folder is empty.
    ///
    /// # Errors
    /// When it cannot be listed.
    pub fn is_empty(&self) -> Result<bool, DiskError> {
        let entries = self.root().entries("").map_err(self.root().read_error(""))?;
        Ok(entries.iter().all(|(name, _)| name == STATE_FOLDER))
    }

    /// Adds files, all of them or none; if files are to be replaced, some may already be replaced when it fails.
    ///
    /// # Errors
    /// All files that exist already; otherwise the first that cannot be written.
    pub fn add<'c>(
        &self,
        files: impl IntoIterator<Item = (SitePath, Content<'c>)>,
        existing: Existing,
    ) -> Result<(), DiskErrors> {
        let (mut added, mut errors) = (Vec::new(), DiskErrors::new());
        for (path, content) in files {
            match self.find_place(&path, content, existing) {
                Ok(Some(place)) => added.push((place, content)),
                Ok(None) => {}
                Err(error) => errors.push(error),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        // A full disk or a missing permission is found before any file is renamed.
        let mut undo = Undo::new(self.root());
        let drafts = added.into_iter().map(|(place, content)| Ok((undo.write(&place, content)?, place)));
        let drafts = drafts.collect::<Result<Vec<_>, DiskError>>()?;
        drafts.iter().try_for_each(|(draft, place)| undo.rename(draft, place))?;
        undo.keep();
        Ok(())
    }

    /// A file as text, also by a link inside the folder; `None` if it does not exist.
    ///
    /// # Errors
    /// When it cannot be read, or is not text.
    pub fn read(&self, path: &SitePath) -> Result<Option<String>, DiskError> {
        let (root, place) = (self.root(), self.resolve(path.as_ref())?);
        let bytes = found(root.read(&place, MAX_INPUT)).map_err(root.read_error(path))?;
        let no_text = |_| root.read_error(path)(io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8"));
        bytes.map(|bytes| String::from_utf8(bytes).map_err(no_text)).transpose()
    }

    /// Replaces the file that [`NewFiles::read`] reads: a link stays a link, and permissions are kept.
    ///
    /// # Errors
    /// When it cannot be written; then it is unchanged.
    pub fn write(&self, path: &SitePath, text: &str) -> Result<(), DiskError> {
        let (root, real) = (self.root(), self.resolve(path.as_ref())?);
        let replaces = root.metadata(&real).map_err(root.read_error(path))?.is_some();
        let (place, mut undo) = (Place { path: real, replaces }, Undo::new(root));
        let draft = undo.write(&place, Content::Bytes(text.as_bytes()))?;
        undo.rename(&draft, &place)?;
        undo.keep();
        Ok(())
    }

    /// The path of a new file; `None` if it exists already with the same contents.
    fn find_place(
        &self,
        path: &SitePath,
        content: Content<'_>,
        existing: Existing,
    ) -> Result<Option<Place>, DiskError> {
        let (root, path) = (self.root(), Path::new(path.as_str()));
        let folder = path.parent().map_or(Ok(PathBuf::new()), |folder| self.resolve(folder))?;
        let place = folder.join(path.file_name().unwrap_or_default());
        let exists = || DiskError::Exists { file: root.locate(path) };
        match root.metadata(&place).map_err(root.read_error(path))? {
            None => Ok(Some(Place { path: place, replaces: false })),
            Some(found) if found.kind == Kind::File => match (existing, content) {
                (Existing::Keep, Content::Bytes(bytes)) => {
                    let existing_bytes = root.read(&place, MAX_INPUT).map_err(root.read_error(path))?;
                    if existing_bytes == bytes { Ok(None) } else { Err(exists()) }
                }
                (Existing::Replace, _) => Ok(Some(Place { path: place, replaces: true })),
                _ => Err(exists()),
            },
            Some(_) => Err(exists()),
        }
    }

    /// The path after following links, none of which may lead out of the folder.
    fn resolve(&self, path: &Path) -> Result<PathBuf, DiskError> {
        let root = self.root();
        path.iter().try_fold(PathBuf::new(), |above, name| {
            let next = above.join(name);
            let is_link =
                root.metadata(&next).map_err(root.read_error(&next))?.is_some_and(|found| found.kind == Kind::Link);
            let refused = |(_, reason)| root.read_error(&next)(io::Error::new(io::ErrorKind::PermissionDenied, reason));
            if is_link { follow_link(root, &next).map_err(refused) } else { Ok(next) }
        })
    }

    fn root(&self) -> &Root {
        &self.lock.root
    }
}

/// The path of a file, without links.
struct Place {
    path: PathBuf,
    /// Whether it replaces an existing file.
    replaces: bool,
}

/// Files and folders created so far, which are removed again unless they are kept.
struct Undo<'r> {
    root: &'r Root,
    folders: Vec<PathBuf>,
    /// With the identity of each, since another file may have its name later.
    files: Vec<(PathBuf, Metadata)>,
}

impl<'r> Undo<'r> {
    fn new(root: &'r Root) -> Self {
        Self { root, folders: Vec::new(), files: Vec::new() }
    }

    /// Writes a file in the same folder, under an unused temporary name.
    fn write(&mut self, place: &Place, content: Content<'_>) -> Result<PathBuf, DiskError> {
        let root = self.root;
        let folder = place.path.parent().unwrap_or(Path::new(""));
        let above: Vec<&Path> = folder.ancestors().filter(|above| !above.as_os_str().is_empty()).collect();
        for folder in above.into_iter().rev() {
            if root.make_folder(folder).map_err(root.write_error(folder))? {
                self.folders.push(folder.to_owned());
            }
        }
        let number = RandomState::new().build_hasher().finish();
        let draft = folder.join(format!(".{number:016x}.tmp"));
        let failed = |error| root.write_error(&place.path)(error);
        let file = root.create(&draft).map_err(failed)?;
        self.files.push((draft.clone(), Metadata::of(&file.metadata().map_err(failed)?)));
        match content {
            Content::Bytes(bytes) => root.append(&file, &draft, bytes).map_err(failed)?,
            Content::Copy(files, path) => {
                let mut from =
                    files.open(path).map_err(|error| DiskError::Read { file: path.as_str().into(), error })?;
                root.copy(&mut *from, &file, &draft).map_err(failed)?;
            }
        }
        if place.replaces {
            root.open(&place.path).and_then(|(there, _)| copy_permissions(&there, &file)).map_err(failed)?;
        }
        Ok(draft)
    }

    /// Renames a temporary file into place.
    fn rename(&mut self, draft: &Path, place: &Place) -> Result<(), DiskError> {
        let root = self.root;
        let named = match place.replaces {
            true => root.rename(draft, &place.path),
            false => root.rename_new(draft, &place.path),
        };
        named.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => DiskError::Exists { file: root.locate(&place.path) },
            _ => root.write_error(&place.path)(error),
        })?;
        if let Some((path, _)) = self.files.iter_mut().find(|(path, _)| path == draft) {
            path.clone_from(&place.path);
        }
        Ok(())
    }

    fn keep(mut self) {
        self.files.clear();
        self.folders.clear();
    }
}

impl Drop for Undo<'_> {
    fn drop(&mut self) {
        for (path, made) in &self.files {
            if self.root.metadata(path).is_ok_and(|found| found.is_some_and(|found| found.id == made.id)) {
                let _ = self.root.remove(path);
            }
        }
        for folder in self.folders.iter().rev() {
            let _ = self.root.remove_folder(folder);
        }
    }
}

/// Copies the permissions of the old file to the new one; a read-only file is refused.
fn copy_permissions(old: &File, new: &File) -> io::Result<()> {
    let permissions = old.metadata()?.permissions();
    if permissions.readonly() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let (old, made) = (old.metadata()?, new.metadata()?);
        if (old.uid(), old.gid()) != (made.uid(), made.gid()) {
            // Only root may change the owner of a file.
            let _ = std::os::unix::fs::fchown(new, Some(old.uid()), Some(old.gid()));
        }
    }
    new.set_permissions(permissions)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Every file and folder below one.
    fn tree(folder: &Path) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
        let all = walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok);
        all.map(|entry| (entry.path().to_owned(), std::fs::read(entry.path()).ok())).collect()
    }

    fn path(path: &str) -> SitePath {
        SitePath::new(path).unwrap()
    }

    /// A file system whose call number `at` fails once with "no space left".
    fn full_at(at: usize) -> (FileSystem, Arc<AtomicUsize>) {
        let count = Arc::new(AtomicUsize::new(0));
        let counter = count.clone();
        let fs = FileSystem::with_hook(move |_, _| match counter.fetch_add(1, Ordering::Relaxed) == at {
            true => Err(io::ErrorKind::StorageFull.into()),
            false => Ok(()),
        });
        (fs, count)
    }

    #[test]
    fn on_a_full_disk_all_files_are_added_or_none() {
        for at in 0.. {
            let temp = tempfile::tempdir().unwrap();
            let folder = temp.path().join("new/site");
            let before = tree(temp.path());
            let (fs, count) = full_at(at);
            let files = ["a.md", "b/c.md", "b/d/e.md"];
            let contents = || files.map(|name| (path(name), Content::Bytes(name.as_bytes())));
            let added = NewFiles::open_through(&fs, &folder, "test", |_| {})
                .map_err(DiskErrors::from)
                .and_then(|new| new.add(contents(), Existing::Refuse));
            match added {
                Ok(()) => {
                    assert!(files.iter().all(|name| std::fs::read(folder.join(name)).unwrap() == name.as_bytes()));
                }
                Err(_) => assert_eq!(tree(temp.path()), before, "at call {at}"),
            }
            if count.load(Ordering::Relaxed) <= at {
                assert!(at > 20, "{at} calls");
                return;
            }
        }
    }

    #[test]
    fn on_a_full_disk_a_changed_file_is_the_old_or_the_new_one() {
        for at in 0.. {
            let temp = tempfile::tempdir().unwrap();
            std::fs::write(temp.path().join("a.yaml"), "old").unwrap();
            let before = tree(temp.path());
            let (fs, count) = full_at(at);
            let written = NewFiles::open_through(&fs, temp.path(), "test", |_| {})
                .and_then(|new| new.write(&path("a.yaml"), "old and new"));
            match written {
                Ok(()) => assert_eq!(std::fs::read(temp.path().join("a.yaml")).unwrap(), b"old and new"),
                Err(_) => assert_eq!(tree(temp.path()), before, "at call {at}"),
            }
            if count.load(Ordering::Relaxed) <= at {
                return;
            }
        }
    }

    #[test]
    fn all_existing_files_are_reported_and_nothing_is_added() {
        let temp = tempfile::tempdir().unwrap();
        for name in ["a", "b"] {
            std::fs::write(temp.path().join(name), name).unwrap();
        }
        std::fs::create_dir(temp.path().join("c")).unwrap();
        let add = |existing| {
            let new = NewFiles::open(temp.path(), "test", |_| {}).unwrap();
            let files = ["a", "b", "c", "d"].map(|name| (path(name), Content::Bytes(b"a")));
            let added = new.add(files, existing);
            let text = |error: &DiskError| error.to_string().replace(&*temp.path().to_string_lossy(), "TEMP");
            added.map_err(|errors| errors.iter().map(text).collect::<Vec<_>>()).err().unwrap_or_default()
        };
        let exists = |name: &str| format!("`TEMP/{name}` already exists");
        assert_eq!(add(Existing::Refuse), ["a", "b", "c"].map(exists));
        assert_eq!(add(Existing::Keep), ["b", "c"].map(exists));
        assert_eq!(add(Existing::Replace), [exists("c")]);
        assert!(!temp.path().join("d").exists());
        std::fs::remove_dir(temp.path().join("c")).unwrap();
        assert_eq!(add(Existing::Replace), [""; 0]);
        assert!(["a", "b", "c", "d"].iter().all(|name| std::fs::read(temp.path().join(name)).unwrap() == b"a"));
    }
}
