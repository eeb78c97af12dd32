use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rayon::Scope;
use rayon::prelude::*;

use super::dir::{Kind, Metadata};
use super::lock::LOCK;
use super::root::Root;
use super::stamp::Stamp;
use super::survey::MANIFEST;
use crate::diag::plain;
use crate::source::{Listed, Listing, Refused, SitePath};

/// The parts of a site's folder that are input.
const INPUTS: [&str; 4] = ["content", "site.toml", "static", "templates"];
/// The maximum number of files and folders below links to folders: links to links can multiply endlessly.
const MAX_LINKED: usize = 100_000;
/// Links to folders that are followed, at most.
const MAX_LINKS: usize = 1_000;
/// The maximum number of folders above a file; deeper paths would be slow to compare.
const MAX_DEPTH: usize = 64;
/// The number of files in one task of a thread.
const CHUNK: usize = 256;

/// Lists every input below `root`, with its metadata. Links are followed if they stay in the site and do not lead to
/// hidden files, such as `.git` and `.env`.
pub(super) fn walk(root: &Root) -> (Listing, Vec<Stamp>) {
    let walk = Walk { root, found: Mutex::default() };
    rayon::scope(|scope| {
        for name in INPUTS {
            let path = PathBuf::from(name);
            match root.metadata(name) {
                Ok(None) => {}
                Ok(Some(found)) => walk.list_below(scope, path, found.kind),
                Err(error) => walk.refuse(&path, unreadable(&error)),
            }
        }
    });
    let links = std::mem::take(&mut walk.found().links);
    walk.follow(links);
    let Found { mut files, mut refused, .. } = walk.found.into_inner().unwrap_or_else(PoisonError::into_inner);
    files.sort_by(|(a, _), (b, _)| a.path.cmp(&b.path));
    refused.sort();
    let (files, stamps) = files.into_iter().unzip();
    (Listing { files, refused }, stamps)
}

/// The target of a link, relative to the root of the site.
///
/// # Errors
/// When it leads out of the site, to a hidden file, into an output folder, or to no file.
pub(super) fn follow_link(root: &Root, link: &Path) -> Result<PathBuf, Refusal> {
    let target = match std::fs::canonicalize(root.locate(link)) {
        Ok(target) => target,
        Err(error) => match error.kind() {
            ErrorKind::NotFound => return Err(("read-failed", "is a symbolic link to nowhere".to_owned())),
            ErrorKind::PermissionDenied => return Err(unreadable(&error)),
            // Links in a circle have no target, and their error has no stable kind.
            _ => return Err(circular()),
        },
    };
    let outside = |reason: &str| ("symlink-outside", reason.to_owned());
    let inside = target.strip_prefix(root.path());
    let inside = inside.map_err(|_| outside("is a symbolic link that leads out of the site"))?;
    if inside.iter().any(|name| name.as_encoded_bytes().starts_with(b".")) {
        return Err(outside("is a symbolic link to a hidden file"));
    }
    match inside.ancestors().find(|above| is_output(root, above)) {
        Some(output) => Err(loop_refusal(&format!("is a symbolic link into the output folder `{}`", output.display()))),
        None => Ok(inside.to_owned()),
    }
}

/// Whether a folder of the site is an output folder, which a build would publish into itself: it has a manifest, or is
/// locked by the first build.
fn is_output(root: &Root, folder: &Path) -> bool {
    let has = |file| root.metadata(folder.join(file)).is_ok_and(|found| found.is_some());
    !folder.as_os_str().is_empty() && (has(MANIFEST) || has(LOCK))
}

fn loop_refusal(reason: &str) -> Refusal {
    ("symlink-loop", reason.to_owned())
}

/// The code of a problem, and the end of a sentence that starts with the path.
pub(super) type Refusal = (&'static str, String);

#[derive(Default)]
struct Found {
    files: Vec<(Listed, Stamp)>,
    refused: Vec<Refused>,
    links: Vec<Link>,
}

/// A link found while listing.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Link {
    /// Its path in the listing.
    shown: PathBuf,
    /// Its real path, which differs below another link.
    real: PathBuf,
    /// The link that it was found below.
    via: Option<Arc<Link>>,
}

impl Link {
    /// Whether following `target` would lead here again.
    fn is_circular(&self, target: &Path) -> bool {
        let mut links = std::iter::successors(Some(self), |link| link.via.as_deref());
        links.any(|link| link.real.parent().is_some_and(|folder| folder.starts_with(target)))
    }
}

struct Walk<'r> {
    root: &'r Root,
    found: Mutex<Found>,
}

