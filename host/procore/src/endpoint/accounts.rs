//! What is changed about a user of the company, one request each.

use std::collections::BTreeMap;

use muster_core::directory::{NewUser, ProfileField};
use muster_core::id::{CompanyId, Email, Id, TemplateId, UserId};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::not_sent;
use super::profiles;
use super::users::one;
use crate::client::Client;
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind};

/// `RestV13CompaniesCompanyIdUsersPost`; the guide knows version 1.0 of it.
fn all(dialect: Dialect, company: CompanyId) -> String {
    let version = match dialect {
        Dialect::Reference => "v1.3",
        Dialect::Guide => "v1.0",
    };
    format!("/rest/{version}/companies/{company}/users")
}

/// `RestV10CompaniesCompanyIdUsersInactiveIdPatch`.
fn inactive(company: CompanyId, user: UserId) -> String {
    format!("/rest/v1.0/companies/{company}/users/inactive/{user}")
}

/// What names the address: the guide's `login` is what people log in with, and its table has `email_address` beside it.
fn address(dialect: Dialect) -> &'static [&'static str] {
    match dialect {
        Dialect::Reference => &["email_address"],
        Dialect::Guide => &["login", "email_address"],
    }
}

/// What names the template that new memberships get.
fn default_template(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Reference => "default_permission_template_id",
        Dialect::Guide => "permission_template_id",
    }
}

#[derive(Serialize)]
struct NewUserBody<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<&'a str>,
    last_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    job_title: Option<&'a str>,
    is_employee: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    employee_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor_id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email_address: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    login: Option<&'a str>,
}

#[derive(Deserialize)]
struct Created {
    id: u64,
}

/// Makes a user and returns the id. An address that anybody has, inactive people included, is a conflict.
pub(crate) async fn create(client: &Client, user: &NewUser) -> Result<UserId, Error> {
    let operation = "create user";
    let names = address(client.dialect());
    let named = |name: &str| names.contains(&name).then_some(user.email.as_str());
    let body = NewUserBody {
        first_name: user.first_name.as_deref(),
        last_name: &user.last_name,
        job_title: user.job_title.as_deref(),
        is_employee: user.employee,
        employee_id: user.employee_id.as_deref(),
        vendor_id: user.vendor.map(Id::get),
        email_address: named("email_address"),
        login: named("login"),
    };
    let url = client.url(&all(client.dialect(), client.company()), &[]);
    let answer = client.write_answered(operation, Method::POST, url, Some(json!({ "user": body }))).await?;
    let created: Created = answer.json(operation)?;
    Ok(Id::new(created.id))
}

/// Changes what is written down of a user. An empty text clears its field; the last name can't be cleared.
pub(crate) async fn update_profile(
    client: &Client,
    user: UserId,
    fields: &BTreeMap<ProfileField, String>,
) -> Result<(), Error> {
    let operation = "update profile";
    if fields.is_empty() {
        return Ok(());
    }
    if !profiles::keeps_last_name(fields) {
        return Err(not_sent(operation, "the last name can't be empty"));
    }
    patch(client, operation, user, profiles::body(fields)).await
}

/// Changes the address, which is the login.
pub(crate) async fn change_email(client: &Client, user: UserId, email: &Email) -> Result<(), Error> {
    let names = address(client.dialect()).iter();
    let body = names.map(|name| ((*name).to_owned(), Value::from(email.as_str()))).collect();
    patch(client, "change e-mail", user, body).await
}

/// Sets the permission template for the company's own tools.
pub(crate) async fn set_company_template(
    client: &Client,
    user: UserId,
    template: TemplateId,
) -> Result<(), Error> {
    let body = [("company_permission_template_id".to_owned(), json!(template.get()))];
    patch(client, "set company template", user, body.into_iter().collect()).await
}

/// Sets the permission template that new memberships get.
pub(crate) async fn set_default_template(
    client: &Client,
    user: UserId,
    template: TemplateId,
) -> Result<(), Error> {
    let body = [(default_template(client.dialect()).to_owned(), json!(template.get()))];
    patch(client, "set default template", user, body.into_iter().collect()).await
}

/// Takes a user's login away, in the whole company. Memberships and items stay where they are.
pub(crate) async fn deactivate(client: &Client, user: UserId) -> Result<(), Error> {
    patch(client, "deactivate user", user, [("is_active".to_owned(), json!(false))].into_iter().collect())
        .await
}

/// Gives a user's login back, and with it the memberships.
///
/// By its own operation in both dialects: to set `is_active` to true is an error (developers.procore.com, update project
/// user).
pub(crate) async fn reactivate(client: &Client, user: UserId) -> Result<(), Error> {
    let url = client.url(&inactive(client.company(), user), &[]);
    client.write("reactivate user", Method::PATCH, url, None).await
}

/// Erases a user. Only the guide has such an operation; Procore itself says that users can't be deleted
/// (support.procore.com, deactivate a user).
pub(crate) async fn delete(client: &Client, user: UserId) -> Result<(), Error> {
    let operation = "delete user";
    match client.dialect() {
        Dialect::Reference => {
            let why = "nothing was sent: Procore can't delete users, they can be deactivated";
            Err(Error::new(operation, ErrorKind::NotOffered).saying(why))
        }
        Dialect::Guide => {
            let url = client.url(&one(Dialect::Guide, client.company(), user), &[]);
            client.write(operation, Method::DELETE, url, None).await
        }
    }
}

async fn patch(
    client: &Client,
    operation: &'static str,
    user: UserId,
    fields: Map<String, Value>,
) -> Result<(), Error> {
    let url = client.url(&one(client.dialect(), client.company(), user), &[]);
    client.write(operation, Method::PATCH, url, Some(json!({ "user": fields }))).await
}
