//! Tapes: everything that a decision, its plan and its verdict depend on.
//!
//! Proposal, plan and verdict are functions of the tapes of a case alone (invariant 11), so they can be computed again
//! later and elsewhere, without Procore, and must come out the same to the last byte.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::event::Event;
use crate::facts::Facts;
use crate::function::Function;
use crate::grant::Grant;
use crate::guard::Rules;
use crate::plan::{Pins, Target};
use crate::read::{Answer, Read, WrongAnswer};

/// The format that this version writes and the only one it reads.
pub const FORMAT: &str = "muster.tape/1";

/// The recording of one decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Tape {
    /// [`FORMAT`].
    pub format: String,
    /// What the decision started from.
    pub inputs: Inputs,
    /// What the policy asked, in order, with what it got.
    pub exchanges: Vec<Exchange>,
    /// What the host asked for plan and guard, sorted by question.
    pub facts: Vec<Asked>,
    /// What the policy or the host asked and did not get, in order.
    pub holes: Vec<Hole>,
}

/// What a decision starts from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Inputs {
    /// What happened.
    pub event: Event,
    /// The time of the decision: the only time that the policy sees.
    pub now: Timestamp,
    /// Where the policy's randomness starts: the digest of event and policy, so that nobody has to choose it.
    pub seed: crate::digest::Digest,
    /// The settings, a JSON document.
    pub settings: String,
    /// What the operator allows the policy.
    pub grant: Grant,
    /// The policies of the case whose failure or hold stops this one.
    pub after: Vec<String>,
    /// What the operator lays down for all.
    pub rules: Rules,
    /// The Procore that is asked.
    pub target: Target,
    /// Which policy exactly.
    pub policy: Pins,
    /// Which engine, with the limits that decide how a decision ends.
    pub engine: String,
}

impl Tape {
    /// Returns everything that is known by this tape: what the policy asked and what the host asked.
    ///
    /// # Errors
    ///
    /// If an answer does not fit its question.
    pub fn known(&self) -> Result<Facts, WrongAnswer> {
        let mut known = Facts::default();
        for Asked { read, answer } in self.exchanges.iter().filter_map(Exchange::asked).chain(&self.facts) {
            known.add(read.clone(), answer.clone())?;
        }
        Ok(known)
    }
}

/// One question of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Exchange {
    /// It got an answer. What lies outside the scope of the grant is left out only when it is handed over.
    Asked(Box<Asked>),
    /// It was denied.
    Denied {
        /// What it called.
        function: Function,
        /// What it was told.
        message: String,
    },
}

impl Exchange {
    /// Returns the question with its answer, if it got one.
    #[must_use]
    pub fn asked(&self) -> Option<&Asked> {
        match self {
            Self::Asked(asked) => Some(asked),
            Self::Denied { .. } => None,
        }
    }
}

/// A question without an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Hole {
    /// What was asked.
    pub read: Read,
    /// Why there is no answer.
    pub why: String,
}

/// A question with its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Asked {
    /// What was asked.
    pub read: Read,
    /// What was answered.
    pub answer: Answer,
}
