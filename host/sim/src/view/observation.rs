//! How observations look on the wire. Whoever they are assigned to is named with the vendor, and others with the login.

use serde_json::{Value, json};

use super::user::{person, with_vendor};
use super::{day, with};
use crate::company::{Company, OBSERVATION_TYPES, Observation};

/// Returns an observation as in a list.
pub(crate) fn listed(company: &Company, item: &Observation) -> Value {
    with(base(company, item), json!({ "permissions": { "can_edit": true } }))
}

/// Returns an observation as it is answered to a change.
pub(crate) fn shown(company: &Company, item: &Observation) -> Value {
    let informed: Vec<Value> = item.distribution.iter().map(|id| person(company, *id)).collect();
    let nothing = Vec::<u64>::new();
    with(
        base(company, item),
        json!({
            "created_by": with(with_vendor(company, item.created_by), person(company, item.created_by)),
            "checklist_item": null,
            "checklist_list": null,
            "distribution_members": informed,
            "attachments": nothing,
            "drawing_ids": nothing,
            "drawing_revisions": nothing,
            "current_drawing_revision_ids": nothing,
            "contributing_behavior": null,
            "contributing_condition": null,
            "hazard": null,
        }),
    )
}

fn base(company: &Company, item: &Observation) -> Value {
    let category =
        OBSERVATION_TYPES.iter().find(|(name, _)| *name == item.kind).map(|(_, category)| *category);
    let category = category.unwrap_or_default();
    json!({
        "id": item.id,
        "number": item.number,
        "name": item.name,
        "description": item.description,
        "description_rich_text": item.description.as_ref().map(|text| format!("<p>{text}</p>")),
        "status": item.status,
        "priority": item.priority,
        "date_notified": day(item.notified_at),
        "due_date": item.due_date,
        "personal": item.personal,
        "assignee": item.assignee.map_or(Value::Null, |id| with_vendor(company, id)),
        "created_by": person(company, item.created_by),
        "type": {
            "id": company.label_id(&item.kind),
            "name": item.kind,
            "localized_name": item.kind,
            "category": category,
            "category_key": category.to_lowercase().replace(' ', "_"),
            "category_id": OBSERVATION_TYPES.iter().position(|(_, found)| *found == category),
            "active": true,
        },
        "origin": null,
        "location": null,
        "specification_section": null,
        "trade": null,
        "custom_fields": {},
        "created_at": item.created_at,
        "updated_at": item.updated_at,
        "closed_at": item.closed_at,
        "deleted_at": null,
    })
}
