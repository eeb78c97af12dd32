use std::io;

/// A cache: a few named files, each of which may be missing or damaged at any time, so that the caller must verify what
/// it reads.
pub trait Store: Send + Sync {
    /// A whole file; `None` if it is missing or cannot be read.
    fn load(&self, name: &str) -> Option<Vec<u8>>;

    /// `len` bytes of a file from `at` on; `None` if it is shorter or cannot be read.
    fn read_at(&self, name: &str, at: u64, len: usize) -> Option<Vec<u8>>;

    /// Appends bytes to a file, which is created if it is missing.
    ///
    /// # Errors
    /// The error of the implementation.
    fn append(&self, name: &str, bytes: &[u8]) -> io::Result<()>;

    /// Replaces a file atomically; it is created if it is missing.
    ///
    /// # Errors
    /// The error of the implementation.
    fn replace(&self, name: &str, bytes: &[u8]) -> io::Result<()>;

    /// Removes a file, if it exists.
    fn remove(&self, name: &str);

    /// The names of all files, with their sizes.
    fn names(&self) -> Vec<(String, u64)>;
}
