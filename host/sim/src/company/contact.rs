//! The people without a login, whom Procore calls contacts or reference users, and the projects that they are on.
//!
//! A contact keeps its projects while it is inactive, so that it is back on all of them when it is activated
//! (support.procore.com, reactivate a contact).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::Space;
use super::{Company, Invalid};

/// Somebody without a login in the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The id as a person, which Procore also calls a party.
    pub id: u64,
    /// The first name.
    pub first_name: Option<String>,
    /// The last name.
    pub last_name: String,
    /// The e-mail address, which is nobody's login.
    pub email: Option<String>,
    /// The job title.
    pub job_title: Option<String>,
    /// Whether the contact is active.
    pub active: bool,
    /// Whether this is an employee of the company itself.
    pub employee: bool,
    /// The company's own number for an employee.
    pub employee_id: Option<String>,
    /// The vendor that the contact belongs to.
    pub vendor: Option<u64>,
    /// The id that another system has for the contact.
    pub origin_id: Option<String>,
    /// The work classification.
    pub work_classification_id: Option<u64>,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When the record was last changed.
    pub updated_at: Timestamp,
}

impl Contact {
    /// Returns the first and the last name.
    pub fn name(&self) -> String {
        match &self.first_name {
            Some(first) => format!("{first} {}", self.last_name),
            None => self.last_name.clone(),
        }
    }
}

/// A contact on a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactMembership {
    /// The id of the membership itself.
    pub id: u64,
    /// The contact.
    pub contact: u64,
    /// The project.
    pub project: u64,
    /// When the contact was added.
    pub created_at: Timestamp,
}

impl Company {
    /// Adds an active contact and returns the id.
    pub fn add_contact(&mut self, first_name: &str, last_name: &str) -> u64 {
        let contact = Contact {
            id: self.ids.next(Space::Party),
            first_name: Some(first_name.to_owned()).filter(|name| !name.is_empty()),
            last_name: last_name.to_owned(),
            email: None,
            job_title: None,
            active: true,
            employee: false,
            employee_id: None,
            vendor: None,
            origin_id: None,
            work_classification_id: None,
            created_at: self.now,
            updated_at: self.now,
        };
        let id = contact.id;
        self.contacts.insert(id, contact);
        id
    }

    /// Puts a changed contact in the place of the one with its id.
    pub fn put_contact(&mut self, mut contact: Contact) -> Result<(), Invalid> {
        if !self.contacts.contains_key(&contact.id) {
            return Err(Invalid::unknown("id", contact.id));
        }
        if let Some(id) = contact.vendor.filter(|id| !self.vendors.contains_key(id)) {
            return Err(Invalid::unknown("vendor_id", id));
        }
        if contact.last_name.trim().is_empty() {
            return Err(Invalid::new("last_name", "can't be blank"));
        }
        contact.updated_at = self.now;
        self.contacts.insert(contact.id, contact);
        Ok(())
    }

    /// Returns a contact.
    pub fn contact(&self, id: u64) -> Option<&Contact> {
        self.contacts.get(&id)
    }

    /// Returns all contacts, active or not, in the order of their ids.
    pub fn contacts(&self) -> impl Iterator<Item = &Contact> {
        self.contacts.values()
    }

    /// Puts a contact on a project and returns the id of the membership.
    pub fn add_contact_membership(&mut self, contact: u64, project: u64) -> Result<u64, Invalid> {
        if !self.contacts.contains_key(&contact) {
            return Err(Invalid::new("party_id", format!("{contact} is not a reference user")));
        }
        if !self.projects.contains_key(&project) {
            return Err(Invalid::unknown("project_id", project));
        }
        if self.contact_memberships.contains_key(&(project, contact)) {
            return Err(Invalid::new("party_id", format!("{contact} is already on this project")));
        }
        let id = self.ids.next(Space::Membership);
        let membership = ContactMembership { id, contact, project, created_at: self.now };
        self.contact_memberships.insert((project, contact), membership);
        Ok(id)
    }

    /// Takes a contact off a project and returns the membership that was.
    pub fn remove_contact_membership(&mut self, contact: u64, project: u64) -> Option<ContactMembership> {
        self.contact_memberships.remove(&(project, contact))
    }

    /// Returns a contact's membership of a project.
    pub fn contact_membership(&self, contact: u64, project: u64) -> Option<&ContactMembership> {
        self.contact_memberships.get(&(project, contact))
    }

    /// Returns the memberships of a project's contacts, of inactive ones too.
    pub fn contact_members(&self, project: u64) -> impl Iterator<Item = &ContactMembership> {
        let range = (project, 0)..=(project, u64::MAX);
        self.contact_memberships.range(range).map(|(_, membership)| membership)
    }
}
