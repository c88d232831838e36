//! How correspondence looks on the wire. Its people carry their company, and its types are called generic tools.

use serde_json::{Value, json};

use super::user::{person, vendor};
use super::with;
use crate::company::{Company, Correspondence, CorrespondenceType, User};

/// Returns an item, in a list (`RestV10ProjectsProjectIdCorrespondenceTypeItemsGet`) and as it is answered to a change
/// (`RestV10ProjectsProjectIdGenericToolsGenericToolIdGenericToolItemsGenericToolItemIdPatch`).
pub(crate) fn viewed(company: &Company, item: &Correspondence) -> Value {
    let people = |ids: &[u64]| ids.iter().map(|id| named(company, *id)).collect::<Vec<_>>();
    let kind = company.correspondence_type(item.kind);
    let impact = json!({ "status": null, "value": null });
    json!({
        "id": item.id,
        "title": item.title,
        "description": item.description,
        "position": item.position,
        "status": item.status.name,
        "status_type": item.status.meaning.name(),
        "assignees": people(&item.assignees),
        "received_from": item.received_from.map_or(Value::Null, |id| named(company, id)),
        "distribution_members": people(&item.distribution),
        "created_by": named(company, item.created_by),
        "generic_tool": kind.map(tool),
        "private": item.private,
        "due_date": item.due_date,
        "issued_at": item.issued_at,
        "closed_at": item.closed_at,
        "origin_generic_tool_item_id": null,
        "origin_rfi_id": null,
        "schedule_impact": impact,
        "cost_impact": impact,
        "location": null,
        "cost_code": null,
        "specification_section": null,
        "trade": null,
        "trades": [],
        "tasks": [],
        "sub_job": null,
        "attachments": [],
        "document_management_document_revision_ids": [],
        "custom_fields": {},
        "created_at": item.created_at,
        "updated_at": item.updated_at,
    })
}

/// Returns somebody with what there is for them in each type
/// (`RestV10ProjectsProjectIdCorrespondenceTypesUsersGet`).
pub(crate) fn available(company: &Company, user: &User, assignee: bool) -> Value {
    let tools = company.correspondence_types().map(|kind| {
        json!({
            "id": kind.id,
            "potential_assignee": assignee,
            "potential_received_from": assignee,
            "potential_distribution_member": true,
            "custom_fields": {},
        })
    });
    json!({
        "id": user.id,
        "name": user.name(),
        "company": vendor(company, user.vendor),
        "generic_tools": tools.collect::<Vec<_>>(),
    })
}

fn tool(kind: &CorrespondenceType) -> Value {
    json!({ "id": kind.id, "abbreviation": kind.abbreviation, "domain_id": null, "title": kind.title })
}

fn named(company: &Company, id: u64) -> Value {
    let employer = company.user(id).and_then(|user| user.vendor);
    match person(company, id) {
        Value::Null => Value::Null,
        person => with(person, json!({ "company": vendor(company, employer) })),
    }
}
