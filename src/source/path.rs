use std::borrow::{Borrow, Cow};
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use unicode_normalization::UnicodeNormalization;

/// A file's path inside a site: relative, separated by `/`, without `.`, `..` or empty parts.
///
/// Inputs are named from the root (`content/cloud.md`), outputs from the output folder (`cloud.html`). Cloning only
/// increments a reference count.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SitePath(Arc<str>);

/// Why some text is not a [`SitePath`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathError {
    /// It has no parts.
    Empty,
    /// It starts with `/`, or leaves the site by `..`.
    Outside,
    /// It contains a NUL byte, which no file system accepts.
    Nul,
}

impl SitePath {
    /// Reads a path, folding `./` and `a/../`; backslashes are ordinary characters.
    ///
    /// # Errors
    /// When the path is empty, absolute, or leads out of the site.
    pub fn new(text: &str) -> Result<Self, PathError> {
        if memchr::memchr(0, text.as_bytes()).is_some() {
            return Err(PathError::Nul);
        }
        if text.starts_with('/') {
            return Err(PathError::Outside);
        }
        if is_folded(text) {
            return Ok(Self(text.into()));
        }
        let mut path = String::with_capacity(text.len());
        for part in text.split('/') {
            match part {
                "" | "." => {}
                ".." if path.is_empty() => return Err(PathError::Outside),
                ".." => path.truncate(path.rfind('/').unwrap_or(0)),
                part => {
                    if !path.is_empty() {
                        path.push('/');
                    }
                    path.push_str(part);
                }
            }
        }
        if path.is_empty() { Err(PathError::Empty) } else { Ok(Self(path.into())) }
    }

    /// The path that `link`, written in this file, points at: relative to this file's folder, or to the site for a
    /// leading `/`.
    ///
    /// # Errors
    /// As [`SitePath::new`].
    pub fn resolve(&self, link: &str) -> Result<Self, PathError> {
        if let Some(rooted) = link.strip_prefix('/') {
            return Self::new(rooted);
        }
        // Most links have `..` only at their start: the folders that they leave need not be copied.
        let (mut folder, mut rest) = (self.folder(), link);
        while let Some(below) = rest.strip_prefix("../").filter(|_| !folder.is_empty()) {
            folder = split_last(folder, b'/').map_or("", |(above, _)| above);
            rest = below.trim_start_matches('/');
        }
        if folder.is_empty() {
            return Self::new(rest);
        }
        let mut path = String::with_capacity(folder.len() + 1 + rest.len());
        path.push_str(folder);
        path.push('/');
        path.push_str(rest);
        Self::new(&path)
    }

    /// A fast version of [`SitePath::resolve`] for simple links: writes the path into `to`, and returns whether the
    /// link is simple. It is if it has `..` only at its start, and contains only ASCII letters, digits, `-`, `_`, `.`
    /// and `/`, so that nothing is encoded. The path keeps a final slash; that of the top folder is empty.
    pub fn resolve_plainly(&self, link: &str, to: &mut String) -> bool {
        let (mut folder, mut rest) = (self.folder(), link);
        while let Some(below) = rest.strip_prefix("../") {
            if folder.is_empty() {
                return false;
            }
            (folder, rest) = (split_last(folder, b'/').map_or("", |(above, _)| above), below);
        }
        let mut before = b'/';
        let plain = rest.bytes().all(|byte| {
            let begins = std::mem::replace(&mut before, byte) == b'/';
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') || (!begins && matches!(byte, b'.' | b'/'))
        });
        to.clear();
        to.push_str(folder);
        if !folder.is_empty() {
            to.push('/');
        }
        to.push_str(rest);
        plain && !link.is_empty()
    }

    /// The whole path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its folder, without a trailing slash; empty for the top folder.
    pub fn folder(&self) -> &str {
        split_last(&self.0, b'/').map_or("", |(folder, _)| folder)
    }

    /// The last part.
    pub fn name(&self) -> &str {
        split_last(&self.0, b'/').map_or(&self.0, |(_, name)| name)
    }

    /// The last part without its extension.
    pub fn stem(&self) -> &str {
        match split_last(self.name(), b'.') {
            Some((stem, _)) if !stem.is_empty() => stem,
            _ => self.name(),
        }
    }

    /// The extension, without its dot; empty if there is none.
    pub fn extension(&self) -> &str {
        match split_last(self.name(), b'.') {
            Some((stem, extension)) if !stem.is_empty() => extension,
            _ => "",
        }
    }

