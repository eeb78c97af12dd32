//! Entries of a library into the records of a site: new ones are added, those of the same id updated where they differ.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::entry::{Entry, Value};
use super::fields::{NAMES, TEXTS};
use super::yaml::{lines, record};
use crate::data::{DOCUMENT_LIMIT, SourceMap, key_slug, yaml_list};
use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::{Source, SourceKind};
use crate::source::{SitePath, Span};

/// What comes of entries.
#[derive(Debug, Default)]
pub struct Merged {
    /// The files that change, as they are to be.
    pub files: BTreeMap<SitePath, String>,
    /// How many records are new.
    pub added: usize,
    /// How many change.
    pub updated: usize,
    /// How many are as they were.
    pub unchanged: usize,
}

/// Merges entries into the files of sources; new ones go to the end of `into`.
///
/// # Errors
/// What keeps them from being merged. Nothing is to be written then.
pub fn merge(files: &[(SitePath, String)], entries: &[Entry], into: &SitePath) -> Result<Merged, Diagnostics> {
    let mut problems = Diagnostics::default();
    let known: Vec<Vec<(Source, usize)>> = files.iter().map(|(file, text)| read(file, text, &mut problems)).collect();
    if problems.has_errors() {
        return Err(problems);
    }
    // By the part of an address that their keys give, which no two may share.
    let mut places: FxHashMap<String, (usize, usize)> = FxHashMap::default();
    for (file, sources) in known.iter().enumerate() {
        for (number, (source, _)) in sources.iter().enumerate() {
            places.insert(key_slug(&source.id), (file, number));
        }
    }
    let mut merged = Merged::default();
    let mut changes: BTreeMap<usize, Vec<(Range<usize>, String)>> = BTreeMap::new();
    let mut fresh = String::new();
    for entry in entries {
        let Some((number, place)) = places.get(&key_slug(&entry.id)) else {
            merged.added += 1;
            fresh.push('\n');
            fresh.push_str(&record(entry));
            continue;
        };
        let (Some((file, text)), Some((source, at))) =
            (files.get(*number), known.get(*number).and_then(|known| known.get(*place)))
        else {
            continue;
        };
        if source.id.value != entry.id {
            let message = format!(
                "the key `{}` of the library and the id `{}` differ in capitals and punctuation alone",
                entry.id, source.id.value
            );
            let found = Diagnostic::new("duplicate-id", Span::new(file, *at..*at + source.id.len()), message);
            problems.push(found.hint("rename one of the two, or give both the same key to update the record"));
            continue;
        }
        let changed: Vec<&(&'static str, Value)> =
            entry.fields.iter().filter(|(key, value)| differs(source, key, value)).collect();
        if changed.is_empty() {
            merged.unchanged += 1;
            continue;
        }
        merged.updated += 1;
        match Block::at(text, *at).map(|block| (block.with(text, &changed), block.range)) {
            Some((written, _)) if written.len() > DOCUMENT_LIMIT => {
                let (id, len) = (&entry.id, written.len());
                let message = format!("the record `{id}` would have {len} bytes, the limit is {DOCUMENT_LIMIT}");
                problems.push(Diagnostic::new("too-large", Span::new(file, *at..*at + id.len()), message));
            }
            Some((written, range)) => changes.entry(*number).or_default().push((range, written)),
            None => {
                let message = format!("the record `{}` cannot be updated: it is written in braces", entry.id);
                let found = Diagnostic::new("wrong-type", Span::new(file, *at..*at + entry.id.len()), message);
                problems.push(found.hint("write each of its keys on a line of its own, then import again"));
            }
        }
    }
    for (number, mut edits) in changes {
        let Some((file, text)) = files.get(number) else { continue };
        edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
        let mut text = text.clone();
        edits.into_iter().for_each(|(range, block)| text.replace_range(range, &block));
        merged.files.insert(file.clone(), text);
    }
    if !fresh.is_empty() {
        let there = files.iter().find(|(file, _)| file == into).map_or("", |(_, text)| text);
        let before = merged.files.remove(into).unwrap_or_else(|| there.to_owned());
        let end = before.trim_end();
        let gap = if end.is_empty() { fresh.trim_start() } else { &fresh };
        let fresh = if before.contains("\r\n") { gap.replace('\n', "\r\n") } else { gap.to_owned() };
        let between = match (end.is_empty(), before.contains("\r\n")) {
            (true, _) => "",
            (false, true) => "\r\n",
            (false, false) => "\n",
        };
        merged.files.insert(into.clone(), format!("{end}{between}{fresh}"));
    }
    // What was written must be read as it was meant.
    for (file, text) in &merged.files {
        read(file, text, &mut problems);
    }
    if problems.has_errors() { Err(problems) } else { Ok(merged) }
}

/// The sources of a file, each with the place of its id.
fn read(file: &SitePath, text: &str, problems: &mut Diagnostics) -> Vec<(Source, usize)> {
    let mut places = SourceMap::default();
    let text: Arc<str> = text.into();
    let records = yaml_list::<Source>(file, &text, &mut places, problems);
    let place = |source: &Source| places.span(source.id.node).map_or(0, |span| span.start);
    records.items.into_iter().map(|source| (place(&source), source)).map(|(at, source)| (source, at)).collect()
}

/// Whether a record says something else than an entry.
fn differs(source: &Source, key: &str, value: &Value) -> bool {
    let date = |when: Option<&crate::evidence::When>, text: &str| when.is_none_or(|when| when.edtf() != text);
    match value {
        Value::Names(names) => {
            NAMES.iter().find(|known| known.key == key).is_none_or(|known| (known.get)(source) != names.as_slice())
        }
        Value::Text(text) => match key {
            // A library has this type for what it cannot tell.
            "kind" if text == SourceKind::Document.name() => false,
            // The kinds of news are one type for a library.
            "kind" => SourceKind::of_csl(text).is_none_or(|kind| kind.csl() != source.kind.csl()),
            "date" => date(source.date.as_deref(), text),
            "accessed" => date(source.accessed.as_deref(), text),
            "archive_date" => date(source.archive_date.as_deref(), text),
            "date_basis" => source.date_basis.is_none(),
            "archive_url" => source.archive_url.as_ref().is_none_or(|url| url.value != *text),
            "credit" => source.credit.as_ref() != Some(text),
            // An entry without a title is described by its kind.
            "description" => source.title.is_none() && source.description.is_none(),
            _ => TEXTS.iter().find(|known| known.key == key).is_none_or(|known| (known.get)(source) != Some(text)),
        },
    }
}

/// A record in the text of its file, with a key on each line.
struct Block {
    range: Range<usize>,
    /// How deep its keys are.
    indent: usize,
}

impl Block {
    /// The record whose id is at this byte; nothing for one in braces.
    fn at(text: &str, id: usize) -> Option<Self> {
        let mut start = text.get(..id)?.rfind('\n').map_or(0, |at| at + 1);
        let dash = loop {
            let line = text.get(start..)?;
            let deep = line.len() - line.trim_start_matches(' ').len();
            if line.get(deep..)?.starts_with("- ") {
                break deep;
            }
            start = text.get(..start.checked_sub(1)?)?.rfind('\n').map_or(0, |at| at + 1);
        };
        let first = text.get(start + dash + 2..)?;
        let keys = first.trim_start_matches(' ');
        if keys.starts_with('{') {
            return None;
        }
        let indent = dash + 2 + (first.len() - keys.len());
        let mut end = start;
        let mut at = start;
        for line in text.get(start..)?.split_inclusive('\n') {
            let words = line.trim();
            let deep = line.len() - line.trim_start_matches(' ').len();
            if at > start && !words.is_empty() && deep < indent {
                break;
            }
            at += line.len();
            if !words.is_empty() {
                end = at;
            }
        }
        Some(Self { range: start..end, indent })
    }

    /// The record with these keys in place of its own, or at its end.
    fn with(&self, text: &str, changed: &[&(&'static str, Value)]) -> String {
        let mut block = text.get(self.range.clone()).unwrap_or_default().to_owned();
        let ends = if block.contains("\r\n") { "\r\n" } else { "\n" };
        if !block.ends_with('\n') {
            block.push_str(ends);
        }
        for (key, value) in changed {
            let written = lines(key, value, self.indent).replace('\n', ends);
            match self.key(&block, key) {
                Some(range) if range.start == 0 => {
                    // The first key stands behind the dash.
                    let dash = block.get(..self.indent).unwrap_or_default().to_owned();
                    block.replace_range(range, &format!("{dash}{}", written.trim_start()));
                }
                Some(range) => block.replace_range(range, &written),
                None => block.push_str(&written),
            }
        }
        block
    }

    /// Where a key of the record is, with its value.
    fn key(&self, block: &str, key: &str) -> Option<Range<usize>> {
        let (mut found, mut at): (Option<Range<usize>>, usize) = (None, 0);
        for line in block.split_inclusive('\n') {
            let start = at;
            at += line.len();
            let rest = if start == 0 { line.get(self.indent..) } else { line.strip_prefix(&" ".repeat(self.indent)) };
            let is_key = rest.is_some_and(|rest| !rest.starts_with([' ', '-', '#']) && !rest.trim().is_empty());
            match &mut found {
                Some(_) if is_key => break,
                // A comment between two keys belongs to the next.
                Some(_) if rest.is_some_and(|rest| rest.starts_with('#')) => {}
                Some(range) if !line.trim().is_empty() => range.end = at,
                Some(_) => {}
                None if is_key
                    && rest.and_then(|rest| rest.strip_prefix(key)).is_some_and(|rest| rest.starts_with(':')) =>
                {
                    found = Some(start..at);
                }
                None => {}
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::super::read_csl::read_csl;
    use super::*;

    fn path(name: &str) -> SitePath {
        SitePath::new(name).expect("a path")
    }

    fn merged(yaml: &str, csl: &str) -> Merged {
        let entries = read_csl(csl).expect("CSL-JSON");
        let files = [(path("sources.yaml"), yaml.to_owned())];
        merge(&files, &entries, &path("sources.yaml")).unwrap_or_else(|problems| panic!("{problems:?}"))
    }

    const YAML: &str = "# Ours.\n- id: a\n  kind: news # as it is\n  title: >-\n    An old\n    title\n  authors:\n  - Doe, Jane\n  # Kept.\n  \
                        reliability: high\n  reliability_reason: R.\n\n- {id: b, kind: book, title: B}\n";

    #[test]
    fn an_entry_changes_what_differs_and_nothing_else() {
        let csl = r#"[{"id": "a", "type": "article-newspaper", "title": "A: new", "author": [{"literal": "AP"}], "volume": 3},
                      {"id": "b", "type": "book", "title": "B"}, {"id": "C1", "type": "song", "title": "yes"}]"#;
        let merged = merged(YAML, csl);
        assert_eq!((merged.added, merged.updated, merged.unchanged), (1, 1, 1));
        assert_eq!(
            merged.files[&path("sources.yaml")],
            "# Ours.\n- id: a\n  kind: news # as it is\n  title: \"A: new\"\n  authors:\n    - AP\n  # Kept.\n  reliability: high\n  \
             reliability_reason: R.\n  volume: \"3\"\n\n- {id: b, kind: book, title: B}\n\n- id: C1\n  kind: song\n  title: \"yes\"\n"
        );
    }

    #[test]
    fn what_is_the_same_changes_no_file() {
        for kind in ["article-newspaper", "document"] {
            let merged = merged(YAML, &format!(r#"{{"id": "a", "type": "{kind}", "title": "An old title"}}"#));
            assert!(merged.files.is_empty() && merged.unchanged == 1);
        }
    }

    #[test]
    fn keys_that_differ_in_capitals_alone_are_not_two_records() {
        let entries = read_csl(r#"{"id": "A", "type": "book", "title": "Other"}"#).expect("CSL-JSON");
        let files = [(path("sources.yaml"), YAML.to_owned())];
        let problems = merge(&files, &entries, &path("sources.yaml")).expect_err("it cannot be done");
        let found = problems.iter().next().expect("a problem");
        assert_eq!((found.code, found.at.as_ref().map(|at| at.start)), ("duplicate-id", YAML.find("a\n")));
    }

    #[test]
    fn a_record_in_braces_is_not_updated() {
        let entries = read_csl(r#"{"id": "b", "type": "book", "title": "Other"}"#).expect("CSL-JSON");
        let files = [(path("sources.yaml"), YAML.to_owned())];
        let problems = merge(&files, &entries, &path("sources.yaml")).expect_err("it cannot be done");
        assert!(problems.iter().any(|found| found.message.contains("written in braces")));
    }
}
