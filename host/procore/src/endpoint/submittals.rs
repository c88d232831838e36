//! Submittals, of which only the current revision counts.

mod workflow;

use std::collections::BTreeMap;

use jiff::civil::Date;
use muster_core::directory::{Candidates, Handover, HeldAs, Holder, Item, ItemKind, ItemRef, ItemStatus};
use muster_core::id::{CompanyId, ProjectId, UserId};
use reqwest::{Method, Url};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{PersonRow, filled, held, members, not_sent};
use crate::client::Client;
use crate::error::Error;
#[cfg(fuzzing)]
use crate::exchange::Answer;
use crate::page::{self, List};

/// `RestV11ProjectsProjectIdSubmittalsGet`.
fn all(project: ProjectId) -> String {
    format!("/rest/v1.1/projects/{project}/submittals")
}

/// `RestV11ProjectsProjectIdSubmittalsIdPatch`.
fn one(submittal: ItemRef) -> String {
    format!("{}/{}", all(submittal.project), submittal.id)
}

/// `RestV11ProjectsProjectIdSubmittalsIdWorkflowDataGet`.
fn workflow_of(submittal: ItemRef) -> String {
    format!("{}/workflow_data", one(submittal))
}

/// `RestV10CompaniesCompanyIdSubmittalStatusesGet`.
fn statuses(company: CompanyId) -> String {
    format!("/rest/v1.0/companies/{company}/submittal_statuses")
}

#[derive(Deserialize)]
struct SubmittalRow {
    #[serde(deserialize_with = "super::id")]
    id: u64,
    #[serde(default, deserialize_with = "held::number")]
    number: Option<String>,
    #[serde(default, deserialize_with = "held::number")]
    formatted_number: Option<String>,
    title: Option<String>,
    status: StatusRow,
    current_revision: Option<bool>,
    #[serde(default, deserialize_with = "held::day")]
    due_date: Option<Date>,
    link: Option<String>,
    /// There may be none, but that has to be said.
    #[serde(deserialize_with = "Option::deserialize")]
    submittal_manager: Option<PersonRow>,
    approvers: Vec<workflow::ApproverRow>,
}

/// A status, which every company names as it likes.
#[derive(Deserialize)]
struct StatusRow {
    #[serde(deserialize_with = "super::id")]
    id: u64,
    name: Option<String>,
    status: Status,
}

/// What a status means.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
enum Status {
    #[serde(alias = "open")]
    Open,
    #[serde(alias = "draft")]
    Draft,
    #[serde(alias = "closed")]
    Closed,
}

impl held::Row for SubmittalRow {
    fn id(&self) -> u64 {
        self.id
    }

    fn item(&self, project: ProjectId) -> Item {
        let waiting = self.approvers.iter().filter(|approver| approver.is_waiting());
        let waiting = waiting.filter_map(|approver| approver.user.as_ref());
        let mut holders: Vec<Holder> = held::holders(waiting, HeldAs::Approver).collect();
        holders.extend(held::holders(&self.submittal_manager, HeldAs::Manager));
        holders.sort();
        Item {
            item: held::named(ItemKind::Submittal, project, self.id),
            number: filled(self.formatted_number.clone()).or(filled(self.number.clone())).unwrap_or_default(),
            title: self.title.clone().unwrap_or_default(),
            status: match self.status.status {
                Status::Open => ItemStatus::Open,
                Status::Draft => ItemStatus::Draft,
                Status::Closed => ItemStatus::Closed,
            },
            due: self.due_date,
            link: self.link.clone(),
            holders,
        }
    }
}

fn narrowed(client: &Client, submittal: ItemRef) -> Url {
    client.url(&all(submittal.project), &[("filters[id][]", submittal.id.to_string().as_str())])
}

/// Returns the open submittals and drafts of a project, or those of them that a user holds in whatever role.
///
/// There is no filter for both roles, so it takes two lists. Nor is there one for what a status means, so the closed ones
/// are read too.
pub(crate) async fn open(
    client: &Client,
    project: ProjectId,
    holder: Option<UserId>,
) -> Result<Vec<Item>, Error> {
    let user = holder.map(|user| user.to_string());
    let roles: &[&str] = match holder {
        Some(_) => &["filters[submittal_manager_id]", "filters[approver_id]"],
        None => &[""],
    };
    let mut items = BTreeMap::new();
    for role in roles {
        let mut url = client.url(&all(project), &[("filters[current_revision]", "true")]);
        url.query_pairs_mut().extend_pairs(user.iter().map(|user| (role, user)));
        let rows: Vec<SubmittalRow> = held::rows(client, "list submittals", url).await?;
        let current = rows.into_iter().filter(|row| row.current_revision != Some(false));
        items.extend(current.map(|row| (row.id, held::Row::item(&row, project))));
    }
    Ok(items.into_values().collect())
}

