//! What each operation needs: one row for each operation.

use crate::company::{Level, Tool};

use Level::{Admin, ReadOnly, Standard};
use Need::{Anybody, Directory, Edit, EditOn, Project};

/// What an operation needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// Nothing but a token.
    Anybody,
    /// A level in the company's directory.
    Directory(Level),
    /// To be allowed to create and edit users of the company.
    Edit,
    /// To see the project, and a level in one of its tools, which must be on. The project stands in the path, in the
    /// query or in the body.
    Project(Tool, Level),
    /// To see the project, and to be allowed to create and edit users there.
    EditOn,
}

/// What each operation needs, in the order of Procore's reference.
pub(super) const RIGHTS: &[(&str, Need)] = &[
    ("GET /rest/v1.0/companies", Anybody),
    ("GET /rest/v1.0/me", Anybody),
    ("GET /rest/v1.3/companies/{company_id}/me", Anybody),
    ("GET /rest/v1.0/settings/permissions", Anybody),
    ("GET /rest/v1.3/companies/{company_id}/users", Directory(ReadOnly)),
    ("GET /rest/v1.3/users", Directory(ReadOnly)),
    ("GET /rest/v1.3/companies/{company_id}/users/{id}", Directory(ReadOnly)),
    ("POST /rest/v1.3/companies/{company_id}/users", Edit),
    ("PATCH /rest/v1.3/companies/{company_id}/users/{id}", Edit),
    ("PATCH /rest/v1.3/companies/{company_id}/users/{id}/invite", Edit),
    ("PATCH /rest/v1.3/companies/{company_id}/users/sync", Directory(Admin)),
    ("POST /rest/v1.3/companies/{company_id}/users/bulk_add", Edit),
    ("POST /rest/v1.3/companies/{company_id}/users/bulk_remove", Edit),
    ("POST /rest/v2.0/companies/{company_id}/users/bulk_add", Edit),
    ("POST /rest/v2.0/companies/{company_id}/users/bulk_remove", Edit),
    ("GET /rest/v2.0/companies/{company_id}/users/bulk/status/{id}", Edit),
    ("POST /rest/v2.0/companies/{company_id}/people/bulk_deactivate", Edit),
    ("POST /rest/v2.0/companies/{company_id}/people/bulk_activate", Edit),
    ("GET /rest/v1.0/companies/{company_id}/users/inactive", Directory(ReadOnly)),
    ("PATCH /rest/v1.0/companies/{company_id}/users/inactive/{id}", Edit),
    ("GET /rest/v1.0/companies/{company_id}/users/{user_id}/project_assignments", Directory(ReadOnly)),
    ("GET /rest/v1.0/companies/{company_id}/people", Directory(ReadOnly)),
    ("GET /rest/v1.0/companies/{company_id}/people/inactive", Directory(ReadOnly)),
    ("POST /rest/v1.0/companies/{company_id}/people", Edit),
    ("PATCH /rest/v1.0/companies/{company_id}/people/{id}", Edit),
    ("GET /rest/v1.0/vendors", Directory(ReadOnly)),
    ("GET /rest/v1.0/vendors/{id}", Directory(ReadOnly)),
    ("PATCH /rest/v1.0/vendors/{id}", Directory(Standard)),
    ("GET /rest/v1.0/companies/{company_id}/vendors/inactive", Directory(ReadOnly)),
    ("PATCH /rest/v1.0/companies/{company_id}/vendors/inactive/{id}", Directory(Admin)),
    ("GET /rest/v1.0/companies/{company_id}/distribution_groups", Directory(ReadOnly)),
    ("GET /rest/v1.0/companies/{company_id}/permission_templates", Directory(ReadOnly)),
    ("GET /rest/v1.0/companies/{company_id}/permission_templates/{id}", Directory(ReadOnly)),
    ("GET /rest/v1.1/projects", Anybody),
    ("GET /rest/v1.0/projects/{id}", Anybody),
    ("GET /rest/v1.0/projects/{project_id}/tools", Anybody),
    ("GET /rest/v1.0/project_roles", Project(Tool::Directory, ReadOnly)),
    ("GET /rest/v1.0/projects/{project_id}/permission_templates", Project(Tool::Directory, ReadOnly)),
    ("PATCH /rest/v1.0/projects/{project_id}/permission_template_assignments", EditOn),
    ("GET /rest/v1.0/projects/{project_id}/assignable_users", Project(Tool::Directory, ReadOnly)),
    ("GET /rest/v1.0/projects/{project_id}/users", Project(Tool::Directory, ReadOnly)),
    ("GET /rest/v1.0/projects/{project_id}/users/inactive", Project(Tool::Directory, ReadOnly)),
    ("PATCH /rest/v1.0/projects/{project_id}/users/inactive/{id}", Edit),
    ("GET /rest/v1.0/projects/{project_id}/users/{id}", Project(Tool::Directory, ReadOnly)),
    ("POST /rest/v1.0/projects/{project_id}/users", EditOn),
    ("PATCH /rest/v1.0/projects/{project_id}/users/{id}", EditOn),
    ("POST /rest/v1.0/projects/{project_id}/users/{id}/actions/add", EditOn),
    ("DELETE /rest/v1.0/projects/{project_id}/users/{id}/actions/remove", EditOn),
    ("GET /rest/v1.0/projects/{project_id}/project_memberships", Project(Tool::Directory, ReadOnly)),
    ("POST /rest/v1.0/projects/{project_id}/project_memberships", EditOn),
    ("POST /rest/v1.0/projects/{project_id}/project_memberships/bulk_add", EditOn),
    ("DELETE /rest/v1.0/projects/{project_id}/project_memberships/{id}", EditOn),
    (
        "DELETE /rest/v2.0/companies/{company_id}/projects/{project_id}/project_memberships/bulk_remove",
        EditOn,
    ),
    ("GET /rest/v1.0/projects/{project_id}/people", Project(Tool::Directory, ReadOnly)),
    ("GET /rest/v1.0/projects/{project_id}/people/inactive", Project(Tool::Directory, ReadOnly)),
    ("POST /rest/v1.0/projects/{project_id}/people", EditOn),
    ("PATCH /rest/v1.0/projects/{project_id}/people/{id}", EditOn),
    ("GET /rest/v1.0/projects/{project_id}/distribution_groups", Project(Tool::Directory, ReadOnly)),
    (
        "GET /rest/v1.0/projects/{project_id}/distribution_groups/{distribution_group_id}",
        Project(Tool::Directory, ReadOnly),
    ),
    (
        "PATCH /rest/v1.0/projects/{project_id}/distribution_groups/{distribution_group_id}",
        Project(Tool::Directory, Standard),
    ),
    ("GET /rest/v1.0/projects/{project_id}/rfis", Project(Tool::Rfi, ReadOnly)),
    ("PATCH /rest/v1.0/projects/{project_id}/rfis", Project(Tool::Rfi, Standard)),
    ("GET /rest/v1.0/projects/{project_id}/rfis/potential_assignees", Project(Tool::Rfi, ReadOnly)),
    ("GET /rest/v1.0/projects/{project_id}/rfis/potential_rfi_managers", Project(Tool::Rfi, ReadOnly)),
    ("GET /rest/v1.0/projects/{project_id}/rfis/{id}", Project(Tool::Rfi, ReadOnly)),
    ("PATCH /rest/v1.0/projects/{project_id}/rfis/{id}", Project(Tool::Rfi, Standard)),
    ("GET /rest/v1.0/companies/{company_id}/submittal_statuses", Anybody),
    ("GET /rest/v1.1/projects/{project_id}/submittals", Project(Tool::Submittals, ReadOnly)),
    (
        "GET /rest/v1.1/projects/{project_id}/submittals/{id}/workflow_data",
        Project(Tool::Submittals, ReadOnly),
    ),
    ("PATCH /rest/v1.1/projects/{project_id}/submittals/{id}", Project(Tool::Submittals, Standard)),
    ("PATCH /rest/v1.0/submittal_approvers/{id}", Project(Tool::Submittals, Standard)),
    ("GET /rest/v1.1/punch_items", Project(Tool::PunchList, ReadOnly)),
    ("PATCH /rest/v1.1/punch_items/{id}", Project(Tool::PunchList, Standard)),
    (
        "PATCH /rest/v1.0/projects/{project_id}/punch_item_assignments/{id}",
        Project(Tool::PunchList, Standard),
    ),
    ("GET /rest/v1.0/projects/{project_id}/punch_list_assignee_options", Project(Tool::PunchList, ReadOnly)),
    (
        "GET /rest/v1.0/projects/{project_id}/available_punch_item_managers",
        Project(Tool::PunchList, ReadOnly),
    ),
    (
        "GET /rest/v1.0/projects/{project_id}/punch_list/available_final_approvers",
        Project(Tool::PunchList, ReadOnly),
    ),
    ("GET /rest/v1.0/observations/items", Project(Tool::Observations, ReadOnly)),
    ("PATCH /rest/v1.0/observations/items/{id}", Project(Tool::Observations, Standard)),
    ("GET /rest/v1.0/observations/assignees", Project(Tool::Observations, ReadOnly)),
    ("GET /rest/v1.0/task_items", Project(Tool::TaskItems, ReadOnly)),
    ("GET /rest/v1.0/task_items/assignees", Project(Tool::TaskItems, ReadOnly)),
    ("PATCH /rest/v1.0/task_items/{id}", Project(Tool::TaskItems, Standard)),
    ("GET /rest/v1.0/coordination_issues", Project(Tool::CoordinationIssues, ReadOnly)),
    ("GET /rest/v1.0/coordination_issues/assignees", Project(Tool::CoordinationIssues, ReadOnly)),
    ("PATCH /rest/v1.0/coordination_issues/{id}", Project(Tool::CoordinationIssues, Standard)),
    (
        "POST /rest/v1.0/coordination_issues/{coordination_issue_id}/assignments",
        Project(Tool::CoordinationIssues, Standard),
    ),
    ("GET /rest/v1.1/projects/{project_id}/meetings", Project(Tool::Meetings, ReadOnly)),
    ("GET /rest/v1.1/projects/{project_id}/meetings/{id}", Project(Tool::Meetings, ReadOnly)),
    ("PATCH /rest/v1.1/projects/{project_id}/meeting_topics/{id}", Project(Tool::Meetings, Standard)),
    ("GET /rest/v1.0/projects/{project_id}/checklist/lists", Project(Tool::Checklists, ReadOnly)),
    ("PATCH /rest/v1.0/projects/{project_id}/checklist/lists/{id}", Project(Tool::Checklists, Standard)),
    ("GET /rest/v1.0/checklist/possible_inspectors", Project(Tool::Checklists, ReadOnly)),
    ("GET /rest/v1.0/checklist/potential_points_of_contact", Project(Tool::Checklists, ReadOnly)),
    (
        "GET /rest/v1.0/projects/{project_id}/correspondence_type_items",
        Project(Tool::Correspondence, ReadOnly),
    ),
    (
        "GET /rest/v1.0/projects/{project_id}/correspondence_types/users",
        Project(Tool::Correspondence, ReadOnly),
    ),
    (
        "GET /rest/v1.0/projects/{project_id}/generic_tools/{generic_tool_id}/generic_tool_items/available_statuses",
        Project(Tool::Correspondence, ReadOnly),
    ),
    (
        "PATCH /rest/v1.0/projects/{project_id}/generic_tools/{generic_tool_id}/generic_tool_items/{generic_tool_item_id}",
        Project(Tool::Correspondence, Standard),
    ),
    ("GET /rest/v1.0/projects/{project_id}/action_plans/plans", Project(Tool::ActionPlans, ReadOnly)),
    ("PATCH /rest/v1.0/projects/{project_id}/action_plans/plans/{id}", Project(Tool::ActionPlans, Standard)),
    (
        "GET /rest/v1.0/projects/{project_id}/action_plans/plan_item_assignees",
        Project(Tool::ActionPlans, ReadOnly),
    ),
    (
        "PATCH /rest/v1.0/projects/{project_id}/action_plans/plan_item_assignees/bulk_update",
        Project(Tool::ActionPlans, Standard),
    ),
    ("GET /rest/v1.0/projects/{project_id}/action_plans/parties", Project(Tool::ActionPlans, ReadOnly)),
    ("GET /rest/v2.0/companies/{company_id}/workflows/tools", Directory(ReadOnly)),
    ("GET /rest/v2.0/companies/{company_id}/workflows/templates", Directory(ReadOnly)),
    (
        "GET /rest/v2.0/companies/{company_id}/projects/{project_id}/workflows/instances",
        Project(Tool::Directory, ReadOnly),
    ),
    (
        "GET /rest/v2.0/companies/{company_id}/projects/{project_id}/workflows/instances/{id}",
        Project(Tool::Directory, ReadOnly),
    ),
    // Whoever does this in Procore is an admin of a directory (support.procore.com, "Add Additional Assignees to a Workflow
    // Step on a Project" and "Configure a Workflow Template on a Project").
    (
        "POST /rest/v2.0/companies/{company_id}/projects/{project_id}/workflows/instances/{id}/additional_assignees",
        Project(Tool::Directory, Admin),
    ),
    (
        "GET /rest/v2.0/companies/{company_id}/projects/{project_id}/workflows/presets",
        Project(Tool::Directory, ReadOnly),
    ),
    (
        "GET /rest/v2.0/companies/{company_id}/projects/{project_id}/workflows/presets/{id}",
        Project(Tool::Directory, ReadOnly),
    ),
    (
        "PATCH /rest/v2.0/companies/{company_id}/projects/{project_id}/workflows/presets/{id}/assignees",
        Project(Tool::Directory, Admin),
    ),
    (
        "GET /rest/v2.0/companies/{company_id}/projects/{project_id}/workflows/possible_assignees",
        Project(Tool::Directory, ReadOnly),
    ),
    (
        "GET /rest/v2.0/companies/{company_id}/projects/{project_id}/workflows/workflow_managers",
        Project(Tool::Directory, ReadOnly),
    ),
    // Those of the published guide that have no namesake above.
    ("GET /rest/v1.0/companies/{company_id}/users", Directory(ReadOnly)),
    ("GET /rest/v1.0/companies/{company_id}/users/{id}", Directory(ReadOnly)),
    ("POST /rest/v1.0/companies/{company_id}/users", Edit),
    ("PATCH /rest/v1.0/companies/{company_id}/users/{id}", Edit),
    ("DELETE /rest/v1.0/companies/{company_id}/users/{id}", Directory(Admin)),
    ("DELETE /rest/v1.0/projects/{project_id}/users/{id}", EditOn),
];

/// Returns what an operation needs.
pub(super) fn need(operation: &str) -> Option<Need> {
    RIGHTS.iter().find(|(name, _)| *name == operation).map(|(_, need)| *need)
}
