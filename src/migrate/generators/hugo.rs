//! Hugo: `hugo.toml` or another `config` file, and the folder `config/_default`.

use serde_yaml::Value;

use super::super::input::Input;
use super::super::old_site::{OldSite, Root, Scope, Slugify, folder};
use super::super::report::Report;
use super::super::slugs::Anchors;
use super::super::values::{self, Map, is_on, scalar, text_at, text_list};
use super::super::{Generator, navigation};

/// Settings that are read; the others are named.
const OWN: [&str; 17] = [
    "contentDir",
    "defaultContentLanguageInSubdir",
    "disableKinds",
    "disablePathToLower",
    "languages",
    "menu",
    "menus",
    "module",
    "params",
    "permalinks",
    "staticDir",
    "uglyURLs",
    "summaryLength",
    "enableRobotsTXT",
    "timeZone",
    "timezone",
    "minify",
];

pub(super) fn read(input: &Input<'_>, path: &str, report: &mut Report) -> OldSite {
    let mut config = input.config(path, report).unwrap_or_default();
    add_folder(input, &mut config, path, report);
    input.note_settings(path, &config, &super::known(&OWN), report);
    let on = |key: &str| config.get(key).is_some_and(is_on);
    let content = super::folder_setting(&config, "contentDir", "content");
    let default = text_at(&config, "defaultContentLanguage").unwrap_or_else(|| "en".to_owned());
    let languages = config.get("languages").and_then(Value::as_mapping).cloned().unwrap_or_default();
    let own = |key: &str| text_at(&languages, &format!("{default}.{key}"));
    let in_folder = on("defaultContentLanguageInSubdir");
    let mut site = OldSite {
        roots: roots(&config, &languages, &content, &default, in_folder),
        statics: statics(&config),
        folder_urls: !on("uglyURLs"),
        slugify: if on("disablePathToLower") { Slugify::Spaces } else { Slugify::Lower },
        permalinks: permalinks(&config),
        anchors: Anchors::Github,
        copies: true,
        languages: languages.keys().filter_map(scalar).filter(|code| *code != default).collect(),
        feed: Some("index.xml"),
        menu: menu(&config, &languages, &default),
        ..OldSite::new(Generator::Hugo, config.clone())
    };
    site.title = own("title").or(site.title);
    site.description =
        own("params.description").or(site.description).or_else(|| text_at(&config, "params.description"));
    site.language =
        own("languageCode").or_else(|| own("locale")).or_else(|| text_at(&config, "languageCode")).or(Some(default));
    site.taxonomies = taxonomies(&config);
    site
}

/// Adds the files of `config/_default`, each of which is a table of the configuration.
fn add_folder(input: &Input<'_>, config: &mut Map, path: &str, report: &mut Report) {
    let files = input.listed.iter().filter(|file| file.folder() == "config/_default" && file.as_str() != path);
    for file in files.filter(|file| ["toml", "yaml", "yml", "json"].contains(&file.extension())) {
        let Some(map) = input.config(file.as_str(), report) else { continue };
        let (name, language) =
            file.stem().split_once('.').map_or((file.stem(), None), |(name, code)| (name, Some(code)));
        match (name, language) {
            ("hugo" | "config", _) => config.extend(map),
            ("languages", None) => _ = config.insert("languages".into(), map.into()),
            ("languages", Some(code)) => insert_below(config, "languages", code, map),
            ("menus" | "menu", Some(code)) => insert_below(config, "menus of a language", code, map),
            ("menus" | "menu", None) => _ = config.insert("menus".into(), map.into()),
            (name, None) => _ = config.insert(name.into(), map.into()),
            (_, Some(_)) => {}
        }
    }
    if let Some(Value::Mapping(menus)) = config.shift_remove("menus of a language") {
        for (code, menu) in menus {
            if let (Some(code), Value::Mapping(menu)) = (scalar(&code), menu) {
                let mut inner = Map::new();
                inner.insert("menus".into(), menu.into());
                insert_below(config, "languages", &code, inner);
            }
        }
    }
}

fn insert_below(config: &mut Map, table: &str, key: &str, value: Map) {
    let inner = config.entry(table.into()).or_insert_with(|| Map::new().into());
    if let Value::Mapping(inner) = inner {
        match inner.get_mut(key) {
            Some(Value::Mapping(known)) => known.extend(value),
            _ => _ = inner.insert(key.into(), value.into()),
        }
    }
}

