use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;

use crate::source::Hash;

/// Room for the first bytes of a file of which nobody has asked how long it is.
const STRETCH: usize = 16 << 10;

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

/// The one place that talks to the file system on behalf of `disk`.
///
/// Tests put a gate before it, which sees every call and may refuse it: as a full disk, as a missing permission, or, by
/// refusing everything from some moment on, as a crash. Without a gate, a call costs one comparison more.
#[derive(Clone, Default)]
pub struct FileSystem(Option<Arc<Gate>>);

impl FileSystem {
    /// A door that asks `gate` before each call, and answers with its error where there is one.
    pub fn guarded(gate: impl Fn(Call, &Path) -> io::Result<()> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(gate)))
    }

    pub(super) fn pass(&self, call: Call, path: &Path) -> io::Result<()> {
        self.0.as_ref().map_or(Ok(()), |gate| gate(call, path))
    }

    /// What stands at `path`, links not followed; nothing where there is nothing.
    pub(super) fn look(&self, path: &Path) -> io::Result<Option<Metadata>> {
        self.pass(Call::Look, path)?;
        found(fs::symlink_metadata(path))
    }

    /// The real path behind all links.
    pub(super) fn resolve(&self, path: &Path) -> io::Result<std::path::PathBuf> {
        self.pass(Call::Look, path)?;
        fs::canonicalize(path)
    }

    pub(super) fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.pass(Call::Read, path)?;
        fs::read(path)
    }

    pub(super) fn open(&self, path: &Path) -> io::Result<File> {
        self.pass(Call::Read, path)?;
        File::open(path)
    }

    /// Opens what is no link itself; nothing where it is one, or where the system cannot tell both in one call.
    pub(super) fn open_plain(&self, path: &Path) -> io::Result<Option<File>> {
        self.pass(Call::Read, path)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            // Without the second flag, opening a pipe waits for a writer.
            let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK;
            match OpenOptions::new().read(true).custom_flags(flags).open(path) {
                // FreeBSD says the latter.
                Err(error) if matches!(error.raw_os_error(), Some(libc::ELOOP | libc::EMLINK)) => Ok(None),
                opened => opened.map(Some),
            }
        }
        #[cfg(not(unix))]
        Ok(None)
    }

    /// All of an open file. Its length is not asked for: most inputs are shorter than the first stretch.
    pub(super) fn read_all(&self, file: File, path: &Path) -> io::Result<Vec<u8>> {
        self.pass(Call::Read, path)?;
        let mut bytes = Vec::with_capacity(STRETCH);
        file.take(u64::MAX).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// The hash of a file that is never held whole.
    pub(super) fn hash(&self, path: &Path) -> io::Result<Hash> {
        self.hash_all(self.open(path)?, path)
    }

    /// The hash of all of an open file.
    pub(super) fn hash_all(&self, mut file: File, path: &Path) -> io::Result<Hash> {
        self.pass(Call::Read, path)?;
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(&mut file)?;
        Ok(hasher.finalize().into())
    }

    /// Writes a file that must not be there yet.
    pub(super) fn write(&self, path: &Path, bytes: &[u8], durable: bool) -> io::Result<()> {
        let mut file = self.create(path)?;
        self.append(&mut file, path, bytes)?;
        if durable { self.sync(&file, path) } else { Ok(()) }
    }

    /// Copies what `from` gives into a file that must not be there yet, and tells its hash and length.
    pub(super) fn copy(&self, from: &mut dyn Read, path: &Path, durable: bool) -> io::Result<(Hash, u64)> {
        let mut file = self.create(path)?;
        let mut hasher = blake3::Hasher::new();
        let mut buffer = vec![0; 128 * 1024];
        let mut len = 0;
        loop {
            let read = match from.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let bytes = buffer.get(..read).unwrap_or_default();
            hasher.update(bytes);
            self.append(&mut file, path, bytes)?;
            len += read as u64;
        }
        if durable {
            self.sync(&file, path)?;
        }
        Ok((hasher.finalize().into(), len))
    }

    fn create(&self, path: &Path) -> io::Result<File> {
        self.pass(Call::Create, path)?;
        OpenOptions::new().write(true).create_new(true).open(path)
    }

    fn append(&self, file: &mut File, path: &Path, bytes: &[u8]) -> io::Result<()> {
        // Before a gate, the bytes go in two halves, so that a fault can leave a file half written.
        let (first, second) = bytes.split_at(if self.0.is_some() { bytes.len() / 2 } else { bytes.len() });
        for part in [first, second] {
            if !part.is_empty() {
                self.pass(Call::Write, path)?;
                file.write_all(part)?;
            }
        }
        Ok(())
    }

    fn sync(&self, file: &File, path: &Path) -> io::Result<()> {
        self.pass(Call::Sync, path)?;
        file.sync_all()
    }

    /// Has the names in a folder reach the disk; where folders cannot be synced (Windows) this does nothing.
    pub(super) fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.pass(Call::Sync, path)?;
        if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
    }

    pub(super) fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.pass(Call::Rename, to)?;
        fs::rename(from, to)
    }

    /// How many entries a folder holds that are no folders, at any depth; links are not followed.
    pub(super) fn count(&self, path: &Path) -> io::Result<usize> {
        self.pass(Call::List, path)?;
        let mut count = 0;
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            count += if entry.file_type()?.is_dir() { self.count(&entry.path())? } else { 1 };
        }
        Ok(count)
    }

    /// Removes a file or a link; one that is gone already is as good.
    pub(super) fn remove(&self, path: &Path) -> io::Result<()> {
        self.pass(Call::Remove, path)?;
        found(fs::remove_file(path)).map(|_| ())
    }

    /// Makes a folder and those above it, and tells whether it was not there.
    pub(super) fn make_folder(&self, path: &Path) -> io::Result<bool> {
        self.pass(Call::MakeFolder, path)?;
        // Another thread may make the same folder at any moment between.
        let make = || match fs::create_dir(path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(false),
            Err(error) => Err(error),
        };
        match (make(), path.parent()) {
            (Err(error), Some(above)) if error.kind() == io::ErrorKind::NotFound => {
                self.make_folder(above)?;
                make()
            }
            (made, _) => made,
        }
    }

    /// Removes a folder if it is empty, and tells whether it is gone.
    pub(super) fn remove_folder(&self, path: &Path) -> io::Result<bool> {
        use io::ErrorKind as Kind;
        self.pass(Call::RemoveFolder, path)?;
        match fs::remove_dir(path) {
            Ok(()) => Ok(true),
            Err(error) => match error.kind() {
                Kind::NotFound => Ok(true),
                Kind::DirectoryNotEmpty | Kind::NotADirectory | Kind::ResourceBusy => Ok(false),
                _ => Err(error),
            },
        }
    }

    /// Removes a folder of ours with all it holds; links in it are removed, not followed.
    pub(super) fn remove_tree(&self, path: &Path) -> io::Result<()> {
        self.pass(Call::RemoveFolder, path)?;
        found(fs::remove_dir_all(path)).map(|_| ())
    }
}

fn found<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    use io::ErrorKind::{NotADirectory, NotFound};
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if matches!(error.kind(), NotFound | NotADirectory) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_that_make_the_same_folders_all_find_them_made() {
        let temp = tempfile::tempdir().unwrap();
        for round in 0..200 {
            let folder = temp.path().join(round.to_string()).join("a/b");
            let start = std::sync::Barrier::new(8);
            std::thread::scope(|scope| {
                let make = || {
                    start.wait();
                    FileSystem::default().make_folder(&folder)
                };
                let threads: Vec<_> = (0..8).map(|_| scope.spawn(make)).collect();
                let made: Vec<bool> = threads.into_iter().map(|thread| thread.join().unwrap().unwrap()).collect();
                assert!(made.iter().filter(|made| **made).count() == 1, "{made:?}");
            });
        }
    }
}
