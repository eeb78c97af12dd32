use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::{Call, FileSystem};
use crate::source::Store;

/// A folder of ours for what can be made again, below the root of the site; nobody else uses it until this is dropped.
///
/// The operating system holds the lock and lets go of it when the process ends, however it ends. What is in the folder
/// may be deleted at any time, even now.
pub struct CacheDir {
    folder: PathBuf,
    door: FileSystem,
    /// Files that are being read, with how long they were when that was last asked.
    open: Mutex<HashMap<String, (Arc<File>, u64)>>,
    _lock: File,
}

/// Where it stands, from the root of the site.
const FOLDER: &str = ".dossier/cache";

impl CacheDir {
    /// Opens the cupboard of the site at `root`; nothing where somebody else has it open.
    ///
    /// # Errors
    /// When it cannot be made, or not be written to.
    pub fn open(root: &Path) -> io::Result<Option<Self>> {
        Self::open_through(FileSystem::default(), root)
    }

    /// As [`CacheDir::open`], with every call to the file system made through `door`.
    ///
    /// # Errors
    /// As [`CacheDir::open`].
    pub fn open_through(door: FileSystem, root: &Path) -> io::Result<Option<Self>> {
        let folder = root.join(FOLDER);
        // A link here could lead anywhere, and what is behind it is not ours.
        for part in [root.join(".dossier"), folder.clone()] {
            if door.look(&part)?.is_some_and(|found| !found.is_dir()) {
                return Err(io::Error::new(
                    io::ErrorKind::NotADirectory,
                    "`.dossier/cache` is not a folder, and is left alone",
                ));
            }
        }
        if door.make_folder(&folder)? {
            // Whoever commits everything does not commit this.
            let ignore = folder.join(".gitignore");
            door.remove(&ignore)?;
            door.write(&ignore, b"*\n", false)?;
        }
        door.pass(Call::Lock, &folder)?;
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(folder.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Self { folder, door, open: Mutex::default(), _lock: lock })),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(error)) => Err(error),
        }
    }

    /// Takes the cupboard away with all that is in it, and tells whether there was one.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn remove(root: &Path) -> io::Result<bool> {
        let (door, folder) = (FileSystem::default(), root.join(FOLDER));
        let found = door.look(&folder)?.is_some_and(|found| found.is_dir());
        if found {
            door.remove_tree(&folder)?;
            door.remove_folder(&root.join(".dossier"))?;
        }
        Ok(found)
    }

    /// An open file that is `end` bytes long at least: a length that was damaged must not take the memory.
    fn handle(&self, name: &str, end: u64) -> io::Result<Arc<File>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if !open.contains_key(name) {
            open.insert(name.to_owned(), (Arc::new(self.door.open(&self.folder.join(name))?), 0));
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

    fn stretch(&self, name: &str, at: u64, len: usize) -> io::Result<Vec<u8>> {
        let handle = self.handle(name, at.checked_add(len as u64).ok_or(io::ErrorKind::InvalidInput)?)?;
        self.door.pass(Call::Read, &self.folder.join(name))?;
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
    // Threads share the place in the file.
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let (mut file, mut bytes) = (file, Vec::new());
    file.seek(SeekFrom::Start(at))?;
    file.take(len as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

impl Store for CacheDir {
    fn load(&self, name: &str) -> Option<Vec<u8>> {
        self.door.read(&self.folder.join(name)).ok()
    }

    fn read_at(&self, name: &str, at: u64, len: usize) -> Option<Vec<u8>> {
        self.stretch(name, at, len).ok()
    }

    fn append(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.folder.join(name);
        self.door.pass(Call::Create, &path)?;
        let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
        self.door.pass(Call::Write, &path)?;
        file.write_all(bytes)
    }

    fn replace(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let (file, draft) = (self.folder.join(name), self.folder.join("draft"));
        self.door.remove(&draft)?;
        self.door.write(&draft, bytes, false)?;
        self.forget(name);
        self.door.rename(&draft, &file)
    }

    fn remove(&self, name: &str) {
        self.forget(name);
        let _ = self.door.remove(&self.folder.join(name));
    }

    fn names(&self) -> Vec<(String, u64)> {
        let Ok(()) = self.door.pass(Call::List, &self.folder) else { return Vec::new() };
        let Ok(entries) = fs::read_dir(&self.folder) else { return Vec::new() };
        let named = |entry: fs::DirEntry| Some((entry.file_name().into_string().ok()?, entry.metadata().ok()?.len()));
        entries.filter_map(Result::ok).filter_map(named).collect()
    }
}
