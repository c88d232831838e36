//! The submittals of a project, their managers and their workflows.

use std::cmp::Reverse;

use serde_json::{Map, Value, json};

use super::filter::Words;
use super::item::{ById, check_place, find, has_ids, project, require};
use crate::company::{Company, Invalid, Level, SUBMITTAL_TYPES, Submittal, SubmittalStatus, Tool, Wanted};
use crate::server::answer::{Answer, Refusal, Reply};
use crate::server::field::{date, flag, ids, number, required_text, text};
use crate::server::gate::Scene;
use crate::server::multipart::type_fields;
use crate::server::page::paged;
use crate::server::query::Query;
use crate::server::request::Request;
use crate::view;

/// Managers and approvers may be standard users (support.procore.com, remove a submitter or approver from the submittal
/// workflow, and respond to a submittal as an approver).
const NEEDED: (Tool, Level) = (Tool::Submittals, Level::Standard);

/// Serves `GET /rest/v1.1/projects/{project_id}/submittals`: of whatever status and revision, unless told otherwise.
pub(crate) fn list(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let (company, query) = (&*scene.company, &request.query);
    let wanted: [ById<Submittal>; 6] = [
        (query.filter_ids("id")?, |item| vec![item.id]),
        (query.filter_ids("submittal_manager_id")?, |item| item.manager.into_iter().collect()),
        (query.filter_ids("approver_id")?, |item| item.approvers.iter().map(|found| found.user).collect()),
        (query.filter_ids("ball_in_court_id")?, Submittal::ball_in_court),
        (query.filter_ids("received_from_id")?, |item| item.received_from.into_iter().collect()),
        (query.filter_ids("responsible_contractor_id")?, |item| {
            item.responsible_contractor.into_iter().collect()
        }),
    ];
    let statuses = query.filter_ids("status_id")?;
    let current = query.filter_flag("current_revision")?;
    let (numbers, kinds) = (query.filter_values("number"), query.filter_values("type"));
    let (created, updated) = (query.filter_range("created_at")?, query.filter_range("updated_at")?);
    let words = Words::of(query.filter("query").unwrap_or_default());
    let among = |values: &Option<Vec<&str>>, value: &str| {
        values.as_ref().is_none_or(|values| values.contains(&value))
    };
    let mut submittals: Vec<&Submittal> = company
        .items_of::<Submittal>(project(request)?)
        .filter(|item| has_ids(&wanted, item))
        .filter(|item| {
            let id = company.label_id(item.status.name());
            statuses.as_ref().is_none_or(|ids| id.is_some_and(|id| ids.contains(&id)))
        })
        .filter(|item| !current.unwrap_or(false) || item.current_revision)
        .filter(|item| among(&numbers, &item.number))
        .filter(|item| among(&kinds, item.kind.as_deref().unwrap_or_default()))
        .filter(|item| created.is_none_or(|range| range.holds(item.created_at)))
        .filter(|item| updated.is_none_or(|range| range.holds(item.updated_at)))
        .filter(|item| words.stand_in(&[&item.title, &item.number]))
        .collect();
    sort(query, &mut submittals);
    paged(request, scene.page_max, submittals, |item| view::submittal::listed(company, item))
}

/// Serves `GET /rest/v1.0/companies/{company_id}/submittal_statuses`.
pub(crate) fn statuses(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let company = &*scene.company;
    let known = SubmittalStatus::ALL.into_iter();
    let known: Vec<_> = known.filter_map(|status| Some((company.label_id(status.name())?, status))).collect();
    paged(
        request,
        scene.page_max,
        known,
        |(id, status)| json!({ "id": id, "name": status.name(), "status": status.kind() }),
    )
}

/// Serves `GET /rest/v1.1/projects/{project_id}/submittals/{id}/workflow_data`, which names people by the ids of their places
/// in the workflow.
pub(crate) fn workflow(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let submittal: &Submittal = find(scene, request, "id")?;
    Ok(Answer::ok(view::submittal::workflow(scene.company, submittal)))
}

/// Serves `PATCH /rest/v1.1/projects/{project_id}/submittals/{id}`: what is sent is changed, and lists are replaced as a
/// whole; the number must be sent always, and the workflow only as a form.
pub(crate) fn update(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let before = find::<Submittal>(scene, request, "id")?.clone();
    let numbers = [
        "submittal_manager_id",
        "received_from_id",
        "responsible_contractor_id",
        "status_id",
        "distribution_member_ids",
    ];
    let fields = request.nested_or_form("submittal", &numbers, &["private"])?;
    let workflow = fields.get("workflow_data");
    if workflow.is_some() && !request.is_form() {
        return Err(Refusal::bad_request("Error Updating Approvers."));
    }
    let changed = change(scene, &before, &fields, workflow);
    let submittal = changed.map_err(|invalid| Refusal::unprocessable(&invalid))?;
    let submittal = scene.company.item(before.id).unwrap_or(&submittal);
    Ok(Answer::ok(view::submittal::shown(scene.company, submittal)))
}

