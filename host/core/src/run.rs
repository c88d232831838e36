//! Runs: one carrying-out of one approved plan, as a fold of journal entries.
//!
//! Two enums, as in an intent log: what may be written ([`RunEntry`]) and what it means ([`StepState`]); one function,
//! [`RunState::apply`], joins them, and whatever it does not list is illegal. Recovery is applying the entries again.
//!
//! A call covers one or more steps, and Procore may answer for each step apart, later, or not at all. Unknown is not
//! failed (invariant 7): a step without an answer waits for a read-back.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::lower::{Call, CallNumber};
use crate::proposal::StepNumber;
use crate::standing::Standing;

/// What may be written about a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum RunEntry {
    /// The run begins. Always the first entry.
    Started {
        /// The calls that will carry the plan out, in order.
        calls: Vec<Call>,
    },
    /// Steps end without a call: they were so already, or are skipped.
    Settled {
        /// How each ends.
        steps: BTreeMap<StepNumber, Ended>,
    },
    /// A call is about to be sent. Durable before anything leaves (invariant 5).
    Intended {
        /// Which call.
        call: CallNumber,
        /// Which try of it, from 1: a later one than any before of these steps.
        attempt: u32,
        /// The steps that it carries out this time.
        steps: BTreeSet<StepNumber>,
    },
    /// Procore answered for some or all steps of a call, or it is certain that no answer will come.
    Answered {
        /// Which call.
        call: CallNumber,
        /// Which try.
        attempt: u32,
        /// What it answered, step by step.
        answers: BTreeMap<StepNumber, StepAnswer>,
    },
    /// Procore was asked how things stand after an answer, or instead of one.
    ReadBack {
        /// How each step stands.
        steps: BTreeMap<StepNumber, Standing>,
    },
    /// Somebody called it off. Steps that nothing was sent for end here; nothing may be under way.
    Cancelled {
        /// Who, as they named themselves.
        by: String,
    },
    /// Every step has ended.
    Finished {
        /// How the run ended.
        end: End,
    },
}

/// What Procore answered for one step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum StepAnswer {
    /// That it is done. Believed once it has been read back.
    Done {},
    /// That it will be done, and where to ask.
    Later {
        /// What names the unfinished work at Procore.
        handle: String,
    },
    /// That it was not done: a final answer. Somebody else may have done it, so it is read back all the same.
    Refused {
        /// Procore's words.
        why: String,
    },
    /// Nothing that tells. The change may have happened.
    Lost {
        /// What came instead of an answer.
        why: String,
    },
}

/// Where a step stands in its run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepState {
    /// Nothing is under way. `attempts` tries have provably changed nothing.
    Waiting {
        /// How many tries.
        attempts: u32,
    },
    /// A call is on its way, or was when the process ended.
    Intended {
        /// Which call.
        call: CallNumber,
        /// Which try.
        attempt: u32,
    },
    /// Procore promised to do it.
    Promised {
        /// Which call.
        call: CallNumber,
        /// Which try.
        attempt: u32,
        /// What names the unfinished work at Procore.
        handle: String,
    },
    /// Procore answered, or it is certain that no answer will come: to be read back.
    Unproven {
        /// Which try.
        attempt: u32,
        /// The answer; never [`StepAnswer::Later`].
        answer: StepAnswer,
    },
    /// It has ended.
    Ended(Ended),
}

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Ended {
    /// The outcome.
    pub outcome: Outcome,
    /// Why, where that is not obvious.
    pub why: Option<String>,
}

/// The outcome of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Carried out and read back.
    Done,
    /// It was so before.
    Already,
    /// Not tried: things stood otherwise than in the plan, or the guard no longer let it through.
    Skipped,
    /// A final answer, or a read-back that shows it was not done.
    Failed,
    /// Neither an answer nor a read-back tells.
    Unknown,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// Every step is done or was so before, and nothing stays behind.
    Done,
    /// The same, but items stay with people whom access was taken from.
    DoneWithRemainder,
    /// A step failed or was skipped.
    Failed,
    /// A step is unknown, and none failed or was skipped.
    Unknown,
    /// Somebody called it off before its end.
    Cancelled,
}

/// A run as far as its entries tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunState {
    plan: Digest,
    remainder: bool,
    begun: bool,
    calls: Vec<Call>,
    steps: BTreeMap<StepNumber, StepState>,
    cancelled: bool,
    end: Option<End>,
}

