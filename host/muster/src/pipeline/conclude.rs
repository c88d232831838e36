//! Concluding: from the tapes of a case and what the policies answered to plans and verdicts. Pure, so that a replay comes
//! to the same to the last byte.
//!
//! A login that can't wait is taken away even where the rest of a proposal can't become a plan: because Procore did not
//! answer what the rest needs, or because the rest makes no sense.

use jiff::Timestamp;
use muster_core::facts::Facts;
use muster_core::grant::Grant;
use muster_core::guard::{self, Case, Rules};
use muster_core::id::UserId;
use muster_core::plan::{Plan, PlanError};
use muster_core::proposal::{self, Proposal, ProposedStep, Refusal};
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
    /// The steps that it had added when it ended without a proposal.
    pub(crate) dropped: Vec<ProposedStep>,
    /// Whether the tape leads to the same again.
    pub(crate) reproducible: bool,
}

/// What came of one policy.
pub(crate) struct Concluded {
    /// The policy as the configuration names it.
    pub(crate) policy: String,
    /// The recording; `None` if the policy could not be asked.
    pub(crate) tape: Option<Tape>,
    /// What it proposed, if it proposed something.
    pub(crate) proposal: Option<Proposal>,
    pub(crate) conclusion: Conclusion,
    /// Why the plan is less than what was proposed: only the login.
    pub(crate) shortfall: Option<Shortfall>,
    /// Whether the tape leads to the same again.
    pub(crate) reproducible: bool,
}

/// How a policy's part in a case ended.
pub(crate) enum Conclusion {
    /// In a plan.
    Plan(Box<(Plan, Verdict)>),
    /// There is nothing to do.
    Nothing(Words),
    /// The policy can't decide.
    Refusal(Refusal),
    /// It ended short, and there was no login to take away.
    Short(Shortfall),
}

/// Why what a policy proposed did not become a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shortfall {
    /// The policy could not be loaded.
    NotLoaded(String),
    /// The policy is at fault.
    Fault(String),
    /// Procore did not answer.
    NoAnswer(String),
}

impl Shortfall {
    /// Returns why, in words.
    pub(crate) fn why(&self) -> &str {
        match self {
            Self::NotLoaded(why) | Self::Fault(why) | Self::NoAnswer(why) => why,
        }
    }
}

impl Decision {
    /// Returns what the policy proposed, if it proposed something.
    pub(super) fn proposal(&self) -> Option<&Proposal> {
        match &self.outcome {
            Outcome::Proposal(proposal) => Some(proposal),
            Outcome::Refusal(_) | Outcome::Fault(_) | Outcome::NoAnswer(_) => None,
        }
    }

    /// Returns what is left of the proposal when nothing but a login that can't wait counts. What a policy added before it
    /// trapped, refused, or said that there is nothing to do does not count: that is its own doing.
    pub(super) fn only_login(&self, why: &str) -> Option<Proposal> {
        let steps = match &self.outcome {
            Outcome::Proposal(Proposal { decision: proposal::Decision::Nothing(_), .. }) => return None,
            Outcome::Proposal(proposal) => &proposal.steps,
            Outcome::NoAnswer(_) => &self.dropped,
            Outcome::Refusal(_) | Outcome::Fault(_) => return None,
        };
        Proposal::only_login_of(steps, self.login()?, why)
    }

    fn login(&self) -> Option<UserId> {
        self.tape.inputs.event.cut_off(self.tape.inputs.now)
    }
}

impl Concluded {
    /// Returns a policy that could not be asked.
    pub(crate) fn not_loaded(policy: &str, why: String) -> Self {
        Self {
            policy: policy.to_owned(),
            tape: None,
            proposal: None,
            conclusion: Conclusion::Short(Shortfall::NotLoaded(why)),
            shortfall: None,
            reproducible: false,
        }
    }

    /// Returns whether policies that come after this one may not go on.
    fn stops_others(&self) -> bool {
        match &self.conclusion {
            Conclusion::Plan(plan) => plan.1.ruling != Ruling::Pass || self.shortfall.is_some(),
            Conclusion::Nothing(_) => false,
            Conclusion::Refusal(_) | Conclusion::Short(_) => true,
        }
    }
}

