//! Action plans, and the signatures that they wait for.
//!
//! Both name people as parties, by the number of the person; the number of the user stands beside it and is what leaves this
//! file. Whoever is to be named is looked up among the parties of the project right before.

use muster_core::directory::{
    Candidates, Fixed, Handover, HeldAs, Holder, Item, ItemKind, ItemRef, ItemStatus, Person,
};
use muster_core::id::{Id, ItemId, ProjectId, UserId};
use reqwest::{Method, Url};
use serde::Deserialize;
use serde_json::{Value, json};

use super::held::{self, Row};
use super::not_sent;
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

#[derive(Deserialize)]
struct PlanRow {
    #[serde(deserialize_with = "super::id")]
    id: u64,
    #[serde(default, deserialize_with = "held::number")]
    number: Option<String>,
    title: Option<String>,
    /// What its status stands for: companies make statuses of their own.
    status_type: Status,
    /// There may be none, but that has to be said.
    #[serde(deserialize_with = "Option::deserialize")]
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
    #[serde(deserialize_with = "super::id")]
    id: u64,
    #[serde(deserialize_with = "super::id")]
    plan_id: u64,
    is_locked: bool,
    /// There may be nobody any more, but that has to be said.
    #[serde(deserialize_with = "Option::deserialize")]
    party: Option<PartyRow>,
    /// What is not signed has none, but that has to be said.
    #[serde(deserialize_with = "Option::deserialize")]
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
    #[serde(deserialize_with = "super::id")]
    id: u64,
    name: Option<String>,
    user_id: Option<u64>,
    potential_assignee: bool,
    potential_manager: bool,
}

impl PartyRow {
    fn user(&self) -> Option<UserId> {
        self.user_id.map(Id::new)
    }

    /// Returns the user, or `None` for somebody who has no login.
    fn person(&self) -> Option<Person> {
        Some(Person { id: self.user()?, name: self.name.clone().unwrap_or_default() })
    }
}

impl held::Row for PlanRow {
    fn id(&self) -> u64 {
        self.id
    }

    fn item(&self, project: ProjectId) -> Item {
        let manager = self.manager.as_ref().and_then(PartyRow::person);
        Item {
            item: held::named(ItemKind::ActionPlan, project, self.id),
            number: self.number.clone().unwrap_or_default(),
            title: self.title.clone().unwrap_or_default(),
            status: match self.status_type {
                Status::Draft => ItemStatus::Draft,
                Status::InProgress | Status::InRevision => ItemStatus::Open,
                Status::Completed => ItemStatus::Closed,
            },
            due: None,
            link: None,
            holders: manager.map(|person| Holder::new(person, HeldAs::Manager)).into_iter().collect(),
        }
    }
}

/// Without its plan a signature has no title.
impl held::Row for AssigneeRow {
    fn id(&self) -> u64 {
        self.id
    }

    fn item(&self, project: ProjectId) -> Item {
        let fixed = self.is_locked.then_some(Fixed::Locked);
        let holder = |person| Holder { fixed, ..Holder::new(person, HeldAs::Assignee) };
        Item {
            item: held::named(ItemKind::ActionPlanItem, project, self.id),
            number: String::new(),
            title: String::new(),
            // What is not signed is waited for whatever became of the plan.
            status: if self.is_signed() { ItemStatus::Closed } else { ItemStatus::Open },
            due: None,
            link: None,
            holders: self.party.as_ref().and_then(PartyRow::person).map(holder).into_iter().collect(),
        }
    }
}

impl AssigneeRow {
    /// Returns whether it is signed: an object in which something is said.
    fn is_signed(&self) -> bool {
        let fields = self.signature.as_ref().and_then(Value::as_object);
        fields.is_some_and(|fields| fields.values().any(|value| !value.is_null()))
    }

    /// Returns the item under the number and the title of its plan, if that is there.
    fn titled(&self, project: ProjectId, plans: &[PlanRow]) -> Item {
        let item = self.item(project);
        let Some(plan) = plans.iter().find(|plan| plan.id == self.plan_id) else { return item };
        let plan = plan.item(project);
        let status = match (item.status, plan.status) {
            (ItemStatus::Open, ItemStatus::Draft) => ItemStatus::Draft,
            (status, _) => status,
        };
        Item { number: plan.number, title: plan.title, status, ..item }
    }
}

impl PotentialRow {
    fn may_be(&self, held_as: HeldAs) -> bool {
        if held_as == HeldAs::Manager { self.potential_manager } else { self.potential_assignee }
    }
}

fn narrowed(client: &Client, path: &str, id: u64) -> Url {
    client.url(path, &[("filters[id][]", &id.to_string())])
}

/// Returns the plans of a project. There is a filter for managers, by the number of the person, which would have to be looked
/// up in a list of its own.
pub(crate) async fn open(client: &Client, project: ProjectId) -> Result<Vec<Item>, Error> {
    held::items::<PlanRow>(client, "list action plans", client.url(&all(project), &[]), project).await
}

