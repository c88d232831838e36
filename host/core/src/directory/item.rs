//! Items: what people hold and others wait for, above all tools of Procore.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Person;
use crate::id::{ItemId, ProjectId, UserId};

/// A tool of Procore in which people hold items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ItemKind {
    /// A request for information.
    Rfi,
    /// A submittal.
    Submittal,
    /// An item of the punch list.
    PunchItem,
    /// An observation.
    Observation,
    /// A task.
    Task,
    /// A coordination issue.
    CoordinationIssue,
    /// A topic of a meeting.
    MeetingTopic,
    /// An inspection, which Procore's API calls a checklist.
    Inspection,
    /// An item of correspondence or of another tool that the company made, which Procore's API calls generic tools.
    Correspondence,
    /// An action plan.
    ActionPlan,
    /// A signature that an action plan waits for.
    ActionPlanItem,
    /// A workflow that is running.
    Workflow,
    /// A workflow that a project can start, with the people who are set for its steps: a preset in Procore's API.
    WorkflowTemplate,
    /// A distribution group of a project. Nobody waits for its members, who get mail together.
    DistributionGroup,
}

/// What names an item: its number is unique only within its kind and project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ItemRef {
    /// The tool.
    pub kind: ItemKind,
    /// The project.
    pub project: ProjectId,
    /// What it is part of, where Procore finds it only so: the meeting of a topic, the type of correspondence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<ItemId>,
    /// The number.
    pub id: ItemId,
}

/// The role in which a person holds an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HeldAs {
    /// Asked for an answer, work or a signature.
    Assignee,
    /// Asked for an answer without which the item can't go on.
    RequiredAssignee,
    /// Responsible for the item.
    Manager,
    /// Asked to approve.
    Approver,
    /// The one whose approval closes it.
    FinalApprover,
    /// Carrying out an inspection.
    Inspector,
    /// The one whom an inspection turns to.
    PointOfContact,
    /// Named for a step of a workflow.
    StepAssignee,
    /// Getting the mail of a distribution group.
    Member,
}

/// Whether an item is still to be worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ItemStatus {
    /// Waiting for somebody.
    Open,
    /// Not sent yet.
    Draft,
    /// Done. Reads of open items never return it; showing one item may.
    Closed,
}

/// Why Procore's API lets nobody take the place of a holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fixed {
    /// Named before the action plan was approved (`is_locked`).
    Locked,
    /// Named for the step of a running workflow.
    Running,
    /// Managing a running workflow.
    ManagesRunning,
}

/// One holder of an item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Holder {
    /// Who.
    pub person: Person,
    /// In which role. Who is a required assignee is listed once, as that.
    pub held_as: HeldAs,
    /// Why nobody can take their place; `None`: somebody can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed: Option<Fixed>,
}

/// Something that people hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Item {
    /// What names it.
    pub item: ItemRef,
    /// The number that people see, for example `17` or `A-17`; empty where there is none.
    pub number: String,
    /// The title or subject.
    pub title: String,
    /// Whether it is still to be worked on.
    pub status: ItemStatus,
    /// The day by which it is due.
    pub due: Option<Date>,
    /// Where people see it in a browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Who holds it, sorted by person, then role.
    pub holders: Vec<Holder>,
}

/// A change of who holds an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Handover {
    /// In which role.
    pub held_as: HeldAs,
    /// Who gives way; `None`: nobody, and `to` comes beside those who are there.
    pub from: Option<UserId>,
    /// Who holds it from then on.
    pub to: UserId,
}

impl ItemKind {
    /// Every kind.
    pub const ALL: [Self; 14] = [
        Self::Rfi,
        Self::Submittal,
        Self::PunchItem,
        Self::Observation,
        Self::Task,
        Self::CoordinationIssue,
        Self::MeetingTopic,
        Self::Inspection,
        Self::Correspondence,
        Self::ActionPlan,
        Self::ActionPlanItem,
        Self::Workflow,
        Self::WorkflowTemplate,
        Self::DistributionGroup,
    ];

