//! How workflows and their presets look on the wire: in version 2.0 ids are texts, and everything stands under `data`.

use serde_json::{Value, json};

use super::with;
use crate::company::{
    AddedAssignee, Company, Preset, User, Workflow, WorkflowStep, WorkflowTemplate, WorkflowTool,
};

/// Returns a kind of item that workflows are for (`RestV20CompaniesCompanyIdWorkflowsToolsGet`).
pub(crate) fn tool(tool: &WorkflowTool) -> Value {
    json!({
        "name": tool.name,
        "type": tool.kind,
        "provider": if tool.of_company { "Company" } else { "Project" },
        "subtype": text(tool.subtype),
    })
}

/// Returns a template of the company (`RestV20CompaniesCompanyIdWorkflowsTemplatesGet`). What is told of a version there is not
/// documented: here its id and its number.
pub(crate) fn template(company: &Company, template: &WorkflowTemplate) -> Value {
    let version = json!({ "id": template.version.to_string(), "version": "1" });
    json!({
        "id": template.id.to_string(),
        "name": template.name,
        "created_at": template.created_at,
        "updated_at": template.updated_at,
        "archived_at": template.archived_at,
        "assigned_projects_count": company.projects_with(template),
        "tool_type": template.tool,
        "tool_subtype": text(template.subtype),
        "latest_published_version": version,
        "versions": [version],
    })
}

/// Returns a workflow as in a list (`RestV20CompaniesCompanyIdProjectsProjectIdWorkflowsInstancesGet`).
pub(crate) fn listed(workflow: &Workflow) -> Value {
    json!({
        "id": workflow.id.to_string(),
        "item_id": workflow.item.to_string(),
        "tool_type": workflow.tool,
        "tool_subtype": text(workflow.subtype),
        "created_at": workflow.started_at,
        "updated_at": workflow.updated_at,
        "started_at": workflow.started_at,
        "ended_at": workflow.ended_at,
    })
}

/// Returns a workflow as it is shown alone (`RestV20CompaniesCompanyIdProjectsProjectIdWorkflowsInstancesIdGet`). Who
/// has to answer in the step that runs stands with its responses.
pub(crate) fn shown(company: &Company, workflow: &Workflow) -> Value {
    let mut all: Vec<u64> = Vec::new();
    for user in workflow.steps.iter().flat_map(WorkflowStep::people) {
        if !all.contains(&user) {
            all.push(user);
        }
    }
    let groups = workflow.steps.iter().map(
        |step| json!({ "responsible_group_uuid": step.group, "assignees": members(company, &step.assignees) }),
    );
    with(
        listed(workflow),
        json!({
            "current_step_occurrence": workflow.step().map(|found| step(company, workflow, found)),
            "workflow_manager": workflow.manager.map_or(Value::Null, |id| named(company, id)),
            "responsible_group_memberships": groups.collect::<Vec<_>>(),
            "all_assignees": people(company, &all),
            "template_version_id": workflow.version.to_string(),
        }),
    )
}

/// Returns a preset as in a list (`RestV20CompaniesCompanyIdProjectsProjectIdWorkflowsPresetsGet`). Nobody is named there.
pub(crate) fn preset(preset: &Preset) -> Value {
    let template = with(of_preset(preset), json!({ "name": preset.name }));
    json!({
        "id": preset.id.to_string(),
        "valid": preset.valid,
        "default": preset.default,
        "template": template,
    })
}

/// Returns a preset as it is shown alone (`RestV20CompaniesCompanyIdProjectsProjectIdWorkflowsPresetsIdGet`). Its name is
/// told only in the list.
pub(crate) fn shown_preset(company: &Company, found: &Preset) -> Value {
    let groups = found.groups.iter().map(|group| {
        json!({ "responsible_group_uuid": group.uuid, "assignees": members(company, &group.assignees) })
    });
    with(
        preset(found),
        json!({
            "template": of_preset(found),
            "workflow_manager": found.manager.map_or(Value::Null, |id| named(company, id)),
            "distribution_list": null,
            "responsible_group_memberships": groups.collect::<Vec<_>>(),
            "created_at": found.created_at,
            "updated_at": found.updated_at,
        }),
    )
}

