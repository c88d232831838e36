//! Items of the punch list.

use std::collections::BTreeMap;

use jiff::civil::Date;
use muster_core::directory::{Candidates, Handover, HeldAs, Holder, Item, ItemKind, ItemRef, ItemStatus};
use muster_core::id::{ItemId, ProjectId, UserId};
use reqwest::{Method, Url};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{PersonRow, held};
use crate::client::Client;
use crate::error::Error;
#[cfg(fuzzing)]
use crate::exchange::Answer;

/// `RestV11PunchItemsGet`.
const ALL: &str = "/rest/v1.1/punch_items";

/// `RestV11PunchItemsIdPatch`.
fn one(punch_item: ItemId) -> String {
    format!("{ALL}/{punch_item}")
}

/// `RestV10ProjectsProjectIdPunchItemAssignmentsIdPatch`.
fn assignment(project: ProjectId, assignment: u64) -> String {
    format!("/rest/v1.0/projects/{project}/punch_item_assignments/{assignment}")
}

/// `RestV10ProjectsProjectIdPunchListAssigneeOptionsGet`.
fn assignees(project: ProjectId) -> String {
    format!("/rest/v1.0/projects/{project}/punch_list_assignee_options")
}

/// `RestV10ProjectsProjectIdAvailablePunchItemManagersGet`.
fn managers(project: ProjectId) -> String {
    format!("/rest/v1.0/projects/{project}/available_punch_item_managers")
}

/// `RestV10ProjectsProjectIdPunchListAvailableFinalApproversGet`.
fn final_approvers(project: ProjectId) -> String {
    format!("/rest/v1.0/projects/{project}/punch_list/available_final_approvers")
}

/// The statuses but closed, as the filter spells them; it takes one at a time (`RestV11PunchItemsGet`). That they leave
/// nothing else out is our reading.
const OPEN: [&str; 2] = ["open", "pending"];

#[derive(Deserialize)]
struct PunchItemRow {
    #[serde(deserialize_with = "super::id")]
    id: u64,
    #[serde(default, deserialize_with = "held::number")]
    position: Option<String>,
    name: String,
    status: Status,
    workflow_status: Option<String>,
    #[serde(default, deserialize_with = "held::day")]
    due_date: Option<Date>,
    link: Option<String>,
    assignments: Vec<AssignmentRow>,
    /// There may be none, but that has to be said.
    #[serde(deserialize_with = "Option::deserialize")]
    punch_item_manager: Option<PersonRow>,
    /// As the manager.
    #[serde(deserialize_with = "Option::deserialize")]
    final_approver: Option<PersonRow>,
}

#[derive(Deserialize)]
struct AssignmentRow {
    #[serde(deserialize_with = "super::id")]
    id: u64,
    /// Perhaps none, where a company was asked.
    #[serde(deserialize_with = "Option::deserialize")]
    login_information: Option<PersonRow>,
    status: Option<String>,
    approved: Option<bool>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
enum Status {
    Open,
    Overdue,
    Pending,
    Closed,
}

impl AssignmentRow {
    /// Returns whether the work of this person was accepted, so that nobody waits for them any more.
    fn is_done(&self) -> bool {
        self.status.as_deref().map_or(self.approved == Some(true), |status| status == "resolved")
    }

    fn user(&self) -> Option<u64> {
        self.login_information.as_ref().map(|person| person.id)
    }

    fn waits_for(&self, user: UserId) -> bool {
        !self.is_done() && self.user() == Some(user.get())
    }
}

impl PunchItemRow {
    fn assignment_of(&self, user: UserId) -> Option<&AssignmentRow> {
        self.assignments.iter().find(|assignment| assignment.waits_for(user))
    }
}

impl held::Row for PunchItemRow {
    fn id(&self) -> u64 {
        self.id
    }