impl Walk<'_> {
    /// Lists a path and everything below it, on all threads; links are left for later.
    fn list_below<'s>(&'s self, scope: &Scope<'s>, path: PathBuf, kind: Kind) {
        match kind {
            Kind::Folder if is_too_deep(&path) => self.refuse(&path, too_deep()),
            Kind::Folder => scope.spawn(move |scope| {
                let Some((folder, entries)) = self.list(&path, &path) else { return };
                let (files, others): (Vec<_>, Vec<_>) = entries.into_iter().partition(|(_, kind)| *kind == Kind::File);
                others.into_iter().for_each(|(name, kind)| self.list_below(scope, path.join(name), kind));
                let look = |(name, _): &(OsString, Kind)| (path.join(name), folder.metadata(name));
                files.par_chunks(CHUNK).for_each(|files| self.add_files(files.iter().map(look)));
            }),
            Kind::Link => self.found().links.push(Link { shown: path.clone(), real: path, via: None }),
            Kind::File => self.add_files([(path.clone(), self.root.metadata(&path))]),
            Kind::Other => self.refuse(&path, not_a_file()),
        }
    }

    /// Lists the targets of links, one after the other, so that the limit is reached at the same place each time.
    fn follow(&self, mut links: Vec<Link>) {
        links.sort_by(|a, b| b.cmp(a));
        let (mut count, mut followed, mut is_full) = (0, 0, false);
        while let Some(link) = links.pop() {
            let target = follow_link(self.root, &link.real).and_then(|target| match link.is_circular(&target) {
                true => Err(circular()),
                false => self.root.metadata(&target).map(|found| (target, found)).map_err(|error| unreadable(&error)),
            });
            match target {
                // Links to files, such as `site.toml`, are followed all the same.
                Ok((_, Some(found))) if found.kind == Kind::Folder && is_full => {}
                Ok((_, Some(found))) if found.kind == Kind::Folder && followed == MAX_LINKS => {
                    let reason = format!("is one of more than {MAX_LINKS} symbolic links to folders");
                    self.refuse(&link.shown, ("too-large", reason));
                    is_full = true;
                }
                Ok((target, Some(found))) if found.kind == Kind::Folder => {
                    followed += 1;
                    let from = links.len();
                    is_full = !self.list_target(&Arc::new(link), target, &mut links, &mut count);
                    links.get_mut(from..).unwrap_or_default().sort_by(|a, b| b.cmp(a));
                }
                Ok((_, found)) => self.add_files([(link.shown, Ok(found))]),
                Err(refusal) => self.refuse(&link.shown, refusal),
            }
        }
    }

    /// Lists the files below a link to the folder `target`, and adds the links there; false if the limit is exceeded.
    fn list_target(&self, link: &Arc<Link>, target: PathBuf, links: &mut Vec<Link>, count: &mut usize) -> bool {
        let mut folders = vec![(target, link.shown.clone())];
        while let Some((real, shown)) = folders.pop() {
            if is_output(self.root, &real) {
                self.refuse(&shown, loop_refusal("is an output folder, reached through a symbolic link"));
                continue;
            }
            let Some((folder, mut entries)) = self.list(&real, &shown) else { continue };
            entries.sort();
            for (name, kind) in entries {
                *count += 1;
                let (real, shown) = (real.join(&name), shown.join(&name));
                match kind {
                    _ if *count > MAX_LINKED => {
                        let reason = format!("is one of more than {MAX_LINKED} files below symbolic links to folders");
                        self.refuse(&shown, ("too-large", reason));
                        return false;
                    }
                    Kind::Folder if is_too_deep(&shown) => self.refuse(&shown, too_deep()),
                    Kind::Folder => folders.push((real, shown)),
                    Kind::Link => links.push(Link { shown, real, via: Some(link.clone()) }),
                    Kind::File => self.add_files([(shown, folder.metadata(&name))]),
                    Kind::Other => self.refuse(&shown, not_a_file()),
                }
            }
        }
        true
    }

    /// The entries of a folder; names that are not UTF-8 are errors.
    fn list(&self, real: &Path, shown: &Path) -> Option<(Root, Vec<(OsString, Kind)>)> {
        let listed = self.root.folder(real).and_then(|folder| Ok((folder.entries("")?, folder)));
        match listed {
            Ok((mut entries, folder)) => {
                entries.retain(|(name, _)| {
                    let is_text = name.to_str().is_some();
                    if !is_text {
                        self.refuse(&shown.join(name), ("read-failed", "has a name that is not UTF-8".to_owned()));
                    }
                    is_text
                });
                Some((folder, entries))
            }
            Err(error) => {
                self.refuse(shown, unreadable(&error));
                None
            }
        }
    }

    /// Adds files with their metadata. Files that were removed meanwhile are left out.
    fn add_files(&self, looked: impl IntoIterator<Item = (PathBuf, io::Result<Option<Metadata>>)>) {
        let (mut files, mut refused) = (Vec::new(), Vec::new());
        for (shown, found) in looked {
            let Some(path) = site_path(&shown) else { continue };
            match found {
                Ok(Some(found)) if found.kind == Kind::File => {
                    files.push((Listed { path, len: found.len }, Stamp::of(&found)));
                }
                Ok(None) => {}
                Ok(Some(_)) => refused.push(refused_as(path, not_a_file())),
                Err(error) => refused.push(refused_as(path, unreadable(&error))),
            }
        }
        let mut all = self.found();
        all.files.extend(files);
        all.refused.extend(refused);
    }

    fn refuse(&self, path: &Path, refusal: Refusal) {
        self.found().refused.extend(site_path(path).map(|path| refused_as(path, refusal)));
    }

    fn found(&self) -> MutexGuard<'_, Found> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A path relative to the site; bytes that are not UTF-8 are replaced.
