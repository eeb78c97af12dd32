use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use serde::de::{DeserializeOwned, DeserializeSeed};

use crate::diag::{Diagnostic, Diagnostics};
use crate::source::{SitePath, Span};

use super::decode::Decoder;
use super::defaults::{Defaults, FileDefaults};
use super::merge;
use super::node::{Node, NodeBuilder, RemovedCharacter, Stop, Value};
use super::plain::parse_plain;
use super::source_map::Segment;
use super::split::split;
use super::{DEPTH_LIMIT, DOCUMENT_LIMIT, FILE_LIMIT, FILE_PROBLEM_LIMIT, NodeId, SourceMap};

/// How many parts are parsed before their records are read: limits the memory of trees.
const AT_ONCE: usize = 16;

/// The result of reading a list of records.
#[derive(Debug)]
pub struct Records<T> {
    /// The records that could be read, in order.
    pub items: Vec<T>,
    /// The `id`s of those that could not, so that references to them are not reported.
    pub lost: Vec<String>,
    /// Whether a part of the text could not be read at all.
    pub torn: bool,
}

/// Reads one YAML document, such as the front matter of a page, that starts at byte `base` of its file. The places are
/// for problems that are found later. `None` if it is not valid YAML, or lacks a required value of `T`.
pub fn yaml<T: DeserializeOwned>(
    file: &SitePath,
    text: &str,
    base: usize,
    diagnostics: &mut Diagnostics,
) -> Option<(T, SourceMap)> {
    let mut segment = Segment {
        first: 0,
        count: 0,
        file: file.clone(),
        text: text.into(),
        range: 0..text.len(),
        base,
        ranges: OnceLock::new(),
    };
    if text.len() > DOCUMENT_LIMIT {
        diagnostics.push(too_long(segment.place(0..0), text.len()));
        return None;
    }
    let (value, problems) = match parse(text) {
        Ok(tree) => {
            segment.count = tree.count;
            let decoder = Decoder::new(&segment);
            let value = decoder.read(&tree.root);
            let mut problems = decoder.into_problems();
            problems.extend(segment.report_removed(&tree.removed));
            (value, problems)
        }
        Err(fault) => (None, vec![fault.diagnostic(&segment)]),
    };
    diagnostics.extend(problems);
    let mut places = SourceMap::default();
    places.push(Arc::new(segment));
    value.map(|value| (value, places))
}

