//! Sites of other generators as pages of a new site. What has a counterpart is converted; what has none is kept where
//! nothing reads it, or left in the text, and reported with its place. Nothing here writes: the result is data.

mod address;
mod body;
mod defaults;
mod files;
mod front_matter;
mod generators;
mod home;
mod ignore;
mod input;
mod kinds;
mod layout;
mod lookup;
mod migrated;
mod navigation;
mod old_site;
mod pages;
mod patterns;
mod report;
mod site_toml;
mod slugs;
mod structure;
mod tags;
mod text;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use rustc_hash::FxHashSet;

pub use generators::Generator;
pub use migrated::{Content, Migrated};
pub use report::REPORT;

use crate::parse::Day;
use crate::source::{Files, SitePath, Span};

use body::{Context, Finished, Prepared, Wanted};
use files::AssetKind;
use input::Input;
use layout::{Layout, Placed};
use lookup::Lookup;
use old_site::OldSite;
use report::{Notes, Report};
use site_toml::SiteToml;

/// The options of an import.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The title of the site, if the folder has none.
    pub title: String,
    /// The names of the components of the new site.
    pub components: Vec<String>,
    /// Existing files of the new site: those of its theme.
    pub reserved: Vec<String>,
    /// The day of the import; pages with later dates are not listed.
    pub today: Day,
}

/// Converts a folder.
pub fn migrate(files: &dyn Files, options: &Options) -> Migrated {
    let input = Input { files, listed: files.list().files.into_iter().map(|listed| listed.path).collect() };
    let mut report = Report::default();
    let site = generators::read(&input, &mut report);
    let sorted = files::sort(&input, &site, &mut report);
    let mut pages = pages::read(&input, &site, &sorted.pages, &mut report);
    hide_unlisted(&site, &mut pages, &mut report);
    note_languages(&site, &pages, &mut report);
    let prepared: Vec<Prepared> = pages.par_iter().map(|page| body::prepare(&input, &site, page)).collect();
    for (page, prepared) in pages.iter_mut().zip(&prepared) {
        page.add(prepared);
    }
    // The order of the pages changes, so prepared texts are looked up by their files.
    let mut by_source: BTreeMap<SitePath, Prepared> =
        pages.iter().map(|page| page.source.clone()).zip(prepared).collect();
    let layout = layout::place_all(&site, pages, sorted.assets, &options.reserved, &mut report);
    let prepared: Vec<Prepared> =
        layout.pages.iter().filter_map(|placed| by_source.remove(&placed.page.source)).collect();
    convert(&site, &layout, &prepared, options, report)
}

