//! Days exist, and fall on the weekday that stands before them.

use std::ops::Range;

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::figures::{Figure, Value, figures, may_name_day};
use crate::evidence::{AnyRecord, Ledger};
use crate::parse::{PageMetadata, Prose};

use super::names::is_quoted;
use super::records;

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

pub(super) fn check(ledger: &Ledger, _: &PageMetadata, prose: &Prose, problems: &mut Diagnostics) {
    let digits = prose.mark_bytes(|byte| byte.is_ascii_digit());
    // No day is told of without one.
    for sentence in prose.sentences().filter(|sentence| sentence.is_marked(&digits)) {
        for (part, found) in faults(sentence.text, ledger).into_iter().filter(|(part, _)| !sentence.is_code(part)) {
            problems.push(Diagnostic { at: Some(sentence.place(&part)), ..found });
        }
    }
}

pub(super) fn check_record(ledger: &Ledger, record: AnyRecord<'_>, problems: &mut Diagnostics) {
    for text in records::texts(record) {
        for (_, found) in faults(text, ledger) {
            problems.push(Diagnostic { at: ledger.span(text), ..found });
        }
    }
}

/// Words of a sentence that says itself that a day does not exist.
const DENIALS: [&str; 16] = [
    "invalid",
    "impossible",
    "nonexistent",
    "non-existent",
    "not exist",
    "never existed",
    "no such",
    "no day",
    "no date",
    "not a day",
    "not a date",
    "no calendar",
    "wrong",
    "mistake",
    "misprint",
    "reject",
];

fn is_denied(text: &str) -> bool {
    let lower = text.to_lowercase();
    DENIALS.iter().any(|denial| lower.contains(denial))
}

fn faults(text: &str, ledger: &Ledger) -> Vec<(Range<usize>, Diagnostic)> {
    // Most sentences tell of no day.
    if !may_name_day(text) {
        return Vec::new();
    }
    let said = figures(text, ledger.masks());
    let words = |figure: &Figure| text.get(figure.range.clone()).unwrap_or_default();
    let mut faults = Vec::new();
    for (index, figure) in said.iter().enumerate() {
        let Value::Date(date) = &figure.value else { continue };
        if date.is_impossible() && !is_denied(text) && !is_quoted(text, figure.range.start) {
            let message = format!("the day {} does not exist", words(figure));
            let found = Diagnostic::new("impossible-day", None, message).hint("check the date in the source");
            faults.push((figure.range.clone(), found));
        }
        let before = index.checked_sub(1).and_then(|before| said.get(before));
        let Some((Figure { value: Value::Weekday(weekday), range }, day)) = before.zip(date.date()) else { continue };
        let between = text.get(range.end..figure.range.start).unwrap_or_default();
        let is = day.weekday().to_monday_zero_offset().unsigned_abs();
        if !matches!(between.trim(), "" | "," | "the") || is == *weekday {
            continue;
        }
        let name = WEEKDAYS.get(usize::from(is)).copied().unwrap_or_default();
        let said = text.get(range.clone()).unwrap_or_default();
        let message = format!("{} was a {name}, not a {said}", words(figure));
        let found = Diagnostic::new("wrong-weekday", None, message).hint("one of the two is wrong; check the source");
        faults.push((range.clone(), found));
    }
    faults
}