pub(super) fn site_path(path: &Path) -> Option<SitePath> {
    let text = path.to_string_lossy();
    let text =
        if std::path::MAIN_SEPARATOR == '/' { text } else { text.replace(std::path::MAIN_SEPARATOR, "/").into() };
    SitePath::new(&text).ok()
}

fn refused_as(path: SitePath, (code, reason): Refusal) -> Refused {
    Refused { path, code, reason }
}

/// Whether a folder is too deep for its files to be inputs.
fn is_too_deep(folder: &Path) -> bool {
    folder.components().count() > MAX_DEPTH
}

fn too_deep() -> Refusal {
    ("too-deep", format!("is in {MAX_DEPTH} folders, and a file may be in no more"))
}

fn not_a_file() -> Refusal {
    ("read-failed", "is neither a file nor a folder".to_owned())
}

fn circular() -> Refusal {
    loop_refusal("is a symbolic link that leads to itself")
}

fn unreadable(error: &io::Error) -> Refusal {
    ("read-failed", format!("cannot be listed: {}", plain(error)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::Folder;
    use crate::disk::lock::STATE_FOLDER;
    use crate::source::Files;

    #[test]
    fn folders_end_at_a_depth_with_one_error() -> io::Result<()> {
        let site = tempfile::tempdir()?;
        let folder = |depth: usize| site.path().join("content").join("a/".repeat(depth - 1));
        std::fs::create_dir_all(folder(200))?;
        std::fs::write(folder(MAX_DEPTH).join("deep.md"), "")?;
        std::fs::write(folder(MAX_DEPTH + 1).join("deeper.md"), "")?;
        let listing = Folder::open(site.path()).expect("a folder").list();
        let names: Vec<&str> = listing.files.iter().map(|file| file.path.name()).collect();
        assert_eq!(names, ["deep.md"]);
        let refused: Vec<&str> = listing.refused.iter().map(|refused| refused.code).collect();
        assert_eq!(refused, ["too-deep"]);
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn links_that_multiply_end_with_one_error_and_hide_no_file() -> io::Result<()> {
        use std::os::unix::fs::symlink;
        let site = tempfile::tempdir()?;
        for level in 0..20 {
            let folder = site.path().join(format!("content/l{level}"));
            std::fs::create_dir_all(&folder)?;
            symlink(format!("../l{}", level + 1), folder.join("a"))?;
            symlink(format!("../l{}", level + 1), folder.join("b"))?;
        }
        std::fs::create_dir_all(site.path().join("content/l20"))?;
        std::fs::write(site.path().join("content/config.txt"), "")?;
        symlink("content/config.txt", site.path().join("site.toml"))?;
        let listing = Folder::open(site.path()).expect("a folder").list();
        assert!(listing.files.iter().any(|file| file.path.as_str() == "site.toml"));
        let refused: Vec<&str> = listing.refused.iter().map(|refused| refused.code).collect();
        assert_eq!(refused, ["too-large"]);
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn links_into_an_output_folder_are_refused() -> io::Result<()> {
        use std::os::unix::fs::symlink;
        for mark in [MANIFEST, LOCK] {
            let site = tempfile::tempdir()?;
            let output = site.path().join("made/public");
            for folder in [output.join("deep/.dossier"), output.join(".dossier"), site.path().join("static")] {
                std::fs::create_dir_all(folder)?;
            }
            for file in [output.join("index.html"), output.join("deep/a.txt"), site.path().join("made/b.txt")] {
                std::fs::write(file, "text")?;
            }
            // The site has a lock and a cache, and is no output folder.
            std::fs::create_dir(site.path().join(STATE_FOLDER))?;
            std::fs::write(site.path().join(LOCK), "")?;
            std::fs::write(output.join(mark), "")?;
            for (link, target) in
                [("all", "public"), ("below", "public/deep"), ("file", "public/index.html"), ("up", "")]
            {
                symlink(Path::new("../made").join(target), site.path().join("static").join(link))?;
            }
            let folder = Folder::open(site.path()).expect("a folder");
            let listing = folder.list();
            let names: Vec<&str> = listing.files.iter().map(|file| file.path.as_str()).collect();
            assert_eq!(names, ["static/up/b.txt"]);
            let refused: Vec<String> =
                listing.refused.iter().map(|found| format!("{} {} {}", found.code, found.path, found.reason)).collect();
            let into = "is a symbolic link into the output folder `made/public`";
            assert_eq!(
                refused,
                [
                    format!("symlink-loop static/all {into}"),
                    format!("symlink-loop static/below {into}"),
                    format!("symlink-loop static/file {into}"),
                    "symlink-loop static/up/public is an output folder, reached through a symbolic link".to_owned(),
                ]
            );
            assert!(folder.read(&SitePath::new("static/all/index.html").expect("a path")).is_err());
        }
        Ok(())
    }
}
