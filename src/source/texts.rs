use rustc_hash::FxHashMap;

use super::{Files, LineIndex, SitePath};

/// The texts of input files, each read once, on the first request.
pub struct Texts<'f> {
    files: &'f dyn Files,
    read: FxHashMap<SitePath, LineIndex<'static>>,
}

impl<'f> Texts<'f> {
    /// Texts of `files`.
    pub fn new(files: &'f dyn Files) -> Self {
        Self { files, read: FxHashMap::default() }
    }

    /// The text of a file; empty if it cannot be read or is binary.
    pub fn get(&mut self, file: &SitePath) -> &LineIndex<'static> {
        let files = self.files;
        self.read.entry(file.clone()).or_insert_with(|| {
            let bytes = files.read(file).ok().filter(|bytes| memchr::memchr(0, bytes).is_none());
            bytes.map(|bytes| LineIndex::new(String::from_utf8_lossy(&bytes).into_owned())).unwrap_or_default()
        })
    }
}
