use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::lock::{FolderLock, Holder};
use super::root::Root;
use super::survey::RecordedState;
use super::{DiskError, OutputDir};
use crate::publish::Manifest;
use crate::source::Store;

/// A locked output folder. No other process publishes into it until this is dropped.
pub struct LockedOutput {
    pub(super) lock: FolderLock,
    pub(super) store: Option<Arc<dyn Store>>,
    /// Whether the folder is inside the published site: then it belongs to the site without a key.
    pub(super) is_own: bool,
}

impl OutputDir {
    /// Locks the folder for `command`, such as `dossier build`. If another process holds the lock, calls `waiting` once
    /// and waits, for `timeout` at most. Creates the folder if it does not exist.
    ///
    /// # Errors
    /// When it is still locked, or cannot be created or locked.
    pub fn lock(
        self,
        command: &str,
        timeout: Duration,
        waiting: impl FnMut(&Holder),
    ) -> Result<LockedOutput, DiskError> {
        let lock = FolderLock::acquire(&self.fs, &self.folder, command, timeout, waiting)?;
        Ok(LockedOutput { lock, store: None, is_own: self.is_own })
    }
}

impl LockedOutput {
    /// Uses `store` to remember the metadata of published files between builds, so that unchanged files need not be
    /// read.
    #[must_use]
    pub fn with_store(self, store: Option<Arc<dyn Store>>) -> Self {
        Self { store, ..self }
    }

    /// The locked folder.
    pub fn folder(&self) -> &Path {
        self.root().path()
    }

    pub(super) fn root(&self) -> &Root {
        &self.lock.root
    }

    /// Returns an error if a site with another key than `site` is published here.
    pub(super) fn check_site(&self, recorded: &RecordedState, site: &str) -> Result<(), DiskError> {
        let is_other = |found: &&Manifest| found.site != site && !(self.is_own && found.site.is_empty());
        let mut published =
            [&recorded.manifest].into_iter().chain(&recorded.intent).filter(|found| !found.outputs.is_empty());
        match published.find(is_other) {
            Some(found) => Err(DiskError::OtherSite { folder: self.folder().to_owned(), found: found.site.clone() }),
            None => Ok(()),
        }
    }

    /// The manifest and the intent of the folder.
    pub(super) fn recorded(&self) -> Result<RecordedState, DiskError> {
        // The lock was written a moment ago, so its time is the current time of the file system.
        RecordedState::read(self.root(), self.lock.time()?, self.store.as_deref())
    }
}
