use super::apply::prune;
use super::survey::{all_folders, locate, survey};
use super::{DiskError, DiskErrors, Held};
use crate::publish::plan;
use crate::source::Outputs;

/// What cleaning removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// How many files of ours, our own papers not counted.
    pub files: usize,
    /// Whether the output folder is gone, since nothing else was in it.
    pub folder: bool,
}

impl Held {
    /// Removes all that is ours, and nothing else: the published files, folders that are empty then, our papers, and
    /// the output folder itself if it is empty. With `force` also files of ours that somebody edited.
    ///
    /// # Errors
    /// When a file of ours was edited, the manifest cannot be used, or something cannot be removed; then the manifest
    /// stays, and cleaning can be tried again.
    pub fn clean(self, force: bool) -> Result<Cleaned, DiskErrors> {
        let (door, root) = (&self.place.door, self.folder());
        let papers = self.papers()?;
        let found = survey(door, root, &papers)?;
        if !force && !found.edited.is_empty() {
            return Err(found.edited.keys().map(|path| DiskError::Edited { file: locate(root, path) }).collect());
        }
        let plan = plan(&found.current, &Outputs::new());
        for path in found.leftovers.iter().chain(plan.deletes()) {
            let place = locate(root, path);
            door.remove(&place).map_err(DiskError::writing(&place))?;
        }
        let intended = papers.intent.iter().flat_map(|intent| intent.outputs.keys());
        let folders = all_folders(papers.manifest.outputs.keys().chain(intended));
        prune(door, root, folders.into_iter())?;
        let staging = self.ours.join("staging");
        door.remove_tree(&staging).map_err(DiskError::writing(&staging))?;
        for name in ["draft.jsonl", "intent.jsonl", "manifest.jsonl"] {
            let paper = self.ours.join(name);
            door.remove(&paper).map_err(DiskError::writing(&paper))?;
        }
        let (place, root) = (self.place.clone(), root.to_owned());
        // Lets go of the lock, whose file lies in the folder.
        drop(self);
        let folder = place.door.remove_folder(&root).map_err(DiskError::writing(&root))?;
        Ok(Cleaned { files: plan.steps.len() + found.leftovers.len(), folder })
    }
}
