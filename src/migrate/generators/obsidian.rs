//! Obsidian: a vault, known by its folder `.obsidian` or by its links.

use rustc_hash::FxHashSet;

use super::super::Generator;
use super::super::input::Input;
use super::super::old_site::OldSite;
use super::super::patterns::Pattern;
use super::super::report::Report;
use super::super::slugs::Anchors;
use super::super::values::{Map, text_at};

pub(super) fn read(input: &Input<'_>, report: &mut Report) -> OldSite {
    let mut site = OldSite { anchors: Anchors::None, ..super::plain(Generator::Obsidian, Map::new()) };
    // Templates contain placeholders, and are not notes.
    let core = input.config(".obsidian/templates.json", report).and_then(|map| text_at(&map, "folder"));
    let plugin = input.config(".obsidian/plugins/templater-obsidian/data.json", report);
    let plugin = plugin.and_then(|map| text_at(&map, "templates_folder"));
    for folder in [core, plugin].into_iter().flatten() {
        site.ignored.add(&format!("/{}/", folder.trim_matches('/')), "");
    }
    site
}

static WIKILINK: Pattern = Pattern::new(r"\[\[([^\[\]|#\n]+)");

/// The number of notes that are examined.
const SAMPLE: usize = 200;

/// Whether the folder looks like a vault without its settings: a fifth of the notes link to others by their names.
pub(super) fn is_likely(input: &Input<'_>) -> bool {
    let notes: Vec<_> = input.listed.iter().filter(|path| path.extension() == "md").collect();
    let names: FxHashSet<String> = notes.iter().map(|path| path.stem().to_lowercase()).collect();
    let links = |text: &str| {
        let mut targets = WIKILINK.captures_iter(text).filter_map(|found| found.get(1));
        targets.any(|name| names.contains(&name.as_str().trim().rsplit('/').next().unwrap_or_default().to_lowercase()))
    };
    // Notes from all over the folder.
    let step = notes.len().div_ceil(SAMPLE).max(1);
    let sample = notes.iter().step_by(step).filter_map(|path| input.files.read(path).ok());
    let linking = sample.filter(|bytes| links(&String::from_utf8_lossy(bytes))).count();
    linking >= 2 && linking * 5 >= notes.len().div_ceil(step)
}
