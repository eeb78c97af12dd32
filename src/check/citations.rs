//! Every citation names a claim or a source.

use crate::diag::{Diagnostic, Diagnostics, did_you_mean};
use crate::evidence::RecordKind;
use crate::parse::Citation;
use crate::site::{Page, Site};

pub(super) fn check(site: &Site, page: &Page, problems: &mut Diagnostics) {
    for citation in &page.metadata.citations {
        let key = citation.key.as_str();
        let ledger = &site.ledger;
        if ledger.claim(key).is_some() || ledger.source(key).is_some() || ledger.may_hold(key) {
            continue;
        }
        let message = format!("`{key}` is neither a claim nor a source");
        problems.push(Diagnostic::new("unknown-citation", citation.span.clone(), message).hint(hint(site, key)));
    }
    for Citation { key, span, .. } in &page.metadata.linked_keys {
        if site.ledger.claim(key).is_some() || site.ledger.source(key).is_some() {
            let message = format!("`[@{key}]` cites nothing here: a link definition of that name makes a link of it");
            let hint = format!("give the definition `[@{key}]:` a name without `@`");
            problems.push(Diagnostic::new("citation-syntax", span.clone(), message).hint(hint));
        }
    }
}

/// What was probably meant: another kind of record, a page, or a key that is written almost so.
fn hint(site: &Site, key: &str) -> String {
    let ledger = &site.ledger;
    if let Some(event) = ledger.event(key) {
        let claims: Vec<String> = event.claims.iter().map(|claim| format!("@{}", claim.as_str())).collect();
        return format!("this is an event; cite the claims it rests on: [{}]", claims.join("; "));
    }
    if ledger.disagreement(key).is_some() {
        return format!("this is a disagreement; show it with a fence ```{{disagreement}} disagreement={key}");
    }
    if let Some(entity) = ledger.entity(key) {
        return format!("this is an entity, {}; cite a claim about it", entity.name.as_str());
    }
    let file = format!("{}.md", key.trim_end_matches(".md"));
    if site.find_content(&file).is_some() {
        return format!("pages are linked, not cited: [words]({file})");
    }
    let near = [RecordKind::Claim, RecordKind::Source].into_iter().filter_map(|kind| ledger.nearest(kind, key));
    match did_you_mean(key, near) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "record the claim below `content/evidence/claims`, or cite an existing one".to_owned(),
    }
}
