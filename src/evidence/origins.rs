use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::standing::Shared;
use super::{Ledger, Support};

/// The most originals that one source may go back to; more is no document that anybody read.
const LIMIT: usize = 64;

/// What each source goes back to in the end: the originals reached by `draws_on`, or itself where it draws on nothing.
/// Two sources that share anything on the way share one of these.
///
/// Originals are numbered: sources first, then entities. Sources that draw on each other in a circle are one original.
#[derive(Debug)]
pub(super) struct Origins {
    roots: Vec<Arc<[u32]>>,
    names: Vec<Arc<str>>,
}

/// How the sources of a claim or an event hang together.
#[derive(Debug, Default)]
pub(super) struct Independence {
    /// The number of groups that share no original.
    pub origins: usize,
    /// The names of the sources, each once, in order.
    pub sources: Vec<Arc<str>>,
    /// An original that all of them share.
    pub shared: Option<Shared>,
}

impl Origins {
    /// Works out the originals of every source, however long and however circular the chains are.
    pub fn of(ledger: &Ledger) -> Self {
        let count = ledger.sources.len();
        let edges: Vec<Vec<u32>> = ledger
            .sources
            .iter()
            .map(|source| source.draws_on.iter().filter_map(|on| ledger.origin_number(on)).collect())
            .collect();
        let names = ledger.sources.iter().map(|source| Arc::from(source.name()));
        let names = names.chain(ledger.entities.iter().map(|entity| Arc::from(entity.name.as_str()))).collect();
        let mut roots: Vec<Option<Arc<[u32]>>> = vec![None; count];
        for group in components(&edges) {
            let mut found: Vec<u32> = Vec::new();
            let own: FxHashSet<u32> = group.iter().copied().collect();
            for on in group.iter().filter_map(|source| edges.get(*source as usize)).flatten() {
                match roots.get(*on as usize) {
                    _ if own.contains(on) => {}
                    Some(Some(roots)) => found.extend(roots.iter().copied()),
                    _ => found.push(*on),
                }
            }
            if found.is_empty() {
                found.extend(group.iter().min());
            }
            found.sort_unstable();
            found.dedup();
            found.truncate(LIMIT);
            let found: Arc<[u32]> = found.into();
            for source in group {
                if let Some(slot) = roots.get_mut(source as usize) {
                    *slot = Some(Arc::clone(&found));
                }
            }
        }
        Self { roots: roots.into_iter().map(Option::unwrap_or_default).collect(), names }
    }

    /// How these citations hang together.
    pub fn independence<'a>(&self, ledger: &Ledger, citations: impl Iterator<Item = &'a Support>) -> Independence {
        let mut groups = Groups::default();
        let (mut sources, mut seen) = (Vec::new(), FxHashSet::default());
        let mut shared: Option<Vec<u32>> = None;
        for citation in citations {
            let Some(source) = ledger.source_number(&citation.source) else { continue };
            // The source itself keeps its citations together: nobody corroborates himself.
            let mut roots = vec![source];
            roots.extend(self.roots.get(source as usize).into_iter().flat_map(|own| own.iter().copied()));
            for on in citation.draws_on.iter().filter_map(|on| ledger.origin_number(on)) {
                match self.roots.get(on as usize) {
                    Some(found) => roots.extend(found.iter().copied()),
                    None => roots.push(on),
                }
            }
            groups.join(&roots);
            shared = Some(match shared {
                None => roots,
                Some(before) if before.is_empty() => before,
                Some(before) => {
                    let roots: FxHashSet<u32> = roots.into_iter().collect();
                    before.into_iter().filter(|root| roots.contains(root)).collect()
                }
            });
            if seen.insert(source) {
                sources.push(source);
            }
        }
        let name = |number: &u32| self.names.get(*number as usize).cloned();
        let shared = shared.unwrap_or_default();
        let shared = shared.first().and_then(|root| Some(Shared { name: name(root)?, cited: seen.contains(root) }));
        Independence { origins: groups.count(), sources: sources.iter().filter_map(name).collect(), shared }
    }
}

