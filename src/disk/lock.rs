use std::fmt;
use std::fs::{File, TryLockError};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{Call, DiskError, FileSystem, OutputDir};

/// The folder inside the output folder that holds our own papers: lock, manifest, intent, staging.
pub(super) const OURS: &str = ".dossier";

/// An output folder that nobody else publishes into until this is dropped.
///
/// The operating system holds the lock and lets go of it when the process ends, however it ends; so a lock of the dead
/// holds nobody up. The lock's file goes away with the lock.
pub struct Held {
    pub(super) place: OutputDir,
    /// The folder of our own papers.
    pub(super) ours: PathBuf,
    made_folder: bool,
    pub(super) lock: PathBuf,
    _file: File,
}

/// Who holds a lock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// Its process, where that can be read.
    pub process: Option<u32>,
    /// What it does there, such as `dossier build`.
    pub doing: String,
}

enum Attempt {
    Got(File),
    Busy(Holder),
    /// The lock's file went away under us.
    Again,
}

impl OutputDir {
    /// Takes the folder for `doing`, such as `dossier build`. Where somebody holds it, tells `waiting` once and waits,
    /// for `patience` at most. Makes the folder where it does not exist.
    ///
    /// # Errors
    /// When it is still held, or cannot be made or locked.
    pub fn lock(self, doing: &str, patience: Duration, mut waiting: impl FnMut(&Holder)) -> Result<Held, DiskError> {
        let ours = self.folder.join(OURS);
        let lock = ours.join("lock");
        let start = Instant::now();
        let mut told = false;
        let mut made_folder = false;
        loop {
            match attempt(&self, &ours, &lock, doing, &mut made_folder)? {
                Attempt::Got(file) => return Ok(Held { place: self, ours, made_folder, lock, _file: file }),
                Attempt::Busy(holder) if start.elapsed() >= patience => {
                    return Err(DiskError::Locked { folder: self.folder, holder });
                }
                Attempt::Busy(holder) => {
                    if !std::mem::replace(&mut told, true) {
                        waiting(&holder);
                    }
                    std::thread::sleep(Duration::from_millis(10));
                }
                Attempt::Again if start.elapsed() >= patience.max(Duration::from_secs(5)) => {
                    return Err(DiskError::Locked { folder: self.folder, holder: Holder::default() });
                }
                Attempt::Again => {}
            }
        }
    }
}

fn attempt(place: &OutputDir, ours: &Path, lock: &Path, doing: &str, made: &mut bool) -> Result<Attempt, DiskError> {
    let door = &place.door;
    for folder in [place.folder.as_path(), ours] {
        match door.make_folder(folder) {
            Ok(new) => *made |= new && folder == place.folder,
            Err(error) => return folder_failed(door, folder, error),
        }
    }
    // A link would lead our writes elsewhere.
    expect_own(door, ours, true)?;
    expect_own(door, lock, false)?;
    match take(door, lock, doing) {
        Ok(attempt) => Ok(attempt),
        // Who held it before has just removed its folder.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Attempt::Again),
        Err(error) => Err(DiskError::writing(lock)(error)),
    }
}

/// Who held the lock before may have removed the folder, or the one above, just as we made it; then we try again.
fn folder_failed(door: &FileSystem, folder: &Path, error: io::Error) -> Result<Attempt, DiskError> {
    let found = door.look(folder).map_err(DiskError::reading(folder))?;
    match error.kind() {
        io::ErrorKind::NotFound => Ok(Attempt::Again),
        io::ErrorKind::AlreadyExists if found.as_ref().is_none_or(std::fs::Metadata::is_dir) => Ok(Attempt::Again),
        io::ErrorKind::AlreadyExists => Err(DiskError::Foreign { file: folder.to_owned() }),
        _ => Err(DiskError::writing(folder)(error)),
    }
}

