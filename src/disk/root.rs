use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Call;
use super::dir::{Dir, Kind, Metadata, Purpose, is_link_in_path};
use super::file_system::{self, FileSystem, found, is_removed};
use crate::source::{Hash, SitePath, too_long, unreadable};

/// An open folder, and all calls on files below it: relative to its handle, and never through a link.
#[derive(Clone)]
pub(super) struct Root {
    path: PathBuf,
    dir: Arc<Dir>,
    fs: FileSystem,
}

impl FileSystem {
    /// Opens a folder by its canonical path, as [`FileSystem::resolve`] returns it.
    pub(super) fn open(&self, real: &Path) -> io::Result<Root> {
        self.before_call(Call::Metadata, || real.to_owned())?;
        Ok(Root { path: real.to_owned(), dir: Arc::new(Dir::open(real)?), fs: self.clone() })
    }
}

impl Root {
    /// The path by which it was opened.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file system it is on.
    pub fn file_system(&self) -> &FileSystem {
        &self.fs
    }

    /// The full path of a file below it, for messages.
    pub fn locate(&self, below: impl AsRef<Path>) -> PathBuf {
        self.path.join(below)
    }

    /// A folder below it.
    pub fn folder(&self, below: impl AsRef<Path>) -> io::Result<Self> {
        let below = below.as_ref();
        self.before_call(Call::Metadata, below)?;
        Ok(Self { path: self.locate(below), dir: Arc::new(self.dir.folder(below)?), fs: self.fs.clone() })
    }

    /// Calls the hook for a call on a path below it.
    pub fn before_call(&self, call: Call, below: &Path) -> io::Result<()> {
        self.fs.before_call(call, || self.locate(below))
    }

    /// The metadata of a path below it, without following links; `None` if it does not exist.
    pub fn metadata(&self, below: impl AsRef<Path>) -> io::Result<Option<Metadata>> {
        self.before_call(Call::Metadata, below.as_ref())?;
        found(self.dir.metadata(below.as_ref()))
    }

    /// The names in a folder, unordered.
    pub fn entries(&self, below: impl AsRef<Path>) -> io::Result<Vec<(OsString, Kind)>> {
        self.before_call(Call::List, below.as_ref())?;
        match below.as_ref().as_os_str().is_empty() {
            true => self.dir.entries(),
            false => self.dir.folder(below.as_ref())?.entries(),
        }
    }

    /// Opens a file.
    pub fn open(&self, below: impl AsRef<Path>) -> io::Result<(File, Metadata)> {
        self.before_call(Call::Read, below.as_ref())?;
        self.dir.file(below.as_ref(), Purpose::Read)
    }

    /// The contents of a file; an error if it is longer than `limit`.
    pub fn read(&self, below: impl AsRef<Path>, limit: u64) -> io::Result<Vec<u8>> {
        let (file, found) = self.open(below)?;
        read_all(&file, found.len, limit)
    }

    /// The hash of a file, read in pieces.
    pub fn hash(&self, below: impl AsRef<Path>) -> io::Result<Hash> {
        hash_all(&self.open(below)?.0)
    }

    /// Opens a file for appending, or as a lock; it is created if it is missing.
    pub fn open_for(&self, purpose: Purpose, below: impl AsRef<Path>) -> io::Result<File> {
        self.before_call(if purpose == Purpose::Lock { Call::Lock } else { Call::Create }, below.as_ref())?;
        Ok(self.dir.file(below.as_ref(), purpose)?.0)
    }

    /// Creates a file with these bytes; it must not exist.
    pub fn write(&self, below: impl AsRef<Path>, bytes: &[u8], durable: bool) -> io::Result<()> {
        let below = below.as_ref();
        let file = self.create(below)?;
        self.append(&file, below, bytes)?;
        if durable { self.sync(&file, below) } else { Ok(()) }
    }

    /// Copies `from` into a new file, and returns its hash and length.
    pub fn copy_new(&self, from: &mut dyn Read, below: impl AsRef<Path>, durable: bool) -> io::Result<(Hash, u64)> {
        let below = below.as_ref();
        let file = self.create(below)?;
        let copied = self.copy(from, &file, below)?;
        if durable {
            self.sync(&file, below)?;
        }
        Ok(copied)
    }

