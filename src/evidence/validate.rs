//! What each record must be by itself: ids, addresses, texts, and the reasons that must be given.

use rustc_hash::FxHashMap;

use crate::data::{Spanned, is_id, is_language, to_id};
use crate::diag::{Diagnostic, Diagnostics};

use super::capped::CappedDiagnostics;
use super::{Claim, Disagreement, Ledger, Source, When};

/// Checks every record alone, and that no two have one id.
pub(super) fn check(ledger: &Ledger, diagnostics: &mut Diagnostics) {
    let mut check = Check { ledger, diagnostics: CappedDiagnostics::new(diagnostics) };
    // Claims and sources are both cited by `[@id]`, so they share one set of ids.
    check.ids(ledger.sources.iter().map(|source| &source.id).chain(ledger.claims.iter().map(|claim| &claim.id)));
    check.ids(ledger.events.iter().map(|event| &event.id));
    check.ids(ledger.disagreements.iter().map(|found| &found.id));
    check.ids(ledger.entities.iter().map(|entity| &entity.id));
    check.ids(ledger.contributions.iter().map(|contribution| &contribution.id));
    ledger.sources.iter().for_each(|source| check.source(source));
    ledger.claims.iter().for_each(|claim| check.claim(claim));
    ledger.events.iter().for_each(|event| check.basis(event.date.as_ref(), event.date_basis.as_deref()));
    ledger.disagreements.iter().for_each(|found| check.disagreement(found));
}

struct Check<'a> {
    ledger: &'a Ledger,
    diagnostics: CappedDiagnostics<'a>,
}

impl Check<'_> {
    fn tell<T>(&mut self, code: &'static str, at: &Spanned<T>, message: String, hint: impl Into<String>) {
        self.diagnostics.push(Diagnostic::new(code, self.ledger.span(at), message).hint(hint));
    }

    fn ids<'a>(&mut self, ids: impl Iterator<Item = &'a Spanned<String>>) {
        let mut first: FxHashMap<&str, &Spanned<String>> = FxHashMap::default();
        for id in ids {
            if !is_id(id) {
                let message = format!("`{}` is not a valid id", shown(id));
                self.tell(
                    "bad-id",
                    id,
                    message,
                    format!("use lower-case letters, digits and hyphens: `{}`", to_id(id)),
                );
            }
            if let Some(other) = first.get(id.as_str()) {
                let message = format!("the id `{}` is used twice", shown(id));
                let mut problem = Diagnostic::new("duplicate-id", self.ledger.span(id), message);
                problem.labels.extend(self.ledger.span(other).map(|span| (span, "first used here".to_owned())));
                self.diagnostics.push(problem.hint("rename one of the two, and update what refers to it"));
            } else {
                first.insert(id, id);
            }
        }
    }

    fn source(&mut self, source: &Source) {
        if source.title.is_none() && source.description.is_none() {
            let message = format!("the source `{}` has neither a title nor a description", shown(&source.id));
            let hint = "add its `title`, or a `description` in your own words";
            self.tell("missing-key", &source.id, message, hint);
        }
        if let Some(url) = source.url.as_ref().filter(|url| !is_web_address(url)) {
            let message = format!("`{}` is not a web address", shown(url));
            self.tell("bad-url", url, message, "write the whole address, from `https://` or `http://`");
        }
        if !is_language(&source.language) {
            let message = format!("`{}` is not a language", shown(&source.language));
            self.tell("bad-value", &source.language, message, "write a BCP 47 tag such as `en` or `zh-CN`");
        }
        let digits = |hash: &str| hash.len() == 64 && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if let Some(hash) = source.sha256.as_ref().filter(|hash| !digits(hash)) {
            let hint = "write the 64 lower-case hexadecimal digits that `sha256sum FILE` prints";
            self.tell("bad-value", hash, "this is not a SHA-256".to_owned(), hint);
        }
        self.basis(source.date.as_ref(), source.date_basis.as_deref());
    }

    fn claim(&mut self, claim: &Claim) {
        if claim.statement.trim().is_empty() {
            self.tell("bad-value", &claim.statement, "the statement is empty".to_owned(), "write what is claimed");
        }
        if claim.sources.is_empty() && claim.inferred.is_none() {
            let message = format!("the claim `{}` has no source", shown(&claim.id));
            self.tell(
                "claim-without-source",
                &claim.id,
                message,
                "name at least one source, or explain with `inferred` how it is known",
            );
        }
        if let Some(inference) = claim.inferred.as_ref().filter(|inference| inference.from.is_empty()) {
            let message = format!("the claim `{}` is inferred from nothing", shown(&claim.id));
            self.tell("claim-without-source", &inference.rule, message, "list the claims it follows from in `from`");
        }
        self.basis(claim.date.as_ref(), claim.date_basis.as_deref());
    }

    fn disagreement(&mut self, found: &Disagreement) {
        if found.readings.len() < 2 {
            let message = format!("the disagreement `{}` has fewer than two readings", shown(&found.id));
            self.tell("bad-value", &found.id, message, "list each answer as a reading");
        }
        for reading in found.readings.iter().filter(|reading| reading.claims.is_empty() && reading.sources.is_empty()) {
            let message = "this reading has no `claims` and no `sources`".to_owned();
            self.tell("bad-value", &reading.reading, message, "name the `claims` or the `sources` that support it");
        }
    }

    /// A doubtful or approximate date is ours, so we say how we came to it.
    fn basis(&mut self, date: Option<&Spanned<When>>, basis: Option<&String>) {
        let given = basis.is_some_and(|basis| !basis.trim().is_empty());
        if let Some(date) = date.filter(|date| (date.is_uncertain() || date.is_approximate()) && !given) {
            let message = format!("`{}` is uncertain, but `date_basis` is missing", date.edtf());
            self.tell("missing-date-basis", date, message, "add `date_basis`: how the date is known");
        }
    }
}

/// Whether a text is an address that a link may lead to: `http` or `https`, with a host, and no blank or control
/// character, quote or angle bracket.
pub(super) fn is_web_address(text: &str) -> bool {
    let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    let rest = ["https://", "http://"].iter().find_map(|scheme| lower.starts_with(scheme).then_some(scheme.len()));
    let host = rest.and_then(|len| text.get(len..)).and_then(|rest| rest.split(['/', '?', '#']).next());
    let plain =
        |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '"' | '<' | '>' | '\\' | '`' | '{' | '}');
    host.is_some_and(|host| !host.is_empty() && !host.contains('@')) && text.chars().all(plain)
}

/// An id in a message: short, on one line.
pub(super) fn shown(id: &str) -> String {
    id.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
