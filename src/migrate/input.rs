//! The old folder: what is in it, and its files as text.

use std::collections::BTreeSet;

use super::report::{Notes, Report};
use super::values::{self, Map};
use super::{front_matter, kinds};
use crate::source::{Files, SitePath};

/// The files of the old folder.
pub(super) struct Input<'a> {
    pub files: &'a dyn Files,
    pub listed: BTreeSet<SitePath>,
}

impl Input<'_> {
    /// Whether there is such a file.
    pub fn has(&self, path: &str) -> bool {
        SitePath::new(path).is_ok_and(|path| self.listed.contains(&path))
    }

    /// A file as text; unreadable files are reported.
    pub fn text(&self, path: &SitePath, report: &mut Report) -> Option<String> {
        let read = self.files.read(path).map_err(|error| error.to_string());
        let text = read.and_then(|bytes| {
            String::from_utf8(bytes).map_err(|error| format!("byte {} is not UTF-8", error.utf8_error().valid_up_to()))
        });
        match text {
            Ok(text) => Some(text),
            Err(reason) => {
                let message = format!("the file was not imported: {reason}");
                Notes { file: path, report }.add_single(0..0, message, "save it as UTF-8 and add it to the new site");
                None
            }
        }
    }

    /// A parsed configuration file; syntax errors are reported.
    pub fn config(&self, path: &str, report: &mut Report) -> Option<Map> {
        let path = SitePath::new(path).ok().filter(|path| self.listed.contains(path))?;
        let text = self.text(&path, report)?;
        let text = text.trim_start_matches('\u{feff}');
        let parsed = match path.extension() {
            "toml" => values::toml(text),
            "json" => values::json(text),
            _ => values::yaml(text),
        };
        match parsed {
            Ok(map) => Some(map),
            Err((at, message)) => {
                Notes { file: &path, report }.add_single(at, message, "write these settings into `site.toml`");
                None
            }
        }
    }

    /// Reports settings that are not imported.
    pub fn note_settings(&self, path: &str, map: &Map, known: &[&str], report: &mut Report) {
        let Ok(path) = SitePath::new(path) else { return };
        let bytes = self.files.read(&path).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let mut notes = Notes { file: &path, report };
        for key in map.keys().filter_map(|key| key.as_str()).filter(|key| !known.contains(key)) {
            let last = key.rsplit('.').next().unwrap_or(key);
            notes.add(kinds::SETTINGS, key, front_matter::place(&text, last));
        }
    }
}
