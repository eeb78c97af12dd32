use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::lock::{FolderLock, Holder};
use super::root::Root;
use super::survey::RecordedState;
use super::{DiskError, Options, OutputDir};
use crate::publish::Manifest;
use crate::source::Store;

/// An output folder that nobody else publishes into until this is dropped.
pub struct Held {
    pub(super) lock: FolderLock,
    pub(super) store: Option<Arc<dyn Store>>,
    /// Whether the folder lies in the site that is published: then it needs no name to be known as the site's.
    pub(super) is_own: bool,
}

impl OutputDir {
    /// Takes the folder for `doing`, such as `dossier build`. Where somebody holds it, tells `waiting` once and waits,
    /// for `patience` at most. Makes the folder where it does not exist.
    ///
    /// # Errors
    /// When it is still held, or cannot be made or locked.
    pub fn lock(self, doing: &str, patience: Duration, waiting: impl FnMut(&Holder)) -> Result<Held, DiskError> {
        let lock = FolderLock::take(&self.fs, &self.folder, doing, patience, waiting)?;
        Ok(Held { lock, store: None, is_own: self.is_own })
    }
}

impl Held {
    /// Has `store` remember the published files from one build to the next, so that those that were not touched since
    /// need not be read.
    #[must_use]
    pub fn remembered_in(self, store: Option<Arc<dyn Store>>) -> Self {
        Self { store, ..self }
    }

    /// The folder that is held.
    pub fn folder(&self) -> &Path {
        self.root().path()
    }

    pub(super) fn root(&self) -> &Root {
        &self.lock.root
    }

    /// Refuses what another site has published here.
    pub(super) fn expect_site(&self, recorded: &RecordedState, options: &Options) -> Result<(), DiskError> {
        let is_other = |there: &&Manifest| there.site != options.site && !(self.is_own && there.site.is_empty());
        let published =
            [&recorded.manifest].into_iter().chain(&recorded.intent).filter(|there| !there.outputs.is_empty());
        match published.filter(|_| !options.site.is_empty()).find(is_other) {
            Some(there) => Err(DiskError::OtherSite { folder: self.folder().to_owned(), there: there.site.clone() }),
            None => Ok(()),
        }
    }

    /// What is recorded of the folder.
    pub(super) fn recorded(&self) -> Result<RecordedState, DiskError> {
        // Our lock was written a moment ago, by the clock that also stamps our files.
        RecordedState::read(self.root(), self.lock.time()?, self.store.as_deref())
    }
}
