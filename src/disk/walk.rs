use std::io::ErrorKind;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use walkdir::{DirEntry, WalkDir};

use super::stamp::Stamp;
use super::{Call, FileSystem};
use crate::diag::plain;
use crate::source::{Listed, Listing, Refused, SitePath};

/// What of a site's folder is input, beside `site.toml`.
const FOLDERS: [&str; 3] = ["content", "static", "templates"];
/// Files and folders listed below links to folders, at most: links to links can multiply without end.
const MAX_LINKED: usize = 100_000;
/// Files that are looked at by one thread in one go.
const AT_ONCE: usize = 256;

/// Lists every input below `root`, which must be a real path, with what the file system tells of each. Links are followed
/// as long as they stay in the site and out of hidden files, such as `.git` and `.env`.
pub(super) fn walk(door: &FileSystem, root: &Path) -> (Listing, Vec<Stamp>) {
    let found = Mutex::default();
    let mut listing = rayon::scope(|scope| {
        let mut walk = Walk { root, listing: Listing::default(), files: Vec::new(), linked: 0, scope, found: &found };
        for name in FOLDERS.into_iter().chain(["site.toml"]) {
            let top = root.join(name);
            match door.look(&top).and_then(|found| found.map_or(Ok(None), |_| door.pass(Call::List, &top).map(Some))) {
                Ok(Some(())) => walk.below(&top),
                Ok(None) => {}
                Err(error) => walk.refuse(&top, "read-failed", format!("cannot be listed: {}", plain(&error))),
            }
        }
        walk.look_at_files();
        walk.listing
    });
    let (mut found, refused) = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    listing.refused.extend(refused);
    found.sort_by(|(a, _), (b, _)| a.path.cmp(&b.path));
    listing.refused.sort();
    let stamps;
    (listing.files, stamps) = found.into_iter().unzip();
    (listing, stamps)
}

/// Why a link may not lead to this real path, if it may not.
pub(super) fn off_limits(root: &Path, target: &Path) -> Option<&'static str> {
    let Ok(inside) = target.strip_prefix(root) else { return Some("is a symbolic link that leads out of the site") };
    let hidden = inside.components().any(|part| part.as_os_str().as_encoded_bytes().starts_with(b"."));
    hidden.then_some("is a symbolic link to a hidden file")
}

/// Files with what the file system tells of each, and those of which it tells nothing.
type Found = (Vec<(Listed, Stamp)>, Vec<Refused>);

struct Walk<'a, 'scope> {
    root: &'a Path,
    listing: Listing,
    /// Files that were not looked at yet.
    files: Vec<(SitePath, DirEntry)>,
    linked: usize,
    scope: &'a rayon::Scope<'scope>,
    found: &'scope Mutex<Found>,
}

impl Walk<'_, '_> {
    /// Has the files so far looked at by others, while this one walks on.
    fn look_at_files(&mut self) {
        let (files, found) = (std::mem::take(&mut self.files), self.found);
        self.scope.spawn(move |_| {
            let (mut listed, mut refused) = Found::default();
            for (path, entry) in files {
                match entry.metadata() {
                    Ok(found) => listed.push((Listed { path, len: found.len() }, Stamp::of(&found))),
                    Err(error) => refused.push(Refused { path, code: "read-failed", reason: unlisted(&error) }),
                }
            }
            let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
            found.0.extend(listed);
            found.1.extend(refused);
        });
    }

    fn note(&mut self, path: SitePath, entry: DirEntry) {
        self.files.push((path, entry));
        if self.files.len() >= AT_ONCE {
            self.look_at_files();
        }
    }

