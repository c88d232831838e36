//! The coordination issues of a project, and who may be given one.

use std::cmp::Reverse;

use serde_json::{Map, Value, json};

use super::filter::Words;
use super::item::{ById, candidates, check_place, choice, find, has_ids, known, project};
use crate::company::{
    CoordinationIssue, ISSUE_PRIORITIES, ISSUE_TITLE_MAX, ISSUE_TYPES, Invalid, IssueStatus, Level, Tool,
};
use crate::server::answer::{Answer, Reply};
use crate::server::field::{date, number, required_text, text};
use crate::server::gate::Scene;
use crate::server::page::paged;
use crate::server::query::Query;
use crate::server::request::Request;
use crate::view;

/// Standard users may be assigned, and admins (`RestV10CoordinationIssuesAssigneesGet`).
const NEEDED: (Tool, Level) = (Tool::CoordinationIssues, Level::Standard);
/// The statuses that can be written (`RestV10CoordinationIssuesIdPatch`); the others come from elsewhere.
const WRITABLE: [IssueStatus; 3] = [IssueStatus::Open, IssueStatus::ReadyForReview, IssueStatus::Closed];

/// Serves `GET /rest/v1.0/coordination_issues`: those that are done too, unless told otherwise.
pub(crate) fn list(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let (company, query) = (&*scene.company, &request.query);
    let statuses = known(query, "status", &IssueStatus::ALL.map(IssueStatus::name))?;
    let priorities = known(query, "priority", &ISSUE_PRIORITIES)?;
    let kinds = query.filter_values("issue_type");
    let wanted: [ById<CoordinationIssue>; 3] = [
        (query.filter_ids("ids")?, |issue| vec![issue.id]),
        (query.filter_ids("assignee_id")?, |issue| issue.assignee.into_iter().collect()),
        (query.filter_ids("created_by_id")?, |issue| vec![issue.created_by]),
    ];
    let vendors = query.filter_ids("assignee_company_id")?;
    let (created, updated) = (query.filter_range("created_at")?, query.filter_range("updated_at")?);
    let overdue = query.filter_flag("overdue")?;
    let words = Words::read(query);
    let among = |values: &Option<Vec<&str>>, value: Option<&str>| {
        values.as_ref().is_none_or(|values| values.contains(&value.unwrap_or_default()))
    };
    let mut issues: Vec<&CoordinationIssue> = company
        .items_of::<CoordinationIssue>(project(request)?)
        .filter(|issue| has_ids(&wanted, issue))
        .filter(|issue| among(&statuses, Some(issue.status.name())))
        .filter(|issue| among(&priorities, issue.priority.as_deref()))
        .filter(|issue| among(&kinds, issue.kind.as_deref()))
        .filter(|issue| {
            let vendor = issue.assignee.and_then(|id| company.user(id)).and_then(|user| user.vendor);
            vendors.as_ref().is_none_or(|ids| vendor.is_some_and(|id| ids.contains(&id)))
        })
        .filter(|issue| created.is_none_or(|range| range.holds(issue.created_at)))
        .filter(|issue| updated.is_none_or(|range| range.holds(issue.updated_at)))
        .filter(|issue| !overdue.unwrap_or(false) || view::coordination::is_overdue(company, issue))
        .filter(|issue| words.stand_in(&[&issue.title, &issue.number.to_string()]))
        .collect();
    sort(query, &mut issues);
    let view = query.value("view").unwrap_or("normal");
    paged(request, scene.page_max, issues, |issue| match view {
        "compact" => json!({ "id": issue.id }),
        "extended" => view::coordination::viewed(company, issue),
        _ => view::coordination::listed(company, issue),
    })
}

/// Serves `GET /rest/v1.0/coordination_issues/assignees`.
pub(crate) fn assignees(scene: &mut Scene<'_>, request: &Request) -> Reply {
    candidates(scene, request, NEEDED, None, |user| view::user::with_company(scene.company, user.id))
}