    /// Returns the name as commands and files spell it, for example `punch-item`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rfi => "rfi",
            Self::Submittal => "submittal",
            Self::PunchItem => "punch-item",
            Self::Observation => "observation",
            Self::Task => "task",
            Self::CoordinationIssue => "coordination-issue",
            Self::MeetingTopic => "meeting-topic",
            Self::Inspection => "inspection",
            Self::Correspondence => "correspondence",
            Self::ActionPlan => "action-plan",
            Self::ActionPlanItem => "action-plan-item",
            Self::Workflow => "workflow",
            Self::WorkflowTemplate => "workflow-template",
            Self::DistributionGroup => "distribution-group",
        }
    }

    /// Returns what people call one, for example `punch item`.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Rfi => "RFI",
            Self::Submittal => "submittal",
            Self::PunchItem => "punch item",
            Self::Observation => "observation",
            Self::Task => "task",
            Self::CoordinationIssue => "coordination issue",
            Self::MeetingTopic => "meeting topic",
            Self::Inspection => "inspection",
            Self::Correspondence => "correspondence",
            Self::ActionPlan => "action plan",
            Self::ActionPlanItem => "signature of an action plan",
            Self::Workflow => "running workflow",
            Self::WorkflowTemplate => "workflow template",
            Self::DistributionGroup => "distribution group",
        }
    }

    /// Returns the roles in which people hold such items.
    #[must_use]
    pub const fn roles(self) -> &'static [HeldAs] {
        use HeldAs::{
            Approver, Assignee, FinalApprover, Inspector, Manager, Member, PointOfContact, RequiredAssignee,
            StepAssignee,
        };
        match self {
            Self::Rfi => &[Assignee, RequiredAssignee, Manager],
            Self::Submittal => &[Manager, Approver],
            Self::PunchItem => &[Assignee, Manager, FinalApprover],
            Self::Observation
            | Self::Task
            | Self::CoordinationIssue
            | Self::MeetingTopic
            | Self::Correspondence
            | Self::ActionPlanItem => &[Assignee],
            Self::Inspection => &[Inspector, PointOfContact],
            Self::ActionPlan => &[Manager],
            Self::Workflow | Self::WorkflowTemplate => &[Manager, StepAssignee],
            Self::DistributionGroup => &[Member],
        }
    }

    /// Returns whether several people can hold such an item in this role.
    #[must_use]
    pub fn takes_several(self, held_as: HeldAs) -> bool {
        let single = matches!(self, Self::Observation | Self::CoordinationIssue | Self::ActionPlanItem)
            || matches!(held_as, HeldAs::Manager | HeldAs::FinalApprover | HeldAs::PointOfContact);
        !single && self.roles().contains(&held_as)
    }

    /// Returns whether Procore's API can close such an item. Action plans and workflows end when what they ask for was
    /// given, and a group is nothing to be done with.
    #[must_use]
    pub const fn can_be_closed(self) -> bool {
        !matches!(
            self,
            Self::ActionPlan
                | Self::ActionPlanItem
                | Self::Workflow
                | Self::WorkflowTemplate
                | Self::DistributionGroup
        )
    }

    /// Returns whether others are stopped where somebody who holds it loses access: Procore stops a workflow whose step
    /// names them, and offers a template that names them to nobody any more (support.procore.com, workflows).
    #[must_use]
    pub const fn stops_with_its_holder(self) -> bool {
        matches!(self, Self::Workflow | Self::WorkflowTemplate)
    }
}

impl ItemRef {
    /// Returns what besides kind, project and role decides who could hold the item: the type of correspondence, or the
    /// workflow itself, which knows its tool.
    #[must_use]
    pub const fn pool(self) -> Option<ItemId> {
        match self.kind {
            ItemKind::Correspondence => self.within,
            ItemKind::Workflow | ItemKind::WorkflowTemplate => Some(self.id),
            _ => None,
        }
    }
}

impl HeldAs {
    /// Returns the name in words, for example `final approver`.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Assignee => "assignee",
            Self::RequiredAssignee => "required assignee",
            Self::Manager => "manager",
            Self::Approver => "approver",
            Self::FinalApprover => "final approver",
            Self::Inspector => "inspector",
            Self::PointOfContact => "point of contact",
            Self::StepAssignee => "step assignee",
            Self::Member => "member",
        }
    }
}

