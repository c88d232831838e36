//! The pipeline. *An event arrives; a policy proposes steps; the host adds the facts and makes a plan; the guard checks
//! it; a grant or a person approves it; the executor carries it out call by call; the journal remembers.*

mod ask;
mod conclude;
mod gather;
mod journal;

use std::collections::BTreeMap;
use std::sync::Arc;

use muster_core::approval::{Approval, NotApproved, approve};
use muster_core::event::Event;
use muster_core::grant::Grant;
use muster_core::plan::Plan;
use muster_core::read::WrongAnswer;
use muster_core::run::{End, RunState};
use muster_core::verdict::Verdict;
use muster_engine::NoAnswer;

pub(crate) use self::conclude::{Concluded, Conclusion, Decision, conclude};
pub(crate) use self::journal::approved;
use crate::app::App;
use crate::clock;
use crate::config::Binding;
use crate::directory::{Live, Shared};
use crate::executor::{self, ExecutorError};
use crate::store::{Lease, LeaseError, StoreError};

/// Why the pipeline stopped.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PipelineError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Lease(#[from] LeaseError),
    #[error(transparent)]
    Executor(#[from] ExecutorError),
    #[error("Procore did not answer what the guard has to know; nothing was sent")]
    NoAnswer(#[from] NoAnswer),
    #[error("what was read for this case can't be used")]
    WrongAnswer(#[from] WrongAnswer),
}

/// A plan that may be carried out as far as verdict and approvals allow.
pub(crate) struct Judged<'a> {
    pub(crate) plan: Plan,
    pub(crate) verdict: Verdict,
    pub(crate) binding: &'a Binding,
    pub(crate) approvals: Vec<Approval>,
}

impl<'a> Judged<'a> {
    /// Returns the plans that a case was just concluded with, in order.
    pub(crate) fn of(app: &'a App, concluded: &[Concluded]) -> Vec<Self> {
        let judged = |one: &Concluded| match (&one.conclusion, app.policy(one.policy())) {
            (Conclusion::Plan(plan), Some(bound)) => {
                let (plan, verdict) = plan.as_ref().clone();
                Some(Self { plan, verdict, binding: &bound.binding, approvals: Vec::new() })
            }
            _ => None,
        };
        concluded.iter().filter_map(judged).collect()
    }
}

/// What came of a plan that was to be carried out.
pub(crate) struct Ran {
    pub(crate) plan: Plan,
    pub(crate) verdict: Verdict,
    pub(crate) result: Result<RunState, NotApproved>,
}

/// From an event to judged plans: the first half of the sentence.
pub(crate) async fn plan(app: &App, event: &Event) -> Result<Vec<Concluded>, PipelineError> {
    journal::accepted(app, event).await?;
    let directory: Shared = Arc::new(Live::new(app.connection.reads()));
    let mut decisions = ask::every_policy(app, event, &directory).await;
    gather::facts(&mut decisions, &app.config.rules, &directory).await?;
    let concluded = conclude(decisions)?;
    journal::concluded(app, event.id, &concluded).await?;
    Ok(concluded)
}

/// Judges a plan that was made earlier, by the directory as it is now. `stopped_by` are the policies that it comes after
/// and that have not done their part.
pub(crate) async fn judge(
    app: &App,
    plan: &Plan,
    grant: &Grant,
    stopped_by: &[&str],
) -> Result<Verdict, PipelineError> {
    let directory: Shared = Arc::new(Live::new(app.connection.reads()));
    let facts = gather::for_guard(plan, &app.config.rules, &directory).await?;
    let findings = conclude::findings(&[(plan, grant)], &facts, &app.config.rules);
    let event = &plan.content().event;
    let verdict = Verdict::weigh(plan, &findings, event.cut_off(clock::now()), stopped_by);
    journal::judged(app, event.id, plan.digest(), &verdict).await?;
    Ok(verdict)
}

/// From judged plans to runs: the second half. Plans run in order, under one lease on the subject.
pub(crate) async fn carry_out(
    app: &App,
    event: &Event,
    plans: Vec<Judged<'_>>,
) -> Result<Vec<Ran>, PipelineError> {
    let _lease = Lease::take(&app.config.store, &subject(app, event))?;
    let now = clock::now();
    let approve = |judged: &Judged<'_>| approve(&judged.plan, &judged.verdict, &judged.approvals, now);
    // A login that can't wait is cut first, whichever policy proposed it.
    let mut cut = BTreeMap::new();
    for judged in &plans {
        if let Some(urgent) = approve(judged).ok().and_then(|approved| approved.cut_off(&judged.verdict)) {
            cut.insert(judged.plan.digest(), executor::run(app, &urgent, &judged.binding.grant).await?);
        }
    }
    let mut ran: Vec<Ran> = Vec::new();
    for mut judged in plans {
        let stopped_by = not_done(&ran, &judged.binding.after);
        if !stopped_by.is_empty() {
            judged.verdict = judged.verdict.stopped_by(&judged.plan, &stopped_by);
            journal::judged(app, event.id, judged.plan.digest(), &judged.verdict).await?;
        }
        let result = match (approve(&judged), cut.remove(&judged.plan.digest())) {
            // There was nothing in the plan but the login.
            (Ok(_), Some(run)) if run.end().is_some() => Ok(run),
            (Ok(approved), _) => Ok(executor::run(app, &approved, &judged.binding.grant).await?),
            (Err(not_approved), _) => Err(not_approved),
        };
        ran.push(Ran { plan: judged.plan, verdict: judged.verdict, result });
    }
    Ok(ran)
}

/// Returns those of `after` whose plans were to be carried out before and did not end well.
fn not_done<'a>(ran: &[Ran], after: &'a [String]) -> Vec<&'a str> {
    let ended_well = |ran: &Ran| {
        let end = ran.result.as_ref().ok().and_then(RunState::end);
        matches!(end, Some(End::Done | End::DoneWithRemainder))
    };
    let failed =
        |name: &&String| ran.iter().any(|ran| ran.plan.content().policy.name == **name && !ended_well(ran));
    after.iter().filter(failed).map(String::as_str).collect()
}

fn subject(app: &App, event: &Event) -> String {
    let company = app.config.target.company;
    match event.subject() {
        Some(user) => format!("user {user} of company {company}"),
        None => format!("event {} of company {company}", event.id),
    }
}
