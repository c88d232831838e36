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

    // Submittals.
    ("GET /rest/v1.0/companies/{company}/submittal_statuses", "", 200),
    ("GET /rest/v1.1/projects/{project}/submittals", "", 200),
    ("GET /rest/v1.1/projects/{project}/submittals?filters[id][]={submittal}&filters[approver_id][]={holder}&filters[current_revision]=true", "", 200),
    ("GET /rest/v1.1/projects/{bare_project}/submittals", "", 404),
    ("GET /rest/v1.1/projects/{project}/submittals/{submittal}/workflow_data", "", 200),
    ("GET /rest/v1.1/projects/{project}/submittals/1/workflow_data", "", 404),
    ("PATCH /rest/v1.1/projects/{project}/submittals/{submittal}", r#"{"submittal":{"number":"7","submittal_manager_id":{heir}}}"#, 200),
    ("PATCH /rest/v1.1/projects/{project}/submittals/{submittal}", "+submittal[number]=7&submittal[workflow_data][0][0][submittal_log_approver_id]={approver}&submittal[workflow_data][1][0][login_information_id]={heir}&submittal[workflow_data][1][0][approver_type]=Approver&submittal[workflow_data][1][0][response_required]=true", 200),
    ("PATCH /rest/v1.1/projects/{project}/submittals/{submittal}", r#"{"submittal":{"number":"7","workflow_data":[[{"login_information_id":{heir}}]]}}"#, 400),
    ("PATCH /rest/v1.1/projects/{project}/submittals/{submittal}", r#"{"submittal":{"submittal_manager_id":{heir}}}"#, 422),
    ("PATCH /rest/v1.1/projects/{project}/submittals/{submittal}", r#"{"submittal":{"number":"7","submittal_manager_id":{inactive}}}"#, 422),
    ("PATCH /rest/v1.1/projects/{project}/submittals/1", r#"{"submittal":{"number":"7"}}"#, 404),
    ("GET /rest/v1.1/projects/{project}/submittals?filters[id][]={answered}", "", 200),
    ("PATCH /rest/v1.0/submittal_approvers/{asked}?project_id={project}&submittal_id={submittal}", r#"{"submittal_approver":{"submittal_response_id":{response},"comment":"Fine","forward_to":{"user_id":{heir},"due_date":"2026-08-01"}}}"#, 200),
    ("PATCH /rest/v1.0/submittal_approvers/{asked}?project_id={project}&submittal_id={submittal}", r#"{"submittal_approver":{"submittal_response_id":1}}"#, 400),
    ("PATCH /rest/v1.0/submittal_approvers/{asked}?project_id={project}&submittal_id={submittal}", r#"{"submittal_approver":{"submittal_response_id":{response}}}"#, 422),
    ("PATCH /rest/v1.0/submittal_approvers/1?project_id={project}&submittal_id={submittal}", r#"{"submittal_approver":{"submittal_response_id":{response}}}"#, 404),

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

    // Topics of meetings.
    ("GET /rest/v1.1/projects/{project}/meetings", "", 200),
    ("GET /rest/v1.1/projects/{project}/meetings?filters[assignee_id][]={holder}", "", 200),
    ("GET /rest/v1.1/projects/{bare_project}/meetings", "", 404),
    ("GET /rest/v1.1/projects/{project}/meetings/{meeting}", "", 200),
    ("GET /rest/v1.1/projects/{project}/meetings/1", "", 404),
    ("PATCH /rest/v1.1/projects/{project}/meeting_topics/{topic}", r#"{"meeting_id":{meeting},"meeting_topic":{"assignment_ids":[{heir}]}}"#, 200),
    ("PATCH /rest/v1.1/projects/{project}/meeting_topics/{topic}", r#"{"meeting_id":{meeting},"meeting_topic":{"assignment_ids":[{inactive}]}}"#, 422),
    ("PATCH /rest/v1.1/projects/{project}/meeting_topics/{topic}", r#"{"meeting_id":{meeting},"meeting_topic":{"assignment_ids":"none"}}"#, 200),
    ("PATCH /rest/v1.1/projects/{project}/meeting_topics/{topic}", r#"{"meeting_topic":{"status":"Closed"}}"#, 400),
    ("PATCH /rest/v1.1/projects/{project}/meeting_topics/{topic}", r#"{"meeting_id":{meeting},"meeting_topic":{"status":"Closed"}}"#, 200),
    ("PATCH /rest/v1.1/projects/{project}/meeting_topics/1", r#"{"meeting_id":{meeting},"meeting_topic":{"status":"Closed"}}"#, 404),

    // Inspections.
    ("GET /rest/v1.0/projects/{project}/checklist/lists", "", 200),
    ("GET /rest/v1.0/projects/{project}/checklist/lists?filters[inspector_id][]={holder}", "", 200),
    ("GET /rest/v1.0/projects/{project}/checklist/lists?filters[point_of_contact_id][]={holder}", "", 200),
    ("GET /rest/v1.0/projects/{bare_project}/checklist/lists", "", 404),
    ("GET /rest/v1.0/checklist/possible_inspectors?project_id={project}", "", 200),
    ("GET /rest/v1.0/checklist/potential_points_of_contact?project_id={project}", "", 200),
    ("PATCH /rest/v1.0/projects/{project}/checklist/lists/{inspection}", r#"{"list":{"inspector_ids":[{heir}],"point_of_contact_id":{heir}}}"#, 200),
    ("PATCH /rest/v1.0/projects/{project}/checklist/lists/{inspection}", r#"{"list":{"inspector_ids":[{inactive}]}}"#, 422),
    ("PATCH /rest/v1.0/projects/{project}/checklist/lists/{inspection}", r#"{"list":{"status":"closed"}}"#, 200),
    ("PATCH /rest/v1.0/projects/{project}/checklist/lists/1", r#"{"list":{"status":"closed"}}"#, 404),

    // Correspondence.
    ("GET /rest/v1.0/projects/{project}/correspondence_type_items", "", 200),
    ("GET /rest/v1.0/projects/{project}/correspondence_type_items?filters[login_information_id][]={holder}", "", 200),
    ("GET /rest/v1.0/projects/{bare_project}/correspondence_type_items", "", 404),
    ("GET /rest/v1.0/projects/{project}/correspondence_types/users", "", 200),
    ("GET /rest/v1.0/projects/{project}/generic_tools/{letter_type}/generic_tool_items/available_statuses", "", 200),
    ("PATCH /rest/v1.0/projects/{project}/generic_tools/{letter_type}/generic_tool_items/{letter}", r#"{"generic_tool_item":{"assignee_ids":[{heir}]}}"#, 200),
    ("PATCH /rest/v1.0/projects/{project}/generic_tools/{letter_type}/generic_tool_items/{letter}", r#"{"generic_tool_item":{"assignee_ids":[{inactive}]}}"#, 422),
    ("PATCH /rest/v1.0/projects/{project}/generic_tools/{letter_type}/generic_tool_items/{letter}", r#"{"generic_tool_item":{"status":"Closed"}}"#, 200),
    ("PATCH /rest/v1.0/projects/{project}/generic_tools/{letter_type}/generic_tool_items/1", r#"{"generic_tool_item":{"status":"Closed"}}"#, 404),

    // Action plans.
    ("GET /rest/v1.0/projects/{project}/action_plans/plans", "", 200),
    ("GET /rest/v1.0/projects/{bare_project}/action_plans/plans", "", 404),
    ("PATCH /rest/v1.0/projects/{project}/action_plans/plans/{plan}", r#"{"plan":{"manager_id":{heir_party}}}"#, 200),
    ("PATCH /rest/v1.0/projects/{project}/action_plans/plans/{plan}", r#"{"plan":{"manager_id":{inactive_party}}}"#, 422),
    ("PATCH /rest/v1.0/projects/{project}/action_plans/plans/1", r#"{"plan":{"manager_id":{heir_party}}}"#, 404),
    ("GET /rest/v1.0/projects/{project}/action_plans/parties", "", 200),
    ("GET /rest/v1.0/projects/{project}/action_plans/plan_item_assignees", "", 200),
    ("PATCH /rest/v1.0/projects/{project}/action_plans/plan_item_assignees/bulk_update?completion_mode=atomic", r#"{"plan_item_assignees":[{"id":{plan_assignee},"party_id":{heir_party}}]}"#, 200),
    ("PATCH /rest/v1.0/projects/{project}/action_plans/plan_item_assignees/bulk_update?completion_mode=all_or_nothing", r#"{"plan_item_assignees":[{"id":{plan_assignee},"party_id":{holder_party}},{"id":{locked_assignee},"party_id":{heir_party}}]}"#, 200),

    // Workflows and what projects have prepared of them.
    ("GET /rest/v2.0/companies/{company}/workflows/tools", "", 200),
    ("GET /rest/v2.0/companies/{company}/workflows/templates?page=1&per_page=100", "", 200),
    ("GET /rest/v2.0/companies/{company}/projects/{project}/workflows/instances?filters[tool_type]=commitments", "", 200),
    ("GET /rest/v2.0/companies/{company}/projects/{project}/workflows/instances?filters[tool_type]=commitments&filters[assignee_id]={holder}&filters[active]=true", "", 200),
    ("GET /rest/v2.0/companies/{company}/projects/{project}/workflows/instances", "", 400),
    ("GET /rest/v2.0/companies/{company}/projects/{project}/workflows/instances/{workflow}", "", 200),
    ("GET /rest/v2.0/companies/{company}/projects/{project}/workflows/instances/1", "", 404),
    ("POST /rest/v2.0/companies/{company}/projects/{project}/workflows/instances/{workflow}/additional_assignees", r#"{"step_occurrence_id":"{step}","required":true,"reason":"original_assignee_left_company","assignee_ids":["{heir}"]}"#, 200),
    ("POST /rest/v2.0/companies/{company}/projects/{project}/workflows/instances/{workflow}/additional_assignees", r#"{"step_occurrence_id":"{step}","required":true,"reason":"original_assignee_left_company","assignee_ids":["{inactive}"]}"#, 422),
    ("GET /rest/v2.0/companies/{company}/projects/{project}/workflows/presets?filters[tool_type]=commitments", "", 200),
    ("GET /rest/v2.0/companies/{company}/projects/{project}/workflows/presets/1", "", 404),
    ("GET /rest/v2.0/companies/{company}/projects/{project}/workflows/presets/{preset}", "", 200),
    ("PATCH /rest/v2.0/companies/{company}/projects/{project}/workflows/presets/{preset}/assignees", r#"{"workflow_manager_id":"{heir}","responsible_group_memberships":[{"uuid":"{step_group}","login_ids":["{heir}"]}]}"#, 200),
    ("PATCH /rest/v2.0/companies/{company}/projects/{project}/workflows/presets/{preset}/assignees", r#"{"workflow_manager_id":"{inactive}"}"#, 422),
    ("GET /rest/v2.0/companies/{company}/projects/{project}/workflows/possible_assignees?tool_type=commitments", "", 200),
    ("GET /rest/v2.0/companies/{company}/projects/{project}/workflows/workflow_managers?tool_type=commitments", "", 200),

    // Several RFIs at once.
    ("PATCH /rest/v1.0/projects/{rfi_project}/rfis", r#"{"data":[{"id":"{rfi}","add_assignee_ids":[{manager}],"add_required_assignee_ids":[{manager}]}]}"#, 200),
    ("PATCH /rest/v1.0/projects/{rfi_project}/rfis", r#"{"data":[{"id":"{rfi}","remove_assignee_ids":[{manager}],"rfi_manager_id":{manager}}]}"#, 200),
    ("PATCH /rest/v1.0/projects/{rfi_project}/rfis", r#"{"data":[]}"#, 400),
    ("PATCH /rest/v1.0/projects/{rfi_project}/rfis", r#"{"data":[{"id":"1","add_assignee_ids":[{manager}]}]}"#, 404),
];
