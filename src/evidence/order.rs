//! What comes after what: `after` and `before` of claims, the dates of events and their claims, and the circles that
//! nothing may stand in.

use crate::data::NodeId;
use crate::diag::{Diagnostic, Diagnostics};

use super::capped::CappedDiagnostics;
use super::validate::shown;
use super::{BoundDate, Ledger, Ref, When};

/// The most circles told of each kind.
const LIMIT: usize = 20;

/// Checks that times can be as they are said to be.
pub(super) fn check(ledger: &Ledger, diagnostics: &mut Diagnostics) {
    let diagnostics = &mut CappedDiagnostics::new(diagnostics);
    event_dates(ledger, diagnostics);
    let order = Graph::order(ledger);
    let sorted = order.sort();
    if sorted.len() == ledger.claims.len() {
        claim_dates(ledger, &order, &sorted, diagnostics);
    } else {
        tell_circles(ledger, &order, "these claims all come after one another, in a circle", diagnostics);
    }
    tell_circles(ledger, &Graph::inference(ledger), "these claims are inferred from one another", diagnostics);
    tell_circles(ledger, &Graph::drawing(ledger), "these sources draw on one another", diagnostics);
}

/// An event's date meets the dates of all its claims.
fn event_dates(ledger: &Ledger, diagnostics: &mut CappedDiagnostics<'_>) {
    for event in &ledger.events {
        let Some(date) = &event.date else { continue };
        for id in &event.claims {
            let claimed = ledger.claim(id).and_then(|claim| claim.date.as_ref());
            let Some(claimed) = claimed.filter(|claimed| !claimed.meets(date)) else { continue };
            let message = format!(
                "the event is dated `{}`, but its claim `{}` is dated `{}`",
                date.edtf(),
                shown(id),
                claimed.edtf()
            );
            let mut problem = Diagnostic::new("date-conflict", ledger.span(date), message);
            problem.labels.extend(ledger.span(claimed).map(|span| (span, "the date of the claim".to_owned())));
            diagnostics.push(problem.hint("correct one of the dates, or remove the claim from the event"));
        }
    }
}

/// A claim is not dated before all that it comes after, however far that is up the chain. `sorted` is from first to last.
fn claim_dates(ledger: &Ledger, order: &Graph, sorted: &[usize], diagnostics: &mut CappedDiagnostics<'_>) {
    let mut earliest: Vec<Option<(BoundDate, usize)>> = vec![None; ledger.claims.len()];
    for &number in sorted {
        let Some(claim) = ledger.claims.get(number) else { continue };
        let date = claim.date.as_ref();
        let inherited = earliest.get(number).copied().flatten();
        if let (Some(date), Some((day, from))) = (date, inherited)
            && date.latest().is_some_and(|end| end < day)
            && let Some(first) = ledger.claims.get(from)
        {
            let message = format!(
                "`{}` is dated `{}`, but it comes after `{}`, which is dated `{}`",
                shown(&claim.id),
                date.edtf(),
                shown(&first.id),
                first.date.as_ref().map(|date| date.edtf()).unwrap_or_default()
            );
            let mut problem = Diagnostic::new("impossible-order", ledger.span(date), message);
            let place = first.date.as_ref().and_then(|date| ledger.span(date));
            problem.labels.extend(place.map(|span| (span, "the date of the earlier one".to_owned())));
            diagnostics.push(problem.hint("correct a date, or the `after` and `before` of the claims"));
        }
        let own = date.and_then(|date: &crate::data::Spanned<When>| date.earliest()).map(|day| (day, number));
        let here = own.into_iter().chain(inherited).max_by_key(|(day, _)| *day);
        for (next, _) in order.edges.get(number).into_iter().flatten() {
            if let Some(slot) = earliest.get_mut(*next) {
                *slot = slot.iter().copied().chain(here).max_by_key(|(day, _)| *day);
            }
        }
    }
}

fn tell_circles(ledger: &Ledger, graph: &Graph, what: &str, diagnostics: &mut CappedDiagnostics<'_>) {
    for circle in graph.circles() {
        let names: Vec<String> =
            circle.iter().take(6).map(|(number, _)| format!("`{}`", shown(&graph.name(ledger, *number)))).collect();
        let more = if circle.len() > names.len() { " and more" } else { "" };
        let mut places = circle.iter().filter_map(|(_, node)| ledger.places.span(*node));
        let message = format!("{what}: {}{more}", names.join(", "));
        let mut problem = Diagnostic::new("circular-reference", places.next(), message);
        problem.labels.extend(places.take(5).map(|span| (span, "and this".to_owned())));
        diagnostics.push(problem.hint("remove one of these references"));
    }
}

