//! Plans: what a policy proposed, checked against facts, numbered, digested and from then on unchangeable.

mod before;
mod people;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use self::before::Before;
use crate::action::Action;
use crate::digest::{Digest, NotCanonical};
use crate::directory::{Fixed, Handover, HeldAs, ItemRef};
use crate::event::Event;
use crate::facts::Facts;
use crate::id::{CompanyId, ContactId, Email, ProjectId, TemplateId, UserId};
use crate::proposal::{Decision, Proposal, StepNumber};
use crate::read::UnseenTool;
use crate::text::Reason;

/// The format that this version writes and the only one it reads.
const FORMAT: &str = "muster.plan/1";

/// A plan. Its digest covers everything it says; there is no way to change one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    digest: Digest,
    content: Content,
}

/// What a plan says. Its canonical JSON is what the digest is taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Content {
    format: String,
    /// The Procore that it was made for.
    pub target: Target,
    /// The event that it answers.
    pub event: Event,
    /// The policy that proposed it.
    pub policy: Pins,
    /// What the policy decided, in its words.
    pub decision: Decision,
    /// The steps, numbered from 1.
    pub steps: Vec<Step>,
    /// The items that stay with people whom the plan takes access from.
    pub remainder: Vec<Remains>,
    /// The projects that people stay on although they have no login once the plan is carried out.
    pub still_on: Vec<StillOn>,
    /// Where it can't be seen what stays.
    pub unseen: Vec<Unseen>,
    /// The names of the users and projects that steps and remainder speak of.
    pub names: Names,
}

/// A company on a Procore. A plan made for another one is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Target {
    /// The client account.
    pub company: CompanyId,
    /// Host and port of the API.
    pub api_host: String,
    /// The dialect in which it is spoken to.
    pub dialect: String,
}

/// What exactly decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Pins {
    /// The policy as the configuration names it.
    pub name: String,
    /// The component, or the script.
    pub artifact: Digest,
    /// The runner of a script.
    pub runner: Option<Digest>,
    /// The settings.
    pub settings: Digest,
    /// The grant.
    pub grant: Digest,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Step {
    /// Its place, from 1.
    pub number: StepNumber,
    /// What it does.
    pub action: Action,
    /// Why, in the policy's words.
    pub reason: Reason,
    /// How things stood when the plan was made. Where they stand otherwise later, the step is skipped.
    pub before: Before,
}

/// An item that stays where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Remains {
    /// Which.
    pub item: ItemRef,
    /// The number that people see.
    pub number: String,
    /// The title.
    pub title: String,
    /// In which role it is held.
    pub held_as: HeldAs,
    /// Who holds it.
    pub holder: UserId,
    /// Why it stays, in the policy's words; `None` if it did not say.
    pub reason: Option<Reason>,
    /// Why nobody could take it over; `None`: somebody could.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed: Option<Fixed>,
}

/// A project that somebody without a login stays on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct StillOn {
    /// Who.
    pub user: UserId,
    /// Which.
    pub project: ProjectId,
}

/// Somebody who loses access and of whom it can't be seen what they hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Unseen {
    /// Who.
    pub holder: UserId,
    /// In which tools; `None`: in none of their projects could it be seen.
    pub tools: Option<BTreeSet<UnseenTool>>,
}

/// What ids stand for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Names {
    /// The full names of users.
    pub users: BTreeMap<UserId, String>,
    /// The names of projects.
    pub projects: BTreeMap<ProjectId, String>,
    /// The names of contacts.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub contacts: BTreeMap<ContactId, String>,
    /// The names of permission templates.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub templates: BTreeMap<TemplateId, String>,
}

