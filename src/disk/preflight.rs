//! What keeps a publish from starting, all of it found before anything is touched.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::staging::{AllStaged, Staging};
use super::survey::{all_folders, folders, locate, survey};
use super::{DiskError, DiskErrors};
use crate::publish::{Plan, Stage};
use crate::source::{Outputs, SitePath};

impl Staging<'_> {
    /// What changed while the site was built, and what was edited before and would be lost.
    pub(super) fn meddled_with(&self, plan: &Plan) -> Result<DiskErrors, DiskErrors> {
        let now = survey(self.door(), self.root(), &self.papers)?;
        let before = &self.survey.current;
        let changed =
            before.iter().filter(|(path, output)| now.current.get(*path) != Some(output)).map(|(path, _)| path);
        let changed = changed.chain(now.current.keys().filter(|path| !before.contains_key(*path)));
        let changed = changed.chain(now.leftovers.symmetric_difference(&self.survey.leftovers));
        let mut faults: DiskErrors =
            changed.map(|path| DiskError::Meddled { file: locate(self.root(), path) }).collect();
        if !self.options.force {
            let touched: BTreeSet<&SitePath> = plan.steps.iter().map(|step| &step.path).collect();
            let edited = self.survey.edited.keys().filter(|path| touched.contains(path));
            faults.extend(edited.map(|path| DiskError::Edited { file: locate(self.root(), path) }));
        }
        Ok(faults)
    }

    /// What stands where something new comes, unless it goes before, or is the very same.
    pub(super) fn in_the_way(&self, plan: &Plan, staged: &AllStaged) -> Result<DiskErrors, DiskErrors> {
        let new: Vec<&SitePath> = plan.steps.iter().filter(|step| step.stage.adds()).map(|step| &step.path).collect();
        let leaving = plan.steps.iter().filter(|step| step.stage == Stage::MakeRoom);
        let leaving = leaving.map(|step| &step.path).chain(&self.survey.leftovers).collect();
        let leaving = Leaving { files: leaving, folders: self.folders_had() };
        let mut foreign = BTreeSet::new();
        let mut blocked = HashSet::new();
        let mut missing = HashSet::new();
        for folder in all_folders(new.iter().copied()) {
            let place = self.root().join(folder);
            let found = self.door().look(&place).map_err(DiskError::reading(&place))?;
            let leaves = SitePath::new(folder).is_ok_and(|path| leaving.files.contains(&path));
            if found.is_none() {
                missing.insert(folder);
            }
            if found.is_some_and(|found| !found.is_dir()) && !leaves {
                foreign.insert(place);
                blocked.insert(folder);
            }
        }
        // Of what stands behind a foreign link or file nothing is said: its name says it.
        let open = |path: &&&SitePath| blocked.is_empty() || !folders(path).any(|folder| blocked.contains(folder));
        // Nothing stands in a folder that is not there.
        let new: Vec<&SitePath> =
            new.iter().filter(|path| open(path) && !missing.contains(path.folder())).copied().collect();
        let judged: Result<Vec<_>, DiskError> =
            new.par_iter().with_min_len(256).map(|path| self.foreign_at(path, &leaving, staged)).collect();
        foreign.extend(judged?.into_iter().flatten());
        Ok(foreign.into_iter().map(|file| DiskError::Foreign { file }).collect())
    }

    /// What is foreign where `path` comes.
    fn foreign_at(&self, path: &SitePath, leaving: &Leaving, staged: &AllStaged) -> Result<Option<PathBuf>, DiskError> {
        let place = locate(self.root(), path);
        let Some(found) = self.door().look(&place).map_err(DiskError::reading(&place))? else { return Ok(None) };
        if found.is_dir() {
            return leaving.foreign_below(&place, path);
        }
        if !found.is_file() {
            return Ok(Some(place));
        }
        // One of ours that a broken publish left; on some file systems also one whose name differs in case.
        if leaving.files.iter().any(|other| is_same_file(&place, &locate(self.root(), other))) {
            return Ok(None);
        }
        // The same bytes, as after the manifest was lost: taken over.
        let same = match staged.get(path) {
            Some(staged) => self.door().hash(&place).map_err(DiskError::reading(&place))? == staged.hash,
            None => false,
        };
        Ok((!same).then_some(place))
    }
}

/// What makes room for new files.
struct Leaving<'a> {
    files: HashSet<&'a SitePath>,
    /// Folders of ours, which go when they are empty.
    folders: HashSet<&'a str>,
}

impl Leaving<'_> {
    /// What is foreign in the folder `place`, where the file `path` comes.
    fn foreign_below(&self, place: &Path, path: &SitePath) -> Result<Option<PathBuf>, DiskError> {
        for entry in walkdir::WalkDir::new(place) {
            let entry = entry.map_err(|error| DiskError::reading(place)(error.into()))?;
            let below = entry.path().strip_prefix(place).ok().and_then(|below| below.to_str());
            let known = below.and_then(|below| SitePath::new(&format!("{path}/{below}")).ok()).is_some_and(|path| {
                if entry.file_type().is_dir() {
                    self.folders.contains(path.as_str())
                } else {
                    self.files.contains(&path)
                }
            });
            if !known {
                return Ok(Some(entry.into_path()));
            }
        }
        Ok(None)
    }
}

/// Outputs that are a file where another needs a folder.
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
fn is_same_file(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |path: &Path| std::fs::symlink_metadata(path).ok().map(|found| (found.dev(), found.ino()));
    identity(a).is_some_and(|it| Some(it) == identity(b))
}

#[cfg(not(unix))]
fn is_same_file(a: &Path, b: &Path) -> bool {
    let identity = |path: &Path| std::fs::canonicalize(path).ok();
    identity(a).is_some_and(|it| Some(it) == identity(b))
}
