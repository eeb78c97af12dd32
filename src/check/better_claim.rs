//! A sentence cites the claim that says it, where there is one.

use rustc_hash::FxHashMap;

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::Ledger;
use crate::evidence::reading::Senses;
use crate::parse::PageMetadata;

use super::clauses::Clause;

/// How many stems of a clause another claim must have that those cited do not.
const MORE: usize = 2;

/// What says nothing of what a clause is about.
const IDLE: Senses = Senses::EMPTY.and(Senses::REPORT).and(Senses::ARTICLE).and(Senses::HEDGE);

pub(super) fn check(ledger: &Ledger, _: &PageMetadata, clauses: &[Clause<'_>], problems: &mut Diagnostics) {
    for clause in clauses.iter().filter(|clause| clause.is_own() && !clause.asks()) {
        let mut stems: Vec<u64> = clause
            .words
            .iter()
            .filter(|word| !word.senses.says(IDLE) && !word.is_figure)
            .map(|word| word.stem)
            .collect();
        stems.sort_unstable();
        stems.dedup();
        let missing: Vec<u64> = stems.iter().filter(|stem| !clause.basis.has_stem(ledger, **stem)).copied().collect();
        if missing.len() < MORE {
            continue;
        }
        let mut shared: FxHashMap<u32, usize> = FxHashMap::default();
        for stem in &missing {
            for claim in ledger.claims_with(*stem) {
                *shared.entry(*claim).or_default() += 1;
            }
        }
        // Of those that have as many the first by id: their order in the files is no matter of this page.
        let best = shared.into_iter().max_by(|(one, shares), (other, more)| {
            shares.cmp(more).then_with(|| ledger.claim_id(*other).cmp(ledger.claim_id(*one)))
        });
        let Some((best, count)) = best.filter(|(_, count)| *count >= MORE) else { continue };
        let states = |stem: &u64| {
            ledger.reading(best as usize).is_some_and(|claim| claim.words.iter().any(|word| word.stem == *stem))
        };
        let all = stems.iter().filter(|stem| states(stem)).count();
        let own = stems.len() - missing.len();
        // What is cited carries less than half of it, and the other claim most.
        let most = if count > MORE { all * 2 >= stems.len() } else { all * 4 >= stems.len() * 3 };
        if all < own + MORE || own * 2 > stems.len() || !most || count * 4 < missing.len() * 3 {
            continue;
        }
        let Some(claim) = ledger.claims.get(best as usize) else { continue };
        let message = format!("`{}` says this, and is not cited for it", claim.id.as_str());
        let mut found = Diagnostic::new("other-claim-fits", clause.span(), message)
            .hint(format!("cite [@{}], or both", claim.id.as_str()));
        found.labels.extend(ledger.span(&claim.statement).map(|span| (span, "what the claim says".to_owned())));
        problems.push(found);
    }
}
