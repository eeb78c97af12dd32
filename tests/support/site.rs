//! Small sites in folders of their own.
#![allow(dead_code, reason = "each test uses a part of it")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::run::{Run, dossier};

/// A site in a temporary folder, which is removed with it.
pub struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    /// A site from a text in which a line `//- PATH` starts each file.
    pub fn new(fixture: &str) -> Self {
        let site = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        for part in fixture.split("//- ").skip(1) {
            let (path, text) = part.split_once('\n').expect("a line `//- PATH`, then its text");
            site.write(path, text);
        }
        site
    }

    /// The folder of the site.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// A path in it.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    /// Writes a file, over an existing one.
    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder can be made");
        std::fs::write(path, bytes).expect("a file can be written");
    }

    /// Runs the program in the folder.
    pub fn run(&self, words: &[&str]) -> Run {
        dossier(self.root(), words)
    }

    /// A file as text.
    pub fn text(&self, path: &str) -> String {
        super::files::text(&self.path(path))
    }

    /// All files below a folder of the site, by path; none where there is no such folder.
    pub fn tree(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let folder = self.path(folder);
        let name = |path: &PathBuf| path.strip_prefix(&folder).map(|path| path.to_string_lossy().into_owned());
        let read = |path: PathBuf| Some((name(&path).ok()?, std::fs::read(&path).ok()?));
        super::files::below(&folder).into_iter().filter_map(read).collect()
    }
}
