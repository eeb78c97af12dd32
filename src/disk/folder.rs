use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::stamp::{Stamp, Stamps};
use super::walk::{off_limits, walk};
use super::{DiskError, FileSystem};
use crate::source::{Files, Hash, Listing, SitePath};

/// A site's folder, as the door for its inputs.
pub struct Folder {
    root: PathBuf,
    door: FileSystem,
}

impl Folder {
    /// The site at `root`.
    ///
    /// # Errors
    /// When that is no folder, or cannot be looked into.
    pub fn open(root: &Path) -> Result<Self, DiskError> {
        Self::open_through(FileSystem::default(), root)
    }

    /// As [`Folder::open`], with every call to the file system made through `door`.
    ///
    /// # Errors
    /// As [`Folder::open`].
    pub fn open_through(door: FileSystem, root: &Path) -> Result<Self, DiskError> {
        let real = door.resolve(root).map_err(DiskError::reading(root))?;
        match door.look(&real).map_err(DiskError::reading(root))? {
            Some(found) if found.is_dir() => Ok(Self { root: real, door }),
            _ => Err(DiskError::reading(root)(io::ErrorKind::NotADirectory.into())),
        }
    }

    /// Its real path.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Every input file, with what the file system tells of it.
    pub fn survey(&self) -> (Listing, Stamps) {
        let (listing, stamps) = walk(&self.door, &self.root);
        let stamps = listing.files.iter().map(|listed| listed.path.clone()).zip(stamps).collect();
        (listing, stamps)
    }

    /// What the file system tells of one input, where that is a plain file, links not followed.
    ///
    /// # Errors
    /// What the file system says.
    pub fn stamp(&self, path: &SitePath) -> io::Result<Option<Stamp>> {
        let found = self.door.look(&self.root.join(path.as_str()))?;
        Ok(found.filter(std::fs::Metadata::is_file).map(|found| Stamp::of(&found)))
    }

    /// Whether anything stands under this name.
    pub fn holds(&self, path: &SitePath) -> bool {
        self.door.look(&self.root.join(path.as_str())).is_ok_and(|found| found.is_some())
    }

    /// Opens an input. A link that the listing would refuse is refused here as well: who shows a problem with it must not
    /// show a line of what it leads to.
    fn open_input(&self, path: &SitePath) -> io::Result<(File, PathBuf)> {
        let place = self.root.join(path.as_str());
        let file = match self.door.open_plain(&place)? {
            Some(file) => file,
            None => {
                let link = self.door.look(&place)?.is_some_and(|found| found.is_symlink());
                let real = if link { self.door.resolve(&place)? } else { place.clone() };
                if let Some(reason) = off_limits(&self.root, &real).filter(|_| link) {
                    return Err(io::Error::new(io::ErrorKind::PermissionDenied, reason));
                }
                self.door.open_plain(&real)?.map_or_else(|| self.door.open(&real), Ok)?
            }
        };
        match file.metadata()?.is_file() {
            true => Ok((file, place)),
            false => Err(io::Error::other("it is not a regular file")),
        }
    }

    /// Opens an input for reading it in pieces, with what the file system tells of it.
    ///
    /// # Errors
    /// What the file system says, and when it is no regular file.
    pub fn open_file(&self, path: &SitePath) -> io::Result<(File, Stamp)> {
        let (file, _) = self.open_input(path)?;
        let stamp = Stamp::of(&file.metadata()?);
        Ok((file, stamp))
    }
}

impl Files for Folder {
    fn list(&self) -> Listing {
        walk(&self.door, &self.root).0
    }

    fn read(&self, path: &SitePath) -> io::Result<Vec<u8>> {
        let (file, place) = self.open_input(path)?;
        self.door.read_all(file, &place)
    }

    fn read_head(&self, path: &SitePath, limit: usize) -> io::Result<Vec<u8>> {
        let mut head = Vec::new();
        self.open_input(path)?.0.take(limit as u64).read_to_end(&mut head)?;
        Ok(head)
    }

