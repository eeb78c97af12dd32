//! What the values of a library refer to: `@string`s, and the entries that others take fields from.

use biblatex::{Field, RawBibliography, RawChunk};
use rustc_hash::FxHashMap;

use crate::bibliography::entry::{Fault, shown};

/// The most bytes that `@string`s may add to a library, and that entries may take from others.
const GROWTH: usize = 16 << 20;

/// How deep entries may take fields from one another.
const DEPTH: usize = 8;

pub(super) const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The `@string`s of a library, by their names in small letters.
pub(super) struct Strings {
    known: FxHashMap<String, String>,
    grown: usize,
}

impl Strings {
    pub(super) fn of(raw: &RawBibliography<'_>) -> Result<Self, Fault> {
        let mut strings = Self { known: FxHashMap::default(), grown: 0 };
        for defined in &raw.abbreviations {
            let value = strings.value(&defined.value.v)?;
            strings.known.insert(defined.key.v.to_lowercase(), value);
        }
        Ok(strings)
    }

    /// A value with each name replaced by the string that was defined before it.
    pub(super) fn value(&mut self, field: &Field<'_>) -> Result<String, Fault> {
        let mut value = String::new();
        for chunk in field {
            match chunk.v {
                RawChunk::Normal(text) => value.push_str(text),
                RawChunk::Abbreviation(name) => {
                    let folded = name.to_lowercase();
                    let text = match self.known.get(&folded) {
                        Some(text) => text,
                        None if MONTHS.contains(&folded.as_str()) => name,
                        None => {
                            let message = format!(
                                "not BibTeX: `{}` is neither in braces nor a `@string` defined before",
                                shown(name)
                            );
                            return Err(Fault::new(chunk.span.start, message));
                        }
                    };
                    self.grown += text.len();
                    if self.grown > GROWTH {
                        return Err(Fault::new(
                            chunk.span.start,
                            "`@string`s make the library more than 16 MiB longer",
                        ));
                    }
                    value.push_str(text);
                }
            }
        }
        Ok(value)
    }
}

/// An entry, as far as it refers to others.
pub(super) struct Node<'a> {
    pub key: &'a str,
    pub at: usize,
    pub len: usize,
    /// The keys of the entries that it takes fields from.
    pub parents: Vec<&'a str>,
}

/// Checks that entries take fields from others in a way that ends, and soon.
pub(super) fn check_parents(nodes: &[Node<'_>]) -> Result<(), Fault> {
    let places: FxHashMap<&str, usize> = nodes.iter().enumerate().map(|(place, node)| (node.key, place)).collect();
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    // For each entry how many parents are left to visit, how deep it is, and how many bytes it takes.
    let mut state = vec![(0_usize, 0_usize, 0_usize); nodes.len()];
    for (place, node) in nodes.iter().enumerate() {
        for parent in node.parents.iter().filter_map(|parent| places.get(parent)) {
            children.get_mut(*parent).into_iter().for_each(|children| children.push(place));
            state.get_mut(place).into_iter().for_each(|state| state.0 += 1);
        }
    }
    let mut ready: Vec<usize> =
        (0..nodes.len()).filter(|place| state.get(*place).is_some_and(|state| state.0 == 0)).collect();
    let mut grown = 0_usize;
    while let Some(place) = ready.pop() {
        let (Some(node), Some((_, depth, taken))) = (nodes.get(place), state.get(place).copied()) else { continue };
        grown = grown.saturating_add(taken);
        if depth > DEPTH || grown > GROWTH {
            let message =
                format!("entries take fields from one another more than {DEPTH} deep, or more than 16 MiB of them");
            return Err(Fault::new(node.at, message));
        }
        for child in children.get(place).into_iter().flatten() {
            let Some(state) = state.get_mut(*child) else { continue };
            *state = (state.0 - 1, state.1.max(depth + 1), state.2.saturating_add(taken).saturating_add(node.len));
            if state.0 == 0 {
                ready.push(*child);
            }
        }
    }
    let endless = nodes.iter().zip(&state).find(|(_, state)| state.0 > 0);
    endless.map_or(Ok(()), |(node, _)| {
        Err(Fault::new(node.at, format!("the `crossref` or `xdata` of `{}` leads back to itself", shown(node.key))))
    })
}