/// Serves `POST /rest/v1.0/coordination_issues/{coordination_issue_id}/assignments`.
pub(crate) fn assign(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let issue: &CoordinationIssue = find(scene, request, "coordination_issue_id")?;
    let id = issue.id;
    let fields = request.nested("coordination_issue_assignment")?;
    let assignee = fields.get("assignee_id").unwrap_or(&Value::Null);
    let assignee = number("assignee_id", assignee)?;
    let assignee = assignee.ok_or_else(|| Invalid::new("assignee_id", "can't be blank"))?;
    check(scene, issue, Some(assignee))?;
    let record = scene.company.reassign_issue(id, Some(assignee), scene.caller.user)?;
    Ok(Answer::created(view::coordination::reassigned(id, &record)))
}

/// Serves `PATCH /rest/v1.0/coordination_issues/{id}`: what is sent is changed. Only the assignee can say that it is ready
/// for review.
pub(crate) fn update(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let before: &CoordinationIssue = find(scene, request, "id")?;
    let mut issue = before.clone();
    let fields = request.nested("coordination_issue")?;
    apply(&mut issue, &fields)?;
    let to_review = issue.status == IssueStatus::ReadyForReview && before.status != issue.status;
    if to_review && before.assignee != Some(scene.caller.user) {
        return Err(Invalid::new("status", "only the assignee can set ready_for_review").into());
    }
    let assignee = match fields.get("assignee_id") {
        Some(value) => number("assignee_id", value)?,
        None => before.assignee,
    };
    check(scene, before, assignee)?;
    let (id, by, moves) = (issue.id, scene.caller.user, assignee != before.assignee);
    issue.updated_by = by;
    scene.company.put_item(issue.clone())?;
    if moves {
        scene.company.reassign_issue(id, assignee, by)?;
    }
    let issue = scene.company.item(id).unwrap_or(&issue);
    Ok(Answer::ok(view::coordination::viewed(scene.company, issue)))
}

fn check(scene: &Scene<'_>, issue: &CoordinationIssue, assignee: Option<u64>) -> Result<(), Invalid> {
    let (tool, level) = NEEDED;
    let (new, old) = (assignee.as_slice(), issue.assignee.as_slice());
    check_place(scene, "assignee_id", (issue.project, tool, level), new, old)
}

fn apply(issue: &mut CoordinationIssue, fields: &Map<String, Value>) -> Result<(), Invalid> {
    for (field, value) in fields {
        match field.as_str() {
            "title" => {
                issue.title = required_text("title", value)?;
                let len = issue.title.chars().count();
                if issue.title.trim().is_empty() || len > ISSUE_TITLE_MAX {
                    return Err(Invalid::new(
                        "title",
                        format!("must have 1 to {ISSUE_TITLE_MAX} characters"),
                    ));
                }
            }
            "description" => issue.description = text("description", value)?,
            "due_date" => issue.due_date = date("due_date", value)?,
            "issue_type" => issue.kind = Some(choice("issue_type", value, &ISSUE_TYPES)?.to_owned()),
            "priority" => issue.priority = Some(choice("priority", value, &ISSUE_PRIORITIES)?.to_owned()),
            "status" => {
                let name = choice("status", value, &WRITABLE.map(IssueStatus::name))?;
                let mut all = WRITABLE.into_iter();
                issue.status = all.find(|status| status.name() == name).unwrap_or(issue.status);
            }
            // The assignee is looked at elsewhere. What else there may be is unknown to Procore or not simulated, and
            // overlooked.
            _ => {}
        }
    }
    Ok(())
}

fn sort(query: &Query, issues: &mut [&CoordinationIssue]) {
    let Some(attribute) = query.value("sort") else { return };
    let key = |issue: &CoordinationIssue| match attribute.trim_start_matches('-') {
        "issue_number" => format!("{:0>12}", issue.number),
        "title" => issue.title.to_lowercase(),
        "status" => issue.status.name().to_owned(),
        "due_date" => issue.due_date.map_or(String::new(), |date| date.to_string()),
        "created_at" => issue.created_at.to_string(),
        "updated_at" => issue.updated_at.to_string(),
        _ => String::new(),
    };
    if attribute.starts_with('-') {
        issues.sort_by_cached_key(|issue| Reverse(key(issue)));
    } else {
        issues.sort_by_cached_key(|issue| key(issue));
    }
}
