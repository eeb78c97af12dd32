//! Reads types from the nodes of a document with Serde, and collects all problems.

mod access;
mod reader;

use std::cell::{Cell, RefCell};

use rustc_hash::FxHashSet;
use serde::de::DeserializeOwned;

use crate::diag::{Diagnostic, did_you_mean};

use super::PROBLEM_LIMIT;
use super::defaults::Defaults;
use super::error::DecodeError;
use super::node::{Node, Value};
use super::source_map::Segment;

use reader::Reader;

/// Reads types from the nodes of one document and reports every problem.
///
/// Serde stops at the first error. So a value that could not be read is reported, remembered, and left out when the
/// record is read again, until there are no new problems; a missing key is filled in then.
pub(super) struct Decoder<'a> {
    segment: &'a Segment,
    /// The default values of the records.
    defaults: Option<Defaults<'a>>,
    /// The number of the record that is being read: only that one has defaults.
    record: Cell<Option<u32>>,
    /// Values and keys that were reported and are left out.
    dropped: RefCell<FxHashSet<u32>>,
    /// Keys that were reported as missing, by record.
    filled: RefCell<FxHashSet<(u32, &'static str)>>,
    found_new: Cell<bool>,
    problems: RefCell<Vec<Diagnostic>>,
}

impl<'a> Decoder<'a> {
    pub fn new(segment: &'a Segment) -> Self {
        Self {
            segment,
            defaults: None,
            record: Cell::new(None),
            dropped: RefCell::default(),
            filled: RefCell::default(),
            found_new: Cell::new(false),
            problems: RefCell::default(),
        }
    }

    /// Sets the default values of the records.
    pub fn with_defaults(self, defaults: Option<Defaults<'a>>) -> Self {
        Self { defaults, ..self }
    }

    /// Reads one record. `None` if a required value is missing or invalid; invalid optional values are left out. All
    /// problems are reported in both cases.
    pub fn read<T: DeserializeOwned>(&self, node: &Node<'_>) -> Option<T> {
        self.read_filled(node).filter(|_| self.filled.borrow().is_empty())
    }

    /// As [`Self::read`], but missing values are filled in, with empty values without a place.
    pub fn read_filled<T: DeserializeOwned>(&self, node: &Node<'_>) -> Option<T> {
        let before = self.reported();
        self.filled.borrow_mut().clear();
        self.record.set(Some(node.id));
        let other = self.defaults.map(|defaults| defaults.decoder);
        while self.reported() - before < PROBLEM_LIMIT {
            self.found_new.set(false);
            other.inspect(|other| other.found_new.set(false));
            let result = T::deserialize(Reader { node, decoder: self });
            match result {
                Ok(value) => return Some(value),
                Err(_) if self.found_new.get() || other.is_some_and(|other| other.found_new.get()) => {}
                Err(_) => return None,
            }
        }
        None
    }

    /// The number of reported problems.
    pub fn reported(&self) -> usize {
        self.problems.borrow().len()
    }

    pub fn into_problems(self) -> Vec<Diagnostic> {
        self.problems.into_inner()
    }

    /// The number of a node in its [`super::SourceMap`].
    fn global(&self, node: &Node<'_>) -> u32 {
        self.segment.first.saturating_add(node.id)
    }

    fn is_dropped(&self, node: &Node<'_>) -> bool {
        let dropped = self.dropped.borrow();
        !dropped.is_empty() && dropped.contains(&node.id)
    }

    /// Reports a problem of a node once, and leaves the node out from now on.
    fn drop_with(&self, node: &Node<'_>, problem: impl FnOnce(crate::source::Span) -> Diagnostic) {
        if self.dropped.borrow_mut().insert(node.id) {
            self.found_new.set(true);
            let span = self.segment.span(self.global(node));
            self.problems.borrow_mut().push(problem(span));
        }
    }

    /// Reports a problem of a node.
    fn report(&self, node: &Node<'_>, fault: DecodeError) -> DecodeError {
        if let DecodeError::Problem { code, message, hint } = fault {
            let code = crate::diag::find_code(&code).map_or("wrong-type", |code| code.name);
            self.drop_with(node, |span| {
                let problem = Diagnostic::new(code, span, message);
                hint.into_iter().fold(problem, Diagnostic::hint)
            });
            return DecodeError::Reported;
        }
        fault
    }

    /// Reports a missing key, unless the key exists and its value was reported as invalid.
    fn report_missing(&self, node: &Node<'_>, key: &'static str) {
        if !self.filled.borrow_mut().insert((node.id, key)) {
            return;
        }
        self.found_new.set(true);
        let entries = if let Value::Map(entries) = &node.value { entries.as_slice() } else { &[] };
        let problem = match entries.iter().find(|(name, _)| name.text().as_deref() == Some(key)) {
            Some((name, Node { value: Value::Null, .. })) => Diagnostic::new(
                "missing-key",
                self.segment.span(self.global(name)),
                format!("the key `{key}` has no value"),
            ),
            Some(_) => return,
            None if self.is_misspelt(entries, key) || self.defaults.is_some_and(|known| known.has(key)) => return,
            None => {
                Diagnostic::new("missing-key", self.segment.span(self.global(node)), format!("missing key `{key}`"))
                    .hint(format!("add `{key}` to this record"))
            }
        };
        self.problems.borrow_mut().push(problem);
    }

    /// Whether a reported unknown key was probably meant to be this one.
    fn is_misspelt(&self, entries: &[(Node<'_>, Node<'_>)], key: &str) -> bool {
        let mut unknown = entries.iter().filter(|(name, _)| self.is_dropped(name));
        unknown.any(|(name, _)| name.text().is_some_and(|name| did_you_mean(&name, [key]).is_some()))
    }
}
