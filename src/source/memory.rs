use std::collections::BTreeMap;
use std::io;
use std::sync::Mutex;

use super::{Files, Hash, Listed, Listing, Sink, SitePath};

/// A site in memory, as input and as output, for tests and examples.
#[derive(Debug, Default)]
pub struct Memory {
    files: Mutex<BTreeMap<SitePath, Vec<u8>>>,
}

impl Memory {
    /// Reads a fixture: each line `//- PATH` starts a file, whose text are the lines up to the next one.
    ///
    /// Invalid paths are ignored.
    pub fn fixture(text: &str) -> Self {
        let memory = Self::default();
        for part in text.split("//- ").skip(1) {
            let (path, body) = part.split_once('\n').unwrap_or((part, ""));
            if let Ok(path) = SitePath::new(path.trim()) {
                memory.insert(path, body.as_bytes().to_vec());
            }
        }
        memory
    }

    /// Adds a file; replaces any file with this path.
    pub fn insert(&self, path: SitePath, bytes: Vec<u8>) {
        self.lock().insert(path, bytes);
    }

    /// Removes a file, and returns its bytes.
    pub fn remove(&self, path: &SitePath) -> Option<Vec<u8>> {
        self.lock().remove(path)
    }

    /// A copy of all files.
    pub fn snapshot(&self) -> BTreeMap<SitePath, Vec<u8>> {
        self.lock().clone()
    }

    /// A file as text; bytes that are not UTF-8 are replaced.
    pub fn text(&self, path: &str) -> Option<String> {
        let path = SitePath::new(path).ok()?;
        self.lock().get(&path).map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<SitePath, Vec<u8>>> {
        self.files.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Files for Memory {
    fn list(&self) -> Listing {
        let listed = |(path, bytes): (&SitePath, &Vec<u8>)| Listed { path: path.clone(), len: bytes.len() as u64 };
        Listing { files: self.lock().iter().map(listed).collect(), refused: Vec::new() }
    }

    fn read(&self, path: &SitePath) -> io::Result<Vec<u8>> {
        self.lock().get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl Sink for Memory {
    fn put(&self, path: &SitePath, bytes: &[u8]) -> io::Result<Hash> {
        self.insert(path.clone(), bytes.to_vec());
        Ok(Hash::of(bytes))
    }

    fn holds(&self, path: &SitePath, hash: &Hash, _len: u64) -> bool {
        self.lock().get(path).is_some_and(|bytes| Hash::of(bytes) == *hash)
    }
}
