//! Many users put on projects or taken off in one call.
//!
//! Version 1.3 works off up to 1,000 rows at once. Version 2.0 has ids as text and works off up to 50 at once; above
//! that it answers 202 with the id of a batch, whose end can be asked for. Neither changes the template of a member
//! (developers.procore.com, bulk add company users to projects).

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::company::{Company, Outcome, Row};
use crate::server::answer::{Answer, Refusal, Reply};
use crate::server::gate::Scene;
use crate::server::request::Request;
use crate::switches::RowIds;

/// How many rows version 1.3 takes.
const ROWS_MAX: usize = 1000;
/// How many rows version 2.0 works off before it answers.
const AT_ONCE: usize = 50;

/// What is said of each success (developers.procore.com, bulk add company users to projects, version 1.3).
const ADDED: &str = "user has been successfully added to the project";
/// The id of nobody: a row for nobody fails.
const NOBODY: u64 = 0;

/// What became of rows, by user and project in the order of their ids.
type Outcomes = BTreeMap<u64, Vec<(u64, Outcome)>>;

/// Serves `POST /rest/v1.3/companies/{company_id}/users/bulk_add`.
pub(crate) fn add_v1(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let rows = rows(scene, request, true, ROWS_MAX, number)?;
    let (entities, errors) = added(&work(scene.company, &rows));
    Ok(if errors.is_empty() {
        Answer::ok(json!({ "entities": entities }))
    } else {
        Answer::json(StatusCode::MULTI_STATUS, json!({ "entities": entities, "errors": errors }))
    })
}

/// Serves `POST /rest/v1.3/companies/{company_id}/users/bulk_remove`.
pub(crate) fn remove_v1(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let rows = rows(scene, request, false, ROWS_MAX, number)?;
    if !scene.switches.groups_block_removal {
        unmanage(scene.company, &rows);
    }
    let name = |outcome| if outcome == Outcome::Success { "success" } else { "failure" };
    Ok(Answer::ok(by_user(&work(scene.company, &rows), name)))
}

/// Serves `POST /rest/v2.0/companies/{company_id}/users/bulk_add`.
pub(crate) fn add_v2(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let rows = rows_v2(scene, request, true)?;
    if rows.len() > AT_ONCE {
        return Ok(accepted(scene.company, rows));
    }
    let (entities, errors) = added(&work(scene.company, &rows));
    let data = json!([{ "entities": entities }]);
    Ok(if errors.is_empty() {
        Answer::ok(json!({ "data": data }))
    } else {
        Answer::json(StatusCode::MULTI_STATUS, json!({ "data": data, "errors": errors }))
    })
}

/// Serves `POST /rest/v2.0/companies/{company_id}/users/bulk_remove`.
pub(crate) fn remove_v2(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let rows = rows_v2(scene, request, false)?;
    if rows.len() > AT_ONCE {
        return Ok(accepted(scene.company, rows));
    }
    let name = |outcome| match outcome {
        Outcome::Success => "success",
        Outcome::Managed => "skipped_managed",
        Outcome::Failure => "failure",
    };
    Ok(Answer::ok(json!({ "data": [by_user(&work(scene.company, &rows), name)] })))
}

/// Serves `GET /rest/v2.0/companies/{company_id}/users/bulk/status/{id}`.
pub(crate) fn status(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let id = request.text_id("id")?.to_owned();
    let batch = scene.company.look_at_batch(&id).ok_or_else(Refusal::not_found)?;
    let total = batch.rows.len();
    let adds = batch.rows.first().is_some_and(|row| row.add);
    Ok(Answer::ok(json!({ "data": {
        "is_complete": batch.done == total,
        "bid": batch.id,
        "total": total,
        "pending": total - batch.done,
        "description": if adds { "Bulk add users to projects" } else { "Bulk remove users from projects" },
        "failures": batch.failures,
    } })))
}

fn accepted(company: &mut Company, rows: Vec<Row>) -> Answer {
    let id = company.add_batch(rows);
    Answer::json(StatusCode::ACCEPTED, json!({ "data": [{ "status": "accepted", "batch_id": id }] }))
}

