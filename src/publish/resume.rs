use std::collections::BTreeSet;

use super::{Plan, leftovers, plan};
use crate::source::{Outputs, SitePath};

/// The files of interrupted publishes, for stores where each removal is a request and is limited.
#[derive(Clone, Copy, Debug)]
pub struct InterruptedPublish<'a> {
    /// The files published before, without the unreached ones.
    pub manifest: &'a Outputs,
    /// The files to publish.
    pub intent: &'a Outputs,
    /// Files that earlier interrupted publishes left, that no page links to, and that no later publish removed.
    pub unreached: &'a BTreeSet<SitePath>,
    /// All existing published files.
    pub current: &'a Outputs,
}

/// The steps from the files of an interrupted publish to `new`, and the files that no page links to until the steps are
/// applied: if this publish is interrupted as well, they are [`InterruptedPublish::unreached`] for the next.
///
/// Unlinked files are not removed first, as with [`leftovers`], but overwritten where they would be added, or removed
/// at the end. That keeps the same guarantee: until all new files are written, no page links to a leftover, and by then
/// it is as in `new`. A leftover that is already as in `new` is not written again, so a publish that continues repeats
/// no work.
pub fn resume(interrupted: InterruptedPublish<'_>, new: &Outputs) -> (Plan, BTreeSet<SitePath>) {
    let InterruptedPublish { manifest, intent, unreached, current } = interrupted;
    let mut unreached: BTreeSet<SitePath> =
        unreached.iter().filter(|path| !intent.contains_key(*path) && current.contains_key(*path)).cloned().collect();
    unreached.extend(leftovers(manifest, intent, current));
    // No page links to a file either while an old compressed version of it is there: that one is removed before.
    let originals: Vec<SitePath> =
        unreached.iter().filter_map(|path| current.get(path).and_then(|output| output.original(path))).collect();
    unreached.extend(originals.into_iter().filter(|path| current.contains_key(path)));
    let mut old = current.clone();
    old.retain(|path, _| !(unreached.contains(path) && new.contains_key(path)));
    let mut plan = plan(&old, new);
    let is_done = |path: &SitePath| {
        current
            .get(path)
            .zip(new.get(path))
            .is_some_and(|(now, wanted)| now.hash == wanted.hash && now.len == wanted.len)
    };
    plan.steps.retain(|step| step.stage.removes() || !is_done(&step.path));
    (plan, unreached)
}
