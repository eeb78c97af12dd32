//! The wrong spellings found in sources are not taken over.

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::{AnyRecord, Entity, Ledger};
use crate::parse::{PageMetadata, Prose};
use crate::source::Span;

use super::records;

pub(super) fn check(ledger: &Ledger, metadata: &PageMetadata, prose: &Prose, problems: &mut Diagnostics) {
    if ledger.misspellings().is_empty() {
        return;
    }
    for sentence in prose.sentences() {
        search(ledger, sentence.text, &|at, length| Some(sentence.place(&(at..at + length))), problems);
    }
    if let Some(title) = &metadata.front.title {
        search(ledger, title, &|_, _| Some(metadata.front_span("title")), problems);
    }
}

/// The records tell of a misspelling only where they list it, or in quotation marks.
pub(super) fn check_record(ledger: &Ledger, record: AnyRecord<'_>, problems: &mut Diagnostics) {
    if ledger.misspellings().is_empty() {
        return;
    }
    for text in records::texts(record) {
        // Where a text stands is found out only for what is wrong: it takes another reading of the file.
        search(ledger, text, &|_, _| ledger.span(text), problems);
    }
}

fn search(ledger: &Ledger, text: &str, place: &dyn Fn(usize, usize) -> Option<Span>, problems: &mut Diagnostics) {
    for (at, spelling, entity) in ledger.misspellings().find(text) {
        if is_quoted(text, at) || has_right_name(text, entity) {
            continue;
        }
        let message = format!("`{spelling}` is a misspelling of {}", entity.name.as_str());
        let mut found = Diagnostic::new("misspelt-name", place(at, spelling.len()), message)
            .hint(format!("write {}, or put the wrong spelling in quotation marks", entity.name.as_str()));
        found.labels.extend(ledger.span(&entity.id).map(|span| (span, "recorded here".to_owned())));
        problems.push(found);
    }
}

/// Whether byte `at` is within quotation marks; a quotation of more than 2,000 bytes is not looked for.
pub(super) fn is_quoted(text: &str, at: usize) -> bool {
    let from = (at.saturating_sub(2_000)..=at).find(|from| text.is_char_boundary(*from)).unwrap_or(at);
    let before = text.get(from..at).unwrap_or_default();
    let (opened, closed) = (before.matches('“').count(), before.matches('”').count());
    opened > closed || before.matches('"').count() % 2 == 1
}

fn has_right_name(text: &str, entity: &Entity) -> bool {
    let names = std::iter::once(entity.name.as_str()).chain(entity.aliases.iter().map(|alias| &**alias));
    let mut names = names.filter(|name| !name.is_empty());
    names.any(|name| text.contains(name))
}
