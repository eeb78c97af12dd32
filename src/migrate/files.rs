//! Sorts the files of the old folder into pages, files to copy, and others.

use super::input::Input;
use super::old_site::{OldSite, below, join};
use super::report::{Notes, Report};
use super::{Generator, kinds};
use crate::source::SitePath;

/// Pictures, sound, films and documents: copied where the old site published them.
const MEDIA: &str =
    "png jpg jpeg gif svg webp avif ico bmp apng mp3 m4a ogg oga opus wav flac mp4 webm ogv mov m4v vtt pdf epub";

/// Data, archives and listings: copied where a page links to them.
const LINKED: &str = "csv tsv json geojson xml txt zip gz tgz xz 7z doc docx xls xlsx ppt pptx odt ods odp rtf bib ics ipynb \
                      py r rs js ts css c h cpp hpp java go rb sh ps1 tex kml gpx asc sig parquet stl html htm rmd qmd";

/// Other files that are copied from folders of static files.
const FIXED: &str = "css js mjs map woff woff2 ttf otf eot webmanifest wasm json xml txt html htm csv";

/// Names without an extension that hosts read.
const HOST_FILES: [&str; 3] = ["CNAME", "_redirects", "_headers"];

/// Extensions of pages.
const PAGES: [&str; 6] = ["md", "markdown", "mdown", "mkd", "mkdn", "mdx"];

/// Extensions of pages that are not Markdown, and of data that generators make pages of.
const OTHER_PAGES: &str =
    "html htm njk liquid webc vto hbs mustache ejs haml pug slim org adoc asciidoc rst textile rmd ipynb xhtml";

/// Folders of templates, themes and data.
const FOREIGN: [&str; 22] = [
    "_data",
    "_freeze",
    "_includes",
    "_layouts",
    "_plugins",
    "_sass",
    "archetypes",
    "assets",
    "components",
    "data",
    "i18n",
    "layouts",
    "overrides",
    "po",
    "resources",
    "sass",
    "shortcodes",
    "templates",
    "theme",
    "themes",
    "translations",
    "_extensions",
];

/// Folders of generated files.
const BUILT: [&str; 8] = ["node_modules", "target", "_site", "_book", "site_libs", "_freeze", "public", "book"];

/// A file that may be copied.
#[derive(Clone, Debug)]
pub(super) struct Asset {
    pub from: SitePath,
    pub kind: AssetKind,
}

/// When a file is copied, and where to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum AssetKind {
    /// Always, to this path below `static`.
    Fixed(String),
    /// As [`AssetKind::Fixed`], where a page of the site links to it.
    FixedLinked(String),
    /// Always, beside the pages of this root.
    Beside(usize),
    /// Where a page of the site links to it, beside the pages of this root.
    Linked(usize),
    /// Never: its kind is unknown. Links to it are reported.
    Never,
}

/// The files of the old folder.
#[derive(Debug, Default)]
pub(super) struct SortedFiles {
    /// Pages, each with the index of its root.
    pub pages: Vec<(SitePath, usize)>,
    pub assets: Vec<Asset>,
}

/// Sorts the files of the old folder.
pub(super) fn sort(input: &Input<'_>, site: &OldSite, report: &mut Report) -> SortedFiles {
    let mut sorted = SortedFiles::default();
    for path in &input.listed {
        let fixed = site.statics.iter().find_map(|(from, to)| {
            if path.as_str() != from {
                return below(path.as_str(), from).map(|rest| join(to, rest));
            }
            // A single file is copied to a file or to a folder.
            let is_file = to.rsplit('/').next().is_some_and(|name| name.contains('.'));
            Some(if is_file { to.clone() } else { join(to, path.name()) })
        });
        let is_hidden = path.as_str().split('/').any(|part| part.starts_with('.'));
        match fixed {
            Some(to) if to.starts_with(".well-known/") => {
                sorted.assets.push(Asset { from: path.clone(), kind: AssetKind::Fixed(to) });
            }
            // An empty file that keeps a folder in Git.
            Some(_) if matches!(path.name(), ".gitkeep" | ".keep") => {}
            Some(_) if is_hidden => Notes { file: path, report }.add(kinds::HIDDEN_FILES, path.as_str(), 0..0),
            Some(to) => sorted.fixed(path, to),
            None if is_hidden || site.ignored.matches(path.as_str()) => note_foreign(path, report),
            None => sorted.other(path, site, report),
        }
    }
    sorted
}

