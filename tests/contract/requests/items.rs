//! The requests for what people hold, a row each.

use super::Row;

/// Requests to the tools of a project, in their order, after all others.
#[rustfmt::skip]
pub(crate) const ITEMS: &[Row] = &[
    // Which tools there are, and who has which role.
    ("GET /rest/v1.0/projects/{project}/tools", "", 200),
    ("GET /rest/v1.0/projects/1/tools", "", 404),
    ("GET /rest/v1.0/project_roles?project_id={project}", "", 200),
    ("GET /rest/v1.0/project_roles", "", 400),

    // Punch items.
    ("GET /rest/v1.1/punch_items?project_id={project}", "", 200),
    ("GET /rest/v1.1/punch_items?project_id={project}&filters[id][]={punch}&filters[status]=open", "", 200),
    ("GET /rest/v1.1/punch_items?project_id={bare_project}", "", 404),
    ("GET /rest/v1.0/projects/{project}/punch_list_assignee_options", "", 200),
    ("GET /rest/v1.0/projects/{project}/punch_list/available_final_approvers", "", 200),
    ("GET /rest/v1.0/projects/{project}/available_punch_item_managers", "", 200),
    ("PATCH /rest/v1.0/projects/{project}/punch_item_assignments/{assignment}", r#"{"punch_item_assignment":{"login_information_id":{heir}}}"#, 200),
    ("PATCH /rest/v1.0/projects/{project}/punch_item_assignments/{assignment}", "+punch_item_assignment[login_information_id]={holder}", 200),
    ("PATCH /rest/v1.0/projects/{project}/punch_item_assignments/{assignment}", r#"{"punch_item_assignment":{"login_information_id":{inactive}}}"#, 422),
    ("PATCH /rest/v1.0/projects/{project}/punch_item_assignments/1", r#"{"punch_item_assignment":{"login_information_id":{heir}}}"#, 404),
    ("PATCH /rest/v1.1/punch_items/{punch}", r#"{"project_id":{project},"punch_item":{"name":"Scratched door","login_information_ids":[{heir}],"punch_item_manager_id":{heir},"final_approver_id":{heir}}}"#, 200),
    ("PATCH /rest/v1.1/punch_items/{punch}", "+project_id={project}&punch_item[name]=Scratched door&punch_item[login_information_ids][]={heir}&punch_item[login_information_ids][]={holder}", 200),
    ("PATCH /rest/v1.1/punch_items/{punch}", r#"{"project_id":{project},"punch_item":{"final_approver_id":{heir}}}"#, 400),
    ("PATCH /rest/v1.1/punch_items/{punch}", r#"{"project_id":{project},"punch_item":{"name":"Scratched door","final_approver_id":{inactive}}}"#, 400),
    ("PATCH /rest/v1.1/punch_items/{punch}", r#"{"project_id":{project},"punch_item":{"name":"Scratched door","status":"closed"}}"#, 200),

    // Observations.
    ("GET /rest/v1.0/observations/items?project_id={project}", "", 200),
    ("GET /rest/v1.0/observations/items?project_id={project}&filters[assignee_id][]={holder}&filters[status][]=0&filters[status][]=1", "", 200),
    ("GET /rest/v1.0/observations/items?project_id={bare_project}", "", 404),
    ("GET /rest/v1.0/observations/items", "", 400),
    ("GET /rest/v1.0/observations/assignees?project_id={project}", "", 200),
    ("PATCH /rest/v1.0/observations/items/{observation}", r#"{"project_id":{project},"observation":{"name":"Loose railing","type_id":{observation_type},"assignee_id":{heir}}}"#, 200),
    ("PATCH /rest/v1.0/observations/items/{observation}", "+project_id={project}&observation[name]=Loose railing&observation[type_id]={observation_type}&observation[assignee_id]={heir}&observation[distribution_member_ids][]=", 200),
    ("PATCH /rest/v1.0/observations/items/{observation}", r#"{"project_id":{project},"observation":{"assignee_id":{heir}}}"#, 400),
    ("PATCH /rest/v1.0/observations/items/{observation}", r#"{"project_id":{project},"observation":{"name":"Loose railing","type_id":{observation_type},"assignee_id":{inactive}}}"#, 400),
    ("PATCH /rest/v1.0/observations/items/{observation}", r#"{"project_id":{project},"observation":{"name":"Loose railing","type_id":{observation_type},"status":"closed"}}"#, 200),
    ("PATCH /rest/v1.0/observations/items/1", r#"{"project_id":{project},"observation":{"name":"Loose railing","type_id":{observation_type}}}"#, 404),

    // Tasks.
    ("GET /rest/v1.0/task_items?project_id={project}", "", 200),
    ("GET /rest/v1.0/task_items?project_id={project}&filters[assigned_id]={holder}&filters[status][]=initiated&filters[status][]=in_progress", "", 200),
    ("GET /rest/v1.0/task_items?project_id={bare_project}", "", 404),
    ("GET /rest/v1.0/task_items/assignees?project_id={project}", "", 200),
    ("PATCH /rest/v1.0/task_items/{task}?project_id={project}", r#"{"task_item":{"assignee_ids":[{heir}]}}"#, 200),
    ("PATCH /rest/v1.0/task_items/{task}?project_id={project}", r#"{"task_item":{"assigned_id":{holder}}}"#, 200),
    ("PATCH /rest/v1.0/task_items/{task}?project_id={project}", "+task_item[assignee_ids][]={holder}&task_item[assignee_ids][]={heir}&task_item[private]=true", 200),
    ("PATCH /rest/v1.0/task_items/{task}?project_id={project}", r#"{"task_item":{"assignee_ids":[{inactive}]}}"#, 400),
    ("PATCH /rest/v1.0/task_items/{task}?project_id={project}", r#"{"task_item":{"status":"closed"}}"#, 200),
    ("PATCH /rest/v1.0/task_items/1?project_id={project}", r#"{"task_item":{"status":"closed"}}"#, 404),

    // Coordination issues.
    ("GET /rest/v1.0/coordination_issues?project_id={project}", "", 200),
    ("GET /rest/v1.0/coordination_issues?project_id={project}&filters[assignee_id][]={holder}&filters[status][]=open", "", 200),
    ("GET /rest/v1.0/coordination_issues?project_id={bare_project}", "", 404),
    ("GET /rest/v1.0/coordination_issues/assignees?project_id={project}", "", 200),
    ("POST /rest/v1.0/coordination_issues/{issue}/assignments", r#"{"project_id":{project},"coordination_issue_assignment":{"assignee_id":{heir}}}"#, 201),
    ("POST /rest/v1.0/coordination_issues/{issue}/assignments", r#"{"project_id":{project},"coordination_issue_assignment":{"assignee_id":{inactive}}}"#, 400),
    ("POST /rest/v1.0/coordination_issues/1/assignments", r#"{"project_id":{project},"coordination_issue_assignment":{"assignee_id":{heir}}}"#, 404),
    ("PATCH /rest/v1.0/coordination_issues/{issue}", r#"{"project_id":{project},"coordination_issue":{"assignee_id":{holder}}}"#, 200),
    ("PATCH /rest/v1.0/coordination_issues/{issue}", r#"{"project_id":{project},"coordination_issue":{"status":"closed"}}"#, 200),
    ("PATCH /rest/v1.0/coordination_issues/{issue}", r#"{"project_id":{project},"coordination_issue":{"status":"in_progress"}}"#, 400),
];
