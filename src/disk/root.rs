use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Call;
use super::dir::{Dir, Kind, Metadata, Purpose, is_link_in_path};
use super::file_system::{self, FileSystem, found, is_removed};
use crate::source::{Hash, SitePath, too_long, unreadable};

/// A folder that is held open, and every call that reaches below it: through its handle, and through no link.
#[derive(Clone)]
pub(super) struct Root {
    path: PathBuf,
    dir: Arc<Dir>,
    fs: FileSystem,
}

impl FileSystem {
    /// Opens a folder by its real path, as [`FileSystem::resolve`] gives it.
    pub(super) fn open(&self, real: &Path) -> io::Result<Root> {
        self.ask(Call::Look, || real.to_owned())?;
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

    /// The path of what is below it, for messages.
    pub fn locate(&self, below: impl AsRef<Path>) -> PathBuf {
        self.path.join(below)
    }

    /// A folder below it.
    pub fn folder(&self, below: impl AsRef<Path>) -> io::Result<Self> {
        let below = below.as_ref();
        self.ask(Call::Look, below)?;
        Ok(Self { path: self.locate(below), dir: Arc::new(self.dir.folder(below)?), fs: self.fs.clone() })
    }

    /// Asks for a call on something below it.
    pub fn ask(&self, call: Call, below: &Path) -> io::Result<()> {
        self.fs.ask(call, || self.locate(below))
    }

    /// What is known of something below, links not followed; nothing where nothing has that name.
    pub fn look(&self, below: impl AsRef<Path>) -> io::Result<Option<Metadata>> {
        self.ask(Call::Look, below.as_ref())?;
        found(self.dir.look(below.as_ref()))
    }

    /// The names in a folder, in no order.
    pub fn entries(&self, below: impl AsRef<Path>) -> io::Result<Vec<(OsString, Kind)>> {
        self.ask(Call::List, below.as_ref())?;
        match below.as_ref().as_os_str().is_empty() {
            true => self.dir.entries(),
            false => self.dir.folder(below.as_ref())?.entries(),
        }
    }

    /// Opens a file.
    pub fn open(&self, below: impl AsRef<Path>) -> io::Result<(File, Metadata)> {
        self.ask(Call::Read, below.as_ref())?;
        self.dir.file(below.as_ref(), Purpose::Read)
    }

    /// All of a file, unless it is longer than `limit`.
    pub fn read(&self, below: impl AsRef<Path>, limit: u64) -> io::Result<Vec<u8>> {
        let (file, found) = self.open(below)?;
        read_all(&file, found.len, limit)
    }

    /// The hash of a file, which is never held whole.
    pub fn hash(&self, below: impl AsRef<Path>) -> io::Result<Hash> {
        hash_all(&self.open(below)?.0)
    }

    /// Opens a file for writing at its end, or as a lock; it is made where it is missing.
    pub fn open_for(&self, purpose: Purpose, below: impl AsRef<Path>) -> io::Result<File> {
        self.ask(if purpose == Purpose::Lock { Call::Lock } else { Call::Create }, below.as_ref())?;
        Ok(self.dir.file(below.as_ref(), purpose)?.0)
    }

    /// Writes a file that must not be there yet.
    pub fn write(&self, below: impl AsRef<Path>, bytes: &[u8], durable: bool) -> io::Result<()> {
        let below = below.as_ref();
        let file = self.create(below)?;
        self.append(&file, below, bytes)?;
        if durable { self.sync(&file, below) } else { Ok(()) }
    }

    /// Copies what `from` gives into a file that must not be there yet, and gives its hash and length.
    pub fn copy_new(&self, from: &mut dyn Read, below: impl AsRef<Path>, durable: bool) -> io::Result<(Hash, u64)> {
        let below = below.as_ref();
        let file = self.create(below)?;
        let copied = self.copy(from, &file, below)?;
        if durable {
            self.sync(&file, below)?;
        }
        Ok(copied)
    }

    /// Copies what `from` gives into an open file, and gives its hash and length.
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

    /// Makes a file, which must not be there yet.
    pub fn create(&self, below: &Path) -> io::Result<File> {
        self.ask(Call::Create, below)?;
        Ok(self.dir.file(below, Purpose::Create)?.0)
    }

    /// Writes bytes to an open file.
    pub fn append(&self, mut file: &File, below: &Path, bytes: &[u8]) -> io::Result<()> {
        let (first, second) = bytes.split_at(if self.fs.is_guarded() { bytes.len() / 2 } else { bytes.len() });
        for half in [first, second] {
            if !half.is_empty() {
                self.ask(Call::Write, below)?;
                file.write_all(half)?;
            }
        }
        Ok(())
    }

    fn sync(&self, file: &File, below: &Path) -> io::Result<()> {
        self.ask(Call::Sync, below)?;
        file.sync_all()
    }

    /// Has the names in a folder reach the disk; where folders cannot be synced (Windows) this does nothing.
    pub fn sync_folder(&self, below: impl AsRef<Path>) -> io::Result<()> {
        self.ask(Call::Sync, below.as_ref())?;
        match below.as_ref().as_os_str().is_empty() {
            true => self.dir.sync(),
            false => self.dir.folder(below.as_ref())?.sync(),
        }
    }

    /// Gives a file or folder another name, in the place of any file that has it.
    pub fn rename(&self, from: impl AsRef<Path>, to: impl AsRef<Path>) -> io::Result<()> {
        self.ask(Call::Rename, to.as_ref())?;
        self.dir.rename(from.as_ref(), to.as_ref())
    }

    /// Gives a file another name, which must be free.
    pub fn rename_new(&self, from: impl AsRef<Path>, to: impl AsRef<Path>) -> io::Result<()> {
        self.ask(Call::Rename, to.as_ref())?;
        self.dir.rename_new(from.as_ref(), to.as_ref())
    }

    /// Removes a file or a link; one that is gone already is as good.
    pub fn remove(&self, below: impl AsRef<Path>) -> io::Result<()> {
        self.ask(Call::Remove, below.as_ref())?;
        found(self.dir.remove_file(below.as_ref())).map(|_| ())
    }

    /// Makes a folder and those above it, and reports whether it was missing.
    pub fn make_folder(&self, below: impl AsRef<Path>) -> io::Result<bool> {
        self.ask(Call::MakeFolder, below.as_ref())?;
        let is_folder = |path: &Path| self.dir.look(path).is_ok_and(|found| found.kind == Kind::Folder);
        file_system::make_folder(below.as_ref(), &|path| self.dir.make_folder(path), &is_folder)
    }

    /// Removes a folder if it is empty, and reports whether it is gone.
    pub fn remove_folder(&self, below: impl AsRef<Path>) -> io::Result<bool> {
        self.ask(Call::RemoveFolder, below.as_ref())?;
        is_removed(self.dir.remove_folder(below.as_ref()))
    }

    /// All folders at and below a path, outer ones first, and what is in them that is no folder.
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

    /// How many entries a folder holds that are no folders, at any depth.
    pub fn count(&self, below: impl AsRef<Path>) -> io::Result<usize> {
        self.ask(Call::List, below.as_ref())?;
        Ok(self.tree(below.as_ref())?.1.len())
    }

    /// Removes a folder with all that is in it; links in it are removed, not followed.
    pub fn remove_tree(&self, below: impl AsRef<Path>) -> io::Result<()> {
        self.ask(Call::RemoveFolder, below.as_ref())?;
        let Some((folders, others)) = found(self.tree(below.as_ref()))? else { return Ok(()) };
        for other in &others {
            found(self.dir.remove_file(other))?;
        }
        folders.iter().rev().try_for_each(|folder| found(self.dir.remove_folder(folder)).map(|_| ()))
    }
}

/// Looks at many files, with one handle for those of a folder that come one after the other.
pub(super) struct Looker<'r> {
    root: &'r Root,
    folder: String,
    /// Absent where that folder is not there.
    dir: Option<Dir>,
}