/// Why a proposal can't become a plan. Where it is not said otherwise, that is the policy's fault.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// It decided that nothing has to be done, and added steps.
    #[error("the policy decided that nothing has to be done, but added {0} steps")]
    NothingWithSteps(usize),
    /// Two steps do the same.
    #[error("steps {first} and {second} do the same")]
    Twice {
        /// The earlier one.
        first: StepNumber,
        /// The later one.
        second: StepNumber,
    },
    /// A step speaks of somebody whom the directory does not show.
    #[error("step {step} names user {user}, whom the directory does not show")]
    UnknownUser {
        /// Which step.
        step: StepNumber,
        /// Who.
        user: UserId,
    },
    /// A step speaks of an item that the directory does not show.
    #[error("step {step} names an item that project {} does not show: {}", item.project, item.id)]
    UnknownItem {
        /// Which step.
        step: StepNumber,
        /// The item.
        item: ItemRef,
    },
    /// A step speaks of something else that the directory does not show.
    #[error("step {step} names {what}, which the directory does not show")]
    Unknown {
        /// Which step.
        step: StepNumber,
        /// What, with its id.
        what: String,
    },
    /// A step names a user that no earlier step creates.
    #[error(
        "step {step} names the user that step {created} creates, but that is no earlier step that creates one"
    )]
    NotCreated {
        /// Which step.
        step: StepNumber,
        /// The step that it names.
        created: StepNumber,
    },
    /// A step gives somebody an address that somebody else has.
    #[error("step {step} gives out the address {email}, which user {user} has")]
    AddressTaken {
        /// Which step.
        step: StepNumber,
        /// The address.
        email: Email,
        /// Who has it.
        user: UserId,
    },
    /// A step acts in a project whose directory the host's account can't see. Not the policy's fault.
    #[error("step {step} acts in project {project}, whose directory can't be seen")]
    Closed {
        /// Which step.
        step: StepNumber,
        /// The project.
        project: ProjectId,
    },
    /// Two steps change the same thing, so that the second one can't know how it stands.
    #[error("steps {first} and {second} change the same thing")]
    SameThing {
        /// The earlier one.
        first: StepNumber,
        /// The later one.
        second: StepNumber,
    },
    /// A step makes no sense by itself.
    #[error("step {step} {why}")]
    Senseless {
        /// Which step.
        step: StepNumber,
        /// Why, in words that follow the step.
        why: &'static str,
    },
    /// A step takes an item from somebody who does not hold it so.
    #[error("step {step} takes an item from user {holder}, who does not hold it in that role")]
    NotHeld {
        /// Which step.
        step: StepNumber,
        /// Who.
        holder: UserId,
    },
    /// A step takes an item from somebody whose place nobody can take.
    #[error("step {step} takes an item from user {holder}, whose place can't be taken: {why}")]
    CannotMove {
        /// Which step.
        step: StepNumber,
        /// Who.
        holder: UserId,
        /// Why not.
        why: Fixed,
    },
    /// A step hands an item to whoever holds it already.
    #[error("step {step} hands an item from user {user} to themselves")]
    ToThemselves {
        /// Which step.
        step: StepNumber,
        /// Who.
        user: UserId,
    },
    /// A step hands an item to somebody whose login the plan takes away.
    #[error("step {step} hands an item to user {user}, whose login the same plan takes away")]
    ToLeaver {
        /// Which step.
        step: StepNumber,
        /// Who.
        user: UserId,
    },
    /// It can't be digested. Not the policy's fault.
    #[error("the plan can't be digested")]
    Digest(#[from] NotCanonical),
}

