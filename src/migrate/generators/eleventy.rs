//! Eleventy: its configuration is a program, from which only literal strings are read.

use super::super::defaults::Defaults;
use super::super::ignore::Ignore;
use super::super::input::Input;
use super::super::old_site::{OldSite, Root, folder};
use super::super::patterns::Pattern;
use super::super::report::{Notes, Report};
use super::super::slugs::Anchors;
use super::super::values::Map;
use super::super::{Generator, kinds};
use crate::source::SitePath;

static INPUT: Pattern = Pattern::new(r#"\binput\s*:\s*["']([^"']+)["']|setInputDirectory\(\s*["']([^"']+)["']"#);
static COPY: Pattern = Pattern::new(r#"addPassthroughCopy\(\s*(\{[^}]*\}|["'][^"']+["'])"#);
static QUOTED: Pattern = Pattern::new(r#"["']([^"']+)["']\s*(?::\s*["']([^"']+)["'])?"#);

pub(super) fn read(input: &Input<'_>, path: &str, report: &mut Report) -> OldSite {
    let path = SitePath::new(path).ok();
    let text = path.as_ref().and_then(|path| input.text(path, report)).unwrap_or_default();
    if let Some(path) = &path {
        Notes { file: path, report }.add(kinds::SETTINGS, path.as_str(), 0..0);
    }
    let top = INPUT.captures(&text).and_then(|found| found.get(1).or_else(|| found.get(2)));
    let top = folder(top.map_or("", |found| found.as_str()));
    let mut site = OldSite {
        roots: vec![Root { folder: top.clone(), ..Root::default() }],
        folder_urls: true,
        anchors: Anchors::Github,
        statics: copies(&text, &top),
        taxonomies: vec![("tags".to_owned(), "tags".to_owned())],
        defaults: data_files(input, &top, report),
        ..OldSite::new(Generator::Eleventy, Map::new())
    };
    let ignored = SitePath::new(".eleventyignore").ok().filter(|path| input.listed.contains(path));
    if let Some(lines) = ignored.and_then(|path| input.text(&path, report)) {
        site.ignored = Ignore::lines(&lines, "");
    }
    for name in ["node_modules/", "_includes/", "_layouts/", "_data/", "_site/"] {
        site.ignored.add(name, "");
    }
    site
}

/// Folders and files that are copied as they are.
fn copies(text: &str, top: &str) -> Vec<(String, String)> {
    let calls = COPY.captures_iter(text).filter_map(|call| call.get(1)).map(|words| words.as_str());
    let pair = |words: &str| -> Vec<(String, String)> {
        let pairs = QUOTED.captures_iter(words);
        let read = |found: regex_lite::Captures<'_>| {
            let from = folder(found.get(1)?.as_str());
            let to = match found.get(2) {
                Some(to) => folder(to.as_str()),
                None => super::super::old_site::below(&from, top).unwrap_or(&from).to_owned(),
            };
            Some((from, to))
        };
        pairs.filter_map(read).collect()
    };
    calls.flat_map(pair).filter(|(from, _)| !from.contains('*')).collect()
}

/// Data files of folders and pages: `posts/posts.json`, `page.11tydata.json`. Those in JavaScript cannot be read.
fn data_files(input: &Input<'_>, top: &str, report: &mut Report) -> Vec<Defaults> {
    let mut defaults = Vec::new();
    for path in input.listed.iter().filter(|path| super::super::old_site::below(path.as_str(), top).is_some()) {
        let stem = path.name().split('.').next().unwrap_or_default();
        let is_folder = path.folder().rsplit('/').next() == Some(stem);
        let own = SitePath::new(&super::super::old_site::join(path.folder(), stem)).map(|path| path.to_string());
        let Ok(page) = own else { continue };
        let scope = if is_folder { path.folder().to_owned() } else { format!("{page}.") };
        if path.name().contains(".11tydata.") && !path.name().ends_with("json") {
            Notes { file: path, report }.add(kinds::DATA_IN_CODE, path.as_str(), 0..0);
        } else if path.extension() == "json" && (is_folder || path.name().contains(".11tydata.")) {
            let text = input.text(path, report).unwrap_or_default();
            let map = input.config(path.as_str(), report).filter(|map| map.values().any(|value| !value.is_null()));
            defaults.extend(map.map(|map| Defaults::new(scope, map, path, &text, 0)));
        }
    }
    // The data of a page counts before that of its folder.
    defaults.sort_by_key(|defaults| defaults.below.len());
    defaults
}
