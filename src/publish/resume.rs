use std::collections::BTreeSet;

use super::{Plan, leftovers, plan};
use crate::source::{Outputs, SitePath};

/// What broken publishes left, for places where a removal is a request like any other and is counted.
#[derive(Clone, Copy, Debug)]
pub struct InterruptedPublish<'a> {
    /// What was published before, without the unreached.
    pub manifest: &'a Outputs,
    /// What was to be.
    pub intent: &'a Outputs,
    /// What earlier broken publishes left where no page leads to it, and no later one removed.
    pub unreached: &'a BTreeSet<SitePath>,
    /// All of ours that is there.
    pub current: &'a Outputs,
}

/// The steps from what a broken publish left to `new`, and the files that no page leads to until they are taken: should
/// this publish be broken off as well, they are [`InterruptedPublish::unreached`] to the next.
///
/// What no page leads to is not taken away first, as [`leftovers`] asks, but written over where it would be added, or
/// removed at the end. That keeps the same promise: until all that is new is there, nothing leads to a leftover, and by
/// then it is as `new` has it. A leftover that is so already is not written again, so a publish that is taken up where
/// it stopped repeats nothing.
pub fn resume(broken: InterruptedPublish<'_>, new: &Outputs) -> (Plan, BTreeSet<SitePath>) {
    let InterruptedPublish { manifest, intent, unreached, current } = broken;
    let mut unreached: BTreeSet<SitePath> =
        unreached.iter().filter(|path| !intent.contains_key(*path) && current.contains_key(*path)).cloned().collect();
    unreached.extend(leftovers(manifest, intent, current));
    let mut old = current.clone();
    old.retain(|path, _| !(unreached.contains(path) && new.contains_key(path)));
    let mut plan = plan(&old, new);
    let is_done = |path: &SitePath| {
        current.get(path).zip(new.get(path)).is_some_and(|(now, meant)| now.hash == meant.hash && now.len == meant.len)
    };
    plan.steps.retain(|step| step.stage.removes() || !is_done(&step.path));
    (plan, unreached)
}
