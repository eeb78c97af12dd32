//! The answers of a page name disagreements that there are.

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::RecordKind;
use crate::site::{Page, Site};
use crate::source::Span;

pub(super) fn check(site: &Site, page: &Page, problems: &mut Diagnostics) {
    for id in page.metadata.front.answers.iter().filter_map(|found| found.disagreement.as_ref()) {
        if site.ledger.disagreement(&id.text).is_some() || site.ledger.may_hold(&id.text) {
            continue;
        }
        let message = format!("there is no disagreement `{}`", id.text.escape_debug());
        let found = Diagnostic::new("unknown-reference", Span::new(&page.metadata.path, id.at.clone()), message);
        problems.push(match site.ledger.nearest(RecordKind::Disagreement, &id.text) {
            Some(near) => found.hint(format!("did you mean `{near}`?")),
            None => found.hint("name a disagreement of `content/evidence/disagreements.yaml` by its id"),
        });
    }
}
