//! A claim is recorded once.

use rustc_hash::FxHashMap;

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::{Claim, Ledger};

pub(super) fn check(ledger: &Ledger, problems: &mut Diagnostics) {
    let mut first: FxHashMap<String, &Claim> = FxHashMap::default();
    for claim in &ledger.claims {
        let words = super::archive::words(&claim.statement).map(|(word, _)| word).collect::<Vec<_>>().join(" ");
        if words.is_empty() {
            continue;
        }
        let Some(other) = first.insert(words, claim) else { continue };
        let message = format!("`{}` says the same as `{}`", claim.id.as_str(), other.id.as_str());
        let mut found = Diagnostic::new("repeated-claim", ledger.span(&claim.statement), message)
            .hint("merge them into one record with the sources of both");
        found.labels.extend(ledger.span(&other.statement).map(|span| (span, "first recorded here".to_owned())));
        problems.push(found);
    }
}
