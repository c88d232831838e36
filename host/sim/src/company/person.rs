//! A person: what a user and a contact have in common, under one kind of id.
//!
//! The ids of persons, which Procore also calls parties, are not those of users.

use jiff::Timestamp;

use super::{Company, Contact, Invalid, User};

/// Somebody in the directory.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Person<'a> {
    /// Somebody with a login.
    User(&'a User),
    /// Somebody without.
    Contact(&'a Contact),
}

impl<'a> Person<'a> {
    /// Returns the id as a person.
    pub(crate) fn id(self) -> u64 {
        match self {
            Self::User(user) => user.party_id,
            Self::Contact(contact) => contact.id,
        }
    }

    /// Returns the user, if the person has a login.
    pub(crate) fn user(self) -> Option<&'a User> {
        match self {
            Self::User(user) => Some(user),
            Self::Contact(_) => None,
        }
    }

    /// Returns whether the person is active.
    pub(crate) fn active(self) -> bool {
        match self {
            Self::User(user) => user.active,
            Self::Contact(contact) => contact.active,
        }
    }

    /// Returns whether the person is an employee of the company itself.
    pub(crate) fn employee(self) -> bool {
        match self {
            Self::User(user) => user.employee,
            Self::Contact(contact) => contact.employee,
        }
    }

    /// Returns the first name.
    pub(crate) fn first_name(self) -> Option<&'a str> {
        match self {
            Self::User(user) => user.first_name.as_deref(),
            Self::Contact(contact) => contact.first_name.as_deref(),
        }
    }

    /// Returns the last name.
    pub(crate) fn last_name(self) -> &'a str {
        match self {
            Self::User(user) => &user.last_name,
            Self::Contact(contact) => &contact.last_name,
        }
    }

    /// Returns the e-mail address.
    pub(crate) fn email(self) -> Option<&'a str> {
        match self {
            Self::User(user) => Some(&user.email),
            Self::Contact(contact) => contact.email.as_deref(),
        }
    }

    /// Returns the job title.
    pub(crate) fn job_title(self) -> Option<&'a str> {
        match self {
            Self::User(user) => user.job_title.as_deref(),
            Self::Contact(contact) => contact.job_title.as_deref(),
        }
    }

    /// Returns the company's own number for an employee.
    pub(crate) fn employee_id(self) -> Option<&'a str> {
        match self {
            Self::User(user) => user.employee_id.as_deref(),
            Self::Contact(contact) => contact.employee_id.as_deref(),
        }
    }

    /// Returns the id that another system has for the person.
    pub(crate) fn origin_id(self) -> Option<&'a str> {
        match self {
            Self::User(user) => user.origin_id.as_deref(),
            Self::Contact(contact) => contact.origin_id.as_deref(),
        }
    }

    /// Returns the work classification.
    pub(crate) fn work_classification_id(self) -> Option<u64> {
        match self {
            Self::User(user) => user.work_classification_id,
            Self::Contact(contact) => contact.work_classification_id,
        }
    }

    /// Returns the vendor.
    pub(crate) fn vendor(self) -> Option<u64> {
        match self {
            Self::User(user) => user.vendor,
            Self::Contact(contact) => contact.vendor,
        }
    }

    /// Returns when the record was made and when it was last changed.
    pub(crate) fn times(self) -> (Timestamp, Timestamp) {
        match self {
            Self::User(user) => (user.created_at, user.updated_at),
            Self::Contact(contact) => (contact.created_at, contact.updated_at),
        }
    }
}

impl Company {
    /// Returns a person.
    pub(crate) fn person(&self, id: u64) -> Option<Person<'_>> {
        let user = self.users_by_party.get(&id).and_then(|user| self.users.get(user)).map(Person::User);
        user.or_else(|| self.contacts.get(&id).map(Person::Contact))
    }

    /// Returns everybody in the directory, users first.
    pub(crate) fn people(&self) -> impl Iterator<Item = Person<'_>> {
        self.users.values().map(Person::User).chain(self.contacts.values().map(Person::Contact))
    }

    /// Returns everybody on a project, users first, with the template that users have there.
    pub(crate) fn people_of(&self, project: u64) -> impl Iterator<Item = (Person<'_>, Option<u64>)> {
        let users = self
            .members(project)
            .filter_map(|member| Some((Person::User(self.user(member.user)?), member.template)));
        let contacts = self.contact_members(project);
        users
            .chain(contacts.filter_map(|member| Some((Person::Contact(self.contact(member.contact)?), None))))
    }

    /// Activates a person or the opposite. Nobody of an inactive vendor can be activated.
    pub fn set_person_active(&mut self, person: u64, active: bool) -> Result<(), Invalid> {
        let found = self.person(person).ok_or_else(|| Invalid::unknown("id", person))?;
        if active {
            self.check_vendor_active(found.vendor())?;
        }
        match found {
            Person::User(user) => self.set_active(user.id, active),
            Person::Contact(contact) => {
                let mut contact = contact.clone();
                contact.active = active;
                self.put_contact(contact)
            }
        }
    }
}
