//! Finds the targets of links of the old site.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};
use unicode_normalization::UnicodeNormalization;

use super::files::AssetKind;
use super::layout::{Placed, PlacedFile};
use super::old_site::{OldSite, below, join};
use super::pages::Role;
use super::{Generator, address};
use crate::site::decode;
use crate::source::{SitePath, link_scheme};

/// All possible targets of links.
pub(super) struct Lookup<'a> {
    pub site: &'a OldSite,
    pub pages: &'a [Placed],
    pub files: &'a [PlacedFile],
    by_source: FxHashMap<Cow<'a, str>, usize>,
    by_address: FxHashMap<String, usize>,
    /// Pages by their names, in lower case.
    by_name: FxHashMap<String, Vec<usize>>,
    files_by_source: FxHashMap<Cow<'a, str>, usize>,
    files_by_name: FxHashMap<String, usize>,
    /// Pages of tags, by their old address.
    tags: FxHashMap<String, SitePath>,
}

/// The target of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A page, by its index.
    Page(usize),
    /// A file, by its index.
    File(usize),
    /// The page of a tag.
    Tag(SitePath),
}

impl<'a> Lookup<'a> {
    pub fn new(
        site: &'a OldSite,
        pages: &'a [Placed],
        files: &'a [PlacedFile],
        tags: FxHashMap<String, SitePath>,
    ) -> Self {
        let mut by_address = FxHashMap::default();
        let mut by_name: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (index, placed) in pages.iter().enumerate() {
            by_address.entry(folded(site, placed.old.as_deref().unwrap_or(&placed.output))).or_insert(index);
            let page = &placed.page;
            let full = join(&page.folder, page.source.stem());
            let names =
                [full.as_str(), page.source.stem()].into_iter().chain(page.front.names.iter().map(String::as_str));
            for name in names.map(folded_name).collect::<FxHashSet<_>>() {
                by_name.entry(name).or_default().push(index);
            }
        }
        for (index, placed) in pages.iter().enumerate() {
            for alias in &placed.aliases {
                by_address.entry(folded(site, alias)).or_insert(index);
            }
        }
        let files_by_name = files.iter().enumerate().map(|(index, file)| (folded_name(file.from.name()), index));
        Self {
            site,
            pages,
            files,
            by_source: pages
                .iter()
                .enumerate()
                .map(|(index, placed)| (composed(placed.page.source.as_str()), index))
                .collect(),
            by_address,
            by_name,
            files_by_source: files
                .iter()
                .enumerate()
                .map(|(index, file)| (composed(file.from.as_str()), index))
                .collect(),
            files_by_name: files_by_name.collect(),
            tags,
        }
    }

    /// The target of a link of a page; the query and the fragment are not part of `path`.
    pub fn find(&self, from: usize, path: &str) -> Option<Place> {
        if link_scheme(path).is_some() || path.starts_with("//") {
            let base = self.site.base_url.as_deref().filter(|base| base.contains("://"))?.trim_end_matches('/');
            let own = path.strip_prefix(base).filter(|rest| rest.is_empty() || rest.starts_with('/'))?;
            return self.find_from_top(from, own.trim_start_matches('/'));
        }
        let path = decode(path)?;
        if path.is_empty() {
            return None;
        }
        if let Some(rooted) = path.strip_prefix("@/").or_else(|| path.strip_prefix('/')) {
            return self.find_from_top(from, rooted);
        }
        let placed = self.pages.get(from)?;
        let file = || self.find_file(from, placed.page.source.resolve(&path).ok()?.as_str());
        let address = || {
            // As a browser reads it, from the old address.
            let base = SitePath::new(placed.old.as_deref()?).ok()?;
            self.find_by_address(&base.resolve(&path).map_or_else(|_| String::new(), |path| path.to_string()))
        };
        // A name without an extension is an address wherever pages have ones.
        let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.') && !name.starts_with('.'));
        if is_file { file().or_else(address) } else { address().or_else(file) }
    }

