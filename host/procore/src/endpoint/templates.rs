//! Permission templates.

use std::collections::BTreeMap;

use muster_core::directory::{Template, TemplateKind};
use muster_core::id::{CompanyId, Id, ProjectId, TemplateId};
use reqwest::Url;
use serde::Deserialize;
use serde_json::Value;

use crate::client::Client;
use crate::error::{Error, optional};
#[cfg(fuzzing)]
use crate::exchange::Answer;
use crate::page::{self, List};

/// `RestV10CompaniesCompanyIdPermissionTemplatesGet`, which Procore does not page.
fn all(company: CompanyId) -> String {
    format!("/rest/v1.0/companies/{company}/permission_templates")
}

/// `RestV10CompaniesCompanyIdPermissionTemplatesIdGet`.
fn one(company: CompanyId, template: TemplateId) -> String {
    format!("/rest/v1.0/companies/{company}/permission_templates/{template}")
}

/// `RestV10ProjectsProjectIdPermissionTemplatesGet`, which Procore does not page either.
fn in_project(project: ProjectId) -> String {
    format!("/rest/v1.0/projects/{project}/permission_templates")
}

#[derive(Deserialize)]
struct TemplateRow {
    id: u64,
    name: String,
    r#type: Kind,
    /// The level on each tool, where the answer goes into such detail.
    user_access_levels: Option<BTreeMap<String, Value>>,
}

#[derive(Deserialize)]
struct Levels {
    id: u64,
    user_access_levels: Option<BTreeMap<String, Value>>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Kind {
    CompanyTools,
    Global,
    ProjectSpecific,
}

impl From<TemplateRow> for Template {
    fn from(row: TemplateRow) -> Self {
        let kind = match row.r#type {
            Kind::CompanyTools => TemplateKind::Company,
            Kind::Global => TemplateKind::Global,
            Kind::ProjectSpecific => TemplateKind::ProjectSpecific,
        };
        let directory_admin = directory_admin(row.user_access_levels.as_ref());
        Self { id: Id::new(row.id), name: row.name, kind, directory_admin }
    }
}

/// Returns the templates for the company's own tools, with what they allow. They are hidden from the list unless asked
/// for (developers.procore.com, list permission templates).
pub(crate) async fn company(client: &Client) -> Result<Vec<Template>, Error> {
    list(client, &[("filters[type]", "company_tools"), ("view", "with_permissions")]).await
}

/// Returns the templates for project tools: the global ones and those of single projects.
pub(crate) async fn project(client: &Client) -> Result<Vec<Template>, Error> {
    list(client, &[("filters[type]", "project_tools")]).await
}

/// Returns the templates for any project, the only ones that new memberships may get by default.
pub(crate) async fn global(client: &Client) -> Result<Vec<Template>, Error> {
    let listed = list(client, &[("filters[type]", "global")]).await?;
    Ok(listed.into_iter().filter(|template| template.kind == TemplateKind::Global).collect())
}

/// Returns the templates that our account may give to the users of a project.
pub(crate) async fn assignable(client: &Client, project: ProjectId) -> Result<Vec<Template>, Error> {
    rows(client, client.url(&in_project(project), &[("filters[assignables_only]", "true")])).await
}

/// Returns the templates that there are for the users of a project.
pub(super) async fn of_project(client: &Client, project: ProjectId) -> Result<Vec<Template>, Error> {
    rows(client, client.url(&in_project(project), &[])).await
}

/// Returns whether one template gives the level *admin* on the directory, or `None` if its details don't say.
pub(super) async fn is_directory_admin(client: &Client, template: TemplateId) -> Result<Option<bool>, Error> {
    let operation = "show permission template";
    let url = client.url(&one(client.company(), template), &[]);
    let Some(answer) = optional(client.read(operation, url).await)? else { return Ok(None) };
    let levels: Levels = answer.json(operation)?;
    if levels.id != template.get() {
        let why = format!("template {} was asked for, {} came", template, levels.id);
        return Err(answer.malformed(operation, &why));
    }
    Ok(directory_admin(levels.user_access_levels.as_ref()))
}

async fn list(client: &Client, query: &[(&str, &str)]) -> Result<Vec<Template>, Error> {
    rows(client, client.url(&all(client.company()), query)).await
}

async fn rows(client: &Client, url: Url) -> Result<Vec<Template>, Error> {
    let list = List { operation: "list permission templates", url, per_page: None };
    let rows = page::all(client, &list, |row: &TemplateRow| row.id).await?;
    let mut templates: Vec<Template> = rows.into_iter().map(Template::from).collect();
    templates.sort_by_key(|template| template.id);
    Ok(templates)
}

/// Levels are numbers (developers.procore.com, show permission template, in its example), of which 4 is *admin* (update
/// managed equipment permission). A text is taken too, for the reference has no type for them.
fn directory_admin(levels: Option<&BTreeMap<String, Value>>) -> Option<bool> {
    let mut tools = levels?.iter().filter(|(tool, _)| tool.eq_ignore_ascii_case("directory"));
    match tools.next()?.1 {
        Value::String(level) => Some(level.eq_ignore_ascii_case("admin")),
        level => level.as_u64().filter(|level| (1..=4).contains(level)).map(|level| level == 4),
    }
}

/// Reads an answer as the list does, or else as one template's details.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer) -> Result<Vec<Template>, Error> {
    if let Ok(levels) = answer.json::<Levels>("show permission template") {
        directory_admin(levels.user_access_levels.as_ref());
    }
    let rows: Vec<TemplateRow> = answer.json("list permission templates")?;
    Ok(rows.into_iter().map(Template::from).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn admin(levels: Value) -> Option<bool> {
        let row = json!({"id": 1, "name": "x", "type": "company_tools", "user_access_levels": levels});
        Template::from(serde_json::from_value::<TemplateRow>(row).unwrap()).directory_admin
    }

    #[test]
    fn the_level_on_the_directory_is_read_in_any_case_and_never_guessed() {
        assert_eq!(admin(json!({"directory": "admin"})), Some(true));
        assert_eq!(admin(json!({"Directory": "Admin", "rfi": "none"})), Some(true));
        assert_eq!(admin(json!({"directory": "standard"})), Some(false));
        assert_eq!(admin(json!({"directory": 4, "rfi": 1})), Some(true));
        assert_eq!(admin(json!({"directory": 3})), Some(false));
        assert_eq!(admin(json!({"rfi": "admin"})), None);
        assert_eq!(admin(json!({"directory": 5})), None);
        assert_eq!(admin(json!({"directory": null})), None);
        assert_eq!(admin(json!({})), None);
        assert_eq!(admin(Value::Null), None);
    }

    #[test]
    fn a_kind_that_is_not_documented_is_an_error() {
        let row = json!({"id": 1, "name": "x", "type": "galactic"});
        assert!(serde_json::from_value::<TemplateRow>(row).is_err());
    }
}
