//! Observations.

use jiff::civil::Date;
use muster_core::directory::{Candidates, Handover, HeldAs, Item, ItemKind, ItemRef, ItemStatus};
use muster_core::id::{ItemId, ProjectId, UserId};
use reqwest::{Method, Url};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{PersonRow, held, not_sent};
use crate::client::Client;
use crate::error::Error;
#[cfg(fuzzing)]
use crate::exchange::Answer;

/// `RestV10ObservationsItemsGet`.
const ALL: &str = "/rest/v1.0/observations/items";

/// `RestV10ObservationsItemsIdPatch`.
fn one(observation: ItemId) -> String {
    format!("{ALL}/{observation}")
}

/// `RestV10ObservationsAssigneesGet`.
const ASSIGNEES: &str = "/rest/v1.0/observations/assignees";

/// The statuses but closed, as the filter counts them: initiated, ready for review and not accepted
/// (`RestV10ObservationsItemsGet`).
const OPEN: [&str; 3] = ["0", "1", "2"];

#[derive(Deserialize)]
struct ObservationRow {
    #[serde(deserialize_with = "super::id")]
    id: u64,
    #[serde(default, deserialize_with = "held::number")]
    number: Option<String>,
    name: String,
    status: Status,
    #[serde(default, deserialize_with = "held::day")]
    due_date: Option<Date>,
    link: Option<String>,
    /// Nobody may hold it, but that has to be said.
    #[serde(deserialize_with = "Option::deserialize")]
    assignee: Option<PersonRow>,
    r#type: Option<TypeRow>,
}

#[derive(Deserialize)]
struct TypeRow {
    #[serde(deserialize_with = "super::id")]
    id: u64,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Status {
    Initiated,
    ReadyForReview,
    NotAccepted,
    Closed,
}

impl held::Row for ObservationRow {
    fn id(&self) -> u64 {
        self.id
    }

    fn item(&self, project: ProjectId) -> Item {
        Item {
            item: held::named(ItemKind::Observation, project, self.id),
            number: self.number.clone().unwrap_or_default(),
            title: self.name.clone(),
            status: match self.status {
                Status::Initiated | Status::ReadyForReview | Status::NotAccepted => ItemStatus::Open,
                Status::Closed => ItemStatus::Closed,
            },
            due: self.due_date,
            link: self.link.clone(),
            holders: held::holders(&self.assignee, HeldAs::Assignee).collect(),
        }
    }
}

fn listed(client: &Client, project: ProjectId) -> Url {
    client.url(ALL, &[("project_id", &project.to_string())])
}

fn narrowed(client: &Client, observation: ItemRef) -> Url {
    let mut url = listed(client, observation.project);
    url.query_pairs_mut().append_pair("filters[id][]", &observation.id.to_string());
    url
}

/// Returns the open observations of a project, or those that a user holds.
pub(crate) async fn open(
    client: &Client,
    project: ProjectId,
    holder: Option<UserId>,
) -> Result<Vec<Item>, Error> {
    let mut url = listed(client, project);
    if let Some(user) = holder {
        url.query_pairs_mut().append_pair("filters[assignee_id][]", &user.to_string());
    }
    url.query_pairs_mut().extend_pairs(OPEN.map(|status| ("filters[status][]", status)));
    held::items::<ObservationRow>(client, "list observations", url, project).await
}

/// Returns one observation, open or not.
pub(crate) async fn show(client: &Client, observation: ItemRef) -> Result<Option<Item>, Error> {
    let url = narrowed(client, observation);
    held::item::<ObservationRow>(client, "show observation", url, observation).await
}

/// Returns who could hold an observation of this project.
pub(crate) async fn candidates(client: &Client, project: ProjectId) -> Result<Candidates, Error> {
    let url = client.url(ASSIGNEES, &[("project_id", &project.to_string())]);
    held::offered(client, "list observation candidates", url).await
}

/// Changes who holds an observation. Procore wants its name and type with every change, so both are read once more.
pub(crate) async fn hand_over(client: &Client, before: &Item, changes: &[Handover]) -> Result<(), Error> {
    let operation = "hand over observation";
    let row: ObservationRow =
        held::unchanged(client, operation, narrowed(client, before.item), before).await?;
    let Some(assignee) = held::taking(changes, HeldAs::Assignee) else { return Ok(()) };
    update(client, operation, before.item, row, "assignee_id", json!(assignee)).await
}

/// Closes an observation.
pub(crate) async fn close(client: &Client, observation: ItemRef) -> Result<(), Error> {
    let operation = "close observation";
    let row = held::found(client, operation, narrowed(client, observation), observation.id).await?;
    update(client, operation, observation, row, "status", json!("closed")).await
}

async fn update(
    client: &Client,
    operation: &'static str,
    observation: ItemRef,
    row: ObservationRow,
    field: &'static str,
    value: Value,
) -> Result<(), Error> {
    let Some(TypeRow { id: kind }) = row.r#type else {
        return Err(not_sent(operation, "Procore wants the type of the observation, which has none"));
    };
    let body = json!({
        "project_id": observation.project.get(),
        "observation": { "name": row.name, "type_id": kind, field: value },
    });
    client.write(operation, Method::PATCH, client.url(&one(observation.id), &[]), Some(body)).await
}

/// Reads an answer as the list does.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer, project: ProjectId) -> Result<Vec<Item>, Error> {
    held::read::<ObservationRow>(answer, "list observations", project)
}
