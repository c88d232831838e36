//! Workflows that run in a project: which there are, and whom else the step that runs may ask.

use axum::http::StatusCode;
use serde_json::Value;

use super::item::find;
use super::project;
use crate::company::{
    AddedAssignee, CORRESPONDENCE, Invalid, User, Workflow, WorkflowStep, WorkflowTemplate, workflow_assignee,
};
use crate::server::answer::{Answer, Refusal, Reply};
use crate::server::field::{flag, required_text, text, text_ids};
use crate::server::gate::Scene;
use crate::server::page::{after_cursor, data};
use crate::server::query::Query;
use crate::server::request::Request;
use crate::view;

/// Why somebody may be added (`RestV20CompaniesCompanyIdProjectsProjectIdWorkflowsInstancesIdAdditionalAssigneesPost`).
const REASONS: [&str; 6] = [
    "new_employee",
    "original_assignee_left_company",
    "original_assignee_left_the_project",
    "original_assignee_on_extended_leave",
    "original_assignee_on_vacation",
    "other",
];

/// Serves `GET /rest/v2.0/companies/{company_id}/workflows/tools`. The list has no pages.
pub(crate) fn tools(scene: &mut Scene<'_>, _request: &Request) -> Reply {
    let tools: Vec<Value> = scene.company.workflow_tools().iter().map(view::workflow::tool).collect();
    Ok(Answer::ok(serde_json::json!({ "data": tools })))
}

/// Serves `GET /rest/v2.0/companies/{company_id}/workflows/templates`, with those that are archived.
pub(crate) fn templates(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let company = &*scene.company;
    let templates: Vec<&WorkflowTemplate> = company.workflow_templates().collect();
    data(request, templates, |template| view::workflow::template(company, template))
}

/// Serves `GET /rest/v2.0/companies/{company_id}/projects/{project_id}/workflows/instances`. An assignee is one of the step
/// that runs; nothing is said of the managers.
pub(crate) fn list(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let company = &*scene.company;
    let query = &request.query;
    let project = project(company, request)?.id;
    let wanted = Wanted::of_filters(query, true)?;
    let (assignees, items) = (query.filter_ids("assignee_id")?, query.filter_ids("item_id")?);
    let active = query.filter_flag("active")?;
    let asked = |workflow: &Workflow| {
        let people = workflow.step().map(WorkflowStep::people).unwrap_or_default();
        assignees.as_ref().is_none_or(|ids| people.iter().any(|id| ids.contains(id)))
    };
    let workflows: Vec<&Workflow> = company
        .items_of::<Workflow>(project)
        .filter(|workflow| wanted.is(&workflow.tool, workflow.subtype))
        .filter(|workflow| items.as_ref().is_none_or(|ids| ids.contains(&workflow.item)))
        .filter(|workflow| active != Some(true) || workflow.ended_at.is_none())
        .filter(|workflow| asked(workflow))
        .collect();
    after_cursor(request, workflows, |workflow| workflow.id, |workflow| view::workflow::listed(workflow))
}

/// Serves `GET /rest/v2.0/companies/{company_id}/projects/{project_id}/workflows/instances/{id}`.
pub(crate) fn show(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let workflow = find::<Workflow>(scene, request, "id")?;
    Ok(shown(scene, workflow))
}

/// Serves `POST /rest/v2.0/companies/{company_id}/projects/{project_id}/workflows/instances/{id}/additional_assignees`.
/// Nobody leaves the step by it.
pub(crate) fn add_assignees(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let workflow = find::<Workflow>(scene, request, "id")?;
    let (id, project) = (workflow.id, workflow.project);
    let added = added(&request.json()?)?;
    let step = workflow.step().map(|step| step.id);
    if step != Some(added.step) {
        let why = format!("{} is not the step that runs", added.step);
        return Err(unprocessable(Invalid::new("step_occurrence_id", why)));
    }
    let (tool, level) = workflow_assignee(&workflow.tool);
    let people: Vec<u64> = added.people.iter().map(|person| person.user).collect();
    let checked = scene.company.check_holders("assignee_ids", (project, tool, level), &people, &[]);
    checked.and_then(|()| scene.company.add_step_assignees(id, added.people)).map_err(unprocessable)?;
    let workflow = find::<Workflow>(scene, request, "id")?;
    Ok(shown(scene, workflow))
}