/// Returns what is answered to a change of a preset, in the form of the change and not of the preset
/// (`RestV20CompaniesCompanyIdProjectsProjectIdWorkflowsPresetsIdAssigneesPatch`).
pub(crate) fn assigned(preset: &Preset) -> Value {
    let groups = preset.groups.iter().map(|group| {
        let logins = group.assignees.iter().map(u64::to_string).collect::<Vec<_>>();
        json!({ "uuid": group.uuid, "login_ids": logins })
    });
    json!({
        "workflow_manager_id": text(preset.manager),
        "responsible_group_memberships": groups.collect::<Vec<_>>(),
    })
}

/// Returns somebody who may be named in a workflow.
pub(crate) fn candidate(user: &User) -> Value {
    json!({ "id": user.id.to_string(), "login": user.email, "name": user.name() })
}

fn of_preset(preset: &Preset) -> Value {
    json!({
        "id": preset.template.to_string(),
        "last_published_version_id": preset.version.to_string(),
    })
}

/// Returns the step that runs. Everybody who has to answer in it has a response, before and after it is given
/// (developers.procore.com, interacting with workflows).
fn step(company: &Company, workflow: &Workflow, step: &WorkflowStep) -> Value {
    let responses = step.people().into_iter().filter_map(|id| response(company, step, id));
    let histories = step.added.iter().map(|added| history(company, workflow, added));
    json!({
        "id": step.id.to_string(),
        "step_uuid": step.uuid,
        "name": step.name,
        "started_at": workflow.started_at,
        "overdue_at": null,
        "step_histories": histories.collect::<Vec<_>>(),
        "available_response_options": [],
        "notification_recipients": [],
        "response_occurrences": responses.collect::<Vec<_>>(),
    })
}

fn response(company: &Company, step: &WorkflowStep, id: u64) -> Option<Value> {
    let required = step.added.iter().find(|added| added.user == id).is_none_or(|added| added.required);
    let person = Some(named(company, id)).filter(|person| !person.is_null())?;
    Some(json!({
        "submitted_at": null,
        "selected_response_option": null,
        "comment": null,
        "attachments": [],
        "assignee": with(person, json!({ "required": required })),
    }))
}

/// Returns who was added to a step, and why. How Procore words it is not documented.
fn history(company: &Company, workflow: &Workflow, added: &AddedAssignee) -> Value {
    let fields = [("Reason", Some(&added.reason)), ("Comment", added.comment.as_ref())];
    let fields = fields.into_iter().filter_map(|(label, value)| Some((label, value?)));
    let fields = fields.map(|(label, value)| json!({ "label": label, "value": value, "type": "text" }));
    let details = json!({
        "title": company.user(added.user).map(User::name),
        "description": "",
        "subtitle": null,
        "icon": "Person",
        "fields": fields.collect::<Vec<_>>(),
    });
    json!({
        "title": "Additional assignee",
        "subtitle": "",
        "created_at": workflow.updated_at,
        "icon": "People",
        "details": [details],
    })
}

fn people(company: &Company, ids: &[u64]) -> Vec<Value> {
    ids.iter().map(|id| named(company, *id)).filter(|person| !person.is_null()).collect()
}

/// Returns those of a group, whose company is not told there.
fn members(company: &Company, ids: &[u64]) -> Vec<Value> {
    ids.iter().filter_map(|id| company.user(*id)).map(candidate).collect()
}

/// Returns somebody with the name of the company, and nothing of somebody who is not there any more.
fn named(company: &Company, id: u64) -> Value {
    let Some(user) = company.user(id) else { return Value::Null };
    let employer = user.vendor.and_then(|id| company.vendor(id)).map(|vendor| &vendor.name);
    with(candidate(user), json!({ "company": { "name": employer } }))
}

fn text(id: Option<u64>) -> Option<String> {
    id.map(|id| id.to_string())
}