/// Converts the pages, when the places of all pages are known.
fn convert(site: &OldSite, layout: &Layout, prepared: &[Prepared], options: &Options, mut report: Report) -> Migrated {
    let Layout { pages: placed, files: copies, tags } = layout;
    let lookup = Lookup::new(site, placed, copies, tags.by_address.clone());
    let mut wanted = Wanted::default();
    for (index, prepared) in prepared.iter().enumerate() {
        // Files of an Obsidian vault are as private as the notes that use them.
        if placed.get(index).is_some_and(|placed| !placed.page.front.is_draft || site.generator != Generator::Obsidian)
        {
            body::wanted(&lookup, index, prepared, &mut wanted);
        }
    }
    let context = Context { lookup: &lookup, components: &options.components, anchors: &wanted.anchors, prepared };
    let finished: Vec<Finished> =
        prepared.par_iter().enumerate().map(|(index, prepared)| body::finish(&context, index, prepared)).collect();
    let hidden: FxHashSet<usize> = placed
        .iter()
        .enumerate()
        .filter(|(_, placed)| is_hidden(placed, options.today))
        .map(|(index, _)| index)
        .collect();
    let home = home::Home { lookup: &lookup, tags, hidden: &hidden };
    let contents = home.contents();
    let mut made = Migrated { from: site.generator, pages: placed.len(), ..Migrated::default() };
    made.site_toml = SiteToml { nav: home.navigation(), ..SiteToml::new(site, &options.title) };
    for (placed, finished) in placed.iter().zip(finished) {
        made.add_page(placed, &finished, &contents);
        report.extend(finished.report);
    }
    for (index, file) in copies.iter().enumerate() {
        let is_copied = match file.kind {
            AssetKind::Fixed(_) | AssetKind::Beside(_) => true,
            AssetKind::FixedLinked(_) | AssetKind::Linked(_) => wanted.files.contains(&index),
            AssetKind::Never => false,
        };
        let was_published = site.copies || matches!(file.kind, AssetKind::FixedLinked(_));
        if is_copied {
            made.files.insert(file.target.clone(), Content::Copy(file.from.clone()));
        } else if was_published && file.kind != AssetKind::Never {
            files::note_left(&file.from, &mut report);
        }
    }
    for placed in hidden.iter().filter_map(|index| placed.get(*index)) {
        Notes { file: &placed.page.source, report: &mut report }.add(
            kinds::NOT_HOME,
            placed.page.source.as_str(),
            0..0,
        );
    }
    for (word, at) in &tags.words {
        report.add(kinds::TAGS, word.as_str(), at.clone());
    }
    let is_fingerprinted = |path: &SitePath| ["css", "js"].contains(&path.extension());
    if made.files.keys().any(|path| path.below("static").is_some() && is_fingerprinted(path)) {
        let own = options.reserved.iter().filter_map(|path| path.strip_prefix("static/"));
        made.site_toml.fingerprint =
            own.filter(|path| path.ends_with(".css") || path.ends_with(".js")).map(str::to_owned).collect();
    }
    made.files.extend(tags.files.clone());
    made.add_home(&contents);
    if let Some(file) = site.config_file.as_ref()
        && let Some(feed) = site.feed.filter(|feed| *feed != "feed.xml")
    {
        report.add(kinds::FEED, feed, Span::file(file));
    }
    made.report = report;
    made.allow(&[]);
    made
}

/// Whether a page is left out for its date.
fn is_hidden(placed: &Placed, today: Day) -> bool {
    let front = &placed.page.front;
    !front.is_draft && (front.date.is_some_and(|date| date > today) || front.expires.is_some_and(|day| day <= today))
}

/// Makes drafts of pages that a book leaves out, and gives the others their order and their titles.
fn hide_unlisted(site: &OldSite, pages: &mut [pages::Page], report: &mut Report) {
    let mut listed: BTreeMap<&str, (i64, &str)> = BTreeMap::new();
    let mut open: Vec<&navigation::NavItem> = site.navigation.iter().rev().collect();
    while let Some(item) = open.pop() {
        open.extend(item.children.iter().rev());
        let next = listed.len() as i64 + 1;
        if let Some(target) = &item.target {
            listed.entry(target).or_insert((next, &item.title));
        }
    }
    if listed.is_empty() {
        return;
    }
    for page in pages {
        match listed.get(page.source.as_str()) {
            Some((order, title)) => {
                page.front.order = page.front.order.or(Some(*order));
                let has_title = page.front.title.is_some() || page.heading().is_some();
                if !has_title && !title.is_empty() {
                    page.front.title = Some((*title).to_owned());
                }
            }
            None if site.only_listed && page.role != pages::Role::Index => {
                page.front.is_draft = true;
                Notes { file: &page.source, report }.add(kinds::NOT_LISTED, page.source.as_str(), 0..0);
            }
            None => {}
        }
    }
}

fn note_languages(site: &OldSite, pages: &[pages::Page], report: &mut Report) {
    let roots = site.roots.iter().filter_map(|root| root.language.as_ref());
    for language in site.languages.iter().chain(roots).collect::<BTreeSet<_>>() {
        let first = pages.iter().find(|page| page.prefix.split('/').next() == Some(&language.to_lowercase()));
        if let Some(page) = first {
            report.add(kinds::LANGUAGES, language.as_str(), Span::file(&page.source));
        }
    }
}

#[cfg(test)]
mod tests;
