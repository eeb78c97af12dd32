use std::collections::BTreeSet;

use futures_util::stream::{self, StreamExt, TryStreamExt};
use object_store::UpdateVersion;

use super::bucket::{StateWriteError, StoredState, unknown_identity};
use super::{Bucket, Objects, State, StoreError, StoreErrors};
use crate::publish::{InterruptedPublish, Manifest, Plan, plan, resume};
use crate::source::{Files, Output, Outputs, SitePath};

/// How long a publish counts as running after it last wrote the state, in minutes. Twice the clock difference that S3
/// and Azure allow; a running one writes the state every [`super::steps::HEARTBEAT`].
const STALE_MINUTES: u64 = 30;
/// How often a write of the state is retried after another process wrote it.
const TRIES: usize = 5;

/// Who publishes, and the options.
#[derive(Clone, Debug)]
pub struct Options {
    /// The key of this site.
    pub site: String,
    /// The id of this run.
    pub run: String,
    /// The last run from the same folder; since we hold that folder's lock, it has ended.
    pub ended: Option<String>,
    /// Who publishes, for messages.
    pub by: String,
    /// The time, in seconds since 1970.
    pub now: i64,
    /// How many objects may be removed.
    pub max_deletes: usize,
    /// How many objects are sent at a time.
    pub jobs: usize,
    /// Whether to take over a publish that may still be running.
    pub take_over: bool,
    /// Whether to replace another site.
    pub replace_site: bool,
    /// Whether to check every published object, instead of trusting the manifest.
    pub repair: bool,
}

/// The result of a publish.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// The applied steps.
    pub plan: Plan,
    /// Objects that were unchanged.
    pub unchanged: usize,
    /// Bytes that were sent.
    pub bytes: u64,
    /// Whether an interrupted publish was continued.
    pub resumed: bool,
}

/// A publish in progress.
pub struct Session<'a> {
    pub(super) bucket: &'a Bucket,
    pub(super) objects: &'a Objects,
    pub(super) options: Options,
    /// The state of the bucket, as of the last request.
    state: State,
    version: Option<UpdateVersion>,
    /// Published objects, as they are.
    pub(super) current: Outputs,
    /// Objects to publish.
    target: Outputs,
    unreached: BTreeSet<SitePath>,
    pub(super) plan: Plan,
}

impl<'a> Session<'a> {
    /// Reads the state of the bucket and makes the plan. Nothing is written.
    ///
    /// # Errors
    /// When the state cannot be read, the bucket holds another site, or another publish is running.
    pub async fn begin(bucket: &'a Bucket, objects: &'a Objects, options: Options) -> Result<Self, StoreError> {
        let found = bucket.read_state().await?;
        if let Some(found) = &found {
            check_available(found, &options)?;
        }
        let (state, version) = found.map_or_else(Default::default, |found| (found.state, Some(found.version)));
        let target: Outputs =
            objects.iter().map(|(path, object)| (path.clone(), object.identity(bucket.is_remote))).collect();
        let current = survey(bucket, &state, &target, &options).await?;
        let (plan, unreached) = match &state.intent {
            None => (plan(&current, &target), BTreeSet::new()),
            Some(intent) => {
                let State { manifest, unreached, .. } = &state;
                let (manifest, intent) = (&manifest.outputs, &intent.outputs);
                resume(InterruptedPublish { manifest, intent, unreached, current: &current }, &target)
            }
        };
        Ok(Self { bucket, objects, options, state, version, current, target, unreached, plan })
    }

    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The number of bytes to send.
    pub fn bytes(&self) -> u64 {
        self.plan.writes().filter_map(|path| self.objects.get(path)).map(|object| object.output.len).sum()
    }

    /// Objects that are unchanged.
    pub fn unchanged(&self) -> usize {
        self.target.len() - self.plan.writes().count()
    }

    /// Why the plan may not be applied.
    pub fn refusal(&self) -> Option<StoreError> {
        let (count, max) = (self.plan.deletes().count(), self.options.max_deletes);
        (count > max).then_some(StoreError::TooManyDeletes { count, max })
    }

    /// Applies the plan; calls `progress` with the number of bytes after each object that was sent.
    ///
    /// # Errors
    /// Why it could not be completed. Readers see a consistent site in any case, and the next publish continues.
    pub async fn publish(mut self, files: &dyn Files, progress: &dyn Fn(u64)) -> Result<Published, StoreErrors> {
        if let Some(refusal) = self.refusal() {
            return Err(refusal.into());
        }
        let (unchanged, bytes, resumed) = (self.unchanged(), self.bytes(), self.state.intent.is_some());
        let site = self.options.site.clone();
        let after = State {
            run: self.options.run.clone(),
            by: self.options.by.clone(),
            manifest: Manifest { site: site.clone(), outputs: self.target.clone() },
            ..State::default()
        };
        let is_settled =
            State { run: self.state.run.clone(), by: self.state.by.clone(), ..after.clone() } == self.state;
        if self.plan.is_empty() && is_settled {
            return Ok(Published { unchanged, ..Published::default() });
        }
        if !self.plan.is_empty() && !self.is_single() {
            let mut before = self.current.clone();
            before.retain(|path, _| !self.unreached.contains(path));
            let intent = State {
                live: true,
                unreached: self.unreached.clone(),
                manifest: Manifest { site: self.state.manifest.site.clone(), outputs: before },
                intent: Some(Manifest { site, outputs: self.target.clone() }),
                ..after.clone()
            };
            self.write(intent).await?;
        }
        if let Err(faults) = self.apply_steps(files, progress).await {
            if self.state.live {
                // Other publishers need not wait for a run that has ended; if this cannot be written, they wait.
                drop(self.write(State { live: false, ..self.state.clone() }).await);
            }
            return Err(faults);
        }
        if let Err(fault) = self.write(after).await {
            self.mark_unsure(self.plan.steps.len()).await;
            return Err(fault.into());
        }
        Ok(Published { plan: self.plan, unchanged, bytes, resumed })
    }

