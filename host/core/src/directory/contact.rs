//! Contacts, vendors and distribution groups: what else is in a directory.

use serde::{Deserialize, Serialize};

use super::{Person, Profile};
use crate::id::{ContactId, Email, GroupId, ProjectId, VendorId};

/// A contact: somebody in the directory without a login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Contact {
    /// The id of the person, which is not that of a user.
    pub id: ContactId,
    /// The full name.
    pub name: String,
    /// The last name, which every change has to repeat (developers.procore.com, update company person).
    pub last_name: String,
    /// Whether the contact is in use.
    pub active: bool,
    /// Whether this is an employee of the company itself.
    pub employee: bool,
    /// The company's own number for an employee.
    pub employee_id: Option<String>,
}

/// How a contact can be reached.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ContactDetails {
    /// The e-mail address; not a login.
    pub email: Option<Email>,
    /// Phones, address and what else is written down.
    pub profile: Profile,
}

/// A vendor: a company in the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Vendor {
    /// The id.
    pub id: VendorId,
    /// The name.
    pub name: String,
    /// Whether it is active. Users of an inactive vendor can't be reactivated (support.procore.com, reactivate a user).
    pub active: bool,
    /// The address of whom the vendor names as its primary contact, if it was asked for by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_contact: Option<Email>,
}

/// A vendor, named inside something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct VendorRef {
    /// The id.
    pub id: VendorId,
    /// The name.
    pub name: String,
}

/// A distribution group of a project: people who get mail together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Group {
    /// The project that it belongs to.
    pub project: ProjectId,
    /// The id.
    pub id: GroupId,
    /// The name.
    pub name: String,
    /// Who is in it, sorted by id.
    pub members: Vec<Person>,
}
