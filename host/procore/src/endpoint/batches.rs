//! Users onto projects and off them in the second generation of Procore's API, which says when somebody's membership is
//! managed by a group, and which works on after its answer where there are many (beta, 2026).

use muster_core::id::{CompanyId, ProjectId, UserId};
use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use super::bulk::{Pairs, additions, removals, send, told};
use crate::client::{Client, Written};
use crate::error::Error;
#[cfg(fuzzing)]
use crate::exchange::Answer;
use crate::reads::BatchStatus;
use crate::writes::{BatchAnswer, BatchHandle, NewMembership};

/// `RestV20CompaniesCompanyIdUsersBulkAddPost`. Up to 50 pairs are answered at once.
fn addition(company: CompanyId) -> String {
    format!("/rest/v2.0/companies/{company}/users/bulk_add")
}

/// `RestV20CompaniesCompanyIdUsersBulkRemovePost`.
fn removal(company: CompanyId) -> String {
    format!("/rest/v2.0/companies/{company}/users/bulk_remove")
}

/// `RestV20CompaniesCompanyIdUsersBulkStatusIdGet`.
fn status(company: CompanyId, batch: &BatchHandle) -> String {
    format!("/rest/v2.0/companies/{company}/users/bulk/status/{batch}")
}

#[derive(Deserialize)]
struct StatusBody {
    data: StatusRow,
}

#[derive(Deserialize)]
struct StatusRow {
    is_complete: bool,
    total: Option<u64>,
    /// How many failed; nothing documented says which.
    failures: u64,
}

/// Puts users on projects. Who is on one already keeps the template.
pub(crate) async fn add(client: &Client, memberships: &[NewMembership]) -> Result<BatchAnswer, Error> {
    let operation = "add users to projects";
    let (rows, asked) = additions(memberships, text);
    answered(send(client, operation, &addition(client.company()), rows).await?, operation, &asked)
}

/// Takes users off projects.
pub(crate) async fn remove(client: &Client, pairs: &[(UserId, ProjectId)]) -> Result<BatchAnswer, Error> {
    let operation = "remove users from projects";
    let rows = removals(pairs, text);
    answered(send(client, operation, &removal(client.company()), rows).await?, operation, pairs)
}

fn text(id: u64) -> Value {
    Value::String(id.to_string())
}

/// Returns what an answer comes to; without one nothing was sent, since there was nothing to do.
fn answered(
    answer: Option<Written>,
    operation: &'static str,
    asked: &[(UserId, ProjectId)],
) -> Result<BatchAnswer, Error> {
    let Some(answer) = answer else { return Ok(BatchAnswer::Now(Pairs::new())) };
    if answer.status() != StatusCode::ACCEPTED {
        return told(&answer, operation, asked).map(BatchAnswer::Now);
    }
    let body: Value = answer.json(operation)?;
    accepted(&body).map(BatchAnswer::Later).ok_or_else(|| {
        answer.malformed(operation, "it was accepted without a batch_id to ask by, or with one that is none")
    })
}

/// Returns how far a batch is.
pub(crate) async fn show(client: &Client, batch: &BatchHandle) -> Result<BatchStatus, Error> {
    let operation = "show batch";
    let url = client.url(&status(client.company(), batch), &[]);
    let body: StatusBody = client.read(operation, url).await?.json(operation)?;
    let StatusRow { is_complete, total, failures } = body.data;
    Ok(match (is_complete, failures) {
        (false, _) => BatchStatus::Running,
        (true, 0) => BatchStatus::Ended { failures: Vec::new() },
        (true, failures) => {
            let of = total.map(|total| format!(" of {total}")).unwrap_or_default();
            BatchStatus::Ended {
                failures: vec![format!("{failures}{of} failed; Procore does not say which")],
            }
        }
    })
}

/// Returns what names the batch in `{"data": [{"status", "batch_id"}]}`.
fn accepted(body: &Value) -> Option<BatchHandle> {
    let data = body.get("data")?;
    match data.get(0).unwrap_or(data).get("batch_id")? {
        Value::String(id) => id.parse().ok(),
        Value::Number(id) => id.to_string().parse().ok(),
        _ => None,
    }
}

/// Reads an answer as the status and as what was accepted.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer) -> Result<(), Error> {
    let body: Value = answer.json("show batch")?;
    let _ = accepted(&body);
    let _: StatusBody = answer.json("show batch")?;
    Ok(())
}
