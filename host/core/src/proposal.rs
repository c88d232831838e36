//! Proposals: what a policy returned. Untrusted until it has become a plan.

use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::directory::{HeldAs, ItemRef};
use crate::id::UserId;
use crate::text::{Reason, Words};

/// The place of a step in its proposal and plan, from 1.
pub type StepNumber = u32;

/// What a policy decided about one event, with the steps that it added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Proposal {
    /// What it decided.
    pub decision: Decision,
    /// The steps in the order in which they were added: step *n* is at place *n − 1*.
    pub steps: Vec<ProposedStep>,
    /// The items that it said will stay, in that order.
    pub left: Vec<Left>,
}

/// What a policy decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// The steps should be carried out.
    Proposed(Words),
    /// Nothing has to be done.
    Nothing(Words),
    /// The steps should be carried out once a person has looked at them.
    Hold(Words),
}

/// Why a policy can't decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Refusal {
    /// What keeps it from deciding.
    pub cause: RefusalCause,
    /// The same in its words.
    pub words: Words,
}

/// What keeps a policy from deciding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalCause {
    /// The settings make no sense.
    Settings,
    /// It does not handle such an event.
    Event,
    /// It was denied what it can't do without.
    Denied,
    /// The directory is not in a state that it was written for.
    Directory,
}

/// A step as a policy added it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ProposedStep {
    /// What it does.
    pub action: Action,
    /// Why, for the person who approves.
    pub reason: Reason,
}

/// An item that stays with its holder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Left {
    /// Which.
    pub item: ItemRef,
    /// In which role it is held.
    pub held_as: HeldAs,
    /// Who holds it.
    pub holder: UserId,
    /// Why it stays.
    pub reason: Reason,
}

impl Proposal {
    /// Returns what is left of a proposal when nothing but the login of `user` counts: the step that takes it away, with
    /// `why` as the words. `None` if the policy did not propose that.
    #[must_use]
    pub fn only_login_of(steps: &[ProposedStep], user: UserId, why: &str) -> Option<Self> {
        let step =
            steps.iter().find(|step| matches!(step.action, Action::Deactivate { user: of } if of == user))?;
        let why: String = why.chars().take(1_000).collect();
        let words = format!("only the login is taken away, since {why}; plan again for the rest");
        let decision = Decision::Proposed(Words::new(words).ok()?);
        Some(Self { decision, steps: vec![step.clone()], left: Vec::new() })
    }
}

impl Decision {
    /// Returns what the policy said about its decision.
    #[must_use]
    pub fn words(&self) -> &Words {
        match self {
            Self::Proposed(words) | Self::Nothing(words) | Self::Hold(words) => words,
        }
    }
}
