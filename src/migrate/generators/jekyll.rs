//! Jekyll: `_config.yml`.

use serde_yaml::Value;

use super::super::Generator;
use super::super::defaults::Defaults;
use super::super::input::Input;
use super::super::old_site::{OldSite, Root, Scope, join};
use super::super::report::Report;
use super::super::slugs::Anchors;
use super::super::values::{Map, is_on, scalar, text_at, text_list};
use crate::source::SitePath;

const OWN: [&str; 13] = [
    "collections",
    "collections_dir",
    "defaults",
    "exclude",
    "include",
    "permalink",
    "source",
    "plugins",
    "gems",
    "markdown",
    "name",
    "author",
    "future",
];

/// What is left out unless the configuration says otherwise.
const EXCLUDED: [&str; 8] =
    ["Gemfile", "Gemfile.lock", "node_modules", "vendor/bundle", "vendor/cache", "vendor/gems", "vendor/ruby", "_site"];

/// Pages that GitHub Pages leaves out where they have no front matter.
const ABOUT_THE_FOLDER: [&str; 8] = [
    "/README.md",
    "/LICENSE.md",
    "/CODE_OF_CONDUCT.md",
    "/CONTRIBUTING.md",
    "/SECURITY.md",
    "/ISSUE_TEMPLATE.md",
    "/PULL_REQUEST_TEMPLATE.md",
    "/LICENCE.md",
];

pub(super) fn read(input: &Input<'_>, path: &str, report: &mut Report) -> OldSite {
    let config = input.config(path, report).unwrap_or_default();
    input.note_settings(path, &config, &super::known(&OWN), report);
    let source = super::folder_setting(&config, "source", "");
    let style = text_at(&config, "permalink").unwrap_or_else(|| "date".to_owned());
    let mut site = OldSite {
        roots: roots(&config, &source),
        folder_urls: style == "pretty" || style.ends_with('/'),
        anchors: Anchors::Github,
        copies: true,
        defaults: defaults(input, path, &config, &source, report),
        ..OldSite::new(Generator::Jekyll, config.clone())
    };
    let url = text_at(&config, "url").unwrap_or_default();
    let base = text_at(&config, "baseurl").unwrap_or_default();
    site.base_url = Some(format!("{}/{}", url.trim_end_matches('/'), base.trim_matches('/'))).filter(|url| url != "/");
    site.title = site.title.or_else(|| text_at(&config, "name"));
    let feeds = config.get("plugins").or_else(|| config.get("gems")).map(text_list).unwrap_or_default();
    site.feed = feeds.iter().any(|name| name == "jekyll-feed").then_some("feed.xml");
    site.permalinks.push((Scope::Pages, style));
    for (name, collection) in collections(&config) {
        if let Some(pattern) = text_at(&collection, "permalink") {
            site.permalinks.push((if name == "posts" { Scope::Posts } else { Scope::Section(name) }, pattern));
        }
    }
    let has_home = ["index.md", "index.markdown", "index.html"].iter().any(|name| input.has(&join(&source, name)));
    for name in ABOUT_THE_FOLDER.into_iter().filter(|name| has_home || *name != "/README.md") {
        site.ignored.add(name, &source);
    }
    for pattern in
        EXCLUDED.into_iter().map(str::to_owned).chain(config.get("exclude").map(text_list).unwrap_or_default())
    {
        site.ignored.add(&format!("/{}", pattern.trim_start_matches('/')), &source);
    }
    for pattern in config.get("include").map(text_list).unwrap_or_default() {
        site.ignored.add(&format!("!{pattern}"), &source);
    }
    site
}

fn collections(config: &Map) -> Vec<(String, Map)> {
    match config.get("collections") {
        Some(Value::Mapping(map)) => map
            .iter()
            .filter_map(|(name, value)| Some((scalar(name)?, value.as_mapping().cloned().unwrap_or_default())))
            .collect(),
        Some(other) => text_list(other).into_iter().map(|name| (name, Map::new())).collect(),
        None => Vec::new(),
    }
}

/// The folders of pages; those of posts and drafts may be in any folder, and are found by their names.
fn roots(config: &Map, source: &str) -> Vec<Root> {
    let dir = join(source, &super::folder_setting(config, "collections_dir", ""));
    let root = |(name, collection): (String, Map)| Root {
        folder: join(&dir, &format!("_{name}")),
        prefix: name.clone(),
        // What is not to be output is data of the old site's templates.
        is_hidden: !collection.get("output").is_some_and(is_on),
        scope: Scope::Section(name),
        language: None,
    };
    let own = collections(config).into_iter().filter(|(name, _)| !matches!(name.as_str(), "posts" | "drafts"));
    let mut roots: Vec<Root> = own.map(root).collect();
    roots.push(Root { folder: source.to_owned(), ..Root::default() });
    roots
}

/// `defaults`: front matter for the files below a path, or of a collection.
fn defaults(input: &Input<'_>, path: &str, config: &Map, source: &str, report: &mut Report) -> Vec<Defaults> {
    let Ok(path) = SitePath::new(path) else { return Vec::new() };
    let text = input.text(&path, report).unwrap_or_default();
    let mut from = text.find("defaults:").unwrap_or(0);
    let entries =
        config.get("defaults").and_then(Value::as_sequence).into_iter().flatten().filter_map(Value::as_mapping);
    let read = |entry: &Map| {
        let below = text_at(entry, "scope.path").unwrap_or_default();
        let below = below.trim_end_matches(['*', '/']);
        let folder = match text_at(entry, "scope.type").unwrap_or_default().as_str() {
            "" | "pages" => below.to_owned(),
            kind => join(below, &format!("_{kind}")),
        };
        let values = entry.get("values")?.as_mapping()?.clone();
        from += text.get(from..)?.find("values").map_or(0, |at| at + 1);
        Some(Defaults::new(join(source, &folder), values, &path, &text, from))
    };
    entries.filter_map(read).collect()
}
