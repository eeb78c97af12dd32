//! Two claims in almost the same words that differ in a figure, a negation or the like need a disagreement.

use rayon::prelude::*;

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::figures::{Value, figures};
use crate::evidence::reading::{ClaimReading, Senses};
use crate::evidence::{Claim, Ledger};

use super::opposed::{negations, opposite};

pub(super) fn check(ledger: &Ledger, problems: &mut Diagnostics) {
    let keys_of = |number: usize| {
        let keys = ledger.reading(number).map(keys).unwrap_or_default();
        keys.into_iter().map(move |key| (key, number))
    };
    // Two texts that share all but one word of content have a key in common.
    let mut keyed: Vec<(u64, usize)> = (0..ledger.claims.len()).into_par_iter().flat_map_iter(keys_of).collect();
    keyed.par_sort_unstable();
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for group in keyed.chunk_by(|(one, _), (other, _)| one == other).filter(|group| group.len() <= LIMIT) {
        for (at, (_, one)) in group.iter().enumerate() {
            pairs.extend(group.iter().skip(at + 1).map(|(_, other)| (*one, *other)));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    problems.extend(pairs.into_iter().filter_map(|(one, other)| judge(ledger, one, other)));
}

/// Claims in larger groups are alike by what they are about, such as the rows of a table.
const LIMIT: usize = 16;

/// The stems with content and without figures, and the hashes of all of them but one.
fn keys(reading: &ClaimReading) -> Vec<u64> {
    let stems = core(reading);
    let sum = |skip: usize| {
        let rest = stems.iter().enumerate().filter(|(at, _)| *at != skip).map(|(_, stem)| *stem);
        rest.fold(0_u64, |sum, stem| sum.wrapping_add(stem.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    };
    if !(3..=24).contains(&stems.len()) {
        return Vec::new();
    }
    (0..=stems.len()).map(sum).collect()
}

fn core(reading: &ClaimReading) -> Vec<u64> {
    let ordinary =
        reading.words.iter().filter(|word| !word.senses.says(Senses::EMPTY.and(Senses::HEDGE).and(Senses::UNIVERSAL)));
    let mut stems: Vec<u64> = ordinary.filter(|word| !word.is_figure).map(|word| word.stem).collect();
    stems.sort_unstable();
    stems.dedup();
    stems
}

fn judge(ledger: &Ledger, one: usize, other: usize) -> Option<Diagnostic> {
    let (first, second) = (ledger.claims.get(one)?, ledger.claims.get(other)?);
    let (read, again) = (ledger.reading(one)?, ledger.reading(other)?);
    let joined = ledger.disagreements_of_claim(&first.id).any(|found| names(found, first) && names(found, second));
    let ordered = |claim: &Claim, id: &str| claim.after.iter().chain(&claim.before).any(|other| other.as_str() == id);
    if joined || ordered(first, &second.id) || ordered(second, &first.id) {
        return None;
    }
    let values = |claim: &Claim| -> Vec<Value> {
        figures(&claim.statement, ledger.masks()).into_iter().map(|figure| figure.value).collect()
    };
    let (mine, yours) = (values(first), values(second));
    let figures_differ = mine.len() == yours.len() && mine != yours && core(read) == core(again);
    let negated =
        negations(&first.statement, &read.words).len() % 2 != negations(&second.statement, &again.words).len() % 2;
    let opposed = opposite(&first.statement, &read.words, &second.statement, again).is_some();
    let same_subject = mine == yours || mine.is_empty() || yours.is_empty();
    let why = if figures_differ {
        "but for a figure"
    } else if negated && same_subject {
        "but for a denial"
    } else if opposed && same_subject {
        "but for a word that means the opposite"
    } else {
        return None;
    };
    let message = format!("`{}` says what `{}` says, {why}", second.id.as_str(), first.id.as_str());
    let mut found = Diagnostic::new("conflicting-claims", ledger.span(&second.statement), message)
        .hint("record a disagreement with both as readings, or correct one of them");
    found.labels.extend(ledger.span(&first.statement).map(|span| (span, "the other claim".to_owned())));
    Some(found)
}

fn names(found: &crate::evidence::Disagreement, claim: &Claim) -> bool {
    found.readings.iter().flat_map(|reading| &reading.claims).any(|id| id.as_str() == claim.id.as_str())
}
