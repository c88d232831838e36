//! What everybody holds: each open item with each of its holders, of every kind that there is.
//!
//! Tests compare what a client has found with this list.

use serde::Serialize;

use super::item::KINDS;
use super::{Company, distribution};

/// A kind of item, under the name that this list has for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// An RFI.
    Rfi,
    /// A submittal.
    Submittal,
    /// A punch item.
    PunchItem,
    /// An observation.
    Observation,
    /// A task.
    Task,
    /// A coordination issue.
    CoordinationIssue,
    /// A topic of a meeting.
    MeetingTopic,
    /// An inspection.
    Inspection,
    /// An item of correspondence or of a custom tool.
    Correspondence,
    /// An action plan.
    ActionPlan,
    /// An item of an action plan.
    ActionPlanItem,
    /// A running workflow.
    Workflow,
    /// A workflow that a project has prepared.
    WorkflowTemplate,
    /// A distribution group.
    DistributionGroup,
}

impl Kind {
    /// Returns the kind as this list names it.
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
}

/// What somebody is to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum HeldAs {
    /// Has to do it.
    Assignee,
    /// Has to do it, and it can't go on without.
    RequiredAssignee,
    /// Is responsible for it.
    Manager,
    /// Has to approve it.
    Approver,
    /// Has to approve that it is done.
    FinalApprover,
    /// Inspects.
    Inspector,
    /// Is asked about it.
    PointOfContact,
    /// Is named in a step of it.
    StepAssignee,
    /// Is in it.
    Member,
}

impl HeldAs {
    /// Returns the role as this list names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Assignee => "assignee",
            Self::RequiredAssignee => "required-assignee",
            Self::Manager => "manager",
            Self::Approver => "approver",
            Self::FinalApprover => "final-approver",
            Self::Inspector => "inspector",
            Self::PointOfContact => "point-of-contact",
            Self::StepAssignee => "step-assignee",
            Self::Member => "member",
        }
    }
}

/// Somebody holds an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Holding {
    /// The user.
    pub user: u64,
    /// The kind of the item.
    pub kind: Kind,
    /// What the user is to it.
    pub role: HeldAs,
    /// The project; none for what belongs to the company.
    pub project: Option<u64>,
    /// The id of the item, within its kind.
    pub id: u64,
}

impl Company {
    /// Returns everything that anybody holds, each once, sorted by user, kind, role, project and id. Only what is open
    /// counts; whether the holder has a login or is on the project does not.
    pub fn holdings(&self) -> Vec<Holding> {
        let mut all = Vec::new();
        for kind in KINDS {
            (kind.holdings)(self, &mut all);
        }
        distribution::holdings(self, &mut all);
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Returns what a user holds, sorted by kind, role, project and id.
    pub fn held_by(&self, user: u64) -> Vec<Holding> {
        let mut all = self.holdings();
        all.retain(|holding| holding.user == user);
        all
    }

    /// Returns whether a user holds an open item of a project.
    pub(crate) fn holds_items(&self, user: u64, project: u64) -> bool {
        self.held_by(user).iter().any(|held| held.project == Some(project) && held.role != HeldAs::Member)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::company::{NewProject, NewRfi, NewUser, RfiStatus};

    #[test]
    fn open_items_and_groups_are_held_each_once_a_role() {
        let mut company = Company::new("Northgate");
        let project = company.add_project(NewProject::named("A"));
        let [ana, leo] = ["Ana", "Leo"].map(|name| company.add_user(NewUser::named(name, "D")).unwrap());
        let mut new = NewRfi::open(project, "Slab", ana, &[ana, leo]);
        new.required.insert(leo);
        let rfi = company.add_rfi(new).unwrap();
        let closed = NewRfi { status: RfiStatus::Closed, ..NewRfi::open(project, "Pit", ana, &[leo]) };
        company.add_rfi(closed).unwrap();
        let group = company.add_distribution_group("Office", None, &[ana]).unwrap();
        let held = |user| company.held_by(user).iter().map(|held| (held.kind, held.role, held.id)).collect();
        let of_ana: Vec<_> = held(ana);
        assert_eq!(
            of_ana,
            [
                (Kind::Rfi, HeldAs::Assignee, rfi),
                (Kind::Rfi, HeldAs::Manager, rfi),
                (Kind::DistributionGroup, HeldAs::Member, group),
            ]
        );
        let of_leo: Vec<_> = held(leo);
        assert_eq!(of_leo, [(Kind::Rfi, HeldAs::RequiredAssignee, rfi)]);
        assert!(company.holds_items(ana, project) && !company.holds_items(ana, 1));
        let json = serde_json::to_value(company.held_by(leo)).unwrap();
        assert_eq!(json[0]["kind"], Kind::Rfi.name());
        assert_eq!(json[0]["role"], HeldAs::RequiredAssignee.name());
    }
}
