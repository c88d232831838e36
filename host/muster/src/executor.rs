//! The executor: carries an approved plan out, call by call. The only code that can change Procore.
//!
//! Before a call it asks again how things stand and what the guard says now; an intent is durable before anything leaves
//! (invariant 5); an answer is believed once it has been read back, and the lack of one is settled by reading
//! (invariant 7). What the journal holds of an earlier attempt is where it goes on.

mod group;
mod live;
mod send;
mod settle;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use muster_core::action::{Access, Action};
use muster_core::approval::Approved;
use muster_core::digest::Digest;
use muster_core::grant::Grant;
use muster_core::guard::{self, Case, Check, Severity};
use muster_core::journal::Entry;
use muster_core::lower::{Call, Operation, lower};
use muster_core::plan::{Plan, Step};
use muster_core::proposal::StepNumber;
use muster_core::read::Read;
use muster_core::run::{End, Ended, IllegalEntry, Outcome, RunEntry, RunState, StepAnswer, StepState};
use muster_core::standing::Standing;
use muster_engine::NoAnswer;

use self::group::{Group, groups, whole};
use self::live::LiveFacts;
use self::send::Sender;
use crate::app::App;
use crate::clock;
use crate::store::{Lease, LeaseError, StoreError};

/// How often a call that provably changed nothing is sent within one run of the process. What still waits then is taken up
/// when the plan is applied again.
const TRIES: usize = 3;

/// How long is waited before a call that was not answered is read back, and before it is sent again: what Procore had
/// taken on may still be under way. Grows with every try.
const PATIENCE: Duration = Duration::from_secs(2);

