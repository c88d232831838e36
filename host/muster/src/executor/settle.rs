//! Settling: what was sent, lost or promised becomes what Procore shows.

use std::collections::{BTreeMap, BTreeSet};

use muster_core::proposal::StepNumber;
use muster_core::run::{RunEntry, StepAnswer, StepState};
use muster_procore::{BatchHandle, BatchStatus, ErrorKind};

use super::group::{Group, groups};
use super::{Executor, ExecutorError, PATIENCE};

/// How often Procore is asked for the end of what it promised to do before the run stops. What is promised still then is
/// waited for when the plan is applied again.
const POLLS: usize = 60;

impl Executor<'_> {
    /// Settles what an earlier process left behind. One that ended between intent and answer leaves a call of which nobody
    /// knows whether it was sent; what Procore promised to do is waited for.
    pub(super) async fn settle(&mut self, all: &BTreeSet<StepNumber>) -> Result<(), ExecutorError> {
        let mut interrupted: BTreeMap<(u32, u32), BTreeMap<StepNumber, StepAnswer>> = BTreeMap::new();
        for (step, state) in self.run.steps() {
            if let StepState::Intended { call, attempt } = state {
                let why = "muster ended before an answer was written down".to_owned();
                interrupted.entry((*call, *attempt)).or_default().insert(*step, StepAnswer::Lost { why });
            }
        }
        if !interrupted.is_empty() {
            // What was sent just before may still be under way.
            tokio::time::sleep(PATIENCE).await;
        }
        for ((call, attempt), answers) in interrupted {
            self.write(RunEntry::Answered { call, attempt, answers }).await?;
        }
        self.keep_promises(all).await?;
        for group in groups(self.run.calls(), self.plan, all) {
            self.read_back(&group).await?;
        }
        Ok(())
    }

    /// Waits until Procore has done what it promised for these steps. It does not say for which of them it failed, only
    /// reading tells.
    pub(super) async fn keep_promises(&mut self, steps: &BTreeSet<StepNumber>) -> Result<(), ExecutorError> {
        let mut promised: BTreeMap<(u32, u32, String), BTreeSet<StepNumber>> = BTreeMap::new();
        for (step, state) in self.run.steps().iter().filter(|(step, _)| steps.contains(step)) {
            if let StepState::Promised { call, attempt, handle } = state {
                promised.entry((*call, *attempt, handle.clone())).or_default().insert(*step);
            }
        }
        for ((call, attempt, handle), steps) in promised {
            let Some(answer) = self.kept(&handle).await? else { continue };
            let answers = steps.into_iter().map(|step| (step, answer.clone())).collect();
            self.write(RunEntry::Answered { call, attempt, answers }).await?;
        }
        Ok(())
    }

    /// Returns what has become of a promise; nothing if Procore is not done with it yet.
    async fn kept(&self, handle: &str) -> Result<Option<StepAnswer>, ExecutorError> {
        let lost = |why: String| Ok(Some(StepAnswer::Lost { why }));
        let batch: BatchHandle = match handle.parse() {
            Ok(batch) => batch,
            Err(error) => return lost(format!("{error}")),
        };
        for _ in 0..POLLS {
            match self.app.connection.reads().batch(&batch).await {
                Ok(BatchStatus::Running) => tokio::time::sleep(PATIENCE).await,
                Ok(BatchStatus::Ended { failures }) => {
                    for failure in failures {
                        tracing::warn!(handle, failure, "Procore could not do all that it promised");
                    }
                    return Ok(Some(StepAnswer::Done {}));
                }
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    return lost(format!("Procore knows nothing of its promise {handle}"));
                }
                Err(error) => return Err(ExecutorError::Promise(error)),
            }
        }
        Ok(None)
    }

    /// Reads back what was answered or lost in a group.
    pub(super) async fn read_back(&mut self, group: &Group) -> Result<(), ExecutorError> {
        let unproven =
            |step: &StepNumber| matches!(self.run.steps().get(step), Some(StepState::Unproven { .. }));
        let numbers: Vec<_> = group.steps().filter(unproven).collect();
        let mut steps = Vec::new();
        for step in numbers.into_iter().filter_map(|number| self.plan.step(number)) {
            // Whoever was there for the call; where they can't be found any more, nothing can be read back.
            let created = self.live.created(self.plan, step).await?;
            steps.push(created.map_or_else(|| step.clone(), |user| step.about(user)));
        }
        let proofs: BTreeSet<_> = steps.iter().filter_map(|step| step.action.proof()).collect();
        for proof in &proofs {
            self.live.forget(proof);
        }
        self.live.know(proofs.into_iter().collect()).await?;
        let steps: BTreeMap<_, _> =
            steps.into_iter().map(|step| (step.number, step.read_back(self.live.facts()))).collect();
        if steps.is_empty() { Ok(()) } else { self.write(RunEntry::ReadBack { steps }).await }
    }
}
