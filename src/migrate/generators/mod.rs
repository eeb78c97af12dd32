//! Detects the generator of a folder, and reads its configuration.

mod eleventy;
mod hugo;
mod jekyll;
mod mdbook;
mod mkdocs;
mod obsidian;
mod quarto;
mod zola;

use super::input::Input;
use super::kinds;
use super::old_site::{OldSite, Root};
use super::report::{Notes, Report};
use super::slugs::Anchors;
use super::values::{Map, text_at};
use crate::source::SitePath;

/// The generator that a folder was made for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Generator {
    /// No configuration names one.
    #[default]
    Plain,
    /// mdBook: `book.toml`.
    MdBook,
    /// Zola: `config.toml` or `zola.toml`.
    Zola,
    /// Hugo: `hugo.toml`, or another `config` file.
    Hugo,
    /// Jekyll: `_config.yml`.
    Jekyll,
    /// Eleventy: `eleventy.config.js` or `.eleventy.js`.
    Eleventy,
    /// `MkDocs`: `mkdocs.yml`.
    MkDocs,
    /// Quarto: `_quarto.yml`.
    Quarto,
    /// Obsidian: a folder `.obsidian`, or notes that link by their names.
    Obsidian,
}

/// Files that identify a generator, the most specific first.
const CONFIGS: [(&str, Generator); 20] = [
    ("book.toml", Generator::MdBook),
    ("zola.toml", Generator::Zola),
    ("hugo.toml", Generator::Hugo),
    ("hugo.yaml", Generator::Hugo),
    ("hugo.yml", Generator::Hugo),
    ("hugo.json", Generator::Hugo),
    ("mkdocs.yml", Generator::MkDocs),
    ("mkdocs.yaml", Generator::MkDocs),
    ("_quarto.yml", Generator::Quarto),
    ("_quarto.yaml", Generator::Quarto),
    ("_config.yml", Generator::Jekyll),
    ("_config.yaml", Generator::Jekyll),
    ("_config.toml", Generator::Jekyll),
    (".eleventy.js", Generator::Eleventy),
    ("eleventy.config.js", Generator::Eleventy),
    ("eleventy.config.mjs", Generator::Eleventy),
    ("eleventy.config.cjs", Generator::Eleventy),
    ("eleventy.config.ts", Generator::Eleventy),
    ("config/_default/hugo.toml", Generator::Hugo),
    ("config/_default/hugo.yaml", Generator::Hugo),
];

/// Files that several generators and many other programs use: their keys decide.
const SHARED: [&str; 7] = [
    "config.toml",
    "config.yaml",
    "config.yml",
    "config.json",
    "config/_default/config.toml",
    "config/_default/config.yaml",
    "config/_default/config.yml",
];

impl Generator {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain Markdown",
            Self::MdBook => "mdBook",
            Self::Zola => "Zola",
            Self::Hugo => "Hugo",
            Self::Jekyll => "Jekyll",
            Self::Eleventy => "Eleventy",
            Self::MkDocs => "MkDocs",
            Self::Quarto => "Quarto",
            Self::Obsidian => "Obsidian",
        }
    }
}

/// Detects the generator, and reads its configuration.
pub(super) fn read(input: &Input<'_>, report: &mut Report) -> OldSite {
    let found = CONFIGS.iter().find(|(path, _)| input.has(path)).map(|(path, generator)| (*path, *generator));
    let found = found.or_else(|| shared(input));
    let Some((path, generator)) = found else {
        if input.listed.iter().any(|path| path.below(".obsidian").is_some()) || obsidian::is_likely(input) {
            return obsidian::read(input, report);
        }
        note_inner_sites(input, report);
        return plain(Generator::Plain, Map::new());
    };
    let site = match generator {
        Generator::MdBook => mdbook::read(input, path, report),
        Generator::Zola => zola::read(input, path, report),
        Generator::Hugo => hugo::read(input, path, report),
        Generator::Jekyll => jekyll::read(input, path, report),
        Generator::Eleventy => eleventy::read(input, path, report),
        Generator::MkDocs => mkdocs::read(input, path, report),
        Generator::Quarto => quarto::read(input, path, report),
        Generator::Obsidian | Generator::Plain => plain(generator, Map::new()),
    };
    OldSite { config_file: SitePath::new(path).ok(), ..site }
}

/// A folder of pages that no configuration describes.
fn plain(generator: Generator, values: Map) -> OldSite {
    OldSite {
        roots: vec![Root::default()],
        anchors: Anchors::Github,
        taxonomies: vec![("tags".to_owned(), "tags".to_owned())],
        ..OldSite::new(generator, values)
    }
}

/// Distinguishes Zola and Hugo, which share names of configuration files, and ignores those of other programs.
fn shared(input: &Input<'_>) -> Option<(&'static str, Generator)> {
    SHARED.iter().filter(|path| input.has(path)).find_map(|path| {
        let map = input.config(path, &mut Report::default());
        let has = |key: &str| map.as_ref().is_some_and(|map| map.contains_key(key));
        let is_hugo = ["baseURL", "baseurl", "languageCode", "defaultContentLanguage", "contentDir", "module"];
        let has_content = input.listed.iter().any(|file| file.below("content").is_some());
        match () {
            () if is_hugo.into_iter().any(has) || path.contains("_default") => Some((*path, Generator::Hugo)),
            // Zola requires a base URL. A file that cannot be read is taken for Zola's if there are pages in its
            // folder.
            () if path.ends_with(".toml") && (has("base_url") || has_content) => Some((*path, Generator::Zola)),
            () if has_content && ["title", "theme"].into_iter().any(has) => Some((*path, Generator::Hugo)),
            () => None,
        }
    })
}

/// Reports sites in inner folders, which must be imported by themselves.
fn note_inner_sites(input: &Input<'_>, report: &mut Report) {
    for path in &input.listed {
        let named =
            CONFIGS.iter().find(|(name, _)| path.as_str().strip_suffix(name).is_some_and(|rest| rest.ends_with('/')));
        if let Some((_, generator)) = named {
            let name = format!("{} ({})", path.folder(), generator.name());
            Notes { file: path, report }.add(kinds::INNER_SITE, name, 0..0);
        }
    }
}

/// The keys that the reader of a generator reads: the common ones and its own.
fn known(own: &[&'static str]) -> Vec<&'static str> {
    super::old_site::common_keys().chain(own.iter().copied()).collect()
}

/// A folder setting, or its default.
fn folder_setting(map: &Map, key: &str, default: &str) -> String {
    super::old_site::folder(&text_at(map, key).unwrap_or_else(|| default.to_owned()))
}
