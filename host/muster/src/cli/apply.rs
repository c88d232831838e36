//! `muster apply`

use std::path::Path;

use clap::Args;
use jiff::SignedDuration;
use muster_core::approval::Approval;
use muster_core::digest::Digest;
use muster_core::grant::Grant;
use muster_core::plan::Plan;
use muster_core::run::StepState;
use serde_json::{Value, json};

use super::{Global, case, failure, runs};
use crate::app::{App, Bound};
use crate::case::Case;
use crate::clock;
use crate::config::Approvals;
use crate::executor::{self, ExecutorError};
use crate::exit::{Exit, Failure, causes};
use crate::pipeline::{self, Judged, Ran, Stopped};
use crate::report;

/// How long an approval holds that is given together with the order to apply.
const APPROVAL_HOLDS: SignedDuration = SignedDuration::from_hours(1);

/// Carry out a plan: exactly the one that was shown
///
/// The guard judges it again by the directory as it is now. A step that no longer fits is skipped and named. A run that
/// was interrupted goes on where it stopped.
#[derive(Debug, Args)]
pub(super) struct Apply {
    /// The plan: the first digits of its digest, or a file that `plan --out` wrote
    plan: String,
    /// Approve the plan in this name, unauthenticated, where it needs a person's approval
    #[arg(long = "as", value_name = "NAME", value_parser = super::departure::name)]
    name: Option<String>,
}

impl Apply {
    pub(super) async fn run(self, global: &Global) -> Result<Exit, Failure> {
        let app = global.app().await?;
        let (case, ran) = carry_out(&app, &digest(&self.plan)?, self.name.as_deref()).await?;
        print(global, &case, ran)
    }
}

/// Carries a plan out, or takes its run up where the journal says that it is.
pub(super) async fn carry_out(
    app: &App,
    plan: &str,
    name: Option<&str>,
) -> Result<(Case, Vec<Ran>), Failure> {
    let (case, digest) = Case::of_plan(&app.store, plan).await?;
    let (asked, state) =
        case.plan(digest).ok_or_else(|| Failure::new(Exit::Bug, "the plan is not in its case"))?;
    // What an interrupted run left unknown is settled by reading, whatever may be carried out of the rest: but for a login
    // that waits to be cut, which comes before anything that is only read.
    let login_waits = state.verdict().is_some_and(|verdict| {
        let steps = || verdict.cut_off.iter().flat_map(|cut| &cut.steps);
        steps().any(|step| !matches!(state.run.steps().get(step), Some(StepState::Ended(_))))
    });
    if state.run.has_begun() && !login_waits {
        match executor::settle(app, &state.plan).await {
            Ok(settled) if settled.end().is_some() => {
                let settled = Ran::settled(state, settled);
                return Ok((case, vec![settled]));
            }
            // What can't be read now keeps nothing else from being done.
            Ok(_) | Err(ExecutorError::NoAnswer(_) | ExecutorError::Promise(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let bound = unchanged(app, &asked.policy, &state.plan)?;
    executor::check_target(app, &state.plan)?;
    let approval = name.map(|name| approval(app, digest, name)).transpose()?;
    let stopped_by = case.stopped_by(&bound.binding.after);
    // All plans of the case count, those of policies that are not configured any more as well.
    let none = Grant::default();
    let grant = |policy: &str| app.policy(policy).map_or(&none, |bound| &bound.binding.grant);
    let plans: Vec<_> = case
        .policies
        .iter()
        .filter_map(|asked| Some((&asked.plan.as_ref()?.plan, grant(&asked.policy))))
        .collect();
    let verdict = pipeline::judge(app, &state.plan, &plans, &stopped_by).await?;
    let mut approvals = match app.config.approvals {
        Approvals::Local => state.approvals.clone(),
        Approvals::None => Vec::new(),
    };
    if let Some(approval) = approval {
        pipeline::approved(app, case.event.id, &approval).await?;
        approvals.push(approval);
    }
    let judged = Judged { plan: state.plan.clone(), verdict, binding: &bound.binding, approvals };
    let ran = pipeline::carry_out(app, &case.event, vec![judged]).await?;
    Ok((case, ran))
}

/// Returns what came of it, for programs.
pub(super) fn json_of(case: &Case, ran: &[Ran]) -> Value {
    let runs: Vec<_> = ran.iter().map(runs::json_of_run).collect();
    json!({ "case": case.event.id, "runs": runs })
}

/// Prints what came of it, and returns the exit code that it comes to.
pub(super) fn print(global: &Global, case: &Case, mut ran: Vec<Ran>) -> Result<Exit, Failure> {
    let exit = case::exit_of_runs(&ran);
    failure::heard(if global.is_json() {
        report::json(&json_of(case, &ran))
    } else {
        case::print_runs(&mut report::stdout(), &ran)
    })?;
    // One plan was asked for: what stopped it is the command's own failure, with what to do next.
    match ran.pop().map(|ran| ran.result) {
        Some(Err(Stopped::Executor(error))) if !global.is_json() => Err(error.into()),
        _ => Ok(exit),
    }
}

/// Returns what names the plan: the text itself, or the digest of the plan in the file of that name.
fn digest(text: &str) -> Result<String, Failure> {
    if !Path::new(text).is_file() {
        return Ok(text.to_owned());
    }
    let bytes = std::fs::read(text)?;
    let plan = Plan::from_json(&bytes).map_err(|error| {
        Failure::new(Exit::Refused, error)
            .hint("nothing was sent; apply the plan by its digest, or plan again")
    })?;
    Ok(plan.digest().to_string())
}

/// Returns the policy that made the plan, if it is still the same in artifact, settings and grant.
fn unchanged<'a>(app: &'a App, name: &str, plan: &Plan) -> Result<&'a Bound, Failure> {
    let pins = &plan.content().policy;
    let refuse = |what: &str| {
        let error =
            format!("since the plan was made, {what} of the policy {name:?} has changed; nothing was sent");
        Err(Failure::new(Exit::Refused, error).hint("plan again, and apply what you see then"))
    };
    if let Some(broken) = app.broken.iter().find(|broken| broken.policy == name) {
        let error =
            format!("the policy {name:?} does not load, so its plan can't be carried out; nothing was sent");
        return Err(Failure::new(Exit::Refused, error).hint(causes(&broken.error).join(": ")));
    }
    match app.policy(name) {
        None => refuse("the entry"),
        Some(bound) if bound.pins.artifact != pins.artifact => refuse("the artifact"),
        Some(bound) if bound.pins.settings != pins.settings => refuse("the settings"),
        Some(bound) if bound.pins.grant != pins.grant => refuse("the grant"),
        Some(bound) => Ok(bound),
    }
}

fn approval(app: &App, plan: Digest, name: &str) -> Result<Approval, Failure> {
    if app.config.approvals != Approvals::Local {
        return Err(Failure::new(Exit::Refused, "approvals by name are not allowed; nothing was sent")
            .hint("write approvals = \"local\" into the configuration, if everybody who can run muster here may approve"));
    }
    let at = clock::now();
    let expires = at.checked_add(APPROVAL_HOLDS).map_err(|error| Failure::new(Exit::Bug, error))?;
    Ok(Approval { plan, name: name.chars().take(80).collect(), os_user: os_user(), at, expires })
}

/// Returns who runs this process, as the operating system knows them.
pub(super) fn os_user() -> String {
    #[cfg(unix)]
    return format!("uid {}", rustix::process::getuid().as_raw());
    #[cfg(not(unix))]
    "unknown".to_owned()
}
