//! What `plan`, `run` and `demo` print of a case that was just decided, and the exit code that it comes to.

use std::io::{self, Write};

use muster_core::lower::lower;
use muster_core::verdict::Ruling;
use serde_json::{Value, json};

use crate::clock;
use crate::exit::Exit;
use crate::pipeline::{Concluded, Conclusion, Ran};
use crate::report::{self, BAD, BOLD, DIM, WARN, shown};

/// Prints what each policy came to. `explain` adds the calls of a plan.
pub(super) fn print(out: &mut impl Write, concluded: &[Concluded], explain: bool) -> io::Result<()> {
    for one in concluded {
        let policy = one.policy();
        match &one.conclusion {
            Conclusion::Plan(plan) => {
                let (plan, verdict) = plan.as_ref();
                writeln!(out, "{BOLD}plan {}{BOLD:#} {DIM}by policy {policy}{DIM:#}", plan.digest().short())?;
                writeln!(out, "  {}", report::event_line(plan))?;
                report::changes(out, plan)?;
                if explain {
                    writeln!(out, "  {BOLD}calls{BOLD:#}")?;
                    for call in lower(plan, plan.content().event.cut_off(clock::now())) {
                        writeln!(out, "    {}", report::call(plan, &call))?;
                    }
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
            Conclusion::Fault(fault) => {
                writeln!(out, "{BAD}policy {policy} is at fault{BAD:#}")?;
                writeln!(out, "  {}", shown(fault))?;
            }
            Conclusion::NoAnswer(why) => {
                writeln!(out, "{BAD}Procore did not answer what policy {policy} asked{BAD:#}")?;
                writeln!(out, "  {}", shown(why))?;
            }
        }
    }
    Ok(())
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
            Conclusion::Fault(fault) => ("fault", json!({ "words": fault })),
            Conclusion::NoAnswer(why) => ("no-answer", json!({ "words": why })),
        };
        json!({ "policy": one.policy(), "proposal": one.proposal, "conclusion": conclusion, conclusion: value })
    };
    json!(concluded.iter().map(one).collect::<Vec<_>>())
}

/// Returns the exit code that the conclusions come to. A plan that waits or is refused counts only if nobody is about to
/// carry it out, which then has an exit code of its own.
pub(super) fn exit(concluded: &[Concluded], plans_count: bool) -> Exit {
    let one = |one: &Concluded| match &one.conclusion {
        Conclusion::Plan(plan) if plans_count => match plan.1.ruling {
            Ruling::Pass => Exit::Done,
            Ruling::NeedsApproval => Exit::Waiting,
            Ruling::Refused => Exit::Refused,
        },
        Conclusion::Plan(_) | Conclusion::Nothing(_) => Exit::Done,
        Conclusion::Refusal(_) | Conclusion::Fault(_) => Exit::Policy,
        Conclusion::NoAnswer(_) => Exit::Procore,
    };
    concluded.iter().map(one).fold(Exit::Done, Exit::worse)
}

/// Prints how plans were carried out.
pub(super) fn print_runs(out: &mut impl Write, ran: &[Ran]) -> io::Result<()> {
    for Ran { plan, verdict, result } in ran {
        match result {
            Ok(run) => report::outcomes(out, plan, run)?,
            Err(not_approved) => {
                writeln!(out, "{WARN}{not_approved}{WARN:#}; nothing of it was sent")?;
                report::verdict(out, verdict)?;
            }
        }
    }
    Ok(())
}

/// Returns the exit code that runs come to.
pub(super) fn exit_of_runs(ran: &[Ran]) -> Exit {
    use muster_core::approval::NotApproved;
    use muster_core::run::End;
    let one = |ran: &Ran| match &ran.result {
        Ok(run) => match (run.end(), ran.verdict.ruling) {
            (Some(End::Done | End::DoneWithRemainder), _) => Exit::Done,
            (Some(End::Failed | End::Unknown), _) => Exit::RunFailed,
            // What waits or is refused beside a login that was cut.
            (None, Ruling::Refused) => Exit::Refused,
            (None, _) if run.has_begun() => Exit::Waiting,
            (None, _) => Exit::Done,
        },
        Err(NotApproved::Refused(_)) => Exit::Refused,
        Err(NotApproved::Waits(_)) => Exit::Waiting,
    };
    ran.iter().map(one).fold(Exit::Done, Exit::worse)
}
