use std::fmt;
use std::fs::{File, TryLockError};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::dir::{Kind, Metadata, Purpose};
use super::root::Root;
use super::{DiskError, FileSystem};

/// The folder of Dossier's own files inside a locked folder: lock, manifest, intent, staged files.
pub(super) const STATE_FOLDER: &str = ".dossier";
/// The lock file.
pub(super) const LOCK: &str = ".dossier/lock";
/// How long to retry if no process holds the lock.
const RETRY: Duration = Duration::from_secs(5);
/// How often a folder is created again that another process may have removed at the same moment.
const TRIES: usize = 50;
/// The time between two tries.
const PAUSE: Duration = Duration::from_millis(1);

/// A locked folder. No other Dossier process writes to it until this is dropped.
///
/// The operating system holds the lock and releases it when the process ends, so a killed process does not block
/// others. The lock file is removed with the lock.
pub(super) struct FolderLock {
    pub root: Root,
    _made: MadeFolder,
    _file: File,
}

/// A folder that is removed again if it stays empty, with the parents that were created for it.
struct MadeFolder {
    fs: FileSystem,
    folder: PathBuf,
    /// The innermost folder that existed before, this one or a parent.
    existing: PathBuf,
}

impl Drop for MadeFolder {
    fn drop(&mut self) {
        for folder in self.folder.ancestors().take_while(|folder| *folder != self.existing) {
            let _ = self.fs.remove_folder(folder);
        }
    }
}

/// Who holds a lock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// Its process id, if that can be read.
    pub process: Option<u32>,
    /// Its command, such as `dossier build`.
    pub command: String,
}

enum Attempt<T> {
    Locked(T),
    Busy(Holder),
    /// The lock file was removed meanwhile.
    Retry,
    /// A folder could not be created, because it or its parent was removed meanwhile, or for ever.
    Missing(DiskError),
}

impl FolderLock {
    /// Locks `folder` for `command`, such as `dossier build`. If another process holds the lock, calls `waiting` once
    /// and waits, for `timeout` at most. Creates the folder if it does not exist.
    ///
    /// # Errors
    /// When it is still locked, or cannot be created or locked.
    pub fn acquire(
        fs: &FileSystem,
        folder: &Path,
        command: &str,
        timeout: Duration,
        mut waiting: impl FnMut(&Holder),
    ) -> Result<Self, DiskError> {
        let start = Instant::now();
        let exists = |existing: &&Path| fs.metadata(existing).is_ok_and(|found| found.is_some());
        let existing = folder.ancestors().find(exists).unwrap_or(folder).to_owned();
        let made_folder = MadeFolder { fs: fs.clone(), folder: folder.to_owned(), existing };
        let (mut announced, mut tries) = (false, 0);
        loop {
            match attempt(fs, folder, command)? {
                Attempt::Locked((root, file)) => return Ok(Self { root, _made: made_folder, _file: file }),
                Attempt::Busy(holder) if start.elapsed() >= timeout => {
                    return Err(DiskError::Locked { folder: folder.to_owned(), holder });
                }
                Attempt::Busy(holder) => {
                    if !std::mem::replace(&mut announced, true) {
                        waiting(&holder);
                    }
                    std::thread::sleep(Duration::from_millis(10));
                }
                Attempt::Retry if start.elapsed() >= timeout.max(RETRY) => {
                    return Err(DiskError::Locked { folder: folder.to_owned(), holder: Holder::default() });
                }
                Attempt::Missing(error) if tries == TRIES => return Err(error),
                Attempt::Missing(_) => {
                    tries += 1;
                    std::thread::sleep(PAUSE);
                }
                Attempt::Retry => std::thread::sleep(PAUSE),
            }
        }
    }

    /// The time of the file system's clock when the lock was taken.
    pub fn time(&self) -> Result<(i64, i64), DiskError> {
        let found = self.root.metadata(LOCK).map_err(self.root.read_error(LOCK))?;
        Ok(found.map_or((0, 0), |found| found.changed))
    }
}

