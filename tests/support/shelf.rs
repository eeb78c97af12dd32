//! A store and a published folder in memory, for consecutive builds.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};

use dossier::pipeline::{BuildOptions, Built, Request, build_with};
use dossier::source::{Hash, Memory, Outputs, Sink, SitePath, Store};

/// A store in memory; `broken` refuses every write.
#[derive(Debug, Default)]
pub struct Shelf {
    pub files: Mutex<BTreeMap<String, Vec<u8>>>,
    pub broken: Mutex<bool>,
}

impl Shelf {
    fn writable(&self) -> io::Result<()> {
        if *self.broken.lock().unwrap() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }
}

impl Store for Shelf {
    fn load(&self, name: &str) -> Option<Vec<u8>> {
        self.files.lock().unwrap().get(name).cloned()
    }

    fn read_at(&self, name: &str, at: u64, len: usize) -> Option<Vec<u8>> {
        let files = self.files.lock().unwrap();
        let at = usize::try_from(at).ok()?;
        Some(files.get(name)?.get(at..at.checked_add(len)?)?.to_vec())
    }

    fn append(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.writable()?;
        self.files.lock().unwrap().entry(name.to_owned()).or_default().extend_from_slice(bytes);
        Ok(())
    }

    fn replace(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.writable()?;
        self.files.lock().unwrap().insert(name.to_owned(), bytes.to_vec());
        Ok(())
    }

    fn remove(&self, name: &str) {
        self.files.lock().unwrap().remove(name);
    }

    fn names(&self) -> Vec<(String, u64)> {
        self.files.lock().unwrap().iter().map(|(name, bytes)| (name.clone(), bytes.len() as u64)).collect()
    }
}

/// The published outputs, and those that a build adds.
#[derive(Default)]
pub struct Published {
    pub outputs: Outputs,
    pub files: BTreeMap<SitePath, Vec<u8>>,
    pub fresh: Memory,
}

impl Sink for Published {
    fn put(&self, path: &SitePath, bytes: &[u8]) -> io::Result<Hash> {
        self.fresh.put(path, bytes)
    }

    fn holds(&self, path: &SitePath, hash: &Hash, len: u64) -> bool {
        self.outputs.get(path).is_some_and(|there| there.hash == *hash && there.len == len)
    }

    fn existing(&self) -> Option<&Outputs> {
        Some(&self.outputs)
    }
}

impl Published {
    /// Applies the outputs of a build; panics if it refers to unknown bytes.
    pub fn take(&mut self, built: &Built) {
        let fresh = std::mem::take(&mut self.fresh).snapshot();
        if built.problems.has_errors() {
            return;
        }
        let bytes = |path: &SitePath| fresh.get(path).or_else(|| self.files.get(path)).cloned();
        let files: BTreeMap<SitePath, Vec<u8>> = built
            .outputs
            .iter()
            .map(|(path, output)| {
                let bytes = bytes(path).unwrap_or_else(|| panic!("{path} was never put"));
                assert_eq!(Hash::of(&bytes), output.hash, "{path} has another hash");
                (path.clone(), bytes)
            })
            .collect();
        self.files = files;
        self.outputs = built.outputs.clone();
    }
}

/// A request for a day.
pub fn request() -> Request {
    Request::of(jiff::civil::date(2026, 11, 21))
}

/// Builds with the cache of earlier builds, and publishes.
pub fn warm(files: &Memory, request: &Request, store: &Arc<Shelf>, published: &mut Published) -> Built {
    let help = BuildOptions { progress: &|_, _, _| {}, store: Some(store.clone()), clock: None, archive: None };
    let built = build_with(files, request, published, &help);
    published.take(&built);
    built
}

/// Builds without a cache into an empty folder.
pub fn cold(files: &Memory, request: &Request) -> (Built, BTreeMap<SitePath, Vec<u8>>) {
    let sink = Memory::default();
    let help = BuildOptions { progress: &|_, _, _| {}, store: None, clock: None, archive: None };
    let built = build_with(files, request, &sink, &help);
    (built, sink.snapshot())
}
