//! The people with a login, active or not.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::Space;
use super::template::{Level, TemplateKind};
use super::{Company, Invalid};

/// Somebody with a login in the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The id, which is the same in the company and on every project.
    pub id: u64,
    /// The id of the same person as a contact.
    pub contact_id: u64,
    /// The id of the same person as a party, which memberships are listed by.
    pub party_id: u64,
    /// The first name.
    pub first_name: Option<String>,
    /// The last name.
    pub last_name: String,
    /// The initials.
    pub initials: Option<String>,
    /// The e-mail address, which is the login.
    pub email: String,
    /// The job title.
    pub job_title: Option<String>,
    /// Whether the login works.
    pub active: bool,
    /// Whether this is an employee of the company itself.
    pub employee: bool,
    /// The company's own number for an employee.
    pub employee_id: Option<String>,
    /// The vendor that the user belongs to.
    pub vendor: Option<u64>,
    /// The template for the tools of the company.
    pub company_template: Option<u64>,
    /// The template that new memberships get.
    pub default_template: Option<u64>,
    /// Whether the user is put on every new project.
    pub add_to_new_projects: bool,
    /// The street address.
    pub address: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// The state, as in ISO 3166.
    pub state_code: Option<String>,
    /// The country, as in ISO 3166.
    pub country_code: Option<String>,
    /// The postal code.
    pub zip: Option<String>,
    /// The phone at work.
    pub business_phone: Option<String>,
    /// The extension of the phone at work.
    pub business_phone_extension: Option<u64>,
    /// The mobile phone.
    pub mobile_phone: Option<String>,
    /// The fax.
    pub fax_number: Option<String>,
    /// What stands below the user's e-mails.
    pub email_signature: Option<String>,
    /// Notes, keywords, tags.
    pub notes: Option<String>,
    /// The id that another system has for the user.
    pub origin_id: Option<String>,
    /// What another system keeps with the user.
    pub origin_data: Option<String>,
    /// The work classification.
    pub work_classification_id: Option<u64>,
    /// The language.
    pub locale: Option<String>,
    /// When the invitation was sent; never, if it is missing.
    pub welcome_email_sent_at: Option<Timestamp>,
    /// When the user last logged in.
    pub last_login_at: Option<Timestamp>,
    /// When the login was last made to work.
    pub last_activated_at: Option<Timestamp>,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When the record was last changed.
    pub updated_at: Timestamp,
}

impl User {
    /// Returns the record of an active user without ids, who is made at `now` and of whom only the name and the address
    /// are known.
    pub(crate) fn blank(first_name: &str, last_name: &str, email: String, now: Timestamp) -> Self {
        Self {
            id: 0,
            contact_id: 0,
            party_id: 0,
            first_name: Some(first_name.to_owned()).filter(|name| !name.is_empty()),
            last_name: last_name.to_owned(),
            initials: initials(first_name, last_name),
            email,
            job_title: None,
            active: true,
            employee: false,
            employee_id: None,
            vendor: None,
            company_template: None,
            default_template: None,
            add_to_new_projects: false,
            address: None,
            city: None,
            state_code: None,
            country_code: None,
            zip: None,
            business_phone: None,
            business_phone_extension: None,
            mobile_phone: None,
            fax_number: None,
            email_signature: None,
            notes: None,
            origin_id: None,
            origin_data: None,
            work_classification_id: None,
            locale: Some("en".to_owned()),
            welcome_email_sent_at: None,
            last_login_at: None,
            last_activated_at: None,
            created_at: now,
            updated_at: now,
        }
    }

    /// Returns the first and the last name.
    pub fn name(&self) -> String {
        match &self.first_name {
            Some(first) => format!("{first} {}", self.last_name),
            None => self.last_name.clone(),
        }
    }
}

/// What is needed to add a user.
#[derive(Debug, Clone, Default)]
pub struct NewUser {
    /// The first name.
    pub first_name: String,
    /// The last name.
    pub last_name: String,
    /// The e-mail address; made from the name and the vendor's domain when it is missing.
    pub email: Option<String>,
    /// The job title.
    pub job_title: Option<String>,
    /// The vendor; the company itself when it is missing. People of the company itself are employees.
    pub vendor: Option<u64>,
    /// The template for the tools of the company.
    pub company_template: Option<u64>,
    /// The template that new memberships get.
    pub default_template: Option<u64>,
    /// Whether the login has been taken away.
    pub inactive: bool,
}

