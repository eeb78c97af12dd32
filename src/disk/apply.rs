//! Publishes staged files: everything that can be checked is checked first, then the steps are applied.

use std::collections::HashSet;
use std::io;
use std::sync::PoisonError;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::dir::is_link_in_path;
use super::dir_rename::WholeFolders;
use super::file_system::found;
use super::lock::STATE_FOLDER;
use super::preflight::clashes;
use super::root::Root;
use super::staging::{AllStaged, Staging};
use super::survey::{INTENT, MANIFEST, all_folders, folders};
use super::{DiskError, DiskErrors};
use crate::publish::{Manifest, Plan, Stage, Step};
use crate::source::{Output, Outputs, SitePath};

/// The name of a file in `.dossier` until it is complete.
pub(super) const DRAFT: &str = ".dossier/draft.jsonl";
/// Fewer files than this are renamed by one thread.
const CHUNK: usize = 64;

/// The result of a publish.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// The applied steps.
    pub plan: Plan,
    /// How many outputs were already in place.
    pub unchanged: usize,
    /// Whether this publish completed an interrupted one.
    pub recovered: bool,
}

impl Staging<'_> {
    /// Makes the folder contain exactly `outputs`, besides files that Dossier did not write. Each must be staged or
    /// already published.
    ///
    /// Foreign and edited files at the paths of outputs are found before anything is changed. After that the steps of
    /// the plan are applied, each atomically; an interrupted publish is completed by the next one.
    ///
    /// # Errors
    /// All conflicts with existing files; or the first file that could not be written.
    pub fn publish(self, outputs: &Outputs) -> Result<Published, DiskErrors> {
        let plan = self.plan(outputs);
        let unchanged = outputs.len() - plan.writes().count();
        if plan.is_empty() && self.is_up_to_date(outputs) {
            if self.survey.was_read {
                self.remember_unchanged();
            }
            return Ok(Published { unchanged, ..Published::default() });
        }
        let staged = std::mem::take(&mut *self.staged.lock().unwrap_or_else(PoisonError::into_inner));
        let ready = || {
            self.check_preflight(&plan, outputs, &staged)?;
            self.expect_staged(&plan, outputs, &staged)?;
            Ok::<_, DiskErrors>(WholeFolders::find(&plan, outputs, &staged))
        };
        // Nearly every publish needs its intent, so it is written in parallel.
        let intent = || Manifest { site: self.next_site().to_owned(), outputs: outputs.clone() }.to_bytes();
        let (whole, intent) = rayon::join(ready, intent);
        self.apply(&plan, outputs, &staged, &whole?, &intent)?;
        Ok(Published { plan, unchanged, recovered: self.recorded.is_interrupted() })
    }

    /// Everything that prevents the plan from being applied.
    fn check_preflight(&self, plan: &Plan, outputs: &Outputs, staged: &AllStaged) -> Result<(), DiskErrors> {
        let clashes = clashes(outputs);
        if !clashes.is_empty() {
            return Err(clashes);
        }
        let mut faults = self.changed_since(plan)?;
        faults.extend(self.conflicting_files(plan, staged)?);
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    fn expect_staged(&self, plan: &Plan, outputs: &Outputs, staged: &AllStaged) -> Result<(), DiskErrors> {
        let is_staged = |path: &&SitePath| {
            let (wanted, found) = (outputs.get(*path), staged.get(*path));
            wanted.zip(found).is_some_and(|(wanted, found)| wanted.hash == found.hash)
        };
        let missing = plan.writes().filter(|path| !is_staged(path));
        let fault = |path| self.root().write_error(path)(io::Error::other("its content was never written"));
        let faults: DiskErrors = missing.map(fault).collect();
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    fn apply(
        &self,
        plan: &Plan,
        outputs: &Outputs,
        staged: &AllStaged,
        whole: &WholeFolders<'_>,
        intent: &[u8],
    ) -> Result<(), DiskError> {
        let mut steps = Steps { staging: self, made: HashSet::new(), unsynced: HashSet::new() };
        let new = plan.steps.iter().filter(|step| step.stage.adds() && step.stage != Stage::WriteConflicting);
        // The leftovers of an interrupted publish, before its intent is removed.
        for path in &self.survey.leftovers {
            steps.remove(path, Stage::GonePage)?;
        }
        self.prune(&self.survey.current)?;
        if self.options.durable {
            steps.sync()?;
        }
        self.write_intent(intent)?;
        let started = self.root().metadata(INTENT).map_err(self.root().read_error(INTENT))?;
        // Folders first: what fails here fails before any file is touched.
        for folder in all_folders(new.map(|step| &step.path)) {
            if !whole.contains(folder) {
                steps.make_folder(folder)?;
            }
        }
        for stage in plan.steps.chunk_by(|before, next| before.stage == next.stage) {
            if self.options.durable {
                steps.sync()?;
            }
            steps.apply_stage(stage, staged, whole)?;
        }
        self.prune(outputs)?;
        if self.options.durable {
            steps.sync()?;
        }
        self.commit()?;
        if let Some(started) = started {
            self.remember_published(plan, outputs, intent, started.changed);
        }
        Ok(())
    }

    /// Writes the intent. After an interrupted publish, first writes a manifest of what that one left: from then on its
    /// intent is no longer needed to know which files Dossier wrote.
    fn write_intent(&self, intent: &[u8]) -> Result<(), DiskError> {
        if self.recorded.is_interrupted() {
            let mut found = self.survey.current.clone();
            // An edited file stays edited after it was found: a length that no file has makes every survey read it.
            let edited = self.survey.edited.iter();
            found.extend(edited.map(|(path, left)| (path.clone(), Output { len: u64::MAX, ..left.clone() })));
            let found = Manifest { site: self.recorded.manifest.site.clone(), outputs: found };
            self.write_state_file(MANIFEST, &found.to_bytes())?;
        }
        self.write_state_file(INTENT, intent)
    }

    fn write_state_file(&self, file: &str, bytes: &[u8]) -> Result<(), DiskError> {
        let root = self.root();
        let written = root
            .remove(DRAFT)
            .and_then(|()| root.write(DRAFT, bytes, self.options.durable))
            .and_then(|()| root.rename(DRAFT, file))
            .and_then(|()| self.sync_state_folder());
        written.map_err(root.write_error(file))
    }

    /// All steps are done: the intent becomes the manifest.
    fn commit(&self) -> Result<(), DiskError> {
        let done = self.root().rename(INTENT, MANIFEST);
        done.and_then(|()| self.sync_state_folder()).map_err(self.root().write_error(MANIFEST))
    }

    fn sync_state_folder(&self) -> io::Result<()> {
        if self.options.durable { self.root().sync_folder(STATE_FOLDER) } else { Ok(()) }
    }

    /// Removes empty folders that Dossier created and that contain none of `outputs`.
    fn prune(&self, outputs: &Outputs) -> Result<(), DiskError> {
        let had = self.known_folders();
        if had.is_empty() {
            return Ok(());
        }
        let has = all_folders(outputs.keys());
        prune(self.root(), had.difference(&has).copied())
    }

    /// Folders that were created now or by an interrupted publish.
    pub(super) fn known_folders(&self) -> HashSet<&str> {
        let intended = self.recorded.intent.iter().flat_map(|intent| intent.outputs.keys());
        all_folders(self.recorded.manifest.outputs.keys().chain(intended))
    }
}

/// Removes those of `folders` that are empty, inner ones first; never through a link.
pub(super) fn prune<'a>(root: &Root, folders: impl Iterator<Item = &'a str>) -> Result<(), DiskError> {
    let mut folders: Vec<&str> = folders.collect();
    folders.sort_by_key(|folder| std::cmp::Reverse((folder.matches('/').count(), *folder)));
    for folder in folders {
        match root.remove_folder(folder) {
            Err(error) if is_link_in_path(&error) => {}
            removed => drop(removed.map_err(root.write_error(folder))?),
        }
    }
    Ok(())
}

