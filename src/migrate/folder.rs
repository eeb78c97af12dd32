//! What stands where in the old folder, and where it goes.

use std::collections::{BTreeMap, BTreeSet};

use serde_yaml::Value;

use crate::diag::Diagnostics;
use crate::source::{Files, SitePath};

use super::{Notes, front, names};

/// The generator that a folder was made for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Generator {
    /// No configuration tells.
    #[default]
    Plain,
    /// Zola: `config.toml`.
    Zola,
    /// Hugo: `hugo.toml`, or another `config` file.
    Hugo,
    /// mdBook: `book.toml`.
    MdBook,
}

impl Generator {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain Markdown",
            Self::Zola => "Zola",
            Self::Hugo => "Hugo",
            Self::MdBook => "mdBook",
        }
    }
}

/// The old folder, looked through.
pub(super) struct Folder<'a> {
    /// What a fence may call.
    pub components: &'a [String],
    pub generator: Generator,
    /// The folder of pages; empty for the whole.
    pub content: String,
    /// Its configuration, as far as it is understood.
    pub config: front::Map,
    pub title: String,
    /// Pages from the old name to the new.
    pub pages: BTreeMap<SitePath, SitePath>,
    /// Other files from the old name to the new.
    pub others: BTreeMap<SitePath, SitePath>,
    /// The place of a page in the table of contents of a book, from 1.
    pub chapters: BTreeMap<SitePath, i64>,
}

const CONFIGS: [(&str, Generator); 8] = [
    ("book.toml", Generator::MdBook),
    ("hugo.toml", Generator::Hugo),
    ("hugo.yaml", Generator::Hugo),
    ("hugo.yml", Generator::Hugo),
    ("config.toml", Generator::Zola),
    ("config.yaml", Generator::Hugo),
    ("config.yml", Generator::Hugo),
    ("zola.toml", Generator::Zola),
];

/// Settings that the new `site.toml` takes over, and the table of a book's.
const CARRIED: [&str; 10] = [
    "title",
    "description",
    "base_url",
    "baseURL",
    "language",
    "languageCode",
    "default_language",
    "defaultContentLanguage",
    "src",
    "book",
];

/// Folders of those generators that hold what has no counterpart.
const FOREIGN: [&str; 10] =
    ["archetypes", "assets", "data", "i18n", "layouts", "resources", "sass", "templates", "theme", "themes"];
/// Folders that programs fill, wherever they stand.
const BUILT: [&str; 2] = ["node_modules", "target"];
/// Folders with results.
const RESULTS: [&str; 4] = ["public", "book", "node_modules", "target"];

impl<'a> Folder<'a> {
    /// Looks a folder through.
    pub fn look(files: &dyn Files, title: &str, components: &'a [String], problems: &mut Diagnostics) -> Self {
        let listed: BTreeSet<SitePath> = files.list().files.into_iter().map(|listed| listed.path).collect();
        let mut folder = Self {
            components,
            generator: Generator::Plain,
            content: String::new(),
            config: front::Map::new(),
            title: title.to_owned(),
            pages: BTreeMap::new(),
            others: BTreeMap::new(),
            chapters: BTreeMap::new(),
        };
        let config = CONFIGS.iter().find_map(|(name, generator)| {
            let path = SitePath::new(name).ok().filter(|path| listed.contains(path))?;
            Some((path, *generator))
        });
        if let Some((path, generator)) = &config {
            let mut notes = Notes { file: path, problems };
            if let Some(text) = text(files, path, &mut notes) {
                folder.read_config(path, *generator, &text, &mut notes);
            }
        }
        folder.part(&listed, config.as_ref().map(|(path, _)| path), problems);
        if folder.generator == Generator::MdBook {
            folder.read_summary(files, &listed, problems);
        }
        folder
    }

    fn read_config(&mut self, path: &SitePath, generator: Generator, text: &str, notes: &mut Notes<'_>) {
        let read = if path.extension() == "toml" { front::toml(text) } else { front::yaml(text) };
        match read {
            Ok(config) => self.config = config,
            Err((at, message)) => notes.tell(at, message, "write its settings into `site.toml`"),
        }
        let is_hugo = self.config.contains_key("baseURL") || self.config.contains_key("languageCode");
        self.generator = if generator == Generator::Zola && is_hugo { Generator::Hugo } else { generator };
        let inner = match self.generator {
            Generator::MdBook => self.config.get("book").and_then(Value::as_mapping).cloned().unwrap_or_default(),
            _ => self.config.clone(),
        };
        let word = |key: &str| inner.get(key).and_then(Value::as_str).map(str::to_owned);
        self.title = word("title").unwrap_or_else(|| self.title.clone());
        self.content = match self.generator {
            Generator::MdBook => word("src").unwrap_or_else(|| "src".to_owned()),
            _ => "content".to_owned(),
        };
        let left: Vec<&str> =
            self.config.keys().filter_map(Value::as_str).filter(|key| !CARRIED.contains(key)).collect();
        if !left.is_empty() {
            let message = format!("these settings were left behind: `{}`", left.join("`, `"));
            notes.tell(0..0, message, "what they did may have a counterpart in `site.toml`");
        }
        self.content = self.content.trim_matches(['/', '.']).to_owned();
        self.config = inner;
    }