impl NewUser {
    /// Returns an active employee of the company itself, without any template.
    pub fn named(first_name: &str, last_name: &str) -> Self {
        Self { first_name: first_name.to_owned(), last_name: last_name.to_owned(), ..Self::default() }
    }
}

impl Company {
    /// Adds a user and returns the id.
    pub fn add_user(&mut self, new: NewUser) -> Result<u64, Invalid> {
        let vendor = new.vendor.unwrap_or(self.own_vendor);
        let email = new.email.unwrap_or_else(|| self.free_email(&new.first_name, &new.last_name, vendor));
        let mut user = User::blank(&new.first_name, &new.last_name, email, self.now);
        user.job_title = new.job_title;
        user.active = !new.inactive;
        user.vendor = Some(vendor);
        user.employee = vendor == self.own_vendor;
        user.employee_id = user.employee.then(|| format!("E-{}", 10_000 + self.users.len()));
        user.company_template = new.company_template;
        user.default_template = new.default_template;
        self.add_user_record(user)
    }

    /// Adds a user of whom everything is known but the ids, and returns the id.
    pub(crate) fn add_user_record(&mut self, mut user: User) -> Result<u64, Invalid> {
        self.check_user(&user)?;
        self.number_user(&mut user);
        let id = user.id;
        self.follow_invitation(None, &user);
        self.insert_user(user);
        Ok(id)
    }

    /// Gives back a login, which is refused while the user's vendor is inactive. Whoever was on a project is there again,
    /// with the same permissions.
    pub fn reactivate(&mut self, user: u64) -> Result<(), Invalid> {
        let vendor = self.user(user).ok_or_else(|| Invalid::unknown("id", user))?.vendor;
        self.check_vendor_active(vendor)?;
        self.set_active(user, true)
    }

    /// Refuses to activate anybody of an inactive vendor.
    pub(crate) fn check_vendor_active(&self, vendor: Option<u64>) -> Result<(), Invalid> {
        match vendor.and_then(|id| self.vendor(id)).filter(|vendor| !vendor.active) {
            Some(vendor) => {
                let message = format!("{} is inactive; reactivate the vendor first", vendor.id);
                Err(Invalid::new("vendor", message))
            }
            None => Ok(()),
        }
    }

    /// Deletes a user with all memberships. Items go on naming whoever is not there any more.
    pub(crate) fn delete_user(&mut self, user: u64) {
        let Some(gone) = self.users.remove(&user) else { return };
        self.unsettle(user);
        self.emails.remove(&gone.email.to_lowercase());
        self.users_by_party.remove(&gone.party_id);
        self.invitations.remove(&user);
        let projects: Vec<u64> = self.projects_of(user).collect();
        for project in projects {
            self.remove_membership(user, project);
        }
        for group in self.distribution_groups.values_mut() {
            group.users.retain(|id| *id != user);
        }
    }

    /// Says that a user logs in now.
    pub fn log_in(&mut self, user: u64) -> Result<(), Invalid> {
        let mut changed = self.user(user).ok_or_else(|| Invalid::unknown("id", user))?.clone();
        changed.last_login_at = Some(self.now);
        self.put_user(changed)
    }

    /// Sends a user the welcome e-mail, for the first time or again.
    pub fn invite(&mut self, user: u64) -> Result<(), Invalid> {
        let mut changed = self.user(user).ok_or_else(|| Invalid::unknown("id", user))?.clone();
        let again = changed.welcome_email_sent_at.replace(self.now) == Some(self.now);
        self.put_user(changed.clone())?;
        if again {
            // The record shows no difference within one second, but there were two mails.
            self.begin_invitation(user, self.now);
            self.follow_invitation(Some(&changed), &changed);
        }
        Ok(())
    }

    /// Puts a changed user in the place of the one with its id.
    pub fn put_user(&mut self, mut user: User) -> Result<(), Invalid> {
        let before = self.users.get(&user.id).ok_or_else(|| Invalid::unknown("id", user.id))?;
        self.check_user(&user)?;
        let before = before.clone();
        self.emails.remove(&before.email.to_lowercase());
        user.updated_at = self.now;
        self.follow_invitation(Some(&before), &user);
        let (id, leaves) = (user.id, before.active && !user.active);
        self.insert_user(user);
        if leaves {
            self.unsettle(id);
        }
        Ok(())
    }

    /// Gives or takes away a login. Memberships, templates and items stay as they are.
    pub fn set_active(&mut self, user: u64, active: bool) -> Result<(), Invalid> {
        let mut changed = self.user(user).ok_or_else(|| Invalid::unknown("id", user))?.clone();
        if active && !changed.active {
            changed.last_activated_at = Some(self.now);
        }
        changed.active = active;
        self.put_user(changed)
    }

