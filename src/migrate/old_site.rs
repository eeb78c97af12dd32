//! The configuration of the old site, in the same form for every generator.

use super::Generator;
use super::defaults::Defaults;
use super::ignore::Ignore;
use super::navigation::NavItem;
use super::slugs::Anchors;
use super::values::{Map, text_at};
use crate::source::SitePath;

/// The configuration of the old site.
#[derive(Clone, Debug, Default)]
pub(super) struct OldSite {
    pub generator: Generator,
    /// The file that holds most of its configuration.
    pub config_file: Option<SitePath>,
    pub title: Option<String>,
    pub description: Option<String>,
    pub language: Option<String>,
    pub base_url: Option<String>,
    /// Everything that pages can refer to by name: `{{ site.x }}`, `{{< var x >}}`.
    pub values: Map,
    /// The folders of pages, the most specific first.
    pub roots: Vec<Root>,
    /// Folders whose files are published as they are: from here, to there below `static`.
    pub statics: Vec<(String, String)>,
    /// Files that are no pages.
    pub ignored: Ignore,
    /// Pages that are not published.
    pub drafts: Ignore,
    /// Whether a page has the address `page/`, not `page.html`.
    pub folder_urls: bool,
    pub slugify: Slugify,
    pub permalinks: Vec<(Scope, String)>,
    /// Names and order of pages.
    pub navigation: Vec<NavItem>,
    /// The entries of a main menu, where it is set apart from the rest of the navigation.
    pub menu: Vec<NavItem>,
    /// Whether a page that the navigation does not list is not published.
    pub only_listed: bool,
    /// Former addresses from the configuration, with the page or address that each leads to.
    pub redirects: Vec<(String, String)>,
    /// Front matter keys that hold tags, with the first part of the address of each tag's page.
    pub taxonomies: Vec<(String, String)>,
    pub anchors: Anchors,
    /// Whether files beside pages are published, linked or not.
    pub copies: bool,
    /// Languages besides that of the site.
    pub languages: Vec<String>,
    pub defaults: Vec<Defaults>,
    /// The address of its feed.
    pub feed: Option<&'static str>,
}

/// A folder of pages.
#[derive(Clone, Debug, Default)]
pub(super) struct Root {
    /// Its path, without slashes at its ends; empty for the top folder.
    pub folder: String,
    /// What addresses of its pages begin with.
    pub prefix: String,
    pub language: Option<String>,
    pub scope: Scope,
    /// Whether its pages are not published.
    pub is_hidden: bool,
}

/// Which pages a permalink is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Scope {
    /// All other pages.
    #[default]
    Pages,
    /// Dated posts.
    Posts,
    /// A section or a collection.
    Section(String),
}

/// How names of files become addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Slugify {
    /// Unchanged.
    #[default]
    No,
    /// Spaces become hyphens, most punctuation goes.
    Spaces,
    /// The same in lower case.
    Lower,
    /// Lower-case letters and digits of ASCII with hyphens.
    Ascii,
}

impl Slugify {
    /// A part of a path as part of an address.
    pub fn part(self, part: &str) -> String {
        match self {
            Self::No => part.to_owned(),
            Self::Ascii => Anchors::Ascii.slug(part),
            Self::Spaces | Self::Lower => {
                let kept = |c: &char| c.is_alphanumeric() || c.is_whitespace() || "._-+~@#".contains(*c);
                let words: String = part.chars().filter(kept).collect();
                let slug = words.split_whitespace().collect::<Vec<_>>().join("-");
                if self == Self::Lower { slug.to_lowercase() } else { slug }
            }
        }
    }

    /// A whole path as an address.
    pub fn path(self, path: &str) -> String {
        path.split('/').map(|part| self.part(part)).collect::<Vec<_>>().join("/")
    }
}

/// The keys that several generators use for the title of a site.
const TITLE_KEYS: &[&str] = &["title", "site_name"];
/// Those for its description.
const DESCRIPTION_KEYS: &[&str] = &["description", "site_description"];
/// Those for its language.
const LANGUAGE_KEYS: &[&str] =
    &["default_language", "defaultContentLanguage", "languageCode", "locale", "lang", "language"];
/// Those for its address.
const BASE_URL_KEYS: &[&str] = &["base_url", "baseURL", "baseurl", "site_url", "url"];

/// The top-level keys that are read for every generator.
pub(super) fn common_keys() -> impl Iterator<Item = &'static str> {
    let keys = [TITLE_KEYS, DESCRIPTION_KEYS, LANGUAGE_KEYS, BASE_URL_KEYS, &["taxonomies"]];
    keys.into_iter().flatten().copied()
}

impl OldSite {
    /// A site of a generator, with the keys that most configurations have in common.
    pub fn new(generator: Generator, values: Map) -> Self {
        let first = |keys: &[&str]| keys.iter().find_map(|key| text_at(&values, key));
        Self {
            generator,
            title: first(TITLE_KEYS),
            description: first(DESCRIPTION_KEYS),
            language: first(LANGUAGE_KEYS),
            base_url: first(BASE_URL_KEYS),
            values,
            taxonomies: ["tags", "categories"].map(|key| (key.to_owned(), key.to_owned())).to_vec(),
            ..Self::default()
        }
    }

    /// The path that addresses of the site begin with, if it is not at the top of its host.
    pub fn base_path(&self) -> &str {
        let url = self.base_url.as_deref().unwrap_or_default();
        let path = url.split_once("://").map_or(url, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
        path.trim_matches('/')
    }
}

/// A folder as configurations write it, without `./` and slashes at its ends.
pub(super) fn folder(text: &str) -> String {
    let text = text.trim().trim_start_matches("./").trim_matches('/');
    if text == "." { String::new() } else { text.to_owned() }
}

/// A path below a folder that may be the top.
pub(super) fn join(folder: &str, path: &str) -> String {
    match (folder.is_empty(), path.is_empty()) {
        (true, _) => path.to_owned(),
        (false, true) => folder.to_owned(),
        (false, false) => format!("{folder}/{path}"),
    }
}

/// A path below a folder that may be the top, where it is in it.
pub(super) fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}
