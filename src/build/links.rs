//! Every address in the rendered pages, checked against what was written: what templates write is checked too.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use lol_html::html_content::Element;
use lol_html::{HtmlRewriter, Settings, element};
use rustc_hash::FxHashMap;

use crate::diag::{Diagnostic, Diagnostics, did_you_mean};
use crate::render::base_path;
use crate::site::{Page, Site, decode, has_scheme};
use crate::source::{Outputs, SitePath, Span};

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
        let found = RefCell::new(Self::default());
        {
            let handler = element!("[id], [href], [src], [srcset], [poster]", |element| {
                found.borrow_mut().note(element);
                Ok(())
            });
            let settings = Settings::new().append_element_content_handler(handler);
            let mut reader = HtmlRewriter::new(settings, |_: &[u8]| {});
            let _ = reader.write(html).and_then(|()| reader.end());
        }
        found.into_inner()
    }

    fn note(&mut self, element: &Element<'_, '_>) {
        if let Some(id) = element.get_attribute("id") {
            let id = unescape(&id).into_owned();
            if !self.ids.insert(id.clone()) {
                self.twice.insert(id);
            }
        }
        for name in ["href", "src", "poster"] {
            if let Some(address) = element.get_attribute(name) {
                self.address(&unescape(&address));
            }
        }
        for part in element.get_attribute("srcset").unwrap_or_default().split(',') {
            if let Some(address) = part.split_whitespace().next() {
                self.address(&unescape(address));
            }
        }
    }

    fn address(&mut self, address: &str) {
        if !has_scheme(address) && !address.starts_with("//") && !self.addresses.contains(address) {
            self.addresses.insert(address.to_owned());
        }
    }
}

/// Undoes the escapes that templates and bodies write.
fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return text.into();
    }
    let pairs = [("&quot;", "\""), ("&#x27;", "'"), ("&#39;", "'"), ("&#x2F;", "/"), ("&lt;", "<"), ("&gt;", ">")];
    let text = pairs.iter().fold(text.to_owned(), |text, (escape, char)| text.replace(escape, char));
    text.replace("&amp;", "&").into()
}

/// Checks every address of every page.
pub(super) fn check_links(
    site: &Site,
    outputs: &Outputs,
    links: &BTreeMap<SitePath, OutputLinks>,
    problems: &mut Diagnostics,
) {
    let made_from: FxHashMap<&SitePath, &Page> = site.pages.iter().map(|page| (&page.output, page)).collect();
    for (path, found) in links {
        let Some(page) = made_from.get(path) else { continue };
        let at = || Span::file(&page.card.path);
        for id in &found.twice {
            problems.push(Diagnostic::new(
                "duplicate-output-id",
                at(),
                format!("the id `{id}` stands twice in `{path}`"),
            ));
        }
        for address in &found.addresses {
            let Some(message) = broken(path, address, site, outputs, links) else { continue };
            let mut hint = format!("it stands in what `templates/{}` or a component makes of this page", page.template);
            if let Some(near) = did_you_mean(address, outputs.keys().map(SitePath::as_str)) {
                hint.push_str(&format!("; did you mean `{near}`?"));
            }
            problems.push(Diagnostic::new("broken-output-link", at(), message).hint(hint));
        }
    }
}

/// What is wrong with an address on a page.
fn broken(
    from: &SitePath,
    address: &str,
    site: &Site,
    outputs: &Outputs,
    links: &BTreeMap<SitePath, OutputLinks>,
) -> Option<String> {
    let (path, fragment) = address.split_once('#').map_or((address, ""), |(path, fragment)| (path, fragment));
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    let target = if path.is_empty() { Some(from.clone()) } else { target(from, path, site) };
    let Some(target) = target else { return Some(format!("`{address}` leads out of the site")) };
    if !outputs.contains_key(&target) {
        return Some(format!("`{address}` leads to `{target}`, which is not there"));
    }
    let fragment = decode(fragment).unwrap_or_default();
    let ids = &links.get(&target)?.ids;
    let missing = !fragment.is_empty() && fragment != "top" && !ids.contains(&fragment);
    missing.then(|| format!("`{address}` leads to `#{fragment}`, which `{target}` does not have"))
}

/// The output file that an address on a page leads to.
fn target(from: &SitePath, path: &str, site: &Site) -> Option<SitePath> {
    let base = site.config.base_url().map_or("/", base_path);
    let decoded = decode(path)?;
    let below = match decoded.strip_prefix(base).or_else(|| decoded.strip_prefix('/')) {
        Some(rooted) => rooted.to_owned(),
        None if from.folder().is_empty() => decoded.clone(),
        None => format!("{}/{decoded}", from.folder()),
    };
    let is_folder = below.is_empty() || decoded.ends_with('/') || decoded.ends_with("..") || decoded == ".";
    SitePath::new(&if is_folder { format!("{below}/index.html").trim_start_matches('/').to_owned() } else { below })
        .ok()
}