    /// Returns a user.
    pub fn user(&self, id: u64) -> Option<&User> {
        self.users.get(&id)
    }

    /// Gives a user the address of another one. Procore refuses that; what was there before it did may be so.
    pub fn share_email(&mut self, user: u64, of: u64) {
        let Some(email) = self.users.get(&of).map(|of| of.email.clone()) else { return };
        if let Some(user) = self.users.get_mut(&user) {
            user.email = email;
        }
    }

    /// Returns the user with an e-mail address, in whatever case it is written.
    pub fn user_by_email(&self, email: &str) -> Option<&User> {
        self.emails.get(&email.to_lowercase()).and_then(|id| self.users.get(id))
    }

    /// Returns all users, active or not, in the order of their ids.
    pub fn users(&self) -> impl Iterator<Item = &User> {
        self.users.values()
    }

    /// Returns whether a user is an active admin of the company's directory.
    pub fn is_company_admin(&self, user: u64) -> bool {
        let template = self.user(user).filter(|user| user.active).and_then(|user| user.company_template);
        template
            .and_then(|id| self.template(id))
            .is_some_and(|found| found.level("directory") == Level::Admin)
    }

    /// Checks that a user could stand in the directory like this.
    pub(crate) fn check_user(&self, user: &User) -> Result<(), Invalid> {
        if user.last_name.trim().is_empty() {
            return Err(Invalid::new("last_name", "can't be blank"));
        }
        let (local, domain) = user.email.split_once('@').unwrap_or_default();
        if local.is_empty() || domain.is_empty() || user.email.contains(char::is_whitespace) {
            return Err(Invalid::new("email_address", "is invalid"));
        }
        if self.user_by_email(&user.email).is_some_and(|other| other.id != user.id) {
            return Err(Invalid::new("email_address", "has already been taken"));
        }
        if let Some(id) = user.vendor.filter(|id| !self.vendors.contains_key(id)) {
            return Err(Invalid::unknown("vendor_id", id));
        }
        if let Some(id) = user.company_template.filter(|id| self.company_template(*id).is_none()) {
            return Err(Invalid::new(
                "company_permission_template_id",
                format!("{id} is not for company tools"),
            ));
        }
        let global = |id: &u64| self.template(*id).is_some_and(|found| found.kind == TemplateKind::Global);
        if let Some(id) = user.default_template.filter(|id| !global(id)) {
            return Err(Invalid::new(
                "default_permission_template_id",
                format!("{id} is not a global template"),
            ));
        }
        Ok(())
    }

    /// Adds the user that calls with the app's credentials act as.
    pub(super) fn insert_service_account(&mut self) -> u64 {
        let email = self.free_email("muster-service", "", self.own_vendor);
        let mut user = User::blank("", "Muster Service Account", email, self.now);
        self.number_user(&mut user);
        user.vendor = Some(self.own_vendor);
        user.company_template = self.template_by_name("Integration").map(|template| template.id);
        let id = user.id;
        self.insert_user(user);
        id
    }

    fn insert_user(&mut self, user: User) {
        self.users_by_party.insert(user.party_id, user.id);
        self.emails.insert(user.email.to_lowercase(), user.id);
        self.users.insert(user.id, user);
    }

    /// Gives a record the ids of a new user.
    pub(crate) fn number_user(&mut self, user: &mut User) {
        user.id = self.ids.next(Space::User);
        user.contact_id = self.ids.next(Space::Contact);
        user.party_id = self.ids.next(Space::Party);
    }

    /// Returns an address that nobody has yet.
    fn free_email(&self, first_name: &str, last_name: &str, vendor: u64) -> String {
        let words = [first_name, last_name].map(|name| {
            name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect::<String>().to_lowercase()
        });
        let local = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(".");
        let domain = self.vendor(vendor).map_or("nowhere.example", |vendor| vendor.domain.as_str());
        let mut email = format!("{local}@{domain}");
        let mut count = 1;
        while self.emails.contains_key(&email) {
            count += 1;
            email = format!("{local}{count}@{domain}");
        }
        email
    }
}

/// Returns the initials of a name.
pub(crate) fn initials(first_name: &str, last_name: &str) -> Option<String> {
    let initials: String = [first_name, last_name].iter().filter_map(|name| name.chars().next()).collect();
    Some(initials).filter(|initials| !initials.is_empty())
}