/// An entry that can't follow the ones before it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the run {} can't go on with {entry}: {why}", plan.short())]
pub struct IllegalEntry {
    plan: Digest,
    entry: String,
    why: String,
}

impl RunState {
    /// Returns a run of `plan` that has not begun. `remainder`: the plan names items that stay behind.
    #[must_use]
    pub fn new(plan: Digest, remainder: bool) -> Self {
        Self {
            plan,
            remainder,
            begun: false,
            calls: Vec::new(),
            steps: BTreeMap::new(),
            cancelled: false,
            end: None,
        }
    }

    /// Applies the next entry. An entry that is refused changes nothing.
    ///
    /// # Errors
    ///
    /// If it can't follow the ones before it.
    pub fn apply(&mut self, entry: &RunEntry) -> Result<(), IllegalEntry> {
        let changes = self.next(entry).map_err(|why| IllegalEntry {
            plan: self.plan,
            entry: serde_json::to_string(entry).unwrap_or_default().chars().take(200).collect(),
            why,
        })?;
        self.steps.extend(changes);
        match entry {
            RunEntry::Started { calls } => {
                self.begun = true;
                self.calls.clone_from(calls);
            }
            RunEntry::Cancelled { .. } => self.cancelled = true,
            RunEntry::Finished { end } => self.end = Some(*end),
            _ => {}
        }
        Ok(())
    }

    /// Returns what an entry does to each step that it is about, or why it is illegal.
    fn next(&self, entry: &RunEntry) -> Result<BTreeMap<StepNumber, StepState>, String> {
        if self.end.is_some() {
            return Err("it has ended".to_owned());
        }
        if self.has_begun() == matches!(entry, RunEntry::Started { .. }) {
            return Err("a run begins once, and with its beginning".to_owned());
        }
        match entry {
            RunEntry::Started { calls } => {
                let steps: Vec<_> = calls.iter().flat_map(|call| &call.steps).copied().collect();
                let states: BTreeMap<_, _> =
                    steps.iter().map(|step| (*step, StepState::Waiting { attempts: 0 })).collect();
                let whole = states.len() == steps.len() && calls.iter().all(|call| !call.steps.is_empty());
                whole.then_some(states).ok_or_else(|| "every step needs exactly one call".to_owned())
            }
            RunEntry::Settled { steps } => {
                each(steps, |step, ended| match (self.state(step)?, ended.outcome) {
                    (StepState::Waiting { .. }, outcome) if outcome != Outcome::Done => {
                        Ok(StepState::Ended(ended.clone()))
                    }
                    (state, _) => Err(format!("step {step} is {state:?}")),
                })
            }
            RunEntry::Intended { call, attempt, steps } => {
                let covered = self.calls.iter().find(|known| known.number == *call).map(|known| &known.steps);
                if steps.is_empty() || !covered.is_some_and(|covered| covered.is_superset(steps)) {
                    return Err(format!("call {call} does not carry these steps out"));
                }
                each(&steps.iter().map(|step| (*step, ())).collect(), |step, ()| match self.state(step)? {
                    StepState::Waiting { attempts } if attempts < attempt => {
                        Ok(StepState::Intended { call: *call, attempt: *attempt })
                    }
                    state => Err(format!("step {step} is {state:?}")),
                })
            }
            RunEntry::Answered { call, attempt, answers } => {
                each(answers, |step, answer| match self.state(step)? {
                    StepState::Intended { call: sent, attempt: tried }
                    | StepState::Promised { call: sent, attempt: tried, .. }
                        if (sent, tried) == (call, attempt) =>
                    {
                        Ok(answered(*call, *attempt, answer))
                    }
                    state => Err(format!("step {step} is {state:?}")),
                })
            }
            RunEntry::ReadBack { steps } => each(steps, |step, standing| match self.state(step)? {
                StepState::Unproven { attempt, answer } => Ok(read_back(*attempt, answer, standing)),
                state => Err(format!("step {step} is {state:?}")),
            }),
            RunEntry::Cancelled { by } => {
                let mut ended = BTreeMap::new();
                for (step, state) in &self.steps {
                    match state {
                        StepState::Ended(_) => {}
                        StepState::Waiting { .. } => {
                            let why = Some(format!("called off by {by}"));
                            ended.insert(*step, StepState::Ended(Ended { outcome: Outcome::Skipped, why }));
                        }
                        state => return Err(format!("step {step} is {state:?}")),
                    }
                }
                if ended.is_empty() { Err("nothing waits any more".to_owned()) } else { Ok(ended) }
            }
            RunEntry::Finished { end } => match self.end_so_far() {
                Some(so_far) if so_far == *end => Ok(BTreeMap::new()),
                other => Err(format!("so far it has come to {other:?}")),
            },
        }
    }

