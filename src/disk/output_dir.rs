use std::path::{Path, PathBuf};

use super::dir::Kind;
use super::{DiskError, FileSystem};

/// Folders of a site with sources: the output folder must not overlap them.
const SOURCES: [&str; 6] = ["content", "templates", "static", "src", ".git", ".dossier"];

/// A folder that is safe to publish into. The checks only read names; nothing is created or changed.
#[derive(Clone)]
pub struct OutputDir {
    pub(super) folder: PathBuf,
    /// Whether it is inside the site, and not in another site within that.
    pub(super) is_own: bool,
    pub(super) fs: FileSystem,
}

impl OutputDir {
    /// Checks whether the site at `site` may be published to `out`, which need not exist; `home` is the user's home
    /// folder.
    ///
    /// # Errors
    /// When it is, contains or is inside the site's sources, is or contains the site, `/` or the home folder, or is a
    /// link or a file.
    pub fn check(site: &Path, out: &Path, home: Option<&Path>) -> Result<Self, DiskError> {
        Self::check_through(FileSystem::default(), site, out, home)
    }

    /// As [`OutputDir::check`], with every later call to the file system made through `fs`.
    ///
    /// # Errors
    /// As [`OutputDir::check`].
    pub fn check_through(fs: FileSystem, site: &Path, out: &Path, home: Option<&Path>) -> Result<Self, DiskError> {
        let unsafe_folder = |why: &str| DiskError::Unsafe { folder: out.to_owned(), why: why.to_owned() };
        let site = fs.resolve(site).map_err(DiskError::read_error(site))?;
        // Without a trailing slash, which would follow a link.
        let plain: PathBuf = std::path::absolute(out).map_err(DiskError::read_error(out))?.components().collect();
        match fs.metadata(&plain).map_err(DiskError::read_error(out))? {
            Some(found) if found.kind == Kind::Link => {
                return Err(unsafe_folder("is a symbolic link: name the folder it leads to"));
            }
            Some(found) if found.kind != Kind::Folder => return Err(unsafe_folder("is a file")),
            _ => {}
        }
        let folder = fs.resolve_new(&plain).map_err(DiskError::read_error(out))?;
        let folder = folder.ok_or_else(|| unsafe_folder("leaves a folder that does not exist (`..`)"))?;
        if folder.parent().is_none() {
            return Err(unsafe_folder("is the root of the file system"));
        }
        if site == folder {
            return Err(unsafe_folder("is the site itself"));
        }
        for name in SOURCES {
            let source = site.join(name);
            // A source folder may be a link: its target counts as well.
            for source in [fs.resolve(&source).ok(), Some(source)].into_iter().flatten() {
                if folder.starts_with(&source) {
                    return Err(unsafe_folder(&format!("is or is inside `{name}`, which contains the site's sources")));
                }
                if source.starts_with(&folder) && !site.starts_with(&folder) {
                    return Err(unsafe_folder(&format!("contains `{name}`, which contains the site's sources")));
                }
            }
        }
        if site.starts_with(&folder) {
            return Err(unsafe_folder("contains the site"));
        }
        // A home that does not exist cannot be harmed.
        if let Some(home) = home.and_then(|home| fs.resolve(home).ok())
            && home.starts_with(&folder)
        {
            return Err(unsafe_folder(if home == folder { "is the home folder" } else { "contains the home folder" }));
        }
        let is_site = |folder: &&Path| fs.metadata(&folder.join("site.toml")).is_ok_and(|found| found.is_some());
        let is_own = folder.ancestors().take_while(|above| above.starts_with(&site)).find(is_site) == Some(&site);
        Ok(Self { folder, is_own, fs })
    }

    /// The folder by its canonical path.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    type Result = std::result::Result<(), Box<dyn std::error::Error>>;

    fn verdict(site: &Path, out: &Path, home: &Path) -> String {
        match OutputDir::check(site, out, Some(home)) {
            Ok(place) => format!("ok {}", place.folder().strip_prefix(site).unwrap_or(place.folder()).display()),
            Err(DiskError::Unsafe { why, .. }) => why,
            Err(fault) => fault.to_string(),
        }
    }

    #[test]
    fn refuses_folders_that_overlap_the_sources_before_any_change() -> Result {
        let temp = tempfile::tempdir()?;
        let temp = temp.path().canonicalize()?;
        let (home, site) = (temp.join("home/me"), temp.join("home/me/site"));
        for folder in ["content/deep", "templates", "src", "public", "elsewhere", "../data/static"] {
            fs::create_dir_all(site.join(folder))?;
        }
        fs::write(site.join("a-file"), "")?;
        #[cfg(unix)]
        for (link, target) in [("link", "elsewhere"), ("static", "../data/static"), ("to-content", "content")] {
            std::os::unix::fs::symlink(target, site.join(link))?;
        }
        let sources = |name: &str| format!("is or is inside `{name}`, which contains the site's sources");
        let link = "is a symbolic link: name the folder it leads to".to_owned();
        let cases = [
            ("public", "ok public".to_owned()),
            ("public/", "ok public".to_owned()),
            ("./x/../public", "leaves a folder that does not exist (`..`)".to_owned()),
            ("content/../public", "ok public".to_owned()),
            ("new/deep", "ok new/deep".to_owned()),
            ("contents", "ok contents".to_owned()),
            ("", "is the site itself".to_owned()),
            (".", "is the site itself".to_owned()),
            ("content", sources("content")),
            ("content/deep", sources("content")),
            ("content/new", sources("content")),
            ("public/../content", sources("content")),
            ("templates/", sources("templates")),
            ("src", sources("src")),
            (".git/x", sources(".git")),
            (".dossier", sources(".dossier")),
            ("static/new", sources("static")),
            ("../data/static", sources("static")),
            ("../data", "contains `static`, which contains the site's sources".to_owned()),
            ("to-content/new", sources("content")),
            ("link", link.clone()),
            ("link/", link),
            ("a-file", "is a file".to_owned()),
            ("..", "contains the site".to_owned()),
            ("/", "is the root of the file system".to_owned()),
        ];
        for (out, expected) in cases {
            if cfg!(unix) || !out.contains(['k', '/']) {
                assert_eq!(verdict(&site, &site.join(out), &temp.join("nobody")), expected, "{out}");
            }
        }
        fs::create_dir_all(temp.join("work/site"))?;
        assert_eq!(verdict(&temp.join("work/site"), &home, &home), "is the home folder");
        assert_eq!(verdict(&temp.join("work/site"), &temp.join("home"), &home), "contains the home folder");
        assert!(!site.join("new").exists() && !site.join("contents").exists());
        Ok(())
    }
}
