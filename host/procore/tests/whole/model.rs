//! What Procore's documents say becomes of a directory: each change as a function on it.
//!
//! Written from the documents alone. Where they are silent a change is [`Fate::Open`]: Procore may refuse it, or make it as
//! the function does, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use muster_core::directory::{NewUser, ProfileField, TemplateKind};
use muster_core::id::{ContactId, Email, GroupId, ProjectId, TemplateId, UserId, VendorId};
use muster_procore::SyncRow;

use crate::directory::{Directory, Login};

/// What has to become of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is made.
    Made,
    /// It is refused, and nothing happens.
    Refused,
    /// It is left alone, which the answer says.
    Skipped,
    /// One of the two; the documents don't say which.
    Open,
}

use Fate::{Made, Open, Refused, Skipped};

/// What a template is for, and on which project if only on one.
pub(crate) type Templates = BTreeMap<TemplateId, (TemplateKind, Option<ProjectId>)>;

/// A directory of which it is known what becomes of it.
#[derive(Debug, Clone)]
pub(crate) struct Model {
    pub(crate) directory: Directory,
    pub(crate) templates: Templates,
    /// The memberships that a group manages.
    pub(crate) managed: BTreeSet<(UserId, ProjectId)>,
}

impl Model {
    fn change(&mut self, user: UserId, fate: Fate, change: impl FnOnce(&mut Login)) -> Fate {
        let Some(login) = self.directory.users.get_mut(&user) else { return Refused };
        if fate != Refused {
            change(login);
        }
        fate
    }

    /// One address belongs to one user, active or not (restful API concepts).
    fn is_taken(&self, email: &Email, by_another_than: Option<UserId>) -> bool {
        let mut users = self.directory.users.iter();
        users.any(|(id, login)| Some(*id) != by_another_than && login.email.as_ref() == Some(email))
    }

    /// Somebody of an inactive vendor is not reactivated (support, reactivate a user).
    fn is_held_back(&self, login: &Login) -> bool {
        login.vendor.is_some_and(|vendor| self.directory.vendors.get(&vendor) == Some(&false))
    }

    fn is_kind(&self, template: TemplateId, kind: TemplateKind) -> bool {
        self.templates.get(&template).is_some_and(|found| found.0 == kind)
    }

    fn fits(&self, template: TemplateId, project: ProjectId) -> bool {
        let is_of = |found: &(TemplateKind, Option<ProjectId>)| found.1 == Some(project);
        self.is_kind(template, TemplateKind::Global) || self.templates.get(&template).is_some_and(is_of)
    }

    pub(crate) fn create(&mut self, user: &NewUser, id: Option<UserId>) -> Fate {
        if self.is_taken(&user.email, None) {
            return Refused;
        }
        let texts = [
            (ProfileField::FirstName, user.first_name.clone()),
            (ProfileField::LastName, Some(user.last_name.clone())),
            (ProfileField::JobTitle, user.job_title.clone()),
            (ProfileField::EmployeeId, user.employee_id.clone()),
        ];
        let fields = texts.into_iter().filter_map(|(field, text)| Some((field, text?))).collect();
        self.insert(id, user.email.clone(), fields, user.employee, user.vendor)
    }

    /// Nobody new is on a project, has a template or was invited.
    fn insert(
        &mut self,
        id: Option<UserId>,
        email: Email,
        fields: BTreeMap<ProfileField, String>,
        employee: bool,
        vendor: Option<VendorId>,
    ) -> Fate {
        let login = Login {
            email: Some(email),
            fields,
            employee,
            active: true,
            vendor,
            company_template: None,
            default_template: None,
            invited: false,
        };
        if let Some(id) = id {
            let before = self.directory.users.insert(id, login);
            assert_eq!(before, None, "user {id} is made twice");
        }
        Made
    }

    pub(crate) fn update(&mut self, user: UserId, fields: &BTreeMap<ProfileField, String>) -> Fate {
        let nameless = fields.get(&ProfileField::LastName).is_some_and(String::is_empty);
        self.change(user, if nameless { Refused } else { Made }, |login| write(login, fields))
    }

    pub(crate) fn change_email(&mut self, user: UserId, email: &Email) -> Fate {
        let fate = if self.is_taken(email, Some(user)) { Refused } else { Made };
        self.change(user, fate, |login| login.email = Some(email.clone()))
    }

    pub(crate) fn set_company_template(&mut self, user: UserId, template: TemplateId) -> Fate {
        let fits = self.is_kind(template, TemplateKind::Company);
        let fate = if fits { Made } else { Refused };
        self.change(user, fate, |login| login.company_template = Some(template))
    }

    /// Only those for any project can be the default (support, assign default project permissions templates).
    pub(crate) fn set_default_template(&mut self, user: UserId, template: TemplateId) -> Fate {
        let fits = self.is_kind(template, TemplateKind::Global);
        let fate = if fits { Made } else { Refused };
        self.change(user, fate, |login| login.default_template = Some(template))
    }

    /// Nobody knows what becomes of the invitation of somebody without a login.
    pub(crate) fn invite(&mut self, user: UserId) -> Fate {
        let active = self.directory.users.get(&user).is_some_and(|login| login.active);
        self.change(user, if active { Made } else { Open }, |login| login.invited = true)
    }

    /// Memberships stay.
    pub(crate) fn deactivate(&mut self, user: UserId) -> Fate {
        self.change(user, Made, |login| login.active = false)
    }

    /// Whoever is active already is perhaps not found among those who are not.
    pub(crate) fn reactivate(&mut self, user: UserId) -> Fate {
        let fate = match self.directory.users.get(&user) {
            Some(login) if login.active => Open,
            Some(login) if self.is_held_back(login) => Refused,
            _ => Made,
        };
        self.change(user, fate, |login| login.active = true)
    }

