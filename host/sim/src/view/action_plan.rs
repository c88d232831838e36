//! How action plans look on the wire. Their people are named by the ids of persons; the id of the user, if the person is
//! one, stands beside.

use serde_json::{Value, json};

use super::user::vendor;
use super::with;
use crate::company::{ActionPlan, Company, Person, PlanAssignee};

/// What somebody can be in a plan.
pub(crate) struct Potential {
    /// Whether the person may have to sign an item.
    pub(crate) assignee: bool,
    /// Whether the person may manage a plan.
    pub(crate) manager: bool,
}

/// Returns a plan, in a list (`RestV10ProjectsProjectIdActionPlansPlansGet`) and as it is answered to a change.
pub(crate) fn plan(company: &Company, plan: &ActionPlan) -> Value {
    let signed = |item: u64| {
        let assignees = company.items_of::<PlanAssignee>(plan.project);
        let mut assignees = assignees.filter(|found| found.item == item).peekable();
        assignees.peek().is_some() && assignees.all(|assignee| assignee.signed_at.is_some())
    };
    json!({
        "id": plan.id,
        "number": plan.number,
        "title": plan.title,
        "description": plan.description,
        "description_plain_text": plan.description,
        "manager": plan.manager.map_or(Value::Null, |party| named(company, party.id)),
        "plan_approvers": [],
        "plan_receivers": [],
        "plan_type": null,
        "plan_status": null,
        "status": plan.status.name(),
        "status_type": plan.status.name(),
        "private": plan.private,
        "location": null,
        "closed_item_count": plan.items.iter().filter(|item| signed(item.id)).count(),
        "total_item_count": plan.items.len(),
        "custom_fields": {},
        "created_at": plan.created_at,
        "updated_at": plan.updated_at,
    })
}

/// Returns an assignment (`RestV10ProjectsProjectIdActionPlansPlanItemAssigneesGet`).
pub(crate) fn assignee(company: &Company, assignee: &PlanAssignee) -> Value {
    let signature = assignee.signed_at.map(|time| {
        let by = named(company, assignee.party.id);
        json!({ "id": assignee.id, "attachment": null, "captured_at": time, "captured_by": by })
    });
    json!({
        "id": assignee.id,
        "plan_id": assignee.plan,
        "plan_item_id": assignee.item,
        "plan_template_id": null,
        "plan_template_item_id": null,
        "party": named(company, assignee.party.id),
        "is_holding": assignee.holding,
        "is_locked": assignee.locked,
        "role": role(company, assignee.party.id),
        "role_id": null,
        "signature": signature,
        "verification_method": null,
        "created_at": assignee.created_at,
        "updated_at": assignee.updated_at,
    })
}

/// Returns somebody of a project with what the person can be in a plan (`RestV10ProjectsProjectIdActionPlansPartiesGet`).
pub(crate) fn party(company: &Company, person: Person<'_>, potential: &Potential) -> Value {
    with(
        viewed(company, person),
        json!({
            "potential_approver": potential.manager,
            "potential_assignee": potential.assignee,
            "potential_manager": potential.manager,
            "potential_receiver": potential.assignee,
        }),
    )
}

/// Returns what somebody is to the project, which is never nothing.
fn role(company: &Company, party: u64) -> &'static str {
    match company.person(party).is_some_and(|person| person.employee()) {
        true => "internal",
        false => "third_party",
    }
}

fn named(company: &Company, party: u64) -> Value {
    company.person(party).map_or(Value::Null, |person| viewed(company, person))
}

fn viewed(company: &Company, person: Person<'_>) -> Value {
    let name = [person.first_name().unwrap_or_default(), person.last_name()].join(" ");
    let (_, updated_at) = person.times();
    json!({
        "id": person.id(),
        "first_name": person.first_name(),
        "last_name": person.last_name(),
        "name": name.trim(),
        "user_id": person.user().map(|user| user.id),
        "is_employee": person.employee(),
        "employee_id": person.employee_id(),
        "login": person.email(),
        "vendor": vendor(company, person.vendor()),
        "updated_at": updated_at,
    })
}