/// Reads a YAML list of records, each on its own: errors in one do not affect the others. A first item `- defaults:`
/// has the keys that the others need not repeat. Their places are added to `places`. An empty text is an empty list.
pub fn yaml_list<T: DeserializeOwned + Send>(
    file: &SitePath,
    text: &Arc<str>,
    places: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Records<T> {
    let mut records = Records { items: Vec::new(), lost: Vec::new(), torn: false };
    if text.len() > FILE_LIMIT {
        let message = format!("this file has {} bytes, the limit is {FILE_LIMIT}", text.len());
        let problem = Diagnostic::new("too-large", Span::file(file), message);
        diagnostics.push(problem.hint("split its records into several files"));
        records.torn = true;
        return records;
    }
    let mut problems_found = Vec::new();
    let (mut defaults, mut is_first) = (None, true);
    for ranges in split(text).chunks(AT_ONCE) {
        let parsed: Vec<_> = ranges
            .par_iter()
            .map(|range| match range.len() {
                len if len > DOCUMENT_LIMIT => Err(ParseFailure::TooLong(len)),
                _ => parse(text.get(range.clone()).unwrap_or_default()),
            })
            .collect();
        let mut first = places.next();
        let mut work = Vec::with_capacity(parsed.len());
        for (range, parsed) in ranges.iter().zip(parsed) {
            let count = parsed.as_ref().map_or(0, |tree| tree.count);
            let (file, text, range) = (file.clone(), Arc::clone(text), range.clone());
            let segment = Arc::new(Segment { first, count, file, text, range, base: 0, ranges: OnceLock::new() });
            first = first.saturating_add(count);
            places.push(Arc::clone(&segment));
            work.push((segment, parsed));
        }
        if let (true, Some((segment, Ok(tree)))) = (is_first, work.first_mut()) {
            defaults = FileDefaults::extract(&mut tree.root, segment, &mut problems_found);
        }
        is_first = false;
        let broken = work.iter().any(|(_, parsed)| parsed.is_err());
        let read = |(segment, parsed): (Arc<Segment>, _)| read_segment(&segment, parsed, defaults.as_ref());
        let read: Vec<_> = work.into_par_iter().map(read).collect();
        for (part, problems) in read {
            records.items.extend(part.items);
            records.lost.extend(part.lost);
            records.torn |= part.torn;
            problems_found.extend(problems);
        }
        if broken || problems_found.len() > FILE_PROBLEM_LIMIT {
            break;
        }
    }
    if defaults.is_some() {
        // What is wrong with them is found for each segment.
        let mut known = rustc_hash::FxHashSet::default();
        problems_found.retain(|problem| known.insert((problem.code, problem.message.clone(), problem.at.clone())));
    }
    if problems_found.len() > FILE_PROBLEM_LIMIT {
        problems_found.truncate(FILE_PROBLEM_LIMIT);
        let place = problems_found.last().and_then(|last| last.at.clone());
        problems_found.push(too_many(place));
        records.torn = true;
    }
    diagnostics.extend(problems_found);
    records
}

/// Reports that there are more problems than shown.
pub(crate) fn too_many(place: Option<Span>) -> Diagnostic {
    let message = format!("there are more than {FILE_PROBLEM_LIMIT} problems like these");
    Diagnostic::new("too-many-problems", place, message).hint("fix these first; the rest is reported then")
}

fn read_segment<T: DeserializeOwned>(
    segment: &Segment,
    parsed: Result<Tree<'_>, ParseFailure>,
    defaults: Option<&FileDefaults<'_>>,
) -> (Records<T>, Vec<Diagnostic>) {
    let mut records = Records { items: Vec::new(), lost: Vec::new(), torn: false };
    let of_defaults = defaults.map(|defaults| (defaults.entries(), defaults.decoder()));
    let defaults = of_defaults.as_ref().map(|(entries, decoder)| Defaults { entries, decoder });
    let decoder = Decoder::new(segment).with_defaults(defaults);
    let tree = match parsed {
        Ok(tree) => tree,
        Err(failure) => {
            records.torn = true;
            return (records, vec![failure.diagnostic(segment)]);
        }
    };
    match &tree.root {
        Node { value: Value::List(nodes), .. } => {
            for node in nodes {
                if decoder.reported() > FILE_PROBLEM_LIMIT {
                    records.torn = true;
                    break;
                }
                match decoder.read(node) {
                    Some(record) => records.items.push(record),
                    None => records.lost.extend(node.get("id").map(str::to_owned)),
                }
            }
        }
        Node { value: Value::Null, .. } => {}
        node => {
            records.torn = true;
            let span = segment.span(segment.first.saturating_add(node.id));
            let problem = Diagnostic::new("wrong-type", span, "expected a list of records");
            return (records, vec![problem.hint("start each record with a dash: `- id: some-id`")]);
        }
    }
    let mut problems = decoder.into_problems();
    problems.extend(of_defaults.into_iter().flat_map(|(_, decoder)| decoder.into_problems()));
    problems.extend(segment.report_removed(&tree.removed));
    (records, problems)
}

/// The result of parsing a text.
struct Tree<'a> {
    root: Node<'a>,
    count: NodeId,
    removed: Vec<RemovedCharacter>,
}

/// Why a text could not be parsed.
#[derive(Debug)]
enum ParseFailure {
    TooLong(usize),
    /// It exceeded a limit, at this place if it is known.
    Stopped(Stop, Option<usize>),
    /// It is not valid YAML.
    Syntax {
        message: String,
        at: Option<usize>,
    },
}

fn parse(text: &str) -> Result<Tree<'_>, ParseFailure> {
    let tree = |root, builder: &NodeBuilder| Tree { root, count: builder.count(), removed: builder.removed.take() };
    let builder = NodeBuilder::new(text.len());
    if let Some(node) = parse_plain(text, &builder) {
        return Ok(tree(node, &builder));
    }
    let builder = NodeBuilder::new(text.len());
    if text.trim().is_empty() {
        return Ok(tree(Node { id: builder.number(), value: Value::Null }, &builder));
    }
    if let Some(at) = too_many_brackets(text) {
        return Err(ParseFailure::Stopped(Stop::Depth, Some(at)));
    }
    match builder.deserialize(serde_yaml::Deserializer::from_str(text)) {
        Ok(node) => Ok(tree(node, &builder)),
        Err(error) => {
            let at = error.location().map(|location| location.index());
            match builder.stopped.take() {
                Some(stop) => Err(ParseFailure::Stopped(stop, at)),
                None => Err(ParseFailure::Syntax { message: error.to_string(), at }),
            }
        }
    }
}

/// The place where more brackets are open than the limit, including quoted ones. The scanner would take quadratic time
/// to find it.
fn too_many_brackets(text: &str) -> Option<usize> {
    const MOST: usize = 1024;
    let mut open = 0_usize;
    text.bytes().position(|byte| {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        open > MOST
    })
}

impl ParseFailure {
    fn diagnostic(self, segment: &Segment) -> Diagnostic {
        let text = segment.text();
        let place = |at: Option<usize>| segment.place(word_at(text, at.unwrap_or_default()));
        match self {
            Self::TooLong(len) => record_too_long(text, len, segment),
            Self::Stopped(Stop::Depth, at) => {
                let message = format!("lists and maps are nested deeper than {DEPTH_LIMIT}");
                Diagnostic::new("too-large", place(at), message)
            }
            Self::Stopped(Stop::Aliases, at) => {
                Diagnostic::new("too-large", place(at), "aliases (`*name`) repeat too much text")
                    .hint("write the values out")
            }
            Self::Stopped(Stop::Tag(tag), at) => {
                let message = format!("the tag `!{}` is not supported", super::error::shorten(&tag));
                Diagnostic::new("yaml-syntax", place(at), message)
                    .hint("remove it, or put a text that starts with `!` in quotes")
            }
            Self::Syntax { message, at } => syntax(text, &message, at, segment),
        }
    }
}

