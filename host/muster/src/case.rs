//! Cases as the journal tells them: one event with everything that came of it.

use jiff::Timestamp;
use muster_core::approval::Approval;
use muster_core::digest::Digest;
use muster_core::event::{Event, EventId};
use muster_core::journal::{Decided, Entry};
use muster_core::plan::{Plan, ReadPlanError};
use muster_core::run::{End, IllegalEntry, RunState};
use muster_core::verdict::{Ruling, Verdict};

use crate::store::{Store, StoreError};

/// One event with everything that came of it so far.
pub(crate) struct Case {
    pub(crate) event: Event,
    /// When it was accepted.
    pub(crate) at: Timestamp,
    /// The policies that were asked, in order.
    pub(crate) policies: Vec<Asked>,
}

/// A policy that was asked.
pub(crate) struct Asked {
    pub(crate) policy: String,
    pub(crate) decided: Decided,
    /// The recording; `None` if it could not be asked.
    pub(crate) tape: Option<Digest>,
    /// What it proposed.
    pub(crate) proposal: Option<Digest>,
    /// Whether the tape leads to the same again.
    pub(crate) reproducible: bool,
    pub(crate) plan: Option<PlanState>,
}

/// A plan, how it was judged, and how far it is.
pub(crate) struct PlanState {
    pub(crate) plan: Plan,
    /// Every verdict, the one that it got when it was made first.
    pub(crate) verdicts: Vec<Verdict>,
    pub(crate) approvals: Vec<Approval>,
    pub(crate) run: RunState,
    /// When the newest entry about it was written.
    pub(crate) at: Timestamp,
}

/// Where a plan stands, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// Nothing of it was carried out, and its verdict lets it.
    Ready,
    /// It waits for a person's approval, wholly or in part.
    Waiting,
    /// The guard refuses it, wholly or in part.
    Refused,
    /// It was begun and has not ended.
    Begun,
    /// It has ended.
    Ended(End),
}

/// Why a case can't be shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CaseError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("there is no case {0}")]
    Unknown(EventId),
    #[error(
        "there is no plan that {0:?} stands for: the first eight digits of its digest, or more, are expected"
    )]
    NoPlan(String),
    #[error("{text:?} stands for {count} plans: more digits are needed")]
    Ambiguous { text: String, count: usize },
    #[error("a plan in the store can't be read")]
    Plan(#[from] ReadPlanError),
    #[error("the journal of a run contradicts itself")]
    Journal(#[from] IllegalEntry),
}

impl Case {
    /// Folds a case from its journal.
    pub(crate) async fn load(store: &Store, id: EventId) -> Result<Self, CaseError> {
        let mut case: Option<Self> = None;
        for record in store.of_case(id).await? {
            if let Entry::Accepted { event } = record.entry {
                case = Some(Self { event, at: record.at, policies: Vec::new() });
                continue;
            }
            let case = case.as_mut().ok_or(CaseError::Unknown(id))?;
            case.apply(store, record.at, record.entry).await?;
        }
        case.ok_or(CaseError::Unknown(id))
    }

    /// Finds the case of the plan that `text` abbreviates, with the digest of that plan.
    pub(crate) async fn of_plan(store: &Store, text: &str) -> Result<(Self, Digest), CaseError> {
        let plans = store.find_plans(text).await?;
        let &[digest] = plans.as_slice() else {
            // A file that is damaged may have lost what is looked for.
            store.whole().await?;
            let text = text.chars().take(80).collect();
            return Err(match plans.len() {
                0 => CaseError::NoPlan(text),
                count => CaseError::Ambiguous { text, count },
            });
        };
        let records = store.of_plan(digest).await?;
        let id = records.first().map(|record| record.entry.case());
        let id = id.ok_or_else(|| CaseError::NoPlan(digest.short()))?;
        Ok((Self::load(store, id).await?, digest))
    }

    /// Returns a plan of this case.
    pub(crate) fn plan(&self, digest: Digest) -> Option<(&Asked, &PlanState)> {
        let plan = |asked: &'_ Asked| asked.plan.as_ref().is_some_and(|plan| plan.plan.digest() == digest);
        let asked = self.policies.iter().find(|asked| plan(asked))?;
        Some((asked, asked.plan.as_ref()?))
    }

    /// Returns those of `after` that have not done their part in this case.
    pub(crate) fn stopped_by<'a>(&self, after: &'a [String]) -> Vec<&'a str> {
        let stops = |name: &&String| {
            self.policies.iter().filter(|asked| asked.policy == **name).any(|asked| {
                match (&asked.plan, &asked.decided) {
                    (Some(plan), _) => !matches!(plan.run.end(), Some(End::Done | End::DoneWithRemainder)),
                    (None, Decided::Decision(_)) => false,
                    (None, _) => true,
                }
            })
        };
        after.iter().filter(stops).map(String::as_str).collect()
    }

    async fn apply(&mut self, store: &Store, at: Timestamp, entry: Entry) -> Result<(), CaseError> {
        match entry {
            Entry::Accepted { .. } => {}
            Entry::Decided { policy, decided, tape, proposal, reproducible, .. } => {
                self.policies.push(Asked { policy, decided, tape, proposal, reproducible, plan: None });
            }
            Entry::Planned { policy, plan, .. } => {
                let plan = Plan::from_content(plan, &store.body(plan).await?)?;
                let run = RunState::new(plan.digest(), plan.leaves_something());
                let state = PlanState { plan, verdicts: Vec::new(), approvals: Vec::new(), run, at };
                if let Some(asked) = self.policies.iter_mut().find(|asked| asked.policy == policy) {
                    asked.plan = Some(state);
                }
            }
            Entry::Judged { plan, verdict, .. } => {
                self.change(plan, at, |state| state.verdicts.push(verdict))
            }
            Entry::Approved { approval, .. } => {
                self.change(approval.plan, at, |state| state.approvals.push(approval));
            }
            Entry::Run { plan, entry, .. } => {
                let mut applied = Ok(());
                self.change(plan, at, |state| applied = state.run.apply(&entry));
                applied?;
            }
        }
        Ok(())
    }

    fn change(&mut self, plan: Digest, at: Timestamp, change: impl FnOnce(&mut PlanState)) {
        let plans = self.policies.iter_mut().filter_map(|asked| asked.plan.as_mut());
        if let Some(state) = plans.into_iter().find(|state| state.plan.digest() == plan) {
            state.at = at;
            change(state);
        }
    }
}

impl PlanState {
    /// Returns the newest verdict.
    pub(crate) fn verdict(&self) -> Option<&Verdict> {
        self.verdicts.last()
    }

    /// Returns where the plan stands.
    pub(crate) fn status(&self) -> Status {
        let ruling = self.verdict().map_or(Ruling::Refused, |verdict| verdict.ruling);
        match (self.run.end(), self.run.has_begun(), ruling) {
            (Some(end), ..) => Status::Ended(end),
            (None, _, Ruling::NeedsApproval) => Status::Waiting,
            (None, _, Ruling::Refused) => Status::Refused,
            (None, true, Ruling::Pass) => Status::Begun,
            (None, false, Ruling::Pass) => Status::Ready,
        }
    }
}