impl Root {
    /// Looks at many files.
    pub fn looker(&self) -> Looker<'_> {
        Looker { root: self, folder: String::new(), dir: None }
    }
}

impl Looker<'_> {
    /// What is known of a file, links not followed; nothing where it is not there, or lies behind a link.
    pub fn look(&mut self, path: &SitePath) -> io::Result<Option<Metadata>> {
        let folder = path.folder();
        if folder.is_empty() {
            return self.root.look(path);
        }
        self.root.ask(Call::Look, path.as_ref())?;
        if self.folder != folder {
            self.dir = match found(self.root.dir.folder(folder.as_ref())) {
                Err(error) if is_link_in_path(&error) => None,
                opened => opened?,
            };
            self.folder = folder.to_owned();
        }
        self.dir.as_ref().map_or(Ok(None), |dir| found(dir.look(path.name().as_ref())))
    }
}

/// All of an open file that was `len` bytes long a moment ago.
pub(super) fn read_all(mut file: &File, len: u64, limit: u64) -> io::Result<Vec<u8>> {
    if len > limit {
        return Err(too_long(limit));
    }
    // One byte more than there should be shows the end without another call.
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

/// The hash of all of an open file.
pub(super) fn hash_all(file: &File) -> io::Result<Hash> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(file)?;
    Ok(hasher.finalize().into())
}
