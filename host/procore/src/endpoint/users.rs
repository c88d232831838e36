//! Users of the company.

mod guide;

use std::future::ready;
use std::sync::Arc;

use futures_util::stream::{Stream, TryStreamExt};
use jiff::Timestamp;
use muster_core::directory::{Activity, User, VendorRef};
use muster_core::id::{CompanyId, Email, Id, TemplateId, UserId};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{about, filled, full_name, sent};
use crate::client::Client;
use crate::dialect::Dialect;
use crate::error::{Error, optional};
#[cfg(fuzzing)]
use crate::exchange::Answer;
use crate::page::{self, List};

use guide::FullRow;

/// `RestV13CompaniesCompanyIdUsersIdGet` and `RestV13CompaniesCompanyIdUsersIdPatch`; the guide knows version 1.0 of them.
pub(super) fn one(dialect: Dialect, company: CompanyId, user: UserId) -> String {
    let version = match dialect {
        Dialect::Reference => "v1.3",
        Dialect::Guide => "v1.0",
    };
    format!("/rest/{version}/companies/{company}/users/{user}")
}

/// `RestV13UsersGet`. This list has active and inactive people; the one under `companies/{company_id}` has active people
/// only (developers.procore.com, list company users). The guide does not mention it.
const ALL: &str = "/rest/v1.3/users";

/// The guide's list of company users, which has active and inactive people.
pub(super) fn guides_list(company: CompanyId) -> String {
    format!("/rest/v1.0/companies/{company}/users")
}

/// What a list of users is narrowed to.
#[derive(Clone, Copy)]
enum Narrowed<'a> {
    /// To nobody: everybody is listed.
    Not,
    /// To those who are active.
    Active,
    /// To those who have this somewhere in their record.
    Matching(&'a str),
}

const fn narrowed(activity: Activity) -> Narrowed<'static> {
    match activity {
        Activity::Active => Narrowed::Active,
        Activity::Inactive | Activity::All => Narrowed::Not,
    }
}

/// Returns the list, as this dialect narrows it. The guide has no filter for active users.
fn list(client: &Client, operation: &'static str, narrowed: Narrowed<'_>) -> List {
    match client.dialect() {
        Dialect::Reference => references_list(client, operation, references_filter(narrowed)),
        Dialect::Guide => {
            let mut url = client.url(&guides_list(client.company()), &[]);
            if let Narrowed::Matching(text) = narrowed {
                url.query_pairs_mut().append_pair("search", text);
            }
            List { operation, url, per_page: Some(GUIDES_PER_PAGE) }
        }
    }
}

/// Procore documents only what `filters[active]=true` does, and others of its flags were seen to act whatever their value
/// is, so `false` is never sent.
const fn references_filter(narrowed: Narrowed<'_>) -> Option<(&'static str, &str)> {
    match narrowed {
        Narrowed::Not => None,
        Narrowed::Active => Some(("filters[active]", "true")),
        Narrowed::Matching(text) => Some(("filters[search]", text)),
    }
}

fn references_list(client: &Client, operation: &'static str, filter: Option<(&str, &str)>) -> List {
    let mut url = client.url(ALL, &[("company_id", &client.company().to_string())]);
    url.query_pairs_mut().extend_pairs(filter);
    List { operation, url, per_page: Some(PER_PAGE) }
}

/// Procore recommends pages of at most 2,000 rows (developers.procore.com, pagination); half of it keeps answers small.
const PER_PAGE: u32 = 1000;

/// The guide promises up to 10,000; no more is asked for than Procore's own documents recommend.
const GUIDES_PER_PAGE: u32 = 2_000;

#[derive(Deserialize)]
pub(super) struct UserRow {
    pub(super) id: u64,
    name: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    /// The guide's word for the address.
    login: Option<String>,
    email_address: Option<String>,
    job_title: Option<String>,
    pub(super) is_active: bool,
    is_employee: bool,
    employee_id: Option<String>,
    vendor: Option<VendorRow>,
    /// The guide gives the id alone.
    vendor_id: Option<u64>,
    /// The template is spelled in two ways: as an id, or nested in lists of older versions.
    #[serde(default, deserialize_with = "sent")]
    company_permission_template_id: Option<Option<u64>>,
    #[serde(default, deserialize_with = "sent")]
    company_permission_template: Option<Option<TemplateRow>>,
    default_permission_template_id: Option<u64>,
    permission_template: Option<TemplateRow>,
    /// The guide's word for the template of new memberships.
    permission_template_id: Option<u64>,
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
        let vendor = row.vendor.or(row.vendor_id.map(|id| VendorRow { id, name: None }));
        let default = row.default_permission_template_id.or(row.permission_template_id);
        Self {
            id: Id::new(row.id),
            name: full_name(row.name, row.first_name, row.last_name),
            email: [row.login, row.email_address].iter().flatten().find_map(|address| address.parse().ok()),
            job_title: filled(row.job_title),
            active: row.is_active,
            employee: row.is_employee,
            employee_id: filled(row.employee_id),
            vendor: vendor
                .map(|vendor| VendorRef { id: Id::new(vendor.id), name: vendor.name.unwrap_or_default() }),
            company_template: template(
                row.company_permission_template_id.flatten(),
                row.company_permission_template.flatten(),
            ),
            default_template: template(default, row.permission_template),
            updated_at: row.updated_at,
        }
    }
}

