//! Users: people with a login.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::VendorRef;
use crate::id::{Email, TemplateId, UserId, VendorId};

/// Somebody with a login in the company's directory, active or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct User {
    /// The id, global over companies and projects.
    pub id: UserId,
    /// The full name as Procore shows it.
    pub name: String,
    /// The address, which is the login. `None` if Procore shows none, or one that can't be an address.
    pub email: Option<Email>,
    /// The job title.
    pub job_title: Option<String>,
    /// Whether the login works.
    pub active: bool,
    /// Whether this is an employee of the company itself.
    pub employee: bool,
    /// The company's own number for an employee.
    pub employee_id: Option<String>,
    /// The vendor that the user belongs to.
    pub vendor: Option<VendorRef>,
    /// The permission template for the company's own tools: what makes somebody a company admin.
    pub company_template: Option<TemplateId>,
    /// The permission template that new memberships get.
    pub default_template: Option<TemplateId>,
    /// When the record was last changed.
    pub updated_at: Option<Timestamp>,
}

impl User {
    /// Returns an active user of whom nothing is known but id and name.
    #[must_use]
    pub fn named(id: UserId, name: &str) -> Self {
        Self {
            id,
            name: name.to_owned(),
            email: None,
            job_title: None,
            active: true,
            employee: false,
            employee_id: None,
            vendor: None,
            company_template: None,
            default_template: None,
            updated_at: None,
        }
    }
}

/// Which people a list is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activity {
    /// Those who are active.
    Active,
    /// Those who are not.
    Inactive,
    /// All of them.
    All,
}

impl Activity {
    /// Returns whether somebody who is `active` or not is among them.
    #[must_use]
    pub const fn includes(self, active: bool) -> bool {
        matches!((self, active), (Self::All, _) | (Self::Active, true) | (Self::Inactive, false))
    }
}

/// Somebody named inside something else, for example as the assignee of an item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Person {
    /// The id of the user.
    pub id: UserId,
    /// The full name, empty if Procore left it out.
    pub name: String,
}

/// What can be written down of a person beside login, rights and state: every field that has a text in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Profile {
    /// The texts. What is empty at Procore is missing here.
    pub fields: BTreeMap<ProfileField, String>,
}

/// One field of a [`Profile`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProfileField {
    /// The first name.
    FirstName,
    /// The last name. Procore does not let it be empty.
    LastName,
    /// The job title.
    JobTitle,
    /// The company's own number for an employee.
    EmployeeId,
    /// The initials.
    Initials,
    /// The street address.
    Address,
    /// The city.
    City,
    /// The state, as a code of ISO 3166.
    StateCode,
    /// The country, as a code of ISO 3166.
    CountryCode,
    /// The postal code.
    Zip,
    /// The phone at work.
    BusinessPhone,
    /// The mobile phone.
    MobilePhone,
}

impl ProfileField {
    /// Every field.
    pub const ALL: [Self; 12] = [
        Self::FirstName,
        Self::LastName,
        Self::JobTitle,
        Self::EmployeeId,
        Self::Initials,
        Self::Address,
        Self::City,
        Self::StateCode,
        Self::CountryCode,
        Self::Zip,
        Self::BusinessPhone,
        Self::MobilePhone,
    ];

    /// Returns the name in words, for example `job title`.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::FirstName => "first name",
            Self::LastName => "last name",
            Self::JobTitle => "job title",
            Self::EmployeeId => "employee id",
            Self::Initials => "initials",
            Self::Address => "address",
            Self::City => "city",
            Self::StateCode => "state",
            Self::CountryCode => "country",
            Self::Zip => "postal code",
            Self::BusinessPhone => "business phone",
            Self::MobilePhone => "mobile phone",
        }
    }
}

/// Somebody who is to become a user.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct NewUser {
    /// The address that will be the login.
    pub email: Email,
    /// The first name.
    pub first_name: Option<String>,
    /// The last name.
    pub last_name: String,
    /// The job title.
    pub job_title: Option<String>,
    /// Whether this is an employee of the company itself.
    pub employee: bool,
    /// The company's own number for an employee.
    pub employee_id: Option<String>,
    /// The vendor that the user belongs to.
    pub vendor: Option<VendorId>,
}

/// Where the invitation of a user stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Invitation {
    /// When the last one was sent; `None`: never.
    pub sent_at: Option<Timestamp>,
    /// When the user last logged in; `None`: never.
    pub last_login_at: Option<Timestamp>,
}
