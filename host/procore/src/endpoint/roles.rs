//! Roles in projects, such as project manager, and who has them.

use muster_core::directory::{Person, ProjectRole};
use muster_core::id::{Id, ProjectId};
use serde::Deserialize;

use crate::client::Client;
use crate::error::Error;
#[cfg(fuzzing)]
use crate::exchange::Answer;
use crate::page::{self, List};

/// `RestV10ProjectRolesGet`.
const ALL: &str = "/rest/v1.0/project_roles";

/// What was seen to be granted; Procore names no maximum for this list (developers.procore.com, pagination).
const PER_PAGE: u32 = 100;

#[derive(Deserialize)]
struct RoleRow {
    /// The number of the pair.
    id: u64,
    name: Option<String>,
    role: String,
    /// Missing for a contact, who is no user.
    user_id: Option<u64>,
}

impl RoleRow {
    /// Returns who has the role, with a login or without, or `None` for a contact: there is no user to name.
    fn held(self) -> Option<ProjectRole> {
        let id = Id::new(self.user_id?);
        Some(ProjectRole { role: self.role, person: Person { id, name: self.name.unwrap_or_default() } })
    }
}

/// Returns which users have which role in a project, sorted.
pub(crate) async fn of_project(client: &Client, project: ProjectId) -> Result<Vec<ProjectRole>, Error> {
    let url = client.url(ALL, &[("project_id", &project.to_string())]);
    let list = List { operation: "list project roles", url, per_page: Some(PER_PAGE) };
    let rows = page::all(client, &list, |row: &RoleRow| row.id).await?;
    let mut roles: Vec<ProjectRole> = rows.into_iter().filter_map(RoleRow::held).collect();
    roles.sort();
    roles.dedup();
    Ok(roles)
}

/// Reads an answer as the list does.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer) -> Result<Vec<ProjectRole>, Error> {
    let rows: Vec<RoleRow> = answer.json("list project roles")?;
    Ok(rows.into_iter().filter_map(RoleRow::held).collect())
}