/// Union-find over originals.
#[derive(Default)]
struct Groups {
    parent: FxHashMap<u32, u32>,
}

impl Groups {
    fn find(&mut self, mut item: u32) -> u32 {
        while let Some(parent) = self.parent.get(&item).copied().filter(|parent| *parent != item) {
            let above = self.parent.get(&parent).copied().unwrap_or(parent);
            self.parent.insert(item, above);
            item = above;
        }
        self.parent.entry(item).or_insert(item);
        item
    }

    fn join(&mut self, items: &[u32]) {
        let Some((first, rest)) = items.split_first() else { return };
        let mut top = self.find(*first);
        for item in rest {
            let other = self.find(*item);
            self.parent.insert(other, top);
            top = self.find(top);
        }
    }

    fn count(&self) -> usize {
        self.parent.iter().filter(|(item, parent)| item == parent).count()
    }
}

/// The strongly connected components of a graph, each after all that it leads to (Tarjan 1972, without recursion).
/// Edges to numbers beyond the graph are passed over.
fn components(edges: &[Vec<u32>]) -> Vec<Vec<u32>> {
    let mut search = Search { edges, order: vec![0; edges.len()], low: vec![0; edges.len()], ..Search::default() };
    for start in 0..edges.len() {
        search.visit(start);
    }
    search.found
}

#[derive(Default)]
struct Search<'a> {
    edges: &'a [Vec<u32>],
    /// When each node was first seen, from 1; 0 for not yet.
    order: Vec<u32>,
    low: Vec<u32>,
    clock: u32,
    stack: Vec<usize>,
    on_stack: FxHashSet<usize>,
    found: Vec<Vec<u32>>,
}

impl Search<'_> {
    fn visit(&mut self, start: usize) {
        if self.order.get(start).is_none_or(|order| *order != 0) {
            return;
        }
        let mut path = vec![(start, 0)];
        self.enter(start);
        while let Some((node, next)) = path.last_mut() {
            let node = *node;
            let edges = self.edges;
            let on = edges.get(node).and_then(|edges| edges.get(*next)).map(|on| *on as usize);
            *next += 1;
            match on {
                Some(on) if self.order.get(on) == Some(&0) => {
                    self.enter(on);
                    path.push((on, 0));
                }
                Some(on) => {
                    if self.on_stack.contains(&on) {
                        self.lower(node, self.order.get(on).copied());
                    }
                }
                None => {
                    path.pop();
                    if let Some((above, _)) = path.last() {
                        self.lower(*above, self.low.get(node).copied());
                    }
                    if self.low.get(node) == self.order.get(node) {
                        self.close(node);
                    }
                }
            }
        }
    }

    fn enter(&mut self, node: usize) {
        self.clock += 1;
        if let (Some(order), Some(low)) = (self.order.get_mut(node), self.low.get_mut(node)) {
            (*order, *low) = (self.clock, self.clock);
        }
        self.stack.push(node);
        self.on_stack.insert(node);
    }

    fn lower(&mut self, node: usize, to: Option<u32>) {
        if let (Some(low), Some(to)) = (self.low.get_mut(node), to) {
            *low = (*low).min(to);
        }
    }

    fn close(&mut self, root: usize) {
        let mut group = Vec::new();
        while let Some(node) = self.stack.pop() {
            self.on_stack.remove(&node);
            group.extend(u32::try_from(node));
            if node == root {
                break;
            }
        }
        self.found.push(group);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_one_component_and_come_after_what_they_lead_to() {
        let mut groups = components(&[vec![1], vec![2], vec![0, 3], vec![9], vec![]]);
        for group in &mut groups {
            group.sort_unstable();
        }
        assert_eq!(groups, [vec![3], vec![0, 1, 2], vec![4]]);
    }

    #[test]
    fn a_long_chain_needs_no_long_stack() {
        let edges: Vec<Vec<u32>> = (1..=200_000).map(|next| vec![next]).collect();
        assert_eq!(components(&edges).len(), 200_000);
    }
}