fn take(door: &FileSystem, lock: &Path, doing: &str) -> io::Result<Attempt> {
    door.pass(Call::Lock, lock)?;
    let mut file = File::options().read(true).write(true).create(true).truncate(false).open(lock)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(Attempt::Busy(Holder::read(&mut file))),
        // Some network file systems know no locks. One build at a time is then up to the user.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
        Err(TryLockError::Error(error)) => return Err(error),
    }
    if !is_file_at(&file, lock)? {
        return Ok(Attempt::Again);
    }
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{} {doing}", std::process::id())?;
    Ok(Attempt::Got(file))
}

/// Whether `path` still names this very file: who let go of the lock removed it.
#[cfg(unix)]
fn is_file_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let held = file.metadata()?;
    let named = std::fs::symlink_metadata(path)?;
    Ok((held.dev(), held.ino()) == (named.dev(), named.ino()))
}

#[cfg(not(unix))]
fn is_file_at(_: &File, path: &Path) -> io::Result<bool> {
    std::fs::symlink_metadata(path).map(|found| found.is_file())
}

/// Refuses what is to be ours and is something else: a link, or a folder where a file must be.
pub(super) fn expect_own(door: &FileSystem, path: &Path, folder: bool) -> Result<(), DiskError> {
    let found = door.look(path).map_err(DiskError::reading(path))?;
    match found.is_none_or(|found| if folder { found.is_dir() } else { found.is_file() }) {
        true => Ok(()),
        false => Err(DiskError::Foreign { file: path.to_owned() }),
    }
}

impl Held {
    /// The folder that is held.
    pub fn folder(&self) -> &Path {
        &self.place.folder
    }
}

impl Drop for Held {
    /// Lets go, and leaves no empty folders of ours behind.
    fn drop(&mut self) {
        // First the name, then (with the file) the lock: who waits sees that the name is gone and starts afresh.
        let _ = self.place.door.remove(&self.lock);
        let _ = self.place.door.remove_folder(&self.ours);
        if self.made_folder {
            let _ = self.place.door.remove_folder(&self.place.folder);
        }
    }
}

impl Holder {
    fn read(file: &mut File) -> Self {
        // On Windows a locked file cannot be read; then nobody is named.
        let mut text = String::new();
        let _ = io::Read::read_to_string(&mut io::Read::take(file, 200), &mut text);
        let (process, doing) = text.trim().split_once(' ').unwrap_or_default();
        Self { process: process.parse().ok(), doing: doing.to_owned() }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.process, &*self.doing) {
            (Some(process), "") => write!(f, "process {process}"),
            (Some(process), doing) => write!(f, "`{doing}` (process {process})"),
            (None, _) => f.write_str("another Dossier"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Result = std::result::Result<(), Box<dyn std::error::Error>>;

    fn place(temp: &tempfile::TempDir) -> std::result::Result<OutputDir, DiskError> {
        OutputDir::check(temp.path(), &temp.path().join("public"), None)
    }

    #[test]
    fn a_second_build_is_told_who_holds_the_folder_and_gets_it_afterwards() -> Result {
        let temp = tempfile::tempdir()?;
        let first = place(&temp)?.lock("dossier build", Duration::ZERO, |_| {})?;
        let mut told = Vec::new();
        let second = place(&temp)?.lock("dossier serve", Duration::from_millis(30), |holder| told.push(holder.clone()));
        let expected = Holder { process: Some(std::process::id()), doing: "dossier build".into() };
        assert!(matches!(second, Err(DiskError::Locked { holder, .. }) if holder == expected));
        assert_eq!(told, [expected]);
        let freed = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(50));
            drop(first);
        });
        let third = place(&temp)?.lock("dossier build", Duration::from_secs(20), |_| {})?;
        assert!(freed.join().is_ok());
        drop(third);
        assert!(!temp.path().join("public").try_exists()? || temp.path().join("public").read_dir()?.next().is_none());
        Ok(())
    }

    #[test]
    fn many_take_turns_and_never_two_at_once() -> Result {
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
                        std::thread::sleep(Duration::from_micros(300));
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

    #[cfg(unix)]
    #[test]
    fn links_among_our_papers_are_not_followed() -> Result {
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
