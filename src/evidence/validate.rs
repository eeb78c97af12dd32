//! What each record must be by itself: ids, addresses, texts, and the reasons that must be given.

use rustc_hash::FxHashMap;

use crate::data::{Spanned, is_id, is_key, is_language, to_id, to_key};
use crate::diag::{Diagnostic, Diagnostics};

use super::capped::CappedDiagnostics;
use super::{Claim, Disagreement, Ledger, Reliability, Source, When};

/// Checks every record alone, and that no two have one id.
pub(super) fn check(ledger: &Ledger, diagnostics: &mut Diagnostics) {
    let mut check = Check { ledger, diagnostics: CappedDiagnostics::new(diagnostics) };
    // Claims and sources are both cited by `[@id]`, so they share one set of ids.
    let keys = ledger.sources.iter().map(|source| (&source.id, Form::Key));
    check.ids(keys.chain(plain(ledger.claims.iter().map(|claim| &claim.id))));
    check.ids(plain(ledger.events.iter().map(|event| &event.id)));
    check.ids(plain(ledger.disagreements.iter().map(|found| &found.id)));
    check.ids(plain(ledger.entities.iter().map(|entity| &entity.id)));
    check.ids(plain(ledger.contributions.iter().map(|contribution| &contribution.id)));
    check.slugs();
    ledger.sources.iter().for_each(|source| check.source(source));
    ledger.claims.iter().for_each(|claim| check.claim(claim));
    ledger.events.iter().for_each(|event| check.basis(event.date.as_ref(), event.date_basis.as_deref()));
    ledger.disagreements.iter().for_each(|found| check.disagreement(found));
}

/// What an id may be made of.
#[derive(Clone, Copy)]
enum Form {
    Id,
    /// The key of a source, as libraries make them.
    Key,
}

fn plain<'a>(ids: impl Iterator<Item = &'a Spanned<String>>) -> impl Iterator<Item = (&'a Spanned<String>, Form)> {
    ids.map(|id| (id, Form::Id))
}

struct Check<'a> {
    ledger: &'a Ledger,
    diagnostics: CappedDiagnostics<'a>,
}

