use std::borrow::Cow;

use rustc_hash::FxHashSet;
use serde::Serialize;
use tera::Value;

use crate::config::UrlStyle;
use crate::parse::{Day, PageMetadata};
use crate::render::SharedView;
use crate::site::{Corrected, Entry, PageId, Site, Subject};

use super::parts::numbers;
use super::{ClaimView, DayView, StandingCount, Views};

/// A link to a page.
#[derive(Clone, Debug, Serialize)]
pub struct PageLink {
    /// Its title.
    pub title: String,
    /// Its address.
    pub href: String,
    /// Its summary.
    pub summary: Option<String>,
    /// The day it was published.
    pub date: Option<DayView>,
}

/// How well a page is cited.
#[derive(Clone, Debug, Serialize)]
pub struct EvidenceLine {
    /// Paragraphs, list items and table rows that state something.
    pub paragraphs: u32,
    /// Those of them that cite.
    pub cited: u32,
    /// By how many sources, through claims or directly.
    pub sources: usize,
    /// How many claims the page cites.
    pub claims: usize,
    /// How many of them have each standing.
    pub standings: Vec<StandingCount>,
}

/// A heading of the table of contents.
#[derive(Clone, Debug, Serialize)]
pub struct HeadingView {
    /// 2 to 6.
    pub level: u8,
    /// Its anchor.
    pub id: String,
    /// Its text as safe HTML.
    pub title: String,
    /// The headings below it.
    pub children: Vec<HeadingView>,
}

/// A reference: what a number in the text stands for.
#[derive(Clone, Debug, Serialize)]
pub struct ReferenceView {
    /// Its number, from 1, by first appearance.
    pub number: usize,
    /// Its anchor.
    pub id: String,
    /// The citation key.
    pub key: String,
    /// `claim` or `source`.
    pub kind: &'static str,
    /// The claim, where it is one.
    pub claim: Option<SharedView<ClaimView>>,
    /// The source, where it is one.
    pub source: Option<SourceRef>,
    /// The part of the source that citations name, where they name only one.
    pub locator: String,
    /// The address of that part, where its medium has one.
    pub link: Option<String>,
    /// The parts of the source, where the page cites several: each has a letter, which follows the number in the text.
    pub parts: Vec<PartView>,
    /// The places on the page that cite it, for ways back.
    pub places: Vec<PlaceView>,
    /// Its source, or those of its claim, each as a `ContextObject` for a `span` of the class `Z3988` (`COinS`), by which
    /// Zotero saves it; but for those that an earlier reference of the page has.
    pub coins: Vec<String>,
}

/// A source, as a reference shows it.
#[derive(Clone, Debug, Serialize)]
pub struct SourceRef {
    /// Its id.
    pub id: String,
    /// How marks and prose name it.
    pub label: String,
    /// Its title or description.
    pub title: String,
    /// Its page.
    pub href: String,
    /// Who made it, when, its title, what it is part of and where it is, as safe HTML.
    pub reference: String,
    /// How far it is relied on; `unrated` where the record gives none.
    pub reliability: &'static str,
}

/// A part of a source that a page cites.
#[derive(Clone, Debug, Serialize)]
pub struct PartView {
    /// Its anchor.
    pub id: String,
    /// `a`, `b`, …
    pub letter: String,
    /// The part as the citations name it; empty for the source as a whole.
    pub locator: String,
    /// The address of that part, where its medium has one.
    pub link: Option<String>,
    /// The places on the page that cite it, for ways back.
    pub places: Vec<PlaceView>,
}

/// A place on the page that cites something.
#[derive(Clone, Debug, Serialize)]
pub struct PlaceView {
    /// Its anchor.
    pub id: String,
    /// `place 1`, `place 2`, …
    pub label: String,
}

/// A social-card image.
#[derive(Clone, Debug, Serialize)]
pub struct PictureView {
    /// Its address.
    pub href: String,
    /// In pixels.
    pub width: Option<u32>,
    /// In pixels.
    pub height: Option<u32>,
    /// What it shows.
    pub alt: String,
}

