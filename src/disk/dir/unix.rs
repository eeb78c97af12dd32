use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::fs::{self, AtFlags, FileType, Mode, OFlags};
use rustix::io::Errno;

use super::{Kind, Metadata, Purpose, link_in_path, not_regular, regular};

/// An open folder.
#[derive(Debug)]
pub struct Dir(OwnedFd);

/// Opens a folder as the base of relative paths; listing it needs another handle.
#[cfg(any(target_os = "linux", target_os = "android"))]
const FOLDER: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const FOLDER: OFlags = OFlags::DIRECTORY.union(OFlags::CLOEXEC);
/// A pipe without a writer does not block, and a terminal does not become the controlling terminal.
const FILE: OFlags = OFlags::NONBLOCK.union(OFlags::NOCTTY).union(OFlags::CLOEXEC);

impl Dir {
    /// Opens a folder by its real path.
    ///
    /// # Errors
    /// The error of the operating system; also if the path now contains a link.
    pub fn open(real: &Path) -> io::Result<Self> {
        let top = Self(fs::open("/", FOLDER, Mode::empty())?);
        match real.strip_prefix("/").map_err(|_| Errno::INVAL)? {
            below if below.as_os_str().is_empty() => Ok(top),
            below => top.folder(below),
        }
    }

    /// Opens a folder below this one.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn folder(&self, below: &Path) -> io::Result<Self> {
        open_beneath(self.0.as_fd(), below, FOLDER).map(Self).map_err(to_io_error)
    }

    /// Opens a regular file below this folder.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn file(&self, below: &Path, purpose: Purpose) -> io::Result<(File, Metadata)> {
        let flags = match purpose {
            Purpose::Read => OFlags::RDONLY,
            Purpose::Create => OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL,
            Purpose::Lock => OFlags::RDWR | OFlags::CREATE,
            Purpose::Append => OFlags::WRONLY | OFlags::APPEND | OFlags::CREATE,
        };
        match open_beneath(self.0.as_fd(), below, FILE | flags) {
            Ok(file) => regular(file.into()),
            // Sockets cannot be opened, and neither can pipes without a reader be opened for writing.
            Err(Errno::NXIO | Errno::OPNOTSUPP) => Err(not_regular()),
            Err(error) => Err(to_io_error(error)),
        }
    }

    /// The metadata of a path below this folder; links are not followed.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn metadata(&self, below: &Path) -> io::Result<Metadata> {
        let look = |folder: BorrowedFd<'_>, name: &OsStr| fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW);
        self.in_parent(below, look).map(|found| Metadata::of_stat(&found))
    }

    /// The names in this folder, unordered.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn entries(&self) -> io::Result<Vec<(OsString, Kind)>> {
        let mut found = Vec::new();
        for entry in fs::Dir::new(self.open_for_listing()?)? {
            let entry = entry?;
            let kind = match entry.file_type() {
                // Some file systems do not say.
                FileType::Unknown => match fs::statat(&self.0, entry.file_name(), AtFlags::SYMLINK_NOFOLLOW) {
                    Ok(found) => Metadata::of_stat(&found).kind,
                    Err(Errno::NOENT) => continue,
                    Err(error) => return Err(error.into()),
                },
                known => kind(known),
            };
            let name = entry.file_name().to_bytes();
            if !matches!(name, b"." | b"..") {
                found.push((OsString::from_vec(name.to_vec()), kind));
            }
        }
        Ok(found)
    }

    /// Renames a file or folder, replacing any file of that name.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let (from, to) = (self.parent(from)?, self.parent(to)?);
        Ok(fs::renameat(from.handle(self), from.name, to.handle(self), to.name)?)
    }

    /// Renames a file; the new name must not exist.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        let (from, to) = (self.parent(from)?, self.parent(to)?);
        #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
        {
            let flags = fs::RenameFlags::NOREPLACE;
            match fs::renameat_with(from.handle(self), from.name, to.handle(self), to.name, flags) {
                // Not all file systems support this.
                Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => {}
                renamed => return Ok(renamed?),
            }
        }
        fs::linkat(from.handle(self), from.name, to.handle(self), to.name, AtFlags::empty())?;
        Ok(fs::unlinkat(from.handle(self), from.name, AtFlags::empty())?)
    }

    /// Makes a folder.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn make_folder(&self, below: &Path) -> io::Result<()> {
        self.in_parent(below, |folder, name| fs::mkdirat(folder, name, Mode::from_raw_mode(0o777)))
    }

    /// Removes a file or a link.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn remove_file(&self, below: &Path) -> io::Result<()> {
        self.in_parent(below, |folder, name| fs::unlinkat(folder, name, AtFlags::empty()))
    }

    /// Removes an empty folder.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn remove_folder(&self, below: &Path) -> io::Result<()> {
        self.in_parent(below, |folder, name| fs::unlinkat(folder, name, AtFlags::REMOVEDIR))
    }

    /// Syncs this folder to the disk.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn sync(&self) -> io::Result<()> {
        Ok(fs::fsync(self.open_for_listing()?)?)
    }

    /// A handle for listing the folder.
    fn open_for_listing(&self) -> Result<OwnedFd, Errno> {
        fs::openat(&self.0, ".", OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())
    }

    fn in_parent<T>(
        &self,
        below: &Path,
        act: impl FnOnce(BorrowedFd<'_>, &OsStr) -> Result<T, Errno>,
    ) -> io::Result<T> {
        let parent = self.parent(below)?;
        Ok(act(parent.handle(self), parent.name)?)
    }

    fn parent<'p>(&self, below: &'p Path) -> io::Result<Parent<'p>> {
        let name = below.file_name().ok_or(Errno::INVAL)?;
        let folder = match below.parent() {
            Some(above) if !above.as_os_str().is_empty() => Some(self.folder(above)?),
            _ => None,
        };
        Ok(Parent { folder, name })
    }
}

