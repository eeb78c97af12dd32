//! A table with a column for each source answers “yes” below those that the claims of its rows rest on.

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::Ledger;
use crate::evidence::reading::words;
use crate::parse::{BlockKind, PageMetadata};

use super::attributed::sources_of;
use super::clauses::Clause;

/// What is between the cells of a row.
const CELLS: &str = " | ";

pub(super) fn check(ledger: &Ledger, metadata: &PageMetadata, clauses: &[Clause<'_>], problems: &mut Diagnostics) {
    let mut columns: Vec<Option<u32>> = Vec::new();
    let mut number = 0;
    for clause in clauses {
        let text = clause.sentence.text;
        if std::mem::replace(&mut number, clause.number) == clause.number {
            continue;
        }
        if clause.kind != BlockKind::Row {
            let is_head = clause.kind == BlockKind::Heading && text.contains(CELLS);
            columns = if is_head { text.split(CELLS).map(|cell| source(ledger, cell)).collect() } else { Vec::new() };
            continue;
        }
        if columns.iter().flatten().nth(1).is_none()
            || clause.sentence.citations.is_empty()
            || clause.basis.cited.is_empty()
        {
            continue;
        }
        let cited = clause.sentence.citations;
        let own = sources_of(ledger, metadata, cited);
        let cells: Vec<&str> = text.split(CELLS).collect();
        // The first cell of a head may be empty, and is left out then.
        if !(columns.len()..=columns.len() + 1).contains(&cells.len()) {
            continue;
        }
        let mut end = text.len();
        for (cell, column) in cells.iter().rev().zip(columns.iter().rev()) {
            let at = end.saturating_sub(cell.len())..end;
            end = at.start.saturating_sub(CELLS.len());
            let Some(source) = column else { continue };
            let is_wrong = match cell.trim().to_lowercase().as_str() {
                "yes" | "✓" => !own.contains(source),
                "no" | "✗" => own.contains(source) && cited.len() == 1,
                _ => false,
            };
            let Some(source) = ledger.sources.get(*source as usize).filter(|_| is_wrong) else { continue };
            let rests =
                if own.iter().any(|own| ledger.sources.get(*own as usize).is_some_and(|own| own.id == source.id)) {
                    "rests"
                } else {
                    "does not rest"
                };
            let message =
                format!("“{}” is below `{}`, but what is cited {rests} on it", cell.trim(), source.id.as_str());
            problems.push(
                Diagnostic::new("wrong-source", clause.place(&at), message)
                    .hint("correct the cell, or cite the claim that has it so"),
            );
        }
    }
}

/// The source that a cell names.
fn source(ledger: &Ledger, cell: &str) -> Option<u32> {
    let mentions = ledger.source_names().mentions(cell, &words(cell), true);
    mentions.first().map(|mention| mention.source)
}
