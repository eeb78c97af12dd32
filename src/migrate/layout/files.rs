//! Where copied files go.

use rustc_hash::FxHashMap;

use super::super::files::{Asset, AssetKind};
use super::super::old_site::{OldSite, below, join};
use super::super::pages::Role;
use super::super::report::{Notes, Report};
use super::super::{Generator, kinds};
use super::{Placed, PlacedFile, UsedOutputs, allowed};
use crate::source::SitePath;

pub(super) fn place_files(
    site: &OldSite,
    pages: &[Placed],
    assets: Vec<Asset>,
    reserved: &[String],
    used: &mut UsedOutputs,
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
        if !used.claim(&output) {
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
    let inside = below(from.as_str(), &root.folder).unwrap_or(from.as_str());
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