/// The parent folder of a path, and the file name.
struct Parent<'p> {
    /// `None` if that is the folder itself.
    folder: Option<Dir>,
    name: &'p OsStr,
}

impl Parent<'_> {
    fn handle<'d>(&'d self, start: &'d Dir) -> BorrowedFd<'d> {
        self.folder.as_ref().unwrap_or(start).0.as_fd()
    }
}

impl Metadata {
    /// The metadata of an open file.
    pub fn of(found: &std::fs::Metadata) -> Self {
        let file_type = found.file_type();
        let kind = match () {
            () if file_type.is_file() => Kind::File,
            () if file_type.is_dir() => Kind::Folder,
            () if file_type.is_symlink() => Kind::Link,
            () => Kind::Other,
        };
        Self {
            kind,
            len: found.len(),
            id: (found.dev(), found.ino()),
            modified: (found.mtime(), found.mtime_nsec()),
            changed: (found.ctime(), found.ctime_nsec()),
        }
    }

    #[allow(
        clippy::unnecessary_cast,
        clippy::cast_lossless,
        clippy::useless_conversion,
        reason = "the types differ from system to system"
    )]
    fn of_stat(found: &fs::Stat) -> Self {
        Self {
            kind: kind(FileType::from_raw_mode(found.st_mode)),
            len: found.st_size as u64,
            id: (found.st_dev as u64, found.st_ino as u64),
            modified: (found.st_mtime as i64, found.st_mtime_nsec as i64),
            changed: (found.st_ctime as i64, found.st_ctime_nsec as i64),
        }
    }
}

fn kind(found: FileType) -> Kind {
    match found {
        FileType::RegularFile => Kind::File,
        FileType::Directory => Kind::Folder,
        FileType::Symlink => Kind::Link,
        _ => Kind::Other,
    }
}

