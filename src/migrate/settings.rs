//! `site.toml` of the new site.

use std::collections::{BTreeMap, BTreeSet};

use serde_yaml::Value;

use super::folder::Folder;
use crate::data::is_language;

/// The most entries that a navigation is given unasked.
const NAV_LIMIT: usize = 8;

/// A page, as the navigation wants to know it.
#[derive(Debug)]
pub(super) struct Entry {
    /// Below `content`.
    pub file: String,
    pub order: Option<i64>,
    pub title: Option<String>,
}

/// What `site.toml` will say.
#[derive(Debug, Default)]
pub(super) struct Settings {
    title: String,
    description: String,
    language: String,
    base_url: Option<String>,
    nav: Vec<(String, String)>,
    has_html: bool,
    /// Whether the new site has problems that are only warnings there.
    pub is_lenient: bool,
}

impl Settings {
    pub fn of(folder: &Folder<'_>, pages: Vec<Entry>, has_html: bool) -> Self {
        let word = |keys: &[&str]| {
            let mut found = keys.iter().filter_map(|key| folder.config.get(*key)).filter_map(Value::as_str);
            found.next().map(str::to_owned)
        };
        let language = word(&["default_language", "languageCode", "defaultContentLanguage", "language"]);
        Self {
            title: folder.title.clone(),
            description: word(&["description"]).unwrap_or_default(),
            language: language.filter(|language| is_language(language)).unwrap_or_else(|| "en".to_owned()),
            base_url: word(&["base_url", "baseURL"]).and_then(|url| crate::config::base_url(&url).ok()),
            nav: navigation(pages),
            has_html,
            is_lenient: false,
        }
    }

    /// The home page, where the old folder has none.
    pub fn home(&self) -> String {
        format!("---\ntitle: {}\n---\n", quoted(&self.title))
    }

    pub fn toml(&self, codes: &BTreeSet<&str>) -> String {
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
        if self.has_html {
            out.push_str("\n[content]\n# Some pages hold HTML. Take this out once they are Markdown, and the rest is shown as text.\ntrust = \"full\"\n");
        }
        if !codes.is_empty() {
            let codes: Vec<String> = codes.iter().map(|code| quoted(code)).collect();
            out.push_str(&format!(
                "\n[check]\n# What the old pages left to mend: `dossier check` tells where. Take a code out when it is done.\nwarn = [{}]\n",
                codes.join(", ")
            ));
        }
        out
    }
}

/// Folders of the first level, and pages of the first level where there are few, in their order.
fn navigation(pages: Vec<Entry>) -> Vec<(String, String)> {
    let mut sections: BTreeMap<String, Entry> = BTreeMap::new();
    let mut singles: Vec<Entry> = Vec::new();
    for page in pages.into_iter().filter(|page| page.file != "index.md") {
        let Some((folder, rest)) = page.file.split_once('/') else {
            singles.push(page);
            continue;
        };
        let file = format!("{folder}/index.md");
        let section = sections.entry(folder.to_owned()).or_insert(Entry { file, order: None, title: None });
        if rest == "index.md" {
            section.title = page.title;
        }
        section.order = [section.order, page.order].into_iter().flatten().min();
    }
    let few = sections.len() + singles.len() <= NAV_LIMIT;
    let mut chosen: Vec<Entry> = sections.into_values().chain(singles.into_iter().filter(|_| few)).collect();
    chosen.sort_by_key(|page| (page.order.is_none(), page.order));
    chosen.truncate(NAV_LIMIT);
    let named = |page: Entry| {
        let name = page.file.trim_end_matches("/index.md").trim_end_matches(".md");
        (page.title.unwrap_or_else(|| crate::parse::title_from_name(name)), page.file)
    };
    chosen.into_iter().map(named).collect()
}

/// A text in quotes, as TOML and YAML both read it: their escapes are JSON's.
pub(super) fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}
