//! `muster runs`

use std::io::Write as _;

use clap::{Args, Subcommand};
use comfy_table::{ContentArrangement, Table, presets};
use muster_core::journal::Decided;
use muster_core::run::{Ended, RunState, StepState};
use serde_json::{Value, json};

use super::{Global, failure, resume};
use crate::case::{Asked, Case, PlanState, Status};
use crate::exit::{Exit, Failure, causes};
use crate::pipeline::Ran;
use crate::report::{self, BOLD, DIM, shown};
use crate::store::Store;

/// Show plans and how they were carried out, take up what was interrupted, call off what is not wanted any more
#[derive(Debug, Args)]
pub(super) struct Runs {
    #[command(subcommand)]
    verb: RunsVerb,
}

#[derive(Debug, Subcommand)]
enum RunsVerb {
    /// List the newest cases with their plans
    List {
        /// How many cases
        #[arg(long, default_value_t = 20, value_name = "N")]
        most: u32,
    },
    /// Take up what was interrupted: a process that was killed, a Procore that did not answer
    ///
    /// What an interrupted run left unknown is read first, so nothing is done twice.
    Resume {
        /// The plan: the first digits of its digest [default: every run that has not ended]
        plan: Option<String>,
    },
    /// Call a plan off, for good: nothing more of it is sent
    ///
    /// What was done stays done.
    Cancel {
        /// The plan: the first digits of its digest
        plan: String,
        /// Who calls it off, unauthenticated
        #[arg(long = "as", value_name = "NAME", value_parser = super::departure::name)]
        name: Option<String>,
    },
    /// Show one plan: what it does, how it was judged, how each step ended
    Show {
        /// The plan: the first digits of its digest
        plan: String,
    },
}

impl Runs {
    pub(super) async fn run(self, global: &Global) -> Result<Exit, Failure> {
        match self.verb {
            RunsVerb::List { most } => list(global, &store(global)?, most).await,
            RunsVerb::Show { plan } => show(global, &store(global)?, &plan).await,
            RunsVerb::Resume { plan } => resume::resume(global, plan).await,
            RunsVerb::Cancel { plan, name } => resume::cancel(global, &plan, name.as_deref()).await,
        }
    }
}

/// Opens the store to be looked at, which one of a newer version can be as well.
fn store(global: &Global) -> Result<Store, Failure> {
    let config = global.config()?;
    Ok(Store::open_to_look(&config.store, config.target.company)?)
}

