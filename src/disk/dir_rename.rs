//! Publishes a new folder by one rename with all its files, if the order of the plan allows it.
//!
//! A folder is renamed whole if it does not exist yet and **all of its files are added in one stage**. Within a stage
//! the plan allows any order, so one rename is equivalent to applying those steps one by one, and better for readers:
//! they see the folder with all its files, or not at all. A kill is no problem either: the intent was written before,
//! and names every file of the folder.
//!
//! No foreign file is lost: a folder cannot be renamed over a file, a link or a folder that is not empty. And no file
//! is added that is not in the plan: the staged folder was created by Dossier, and its files are counted just before.
//! If any of this does not hold, or the file system refuses (Windows does while one of the files is open), the folder
//! is created and its files are renamed one by one.

use std::collections::BTreeSet;
use std::io;

use rustc_hash::{FxHashMap, FxHashSet};

use super::DiskError;
use super::staging::{AllStaged, Staged, Staging, tree_path};
use super::survey::{all_folders, folders};
use crate::publish::{Plan, Stage};
use crate::source::{Outputs, SitePath};

/// The folders that are renamed whole, and those inside them.
pub(super) struct WholeFolders<'a>(FxHashSet<&'a str>);

impl<'a> WholeFolders<'a> {
    /// Finds the folders whose files are all staged under their own paths and added in one stage of `plan`.
    pub fn find(plan: &'a Plan, outputs: &Outputs, staged: &AllStaged) -> Self {
        let (mut whole, mut all) = (FxHashSet::default(), None);
        for steps in plan.steps.chunk_by(|one, next| one.stage == next.stage) {
            if steps.first().is_none_or(|step| !step.stage.adds() || step.stage == Stage::WriteConflicting) {
                continue;
            }
            let in_tree = |path: &&SitePath| staged.get(*path).is_some_and(|staged| staged.in_tree);
            let counts = count_below(steps.iter().map(|step| &step.path).filter(in_tree));
            if !counts.is_empty() {
                let all = all.get_or_insert_with(|| count_below(outputs.keys()));
                whole
                    .extend(counts.iter().filter(|(folder, count)| all.get(*folder) == Some(count)).map(|(it, _)| *it));
            }
        }
        Self(whole)
    }

    /// Whether this folder is renamed whole, or is inside one that is.
    pub fn contains(&self, folder: &str) -> bool {
        self.0.contains(folder)
    }

    /// The outermost renamed folder that contains this file.
    pub fn renamed_folder<'p>(&self, path: &'p SitePath) -> Option<&'p str> {
        folders(path).take_while(|folder| self.contains(folder)).last()
    }
}

/// The number of `paths` below each folder.
fn count_below<'a>(paths: impl Iterator<Item = &'a SitePath>) -> FxHashMap<&'a str, usize> {
    let mut counts = FxHashMap::default();
    for folder in paths.flat_map(folders) {
        *counts.entry(folder).or_default() += 1;
    }
    counts
}

impl Staging<'_> {
    /// Renames a whole folder into place; `files` are its contents.
    pub(super) fn rename_folder(&self, folder: &str, files: &[(&Staged, &SitePath)]) -> Result<(), DiskError> {
        let (root, staged) = (self.root(), tree_path(folder));
        let is_free = root.metadata(folder).is_ok_and(|found| found.is_none());
        let is_as_planned = || root.count(&staged).is_ok_and(|count| count == files.len());
        if is_free && is_as_planned() && root.rename(&staged, folder).is_ok() {
            return Ok(());
        }
        for folder in all_folders(files.iter().map(|(_, path)| *path)).into_iter().collect::<BTreeSet<_>>() {
            root.make_folder(folder).map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => DiskError::Foreign { file: root.locate(folder) },
                _ => root.write_error(folder)(error),
            })?;
        }
        files.iter().try_for_each(|(staged, path)| self.rename_file(staged, path))
    }

    /// Renames a staged file into place.
    pub(super) fn rename_file(&self, staged: &Staged, path: &SitePath) -> Result<(), DiskError> {
        self.root().rename(&staged.file, path).map_err(self.root().write_error(path))
    }
}