    fn state(&self, step: StepNumber) -> Result<&StepState, String> {
        self.steps.get(&step).ok_or_else(|| format!("there is no step {step}"))
    }

    /// Returns whether it has begun.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.begun
    }

    /// Returns the plan that is carried out.
    #[must_use]
    pub fn plan(&self) -> Digest {
        self.plan
    }

    /// Returns the calls, in order.
    #[must_use]
    pub fn calls(&self) -> &[Call] {
        &self.calls
    }

    /// Returns where each step stands.
    #[must_use]
    pub fn steps(&self) -> &BTreeMap<StepNumber, StepState> {
        &self.steps
    }

    /// Returns how it ended; `None` if it has not.
    #[must_use]
    pub fn end(&self) -> Option<End> {
        self.end
    }

    /// Returns what the run comes to when it ends now; `None` while a step has not ended.
    #[must_use]
    pub fn end_so_far(&self) -> Option<End> {
        let outcome = |state: &StepState| match state {
            StepState::Ended(ended) => Some(ended.outcome),
            _ => None,
        };
        let outcomes = self.steps.values().map(outcome).collect::<Option<BTreeSet<_>>>()?;
        Some(if self.cancelled {
            End::Cancelled
        } else if outcomes.contains(&Outcome::Failed) || outcomes.contains(&Outcome::Skipped) {
            End::Failed
        } else if outcomes.contains(&Outcome::Unknown) {
            End::Unknown
        } else if self.remainder {
            End::DoneWithRemainder
        } else {
            End::Done
        })
    }
}

fn each<T>(
    steps: &BTreeMap<StepNumber, T>,
    next: impl Fn(StepNumber, &T) -> Result<StepState, String>,
) -> Result<BTreeMap<StepNumber, StepState>, String> {
    if steps.is_empty() {
        return Err("it is about no step".to_owned());
    }
    steps.iter().map(|(step, what)| next(*step, what).map(|state| (*step, state))).collect()
}

fn answered(call: CallNumber, attempt: u32, answer: &StepAnswer) -> StepState {
    match answer {
        StepAnswer::Later { handle } => StepState::Promised { call, attempt, handle: handle.clone() },
        answer => StepState::Unproven { attempt, answer: answer.clone() },
    }
}

/// The heart of invariant 7: what an answer, or the lack of one, means beside what Procore shows.
fn read_back(attempt: u32, answer: &StepAnswer, standing: &Standing) -> StepState {
    let ended = |outcome, why: Option<String>| StepState::Ended(Ended { outcome, why });
    match (answer, standing) {
        (StepAnswer::Done {} | StepAnswer::Later { .. }, Standing::AsWanted) => ended(Outcome::Done, None),
        (StepAnswer::Done {} | StepAnswer::Later { .. }, Standing::AsBefore) => {
            let why = "Procore answered that it was done, but still shows it as it was";
            ended(Outcome::Failed, Some(why.to_owned()))
        }
        (StepAnswer::Done {} | StepAnswer::Later { .. }, Standing::Unseen) => {
            let why = "Procore answered that it was done, but does not show what would prove it";
            ended(Outcome::Unknown, Some(why.to_owned()))
        }
        (StepAnswer::Lost { why }, Standing::AsWanted) => {
            ended(Outcome::Done, Some(format!("without an answer ({why}), but Procore shows it")))
        }
        (StepAnswer::Lost { .. }, Standing::AsBefore) => StepState::Waiting { attempts: attempt },
        (StepAnswer::Lost { why }, Standing::Unseen) => ended(
            Outcome::Unknown,
            Some(format!("no answer ({why}), and Procore does not show what would tell")),
        ),
        (StepAnswer::Refused { why }, Standing::AsWanted) => {
            ended(Outcome::Already, Some(format!("Procore refused ({why}), but shows it done")))
        }
        (StepAnswer::Refused { why }, _) => ended(Outcome::Failed, Some(why.clone())),
        (_, Standing::Otherwise(how)) => ended(Outcome::Failed, Some(format!("after the call it {how}"))),
    }
}

#[cfg(test)]
mod tests;
