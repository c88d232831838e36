//! Invitations: the welcome mail that gives a user a first login.

use jiff::Timestamp;
use muster_core::directory::Invitation;
use muster_core::id::{CompanyId, UserId};
use reqwest::{Method, Url};
use serde::Deserialize;

use super::{sent, users};
use crate::client::Client;
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind};
#[cfg(fuzzing)]
use crate::exchange::Answer;
use crate::page::{self, List};

/// `RestV13CompaniesCompanyIdUsersIdInvitePatch`, which invites and invites again.
fn invite_action(company: CompanyId, user: UserId) -> String {
    format!("/rest/v1.3/companies/{company}/users/{user}/invite")
}

/// `RestV13CompaniesCompanyIdUsersGet`, which has active users only. The guide's list does not say who was invited, but
/// that of all people, `RestV10CompaniesCompanyIdPeopleGet`, does in its extended view.
fn active(client: &Client) -> Url {
    let company = client.company();
    match client.dialect() {
        Dialect::Reference => client.url(&format!("/rest/v1.3/companies/{company}/users"), &[]),
        Dialect::Guide => {
            client.url(&format!("/rest/v1.0/companies/{company}/people"), &[("view", "extended")])
        }
    }
}

/// `RestV10CompaniesCompanyIdUsersInactiveGet`, which knows no search.
fn inactive(company: CompanyId) -> String {
    format!("/rest/v1.0/companies/{company}/users/inactive")
}

/// Half of what Procore recommends at most (developers.procore.com, pagination).
const PER_PAGE: u32 = 1000;

#[derive(Deserialize)]
struct InvitationRow {
    id: u64,
    /// The number of the user, in rows of people, which have another number of their own.
    user_id: Option<u64>,
    /// Not every answer says it; where one does, `null` is never.
    #[serde(default, deserialize_with = "sent")]
    welcome_email_sent_at: Option<Option<Timestamp>>,
    last_login_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct ShownRow {
    is_active: bool,
    login: Option<String>,
    email_address: Option<String>,
}

impl InvitationRow {
    fn invitation(&self) -> Option<Invitation> {
        let sent_at = self.welcome_email_sent_at?;
        Some(Invitation { sent_at, last_login_at: self.last_login_at })
    }
}

/// Returns where the invitation of a user stands.
///
/// The answer that shows one user does not say when the mail was sent (developers.procore.com, show company user); the
/// rows of the lists do. So the user is looked for in the list that has them.
pub(crate) async fn of_user(client: &Client, user: UserId) -> Result<Option<Invitation>, Error> {
    let operation = "show invitation";
    let Some(shown) = users::shown::<ShownRow>(client, operation, user).await? else { return Ok(None) };
    let mut url = if shown.is_active { active(client) } else { client.url(&inactive(client.company()), &[]) };
    if let Some(address) = shown.login.or(shown.email_address).filter(|_| shown.is_active) {
        url.query_pairs_mut().append_pair("filters[search]", &address);
    }
    let list = List { operation, url, per_page: Some(PER_PAGE) };
    let rows = page::all(client, &list, |row: &InvitationRow| row.id).await?;
    let listed = rows.iter().find(|row| row.user_id.unwrap_or(row.id) == user.get());
    let told = listed.and_then(InvitationRow::invitation).map(Some);
    told.ok_or_else(|| {
        let why = format!("no list says whether user {user} was invited");
        Error::new(operation, ErrorKind::Malformed).saying(why)
    })
}

/// Sends the welcome mail, once more if there was one.
pub(crate) async fn send(client: &Client, user: UserId) -> Result<(), Error> {
    let url = client.url(&invite_action(client.company(), user), &[]);
    client.write("invite user", Method::PATCH, url, None).await
}

/// Reads an answer as the lists do.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer) -> Result<Vec<Option<Invitation>>, Error> {
    let rows: Vec<InvitationRow> = answer.json("show invitation")?;
    Ok(rows.iter().map(InvitationRow::invitation).collect())
}