/// Where a page stands in a list that is parted.
#[derive(Clone, Debug, Serialize)]
pub struct PagerView {
    /// Which part, from 1.
    pub number: usize,
    /// Of how many.
    pub count: usize,
    /// The part before.
    pub previous: Option<SharedView<PageLink>>,
    /// The part after.
    pub next: Option<SharedView<PageLink>>,
    /// All parts.
    pub pages: Vec<SharedView<PageLink>>,
}

/// A page of a larger section does not list the pages beside it.
const MOST_SIBLINGS: usize = 20;

/// A page.
#[derive(Clone, Debug, Serialize)]
pub struct PageView {
    /// The content file.
    pub source_path: String,
    /// Its address.
    pub href: String,
    /// Its full address, where the site's is known.
    pub url: Option<String>,
    /// Its title.
    pub title: String,
    /// The anchor of its title, where it has one.
    pub title_id: Option<String>,
    /// Its summary.
    pub summary: Option<String>,
    /// The id of its topic.
    pub topic: Option<String>,
    /// The day it was published.
    pub date: Option<DayView>,
    /// The day it was last changed in substance or corrected.
    pub updated: Option<DayView>,
    /// Whether it is a draft.
    pub draft: bool,
    /// Whether a table of contents is wanted; absent where the page leaves it to the template.
    pub wants_toc: Option<bool>,
    /// Its headings.
    pub toc: Vec<HeadingView>,
    /// The sibling before it.
    pub prev: Option<SharedView<PageLink>>,
    /// The sibling after it.
    pub next: Option<SharedView<PageLink>>,
    /// From the home page down to its section.
    pub breadcrumbs: Vec<SharedView<PageLink>>,
    /// The pages of a section, or of this part of it.
    pub children: Vec<SharedView<PageLink>>,
    /// The pages of its section, itself included, where it has at most twenty in all; none for those of the first level.
    pub siblings: Vec<SharedView<PageLink>>,
    /// Where it stands in a list that is parted.
    pub pager: Option<PagerView>,
    /// Its social-card image.
    pub image: Option<PictureView>,
    /// What was wrong and has been put right.
    pub corrections: Vec<CorrectionView>,
    /// What the numbers in its text stand for.
    pub references: Vec<ReferenceView>,
    /// How well it is cited; absent where it has nothing to cite.
    pub evidence: Option<EvidenceLine>,
    /// The pages with a link to it.
    pub backlinks: Vec<SharedView<PageLink>>,
    /// Words of prose.
    pub words: u32,
    /// `extra` of its front matter.
    pub extra: serde_json::Map<String, serde_json::Value>,
    /// Its text.
    pub content: Value,
    /// What search engines read of it.
    pub json_ld: Value,
}

/// An entry of the log of corrections.
#[derive(Clone, Debug, Serialize)]
pub struct CorrectionView {
    /// The day.
    pub date: DayView,
    /// What was wrong and what stands there now.
    pub text: String,
}

/// The log of corrections.
#[derive(Clone, Debug, Serialize)]
pub struct CorrectionsView {
    /// What was put right.
    pub entries: Vec<PageCorrection>,
    /// The pages that were changed in substance.
    pub updated: Vec<UpdatedPage>,
}

/// A page that was changed in substance.
#[derive(Clone, Debug, Serialize)]
pub struct UpdatedPage {
    /// Its title.
    pub title: String,
    /// Its address.
    pub href: String,
    /// The day.
    pub date: DayView,
}

/// A correction with the page it concerns.
#[derive(Clone, Debug, Serialize)]
pub struct PageCorrection {
    /// The page.
    pub page: SharedView<PageLink>,
    /// The day.
    pub date: DayView,
    /// What was wrong and what stands there now.
    pub text: String,
}

