//! Concluding: from the tapes of a case and what the policies answered to plans and verdicts. Pure, so that a replay comes
//! to the same to the last byte.

use muster_core::facts::Facts;
use muster_core::grant::Grant;
use muster_core::guard::{self, Case, Finding, Rules};
use muster_core::plan::Plan;
use muster_core::proposal::{self, Proposal, Refusal};
use muster_core::read::WrongAnswer;
use muster_core::tape::Tape;
use muster_core::text::Words;
use muster_core::verdict::{Ruling, Verdict};
use muster_engine::Outcome;

use crate::exit::causes;

/// What a policy answered, with its tape.
pub(crate) struct Decision {
    pub(crate) tape: Tape,
    pub(crate) outcome: Outcome,
    /// How many steps it had added when it trapped.
    pub(crate) dropped: usize,
}

/// What came of asking one policy.
pub(crate) struct Concluded {
    pub(crate) tape: Tape,
    /// What it proposed, if it proposed something.
    pub(crate) proposal: Option<Proposal>,
    pub(crate) conclusion: Conclusion,
}

/// How asking one policy ended.
pub(crate) enum Conclusion {
    /// In a plan.
    Plan(Box<(Plan, Verdict)>),
    /// There is nothing to do.
    Nothing(Words),
    /// The policy can't decide.
    Refusal(Refusal),
    /// The policy is at fault.
    Fault(String),
    /// Procore did not answer.
    NoAnswer(String),
}

impl Decision {
    /// Returns what the policy proposed, if it proposed something.
    pub(crate) fn proposal(&self) -> Option<&Proposal> {
        match &self.outcome {
            Outcome::Proposal(proposal) => Some(proposal),
            Outcome::Refusal(_) | Outcome::Fault(_) | Outcome::NoAnswer(_) => None,
        }
    }
}

impl Concluded {
    /// Returns the policy as the configuration names it.
    pub(crate) fn policy(&self) -> &str {
        &self.tape.inputs.policy.name
    }

    /// Returns whether policies that come after this one may go on.
    fn stops_others(&self) -> bool {
        match &self.conclusion {
            Conclusion::Plan(plan) => plan.1.ruling != Ruling::Pass,
            Conclusion::Nothing(_) => false,
            Conclusion::Refusal(_) | Conclusion::Fault(_) | Conclusion::NoAnswer(_) => true,
        }
    }
}

/// Concludes a case. The guard sees all of its plans together; they are weighed in order, because one may come after
/// another.
pub(crate) fn conclude(decisions: Vec<Decision>) -> Result<Vec<Concluded>, WrongAnswer> {
    let mut facts = Facts::default();
    let mut made = Vec::new();
    for Decision { tape, outcome, dropped } in decisions {
        let known = tape.known()?;
        for (read, answer) in known.iter() {
            facts.add(read.clone(), answer.clone())?;
        }
        let (proposal, plan) = plan(&tape, outcome, dropped, &known);
        made.push((tape, proposal, plan));
    }
    let plans: Vec<_> = made
        .iter()
        .filter_map(|(tape, _, plan)| plan.as_ref().ok().map(|plan| (plan, &tape.inputs.grant)))
        .collect();
    let rules = made.first().map(|(tape, ..)| tape.inputs.rules.clone()).unwrap_or_default();
    let findings = findings(&plans, &facts, &rules);
    let mut concluded: Vec<Concluded> = Vec::new();
    for (tape, proposal, plan) in made {
        let conclusion = match plan {
            Ok(plan) => {
                let stops =
                    |name: &&str| concluded.iter().any(|one| one.policy() == *name && one.stops_others());
                let stopped_by: Vec<_> = tape.inputs.after.iter().map(String::as_str).filter(stops).collect();
                let cut_off = tape.inputs.event.cut_off(tape.inputs.now);
                let verdict = Verdict::weigh(&plan, &findings, cut_off, &stopped_by);
                Conclusion::Plan(Box::new((plan, verdict)))
            }
            Err(conclusion) => conclusion,
        };
        concluded.push(Concluded { tape, proposal, conclusion });
    }
    Ok(concluded)
}

/// Returns what the guard finds in the plans of a case.
pub(super) fn findings(plans: &[(&Plan, &Grant)], facts: &Facts, rules: &Rules) -> Vec<Finding> {
    guard::check(Case { plans, facts, rules })
}

fn plan(
    tape: &Tape,
    outcome: Outcome,
    dropped: usize,
    known: &Facts,
) -> (Option<Proposal>, Result<Plan, Conclusion>) {
    let proposal = match outcome {
        Outcome::Proposal(proposal) => proposal,
        Outcome::Refusal(refusal) => return (None, Err(Conclusion::Refusal(refusal))),
        Outcome::Fault(fault) if dropped == 0 => return (None, Err(Conclusion::Fault(fault.to_string()))),
        Outcome::Fault(fault) => {
            let why = format!("{fault}; what it had proposed by then was dropped: {dropped} steps");
            return (None, Err(Conclusion::Fault(why)));
        }
        Outcome::NoAnswer(no_answer) => {
            return (None, Err(Conclusion::NoAnswer(causes(&no_answer).join(": "))));
        }
    };
    let plan = match &proposal.decision {
        proposal::Decision::Nothing(words) if proposal.steps.is_empty() => {
            Err(Conclusion::Nothing(words.clone()))
        }
        _ => {
            let inputs = &tape.inputs;
            let (target, event, pins) = (inputs.target.clone(), inputs.event.clone(), inputs.policy.clone());
            let plan = Plan::make(target, event, pins, &proposal, known);
            plan.map_err(|error| Conclusion::Fault(error.to_string()))
        }
    };
    (Some(proposal), plan)
}
