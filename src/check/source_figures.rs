//! What a claim says in digits, its sources say at the lines that it cites.

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::figures::{Calendar, SupportedFigures, Value, Verdict, figures};
use crate::evidence::{Claim, Ledger};

use super::pointers::points_at;
use super::verified::{Why, reason};
use super::{Archive, listed, quotes};

pub(super) fn check(ledger: &Ledger, archive: &Archive, problems: &mut Diagnostics) {
    // What was inferred stands in no source, and what a reader counted may not either.
    for claim in ledger.claims.iter().filter(|claim| claim.inferred.is_none()) {
        let Some(mut carried) = carried(ledger, archive, claim) else { continue };
        // How a date is known that no source prints, its basis says.
        if let Some(date) = claim.date.as_ref().filter(|_| claim.date_basis.is_some()) {
            carried.add_when(date);
        }
        let said = figures(&claim.statement, ledger.masks());
        let pointed = |value: &Value| matches!(value, Value::Date(date) if is_pointed_at(ledger, archive, claim, date));
        let mut told = false;
        for figure in &said {
            let words = claim.statement.get(figure.range.clone()).unwrap_or_default();
            let counted = figure.is_counted_in_words(&claim.statement);
            let is_there = || carried.verdict(&figure.value, &said) == Verdict::Supported || pointed(&figure.value);
            if !counted && !is_there() {
                problems.push(problem(ledger, claim, words, &carried.instead_of(&figure.value)));
                told = true;
            }
        }
        let Some(date) = &claim.date else { continue };
        // The statement mostly has the same date.
        if !told && !carried.missing(date).all(|date| is_pointed_at(ledger, archive, claim, &date)) {
            let dates = carried.instead_of(&Value::Date(Calendar::default()));
            let mut found = problem(ledger, claim, &date.text(), &dates);
            found.at = ledger.span(date);
            problems.push(found);
        }
    }
}

/// What the cited lines carry; `None` where some cannot be read.
fn carried(ledger: &Ledger, archive: &Archive, claim: &Claim) -> Option<SupportedFigures> {
    let mut carried = SupportedFigures::default();
    for support in &claim.sources {
        let text = archive.text(&support.source)?;
        let lines = quotes::lines(archive, support);
        if reason(ledger, archive, &support.source, &lines).is_some_and(|why| why != Why::Changed) {
            return None;
        }
        for (first, last) in &lines.0 {
            if let Some((passage, cited)) = text.passage(*first, *last) {
                carried.add_part(passage, &cited, ledger.masks());
            }
        }
    }
    (!claim.sources.is_empty()).then_some(carried)
}

/// Whether some cited line points at a date without repeating it.
fn is_pointed_at(ledger: &Ledger, archive: &Archive, claim: &Claim, date: &Calendar) -> bool {
    claim.sources.iter().any(|support| {
        let (Some(source), Some(text)) = (ledger.source(&support.source), archive.text(&support.source)) else {
            return false;
        };
        let lines = quotes::lines(archive, support);
        let passages = lines.0.iter().filter_map(|(first, last)| text.passage(*first, *last));
        let mut cited = passages.filter_map(|(passage, cited)| passage.get(cited));
        cited.any(|passage| points_at(passage, source, text, ledger.masks(), date))
    })
}

fn problem(ledger: &Ledger, claim: &Claim, words: &str, instead: &[&str]) -> Diagnostic {
    let message = match instead {
        [] => format!("`{}` says {words}, but the lines that it cites do not", claim.id.as_str()),
        few => format!("`{}` says {words}, but the lines that it cites say {}", claim.id.as_str(), listed(few, "and")),
    };
    Diagnostic::new("figure-not-in-source", ledger.span(&claim.statement), message)
        .hint("correct it, cite the line that says so, or explain in `date_basis` or `note` how it is known")
}
