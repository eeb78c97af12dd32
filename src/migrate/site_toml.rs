//! `site.toml` of the new site.

use std::collections::BTreeSet;

use super::old_site::OldSite;
use super::values::quoted;
use crate::data::is_language;

/// The settings of `site.toml`.
#[derive(Debug, Default)]
pub(super) struct SiteToml {
    pub title: String,
    pub description: String,
    pub language: String,
    pub base_url: Option<String>,
    pub folder_urls: bool,
    /// `output.fingerprint`: only files of the theme, if the old site has style sheets or scripts of its own, since pages
    /// link to those by name. Otherwise empty.
    pub fingerprint: Vec<String>,
    pub nav: Vec<(String, String)>,
    pub needs_trust: bool,
    /// Codes of problems that are warnings in the new site.
    pub warn: BTreeSet<String>,
}

impl SiteToml {
    pub fn new(site: &OldSite, title: &str) -> Self {
        let language = site.language.clone().map(|language| language.replace('_', "-"));
        Self {
            title: site.title.clone().unwrap_or_else(|| title.to_owned()),
            description: site.description.clone().unwrap_or_default(),
            language: language.filter(|language| is_language(language)).unwrap_or_else(|| "en".to_owned()),
            base_url: site.base_url.as_ref().and_then(|url| crate::config::base_url(url).ok()),
            folder_urls: site.folder_urls,
            ..Self::default()
        }
    }

    pub fn write(&self) -> String {
        let mut out = format!("#:schema schemas/site.json\ntitle = {}\n", quoted(&self.title));
        if !self.description.is_empty() {
            out.push_str(&format!("description = {}\n", quoted(&self.description)));
        }
        out.push_str(&format!("language = {}\n", quoted(&self.language)));
        if let Some(url) = &self.base_url {
            out.push_str(&format!("base_url = {}\n", quoted(url)));
        }
        for (title, page) in &self.nav {
            out.push_str(&format!("\n[[nav]]\ntitle = {}\npage = {}\n", quoted(title), quoted(page)));
        }
        if self.folder_urls || !self.fingerprint.is_empty() {
            out.push_str("\n[output]\n");
        }
        if self.folder_urls {
            out.push_str("# The old addresses: `page/`, not `page.html`.\nurls = \"folder\"\n");
        }
        if !self.fingerprint.is_empty() {
            let files: Vec<String> = self.fingerprint.iter().map(|file| quoted(file)).collect();
            let list = files.join(", ");
            out.push_str(&format!(
                "# Files of the old site keep their names, since pages contain their addresses.\nfingerprint = [{list}]\n"
            ));
        }
        if self.needs_trust {
            out.push_str(
                "\n[content]\n# Some pages contain HTML, or some files can run in a browser. Without this line, HTML is shown as text, and such files are not copied.\ntrust = \"full\"\n",
            );
        }
        if !self.warn.is_empty() {
            let codes: Vec<String> = self.warn.iter().map(|code| quoted(code)).collect();
            out.push_str(&format!(
                "\n[check]\n# Problems that came with the old pages; `dossier check` lists them. Remove a code when its problems are solved.\nwarn = [{}]\n",
                codes.join(", ")
            ));
        }
        out
    }
}
