//! Every address in the rendered pages, checked against what was written: what templates write is checked too.
//!
//! A page is read once, right after it was rendered, and of what it names only hashes are kept: words of 64 bits, of
//! which a site would need billions before two are likely to be the same. Where something is wrong the page is made
//! again, to say what.

use std::borrow::{Borrow, Cow};
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::hash::Hasher;

use memchr::memchr;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use crate::check::is_link_told;
use crate::diag::{Diagnostic, Diagnostics};
use crate::parse::{Link, attributes, candidates, unescape};
use crate::render::{PlainAddresses, Renderer, base_path};
use crate::site::{Page, PageId, Site, decode, has_scheme, split_directive};
use crate::source::{Decoder, Encoder, SitePath, Span};

/// What a rendered page names, and what it can be named by.
#[derive(Debug, Default)]
pub struct OutputLinks {
    /// Every `id`.
    pub ids: BTreeSet<String>,
    /// Every address within the site, as it is written.
    pub addresses: BTreeSet<String>,
    /// Ids that stand twice.
    pub twice: BTreeSet<String>,
}

impl OutputLinks {
    /// Reads a page of ours; where its markup cannot be read to the end, what was found before counts.
    pub fn read(html: &[u8]) -> Self {
        let mut found = Self::default();
        each(&String::from_utf8_lossy(html), None, |place| match place {
            Place::Id(id) => {
                if !found.ids.insert(id.to_owned()) {
                    found.twice.insert(id.to_owned());
                }
            }
            Place::Address(address) => _ = found.addresses.insert(address.to_owned()),
        });
        found
    }
}

/// What an attribute says.
enum Place<'h> {
    Id(&'h str),
    Address(&'h str),
}

/// Tells `note` every id and every address within the site; of a part that is noted, what is noted of it.
fn each(html: &str, noted: Option<&PlainAddresses>, mut note: impl FnMut(Place<'_>)) {
    let inside = |address: &&str| !has_scheme(address) && !address.starts_with("//");
    let skipped = attributes(html, noted.map(|noted| &noted.range), |name, value| {
        let value = &*unescape(value);
        match name {
            "id" => note(Place::Id(value)),
            "srcset" => candidates(value).filter(inside).for_each(|address| note(Place::Address(address))),
            _ => Some(value).filter(inside).into_iter().for_each(|address| note(Place::Address(address))),
        }
    });
    if let Some(noted) = noted.filter(|_| skipped) {
        noted.ids.iter().for_each(|id| note(Place::Id(id)));
        let addresses = noted.addresses.iter().map(String::as_str).filter(inside);
        addresses.for_each(|address| note(Place::Address(address)));
    }
}

/// What of a rendered page must be known to check it and what leads to it, as words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Names {
    /// Its ids, sorted.
    ids: Vec<u64>,
    /// The output files that it names, sorted.
    targets: Vec<u64>,
    /// Places on other pages that it names: file and id.
    fragments: Vec<(u64, u64)>,
    /// Whether it is known to be wrong in itself.
    pub odd: bool,
}

/// `text` as a word.
pub(super) fn word(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

impl Names {
    /// Reads a rendered page, but for the part that is noted.
    pub fn read(path: &SitePath, html: &[u8], noted: Option<&PlainAddresses>, site: &Site) -> Self {
        let mut names = Self::default();
        let mut own = Vec::new();
        let base = base_of(site);
        let (mut last, mut plain) = (String::new(), String::new());
        // Where the paths lead that were met so far, by their words: a page names others many times.
        let mut met: FxHashMap<u64, Led<u64>> = FxHashMap::default();
        let Ok(html) = std::str::from_utf8(html) else { return Self { odd: true, ..Self::default() } };
        each(html, noted, |place| match place {
            Place::Id(id) => names.ids.push(word(id)),
            Place::Address(address) => {
                if let Some(fragment) = address.strip_prefix('#') {
                    return own.extend(id_of(fragment).map(|id| word(&id)));
                }
                // Lists name one page several times in a row.
                if address == last {
                    return;
                }
                last.clear();
                last.push_str(address);
                let (file, fragment) = parts(address);
                let lead = || word_of(path, file, base, &mut plain);
                let target = if file.is_empty() { Led::Here } else { *met.entry(word(file)).or_insert_with(lead) };
                let fragment = id_of(fragment).map(|id| word(&id));
                match target {
                    Led::Out => names.odd = true,
                    Led::Here => own.extend(fragment),
                    Led::To(target) => {
                        names.targets.push(target);
                        names.fragments.extend(fragment.map(|fragment| (target, fragment)));
                    }
                }
            }
        });
        names.ids.sort_unstable();
        names.odd |= names.ids.windows(2).any(|pair| matches!(pair, [a, b] if a == b));
        names.odd |= own.iter().any(|id| names.ids.binary_search(id).is_err());
        names.targets.sort_unstable();
        names.targets.dedup();
        names.fragments.sort_unstable();
        names.fragments.dedup();
        names.ids.shrink_to_fit();
        names.targets.shrink_to_fit();
        names.fragments.shrink_to_fit();
        names
    }

    fn has(&self, id: u64) -> bool {
        self.ids.binary_search(&id).is_ok()
    }

    /// Writes them as bytes.
    pub fn encode(&self, out: &mut Encoder) {
        out.list(self.ids.iter(), |out, id| out.word(*id));
        out.list(self.targets.iter(), |out, target| out.word(*target));
        out.list(self.fragments.iter(), |out, (target, id)| {
            out.word(*target);
            out.word(*id);
        });
        out.flag(self.odd);
    }

    /// Reads what [`Names::encode`] wrote.
    pub fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        Some(Self {
            ids: from.list(Decoder::word)?,
            targets: from.list(Decoder::word)?,
            fragments: from.list(|from| Some((from.word()?, from.word()?)))?,
            odd: from.flag()?,
        })
    }
}

/// An address without its query: the path, and the fragment, either of which may be empty.
fn parts(address: &str) -> (&str, &str) {
    let split = |text, byte| memchr(byte, str::as_bytes(text)).map(|at| text.split_at(at));
    let (path, fragment) = split(address, b'#').unwrap_or((address, ""));
    let path = split(path, b'?').map_or(path, |(path, _)| path);
    (path, fragment.strip_prefix('#').unwrap_or_default())
}

/// Where the path of an address leads.
#[derive(Clone, Copy)]
enum Led<T> {
    /// Out of the site.
    Out,
    /// To the page itself.
    Here,
    /// To another output file.
    To(T),
}

/// The output file that the path of an address on a page leads to.
fn file_of(from: &SitePath, path: &str, base: &str) -> Led<SitePath> {
    if path.is_empty() {
        return Led::Here;
    }
    match target(from, path, base) {
        None => Led::Out,
        Some(target) if target == *from => Led::Here,
        Some(target) => Led::To(target),
    }
}

/// The same as a word; `scratch` is overwritten.
fn word_of(from: &SitePath, path: &str, base: &str, scratch: &mut String) -> Led<u64> {
    match plain_target(from, path, scratch) {
        Some(target) if target == from.as_str() => Led::Here,
        Some(target) => Led::To(word(target)),
        None => match file_of(from, path, base) {
            Led::Out => Led::Out,
            Led::Here => Led::Here,
            Led::To(target) => Led::To(word(target.as_str())),
        },
    }
}

/// The output file that the path of an address leads to, where that is plain to see. Nearly all are so, and what
/// [`target`] does takes ten times as long.
fn plain_target<'s>(from: &SitePath, path: &str, scratch: &'s mut String) -> Option<&'s str> {
    if !from.resolve_plainly(path, scratch) {
        return None;
    }
    if scratch.is_empty() || scratch.ends_with('/') {
        scratch.push_str("index.html");
    }
    Some(scratch)
}

