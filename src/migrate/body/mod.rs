//! Converts the text of a page: first includes, calls and boxes, which generators replace before they parse Markdown;
//! then, when the places of all pages are known, links, headings and code.

mod boxes;
mod calls;
mod cells;
mod code;
mod fences;
mod headings;
mod html;
mod includes;
mod inline;
mod lines;
mod links;
mod lists;
mod mdx;

use rustc_hash::FxHashSet;

use super::Generator;
use super::input::Input;
use super::lookup::{Lookup, Place};
use super::old_site::OldSite;
use super::pages::Page;
use super::report::{Notes, Report};
use super::structure::Structure;
use super::text::Text;

/// The syntax of calls in the Markdown of a generator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Calls {
    /// No calls.
    None,
    MdBook,
    Hugo,
    Zola,
    Liquid,
    Quarto,
    /// Unknown: calls of any syntax are reported and left in the text.
    Any,
}

impl Calls {
    fn of(site: &OldSite) -> Self {
        match site.generator {
            Generator::MdBook => Self::MdBook,
            Generator::Hugo => Self::Hugo,
            Generator::Zola => Self::Zola,
            Generator::Jekyll | Generator::Eleventy => Self::Liquid,
            Generator::MkDocs if format!("{:?}", site.values.get("plugins")).contains("macros") => Self::Liquid,
            Generator::Quarto => Self::Quarto,
            Generator::Plain => Self::Any,
            Generator::MkDocs | Generator::Obsidian => Self::None,
        }
    }
}

/// A page whose includes, calls and boxes are converted.
pub(super) struct Prepared {
    pub text: Text,
    pub structure: Structure,
    pub report: Report,
    /// Words that the text itself uses as tags.
    pub tags: Vec<String>,
    /// Whether the text has a place for a table of contents.
    pub toc: bool,
    /// Whether the text contains formulas.
    pub math: bool,
}

/// Converts what comes before Markdown.
pub(super) fn prepare(input: &Input<'_>, site: &OldSite, page: &Page) -> Prepared {
    let mut report = Report::default();
    let mut notes = Notes { file: &page.source, report: &mut report };
    let mut text = Text::new(&page.file, page.body);
    includes::convert(input, site, page, &mut text, &mut notes);
    calls::convert(Calls::of(site), site, page, &mut text, &mut notes);
    if page.source.extension() == "mdx" {
        mdx::convert(&mut text, &mut notes);
    }
    boxes::convert(site.generator, &mut text, &mut notes);
    let toc = lines::convert(site.generator, &mut text, &mut notes);
    if site.generator == Generator::Quarto {
        lists::convert(&mut text, &mut notes);
    }
    code::convert(site.generator, &mut text, &mut notes);
    let has_math = matches!(site.generator, Generator::Quarto | Generator::Obsidian) || page.front.math;
    let structure = Structure::read(text.as_str(), has_math);
    let math = inline::has_formulas(text.as_str(), &structure);
    let tags = if site.generator == Generator::Obsidian { inline::tags(text.as_str(), &structure) } else { Vec::new() };
    Prepared { text, structure, report, tags, toc, math }
}

/// The targets of links: anchors as `(page, id)`, and files.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub anchors: FxHashSet<(usize, String)>,
    pub files: FxHashSet<usize>,
}

/// Collects the targets of the links of a page.
pub(super) fn wanted(lookup: &Lookup<'_>, index: usize, prepared: &Prepared, to: &mut Wanted) {
    for (target, place) in links::targets(lookup, index, prepared.text.as_str(), &prepared.structure) {
        let fragment = target.split_once('#').map(|(_, fragment)| fragment);
        match place {
            Place::Page(page) => {
                to.anchors.extend(fragment.and_then(crate::site::decode).map(|fragment| (page, fragment)));
            }
            Place::File(file) => _ = to.files.insert(file),
            Place::Tag(_) => {}
        }
    }
}

/// A page as it is in the new site.
pub(super) struct Finished {
    pub text: String,
    /// Whether it contains HTML or links that only trusted authors may write.
    pub needs_trust: bool,
    pub report: Report,
}

/// Converts the rest of a page.
pub(super) fn finish(context: &Context<'_>, index: usize, prepared: &Prepared) -> Finished {
    let mut finished = Finished { text: String::new(), needs_trust: false, report: prepared.report.clone() };
    let Some(placed) = context.lookup.pages.get(index) else { return finished };
    let mut notes = Notes { file: &placed.page.source, report: &mut finished.report };
    let mut text = prepared.text.clone();
    let structure = &prepared.structure;
    let mut edits = Vec::new();
    headings::convert(context, index, structure, &mut edits);
    links::convert(context, index, &text, structure, &mut edits, &mut notes);
    fences::convert(context.components, &text, structure, &mut edits, &mut notes);
    html::convert(context.lookup, index, &text, structure, &mut edits, &mut notes);
    finished.needs_trust = inline::convert(context, index, &text, structure, &mut edits, &mut notes);
    finished.needs_trust |= html::needs_trust(text.as_str(), structure);
    text.edit(edits);
    finished.text = text.into_string();
    finished
}

/// The data about all pages for the second half of the conversion.
pub(super) struct Context<'a> {
    pub lookup: &'a Lookup<'a>,
    pub components: &'a [String],
    pub anchors: &'a FxHashSet<(usize, String)>,
    pub prepared: &'a [Prepared],
}
