//! Inspections, which Procore's API calls checklists.

use std::collections::BTreeMap;

use jiff::civil::Date;
use muster_core::directory::{Candidates, Handover, HeldAs, Item, ItemKind, ItemRef, ItemStatus, Person};
use muster_core::id::{ItemId, ProjectId, UserId};
use reqwest::{Method, Url};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{PersonRow, held};
use crate::client::Client;
use crate::error::Error;
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

#[derive(Deserialize)]
struct InspectionRow {
    #[serde(deserialize_with = "super::id")]
    id: u64,
    name: Option<String>,
    #[serde(default, deserialize_with = "held::number")]
    number: Option<String>,
    status: Status,
    #[serde(default, deserialize_with = "held::day")]
    due_at: Option<Date>,
    deleted: Option<bool>,
    inspectors: Vec<PersonRow>,
    /// There may be none, but that has to be said.
    #[serde(deserialize_with = "Option::deserialize")]
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

impl held::Row for InspectionRow {
    fn id(&self) -> u64 {
        self.id
    }

    fn item(&self, project: ProjectId) -> Item {
        let mut holders: Vec<_> = held::holders(&self.inspectors, HeldAs::Inspector).collect();
        holders.extend(held::holders(&self.point_of_contact, HeldAs::PointOfContact));
        holders.sort();
        Item {
            item: held::named(ItemKind::Inspection, project, self.id),
            number: self.number.clone().unwrap_or_default(),
            title: self.name.clone().unwrap_or_default(),
            status: match self.status {
                Status::Open | Status::InReview if self.deleted != Some(true) => ItemStatus::Open,
                Status::Open | Status::InReview | Status::Closed => ItemStatus::Closed,
            },
            due: self.due_at,
            link: None,
            holders,
        }
    }
}

fn narrowed(client: &Client, item: ItemRef) -> Url {
    client.url(&all(item.project), &[("filters[id][]", &item.id.to_string())])
}

/// Returns the inspections of a project, or those that a user holds. There is no filter for both roles, so it takes two
/// lists.
pub(crate) async fn open(
    client: &Client,
    project: ProjectId,
    holder: Option<UserId>,
) -> Result<Vec<Item>, Error> {
    let operation = "list inspections";
    let Some(user) = holder else {
        return held::items::<InspectionRow>(client, operation, client.url(&all(project), &[]), project)
            .await;
    };
    let mut items = BTreeMap::new();
    for role in ["filters[inspector_id][]", "filters[point_of_contact_id][]"] {
        let url = client.url(&all(project), &[(role, &user.to_string())]);
        let listed = held::items::<InspectionRow>(client, operation, url, project).await?;
        items.extend(listed.into_iter().map(|item| (item.item, item)));
    }
    Ok(items.into_values().collect())
}

/// Returns one inspection, open or not.
pub(crate) async fn show(client: &Client, item: ItemRef) -> Result<Option<Item>, Error> {
    held::item::<InspectionRow>(client, "show inspection", narrowed(client, item), item).await
}

/// Returns who could hold an inspection of a project in this role. Neither list has pages.
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
    Ok(held::candidates(rows.iter().map(Person::from)))
}

/// Changes who holds an inspection. The list of inspectors replaces what was there, so it is read once more; there is one
/// point of contact, so nobody else can be overwritten.
pub(crate) async fn hand_over(client: &Client, before: &Item, changes: &[Handover]) -> Result<(), Error> {
    let operation = "hand over inspection";
    let inspects = changes.iter().any(|change| change.held_as == HeldAs::Inspector);
    if inspects {
        held::unchanged::<InspectionRow>(client, operation, narrowed(client, before.item), before).await?;
    }
    let body = PeopleBody {
        inspector_ids: inspects.then(|| held::holding(&held::after(before, changes), HeldAs::Inspector)),
        point_of_contact_id: held::taking(changes, HeldAs::PointOfContact),
    };
    update(client, operation, before.item, json!(body)).await
}

/// Closes an inspection.
pub(crate) async fn close(client: &Client, item: ItemRef) -> Result<(), Error> {
    update(client, "close inspection", item, json!({ "status": "closed" })).await
}

async fn update(client: &Client, operation: &'static str, item: ItemRef, fields: Value) -> Result<(), Error> {
    let url = client.url(&one(item.project, item.id), &[]);
    client.write(operation, Method::PATCH, url, Some(json!({ "list": fields }))).await
}

/// Reads an answer as the list does.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer, project: ProjectId) -> Result<Vec<Item>, Error> {
    held::read::<InspectionRow>(answer, "list inspections", project)
}

/// Reads an answer as the list of possible inspectors does.
#[cfg(fuzzing)]
pub(crate) fn read_candidates(answer: &Answer) -> Result<(), Error> {
    answer.json::<Inspectors>("list inspection candidates").map(drop)
}
