//! The users of one project, as its own directory shows them.

use std::collections::BTreeMap;

use muster_core::directory::{Candidates, Member, Person, TemplateRef};
use muster_core::id::{Id, ProjectId, TemplateId, UserId};
use serde::Deserialize;

use super::{filled, full_name, sent, templates};
use crate::client::Client;
use crate::error::{Error, ErrorKind};
#[cfg(fuzzing)]
use crate::exchange::Answer;
use crate::page::{self, List};

/// `RestV10ProjectsProjectIdUsersGet`, which has active people only. The guide spells it in the same way.
fn active(project: ProjectId) -> String {
    format!("/rest/v1.0/projects/{project}/users")
}

/// `RestV10ProjectsProjectIdPeopleInactiveGet`: who has no login, but keeps the membership. The list of inactive users
/// itself, `users/inactive`, does not say which template a membership has.
fn inactive(project: ProjectId) -> String {
    format!("/rest/v1.0/projects/{project}/people/inactive")
}

/// The view of it that shows templates (developers.procore.com, list project people), and users alone.
const WITH_TEMPLATES: [(&str, &str); 2] = [("view", "web"), ("filters[without_reference_users]", "true")];

/// What was seen to be granted; Procore names no maximum for this list (developers.procore.com, pagination).
const PER_PAGE: u32 = 100;

/// What is null is left out (developers.procore.com, show project user). An account that may not read the directory gets
/// rows without `is_active`, in which a missing template says nothing, so such rows are refused.
#[derive(Deserialize)]
struct MemberRow {
    id: u64,
    name: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    login: Option<String>,
    email_address: Option<String>,
    is_active: bool,
    permission_template: Option<TemplateRow>,
    /// The guide's spelling.
    permission_template_id: Option<u64>,
}

#[derive(Deserialize)]
struct TemplateRow {
    id: u64,
    name: Option<String>,
}

/// Somebody in the list of inactive people.
#[derive(Deserialize)]
struct InactiveRow {
    id: u64,
    first_name: Option<String>,
    last_name: Option<String>,
    /// Missing where there is none: contacts have none.
    user_id: Option<u64>,
    email: Option<String>,
    contact: StateRow,
    #[serde(default, deserialize_with = "sent")]
    permission_template: Option<Option<TemplateRow>>,
    /// Only in the view that shows templates, where it is never null: an account that may not read the directory gets
    /// another one, in which a missing template says nothing.
    erp_integrated_accountant: Option<bool>,
}

#[derive(Deserialize)]
struct StateRow {
    is_active: bool,
    email: Option<String>,
}

impl MemberRow {
    fn into_person(self) -> Person {
        Person { id: Id::new(self.id), name: full_name(self.name, self.first_name, self.last_name) }
    }

    fn template(&mut self) -> Option<(TemplateId, Option<String>)> {
        let nested = self.permission_template.take().map(|row| (Id::new(row.id), filled(row.name)));
        nested.or(self.permission_template_id.map(|id| (Id::new(id), None)))
    }
}

impl InactiveRow {
    /// Returns the user, or `None` for a contact.
    fn into_member(self, operation: &'static str) -> Result<Option<MemberRow>, Error> {
        let Some(user) = self.user_id else { return Ok(None) };
        if self.permission_template.is_none() && self.erp_integrated_accountant.is_none() {
            let why = format!("the list of inactive people does not say which template user {user} has");
            return Err(Error::new(operation, ErrorKind::Malformed).saying(why));
        }
        Ok(Some(MemberRow {
            id: user,
            name: None,
            first_name: self.first_name,
            last_name: self.last_name,
            login: None,
            email_address: self.email.or(self.contact.email),
            is_active: self.contact.is_active,
            permission_template: self.permission_template.flatten(),
            permission_template_id: None,
        }))
    }
}

/// Returns everybody with a membership in a project, active or not, sorted by person.
pub(crate) async fn of_project(client: &Client, project: ProjectId) -> Result<Vec<Member>, Error> {
    let operation = "list members";
    let mut rows = active_rows(client, operation, project, None).await?;
    rows.extend(inactive_rows(client, operation, project).await?);
    let members = members(client, project, rows).await?;
    // Who lost the login between the two lists is in both; the second is the later word.
    let by_person: BTreeMap<UserId, Member> =
        members.into_iter().map(|member| (member.person.id, member)).collect();
    Ok(by_person.into_values().collect())
}