/// Opens a path below a folder, never through a link.
fn open_beneath(folder: BorrowedFd<'_>, below: &Path, flags: OFlags) -> Result<OwnedFd, Errno> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::ResolveFlags;
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
        match fs::openat2(folder, below, flags, mode(flags), resolve) {
            // `openat2` does not exist before Linux 5.6 and in old sandboxes.
            Err(Errno::NOSYS | Errno::PERM) => {}
            opened => return opened,
        }
    }
    open_stepwise(folder, below, flags)
}

/// As [`open_beneath`], by one call for each part of the path.
fn open_stepwise(folder: BorrowedFd<'_>, below: &Path, flags: OFlags) -> Result<OwnedFd, Errno> {
    let mut parts = below.iter().peekable();
    let mut held: Option<OwnedFd> = None;
    while let Some(part) = parts.next() {
        if matches!(part.as_encoded_bytes(), b".." | b"/") {
            return Err(Errno::XDEV);
        }
        let from = held.as_ref().map_or(folder, AsFd::as_fd);
        let flags = OFlags::NOFOLLOW | if parts.peek().is_some() { FOLDER } else { flags };
        let opened = match fs::openat(from, part, flags, mode(flags)) {
            // For a link, opening as a folder fails with "not a directory".
            Err(Errno::NOTDIR) if is_link(from, part) => return Err(Errno::LOOP),
            opened => opened?,
        };
        held = Some(opened);
    }
    held.ok_or(Errno::INVAL)
}

fn is_link(folder: BorrowedFd<'_>, name: &OsStr) -> bool {
    let found = fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW);
    found.is_ok_and(|found| FileType::from_raw_mode(found.st_mode) == FileType::Symlink)
}

/// The mode of new files, before the umask.
fn mode(flags: OFlags) -> Mode {
    if flags.contains(OFlags::CREATE) { Mode::from_raw_mode(0o666) } else { Mode::empty() }
}

fn to_io_error(error: Errno) -> io::Error {
    // FreeBSD returns the second, NetBSD the third.
    if matches!(error, Errno::LOOP | Errno::MLINK) { link_in_path() } else { error.into() }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::os::unix::fs::symlink;

    use super::*;

    /// Both ways of opening, since most systems only use one of them.
    const OPENERS: [fn(BorrowedFd<'_>, &Path, OFlags) -> Result<OwnedFd, Errno>; 2] = [open_beneath, open_stepwise];

    #[test]
    fn nothing_is_opened_through_a_link_or_outside() -> io::Result<()> {
        let temp = tempfile::tempdir()?;
        std::fs::create_dir_all(temp.path().join("site/a/b"))?;
        std::fs::write(temp.path().join("site/a/b/file"), "text")?;
        std::fs::write(temp.path().join("outside"), "secret")?;
        symlink("a", temp.path().join("site/inner"))?;
        symlink("../..", temp.path().join("site/a/up"))?;
        symlink("b/file", temp.path().join("site/a/last"))?;
        let site = Dir::open(&temp.path().join("site"))?;
        for open in OPENERS {
            let opened = |path: &str| open(site.0.as_fd(), Path::new(path), FILE | OFlags::RDONLY);
            let mut text = String::new();
            File::from(opened("a/b/file")?).read_to_string(&mut text)?;
            assert_eq!(text, "text");
            for link in ["inner/b/file", "a/up/outside", "a/last", "inner"] {
                assert_eq!(opened(link).err(), Some(Errno::LOOP), "{link}");
            }
            for above in ["../outside", "/etc/passwd", "a/../../outside"] {
                assert_eq!(opened(above).err(), Some(Errno::XDEV), "{above}");
            }
            assert_eq!(opened("a/b/file/x").err(), Some(Errno::NOTDIR));
            assert_eq!(opened("a/none/x").err(), Some(Errno::NOENT));
            let folder = |path: &str| open(site.0.as_fd(), Path::new(path), FOLDER);
            assert!(folder("a/b").is_ok());
            assert_eq!(folder("inner").err(), Some(Errno::LOOP));
            assert_eq!(folder("a/b/file").err(), Some(Errno::NOTDIR));
        }
        Ok(())
    }
}