/// Returns one submittal, open or not. From the list: what the answer that shows one has is not documented.
pub(crate) async fn show(client: &Client, submittal: ItemRef) -> Result<Option<Item>, Error> {
    let url = narrowed(client, submittal);
    held::item::<SubmittalRow>(client, "show submittal", url, submittal).await
}

/// Returns who could hold a submittal of this project. The tool offers nobody: its filters name those who do already.
pub(crate) async fn candidates(client: &Client, project: ProjectId) -> Result<Candidates, Error> {
    members::candidates(client, project).await
}

/// Changes who holds a submittal. Its number goes with every change, and its approvers are taken as a whole, so both are read
/// once more.
pub(crate) async fn hand_over(client: &Client, before: &Item, changes: &[Handover]) -> Result<(), Error> {
    let operation = "hand over submittal";
    let submittal = before.item;
    let row: SubmittalRow = held::unchanged(client, operation, narrowed(client, submittal), before).await?;
    let manager = held::taking(changes, HeldAs::Manager);
    if changes.iter().all(|change| change.held_as != HeldAs::Approver) {
        let fields = manager.map(|manager| ("submittal_manager_id".to_owned(), json!(manager)));
        return update(client, operation, submittal, row, fields.into_iter().collect()).await;
    }
    let number = numbered(operation, &row)?;
    let answer = client.read(operation, client.url(&workflow_of(submittal), &[])).await?;
    let workflow: workflow::WorkflowRow = answer.json(operation)?;
    let mut steps = workflow.steps(operation, &row.approvers)?;
    for change in changes.iter().filter(|change| change.held_as == HeldAs::Approver) {
        workflow::hand_over(&mut steps, *change);
    }
    // Procore refuses them as JSON (`RestV11ProjectsProjectIdSubmittalsIdPatch`).
    let mut fields = vec![("submittal[number]".to_owned(), number.to_owned())];
    fields.extend(manager.map(|manager| ("submittal[submittal_manager_id]".to_owned(), manager.to_string())));
    fields.extend(workflow::fields(&steps));
    client.write_form(operation, Method::PATCH, client.url(&one(submittal), &[]), fields).await
}

/// Closes a submittal, with the status of the company that means it: the one that is called so, or the first.
pub(crate) async fn close(client: &Client, submittal: ItemRef) -> Result<(), Error> {
    let operation = "close submittal";
    let url = client.url(&statuses(client.company()), &[]);
    let list = List { operation, url, per_page: Some(held::PER_PAGE) };
    let mut closed = page::all(client, &list, |row: &StatusRow| row.id).await?;
    closed.retain(|row| row.status == Status::Closed);
    closed.sort_by_key(|row| (row.name.as_deref() != Some("Closed"), row.id));
    let Some(status) = closed.first() else {
        return Err(not_sent(operation, "no status of the company means that a submittal is closed"));
    };
    let row = held::found(client, operation, narrowed(client, submittal), submittal.id).await?;
    let fields = Map::from_iter([("status_id".to_owned(), json!(status.id))]);
    update(client, operation, submittal, row, fields).await
}

async fn update(
    client: &Client,
    operation: &'static str,
    submittal: ItemRef,
    row: SubmittalRow,
    mut fields: Map<String, Value>,
) -> Result<(), Error> {
    fields.insert("number".to_owned(), json!(numbered(operation, &row)?));
    let body = json!({ "submittal": fields });
    client.write(operation, Method::PATCH, client.url(&one(submittal), &[]), Some(body)).await
}

/// Returns the number as Procore wants it with every change.
fn numbered<'a>(operation: &'static str, row: &'a SubmittalRow) -> Result<&'a str, Error> {
    let number = row.number.as_deref().filter(|number| !number.is_empty());
    number.ok_or_else(|| not_sent(operation, "Procore wants the number of the submittal, which has none"))
}

/// Reads an answer as the list does.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer, project: ProjectId) -> Result<Vec<Item>, Error> {
    held::read::<SubmittalRow>(answer, "list submittals", project)
}

/// Reads an answer as the approvers and the steps of one, and changes them.
#[cfg(fuzzing)]
pub(crate) fn read_workflow(answer: &Answer, change: Handover) -> Result<usize, Error> {
    #[derive(Deserialize)]
    struct Both {
        approvers: Vec<workflow::ApproverRow>,
        #[serde(flatten)]
        workflow: workflow::WorkflowRow,
    }
    let operation = "hand over submittal";
    let both: Both = answer.json(operation)?;
    let mut steps = both.workflow.steps(operation, &both.approvers)?;
    workflow::hand_over(&mut steps, change);
    Ok(workflow::fields(&steps).len())
}
