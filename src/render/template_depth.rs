//! How deep templates call each other, known from their texts before the engine sees them: each step takes stack.

use std::collections::BTreeMap;

use crate::diag::Diagnostic;

use super::template_errors::template_span;

/// Templates in a chain of `include` and `extends`, at most.
const MAX_CHAIN: usize = 64;
/// Components that call each other, at most, as the engine has it.
const MAX_COMPONENTS: usize = 20;
/// Calls that fit on any thread.
const SHALLOW: usize = 27;
/// What one call takes of the stack: measured as 64 KiB where the engine is not optimised.
const FRAME: usize = 128 * 1024;

/// The stack that rendering may take, in bytes, where that is more than any thread has.
///
/// # Errors
/// A chain of templates that is too long.
pub(super) fn stack_size(texts: &BTreeMap<String, String>) -> Result<Option<usize>, Box<Diagnostic>> {
    let called: BTreeMap<&str, Vec<&str>> = texts.iter().map(|(name, text)| (name.as_str(), called(text))).collect();
    let mut depths: BTreeMap<&str, usize> = BTreeMap::new();
    // Those that only call known ones, again and again: what is not known then is circular or too deep.
    for depth in 1..=MAX_CHAIN {
        let is_known = |call: &&str| depths.contains_key(*call) || !called.contains_key(*call);
        let next = called.iter().filter(|(name, calls)| !depths.contains_key(**name) && calls.iter().all(is_known));
        let next: Vec<&str> = next.map(|(name, _)| *name).collect();
        if next.is_empty() {
            break;
        }
        depths.extend(next.into_iter().map(|name| (name, depth)));
    }
    let unknown = called.len() - depths.len();
    let chain = depths.values().copied().max().unwrap_or(0) + unknown;
    if chain > MAX_CHAIN {
        let name = called.keys().find(|name| !depths.contains_key(**name)).copied().unwrap_or_default();
        let message =
            format!("`{name}` is the start of more than {MAX_CHAIN} templates that include or extend each other");
        let found = Diagnostic::new("template-limit", template_span(name, texts, None), message);
        return Err(Box::new(found.hint("put what they include into fewer files")));
    }
    let blocks = texts.values().map(|text| blocks(text)).max().unwrap_or(0);
    let includes = |text: &String| {
        tags(text).any(|(word, _)| word == "component") && tags(text).any(|(word, _)| word == "include")
    };
    let times = if texts.values().any(includes) { MAX_COMPONENTS + 1 } else { 1 };
    let calls = (chain * (1 + blocks)).saturating_mul(times) + MAX_COMPONENTS;
    Ok((calls > SHALLOW).then_some(calls.saturating_mul(FRAME)))
}

/// The tags of a template by their first word, with what follows it.
fn tags(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split("{%").skip(1).map(|tag| {
        let tag = tag.trim_start_matches('-').trim_start();
        tag.split_once(|char: char| !char.is_ascii_alphanumeric()).unwrap_or((tag, ""))
    })
}

/// The first text in quotes.
fn quoted(rest: &str) -> Option<&str> {
    let (at, quote) = rest.char_indices().find(|(_, char)| matches!(char, '"' | '\'' | '`'))?;
    rest.get(at + 1..)?.split(quote).next()
}

fn called(text: &str) -> Vec<&str> {
    tags(text).filter(|(word, _)| matches!(*word, "include" | "extends")).filter_map(|(_, rest)| quoted(rest)).collect()
}

/// How many blocks are open at once, at most.
fn blocks(text: &str) -> usize {
    let (mut open, mut most) = (0usize, 0);
    for (word, _) in tags(text) {
        match word {
            "block" => open += 1,
            "endblock" => open = open.saturating_sub(1),
            _ => {}
        }
        most = most.max(open);
    }
    most
}