impl Views<'_> {
    /// A page, still without its text and what search engines read.
    pub fn page(&self, id: PageId, references: Vec<ReferenceView>, image: Option<PictureView>) -> PageView {
        let page = self.site.page(id);
        let (metadata, front) = (&page.metadata, &page.metadata.front);
        PageView {
            source_path: metadata.path.to_string(),
            href: page.href.clone(),
            url: self.site.config.base_url().map(|base| format!("{base}{}", full_href(self.site, &page.href))),
            title: metadata.title.clone(),
            title_id: metadata.title_id.clone(),
            summary: front.summary.clone(),
            topic: front.topic.clone(),
            date: front.date.map(DayView::of),
            updated: front.changed().map(DayView::of),
            draft: front.draft,
            wants_toc: front.toc,
            toc: toc(metadata),
            prev: page.previous.map(|other| self.link(other)),
            next: page.next.map(|other| self.link(other)),
            breadcrumbs: self.site.breadcrumbs(id).into_iter().map(|other| self.link(other)).collect(),
            children: self.children(id).into_iter().map(|child| self.link(child)).collect(),
            siblings: self.siblings(id).into_iter().map(|other| self.link(other)).collect(),
            pager: self.pager(id),
            image,
            corrections: corrections(metadata),
            references,
            evidence: self.evidence_line(id),
            backlinks: self.site.backlinks(id).iter().map(|other| self.link(*other)).collect(),
            words: metadata.words,
            extra: front.extra.clone(),
            content: Value::none(),
            json_ld: Value::none(),
        }
    }

    /// How well a page is cited; absent where it has nothing to cite.
    pub fn evidence_line(&self, id: PageId) -> Option<EvidenceLine> {
        let metadata = &self.site.page(id).metadata;
        let ledger = &self.site.ledger;
        if metadata.factual == 0 || metadata.citations.is_empty() {
            return None;
        }
        let mut seen = FxHashSet::default();
        let keys: Vec<&str> = metadata.citations.iter().map(|citation| citation.key.as_str()).collect();
        let keys = keys.into_iter().filter(|key| ledger.claim(key).is_some() || ledger.source(key).is_some());
        let keys: Vec<&str> = keys.filter(|key| seen.insert(*key)).collect();
        let href = &self.site.page(id).href;
        let numbered = keys.iter().zip(1..);
        let claims = numbered.filter_map(|(key, number)| Some((ledger.claim(key)?, format!("{href}#ref-{number}"))));
        let claims: Vec<_> = claims.collect();
        let mut sources: Vec<&str> = keys.iter().copied().filter(|key| ledger.source(key).is_some()).collect();
        let supports = claims.iter().flat_map(|(claim, _)| &claim.sources);
        sources.extend(supports.map(|support| support.source.as_str()));
        sources.sort_unstable();
        sources.dedup();
        Some(EvidenceLine {
            paragraphs: metadata.factual,
            cited: metadata.cited,
            sources: sources.len(),
            claims: claims.len(),
            standings: self.count(claims.into_iter()),
        })
    }

    /// The corrections of all pages, and the pages that were changed in substance, newest first: all, or these, numbered
    /// as one list.
    pub fn corrections(&self, entries: Option<&[Entry]>) -> CorrectionsView {
        let (corrected, changed) = (self.site.corrected(), self.site.changed());
        let here = numbers(entries, || corrected.len() + changed.len()).into_iter();
        let (first, second): (Vec<usize>, Vec<usize>) = here.partition(|number| *number < corrected.len());
        let updated = |(day, page): &(Day, PageId)| {
            let page = self.link(*page);
            UpdatedPage { title: page.title.clone(), href: page.href.clone(), date: DayView::of(*day) }
        };
        CorrectionsView {
            entries: first.into_iter().filter_map(|number| self.correction(corrected.get(number)?)).collect(),
            updated: second
                .into_iter()
                .filter_map(|number| changed.get(number - corrected.len()).map(updated))
                .collect(),
        }
    }

    /// A correction with its page.
    pub fn correction(&self, (day, page, at): &Corrected) -> Option<PageCorrection> {
        let text = self.site.page(*page).metadata.front.corrections.get(*at)?.text.clone();
        Some(PageCorrection { page: self.link(*page), date: DayView::of(*day), text })
    }

    /// The pages beside a page, where they are few enough to list on each of them.
    pub fn siblings(&self, id: PageId) -> Vec<PageId> {
        let section = self.site.page(id).parent.filter(|section| self.site.page(*section).parent.is_some());
        let siblings = section.map_or(&[][..], |section| self.site.page(section).children.as_slice());
        if !(2..=MOST_SIBLINGS).contains(&siblings.len()) {
            return Vec::new();
        }
        siblings.iter().copied().filter(|other| self.site.page(*other).is_listed()).collect()
    }

    /// The pages that a section, or this part of it, lists.
    pub fn children(&self, id: PageId) -> Vec<PageId> {
        let page = self.site.page(id);
        let section = page.parts.first().copied().unwrap_or(id);
        let children = &self.site.page(section).children;
        let shown: &[PageId] = match page.parts.len() {
            0 => children,
            count => {
                let per_part = self.site.config.content.paginate.value.max(1);
                let part = if let Subject::Part(number) = page.subject { number - 1 } else { 0 };
                let last = if part + 1 == count { children.len() } else { (part + 1) * per_part };
                children.get(part * per_part..last.min(children.len())).unwrap_or(&[])
            }
        };
        shown.iter().copied().filter(|child| self.site.page(*child).is_listed()).collect()
    }

    fn pager(&self, id: PageId) -> Option<PagerView> {
        let parts = &self.site.page(id).parts;
        let at = parts.iter().position(|part| *part == id)?;
        let link = |at: usize| parts.get(at).map(|part| self.link(*part));
        Some(PagerView {
            number: at + 1,
            count: parts.len(),
            previous: at.checked_sub(1).and_then(link),
            next: link(at + 1),
            pages: parts.iter().map(|part| self.link(*part)).collect(),
        })
    }
}

