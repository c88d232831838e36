//! Correspondence of a project, which paths call items of generic tools, and who may have to answer it.

use std::cmp::Reverse;

use serde_json::{Map, Value, json};

use super::item::{ById, check_place, has_ids};
use super::project;
use crate::company::{
    Correspondence, CorrespondenceStatus, CorrespondenceType, Invalid, Level, Membership, StatusType, Tool,
    User,
};
use crate::server::answer::{Answer, Refusal, Reply};
use crate::server::field::{date, flag, ids, number, required_text, text};
use crate::server::gate::Scene;
use crate::server::page::paged;
use crate::server::query::Query;
use crate::server::request::Request;
use crate::view;

/// What it takes to have to answer.
const ANSWERS: (Tool, Level) = (Tool::Correspondence, Level::Standard);

/// Serves `GET /rest/v1.0/projects/{project_id}/correspondence_type_items`: items of all types.
pub(crate) fn list(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let company = &*scene.company;
    let query = &request.query;
    let project = project(company, request)?.id;
    let wanted: [ById<Correspondence>; 5] = [
        (query.filter_ids("id")?, |item| vec![item.id]),
        (query.filter_ids("login_information_id")?, |item| item.assignees.clone()),
        (query.filter_ids("generic_tool_id")?, |item| vec![item.kind]),
        (query.filter_ids("received_from_id")?, |item| item.received_from.into_iter().collect()),
        (query.filter_ids("created_by_id")?, |item| vec![item.created_by]),
    ];
    let (created, updated) = (query.filter_range("created_at")?, query.filter_range("updated_at")?);
    let statuses = query.filter_values("status");
    let (private, overdue) = (query.filter_flag("private")?, query.filter_flag("overdue")?);
    let today = company.time().to_zoned(jiff::tz::TimeZone::UTC).date();
    let late = |item: &Correspondence| {
        item.status.meaning != StatusType::Closed && item.due_date.is_some_and(|due| due < today)
    };
    let mut items: Vec<&Correspondence> = company
        .items_of::<Correspondence>(project)
        .filter(|item| has_ids(&wanted, item))
        .filter(|item| statuses.as_ref().is_none_or(|names| names.contains(&item.status.name.as_str())))
        .filter(|item| private.is_none_or(|private| item.private == private))
        .filter(|item| overdue != Some(true) || late(item))
        .filter(|item| created.is_none_or(|range| range.holds(item.created_at)))
        .filter(|item| updated.is_none_or(|range| range.holds(item.updated_at)))
        .collect();
    sort(query, &mut items);
    paged(request, scene.page_max, items, |item| view::correspondence::viewed(company, item))
}

/// Serves `GET /rest/v1.0/projects/{project_id}/correspondence_types/users`: everybody of the project with a login, also
/// those who may not be given anything.
pub(crate) fn users(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let company = &*scene.company;
    let project = project(company, request)?.id;
    let members: Vec<(&User, &Membership)> = company.active_members(project).collect();
    let (tool, level) = ANSWERS;
    paged(request, scene.page_max, members, |(user, _)| {
        view::correspondence::available(company, user, company.may_hold(user.id, project, tool, level))
    })
}

/// Serves `GET /rest/v1.0/projects/{project_id}/generic_tools/{generic_tool_id}/generic_tool_items/available_statuses`:
/// names alone, which do not say what they mean.
pub(crate) fn available_statuses(scene: &mut Scene<'_>, request: &Request) -> Reply {
    project(scene.company, request)?;
    let kind = kind(scene, request)?;
    let statuses: Vec<&CorrespondenceStatus> = kind.statuses.iter().collect();
    paged(request, scene.page_max, statuses, |status| json!({ "name": status.name }))
}

/// Serves `PATCH /rest/v1.0/projects/{project_id}/generic_tools/{generic_tool_id}/generic_tool_items/{generic_tool_item_id}`:
/// what is sent is changed, and lists are replaced as a whole.
pub(crate) fn update(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let project = project(scene.company, request)?.id;
    let kind = kind(scene, request)?;
    let before = scene.company.item::<Correspondence>(request.id("generic_tool_item_id")?);
    let before = before.filter(|item| (item.project, item.kind) == (project, kind.id));
    let before = before.ok_or_else(Refusal::not_found)?;
    let mut item = before.clone();
    let fields = request.nested("generic_tool_item")?;
    apply(&mut item, &fields)?;
    if item.title.trim().is_empty() {
        return Err(Refusal::unprocessable(&Invalid::new("title", "can't be blank")));
    }
    if let Some(status) = fields.get("status") {
        let status = kind.status(&required_text("status", status)?).cloned();
        let unknown = || Refusal::unprocessable(&Invalid::new("status", "is not included in the list"));
        item.set_status(status.ok_or_else(unknown)?, scene.company.time());
    }
    let (tool, level) = ANSWERS;
    check_place(scene, "assignee_ids", (project, tool, level), &item.assignees, &before.assignees)
        .map_err(|invalid| Refusal::unprocessable(&invalid))?;
    item.updated_at = scene.company.time();
    let put = scene.company.put_item(item.clone());
    put.map_err(|invalid| Refusal::unprocessable(&invalid))?;
    Ok(Answer::ok(view::correspondence::viewed(scene.company, &item)))
}

fn kind<'a>(scene: &'a Scene<'_>, request: &Request) -> Result<&'a CorrespondenceType, Refusal> {
    let kind = scene.company.correspondence_type(request.id("generic_tool_id")?);
    kind.ok_or_else(Refusal::not_found)
}

fn apply(item: &mut Correspondence, fields: &Map<String, Value>) -> Result<(), Invalid> {
    for (field, value) in fields {
        match field.as_str() {
            "title" => item.title = required_text("title", value)?,
            "description" => item.description = text("description", value)?,
            "position" => item.position = required_text("position", value)?,
            "due_date" => item.due_date = date("due_date", value)?,
            "private" => item.private = flag("private", value)?,
            "assignee_ids" => item.assignees = ids("assignee_ids", value)?,
            "distribution_member_ids" => item.distribution = ids("distribution_member_ids", value)?,
            "received_from_id" => item.received_from = number("received_from_id", value)?,
            // The status follows. What else there is in the reference is not simulated.
            _ => {}
        }
    }
    Ok(())
}

fn sort(query: &Query, items: &mut [&Correspondence]) {
    let Some(sort) = query.value("sort") else { return };
    let key = |item: &Correspondence, attribute: &str| match attribute {
        "title" => item.title.to_lowercase(),
        "status" => item.status.name.to_lowercase(),
        "position" => format!("{:0>12}", item.position),
        "due_date" => item.due_date.map_or(String::new(), |date| date.to_string()),
        "created_at" => item.created_at.to_string(),
        "updated_at" => item.updated_at.to_string(),
        _ => String::new(),
    };
    match sort.strip_prefix('-') {
        Some(attribute) => items.sort_by_cached_key(|item| Reverse(key(item, attribute))),
        None => items.sort_by_cached_key(|item| key(item, sort)),
    }
}