fn has(list: &str, extension: &str) -> bool {
    list.split_whitespace().any(|known| known == extension)
}

/// Names a folder of templates, once for all that is in it.
fn note_foreign(path: &SitePath, report: &mut Report) {
    let found = path.folder().split('/').find(|part| FOREIGN.contains(part));
    if let Some(folder) = found {
        Notes { file: path, report }.add(kinds::FOREIGN, format!("{folder}/"), 0..0);
    }
}

/// Notes a file that is not copied, by its kind.
pub(super) fn note_left(path: &SitePath, report: &mut Report) {
    let name = match path.extension() {
        "" => path.as_str().to_owned(),
        extension => format!(".{}", extension.to_ascii_lowercase()),
    };
    Notes { file: path, report }.add(kinds::FILES_LEFT, name, 0..0);
}

impl SortedFiles {
    fn fixed(&mut self, path: &SitePath, to: String) {
        let extension = path.extension().to_ascii_lowercase();
        if has(MEDIA, &extension)
            || has(FIXED, &extension)
            || has(LINKED, &extension)
            || HOST_FILES.contains(&path.name())
        {
            self.assets.push(Asset { from: path.clone(), kind: AssetKind::Fixed(to) });
        } else {
            // What the old site published and its pages link to is for readers, whatever it is.
            self.assets.push(Asset { from: path.clone(), kind: AssetKind::FixedLinked(to) });
        }
    }

    fn leave(&mut self, path: &SitePath, report: &mut Report) {
        note_left(path, report);
        self.assets.push(Asset { from: path.clone(), kind: AssetKind::Never });
    }

    fn other(&mut self, path: &SitePath, site: &OldSite, report: &mut Report) {
        let inside = |folder: &str| below(path.as_str(), folder);
        let root = site.roots.iter().enumerate().find_map(|(index, root)| Some((index, root, inside(&root.folder)?)));
        let Some((index, root, inside)) = root else {
            let top = path.as_str().split('/').next().unwrap_or_default();
            if FOREIGN.contains(&top) && top != path.as_str() {
                Notes { file: path, report }.add(kinds::FOREIGN, format!("{top}/"), 0..0);
            }
            return;
        };
        let extension = path.extension().to_ascii_lowercase();
        let is_page =
            PAGES.contains(&extension.as_str()) || (extension == "qmd" && site.generator == Generator::Quarto);
        let top = inside.split_once('/').map(|(top, _)| top);
        if root.folder.is_empty() && top.is_some_and(|top| BUILT.contains(&top)) {
            let folder = format!("{}/", top.unwrap_or_default());
            return Notes { file: path, report }.add(kinds::BUILT, folder, 0..0);
        }
        // Jekyll's folders with an underscore are its own.
        let own = |part: &str| part.starts_with('_') && !matches!(part, "_posts" | "_drafts");
        if site.generator == Generator::Jekyll && inside.split('/').any(own) {
            return note_foreign(path, report);
        }
        if is_page {
            self.pages.push((path.clone(), index));
        } else if has(OTHER_PAGES, &extension)
            && !matches!(site.generator, Generator::Plain | Generator::Obsidian | Generator::MdBook | Generator::MkDocs)
        {
            Notes { file: path, report }.add(kinds::OTHER_PAGES, path.as_str(), 0..0);
        } else if site.generator == Generator::Obsidian && matches!(inside, "publish.css" | "publish.js") {
            self.leave(path, report);
        } else if HOST_FILES.contains(&inside) {
            self.assets.push(Asset { from: path.clone(), kind: AssetKind::Fixed(inside.to_owned()) });
        } else if has(MEDIA, &extension) && site.copies {
            self.assets.push(Asset { from: path.clone(), kind: AssetKind::Beside(index) });
        } else if has(MEDIA, &extension) || has(LINKED, &extension) {
            self.assets.push(Asset { from: path.clone(), kind: AssetKind::Linked(index) });
        } else if site.copies {
            self.leave(path, report);
        } else {
            self.assets.push(Asset { from: path.clone(), kind: AssetKind::Never });
        }
    }
}
