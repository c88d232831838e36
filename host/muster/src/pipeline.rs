//! The pipeline. *An event arrives; a policy proposes steps; the host adds the facts and makes a plan; the guard checks
//! it; a grant or a person approves it; the executor carries it out call by call; the journal remembers.*

mod ask;
mod conclude;
mod gather;
mod journal;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use muster_core::action::{Action, Subject};
use muster_core::approval::{Approval, NotApproved, approve};
use muster_core::directory::NewUser;
use muster_core::event::Event;
use muster_core::grant::Grant;
use muster_core::plan::Plan;
use muster_core::proposal::StepNumber;
use muster_core::read::WrongAnswer;
use muster_core::run::{End, Outcome, RunState, StepState};
use muster_core::verdict::{Ruling, Verdict};
use muster_engine::NoAnswer;
use tokio::time::Instant;

use self::conclude::Judge;
pub(crate) use self::conclude::{Concluded, Conclusion, Decision, Shortfall, conclude};
pub(crate) use self::journal::{approved, decided};
use crate::app::App;
use crate::case::PlanState;
use crate::clock;
use crate::config::Binding;
use crate::directory::{Hurried, Live, Shared};
use crate::executor::{self, ExecutorError};
use crate::exit::causes;
use crate::store::{Lease, LeaseError, StoreError};

/// Why the pipeline stopped.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PipelineError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Lease(#[from] LeaseError),
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

/// What came of a plan that was to be carried out.
pub(crate) struct Ran {
    pub(crate) plan: Plan,
    pub(crate) verdict: Verdict,
    pub(crate) result: Result<RunState, Stopped>,
}

impl Ran {
    /// Returns a run that came to its end when what it had left unknown was read.
    pub(crate) fn settled(state: &PlanState, run: RunState) -> Self {
        let refused = Verdict { findings: Vec::new(), ruling: Ruling::Refused, cut_off: None };
        let verdict = state.verdict().cloned().unwrap_or(refused);
        Self { plan: state.plan.clone(), verdict, result: Ok(run) }
    }
}

/// Why a plan was not carried out, or not further.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Stopped {
    #[error(transparent)]
    NotApproved(NotApproved),
    #[error(transparent)]
    Executor(#[from] ExecutorError),
    #[error(
        "{why}; {}",
        match .login {
            Some(true) => "the login was cut all the same, and nothing else was sent",
            Some(false) => "the login was to be cut all the same, which has not succeeded yet",
            None => "nothing was sent",
        }
    )]
    NotLeased {
        why: String,
        /// Whether somebody else holds the lease; otherwise it can't be had at all.
        held: bool,
        /// Whether a login that can't wait was cut, if there is one in the plan.
        login: Option<bool>,
    },
}

impl Stopped {
    fn not_leased(why: &LeaseError, cut: Option<&RunState>, verdict: &Verdict) -> Self {
        let ended_well = |run: &RunState, step: &StepNumber| match run.steps().get(step) {
            Some(StepState::Ended(ended)) => matches!(ended.outcome, Outcome::Done | Outcome::Already),
            _ => false,
        };
        let steps = || verdict.cut_off.iter().flat_map(|cut| &cut.steps);
        Self::NotLeased {
            why: causes(why).join(": "),
            held: matches!(why, LeaseError::Held { .. }),
            login: cut.map(|run| steps().all(|step| ended_well(run, step))),
        }
    }
}

/// From an event to judged plans: the first half of the sentence. They are carried out next, so a login that waits to be cut
/// bounds the time.
pub(crate) async fn plan(app: &App, event: &Event) -> Result<Vec<Concluded>, PipelineError> {
    let now = clock::now();
    decide(app, event, now, directory(app, event, now).await).await
}

/// The same for somebody who wants to see the plans first: no login waits for them, and Procore is asked for as long as the
/// answers take.
pub(crate) async fn look(app: &App, event: &Event) -> Result<Vec<Concluded>, PipelineError> {
    decide(app, event, clock::now(), Arc::new(Live::new(app.connection.reads(), app.store.clone()))).await
}

#[tracing::instrument(skip_all, fields(case = %event.id))]
async fn decide(
    app: &App,
    event: &Event,
    now: Timestamp,
    directory: Shared,
) -> Result<Vec<Concluded>, PipelineError> {
    journal::accepted(app, event).await?;
    let mut decisions = ask::every_policy(app, event, now, &directory).await;
    gather::facts(&mut decisions, &app.config.rules, &directory).await?;
    let concluded = conclude(decisions, app.not_loaded())?;
    journal::concluded(app, event.id, &concluded).await?;
    Ok(concluded)
}

/// Returns the directory as it is now. Where a login waits to be cut, it answers only for so long.
async fn directory(app: &App, event: &Event, now: Timestamp) -> Shared {
    let until = Instant::now() + app.config.urgent_time;
    let directory: Shared = Arc::new(Live::new(app.connection.reads(), app.store.clone()));
    match gather::login(event, now, &directory).await {
        true => Arc::new(Hurried { inner: directory, until }),
        false => directory,
    }
}

