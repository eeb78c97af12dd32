//! mdBook: `book.toml` and `SUMMARY.md`.

use serde_yaml::Value;

use super::super::input::Input;
use super::super::navigation::summary;
use super::super::old_site::{OldSite, Root, join};
use super::super::report::{Notes, Report};
use super::super::slugs::Anchors;
use super::super::values::{self, Map, text_at};
use super::super::{Generator, kinds};
use crate::source::SitePath;

pub(super) fn read(input: &Input<'_>, path: &str, report: &mut Report) -> OldSite {
    let config = input.config(path, report).unwrap_or_default();
    input.note_settings(path, &config, &["book", "output"], report);
    if let Some(html) = values::value_at(&config, "output.html").and_then(Value::as_mapping) {
        input.note_settings(path, html, &["site-url", "redirect"], report);
    }
    let book = config.get("book").and_then(Value::as_mapping).cloned().unwrap_or_default();
    input.note_settings(path, &book, &["title", "description", "language", "src"], report);
    let src = super::folder_setting(&book, "src", "src");
    let mut site = OldSite {
        roots: vec![Root { folder: src.clone(), ..Root::default() }],
        anchors: Anchors::MdBook,
        copies: true,
        taxonomies: Vec::new(),
        base_url: text_at(&config, "output.html.site-url"),
        redirects: redirects(&config),
        ..OldSite::new(Generator::MdBook, book)
    };
    if let Some(path) = SitePath::new(&join(&src, "SUMMARY.md")).ok().filter(|path| input.listed.contains(path)) {
        site.ignored.add("/SUMMARY.md", &src);
        read_summary(input, &mut site, &path, report);
    }
    site
}

fn read_summary(input: &Input<'_>, site: &mut OldSite, path: &SitePath, report: &mut Report) {
    let Some(text) = input.text(path, report) else { return };
    site.navigation = summary(path, &text);
    site.only_listed = true;
    let mut notes = Notes { file: path, report };
    let mut open: Vec<&super::super::navigation::NavItem> = site.navigation.iter().collect();
    while let Some(item) = open.pop() {
        open.extend(&item.children);
        let place = text.find(&item.title).map_or(0..0, |at| at..at + item.title.len());
        match &item.target {
            Some(target) if !input.has(target) => notes.add(kinds::NO_CHAPTER, target.as_str(), place),
            None if text.contains(&format!("[{}]()", item.title)) => {
                notes.add(kinds::DRAFT_CHAPTER, item.title.as_str(), place);
            }
            _ => {}
        }
    }
}

/// `[output.html.redirect]`: an old address, and a page or an address that it leads to.
fn redirects(config: &Map) -> Vec<(String, String)> {
    let table = values::value_at(config, "output.html.redirect").and_then(Value::as_mapping);
    let pairs = table.into_iter().flatten();
    pairs.filter_map(|(from, to)| Some((values::scalar(from)?, values::scalar(to)?))).collect()
}
