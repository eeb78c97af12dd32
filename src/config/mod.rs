//! `site.toml` as types: what the editor set, with every default filled in.

mod check;
mod globs;

pub use check::base_url;
pub use globs::Globs;

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::data::{SourceMap, Spanned};
use crate::diag::{Diagnostics, Severity};

/// The whole of `site.toml`.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize)]
pub struct Config {
    /// The site's name; the only key that must be there.
    pub title: String,
    /// One line under the name.
    #[serde(default)]
    pub tagline: String,
    /// What search engines and feeds say of the site.
    #[serde(default)]
    pub description: String,
    /// The language of the pages, as BCP 47 says it; `en` where nothing is said.
    #[serde(default = "english")]
    pub language: Spanned<String>,
    /// The address the site will have, such as `https://example.org/deal/`. Absolute links (canonical, OpenGraph, feed,
    /// sitemap) exist only where it is set. After loading it always ends in `/`.
    #[serde(default)]
    #[cfg_attr(test, schemars(regex(pattern = r"^[Hh][Tt][Tt][Pp][Ss]?://[^/?#@]+[^?#]*$")))]
    pub base_url: Option<Spanned<String>>,
    /// The social-card image of pages that have none of their own, named below `static`.
    pub image: Option<Spanned<String>>,
    /// What that picture shows.
    #[serde(default)]
    pub image_alt: String,
    /// The main navigation, in order.
    #[serde(default)]
    pub nav: Vec<NavItem>,
    /// The one taxonomy, in order.
    #[serde(default)]
    pub topics: Vec<Topic>,
    /// How content is read.
    #[serde(default)]
    pub content: ContentConfig,
    /// What is written and how.
    #[serde(default)]
    pub output: OutputConfig,
    /// What `check` demands.
    #[serde(default)]
    pub check: CheckConfig,
    /// Where the site may be published to, by name: `dossier publish NAME`.
    #[serde(default)]
    pub publish: BTreeMap<String, PublishConfig>,
    /// Whatever the templates of this site want to know.
    #[serde(default)]
    pub extra: serde_json::Map<String, serde_json::Value>,
    /// Where the values stand.
    #[serde(skip)]
    pub places: SourceMap,
}

/// One entry of the navigation.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, Deserialize)]
pub struct NavItem {
    /// The words of the link.
    pub title: String,
    /// The content file it leads to, named below `content`.
    pub page: Spanned<String>,
}

/// A topic: what pages, claims and events may be about.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Topic {
    /// What records and front matter call it.
    pub id: Spanned<String>,
    /// What readers call it.
    pub title: String,
    /// One line on it.
    #[serde(default)]
    pub summary: String,
    /// The content file that tells of it, named below `content`; `ID.md` where nothing is said.
    #[serde(default)]
    pub page: Option<Spanned<String>>,
}

/// How content is read.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub struct ContentConfig {
    /// Whether Markdown may hold raw HTML and any link scheme, and whether files beside it may be of any kind; `none` where
    /// nothing is said. What stands in `static` and `templates` is yours, and always trusted.
    pub trust: Trust,
    /// Globs of files that are not content; `*.bak`, `*.orig` and `*.tmp` where nothing is said. Swap and backup files of
    /// editors are left out in any case.
    pub ignore: Vec<Spanned<String>>,
    /// Straight quotes, dashes and dots become typographic ones.
    pub smart_punctuation: bool,
    /// Pages of a section shown on one list page before it is parted, at least 1; 50 where nothing is said.
    #[cfg_attr(test, schemars(range(min = 1)))]
    pub paginate: Spanned<usize>,
}

/// How far the authors of content are trusted.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Trust {
    /// Raw HTML is escaped, only `http`, `https`, `mailto` and relative links pass, and files that a browser or a host may
    /// run are refused.
    #[default]
    None,
    /// Raw HTML, every scheme and every file pass.
    Full,
}

