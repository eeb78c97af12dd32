//! What Tera finds wrong with templates, as problems at their places.

use std::collections::{BTreeMap, BTreeSet};

use tera::ErrorKind;

use crate::diag::Diagnostic;
use crate::source::{SitePath, Span};

/// A Tera error as a diagnostic, with the template it blames.
pub(super) fn diagnose(error: &tera::Error, texts: &BTreeMap<String, String>) -> (Option<String>, Diagnostic) {
    let (code, name, message, at) = match error.kind() {
        ErrorKind::SyntaxError(report) => ("template-syntax", report.filename(), report.message(), Some(report.span())),
        ErrorKind::RenderingError(report) => {
            ("template-error", report.filename(), report.message(), Some(report.span()))
        }
        ErrorKind::CircularExtend { tpl, inheritance_chain } => {
            return cycle(tpl, "extends itself", inheritance_chain, texts);
        }
        ErrorKind::CircularInclude { tpl, include_chain } => {
            return cycle(tpl, "includes itself", include_chain, texts);
        }
        ErrorKind::MissingParent { current, parent } => {
            let message = format!("`{current}` extends `{parent}`, which does not exist");
            let at = mention(current, parent, texts);
            return (Some(current.clone()), Diagnostic::new("missing-template", at, message));
        }
        _ => return (None, Diagnostic::new("template-error", None, error.to_string())),
    };
    let mut found = Diagnostic::new(code, template_span(name, texts, at), lower_first(message.trim_end_matches('.')));
    if let Some(calls) = called_from(&error.to_string()) {
        found = found.hint(calls);
    }
    (Some(name.to_owned()), found)
}

/// What templates lack of each other (a component, a block, an include) comes as one text with a report for each, in the
/// compiler's form. `None` for an error of another kind.
pub(super) fn faults_of_the_set(error: &tera::Error, texts: &BTreeMap<String, String>) -> Option<Vec<Diagnostic>> {
    let ErrorKind::Msg(text) = error.kind() else { return None };
    let reports: Vec<_> = text.split("\n\n").filter_map(|report| read_report(report, texts)).collect();
    Some(if reports.is_empty() { vec![Diagnostic::new("template-error", None, text.clone())] } else { reports })
}

/// Reads `error: MESSAGE`, ` --> NAME:LINE:COLUMN`, and the carets under the line.
fn read_report(report: &str, texts: &BTreeMap<String, String>) -> Option<Diagnostic> {
    let mut lines = report.lines();
    let message = lines.next()?.strip_prefix("error: ")?;
    let (place, column) = lines.next()?.split_once("--> ")?.1.rsplit_once(':')?;
    let (name, line) = place.rsplit_once(':')?;
    let width = lines.last().map_or(0, |carets| carets.chars().filter(|c| *c == '^').count());
    let text = texts.get(name)?;
    let from = offset(text, line.parse().ok()?, column.parse::<usize>().ok()?.saturating_sub(1));
    let to = from + text.get(from..)?.chars().take(width).map(char::len_utf8).sum::<usize>();
    let path = SitePath::new(&format!("templates/{name}")).ok()?;
    Some(Diagnostic::new("template-error", Span::new(&path, from..to), lower_first(message)))
}

/// As the middle of a sentence: our messages start small.
fn lower_first(message: &str) -> String {
    let mut chars = message.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// A cycle, told from the last of its templates by name: the order in which the engine meets them is chance. `chain` ends
/// where it meets itself or `start`, and what leads into the cycle is no part of it.
fn cycle(start: &str, how: &str, chain: &[String], texts: &BTreeMap<String, String>) -> (Option<String>, Diagnostic) {
    let (end, before) = chain.split_last().map_or((start, chain), |(end, before)| (end.as_str(), before));
    let from = before.iter().position(|name| name == end).unwrap_or(0);
    let members: BTreeSet<&str> = before.iter().skip(from).map(String::as_str).chain([end]).collect();
    let name = members.last().copied().unwrap_or(start);
    let others = || members.iter().copied().filter(|other| *other != name);
    let next = others().find(|other| texts.get(name).is_some_and(|text| text.contains(other))).unwrap_or(name);
    let message = match others().collect::<Vec<_>>().join("`, `") {
        others if others.is_empty() => format!("`{name}` {how}"),
        others => format!("`{name}` {how}, through `{others}`"),
    };
    let found = Diagnostic::new("template-cycle", mention(name, next, texts), message).hint("remove one of the steps");
    (Some(name.to_owned()), found)
}

/// Through which templates the error was reached, as Tera's report tells it in its notes.
fn called_from(report: &str) -> Option<String> {
    let places: Vec<&str> =
        report.lines().filter_map(|line| line.split_once("called from ").map(|(_, place)| place)).collect();
    (!places.is_empty()).then(|| format!("called from {}", places.join(", which is called from ")))
}

fn mention(name: &str, what: &str, texts: &BTreeMap<String, String>) -> Option<Span> {
    let path = SitePath::new(&format!("templates/{name}")).ok()?;
    let at = texts.get(name).and_then(|text| text.find(what).filter(|_| !what.is_empty()));
    Some(at.map_or_else(|| Span::file(&path), |at| Span::new(&path, at..at + what.len())))
}

pub(super) fn template_span(name: &str, texts: &BTreeMap<String, String>, at: Option<&tera::Span>) -> Option<Span> {
    let path = SitePath::new(&format!("templates/{name}")).ok()?;
    let Some((at, text)) = at.zip(texts.get(name)) else { return Some(Span::file(&path)) };
    Some(Span::new(&path, offset(text, at.start_line, at.start_col)..offset(text, at.end_line, at.end_col)))
}

/// Where a line and a column, counted from 1 and 0, are in a text.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let line = text.get(start..).unwrap_or_default();
    start + line.char_indices().nth(column).map_or(line.len(), |(at, _)| at)
}
