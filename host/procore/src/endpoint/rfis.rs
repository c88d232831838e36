//! Requests for information.

use std::collections::BTreeMap;

use jiff::civil::Date;
use muster_core::directory::{
    Candidates, Handover, HeldAs, Holder, Item, ItemKind, ItemRef, ItemStatus, Person,
};
use muster_core::id::{Id, ItemId, ProjectId, UserId};
use reqwest::Method;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};

use super::{PersonRow, filled};
use crate::client::Client;
use crate::error::{Error, ErrorKind};
#[cfg(fuzzing)]
use crate::exchange::Answer;
use crate::page::{self, List};

/// `RestV10ProjectsProjectIdRfisGet`.
fn all(project: ProjectId) -> String {
    format!("/rest/v1.0/projects/{project}/rfis")
}

/// `RestV10ProjectsProjectIdRfisIdPatch`.
fn one(project: ProjectId, rfi: ItemId) -> String {
    format!("/rest/v1.0/projects/{project}/rfis/{rfi}")
}

/// `RestV10ProjectsProjectIdRfisPotentialAssigneesGet` and `RestV10ProjectsProjectIdRfisPotentialRfiManagersGet`.
fn candidates_for(project: ProjectId, held_as: HeldAs) -> String {
    let list = match held_as {
        HeldAs::Manager => "potential_rfi_managers",
        _ => "potential_assignees",
    };
    format!("/rest/v1.0/projects/{project}/rfis/{list}")
}

/// What was seen to be granted; Procore names no maximum for RFIs.
const PER_PAGE: u32 = 100;

#[derive(Deserialize)]
struct RfiRow {
    id: u64,
    #[serde(default, deserialize_with = "number")]
    number: Option<String>,
    #[serde(default, deserialize_with = "number")]
    full_number: Option<String>,
    subject: Option<String>,
    status: Status,
    due_date: Option<Date>,
    link: Option<String>,
    assignees: Vec<AssigneeRow>,
    /// The one assignee of older RFIs, also among `assignees` in newer ones.
    assignee: Option<PersonRow>,
    rfi_manager: Option<PersonRow>,
}

#[derive(Deserialize)]
struct AssigneeRow {
    id: u64,
    name: Option<String>,
    response_required: bool,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Status {
    Open,
    Draft,
    Closed,
    ClosedWithRevision,
    ClosedDraft,
}

#[derive(Serialize)]
struct PeopleBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    assignee_ids: Option<Vec<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    required_assignee_ids: Option<Vec<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rfi_manager_id: Option<u64>,
}

/// Returns one RFI, open or not.
///
/// From the list, not from the answer that shows one RFI: only the rows of the list say whose answer is required
/// (developers.procore.com, list RFIs and show RFI), and without that nobody could be replaced without forgetting it.
pub(crate) async fn show(client: &Client, rfi: ItemRef) -> Result<Option<Item>, Error> {
    let url = client.url(&all(rfi.project), &[("filters[id][]", rfi.id.to_string().as_str())]);
    let list = List { operation: "show RFI", url, per_page: Some(PER_PAGE) };
    match page::all(client, &list, |row: &RfiRow| row.id).await {
        Ok(rows) => Ok(rows.into_iter().find(|row| row.id == rfi.id.get()).map(|row| item(rfi.project, row))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Returns the open RFIs and drafts of a project, or those of them that a user holds in whatever role.
///
/// There is no filter for both roles, so it takes two lists. Statuses are sent as an array, since the single form was seen
/// to be ignored.
pub(crate) async fn open(
    client: &Client,
    project: ProjectId,
    holder: Option<UserId>,
) -> Result<Vec<Item>, Error> {
    let user = holder.map(|user| user.to_string()).unwrap_or_default();
    let roles: &[&str] = match holder {
        Some(_) => &["filters[assigned_id]", "filters[rfi_manager_id]"],
        None => &["view"],
    };
    let mut items = BTreeMap::new();
    for role in roles {
        let status = "filters[status][]";
        let mut query = vec![(status, "open"), (status, "draft")];
        if holder.is_some() {
            query.insert(0, (role, user.as_str()));
        }
        let url = client.url(&all(project), &query);
        let list = List { operation: "list RFIs", url, per_page: Some(PER_PAGE) };
        let rows = page::all(client, &list, |row: &RfiRow| row.id).await?;
        items.extend(rows.into_iter().map(|row| (row.id, item(project, row))));
    }
    Ok(items.into_values().collect())
}

/// Returns who could hold an RFI of this project in this role, sorted by id.
pub(crate) async fn candidates(
    client: &Client,
    project: ProjectId,
    held_as: HeldAs,
) -> Result<Candidates, Error> {
    let url = client.url(&candidates_for(project, held_as), &[]);
    let list = List { operation: "list RFI candidates", url, per_page: Some(PER_PAGE) };
    let rows = page::all(client, &list, |row: &PersonRow| row.id).await?;
    let mut people: Vec<Person> = rows.into_iter().map(Person::from).collect();
    people.sort();
    Ok(Candidates { people, offered: true })
}

/// Changes who holds an RFI. Lists replace what was there.
pub(crate) async fn hand_over(client: &Client, before: &Item, changes: &[Handover]) -> Result<(), Error> {
    let mut after = before.clone();
    changes.iter().for_each(|change| after.hand_over(*change, ""));
    let in_roles = |roles: &'static [HeldAs]| {
        let held = after.holders.iter().filter(move |held| roles.contains(&held.held_as));
        held.map(|held| held.person.id.get()).collect::<Vec<_>>()
    };
    let manages = |change: &Handover| change.held_as == HeldAs::Manager;
    let lists = changes.iter().any(|change| !manages(change));
    let body = PeopleBody {
        assignee_ids: lists.then(|| in_roles(&[HeldAs::Assignee, HeldAs::RequiredAssignee])),
        required_assignee_ids: lists.then(|| in_roles(&[HeldAs::RequiredAssignee])),
        rfi_manager_id: changes.iter().find(|change| manages(change)).map(|change| change.to.get()),
    };
    update(client, "hand over RFI", before.item, json!(body)).await
}

/// Closes an RFI; an official answer alone does not.
pub(crate) async fn close(client: &Client, rfi: ItemRef) -> Result<(), Error> {
    update(client, "close RFI", rfi, json!({ "accepted": true })).await
}

async fn update(client: &Client, operation: &'static str, rfi: ItemRef, fields: Value) -> Result<(), Error> {
    let url = client.url(&one(rfi.project, rfi.id), &[]);
    client.write(operation, Method::PATCH, url, Some(json!({ "rfi": fields }))).await
}

fn item(project: ProjectId, row: RfiRow) -> Item {
    let status = match row.status {
        Status::Open => ItemStatus::Open,
        Status::Draft => ItemStatus::Draft,
        Status::Closed | Status::ClosedWithRevision | Status::ClosedDraft => ItemStatus::Closed,
    };
    let listed = |id| row.assignees.iter().any(|assignee| assignee.id == id);
    let older = row.assignee.filter(|assignee| !listed(assignee.id));
    let mut holders: Vec<Holder> = row.assignees.into_iter().map(assignee).collect();
    holders.extend(older.map(|person| Holder::new(person.into(), HeldAs::Assignee)));
    holders.extend(row.rfi_manager.map(|person| Holder::new(person.into(), HeldAs::Manager)));
    holders.sort();
    Item {
        item: ItemRef { kind: ItemKind::Rfi, project, within: None, id: Id::new(row.id) },
        number: filled(row.full_number).or(filled(row.number)).unwrap_or_default(),
        title: row.subject.unwrap_or_default(),
        status,
        due: row.due_date,
        link: row.link,
        holders,
    }
}

fn assignee(row: AssigneeRow) -> Holder {
    let held_as = if row.response_required { HeldAs::RequiredAssignee } else { HeldAs::Assignee };
    let person = Person { id: Id::new(row.id), name: row.name.unwrap_or_default() };
    Holder::new(person, held_as)
}

/// Reads a number that people see. Procore documents a text and filters by an integer, so both are taken; a draft has
/// none.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        Value::Number(number) => Ok(Some(number.to_string())),
        _ => Err(serde::de::Error::custom("a number of an RFI is a text or a number")),
    }
}

