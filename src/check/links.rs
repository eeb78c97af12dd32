//! Links and pictures of content files lead somewhere.

use crate::diag::{Diagnostic, Diagnostics};
use crate::parse::{Link, PageMetadata};
use crate::site::{Hidden, Page, Site, Target};
use crate::source::Span;

/// Checks the picture of the whole site.
pub(super) fn check_site(site: &Site, problems: &mut Diagnostics) {
    if let Some(image) = site.config.image.as_ref().filter(|_| site.picture().is_none()) {
        let message = format!("the picture `{}` is not in `static`", image.as_str());
        problems.push(Diagnostic::new("broken-link", site.config.places.span(image.node), message));
    }
}

/// Checks every link and picture of a page.
pub(super) fn check(site: &Site, page: &Page, problems: &mut Diagnostics) {
    for link in &page.metadata.links {
        let found = problem(site, &page.metadata, &link.target, link.image, &link.span);
        problems.extend(found.filter(|_| is_link_told(site, &page.metadata, link)));
    }
    if let Some(image) = &page.metadata.front.image {
        problems.extend(problem(site, &page.metadata, image, true, &page.metadata.front_span("image")));
    }
}

/// Whether a link that does not exist is told of, by its rule or with what makes it so. One in HTML may lead to an output
/// file or to what a template makes: of those the rendered page tells.
pub fn is_link_told(site: &Site, metadata: &PageMetadata, link: &Link) -> bool {
    match site.resolve(&metadata.path, &link.target) {
        Target::Nothing(_) | Target::NoAnchor { .. } => !link.raw,
        Target::Hidden(_) | Target::Refused => true,
        Target::External(_) | Target::Page(..) | Target::Here(_) | Target::File(..) => false,
    }
}

fn problem(site: &Site, metadata: &PageMetadata, target: &str, image: bool, at: &Span) -> Option<Diagnostic> {
    if names_lost_record(site, target) {
        return None;
    }
    let what = if image { "picture" } else { "link" };
    match site.resolve(&metadata.path, target) {
        Target::Nothing(near) => {
            let message = format!("the {what} `{target}` does not exist");
            let found = Diagnostic::new("broken-link", at.clone(), message);
            Some(match near {
                Some(near) => found.hint(format!("did you mean `{near}`?")),
                None => found.hint("links name files, from the page: `cloud.md#azure`, `../images/map.png`"),
            })
        }
        Target::NoAnchor { page, anchor, near, .. } => {
            let message = format!("`{}` has no anchor `#{anchor}`", site.page(page).file());
            let found = Diagnostic::new("broken-anchor", at.clone(), message);
            Some(match near {
                Some(near) => found.hint(format!("did you mean `#{near}`?")),
                None => found.hint("headings have anchors; `## Words {#name}` sets one"),
            })
        }
        Target::Hidden(why) => {
            let why = match why {
                Hidden::Draft => "a draft",
                Hidden::Future => "dated in the future",
                Hidden::Expired => "expired",
            };
            let message = format!("the link `{target}` leads to a page that is {why}");
            let found = Diagnostic::new("hidden-link", at.clone(), message);
            Some(found.hint("publish that page too, remove the link, or preview with `--drafts`"))
        }
        // That a file is refused was told.
        Target::Refused | Target::External(_) | Target::Page(..) | Target::Here(_) | Target::File(..) => None,
    }
}

/// Whether a link leads to where a record that could not be read would stand: that was told.
fn names_lost_record(site: &Site, target: &str) -> bool {
    if site.ledger.is_whole() {
        return false;
    }
    let anchor = target.split_once('#').map(|(_, anchor)| anchor);
    let source = target.strip_suffix(".md").and_then(|path| path.rsplit_once("sources/")).map(|(_, id)| id);
    anchor.or(source).is_some_and(|id| site.ledger.may_hold(id))
}