    /// Divides the files into pages, what is beside them, and what stays behind.
    fn part(&mut self, listed: &BTreeSet<SitePath>, config: Option<&SitePath>, problems: &mut Diagnostics) {
        let (mut left, mut taken) = (BTreeSet::new(), BTreeSet::new());
        let mut leave = |top: &str, path: &SitePath, why: &str, hint: &str, problems: &mut Diagnostics| {
            if left.insert(top.to_owned()) {
                Notes { file: path, problems }.tell(0..0, format!("the folder `{top}` {why}"), hint);
            }
        };
        for path in listed.iter().filter(|path| Some(*path) != config) {
            let top = path.as_str().split('/').next().unwrap_or_default();
            let inside = if self.content.is_empty() { Some(path.as_str()) } else { path.below(&self.content) };
            match inside {
                Some("SUMMARY.md") if self.generator == Generator::MdBook => {}
                Some(inside) if self.content.is_empty() && inside.contains('/') && BUILT.contains(&top) => {
                    let hint = "rename it, where it holds pages";
                    leave(top, path, "looks like one that a program made, and was left behind", hint, problems);
                }
                Some(inside) if names::is_page(inside) => self.add_page(listed, &mut taken, path, inside, problems),
                Some(inside) => self.add(path, &format!("content/{}", names::beside_records(inside))),
                None if self.generator == Generator::Plain || RESULTS.contains(&top) => {}
                None if top == "static" => self.add(path, path.as_str()),
                None if FOREIGN.contains(&top) => {
                    let hint =
                        "templates stand in `templates`, files that are copied in `static`; `dossier theme` lists both";
                    leave(top, path, "has no counterpart and was left behind", hint, problems);
                }
                None => {}
            }
        }
    }

    fn add_page(
        &mut self,
        listed: &BTreeSet<SitePath>,
        taken: &mut BTreeSet<SitePath>,
        path: &SitePath,
        inside: &str,
        problems: &mut Diagnostics,
    ) {
        let name = names::page_name(inside, &|other| {
            let other = if self.content.is_empty() { other.to_owned() } else { format!("{}/{other}", self.content) };
            SitePath::new(&other).is_ok_and(|other| listed.contains(&other))
        });
        let name = names::beside_records(&name);
        let Ok(to) = SitePath::new(&format!("content/{name}")) else { return };
        if !taken.insert(to.clone()) {
            let message = format!("another page is called `{name}` already, so this one was left behind");
            Notes { file: path, problems }.tell(0..0, message, "rename one of the two");
            return;
        }
        self.pages.insert(path.clone(), to);
    }

    fn add(&mut self, from: &SitePath, to: &str) {
        if let Ok(to) = SitePath::new(to) {
            self.others.insert(from.clone(), to);
        }
    }

    /// The order of chapters, as the book's table of contents has it.
    fn read_summary(&mut self, files: &dyn Files, listed: &BTreeSet<SitePath>, problems: &mut Diagnostics) {
        let Ok(path) = SitePath::new(&format!("{}/SUMMARY.md", self.content)) else { return };
        if !listed.contains(&path) {
            return;
        }
        let mut notes = Notes { file: &path, problems };
        let Some(summary) = text(files, &path, &mut notes) else { return };
        for link in super::links::links(&summary) {
            let Ok(chapter) = path.resolve(&link.target) else { continue };
            let next = self.chapters.len() as i64 + 1;
            if self.pages.contains_key(&chapter) {
                self.chapters.entry(chapter).or_insert(next);
            } else if !link.target.is_empty() {
                notes.tell(
                    link.at,
                    format!("there is no chapter `{}`", link.target),
                    "write the chapter, or leave it out",
                );
            }
        }
        for page in self.pages.keys().filter(|page| !self.chapters.contains_key(*page)) {
            let message = "this page is not in SUMMARY.md, so the book left it out; the site has it".to_owned();
            Notes { file: page, problems: notes.problems }.tell(0..0, message, "remove it, or give it `draft: true`");
        }
    }
}

/// A file as text, or a word on why not.
pub(super) fn text(files: &dyn Files, path: &SitePath, notes: &mut Notes<'_>) -> Option<String> {
    let read = files.read(path).map_err(|error| error.to_string());
    let text = read.and_then(|bytes| {
        String::from_utf8(bytes).map_err(|error| format!("byte {} is not UTF-8", error.utf8_error().valid_up_to()))
    });
    match text {
        Ok(text) => Some(text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned)),
        Err(reason) => {
            notes.tell(0..0, format!("the file cannot be read and was left behind: {reason}"), "save it as UTF-8");
            None
        }
    }
}
