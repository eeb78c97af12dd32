use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::windows::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Component, Path, PathBuf};

use super::{Kind, Metadata, Purpose, link_in_path, regular};

/// Listing a folder and reading its attributes: a handle with less would not keep others from renaming the folder.
const LIST: u32 = 0x0001 | 0x0080;
/// Others may read and write below the folder, and neither rename nor remove it.
const SHARE: u32 = 0x1 | 0x2;
/// Opens folders too, and a link itself in place of what it leads to.
const FLAGS: u32 = 0x0200_0000 | OPEN_LINK;
const OPEN_LINK: u32 = 0x0020_0000;

/// A folder that is held open: while it is, nothing else can take its name.
#[derive(Debug)]
pub struct Dir {
    path: PathBuf,
    /// The folder, and those between it and the one that it was reached from.
    _held: Vec<File>,
}

impl Dir {
    /// Opens a folder by its real path.
    ///
    /// # Errors
    /// What the system says; also where it is a link by now.
    pub fn open(real: &Path) -> io::Result<Self> {
        Ok(Self { _held: vec![hold(real)?], path: real.to_owned() })
    }

    /// Opens a folder below this one.
    ///
    /// # Errors
    /// What the system says.
    pub fn folder(&self, below: &Path) -> io::Result<Self> {
        let (mut path, mut held) = (self.path.clone(), Vec::new());
        for part in below.components() {
            let Component::Normal(name) = part else { return Err(link_in_path()) };
            path.push(name);
            held.push(hold(&path)?);
        }
        Ok(Self { path, _held: held })
    }

    /// Opens a regular file below this folder.
    ///
    /// # Errors
    /// What the system says.
    pub fn file(&self, below: &Path, purpose: Purpose) -> io::Result<(File, Metadata)> {
        let mut options = OpenOptions::new();
        match purpose {
            Purpose::Read => options.read(true),
            Purpose::Create => options.write(true).create_new(true),
            Purpose::Lock => options.read(true).write(true).create(true),
            Purpose::Append => options.append(true).create(true),
        };
        self.at(below, |path| regular(options.custom_flags(OPEN_LINK).open(path)?))
    }

    /// What the system knows of what is below this folder, links not followed.
    ///
    /// # Errors
    /// What the system says.
    pub fn look(&self, below: &Path) -> io::Result<Metadata> {
        self.at(below, |path| fs::symlink_metadata(path).map(|found| Metadata::of(&found)))
    }

    /// The names in this folder, in no order.
    ///
    /// # Errors
    /// What the system says.
    pub fn entries(&self) -> io::Result<Vec<(OsString, Kind)>> {
        let named = |entry: io::Result<fs::DirEntry>| {
            let entry = entry?;
            Ok((entry.file_name(), kind(entry.file_type()?)))
        };
        fs::read_dir(&self.path)?.map(named).collect()
    }

    /// Gives a file or folder another name, in the place of any file that has it.
    ///
    /// # Errors
    /// What the system says.
    pub fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.at(from, |from| self.at(to, |to| fs::rename(from, to)))
    }

    /// Gives a file another name, which must be free.
    ///
    /// # Errors
    /// What the system says.
    pub fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.at(from, |from| {
            self.at(to, |to| fs::hard_link(&from, to))?;
            fs::remove_file(from)
        })
    }

    /// Makes a folder.
    ///
    /// # Errors
    /// What the system says.
    pub fn make_folder(&self, below: &Path) -> io::Result<()> {
        self.at(below, fs::create_dir)
    }

    /// Removes a file or a link.
    ///
    /// # Errors
    /// What the system says.
    pub fn remove_file(&self, below: &Path) -> io::Result<()> {
        self.at(below, fs::remove_file)
    }

    /// Removes an empty folder.
    ///
    /// # Errors
    /// What the system says.
    pub fn remove_folder(&self, below: &Path) -> io::Result<()> {
        self.at(below, fs::remove_dir)
    }

    /// Does nothing: Windows syncs no folders.
    ///
    /// # Errors
    /// None.
    pub fn sync(&self) -> io::Result<()> {
        Ok(())
    }

    /// Acts on a path while all folders on it are held.
    fn at<T>(&self, below: &Path, act: impl FnOnce(PathBuf) -> io::Result<T>) -> io::Result<T> {
        let name = below.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        let folder = self.folder(below.parent().unwrap_or(Path::new("")))?;
        act(folder.path.join(name))
    }
}

/// Opens a folder that is no link, so that it stays what it is.
fn hold(path: &Path) -> io::Result<File> {
    let folder = OpenOptions::new().access_mode(LIST).share_mode(SHARE).custom_flags(FLAGS).open(path)?;
    match kind(folder.metadata()?.file_type()) {
        Kind::Folder => Ok(folder),
        Kind::Link => Err(link_in_path()),
        _ => Err(io::ErrorKind::NotADirectory.into()),
    }
}

impl Metadata {
    /// What is known of a file of the standard library.
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