impl HeldAs {
    /// Returns whether two roles are one list of people: whoever has to answer is asked as well.
    #[must_use]
    pub fn shares_list_with(self, other: Self) -> bool {
        let asked = |role| matches!(role, Self::Assignee | Self::RequiredAssignee);
        self == other || (asked(self) && asked(other))
    }
}

impl fmt::Display for Fixed {
    /// Words that follow *cannot move, because*.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Locked => "an action plan keeps whoever was named before it was approved",
            Self::Running => {
                "Procore takes nobody off the step of a running workflow; somebody can be added beside them"
            }
            Self::ManagesRunning => "Procore documents no way to change who manages a running workflow",
        })
    }
}

impl Holder {
    /// Returns somebody who holds an item and whose place can be taken.
    #[must_use]
    pub const fn new(person: Person, held_as: HeldAs) -> Self {
        Self { person, held_as, fixed: None }
    }
}

impl Item {
    /// Returns the roles in which `user` holds this item, sorted.
    pub fn held_by(&self, user: UserId) -> impl Iterator<Item = HeldAs> {
        self.holders.iter().filter(move |holder| holder.person.id == user).map(|holder| holder.held_as)
    }

    /// Returns whether `user` holds this item in this role. Who has to answer is asked as well, and listed only as that.
    #[must_use]
    pub fn holds(&self, user: UserId, held_as: HeldAs) -> bool {
        let enough =
            |role| role == held_as || (held_as, role) == (HeldAs::Assignee, HeldAs::RequiredAssignee);
        self.held_by(user).any(enough)
    }

    /// Returns whether somebody may still have to act on it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.status != ItemStatus::Closed
    }

    /// Makes a change of who holds it. Everybody else stays, but for whoever was alone in a role that only one can have.
    /// `name` is what whoever comes is called.
    pub fn hand_over(&mut self, change: Handover, name: &str) {
        let Handover { held_as, from, to } = change;
        let several = self.item.kind.takes_several(held_as);
        let stays =
            |holder: &Holder| holder.held_as != held_as || (several && Some(holder.person.id) != from);
        self.holders.retain(stays);
        if !self.holds(to, held_as) {
            if held_as == HeldAs::RequiredAssignee {
                self.holders.retain(|held| (held.person.id, held.held_as) != (to, HeldAs::Assignee));
            }
            let person = Person { id: to, name: name.to_owned() };
            self.holders.push(Holder::new(person, held_as));
        }
        self.holders.sort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{holder, item};

    #[test]
    fn a_hand_over_changes_one_role_and_keeps_everybody_else() {
        use HeldAs::{Assignee, Manager, RequiredAssignee};
        let before = || vec![holder(5, RequiredAssignee), holder(5, Manager), holder(6, Assignee)];
        let change = |held_as, from: Option<u64>, to| {
            let mut rfi = item(70, 1, before());
            rfi.hand_over(Handover { held_as, from: from.map(UserId::new), to: UserId::new(to) }, "");
            rfi.holders.iter().map(|held| (held.person.id.get(), held.held_as)).collect::<Vec<_>>()
        };
        let rows = [
            (RequiredAssignee, Some(5), 7, [(5, Manager), (6, Assignee), (7, RequiredAssignee)].to_vec()),
            (RequiredAssignee, Some(5), 6, [(5, Manager), (6, RequiredAssignee)].to_vec()),
            (Manager, Some(5), 8, [(5, RequiredAssignee), (6, Assignee), (8, Manager)].to_vec()),
            (Assignee, Some(6), 5, [(5, RequiredAssignee), (5, Manager)].to_vec()),
            (Assignee, None, 9, [(5, RequiredAssignee), (5, Manager), (6, Assignee), (9, Assignee)].to_vec()),
        ];
        for (held_as, from, to, after) in rows {
            assert_eq!(change(held_as, from, to), after, "{held_as:?} {from:?} {to}");
        }
    }

    #[test]
    fn only_roles_that_a_kind_has_can_take_several() {
        for kind in ItemKind::ALL {
            assert!(!kind.roles().is_empty(), "{kind:?}");
            assert!(!kind.takes_several(HeldAs::Manager), "{kind:?}");
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
        assert!(!ItemKind::Task.takes_several(HeldAs::Inspector));
        assert!(ItemKind::Inspection.takes_several(HeldAs::Inspector));
    }
}