/// What is written and how.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub struct OutputConfig {
    /// `cloud.html` or `cloud/`; `file` where nothing is said.
    pub urls: UrlStyle,
    /// Globs, below `static`, of files whose name gets their hash; `*.css` and `*.js` where nothing is said.
    pub fingerprint: Vec<Spanned<String>>,
    /// Globs, below `content` and `static`, of files and folders that are published although their names begin with a dot,
    /// such as `.htaccess`; `.well-known` and `.nojekyll` always are.
    pub hidden: Vec<Spanned<String>>,
    /// Seconds that one template may take for one page, at least 1; 20 where nothing is said.
    #[cfg_attr(test, schemars(range(min = 1)))]
    pub template_seconds: Spanned<u32>,
    /// Entries in the feed at most.
    pub feed_limit: usize,
    /// Whether the program's own templates and stylesheet stand in for those that the site does not have.
    pub theme: bool,
    /// Whether a search index is made, and the page that searches it.
    pub search: bool,
    /// The hosts that the site is made for: each gets the files that only it reads, such as `_headers`.
    pub hosts: Vec<Spanned<HostName>>,
    /// Whether every text also comes compressed, as `.br` and `.gz` beside it, for servers that give such files out.
    pub precompress: bool,
}

/// A host that reads files of its own. Any other host takes the site as it is.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HostName {
    /// Azure Static Web Apps: `staticwebapp.config.json`.
    Azure,
    /// Cloudflare Pages: `_headers` and `_redirects`.
    Cloudflare,
    /// GitHub Pages: `.nojekyll`.
    Github,
    /// GitLab Pages: `_redirects`.
    Gitlab,
    /// Netlify: `_headers` and `_redirects`.
    Netlify,
}

impl HostName {
    /// Its name as it writes it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Azure => "Azure Static Web Apps",
            Self::Cloudflare => "Cloudflare Pages",
            Self::Github => "GitHub Pages",
            Self::Gitlab => "GitLab Pages",
            Self::Netlify => "Netlify",
        }
    }
}

impl OutputConfig {
    /// Whether the site is made for this host.
    pub fn is_for(&self, host: HostName) -> bool {
        self.hosts.iter().any(|known| known.value == host)
    }
}

/// The shape of page addresses.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UrlStyle {
    /// `cloud.html`: right on every host and from disk.
    #[default]
    File,
    /// `cloud/`.
    Folder,
    /// `cloud/`, and `cloud/index.html` where a link is written: a folder of such pages can be read from disk. Asked for
    /// by a flag, for one build.
    #[serde(skip)]
    Portable,
}

/// What `check` demands.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct CheckConfig {
    /// Codes that are errors here.
    pub deny: Vec<Spanned<String>>,
    /// Codes that are warnings here.
    pub warn: Vec<Spanned<String>>,
    /// Codes that are not shown here.
    pub allow: Vec<Spanned<String>>,
    /// The least share of factual paragraphs, in percent, that each topic page must cite.
    #[cfg_attr(test, schemars(range(max = 100)))]
    pub coverage: Option<Spanned<u8>>,
}

/// One place to publish to.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, Deserialize)]
pub struct PublishConfig {
    /// The bucket or container, and the prefix where there is one: `s3://bucket/prefix`, `az://container`, `gs://bucket`
    /// or `file:///srv/www`. Credentials come from the environment, never from this file.
    pub url: Spanned<String>,
    /// The compressed form that stands in for every text, since a bucket gives the same bytes to everybody; none where
    /// nothing is said.
    #[serde(default)]
    pub encoding: Option<Encoding>,
    /// How long files may be kept by caches, the first rule that fits; where none does, for good where the name holds
    /// the hash, and to be asked about again otherwise.
    #[serde(default)]
    pub cache: Vec<CacheRule>,
    /// Media types by extension, such as `glb = "model/gltf-binary"`, before those that are known.
    #[serde(default)]
    pub types: BTreeMap<String, String>,
}

