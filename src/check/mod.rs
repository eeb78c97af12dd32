//! What the checks demand of a linked site, one rule a file.

mod links;

use rustc_hash::FxHashMap;

use crate::diag::Diagnostics;
use crate::parse::Prose;
use crate::site::Site;
use crate::source::SitePath;

/// Runs every rule.
pub fn check(site: &Site, prose: &FxHashMap<SitePath, Prose>, problems: &mut Diagnostics) {
    let _ = prose;
    links::check(site, problems);
}