fn attempt(fs: &FileSystem, folder: &Path, command: &str) -> Result<Attempt<(Root, File)>, DiskError> {
    if let Err(error) = fs.make_folder(folder) {
        return folder_failed(folder, || fs.metadata(folder), error);
    }
    let root = match fs.open(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Attempt::Retry),
        opened => opened.map_err(DiskError::read_error(folder))?,
    };
    if let Err(error) = root.make_folder(STATE_FOLDER) {
        return folder_failed(&root.locate(STATE_FOLDER), || root.metadata(STATE_FOLDER), error);
    }
    let locked = has_regular_file(&root, LOCK).and_then(|_| match lock(&root, command) {
        // The previous holder has just removed the folder.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Attempt::Retry),
        locked => locked.map_err(root.write_error(LOCK)),
    });
    match locked {
        Ok(Attempt::Locked(file)) => Ok(Attempt::Locked((root, file))),
        Ok(Attempt::Busy(holder)) => Ok(Attempt::Busy(holder)),
        Ok(Attempt::Retry) => Ok(Attempt::Retry),
        Ok(Attempt::Missing(error)) => Ok(Attempt::Missing(error)),
        Err(error) => {
            let _ = root.remove_folder(STATE_FOLDER);
            Err(error)
        }
    }
}

/// The previous holder may have removed the folder or its parent just after we created it; then try again.
fn folder_failed(
    folder: &Path,
    look: impl FnOnce() -> io::Result<Option<Metadata>>,
    error: io::Error,
) -> Result<Attempt<(Root, File)>, DiskError> {
    let found = look().map_err(DiskError::read_error(folder))?;
    let is_folder = found.is_none_or(|found| found.kind == Kind::Folder);
    match error.kind() {
        io::ErrorKind::NotFound => {
            let error = io::Error::new(error.kind(), "the file system refuses a new folder there");
            Ok(Attempt::Missing(DiskError::write_error(folder)(error)))
        }
        io::ErrorKind::AlreadyExists if is_folder => Ok(Attempt::Missing(DiskError::write_error(folder)(error))),
        io::ErrorKind::AlreadyExists => Err(DiskError::Foreign { file: folder.to_owned() }),
        _ => Err(DiskError::write_error(folder)(error)),
    }
}

/// Locks the lock file.
fn lock(root: &Root, command: &str) -> io::Result<Attempt<File>> {
    let mut file = root.open_for(Purpose::Lock, LOCK)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(Attempt::Busy(Holder::read(&mut file))),
        // Some network file systems have no locks. Users must then run one build at a time themselves.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
        Err(TryLockError::Error(error)) => return Err(error),
    }
    // The previous holder removed the lock file.
    let named = file
        .metadata()
        .and_then(|held| Ok(root.metadata(LOCK)?.is_some_and(|named| named.id == Metadata::of(&held).id)));
    if !named.inspect_err(|_| drop(root.remove(LOCK)))? {
        return Ok(Attempt::Retry);
    }
    // On a full disk the holder cannot be named, but the lock is held.
    let _ =
        file.set_len(0).and_then(|()| file.rewind()).and_then(|()| writeln!(file, "{} {command}", std::process::id()));
    Ok(Attempt::Locked(file))
}

/// Whether this file exists; an error if it is something else, such as a link.
pub(super) fn has_regular_file(root: &Root, file: &str) -> Result<bool, DiskError> {
    match root.metadata(file).map_err(root.read_error(file))? {
        None => Ok(false),
        Some(found) if found.kind == Kind::File => Ok(true),
        Some(_) => Err(DiskError::Foreign { file: root.locate(file) }),
    }
}

impl Drop for FolderLock {
    /// Releases the lock, and removes our folders if they are empty.
    fn drop(&mut self) {
        // Remove the file first, then release the lock: waiting processes see that the file is gone and start again.
        let _ = self.root.remove(LOCK);
        let _ = self.root.remove_folder(STATE_FOLDER);
    }
}

