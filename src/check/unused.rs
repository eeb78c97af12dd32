//! Every source, claim and entity is there for something.

use rustc_hash::FxHashSet;

use crate::data::Spanned;
use crate::diag::{Diagnostic, Diagnostics};
use crate::site::Site;

pub(super) fn check(site: &Site, problems: &mut Diagnostics) {
    let ledger = &site.ledger;
    // A record that could not be read may be what uses another.
    if !ledger.is_whole() {
        return;
    }
    let mut used = Used { ids: FxHashSet::default(), named: None };
    for event in &ledger.events {
        used.add(&event.claims);
    }
    for brought in &ledger.contributions {
        used.add(&brought.claims);
        used.ids.insert(brought.party.as_str());
    }
    for reading in ledger.disagreements.iter().flat_map(|found| &found.readings) {
        used.add(&reading.claims);
        used.add(&reading.sources);
    }
    for source in &ledger.sources {
        used.add(&source.draws_on);
    }
    for claim in &ledger.claims {
        used.add(&claim.entities);
        for support in &claim.sources {
            used.ids.insert(support.source.as_str());
            used.add(&support.draws_on);
        }
        if let Some(inferred) = &claim.inferred {
            used.add(&inferred.from);
        }
    }
    let mut tell = |code, id: &Spanned<String>, what: &str, hint: &str| {
        let message = format!("the {what} `{}` is used nowhere", id.as_str());
        problems.push(Diagnostic::new(code, ledger.span(id), message).hint(hint));
    };
    for claim in ledger.claims.iter().filter(|claim| !used.has(site, &claim.id)) {
        tell("unused-claim", &claim.id, "claim", "cite it, use it in an event, or remove it");
    }
    for source in ledger.sources.iter().filter(|source| !used.has(site, &source.id)) {
        tell("unused-source", &source.id, "source", "record what it says, or remove it");
    }
    for entity in ledger.entities.iter().filter(|entity| !used.has(site, &entity.id)) {
        tell("unused-entity", &entity.id, "entity", "name it under `entities` of the claims about it, or remove it");
    }
}

/// What is used, by id: claims, sources and entities have ids of their own kinds, but a record of one kind that shares its
/// id with another is rare, and then both count as used.
struct Used<'a> {
    ids: FxHashSet<&'a str>,
    /// What components and links of pages name, found out only if something is not used otherwise.
    named: Option<FxHashSet<&'a str>>,
}

impl<'a> Used<'a> {
    fn add(&mut self, ids: &'a [Spanned<String>]) {
        self.ids.extend(ids.iter().map(|id| id.as_str()));
    }

    fn has(&mut self, site: &'a Site, id: &str) -> bool {
        if self.ids.contains(id) || !site.cited_on(id).is_empty() {
            return true;
        }
        self.named.get_or_insert_with(|| named(site)).contains(id)
    }
}

fn named(site: &Site) -> FxHashSet<&str> {
    let mut named = FxHashSet::default();
    for metadata in site.pages.iter().map(|page| &page.metadata) {
        named.extend(metadata.calls.iter().flat_map(|call| call.args.iter().map(|(_, value, _)| value.as_str())));
        named.extend(metadata.links.iter().filter_map(|link| link.target.split_once('#')).map(|(_, anchor)| anchor));
        let sources = metadata.links.iter().filter_map(|link| link.target.strip_suffix(".md")?.rsplit_once("sources/"));
        named.extend(sources.filter_map(|(_, slug)| site.ledger.source_by_slug(slug)).map(|source| source.id.as_str()));
    }
    named
}
