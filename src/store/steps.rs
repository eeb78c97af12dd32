use std::time::Duration;

use futures_util::stream::{self, StreamExt};

use super::{Bucket, Objects, Session, StoreError, StoreErrors};
use crate::publish::Step;
use crate::source::{Files, Outputs};

/// How often a long publish writes the state.
pub(super) const HEARTBEAT: Duration = Duration::from_secs(300);

impl Session<'_> {
    /// Applies the steps of the plan, stage by stage; those of one stage in parallel.
    pub(super) async fn apply_steps(&mut self, files: &dyn Files, progress: &dyn Fn(u64)) -> Result<(), StoreErrors> {
        let steps = self.plan.steps.clone();
        let current = self.current.clone();
        let (bucket, objects, jobs) = (self.bucket, self.objects, self.options.jobs);
        let mut heartbeat = tokio::time::interval_at(tokio::time::Instant::now() + HEARTBEAT, HEARTBEAT);
        let mut applied = 0;
        for stage in steps.chunk_by(|one, next| one.stage == next.stage) {
            applied += stage.len();
            let apply = |step| apply(bucket, objects, &current, files, step);
            let mut work = stream::iter(stage).map(apply).buffer_unordered(jobs);
            let mut faults = StoreErrors::new();
            loop {
                let done = tokio::select! {
                    done = work.next() => done,
                    _ = heartbeat.tick() => {
                        if let Err(fault) = self.write_heartbeat().await {
                            drop(work);
                            self.mark_unsure(applied).await;
                            return Err(fault.into());
                        }
                        continue;
                    }
                };
                match done {
                    None => break,
                    Some(Ok(bytes)) => progress(bytes),
                    // Report all foreign objects, not only the first.
                    Some(Err(fault @ StoreError::Foreign { .. })) => faults.push(fault),
                    Some(Err(fault)) => {
                        faults.push(fault);
                        return Err(faults);
                    }
                }
            }
            if !faults.is_empty() {
                faults.sort_by_key(ToString::to_string);
                return Err(faults);
            }
        }
        Ok(())
    }
}

/// Applies one step, and returns the number of bytes sent.
async fn apply(
    bucket: &Bucket,
    objects: &Objects,
    current: &Outputs,
    files: &dyn Files,
    step: &Step,
) -> Result<u64, StoreError> {
    if step.stage.removes() {
        return bucket.remove(&step.path).await.map(|()| 0);
    }
    let Some(object) = objects.get(&step.path) else { return Ok(0) };
    bucket.put(&step.path, object, files, current.contains_key(&step.path)).await.map(|()| object.output.len)
}