    /// The path relative to `folder`; `None` if it is not inside.
    pub fn below(&self, folder: &str) -> Option<&str> {
        self.0.strip_prefix(folder)?.strip_prefix('/')
    }

    /// The path in lower case and in Unicode normalization form C: equal for paths that are one file on some file
    /// systems.
    pub fn folded(&self) -> Cow<'_, str> {
        match self.0.as_bytes() {
            ascii if ascii.iter().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) => Cow::Borrowed(&self.0),
            ascii if ascii.is_ascii() => self.0.to_ascii_lowercase().into(),
            _ => self.0.to_lowercase().nfc().collect::<String>().into(),
        }
    }

    /// The number of its folders.
    pub fn depth(&self) -> usize {
        self.0.matches('/').count()
    }
}

/// Splits at the last occurrence of an ASCII character; for short names faster than `rsplit_once`.
fn split_last(text: &str, at: u8) -> Option<(&str, &str)> {
    let found = text.bytes().rposition(|byte| byte == at)?;
    Some((text.get(..found)?, text.get(found + 1..)?))
}

/// Whether no part is empty or begins with a dot, so that the path is already normalized.
fn is_folded(text: &str) -> bool {
    let mut before = b'/';
    let plain = text.bytes().all(|byte| {
        let begins = std::mem::replace(&mut before, byte) == b'/';
        !(begins && matches!(byte, b'/' | b'.'))
    });
    plain && before != b'/'
}

/// Maps with path keys can be searched by text: both have the same hash and order.
impl AsRef<std::path::Path> for SitePath {
    fn as_ref(&self) -> &std::path::Path {
        self.as_str().as_ref()
    }
}

impl Borrow<str> for SitePath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SitePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SitePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the path is empty",
            Self::Outside => "the path leads out of the site",
            Self::Nul => "the path holds a NUL byte",
        })
    }
}

impl Serialize for SitePath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for SitePath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalizes_dots_and_refuses_to_leave_the_site() {
        assert_eq!(SitePath::new("a/./b/../c.md").map(|p| p.to_string()), Ok("a/c.md".into()));
        assert_eq!(SitePath::new("../x"), Err(PathError::Outside));
        assert_eq!(SitePath::new("a/../../x"), Err(PathError::Outside));
        assert_eq!(SitePath::new("/etc/passwd"), Err(PathError::Outside));
        assert_eq!(SitePath::new("./"), Err(PathError::Empty));
        assert_eq!(SitePath::new("a\0b"), Err(PathError::Nul));
    }

    #[test]
    fn resolves_links_from_the_folder_of_the_page() -> Result<(), PathError> {
        let page = SitePath::new("guide/intro.md")?;
        assert_eq!(page.resolve("next.md")?.as_str(), "guide/next.md");
        assert_eq!(page.resolve("../cloud.md")?.as_str(), "cloud.md");
        assert_eq!(page.resolve("/cloud.md")?.as_str(), "cloud.md");
        // The same as joining the folder and the link.
        let links =
            ["..", "../", "../..", "../../x", ".././x", "..//x", "../x/../..", "./../x", "x/..", ".", "", "../é"];
        for page in ["a.md", "a/b.md", "a/b/c.md"].map(SitePath::new) {
            let page = page?;
            for link in links {
                assert_eq!(
                    page.resolve(link),
                    SitePath::new(format!("{}/{link}", page.folder()).trim_start_matches('/')),
                    "{page} {link}"
                );
            }
        }
        let mut plain = String::new();
        for (link, expected) in [("next.md", "guide/next.md"), ("../a/b/", "a/b/"), ("../", "")] {
            assert!(page.resolve_plainly(link, &mut plain));
            assert_eq!(plain, expected);
        }
        for link in ["", "../../x", "./x", "a/../x", "/x", "a//b", "%41", "x?y", "é"] {
            assert!(!page.resolve_plainly(link, &mut plain), "{link}");
        }
        Ok(())
    }

    #[test]
    fn splits_into_parts() -> Result<(), PathError> {
        let page = SitePath::new("a/b.tar.gz")?;
        assert_eq!((page.folder(), page.name(), page.stem(), page.extension()), ("a", "b.tar.gz", "b.tar", "gz"));
        assert_eq!(SitePath::new(".hidden")?.extension(), "");
        Ok(())
    }
}
