use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::windows::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Component, Path, PathBuf};

use super::{Kind, Metadata, Purpose, link_in_path, regular};

/// Listing a folder and reading its attributes: a handle with less would not keep others from renaming the folder.
const LIST: u32 = 0x0001 | 0x0080;
/// Other processes may read and write below the folder, but not rename or remove it.
const SHARE: u32 = 0x1 | 0x2;
/// Opens folders too, and a link itself in place of what it leads to.
const FLAGS: u32 = 0x0200_0000 | OPEN_LINK;
const OPEN_LINK: u32 = 0x0020_0000;

/// An open folder. While it is open, it cannot be renamed or replaced.
#[derive(Debug)]
pub struct Dir {
    path: PathBuf,
    /// The folder, and the ones between it and the folder that it was opened from.
    _handles: Vec<File>,
}

impl Dir {
    /// Opens a folder by its real path.
    ///
    /// # Errors
    /// The error of the operating system; also if it is now a link.
    pub fn open(real: &Path) -> io::Result<Self> {
        Ok(Self { _handles: vec![open_locked(real)?], path: real.to_owned() })
    }

    /// Opens a folder below this one.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn folder(&self, below: &Path) -> io::Result<Self> {
        let (mut path, mut held) = (self.path.clone(), Vec::new());
        for part in below.components() {
            let Component::Normal(name) = part else { return Err(link_in_path()) };
            path.push(name);
            held.push(open_locked(&path)?);
        }
        Ok(Self { path, _handles: held })
    }

    /// Opens a regular file below this folder.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn file(&self, below: &Path, purpose: Purpose) -> io::Result<(File, Metadata)> {
        let mut options = OpenOptions::new();
        match purpose {
            Purpose::Read => options.read(true),
            Purpose::Create => options.write(true).create_new(true),
            Purpose::Lock => options.read(true).write(true).create(true),
            Purpose::Append => options.append(true).create(true),
        };
        self.in_parent(below, |path| regular(options.custom_flags(OPEN_LINK).open(path)?))
    }

    /// The metadata of a path below this folder; links are not followed.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn metadata(&self, below: &Path) -> io::Result<Metadata> {
        self.in_parent(below, |path| fs::symlink_metadata(path).map(|found| Metadata::of(&found)))
    }

    /// The names in this folder, unordered.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn entries(&self) -> io::Result<Vec<(OsString, Kind)>> {
        let named = |entry: io::Result<fs::DirEntry>| {
            let entry = entry?;
            Ok((entry.file_name(), kind(entry.file_type()?)))
        };
        fs::read_dir(&self.path)?.map(named).collect()
    }

    /// Renames a file or folder, replacing any file of that name.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.in_parent(from, |from| self.in_parent(to, |to| fs::rename(from, to)))
    }

    /// Renames a file; the new name must not exist.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.in_parent(from, |from| {
            self.in_parent(to, |to| fs::hard_link(&from, to))?;
            fs::remove_file(from)
        })
    }

    /// Makes a folder.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn make_folder(&self, below: &Path) -> io::Result<()> {
        self.in_parent(below, fs::create_dir)
    }

    /// Removes a file or a link.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn remove_file(&self, below: &Path) -> io::Result<()> {
        self.in_parent(below, fs::remove_file)
    }

    /// Removes an empty folder.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn remove_folder(&self, below: &Path) -> io::Result<()> {
        self.in_parent(below, fs::remove_dir)
    }

    /// Does nothing: Windows syncs no folders.
    ///
    /// # Errors
    /// None.
    pub fn sync(&self) -> io::Result<()> {
        Ok(())
    }

    /// Calls `act` on a path while all folders in it are kept open.
    fn in_parent<T>(&self, below: &Path, act: impl FnOnce(PathBuf) -> io::Result<T>) -> io::Result<T> {
        let name = below.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        let folder = self.folder(below.parent().unwrap_or(Path::new("")))?;
        act(folder.path.join(name))
    }
}

/// Opens a folder that is not a link, so that it cannot be replaced.
fn open_locked(path: &Path) -> io::Result<File> {
    let folder = OpenOptions::new().access_mode(LIST).share_mode(SHARE).custom_flags(FLAGS).open(path)?;
    match kind(folder.metadata()?.file_type()) {
        Kind::Folder => Ok(folder),
        Kind::Link => Err(link_in_path()),
        _ => Err(io::ErrorKind::NotADirectory.into()),
    }
}

impl Metadata {
    /// The metadata of an open file.
    pub fn of(found: &fs::Metadata) -> Self {
        // In steps of 100 nanoseconds.
        let written = i64::try_from(found.last_write_time()).unwrap_or(i64::MAX);
        let modified = (written / 10_000_000, written % 10_000_000 * 100);
        Self { kind: kind(found.file_type()), len: found.len(), id: (0, 0), modified, changed: modified }
    }
}

fn kind(found: fs::FileType) -> Kind {
    match () {
        () if found.is_symlink() => Kind::Link,
        () if found.is_file() => Kind::File,
        () if found.is_dir() => Kind::Folder,
        () => Kind::Other,
    }
}