    /// Whether the plan is to overwrite one published object. That needs no intent: the object is a published one
    /// before and after.
    fn is_single(&self) -> bool {
        let [step] = &*self.plan.steps else { return false };
        let settled = self.state.intent.is_none() && self.state.unsure.is_empty();
        settled
            && !step.stage.removes()
            && self.state.manifest.outputs.contains_key(&step.path)
            && self.state.manifest.site == self.options.site
    }

    /// Writes the state to show that this run is still active.
    pub(super) async fn write_heartbeat(&mut self) -> Result<(), StoreError> {
        if self.state.live { self.write(self.state.clone()).await } else { Ok(()) }
    }

    /// Writes the state, unless another run has. What others added to our state meanwhile is kept.
    async fn write(&mut self, mut next: State) -> Result<(), StoreError> {
        for _ in 0..TRIES {
            let bytes = next.to_bytes();
            match self.bucket.write_state(&bytes, self.version.as_ref()).await {
                Ok(version) => {
                    (self.version, self.state) = (Some(version), next);
                    return Ok(());
                }
                Err(StateWriteError::Failed(fault)) => return Err(fault),
                Err(StateWriteError::Changed) => {}
            }
            let Some(found) = self.bucket.read_state().await? else {
                return Err(StoreError::Overtaken { by: "a process that removed its state".to_owned() });
            };
            // It was written by us, and only the response was lost.
            if found.bytes == bytes {
                (self.version, self.state) = (Some(found.version), next);
                return Ok(());
            }
            if found.state.run != self.options.run {
                return Err(StoreError::Overtaken { by: found.state.by });
            }
            next.unsure.extend(found.state.unsure);
            self.version = Some(found.version);
        }
        Err(StoreError::Overtaken { by: "another publish".to_owned() })
    }

    /// After another publish came first: marks the objects of our first `steps` steps as unsure in its state. If that
    /// fails, `--repair` finds them.
    pub(super) async fn mark_unsure(&self, steps: usize) {
        for _ in 0..TRIES {
            let Ok(Some(mut found)) = self.bucket.read_state().await else { return };
            if found.state.run == self.options.run {
                return;
            }
            found.state.unsure.extend(self.plan.steps.iter().take(steps).map(|step| step.path.clone()));
            let written = self.bucket.write_state(&found.state.to_bytes(), Some(&found.version)).await;
            if !matches!(written, Err(StateWriteError::Changed)) {
                return;
            }
        }
    }
}

/// Checks that this run may publish to the bucket now.
fn check_available(found: &StoredState, options: &Options) -> Result<(), StoreError> {
    let State { run, by, live, manifest, .. } = &found.state;
    if !manifest.site.is_empty() && manifest.site != options.site && !options.replace_site {
        return Err(StoreError::OtherSite { there: manifest.site.clone() });
    }
    // A time ahead of our clock counts as now.
    let minutes = u64::try_from(options.now - found.written).unwrap_or(0) / 60;
    let has_ended = options.take_over || minutes >= STALE_MINUTES || options.ended.as_ref() == Some(run);
    if *live && !has_ended {
        return Err(StoreError::Busy { by: by.clone(), minutes });
    }
    Ok(())
}

/// The published objects. The manifest is trusted; only objects that interrupted publishes may have changed are
/// checked, or all with `repair`.
async fn survey(bucket: &Bucket, state: &State, target: &Outputs, options: &Options) -> Result<Outputs, StoreError> {
    let manifest = &state.manifest.outputs;
    let intended = state.intent.as_ref().map(|intent| &intent.outputs);
    let is_sure = |path: &SitePath| {
        let unchanged = intended.is_none_or(|intended| intended.get(path) == manifest.get(path));
        let counted = !state.unsure.contains(path) && !state.unreached.contains(path);
        !options.repair && unchanged && counted
    };
    let (sure, unsure): (Vec<&SitePath>, Vec<&SitePath>) = state.owned().into_iter().partition(|path| is_sure(path));
    let mut current: Outputs =
        sure.into_iter().filter_map(|path| Some((path.clone(), manifest.get(path)?.clone()))).collect();
    let looks = stream::iter(unsure).map(async |path| Ok((path, bucket.read_identity(path, bucket.is_remote).await?)));
    let found: Vec<_> = looks.buffer_unordered(options.jobs).try_collect().await?;
    for (path, hash) in found {
        let Some(hash) = hash else { continue };
        let candidates = [manifest.get(path), intended.and_then(|intended| intended.get(path)), target.get(path)];
        let known = candidates.into_iter().flatten().find(|output| output.hash == hash);
        let is_ours = manifest.contains_key(path) || state.unsure.contains(path) || state.unreached.contains(path);
        let role = candidates.into_iter().flatten().next().map_or(crate::source::Role::Asset, |output| output.role);
        match known {
            Some(output) => drop(current.insert(path.clone(), output.clone())),
            // A length that no object has, so that it is written again.
            None if is_ours => {
                current.insert(path.clone(), Output { hash: unknown_identity(), len: u64::MAX, role });
            }
            None => {}
        }
    }
    Ok(current)
}
