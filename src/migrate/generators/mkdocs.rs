//! `MkDocs`: `mkdocs.yml`.

use serde_yaml::Value;

use super::super::Generator;
use super::super::ignore::Ignore;
use super::super::input::Input;
use super::super::navigation::{summary, titled_tree};
use super::super::old_site::{OldSite, Root, Scope, join};
use super::super::report::Report;
use super::super::slugs::Anchors;
use super::super::values::{self, Map, is_off, scalar, text_at};
use crate::source::SitePath;

const OWN: [&str; 10] = [
    "docs_dir",
    "use_directory_urls",
    "nav",
    "exclude_docs",
    "draft_docs",
    "not_in_nav",
    "plugins",
    "markdown_extensions",
    "theme",
    "strict",
];

/// Settings of the theme and plugins that are read, or that this program has no need of.
const READ: [&str; 9] = [
    "theme.name",
    "theme.language",
    "theme.locale",
    "plugins.search",
    "plugins.tags",
    "plugins.redirects",
    "plugins.literate-nav",
    "plugins.blog",
    "plugins.macros",
];

pub(super) fn read(input: &Input<'_>, path: &str, report: &mut Report) -> OldSite {
    let config = input.config(path, report).unwrap_or_default();
    input.note_settings(path, &config, &super::known(&OWN), report);
    let theme = config.get("theme").and_then(Value::as_mapping).into_iter().flatten();
    let theme = theme.filter_map(|(key, _)| scalar(key)).map(|key| format!("theme.{key}"));
    let plugins = plugins(&config);
    let named = plugins.iter().map(|(name, _)| format!("plugins.{}", name.rsplit('/').next().unwrap_or_default()));
    let unread: Map = theme.chain(named).map(|key| (Value::from(key), Value::Null)).collect();
    input.note_settings(path, &unread, &READ, report);
    let docs = super::folder_setting(&config, "docs_dir", "docs");
    let lines = |key: &str| Ignore::lines(&text_at(&config, key).unwrap_or_default(), &docs);
    let has_slugify = format!("{:?}", config.get("markdown_extensions")).contains("slugify");
    let target = |text: &str| match crate::site::has_scheme(text) {
        true => None,
        false => SitePath::new(&join(&docs, text)).ok().map(|path| path.to_string()),
    };
    let mut site = OldSite {
        roots: vec![Root { folder: docs.clone(), ..Root::default() }],
        folder_urls: !config.get("use_directory_urls").is_some_and(is_off),
        anchors: if has_slugify { Anchors::Github } else { Anchors::Python },
        copies: true,
        ignored: lines("exclude_docs"),
        drafts: lines("draft_docs"),
        navigation: config.get("nav").map(|nav| titled_tree(nav, &target)).unwrap_or_default(),
        taxonomies: vec![("tags".to_owned(), "tags".to_owned())],
        ..OldSite::new(Generator::MkDocs, config.clone())
    };
    site.language = text_at(&config, "theme.language").or_else(|| text_at(&config, "theme.locale"));
    for plugin in &plugins {
        read_plugin(input, &mut site, &docs, plugin, report);
    }
    site
}

/// The plugins, each with its options.
fn plugins(config: &Map) -> Vec<(String, Map)> {
    let one =
        |(name, options): (&Value, &Value)| Some((scalar(name)?, options.as_mapping().cloned().unwrap_or_default()));
    match config.get("plugins") {
        Some(Value::Mapping(map)) => map.iter().filter_map(one).collect(),
        Some(Value::Sequence(list)) => list
            .iter()
            .flat_map(|item| match item {
                Value::Mapping(map) => map.iter().filter_map(one).collect(),
                other => scalar(other).map(|name| (name, Map::new())).into_iter().collect::<Vec<_>>(),
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn read_plugin(
    input: &Input<'_>,
    site: &mut OldSite,
    docs: &str,
    (name, options): &(String, Map),
    report: &mut Report,
) {
    match name.rsplit('/').next().unwrap_or_default() {
        "redirects" => {
            let table = values::value_at(options, "redirect_maps").and_then(Value::as_mapping);
            let pairs = table.into_iter().flatten().filter_map(|(from, to)| Some((scalar(from)?, scalar(to)?)));
            site.redirects
                .extend(pairs.map(|(from, to)| (from, if to.contains("://") { to } else { join(docs, &to) })));
        }
        "literate-nav" => {
            let file = text_at(options, "nav_file").unwrap_or_else(|| "SUMMARY.md".to_owned());
            let path = SitePath::new(&join(docs, &file)).ok().filter(|path| input.listed.contains(path));
            if let Some((path, text)) = path.and_then(|path| input.text(&path, report).map(|text| (path, text)))
                && site.navigation.is_empty()
            {
                site.navigation = summary(&path, &text);
                site.ignored.add(&format!("/{file}"), docs);
            }
        }
        "blog" => {
            let dir = text_at(options, "blog_dir").unwrap_or_else(|| "blog".to_owned());
            let dir = super::super::old_site::folder(&dir);
            let folder = join(docs, &join(&dir, "posts"));
            site.roots.insert(0, Root { folder, prefix: dir, scope: Scope::Posts, ..Root::default() });
            let format = text_at(options, "post_url_format").unwrap_or_else(|| "{date}/{slug}".to_owned());
            site.permalinks.push((Scope::Posts, format));
        }
        _ => {}
    }
}
