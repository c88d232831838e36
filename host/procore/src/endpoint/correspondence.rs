//! Correspondence and other tools that a company makes: Procore's API calls the types generic tools.

use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::civil::Date;
use muster_core::directory::{Candidates, Handover, HeldAs, Item, ItemKind, ItemRef, ItemStatus, Person};
use muster_core::id::{Id, ItemId, ProjectId, UserId};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{PersonRow, filled, holders, not_sent};
use crate::client::Client;
use crate::error::{Error, optional};
#[cfg(fuzzing)]
use crate::exchange::Answer;
use crate::page::{self, List};

/// `RestV10ProjectsProjectIdCorrespondenceTypeItemsGet`, which has the items of every type.
fn all(project: ProjectId) -> String {
    format!("/rest/v1.0/projects/{project}/correspondence_type_items")
}

/// `RestV10ProjectsProjectIdGenericToolsGenericToolIdGenericToolItemsGenericToolItemIdPatch`.
fn one(project: ProjectId, kind: ItemId, item: ItemId) -> String {
    format!("/rest/v1.0/projects/{project}/generic_tools/{kind}/generic_tool_items/{item}")
}

/// `RestV10ProjectsProjectIdGenericToolsGenericToolIdGenericToolItemsAvailableStatusesGet`.
fn statuses(project: ProjectId, kind: ItemId) -> String {
    format!("/rest/v1.0/projects/{project}/generic_tools/{kind}/generic_tool_items/available_statuses")
}

/// `RestV10ProjectsProjectIdCorrespondenceTypesUsersGet`.
fn users(project: ProjectId) -> String {
    format!("/rest/v1.0/projects/{project}/correspondence_types/users")
}

/// What was seen to be granted; Procore names no maximum for these lists (developers.procore.com, pagination).
const PER_PAGE: u32 = 100;

#[derive(Deserialize)]
struct ItemRow {
    id: u64,
    title: Option<String>,
    /// The number. The abbreviation of the type stands before it (`RestV10ProjectsProjectIdCorrespondenceTypeItemsGet`).
    #[serde(default, deserialize_with = "holders::number")]
    position: String,
    /// What its status stands for: companies make statuses of their own.
    status_type: Status,
    due_date: Option<Date>,
    generic_tool: TypeRow,
    assignees: Vec<PersonRow>,
}

#[derive(Deserialize)]
struct TypeRow {
    id: u64,
    abbreviation: Option<String>,
}

#[derive(Deserialize, Clone, Copy)]
enum Status {
    Open,
    Draft,
    Closed,
}

/// A status that an item may have. Procore's reference documents its name alone; that of the types themselves says beside
/// it what the status stands for (`RestV10CompaniesCompanyIdGenericToolsGenericToolIdStatusesGet`), so that is taken where
/// it is said here too.
#[derive(Deserialize)]
struct StatusRow {
    name: String,
    status: Option<String>,
    status_type: Option<String>,
}

#[derive(Deserialize)]
struct UserRow {
    id: u64,
    name: Option<String>,
    generic_tools: Vec<PotentialRow>,
}

#[derive(Deserialize)]
struct PotentialRow {
    id: u64,
    potential_assignee: bool,
}

impl StatusRow {
    /// Returns what tells it from the others: statuses have no numbers, and each name is there once.
    fn id(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.name.hash(&mut hasher);
        hasher.finish()
    }

    /// Returns whether it stands for closed, as far as that is said; every type has a status of that name from the start.
    fn is_closed(&self) -> bool {
        let meaning = self.status_type.as_ref().or(self.status.as_ref()).unwrap_or(&self.name);
        meaning.eq_ignore_ascii_case("closed")
    }
}

/// Returns the correspondence of a project, of all types, or what a user is assigned of it.
pub(crate) async fn open(
    client: &Client,
    project: ProjectId,
    holder: Option<UserId>,
) -> Result<Vec<Item>, Error> {
    let user = holder.map(|user| user.to_string());
    let query: Vec<_> = user.iter().map(|user| ("filters[login_information_id][]", user.as_str())).collect();
    rows(client, "list correspondence", project, &query).await
}

/// Returns one item, open or not.
pub(crate) async fn show(client: &Client, item: ItemRef) -> Result<Option<Item>, Error> {
    let id = item.id.to_string();
    let listed = rows(client, "show correspondence", item.project, &[("filters[id][]", &id)]).await;
    Ok(optional(listed)?.unwrap_or_default().into_iter().find(|found| found.item.id == item.id))
}

