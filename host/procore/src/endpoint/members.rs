//! The users of one project, as its own directory shows them.

use std::collections::BTreeMap;

use muster_core::directory::{Member, Person, TemplateRef};
use muster_core::id::{Id, ProjectId, TemplateId, UserId};
use serde::Deserialize;

use super::{filled, full_name, templates};
use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::page::{self, List};

/// `RestV10ProjectsProjectIdUsersGet`, which has active people only. The guide spells it in the same way.
fn active(project: ProjectId) -> String {
    format!("/rest/v1.0/projects/{project}/users")
}

/// `RestV10ProjectsProjectIdUsersInactiveGet`: who has no login, but keeps the membership.
fn inactive(project: ProjectId) -> String {
    format!("/rest/v1.0/projects/{project}/users/inactive")
}

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

impl MemberRow {
    fn template(&mut self) -> Option<(TemplateId, Option<String>)> {
        let nested = self.permission_template.take().map(|row| (Id::new(row.id), filled(row.name)));
        nested.or(self.permission_template_id.map(|id| (Id::new(id), None)))
    }
}

/// Returns everybody with a membership in a project, active or not, sorted by person.
pub(crate) async fn of_project(client: &Client, project: ProjectId) -> Result<Vec<Member>, Error> {
    let operation = "list members";
    let mut rows = list(client, operation, &active(project), None, true).await?;
    rows.extend(list(client, operation, &inactive(project), None, false).await?);
    let members = members(client, project, rows).await?;
    // Who lost the login between the two lists is in both; the second is the later word.
    let by_person: BTreeMap<UserId, Member> =
        members.into_iter().map(|member| (member.person.id, member)).collect();
    Ok(by_person.into_values().collect())
}

/// Returns one member of a project.
///
/// From the lists: the answer that shows one project user hides who is inactive and does not say which template the
/// membership has (developers.procore.com, show project user).
pub(crate) async fn show(client: &Client, user: UserId, project: ProjectId) -> Result<Option<Member>, Error> {
    let operation = "show member";
    let found = async {
        let rows = list(client, operation, &active(project), Some(user), true).await?;
        match rows.into_iter().find(|row| row.id == user.get()) {
            Some(row) => Ok(Some(row)),
            None => {
                let rows = list(client, operation, &inactive(project), None, false).await?;
                Ok(rows.into_iter().find(|row| row.id == user.get()))
            }
        }
    };
    match found.await {
        Ok(row) => Ok(members(client, project, row.into_iter().collect()).await?.pop()),
        Err(error) if Error::kind(&error) == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Reads one of the two lists. Which one a row comes from is not trusted to say whether the login works.
async fn list(
    client: &Client,
    operation: &'static str,
    path: &str,
    user: Option<UserId>,
    is_active: bool,
) -> Result<Vec<MemberRow>, Error> {
    let mut url = client.url(path, &[]);
    if let Some(user) = user {
        url.query_pairs_mut().append_pair("filters[id]", &user.to_string());
    }
    let list = List { operation, url, per_page: Some(PER_PAGE) };
    let mut rows = page::all(client, &list, |row: &MemberRow| row.id).await?;
    rows.retain(|row| row.is_active == is_active);
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
    Member {
        person: Person { id: Id::new(row.id), name: full_name(row.name, row.first_name, row.last_name) },
        email: row.login.or(row.email_address).and_then(|address| address.parse().ok()),
        active: row.is_active,
        template,
    }
}
