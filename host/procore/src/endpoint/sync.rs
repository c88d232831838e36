//! Users of the company, many at once: made, changed, deactivated or reactivated in one request.

use std::collections::BTreeSet;

use muster_core::directory::ProfileField;
use muster_core::id::{CompanyId, Email, Id, UserId};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{not_sent, number, profiles};
use crate::client::Client;
use crate::error::{Error, clean};
#[cfg(fuzzing)]
use crate::exchange::Answer;
use crate::writes::{RowAnswer, SyncRow};

/// `RestV13CompaniesCompanyIdUsersSyncPatch`.
fn path(company: CompanyId) -> String {
    format!("/rest/v1.3/companies/{company}/users/sync")
}

/// How many rows one request may have (developers.procore.com, using sync actions).
const MOST: usize = 1000;

#[derive(Deserialize)]
struct SyncBody {
    entities: Vec<EntityRow>,
    errors: Vec<Map<String, Value>>,
}

#[derive(Deserialize)]
struct EntityRow {
    id: u64,
    email_address: Option<String>,
}

/// Sends all rows and returns what became of each, in their order. The status is 200 whatever happened to them.
pub(crate) async fn send(client: &Client, rows: &[SyncRow]) -> Result<Vec<RowAnswer>, Error> {
    let operation = "sync users";
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    if rows.len() > MOST {
        return Err(not_sent(operation, "at most 1,000 rows go into one request"));
    }
    if let Some(why) = rows.iter().find_map(unfit) {
        return Err(not_sent(operation, why));
    }
    let updates: Vec<Map<String, Value>> = rows.iter().map(update).collect();
    let url = client.url(&path(client.company()), &[]);
    let answer =
        client.write_answered(operation, Method::PATCH, url, Some(json!({ "updates": updates }))).await?;
    let body: SyncBody = answer.json(operation)?;
    let named = rows.iter().filter_map(|row| row.user).map(Id::get).collect();
    Ok(rows.iter().map(|row| became(row, &named, &body)).collect())
}

/// Returns why Procore would refuse a row. One without an id makes a user, which needs an address and a last name.
fn unfit(row: &SyncRow) -> Option<&'static str> {
    match row.user {
        _ if !profiles::keeps_last_name(&row.fields) => Some("a last name can't be empty"),
        None if row.email.is_none() => Some("a row without a user needs an address"),
        None if !row.fields.contains_key(&ProfileField::LastName) => {
            Some("a row without a user needs a last name")
        }
        _ => None,
    }
}

fn update(row: &SyncRow) -> Map<String, Value> {
    let mut update = profiles::body(&row.fields);
    let mut set =
        |name: &str, value: Option<Value>| update.extend(value.map(|value| (name.to_owned(), value)));
    set("id", row.user.map(|user| json!(user.get())));
    set("email_address", row.email.as_ref().map(|email| json!(email.as_str())));
    set("is_employee", row.employee.map(Value::Bool));
    set("is_active", row.active.map(Value::Bool));
    update
}

/// Looks for a row in the answer, by its id or, where it had none, by its address. What another row names by its id is not
/// about a new user, whatever the address; and of two rows that can't be told apart nothing is said of either.
fn became(row: &SyncRow, named: &BTreeSet<u64>, body: &SyncBody) -> RowAnswer {
    let is = |id: Option<u64>, address: Option<&str>| match row.user {
        Some(user) => id == Some(user.get()),
        None => {
            id.is_none_or(|id| !named.contains(&id))
                && address
                    .and_then(|address| address.parse::<Email>().ok())
                    .is_some_and(|at| Some(&at) == row.email.as_ref())
        }
    };
    let error = body.errors.iter().find(|error| {
        is(error.get("id").and_then(number), error.get("email_address").and_then(Value::as_str))
    });
    let entity = body.entities.iter().find(|entity| is(Some(entity.id), entity.email_address.as_deref()));
    match (entity, error) {
        (Some(entity), None) => RowAnswer::Done(UserId::from(Id::new(entity.id))),
        (None, Some(error)) => RowAnswer::Refused(why(error.get("errors"))),
        _ => RowAnswer::Unsaid,
    }
}

/// Returns what a row's errors say: `{"field": ["message"]}` as `field: message`.
fn why(errors: Option<&Value>) -> String {
    let Some(fields) = errors.and_then(Value::as_object) else { return String::new() };
    let messages = fields.iter().map(|(field, messages)| match messages {
        Value::Array(messages) => {
            let messages: Vec<&str> = messages.iter().filter_map(Value::as_str).collect();
            format!("{field}: {}", messages.join(", "))
        }
        other => format!("{field}: {}", other.as_str().unwrap_or_default()),
    });
    clean(&messages.collect::<Vec<_>>().join("; ")).unwrap_or_default()
}

/// Reads an answer as the operation does.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer) -> Result<RowAnswer, Error> {
    let body: SyncBody = answer.json("sync users")?;
    let row = SyncRow { user: Some(UserId::new(7)), ..SyncRow::default() };
    Ok(became(&row, &BTreeSet::from([7]), &body))
}
