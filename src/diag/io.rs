use std::io;

use super::Diagnostic;
use crate::source::{SitePath, Span};

impl Diagnostic {
    /// An input that exists but cannot be read.
    pub fn read_failed(file: &SitePath, error: &io::Error) -> Self {
        let code = if error.kind() == io::ErrorKind::FileTooLarge { "too-large" } else { "read-failed" };
        let problem = Self::new(code, Span::file(file), format!("`{file}` cannot be read: {}", plain(error)));
        problem.hint_of(error)
    }

    /// An output that cannot be written; `file` is its path for messages.
    pub fn write_failed(file: impl std::fmt::Display, error: &io::Error) -> Self {
        Self::new("write-failed", None, format!("`{file}` cannot be written: {}", plain(error))).hint_of(error)
    }

    /// A cache that cannot be written: the build is correct, but the next one will be slower.
    pub fn cache_failed(error: &io::Error) -> Self {
        let message = format!("cannot write the cache: {}", plain(error));
        Self::new("cache-failed", None, message).hint_of(error)
    }

    /// Adds a hint for this kind of error, if there is one.
    #[must_use]
    pub fn hint_of(self, error: &io::Error) -> Self {
        match remedy(error) {
            Some(remedy) => self.hint(remedy),
            None => self,
        }
    }
}

/// The error of the operating system as a plain phrase.
pub fn plain(error: &io::Error) -> String {
    use io::ErrorKind as Kind;
    let words = match error.kind() {
        // Our own errors already have a plain text.
        _ if error.get_ref().is_some() => return error.to_string(),
        Kind::StorageFull => "no space is left on the disk",
        Kind::QuotaExceeded => "the disk quota is exceeded",
        Kind::PermissionDenied => "permission is denied",
        Kind::ReadOnlyFilesystem => "the disk is read-only",
        Kind::NotFound => "it is not there",
        Kind::AlreadyExists => "something of that name already exists",
        Kind::IsADirectory => "it is a folder",
        Kind::NotADirectory => "a file exists where a folder must be",
        Kind::DirectoryNotEmpty => "the folder is not empty",
        Kind::InvalidFilename => "the file system does not allow this name, or the path is too long",
        Kind::FileTooLarge => "it is larger than the file system allows",
        Kind::CrossesDevices => "it is on another disk",
        Kind::TooManyLinks => "there are too many links",
        _ => return error.to_string(),
    };
    words.to_owned()
}

fn remedy(error: &io::Error) -> Option<&'static str> {
    use io::ErrorKind as Kind;
    Some(match error.kind() {
        Kind::StorageFull | Kind::QuotaExceeded => {
            "free some space and build again; no partly written file is left behind"
        }
        Kind::PermissionDenied => "check the owner and the permissions of the file and its folder",
        Kind::ReadOnlyFilesystem => "choose another folder with `--out`",
        Kind::InvalidFilename => "shorten the name, or set a short `slug`",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn explains_the_kind_of_error_and_the_remedy() {
        let full = Diagnostic::write_failed("public/a.html", &io::ErrorKind::StorageFull.into());
        assert_eq!(full.message, "`public/a.html` cannot be written: no space is left on the disk");
        assert!(full.hint.is_some_and(|hint| hint.starts_with("free some space")));
        let own = io::Error::new(io::ErrorKind::InvalidFilename, "the name is longer than 255 bytes");
        assert_eq!(plain(&own), "the name is longer than 255 bytes");
    }
}