/// Why a run stopped before its end. What it was about to do was not done; applying the plan again goes on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ExecutorError {
    #[error(
        "the plan {} {}",
        .plan.short(),
        match .end {
            End::Done | End::DoneWithRemainder => "has been carried out already",
            End::Cancelled => "was called off",
            End::Failed => "has been carried out already, and failed in part",
            End::Unknown => "has been carried out already, and of a part it is unknown whether it was done",
        }
    )]
    Ended { plan: Digest, end: End },
    #[error("the plan {} was made for another Procore: company {company} on {host}", .plan.short())]
    OtherTarget { plan: Digest, company: String, host: String },
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Lease(#[from] LeaseError),
    #[error("Procore does not answer how things stand; the run stopped and can be taken up again")]
    NoAnswer(#[from] NoAnswer),
    #[error("Procore does not say what has become of its promise; the run stopped and can be taken up again")]
    Promise(#[source] muster_procore::Error),
    #[error("the journal of this run contradicts itself")]
    Journal(#[from] IllegalEntry),
}

/// Carries out the approved steps of a plan, from where the journal says that it is. Returns where it stands then: ended,
/// or waiting for the approval of the steps that are left, or for a Procore that takes the changes.
#[tracing::instrument(skip_all, fields(plan = approved.plan().digest().short()))]
pub(crate) async fn run(app: &App, approved: &Approved, grant: &Grant) -> Result<RunState, ExecutorError> {
    let mut executor = Executor::take_up(app, approved.plan(), grant).await?;
    executor.begin().await?;
    // Of what an earlier process left behind only this part comes first: a login must not wait for what else it left.
    executor.settle(approved.steps()).await?;
    for group in groups(executor.run.calls(), approved.plan(), approved.steps()) {
        executor.carry_out(&group).await?;
    }
    if approved.is_whole() {
        executor.settle(&approved.plan().step_numbers()).await?;
    }
    executor.finish().await?;
    Ok(executor.run)
}

/// Settles what an interrupted run left unknown, by reading. Sends nothing, so it needs nobody's approval.
pub(crate) async fn settle(app: &App, plan: &Plan) -> Result<RunState, ExecutorError> {
    let nothing = Grant::default();
    let mut executor = Executor::take_up(app, plan, &nothing).await?;
    executor.settle(&plan.step_numbers()).await?;
    executor.finish().await?;
    Ok(executor.run)
}

/// Calls a plan off, for good: what an interrupted run left unknown is settled by reading, and nothing more is sent.
pub(crate) async fn cancel(app: &App, plan: &Plan, by: &str) -> Result<RunState, ExecutorError> {
    let nothing = Grant::default();
    let mut executor = Executor::take_up(app, plan, &nothing).await?;
    executor.begin().await?;
    executor.settle(&plan.step_numbers()).await?;
    if executor.run.end_so_far().is_none() {
        executor.write(RunEntry::Cancelled { by: by.to_owned() }).await?;
    }
    executor.finish().await?;
    Ok(executor.run)
}

/// Takes the lease on the run of a plan.
pub(crate) fn lease(app: &App, plan: Digest) -> Result<Lease, LeaseError> {
    Lease::take(&app.config.store, &format!("the run of plan {}", plan.short()))
}

/// Folds what the journal holds of the run of a plan.
pub(crate) async fn load(app: &App, plan: &Plan) -> Result<RunState, ExecutorError> {
    let mut run = RunState::new(plan.digest(), plan.leaves_something());
    for record in app.store.of_plan(plan.digest()).await? {
        if let Entry::Run { entry, .. } = record.entry {
            run.apply(&entry)?;
        }
    }
    Ok(run)
}

struct Executor<'a> {
    app: &'a App,
    plan: &'a Plan,
    grant: &'a Grant,
    run: RunState,
    live: LiveFacts,
    sender: Sender,
    /// One process at a time writes the journal of a run, or two would take each other's calls for lost ones.
    _lease: Lease,
    /// What a group of calls holds until it is read back: until then, what it changed may still be under way.
    held: BTreeMap<String, Lease>,
}

impl<'a> Executor<'a> {
    /// Takes up the run of a plan where the journal says that it is.
    async fn take_up(app: &'a App, plan: &'a Plan, grant: &'a Grant) -> Result<Self, ExecutorError> {
        check_target(app, plan)?;
        let mut held = lease(app, plan.digest());
        if let Err(LeaseError::Held { .. }) = held {
            // Somebody may only have looked whether it is held.
            tokio::time::sleep(Duration::from_millis(100)).await;
            held = lease(app, plan.digest());
        }
        let lease = held?;
        let run = load(app, plan).await?;
        if let Some(end) = run.end() {
            return Err(ExecutorError::Ended { plan: plan.digest(), end });
        }
        let live = LiveFacts::new(app.connection.reads(), app.store.clone());
        let sender = Sender::new(app.connection.writes());
        Ok(Self { app, plan, grant, run, live, sender, _lease: lease, held: BTreeMap::new() })
    }

    /// Writes an entry, and only then believes it.
    async fn write(&mut self, entry: RunEntry) -> Result<(), ExecutorError> {
        let mut next = self.run.clone();
        next.apply(&entry)?;
        let case = self.plan.content().event.id;
        let entry = Entry::Run { case, plan: self.plan.digest(), entry };
        self.app.store.append(clock::now(), vec![entry], vec![]).await?;
        self.run = next;
        Ok(())
    }

    async fn begin(&mut self) -> Result<(), ExecutorError> {
        if self.run.has_begun() {
            return Ok(());
        }
        let calls = lower(self.plan, self.plan.content().event.cut_off(clock::now()));
        self.write(RunEntry::Started { calls }).await
    }

    /// Carries out a group of calls and reads it back, again for what provably changed nothing.
    async fn carry_out(&mut self, group: &Group) -> Result<(), ExecutorError> {
        for attempt in 1..=TRIES {
            for (call, steps) in &group.calls {
                self.perform(call, steps).await?;
            }
            self.keep_promises(&group.steps().collect()).await?;
            if group.steps().any(|step| self.is_lost(step)) {
                tokio::time::sleep(PATIENCE * u32::try_from(attempt).unwrap_or(u32::MAX)).await;
            }
            let read = self.read_back(group).await;
            self.held.clear();
            read?;
            if !group.steps().any(|step| self.attempts(step).is_some()) {
                break;
            }
        }
        Ok(())
    }

    async fn perform(&mut self, call: &Call, steps: &BTreeSet<StepNumber>) -> Result<(), ExecutorError> {
        let waiting: Vec<_> = steps.iter().copied().filter(|step| self.attempts(*step).is_some()).collect();
        let waiting = self.bound(waiting).await?;
        let Some(first) = waiting.first() else { return Ok(()) };
        // What is written as a whole belongs to this call from reading to writing.
        if let Some(whole) = whole(&first.action) {
            self.hold(format!("{whole} of company {}", self.app.config.target.company)).await?;
            first.action.proof().iter().for_each(|proof| self.live.forget(proof));
        }
        // Of two admins who are deactivated at the same time each would see the other one left.
        if waiting.iter().any(|step| step.action.may_cost_an_admin().is_some()) {
            self.serialise_admins(&waiting).await?;
        }
        let operation = match &call.operation {
            Operation::Act { .. } => Operation::Act { action: first.action.clone() },
            operation => operation.clone(),
        };
        let mut ready = BTreeSet::new();
        for step in &waiting {
            match self.check(step).await? {
                None => drop(ready.insert(step.number)),
                Some(ended) => self.write(RunEntry::Settled { steps: [(step.number, ended)].into() }).await?,
            }
        }
        if ready.is_empty() {
            return Ok(());
        }
        let attempt = 1 + ready.iter().filter_map(|step| self.attempts(*step)).max().unwrap_or_default();
        self.write(RunEntry::Intended { call: call.number, attempt, steps: ready.clone() }).await?;
        let answers = self.sender.send(&operation, &ready, self.live.facts()).await;
        tracing::info!(call = call.number, attempt, ?answers, "called");
        self.write(RunEntry::Answered { call: call.number, attempt, answers }).await
    }

    /// Returns steps as they are about users that earlier steps have created. As long as a creation has not ended, what is
    /// to be done about its user waits; where it did not create anybody, it ends. Somebody whom others gave the same
    /// address meanwhile is not the user that the plan is about.
    async fn bound(&mut self, numbers: Vec<StepNumber>) -> Result<Vec<Step>, ExecutorError> {
        let mut bound = Vec::new();
        for step in numbers.into_iter().filter_map(|number| self.plan.step(number)) {
            let Some(creating) = step.action.created() else {
                bound.push(step.clone());
                continue;
            };
            match self.run.steps().get(&creating) {
                Some(StepState::Ended(Ended { outcome: Outcome::Done, .. })) => {
                    if let Some(user) = self.live.created(self.plan, step).await? {
                        bound.push(step.about(user));
                        continue;
                    }
                }
                Some(StepState::Ended(_)) => {}
                _ => continue,
            }
            let why = Some(format!("the user that step {creating} creates is not there"));
            let ended = Ended { outcome: Outcome::Skipped, why };
            self.write(RunEntry::Settled { steps: [(step.number, ended)].into() }).await?;
        }
        Ok(bound)
    }

    /// Takes the lease on the admins of the company where one of them may be deactivated, and forgets who they were.
    async fn serialise_admins(&mut self, steps: &[Step]) -> Result<(), ExecutorError> {
        let mut may_be_one = false;
        for step in steps {
            // Where it can't be told, somebody may be one.
            may_be_one |= self.live.know_for_guard(&step.action).await.is_err();
        }
        // They are asked for only where somebody may be one.
        if !may_be_one && self.live.facts().company_admins().is_none() {
            return Ok(());
        }
        self.hold(format!("the admins of company {}", self.app.config.target.company)).await?;
        self.live.forget(&Read::CompanyAdmins);
        Ok(())
    }

    /// Waits for a lease, to be held until the group of calls is read back.
    async fn hold(&mut self, subject: String) -> Result<(), ExecutorError> {
        if !self.held.contains_key(&subject) {
            let lease = Lease::wait(&self.app.config.store, &subject).await?;
            self.held.insert(subject, lease);
        }
        Ok(())
    }

    /// Asks how a step stands and what the guard says, now. Returns how it ends if it is not to be carried out.
    async fn check(&mut self, step: &Step) -> Result<Option<Ended>, ExecutorError> {
        self.live.forget_what_is_old();
        self.live.know(step.action.proof().into_iter().collect()).await?;
        let ended = |outcome, why: String| Ok(Some(Ended { outcome, why: Some(why) }));
        match step.standing(self.live.facts()) {
            Standing::AsBefore => {}
            Standing::AsWanted if matches!(step.action, Action::CreateUser { .. }) => {
                return ended(
                    Outcome::Skipped,
                    "since the plan was made somebody got that address".to_owned(),
                );
            }
            Standing::AsWanted => return ended(Outcome::Already, "it was so before".to_owned()),
            Standing::Otherwise(how) => {
                return ended(Outcome::Skipped, format!("since the plan was made it {how}"));
            }
            Standing::Unseen => {
                return ended(Outcome::Skipped, "Procore does not show it any more".to_owned());
            }
        }
        // Whoever takes an item over may have lost the login since.
        if step.action.access() == Access::Leaves && step.action.handover().is_none() {
            return Ok(None);
        }
        self.live.know_for_guard(&step.action).await?;
        let plans = [(self.plan, self.grant)];
        let case = Case::new(&plans, self.live.facts(), &self.app.config.rules, clock::now());
        // How much a case changes was measured on all of it when it was judged, and does not grow while it runs.
        let refused = guard::check(case).into_iter().find(|finding| {
            finding.severity == Severity::Refuse
                && finding.check != Check::Volume
                && (finding.steps.is_empty() || finding.steps.contains(&step.number))
        });
        match refused {
            Some(finding) => ended(Outcome::Skipped, format!("the guard refuses it now: {}", finding.what)),
            None => Ok(None),
        }
    }

    async fn finish(&mut self) -> Result<(), ExecutorError> {
        match self.run.end_so_far() {
            Some(end) if self.run.has_begun() => self.write(RunEntry::Finished { end }).await,
            _ => Ok(()),
        }
    }

    /// Returns how often a step was tried, if nothing of it is under way.
    fn attempts(&self, step: StepNumber) -> Option<u32> {
        match self.run.steps().get(&step) {
            Some(StepState::Waiting { attempts }) => Some(*attempts),
            _ => None,
        }
    }

    fn is_lost(&self, step: StepNumber) -> bool {
        let state = self.run.steps().get(&step);
        matches!(state, Some(StepState::Unproven { answer: StepAnswer::Lost { .. }, .. }))
    }
}

/// Makes sure that a plan was made for the Procore that the configuration reaches.
pub(crate) fn check_target(app: &App, plan: &Plan) -> Result<(), ExecutorError> {
    let made_for = &plan.content().target;
    if *made_for == app.config.target {
        return Ok(());
    }
    let (company, host) = (made_for.company.to_string(), made_for.api_host.clone());
    Err(ExecutorError::OtherTarget { plan: plan.digest(), company, host })
}

#[cfg(test)]
mod tests;