fn work(company: &mut Company, rows: &[Row]) -> Outcomes {
    let mut outcomes = Outcomes::new();
    for row in rows {
        let outcome = company.work(row);
        outcomes.entry(row.named).or_default().push((row.project, outcome));
    }
    outcomes
}

/// Returns what was added and what was not, each by user. The form of a single success is that of version 1.3; of version
/// 2.0 it is not documented.
fn added(outcomes: &Outcomes) -> (Vec<Value>, Vec<Value>) {
    let (mut entities, mut errors) = (Vec::new(), Vec::new());
    for (user, projects) in outcomes {
        let (done, failed): (Vec<_>, Vec<_>) =
            projects.iter().partition(|(_, outcome)| *outcome == Outcome::Success);
        let done: Vec<_> = done
            .into_iter()
            .map(|(id, _)| json!({ "projectId": id.to_string(), "message": ADDED }))
            .collect();
        let failed: Vec<_> = failed
            .into_iter()
            .map(|(id, _)| json!({ "projectId": id.to_string(), "message": "Contact could not be added." }))
            .collect();
        if !done.is_empty() {
            entities.push(json!({ "userId": user.to_string(), "projects": done }));
        }
        if !failed.is_empty() {
            errors.push(json!({ "userId": user.to_string(), "errors": failed }));
        }
    }
    (entities, errors)
}

fn by_user(outcomes: &Outcomes, name: impl Fn(Outcome) -> &'static str) -> Value {
    let projects = |projects: &[(u64, Outcome)]| -> Value {
        let named = projects.iter().map(|(id, outcome)| (id.to_string(), json!(name(*outcome))));
        Value::Object(named.collect())
    };
    Value::Object(outcomes.iter().map(|(user, found)| (user.to_string(), projects(found))).collect())
}

fn unmanage(company: &mut Company, rows: &[Row]) {
    for row in rows {
        company.set_managed(row.user, row.project, false);
    }
}

/// Returns whether the caller may put people on a project and take them off.
fn may_change(scene: &Scene<'_>, project: u64) -> bool {
    scene.caller.edits_users_on(scene.company, project)
}

fn rows_v2(scene: &Scene<'_>, request: &Request, add: bool) -> Result<Vec<Row>, Refusal> {
    let mut rows = rows(scene, request, add, scene.switches.batch_max, text)?;
    if scene.switches.row_ids == RowIds::People {
        for row in &mut rows {
            let user = scene.company.person(row.user).and_then(|person| person.user());
            row.user = user.map_or(NOBODY, |user| user.id);
        }
    }
    Ok(rows)
}

fn rows(
    scene: &Scene<'_>,
    request: &Request,
    add: bool,
    max: usize,
    id: fn(&Value) -> Option<u64>,
) -> Result<Vec<Row>, Refusal> {
    let body = request.json()?;
    let Some(Value::Array(rows)) = body.get("users") else {
        return Err(Refusal::bad_request("param is missing or the value is empty: users"));
    };
    if rows.len() > max {
        return Err(Refusal::field("users", &format!("must be at most {max}")));
    }
    let unfit = || Refusal::field("users", "must name user_id and project_id in the form of this version");
    let row = |row: &Value| {
        let template = match row.get("permission_template_id") {
            None | Some(Value::Null) => None,
            Some(value) => Some(id(value).ok_or_else(unfit)?),
        };
        let [user, project] = ["user_id", "project_id"].map(|key| row.get(key).and_then(id));
        let user = user.ok_or_else(unfit)?;
        let (named, project) = (user, project.ok_or_else(unfit)?);
        let user = if may_change(scene, project) { user } else { NOBODY };
        Ok(Row { user, named, project, template, add })
    };
    rows.iter().map(row).collect()
}

fn number(value: &Value) -> Option<u64> {
    value.as_u64()
}

fn text(value: &Value) -> Option<u64> {
    value.as_str()?.parse().ok()
}
