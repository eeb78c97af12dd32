use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::dir::{Kind, is_link_in_path};
use super::root::{Root, hash_all, read_all};
use super::stamp::{Stamp, Stamps};
use super::walk::{follow_link, walk};
use super::{DiskError, FileSystem};
use crate::source::{Files, Hash, Listing, MAX_INPUT, SitePath};

/// A site's folder, and the files in it. Every file is opened relative to the folder, even if folders are renamed or
/// linked meanwhile. Links are followed only if the listing would follow them, and only regular files are opened.
pub struct Folder {
    root: Root,
}

impl Folder {
    /// The site at `root`.
    ///
    /// # Errors
    /// When that is not a folder, or cannot be listed.
    pub fn open(root: &Path) -> Result<Self, DiskError> {
        Self::open_through(&FileSystem::default(), root)
    }

    /// As [`Folder::open`], with every call to the file system made through `fs`.
    ///
    /// # Errors
    /// As [`Folder::open`].
    pub fn open_through(fs: &FileSystem, root: &Path) -> Result<Self, DiskError> {
        let opened = fs.resolve(root).and_then(|real| fs.open(&real));
        Ok(Self { root: opened.map_err(DiskError::read_error(root))? })
    }

    /// Its real path.
    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// Every input file, with its metadata.
    pub fn survey(&self) -> (Listing, Stamps) {
        let (listing, stamps) = walk(&self.root);
        let stamps = listing.files.iter().map(|listed| listed.path.clone()).zip(stamps).collect();
        (listing, stamps)
    }

    /// The metadata of one input, if that is a regular file; links are not followed.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn stamp(&self, path: &SitePath) -> io::Result<Option<Stamp>> {
        let found = self.root.metadata(path)?;
        Ok(found.filter(|found| found.kind == Kind::File).map(|found| Stamp::of(&found)))
    }

    /// Whether this path exists.
    pub fn holds(&self, path: &SitePath) -> bool {
        // A link may lead anywhere.
        self.root.metadata(path).map_or_else(|error| is_link_in_path(&error), |found| found.is_some())
    }

    /// Opens an input, and returns the metadata of the open file with it.
    ///
    /// A link that the listing would refuse is refused here as well: a message about it must not show a line of its
    /// target.
    ///
    /// # Errors
    /// The error of the operating system; also if this is not a regular file.
    pub fn open_file(&self, path: &SitePath) -> io::Result<(File, Stamp)> {
        let opened = match self.root.open(path) {
            Err(error) if is_link_in_path(&error) => {
                let real = follow_link(&self.root, Path::new(path.as_str()));
                self.root.open(real.map_err(|(_, reason)| io::Error::new(io::ErrorKind::PermissionDenied, reason))?)
            }
            opened => opened,
        };
        opened.map(|(file, found)| (file, Stamp::of(&found)))
    }
}

impl Files for Folder {
    fn list(&self) -> Listing {
        walk(&self.root).0
    }

    fn read(&self, path: &SitePath) -> io::Result<Vec<u8>> {
        let (file, stamp) = self.open_file(path)?;
        read_all(&file, stamp.len, MAX_INPUT)
    }

    fn read_hashed(&self, path: &SitePath, limit: u64) -> io::Result<(Vec<u8>, Hash)> {
        let (file, stamp) = self.open_file(path)?;
        let bytes = read_all(&file, stamp.len, limit)?;
        let hash = Hash::of(&bytes);
        Ok((bytes, hash))
    }

    fn read_head(&self, path: &SitePath, limit: usize) -> io::Result<Vec<u8>> {
        let mut head = Vec::new();
        self.open_file(path)?.0.take(limit as u64).read_to_end(&mut head)?;
        Ok(head)
    }

    fn open(&self, path: &SitePath) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(self.open_file(path)?.0))
    }

    fn hash(&self, path: &SitePath) -> io::Result<Hash> {
        hash_all(&self.open_file(path)?.0)
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
    fn lists_the_inputs_of_a_site_and_reads_them_by_name() -> Result {
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
        symlink-loop content/more/deep/back is a symbolic link that leads to itself
        symlink-outside content/out.md is a symbolic link that leads out of the site
        symlink-loop content/ring-a is a symbolic link that leads to itself
        symlink-loop content/ring-b is a symbolic link that leads to itself
        symlink-loop content/self is a symbolic link that leads to itself
        read-failed content/socket is neither a file nor a folder
        symlink-loop content/up is a symbolic link that leads to itself
        "#);
        Ok(())
    }

    #[test]
    fn an_unreadable_folder_is_reported_and_others_are_listed() -> Result {
        let temp = site()?;
        let fs = FileSystem::with_hook(|call, path| match (call, path.file_name()) {
            (Call::List | Call::Metadata, Some(name)) if name == "templates" => {
                Err(io::ErrorKind::PermissionDenied.into())
            }
            (Call::Read, _) => Err(io::Error::from_raw_os_error(5)),
            _ => Ok(()),
        });
        let folder = Folder::open_through(&fs, &temp.path().join("site"))?;
        let listing = folder.list();
        assert_eq!(listing.refused.iter().map(|refused| refused.code).collect::<Vec<_>>(), ["read-failed"]);
        assert!(!listing.files.is_empty());
        assert!(
            listing.files.iter().all(|listed| folder.read(&listed.path).is_err() && folder.hash(&listed.path).is_err())
        );
        Ok(())
    }

    #[test]
    fn a_missing_folder_is_an_error_and_an_empty_one_an_empty_listing() -> Result {
        let temp = tempfile::tempdir()?;
        assert!(matches!(Folder::open(&temp.path().join("none")), Err(DiskError::Read { .. })));
        assert_eq!(Folder::open(temp.path())?.list(), Listing::default());
        Ok(())
    }
}