    /// The target of a path from the top folder: an address, or a file below a folder of pages.
    fn find_from_top(&self, from: usize, path: &str) -> Option<Place> {
        let inner = below(path, self.site.base_path()).or((path == self.site.base_path()).then_some(""));
        let roots = self.site.roots.iter().map(|root| join(&root.folder, path));
        self.find_by_address(path)
            .or_else(|| inner.and_then(|inner| self.find_by_address(inner)))
            .or_else(|| roots.into_iter().find_map(|path| self.find_file(from, &path)))
            .or_else(|| self.find_file(from, path))
    }

    fn find_by_address(&self, path: &str) -> Option<Place> {
        let key = folded(self.site, path);
        if let Some(index) = self.by_address.get(&key) {
            return Some(Place::Page(*index));
        }
        if let Some(path) = self.tags.get(&key) {
            return Some(Place::Tag(path.clone()));
        }
        let output = |file: &PlacedFile| {
            file.kind != AssetKind::Never && file.target.as_str().split_once('/').is_some_and(|(_, rest)| rest == path)
        };
        self.site
            .statics
            .iter()
            .find_map(|(folder, to)| {
                let source = join(folder, below(path, to)?);
                self.files_by_source.get(composed(&source).as_ref()).map(|index| Place::File(*index))
            })
            .or_else(|| {
                let name = folded_name(path.rsplit('/').next()?);
                let index = *self.files_by_name.get(&name)?;
                self.files.get(index).filter(|file| output(file)).map(|_| Place::File(index))
            })
    }

    /// A file of the old folder, or the page that a name without its extension means.
    fn find_file(&self, from: usize, path: &str) -> Option<Place> {
        let path = path.trim_end_matches('/');
        let exact = |name: &str| {
            let name = composed(name);
            let page = self.by_source.get(name.as_ref()).map(|index| Place::Page(*index));
            page.or_else(|| self.files_by_source.get(name.as_ref()).map(|index| Place::File(*index)))
        };
        let code = self.language(from);
        let localised = path.rsplit_once('.').filter(|_| !code.is_empty());
        let localised = localised.and_then(|(stem, extension)| exact(&format!("{stem}.{code}.{extension}")));
        let stem = path.strip_suffix(".html").unwrap_or(path);
        let stem = if stem == "index" { "" } else { stem.strip_suffix("/index").unwrap_or(stem) };
        let indexes = ["index", "_index", "README"].map(|name| join(stem, name));
        let stems = std::iter::once(stem.to_owned()).filter(|stem| !stem.is_empty()).chain(indexes);
        let found = || {
            stems
                .flat_map(|stem| ["md", "markdown", "mdx", "qmd"].map(|end| format!("{stem}.{end}")))
                .find_map(|name| exact(&name))
        };
        localised.or_else(|| exact(path)).or_else(found)
    }

    /// The language in the file name of a page; empty if there is none.
    fn language(&self, from: usize) -> &str {
        let stem = self.pages.get(from).map_or("", |placed| placed.page.source.stem());
        let code = stem.rsplit_once('.').map_or("", |(_, code)| code);
        if self.site.languages.iter().any(|known| known == code) { code } else { "" }
    }