impl Check<'_> {
    fn tell<T>(&mut self, code: &'static str, at: &Spanned<T>, message: String, hint: impl Into<String>) {
        self.diagnostics.push(Diagnostic::new(code, self.ledger.span(at), message).hint(hint));
    }

    fn ids<'a>(&mut self, ids: impl Iterator<Item = (&'a Spanned<String>, Form)>) {
        let mut first: FxHashMap<&str, &Spanned<String>> = FxHashMap::default();
        for (id, form) in ids {
            let fault = match form {
                Form::Id if !is_id(id) => Some(format!("use lower-case letters, digits and hyphens: `{}`", to_id(id))),
                Form::Key if !is_key(id) => Some(format!(
                    "use letters and digits, with `-`, `_`, `.`, `:`, `/` or `+` between them: `{}`",
                    to_key(id)
                )),
                _ => None,
            };
            if let Some(hint) = fault {
                self.tell("bad-id", id, format!("`{}` is not a valid id", shown(id)), hint);
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

    /// Two sources cannot share an address: on many disks `Smith2018` and `smith2018` are one file.
    fn slugs(&mut self) {
        let mut first: FxHashMap<&str, &Spanned<String>> = FxHashMap::default();
        for Source { id, slug, .. } in &self.ledger.sources {
            let other = *first.entry(slug).or_insert(id);
            if other.value != id.value {
                let message =
                    format!("the ids `{}` and `{}` give the same address, `sources/{slug}`", shown(other), shown(id));
                let mut problem = Diagnostic::new("duplicate-id", self.ledger.span(id), message);
                problem.labels.extend(self.ledger.span(other).map(|span| (span, "the other one".to_owned())));
                self.diagnostics
                    .push(problem.hint("rename one of the two; capitals and punctuation do not count in addresses"));
            }
        }
    }

    fn source(&mut self, source: &Source) {
        if source.title.is_none() && source.description.is_none() {
            let message = format!("the source `{}` has neither a title nor a description", shown(&source.id));
            let hint = "add its `title`, or a `description` in your own words";
            self.tell("missing-key", &source.id, message, hint);
        }
        if !source.public && source.description.is_none() {
            let message = format!("the source `{}` is not public and has no description", shown(&source.id));
            self.tell("missing-key", &source.id, message, "add a `description` that does not give it away");
        }
        for url in [&source.url, &source.archive_url].into_iter().flatten().filter(|url| !is_web_address(url)) {
            let message = format!("`{}` is not a web address", shown(url));
            self.tell("bad-url", url, message, "write the whole address, from `https://` or `http://`");
        }
        if let Some(language) = source.language.as_ref().filter(|language| !is_language(language)) {
            let message = format!("`{}` is not a language", shown(language));
            self.tell("bad-value", language, message, "write a BCP 47 tag such as `en` or `zh-CN`");
        }
        self.identifiers(source);
        if source.reliability != Reliability::Unrated && source.reliability_reason.is_none() {
            let message = format!("the source `{}` is rated without a reason", shown(&source.id));
            self.tell("missing-key", &source.id, message, "add `reliability_reason`, or leave `reliability` out");
        }
        let digits = |hash: &str| hash.len() == 64 && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if let Some(hash) = source.sha256.as_ref().filter(|hash| !digits(hash)) {
            let hint = "write the 64 lower-case hexadecimal digits that `sha256sum FILE` prints";
            self.tell("bad-value", hash, "this is not a SHA-256".to_owned(), hint);
        }
        self.basis(source.date.as_ref(), source.date_basis.as_deref());
    }

    /// A DOI, an ISBN, an anchor and a duration have the form that others know them by.
    fn identifiers(&mut self, source: &Source) {
        if let Some(doi) = source.doi.as_ref().filter(|doi| !is_doi(doi)) {
            let hint = match doi.find("10.").and_then(|at| doi.get(at..)).filter(|doi| is_doi(doi)) {
                Some(bare) => format!("write it without an address before it: `{}`", shown(bare)),
                None => "a DOI is a number that begins with `10.`, a slash, and a name: `10.1000/182`".to_owned(),
            };
            self.tell("bad-value", doi, format!("`{}` is not a DOI", shown(doi)), hint);
        }
        if let Some(isbn) = source.isbn.as_ref().filter(|isbn| !is_isbn(isbn)) {
            let hint = "copy the 10 or 13 digits from the book; the last one checks the others";
            self.tell("bad-value", isbn, format!("`{}` is not an ISBN", shown(isbn)), hint);
        }
        let is_anchor = |anchor: &str| {
            anchor.matches("{}").count() == 1
                && !anchor.replacen("{}", "", 1).contains(['{', '}', '#', ' ', '\t', '\n'])
        };
        if let Some(anchor) = source.anchor.as_ref().filter(|anchor| !is_anchor(anchor)) {
            let message = format!("`{}` is not an anchor with a place for a number", shown(anchor));
            self.tell("bad-value", anchor, message, "write `{}` once, where the number is: `para{}`");
        }
        if let Some(duration) = source.duration.as_ref().filter(|_| source.seconds().is_none()) {
            let message = format!("`{}` is not a length of time", shown(duration));
            self.tell("bad-value", duration, message, "write minutes and seconds: `12:30` or `1:02:30`");
        }
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
        let quotes = claim.sources.iter().filter_map(|support| support.quote.as_deref());
        for quote in quotes.filter(|quote| !quote.exact.contains(char::is_alphanumeric)) {
            let hint = "copy the words of the source, or leave `quote` out";
            self.tell("bad-value", quote, "the quotation has no words".to_owned(), hint);
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
pub fn is_web_address(text: &str) -> bool {
    let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    let rest = ["https://", "http://"].iter().find_map(|scheme| lower.starts_with(scheme).then_some(scheme.len()));
    let host = rest.and_then(|len| text.get(len..)).and_then(|rest| rest.split(['/', '?', '#']).next());
    let plain =
        |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '"' | '<' | '>' | '\\' | '`' | '{' | '}');
    host.is_some_and(|host| !host.is_empty() && !host.contains('@')) && text.chars().all(plain)
}

/// Whether a text is a DOI: a prefix of digits, and a suffix that can be part of an address.
pub fn is_doi(text: &str) -> bool {
    let Some((prefix, suffix)) = text.strip_prefix("10.").and_then(|rest| rest.split_once('/')) else { return false };
    let digits = prefix.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    digits && prefix.len() >= 4 && !suffix.is_empty() && !suffix.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// Whether a text is one ISBN, or several with spaces or commas between them, each with the right check digit.
pub fn is_isbn(text: &str) -> bool {
    let mut parts = text.split([',', ';', ' ']).filter(|part| !part.is_empty()).peekable();
    parts.peek().is_some() && parts.all(is_one_isbn)
}

fn is_one_isbn(text: &str) -> bool {
    let digits: Vec<u32> = text
        .chars()
        .filter(|c| *c != '-')
        .map(|c| c.to_digit(10).or(matches!(c, 'x' | 'X').then_some(10)))
        .collect::<Option<_>>()
        .unwrap_or_default();
    let has_ten = digits.iter().rev().skip(1).any(|digit| *digit == 10);
    let sum = |weight: fn(u32) -> u32| (0..).zip(&digits).map(|(at, digit)| weight(at) * digit).sum::<u32>();
    match digits.len() {
        10 => !has_ten && sum(|at| 10 - at) % 11 == 0,
        13 => !digits.contains(&10) && sum(|at| if at % 2 == 0 { 1 } else { 3 }) % 10 == 0,
        _ => false,
    }
}

/// An id in a message: short, on one line.
pub(super) fn shown(id: &str) -> String {
    id.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_checked_by_their_own_rules() {
        assert!(is_doi("10.1000/182") && is_doi("10.1016/S0140-6736(20)30183-5") && is_doi("10.1234.5/x"));
        assert!(!is_doi("https://doi.org/10.1000/182") && !is_doi("10.1000/") && !is_doi("10.x/1") && !is_doi("1.2/3"));
        assert!(is_isbn("978-0-306-40615-7") && is_isbn("0-306-40615-2") && is_isbn("080442957X, 9780306406157"));
        assert!(!is_isbn("978-0-306-40615-8") && !is_isbn("1234") && !is_isbn("") && !is_isbn("X234567890"));
    }
}