/// Returns one plan, open or not.
pub(crate) async fn show(client: &Client, item: ItemRef) -> Result<Option<Item>, Error> {
    let url = narrowed(client, &all(item.project), item.id.get());
    held::item::<PlanRow>(client, "show action plan", url, item).await
}

/// Returns the signatures that the plans of a project wait for, under the titles of their plans. There is no filter for people,
/// and the plans are asked for only where there is something to be titled.
pub(crate) async fn open_items(
    client: &Client,
    project: ProjectId,
    holder: Option<UserId>,
) -> Result<Vec<Item>, Error> {
    let operation = "list signatures of action plans";
    let url = client.url(&assignees(project), &[]);
    let mut rows: Vec<AssigneeRow> = held::rows(client, operation, url).await?;
    rows.retain(|row| !row.is_signed());
    rows.retain(|row| holder.is_none_or(|user| row.party.as_ref().and_then(PartyRow::user) == Some(user)));
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let plans: Vec<PlanRow> = held::rows(client, operation, client.url(&all(project), &[])).await?;
    Ok(rows.iter().map(|row| row.titled(project, &plans)).collect())
}

/// Returns one signature, given or not.
pub(crate) async fn show_item(client: &Client, item: ItemRef) -> Result<Option<Item>, Error> {
    let operation = "show signature of action plan";
    let url = narrowed(client, &assignees(item.project), item.id.get());
    let row = optional(held::row::<AssigneeRow>(client, operation, url, item.id).await)?.flatten();
    let Some(row) = row else { return Ok(None) };
    let url = narrowed(client, &all(item.project), row.plan_id);
    let plans: Vec<PlanRow> = held::rows(client, operation, url).await?;
    Ok(Some(row.titled(item.project, &plans)))
}

/// Returns who could manage plans of a project, or sign their items.
pub(crate) async fn candidates(
    client: &Client,
    project: ProjectId,
    held_as: HeldAs,
) -> Result<Candidates, Error> {
    let rows = potential(client, "list action plan candidates", project).await?;
    let able = rows.into_iter().filter(|row| row.may_be(held_as));
    let person =
        |row: PotentialRow| Some(Person { id: Id::new(row.user_id?), name: row.name.unwrap_or_default() });
    Ok(held::candidates(able.filter_map(person)))
}

/// Changes who manages a plan. There is one manager, so nobody else can be overwritten.
pub(crate) async fn hand_over(client: &Client, before: &Item, changes: &[Handover]) -> Result<(), Error> {
    let operation = "hand over action plan";
    let Some(user) = held::taking(changes, HeldAs::Manager) else { return Ok(()) };
    let party = party(client, operation, before.item.project, user).await?;
    let url = client.url(&one(before.item.project, before.item.id), &[]);
    let body = json!({ "plan": { "manager_id": party } });
    client.write(operation, Method::PATCH, url, Some(body)).await
}

/// Changes who has to sign. One person signs in one place, so nobody else can be overwritten.
pub(crate) async fn hand_over_item(
    client: &Client,
    before: &Item,
    changes: &[Handover],
) -> Result<(), Error> {
    let operation = "hand over signature of action plan";
    let Some(user) = held::taking(changes, HeldAs::Assignee) else { return Ok(()) };
    let party = party(client, operation, before.item.project, user).await?;
    let url = client.url(&bulk_update(before.item.project), &[("completion_mode", "all_or_nothing")]);
    let body = json!({ "plan_item_assignees": [{ "id": before.item.id.get(), "party_id": party }] });
    client.write(operation, Method::PATCH, url, Some(body)).await
}

/// Returns the number of the person who is a user.
async fn party(
    client: &Client,
    operation: &'static str,
    project: ProjectId,
    user: u64,
) -> Result<u64, Error> {
    let rows = potential(client, operation, project).await?;
    let found = rows.iter().find(|row| row.user_id == Some(user));
    let absent =
        || not_sent(operation, &format!("user {user} is not among the parties of project {project}"));
    found.map(|row| row.id).ok_or_else(absent)
}

async fn potential(
    client: &Client,
    operation: &'static str,
    project: ProjectId,
) -> Result<Vec<PotentialRow>, Error> {
    let url = client.url(&parties(project), &[]);
    let list = List { operation, url, per_page: Some(held::PER_PAGE) };
    page::all(client, &list, |row: &PotentialRow| row.id).await
}

/// Reads an answer as the list of plans does.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer, project: ProjectId) -> Result<Vec<Item>, Error> {
    held::read::<PlanRow>(answer, "list action plans", project)
}

/// Reads an answer as the list of signatures does.
#[cfg(fuzzing)]
pub(crate) fn read_items(answer: &Answer, project: ProjectId) -> Result<Vec<Item>, Error> {
    held::read::<AssigneeRow>(answer, "list signatures of action plans", project)
}

/// Reads an answer as the list of parties does.
#[cfg(fuzzing)]
pub(crate) fn read_candidates(answer: &Answer) -> Result<(), Error> {
    answer.json::<Vec<PotentialRow>>("list action plan candidates").map(drop)
}
