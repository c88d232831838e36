//! Distribution groups of projects, for themselves and as items that their members hold.

use muster_core::directory::{Group, Handover, HeldAs, Holder, Item, ItemKind, ItemRef, ItemStatus, Person};
use muster_core::id::{GroupId, Id, ProjectId, UserId};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::{about, held};
use crate::client::Client;
use crate::error::{Error, optional};
#[cfg(fuzzing)]
use crate::exchange::Answer;
use crate::page::{self, List};

/// `RestV10ProjectsProjectIdDistributionGroupsGet`.
fn all(project: ProjectId) -> String {
    format!("/rest/v1.0/projects/{project}/distribution_groups")
}

/// `RestV10ProjectsProjectIdDistributionGroupsDistributionGroupIdGet` and
/// `RestV10ProjectsProjectIdDistributionGroupsDistributionGroupIdPatch`.
fn one(project: ProjectId, group: GroupId) -> String {
    format!("/rest/v1.0/projects/{project}/distribution_groups/{group}")
}

/// The view that shows who is in a group (developers.procore.com, list distribution groups).
const WITH_MEMBERS: (&str, &str) = ("view", "extended");

/// What was seen to be granted; Procore names no maximum for this list (developers.procore.com, pagination).
const PER_PAGE: u32 = 100;

#[derive(Deserialize)]
struct GroupRow {
    id: u64,
    name: Option<String>,
    /// Required: without them the members would be overwritten with nobody.
    users: Vec<super::PersonRow>,
}

/// Returns the groups of a project, sorted by id. Those that Procore shows: by default it leaves out groups of people who
/// may not read submittals (developers.procore.com, list distribution groups), and documents no way to see all of them.
pub(crate) async fn of_project(client: &Client, project: ProjectId) -> Result<Vec<Group>, Error> {
    let url = client.url(&all(project), &[WITH_MEMBERS]);
    let list = List { operation: "list groups", url, per_page: Some(PER_PAGE) };
    let rows = page::all(client, &list, |row: &GroupRow| row.id).await?;
    let mut groups: Vec<Group> = rows.into_iter().map(|row| group(project, row)).collect();
    groups.sort_by_key(|group| group.id);
    Ok(groups)
}

/// Returns one group.
pub(crate) async fn show(client: &Client, project: ProjectId, id: GroupId) -> Result<Option<Group>, Error> {
    read_one(client, "show group", project, id).await
}

async fn read_one(
    client: &Client,
    operation: &'static str,
    project: ProjectId,
    id: GroupId,
) -> Result<Option<Group>, Error> {
    let url = client.url(&one(project, id), &[WITH_MEMBERS]);
    let Some(answer) = optional(client.read(operation, url).await)? else { return Ok(None) };
    let row: GroupRow = answer.json(operation)?;
    about(&answer, operation, "group", id.get(), row.id)?;
    Ok(Some(group(project, row)))
}

/// Sets who is in a group. The list replaces what was there.
pub(crate) async fn set_members(
    client: &Client,
    project: ProjectId,
    group: GroupId,
    members: &[UserId],
) -> Result<(), Error> {
    let members = members.iter().map(|user| user.get()).collect();
    write_members(client, "set members of group", project, group, members).await
}

/// Returns the groups of a project as items.
pub(crate) async fn open(client: &Client, project: ProjectId) -> Result<Vec<Item>, Error> {
    Ok(of_project(client, project).await?.into_iter().map(item).collect())
}

/// Returns one group as an item.
pub(crate) async fn show_item(client: &Client, group: ItemRef) -> Result<Option<Item>, Error> {
    Ok(show(client, group.project, number(group)).await?.map(item))
}

/// Changes who is in a group. The list replaces what was there, so it is read once more.
pub(crate) async fn hand_over(client: &Client, before: &Item, changes: &[Handover]) -> Result<(), Error> {
    let operation = "hand over group";
    let (project, group) = (before.item.project, number(before.item));
    let now = read_one(client, operation, project, group).await?.map(item);
    held::same_item(operation, &now.ok_or_else(|| held::gone(operation, before.item.id))?, before)?;
    let members = held::holding(&held::after(before, changes), HeldAs::Member);
    write_members(client, operation, project, group, members).await
}

async fn write_members(
    client: &Client,
    operation: &'static str,
    project: ProjectId,
    group: GroupId,
    members: Vec<u64>,
) -> Result<(), Error> {
    let body = json!({ "distribution_group": { "user_ids": members } });
    client.write(operation, Method::PATCH, client.url(&one(project, group), &[]), Some(body)).await
}

fn number(group: ItemRef) -> GroupId {
    Id::new(group.id.get())
}

/// A group is there until somebody takes it away, and nobody waits for it.
fn item(group: Group) -> Item {
    let mut holders: Vec<Holder> =
        group.members.into_iter().map(|person| Holder::new(person, HeldAs::Member)).collect();
    holders.sort();
    Item {
        item: held::named(ItemKind::DistributionGroup, group.project, group.id.get()),
        number: String::new(),
        title: group.name,
        status: ItemStatus::Open,
        due: None,
        link: None,
        holders,
    }
}

fn group(project: ProjectId, row: GroupRow) -> Group {
    let mut members: Vec<Person> = row.users.into_iter().map(Person::from).collect();
    members.sort();
    Group { project, id: Id::new(row.id), name: row.name.unwrap_or_default(), members }
}

/// Reads an answer as the list does.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer, project: ProjectId) -> Result<Vec<Group>, Error> {
    let rows: Vec<GroupRow> = answer.json("list groups")?;
    Ok(rows.into_iter().map(|row| group(project, row)).collect())
}
