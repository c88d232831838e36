//! How inspections look on the wire (`RestV10ProjectsProjectIdChecklistListsGet`, the same alone and in a list).

use serde_json::{Value, json};

use super::user::{person, vendor};
use super::with;
use crate::company::{Company, Inspection, InspectionStatus, User};

/// Returns an inspection, also as it is answered to a change.
pub(crate) fn viewed(company: &Company, inspection: &Inspection) -> Value {
    let people = |ids: &[u64]| ids.iter().map(|id| named(company, *id)).collect::<Vec<_>>();
    let one = |id: Option<u64>| id.map_or(Value::Null, |id| named(company, id));
    let open = inspection.status != InspectionStatus::Closed;
    json!({
        "id": inspection.id,
        "name": inspection.name,
        "number": inspection.number,
        "list_template_id": null,
        "list_template_name": null,
        "template_id": null,
        "inspection_type": null,
        "default_response_phrasing": null,
        "status": inspection.status.name(),
        "description": inspection.description,
        "location": null,
        "trade": null,
        "specification_section": null,
        "managed_equipment_id": null,
        "inspectors": people(&inspection.inspectors),
        "point_of_contact": one(inspection.point_of_contact),
        "responsible_contractor": vendor(company, inspection.responsible_contractor),
        "distribution_members": people(&inspection.distribution),
        "created_by": named(company, inspection.created_by),
        "closed_by": one(inspection.closed_by),
        "signature_requests": [],
        "attachments": [],
        "drawing_ids": [],
        "current_drawing_revision_ids": [],
        "inspection_date": inspection.inspection_date,
        "due_at": inspection.due_at,
        "overdue": open && inspection.due_at.is_some_and(|due| due < company.time()),
        "private": inspection.private,
        "deleted": false,
        "item_count": inspection.items,
        "inspected_item_count": if open { 0 } else { inspection.items },
        "conforming_item_count": if open { 0 } else { inspection.items },
        "deficient_item_count": 0,
        "not_applicable_item_count": 0,
        "neutral_item_count": 0,
        "observations_count": 0,
        "closed_observations_count": 0,
        "custom_fields": {},
        "closed_at": inspection.closed_at,
        "created_at": inspection.created_at,
        "updated_at": inspection.updated_at,
    })
}

/// Returns somebody who may be made an inspector (`RestV10ChecklistPossibleInspectorsGet`).
pub(crate) fn inspector(company: &Company, user: &User) -> Value {
    with(person(company, user.id), json!({ "company": vendor(company, user.vendor) }))
}

/// Returns somebody who may be made the point of contact (`RestV10ChecklistPotentialPointsOfContactGet`).
pub(crate) fn contact(company: &Company, user: &User) -> Value {
    let vendor_name = user.vendor.and_then(|id| company.vendor(id)).map_or("", |vendor| &vendor.name);
    json!({
        "id": user.id,
        "name": user.name(),
        "name_with_vendor": format!("{} ({vendor_name})", user.name()),
        "job_title": user.job_title,
        "vendor": vendor(company, user.vendor),
    })
}

/// Returns a person with the name of the company, as inspections name people.
fn named(company: &Company, id: u64) -> Value {
    let vendor = company.user(id).and_then(|user| user.vendor).and_then(|id| company.vendor(id));
    match person(company, id) {
        Value::Null => Value::Null,
        person => with(person, json!({ "company_name": vendor.map(|vendor| &vendor.name) })),
    }
}
