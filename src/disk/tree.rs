use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::FileSystem;
use super::dir::Kind;
use super::root::Root;
use super::walk::site_path;
use crate::diag::plain;
use crate::source::{Files, Listed, Listing, MAX_INPUT, Refused, SitePath};

/// All files of any folder, except hidden ones; links are not followed.
pub struct Tree {
    root: Root,
    listing: Listing,
}

/// Folders that are not part of a site, and may be very large.
const SKIPPED: [&str; 6] = [".git", ".hg", ".svn", ".venv", ".cache", "node_modules"];

impl Tree {
    /// Lists a folder.
    ///
    /// # Errors
    /// When it cannot be listed.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let fs = FileSystem::default();
        let root = fs.open(&fs.resolve(folder)?)?;
        let mut listing = Listing::default();
        let mut folders = vec![PathBuf::new()];
        while let Some(folder) = folders.pop() {
            let entries = match root.entries(&folder) {
                Err(error) if folder.as_os_str().is_empty() => return Err(error),
                Err(error) => {
                    let reason = format!("folders cannot be read ({})", plain(&error));
                    listing.refused.extend(refused(&folder, reason));
                    continue;
                }
                Ok(entries) => entries,
            };
            for (name, kind) in entries.into_iter().filter(|(name, _)| !SKIPPED.iter().any(|skipped| name == *skipped))
            {
                let path = folder.join(name);
                match (kind, path.to_str().and_then(|_| site_path(&path))) {
                    (Kind::Folder, _) => folders.push(path),
                    (Kind::File, Some(path)) => listing.files.push(Listed { path, len: 0 }),
                    (Kind::File, None) => listing.refused.extend(refused(&path, "names are not UTF-8".into())),
                    _ => listing.refused.extend(refused(&path, "links and special files were not followed".into())),
                }
            }
        }
        listing.files.sort_by(|a, b| a.path.cmp(&b.path));
        listing.refused.sort();
        Ok(Self { root, listing })
    }

    /// Its real path.
    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// Whether a folder, which may not exist yet, is inside this one.
    pub fn holds(&self, folder: &Path) -> bool {
        let real = FileSystem::default().resolve_new(folder);
        real.is_ok_and(|real| real.is_some_and(|real| real.starts_with(self.root())))
    }

    /// Only listed files: a report must not show a line of a link's target.
    fn is_listed(&self, path: &SitePath) -> io::Result<()> {
        let listed = self.listing.files.binary_search_by(|listed| listed.path.cmp(path));
        listed.map(|_| ()).map_err(|_| io::ErrorKind::NotFound.into())
    }
}

fn refused(path: &Path, reason: String) -> Option<Refused> {
    Some(Refused { path: site_path(path)?, code: "not-imported", reason })
}

impl Files for Tree {
    fn list(&self) -> Listing {
        self.listing.clone()
    }

    fn read(&self, path: &SitePath) -> io::Result<Vec<u8>> {
        self.is_listed(path)?;
        self.root.read(path, MAX_INPUT)
    }

    fn open(&self, path: &SitePath) -> io::Result<Box<dyn Read + '_>> {
        self.is_listed(path)?;
        Ok(Box::new(self.root.open(path)?.0))
    }
}
