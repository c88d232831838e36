//! Action plans of a project: who manages them, who has to sign their items, and who may.
//!
//! People are named by their ids as persons here. Nobody is the person whose id is that of a user.

use std::cmp::Reverse;

use serde_json::{Map, Value, json};

use super::item::{ById, check_leaving, find, has_ids};
use super::project;
use crate::company::{ActionPlan, Company, Invalid, Level, Party, Person, PlanAssignee, Tool};
use crate::server::answer::{Answer, Refusal, Reply};
use crate::server::field::{flag, number, required_text, text};
use crate::server::gate::Scene;
use crate::server::page::paged;
use crate::server::request::Request;
use crate::view;
use crate::view::action_plan::Potential;

/// What it takes to have to sign an item.
const SIGNS: (Tool, Level) = (Tool::ActionPlans, Level::Standard);
/// What it takes to manage a plan.
const MANAGES: (Tool, Level) = (Tool::ActionPlans, Level::Admin);

/// Serves `GET /rest/v1.0/projects/{project_id}/action_plans/plans`.
pub(crate) fn list(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let company = &*scene.company;
    let query = &request.query;
    let project = project(company, request)?.id;
    let wanted: [ById<ActionPlan>; 2] = [
        (query.filter_ids("id")?, |plan| vec![plan.id]),
        (query.filter_ids("manager_id")?, |plan| plan.manager.iter().map(|manager| manager.id).collect()),
    ];
    let (created, updated) = (query.filter_range("created_at")?, query.filter_range("updated_at")?);
    let plans: Vec<&ActionPlan> = company
        .items_of::<ActionPlan>(project)
        .filter(|plan| has_ids(&wanted, plan))
        .filter(|plan| created.is_none_or(|range| range.holds(plan.created_at)))
        .filter(|plan| updated.is_none_or(|range| range.holds(plan.updated_at)))
        .collect();
    paged(request, scene.page_max, plans, |plan| view::action_plan::plan(company, plan))
}

/// Serves `PATCH /rest/v1.0/projects/{project_id}/action_plans/plans/{id}`.
pub(crate) fn update(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let before: &ActionPlan = find(scene, request, "id")?;
    let mut plan = before.clone();
    apply(scene.company, &mut plan, &request.nested("plan")?)?;
    if plan.title.trim().is_empty() {
        return Err(Refusal::unprocessable(&Invalid::new("title", "can't be blank")));
    }
    if plan.manager != before.manager {
        check_party(scene, "manager_id", (plan.project, MANAGES), plan.manager, before.manager)
            .map_err(|invalid| Refusal::unprocessable(&invalid))?;
    }
    plan.updated_at = scene.company.time();
    scene.company.put_item(plan.clone())?;
    Ok(Answer::ok(view::action_plan::plan(scene.company, &plan)))
}

/// Serves `GET /rest/v1.0/projects/{project_id}/action_plans/plan_item_assignees`, which knows no filter for people.
pub(crate) fn assignees(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let company = &*scene.company;
    let query = &request.query;
    let project = project(company, request)?.id;
    let wanted: [ById<PlanAssignee>; 3] = [
        (query.filter_ids("id")?, |found| vec![found.id]),
        (query.filter_ids("plan_id")?, |found| vec![found.plan]),
        (query.filter_ids("plan_item_id")?, |found| vec![found.item]),
    ];
    let (created, updated) = (query.filter_range("created_at")?, query.filter_range("updated_at")?);
    let assignees: Vec<&PlanAssignee> = company
        .items_of::<PlanAssignee>(project)
        .filter(|found| has_ids(&wanted, found))
        .filter(|found| created.is_none_or(|range| range.holds(found.created_at)))
        .filter(|found| updated.is_none_or(|range| range.holds(found.updated_at)))
        .collect();
    paged(request, scene.page_max, assignees, |found| view::action_plan::assignee(company, found))
}

