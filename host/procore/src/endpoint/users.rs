//! Users of the company.

use std::future::ready;
use std::sync::Arc;

use futures_util::stream::{Stream, TryStreamExt};
use jiff::Timestamp;
use muster_core::directory::{Activity, User, VendorRef};
use muster_core::id::{CompanyId, Email, Id, TemplateId, UserId};
use reqwest::{Method, Url};
use serde::Deserialize;
use serde_json::json;

use super::{filled, sent};
use crate::client::Client;
use crate::error::{Error, optional};
#[cfg(fuzzing)]
use crate::exchange::Answer;
use crate::page::{self, List};

/// `RestV13CompaniesCompanyIdUsersIdGet` and `RestV13CompaniesCompanyIdUsersIdPatch`.
fn one(company: CompanyId, user: UserId) -> String {
    format!("/rest/v1.3/companies/{company}/users/{user}")
}

/// `RestV13UsersGet`. This list has active and inactive people; the one under `companies/{company_id}` has active people
/// only (developers.procore.com, list company users).
const ALL: &str = "/rest/v1.3/users";

/// Procore recommends pages of at most 2,000 rows (developers.procore.com, pagination); half of it keeps answers small.
const PER_PAGE: u32 = 1000;

#[derive(Deserialize)]
struct UserRow {
    id: u64,
    name: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    email_address: Option<String>,
    job_title: Option<String>,
    is_active: bool,
    is_employee: bool,
    employee_id: Option<String>,
    vendor: Option<VendorRow>,
    /// The template is spelled in two ways: as an id, or nested in lists of older versions.
    #[serde(default, deserialize_with = "sent")]
    company_permission_template_id: Option<Option<u64>>,
    #[serde(default, deserialize_with = "sent")]
    company_permission_template: Option<Option<TemplateRow>>,
    default_permission_template_id: Option<u64>,
    permission_template: Option<TemplateRow>,
    updated_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct VendorRow {
    id: u64,
    name: Option<String>,
}

#[derive(Deserialize)]
struct TemplateRow {
    id: u64,
}

/// An active user, with whether Procore said at all which company template the user has.
pub(super) struct Active {
    pub(super) user: User,
    pub(super) says_company_template: bool,
}

impl UserRow {
    fn says_company_template(&self) -> bool {
        self.company_permission_template_id.is_some() || self.company_permission_template.is_some()
    }
}

impl From<UserRow> for User {
    fn from(row: UserRow) -> Self {
        let template = |id: Option<u64>, nested: Option<TemplateRow>| -> Option<TemplateId> {
            id.or(nested.map(|nested| nested.id)).map(Id::new)
        };
        let parts = [row.first_name, row.last_name].into_iter().filter_map(filled);
        let name = filled(row.name).unwrap_or_else(|| parts.collect::<Vec<_>>().join(" "));
        Self {
            id: Id::new(row.id),
            name,
            email: row.email_address.and_then(|address| address.parse().ok()),
            job_title: filled(row.job_title),
            active: row.is_active,
            employee: row.is_employee,
            employee_id: filled(row.employee_id),
            vendor: row
                .vendor
                .map(|vendor| VendorRef { id: Id::new(vendor.id), name: vendor.name.unwrap_or_default() }),
            company_template: template(
                row.company_permission_template_id.flatten(),
                row.company_permission_template.flatten(),
            ),
            default_template: template(row.default_permission_template_id, row.permission_template),
            updated_at: row.updated_at,
        }
    }
}

/// Returns one user, active or not.
pub(crate) async fn show(client: &Client, user: UserId) -> Result<Option<User>, Error> {
    let operation = "show user";
    let url = client.url(&one(client.company(), user), &[]);
    let Some(answer) = optional(client.read(operation, url).await)? else { return Ok(None) };
    let row: UserRow = answer.json(operation)?;
    if row.id != user.get() {
        return Err(answer.malformed(operation, &format!("user {} was asked for, {} came", user, row.id)));
    }
    Ok(Some(row.into()))
}

/// Returns the users with this address, active or not. Procore's search is fuzzy and looks into other fields too
/// (developers.procore.com, list company users), so its hits are compared exactly.
pub(crate) async fn by_email(client: &Client, email: &Email) -> Result<Vec<User>, Error> {
    let list = list(client, "find user by e-mail", &[("filters[search]", email.as_str())]);
    let rows = page::all(client, &list, |row: &UserRow| row.id).await?;
    let mut users: Vec<User> = rows.into_iter().map(User::from).collect();
    users.retain(|user| user.email.as_ref() == Some(email));
    users.sort_by_key(|user| user.id);
    Ok(users)
}

/// Returns the active users.
pub(crate) async fn active(client: &Client) -> Result<Vec<User>, Error> {
    Ok(active_rows(client).await?.into_iter().map(|active| active.user).collect())
}

/// Returns the active users, sorted by id. The filter is not trusted: each row has to say so itself.
pub(super) async fn active_rows(client: &Client) -> Result<Vec<Active>, Error> {
    let list = list(client, "list users", &[("filters[active]", "true")]);
    let rows = page::all(client, &list, |row: &UserRow| row.id).await?;
    let mut users: Vec<Active> = rows
        .into_iter()
        .filter(|row| row.is_active)
        .map(|row| Active { says_company_template: row.says_company_template(), user: row.into() })
        .collect();
    users.sort_by_key(|active| active.user.id);
    Ok(users)
}

/// Gives the users, row by row. Only `true` is a documented value of the filter for active users, so whoever is not among
/// them is picked from all; and each row has to say so itself.
pub(crate) fn stream(
    client: Arc<Client>,
    activity: Activity,
) -> impl Stream<Item = Result<User, Error>> + Send + use<> {
    let only_active = [("filters[active]", "true")];
    let filters = if activity == Activity::Active { &only_active[..] } else { &[] };
    let list = list(&client, "stream users", filters);
    page::stream(client, list, |row: &UserRow| row.id)
        .try_filter(move |row| ready(activity.includes(row.is_active)))
        .map_ok(User::from)
}

/// Returns how many active users there are, from the head of a page of one row.
pub(crate) async fn count_active(client: &Client) -> Result<u64, Error> {
    let operation = "count users";
    let url = list(client, operation, &[("filters[active]", "true"), ("page", "1"), ("per_page", "1")]).url;
    let answer = client.read(operation, url).await?;
    let rows: Vec<UserRow> = answer.json(operation)?;
    if rows.iter().any(|row| !row.is_active) {
        return Err(answer.malformed(operation, "the filter for active users was ignored"));
    }
    page::total(&answer.headers).ok_or_else(|| answer.malformed(operation, "no header Total"))
}

/// Takes a user's login away, in the whole company. Memberships and items stay where they are.
pub(crate) async fn deactivate(client: &Client, user: UserId) -> Result<(), Error> {
    let url = client.url(&one(client.company(), user), &[]);
    let body = json!({ "user": { "is_active": false } });
    client.write("deactivate user", Method::PATCH, url, Some(body)).await
}

fn list(client: &Client, operation: &'static str, filters: &[(&str, &str)]) -> List {
    let company = client.company().to_string();
    let mut url: Url = client.url(ALL, &[("company_id", &company)]);
    url.query_pairs_mut().extend_pairs(filters);
    List { operation, url, per_page: Some(PER_PAGE) }
}

/// Reads an answer as the list does.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer) -> Result<Vec<User>, Error> {
    let rows: Vec<UserRow> = answer.json("list users")?;
    Ok(rows.into_iter().map(User::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(more: serde_json::Value) -> UserRow {
        let mut row = json!({"id": 7, "is_active": true, "is_employee": false});
        row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value(row).unwrap()
    }

    #[test]
    fn a_template_is_read_in_both_spellings_and_its_absence_is_told_from_null() {
        let by_id = row(json!({"company_permission_template_id": 1, "default_permission_template_id": 27}));
        let nested =
            row(json!({"company_permission_template": {"id": 1}, "permission_template": {"id": 27}}));
        for row in [by_id, nested] {
            assert!(row.says_company_template());
            let user = User::from(row);
            assert_eq!(user.company_template, Some(Id::new(1)));
            assert_eq!(user.default_template, Some(Id::new(27)));
        }
        let none = row(json!({"company_permission_template": null}));
        assert!(none.says_company_template());
        assert_eq!(User::from(none).company_template, None);
        assert!(!row(json!({})).says_company_template());
    }

    #[test]
    fn a_name_is_made_of_its_parts_where_procore_gives_none() {
        let name = |more| User::from(row(more)).name;
        assert_eq!(name(json!({"name": "Ana Diaz", "first_name": "A"})), "Ana Diaz");
        assert_eq!(name(json!({"name": null, "first_name": "Ana", "last_name": "Diaz"})), "Ana Diaz");
        assert_eq!(name(json!({"last_name": "Diaz"})), "Diaz");
    }

    #[test]
    fn an_address_that_cant_be_one_is_none() {
        assert_eq!(User::from(row(json!({"email_address": "nobody"}))).email, None);
    }

    #[test]
    fn whether_a_user_is_active_is_never_guessed() {
        assert!(serde_json::from_value::<UserRow>(json!({"id": 7, "is_employee": true})).is_err());
        assert!(
            serde_json::from_value::<UserRow>(json!({"id": 7, "is_active": null, "is_employee": true}))
                .is_err()
        );
    }
}
