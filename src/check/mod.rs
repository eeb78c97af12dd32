//! What the checks demand of a linked site, one rule a file.

mod links;

use crate::diag::Diagnostics;
use crate::parse::Prose;
use crate::site::{Page, Site};

/// Runs every rule that looks at a page's card: at its links, its citations, its front matter. What it finds may depend
/// on the ledger and the configuration, and, of other pages, on where they are and what anchors they have: the server
/// asks again where one of those has changed.
pub fn page(site: &Site, page: &Page, problems: &mut Diagnostics) {
    links::check(site, page, problems);
}

/// Runs every rule that reads a page's prose. Of the site these look at nothing but the page's own card, the ledger and
/// the configuration: the server asks again only where one of those or the prose has changed.
pub fn prose(site: &Site, page: &Page, prose: &Prose, problems: &mut Diagnostics) {
    let _ = (site, page, prose, problems);
}

/// Runs every rule that looks at the whole. It sees cards, never prose, and runs after every change: it must be quick.
pub fn site(site: &Site, problems: &mut Diagnostics) {
    links::check_site(site, problems);
}
