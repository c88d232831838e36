//! The RFIs of a project, and who may be given one.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::project;
use crate::company::{Invalid, Rfi, RfiStatus, User};
use crate::server::answer::{Answer, Refusal, Reply};
use crate::server::field::{date, flag, ids, number, required_text, text};
use crate::server::gate::Scene;
use crate::server::page::paged;
use crate::server::query::Query;
use crate::server::request::Request;
use crate::view;

/// Serves `GET /rest/v1.0/projects/{project_id}/rfis`.
pub(crate) fn list(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let company = &*scene.company;
    let query = &request.query;
    let project = project(company, request)?.id;
    let statuses = statuses(query)?;
    let wanted = [
        (query.filter_ids("id")?, (|rfi| vec![rfi.id]) as fn(&Rfi) -> Vec<u64>),
        (query.filter_ids("assigned_id")?, |rfi| rfi.assignees.clone()),
        (query.filter_ids("rfi_manager_id")?, |rfi| vec![rfi.manager]),
        (query.filter_ids("ball_in_court_id")?, Rfi::ball_in_court),
        (query.filter_ids("received_from_login_information_id")?, |rfi| {
            rfi.received_from.into_iter().collect()
        }),
        (query.filter_ids("responsible_contractor_id")?, |rfi| {
            rfi.responsible_contractor.into_iter().collect()
        }),
    ];
    let (created, updated) = (query.filter_range("created_at")?, query.filter_range("updated_at")?);
    let numbers = query.filter_values("number");
    let search = query.value("search").or(query.value("q")).map(str::to_lowercase);
    let mut rfis: Vec<&Rfi> = company
        .rfis_of(project)
        .filter(|rfi| statuses.as_ref().is_none_or(|statuses| statuses.contains(rfi.status.name())))
        .filter(|rfi| {
            wanted
                .iter()
                .all(|(ids, of)| ids.as_ref().is_none_or(|ids| of(rfi).iter().any(|id| ids.contains(id))))
        })
        .filter(|rfi| created.is_none_or(|range| range.holds(rfi.created_at)))
        .filter(|rfi| updated.is_none_or(|range| range.holds(rfi.updated_at)))
        .filter(|rfi| numbers.as_ref().is_none_or(|numbers| numbers.contains(&rfi.number.as_str())))
        .filter(|rfi| {
            let found = |word: &String| rfi.subject.to_lowercase().contains(word) || rfi.number == *word;
            search.as_ref().is_none_or(found)
        })
        .collect();
    sort(query, &mut rfis);
    paged(request, scene.page_max, rfis, |rfi| view::rfi::listed(company, rfi))
}

/// Serves `GET /rest/v1.0/projects/{project_id}/rfis/{id}`.
pub(crate) fn show(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let rfi = find(scene, request)?;
    Ok(Answer::ok(view::rfi::shown(scene.company, rfi)))
}

/// Serves `GET /rest/v1.0/projects/{project_id}/rfis/potential_assignees`.
pub(crate) fn potential_assignees(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let people: Vec<&User> = scene.company.potential_assignees(project(scene.company, request)?.id).collect();
    paged(request, scene.page_max, people, |user| view::rfi::candidate(user))
}

/// Serves `GET /rest/v1.0/projects/{project_id}/rfis/potential_rfi_managers`.
pub(crate) fn potential_managers(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let people: Vec<&User> = scene.company.potential_managers(project(scene.company, request)?.id).collect();
    paged(request, scene.page_max, people, |user| view::rfi::candidate(user))
}

/// Serves `PATCH /rest/v1.0/projects/{project_id}/rfis/{id}`: what is sent is changed, and lists are replaced as a whole.
pub(crate) fn update(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let before = find(scene, request)?;
    let mut rfi = before.clone();
    rfi.updated_at = scene.company.time();
    apply(&mut rfi, &request.nested("rfi")?)?;
    scene.company.check_rfi(&rfi, before)?;
    check_stuck(scene, &rfi, before)?;
    scene.company.put_rfi(rfi.clone())?;
    Ok(Answer::ok(view::rfi::shown(scene.company, &rfi)))
}

/// Refuses to take an item from somebody inactive, if that is how it is.
pub(super) fn check_stuck(scene: &Scene<'_>, rfi: &Rfi, before: &Rfi) -> Result<(), Invalid> {
    if scene.switches.inactive_items_move {
        return Ok(());
    }
    scene.company.check_none_leaves("assignee_ids", &rfi.assignees, &before.assignees)?;
    scene.company.check_none_leaves("rfi_manager_id", &[rfi.manager], &[before.manager])
}

fn find<'a>(scene: &'a Scene<'_>, request: &Request) -> Result<&'a Rfi, Refusal> {
    let project = project(scene.company, request)?.id;
    let rfi = scene.company.rfi(request.id("id")?).filter(|rfi| rfi.project == project);
    rfi.ok_or_else(Refusal::not_found)
}

