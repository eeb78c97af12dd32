//! The templates and the stylesheet that come with the program: this repository's own, one copy.
//!
//! A site without `templates/` looks like them; a file of the site's of the same name stands instead of ours.

use std::io;

use crate::source::{Files, Hash, Listed, Listing, SitePath};

/// Lists the files of the theme by their path from a site's root.
macro_rules! theme {
    ($($path:literal)*) => {
        /// Every file of the theme, sorted by path.
        pub const THEME: &[(&str, &[u8])] =
            &[$(($path, include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/", $path)))),*];
    };
}

theme! {
    "static/embed.css"
    "static/evidence.css"
    "static/evidence.js"
    "static/favicon.ico"
    "static/full.css"
    "static/search.js"
    "static/site.js"
    "static/style.css"
    "static/tokens.css"
    "templates/404.html"
    "templates/base.html"
    "templates/claim.html"
    "templates/claims.html"
    "templates/components/drawings.html"
    "templates/components/evidence.html"
    "templates/components/page.html"
    "templates/components/prose.html"
    "templates/corrections.html"
    "templates/disagreements.html"
    "templates/embed.html"
    "templates/entities.html"
    "templates/home.html"
    "templates/page.html"
    "templates/search.html"
    "templates/section.html"
    "templates/source.html"
    "templates/sources.html"
    "templates/timeline.html"
    "templates/topic.html"
}

/// A file of the theme, for a site that has none of this name.
pub fn theme_file(path: &SitePath) -> Option<&'static [u8]> {
    let at = THEME.binary_search_by(|(name, _)| (*name).cmp(path.as_str())).ok()?;
    THEME.get(at).map(|(_, bytes)| *bytes)
}

/// A site's files with the theme behind them.
pub(super) struct Themed<'a> {
    files: &'a dyn Files,
}

impl<'a> Themed<'a> {
    /// The theme behind these files.
    pub fn behind(files: &'a dyn Files) -> Self {
        Self { files }
    }

    /// Adds the files of the theme that the site does not have itself.
    pub fn complete(listing: &mut Listing) {
        for (path, bytes) in THEME {
            let Ok(path) = SitePath::new(path) else { continue };
            if let Err(at) = listing.files.binary_search_by(|listed| listed.path.cmp(&path)) {
                listing.files.insert(at, Listed { path, len: bytes.len() as u64 });
            }
        }
    }

    fn or_ours<T>(path: &SitePath, own: io::Result<T>, ours: impl FnOnce(&'static [u8]) -> T) -> io::Result<T> {
        match own {
            Err(error) if error.kind() == io::ErrorKind::NotFound => theme_file(path).map(ours).ok_or(error),
            own => own,
        }
    }
}

impl Files for Themed<'_> {
    fn list(&self) -> Listing {
        self.files.list()
    }

    fn read(&self, path: &SitePath) -> io::Result<Vec<u8>> {
        Self::or_ours(path, self.files.read(path), <[u8]>::to_vec)
    }

    fn read_hashed(&self, path: &SitePath, limit: u64) -> io::Result<(Vec<u8>, Hash)> {
        Self::or_ours(path, self.files.read_hashed(path, limit), |bytes| (bytes.to_vec(), Hash::of(bytes)))
    }

    fn read_head(&self, path: &SitePath, limit: usize) -> io::Result<Vec<u8>> {
        Self::or_ours(path, self.files.read_head(path, limit), |bytes| bytes.iter().copied().take(limit).collect())
    }

    fn open(&self, path: &SitePath) -> io::Result<Box<dyn io::Read + '_>> {
        Self::or_ours(path, self.files.open(path), |bytes| Box::new(bytes) as Box<dyn io::Read + '_>)
    }

    fn hash(&self, path: &SitePath) -> io::Result<Hash> {
        Self::or_ours(path, self.files.hash(path), Hash::of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test may look at the repository")]
    fn the_theme_is_all_of_this_repository_s_templates_in_order() {
        assert!(THEME.is_sorted_by_key(|(path, _)| *path), "sort the theme by path");
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let templates = walkdir::WalkDir::new(root.join("templates")).sort_by_file_name();
        for entry in templates.into_iter().filter_map(Result::ok).filter(|entry| entry.file_type().is_file()) {
            let path = entry.path().strip_prefix(root).map(|path| path.to_string_lossy().into_owned());
            let path = path.unwrap_or_default();
            assert!(THEME.iter().any(|(known, _)| *known == path), "add {path} to the theme");
        }
    }
}