impl Holder {
    fn read(file: &mut File) -> Self {
        // On Windows a locked file cannot be read; then the holder is unknown.
        let mut text = String::new();
        let _ = io::Read::read_to_string(&mut io::Read::take(file, 200), &mut text);
        let (process, command) = text.trim().split_once(' ').unwrap_or_default();
        Self { process: process.parse().ok(), command: command.to_owned() }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.process, &*self.command) {
            (Some(process), "") => write!(f, "process {process}"),
            (Some(process), command) => write!(f, "`{command}` (process {process})"),
            (None, _) => f.write_str("another Dossier"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::OutputDir;

    type Result = std::result::Result<(), Box<dyn std::error::Error>>;

    fn place(temp: &tempfile::TempDir) -> std::result::Result<OutputDir, DiskError> {
        OutputDir::check(temp.path(), &temp.path().join("public"), None)
    }

    #[test]
    fn a_waiting_build_gets_the_holder_and_then_the_lock() -> Result {
        let temp = tempfile::tempdir()?;
        let mut first = Some(place(&temp)?.lock("dossier build", Duration::ZERO, |_| {})?);
        let second = place(&temp)?.lock("dossier serve", Duration::ZERO, |_| {});
        let expected = Holder { process: Some(std::process::id()), command: "dossier build".into() };
        assert!(matches!(second, Err(DiskError::Locked { holder, .. }) if holder == expected));
        // The first lock is released when the third one starts to wait.
        let mut holders = Vec::new();
        let third = place(&temp)?.lock("dossier build", Duration::from_mins(1), |holder| {
            holders.push(holder.clone());
            drop(first.take());
        })?;
        assert_eq!(holders, [expected]);
        drop(third);
        assert!(!temp.path().join("public").try_exists()? || temp.path().join("public").read_dir()?.next().is_none());
        Ok(())
    }

    #[test]
    fn many_threads_never_hold_the_lock_at_once() -> Result {
        let temp = tempfile::tempdir()?;
        let inside = std::sync::atomic::AtomicUsize::new(0);
        let turns = std::sync::atomic::AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..20 {
                        let held = match place(&temp).and_then(|p| p.lock("test", Duration::from_mins(1), |_| {})) {
                            Ok(held) => held,
                            Err(fault) => panic!("{fault}"),
                        };
                        assert_eq!(inside.fetch_add(1, std::sync::atomic::Ordering::SeqCst), 0);
                        std::thread::yield_now();
                        inside.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
                        turns.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                        drop(held);
                    }
                });
            }
        });
        assert_eq!(turns.into_inner(), 80);
        Ok(())
    }

    /// As below `/proc`, where creating fails as if a parent were missing.
    #[test]
    fn a_folder_that_cannot_be_created_is_reported_with_its_reason() -> Result {
        use std::sync::Arc;
        use std::sync::atomic::{AtomicUsize, Ordering};
        let temp = tempfile::tempdir()?;
        let count = Arc::new(AtomicUsize::new(0));
        let counter = count.clone();
        let fs = FileSystem::with_hook(move |call, _| match call {
            crate::disk::Call::MakeFolder => {
                counter.fetch_add(1, Ordering::Relaxed);
                Err(io::ErrorKind::NotFound.into())
            }
            _ => Ok(()),
        });
        let folder = temp.path().join("new");
        let taken = FolderLock::acquire(&fs, &folder, "test", Duration::from_mins(1), |_| {});
        let Err(DiskError::Write { file, error }) = taken else { return Err("it cannot be created".into()) };
        assert_eq!((file, error.kind()), (folder, io::ErrorKind::NotFound));
        assert_eq!(count.load(Ordering::Relaxed), TRIES + 1);
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn links_in_the_lock_folder_are_not_followed() -> Result {
        use std::fs;
        use std::os::unix::fs::symlink;
        let temp = tempfile::tempdir()?;
        fs::create_dir_all(temp.path().join("public/.dossier"))?;
        fs::write(temp.path().join("precious"), "text")?;
        symlink(temp.path().join("precious"), temp.path().join("public/.dossier/lock"))?;
        assert!(matches!(place(&temp)?.lock("test", Duration::ZERO, |_| {}), Err(DiskError::Foreign { .. })));
        fs::remove_dir_all(temp.path().join("public/.dossier"))?;
        fs::create_dir(temp.path().join("other"))?;
        symlink(temp.path().join("other"), temp.path().join("public/.dossier"))?;
        assert!(matches!(place(&temp)?.lock("test", Duration::ZERO, |_| {}), Err(DiskError::Foreign { .. })));
        assert_eq!(fs::read_to_string(temp.path().join("precious"))?, "text");
        assert!(temp.path().join("other").read_dir()?.next().is_none());
        Ok(())
    }
}
