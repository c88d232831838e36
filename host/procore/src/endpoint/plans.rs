//! Action plans, and the signatures that they wait for.
//!
//! Both name people as parties, by the number of the person; the number of the user stands beside it and is what leaves this
//! file. Whoever is to be named is looked up among the parties of the project right before.

use std::collections::BTreeMap;

use muster_core::directory::{
    Candidates, Fixed, Handover, HeldAs, Holder, Item, ItemKind, ItemRef, ItemStatus, Person,
};
use muster_core::id::{Id, ItemId, ProjectId, UserId};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{holders, not_sent};
use crate::client::Client;
use crate::error::{Error, optional};
#[cfg(fuzzing)]
use crate::exchange::Answer;
use crate::page::{self, List};

/// `RestV10ProjectsProjectIdActionPlansPlansGet`.
fn all(project: ProjectId) -> String {
    format!("/rest/v1.0/projects/{project}/action_plans/plans")
}

/// `RestV10ProjectsProjectIdActionPlansPlansIdPatch`.
fn one(project: ProjectId, plan: ItemId) -> String {
    format!("/rest/v1.0/projects/{project}/action_plans/plans/{plan}")
}

/// `RestV10ProjectsProjectIdActionPlansPlanItemAssigneesGet`.
fn assignees(project: ProjectId) -> String {
    format!("/rest/v1.0/projects/{project}/action_plans/plan_item_assignees")
}

/// `RestV10ProjectsProjectIdActionPlansPlanItemAssigneesBulkUpdatePatch`.
fn bulk_update(project: ProjectId) -> String {
    format!("/rest/v1.0/projects/{project}/action_plans/plan_item_assignees/bulk_update")
}

/// `RestV10ProjectsProjectIdActionPlansPartiesGet`.
fn parties(project: ProjectId) -> String {
    format!("/rest/v1.0/projects/{project}/action_plans/parties")
}

/// What was seen to be granted; Procore names no maximum for these lists (developers.procore.com, pagination).
const PER_PAGE: u32 = 100;

