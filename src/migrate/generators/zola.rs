//! Zola: `config.toml` or `zola.toml`.

use serde_yaml::Value;

use super::super::Generator;
use super::super::input::Input;
use super::super::old_site::{OldSite, Root, Slugify};
use super::super::report::Report;
use super::super::slugs::Anchors;
use super::super::values::{self, scalar, text_at, text_list};

pub(super) fn read(input: &Input<'_>, path: &str, report: &mut Report) -> OldSite {
    let config = input.config(path, report).unwrap_or_default();
    let own = super::known(&["languages", "slugify", "ignored_content", "extra", "generate_feed", "generate_feeds"]);
    input.note_settings(path, &config, &own, report);
    let setting = |key: &str| text_at(&config, key);
    let feeds = ["generate_feed", "generate_feeds"].iter().any(|key| config.get(*key).is_some_and(values::is_on));
    let named = |value: &Value| value.as_mapping().map_or_else(|| scalar(value), |map| text_at(map, "name"));
    let taxonomies = config.get("taxonomies").and_then(Value::as_sequence).into_iter().flatten().filter_map(named);
    let languages = config.get("languages").and_then(Value::as_mapping).into_iter().flatten();
    let mut site = OldSite {
        roots: vec![Root { folder: "content".to_owned(), ..Root::default() }],
        statics: vec![("static".to_owned(), String::new())],
        folder_urls: true,
        slugify: if setting("slugify.paths").is_none_or(|mode| mode == "on") { Slugify::Ascii } else { Slugify::No },
        anchors: match setting("slugify.anchors").as_deref() {
            None | Some("on") => Anchors::Ascii,
            Some(_) => Anchors::Safe,
        },
        copies: true,
        taxonomies: taxonomies.map(|name| (name.clone(), name)).collect(),
        languages: languages.filter_map(|(code, _)| scalar(code)).collect(),
        feed: feeds.then_some("atom.xml"),
        ..OldSite::new(Generator::Zola, config.clone())
    };
    for pattern in config.get("ignored_content").map(text_list).unwrap_or_default() {
        site.ignored.add(&pattern, "content");
    }
    site
}