    fn item(&self, project: ProjectId) -> Item {
        let waiting = self.assignments.iter().filter(|assignment| !assignment.is_done());
        let assigned = waiting.filter_map(|assignment| assignment.login_information.as_ref());
        let mut holders: Vec<Holder> = held::holders(assigned, HeldAs::Assignee).collect();
        holders.extend(held::holders(&self.punch_item_manager, HeldAs::Manager));
        holders.extend(held::holders(&self.final_approver, HeldAs::FinalApprover));
        holders.sort();
        let status = match self.status {
            Status::Closed => ItemStatus::Closed,
            _ if self.workflow_status.as_deref() == Some("draft") => ItemStatus::Draft,
            Status::Open | Status::Overdue | Status::Pending => ItemStatus::Open,
        };
        Item {
            item: held::named(ItemKind::PunchItem, project, self.id),
            number: self.position.clone().unwrap_or_default(),
            title: self.name.clone(),
            status,
            due: self.due_date,
            link: self.link.clone(),
            holders,
        }
    }
}

fn listed(client: &Client, project: ProjectId) -> Url {
    client.url(ALL, &[("project_id", &project.to_string())])
}

fn narrowed(client: &Client, punch_item: ItemRef) -> Url {
    let mut url = listed(client, punch_item.project);
    url.query_pairs_mut().append_pair("filters[id][]", &punch_item.id.to_string());
    url
}

/// Returns the open punch items of a project, whoever holds them: there is no filter for assignees.
pub(crate) async fn open(client: &Client, project: ProjectId) -> Result<Vec<Item>, Error> {
    let mut items = BTreeMap::new();
    for status in OPEN {
        let mut url = listed(client, project);
        url.query_pairs_mut().append_pair("filters[status]", status);
        let read = held::items::<PunchItemRow>(client, "list punch items", url, project).await?;
        items.extend(read.into_iter().map(|item| (item.item.id, item)));
    }
    Ok(items.into_values().collect())
}

/// Returns one punch item, open or not. From the list: only its rows say what became of each assignment.
pub(crate) async fn show(client: &Client, punch_item: ItemRef) -> Result<Option<Item>, Error> {
    let url = narrowed(client, punch_item);
    held::item::<PunchItemRow>(client, "show punch item", url, punch_item).await
}

/// Returns who could hold a punch item of this project in this role.
pub(crate) async fn candidates(
    client: &Client,
    project: ProjectId,
    held_as: HeldAs,
) -> Result<Candidates, Error> {
    let path = match held_as {
        HeldAs::Manager => managers(project),
        HeldAs::FinalApprover => final_approvers(project),
        _ => assignees(project),
    };
    held::offered(client, "list punch item candidates", client.url(&path, &[])).await
}

/// Changes who holds a punch item.
///
/// Where one assignee gives way to somebody who is none, their assignment alone is changed, so that nobody else's change is
/// lost. Everything else Procore takes with the item, whose name it wants each time, and whose assignees it takes as a whole.
pub(crate) async fn hand_over(client: &Client, before: &Item, changes: &[Handover]) -> Result<(), Error> {
    let operation = "hand over punch item";
    let punch_item = before.item;
    let row: PunchItemRow =
        held::found(client, operation, narrowed(client, punch_item), punch_item.id).await?;
    if let [Handover { held_as: HeldAs::Assignee, from: Some(from), to }] = changes
        && row.assignment_of(*to).is_none()
    {
        let gives_way = row.assignment_of(*from).ok_or_else(|| held::stale(operation))?;
        let url = client.url(&assignment(punch_item.project, gives_way.id), &[]);
        let body = json!({ "punch_item_assignment": { "login_information_id": to.get() } });
        return client.write(operation, Method::PATCH, url, Some(body)).await;
    }
    held::same(operation, &row, before)?;
    let mut fields = Map::new();
    if changes.iter().any(|change| change.held_as == HeldAs::Assignee) {
        // Whoever is done stays, although nobody waits for them: their work is on record.
        let done = row.assignments.iter().filter(|assignment| assignment.is_done());
        let mut assignees: Vec<u64> = done.filter_map(AssignmentRow::user).collect();
        assignees.extend(held::holding(&held::after(before, changes), HeldAs::Assignee));
        assignees.sort_unstable();
        assignees.dedup();
        fields.insert("login_information_ids".to_owned(), json!(assignees));
    }
    if let Some(manager) = held::taking(changes, HeldAs::Manager) {
        fields.insert("punch_item_manager_id".to_owned(), json!(manager));
    }
    if let Some(approver) = held::taking(changes, HeldAs::FinalApprover) {
        fields.insert("final_approver_id".to_owned(), json!(approver));
    }
    update(client, operation, punch_item, row, fields).await
}

/// Closes a punch item.
pub(crate) async fn close(client: &Client, punch_item: ItemRef) -> Result<(), Error> {
    let operation = "close punch item";
    let row = held::found(client, operation, narrowed(client, punch_item), punch_item.id).await?;
    let fields = Map::from_iter([("status".to_owned(), json!("closed"))]);
    update(client, operation, punch_item, row, fields).await
}

async fn update(
    client: &Client,
    operation: &'static str,
    punch_item: ItemRef,
    row: PunchItemRow,
    mut fields: Map<String, Value>,
) -> Result<(), Error> {
    fields.insert("name".to_owned(), json!(row.name));
    let body = json!({ "project_id": punch_item.project.get(), "punch_item": fields });
    client.write(operation, Method::PATCH, client.url(&one(punch_item.id), &[]), Some(body)).await
}

/// Reads an answer as the list does.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer, project: ProjectId) -> Result<Vec<Item>, Error> {
    held::read::<PunchItemRow>(answer, "list punch items", project)
}