    /// Only the guide has it: the user is gone, wherever it was.
    pub(crate) fn delete(&mut self, user: UserId) -> Fate {
        if self.directory.users.remove(&user).is_none() {
            return Refused;
        }
        self.directory.memberships.retain(|(member, _), _| *member != user);
        for members in self.directory.groups.values_mut() {
            members.remove(&user);
        }
        Made
    }

    /// One row of many: a change of whom it names, or somebody new.
    pub(crate) fn sync(&mut self, row: &SyncRow, made: Option<UserId>) -> Fate {
        if row.email.as_ref().is_some_and(|email| self.is_taken(email, row.user)) {
            return Refused;
        }
        let id = match (row.user, &row.email) {
            (None, Some(email)) => {
                self.insert(made, email.clone(), BTreeMap::new(), false, None);
                made
            }
            (user, _) => user,
        };
        let Some(id) = id else { return Made };
        let Some(login) = self.directory.users.get(&id) else { return Refused };
        if row.active == Some(true) && !login.active && self.is_held_back(login) {
            return Refused;
        }
        self.change(id, Made, |login| {
            write(login, &row.fields);
            login.email = row.email.clone().or(login.email.take());
            login.active = row.active.unwrap_or(login.active);
            login.employee = row.employee.unwrap_or(login.employee);
        })
    }

    /// Changes those who were otherwise, and returns whether somebody was. Nobody else is named in the answer.
    pub(crate) fn set_person_active(&mut self, person: Person, active: bool) -> bool {
        match person {
            Person::User(user) => {
                let Some(login) = self.directory.users.get(&user) else { return false };
                let changes = login.active != active && !(active && self.is_held_back(login));
                changes && self.change(user, Made, |login| login.active = active) == Made
            }
            Person::Contact(contact) => {
                let before = self.directory.contacts.get_mut(&contact);
                before.is_some_and(|before| std::mem::replace(before, active) != active)
            }
        }
    }

    /// The template that is given, else the user's own for new memberships. A member keeps the one there is, which is
    /// documented for many at once and our reading for one; nobody knows whether it is an error.
    pub(crate) fn add(
        &mut self,
        pair @ (user, project): (UserId, ProjectId),
        template: Option<TemplateId>,
    ) -> Fate {
        let Some(login) = self.directory.users.get(&user) else { return Refused };
        let (active, given) = (login.active, template.or(login.default_template));
        if self.directory.memberships.contains_key(&pair) {
            return Open;
        }
        if template.is_some_and(|template| !self.fits(template, project)) {
            return Refused;
        }
        self.directory.memberships.insert(pair, given);
        if active { Made } else { Open }
    }

    /// Only one of the bulk removals says what it does with what belongs to a group.
    pub(crate) fn remove(&mut self, pair: (UserId, ProjectId)) -> Fate {
        match self.directory.memberships.remove(&pair) {
            None => Refused,
            Some(_) if self.managed.contains(&pair) => Open,
            Some(_) => Made,
        }
    }

    /// Nobody knows what is said of whoever is not there. Only the second generation says what belongs to a group.
    pub(crate) fn remove_one_of_many(&mut self, pair: (UserId, ProjectId), second: bool) -> Fate {
        match self.directory.memberships.get(&pair) {
            None => Open,
            Some(_) if second && self.managed.contains(&pair) => Skipped,
            Some(_) => self.remove(pair),
        }
    }

    pub(crate) fn set_template(
        &mut self,
        pair @ (_, project): (UserId, ProjectId),
        template: TemplateId,
    ) -> Fate {
        let fits = self.fits(template, project);
        match self.directory.memberships.get_mut(&pair) {
            Some(before) if fits => {
                *before = Some(template);
                Made
            }
            _ => Refused,
        }
    }

    /// An inactive contact keeps its projects, and one that is back is back on them.
    pub(crate) fn set_contact_active(&mut self, contact: ContactId, active: bool) -> Fate {
        self.directory.contacts.insert(contact, active);
        Made
    }

    pub(crate) fn add_contact(&mut self, contact: ContactId, project: ProjectId) -> Fate {
        let Some(active) = self.directory.contacts.get(&contact) else { return Refused };
        let active = *active;
        let new = self.directory.guests.insert((contact, project));
        if new && active { Made } else { Open }
    }

    /// Who is not there is skipped.
    pub(crate) fn remove_contact(&mut self, contact: ContactId, project: ProjectId) -> Fate {
        if self.directory.guests.remove(&(contact, project)) { Made } else { Refused }
    }

    pub(crate) fn reactivate_vendor(&mut self, vendor: VendorId) -> Fate {
        match self.directory.vendors.get_mut(&vendor) {
            Some(active) if *active => Open,
            Some(active) => {
                *active = true;
                Made
            }
            None => Refused,
        }
    }

    /// The list replaces what was there. Nobody knows whether everybody in it has to be on the project.
    pub(crate) fn set_group(&mut self, group: (ProjectId, GroupId), members: &BTreeSet<UserId>) -> Fate {
        let known = members.iter().all(|member| self.directory.users.contains_key(member));
        match self.directory.groups.get_mut(&group) {
            Some(before) if known => {
                before.clone_from(members);
                Open
            }
            _ => Refused,
        }
    }
}

/// Somebody, with a login or without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Person {
    User(UserId),
    Contact(ContactId),
}

/// What is empty is cleared, and nothing else changes.
fn write(login: &mut Login, fields: &BTreeMap<ProfileField, String>) {
    login.fields.extend(fields.clone());
    login.fields.retain(|_, text| !text.is_empty());
}
