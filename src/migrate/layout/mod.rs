//! Assigns a place in the new site to each page, former address and copied file.

mod aliases;
mod files;

use rustc_hash::FxHashSet;

use super::files::{Asset, AssetKind};
use super::front_matter::day_in_address;
use super::old_site::{OldSite, join};
use super::pages::Page;
use super::report::{Notes, Report};
use super::tags::{self, TagPages};
use super::{Generator, address, kinds};
use crate::source::{SitePath, Span};

/// A page with its place in the new site.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub page: Page,
    /// Its new file.
    pub target: SitePath,
    /// The file that the new site writes for it, from the top of the site.
    pub output: String,
    /// The file that the old site wrote for it.
    pub old: Option<String>,
    pub aliases: Vec<String>,
}

/// A copied file with its place in the new site.
#[derive(Clone, Debug)]
pub(super) struct PlacedFile {
    pub from: SitePath,
    pub target: SitePath,
    pub kind: AssetKind,
}

/// The output paths in use, in lower case, since some hosts ignore case.
#[derive(Debug, Default)]
struct UsedOutputs {
    files: FxHashSet<String>,
    folders: FxHashSet<String>,
    /// Indexes that the new site generates for folders without one.
    made: FxHashSet<String>,
}

impl UsedOutputs {
    fn claim(&mut self, output: &str) -> bool {
        let output = output.to_lowercase();
        let folders = folders_of(&output);
        // What is a file cannot be a folder as well.
        if self.folders.contains(&output) || folders.iter().any(|folder| self.files.contains(folder)) {
            return false;
        }
        let is_free = self.files.insert(output);
        if is_free {
            self.folders.extend(folders);
        }
        is_free
    }
}

/// The places of all pages and files.
pub(super) struct Layout {
    pub pages: Vec<Placed>,
    pub files: Vec<PlacedFile>,
    pub tags: TagPages,
}

/// Finds a place for each page and each file.
pub(super) fn place_all(
    site: &OldSite,
    pages: Vec<Page>,
    assets: Vec<Asset>,
    reserved: &[String],
    report: &mut Report,
) -> Layout {
    let mut used = UsedOutputs::default();
    let (redirects, pages) =
        pages.into_iter().partition(|page: &Page| page.front.redirect.is_some() && !page.front.is_draft);
    let mut placed = place_pages(site, pages, &mut used, report);
    // The new site has a home page, whether the old one has it as Markdown or not.
    used.claim("index.html");
    let tags = tags::make(site, &placed, &mut |output| used.claim(output));
    let files = files::place_files(site, &placed, assets, reserved, &mut used, report);
    aliases::place_aliases(site, &mut placed, redirects, &mut used, report);
    Layout { pages: placed, files, tags }
}

fn place_pages(site: &OldSite, mut pages: Vec<Page>, used: &mut UsedOutputs, report: &mut Report) -> Vec<Placed> {
    // Of two pages with one address the published one has it.
    pages.sort_by(|a, b| (a.front.is_draft, &a.source).cmp(&(b.front.is_draft, &b.source)));
    let wanted: Vec<(Page, Option<String>, String)> = pages
        .into_iter()
        .map(|mut page| {
            let old = address::old_output(site, &page);
            page.front.date = page.front.date.or_else(|| day_in_address(old.as_deref()?));
            let target = address::target(site, &page, old.as_deref());
            (page, old, allowed(&target))
        })
        .collect();
    let folders: FxHashSet<String> = wanted.iter().flat_map(|(_, _, target)| folders_of(target)).collect();
    let place = |(page, old, mut target): (Page, Option<String>, String)| {
        if site.folder_urls && folders.contains(&target) {
            target.push_str("/index");
        }
        let first = address::new_output(&target, site.folder_urls);
        if !used.claim(&first) {
            Notes { file: &page.source, report }.add(kinds::CLASHES, target.as_str(), 0..0);
            let mut names = other_names(&page, &target);
            target = names.find(|name| used.claim(&address::new_output(name, site.folder_urls)))?;
        }
        if old.is_none() && !page.front.is_draft && !matches!(site.generator, Generator::Plain | Generator::Obsidian) {
            let pattern = page.front.address.as_deref().unwrap_or(page.source.as_str());
            let at = page.front.address_at.clone().unwrap_or_else(|| Span::file(&page.source));
            report.add(kinds::ADDRESS_UNKNOWN, pattern, at);
        }
        let output = address::new_output(&target, site.folder_urls);
        let target = SitePath::new(&format!("content/{target}.md")).ok()?;
        Some(Placed { page, target, output, old, aliases: Vec::new() })
    };
    let mut placed: Vec<Placed> = wanted.into_iter().filter_map(place).collect();
    for placed in placed.iter().filter(|placed| !placed.page.front.is_draft) {
        let folders = folders_of(placed.target.below("content").unwrap_or_default());
        used.made.extend(folders.into_iter().map(|folder| format!("{}/index.html", folder.to_lowercase())));
    }
    placed.sort_by(|a, b| a.page.source.cmp(&b.page.source));
    placed
}

/// Alternative names for a page whose name is in use: with its date, then with a number.
fn other_names(page: &Page, target: &str) -> impl Iterator<Item = String> + use<> {
    let (stem, index) = target.strip_suffix("/index").map_or((target, ""), |stem| (stem, "/index"));
    let (folder, name) = stem.rsplit_once('/').unwrap_or(("", stem));
    let dated = page.front.date.map(|date| join(folder, &format!("{date}-{name}{index}")));
    let (stem, index) = (stem.to_owned(), index.to_owned());
    dated.into_iter().chain((2..).map(move |number| format!("{stem}-{number}{index}")))
}

/// A path below `content` that the new site reads as a page.
fn allowed(target: &str) -> String {
    let parts: Vec<&str> =
        target.split('/').map(|part| part.trim_start_matches(['.', ' ']).trim_end_matches(['~', ' ', '.'])).collect();
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [] => "page".to_owned(),
        // The folder of the records.
        ["evidence", rest @ ..] if !rest.is_empty() => format!("evidence-pages/{}", rest.join("/")),
        parts => parts.join("/"),
    }
}

fn folders_of(target: &str) -> Vec<String> {
    target.match_indices('/').filter_map(|(at, _)| target.get(..at).map(str::to_owned)).collect()
}
