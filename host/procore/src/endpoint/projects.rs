//! Projects.

use muster_core::directory::Project;
use muster_core::id::{Id, ProjectId};
use serde::Deserialize;

use super::filled;
use crate::client::Client;
use crate::error::{Error, optional};
#[cfg(fuzzing)]
use crate::exchange::Answer;
use crate::page::{self, List};

/// `RestV10ProjectsIdGet`.
fn one(project: ProjectId) -> String {
    format!("/rest/v1.0/projects/{project}")
}

/// `RestV11ProjectsGet`.
const ALL: &str = "/rest/v1.1/projects";

/// The most that Procore grants for projects (developers.procore.com, list projects).
const PER_PAGE: u32 = 300;

#[derive(Deserialize)]
struct ProjectRow {
    id: u64,
    name: String,
    project_number: Option<String>,
    active: bool,
    project_stage: Option<StageRow>,
}

#[derive(Deserialize)]
struct StageRow {
    name: Option<String>,
}

impl From<ProjectRow> for Project {
    fn from(row: ProjectRow) -> Self {
        Self {
            id: Id::new(row.id),
            name: row.name,
            number: filled(row.project_number),
            active: row.active,
            stage: filled(row.project_stage.and_then(|stage| stage.name)),
        }
    }
}

/// Returns one project, active or not.
pub(crate) async fn show(client: &Client, project: ProjectId) -> Result<Option<Project>, Error> {
    let operation = "show project";
    let url = client.url(&one(project), &[("company_id", &client.company().to_string())]);
    let Some(answer) = optional(client.read(operation, url).await)? else { return Ok(None) };
    let row: ProjectRow = answer.json(operation)?;
    if row.id != project.get() {
        return Err(
            answer.malformed(operation, &format!("project {} was asked for, {} came", project, row.id))
        );
    }
    Ok(Some(row.into()))
}

/// Returns the active projects that we can see, sorted by id. A service account sees only those that it is permitted
/// (developers.procore.com, developer managed service accounts).
pub(crate) async fn active(client: &Client) -> Result<Vec<Project>, Error> {
    let company = client.company().to_string();
    let url = client.url(ALL, &[("company_id", company.as_str()), ("filters[by_status]", "Active")]);
    let list = List { operation: "list projects", url, per_page: Some(PER_PAGE) };
    let rows = page::all(client, &list, |row: &ProjectRow| row.id).await?;
    let mut projects: Vec<Project> = rows.into_iter().filter(|row| row.active).map(Project::from).collect();
    projects.sort_by_key(|project| project.id);
    Ok(projects)
}

/// Reads an answer as the list does.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer) -> Result<Vec<Project>, Error> {
    let rows: Vec<ProjectRow> = answer.json("list projects")?;
    Ok(rows.into_iter().map(Project::from).collect())
}