/// Changes what is sent.
pub(super) fn apply(rfi: &mut Rfi, fields: &Map<String, Value>) -> Result<(), Invalid> {
    for (field, value) in fields {
        match field.as_str() {
            "subject" => rfi.subject = required_text("subject", value)?,
            "reference" => rfi.reference = text("reference", value)?,
            "number" => rfi.number = required_text("number", value)?,
            "drawing_number" => rfi.drawing_number = text("drawing_number", value)?,
            "due_date" => rfi.due_date = date("due_date", value)?,
            "private" => rfi.private = flag("private", value)?,
            "distribution_ids" => rfi.distribution = ids("distribution_ids", value)?,
            "responsible_contractor_id" => {
                rfi.responsible_contractor = number("responsible_contractor_id", value)?;
            }
            "received_from_login_information_id" => {
                rfi.received_from = number("received_from_login_information_id", value)?;
            }
            "rfi_manager_id" => {
                let manager = number("rfi_manager_id", value)?;
                rfi.manager = manager.ok_or_else(|| Invalid::new("rfi_manager", "required"))?;
            }
            // Those with an order among them follow below. `ball_in_court_id` has had no effect since 2019, and what
            // else there may be is unknown to Procore and overlooked.
            _ => {}
        }
    }
    // The old field for one assignee counts only where the new one is not sent.
    match (fields.get("assignee_ids"), fields.get("assignee_id")) {
        (Some(value), _) => rfi.assignees = ids("assignee_ids", value)?,
        (None, Some(value)) => rfi.assignees = number("assignee_id", value)?.into_iter().collect(),
        (None, None) => {}
    }
    match fields.get("required_assignee_ids") {
        Some(value) => rfi.required = ids("required_assignee_ids", value)?.into_iter().collect(),
        None => rfi.required.retain(|id| rfi.assignees.contains(id)),
    }
    if let Some(value) = fields.get("draft") {
        draft(rfi, flag("draft", value)?)?;
    }
    if let Some(value) = fields.get("accepted") {
        accept(rfi, flag("accepted", value)?);
    }
    Ok(())
}

/// A draft can be asked; what was asked can't become a draft again.
fn draft(rfi: &mut Rfi, draft: bool) -> Result<(), Invalid> {
    match (rfi.status, draft) {
        (RfiStatus::Draft, true) => Ok(()),
        (_, true) => Err(Invalid::new("draft", "can only be changed on draft RFIs")),
        (RfiStatus::Draft, false) => {
            rfi.status = RfiStatus::Open;
            rfi.initiated_at = Some(rfi.updated_at);
            Ok(())
        }
        (_, false) => Ok(()),
    }
}

/// Accepting closes, and taking that back opens again.
fn accept(rfi: &mut Rfi, accepted: bool) {
    let status = match (rfi.status, accepted) {
        (RfiStatus::Open, true) => RfiStatus::Closed,
        (RfiStatus::Draft, true) => RfiStatus::ClosedDraft,
        (RfiStatus::Closed | RfiStatus::ClosedWithRevision, false) => RfiStatus::Open,
        (RfiStatus::ClosedDraft, false) => RfiStatus::Draft,
        (_, _) => return,
    };
    rfi.status = status;
    rfi.time_resolved = rfi.status.is_closed().then_some(rfi.updated_at);
}

fn statuses(query: &Query) -> Result<Option<BTreeSet<&str>>, Refusal> {
    let Some(statuses) = query.filter_values("status") else { return Ok(None) };
    let known = |status: &&str| RfiStatus::ALL.iter().any(|known| known.name() == *status);
    if statuses.iter().all(known) {
        Ok(Some(statuses.into_iter().collect()))
    } else {
        Err(Refusal::field("filters[status]", "is not the status of an RFI"))
    }
}

fn sort(query: &Query, rfis: &mut [&Rfi]) {
    let Some(attribute) = query.value("sort[attribute]") else { return };
    let key = |rfi: &Rfi| match attribute {
        "number" => format!("{:0>12}", rfi.number),
        "subject" => rfi.subject.to_lowercase(),
        "status" => rfi.status.name().to_owned(),
        "due_date" => rfi.due_date.map_or(String::new(), |date| date.to_string()),
        "date_created" => rfi.created_at.to_string(),
        "initiated_at" => rfi.initiated_at.map_or(String::new(), |time| time.to_string()),
        _ => String::new(),
    };
    if query.value("sort[direction]") == Some("desc") {
        rfis.sort_by_cached_key(|rfi| Reverse(key(rfi)));
    } else {
        rfis.sort_by_cached_key(|rfi| key(rfi));
    }
}
