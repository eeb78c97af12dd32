use std::io::{self, Read};
use std::path::PathBuf;

use super::lock::OURS;
use super::survey::{RecordedState, Survey, locate, survey};
use super::{DiskError, DiskErrors, FileSystem, Held, OutputDir};
use crate::source::{Files, Listed, Listing, Outputs, SitePath};

/// The name of the note on the last publish to elsewhere.
const RUN: &str = "publish-run";

/// A finished build, as input for whoever publishes it elsewhere.
pub struct Finished {
    root: PathBuf,
    door: FileSystem,
    outputs: Outputs,
}

impl Held {
    /// The build that lies here, where every file is there and as it was built.
    ///
    /// # Errors
    /// When nothing was built here, a build was broken off, or files were changed or removed since.
    pub fn finished(&self) -> Result<Finished, DiskErrors> {
        finished(&self.place, self.papers()?)
    }

    /// The run that last published from here to elsewhere, as [`Held::note_run`] noted it.
    pub fn last_run(&self) -> Option<String> {
        String::from_utf8(self.place.door.read(&self.ours.join(RUN)).ok()?).ok()
    }

    /// Notes the run that publishes from here to elsewhere.
    ///
    /// # Errors
    /// When that cannot be written.
    pub fn note_run(&self, run: &str) -> Result<(), DiskError> {
        let file = self.ours.join(RUN);
        let written = self.place.door.remove(&file).and_then(|()| self.place.door.write(&file, run.as_bytes(), false));
        written.map_err(DiskError::writing(&file))
    }
}

impl OutputDir {
    /// As [`Held::finished`], for a look that writes nothing, not even a lock: every file is read.
    ///
    /// # Errors
    /// As [`Held::finished`].
    pub fn finished(&self) -> Result<Finished, DiskErrors> {
        // Without a lock there is no file that tells the time, so no time stamp is trusted.
        let papers = RecordedState::read(&self.door, &self.folder.join(OURS), (i64::MIN, 0))?;
        finished(self, papers)
    }
}

fn finished(place: &OutputDir, papers: RecordedState) -> Result<Finished, DiskErrors> {
    let (root, door) = (place.folder.clone(), place.door.clone());
    if papers.is_broken() || papers.manifest.outputs.is_empty() {
        return Err(DiskError::Unfinished { folder: root }.into());
    }
    let Survey { current, edited, .. } = survey(&door, &root, &papers)?;
    let outputs = papers.manifest.outputs;
    let spoilt = outputs.keys().filter(|path| !current.contains_key(*path) || edited.contains_key(*path));
    let faults: DiskErrors = spoilt.map(|path| DiskError::Spoilt { file: locate(&root, path) }).collect();
    if faults.is_empty() { Ok(Finished { root, door, outputs }) } else { Err(faults) }
}

impl Finished {
    /// What was built.
    pub fn outputs(&self) -> &Outputs {
        &self.outputs
    }
}

impl Files for Finished {
    fn list(&self) -> Listing {
        let listed = self.outputs.iter().map(|(path, output)| Listed { path: path.clone(), len: output.len });
        Listing { files: listed.collect(), refused: Vec::new() }
    }

    fn read(&self, path: &SitePath) -> io::Result<Vec<u8>> {
        self.door.read(&locate(&self.root, path))
    }

    fn open(&self, path: &SitePath) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(self.door.open(&locate(&self.root, path))?))
    }
}
