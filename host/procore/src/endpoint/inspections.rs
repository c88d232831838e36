//! Inspections, which Procore's API calls checklists.

use std::collections::BTreeMap;

use muster_core::directory::{
    Candidates, Handover, HeldAs, Holder, Item, ItemKind, ItemRef, ItemStatus, Person,
};
use muster_core::id::{Id, ItemId, ProjectId, UserId};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{PersonRow, holders};
use crate::client::Client;
use crate::error::{Error, optional};
#[cfg(fuzzing)]
use crate::exchange::Answer;
use crate::page::{self, List};

/// `RestV10ProjectsProjectIdChecklistListsGet`.
fn all(project: ProjectId) -> String {
    format!("/rest/v1.0/projects/{project}/checklist/lists")
}

/// `RestV10ProjectsProjectIdChecklistListsIdPatch`.
fn one(project: ProjectId, inspection: ItemId) -> String {
    format!("/rest/v1.0/projects/{project}/checklist/lists/{inspection}")
}

/// `RestV10ChecklistPossibleInspectorsGet`.
const INSPECTORS: &str = "/rest/v1.0/checklist/possible_inspectors";

/// `RestV10ChecklistPotentialPointsOfContactGet`.
const POINTS_OF_CONTACT: &str = "/rest/v1.0/checklist/potential_points_of_contact";

/// What was seen to be granted; Procore names no maximum for this list (developers.procore.com, pagination).
const PER_PAGE: u32 = 100;

#[derive(Deserialize)]
struct InspectionRow {
    id: u64,
    name: Option<String>,
    #[serde(default, deserialize_with = "holders::number")]
    number: String,
    status: Status,
    due_at: Option<String>,
    deleted: Option<bool>,
    inspectors: Vec<PersonRow>,
    point_of_contact: Option<PersonRow>,
}

#[derive(Deserialize, Clone, Copy)]
enum Status {
    Open,
    #[serde(rename = "In Review")]
    InReview,
    Closed,
}

/// The possible inspectors stand in an object.
#[derive(Deserialize)]
struct Inspectors {
    people: Vec<PersonRow>,
}

#[derive(Serialize)]
struct PeopleBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    inspector_ids: Option<Vec<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    point_of_contact_id: Option<u64>,
}

impl From<Inspectors> for Vec<PersonRow> {
    fn from(inspectors: Inspectors) -> Self {
        inspectors.people
    }
}

/// Returns the inspections of a project, or those that a user holds. There is no filter for both roles, so it takes two
/// lists.
pub(crate) async fn open(
    client: &Client,
    project: ProjectId,
    holder: Option<UserId>,
) -> Result<Vec<Item>, Error> {
    let operation = "list inspections";
    let Some(user) = holder else { return rows(client, operation, project, &[]).await };
    let mut items = BTreeMap::new();
    for role in ["filters[inspector_id][]", "filters[point_of_contact_id][]"] {
        let listed = rows(client, operation, project, &[(role, &user.to_string())]).await?;
        items.extend(listed.into_iter().map(|item| (item.item, item)));
    }
    Ok(items.into_values().collect())
}

/// Returns one inspection, open or not.
pub(crate) async fn show(client: &Client, item: ItemRef) -> Result<Option<Item>, Error> {
    let id = item.id.to_string();
    let listed = rows(client, "show inspection", item.project, &[("filters[id][]", &id)]).await;
    Ok(optional(listed)?.unwrap_or_default().into_iter().find(|found| found.item.id == item.id))
}

/// Returns who could hold an inspection of a project in this role.
pub(crate) async fn candidates(
    client: &Client,
    project: ProjectId,
    held_as: HeldAs,
) -> Result<Candidates, Error> {
    let operation = "list inspection candidates";
    let contacts = held_as == HeldAs::PointOfContact;
    let path = if contacts { POINTS_OF_CONTACT } else { INSPECTORS };
    let url = client.url(path, &[("project_id", &project.to_string())]);
    let list = List { operation, url, per_page: None };
    let id = |row: &PersonRow| row.id;
    let rows = if contacts {
        page::all(client, &list, id).await?
    } else {
        page::all_in::<Inspectors, PersonRow>(client, &list, id).await?
    };
    Ok(holders::offered(rows.into_iter().map(Person::from)))
}

/// Changes who holds an inspection. The list of inspectors replaces what was there; there is one point of contact, so
/// nothing else can be overwritten.
pub(crate) async fn hand_over(client: &Client, before: &Item, changes: &[Handover]) -> Result<(), Error> {
    let operation = "hand over inspection";
    let inspector_ids = if holders::concerns(changes, HeldAs::Inspector) {
        let now = show(client, before.item).await?;
        let after = holders::changed(operation, before, now, changes)?;
        Some(holders::ids_in(&after, HeldAs::Inspector))
    } else {
        None
    };
    let point_of_contact_id = holders::alone(changes, HeldAs::PointOfContact).map(UserId::get);
    let fields = json!(PeopleBody { inspector_ids, point_of_contact_id });
    update(client, operation, before.item, fields).await
}

/// Closes an inspection.
pub(crate) async fn close(client: &Client, item: ItemRef) -> Result<(), Error> {
    update(client, "close inspection", item, json!({ "status": "closed" })).await
}

async fn update(client: &Client, operation: &'static str, item: ItemRef, fields: Value) -> Result<(), Error> {
    let url = client.url(&one(item.project, item.id), &[]);
    client.write(operation, Method::PATCH, url, Some(json!({ "list": fields }))).await
}

async fn rows(
    client: &Client,
    operation: &'static str,
    project: ProjectId,
    query: &[(&str, &str)],
) -> Result<Vec<Item>, Error> {
    let list = List { operation, url: client.url(&all(project), query), per_page: Some(PER_PAGE) };
    let rows = page::all(client, &list, |row: &InspectionRow| row.id).await?;
    Ok(rows.into_iter().map(|row| item(project, row)).collect())
}

fn item(project: ProjectId, row: InspectionRow) -> Item {
    let mut holders: Vec<_> = holders::all_as(row.inspectors, HeldAs::Inspector).collect();
    let contact = row.point_of_contact.map(|person| Holder::new(person.into(), HeldAs::PointOfContact));
    holders.extend(contact);
    holders.sort();
    Item {
        item: ItemRef { kind: ItemKind::Inspection, project, within: None, id: Id::new(row.id) },
        number: row.number,
        title: row.name.unwrap_or_default(),
        status: match row.status {
            Status::Open | Status::InReview if row.deleted != Some(true) => ItemStatus::Open,
            Status::Open | Status::InReview | Status::Closed => ItemStatus::Closed,
        },
        due: holders::day(row.due_at),
        link: None,
        holders,
    }
}

/// Reads an answer as the list does.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer, project: ProjectId) -> Result<Vec<Item>, Error> {
    let rows: Vec<InspectionRow> = answer.json("list inspections")?;
    Ok(rows.into_iter().map(|row| item(project, row)).collect())
}

/// Reads an answer as the list of possible inspectors does.
#[cfg(fuzzing)]
pub(crate) fn read_candidates(answer: &Answer) -> Result<(), Error> {
    answer.json::<Inspectors>("list inspection candidates").map(drop)
}