/// The id that a fragment names, where it names one.
fn id_of(fragment: &str) -> Option<Cow<'_, str>> {
    let (id, _) = split_directive(fragment);
    let id = if id.contains('%') { decode(id)?.into() } else { Cow::Borrowed(id) };
    Some(id).filter(|id| !id.is_empty() && !id.eq_ignore_ascii_case("top"))
}

/// Checks every address of every page: `names` are those of each; `make` gives the bytes of a page again. Says
/// what is wrong of so many pages at `most`, and gives all where something is.
pub(super) fn check_links<N: Borrow<Names> + Sync>(
    renderer: &Renderer,
    outputs: &[&SitePath],
    names: &FxHashMap<PageId, N>,
    make: &(dyn Fn(PageId) -> Option<Vec<u8>> + Sync),
    most: usize,
    problems: &mut Diagnostics,
) -> BTreeSet<PageId> {
    let site = renderer.site();
    let files: FxHashSet<u64> = outputs.iter().map(|path| word(path.as_str())).collect();
    let pages: FxHashMap<u64, &Names> =
        names.iter().map(|(id, names)| (word(site.page(*id).output.as_str()), names.borrow())).collect();
    // An entry of a long list is found at the address of the list too: a script leads on.
    let mut moved: FxHashSet<(u64, u64)> = FxHashSet::default();
    for (id, list) in site.long_lists() {
        let page = word(site.page(id).output.as_str());
        moved.extend(list.anchors().map(|anchor| (page, word(anchor))));
    }
    let is_wrong = |id: &PageId| {
        let Some(names) = names.get(id).map(Borrow::borrow) else { return false };
        let lost =
            |place: &(u64, u64)| pages.get(&place.0).is_some_and(|page| !page.has(place.1)) && !moved.contains(place);
        names.odd || names.targets.iter().any(|target| !files.contains(target)) || names.fragments.iter().any(lost)
    };
    let wrong: Vec<PageId> = site.ids().collect::<Vec<_>>().into_par_iter().with_min_len(64).filter(is_wrong).collect();
    let has = |target: &SitePath, id: &str| {
        let (target, id) = (word(target.as_str()), word(id));
        pages.get(&target).is_none_or(|page| page.has(id)) || moved.contains(&(target, id))
    };
    let there = There {
        base: base_of(site),
        outputs,
        names: OnceCell::new(),
        has_file: &|target| files.contains(&word(target.as_str())),
        has_id: &has,
    };
    for id in wrong.iter().take(most) {
        let Some(bytes) = make(*id) else { continue };
        report(
            &Rendered { site, page: site.page(*id), links: renderer.written_links(*id) },
            &OutputLinks::read(&bytes),
            &there,
            problems,
        );
    }
    wrong.into_iter().collect()
}