/// Reads an answer as the list of RFIs does.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer, project: ProjectId) -> Result<Vec<Item>, Error> {
    let rows: Vec<RfiRow> = answer.json("list RFIs")?;
    Ok(rows.into_iter().map(|row| item(project, row)).collect())
}

/// Reads an answer as the list of candidates does.
#[cfg(fuzzing)]
pub(crate) fn read_candidates(answer: &Answer) -> Result<Vec<Person>, Error> {
    let rows: Vec<PersonRow> = answer.json("list RFI candidates")?;
    Ok(rows.into_iter().map(Person::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(more: Value) -> Result<Item, serde_json::Error> {
        let mut row = json!({"id": 5, "status": "open", "subject": "Wall", "assignees": []});
        row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Ok(item(ProjectId::new(1), serde_json::from_value(row)?))
    }

    fn holders(item: &Item) -> Vec<(u64, HeldAs)> {
        item.holders.iter().map(|holder| (holder.person.id.get(), holder.held_as)).collect()
    }

    #[test]
    fn everybody_who_holds_an_rfi_is_listed_once_a_role() {
        let item = read(json!({
            "assignees": [
                {"id": 9, "name": "Pat", "response_required": true},
                {"id": 3, "name": null, "response_required": false}],
            "assignee": {"id": 9, "name": "Pat"},
            "rfi_manager": {"id": 9, "name": "Pat"}
        }));
        let expected = [(3, HeldAs::Assignee), (9, HeldAs::RequiredAssignee), (9, HeldAs::Manager)];
        assert_eq!(holders(&item.unwrap()), expected);
        let older = read(json!({"assignee": {"id": 9, "name": "Pat"}})).unwrap();
        assert_eq!(holders(&older), [(9, HeldAs::Assignee)]);
    }

    #[test]
    fn the_number_that_people_see_is_kept_in_every_spelling() {
        let number = |more| read(more).unwrap().number;
        assert_eq!(number(json!({"number": "4", "full_number": "A-4"})), "A-4");
        assert_eq!(number(json!({"number": 4})), "4");
        assert_eq!(number(json!({"number": null})), "");
    }

    #[test]
    fn every_closed_status_is_closed_and_an_unknown_one_an_error() {
        for closed in ["closed", "closed_with_revision", "closed_draft"] {
            assert!(!read(json!({"status": closed})).unwrap().is_open());
        }
        assert!(read(json!({"status": "recycled"})).is_err());
        assert!(read(json!({"assignees": null})).is_err());
        assert!(read(json!({"due_date": "soon"})).is_err());
        assert_eq!(read(json!({"due_date": "2026-09-04"})).unwrap().due.unwrap().to_string(), "2026-09-04");
    }
}
