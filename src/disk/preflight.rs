//! Checks before publishing: everything that would prevent it is found before anything is changed.

use std::collections::{BTreeSet, HashSet};
use std::path::PathBuf;

use rayon::prelude::*;

use super::dir::{Kind, is_link_in_path};
use super::root::Root;
use super::staging::{AllStaged, Staging};
use super::survey::{all_folders, folders, survey};
use super::{DiskError, DiskErrors};
use crate::publish::{Plan, Stage};
use crate::source::{Outputs, SitePath};

impl Staging<'_> {
    /// Files that changed while the site was built, and edited files that would be lost.
    pub(super) fn changed_since(&self, plan: &Plan) -> Result<DiskErrors, DiskErrors> {
        let now = survey(self.root(), &self.recorded)?;
        let before = &self.survey.current;
        let changed =
            before.iter().filter(|(path, output)| now.current.get(*path) != Some(output)).map(|(path, _)| path);
        let changed = changed.chain(now.current.keys().filter(|path| !before.contains_key(*path)));
        let changed = changed.chain(now.leftovers.symmetric_difference(&self.survey.leftovers));
        let mut faults: DiskErrors =
            changed.map(|path| DiskError::ChangedDuringBuild { file: self.root().locate(path) }).collect();
        if !self.options.force {
            let touched: BTreeSet<&SitePath> = plan.steps.iter().map(|step| &step.path).collect();
            let edited = self.survey.edited.keys().filter(|path| touched.contains(path));
            faults.extend(edited.map(|path| DiskError::Edited { file: self.root().locate(path) }));
        }
        Ok(faults)
    }

    /// Existing files at the paths of new ones, unless they are removed before or identical.
    pub(super) fn conflicting_files(&self, plan: &Plan, staged: &AllStaged) -> Result<DiskErrors, DiskErrors> {
        let new: Vec<&SitePath> = plan.steps.iter().filter(|step| step.stage.adds()).map(|step| &step.path).collect();
        let removed = plan.steps.iter().filter(|step| step.stage == Stage::RemoveConflicting);
        let removed = removed.map(|step| &step.path).chain(&self.survey.leftovers).collect();
        let removed = RemovedPaths { files: removed, folders: self.known_folders() };
        let mut foreign = BTreeSet::new();
        let mut blocked = HashSet::new();
        let mut missing = HashSet::new();
        for folder in all_folders(new.iter().copied()) {
            let found = match self.root().metadata(folder) {
                // The link itself is found as well: it is foreign, or it is removed.
                Err(error) if is_link_in_path(&error) => None,
                looked => looked.map_err(self.root().read_error(folder))?,
            };
            let is_removed = SitePath::new(folder).is_ok_and(|path| removed.files.contains(&path));
            if found.is_none() {
                missing.insert(folder);
            }
            if found.is_some_and(|found| found.kind != Kind::Folder) && !is_removed {
                foreign.insert(self.root().locate(folder));
                blocked.insert(folder);
            }
        }
        // Nothing is reported below a foreign link or file: its own name is reported.
        let is_reachable =
            |path: &&&SitePath| blocked.is_empty() || !folders(path).any(|folder| blocked.contains(folder));
        // A folder that does not exist contains no files.
        let new: Vec<&SitePath> =
            new.iter().filter(|path| is_reachable(path) && !missing.contains(path.folder())).copied().collect();
        let foreign_files: Result<Vec<_>, DiskError> =
            new.par_iter().with_min_len(256).map(|path| self.foreign_at(path, &removed, staged)).collect();
        foreign.extend(foreign_files?.into_iter().flatten());
        Ok(foreign.into_iter().map(|file| DiskError::Foreign { file }).collect())
    }

    /// The foreign files at `path`.
    fn foreign_at(
        &self,
        path: &SitePath,
        removed: &RemovedPaths,
        staged: &AllStaged,
    ) -> Result<Option<PathBuf>, DiskError> {
        let root = self.root();
        let Some(found) = root.metadata(path).map_err(root.read_error(path))? else { return Ok(None) };
        match found.kind {
            Kind::File => {}
            Kind::Folder => return removed.foreign_below(root, path),
            Kind::Link | Kind::Other => return Ok(Some(root.locate(path))),
        }
        // A published file that an interrupted publish left; on some file systems also one whose name differs in case.
        if removed.files.iter().any(|other| is_same_file(root, path, other)) {
            return Ok(None);
        }
        // The same bytes, as after the manifest was lost: accepted as written by Dossier.
        let same = match staged.get(path) {
            Some(staged) => root.hash(path).map_err(root.read_error(path))? == staged.hash,
            None => false,
        };
        Ok((!same).then(|| root.locate(path)))
    }
}

/// Files and folders that are removed before new files are written.
struct RemovedPaths<'a> {
    files: HashSet<&'a SitePath>,
    /// The folders that Dossier created, which are removed when they are empty.
    folders: HashSet<&'a str>,
}

impl RemovedPaths<'_> {
    /// The foreign files in a folder at the path of the file `path`.
    fn foreign_below(&self, root: &Root, path: &SitePath) -> Result<Option<PathBuf>, DiskError> {
        let (folders, others) = root.tree(path.as_ref()).map_err(root.read_error(path))?;
        let site_path = |path: &PathBuf| path.to_str().and_then(|path| SitePath::new(path).ok());
        let is_foreign = |(path, folder): &(&PathBuf, bool)| match site_path(path) {
            Some(path) if *folder => !self.folders.contains(path.as_str()),
            Some(path) => !self.files.contains(&path),
            None => true,
        };
        let all = folders.iter().map(|folder| (folder, true)).chain(others.iter().map(|other| (other, false)));
        Ok(all.filter(is_foreign).map(|(path, _)| root.locate(path)).min())
    }
}

/// Outputs that are a file and the folder of another output.
pub(super) fn clashes(outputs: &Outputs) -> DiskErrors {
    let folders = all_folders(outputs.keys());
    let files = outputs.keys().filter(|path| folders.contains(path.as_str()));
    let clash = |file: &SitePath| {
        let below = outputs.keys().find(|other| other.below(file.as_str()).is_some())?;
        Some(DiskError::Clash { file: file.clone(), below: below.clone() })
    };
    files.filter_map(clash).collect()
}

#[cfg(unix)]
fn is_same_file(root: &Root, a: &SitePath, b: &SitePath) -> bool {
    let id = |path: &SitePath| root.metadata(path).ok().flatten().map(|found| found.id);
    id(a).is_some_and(|it| Some(it) == id(b))
}

#[cfg(not(unix))]
fn is_same_file(root: &Root, a: &SitePath, b: &SitePath) -> bool {
    let real = |path: &SitePath| std::fs::canonicalize(root.locate(path)).ok();
    real(a).is_some_and(|it| Some(it) == real(b))
}
