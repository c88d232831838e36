//! Users onto projects and off them, many at once and answered at once.

use std::collections::BTreeMap;

use muster_core::id::{CompanyId, Id, ProjectId, UserId};
use reqwest::Method;
use serde_json::{Map, Value, json};

use super::{not_sent, number};
use crate::client::{Client, Written};
use crate::error::{Error, clean};
#[cfg(fuzzing)]
use crate::exchange::Answer;
use crate::writes::{NewMembership, PairAnswer};

/// `RestV13CompaniesCompanyIdUsersBulkAddPost`.
fn addition(company: CompanyId) -> String {
    format!("/rest/v1.3/companies/{company}/users/bulk_add")
}

/// `RestV13CompaniesCompanyIdUsersBulkRemovePost`.
fn removal(company: CompanyId) -> String {
    format!("/rest/v1.3/companies/{company}/users/bulk_remove")
}

/// How many pairs one request may have (developers.procore.com, bulk add company users to projects). Above that Procore
/// answers before it is done, with nothing to ask it by.
const MOST: usize = 1000;

/// What became of users and projects, by their ids.
pub(super) type Pairs = BTreeMap<(UserId, ProjectId), PairAnswer>;

/// How an id stands in a body: as a number, or as a text in the second generation.
pub(super) type Spelling = fn(u64) -> Value;

/// Puts users on projects. Who is on one already keeps the template and counts as done.
pub(crate) async fn add(client: &Client, memberships: &[NewMembership]) -> Result<Pairs, Error> {
    let operation = "add users to projects";
    let (body, asked) = additions(memberships, Value::from);
    match send(client, operation, &addition(client.company()), body).await? {
        Some(answer) => told(&answer, operation, &asked),
        None => Ok(Pairs::new()),
    }
}

/// Takes users off projects.
pub(crate) async fn remove(client: &Client, pairs: &[(UserId, ProjectId)]) -> Result<Pairs, Error> {
    let operation = "remove users from projects";
    match send(client, operation, &removal(client.company()), removals(pairs, Value::from)).await? {
        Some(answer) => told(&answer, operation, pairs),
        None => Ok(Pairs::new()),
    }
}

/// Returns the rows that put users on projects, and whom they put where.
pub(super) fn additions(
    memberships: &[NewMembership],
    spelled: Spelling,
) -> (Vec<Value>, Vec<(UserId, ProjectId)>) {
    let row = |new: &NewMembership| {
        let mut row = pair(new.user, new.project, spelled);
        if let Some(template) = new.template {
            row.insert("permission_template_id".to_owned(), spelled(template.get()));
        }
        Value::Object(row)
    };
    let asked = memberships.iter().map(|new| (new.user, new.project)).collect();
    (memberships.iter().map(row).collect(), asked)
}

/// Returns the rows that take users off projects.
pub(super) fn removals(pairs: &[(UserId, ProjectId)], spelled: Spelling) -> Vec<Value> {
    pairs.iter().map(|(user, project)| Value::Object(pair(*user, *project, spelled))).collect()
}

fn pair(user: UserId, project: ProjectId, spelled: Spelling) -> Map<String, Value> {
    let ids = [("user_id", user.get()), ("project_id", project.get())];
    ids.into_iter().map(|(name, id)| (name.to_owned(), spelled(id))).collect()
}

/// Sends rows and returns what was answered; nothing is sent where there are none, or too many.
pub(super) async fn send(
    client: &Client,
    operation: &'static str,
    path: &str,
    rows: Vec<Value>,
) -> Result<Option<Written>, Error> {
    if rows.is_empty() {
        return Ok(None);
    }
    if rows.len() > MOST {
        return Err(not_sent(operation, "at most 1,000 users and projects go into one request"));
    }
    let body = json!({ "users": rows });
    client.write_answered(operation, Method::POST, client.url(path, &[]), Some(body)).await.map(Some)
}

/// Returns what an answer says of the pairs that were asked for. Those that it does not mention are missing.
pub(super) fn told(
    answer: &Written,
    operation: &'static str,
    asked: &[(UserId, ProjectId)],
) -> Result<Pairs, Error> {
    let body: Value = answer.json(operation)?;
    let mut pairs = Pairs::new();
    if !read(&body, &mut pairs) {
        return Err(answer.malformed(operation, "it does not say what became of whom"));
    }
    pairs.retain(|pair, _| asked.contains(pair));
    Ok(pairs)
}