async fn list(global: &Global, store: &Store, most: u32) -> Result<Exit, Failure> {
    // One case that can't be read hides none of the others.
    let (mut cases, mut unreadable) = (Vec::new(), Vec::new());
    for id in store.cases(most).await? {
        match Case::load(store, id).await {
            Ok(case) => cases.push(case),
            Err(error) => unreadable.push((id, causes(&error).join(": "))),
        }
    }
    let exit = if unreadable.is_empty() { Exit::Done } else { Exit::RunFailed };
    if global.is_json() {
        let rows = cases.iter().flat_map(|case| match case.policies.is_empty() {
            true => vec![json!({ "case": case.event.id, "accepted": case.at, "event": case.event })],
            false => case.policies.iter().map(|asked| json_of(case, asked)).collect(),
        });
        let mut rows: Vec<_> = rows.collect();
        rows.extend(unreadable.iter().map(|(id, why)| json!({ "case": id, "unreadable": why })));
        failure::heard(report::json(&rows))?;
        return Ok(exit);
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(["plan", "when", "policy", "about", "stands"]);
    for case in &cases {
        if case.policies.is_empty() {
            let (kind, when) = (case.event.kind.name().as_str().to_owned(), when(case));
            table.add_row(["-".to_owned(), when, "-".to_owned(), kind, "accepted, not decided".to_owned()]);
        }
        for asked in &case.policies {
            let (plan, about) = match &asked.plan {
                Some(state) => (state.plan.digest().short(), report::event_line(&state.plan)),
                None => ("-".to_owned(), case.event.kind.name().as_str().to_owned()),
            };
            table.add_row([plan, when(case), asked.policy.clone(), about, stands(asked)]);
        }
    }
    for (id, why) in &unreadable {
        table.add_row(["-", "-", "-", &format!("case {id}"), &format!("can't be read: {}", shown(why))]);
    }
    failure::heard(writeln!(report::stdout(), "{table}"))?;
    Ok(exit)
}

fn when(case: &Case) -> String {
    case.at.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}

async fn show(global: &Global, store: &Store, plan: &str) -> Result<Exit, Failure> {
    let (case, digest) = Case::of_plan(store, plan).await?;
    let (asked, state) =
        case.plan(digest).ok_or_else(|| Failure::new(Exit::Bug, "the plan is not in its case"))?;
    if global.is_json() {
        report::json(&json_of(&case, asked))?;
        return Ok(Exit::Done);
    }
    let mut out = report::stdout();
    writeln!(out, "{BOLD}plan {}{BOLD:#} {DIM}by policy {}{DIM:#}", digest.short(), asked.policy)?;
    writeln!(out, "  {}", report::event_line(&state.plan))?;
    writeln!(out, "  {DIM}case {}, accepted {}, digest {digest}{DIM:#}", case.event.id, case.at)?;
    if state.run.has_begun() {
        report::outcomes(&mut out, &state.plan, &state.run)?;
    } else {
        report::changes(&mut out, &state.plan)?;
    }
    if let Some(verdict) = state.verdict() {
        report::verdict(&mut out, verdict)?;
    }
    for approval in &state.approvals {
        let (name, os_user) = (shown(&approval.name).to_string(), shown(&approval.os_user).to_string());
        writeln!(
            out,
            "approved by {name} ({os_user}, unauthenticated) at {}, until {}",
            approval.at, approval.expires
        )?;
    }
    Ok(Exit::Done)
}

/// Returns where a policy's part of a case stands, in words.
fn stands(asked: &Asked) -> String {
    match (&asked.plan, &asked.decided) {
        (Some(state), _) => status(state.status()).to_owned(),
        (None, Decided::Decision(decision)) => format!("nothing to do: {}", shown(decision.words().as_str())),
        (None, Decided::NotLoaded(why)) => format!("policy does not load: {}", shown(why)),
        (None, Decided::Refusal(refusal)) => format!("no decision: {}", shown(refusal.words.as_str())),
        (None, Decided::Fault(fault)) => format!("policy at fault: {}", shown(fault)),
        (None, Decided::NoAnswer(why)) => format!("Procore did not answer: {}", shown(why)),
    }
}

fn status(status: Status) -> &'static str {
    use muster_core::run::End;
    match status {
        Status::Ready => "ready",
        Status::Waiting => "waits for approval",
        Status::Refused => "refused",
        Status::Begun => "begun",
        Status::Ended(End::Done) => "done",
        Status::Ended(End::DoneWithRemainder) => "done, with remainder",
        Status::Ended(End::Failed) => "failed",
        Status::Ended(End::Unknown) => "unknown",
        Status::Ended(End::Cancelled) => "called off",
    }
}

fn json_of(case: &Case, asked: &Asked) -> Value {
    json!({
        "case": case.event.id,
        "accepted": case.at,
        "event": case.event,
        "policy": asked.policy,
        "decided": asked.decided,
        "tape": asked.tape,
        "reproducible": asked.reproducible,
        "stands": stands(asked),
        "plan": asked.plan.as_ref().map(json_of_plan),
    })
}

fn json_of_plan(state: &PlanState) -> Value {
    json!({
        "digest": state.plan.digest(),
        "plan": state.plan.content(),
        "verdict": state.verdict(),
        "approvals": state.approvals,
        "last-entry": state.at,
        "run": json_of_state(&state.run),
    })
}

/// Returns how a run was carried out, for programs.
pub(super) fn json_of_run(ran: &Ran) -> Value {
    json!({
        "plan": ran.plan.digest(),
        "policy": ran.plan.content().policy.name,
        "verdict": ran.verdict,
        "remainder": ran.plan.content().remainder,
        "run": ran.result.as_ref().ok().map(json_of_state),
        "stopped": ran.result.as_ref().err().map(|stopped| causes(stopped).join(": ")),
    })
}

pub(super) fn json_of_state(run: &RunState) -> Value {
    let step = |(number, state): (&u32, &StepState)| match state {
        StepState::Ended(Ended { outcome, why }) => json!({ "step": number, "outcome": outcome, "why": why }),
        StepState::Waiting { attempts } => json!({ "step": number, "waiting": { "attempts": attempts } }),
        StepState::Promised { handle, .. } => json!({ "step": number, "promised": handle }),
        StepState::Intended { .. } | StepState::Unproven { .. } => json!({ "step": number, "begun": true }),
    };
    let calls: Vec<_> = run.calls().iter().collect();
    json!({ "end": run.end(), "calls": calls, "steps": run.steps().iter().map(step).collect::<Vec<_>>() })
}
