//! Contacts: people of the directory without a login, and the numbers that Procore gives to all people.
//!
//! Procore calls a contact a *reference user*. Every user is a person of the directory too, with a number of its own beside
//! that of the user; the operations on many people count in those.

use std::collections::{BTreeMap, BTreeSet};

use muster_core::directory::{Activity, Contact, ContactDetails};
use muster_core::id::{CompanyId, ContactId, Id, UserId};
use reqwest::Method;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};

use super::{Number, filled, full_name, not_sent, profiles, sent};
use crate::client::Client;
use crate::error::{Error, ErrorKind};
#[cfg(fuzzing)]
use crate::exchange::Answer;
use crate::page::{self, List};

/// `RestV10CompaniesCompanyIdPeopleGet`, which has active people only, and `RestV10CompaniesCompanyIdPeopleInactiveGet`.
/// There is no operation that shows one person.
fn people(company: CompanyId, is_active: bool) -> String {
    let list = if is_active { "people" } else { "people/inactive" };
    format!("/rest/v1.0/companies/{company}/{list}")
}

/// `RestV10CompaniesCompanyIdPeopleIdPatch`.
fn one(company: CompanyId, person: ContactId) -> String {
    format!("/rest/v1.0/companies/{company}/people/{person}")
}

/// `RestV20CompaniesCompanyIdPeopleBulkActivatePost` and `RestV20CompaniesCompanyIdPeopleBulkDeactivatePost`.
fn bulk(company: CompanyId, to: bool) -> String {
    let action = if to { "bulk_activate" } else { "bulk_deactivate" };
    format!("/rest/v2.0/companies/{company}/people/{action}")
}

/// What was seen to be granted; Procore names no maximum for this list (developers.procore.com, pagination).
pub(super) const PER_PAGE: u32 = 100;

/// How many people one request may concern (developers.procore.com, bulk deactivation).
const MOST: usize = 1000;

/// A person, of the company or of a project.
#[derive(Deserialize)]
pub(super) struct PersonRow {
    pub(super) id: u64,
    first_name: Option<String>,
    last_name: String,
    is_employee: bool,
    employee_id: Option<String>,
    /// `null` marks a contact (developers.procore.com, list company people).
    #[serde(default, deserialize_with = "sent")]
    user_id: Option<Option<u64>>,
    contact: StateRow,
}

#[derive(Deserialize)]
struct StateRow {
    is_active: bool,
    email: Option<String>,
}

/// A person with everything that is written down.
struct DetailsRow {
    person: PersonRow,
    fields: Map<String, Value>,
}

impl<'de> Deserialize<'de> for DetailsRow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = Map::deserialize(deserializer)?;
        let person = PersonRow::deserialize(Value::Object(fields.clone())).map_err(D::Error::custom)?;
        Ok(Self { person, fields })
    }
}

#[derive(Deserialize)]
struct ChangedBody {
    data: ChangedRow,
}

#[derive(Deserialize)]
struct ChangedRow {
    ids: Vec<Number>,
}

impl PersonRow {
    /// Returns the contact, or `None` for a user.
    pub(super) fn into_contact(self) -> Option<Contact> {
        self.user_id.flatten().is_none().then(|| Contact {
            id: Id::new(self.id),
            name: full_name(None, self.first_name, Some(self.last_name.clone())),
            last_name: self.last_name,
            active: self.contact.is_active,
            employee: self.is_employee,
            employee_id: filled(self.employee_id),
        })
    }
}

/// Returns the contacts of the company, sorted by id.
pub(crate) async fn all(client: &Client, activity: Activity) -> Result<Vec<Contact>, Error> {
    let mut contacts = BTreeMap::new();
    for is_active in [true, false].into_iter().filter(|is_active| activity.includes(*is_active)) {
        let listed = of_company(client, "list contacts", is_active).await?;
        contacts.extend(listed.into_iter().map(|contact| (contact.id, contact)));
    }
    Ok(contacts.into_values().collect())
}

