//! Quarto: `_quarto.yml`, for websites and books.

use serde_yaml::Value;

use super::super::Generator;
use super::super::input::Input;
use super::super::navigation::{NavItem, keyed_tree};
use super::super::old_site::{OldSite, Root};
use super::super::report::Report;
use super::super::slugs::Anchors;
use super::super::values::{self, Map, text_at, text_list};
use crate::source::SitePath;

pub(super) fn read(input: &Input<'_>, path: &str, report: &mut Report) -> OldSite {
    let config = input.config(path, report).unwrap_or_default();
    input.note_settings(path, &config, &super::known(&["project", "website", "book"]), report);
    let inner = ["website", "book"].iter().find_map(|key| config.get(*key)).and_then(Value::as_mapping);
    let inner = inner.cloned().unwrap_or_default();
    let known = ["title", "description", "site-url", "sidebar", "navbar", "chapters", "appendices"];
    input.note_settings(path, &inner, &known, report);
    let target = |text: &str| match crate::site::has_scheme(text) {
        true => None,
        false => SitePath::new(text.trim_start_matches('/'))
            .ok()
            .filter(|path| input.listed.contains(path))
            .map(|path| path.to_string()),
    };
    let list = |path: &str| values::value_at(&inner, path).map(|value| keyed_tree(value, &target)).unwrap_or_default();
    let is_book = config.contains_key("book");
    let mut site = OldSite {
        roots: vec![Root::default()],
        anchors: Anchors::Pandoc,
        statics: Vec::new(),
        navigation: if is_book { [list("chapters"), list("appendices")].concat() } else { sidebars(&inner, &target) },
        menu: [list("navbar.left"), list("navbar.right")].concat(),
        only_listed: is_book,
        taxonomies: vec![("categories".to_owned(), "categories".to_owned())],
        ..OldSite::new(Generator::Quarto, config.clone())
    };
    site.title = text_at(&inner, "title");
    site.description = text_at(&inner, "description");
    site.base_url = text_at(&inner, "site-url");
    if let Some(variables) = input.config("_variables.yml", report) {
        site.values = variables;
    }
    // Files and folders with an underscore are no pages.
    for pattern in ["_*", "_*/", "README.md"] {
        site.ignored.add(pattern, "");
    }
    let rendered = values::value_at(&config, "project.render").map(text_list).unwrap_or_default();
    if rendered.iter().any(|pattern| !pattern.starts_with('!')) {
        site.drafts.add("/**", "");
    }
    for pattern in rendered {
        let (pattern, keeps) = pattern.strip_prefix('!').map_or((pattern.as_str(), "!"), |pattern| (pattern, ""));
        site.drafts.add(&format!("{keeps}/{}", pattern.trim_start_matches('/')), "");
    }
    site
}

/// One sidebar, or several.
fn sidebars(inner: &Map, target: &dyn Fn(&str) -> Option<String>) -> Vec<NavItem> {
    let contents = |map: &Map| map.get("contents").map(|contents| keyed_tree(contents, target)).unwrap_or_default();
    match inner.get("sidebar") {
        Some(Value::Mapping(map)) => contents(map),
        Some(Value::Sequence(list)) => {
            let bars = list.iter().filter_map(Value::as_mapping);
            let bar = |map: &Map| match (text_at(map, "title"), contents(map)) {
                (Some(title), children) if !children.is_empty() => vec![NavItem { title, target: None, children }],
                (_, children) => children,
            };
            bars.flat_map(bar).collect()
        }
        _ => Vec::new(),
    }
}
