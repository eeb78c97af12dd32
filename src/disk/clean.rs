use super::apply::{DRAFT, prune};
use super::staging::STAGING;
use super::survey::{INTENT, MANIFEST, all_folders, survey};
use super::{DiskError, DiskErrors, LockedOutput, Options};
use crate::publish::plan;
use crate::source::Outputs;

/// The result of cleaning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// The number of published files.
    pub files: usize,
    /// Whether the output folder was removed, because nothing else was in it.
    pub folder: bool,
}

impl LockedOutput {
    /// Removes what Dossier wrote, and nothing else: the published files, folders that are then empty, `.dossier`, and
    /// the output folder itself if it is empty. With [`Options::force`] also edited files.
    ///
    /// # Errors
    /// When a published file was edited, the folder holds another site, the manifest cannot be used, or a file cannot
    /// be removed; then the manifest stays, and cleaning can be tried again.
    pub fn clean(self, options: &Options) -> Result<Cleaned, DiskErrors> {
        let (root, recorded) = (self.root(), self.recorded()?);
        self.check_site(&recorded, &options.site)?;
        let found = survey(root, &recorded)?;
        if !options.force && !found.edited.is_empty() {
            return Err(found.edited.keys().map(|path| DiskError::Edited { file: root.locate(path) }).collect());
        }
        let plan = plan(&found.current, &Outputs::new());
        for path in found.leftovers.iter().chain(plan.deletes()) {
            root.remove(path).map_err(root.write_error(path))?;
        }
        let intended = recorded.intent.iter().flat_map(|intent| intent.outputs.keys());
        let folders = all_folders(recorded.manifest.outputs.keys().chain(intended));
        prune(root, folders.into_iter())?;
        root.remove_tree(STAGING).map_err(root.write_error(STAGING))?;
        for file in [DRAFT, INTENT, MANIFEST] {
            root.remove(file).map_err(root.write_error(file))?;
        }
        let (fs, folder) = (self.root().file_system().clone(), root.path().to_owned());
        // Releases the lock, whose file is in the folder.
        drop(self);
        let gone = fs.remove_folder(&folder).map_err(DiskError::write_error(&folder))?;
        Ok(Cleaned { files: plan.steps.len() + found.leftovers.len(), folder: gone })
    }
}
