//! How coordination issues look on the wire. The reference of 2026 says nothing of it; the fields are those of the reference
//! of 2024.

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::user::with_company;
use super::with;
use crate::company::{Company, CoordinationIssue, Item, Reassignment};

/// Returns an issue with all that there is.
pub(crate) fn viewed(company: &Company, issue: &CoordinationIssue) -> Value {
    let more =
        json!({ "updated_by": with_company(company, issue.updated_by), "attachments": [], "viewpoints": [] });
    with(listed(company, issue), more)
}

/// Returns an issue as in a list, unless more is asked for: `RestV10CoordinationIssuesGet` says what is left out.
pub(crate) fn listed(company: &Company, issue: &CoordinationIssue) -> Value {
    json!({
        "id": issue.id,
        "title": issue.title,
        "description": issue.description,
        "status": issue.status,
        "issue_number": issue.number,
        "creation_source": "web",
        "due_date": issue.due_date,
        "project_id": issue.project,
        "comments_count": 0,
        "issue_type": issue.kind,
        "priority": issue.priority,
        "coordination_issue_file": null,
        "bim_model_id": null,
        "drawing_revision": null,
        "trade": null,
        "origin": null,
        "location": null,
        "assignee": issue.assignee.map_or(Value::Null, |id| with_company(company, id)),
        "created_by": with_company(company, issue.created_by),
        "created_at": issue.created_at,
        "updated_at": issue.updated_at,
        "custom_fields": {},
    })
}

/// Returns the record of a reassignment of an issue.
pub(crate) fn reassigned(issue: u64, record: &Reassignment) -> Value {
    json!({
        "id": record.id,
        "coordination_issue_id": issue,
        "old_assignee_id": record.old,
        "new_assignee_id": record.new,
        "created_by_id": record.by,
        "created_at": record.at,
    })
}

/// Returns whether an issue should be done by now.
pub(crate) fn is_overdue(company: &Company, issue: &CoordinationIssue) -> bool {
    let today = company.time().to_zoned(TimeZone::UTC).date();
    issue.is_open() && issue.due_date.is_some_and(|due| due < today)
}
