//! Correspondence and other tools that a company makes: Procore's API calls the types generic tools.

use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::civil::Date;
use muster_core::directory::{Candidates, Handover, HeldAs, Item, ItemKind, ItemRef, ItemStatus, Person};
use muster_core::id::{Id, ItemId, ProjectId, UserId};
use reqwest::{Method, Url};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{PersonRow, filled, held, not_sent};
use crate::client::Client;
use crate::error::Error;
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

#[derive(Deserialize)]
struct ItemRow {
    #[serde(deserialize_with = "super::id")]
    id: u64,
    title: Option<String>,
    /// The number. The abbreviation of the type stands before it (`RestV10ProjectsProjectIdCorrespondenceTypeItemsGet`).
    #[serde(default, deserialize_with = "held::number")]
    position: Option<String>,
    /// What its status stands for: companies make statuses of their own.
    status_type: Status,
    #[serde(default, deserialize_with = "held::day")]
    due_date: Option<Date>,
    generic_tool: TypeRow,
    assignees: Vec<PersonRow>,
}

#[derive(Deserialize)]
struct TypeRow {
    #[serde(deserialize_with = "super::id")]
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
/// it what the status stands for (list statuses for a generic tool), so that is taken where it is said here too.
#[derive(Deserialize)]
struct StatusRow {
    name: String,
    status: Option<String>,
    status_type: Option<String>,
}

#[derive(Deserialize)]
struct UserRow {
    #[serde(flatten)]
    person: PersonRow,
    generic_tools: Vec<PotentialRow>,
}

#[derive(Deserialize)]
struct PotentialRow {
    #[serde(deserialize_with = "super::id")]
    id: u64,
    potential_assignee: bool,
}

impl held::Row for ItemRow {
    fn id(&self) -> u64 {
        self.id
    }

    fn item(&self, project: ProjectId) -> Item {
        let mut holders: Vec<_> = held::holders(&self.assignees, HeldAs::Assignee).collect();
        holders.sort();
        let within = Some(Id::new(self.generic_tool.id));
        let abbreviation = filled(self.generic_tool.abbreviation.clone());
        let number = abbreviation.into_iter().chain(filled(self.position.clone()));
        Item {
            item: ItemRef { within, ..held::named(ItemKind::Correspondence, project, self.id) },
            number: number.collect::<Vec<_>>().join("-"),
            title: self.title.clone().unwrap_or_default(),
            status: match self.status_type {
                Status::Open => ItemStatus::Open,
                Status::Draft => ItemStatus::Draft,
                Status::Closed => ItemStatus::Closed,
            },
            due: self.due_date,
            link: None,
            holders,
        }
    }
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

fn narrowed(client: &Client, item: ItemRef) -> Url {
    client.url(&all(item.project), &[("filters[id][]", &item.id.to_string())])
}

/// Returns the correspondence of a project, of all types, or what a user is assigned of it.
pub(crate) async fn open(
    client: &Client,
    project: ProjectId,
    holder: Option<UserId>,
) -> Result<Vec<Item>, Error> {
    let mut url = client.url(&all(project), &[]);
    if let Some(user) = holder {
        url.query_pairs_mut().append_pair("filters[login_information_id][]", &user.to_string());
    }
    held::items::<ItemRow>(client, "list correspondence", url, project).await
}

/// Returns one item, open or not.
pub(crate) async fn show(client: &Client, item: ItemRef) -> Result<Option<Item>, Error> {
    held::item::<ItemRow>(client, "show correspondence", narrowed(client, item), item).await
}

/// Returns who could be assigned items of a type.
pub(crate) async fn candidates(
    client: &Client,
    project: ProjectId,
    kind: Option<ItemId>,
) -> Result<Candidates, Error> {
    let operation = "list correspondence candidates";
    let kind = kind.ok_or_else(|| not_sent(operation, NO_TYPE))?;
    let list = List { operation, url: client.url(&users(project), &[]), per_page: Some(held::PER_PAGE) };
    let rows = page::all(client, &list, |row: &UserRow| row.person.id).await?;
    let may = |row: &&UserRow| {
        row.generic_tools.iter().any(|tool| tool.id == kind.get() && tool.potential_assignee)
    };
    Ok(held::candidates(rows.iter().filter(may).map(|row| Person::from(&row.person))))
}

/// Changes who is assigned an item. The list replaces what was there, so it is read once more.
pub(crate) async fn hand_over(client: &Client, before: &Item, changes: &[Handover]) -> Result<(), Error> {
    let operation = "hand over correspondence";
    held::unchanged::<ItemRow>(client, operation, narrowed(client, before.item), before).await?;
    let assigned = held::holding(&held::after(before, changes), HeldAs::Assignee);
    update(client, operation, before.item, json!({ "assignee_ids": assigned })).await
}

/// Closes an item: gives it the first of the statuses of its type that stands for closed.
pub(crate) async fn close(client: &Client, item: ItemRef) -> Result<(), Error> {
    let operation = "close correspondence";
    let url = client.url(&statuses(item.project, kind(operation, item)?), &[]);
    let list = List { operation, url, per_page: Some(held::PER_PAGE) };
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

/// Reads an answer as the list does.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer, project: ProjectId) -> Result<Vec<Item>, Error> {
    held::read::<ItemRow>(answer, "list correspondence", project)
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