/// A compressed form.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// Brotli, which every browser of today reads over HTTPS.
    Br,
    /// Gzip, which everything reads that asks for it.
    Gzip,
}

/// How long some files may be kept by caches.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, Deserialize)]
pub struct CacheRule {
    /// A glob of published files, such as `data/*.json`.
    pub files: Spanned<String>,
    /// The value of `Cache-Control`, such as `public, max-age=300`.
    pub value: String,
}

/// What the command line says of kinds of problems.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Levels {
    /// Codes that are errors.
    pub deny: Vec<String>,
    /// Codes that are not shown.
    pub allow: Vec<String>,
}

impl Levels {
    /// Moves problems to these severities.
    pub fn apply(&self, problems: &mut Diagnostics) {
        problems.relevel(|found| match found.code {
            code if self.deny.iter().any(|named| named == code) => Severity::Error,
            code if self.allow.iter().any(|named| named == code) => Severity::Allow,
            _ => found.severity,
        });
    }
}

impl Config {
    /// The address the site will have, ending in `/`, where it is known.
    pub fn base_url(&self) -> Option<&str> {
        self.base_url.as_ref().map(|url| url.as_str())
    }

    /// Puts another address in its place; `url` is one that [`base_url`] gave back.
    pub fn set_base_url(&mut self, url: &str) {
        self.base_url = Some(url.to_owned().into());
    }

    /// Has links name files, so that the site can be read from disk.
    pub fn make_portable(&mut self) {
        if self.output.urls == UrlStyle::Folder {
            self.output.urls = UrlStyle::Portable;
        }
    }
}

impl CheckConfig {
    /// Has the command line say the last word on some codes; where it says both, `deny` holds.
    pub fn overrule(&mut self, levels: &Levels) {
        for code in levels.allow.iter().chain(&levels.deny) {
            for list in [&mut self.deny, &mut self.warn, &mut self.allow] {
                list.retain(|known| known.value != *code);
            }
            let list = if levels.deny.contains(code) { &mut self.deny } else { &mut self.allow };
            list.push(code.clone().into());
        }
    }

    /// How bad a code is here, where `site.toml` says so.
    pub fn severity(&self, code: &str) -> Option<Severity> {
        let names = |list: &[Spanned<String>]| list.iter().any(|name| name.value == code);
        let levels = [(&self.deny, Severity::Error), (&self.warn, Severity::Warning), (&self.allow, Severity::Allow)];
        levels.into_iter().find(|(list, _)| names(list)).map(|(_, severity)| severity)
    }
}

impl Default for Config {
    /// A site without a title, a topic or a page.
    fn default() -> Self {
        Self {
            title: String::new(),
            tagline: String::new(),
            description: String::new(),
            language: english(),
            base_url: None,
            image: None,
            image_alt: String::new(),
            nav: Vec::new(),
            topics: Vec::new(),
            content: ContentConfig::default(),
            output: OutputConfig::default(),
            check: CheckConfig::default(),
            publish: BTreeMap::new(),
            extra: serde_json::Map::new(),
            places: SourceMap::default(),
        }
    }
}

impl Default for ContentConfig {
    fn default() -> Self {
        Self {
            trust: Trust::None,
            ignore: ["*.bak", "*.orig", "*.tmp"].map(Spanned::from).to_vec(),
            smart_punctuation: true,
            paginate: 50.into(),
        }
    }
}

impl Default for OutputConfig {
    fn default() -> Self {
        Self {
            urls: UrlStyle::File,
            fingerprint: ["*.css", "*.js"].map(Spanned::from).to_vec(),
            hidden: Vec::new(),
            template_seconds: 20.into(),
            feed_limit: 20,
            search: true,
            theme: true,
            hosts: Vec::new(),
            precompress: false,
        }
    }
}

fn english() -> Spanned<String> {
    "en".into()
}

#[cfg(test)]
mod tests;