/// Why bytes are no plan.
#[derive(Debug, thiserror::Error)]
pub enum ReadPlanError {
    /// They are not what this version writes.
    #[error("these bytes are no plan of the format {FORMAT}")]
    NoPlan(#[source] serde_json::Error),
    /// It has another format.
    #[error("the plan has the format {0:?}, this version of muster reads {FORMAT}")]
    OtherFormat(String),
    /// Its content is not the one that the digest names.
    #[error("the plan says that it is {stated}, but its content is {found}")]
    Changed {
        /// The digest that it carries.
        stated: Digest,
        /// The digest of its content.
        found: Digest,
    },
    /// It can't be digested.
    #[error("the plan can't be digested")]
    Digest(#[source] NotCanonical),
}

#[derive(Serialize)]
struct Written<'a> {
    digest: Digest,
    plan: &'a Content,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unread {
    digest: Digest,
    plan: serde_json::Value,
}

impl Plan {
    /// Makes a plan of a proposal and the facts that [`Facts::missing`] asks for.
    ///
    /// # Errors
    ///
    /// If the proposal contradicts itself or the facts.
    pub fn make(
        target: Target,
        event: Event,
        policy: Pins,
        proposal: &Proposal,
        facts: &Facts,
    ) -> Result<Self, PlanError> {
        if matches!(proposal.decision, Decision::Nothing(_)) && !proposal.steps.is_empty() {
            return Err(PlanError::NothingWithSteps(proposal.steps.len()));
        }
        let leaves =
            |user: UserId| proposal.steps.iter().any(|step| step.action.ends_login_of() == Some(user));
        let mut steps: Vec<Step> = Vec::new();
        let (mut seen, mut things) = (BTreeMap::new(), BTreeMap::new());
        for (number, step) in (1..).zip(&proposal.steps) {
            if let Some(first) = seen.insert(&step.action, number) {
                return Err(PlanError::Twice { first, second: number });
            }
            if let Some(first) = step.action.thing().and_then(|thing| things.insert(thing, number)) {
                return Err(PlanError::SameThing { first, second: number });
            }
            if let Some(Handover { from, to, .. }) = step.action.handover() {
                if from == Some(to) {
                    return Err(PlanError::ToThemselves { step: number, user: to });
                }
                if leaves(to) {
                    return Err(PlanError::ToLeaver { step: number, user: to });
                }
            }
            let before = Before::read(number, &step.action, facts, &steps)?;
            steps.push(Step { number, action: step.action.clone(), reason: step.reason.clone(), before });
        }
        let remainder = people::remainder(&steps, &proposal.left, facts);
        let unseen = people::unseen(&steps, facts);
        let still_on = people::still_on(&steps, &remainder, facts);
        let names = people::names(&steps, &remainder, &still_on, facts);
        let decision = proposal.decision.clone();
        let format = FORMAT.to_owned();
        let content =
            Content { format, target, event, policy, decision, steps, remainder, still_on, unseen, names };
        Ok(Self { digest: Digest::of(&content)?, content })
    }

    /// Reads a plan that [`Plan::to_json`] wrote, and makes sure that it is the one that its digest names.
    ///
    /// # Errors
    ///
    /// If the bytes are no plan, or a changed one.
    pub fn from_json(bytes: &[u8]) -> Result<Self, ReadPlanError> {
        let Unread { digest, plan } = serde_json::from_slice(bytes).map_err(ReadPlanError::NoPlan)?;
        Self::read(digest, plan)
    }

    /// Returns the plan whose content is this JSON, as a store keeps it under the plan's digest.
    ///
    /// # Errors
    ///
    /// If the bytes are no plan, or another one.
    pub fn from_content(digest: Digest, bytes: &[u8]) -> Result<Self, ReadPlanError> {
        Self::read(digest, serde_json::from_slice(bytes).map_err(ReadPlanError::NoPlan)?)
    }

    fn read(stated: Digest, content: serde_json::Value) -> Result<Self, ReadPlanError> {
        // The format decides how the rest is read, so it is looked at before anything can be unknown.
        match content.get("format").and_then(serde_json::Value::as_str) {
            Some(FORMAT) | None => {}
            Some(other) => return Err(ReadPlanError::OtherFormat(other.chars().take(80).collect())),
        }
        let content: Content = serde_json::from_value(content).map_err(ReadPlanError::NoPlan)?;
        let found = Digest::of(&content).map_err(ReadPlanError::Digest)?;
        if found == stated {
            Ok(Self { digest: found, content })
        } else {
            Err(ReadPlanError::Changed { stated, found })
        }
    }

    /// Returns the plan as JSON, with its digest.
    ///
    /// # Errors
    ///
    /// Never for a plan that was made; the encoder's signature has it.
    pub fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec_pretty(&Written { digest: self.digest, plan: &self.content })
    }

    /// Returns what names the plan.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Returns what the plan says.
    #[must_use]
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// Returns the step of this number.
    #[must_use]
    pub fn step(&self, number: StepNumber) -> Option<&Step> {
        self.content.steps.iter().find(|step| step.number == number)
    }

    /// Returns whether items or projects stay with people who lose access, or may stay where it can't be seen.
    #[must_use]
    pub fn leaves_something(&self) -> bool {
        let Content { remainder, still_on, unseen, .. } = &self.content;
        !remainder.is_empty() || !still_on.is_empty() || !unseen.is_empty()
    }

    /// Returns the numbers of all steps.
    #[must_use]
    pub fn step_numbers(&self) -> BTreeSet<StepNumber> {
        self.content.steps.iter().map(|step| step.number).collect()
    }
}

#[cfg(test)]
mod tests;
