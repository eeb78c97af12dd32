use std::collections::HashMap;
use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::dir::{Kind, Purpose, is_link_in_path};
use super::root::Root;
use super::{Call, FileSystem};
use crate::source::Store;

/// The cache folder, below the root of the site. No other process uses it until this is dropped.
///
/// The operating system holds the lock and releases it when the process ends, however it ends. The contents of the
/// folder may be deleted at any time.
pub struct CacheDir {
    root: Root,
    /// Files that are open for reading, with their last known length.
    open: Mutex<HashMap<String, (Arc<File>, u64)>>,
    _lock: File,
}

/// Its path, relative to the root of the site.
const FOLDER: &str = ".dossier/cache";
/// Files that are read whole are never longer; packs are read in pieces.
const MAX_WHOLE: u64 = 4 << 30;

impl CacheDir {
    /// Opens the cache of the site at `root`; `None` if another process has it open.
    ///
    /// # Errors
    /// When it cannot be created or written to.
    pub fn open(root: &Path) -> io::Result<Option<Self>> {
        Self::open_through(&FileSystem::default(), root)
    }

    /// As [`CacheDir::open`], with every call to the file system made through `fs`.
    ///
    /// # Errors
    /// As [`CacheDir::open`].
    pub fn open_through(fs: &FileSystem, root: &Path) -> io::Result<Option<Self>> {
        let site = fs.open(&fs.resolve(root)?)?;
        let is_new = site.make_folder(FOLDER).map_err(not_a_folder)?;
        let root = site.folder(FOLDER)?;
        if is_new {
            // So that `git add --all` does not add the cache.
            root.remove(".gitignore")?;
            root.write(".gitignore", b"*\n", false)?;
        }
        let lock = root.open_for(Purpose::Lock, "lock")?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Self { root, open: Mutex::default(), _lock: lock })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Removes the cache of the site at `root`, and returns whether there was one.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn remove(root: &Path) -> io::Result<bool> {
        let fs = FileSystem::default();
        let site = fs.open(&fs.resolve(root)?)?;
        let found = match site.metadata(FOLDER) {
            Err(error) if is_link_in_path(&error) => None,
            looked => looked?.filter(|found| found.kind == Kind::Folder),
        };
        if found.is_some() {
            site.remove_tree(FOLDER)?;
            site.remove_folder(".dossier")?;
        }
        Ok(found.is_some())
    }

    /// An open file that is at least `end` bytes long: a damaged length must not allocate memory.
    fn open_handle(&self, name: &str, end: u64) -> io::Result<Arc<File>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if !open.contains_key(name) {
            open.insert(name.to_owned(), (Arc::new(self.root.open(name)?.0), 0));
        }
        let (file, len) = open.get_mut(name).ok_or(io::ErrorKind::NotFound)?;
        if end > *len {
            *len = file.metadata()?.len();
        }
        if end > *len { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(file.clone()) }
    }

    fn forget(&self, name: &str) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }

    fn read_range(&self, name: &str, at: u64, len: usize) -> io::Result<Vec<u8>> {
        let handle = self.open_handle(name, at.checked_add(len as u64).ok_or(io::ErrorKind::InvalidInput)?)?;
        self.root.before_call(Call::Read, name.as_ref())?;
        read_exactly(&handle, at, len)
    }
}

#[cfg(unix)]
fn read_exactly(file: &File, at: u64, len: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; len];
    std::os::unix::fs::FileExt::read_exact_at(file, &mut bytes, at)?;
    Ok(bytes)
}

#[cfg(not(unix))]
fn read_exactly(file: &File, at: u64, len: usize) -> io::Result<Vec<u8>> {
    use std::io::{Read, Seek, SeekFrom};
    // Threads share the file's position.
    static POSITION: Mutex<()> = Mutex::new(());
    let _guard = POSITION.lock().unwrap_or_else(PoisonError::into_inner);
    let (mut file, mut bytes) = (file, Vec::new());
    file.seek(SeekFrom::Start(at))?;
    file.take(len as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A link or a file at the path of the folder is not ours, and a link could lead anywhere.
fn not_a_folder(error: io::Error) -> io::Error {
    match error.kind() {
        _ if is_link_in_path(&error) => {}
        io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => {}
        _ => return error,
    }
    io::Error::new(io::ErrorKind::NotADirectory, "`.dossier/cache` is not a folder, so it is not used")
}

impl Store for CacheDir {
    fn load(&self, name: &str) -> Option<Vec<u8>> {
        self.root.read(name, MAX_WHOLE).ok()
    }

    fn read_at(&self, name: &str, at: u64, len: usize) -> Option<Vec<u8>> {
        self.read_range(name, at, len).ok()
    }

    fn append(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.root.append(&self.root.open_for(Purpose::Append, name)?, name.as_ref(), bytes)
    }

    fn replace(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.root.remove("draft")?;
        self.root.write("draft", bytes, false)?;
        self.forget(name);
        self.root.rename("draft", name)
    }

    fn remove(&self, name: &str) {
        self.forget(name);
        let _ = self.root.remove(name);
    }

    fn names(&self) -> Vec<(String, u64)> {
        let entries = self.root.entries("").unwrap_or_default().into_iter();
        let names = entries.filter_map(|(name, _)| name.into_string().ok());
        names.filter_map(|name| self.root.metadata(&name).ok()?.map(|found| (name, found.len))).collect()
    }
}