/// Returns who could be assigned items of a type.
pub(crate) async fn candidates(
    client: &Client,
    project: ProjectId,
    kind: Option<ItemId>,
) -> Result<Candidates, Error> {
    let operation = "list correspondence candidates";
    let kind = kind.ok_or_else(|| not_sent(operation, NO_TYPE))?;
    let list = List { operation, url: client.url(&users(project), &[]), per_page: Some(PER_PAGE) };
    let rows = page::all(client, &list, |row: &UserRow| row.id).await?;
    let may =
        |row: &UserRow| row.generic_tools.iter().any(|tool| tool.id == kind.get() && tool.potential_assignee);
    let person = |row: UserRow| Person { id: Id::new(row.id), name: row.name.unwrap_or_default() };
    Ok(holders::offered(rows.into_iter().filter(may).map(person)))
}

/// Changes who is assigned an item. The list replaces what was there.
pub(crate) async fn hand_over(client: &Client, before: &Item, changes: &[Handover]) -> Result<(), Error> {
    let operation = "hand over correspondence";
    let now = show(client, before.item).await?;
    let after = holders::changed(operation, before, now, changes)?;
    let fields = json!({ "assignee_ids": holders::ids_in(&after, HeldAs::Assignee) });
    update(client, operation, before.item, fields).await
}

/// Closes an item: gives it the first of the statuses of its type that stands for closed.
pub(crate) async fn close(client: &Client, item: ItemRef) -> Result<(), Error> {
    let operation = "close correspondence";
    let url = client.url(&statuses(item.project, kind(operation, item)?), &[]);
    let list = List { operation, url, per_page: Some(PER_PAGE) };
    let found = page::all(client, &list, StatusRow::id).await?;
    let Some(closed) = found.iter().find(|status| status.is_closed()) else {
        let why = "none of the statuses of this type of correspondence is said to stand for closed";
        return Err(not_sent(operation, why));
    };
    update(client, operation, item, json!({ "status": closed.name })).await
}

async fn update(client: &Client, operation: &'static str, item: ItemRef, fields: Value) -> Result<(), Error> {
    let url = client.url(&one(item.project, kind(operation, item)?, item.id), &[]);
    client.write(operation, Method::PATCH, url, Some(json!({ "generic_tool_item": fields }))).await
}

const NO_TYPE: &str = "which type of correspondence it is about is not said";

fn kind(operation: &'static str, item: ItemRef) -> Result<ItemId, Error> {
    item.within.ok_or_else(|| not_sent(operation, NO_TYPE))
}

async fn rows(
    client: &Client,
    operation: &'static str,
    project: ProjectId,
    query: &[(&str, &str)],
) -> Result<Vec<Item>, Error> {
    let list = List { operation, url: client.url(&all(project), query), per_page: Some(PER_PAGE) };
    let rows = page::all(client, &list, |row: &ItemRow| row.id).await?;
    Ok(rows.into_iter().map(|row| item(project, row)).collect())
}

fn item(project: ProjectId, row: ItemRow) -> Item {
    let mut holders: Vec<_> = holders::all_as(row.assignees, HeldAs::Assignee).collect();
    holders.sort();
    let within = Some(Id::new(row.generic_tool.id));
    let position = row.position;
    Item {
        item: ItemRef { kind: ItemKind::Correspondence, project, within, id: Id::new(row.id) },
        number: match filled(row.generic_tool.abbreviation) {
            Some(before) if !position.is_empty() => format!("{before}-{position}"),
            _ => position,
        },
        title: row.title.unwrap_or_default(),
        status: match row.status_type {
            Status::Open => ItemStatus::Open,
            Status::Draft => ItemStatus::Draft,
            Status::Closed => ItemStatus::Closed,
        },
        due: row.due_date,
        link: None,
        holders,
    }
}

/// Reads an answer as the list does.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer, project: ProjectId) -> Result<Vec<Item>, Error> {
    let rows: Vec<ItemRow> = answer.json("list correspondence")?;
    Ok(rows.into_iter().map(|row| item(project, row)).collect())
}

/// Reads an answer as the list of candidates does.
#[cfg(fuzzing)]
pub(crate) fn read_candidates(answer: &Answer) -> Result<(), Error> {
    answer.json::<Vec<UserRow>>("list correspondence candidates").map(drop)
}

/// Reads an answer as the list of statuses does.
#[cfg(fuzzing)]
pub(crate) fn read_statuses(answer: &Answer) -> Result<bool, Error> {
    let rows: Vec<StatusRow> = answer.json("close correspondence")?;
    Ok(rows.iter().any(StatusRow::is_closed))
}
