use std::io::{self, Read};

use super::root::Root;
use super::survey::{RecordedState, Survey, survey};
use super::{DiskError, DiskErrors, LockedOutput, OutputDir};
use crate::source::{Files, Listed, Listing, MAX_INPUT, Outputs, SitePath};

/// The file that names the last upload.
const RUN: &str = ".dossier/publish-run";

/// A finished build, as input of an upload.
pub struct FinishedBuild {
    root: Root,
    outputs: Outputs,
}

impl LockedOutput {
    /// The build in this folder, if every file is unchanged.
    ///
    /// # Errors
    /// When nothing was built here, a build was interrupted, or files were changed or removed since.
    pub fn finished(&self) -> Result<FinishedBuild, DiskErrors> {
        finished(self.root(), self.recorded()?)
    }

    /// The id of the last upload from here, as [`LockedOutput::save_run`] wrote it.
    pub fn last_run(&self) -> Option<String> {
        String::from_utf8(self.root().read(RUN, MAX_INPUT).ok()?).ok()
    }

    /// Writes the id of an upload from here.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save_run(&self, run: &str) -> Result<(), DiskError> {
        let root = self.root();
        let written = root.remove(RUN).and_then(|()| root.write(RUN, run.as_bytes(), false));
        written.map_err(root.write_error(RUN))
    }
}

impl OutputDir {
    /// As [`LockedOutput::finished`], but writes nothing, not even a lock: every file is read.
    ///
    /// # Errors
    /// As [`LockedOutput::finished`].
    pub fn finished(&self) -> Result<FinishedBuild, DiskErrors> {
        let root = match self.fs.open(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(DiskError::Unfinished { folder: self.folder.clone() }.into());
            }
            opened => opened.map_err(DiskError::read_error(&self.folder))?,
        };
        finished(&root, RecordedState::read(&root, (i64::MIN, 0), None)?)
    }
}

fn finished(root: &Root, recorded: RecordedState) -> Result<FinishedBuild, DiskErrors> {
    if recorded.is_interrupted() || recorded.manifest.outputs.is_empty() {
        return Err(DiskError::Unfinished { folder: root.path().to_owned() }.into());
    }
    let Survey { current, edited, .. } = survey(root, &recorded)?;
    let outputs = recorded.manifest.outputs;
    let spoilt = outputs.keys().filter(|path| !current.contains_key(*path) || edited.contains_key(*path));
    let faults: DiskErrors = spoilt.map(|path| DiskError::ChangedSinceBuild { file: root.locate(path) }).collect();
    if faults.is_empty() { Ok(FinishedBuild { root: root.clone(), outputs }) } else { Err(faults) }
}

impl FinishedBuild {
    /// The outputs of the build.
    pub fn outputs(&self) -> &Outputs {
        &self.outputs
    }
}

impl Files for FinishedBuild {
    fn list(&self) -> Listing {
        let listed = self.outputs.iter().map(|(path, output)| Listed { path: path.clone(), len: output.len });
        Listing { files: listed.collect(), refused: Vec::new() }
    }

    fn read(&self, path: &SitePath) -> io::Result<Vec<u8>> {
        self.root.read(path, MAX_INPUT)
    }

    fn open(&self, path: &SitePath) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(self.root.open(path)?.0))
    }
}