#[derive(Deserialize)]
struct PlanRow {
    id: u64,
    #[serde(default, deserialize_with = "holders::number")]
    number: String,
    title: Option<String>,
    /// What its status stands for: companies make statuses of their own.
    status_type: Status,
    manager: Option<PartyRow>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Status {
    Draft,
    InProgress,
    InRevision,
    Completed,
}

/// Somebody who has to sign an item of a plan.
#[derive(Deserialize)]
struct AssigneeRow {
    id: u64,
    plan_id: u64,
    is_locked: bool,
    party: Option<PartyRow>,
    /// What is not signed has none.
    signature: Option<Value>,
}

/// Somebody named in a plan: `id` is the number of the person.
#[derive(Deserialize)]
struct PartyRow {
    name: Option<String>,
    /// Missing where the person has no login: contacts have none.
    user_id: Option<u64>,
}

/// Somebody who could be named.
#[derive(Deserialize)]
struct PotentialRow {
    id: u64,
    name: Option<String>,
    user_id: Option<u64>,
    potential_assignee: bool,
    potential_manager: bool,
}

impl PartyRow {
    /// Returns the user, or `None` for somebody who has no login.
    fn person(self) -> Option<Person> {
        Some(Person { id: Id::new(self.user_id?), name: self.name.unwrap_or_default() })
    }
}

impl PotentialRow {
    fn may_be(&self, held_as: HeldAs) -> bool {
        if held_as == HeldAs::Manager { self.potential_manager } else { self.potential_assignee }
    }
}

/// Returns the plans of a project. There is a filter for managers, by the number of the person, which would have to be looked
/// up in a list of its own.
pub(crate) async fn open(client: &Client, project: ProjectId) -> Result<Vec<Item>, Error> {
    let rows = plans(client, "list action plans", project, &[]).await?;
    Ok(rows.into_iter().map(|row| plan(project, row)).collect())
}

/// Returns one plan, open or not.
pub(crate) async fn show(client: &Client, item: ItemRef) -> Result<Option<Item>, Error> {
    let id = item.id.to_string();
    let rows = plans(client, "show action plan", item.project, &[("filters[id][]", &id)]).await;
    let found = optional(rows)?.unwrap_or_default().into_iter().find(|row| row.id == item.id.get());
    Ok(found.map(|row| plan(item.project, row)))
}

/// Returns the signatures that the plans of a project wait for, under the titles of their plans. There is no filter for people.
pub(crate) async fn open_items(
    client: &Client,
    project: ProjectId,
    holder: Option<UserId>,
) -> Result<Vec<Item>, Error> {
    let operation = "list signatures of action plans";
    let mut rows = signatures(client, operation, project, &[]).await?;
    rows.retain(|row| !row.is_signed());
    rows.retain(|row| holder.is_none_or(|user| row.user() == Some(user)));
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let plans = plans(client, operation, project, &[]).await?;
    Ok(titled(project, rows, plans))
}

/// Returns one signature, given or not.
pub(crate) async fn show_item(client: &Client, item: ItemRef) -> Result<Option<Item>, Error> {
    let operation = "show signature of action plan";
    let id = item.id.to_string();
    let rows = signatures(client, operation, item.project, &[("filters[id][]", &id)]).await;
    let mut rows = optional(rows)?.unwrap_or_default();
    rows.retain(|row| row.id == item.id.get());
    let Some(plan) = rows.first().map(|row| row.plan_id.to_string()) else { return Ok(None) };
    let plans = plans(client, operation, item.project, &[("filters[id][]", &plan)]).await?;
    Ok(titled(item.project, rows, plans).pop())
}

/// Returns who could manage plans of a project, or sign their items.
pub(crate) async fn candidates(
    client: &Client,
    project: ProjectId,
    held_as: HeldAs,
) -> Result<Candidates, Error> {
    let rows = potential(client, "list action plan candidates", project).await?;
    let people = rows
        .into_iter()
        .filter(|row| row.may_be(held_as))
        .filter_map(|row| Some(Person { id: Id::new(row.user_id?), name: row.name.unwrap_or_default() }));
    Ok(holders::offered(people))
}

/// Changes who manages a plan. There is one manager, so nothing else can be overwritten.
pub(crate) async fn hand_over(client: &Client, before: &Item, changes: &[Handover]) -> Result<(), Error> {
    let operation = "hand over action plan";
    let party = party(client, operation, before.item.project, changes, HeldAs::Manager).await?;
    let url = client.url(&one(before.item.project, before.item.id), &[]);
    let body = json!({ "plan": { "manager_id": party } });
    client.write(operation, Method::PATCH, url, Some(body)).await
}

/// Changes who has to sign. What was there when the plan was approved can't be changed, so it is not tried.
pub(crate) async fn hand_over_item(
    client: &Client,
    before: &Item,
    changes: &[Handover],
) -> Result<(), Error> {
    let operation = "hand over signature of action plan";
    holders::movable(operation, before, changes)?;
    let party = party(client, operation, before.item.project, changes, HeldAs::Assignee).await?;
    let url = client.url(&bulk_update(before.item.project), &[("completion_mode", "all_or_nothing")]);
    let body = json!({ "plan_item_assignees": [{ "id": before.item.id.get(), "party_id": party }] });
    client.write(operation, Method::PATCH, url, Some(body)).await
}

/// Returns the number of the person who is to hold an item in a role.
async fn party(
    client: &Client,
    operation: &'static str,
    project: ProjectId,
    changes: &[Handover],
    held_as: HeldAs,
) -> Result<u64, Error> {
    let nobody = || not_sent(operation, &format!("nobody is named as {}", held_as.words()));
    let to = holders::alone(changes, held_as).ok_or_else(nobody)?;
    let rows = potential(client, operation, project).await?;
    let found = rows.iter().find(|row| row.user_id == Some(to.get()));
    let absent = || not_sent(operation, &format!("user {to} is not among the parties of project {project}"));
    found.map(|row| row.id).ok_or_else(absent)
}

async fn plans(
    client: &Client,
    operation: &'static str,
    project: ProjectId,
    query: &[(&str, &str)],
) -> Result<Vec<PlanRow>, Error> {
    let list = List { operation, url: client.url(&all(project), query), per_page: Some(PER_PAGE) };
    page::all(client, &list, |row: &PlanRow| row.id).await
}

async fn signatures(
    client: &Client,
    operation: &'static str,
    project: ProjectId,
    query: &[(&str, &str)],
) -> Result<Vec<AssigneeRow>, Error> {
    let list = List { operation, url: client.url(&assignees(project), query), per_page: Some(PER_PAGE) };
    page::all(client, &list, |row: &AssigneeRow| row.id).await
}

async fn potential(
    client: &Client,
    operation: &'static str,
    project: ProjectId,
) -> Result<Vec<PotentialRow>, Error> {
    let list = List { operation, url: client.url(&parties(project), &[]), per_page: Some(PER_PAGE) };
    page::all(client, &list, |row: &PotentialRow| row.id).await
}

fn plan(project: ProjectId, row: PlanRow) -> Item {
    let manager = row.manager.and_then(PartyRow::person);
    Item {
        item: ItemRef { kind: ItemKind::ActionPlan, project, within: None, id: Id::new(row.id) },
        number: row.number,
        title: row.title.unwrap_or_default(),
        status: row.status_type.into(),
        due: None,
        link: None,
        holders: manager.map(|person| Holder::new(person, HeldAs::Manager)).into_iter().collect(),
    }
}

fn titled(project: ProjectId, rows: Vec<AssigneeRow>, plans: Vec<PlanRow>) -> Vec<Item> {
    let plans: BTreeMap<u64, PlanRow> = plans.into_iter().map(|row| (row.id, row)).collect();
    rows.into_iter().map(|row| signature(project, plans.get(&row.plan_id), row)).collect()
}

/// A signature that is missing is waited for whatever became of the plan.
fn signature(project: ProjectId, plan: Option<&PlanRow>, row: AssigneeRow) -> Item {
    let draft = plan.is_some_and(|plan| matches!(plan.status_type, Status::Draft));
    let status = match row.is_signed() {
        true => ItemStatus::Closed,
        false if draft => ItemStatus::Draft,
        false => ItemStatus::Open,
    };
    let fixed = row.is_locked.then_some(Fixed::Locked);
    let person = row.party.and_then(PartyRow::person);
    let holder = person.map(|person| Holder { fixed, ..Holder::new(person, HeldAs::Assignee) });
    Item {
        item: ItemRef { kind: ItemKind::ActionPlanItem, project, within: None, id: Id::new(row.id) },
        number: plan.map(|plan| plan.number.clone()).unwrap_or_default(),
        title: plan.and_then(|plan| plan.title.clone()).unwrap_or_default(),
        status,
        due: None,
        link: None,
        holders: holder.into_iter().collect(),
    }
}

impl AssigneeRow {
    /// Returns whether it is signed: an object in which something is said.
    fn is_signed(&self) -> bool {
        let fields = self.signature.as_ref().and_then(Value::as_object);
        fields.is_some_and(|fields| fields.values().any(|value| !value.is_null()))
    }

    fn user(&self) -> Option<UserId> {
        self.party.as_ref()?.user_id.map(Id::new)
    }
}

impl From<Status> for ItemStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Draft => Self::Draft,
            Status::InProgress | Status::InRevision => Self::Open,
            Status::Completed => Self::Closed,
        }
    }
}

/// Reads an answer as the list of plans does.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer, project: ProjectId) -> Result<Vec<Item>, Error> {
    let rows: Vec<PlanRow> = answer.json("list action plans")?;
    Ok(rows.into_iter().map(|row| plan(project, row)).collect())
}

/// Reads an answer as the list of signatures does.
#[cfg(fuzzing)]
pub(crate) fn read_items(answer: &Answer, project: ProjectId) -> Result<Vec<Item>, Error> {
    Ok(titled(project, answer.json("list signatures of action plans")?, Vec::new()))
}

/// Reads an answer as the list of parties does.
#[cfg(fuzzing)]
pub(crate) fn read_candidates(answer: &Answer) -> Result<(), Error> {
    answer.json::<Vec<PotentialRow>>("list action plan candidates").map(drop)
}
