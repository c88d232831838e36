//! The punch items of a project, who has to do them, and who may be given one.

use serde_json::{Map, Value};

use super::filter::Words;
use super::item::{ById, candidates, check_place, choice, find, has_ids, known, project, require};
use crate::company::{Company, Invalid, Level, PunchAssignment, PunchItem, PunchResponse, PunchStatus, Tool};
use crate::server::answer::{Answer, Refusal, Reply};
use crate::server::field::{date, flag, ids, number, required_text, text};
use crate::server::gate::Scene;
use crate::server::page::paged;
use crate::server::request::Request;
use crate::view;

const TOOL: Tool = Tool::PunchList;
/// Whoever takes part in the tool may be an assignee, and a final approver, who may be a standard user
/// (support.procore.com, close a punch list item).
const ASSIGNEE: (Tool, Level) = (TOOL, Level::Standard);
/// A standard user can't be a manager without a permission beyond the level, which nobody here has (support.procore.com,
/// permissions of the punch list).
const MANAGER: (Tool, Level) = (TOOL, Level::Admin);
const PRIORITIES: [&str; 3] = ["low", "medium", "high"];

/// Serves `GET /rest/v1.1/punch_items`: those that are closed too, unless told otherwise. Only one status can be asked for.
pub(crate) fn list(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let (company, query) = (&*scene.company, &request.query);
    let statuses = known(query, "status", &["open", "pending", "closed"])?;
    let priorities = known(query, "priority", &PRIORITIES)?;
    let wanted: [ById<PunchItem>; 2] = [
        (query.filter_ids("id")?, |item| vec![item.id]),
        (query.filter_ids("approver_login_information_id")?, |item| {
            item.final_approver.into_iter().collect()
        }),
    ];
    let vendors = query.filter_ids("vendor_id")?;
    let resolved = query.filter_flag("assignee_response")?;
    let updated = query.filter_range("updated_at")?;
    let words = Words::of(query.filter("query").unwrap_or_default());
    let items: Vec<&PunchItem> = company
        .items_of::<PunchItem>(project(request)?)
        .filter(|item| has_ids(&wanted, item))
        .filter(|item| statuses.as_ref().is_none_or(|asked| asked.last() == Some(&item.status.filter())))
        .filter(|item| {
            let priority = item.priority.as_deref().unwrap_or_default();
            priorities.as_ref().is_none_or(|asked| asked.contains(&priority))
        })
        .filter(|item| {
            let of = |part: &PunchAssignment| company.user(part.user).and_then(|user| user.vendor);
            let of: Vec<u64> = item.assignments.iter().filter_map(of).collect();
            vendors.as_ref().is_none_or(|ids| of.iter().any(|id| ids.contains(id)))
        })
        .filter(|item| {
            let done = item.assignments.iter().any(|part| part.status == PunchResponse::Resolved);
            resolved.is_none_or(|resolved| !resolved || done)
        })
        .filter(|item| updated.is_none_or(|range| range.holds(item.updated_at)))
        .filter(|item| words.stand_in(&[&item.name, item.description.as_deref().unwrap_or_default()]))
        .collect();
    paged(request, scene.page_max, items, |item| view::punch::listed(company, item))
}

/// Serves `GET /rest/v1.0/projects/{project_id}/punch_list_assignee_options`.
pub(crate) fn assignees(scene: &mut Scene<'_>, request: &Request) -> Reply {
    people(scene, request, ASSIGNEE)
}

/// Serves `GET /rest/v1.0/projects/{project_id}/punch_list/available_final_approvers`.
pub(crate) fn final_approvers(scene: &mut Scene<'_>, request: &Request) -> Reply {
    people(scene, request, ASSIGNEE)
}

/// Serves `GET /rest/v1.0/projects/{project_id}/available_punch_item_managers`.
pub(crate) fn managers(scene: &mut Scene<'_>, request: &Request) -> Reply {
    people(scene, request, MANAGER)
}

fn people(scene: &Scene<'_>, request: &Request, needed: (Tool, Level)) -> Reply {
    let words = request.query.value("query");
    candidates(scene, request, needed, words, |user| view::user::person(scene.company, user.id))
}

