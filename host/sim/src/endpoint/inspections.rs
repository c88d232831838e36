//! Inspections of a project, which paths call checklists, and who may take part in them.

use serde_json::{Map, Value, json};

use super::item::{ById, check_place, find, has_ids};
use super::project;
use crate::company::{Company, Inspection, InspectionStatus, Invalid, Level, Tool, User};
use crate::server::answer::{Answer, Refusal, Reply};
use crate::server::field::{date, flag, ids, number, required_text, text};
use crate::server::gate::Scene;
use crate::server::page::paged;
use crate::server::request::Request;
use crate::view;

/// What it takes to inspect.
const INSPECTS: (Tool, Level) = (Tool::Checklists, Level::Standard);
/// What it takes to be asked.
const IS_ASKED: (Tool, Level) = (Tool::Checklists, Level::ReadOnly);

/// Serves `GET /rest/v1.0/projects/{project_id}/checklist/lists`.
pub(crate) fn list(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let company = &*scene.company;
    let query = &request.query;
    let project = project(company, request)?.id;
    let wanted: [ById<Inspection>; 6] = [
        (query.filter_ids("id")?, |found| vec![found.id]),
        (query.filter_ids("inspector_id")?, |found| found.inspectors.clone()),
        (query.filter_ids("point_of_contact_id")?, |found| found.point_of_contact.into_iter().collect()),
        (query.filter_ids("responsible_contractor_id")?, |found| {
            found.responsible_contractor.into_iter().collect()
        }),
        (query.filter_ids("created_by_id")?, |found| vec![found.created_by]),
        (query.filter_ids("closed_by_id")?, |found| found.closed_by.into_iter().collect()),
    ];
    let (created, updated) = (query.filter_range("created_at")?, query.filter_range("updated_at")?);
    let inspections: Vec<&Inspection> = company
        .items_of::<Inspection>(project)
        .filter(|found| has_ids(&wanted, found))
        .filter(|found| created.is_none_or(|range| range.holds(found.created_at)))
        .filter(|found| updated.is_none_or(|range| range.holds(found.updated_at)))
        .collect();
    paged(request, scene.page_max, inspections, |found| view::inspection::viewed(company, found))
}

/// Serves `PATCH /rest/v1.0/projects/{project_id}/checklist/lists/{id}`: what is sent is changed, and lists are replaced as
/// a whole.
pub(crate) fn update(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let before: &Inspection = find(scene, request, "id")?;
    let mut inspection = before.clone();
    let fields = request.nested("list")?;
    apply(&mut inspection, &fields)?;
    if let Some(status) = fields.get("status") {
        inspection.set_status(status_of(status)?, scene.caller.user, scene.company.time());
    }
    let place = |(tool, level)| (before.project, tool, level);
    let (now, was) = (&inspection.inspectors, &before.inspectors);
    check_place(scene, "inspector_ids", place(INSPECTS), now, was)
        .map_err(|invalid| Refusal::unprocessable(&invalid))?;
    let [now, was] = [&inspection, before].map(|found| found.point_of_contact.as_slice());
    check_place(scene, "point_of_contact_id", place(IS_ASKED), now, was)
        .map_err(|invalid| Refusal::unprocessable(&invalid))?;
    check_rest(scene.company, &inspection)?;
    inspection.updated_at = scene.company.time();
    scene.company.put_item(inspection.clone())?;
    Ok(Answer::ok(view::inspection::viewed(scene.company, &inspection)))
}

/// Serves `GET /rest/v1.0/checklist/possible_inspectors`. The list has no pages and stands under a key.
pub(crate) fn possible_inspectors(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let people = candidates(scene, request, INSPECTS)?;
    let people = people.into_iter().map(|user| view::inspection::inspector(scene.company, user));
    Ok(Answer::ok(json!({ "people": people.collect::<Vec<_>>() })))
}

/// Serves `GET /rest/v1.0/checklist/potential_points_of_contact`. The list has no pages.
pub(crate) fn potential_points_of_contact(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let vendor = request.query.number("vendor_id")?;
    let people = candidates(scene, request, IS_ASKED)?.into_iter();
    let people = people.filter(|user| vendor.is_none_or(|vendor| user.vendor == Some(vendor)));
    Ok(Answer::ok(people.map(|user| view::inspection::contact(scene.company, user)).collect()))
}

fn candidates<'a>(
    scene: &'a Scene<'_>,
    request: &Request,
    (tool, level): (Tool, Level),
) -> Result<Vec<&'a User>, Refusal> {
    let missing = || Refusal::field("project_id", "is missing");
    let project = request.query.number("project_id")?.ok_or_else(missing)?;
    Ok(scene.company.candidates(project, tool, level).collect())
}

fn apply(inspection: &mut Inspection, fields: &Map<String, Value>) -> Result<(), Invalid> {
    for (field, value) in fields {
        match field.as_str() {
            "name" => inspection.name = required_text("name", value)?,
            "description" => inspection.description = text("description", value)?,
            "inspection_date" => inspection.inspection_date = date("inspection_date", value)?,
            "private" => inspection.private = flag("private", value)?,
            "inspector_ids" => inspection.inspectors = ids("inspector_ids", value)?,
            "distribution_member_ids" => inspection.distribution = ids("distribution_member_ids", value)?,
            "point_of_contact_id" => inspection.point_of_contact = number("point_of_contact_id", value)?,
            "responsible_contractor_id" => {
                inspection.responsible_contractor = number("responsible_contractor_id", value)?;
            }
            // The status follows. What else there is in the reference is not simulated.
            _ => {}
        }
    }
    Ok(())
}

/// A status is written otherwise than it is shown (`RestV10ProjectsProjectIdChecklistListsIdPatch`).
fn status_of(value: &Value) -> Result<InspectionStatus, Refusal> {
    let key = required_text("status", value)?;
    let status = InspectionStatus::ALL.into_iter().find(|status| status.key() == key);
    status.ok_or_else(|| Refusal::field("status", "is not included in the list"))
}

fn check_rest(company: &Company, inspection: &Inspection) -> Result<(), Refusal> {
    let vendor = inspection.responsible_contractor.filter(|id| company.vendor(*id).is_none());
    let invalid = match vendor {
        Some(id) => Invalid::unknown("responsible_contractor_id", id),
        None if inspection.name.trim().is_empty() => Invalid::new("name", "can't be blank"),
        None => return Ok(()),
    };
    Err(Refusal::unprocessable(&invalid))
}