    fn below(&mut self, top: &Path) {
        let mut entries = WalkDir::new(top).follow_links(true).into_iter();
        // How deep the link to a folder lies, below which we are.
        let mut link: Option<usize> = None;
        while let Some(entry) = entries.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.refuse_error(top, &error);
                    continue;
                }
            };
            if link.is_some_and(|depth| entry.depth() <= depth) {
                link = None;
            }
            let folder = entry.file_type().is_dir();
            let path = self.path(entry.path());
            if entry.path_is_symlink()
                && let Err((code, reason)) = self.judge(entry.path())
            {
                self.refuse(entry.path(), code, reason);
                if folder {
                    entries.skip_current_dir();
                }
                continue;
            }
            self.linked += usize::from(link.is_some());
            if self.linked > MAX_LINKED {
                let reason = format!("is one of more than {MAX_LINKED} files below symbolic links to folders");
                return self.refuse(entry.path(), "too-large", reason);
            }
            match path {
                None => {
                    self.refuse(entry.path(), "read-failed", "has a name that is not UTF-8".to_owned());
                    if folder {
                        entries.skip_current_dir();
                    }
                }
                Some(_) if folder => {
                    if entry.path_is_symlink() && link.is_none() {
                        link = Some(entry.depth());
                    }
                }
                Some(path) if entry.file_type().is_file() => self.note(path, entry),
                Some(_) => self.refuse(entry.path(), "read-failed", "is neither a file nor a folder".to_owned()),
            }
        }
    }

    /// Where a link leads decides; where it is named does not.
    fn judge(&self, link: &Path) -> Result<(), (&'static str, String)> {
        let real = |path: &Path| std::fs::canonicalize(path);
        let target = real(link).map_err(|error| ("read-failed", format!("cannot be followed: {}", plain(&error))))?;
        if let Some(reason) = off_limits(self.root, &target) {
            return Err(("symlink-outside", reason.to_owned()));
        }
        match link.parent().map(real) {
            Some(Ok(folder)) if !folder.starts_with(&target) => Ok(()),
            _ => Err(looped()),
        }
    }

    fn refuse_error(&mut self, top: &Path, error: &walkdir::Error) {
        let path = error.path().unwrap_or(top).to_owned();
        let kind = error.io_error().map(std::io::Error::kind);
        let dangling = kind == Some(ErrorKind::NotFound);
        // Links that lead to each other in a circle have no target, and their kind of error no stable name.
        let is_link = std::fs::symlink_metadata(&path).is_ok_and(|found| found.is_symlink());
        let circle = is_link && !dangling && kind != Some(ErrorKind::PermissionDenied);
        let (code, reason) = match () {
            () if error.loop_ancestor().is_some() || circle => looped(),
            () if dangling => ("read-failed", "is a symbolic link to nowhere".to_owned()),
            () => ("read-failed", unlisted(error)),
        };
        self.refuse(&path, code, reason);
    }

    fn refuse(&mut self, path: &Path, code: &'static str, reason: String) {
        let below = path.strip_prefix(self.root).unwrap_or(path);
        let name = below.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
        if let Ok(path) = SitePath::new(&name) {
            self.listing.refused.push(Refused { path, code, reason });
        }
    }

    fn path(&self, path: &Path) -> Option<SitePath> {
        if std::path::MAIN_SEPARATOR == '/' {
            // Comparing part by part would cost as much as all the rest of a listing.
            let (path, root) = (path.as_os_str().as_encoded_bytes(), self.root.as_os_str().as_encoded_bytes());
            let below = path.strip_prefix(root)?;
            return SitePath::new(std::str::from_utf8(below.strip_prefix(b"/").unwrap_or(below)).ok()?).ok();
        }
        let below = path.strip_prefix(self.root).ok()?;
        let parts: Option<Vec<&str>> = below.components().map(|part| part.as_os_str().to_str()).collect();
        SitePath::new(&parts?.join("/")).ok()
    }
}

fn looped() -> (&'static str, String) {
    ("symlink-loop", "is a symbolic link that leads round to itself".to_owned())
}

fn unlisted(error: &walkdir::Error) -> String {
    let words = error.io_error().map_or_else(|| error.to_string(), plain);
    format!("cannot be listed: {words}")
}