/// The corrections of a page, newest first.
pub(crate) fn corrections(metadata: &PageMetadata) -> Vec<CorrectionView> {
    let mut corrections = metadata.front.corrections.clone();
    corrections.sort_by_key(|correction| std::cmp::Reverse(correction.date));
    let view = |found: crate::parse::Correction| CorrectionView { date: DayView::of(found.date), text: found.text };
    corrections.into_iter().map(view).collect()
}

/// The part of a full address after the base: the home page is the base itself, and what links name as a file only for
/// the disk's sake is its folder.
pub(crate) fn full_href<'h>(site: &Site, href: &'h str) -> Cow<'h, str> {
    if matches!(href, "index.html" | "./") {
        return "".into();
    }
    let portable = site.config.output.urls == UrlStyle::Portable;
    match portable.then(|| href.split_once("/index.html")).flatten() {
        Some((folder, rest)) if rest.is_empty() || rest.starts_with('#') => format!("{folder}/{rest}").into(),
        _ => href.into(),
    }
}

fn toc(metadata: &PageMetadata) -> Vec<HeadingView> {
    let mut stack: Vec<HeadingView> = vec![];
    let mut roots = vec![];
    for heading in &metadata.headings {
        while stack.last().is_some_and(|open| open.level >= heading.level) {
            close(&mut stack, &mut roots);
        }
        let (level, id, title) = (heading.level, heading.id.clone(), heading.html.clone());
        stack.push(HeadingView { level, id, title, children: Vec::new() });
    }
    while !stack.is_empty() {
        close(&mut stack, &mut roots);
    }
    roots
}

fn close(stack: &mut Vec<HeadingView>, roots: &mut Vec<HeadingView>) {
    if let Some(done) = stack.pop() {
        stack.last_mut().map_or(roots, |open| &mut open.children).push(done);
    }
}