    fn open(&self, path: &SitePath) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(self.open_input(path)?.0))
    }

    fn hash(&self, path: &SitePath) -> io::Result<Hash> {
        let (file, place) = self.open_input(path)?;
        self.door.hash_all(file, &place)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::disk::Call;

    type Result = std::result::Result<(), Box<dyn std::error::Error>>;

    fn site() -> std::result::Result<tempfile::TempDir, io::Error> {
        let temp = tempfile::tempdir()?;
        for (path, text) in [
            ("site.toml", "title = 'x'"),
            ("README.md", "read me"),
            ("content/b.md", "b"),
            ("content/a/é e\u{301} #?%\"\n.md", "odd"),
            ("content/.hidden", "h"),
            ("templates/base.html", "<html>"),
            ("static/map.png", "png"),
            ("public/index.html", "out"),
            (".env", "secret"),
            ("../outside.md", "out"),
        ] {
            let path = temp.path().join("site").join(path);
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            fs::write(path, text)?;
        }
        Ok(temp)
    }

    fn shown(listing: &Listing) -> String {
        let files = listing.files.iter().map(|listed| format!("{:?} {}\n", listed.path.as_str(), listed.len));
        let refused =
            listing.refused.iter().map(|refused| format!("{} {} {}\n", refused.code, refused.path, refused.reason));
        files.chain(refused).collect()
    }

    #[test]
    fn lists_what_belongs_to_a_site_and_reads_it_by_name() -> Result {
        let temp = site()?;
        let folder = Folder::open(&temp.path().join("site"))?;
        let listing = folder.list();
        insta::assert_snapshot!(shown(&listing), @r#"
        "content/.hidden" 1
        "content/a/é e\u{301} #?%\"\n.md" 3
        "content/b.md" 1
        "site.toml" 11
        "static/map.png" 3
        "templates/base.html" 6
        "#);
        for listed in &listing.files {
            let bytes = folder.read(&listed.path)?;
            assert_eq!(bytes.len() as u64, listed.len);
            assert_eq!(folder.hash(&listed.path)?, Hash::of(&bytes));
            assert_eq!(folder.read_head(&listed.path, 2)?, bytes.get(..2).unwrap_or(&bytes));
        }
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_inside_refused_outside_and_loops_are_found() -> Result {
        use std::os::unix::fs::symlink;
        let temp = site()?;
        let content = temp.path().join("site/content");
        fs::create_dir_all(temp.path().join("site/more/deep"))?;
        fs::write(temp.path().join("site/more/deep/x.md"), "x")?;
        for (target, link) in [
            ("../README.md", "readme.md"),
            ("../more", "more"),
            ("../../outside.md", "out.md"),
            ("/etc", "etc"),
            ("..", "up"),
            ("a/../a", "same"),
            (".", "self"),
            ("../.env", "env.md"),
            ("nowhere", "broken.md"),
            ("ring-b", "ring-a"),
            ("ring-a", "ring-b"),
            ("../../content", "../more/deep/back"),
        ] {
            symlink(target, content.join(link))?;
        }
        let folder = Folder::open(&temp.path().join("site"))?;
        let reads = |path: &str| SitePath::new(path).is_ok_and(|path| folder.read(&path).is_ok());
        assert!(reads("content/readme.md") && !reads("content/out.md") && !reads("content/env.md"));
        std::os::unix::net::UnixListener::bind(content.join("socket"))?;
        fs::create_dir(content.join(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(b"caf\xe9")))?;
        insta::assert_snapshot!(shown(&Folder::open(&temp.path().join("site"))?.list()), @r#"
        "content/.hidden" 1
        "content/a/é e\u{301} #?%\"\n.md" 3
        "content/b.md" 1
        "content/more/deep/x.md" 1
        "content/readme.md" 7
        "content/same/é e\u{301} #?%\"\n.md" 3
        "site.toml" 11
        "static/map.png" 3
        "templates/base.html" 6
        read-failed content/broken.md is a symbolic link to nowhere
        read-failed content/caf� has a name that is not UTF-8
        symlink-outside content/env.md is a symbolic link to a hidden file
        symlink-outside content/etc is a symbolic link that leads out of the site
        symlink-loop content/more/deep/back is a symbolic link that leads round to itself
        symlink-outside content/out.md is a symbolic link that leads out of the site
        symlink-loop content/ring-a is a symbolic link that leads round to itself
        symlink-loop content/ring-b is a symbolic link that leads round to itself
        symlink-loop content/self is a symbolic link that leads round to itself
        read-failed content/socket is neither a file nor a folder
        symlink-loop content/up is a symbolic link that leads round to itself
        "#);
        Ok(())
    }

    #[test]
    fn a_folder_that_cannot_be_read_is_named_and_hides_no_other() -> Result {
        let temp = site()?;
        let door = FileSystem::guarded(|call, path| match (call, path.file_name()) {
            (Call::List | Call::Look, Some(name)) if name == "templates" => Err(io::ErrorKind::PermissionDenied.into()),
            (Call::Read, _) => Err(io::Error::from_raw_os_error(5)),
            _ => Ok(()),
        });
        let folder = Folder::open_through(door, &temp.path().join("site"))?;
        let listing = folder.list();
        assert_eq!(listing.refused.iter().map(|refused| refused.code).collect::<Vec<_>>(), ["read-failed"]);
        assert!(!listing.files.is_empty());
        assert!(
            listing.files.iter().all(|listed| folder.read(&listed.path).is_err() && folder.hash(&listed.path).is_err())
        );
        Ok(())
    }

    #[test]
    fn no_folder_is_an_error_and_an_empty_one_is_an_empty_listing() -> Result {
        let temp = tempfile::tempdir()?;
        assert!(matches!(Folder::open(&temp.path().join("none")), Err(DiskError::Read { .. })));
        assert_eq!(Folder::open(temp.path())?.list(), Listing::default());
        Ok(())
    }
}
