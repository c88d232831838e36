//! How punch items look on the wire. Lists name people by language and company, single items by login and company.

use serde_json::{Value, json};

use super::user::{person, vendor, with_company};
use super::{day, with};
use crate::company::{Company, PunchAssignment, PunchItem, PunchResponse, PunchStatus};

/// Returns a punch item as in a list.
pub(crate) fn listed(company: &Company, item: &PunchItem) -> Value {
    let named = |id: Option<u64>| id.map_or(Value::Null, |id| without(with_company(company, id), "login"));
    let has =
        |resolved| item.assignments.iter().any(|part| (part.status == PunchResponse::Resolved) == resolved);
    let parts = item.assignments.iter().map(|part| listed_assignment(company, part));
    with(
        base(company, item),
        json!({
            "created_by": named(Some(item.created_by)),
            "closed_by": named(item.closed_by),
            "punch_item_manager": named(item.manager),
            "final_approver": named(item.final_approver),
            "assignments": parts.collect::<Vec<_>>(),
            "assignees": item.assignments.iter().map(|part| person(company, part.user)).collect::<Vec<_>>(),
            "has_resolved_responses": has(true),
            "has_unresolved_responses": has(false),
        }),
    )
}

/// Returns a punch item as it is answered to a change.
pub(crate) fn shown(company: &Company, item: &PunchItem) -> Value {
    let named = |id: u64| without(with_company(company, id), "locale");
    let maybe = |id: Option<u64>| id.map_or(Value::Null, named);
    let part = |part: &PunchAssignment| {
        let active = company.user(part.user).is_some_and(|user| user.active);
        json!({
            "id": part.id,
            "approved": part.status == PunchResponse::Resolved,
            "comment": part.comment,
            "notified_at": day(part.notified_at),
            "formatted_status": formatted(part.status),
            "updated_at": day(Some(part.updated_at)),
            "login_information": with(person(company, part.user), json!({ "active": active })),
            "attachments": [],
        })
    };
    with(
        base(company, item),
        json!({
            "created_by": named(item.created_by),
            "closed_by": maybe(item.closed_by),
            "punch_item_manager": maybe(item.manager),
            "final_approver": maybe(item.final_approver),
            "assignments": item.assignments.iter().map(part).collect::<Vec<_>>(),
            "distribution_members": item.distribution.iter().map(|id| named(*id)).collect::<Vec<_>>(),
            "can_email": !item.assignments.is_empty() || !item.distribution.is_empty(),
            "rich_text_description": item.description.as_ref().map(|text| format!("<p>{text}</p>")),
            "comments": [],
            "attachments": [],
            "drawing_ids": [],
            "current_drawing_revision_ids": [],
        }),
    )
}

/// Returns an assignment as it is answered to a change.
pub(crate) fn assignment(company: &Company, part: &PunchAssignment) -> Value {
    let login = without(with_company(company, part.user), "locale");
    let name = company.user(part.user).map(crate::company::User::name);
    with(listed_assignment(company, part), json!({ "name": name, "login_information": login }))
}

/// Returns an assignment as in a list.
fn listed_assignment(company: &Company, part: &PunchAssignment) -> Value {
    let user = company.user(part.user);
    let name = user.map(crate::company::User::name);
    json!({
        "id": part.id,
        "approved": part.status == PunchResponse::Resolved,
        "status": part.status,
        "comment": part.comment,
        "login_information_id": part.user,
        "login_information_name": name,
        "login_information": person(company, part.user),
        "attachments": [],
        "vendor": vendor(company, user.and_then(|user| user.vendor)),
        "notified_at": part.notified_at,
        "responded_at": part.responded_at,
        "manager_accepted_at": part.responded_at.filter(|_| part.status == PunchResponse::Resolved),
        "user_name": name,
        "updated_at": part.updated_at,
    })
}

fn base(company: &Company, item: &PunchItem) -> Value {
    let acting = item.ball_in_court();
    let acting = acting.iter().filter_map(|id| company.user(*id));
    let acting = acting.map(|user| json!({ "id": user.id, "name": user.name(), "locale": user.locale }));
    json!({
        "id": item.id,
        "position": item.position,
        "name": item.name,
        "description": item.description,
        "status": status(company, item),
        "workflow_status": item.status,
        "priority": item.priority,
        "private": item.private,
        "reference": item.reference,
        "due_date": item.due_date,
        "ball_in_court": acting.collect::<Vec<_>>(),
        "punch_item_type": null,
        "location": null,
        "trade": null,
        "cost_code": null,
        "cost_impact": "n_a",
        "cost_impact_amount": null,
        "schedule_impact": "n_a",
        "schedule_impact_days": null,
        "custom_fields": {},
        "created_at": item.created_at,
        "updated_at": item.updated_at,
        "closed_at": item.closed_at,
        "deleted_at": null,
    })
}

fn status(company: &Company, item: &PunchItem) -> &'static str {
    match item.status {
        PunchStatus::Draft => "Pending",
        PunchStatus::Closed => "Closed",
        _ if item.is_overdue(company.time()) => "Overdue",
        _ => "Open",
    }
}

fn formatted(status: PunchResponse) -> &'static str {
    match status {
        PunchResponse::Unresolved => "Unresolved",
        PunchResponse::ReadyForReview => "Ready for Review",
        PunchResponse::WorkNotAccepted => "Work Not Accepted",
        PunchResponse::Resolved => "Resolved",
    }
}

fn without(mut view: Value, field: &str) -> Value {
    if let Value::Object(fields) = &mut view {
        fields.remove(field);
    }
    view
}
