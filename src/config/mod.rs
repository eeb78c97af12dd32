//! `site.toml` as types: the editor's settings, with every default filled in.

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
    /// The site's name; the only required key.
    pub title: Spanned<String>,
    /// One line under the name.
    #[serde(default)]
    pub tagline: Spanned<String>,
    /// A description of the site, for search engines and feeds.
    #[serde(default)]
    pub description: Spanned<String>,
    /// The language of the pages, as a BCP 47 tag. The default is `en`.
    #[serde(default = "english")]
    pub language: Spanned<String>,
    /// The address of the published site, such as `https://example.org/deal/`. Without it there are no absolute links
    /// (canonical, OpenGraph, feed, sitemap). After loading it always ends in `/`.
    #[serde(default)]
    #[cfg_attr(test, schemars(regex(pattern = r"^[Hh][Tt][Tt][Pp][Ss]?://[^/?#@]+[^?#]*$")))]
    pub base_url: Option<Spanned<String>>,
    /// The social-card image of pages without their own; a path below `static`.
    pub image: Option<Spanned<String>>,
    /// The alternative text of that image.
    #[serde(default)]
    pub image_alt: String,
    /// The main navigation, in order.
    #[serde(default)]
    pub nav: Vec<NavItem>,
    /// The topics of pages and records, in order.
    #[serde(default)]
    pub topics: Vec<Topic>,
    /// Settings of the content.
    #[serde(default)]
    pub content: ContentConfig,
    /// Settings of the output.
    #[serde(default)]
    pub output: OutputConfig,
    /// Levels of problems, and what the checks require.
    #[serde(default)]
    pub check: CheckConfig,
    /// Targets of `dossier publish NAME`, by name.
    #[serde(default)]
    pub publish: BTreeMap<String, PublishConfig>,
    /// Your own data for the templates of this site.
    #[serde(default)]
    pub extra: serde_json::Map<String, serde_json::Value>,
    /// The places of the values.
    #[serde(skip)]
    pub places: SourceMap,
}

/// One entry of the navigation.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, Deserialize)]
pub struct NavItem {
    /// The text of the link.
    pub title: String,
    /// The content file that it leads to; a path below `content`.
    pub page: Spanned<String>,
}

/// A topic of pages, claims and events.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Topic {
    /// Its id, in records and front matter.
    pub id: Spanned<String>,
    /// Its title, for readers.
    pub title: String,
    /// A description in one line.
    #[serde(default)]
    pub summary: Spanned<String>,
    /// The page about it; a path below `content`. The default is `ID.md`.
    #[serde(default)]
    pub page: Option<Spanned<String>>,
}

/// Settings of the content.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub struct ContentConfig {
    /// Whether Markdown may contain raw HTML and links of any scheme, and whether files next to it may be of any kind. The
    /// default is `none`. Files in `static` and `templates` are yours, and always trusted.
    pub trust: Trust,
    /// Globs of files that are not content. The default is `*.bak`, `*.orig` and `*.tmp`. Swap and backup files of editors
    /// are always left out.
    pub ignore: Vec<Spanned<String>>,
    /// Whether straight quotes, dashes and dots become typographic ones.
    pub smart_punctuation: bool,
    /// The number of a section's pages on one list page, at least 1. The default is 50.
    #[cfg_attr(test, schemars(range(min = 1)))]
    pub paginate: Spanned<usize>,
}

/// Trust in the authors of content.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Trust {
    /// Raw HTML is escaped, links must be `http`, `https`, `mailto` or relative, and files that a browser or a host may
    /// run are refused.
    #[default]
    None,
    /// Raw HTML, all link schemes and all kinds of files are allowed.
    Full,
}

/// Settings of the output.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub struct OutputConfig {
    /// `file` for `cloud.html`, `folder` for `cloud/`. The default is `file`.
    pub urls: UrlStyle,
    /// Globs, below `static`, of files that get a hash in their name. The default is `*.css` and `*.js`.
    pub fingerprint: Vec<Spanned<String>>,
    /// Globs, below `content` and `static`, of files and folders that are published although their names start with a dot,
    /// such as `.htaccess`. `.well-known` and `.nojekyll` are always published.
    pub hidden: Vec<Spanned<String>>,
    /// The time limit of a template for one page, in seconds, at least 1. The default is 20.
    #[cfg_attr(test, schemars(range(min = 1)))]
    pub template_seconds: Spanned<u32>,
    /// The maximum number of entries in the feed.
    pub feed_limit: usize,
    /// Whether the built-in theme provides the templates and static files that the site does not have.
    pub theme: bool,
    /// Whether the site has a search page and its index.
    pub search: bool,
    /// Whether every claim has a page of its own, `claims/ID.html`, and a small one that other sites can show in a frame,
    /// `embed/ID.html`.
    pub claim_pages: bool,
    /// The hosts that the site is for: each gets its configuration files, such as `_headers`.
    pub hosts: Vec<Spanned<HostName>>,
    /// Whether text files are also written compressed, as `.br` and `.gz`, for servers that serve such files.
    pub precompress: bool,
}

