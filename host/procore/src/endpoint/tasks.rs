//! Tasks.

use jiff::civil::Date;
use muster_core::directory::{Candidates, Handover, HeldAs, Item, ItemKind, ItemRef, ItemStatus};
use muster_core::id::{ItemId, ProjectId, UserId};
use reqwest::{Method, Url};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{PersonRow, held};
use crate::client::Client;
use crate::error::Error;
#[cfg(fuzzing)]
use crate::exchange::Answer;

/// `RestV10TaskItemsGet`.
const ALL: &str = "/rest/v1.0/task_items";

/// `RestV10TaskItemsIdPatch`.
fn one(task: ItemId) -> String {
    format!("{ALL}/{task}")
}

/// `RestV10TaskItemsAssigneesGet`.
const ASSIGNEES: &str = "/rest/v1.0/task_items/assignees";

/// The statuses in which a task waits for somebody (`RestV10TaskItemsIdPatch`).
const OPEN: [&str; 3] = ["initiated", "in_progress", "ready_for_review"];

/// The reference says nothing of the rows; their fields are those of the tasks that were sent out (Procore's SDK for Python,
/// 2024).
#[derive(Deserialize)]
struct TaskRow {
    #[serde(deserialize_with = "super::id")]
    id: u64,
    #[serde(default, deserialize_with = "held::number")]
    number: Option<String>,
    title: Option<String>,
    status: Status,
    #[serde(default, deserialize_with = "held::day")]
    due_date: Option<Date>,
    link: Option<String>,
    assignees: Vec<PersonRow>,
    /// The one assignee of older tasks, also among `assignees` in newer ones.
    assignee: Option<PersonRow>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Status {
    Initiated,
    InProgress,
    ReadyForReview,
    Closed,
    Void,
}

impl held::Row for TaskRow {
    fn id(&self) -> u64 {
        self.id
    }

    fn item(&self, project: ProjectId) -> Item {
        let assignees = self.assignees.iter().chain(&self.assignee);
        let mut holders: Vec<_> = held::holders(assignees, HeldAs::Assignee).collect();
        holders.sort();
        Item {
            item: held::named(ItemKind::Task, project, self.id),
            number: self.number.clone().unwrap_or_default(),
            title: self.title.clone().unwrap_or_default(),
            status: match self.status {
                Status::Initiated | Status::InProgress | Status::ReadyForReview => ItemStatus::Open,
                Status::Closed | Status::Void => ItemStatus::Closed,
            },
            due: self.due_date,
            link: self.link.clone(),
            holders,
        }
    }
}

fn listed(client: &Client, project: ProjectId) -> Url {
    client.url(ALL, &[("project_id", &project.to_string())])
}

fn narrowed(client: &Client, task: ItemRef) -> Url {
    let mut url = listed(client, task.project);
    url.query_pairs_mut().append_pair("filters[id][]", &task.id.to_string());
    url
}

/// Returns the open tasks of a project, or those that a user holds.
pub(crate) async fn open(
    client: &Client,
    project: ProjectId,
    holder: Option<UserId>,
) -> Result<Vec<Item>, Error> {
    let mut url = listed(client, project);
    if let Some(user) = holder {
        url.query_pairs_mut().append_pair("filters[assigned_id]", &user.to_string());
    }
    url.query_pairs_mut().extend_pairs(OPEN.map(|status| ("filters[status][]", status)));
    held::items::<TaskRow>(client, "list tasks", url, project).await
}

/// Returns one task, open or not. From the list: what the answer that shows one has is not documented.
pub(crate) async fn show(client: &Client, task: ItemRef) -> Result<Option<Item>, Error> {
    held::item::<TaskRow>(client, "show task", narrowed(client, task), task).await
}

/// Returns who could hold a task of this project.
pub(crate) async fn candidates(client: &Client, project: ProjectId) -> Result<Candidates, Error> {
    let url = client.url(ASSIGNEES, &[("project_id", &project.to_string())]);
    held::offered(client, "list task candidates", url).await
}

/// Changes who holds a task. The list replaces what was there, so it is read once more.
pub(crate) async fn hand_over(client: &Client, before: &Item, changes: &[Handover]) -> Result<(), Error> {
    let operation = "hand over task";
    held::unchanged::<TaskRow>(client, operation, narrowed(client, before.item), before).await?;
    let assignees = held::holding(&held::after(before, changes), HeldAs::Assignee);
    update(client, operation, before.item, json!({ "assignee_ids": assignees })).await
}

/// Closes a task.
pub(crate) async fn close(client: &Client, task: ItemRef) -> Result<(), Error> {
    update(client, "close task", task, json!({ "status": "closed" })).await
}

async fn update(client: &Client, operation: &'static str, task: ItemRef, fields: Value) -> Result<(), Error> {
    let url = client.url(&one(task.id), &[("project_id", &task.project.to_string())]);
    client.write(operation, Method::PATCH, url, Some(json!({ "task_item": fields }))).await
}

/// Reads an answer as the list does.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer, project: ProjectId) -> Result<Vec<Item>, Error> {
    held::read::<TaskRow>(answer, "list tasks", project)
}