/// What an address may lead to.
struct There<'a> {
    /// The path of the site's address.
    base: &'a str,
    outputs: &'a [&'a SitePath],
    /// The names of all outputs, for suggestions.
    names: OnceCell<crate::diag::Names>,
    has_file: &'a dyn Fn(&SitePath) -> bool,
    has_id: &'a dyn Fn(&SitePath, &str) -> bool,
}

/// A page as it was rendered.
struct Rendered<'a> {
    site: &'a Site,
    page: &'a Page,
    /// Its links, each with the address that it writes.
    links: Vec<(Link, String)>,
}

/// Says what is wrong with a page, but for what its author was told of already.
fn report(rendered: &Rendered<'_>, found: &OutputLinks, there: &There<'_>, problems: &mut Diagnostics) {
    let Rendered { site, page, links } = rendered;
    let metadata = &page.metadata;
    let (at, path) = (Span::file(&metadata.path), &page.output);
    let mut own: FxHashMap<&String, usize> = FxHashMap::default();
    for id in metadata.headings.iter().map(|heading| &heading.id).chain(&metadata.anchors) {
        *own.entry(id).or_insert(0) += 1;
    }
    for id in found.twice.iter().filter(|id| own.get(id).is_none_or(|count| *count < 2)) {
        let message = format!("the id `{id}` is used twice in `{path}`");
        problems.push(Diagnostic::new("duplicate-output-id", at.clone(), message));
    }
    let mut written_as: FxHashMap<&String, Vec<&Link>> = FxHashMap::default();
    for (link, to) in links {
        written_as.entry(to).or_default().push(link);
    }
    for address in &found.addresses {
        let Some(message) = broken(path, address, there) else { continue };
        let names = there.names.get_or_init(|| there.outputs.iter().map(|path| path.as_str()).collect());
        let near = names.nearest(address);
        let near = near.map(|near| format!("did you mean `{near}`?"));
        let written = written_as.get(address).map_or(&[][..], Vec::as_slice);
        for link in written {
            if !is_link_told(site, metadata, link) {
                let found = Diagnostic::new("broken-output-link", link.span.clone(), message.as_str());
                let hint = near
                    .as_deref()
                    .unwrap_or("name a content file, a file beside it, or an output file from this page");
                problems.push(found.hint(hint));
            }
        }
        if written.is_empty() {
            let mut hint = format!("it comes from `templates/{}` or a component used on this page", page.template);
            near.into_iter().for_each(|near| hint.push_str(&format!("; {near}")));
            problems.push(Diagnostic::new("broken-output-link", at.clone(), message).hint(hint));
        }
    }
}

/// What is wrong with an address on a page.
fn broken(from: &SitePath, address: &str, there: &There<'_>) -> Option<String> {
    let (file, fragment) = parts(address);
    let other;
    let target = match file_of(from, file, there.base) {
        Led::Out => return Some(format!("`{address}` leads outside the site")),
        Led::Here => from,
        Led::To(target) => {
            other = target;
            &other
        }
    };
    if !(there.has_file)(target) {
        return Some(format!("`{address}` leads to `{target}`, which does not exist"));
    }
    let fragment = id_of(fragment).filter(|fragment| !(there.has_id)(target, fragment))?;
    Some(format!("`{address}` leads to `#{fragment}`, which `{target}` does not have"))
}

/// The path below which the site lies on its host.
fn base_of(site: &Site) -> &str {
    site.config.base_url().map_or("/", base_path)
}

/// The output file that an address on a page leads to, on a site below the path `base`.
fn target(from: &SitePath, path: &str, base: &str) -> Option<SitePath> {
    let decoded = decode(path)?;
    let below = match decoded.strip_prefix(base).or_else(|| decoded.strip_prefix('/')) {
        Some(rooted) => rooted.to_owned(),
        None if from.folder().is_empty() => decoded.clone(),
        None => format!("{}/{decoded}", from.folder()),
    };
    let is_folder = below.is_empty() || matches!(decoded.rsplit('/').next(), Some("" | "." | ".."));
    SitePath::new(&if is_folder { format!("{below}/index.html").trim_start_matches('/').to_owned() } else { below })
        .ok()
}

#[cfg(test)]
mod tests;