/// Concludes a case; `not_loaded` are the policies that could not be asked. The guard sees all plans together; they are
/// weighed in order, because one may come after another.
pub(crate) fn conclude(
    decisions: Vec<Decision>,
    not_loaded: Vec<Concluded>,
) -> Result<Vec<Concluded>, WrongAnswer> {
    let proposals: Vec<Proposal> =
        decisions.iter().filter_map(|decision| decision.proposal().cloned()).collect();
    let mut facts = Facts::default();
    let mut made = Vec::new();
    for decision in decisions {
        let known = decision.tape.known()?;
        for (read, answer) in known.iter() {
            facts.add(read.clone(), answer.clone())?;
        }
        let plan = plan(&decision, &proposals, &known);
        made.push((decision, plan));
    }
    let plans: Vec<_> = made
        .iter()
        .filter_map(|(decision, plan)| {
            plan.as_ref().ok().map(|(plan, _)| (plan, &decision.tape.inputs.grant))
        })
        .collect();
    let inputs = made.first().map(|(decision, _)| decision.tape.inputs.clone());
    let (rules, now) =
        inputs.map_or((Rules::default(), Timestamp::UNIX_EPOCH), |inputs| (inputs.rules, inputs.now));
    let judge = Judge { plans: &plans, facts: &facts, rules: &rules, now };
    let verdicts: Vec<_> = plans.iter().map(|(plan, _)| judge.weigh(plan, &[])).collect();
    let mut verdicts = verdicts.into_iter();
    let mut concluded = not_loaded;
    for (decision, plan) in made {
        let proposal = decision.proposal().cloned();
        let Decision { tape, reproducible, .. } = decision;
        let (conclusion, shortfall) = match plan {
            Ok((plan, shortfall)) => {
                let stops =
                    |name: &&str| concluded.iter().any(|one| one.policy == *name && one.stops_others());
                let stopped_by: Vec<_> = tape.inputs.after.iter().map(String::as_str).filter(stops).collect();
                let Some(verdict) = verdicts.next() else { continue };
                let verdict = verdict.stopped_by(&plan, &stopped_by);
                (Conclusion::Plan(Box::new((plan, verdict))), shortfall)
            }
            Err(conclusion) => (conclusion, None),
        };
        let policy = tape.inputs.policy.name.clone();
        concluded.push(Concluded { policy, tape: Some(tape), proposal, conclusion, shortfall, reproducible });
    }
    Ok(concluded)
}

/// What the plans of a case are judged by.
pub(super) struct Judge<'a> {
    pub(super) plans: &'a [(&'a Plan, &'a Grant)],
    pub(super) facts: &'a Facts,
    pub(super) rules: &'a Rules,
    pub(super) now: Timestamp,
}

impl Judge<'_> {
    /// Weighs one plan of the case.
    pub(super) fn weigh(&self, plan: &Plan, stopped_by: &[&str]) -> Verdict {
        let case = Case::new(self.plans, self.facts, self.rules, self.now);
        let login = plan.content().event.cut_off(self.now);
        let urgent = login.map(|user| (user, guard::check(case.only_login_of(user))));
        let urgent = urgent.as_ref().map(|(user, findings)| (*user, findings.as_slice()));
        Verdict::weigh(plan, &guard::check(case), urgent, stopped_by)
    }
}

/// Makes the plan of one decision: of all that was proposed or, where that falls short, of the login alone.
fn plan(
    decision: &Decision,
    case: &[Proposal],
    known: &Facts,
) -> Result<(Plan, Option<Shortfall>), Conclusion> {
    let rules = &decision.tape.inputs.rules;
    let shortfall = match &decision.outcome {
        Outcome::Proposal(proposal) => {
            if let (proposal::Decision::Nothing(words), true) =
                (&proposal.decision, proposal.steps.is_empty())
            {
                return Err(Conclusion::Nothing(words.clone()));
            }
            match known.missing(proposal, case, rules).first() {
                None => match make(decision, proposal, known) {
                    Ok(plan) => return Ok((plan, None)),
                    Err(error @ PlanError::Closed { .. }) => Shortfall::NoAnswer(error.to_string()),
                    Err(error) => Shortfall::Fault(error.to_string()),
                },
                Some(read) => {
                    let hole = decision.tape.holes.iter().find(|hole| hole.read == *read);
                    let why = hole.map_or_else(|| format!("nobody asked {read:?}"), |hole| hole.why.clone());
                    Shortfall::NoAnswer(why)
                }
            }
        }
        Outcome::Refusal(refusal) => return Err(Conclusion::Refusal(refusal.clone())),
        Outcome::Fault(fault) => {
            let dropped = match decision.dropped.len() {
                0 => String::new(),
                count => format!("; what it had proposed by then was dropped: {count} steps"),
            };
            return Err(Conclusion::Short(Shortfall::Fault(format!("{fault}{dropped}"))));
        }
        Outcome::NoAnswer(no_answer) => Shortfall::NoAnswer(causes(no_answer).join(": ")),
    };
    let login = decision.only_login(shortfall.why());
    match login.filter(|login| known.missing(login, &[], rules).is_empty()) {
        Some(login) => match make(decision, &login, known) {
            Ok(plan) => Ok((plan, Some(shortfall))),
            Err(error) => Err(Conclusion::Short(Shortfall::Fault(error.to_string()))),
        },
        None => Err(Conclusion::Short(shortfall)),
    }
}

fn make(decision: &Decision, proposal: &Proposal, known: &Facts) -> Result<Plan, PlanError> {
    let inputs = &decision.tape.inputs;
    Plan::make(inputs.target.clone(), inputs.event.clone(), inputs.policy.clone(), proposal, known)
}
