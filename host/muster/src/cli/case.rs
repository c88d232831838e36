//! What `plan`, `run` and `demo` print of a case that was just decided, and the exit code that it comes to.

use std::io::{self, Write};

use muster_core::approval::NotApproved;
use muster_core::lower::lower;
use muster_core::run::{End, RunState, StepState};
use muster_core::verdict::Ruling;
use serde_json::{Value, json};

use super::failure;
use crate::clock;
use crate::exit::{Exit, causes};
use crate::pipeline::{Concluded, Conclusion, Ran, Shortfall, Stopped};
use crate::report::{self, BAD, BOLD, DIM, WARN, shown};

/// Prints what each policy came to. `explain` adds the calls of a plan.
pub(super) fn print(out: &mut impl Write, concluded: &[Concluded], explain: bool) -> io::Result<()> {
    for one in concluded {
        let policy = &one.policy;
        match &one.conclusion {
            Conclusion::Plan(plan) => {
                let (plan, verdict) = plan.as_ref();
                writeln!(out, "{BOLD}plan {}{BOLD:#} {DIM}by policy {policy}{DIM:#}", plan.digest().short())?;
                writeln!(out, "  {}", report::event_line(plan))?;
                if let Some(shortfall) = &one.shortfall {
                    short(out, policy, shortfall)?;
                }
                report::changes(out, plan)?;
                if explain {
                    writeln!(out, "  {BOLD}calls{BOLD:#}")?;
                    for call in lower(plan, plan.content().event.cut_off(clock::now())) {
                        writeln!(out, "    {}", report::call(plan, &call))?;
                    }
                    report::for_good(out, plan)?;
                }
                report::verdict(out, verdict)?;
            }
            Conclusion::Nothing(words) => {
                writeln!(out, "{BOLD}nothing to do{BOLD:#} {DIM}by policy {policy}{DIM:#}")?;
                writeln!(out, "  {}", shown(words.as_str()))?;
            }
            Conclusion::Refusal(refusal) => {
                writeln!(out, "{WARN}no decision{WARN:#} {DIM}by policy {policy}{DIM:#}")?;
                writeln!(out, "  {}", shown(refusal.words.as_str()))?;
            }
            Conclusion::Short(shortfall) => short(out, policy, shortfall)?,
        }
    }
    Ok(())
}

/// Prints why a policy's proposal did not become a plan, or not wholly.
fn short(out: &mut impl Write, policy: &str, shortfall: &Shortfall) -> io::Result<()> {
    match shortfall {
        Shortfall::NotLoaded(_) => writeln!(out, "{BAD}policy {policy} does not load{BAD:#}")?,
        Shortfall::Fault(_) => writeln!(out, "{BAD}policy {policy} is at fault{BAD:#}")?,
        Shortfall::NoAnswer(_) => {
            writeln!(out, "{BAD}Procore did not answer what policy {policy} asked{BAD:#}")?
        }
    }
    writeln!(out, "  {}", shown(shortfall.why()))
}

/// Returns the same for programs.
pub(super) fn json(concluded: &[Concluded]) -> Value {
    let one = |one: &Concluded| {
        let (conclusion, value) = match &one.conclusion {
            Conclusion::Plan(plan) => {
                ("plan", json!({ "digest": plan.0.digest(), "plan": plan.0.content(), "verdict": plan.1 }))
            }
            Conclusion::Nothing(words) => ("nothing", json!({ "words": words })),
            Conclusion::Refusal(refusal) => ("refusal", json!(refusal)),
            Conclusion::Short(shortfall) => (word(shortfall), json!({ "words": shortfall.why() })),
        };
        let shortfall = one.shortfall.as_ref().map(|short| json!({ word(short): short.why() }));
        json!({
            "policy": one.policy,
            "proposal": one.proposal,
            "conclusion": conclusion,
            conclusion: value,
            "shortfall": shortfall,
        })
    };
    json!(concluded.iter().map(one).collect::<Vec<_>>())
}

fn word(shortfall: &Shortfall) -> &'static str {
    match shortfall {
        Shortfall::NotLoaded(_) => "not-loaded",
        Shortfall::Fault(_) => "fault",
        Shortfall::NoAnswer(_) => "no-answer",
    }
}

/// Returns the exit code that the conclusions come to. A plan that waits or is refused counts only if nobody is about to
/// carry it out, which then has an exit code of its own.
pub(super) fn exit(concluded: &[Concluded], plans_count: bool) -> Exit {
    let short = |shortfall: &Shortfall| match shortfall {
        Shortfall::NotLoaded(_) => Exit::Refused,
        Shortfall::Fault(_) => Exit::Policy,
        Shortfall::NoAnswer(_) => Exit::Procore,
    };
    let one = |one: &Concluded| {
        let conclusion = match &one.conclusion {
            Conclusion::Plan(plan) if plans_count => match plan.1.ruling {
                Ruling::Pass => Exit::Done,
                Ruling::NeedsApproval => Exit::Waiting,
                Ruling::Refused => Exit::Refused,
            },
            Conclusion::Plan(_) | Conclusion::Nothing(_) => Exit::Done,
            Conclusion::Refusal(_) => Exit::Policy,
            Conclusion::Short(shortfall) => short(shortfall),
        };
        conclusion.worse(one.shortfall.as_ref().map_or(Exit::Done, short))
    };
    concluded.iter().map(one).fold(Exit::Done, Exit::worse)
}

/// Prints how plans were carried out.
pub(super) fn print_runs(out: &mut impl Write, ran: &[Ran]) -> io::Result<()> {
    for Ran { plan, verdict, result } in ran {
        match result {
            Ok(run) => {
                report::outcomes(out, plan, run)?;
                // Why the rest waits, or is refused, where only the login was cut.
                if run.end().is_none() && verdict.ruling != Ruling::Pass {
                    report::verdict(out, verdict)?;
                }
            }
            Err(stopped) => {
                writeln!(out, "{WARN}{}{WARN:#}", shown(&causes(stopped).join(": ")))?;
                if matches!(stopped, Stopped::NotApproved(_)) {
                    report::verdict(out, verdict)?;
                }
            }
        }
    }
    Ok(())
}

/// Returns the exit code that runs come to.
pub(super) fn exit_of_runs(ran: &[Ran]) -> Exit {
    let one = |ran: &Ran| match &ran.result {
        Ok(run) => match run.end() {
            Some(End::Done | End::DoneWithRemainder) => Exit::Done,
            Some(End::Failed | End::Unknown | End::Cancelled) => Exit::RunFailed,
            // What was tried and waits still, waits for Procore.
            None if tried(run) => Exit::Procore,
            // What waits or is refused beside a login that was cut.
            None if ran.verdict.ruling == Ruling::Refused => Exit::Refused,
            None => Exit::Waiting,
        },
        Err(Stopped::NotApproved(NotApproved::Refused(_))) => Exit::Refused,
        Err(Stopped::NotApproved(NotApproved::Waits(_))) => Exit::Waiting,
        Err(Stopped::NotLeased { held: true, .. }) => Exit::Refused,
        Err(Stopped::NotLeased { held: false, .. }) => Exit::Config,
        Err(Stopped::Executor(error)) => failure::exit_of(error),
    };
    ran.iter().map(one).fold(Exit::Done, Exit::worse)
}

fn tried(run: &RunState) -> bool {
    run.steps().values().any(|state| match state {
        StepState::Waiting { attempts } => *attempts > 0,
        StepState::Promised { .. } | StepState::Intended { .. } | StepState::Unproven { .. } => true,
        StepState::Ended(_) => false,
    })
}
