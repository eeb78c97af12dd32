//! Where everything goes in the new site: files of pages, former addresses, and copied files.

use rustc_hash::{FxHashMap, FxHashSet};

use super::files::{Asset, AssetKind};
use super::front_matter::day_in_address;
use super::old_site::{OldSite, join};
use super::pages::{Page, Role};
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

/// Outputs of the new site, each taken once; hosts may not tell upper from lower case.
#[derive(Debug, Default)]
struct Taken {
    files: FxHashSet<String>,
    folders: FxHashSet<String>,
    /// Indexes that the new site makes for folders without one.
    made: FxHashSet<String>,
}

impl Taken {
    fn take(&mut self, output: &str) -> bool {
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

/// Where everything goes.
pub(super) struct Arranged {
    pub pages: Vec<Placed>,
    pub files: Vec<PlacedFile>,
    pub tags: TagPages,
}

/// Finds a place for each page and each file.
pub(super) fn arrange(
    site: &OldSite,
    pages: Vec<Page>,
    assets: Vec<Asset>,
    reserved: &[String],
    report: &mut Report,
) -> Arranged {
    let mut taken = Taken::default();
    let (redirects, pages) =
        pages.into_iter().partition(|page: &Page| page.front.redirect.is_some() && !page.front.is_draft);
    let mut placed = place_pages(site, pages, &mut taken, report);
    // The new site has a home page, whether the old one has it as Markdown or not.
    taken.take("index.html");
    let tags = tags::make(site, &placed, &mut |output| taken.take(output));
    let files = place_files(site, &placed, assets, reserved, &mut taken, report);
    place_aliases(site, &mut placed, redirects, &mut taken, report);
    Arranged { pages: placed, files, tags }
}

fn place_pages(site: &OldSite, mut pages: Vec<Page>, taken: &mut Taken, report: &mut Report) -> Vec<Placed> {
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
        if !taken.take(&first) {
            Notes { file: &page.source, report }.add(kinds::CLASHES, target.as_str(), 0..0);
            let mut names = other_names(&page, &target);
            target = names.find(|name| taken.take(&address::new_output(name, site.folder_urls)))?;
        }
        if old.is_none() && !page.front.is_draft && !matches!(site.generator, Generator::Plain | Generator::Obsidian) {
            let pattern = page.front.address.as_deref().unwrap_or(page.source.as_str());
            Notes { file: &page.source, report }.add(kinds::ADDRESS_UNKNOWN, pattern, 0..0);
        }
        let output = address::new_output(&target, site.folder_urls);
        let target = SitePath::new(&format!("content/{target}.md")).ok()?;
        Some(Placed { page, target, output, old, aliases: Vec::new() })
    };
    let mut placed: Vec<Placed> = wanted.into_iter().filter_map(place).collect();
    for placed in placed.iter().filter(|placed| !placed.page.front.is_draft) {
        let folders = folders_of(placed.target.below("content").unwrap_or_default());
        taken.made.extend(folders.into_iter().map(|folder| format!("{}/index.html", folder.to_lowercase())));
    }
    placed.sort_by(|a, b| a.page.source.cmp(&b.page.source));
    placed
}

/// Other names for a page whose name another one has: with its day, then with a number.
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

fn place_files(
    site: &OldSite,
    pages: &[Placed],
    assets: Vec<Asset>,
    reserved: &[String],
    taken: &mut Taken,
    report: &mut Report,
) -> Vec<PlacedFile> {
    let bundles: FxHashMap<&str, &Placed> = pages
        .iter()
        .filter(|placed| placed.page.role == Role::Bundle)
        .map(|placed| (placed.page.source.folder(), placed))
        .collect();
    let place = |asset: Asset| {
        let never = |asset: Asset| PlacedFile { target: asset.from.clone(), from: asset.from, kind: AssetKind::Never };
        let mut target = match &asset.kind {
            AssetKind::Fixed(to) | AssetKind::FixedLinked(to) => format!("static/{to}"),
            AssetKind::Beside(root) | AssetKind::Linked(root) => {
                format!("content/{}", beside(site, &asset.from, *root, &bundles))
            }
            AssetKind::Never => return Some(never(asset)),
        };
        let output = target.split_once('/').map_or("", |(_, output)| output).to_owned();
        let in_theme = reserved.iter().find(|path| path.strip_prefix("static/") == Some(&output));
        // The icon of the old site takes the place of the theme's; style sheets and scripts do not.
        if let Some(path) = in_theme.filter(|path| path.ends_with(".ico")) {
            target.clone_from(path);
        } else if in_theme.is_some() {
            Notes { file: &asset.from, report }.add(kinds::THEME_FILES, asset.from.as_str(), 0..0);
            return Some(never(asset));
        }
        if !taken.take(&output) {
            Notes { file: &asset.from, report }.add(kinds::FILE_CLASHES, asset.from.as_str(), 0..0);
            return Some(never(asset));
        }
        Some(PlacedFile { target: SitePath::new(&target).ok()?, from: asset.from, kind: asset.kind })
    };
    assets.into_iter().filter_map(place).collect()
}

/// A file's path below `content`: beside its page where it has one, else where its folder is.
fn beside(site: &OldSite, from: &SitePath, root: usize, bundles: &FxHashMap<&str, &Placed>) -> String {
    let mut folder = from.folder();
    while !folder.is_empty() {
        if let Some(placed) = bundles.get(folder) {
            let home = placed.target.below("content").unwrap_or_default().trim_end_matches(".md");
            let home = home.strip_suffix("/index").unwrap_or(home);
            return join(if home == "index" { "" } else { home }, from.below(folder).unwrap_or(from.name()));
        }
        folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
    }
    let root = site.roots.get(root).cloned().unwrap_or_default();
    let inside = super::old_site::below(from.as_str(), &root.folder).unwrap_or(from.as_str());
    let (folder, name) = inside.rsplit_once('/').unwrap_or(("", inside));
    let (folder, name) = match site.generator {
        Generator::Obsidian => {
            let parts: Vec<String> =
                folder.split('/').filter(|part| !part.is_empty()).map(crate::parse::slug).collect();
            (parts.join("/"), format!("{}.{}", crate::parse::slug(from.stem()), from.extension()))
        }
        _ => (site.slugify.path(folder), name.to_owned()),
    };
    allowed(&join(&join(&root.prefix, &folder), &name))
}

fn place_aliases(site: &OldSite, pages: &mut [Placed], redirecting: Vec<Page>, taken: &mut Taken, report: &mut Report) {
    let mut wanted: Vec<(usize, String)> = Vec::new();
    let has_own =
        |placed: &Placed| matches!(site.generator, Generator::Plain | Generator::Obsidian) && placed.old.is_none();
    for (index, placed) in pages.iter().enumerate() {
        wanted.extend(placed.old.iter().filter(|old| **old != placed.output).map(|old| (index, old.clone())));
        let own = placed.page.front.aliases.iter().chain(placed.page.front.address.iter().filter(|_| has_own(placed)));
        wanted.extend(own.filter_map(|alias| Some((index, alias_output(site, placed, alias)?))));
    }
    wanted.extend(redirects(site, pages, report));
    for page in redirecting {
        let to = page.front.redirect.clone().unwrap_or_default();
        match (by_output(site, pages, &to), address::old_output(site, &page)) {
            (Some(index), Some(old)) => wanted.push((index, old)),
            _ => Notes { file: &page.source, report }.add(kinds::REDIRECTS, to, 0..0),
        }
    }
    for (index, output) in wanted {
        let Some(placed) = pages.get_mut(index) else { continue };
        let alias = output.strip_suffix("index.html").filter(|folder| folder.ends_with('/')).unwrap_or(&output);
        let is_page = alias.ends_with('/') || alias.ends_with(".html") || alias.ends_with(".htm");
        let answers = output == placed.output || taken.made.contains(&output.to_lowercase());
        if answers || placed.aliases.iter().any(|known| known == alias) {
            continue;
        }
        if is_page && SitePath::new(&output).is_ok() && taken.take(&output) {
            placed.aliases.push(alias.to_owned());
        } else {
            let is_taken = taken.files.contains(&output.to_lowercase());
            let kind = if is_taken { kinds::ADDRESS_TAKEN } else { kinds::ADDRESS_LOST };
            Notes { file: &placed.page.source, report }.add(kind, format!("/{alias}"), 0..0);
        }
    }
}

/// The page that had an address.
fn by_output(site: &OldSite, pages: &[Placed], to: &str) -> Option<usize> {
    let base = site.base_url.as_deref().unwrap_or_default().trim_end_matches('/');
    let path = to.strip_prefix(base).unwrap_or(to);
    if path.contains("://") {
        return None;
    }
    let path = address::normal(path.split(['#', '?']).next().unwrap_or_default());
    pages.iter().position(|placed| placed.old.as_deref().is_some_and(|old| address::normal(old) == path))
}

/// The file of a former address that a page names.
fn alias_output(site: &OldSite, placed: &Placed, alias: &str) -> Option<String> {
    let path = alias.split_once("://").map_or(alias, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    let above = |output: &str| {
        let folder = output.strip_suffix("/index.html").unwrap_or(output);
        folder.rsplit_once('/').map_or("", |(above, _)| above).to_owned()
    };
    let relative = !alias.starts_with('/') && !alias.contains("://");
    let path = match site.generator {
        Generator::Hugo if relative => join(&above(placed.old.as_deref()?), path),
        Generator::Quarto if relative => join(&placed.page.folder, path),
        _ => path.to_owned(),
    };
    let path = crate::site::decode(path.split(['#', '?']).next()?)?;
    let folded = SitePath::new(path.trim_start_matches('/')).map_or_else(|_| String::new(), |path| path.to_string());
    Some(match folded.rsplit('/').next() {
        Some(name) if name.ends_with(".html") || name.ends_with(".htm") || name.ends_with(".xml") => folded,
        _ if folded.is_empty() => "index.html".to_owned(),
        _ => join(&folded, "index.html"),
    })
}

/// Former addresses from the configuration.
fn redirects(site: &OldSite, pages: &[Placed], report: &mut Report) -> Vec<(usize, String)> {
    let by_source = |to: &str| pages.iter().position(|placed| placed.page.source.as_str() == to);
    let mut found = Vec::new();
    for (from, to) in &site.redirects {
        let from = from.trim_start_matches('/');
        let output = match from.strip_suffix(".md") {
            Some(stem) => address::new_output(stem.strip_suffix("/index").unwrap_or(stem), site.folder_urls),
            None if from.ends_with('/') => format!("{from}index.html"),
            None => from.to_owned(),
        };
        let path = to.split(['#', '?']).next().unwrap_or_default();
        let resolved = SitePath::new(&output).ok().and_then(|output| output.resolve(path).ok());
        let index = by_source(path).or_else(|| by_output(site, pages, resolved.as_ref()?.as_str()));
        match index {
            Some(index) => found.push((index, output)),
            None => {
                let file = site.config_file.clone();
                if let Some(file) = file {
                    report.add(kinds::ADDRESS_LOST, format!("/{from}"), Span::file(&file));
                }
            }
        }
    }
    found
}
