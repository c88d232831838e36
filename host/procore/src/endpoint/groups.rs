//! Distribution groups of projects.

use muster_core::directory::{Group, Person};
use muster_core::id::{GroupId, Id, ProjectId, UserId};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::about;
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
    let operation = "show group";
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
    let members: Vec<u64> = members.iter().map(|user| user.get()).collect();
    let body = json!({ "distribution_group": { "user_ids": members } });
    client
        .write("set members of group", Method::PATCH, client.url(&one(project, group), &[]), Some(body))
        .await
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