/// Returns one member of a project.
///
/// From the lists: the answer that shows one project user does not say which template the membership has (developers.procore.com, show project user).
pub(crate) async fn show(client: &Client, user: UserId, project: ProjectId) -> Result<Option<Member>, Error> {
    let operation = "show member";
    // An answer that the project is not there says nothing about the user, so it stays an error.
    match find(client, operation, user, project).await? {
        Some(row) => Ok(members(client, project, vec![row]).await?.pop()),
        None => Ok(None),
    }
}

/// Returns who could be given what no tool offers anybody for: everybody on the project who has a login.
pub(crate) async fn candidates(client: &Client, project: ProjectId) -> Result<Candidates, Error> {
    let rows = active_rows(client, "list candidates", project, None).await?;
    let mut people: Vec<Person> = rows.into_iter().map(MemberRow::into_person).collect();
    people.sort();
    Ok(Candidates { people, offered: false })
}

async fn find(
    client: &Client,
    operation: &'static str,
    user: UserId,
    project: ProjectId,
) -> Result<Option<MemberRow>, Error> {
    let is_wanted = |row: &MemberRow| row.id == user.get();
    let rows = active_rows(client, operation, project, Some(user)).await?;
    match rows.into_iter().find(is_wanted) {
        Some(row) => Ok(Some(row)),
        None => Ok(inactive_rows(client, operation, project).await?.into_iter().find(is_wanted)),
    }
}

/// Reads the list of active members. Each row has to say itself that the login works.
async fn active_rows(
    client: &Client,
    operation: &'static str,
    project: ProjectId,
    user: Option<UserId>,
) -> Result<Vec<MemberRow>, Error> {
    let mut url = client.url(&active(project), &[]);
    if let Some(user) = user {
        url.query_pairs_mut().append_pair("filters[id]", &user.to_string());
    }
    let list = List { operation, url, per_page: Some(PER_PAGE) };
    let mut rows = page::all(client, &list, |row: &MemberRow| row.id).await?;
    rows.retain(|row| row.is_active);
    Ok(rows)
}

/// Reads the list of inactive members. Each row has to say itself that the login does not work.
async fn inactive_rows(
    client: &Client,
    operation: &'static str,
    project: ProjectId,
) -> Result<Vec<MemberRow>, Error> {
    let url = client.url(&inactive(project), &WITH_TEMPLATES);
    let list = List { operation, url, per_page: Some(PER_PAGE) };
    let mut rows = Vec::new();
    for row in page::all(client, &list, |row: &InactiveRow| row.id).await? {
        rows.extend(row.into_member(operation)?.filter(|row| !row.is_active));
    }
    Ok(rows)
}

/// Makes members of rows. The guide gives templates without their names, which the project's own list has.
async fn members(
    client: &Client,
    project: ProjectId,
    mut rows: Vec<MemberRow>,
) -> Result<Vec<Member>, Error> {
    let held: Vec<_> = rows.iter_mut().map(MemberRow::template).collect();
    let nameless = held.iter().flatten().any(|(_, name)| name.is_none());
    let names: BTreeMap<TemplateId, String> = if nameless {
        let listed = templates::of_project(client, project).await?;
        listed.into_iter().map(|template| (template.id, template.name)).collect()
    } else {
        BTreeMap::new()
    };
    let named = |(id, name): (TemplateId, Option<String>)| TemplateRef {
        id,
        name: name.or_else(|| names.get(&id).cloned()).unwrap_or_default(),
    };
    Ok(rows.into_iter().zip(held).map(|(row, held)| member(row, held.map(named))).collect())
}

fn member(row: MemberRow, template: Option<TemplateRef>) -> Member {
    let addresses = [&row.login, &row.email_address];
    let email = addresses.into_iter().flatten().find_map(|address| address.parse().ok());
    Member { email, active: row.is_active, person: row.into_person(), template }
}

/// Reads an answer as either list does.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer) -> Result<(), Error> {
    let operation = "list members";
    if let Ok(rows) = answer.json::<Vec<InactiveRow>>(operation) {
        let _: Vec<_> = rows.into_iter().map(|row| row.into_member(operation)).collect();
    }
    let rows: Vec<MemberRow> = answer.json(operation)?;
    rows.into_iter().for_each(|mut row| {
        let template = row.template().map(|(id, name)| TemplateRef { id, name: name.unwrap_or_default() });
        member(row, template);
    });
    Ok(())
}
