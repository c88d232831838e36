//! Contacts in projects. Procore calls who is on a project a *party*; only contacts are put on and taken off as such, users
//! have operations of their own (developers.procore.com, create project membership).

use std::collections::BTreeMap;

use muster_core::directory::Contact;
use muster_core::id::{CompanyId, ContactId, ProjectId};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::Number;
use super::contacts::{PER_PAGE, PersonRow};
use crate::client::Client;
use crate::error::{Error, ErrorKind};
#[cfg(fuzzing)]
use crate::exchange::Answer;
use crate::page::{self, List};

/// `RestV10ProjectsProjectIdPeopleGet`, which has active people only, and `RestV10ProjectsProjectIdPeopleInactiveGet`.
fn people(project: ProjectId, is_active: bool) -> String {
    let list = if is_active { "people" } else { "people/inactive" };
    format!("/rest/v1.0/projects/{project}/{list}")
}

/// `RestV10ProjectsProjectIdProjectMembershipsPost`.
fn memberships(project: ProjectId) -> String {
    format!("/rest/v1.0/projects/{project}/project_memberships")
}

/// `RestV20CompaniesCompanyIdProjectsProjectIdProjectMembershipsBulkRemoveDelete`, the one operation that needs no number
/// of the membership.
fn bulk_remove(company: CompanyId, project: ProjectId) -> String {
    format!("/rest/v2.0/companies/{company}/projects/{project}/project_memberships/bulk_remove")
}

#[derive(Deserialize)]
struct RemovedBody {
    data: RemovedRow,
}

#[derive(Deserialize)]
struct RemovedRow {
    processed_ids: Vec<Number>,
    skipped_ids: Vec<Number>,
}

/// Returns the contacts on a project, active and inactive, sorted by id.
pub(crate) async fn of_project(client: &Client, project: ProjectId) -> Result<Vec<Contact>, Error> {
    let operation = "list contacts of project";
    let mut contacts = BTreeMap::new();
    for is_active in [true, false] {
        let url = client.url(&people(project, is_active), &[("filters[reference_users_only]", "true")]);
        let list = List { operation, url, per_page: Some(PER_PAGE) };
        let rows = page::all(client, &list, |row: &PersonRow| row.id).await?;
        let listed = rows.into_iter().filter_map(PersonRow::into_contact);
        contacts.extend(listed.filter(|row| row.active == is_active).map(|row| (row.id, row)));
    }
    Ok(contacts.into_values().collect())
}

/// Puts a contact on a project.
pub(crate) async fn add(client: &Client, contact: ContactId, project: ProjectId) -> Result<(), Error> {
    let url = client.url(&memberships(project), &[]);
    let body = json!({ "project_membership": { "party_id": contact.get() } });
    client.write("add contact to project", Method::POST, url, Some(body)).await
}

/// Takes a contact off a project. Who was skipped, for example because it is no contact, is still there.
pub(crate) async fn remove(client: &Client, contact: ContactId, project: ProjectId) -> Result<(), Error> {
    let operation = "remove contact from project";
    let url = client.url(&bulk_remove(client.company(), project), &[]);
    let body = json!({ "party_ids": [contact.get()] });
    let answer = client.write_answered(operation, Method::DELETE, url, Some(body)).await?;
    let removed: RemovedBody = answer.json(operation)?;
    let asked = Number(contact.get());
    match () {
        () if removed.data.processed_ids.contains(&asked) => Ok(()),
        () if removed.data.skipped_ids.contains(&asked) => {
            let why =
                format!("Procore skipped person {contact}: it is no contact, or not on project {project}");
            Err(Error::new(operation, ErrorKind::Invalid).saying(why))
        }
        () => Err(answer.malformed(operation, &format!("it does not mention person {contact}"))),
    }
}

/// Reads an answer as the removal does.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer) -> Result<(), Error> {
    answer.json::<RemovedBody>("remove contact from project").map(drop)
}