/// Applies steps, and remembers open folders.
struct Steps<'a> {
    staging: &'a Staging<'a>,
    /// Folders by their path, that of the output folder being empty.
    made: HashSet<String>,
    unsynced: HashSet<String>,
}

impl Steps<'_> {
    fn make_folder(&mut self, folder: &str) -> Result<(), DiskError> {
        if !folder.is_empty() && !self.made.contains(folder) {
            let root = self.staging.root();
            root.make_folder(folder).map_err(root.write_error(folder))?;
            self.made.insert(folder.to_owned());
            self.mark_unsynced(folder);
        }
        Ok(())
    }

    /// Applies all steps of one stage: folders first, then removals one after the other, or writes in parallel.
    fn apply_stage(&mut self, stage: &[Step], staged: &AllStaged, whole: &WholeFolders) -> Result<(), DiskError> {
        let (staging, mut renamed_folders, mut single) =
            (self.staging, FxHashMap::<&str, Vec<_>>::default(), Vec::new());
        for steps in stage.chunk_by(|one, next| one.path.folder() == next.path.folder()) {
            let Some(Step { stage, path }) = steps.first() else { continue };
            if stage.removes() {
                steps.iter().try_for_each(|step| self.remove(&step.path, step.stage))?;
                continue;
            }
            let writes = steps.iter().filter_map(|step| Some((staged.get(&step.path)?, &step.path)));
            if let Some(folder) = whole.renamed_folder(path) {
                renamed_folders.entry(folder).or_default().extend(writes);
                let inner = folders(path).take_while(|inner| inner.len() >= folder.len());
                self.unsynced.extend(inner.map(str::to_owned));
                self.mark_unsynced(folder);
            } else {
                self.make_folder(path.folder())?;
                self.mark_unsynced(path.as_str());
                single.extend(writes);
            }
        }
        renamed_folders.into_par_iter().try_for_each(|(folder, files)| staging.rename_folder(folder, &files))?;
        single.par_iter().with_min_len(CHUNK).try_for_each(|(staged, path)| staging.rename_file(staged, path))
    }

    fn remove(&mut self, path: &SitePath, stage: Stage) -> Result<(), DiskError> {
        let root = self.staging.root();
        root.remove(path).map_err(root.write_error(path))?;
        self.mark_unsynced(path.as_str());
        if stage == Stage::RemoveConflicting {
            for folder in folders(path) {
                if !root.remove_folder(folder).map_err(root.write_error(folder))? {
                    break;
                }
                self.made.remove(folder);
            }
        }
        Ok(())
    }

    /// Records that the folder of `path` has changed, for syncing.
    fn mark_unsynced(&mut self, path: &str) {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        if !self.unsynced.contains(folder) {
            self.unsynced.insert(folder.to_owned());
        }
    }

    fn sync(&mut self) -> Result<(), DiskError> {
        let root = self.staging.root();
        for folder in std::mem::take(&mut self.unsynced) {
            // A folder that is gone needs no sync.
            found(root.sync_folder(&folder)).map_err(root.write_error(&folder))?;
        }
        Ok(())
    }
}
