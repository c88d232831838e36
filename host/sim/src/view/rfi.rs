//! How RFIs look on the wire. Their people are named by login and name; ids of users are the same everywhere.

use serde_json::{Value, json};

use super::user::{person, vendor};
use super::with;
use crate::company::{Company, Rfi, RfiStatus, User};

/// Returns an RFI as in a list. Only there it is told whose answer is required (developers.procore.com, list RFIs and show
/// RFI).
pub(crate) fn listed(company: &Company, rfi: &Rfi) -> Value {
    with(
        base(company, rfi),
        json!({
            "assignees": rfi.assignees.iter().map(|id| assignee(company, rfi, *id)).collect::<Vec<_>>(),
            "questions": [{ "id": rfi.question_id, "body": rfi.question, "errors": [] }],
            "link": format!("https://app.procore.com/{}/project/rfi/show/{}", rfi.project, rfi.id),
            "location_id": null,
            "specification_section_id": null,
            "project_stage": null,
            "sub_job": null,
        }),
    )
}

/// Returns an RFI as it is shown alone, and as it is answered to a change.
pub(crate) fn shown(company: &Company, rfi: &Rfi) -> Value {
    let creator = company.user(rfi.created_by).map(User::name);
    with(
        base(company, rfi),
        json!({
            "accepted": rfi.status.is_closed(),
            "ball_in_court_role": rfi.ball_in_court_role(),
            "distribution_list": people(company, &rfi.distribution),
            "draft": rfi.status == RfiStatus::Draft,
            "drawing_ids": [],
            "drawing_number": rfi.drawing_number,
            "questions": [{
                "id": rfi.question_id,
                "question_date": rfi.created_at,
                "plain_text_body": rfi.question,
                "rich_text_body": format!("<p>{}</p>", rfi.question),
                "created_by": creator,
                "attachments": [],
                "answers": [],
            }],
            "specification_section": null,
        }),
    )
}

/// Returns somebody who may be made assignee or manager.
pub(crate) fn candidate(user: &User) -> Value {
    json!({ "id": user.id, "login": user.email, "name": user.name(), "locale": user.locale })
}

fn base(company: &Company, rfi: &Rfi) -> Value {
    let ball_in_court = rfi.ball_in_court();
    let first = |people: &[u64]| people.first().map_or(Value::Null, |id| person(company, *id));
    let impact = json!({ "status": null, "value": null });
    json!({
        "id": rfi.id,
        "number": rfi.number,
        "full_number": rfi.number,
        "prefix": null,
        "subject": rfi.subject,
        "status": rfi.status,
        "translated_status": translated(rfi.status),
        "assignee": first(&rfi.assignees),
        "assignees": people(company, &rfi.assignees),
        "ball_in_court": first(&ball_in_court),
        "ball_in_courts": people(company, &ball_in_court),
        "rfi_manager": person(company, rfi.manager),
        "received_from": rfi.received_from.map_or(Value::Null, |id| person(company, id)),
        "responsible_contractor": vendor(company, rfi.responsible_contractor),
        "created_by": person(company, rfi.created_by),
        "due_date": rfi.due_date,
        "initiated_at": rfi.initiated_at,
        "time_resolved": rfi.time_resolved,
        "reference": rfi.reference,
        "private": rfi.private,
        "cost_code": null,
        "cost_impact": impact,
        "schedule_impact": impact,
        "location": null,
        "custom_fields": {},
        "current_revision": true,
        "has_revisions": false,
        "revision": "0",
        "source_rfi_header_id": rfi.id,
        "created_at": rfi.created_at,
        "updated_at": rfi.updated_at,
    })
}

fn assignee(company: &Company, rfi: &Rfi, id: u64) -> Value {
    let locale = company.user(id).and_then(|user| user.locale.as_deref());
    with(person(company, id), json!({ "locale": locale, "response_required": rfi.required.contains(&id) }))
}

fn people(company: &Company, ids: &[u64]) -> Vec<Value> {
    ids.iter().map(|id| person(company, *id)).collect()
}

fn translated(status: RfiStatus) -> &'static str {
    match status {
        RfiStatus::Draft => "Draft",
        RfiStatus::Open => "Open",
        RfiStatus::Closed => "Closed",
        RfiStatus::ClosedDraft => "Closed-Draft",
        RfiStatus::ClosedWithRevision => "Closed-Revised",
    }
}