/// The folders of pages: one for each language with its own, mounted ones, and that of the site.
fn roots(config: &Map, languages: &Map, content: &str, default: &str, in_folder: bool) -> Vec<Root> {
    let prefix = |code: &str| if code == default && !in_folder { String::new() } else { code.to_lowercase() };
    let mut roots = Vec::new();
    for (code, language) in languages.iter().filter_map(|(code, value)| Some((scalar(code)?, value.as_mapping()?))) {
        if let Some(own) = text_at(language, "contentDir").or_else(|| text_at(language, "contentdir")) {
            let is_default = code == default;
            let root = Root { folder: folder(&own), prefix: prefix(&code), ..Root::default() };
            roots.push(Root { language: (!is_default).then_some(code), ..root });
        }
    }
    let mounts = values::value_at(config, "module.mounts").and_then(Value::as_sequence).into_iter().flatten();
    for mount in mounts.filter_map(Value::as_mapping) {
        let (source, target) =
            (text_at(mount, "source").unwrap_or_default(), text_at(mount, "target").unwrap_or_default());
        let Some(below) = super::super::old_site::below(&target, "content").or((target == "content").then_some(""))
        else {
            continue;
        };
        let code = text_at(mount, "lang").filter(|code| code != default);
        let language = code.as_deref().map(prefix).unwrap_or_default();
        let prefix = super::super::old_site::join(&language, below);
        roots.push(Root { folder: folder(&source), prefix, language: code, ..Root::default() });
    }
    let top = Root { folder: content.to_owned(), prefix: prefix(default), ..Root::default() };
    if !roots.iter().any(|root| root.folder == top.folder) {
        roots.push(top);
    }
    roots.sort_by_key(|root| std::cmp::Reverse(root.folder.len()));
    roots
}

fn statics(config: &Map) -> Vec<(String, String)> {
    let own = config.get("staticDir").map(text_list).filter(|own| !own.is_empty());
    let mut statics: Vec<(String, String)> =
        own.unwrap_or_else(|| vec!["static".to_owned()]).iter().map(|name| (folder(name), String::new())).collect();
    let mounts = values::value_at(config, "module.mounts").and_then(Value::as_sequence).into_iter().flatten();
    for mount in mounts.filter_map(Value::as_mapping) {
        let target = text_at(mount, "target").unwrap_or_default();
        if target == "static" || target.starts_with("static/") {
            let to = target.trim_start_matches("static").trim_matches('/').to_owned();
            statics.push((folder(&text_at(mount, "source").unwrap_or_default()), to));
        }
    }
    statics
}

/// `[permalinks]`, by section; newer ones have a table for pages and one for sections.
fn permalinks(config: &Map) -> Vec<(Scope, String)> {
    let table = config.get("permalinks").and_then(Value::as_mapping).cloned().unwrap_or_default();
    let pages = table.get("page").and_then(Value::as_mapping).cloned();
    let pairs = pages.unwrap_or(table).into_iter();
    pairs.filter_map(|(section, pattern)| Some((Scope::Section(scalar(&section)?), scalar(&pattern)?))).collect()
}

fn taxonomies(config: &Map) -> Vec<(String, String)> {
    let disabled = config.get("disableKinds").map(text_list).unwrap_or_default();
    if disabled.iter().any(|kind| ["taxonomy", "term", "taxonomyTerm"].contains(&kind.as_str())) {
        return Vec::new();
    }
    match config.get("taxonomies").and_then(Value::as_mapping) {
        Some(own) => own.iter().filter_map(|(_, plural)| scalar(plural)).map(|key| (key.clone(), key)).collect(),
        None => ["tags", "categories"].map(|key| (key.to_owned(), key.to_owned())).to_vec(),
    }
}

fn menu(config: &Map, languages: &Map, default: &str) -> Vec<navigation::NavItem> {
    let paths = ["menus.main", "menu.main"];
    let own = paths.iter().find_map(|path| values::value_at(languages, &format!("{default}.{path}")));
    own.or_else(|| paths.iter().find_map(|path| values::value_at(config, path)))
        .map(navigation::menu)
        .unwrap_or_default()
}
