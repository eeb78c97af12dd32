use std::io;

/// A place for what can be made again: a few named files, each of which may be gone or damaged at any time. Whoever
/// reads from it checks what comes.
pub trait Store: Send + Sync {
    /// A whole file; absent where it is not there or cannot be read.
    fn load(&self, name: &str) -> Option<Vec<u8>>;

    /// A stretch of a file, as far as it is there.
    fn read_at(&self, name: &str, at: u64, len: usize) -> Option<Vec<u8>>;

    /// Puts bytes at the end of a file, which is made where it is missing.
    ///
    /// # Errors
    /// What the underlying store says.
    fn append(&self, name: &str, bytes: &[u8]) -> io::Result<()>;

    /// Puts a whole file in the place of what is there; who reads it meanwhile gets the one or the other.
    ///
    /// # Errors
    /// What the underlying store says.
    fn replace(&self, name: &str, bytes: &[u8]) -> io::Result<()>;

    /// Takes a file away, where it is there.
    fn remove(&self, name: &str);

    /// The names of all files, with their sizes.
    fn names(&self) -> Vec<(String, u64)>;
}