    /// The target of a name, as in wikilinks and Hugo's `ref`: the page whose path ends with it and has the fewest
    /// folders.
    pub fn find_by_name(&self, from: usize, name: &str) -> Option<Place> {
        let rooted = name.trim().trim_start_matches('/');
        // The name of a file, with its extension, can mean nothing else.
        if rooted.contains('.')
            && let Some(place) = self
                .site
                .roots
                .iter()
                .map(|root| join(&root.folder, rooted))
                .find_map(|path| self.find_file(from, &path))
        {
            return Some(place);
        }
        let key = folded_name(rooted);
        let key = [".md", ".qmd", ".mdx", "/_index", "/index"]
            .iter()
            .fold(key.as_str(), |key, end| key.strip_suffix(end).unwrap_or(key));
        let found = self.by_name.get(key).or_else(|| self.by_name.get(key.rsplit('/').next()?));
        let fits = |index: &&usize| {
            let page = self.pages.get(**index).map(|placed| &placed.page);
            page.is_some_and(|page| {
                !key.contains('/') || folded_name(&join(&page.folder, page.source.stem())).ends_with(key)
            })
        };
        let mut indexes: Vec<usize> = found.into_iter().flatten().filter(fits).copied().collect();
        let prefix = self.pages.get(from).map(|placed| placed.page.prefix.as_str());
        indexes.sort_by_key(|index| {
            let page = self.pages.get(*index).map(|placed| &placed.page);
            page.map(|page| {
                (
                    Some(page.prefix.as_str()) != prefix,
                    page.folder.matches('/').count() + usize::from(!page.folder.is_empty()),
                    *index,
                )
            })
        });
        if let Some(index) = indexes.first() {
            return Some(Place::Page(*index));
        }
        let folder = self.pages.iter().position(|placed| {
            placed.page.role == Role::Index && placed.page.folder.to_lowercase() == key && !key.is_empty()
        });
        folder.map(Place::Page).or_else(|| self.find(from, name)).or_else(|| {
            let name = folded_name(name.trim().rsplit('/').next()?);
            self.files_by_name.get(&name).map(|index| Place::File(*index))
        })
    }

    /// A target as a link in the Markdown of page `from`; `None` for files that are not copied.
    pub fn markdown_target(&self, from: usize, place: &Place) -> Option<String> {
        let own = &self.pages.get(from)?.target;
        match place {
            Place::Page(index) => Some(relative(own, &self.pages.get(*index)?.target)),
            Place::Tag(target) => Some(relative(own, target)),
            Place::File(index) => {
                let file = self.files.get(*index).filter(|file| file.kind != AssetKind::Never)?;
                Some(match file.target.below("static") {
                    Some(fixed) => format!("/{fixed}"),
                    None => relative(own, &file.target),
                })
            }
        }
    }

    /// A target as an address in the HTML of page `from`, relative to its output.
    pub fn html_target(&self, from: usize, place: &Place) -> Option<String> {
        let own = SitePath::new(&self.pages.get(from)?.output).ok()?;
        let output = match place {
            Place::Page(index) => self.pages.get(*index)?.output.clone(),
            Place::Tag(target) => {
                let name = target.below("content")?.strip_suffix(".md")?;
                address::new_output(name, self.site.folder_urls)
            }
            Place::File(index) => {
                let file = self.files.get(*index).filter(|file| file.kind != AssetKind::Never)?;
                file.target.as_str().split_once('/')?.1.to_owned()
            }
        };
        let href = relative(&own, &SitePath::new(&output).ok()?);
        let href = crate::site::encode(&href);
        Some(match href.strip_suffix("index.html") {
            Some("") => "./".to_owned(),
            Some(folder) if folder.ends_with('/') => folder.to_owned(),
            _ => href,
        })
    }

    /// Whether notes have no addresses of their own, and links name them.
    pub fn links_by_name(&self) -> bool {
        matches!(self.site.generator, Generator::Obsidian | Generator::Plain | Generator::MkDocs)
    }
}

fn folded(site: &OldSite, path: &str) -> String {
    let path = composed(&address::normal(path)).into_owned();
    if site.generator == Generator::Hugo { path.to_lowercase() } else { path }
}

/// A path in Unicode normalization form C, as links have it; file systems may use form D.
fn composed(path: &str) -> Cow<'_, str> {
    if path.is_ascii() { Cow::Borrowed(path) } else { Cow::Owned(path.nfc().collect()) }
}

fn folded_name(name: &str) -> String {
    composed(&name.to_lowercase()).into_owned()
}

/// The path of a file relative to the folder of another.
pub(super) fn relative(from: &SitePath, to: &SitePath) -> String {
    let mine: Vec<&str> = from.folder().split('/').filter(|part| !part.is_empty()).collect();
    let theirs: Vec<&str> = to.as_str().split('/').collect();
    let folders = theirs.len().saturating_sub(1);
    let shared = mine.iter().zip(theirs.iter().take(folders)).take_while(|(a, b)| a == b).count();
    format!("{}{}", "../".repeat(mine.len() - shared), theirs.get(shared..).unwrap_or_default().join("/"))
}
