//! `site.toml` as types: what the editor set, with every default filled in.

use serde::Deserialize;

/// The whole of `site.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Config {
    /// The site's name; the only key that must be there.
    pub title: String,
    /// One line under the name.
    pub tagline: String,
    /// What search engines and feeds say of the site.
    pub description: String,
    /// The language of the pages, as BCP 47 says it; `en` where nothing is said.
    pub language: String,
    /// The address the site will have, such as `https://example.org/deal/`. Absolute links (canonical, OpenGraph, feed,
    /// sitemap) exist only where it is set.
    pub base_url: Option<String>,
    /// The main navigation, in order.
    pub nav: Vec<NavItem>,
    /// The one taxonomy, in order.
    pub topics: Vec<Topic>,
    /// How content is read.
    pub content: ContentConfig,
    /// What is written and how.
    pub output: OutputConfig,
    /// What `check` demands.
    pub check: CheckConfig,
    /// Whatever the templates of this site want to know.
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// One entry of the navigation.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct NavItem {
    /// The words of the link.
    pub title: String,
    /// The content file it leads to, named below `content`.
    pub page: String,
}

/// A topic: what pages, claims and events may be about.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Topic {
    /// What records and front matter call it.
    pub id: String,
    /// What readers call it.
    pub title: String,
    /// One line on it.
    #[serde(default)]
    pub summary: String,
    /// The content file that tells of it, named below `content`; `ID.md` where nothing is said.
    #[serde(default)]
    pub page: Option<String>,
}

/// How content is read.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub struct ContentConfig {
    /// Whether Markdown may hold raw HTML and any link scheme.
    pub trust: Trust,
    /// Globs of files that are not content.
    pub ignore: Vec<String>,
    /// Straight quotes, dashes and dots become typographic ones.
    pub smart_punctuation: bool,
    /// Pages of a section shown on one list page before it is parted.
    pub paginate: usize,
}

/// How far the authors of content are trusted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Trust {
    /// Raw HTML is escaped, and only `http`, `https`, `mailto` and relative links pass.
    #[default]
    None,
    /// Raw HTML and every scheme pass.
    Full,
}

/// What is written and how.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub struct OutputConfig {
    /// `cloud.html` or `cloud/`.
    pub urls: UrlStyle,
    /// Globs, below `static`, of files whose name gets their hash.
    pub fingerprint: Vec<String>,
    /// Entries in the feed at most.
    pub feed_limit: usize,
}

/// The shape of page addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UrlStyle {
    /// `cloud.html`: right on every host and from disk.
    #[default]
    File,
    /// `cloud/`.
    Folder,
}

/// What `check` demands.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct CheckConfig {
    /// Codes that are errors here.
    pub deny: Vec<String>,
    /// Codes that are warnings here.
    pub warn: Vec<String>,
    /// Codes that are not shown here.
    pub allow: Vec<String>,
    /// The least share of factual paragraphs, in percent, that each topic page must cite.
    pub coverage: Option<u8>,
}

impl Default for ContentConfig {
    fn default() -> Self {
        let ignore = ["*~", ".*", "*.swp", "*.swx", "#*#", "*.bak", "*.orig", "*.tmp", "4913"];
        Self { trust: Trust::None, ignore: ignore.map(str::to_owned).to_vec(), smart_punctuation: true, paginate: 50 }
    }
}

impl Default for OutputConfig {
    fn default() -> Self {
        Self { urls: UrlStyle::File, fingerprint: vec!["*.css".into(), "*.js".into()], feed_limit: 20 }
    }
}
