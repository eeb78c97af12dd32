//! The answers of a page name disagreements that there are, and its corrections claims.

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::RecordKind;
use crate::parse::Placed;
use crate::site::{Page, Site};
use crate::source::Span;

pub(super) fn check(site: &Site, page: &Page, problems: &mut Diagnostics) {
    let (ledger, front) = (&site.ledger, &page.metadata.front);
    let mut unknown = |id: &Placed, kind, what: &str, hint: &str| {
        let message = format!("there is no {what} `{}`", id.text.escape_debug());
        let found = Diagnostic::new("unknown-reference", Span::new(&page.metadata.path, id.at.clone()), message);
        problems.push(match ledger.nearest(kind, &id.text) {
            Some(near) => found.hint(format!("did you mean `{near}`?")),
            None => found.hint(hint),
        });
    };
    for id in front.answers.iter().filter_map(|found| found.disagreement.as_ref()) {
        if ledger.disagreement(&id.text).is_none() && !ledger.may_hold(&id.text) {
            let hint = "name a disagreement of `content/evidence/disagreements.yaml` by its id";
            unknown(id, RecordKind::Disagreement, "disagreement", hint);
        }
    }
    for id in front.corrections.iter().flat_map(|correction| &correction.claims) {
        if ledger.claim(&id.text).is_none() && !ledger.may_hold(&id.text) {
            unknown(id, RecordKind::Claim, "claim", "name a claim of `content/evidence/claims` by its id");
        }
    }
}
