//! How workflows and their presets look on the wire: in version 2.0 ids are texts, and everything stands under `data`.

use serde_json::{Value, json};

use super::with;
use crate::company::{Company, Preset, User, Workflow, WorkflowStep, WorkflowTool};

/// Returns a kind of item that workflows are for (`RestV20CompaniesCompanyIdWorkflowsToolsGet`).
pub(crate) fn tool(tool: &WorkflowTool) -> Value {
    json!({
        "name": tool.name,
        "type": tool.kind,
        "provider": if tool.of_company { "Company" } else { "Project" },
        "subtype": text(tool.subtype),
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

/// Returns a workflow as it is shown alone (`RestV20CompaniesCompanyIdProjectsProjectIdWorkflowsInstancesIdGet`). Which
/// group has to answer in the current step it does not tell.
pub(crate) fn shown(company: &Company, workflow: &Workflow) -> Value {
    let mut all: Vec<u64> = Vec::new();
    for user in workflow.steps.iter().flat_map(WorkflowStep::people) {
        if !all.contains(&user) {
            all.push(user);
        }
    }
    let groups = workflow.steps.iter().map(
        |step| json!({ "responsible_group_uuid": step.group, "assignees": people(company, &step.assignees) }),
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
    let template = with(template(preset), json!({ "name": preset.name }));
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
        json!({ "responsible_group_uuid": group.uuid, "assignees": people(company, &group.assignees) })
    });
    with(
        preset(found),
        json!({
            "template": template(found),
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

fn template(preset: &Preset) -> Value {
    json!({
        "id": preset.template.to_string(),
        "last_published_version_id": preset.version.to_string(),
    })
}

fn step(company: &Company, workflow: &Workflow, step: &WorkflowStep) -> Value {
    // What a history holds is not documented: who was added and why.
    let histories = step.added.iter().map(|added| {
        json!({
            "assignee": named(company, added.user),
            "required": added.required,
            "reason": added.reason,
            "comment": added.comment,
        })
    });
    json!({
        "id": step.id.to_string(),
        "step_uuid": step.uuid,
        "name": step.name,
        "started_at": workflow.started_at,
        "overdue_at": null,
        "step_histories": histories.collect::<Vec<_>>(),
        "available_response_options": [],
        "notification_recipients": [],
        "response_occurrences": [],
    })
}

fn people(company: &Company, ids: &[u64]) -> Vec<Value> {
    ids.iter().map(|id| named(company, *id)).filter(|person| !person.is_null()).collect()
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
