//! Short names for the changes that the simulator most often swallows.
//!
//! Each stands for a [`Rule`] in either dialect; whatever else can go wrong is said with a rule.

use serde::{Deserialize, Serialize};

use crate::script::{Rule, Trouble};

const CORRESPONDENCE: &str = "PATCH /rest/v1.0/projects/{project_id}/generic_tools/{generic_tool_id}\
                              /generic_tool_items/{generic_tool_item_id}";
const WORKFLOW: &str = "POST /rest/v2.0/companies/{company_id}/projects/{project_id}/workflows/instances/{id}\
                        /additional_assignees";

/// A change that is answered as if it had been made, and is not made, until the fault is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// Taking a user off a project answers 204 and changes nothing.
    IgnoreRemoval,
    /// Deactivating a user answers 200, shows the user as inactive, and changes nothing.
    IgnoreDeactivation,
    /// Giving an item to others is answered as ever, shows them, and changes nothing.
    IgnoreReassignment,
    /// Closing an item, or opening it again, answers 200, shows it so, and changes nothing.
    IgnoreClosing,
}

impl Fault {
    /// Every fault there is.
    pub const ALL: [Self; 4] =
        [Self::IgnoreRemoval, Self::IgnoreDeactivation, Self::IgnoreReassignment, Self::IgnoreClosing];

    /// Returns the fault of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.name() == name)
    }

    /// Returns the name, such as `ignore-removal`.
    pub fn name(self) -> &'static str {
        match self {
            Self::IgnoreRemoval => "ignore-removal",
            Self::IgnoreDeactivation => "ignore-deactivation",
            Self::IgnoreReassignment => "ignore-reassignment",
            Self::IgnoreClosing => "ignore-closing",
        }
    }

    /// Returns the operations that the fault applies to, those of both dialects.
    pub fn operations(self) -> &'static [&'static str] {
        match self {
            Self::IgnoreRemoval => &[
                "DELETE /rest/v1.0/projects/{project_id}/users/{id}/actions/remove",
                "DELETE /rest/v1.0/projects/{project_id}/users/{id}",
            ],
            Self::IgnoreDeactivation => &[
                "PATCH /rest/v1.3/companies/{company_id}/users/{id}",
                "PATCH /rest/v1.0/companies/{company_id}/users/{id}",
            ],
            Self::IgnoreReassignment => &[
                "PATCH /rest/v1.0/projects/{project_id}/rfis/{id}",
                "PATCH /rest/v1.0/projects/{project_id}/rfis",
                "PATCH /rest/v1.1/projects/{project_id}/submittals/{id}",
                "PATCH /rest/v1.0/submittal_approvers/{id}",
                "PATCH /rest/v1.1/punch_items/{id}",
                "PATCH /rest/v1.0/projects/{project_id}/punch_item_assignments/{id}",
                "PATCH /rest/v1.0/observations/items/{id}",
                "PATCH /rest/v1.0/task_items/{id}",
                "POST /rest/v1.0/coordination_issues/{coordination_issue_id}/assignments",
                "PATCH /rest/v1.0/coordination_issues/{id}",
                "PATCH /rest/v1.1/projects/{project_id}/meeting_topics/{id}",
                "PATCH /rest/v1.0/projects/{project_id}/checklist/lists/{id}",
                CORRESPONDENCE,
                "PATCH /rest/v1.0/projects/{project_id}/action_plans/plans/{id}",
                "PATCH /rest/v1.0/projects/{project_id}/action_plans/plan_item_assignees/bulk_update",
                WORKFLOW,
                "PATCH /rest/v2.0/companies/{company_id}/projects/{project_id}/workflows/presets/{id}/assignees",
            ],
            Self::IgnoreClosing => &[
                "PATCH /rest/v1.0/projects/{project_id}/rfis/{id}",
                "PATCH /rest/v1.1/projects/{project_id}/submittals/{id}",
                "PATCH /rest/v1.1/punch_items/{id}",
                "PATCH /rest/v1.0/observations/items/{id}",
                "PATCH /rest/v1.0/task_items/{id}",
                "PATCH /rest/v1.0/coordination_issues/{id}",
                "PATCH /rest/v1.1/projects/{project_id}/meeting_topics/{id}",
                "PATCH /rest/v1.0/projects/{project_id}/checklist/lists/{id}",
                CORRESPONDENCE,
            ],
        }
    }

    /// Returns the fields of which one must be sent, if the operation does several things.
    fn fields(self) -> &'static [&'static str] {
        match self {
            Self::IgnoreRemoval => &[],
            Self::IgnoreDeactivation => &["is_active"],
            Self::IgnoreReassignment => &[
                "assignee_ids",
                "assignee_id",
                "required_assignee_ids",
                "add_assignee_ids",
                "remove_assignee_ids",
                "add_required_assignee_ids",
                "rfi_manager_id",
                "submittal_manager_id",
                "workflow_data",
                "forward_to",
                "login_information_ids",
                "login_information_id",
                "punch_item_manager_id",
                "final_approver_id",
                "assigned_id",
                "assignment_ids",
                "inspector_ids",
                "point_of_contact_id",
                "manager_id",
                "party_id",
                "login_ids",
                "workflow_manager_id",
            ],
            Self::IgnoreClosing => &["accepted", "draft", "status", "status_id", "workflow_status"],
        }
    }
}

impl Fault {
    /// Returns the rules that the fault stands for.
    pub fn rules(self) -> impl Iterator<Item = Rule> {
        let rule =
            move |operation: &&'static str| Rule::known(Trouble::NotMade, operation).sending(self.fields());
        self.operations().iter().map(rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Script;

    #[test]
    fn a_fault_is_rules_that_can_be_written_out() {
        for fault in Fault::ALL {
            assert_eq!(Fault::named(fault.name()), Some(fault));
            assert_eq!(serde_json::to_value(fault).unwrap(), fault.name());
            let script: Script = fault.rules().collect();
            assert!(!script.rules().is_empty());
            assert_eq!(script.to_string().parse(), Ok(script.clone()));
            assert_eq!(fault.name().parse(), Ok(script));
        }
    }
}
