//! Invitations: the welcome mail that gives a user a first login.

use jiff::Timestamp;
use muster_core::directory::Invitation;
use muster_core::id::{CompanyId, UserId};
use reqwest::Method;
use serde::Deserialize;

use super::users::{self, UserRow};
use super::{about, sent};
use crate::client::Client;
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind};
use crate::page::{self, List};

/// `RestV13CompaniesCompanyIdUsersIdInvitePatch`, which invites and invites again.
fn invite_action(company: CompanyId, user: UserId) -> String {
    format!("/rest/v1.3/companies/{company}/users/{user}/invite")
}

/// `RestV13CompaniesCompanyIdUsersGet`, which has active users only; the guide's list has everybody.
fn active(dialect: Dialect, company: CompanyId) -> String {
    match dialect {
        Dialect::Reference => format!("/rest/v1.3/companies/{company}/users"),
        Dialect::Guide => users::guides_list(company),
    }
}

/// What the search of that list is called.
fn search(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Reference => "filters[search]",
        Dialect::Guide => "search",
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
    /// Not every answer says it; where one does, `null` is never.
    #[serde(default, deserialize_with = "sent")]
    welcome_email_sent_at: Option<Option<Timestamp>>,
    last_login_at: Option<Timestamp>,
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
    let Some(answer) = users::shown(client, operation, user).await? else { return Ok(None) };
    let shown: InvitationRow = answer.json(operation)?;
    about(&answer, operation, "user", user.get(), shown.id)?;
    if let Some(invitation) = shown.invitation() {
        return Ok(Some(invitation));
    }
    let row: UserRow = answer.json(operation)?;
    let is_active = row.is_active;
    let email = muster_core::directory::User::from(row).email;
    let mut url = if is_active {
        client.url(&active(client.dialect(), client.company()), &[])
    } else {
        client.url(&inactive(client.company()), &[])
    };
    if let Some(email) = email.filter(|_| is_active) {
        url.query_pairs_mut().append_pair(search(client.dialect()), email.as_str());
    }
    let list = List { operation, url, per_page: Some(PER_PAGE) };
    let rows = page::all(client, &list, |row: &InvitationRow| row.id).await?;
    let listed = rows.iter().find(|row| row.id == user.get());
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
