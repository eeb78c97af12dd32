use std::sync::Arc;

use crate::diag::Diagnostic;

use super::decode::Decoder;
use super::error::one_of;
use super::node::{Node, Value};
use super::source_map::Segment;

/// The default values for the records of a file: the keys of a first item `- defaults:`.
pub(super) struct FileDefaults<'a> {
    segment: Arc<Segment>,
    entries: Vec<(Node<'a>, Node<'a>)>,
}

/// The default values with their decoder, for the records of one segment.
#[derive(Clone, Copy)]
pub(super) struct Defaults<'a> {
    pub entries: &'a [(Node<'a>, Node<'a>)],
    pub decoder: &'a Decoder<'a>,
}

impl Defaults<'_> {
    /// Whether a key has a default value.
    pub fn has(self, key: &str) -> bool {
        self.entries.iter().any(|(name, _)| name.text().as_deref() == Some(key))
    }
}

impl<'a> FileDefaults<'a> {
    /// Removes the defaults from the first segment of a file, and returns them.
    pub fn extract(root: &mut Node<'a>, segment: &Arc<Segment>, problems: &mut Vec<Diagnostic>) -> Option<Self> {
        let Value::List(items) = &mut root.value else { return None };
        let is_defaults = |item: &Node<'_>| matches!(&item.value, Value::Map(entries) if entries.iter().any(|(key, _)| key.text().as_deref() == Some("defaults")));
        if !items.first().is_some_and(is_defaults) {
            return None;
        }
        let Value::Map(entries) = items.remove(0).value else { return None };
        let span = |node: &Node<'_>| segment.span(segment.first.saturating_add(node.id));
        let mut found = None;
        for (key, value) in entries {
            match (key.text().as_deref(), value.value) {
                (Some("defaults"), Value::Map(entries)) if found.is_none() => found = Some(entries),
                (Some("defaults"), Value::Null) => {}
                (Some("defaults"), _) => {
                    problems.push(Diagnostic::new(
                        "wrong-type",
                        span(&key),
                        "expected keys and values after `defaults`",
                    ));
                }
                (name, _) => {
                    let message = format!("unknown key {} beside `defaults`", one_of(&[name.unwrap_or_default()]));
                    let hint = "put it below `defaults`, two spaces deeper, or start a record with `- id:`";
                    problems.push(Diagnostic::new("unknown-key", span(&key), message).hint(hint));
                }
            }
        }
        let mut entries = found?;
        // Two records with one id are never meant.
        entries.retain(|(key, _)| {
            let is_id = key.text().as_deref() == Some("id");
            if is_id {
                let found = Diagnostic::new("unknown-key", span(key), "an `id` cannot be a default");
                problems.push(found.hint("give each record an id of its own"));
            }
            !is_id
        });
        Some(Self { segment: Arc::clone(segment), entries })
    }

    /// A new decoder, for the records of one segment.
    pub fn decoder(&self) -> Decoder<'_> {
        Decoder::new(&self.segment)
    }

    /// Their keys and values.
    pub fn entries(&self) -> &[(Node<'a>, Node<'a>)] {
        &self.entries
    }
}