fn change(
    scene: &mut Scene<'_>,
    before: &Submittal,
    fields: &Map<String, Value>,
    workflow: Option<&Value>,
) -> Result<Submittal, Invalid> {
    let mut submittal = before.clone();
    require(fields, &["number"])?;
    apply(scene.company, &mut submittal, fields)?;
    let (tool, level) = NEEDED;
    let (new, old) = (submittal.manager.as_slice(), before.manager.as_slice());
    check_place(scene, "submittal_manager_id", (before.project, tool, level), new, old)?;
    if let Some(workflow) = workflow {
        let wanted = steps(workflow)?;
        let was = |id: Option<u64>| before.approvers.iter().find(|found| Some(found.id) == id);
        let new = wanted
            .iter()
            .flatten()
            .filter_map(|one| one.user.or_else(|| was(one.approver).map(|approver| approver.user)));
        let new: Vec<u64> = new.collect();
        let old: Vec<u64> = before.approvers.iter().map(|approver| approver.user).collect();
        check_place(scene, "workflow_data", (before.project, tool, level), &new, &old)?;
        scene.company.set_workflow(&mut submittal, &wanted)?;
    }
    scene.company.put_item(submittal.clone())?;
    Ok(submittal)
}

fn apply(company: &Company, submittal: &mut Submittal, fields: &Map<String, Value>) -> Result<(), Invalid> {
    let unknown = |field| Invalid::new(field, "does not exist");
    for (field, value) in fields {
        match field.as_str() {
            "number" => submittal.number = required_text("number", value)?,
            "title" => submittal.title = required_text("title", value)?,
            "revision" => submittal.revision = required_text("revision", value)?,
            "description" => submittal.description = text("description", value)?,
            "due_date" => submittal.due_date = date("due_date", value)?,
            "private" => submittal.private = flag("private", value)?,
            "submittal_manager_id" => submittal.manager = number("submittal_manager_id", value)?,
            "received_from_id" => submittal.received_from = number("received_from_id", value)?,
            "distribution_member_ids" => submittal.distribution = ids("distribution_member_ids", value)?,
            "responsible_contractor_id" => {
                let vendor = number("responsible_contractor_id", value)?;
                if vendor.is_some_and(|id| company.vendor(id).is_none()) {
                    return Err(unknown("responsible_contractor_id"));
                }
                submittal.responsible_contractor = vendor;
            }
            "type" => {
                let name = text("type", value)?;
                if name.as_ref().is_some_and(|name| !SUBMITTAL_TYPES.contains(&name.as_str())) {
                    return Err(unknown("type"));
                }
                submittal.kind = name;
            }
            "status_id" => {
                let status = number("status_id", value)?.and_then(|id| company.submittal_status(id));
                submittal.set_status(status.ok_or_else(|| unknown("status_id"))?, company.time());
            }
            // The workflow is looked at elsewhere. What else there may be is unknown to Procore or not simulated, and
            // overlooked.
            _ => {}
        }
    }
    Ok(())
}

/// Reads the steps of a workflow, each a list of people. How a form carries lists of lists is not documented: they are read
/// from indices in the names of parts, from a part that is JSON, and from a text that is JSON.
fn steps(workflow: &Value) -> Result<Vec<Vec<Wanted>>, Invalid> {
    let unfit = || Invalid::new("workflow_data", "must be a list of steps, each a list of people");
    let parsed = workflow.as_str().map(serde_json::from_str::<Value>);
    let parsed = parsed.transpose().map_err(|_| unfit())?;
    let steps = parsed.as_ref().unwrap_or(workflow).as_array().ok_or_else(unfit)?;
    let people = |step: &Value| -> Result<Vec<Wanted>, Invalid> {
        let people = step.as_array().ok_or_else(unfit)?.iter();
        people.map(|one| wanted(one.as_object().cloned().ok_or_else(unfit)?)).collect()
    };
    steps.iter().map(people).collect()
}

fn wanted(mut fields: Map<String, Value>) -> Result<Wanted, Invalid> {
    let numbers = ["login_information_id", "submittal_log_approver_id", "days_to_respond"];
    type_fields(&mut fields, &numbers, &["response_required"]);
    let get = |name: &str| fields.get(name).unwrap_or(&Value::Null);
    let required = get("response_required");
    Ok(Wanted {
        approver: number("submittal_log_approver_id", get("submittal_log_approver_id"))?,
        user: number("login_information_id", get("login_information_id"))?,
        role: text("approver_type", get("approver_type"))?,
        response_required: match required {
            Value::Null => None,
            _ => Some(flag("response_required", required)?),
        },
        days_to_respond: number("days_to_respond", get("days_to_respond"))?,
        due_date: date("due_date", get("due_date"))?,
    })
}

fn sort(query: &Query, submittals: &mut [&Submittal]) {
    let Some(attribute) = query.value("sort") else { return };
    let key = |item: &Submittal| match attribute.trim_start_matches('-') {
        "number" => format!("{:0>12}", item.number),
        "title" => item.title.to_lowercase(),
        "type" => item.kind.clone().unwrap_or_default(),
        "status" => item.status.name().to_owned(),
        "due_date" => item.due_date.map_or(String::new(), |date| date.to_string()),
        _ => String::new(),
    };
    if attribute.starts_with('-') {
        submittals.sort_by_cached_key(|item| Reverse(key(item)));
    } else {
        submittals.sort_by_cached_key(|item| key(item));
    }
}
