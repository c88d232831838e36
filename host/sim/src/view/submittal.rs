//! How submittals look on the wire. Nobody in them has a login: people are named by id and name.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::user::{person as with_login, vendor, with_vendor};
use super::with;
use crate::company::{Company, Submittal, SubmittalApprover, SubmittalResponse, User};

/// Returns a submittal as in a list.
pub(crate) fn listed(company: &Company, submittal: &Submittal) -> Value {
    let maybe = |id: Option<u64>| id.map_or(Value::Null, |id| person(company, id));
    let acting = submittal.ball_in_court();
    let acting = acting.iter().map(|id| {
        let initials = company.user(*id).and_then(|user| user.initials.as_ref());
        with(with_vendor(company, *id), json!({ "initials": initials }))
    });
    let kind = submittal.kind.as_ref();
    let kind =
        kind.map(|name| json!({ "id": company.label_id(name), "name": name, "translated_name": name }));
    let informed: Vec<Value> = submittal.distribution.iter().map(|id| person(company, *id)).collect();
    let nothing = Vec::<u64>::new();
    with(
        base(company, submittal),
        json!({
            "created_by": person(company, submittal.created_by),
            "received_from": maybe(submittal.received_from),
            "submittal_manager": maybe(submittal.manager),
            "distribution_members": informed,
            "ball_in_court": acting.collect::<Vec<_>>(),
            "type": kind,
            "approvers": submittal.approvers.iter().map(|found| approver(company, found)).collect::<Vec<_>>(),
            "last_distributed_submittal": null,
            "drawing_ids": nothing,
            "linked_drawing_ids": nothing,
            "associated_attachments": nothing,
        }),
    )
}

/// Returns a submittal as it is answered to a change, where people have logins. The reference of 2026 that the rest is from
/// says nothing of it; the fields are those of the reference of 2024 and of newer pages of that of 2026.
pub(crate) fn shown(company: &Company, submittal: &Submittal) -> Value {
    let maybe = |id: Option<u64>| id.map_or(Value::Null, |id| with_login(company, id));
    let people = |ids: &[u64]| ids.iter().map(|id| with_login(company, *id)).collect::<Vec<_>>();
    let kind = submittal.kind.as_ref();
    let nothing = Vec::<u64>::new();
    let approver = |found: &SubmittalApprover| {
        let more = json!({
            "user": with_login(company, found.user),
            "distributed": false,
            "attachments": nothing,
            "submittal_associated_attachment_ids": nothing,
        });
        with(asked(company, found), more)
    };
    with(
        base(company, submittal),
        json!({
            "created_by": with_login(company, submittal.created_by),
            "received_from": maybe(submittal.received_from),
            "submittal_manager": maybe(submittal.manager),
            "distribution_members": people(&submittal.distribution),
            "ball_in_court": people(&submittal.ball_in_court()),
            "type": kind.map(|name| json!({ "id": company.label_id(name), "name": name })),
            "approvers": submittal.approvers.iter().map(approver).collect::<Vec<_>>(),
            "attachments": nothing,
            "attachments_count": 0,
            "distributed_submittals": nothing,
            "is_rejected": false,
            "rejected_submittal_log_approver_id": null,
            "operation_item_errors": nothing,
            "source_submittal_log_id": null,
        }),
    )
}

fn base(company: &Company, submittal: &Submittal) -> Value {
    let status = submittal.status;
    json!({
        "id": submittal.id,
        "number": submittal.number,
        "formatted_number": submittal.number,
        "title": submittal.title,
        "description": submittal.description,
        "revision": submittal.revision,
        "current_revision": submittal.current_revision,
        "private": submittal.private,
        "due_date": submittal.due_date,
        "responsible_contractor": vendor(company, submittal.responsible_contractor),
        "status": { "id": company.label_id(status.name()), "name": status.name(), "status": status.kind() },
        "specification_section": null,
        "submittal_package": null,
        "submittal_workflow_template": null,
        "scheduled_task": null,
        "custom_fields": {},
        "created_at": submittal.created_at,
        "updated_at": submittal.updated_at,
        "closed_at": submittal.closed_at,
    })
}

/// Returns the workflow of a submittal.
pub(crate) fn workflow(company: &Company, submittal: &Submittal) -> Value {
    let mut steps = BTreeMap::<u64, Vec<u64>>::new();
    for approver in &submittal.approvers {
        steps.entry(approver.step).or_default().push(approver.id);
    }
    let step = |(number, approvers): (u64, Vec<u64>)| json!({ "id": submittal.id * 100 + number, "number": number, "approver_ids": approvers });
    let approver = |approver: &SubmittalApprover| {
        let user = company.user(approver.user);
        let vendor = user.and_then(|user| user.vendor).and_then(|id| company.vendor(id));
        json!({
            "id": approver.id,
            "attachment_ids": [],
            "company_name": vendor.map(|vendor| &vendor.name),
            "name": user.map(User::name),
            "days_to_respond": approver.days_to_respond,
            "response_required": approver.response_required,
        })
    };
    json!({
        "steps": steps.into_iter().map(step).collect::<Vec<_>>(),
        "approvers": submittal.approvers.iter().map(approver).collect::<Vec<_>>(),
        "attachments": [],
    })
}

/// Returns an approver as it is answered to a response.
pub(crate) fn answered(company: &Company, approver: &SubmittalApprover) -> Value {
    let response = approver.response.and_then(|response| company.label_id(response.name()));
    json!({
        "id": approver.id,
        "attachments": [],
        "comment": approver.comment,
        "returned_date": approver.returned_date,
        "sent_date": approver.sent_date,
        "days_to_respond": approver.days_to_respond,
        "submittal_response_id": response,
    })
}

fn approver(company: &Company, found: &SubmittalApprover) -> Value {
    let nothing = Vec::<u64>::new();
    let more = json!({
        "user": person(company, found.user),
        "associated_attachments": nothing,
        "variance": null,
    });
    with(asked(company, found), more)
}

/// Whoever was asked and has not responded is shown with a response that says so, and whoever was not asked with none.
fn asked(company: &Company, approver: &SubmittalApprover) -> Value {
    let (pending, considered) = SubmittalResponse::PENDING;
    let response = match (approver.response, approver.sent_date) {
        (Some(response), _) => Some((response.name(), response.considered())),
        (None, Some(_)) => Some((pending, considered)),
        (None, None) => None,
    };
    let response = response.map(
        |(name, considered)| json!({ "id": company.label_id(name), "name": name, "considered": considered }),
    );
    json!({
        "id": approver.id,
        "approver_type": approver.role,
        "comment": approver.comment,
        "due_date": approver.due_date,
        "response_required": approver.response_required,
        "response": response,
        "returned_date": approver.returned_date,
        "sent_date": approver.sent_date,
        "days_to_respond": approver.days_to_respond,
        "workflow_group_number": approver.step,
    })
}

fn person(company: &Company, id: u64) -> Value {
    company.user(id).map_or(Value::Null, |user| json!({ "id": user.id, "name": user.name() }))
}