/// Serves `PATCH /rest/v1.1/punch_items/{id}`: what is sent is changed, and lists are replaced as a whole; the name must be
/// sent always.
pub(crate) fn update(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let before: &PunchItem = find(scene, request, "id")?;
    let (mut item, id) = (before.clone(), before.id);
    let numbers =
        ["login_information_ids", "distribution_member_ids", "punch_item_manager_id", "final_approver_id"];
    let fields = request.nested_or_form("punch_item", &numbers, &["private"])?;
    require(&fields, &["name"])?;
    apply(scene, &mut item, &fields)?;
    let old: Vec<u64> = before.assignments.iter().map(|part| part.user).collect();
    let wanted = fields.get("login_information_ids").map(|value| ids("login_information_ids", value));
    let wanted = wanted.transpose()?.unwrap_or_else(|| old.clone());
    let level = |(tool, level): (Tool, Level)| (before.project, tool, level);
    check_place(scene, "login_information_ids", level(ASSIGNEE), &wanted, &old)?;
    let (new, old) = (item.manager.as_slice(), before.manager.as_slice());
    check_place(scene, "punch_item_manager_id", level(MANAGER), new, old)?;
    let (new, old) = (item.final_approver.as_slice(), before.final_approver.as_slice());
    check_place(scene, "final_approver_id", level(ASSIGNEE), new, old)?;
    check_known(scene.company, &item)?;
    scene.company.set_punch_assignees(&mut item, &wanted);
    scene.company.put_item(item.clone())?;
    let item = scene.company.item(id).unwrap_or(&item);
    Ok(Answer::ok(view::punch::shown(scene.company, item)))
}

/// Serves `PATCH /rest/v1.0/projects/{project_id}/punch_item_assignments/{id}`: the assignment stays and gets another user.
pub(crate) fn reassign(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let (project, id) = (project(request)?, request.id("id")?);
    let before = scene.company.punch_item_with(project, id).ok_or_else(Refusal::not_found)?;
    let mut item = before.clone();
    let fields = request.nested_or_form("punch_item_assignment", &["login_information_id"], &["approved"])?;
    let now = scene.company.time();
    let taken: Vec<u64> = item.assignments.iter().map(|part| part.user).collect();
    let part = item.assignments.iter_mut().find(|part| part.id == id).ok_or_else(Refusal::not_found)?;
    let old = part.user;
    respond(part, &fields)?;
    if part.user != old && taken.contains(&part.user) {
        let taken = Invalid::new("login_information_id", format!("{} is assigned already", part.user));
        return Err(Refusal::unprocessable(&taken));
    }
    part.updated_at = now;
    let (tool, level) = ASSIGNEE;
    let place = check_place(scene, "login_information_id", (project, tool, level), &[part.user], &[old]);
    place.map_err(|invalid| Refusal::unprocessable(&invalid))?;
    let part = part.clone();
    scene.company.put_item(item)?;
    Ok(Answer::ok(view::punch::assignment(scene.company, &part)))
}

fn respond(part: &mut PunchAssignment, fields: &Map<String, Value>) -> Result<(), Invalid> {
    if let Some(value) = fields.get("approved") {
        part.status = match flag("approved", value)? {
            true => PunchResponse::Resolved,
            false => PunchResponse::Unresolved,
        };
    }
    if let Some(value) = fields.get("comment") {
        part.comment = text("comment", value)?;
    }
    if let Some(value) = fields.get("login_information_id") {
        let user = number("login_information_id", value)?;
        part.user = user.ok_or_else(|| Invalid::new("login_information_id", "can't be blank"))?;
    }
    Ok(())
}

fn apply(scene: &Scene<'_>, item: &mut PunchItem, fields: &Map<String, Value>) -> Result<(), Invalid> {
    let (by, now) = (scene.caller.user, scene.company.time());
    for (field, value) in fields {
        match field.as_str() {
            "name" => item.name = required_text("name", value)?,
            "description" => item.description = text("description", value)?,
            "due" => item.due_date = date("due", value)?,
            "private" => item.private = flag("private", value)?,
            "reference" => item.reference = text("reference", value)?,
            "priority" => item.priority = Some(choice("priority", value, &PRIORITIES)?.to_owned()),
            "punch_item_manager_id" => item.manager = number("punch_item_manager_id", value)?,
            "final_approver_id" => item.final_approver = number("final_approver_id", value)?,
            "distribution_member_ids" => item.distribution = ids("distribution_member_ids", value)?,
            "workflow_status" => {
                let names = PunchStatus::ALL.map(PunchStatus::name);
                let name = choice("workflow_status", value, &names)?;
                let found = PunchStatus::ALL.into_iter().find(|status| status.name() == name);
                item.set_status(found.unwrap_or(item.status), by, now);
            }
            "status" => match (choice("status", value, &["open", "closed"])?, item.status) {
                ("closed", _) => item.set_status(PunchStatus::Closed, by, now),
                (_, PunchStatus::Closed) => item.set_status(PunchStatus::WorkRequired, by, now),
                (_, _) => {}
            },
            // The assignees are looked at elsewhere. What else there may be is unknown to Procore or not simulated, and
            // overlooked.
            _ => {}
        }
    }
    Ok(())
}

/// Checks that everybody who is kept informed is there.
fn check_known(company: &Company, item: &PunchItem) -> Result<(), Invalid> {
    match item.distribution.iter().find(|id| company.user(**id).is_none()) {
        Some(id) => Err(Invalid::new("distribution_member_ids", format!("{id} does not exist"))),
        None => Ok(()),
    }
}