/// Returns one contact, looked for among the active ones first.
pub(crate) async fn find(client: &Client, contact: ContactId) -> Result<Option<Contact>, Error> {
    for is_active in [true, false] {
        let listed = of_company(client, "find contact", is_active).await?;
        if let Some(found) = listed.into_iter().find(|listed| listed.id == contact) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Returns how one contact can be reached, looked for among the active ones first.
pub(crate) async fn details(client: &Client, contact: ContactId) -> Result<Option<ContactDetails>, Error> {
    let operation = "show contact details";
    for is_active in [true, false] {
        let list = list(client, operation, is_active, &[CONTACTS_ONLY, ("view", "extended")]);
        let rows = page::all(client, &list, |row: &DetailsRow| row.person.id).await?;
        let Some(row) = rows.into_iter().find(|row| row.person.id == contact.get()) else { continue };
        is_contact(operation, &row.person)?;
        return described(operation, &row).map(Some);
    }
    Ok(None)
}

/// Returns the numbers that users have as people of the directory, for the operations that count in those. Who has none, or
/// can't be seen, is missing.
pub(crate) async fn of_users(
    client: &Client,
    users: &[UserId],
) -> Result<BTreeMap<UserId, ContactId>, Error> {
    let operation = "find people of users";
    let wanted: BTreeSet<UserId> = users.iter().copied().collect();
    let mut found = BTreeMap::new();
    for is_active in [true, false] {
        if found.len() == wanted.len() {
            break;
        }
        let list = list(client, operation, is_active, &[("filters[without_reference_users]", "true")]);
        for row in page::all(client, &list, |row: &PersonRow| row.id).await? {
            let user = row.user_id.flatten().map(Id::new).filter(|user| wanted.contains(user));
            found.extend(user.map(|user| (user, Id::new(row.id))));
        }
    }
    Ok(found)
}

/// Takes a contact out of use, or back into it, and with it onto the projects that it was on.
pub(crate) async fn set_active(client: &Client, contact: &Contact, to: bool) -> Result<(), Error> {
    let url = client.url(&one(client.company(), contact.id), &[]);
    // The last name has to be repeated (developers.procore.com, update company person).
    let body = json!({ "person": { "last_name": contact.last_name, "active": to } });
    client.write("change contact", Method::PATCH, url, Some(body)).await
}

/// Takes many people out of use, or back into it, and returns who changed: whoever was so already is left out
/// (developers.procore.com, bulk deactivation).
pub(crate) async fn set_all_active(
    client: &Client,
    people: &[ContactId],
    to: bool,
) -> Result<BTreeSet<ContactId>, Error> {
    let operation = if to { "activate people" } else { "deactivate people" };
    if people.is_empty() {
        return Ok(BTreeSet::new());
    }
    if people.len() > MOST {
        return Err(not_sent(operation, "at most 1,000 people go into one request"));
    }
    let ids: Vec<u64> = people.iter().map(|person| person.get()).collect();
    let url = client.url(&bulk(client.company(), to), &[]);
    let answer = client.write_answered(operation, Method::POST, url, Some(json!({ "ids": ids }))).await?;
    let changed: ChangedBody = answer.json(operation)?;
    let changed: BTreeSet<ContactId> = changed.data.ids.iter().map(|id| Id::new(id.0)).collect();
    match changed.iter().find(|person| !people.contains(person)) {
        Some(other) => {
            Err(answer.malformed(operation, &format!("it is about person {other}, whom nobody named")))
        }
        None => Ok(changed),
    }
}

/// The filter for contacts. It is not trusted: each row has to say itself that it is one.
const CONTACTS_ONLY: (&str, &str) = ("filters[reference_users_only]", "true");

async fn of_company(
    client: &Client,
    operation: &'static str,
    is_active: bool,
) -> Result<Vec<Contact>, Error> {
    let list = list(client, operation, is_active, &[CONTACTS_ONLY]);
    let rows = page::all(client, &list, |row: &PersonRow| row.id).await?;
    let mut contacts = Vec::new();
    for row in rows {
        if is_contact(operation, &row)? {
            contacts.extend(row.into_contact());
        }
    }
    contacts.retain(|contact| contact.active == is_active);
    Ok(contacts)
}

fn list(client: &Client, operation: &'static str, is_active: bool, query: &[(&str, &str)]) -> List {
    let url = client.url(&people(client.company(), is_active), query);
    List { operation, url, per_page: Some(PER_PAGE) }
}

/// Only project directories leave out what is null, so here a row has to say it.
fn is_contact(operation: &'static str, row: &PersonRow) -> Result<bool, Error> {
    let told = row.user_id.map(|user| user.is_none());
    told.ok_or_else(|| {
        let why = format!("nothing says whether person {} is a user: missing field `user_id`", row.id);
        Error::new(operation, ErrorKind::Malformed).saying(why)
    })
}

fn described(operation: &'static str, row: &DetailsRow) -> Result<ContactDetails, Error> {
    let profile = profiles::of_row(&row.fields).map_err(|field| {
        let why = format!("person {}, {}: a text was expected", row.person.id, profiles::spelled(field));
        Error::new(operation, ErrorKind::Malformed).saying(why)
    })?;
    let written = row.fields.get("email").and_then(Value::as_str);
    let email = written.or(row.person.contact.email.as_deref()).and_then(|address| address.parse().ok());
    Ok(ContactDetails { email, profile })
}

/// Reads an answer as the lists do, and as an answer about many people.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer) -> Result<(), Error> {
    let operation = "list contacts";
    if let Ok(rows) = answer.json::<Vec<DetailsRow>>(operation) {
        let _: Vec<_> = rows.iter().map(|row| described(operation, row)).collect();
    }
    let _ = answer.json::<ChangedBody>(operation);
    let rows: Vec<PersonRow> = answer.json(operation)?;
    rows.into_iter().try_for_each(|row| is_contact(operation, &row).map(|_| drop(row.into_contact())))
}
