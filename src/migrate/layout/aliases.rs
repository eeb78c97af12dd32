//! Former addresses, each of which one page answers.

use super::super::old_site::{OldSite, join};
use super::super::pages::Page;
use super::super::report::{Notes, Report};
use super::super::{Generator, address, kinds};
use super::{Placed, UsedOutputs};
use crate::source::{SitePath, Span};

pub(super) fn place_aliases(
    site: &OldSite,
    pages: &mut [Placed],
    redirecting: Vec<Page>,
    used: &mut UsedOutputs,
    report: &mut Report,
) {
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
        let answers = output == placed.output || used.made.contains(&output.to_lowercase());
        if answers || placed.aliases.iter().any(|known| known == alias) {
            continue;
        }
        if is_page && SitePath::new(&output).is_ok() && used.claim(&output) {
            placed.aliases.push(alias.to_owned());
        } else {
            let is_taken = used.files.contains(&output.to_lowercase());
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