/// Judges a plan that was made earlier, by the directory as it is now, beside all plans of its case. `stopped_by` are the
/// policies that it comes after and that have not done their part.
pub(crate) async fn judge(
    app: &App,
    plan: &Plan,
    case: &[(&Plan, &Grant)],
    stopped_by: &[&str],
) -> Result<Verdict, PipelineError> {
    let now = clock::now();
    let directory = directory(app, &plan.content().event, now).await;
    let plans: Vec<_> = case.iter().map(|(plan, _)| *plan).collect();
    let (facts, no_answer) = gather::for_guard(&plans, &app.config.rules, &directory).await;
    let judge = Judge { plans: case, facts: &facts, rules: &app.config.rules, now };
    let verdict = judge.weigh(plan, stopped_by);
    // A refusal for want of an answer is no refusal: it is Procore that has to be asked again.
    if let Some(no_answer) = no_answer
        && verdict.ruling == Ruling::Refused
        && verdict.cut_off.as_ref().is_none_or(|cut| cut.ruling == Ruling::Refused)
    {
        return Err(no_answer.into());
    }
    journal::judged(app, plan.content().event.id, plan.digest(), &verdict).await?;
    Ok(verdict)
}

/// From judged plans to runs: the second half. Plans run in order; what stops one stops another only where that is bound
/// to come after it.
#[tracing::instrument(skip_all, fields(case = %event.id))]
pub(crate) async fn carry_out(
    app: &App,
    event: &Event,
    plans: Vec<Judged<'_>>,
) -> Result<Vec<Ran>, PipelineError> {
    let now = clock::now();
    let approve = |judged: &Judged<'_>| approve(&judged.plan, &judged.verdict, &judged.approvals, now);
    // A login that can't wait is cut first, whichever policy proposed it and whoever else is at work on the same person:
    // a second request to deactivate somebody does no harm.
    let mut cut = BTreeMap::new();
    for judged in &plans {
        if let Some(urgent) = approve(judged).ok().and_then(|approved| approved.cut_off(&judged.verdict)) {
            cut.insert(judged.plan.digest(), executor::run(app, &urgent, &judged.binding.grant).await);
        }
    }
    let subject = Lease::take(&app.config.store, &leased(app, event, event.concerns()));
    let mut ran: Vec<Ran> = Vec::new();
    for mut judged in plans {
        let stopped_by = not_done(&ran, &judged.binding.after);
        if !stopped_by.is_empty() {
            judged.verdict = judged.verdict.stopped_by(&judged.plan, &stopped_by);
            let written = journal::judged(app, event.id, judged.plan.digest(), &judged.verdict).await;
            if let Err(error) = written {
                let result = Err(ExecutorError::from(error).into());
                ran.push(Ran { plan: judged.plan, verdict: judged.verdict, result });
                continue;
            }
        }
        let cut = cut.remove(&judged.plan.digest());
        let result = match (approve(&judged), cut) {
            // There was nothing in the plan but the login, or it could not be cut.
            (Ok(_), Some(Ok(run))) if run.end().is_some() => Ok(run),
            (Ok(_), Some(Err(error))) => Err(error.into()),
            (Ok(approved), cut) => {
                let cut = cut.and_then(Result::ok);
                let leases = match &subject {
                    Ok(_) => others(app, event, &judged.plan),
                    Err(why) => Err(why.clone()),
                };
                match leases {
                    Ok(_leases) => {
                        executor::run(app, &approved, &judged.binding.grant).await.map_err(Stopped::from)
                    }
                    Err(why) => Err(Stopped::not_leased(&why, cut.as_ref(), &judged.verdict)),
                }
            }
            (Err(not_approved), _) => Err(Stopped::NotApproved(not_approved)),
        };
        ran.push(Ran { plan: judged.plan, verdict: judged.verdict, result });
    }
    Ok(ran)
}

impl<'a> Judged<'a> {
    /// Returns the plans that a case was just concluded with, in order.
    pub(crate) fn of(app: &'a App, concluded: &[Concluded]) -> Vec<Self> {
        let judged = |one: &Concluded| match (&one.conclusion, app.policy(&one.policy)) {
            (Conclusion::Plan(plan), Some(bound)) => {
                let (plan, verdict) = plan.as_ref().clone();
                Some(Self { plan, verdict, binding: &bound.binding, approvals: Vec::new() })
            }
            _ => None,
        };
        concluded.iter().filter_map(judged).collect()
    }
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

/// Takes the leases on everybody and everything that a plan changes besides the subject, in one order for all.
fn others(app: &App, event: &Event, plan: &Plan) -> Result<Vec<Lease>, LeaseError> {
    let mut subjects = BTreeSet::new();
    for step in &plan.content().steps {
        match &step.action {
            // One address must not be given out twice at the same time.
            Action::CreateUser { user: NewUser { email, .. } } | Action::ChangeEmail { email, .. } => {
                let address = email.as_str().to_ascii_lowercase();
                subjects.insert(format!("address {address} of company {}", app.config.target.company));
            }
            _ => {}
        }
        let others = step.action.subject().filter(|whom| Some(*whom) != event.concerns());
        subjects.extend(others.map(|whom| leased(app, event, Some(whom))));
    }
    subjects.iter().map(|subject| Lease::take(&app.config.store, subject)).collect()
}

fn leased(app: &App, event: &Event, whom: Option<Subject>) -> String {
    let company = app.config.target.company;
    match whom {
        Some(whom) => format!("{whom} of company {company}"),
        None => format!("event {} of company {company}", event.id),
    }
}

#[cfg(test)]
mod tests;