/// Reads an answer, and returns whether there was something to read. Two shapes are documented: `entities` with the
/// projects of each user and, where some failed, `errors` beside them; or for each user the projects with a word each.
/// The second generation wraps either into `data`.
fn read(body: &Value, pairs: &mut Pairs) -> bool {
    match body {
        Value::Array(parts) => parts.iter().filter(|part| read(part, pairs)).count() > 0,
        Value::Object(fields) => {
            let mut any = false;
            for (key, value) in fields {
                any |= match key.as_str() {
                    "data" => read(value, pairs),
                    "entities" => each(value, |row| entity(row, pairs)),
                    "errors" => false,
                    user => user.parse().is_ok_and(|user| words(user, value, pairs)),
                };
            }
            // Last, since what is an error is not done, whatever else is said of it.
            any | fields.get("errors").is_some_and(|errors| each(errors, |row| failed(row, pairs)))
        }
        _ => false,
    }
}

fn each(rows: &Value, mut row: impl FnMut(&Value) -> Option<()>) -> bool {
    rows.as_array().is_some_and(|rows| rows.iter().filter_map(&mut row).count() > 0)
}

/// `{"userId", "projects": […]}`.
fn entity(row: &Value, pairs: &mut Pairs) -> Option<()> {
    let user = number(row.get("userId")?)?;
    for project in row.get("projects")?.as_array()? {
        pairs.insert((Id::new(user), Id::new(named(project)?)), PairAnswer::Done);
    }
    Some(())
}

/// `{"userId", "errors": [{"projectId", "message"}]}`.
fn failed(row: &Value, pairs: &mut Pairs) -> Option<()> {
    let user = number(row.get("userId")?)?;
    for error in row.get("errors")?.as_array()? {
        let why = error.get("message").and_then(Value::as_str).and_then(clean).unwrap_or_default();
        pairs.insert((Id::new(user), Id::new(named(error)?)), PairAnswer::Refused(why));
    }
    Some(())
}

/// `{"<project>": "<word>"}`.
fn words(user: UserId, projects: &Value, pairs: &mut Pairs) -> bool {
    let Some(projects) = projects.as_object() else { return false };
    for (project, word) in projects {
        let (Ok(project), Some(word)) = (project.parse(), word.as_str()) else { return false };
        let answer = match word {
            "success" => PairAnswer::Done,
            "skipped_managed" => PairAnswer::SkippedManaged,
            other => PairAnswer::Refused(clean(other).unwrap_or_default()),
        };
        pairs.insert((user, project), answer);
    }
    !projects.is_empty()
}

/// Returns the number of a project, which is given alone or inside a row.
fn named(project: &Value) -> Option<u64> {
    let inside = ["projectId", "project_id", "id"].iter().find_map(|key| project.get(*key));
    number(inside.unwrap_or(project))
}

/// Reads an answer as the operations do.
#[cfg(fuzzing)]
pub(crate) fn read_answer(answer: &Answer) -> Result<(), Error> {
    let mut pairs = Pairs::new();
    read(&answer.json("add users to projects")?, &mut pairs);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(body: Value) -> Option<Vec<(u64, u64, PairAnswer)>> {
        let mut pairs = Pairs::new();
        let any = read(&body, &mut pairs);
        any.then(|| {
            pairs.into_iter().map(|((user, project), answer)| (user.get(), project.get(), answer)).collect()
        })
    }

    #[test]
    fn both_shapes_are_read_in_either_generation() {
        use PairAnswer::*;
        let entities = json!({"entities": [{"userId": "7", "projects": [5, "6", {"id": 8}]}]});
        let done = vec![(7, 5, Done), (7, 6, Done), (7, 8, Done)];
        assert_eq!(pairs(entities.clone()), Some(done.clone()));
        assert_eq!(pairs(json!({"data": [entities]})), Some(done));
        let words = json!({"7": {"5": "success", "6": "failure"}, "9": {"5": "skipped_managed"}});
        let mixed = vec![(7, 5, Done), (7, 6, Refused("failure".to_owned())), (9, 5, SkippedManaged)];
        assert_eq!(pairs(words.clone()), Some(mixed.clone()));
        assert_eq!(pairs(json!({"data": [words]})), Some(mixed));
    }

    #[test]
    fn what_is_an_error_is_not_done() {
        let body = json!({
            "data": [{"entities": [{"userId": "7", "projects": [5]}]}],
            "errors": [{"userId": "7", "errors": [{"projectId": "5", "message": "Contact could not be added."}]}],
        });
        let refused = PairAnswer::Refused("Contact could not be added.".to_owned());
        assert_eq!(pairs(body), Some(vec![(7, 5, refused)]));
    }

    #[test]
    fn an_answer_about_nobody_is_none() {
        for body in [json!({}), json!([]), json!("success"), json!({"entities": []}), json!({"data": null})] {
            assert_eq!(pairs(body.clone()), None, "{body}");
        }
    }
}