/// A record that is too long, by its id where that is its first key.
fn record_too_long(text: &str, len: usize, segment: &Segment) -> Diagnostic {
    let id = text.split_once("id:").filter(|(before, _)| before.trim_end_matches(' ').ends_with('-'));
    let problem = match id.map(|(before, after)| (before.len(), after.lines().next().unwrap_or_default().trim_end())) {
        Some((at, id)) => {
            let message = format!(
                "the record `{}` has {len} bytes, the limit is {DOCUMENT_LIMIT}",
                super::error::shorten(id.trim_matches([' ', '"', '\'']))
            );
            Diagnostic::new("too-large", segment.place(at..at + "id:".len() + id.len()), message)
        }
        None => too_long(segment.place(0..0), len),
    };
    problem.hint(
        "a record cannot be longer; start each record on a line of its own, with all dashes at the same indentation",
    )
}

fn too_long(span: Span, len: usize) -> Diagnostic {
    Diagnostic::new("too-large", span, format!("this has {len} bytes, the limit is {DOCUMENT_LIMIT}"))
}

/// The error of libyaml, with its place and, for the usual mistakes, a hint.
fn syntax(text: &str, message: &str, at: Option<usize>, segment: &Segment) -> Diagnostic {
    if let Some(conflict) = merge::unresolved("yaml-syntax", text, segment) {
        return conflict;
    }
    let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{85}');
    if message.contains("control characters")
        && let Some((at, found)) = text.char_indices().find(|(_, c)| control(*c))
    {
        let message = format!("the character U+{:04X} is not allowed in YAML", u32::from(found));
        return Diagnostic::new("yaml-syntax", segment.place(at..at + found.len_utf8()), message).hint("remove it");
    }
    let end = message.find(" at line ").or(message.find(", ")).unwrap_or(message.len());
    let mut plain = message.get(..end).unwrap_or(message);
    let mut at = at.unwrap_or(text.len()).min(text.len());
    if message.contains("more than one document") {
        plain = "a second document starts here";
        at = text.find("\n---").map_or(at, |at| at + 1);
    }
    if message.contains("while scanning a quoted scalar") {
        plain = "a quote is opened and never closed";
        at = context(text, message).unwrap_or(at);
    }
    let problem = Diagnostic::new("yaml-syntax", segment.place(word_at(text, at)), format!("not valid YAML: {plain}"));
    hint(text, plain, at).into_iter().fold(problem, Diagnostic::hint)
}

/// The byte offset of libyaml's second place: the start of the unfinished element.
fn context(text: &str, message: &str) -> Option<usize> {
    let (_, place) = message.rsplit_once(" at line ")?;
    let (line, column) = place.split_once(" column ")?;
    let (line, column) = (line.parse::<usize>().ok()?, column.parse::<usize>().ok()?);
    let start = text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum::<usize>();
    let (at, _) = text.get(start..)?.char_indices().nth(column.checked_sub(1)?)?;
    Some(start + at)
}

fn hint(text: &str, message: &str, at: usize) -> Option<&'static str> {
    let here = text.get(at..).unwrap_or_default().chars().next();
    let hint = match (message, here) {
        (_, Some('\t')) => "YAML indents by spaces; replace the tab",
        ("mapping values are not allowed in this context", _) => {
            "a text that holds a colon and a space needs quotes: `title: \"One: two\"`"
        }
        ("found character that cannot start any token", _) => "put a text that starts with this character in quotes",
        ("a quote is opened and never closed", _) => {
            "close it; a text that only begins with a quote needs quotes around it"
        }
        (message, _) if message.ends_with("or ']'") || message.ends_with("or '}'") => {
            "a bracket is opened and never closed"
        }
        ("did not find expected key" | "could not find expected ':'", _) => {
            "check how far this line is indented, and that every quote is closed"
        }
        ("did not find expected alphabetic or numeric character" | "unknown anchor", _) => {
            "put a text that starts with `*` or `&` in quotes"
        }
        ("a second document starts here", _) => "remove the line `---` between the two",
        _ => return None,
    };
    Some(hint)
}

/// The word at this byte offset, with a limited length.
fn word_at(text: &str, at: usize) -> std::ops::Range<usize> {
    const LONGEST: usize = 40;
    let start = text.floor_char_boundary(at);
    let rest = text.get(start..).unwrap_or_default();
    let word = rest.chars().take(LONGEST).take_while(|c| !c.is_whitespace()).map(char::len_utf8).sum::<usize>();
    let blank = rest.chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8);
    start..start + word.max(blank)
}