/// Records and the references from one to another; each edge knows the place that makes it.
struct Graph {
    edges: Vec<Vec<(usize, NodeId)>>,
    of_sources: bool,
}

impl Graph {
    /// From each claim to those that come after it.
    fn order(ledger: &Ledger) -> Self {
        let mut edges = vec![Vec::new(); ledger.claims.len()];
        let mut add = |from: usize, to: usize, node| {
            if let Some(list) = edges.get_mut(from) {
                list.push((to, node));
            }
        };
        for (number, claim) in ledger.claims.iter().enumerate() {
            for id in &claim.after {
                if let Some(other) = ledger.index.claims.get(id.as_str()) {
                    add(*other as usize, number, id.node);
                }
            }
            for id in &claim.before {
                if let Some(other) = ledger.index.claims.get(id.as_str()) {
                    add(number, *other as usize, id.node);
                }
            }
        }
        Self { edges, of_sources: false }
    }

    /// From each claim to those it is inferred from.
    fn inference(ledger: &Ledger) -> Self {
        let to = |id: &Ref| ledger.index.claims.get(id.as_str()).map(|other| (*other as usize, id.node));
        let from = |claim: &super::Claim| claim.inferred.iter().flat_map(|found| &found.from).filter_map(to).collect();
        Self { edges: ledger.claims.iter().map(from).collect(), of_sources: false }
    }

    /// From each source to those it draws on.
    fn drawing(ledger: &Ledger) -> Self {
        let to = |id: &Ref| ledger.index.sources.get(id.as_str()).map(|other| (*other as usize, id.node));
        let on = |source: &super::Source| source.draws_on.iter().filter_map(to).collect();
        Self { edges: ledger.sources.iter().map(on).collect(), of_sources: true }
    }

    fn name(&self, ledger: &Ledger, number: usize) -> String {
        let id = match self.of_sources {
            true => ledger.sources.get(number).map(|source| source.id.value.clone()),
            false => ledger.claims.get(number).map(|claim| claim.id.value.clone()),
        };
        id.unwrap_or_default()
    }

    /// The nodes so that every edge goes forward; those in circles, and after them, are absent (Kahn 1962).
    fn sort(&self) -> Vec<usize> {
        let mut waiting = vec![0_usize; self.edges.len()];
        for (to, _) in self.edges.iter().flatten() {
            if let Some(count) = waiting.get_mut(*to) {
                *count += 1;
            }
        }
        let mut sorted: Vec<usize> = (0..self.edges.len()).filter(|node| waiting.get(*node) == Some(&0)).collect();
        let mut next = 0;
        while let Some(node) = sorted.get(next).copied() {
            next += 1;
            for (to, _) in self.edges.get(node).into_iter().flatten() {
                if let Some(count) = waiting.get_mut(*to) {
                    *count -= 1;
                    if *count == 0 {
                        sorted.push(*to);
                    }
                }
            }
        }
        sorted
    }

    /// The first circles, each as its nodes with the place that leads on from each. Every node is walked once, so of
    /// circles that share a node some may be told only after the others are gone.
    fn circles(&self) -> Vec<Vec<(usize, NodeId)>> {
        /// Not yet seen, on the path walked now, done.
        #[derive(Clone, Copy, PartialEq)]
        enum Seen {
            Never,
            Now,
            Before,
        }
        let mut seen = vec![Seen::Never; self.edges.len()];
        let mut circles = Vec::new();
        for start in 0..self.edges.len() {
            if seen.get(start) != Some(&Seen::Never) {
                continue;
            }
            // Each step: a node, its next edge, and the place of the edge that was taken.
            let mut path: Vec<(usize, usize, NodeId)> = vec![(start, 0, 0)];
            while let Some((node, next, taken)) = path.last_mut() {
                if let Some(state) = seen.get_mut(*node) {
                    *state = Seen::Now;
                }
                let here = *node;
                let Some((to, place)) = self.edges.get(here).and_then(|edges| edges.get(*next)).copied() else {
                    if let Some(state) = seen.get_mut(here) {
                        *state = Seen::Before;
                    }
                    path.pop();
                    continue;
                };
                *next += 1;
                *taken = place;
                match seen.get(to) {
                    Some(Seen::Never) => path.push((to, 0, 0)),
                    Some(Seen::Now) if circles.len() < LIMIT => {
                        let from = path.iter().position(|(node, _, _)| *node == to).unwrap_or_default();
                        circles.push(path.iter().skip(from).map(|(node, _, place)| (*node, *place)).collect());
                    }
                    _ => {}
                }
            }
        }
        circles
    }
}