    /// Copies `from` into an open file, and returns its hash and length.
    pub fn copy(&self, from: &mut dyn Read, file: &File, below: &Path) -> io::Result<(Hash, u64)> {
        let mut hasher = blake3::Hasher::new();
        let mut buffer = vec![0; 128 * 1024];
        let mut len = 0;
        loop {
            let read = match from.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(unreadable(error)),
            };
            let bytes = buffer.get(..read).unwrap_or_default();
            hasher.update(bytes);
            self.append(file, below, bytes)?;
            len += read as u64;
        }
        Ok((hasher.finalize().into(), len))
    }

    /// Creates a file, which must not exist.
    pub fn create(&self, below: &Path) -> io::Result<File> {
        self.before_call(Call::Create, below)?;
        Ok(self.dir.file(below, Purpose::Create)?.0)
    }

    /// Writes bytes to an open file.
    pub fn append(&self, mut file: &File, below: &Path, bytes: &[u8]) -> io::Result<()> {
        let (first, second) = bytes.split_at(if self.fs.has_hook() { bytes.len() / 2 } else { bytes.len() });
        for half in [first, second] {
            if !half.is_empty() {
                self.before_call(Call::Write, below)?;
                file.write_all(half)?;
            }
        }
        Ok(())
    }

    fn sync(&self, file: &File, below: &Path) -> io::Result<()> {
        self.before_call(Call::Sync, below)?;
        file.sync_all()
    }

    /// Syncs a folder to the disk; does nothing where folders cannot be synced (Windows).
    pub fn sync_folder(&self, below: impl AsRef<Path>) -> io::Result<()> {
        self.before_call(Call::Sync, below.as_ref())?;
        match below.as_ref().as_os_str().is_empty() {
            true => self.dir.sync(),
            false => self.dir.folder(below.as_ref())?.sync(),
        }
    }

    /// Renames a file or folder, replacing any file of that name.
    pub fn rename(&self, from: impl AsRef<Path>, to: impl AsRef<Path>) -> io::Result<()> {
        self.before_call(Call::Rename, to.as_ref())?;
        self.dir.rename(from.as_ref(), to.as_ref())
    }

    /// Renames a file; the new name must not exist.
    pub fn rename_new(&self, from: impl AsRef<Path>, to: impl AsRef<Path>) -> io::Result<()> {
        self.before_call(Call::Rename, to.as_ref())?;
        self.dir.rename_new(from.as_ref(), to.as_ref())
    }

    /// Removes a file or a link, if it exists.
    pub fn remove(&self, below: impl AsRef<Path>) -> io::Result<()> {
        self.before_call(Call::Remove, below.as_ref())?;
        found(self.dir.remove_file(below.as_ref())).map(|_| ())
    }

    /// Creates a folder and its parents, and returns whether it was missing.
    pub fn make_folder(&self, below: impl AsRef<Path>) -> io::Result<bool> {
        self.before_call(Call::MakeFolder, below.as_ref())?;
        let is_folder = |path: &Path| self.dir.metadata(path).is_ok_and(|found| found.kind == Kind::Folder);
        file_system::make_folder(below.as_ref(), &|path| self.dir.make_folder(path), &is_folder)
    }

    /// Removes a folder if it is empty, and returns whether it was removed.
    pub fn remove_folder(&self, below: impl AsRef<Path>) -> io::Result<bool> {
        self.before_call(Call::RemoveFolder, below.as_ref())?;
        is_removed(self.dir.remove_folder(below.as_ref()))
    }

    /// All folders at and below a path, outer ones first, and the other files in them.
    pub fn tree(&self, below: &Path) -> io::Result<(Vec<PathBuf>, Vec<PathBuf>)> {
        let (mut folders, mut others) = (vec![below.to_owned()], Vec::new());
        let mut next = 0;
        while let Some(folder) = folders.get(next).cloned() {
            for (name, kind) in self.dir.folder(&folder)?.entries()? {
                if kind == Kind::Folder { &mut folders } else { &mut others }.push(folder.join(name));
            }
            next += 1;
        }
        Ok((folders, others))
    }

    /// The number of files in a folder, at any depth.
    pub fn count(&self, below: impl AsRef<Path>) -> io::Result<usize> {
        self.before_call(Call::List, below.as_ref())?;
        Ok(self.tree(below.as_ref())?.1.len())
    }

    /// Removes a folder with its contents; links in it are removed, not followed.
    pub fn remove_tree(&self, below: impl AsRef<Path>) -> io::Result<()> {
        self.before_call(Call::RemoveFolder, below.as_ref())?;
        let Some((folders, others)) = found(self.tree(below.as_ref()))? else { return Ok(()) };
        for other in &others {
            found(self.dir.remove_file(other))?;
        }
        folders.iter().rev().try_for_each(|folder| found(self.dir.remove_folder(folder)).map(|_| ()))
    }
}

/// Reads the metadata of many files, with one handle for consecutive files of a folder.
pub(super) struct MetadataReader<'r> {
    root: &'r Root,
    folder: String,
    /// `None` if that folder does not exist.
    dir: Option<Dir>,
}

impl Root {
    /// Reads the metadata of many files.
    pub fn metadata_reader(&self) -> MetadataReader<'_> {
        MetadataReader { root: self, folder: String::new(), dir: None }
    }
}

impl MetadataReader<'_> {
    /// The metadata of a file, without following links; `None` if it does not exist or is behind a link.
    pub fn metadata(&mut self, path: &SitePath) -> io::Result<Option<Metadata>> {
        let folder = path.folder();
        if folder.is_empty() {
            return self.root.metadata(path);
        }
        self.root.before_call(Call::Metadata, path.as_ref())?;
        if self.folder != folder {
            self.dir = match found(self.root.dir.folder(folder.as_ref())) {
                Err(error) if is_link_in_path(&error) => None,
                opened => opened?,
            };
            self.folder = folder.to_owned();
        }
        self.dir.as_ref().map_or(Ok(None), |dir| found(dir.metadata(path.name().as_ref())))
    }
}

/// The contents of an open file that was `len` bytes long a moment ago.
pub(super) fn read_all(mut file: &File, len: u64, limit: u64) -> io::Result<Vec<u8>> {
    if len > limit {
        return Err(too_long(limit));
    }
    // Reading one byte more than expected shows the end without another call.
    let mut bytes = vec![0; len as usize + 1];
    let mut filled = 0;
    while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        }
        if filled as u64 == len {
            break;
        }
    }
    let grown = filled == bytes.len();
    bytes.truncate(filled);
    if grown {
        file.take(limit + 1 - len).read_to_end(&mut bytes)?;
    }
    if bytes.len() as u64 > limit { Err(too_long(limit)) } else { Ok(bytes) }
}

/// The hash of an open file.
pub(super) fn hash_all(file: &File) -> io::Result<Hash> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(file)?;
    Ok(hasher.finalize().into())
}
