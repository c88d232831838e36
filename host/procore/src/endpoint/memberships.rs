//! Users in projects.

use std::collections::BTreeMap;

use muster_core::directory::Membership;
use muster_core::id::{CompanyId, Id, ProjectId, TemplateId, UserId};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::filled;
use crate::client::Client;
use crate::dialect::Dialect;
use crate::error::Error;
#[cfg(fuzzing)]
use crate::exchange::Answer;
use crate::page::{self, List};

/// `RestV10CompaniesCompanyIdUsersUserIdProjectAssignmentsGet`. Lists of project users show active people only, so after
/// a deactivation they would prove nothing; this one shows memberships whatever the user is.
fn assignments(company: CompanyId, user: UserId) -> String {
    format!("/rest/v1.0/companies/{company}/users/{user}/project_assignments")
}

/// How somebody is put on a project: `RestV10ProjectsProjectIdUsersIdActionsAddPost`, whose body may be left out. The
/// guide names the user in the body instead; in the reference that path makes new users.
fn addition(
    dialect: Dialect,
    project: ProjectId,
    user: UserId,
    template: Option<TemplateId>,
) -> (String, Option<Value>) {
    let template = template.map(|template| ("permission_template_id", template.get()));
    let fields =
        |id: Option<(&'static str, u64)>| -> BTreeMap<_, _> { id.into_iter().chain(template).collect() };
    match dialect {
        Dialect::Reference => {
            let path = format!("/rest/v1.0/projects/{project}/users/{user}/actions/add");
            (path, template.map(|_| json!({ "user": fields(None) })))
        }
        Dialect::Guide => {
            let body = json!({ "user": fields(Some(("id", user.get()))) });
            (format!("/rest/v1.0/projects/{project}/users"), Some(body))
        }
    }
}

/// `RestV10ProjectsProjectIdUsersIdActionsRemoveDelete`; the reference has no plain `DELETE` of a project user, which is
/// how the guide does it.
fn removal(dialect: Dialect, project: ProjectId, user: UserId) -> String {
    let action = match dialect {
        Dialect::Reference => "/actions/remove",
        Dialect::Guide => "",
    };
    format!("/rest/v1.0/projects/{project}/users/{user}{action}")
}

/// `RestV10ProjectsProjectIdPermissionTemplateAssignmentsPatch`. Neither adding somebody once more nor changing a project
/// user sets the template.
fn template_assignments(project: ProjectId) -> String {
    format!("/rest/v1.0/projects/{project}/permission_template_assignments")
}

/// What was seen to be granted; Procore names no maximum for this list (developers.procore.com, pagination).
const PER_PAGE: u32 = 100;

#[derive(Deserialize)]
struct AssignmentRow {
    project_id: u64,
    name: String,
    project_number: Option<String>,
    is_assigned: bool,
    active: bool,
    /// Left out where there are none.
    roles: Option<Vec<String>>,
    permission_template_name: Option<String>,
}

/// Returns the memberships of a user in active and inactive projects, sorted by project.
///
/// The list has potential memberships too (developers.procore.com, list project assignments), so the filter is not
/// trusted: each row has to say itself that it is one.
pub(crate) async fn of_user(client: &Client, user: UserId) -> Result<Vec<Membership>, Error> {
    let filters = [("filters[assignment_status]", "assigned"), ("filters[by_status]", "All")];
    let url = client.url(&assignments(client.company(), user), &filters);
    let list = List { operation: "list memberships", url, per_page: Some(PER_PAGE) };
    let rows = page::all(client, &list, |row: &AssignmentRow| row.project_id).await?;
    let assigned = rows.into_iter().filter(|row| row.is_assigned);
    let mut memberships: Vec<Membership> = assigned.map(|row| membership(user, row)).collect();
    memberships.sort_by_key(|membership| membership.project);
    Ok(memberships)
}

/// Takes a user out of a project. The user stays in the company; items stay where they are.
pub(crate) async fn remove(client: &Client, user: UserId, project: ProjectId) -> Result<(), Error> {
    let url = client.url(&removal(client.dialect(), project, user), &[]);
    client.write("remove user from project", Method::DELETE, url, None).await
}

/// Puts a user on a project, with this template or, in the reference, the user's own for new memberships.
pub(crate) async fn add(
    client: &Client,
    user: UserId,
    project: ProjectId,
    template: Option<TemplateId>,
) -> Result<(), Error> {
    let (path, body) = addition(client.dialect(), project, user, template);
    client.write("add user to project", Method::POST, client.url(&path, &[]), body).await
}

/// Sets the template of a user who is on the project.
pub(crate) async fn set_template(
    client: &Client,
    user: UserId,
    project: ProjectId,
    template: TemplateId,
) -> Result<(), Error> {
    let url = client.url(&template_assignments(project), &[]);
    // The key is plural, what it holds is one object (developers.procore.com, assign permission template).
    let body = json!({
        "permission_template_assignments": { "user_id": user.get(), "permission_template_id": template.get() }
    });
    client.write("set project template", Method::PATCH, url, Some(body)).await
}

fn membership(user: UserId, row: AssignmentRow) -> Membership {
    let mut roles = row.roles.unwrap_or_default();
    roles.sort();
    Membership {
        user,
        project: Id::new(row.project_id),
        project_name: row.name,
        project_number: filled(row.project_number),
        project_active: row.active,
        template_name: filled(row.permission_template_name),
        roles,
    }
}

/// Reads an answer as the list does.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer, user: UserId) -> Result<Vec<Membership>, Error> {
    let rows: Vec<AssignmentRow> = answer.json("list memberships")?;
    Ok(rows.into_iter().map(|row| membership(user, row)).collect())
}