/// Returns what shows one user, active or not.
pub(super) async fn shown<T: DeserializeOwned>(
    client: &Client,
    operation: &'static str,
    user: UserId,
) -> Result<Option<T>, Error> {
    let url = client.url(&one(client.dialect(), client.company(), user), &[]);
    let Some(answer) = optional(client.read(operation, url).await)? else { return Ok(None) };
    let row: FullRow = answer.json(operation)?;
    about(&answer, operation, "user", user.get(), row.id)?;
    match client.dialect() {
        Dialect::Reference => answer.json(operation).map(Some),
        Dialect::Guide => {
            let login = row.login().map(str::to_owned);
            let rows = guide::completed(client, operation, vec![row], login.as_deref()).await?;
            rows.into_iter().next().map(|row| row.read(operation)).transpose()
        }
    }
}

/// Returns one user, active or not.
pub(crate) async fn show(client: &Client, user: UserId) -> Result<Option<User>, Error> {
    Ok(shown::<UserRow>(client, "show user", user).await?.map(User::from))
}

/// Returns the users with this address, active or not. Procore's search is fuzzy and looks into other fields too
/// (developers.procore.com, list company users; in the guide it finds parts), so its hits are compared exactly.
pub(crate) async fn by_email(client: &Client, email: &Email) -> Result<Vec<User>, Error> {
    let rows = rows(client, "find user by e-mail", Narrowed::Matching(email.as_str())).await?;
    let mut users: Vec<User> = rows.into_iter().map(User::from).collect();
    users.retain(|user| user.email.as_ref() == Some(email));
    users.sort_by_key(|user| user.id);
    Ok(users)
}

/// Returns the users, sorted by id. The filter is not trusted: each row has to say itself whether it is active.
pub(crate) async fn all(client: &Client, activity: Activity) -> Result<Vec<User>, Error> {
    let rows = rows(client, "list users", narrowed(activity)).await?;
    let kept = rows.into_iter().filter(|row| activity.includes(row.is_active));
    let mut users: Vec<User> = kept.map(User::from).collect();
    users.sort_by_key(|user| user.id);
    Ok(users)
}

async fn rows(
    client: &Client,
    operation: &'static str,
    narrowed: Narrowed<'_>,
) -> Result<Vec<UserRow>, Error> {
    let list = list(client, operation, narrowed);
    match client.dialect() {
        Dialect::Reference => page::all(client, &list, |row: &UserRow| row.id).await,
        Dialect::Guide => {
            let rows = page::all(client, &list, |row: &FullRow| row.id).await?;
            let search = match narrowed {
                Narrowed::Matching(text) => Some(text),
                Narrowed::Not | Narrowed::Active => None,
            };
            let rows = guide::completed(client, operation, rows, search).await?;
            rows.into_iter().map(|row| row.read(operation)).collect()
        }
    }
}

/// Returns the active users, sorted by id, with what their company templates are.
///
/// Always from the list of the reference: the guide's users have no such template.
pub(super) async fn active_rows(client: &Client) -> Result<Vec<Active>, Error> {
    let list = references_list(client, "list users", references_filter(Narrowed::Active));
    let rows = page::all(client, &list, |row: &UserRow| row.id).await?;
    let mut users: Vec<Active> = rows
        .into_iter()
        .filter(|row| row.is_active)
        .map(|row| Active { says_company_template: row.says_company_template(), user: row.into() })
        .collect();
    users.sort_by_key(|active| active.user.id);
    Ok(users)
}

/// Gives the users, row by row. From the list of the reference in both dialects: in the guide two lists would have to be
/// read at once.
pub(crate) fn stream(
    client: Arc<Client>,
    activity: Activity,
) -> impl Stream<Item = Result<User, Error>> + Send + use<> {
    let list = references_list(&client, "stream users", references_filter(narrowed(activity)));
    page::stream(client, list, |row: &UserRow| row.id)
        .try_filter(move |row| ready(activity.includes(row.is_active)))
        .map_ok(User::from)
}

/// Returns how many active users there are, from the head of a page of one row. The guide's list has everybody and no
/// filter, so this is that of the reference in both dialects.
pub(crate) async fn count_active(client: &Client) -> Result<u64, Error> {
    let operation = "count users";
    let mut url = references_list(client, operation, references_filter(Narrowed::Active)).url;
    url.query_pairs_mut().extend_pairs([("page", "1"), ("per_page", "1")]);
    let answer = client.read(operation, url).await?;
    let rows: Vec<UserRow> = answer.json(operation)?;
    if rows.iter().any(|row| !row.is_active) {
        return Err(answer.malformed(operation, "the filter for active users was ignored"));
    }
    page::total(&answer.headers).ok_or_else(|| answer.malformed(operation, "no header Total"))
}

/// Reads an answer as the list does.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer) -> Result<Vec<User>, Error> {
    let rows: Vec<UserRow> = answer.json("list users")?;
    Ok(rows.into_iter().map(User::from).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

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