/// A host with its own configuration files. Other hosts need none.
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
    /// Its name, as the host spells it.
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
    /// Whether the site is for this host.
    pub fn is_for(&self, host: HostName) -> bool {
        self.hosts.iter().any(|known| known.value == host)
    }
}

/// The shape of page addresses.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UrlStyle {
    /// `cloud.html`: works on every host and from the disk.
    #[default]
    File,
    /// `cloud/`.
    Folder,
    /// `cloud/`, with links to `cloud/index.html`, so that the site works from the disk. Set by a flag, for one build.
    #[serde(skip)]
    Portable,
}

/// Levels of problems, and what the checks require.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct CheckConfig {
    /// Codes of problems that are errors.
    pub deny: Vec<Spanned<String>>,
    /// Codes of problems that are warnings.
    pub warn: Vec<Spanned<String>>,
    /// Codes of problems that are hidden.
    pub allow: Vec<Spanned<String>>,
    /// The minimum share, in percent, of the factual paragraphs of each topic page that must have a citation.
    #[cfg_attr(test, schemars(range(max = 100)))]
    pub coverage: Option<Spanned<u8>>,
    /// The file with the problems that are known, which `dossier check --write-baseline` writes: only others are reported.
    pub baseline: Option<Spanned<String>>,
    /// The maximum number of words that a page may quote from one source. The default is no limit.
    pub quoted_words: Option<Spanned<u32>>,
}

/// A target to publish to.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, Deserialize)]
pub struct PublishConfig {
    /// The bucket or container, with an optional prefix: `s3://bucket/prefix`, `az://container`, `gs://bucket`
    /// or `file:///srv/www`. Credentials come from the environment, never from this file.
    pub url: Spanned<String>,
    /// The compression of text files. A bucket sends the same bytes to all clients, so the compressed file replaces the
    /// original. The default is none.
    #[serde(default)]
    pub encoding: Option<Encoding>,
    /// How long caches may keep files; the first matching rule applies. Without one, files with a hash in their name may
    /// be kept forever, and others must be revalidated.
    #[serde(default)]
    pub cache: Vec<CacheRule>,
    /// Media types by extension, such as `glb = "model/gltf-binary"`, in addition to the known ones.
    #[serde(default)]
    pub types: BTreeMap<String, String>,
}

/// A compression.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// Brotli, which all current browsers accept over HTTPS.
    Br,
    /// Gzip, which all clients accept that accept compression.
    Gzip,
}

/// How long caches may keep some files.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, Deserialize)]
pub struct CacheRule {
    /// A glob of published files, such as `data/*.json`.
    pub files: Spanned<String>,
    /// The value of `Cache-Control`, such as `public, max-age=300`.
    pub value: String,
}

/// Levels of problem codes, set on the command line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Levels {
    /// Codes that are errors.
    pub deny: Vec<String>,
    /// Codes that are hidden.
    pub allow: Vec<String>,
}

impl Levels {
    /// Sets the severities of problems.
    pub fn apply(&self, problems: &mut Diagnostics) {
        problems.relevel(|found| match found.code {
            code if self.deny.iter().any(|named| named == code) => Severity::Error,
            code if self.allow.iter().any(|named| named == code) => Severity::Allow,
            _ => found.severity,
        });
    }
}

impl Config {
    /// The address of the published site, ending in `/`, if it is set.
    pub fn base_url(&self) -> Option<&str> {
        self.base_url.as_ref().map(|url| url.as_str())
    }

    /// Sets the address; `url` is one that [`base_url`] returned.
    pub fn set_base_url(&mut self, url: &str) {
        self.base_url = Some(url.to_owned().into());
    }

    /// Makes links name `index.html`, so that the site works from the disk.
    pub fn make_portable(&mut self) {
        if self.output.urls == UrlStyle::Folder {
            self.output.urls = UrlStyle::Portable;
        }
    }
}

impl CheckConfig {
    /// Overrides the levels with those of the command line; `deny` takes precedence.
    pub fn overrule(&mut self, levels: &Levels) {
        for code in levels.allow.iter().chain(&levels.deny) {
            for list in [&mut self.deny, &mut self.warn, &mut self.allow] {
                list.retain(|known| known.value != *code);
            }
            let list = if levels.deny.contains(code) { &mut self.deny } else { &mut self.allow };
            list.push(code.clone().into());
        }
    }

    /// The severity of a code, if `site.toml` sets it.
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
            title: Spanned::default(),
            tagline: Spanned::default(),
            description: Spanned::default(),
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
            claim_pages: false,
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
