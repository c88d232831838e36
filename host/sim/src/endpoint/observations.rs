//! The observations of a project, and who may be given one.

use serde_json::{Map, Value};

use super::filter::Words;
use super::item::{ById, candidates, check_place, choice, find, has_ids, known, project, require};
use crate::company::{Company, Invalid, Level, OBSERVATION_PRIORITIES, Observation, ObservationStatus, Tool};
use crate::server::answer::{Answer, Reply};
use crate::server::field::{date, flag, ids, number, required_text, text};
use crate::server::gate::Scene;
use crate::server::page::paged;
use crate::server::request::Request;
use crate::view;

/// Whoever takes part in the tool may be given an observation; Procore does not say who may.
const NEEDED: (Tool, Level) = (Tool::Observations, Level::Standard);

/// Serves `GET /rest/v1.0/observations/items`. Statuses are asked for by their numbers and told by their names.
pub(crate) fn list(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let (company, query) = (&*scene.company, &request.query);
    let statuses = known(query, "status", &["0", "1", "2", "3"])?;
    let statuses: Option<Vec<&str>> = statuses.map(|numbers| {
        let named = ObservationStatus::ALL.into_iter().zip(["0", "1", "2", "3"]);
        named.filter(|(_, number)| numbers.contains(number)).map(|(status, _)| status.name()).collect()
    });
    let priorities = known(query, "priority", &OBSERVATION_PRIORITIES)?;
    let types = query.filter_ids("type_id")?;
    let wanted: [ById<Observation>; 3] = [
        (query.filter_ids("id")?, |item| vec![item.id]),
        (query.filter_ids("assignee_id")?, |item| item.assignee.into_iter().collect()),
        (query.filter_ids("created_by_id")?, |item| vec![item.created_by]),
    ];
    let vendors = query.filter_ids("assignee_company_id")?;
    let updated = query.filter_range("updated_at")?;
    let words = Words::read(query);
    let items: Vec<&Observation> = company
        .items_of::<Observation>(project(request)?)
        .filter(|item| has_ids(&wanted, item))
        .filter(|item| statuses.as_ref().is_none_or(|statuses| statuses.contains(&item.status.name())))
        .filter(|item| {
            priorities.as_ref().is_none_or(|priorities| priorities.contains(&item.priority.as_str()))
        })
        .filter(|item| {
            let id = company.label_id(&item.kind);
            types.as_ref().is_none_or(|ids| id.is_some_and(|id| ids.contains(&id)))
        })
        .filter(|item| {
            let vendor = item.assignee.and_then(|id| company.user(id)).and_then(|user| user.vendor);
            vendors.as_ref().is_none_or(|ids| vendor.is_some_and(|id| ids.contains(&id)))
        })
        .filter(|item| updated.is_none_or(|range| range.holds(item.updated_at)))
        .filter(|item| {
            words.stand_in(&[&item.name, &item.number, item.description.as_deref().unwrap_or_default()])
        })
        .collect();
    paged(request, scene.page_max, items, |item| view::observation::listed(company, item))
}

/// Serves `GET /rest/v1.0/observations/assignees`.
pub(crate) fn assignees(scene: &mut Scene<'_>, request: &Request) -> Reply {
    candidates(scene, request, NEEDED, None, |user| view::user::with_vendor(scene.company, user.id))
}

/// Serves `PATCH /rest/v1.0/observations/items/{id}`: what is sent is changed; name and type must be sent always.
pub(crate) fn update(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let before: &Observation = find(scene, request, "id")?;
    let mut item = before.clone();
    let numbers = ["assignee_id", "type_id", "distribution_member_ids"];
    let fields = request.nested_or_form("observation", &numbers, &["personal"])?;
    require(&fields, &["name", "type_id"])?;
    apply(scene.company, &mut item, &fields)?;
    let (tool, level) = NEEDED;
    let (new, old) = (item.assignee.as_slice(), before.assignee.as_slice());
    check_place(scene, "assignee_id", (item.project, tool, level), new, old)?;
    scene.company.put_item(item.clone())?;
    let item = scene.company.item(item.id).unwrap_or(&item);
    Ok(Answer::ok(view::observation::shown(scene.company, item)))
}

fn apply(company: &Company, item: &mut Observation, fields: &Map<String, Value>) -> Result<(), Invalid> {
    for (field, value) in fields {
        match field.as_str() {
            "name" => item.name = required_text("name", value)?,
            "number" => item.number = required_text("number", value)?,
            "description" => item.description = text("description", value)?,
            "due_date" => item.due_date = date("due_date", value)?,
            "personal" => item.personal = flag("personal", value)?,
            "assignee_id" => item.assignee = number("assignee_id", value)?,
            "distribution_member_ids" => item.distribution = ids("distribution_member_ids", value)?,
            "priority" => {
                item.priority = choice("priority", value, &OBSERVATION_PRIORITIES)?.to_owned();
            }
            "type_id" => {
                let kind = number("type_id", value)?.and_then(|id| company.observation_type(id));
                item.kind = kind.ok_or_else(|| Invalid::new("type_id", "does not exist"))?.to_owned();
            }
            "status" => {
                let name = choice("status", value, &ObservationStatus::ALL.map(ObservationStatus::name))?;
                let mut all = ObservationStatus::ALL.into_iter();
                item.status = all.find(|status| status.name() == name).unwrap_or(item.status);
                let closed = item.status == ObservationStatus::Closed;
                item.closed_at = item.closed_at.or(Some(company.time())).filter(|_| closed);
            }
            // What else there may be is unknown to Procore or not simulated, and overlooked.
            _ => {}
        }
    }
    Ok(())
}