/// Serves `PATCH /rest/v1.0/projects/{project_id}/action_plans/plan_item_assignees/bulk_update`. It is answered with 200
/// whatever became of the rows, each of which says so itself. With the completion mode `atomic` what can be is changed, else
/// nothing where one row can't be.
pub(crate) fn bulk_update(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let project = project(scene.company, request)?.id;
    let alone = match request.query.value("completion_mode") {
        None | Some("all_or_nothing") => false,
        Some("atomic") => true,
        Some(_) => return Err(Refusal::field("completion_mode", "is not included in the list")),
    };
    let body = request.json()?;
    let Some(Value::Array(rows)) = body.get("plan_item_assignees") else {
        return Err(Refusal::bad_request("param is missing or the value is empty: plan_item_assignees"));
    };
    let id = |row: &Value| row.get("id").and_then(Value::as_u64);
    let ids: Option<Vec<u64>> = rows.iter().map(id).collect();
    let ids = ids.ok_or_else(|| Refusal::field("plan_item_assignees", "must name ids"))?;
    let changed: Vec<Result<PlanAssignee, Invalid>> =
        ids.iter().zip(rows).map(|(id, row)| changed(scene, project, *id, row)).collect();
    let fails = !alone && changed.iter().any(Result::is_err);
    let mut outcomes = Vec::new();
    for (id, row) in ids.into_iter().zip(changed) {
        let done = match row {
            Ok(_) if fails => Err(Invalid::new("base", "was not changed, because another one can't be")),
            Ok(assignee) => scene.company.put_item(assignee),
            Err(invalid) => Err(invalid),
        };
        outcomes.push(match done {
            Ok(()) => json!({ "id": id, "status": "success", "errors": {} }),
            Err(Invalid { field, message }) => {
                json!({ "id": id, "status": "failure", "errors": { field: [message] } })
            }
        });
    }
    // The reference puts a list around the list.
    Ok(Answer::ok(json!([outcomes])))
}

/// Serves `GET /rest/v1.0/projects/{project_id}/action_plans/parties`: everybody active, also those without a login.
pub(crate) fn parties(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let company = &*scene.company;
    let query = &request.query;
    let project = project(company, request)?.id;
    let ids = query.filter_ids("id")?;
    let updated = query.filter_range("updated_at")?;
    let mut people: Vec<Person<'_>> = company
        .people_of(project)
        .map(|(person, _)| person)
        .filter(|person| person.active())
        .filter(|person| ids.as_ref().is_none_or(|ids| ids.contains(&person.id())))
        .filter(|person| updated.is_none_or(|range| range.holds(person.times().1)))
        .collect();
    let name =
        |person: &Person<'_>| (person.first_name().map(str::to_lowercase), person.last_name().to_lowercase());
    match query.value("sort") {
        Some("name") => people.sort_by_cached_key(name),
        Some("-name") => people.sort_by_cached_key(|person| Reverse(name(person))),
        _ => {}
    }
    let may = |person: &Person<'_>, (tool, level)| {
        person.user().is_some_and(|user| company.may_hold(user.id, project, tool, level))
    };
    paged(request, scene.page_max, people, |person| {
        let potential = Potential { assignee: may(person, SIGNS), manager: may(person, MANAGES) };
        view::action_plan::party(company, *person, &potential)
    })
}

fn apply(company: &Company, plan: &mut ActionPlan, fields: &Map<String, Value>) -> Result<(), Refusal> {
    for (field, value) in fields {
        match field.as_str() {
            "title" => plan.title = required_text("title", value)?,
            "description" => plan.description = text("description", value)?,
            "private" => plan.private = flag("private", value)?,
            "manager_id" => {
                let manager = number("manager_id", value)?.map(|id| known(company, "manager_id", id));
                plan.manager = manager.transpose().map_err(|invalid| Refusal::unprocessable(&invalid))?;
            }
            // What else there is in the reference is not simulated, and what there is not is overlooked.
            _ => {}
        }
    }
    Ok(())
}

/// Returns an assignment as a row wants it. Nothing can be changed once it is signed, or was there when the plan was approved.
fn changed(scene: &Scene<'_>, project: u64, id: u64, row: &Value) -> Result<PlanAssignee, Invalid> {
    let before = scene.company.item::<PlanAssignee>(id).filter(|found| found.project == project);
    let before = before.ok_or_else(|| Invalid::unknown("id", id))?;
    if let Some(why) = before.settled() {
        return Err(Invalid::new("base", format!("{id} is {why} and can't be changed")));
    }
    let Some(party) = number("party_id", row.get("party_id").unwrap_or(&Value::Null))? else {
        return Ok(before.clone());
    };
    let party = known(scene.company, "party_id", party)?;
    if party != before.party {
        check_party(scene, "party_id", (project, SIGNS), Some(party), Some(before.party))?;
    }
    Ok(PlanAssignee { party, ..before.clone() })
}

fn known(company: &Company, field: &'static str, party: u64) -> Result<Party, Invalid> {
    company.party(party).ok_or_else(|| Invalid::unknown(field, party))
}

/// Checks that somebody with a login who may takes the place of somebody who may leave it.
fn check_party(
    scene: &Scene<'_>,
    field: &'static str,
    (project, (tool, level)): (u64, (Tool, Level)),
    now: Option<Party>,
    before: Option<Party>,
) -> Result<(), Invalid> {
    let may =
        |party: &Party| party.user.is_some_and(|user| scene.company.may_hold(user, project, tool, level));
    if let Some(party) = now.filter(|party| !may(party)) {
        return Err(Invalid::new(field, format!("{} can't be given {}", party.id, tool.title())));
    }
    let [now, before] = [now, before].map(|party| Vec::from_iter(party.and_then(|party| party.user)));
    check_leaving(scene, field, &now, &before)
}
