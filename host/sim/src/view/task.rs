//! How tasks look on the wire. The reference of 2026 says nothing of it; the fields are those of the reference of 2024.

use serde_json::{Value, json};

use super::user::person;
use super::{day, with};
use crate::company::{Company, Task};

/// Returns a task as in a list.
pub(crate) fn listed(company: &Company, task: &Task) -> Value {
    let told = day(task.notified_at);
    let assignee = |id: &u64| with(person(company, *id), json!({ "date_notified": told }));
    let category = task.category.as_ref();
    json!({
        "id": task.id,
        "number": task.number,
        "title": task.title,
        "description": task.description,
        "status": task.status,
        "private": task.private,
        "due_date": task.due_at,
        "date_notified": told,
        "task_item_category": category.map(|name| json!({ "id": company.label_id(name), "name": name })),
        "assignee": task.assignees.first().map_or(Value::Null, |id| person(company, *id)),
        "assignees": task.assignees.iter().map(assignee).collect::<Vec<_>>(),
    })
}

/// Returns a task as it is answered to a change.
pub(crate) fn shown(company: &Company, task: &Task) -> Value {
    with(
        listed(company, task),
        json!({
            "attachments": [],
            "created_by": person(company, task.created_by),
            "created_at": task.created_at,
            "updated_at": task.updated_at,
        }),
    )
}