/// Serves `GET /rest/v2.0/companies/{company_id}/projects/{project_id}/workflows/possible_assignees`.
pub(crate) fn possible_assignees(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let project = project(scene.company, request)?.id;
    let wanted = Wanted::of_parameters(&request.query)?;
    let people: Vec<&User> = scene.company.workflow_assignees(project, &wanted.tool).collect();
    data(request, people, |user| view::workflow::candidate(user))
}

/// Serves `GET /rest/v2.0/companies/{company_id}/projects/{project_id}/workflows/workflow_managers`.
pub(crate) fn managers(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let project = project(scene.company, request)?.id;
    Wanted::of_parameters(&request.query)?;
    let people: Vec<&User> = scene.company.workflow_managers(project).collect();
    data(request, people, |user| view::workflow::candidate(user))
}

/// The type of items that a question about workflows has to name.
pub(super) struct Wanted {
    tool: String,
    subtype: Option<u64>,
}

impl Wanted {
    /// Reads the filters of a list; whether correspondence has to say which type differs from list to list.
    pub(super) fn of_filters(query: &Query, need_subtype: bool) -> Result<Self, Refusal> {
        let [tool, subtype] = ["filters[tool_type]", "filters[tool_subtype]"];
        Self::read(query, tool, subtype, need_subtype)
    }

    fn of_parameters(query: &Query) -> Result<Self, Refusal> {
        Self::read(query, "tool_type", "tool_subtype", true)
    }

    fn read(query: &Query, tool: &str, subtype: &str, need_subtype: bool) -> Result<Self, Refusal> {
        let missing = |name: &str| Refusal::detailed(StatusCode::BAD_REQUEST, name, "is missing");
        let named = query.value(tool).ok_or_else(|| missing(tool))?.to_owned();
        let kind = query.number(subtype)?;
        if named == CORRESPONDENCE && kind.is_none() && need_subtype {
            return Err(missing(subtype));
        }
        Ok(Self { tool: named, subtype: kind })
    }

    /// Returns whether something is for such items.
    pub(super) fn is(&self, tool: &str, subtype: Option<u64>) -> bool {
        self.tool == tool && self.subtype.is_none_or(|wanted| subtype == Some(wanted))
    }
}

/// Answers 422 in the form of version 2.
pub(super) fn unprocessable(invalid: Invalid) -> Refusal {
    Refusal::detailed(StatusCode::UNPROCESSABLE_ENTITY, invalid.field, &invalid.message)
}

/// What is sent to add people to a step.
struct Added {
    step: u64,
    people: Vec<AddedAssignee>,
}

fn added(body: &Value) -> Result<Added, Refusal> {
    let need = |field: &'static str| {
        let missing = || Refusal::detailed(StatusCode::BAD_REQUEST, field, "is missing");
        body.get(field).filter(|value| !value.is_null()).ok_or_else(missing)
    };
    let required = flag("required", need("required")?)?;
    let reason = required_text("reason", need("reason")?)?;
    if !REASONS.contains(&reason.as_str()) {
        return Err(Refusal::detailed(StatusCode::BAD_REQUEST, "reason", "is not included in the list"));
    }
    let comment = text("comment", body.get("comment").unwrap_or(&Value::Null))?;
    let step = required_text("step_occurrence_id", need("step_occurrence_id")?)?;
    // What is no number is the id of nothing.
    let step = step.parse().unwrap_or_default();
    let people = text_ids("assignee_ids", need("assignee_ids")?)?;
    if people.is_empty() {
        return Err(unprocessable(Invalid::new("assignee_ids", "can't be blank")));
    }
    let person = |user| AddedAssignee { user, required, reason: reason.clone(), comment: comment.clone() };
    Ok(Added { step, people: people.into_iter().map(person).collect() })
}

fn shown(scene: &Scene<'_>, workflow: &Workflow) -> Answer {
    Answer::ok(serde_json::json!({ "data": view::workflow::shown(scene.company, workflow) }))
}
