//! New folders that come as a whole: one rename for all files of a folder, where the order of the plan allows it.
//!
//! A folder comes whole where it is not there yet and **all of its files come in one stage that only adds**. The plan
//! leaves open in which order the steps of a stage are taken, or whether at once, so one rename is as good as taking
//! those steps one after the other, and better for a reader: he sees the folder with all its files, or not at all.
//! The same holds for whoever is killed: the intent lies there before, and names every file that the folder brings.
//!
//! Nothing foreign is lost: a folder cannot be renamed over a file, a link or a folder that holds anything. And nothing
//! is brought along that is not in the plan: the folder of staged files is ours, and its files are counted right before.
//! Where any of this does not hold, or the file system refuses, as Windows does while somebody reads one of the files,
//! the folder is made and its files get their names singly.

use std::collections::BTreeSet;
use std::io;

use rustc_hash::{FxHashMap, FxHashSet};

use super::DiskError;
use super::staging::{AllStaged, Staged, Staging, in_tree};
use super::survey::{all_folders, folders};
use crate::publish::{Plan, Stage};
use crate::source::{Outputs, SitePath};

/// The folders that come as a whole, those inside them too.
pub(super) struct Whole<'a>(FxHashSet<&'a str>);

impl<'a> Whole<'a> {
    /// Those whose files, each staged under its own path, all come in one stage of `plan` that only adds.
    pub fn among(plan: &'a Plan, outputs: &Outputs, staged: &AllStaged) -> Self {
        let (mut whole, mut all) = (FxHashSet::default(), None);
        for steps in plan.steps.chunk_by(|one, next| one.stage == next.stage) {
            if steps.first().is_none_or(|step| !step.stage.adds() || step.stage == Stage::TakeRoom) {
                continue;
            }
            let in_tree = |path: &&SitePath| staged.get(*path).is_some_and(|staged| staged.in_tree);
            let come = count_below(steps.iter().map(|step| &step.path).filter(in_tree));
            if !come.is_empty() {
                let all = all.get_or_insert_with(|| count_below(outputs.keys()));
                whole.extend(come.iter().filter(|(folder, count)| all.get(*folder) == Some(count)).map(|(it, _)| *it));
            }
        }
        Self(whole)
    }

    /// Whether this folder comes whole, or inside one that does.
    pub fn has(&self, folder: &str) -> bool {
        self.0.contains(folder)
    }

    /// The outermost folder that brings this file.
    pub fn bringing<'p>(&self, path: &'p SitePath) -> Option<&'p str> {
        folders(path).take_while(|folder| self.has(folder)).last()
    }
}

/// How many of `paths` lie below each folder.
fn count_below<'a>(paths: impl Iterator<Item = &'a SitePath>) -> FxHashMap<&'a str, usize> {
    let mut counts = FxHashMap::default();
    for folder in paths.flat_map(folders) {
        *counts.entry(folder).or_default() += 1;
    }
    counts
}

impl Staging<'_> {
    /// Gives a folder that comes whole its name; `files` are all that it holds.
    pub(super) fn name_whole(&self, folder: &str, files: &[(&Staged, &SitePath)]) -> Result<(), DiskError> {
        let (root, staged) = (self.root(), in_tree(folder));
        let is_free = root.look(folder).is_ok_and(|found| found.is_none());
        let is_as_planned = || root.count(&staged).is_ok_and(|count| count == files.len());
        if is_free && is_as_planned() && root.rename(&staged, folder).is_ok() {
            return Ok(());
        }
        for folder in all_folders(files.iter().map(|(_, path)| *path)).into_iter().collect::<BTreeSet<_>>() {
            root.make_folder(folder).map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => DiskError::Foreign { file: root.locate(folder) },
                _ => root.writing(folder)(error),
            })?;
        }
        files.iter().try_for_each(|(staged, path)| self.name(staged, path))
    }

    /// Gives a staged file its name.
    pub(super) fn name(&self, staged: &Staged, path: &SitePath) -> Result<(), DiskError> {
        self.root().rename(&staged.file, path).map_err(self.root().writing(path))
    }
}
