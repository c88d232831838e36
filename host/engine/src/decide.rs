//! One decision: a fresh store, one question, and what came of it.

use std::sync::Arc;

use muster_core::proposal::{Proposal, ProposedStep, Refusal};
use muster_core::tape::{Exchange, Inputs};

use crate::bindings::exports::muster::policy::guest;
use crate::convert;
use crate::directory::{Directory, NoAnswer};
use crate::fault::{Fault, Stopped};
use crate::policy::Policy;
use crate::state::{Asking, State};
use crate::store::in_time;

/// What came of asking a policy.
#[derive(Debug)]
pub struct Decided {
    /// What it answered.
    pub outcome: Outcome,
    /// What it asked, in order: its part of the tape.
    pub exchanges: Vec<Exchange>,
    /// What it used.
    pub usage: Usage,
    /// The steps that it had added when it ended without a proposal. They are no proposal: what becomes of them is for the
    /// host to say.
    pub dropped: Vec<ProposedStep>,
    /// Whether the tape leads to the same end again: not where time ended the decision.
    pub reproducible: bool,
    /// What it printed, up to the limit. Words from a stranger: escape them.
    pub log: String,
}

/// How a decision ended.
#[derive(Debug)]
pub enum Outcome {
    /// With a proposal.
    Proposal(Proposal),
    /// The policy says why it can't decide.
    Refusal(Refusal),
    /// The policy is at fault.
    Fault(Fault),
    /// The directory did not answer.
    NoAnswer(NoAnswer),
}

/// What a decision used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Units of fuel; `None` where wasmtime can't tell, after an interruption.
    pub fuel: Option<u64>,
    /// The most bytes of one memory.
    pub memory: usize,
}

impl Policy {
    /// Asks the policy about one event. The settings in `inputs` must satisfy its schema.
    pub async fn decide(&self, inputs: Arc<Inputs>, directory: Arc<dyn Directory>) -> Decided {
        let event = convert::event(&inputs.event);
        let settings = inputs.settings.clone();
        let limits = self.engine.limits();
        let mut store = match self.engine.store(Some(Asking { inputs, directory })).await {
            Ok(store) => store,
            Err(stopped) => {
                let (exchanges, usage, log) = (Vec::new(), Usage::default(), String::new());
                let (outcome, dropped, reproducible) = (Outcome::from(stopped), Vec::new(), false);
                return Decided { outcome, exchanges, usage, dropped, reproducible, log };
            }
        };
        let log = store.store.data().log.clone();
        let asked = async {
            let world = self.world.instantiate_async(&mut store.store).await?;
            world.muster_policy_guest().call_decide(&mut store.store, &event, &settings).await
        };
        let answer = in_time(limits, &log, asked).await;
        // After an interruption wasmtime's counter is stale.
        let interrupted =
            matches!(answer, Err(Stopped::Fault(Fault::GuestTime { .. } | Fault::TotalTime { .. })));
        let left = store.store.get_fuel().ok().filter(|_| !interrupted);
        let fuel = left.map(|left| limits.fuel.saturating_sub(left));
        let mut state = store.store.into_data();
        let outcome = match (answer, state.waiting.take()) {
            // What took too long was not the policy.
            (Err(Stopped::Fault(fault @ Fault::TotalTime { .. })), Some(read)) => {
                Outcome::NoAnswer(NoAnswer { read: Box::new(read), source: fault.into() })
            }
            (answer, _) => answer.map_or_else(Outcome::from, |answer| Outcome::of(answer, &mut state)),
        };
        let usage = Usage { fuel, memory: state.memory.peak() };
        let (exchanges, dropped) = (state.take_exchanges(), std::mem::take(&mut state.steps));
        Decided { outcome, exchanges, usage, dropped, reproducible: !interrupted, log: log.text() }
    }
}

impl Outcome {
    fn of(answer: Result<guest::Decision, guest::Refusal>, state: &mut State) -> Self {
        match answer {
            Ok(decision) => match convert::to_decision(decision) {
                Ok(decision) => {
                    let (steps, left) = (std::mem::take(&mut state.steps), std::mem::take(&mut state.left));
                    Self::Proposal(Proposal { decision, steps, left })
                }
                Err(fault) => Self::Fault(fault),
            },
            Err(refusal) => convert::to_refusal(refusal).map_or_else(Self::Fault, Self::Refusal),
        }
    }
}

impl From<Stopped> for Outcome {
    fn from(stopped: Stopped) -> Self {
        match stopped {
            Stopped::Fault(fault) => Self::Fault(fault),
            Stopped::NoAnswer(no_answer) => Self::NoAnswer(no_answer),
        }
    }
}
