//! Every read and every power of the contract, each once.

use muster_policy::{
    Activity, ContactId, Decision, Field, GroupId, HeldAs, ItemKind, ItemRef, NewUser, ProfileField,
    ProjectId, Refusal, TemplateId, UserId, UserRef, VendorId, clock, contact_steps, contacts, erasure,
    group_steps, groups, identity_steps, item_steps, items, membership_steps, memberships, projects,
    templates, user_steps, users, vendor_steps, vendors,
};
use serde::Deserialize;

/// What reads and powers are about. What an order leaves out is 0, which nothing has as its id.
#[derive(Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct Target {
    user: u64,
    project: u64,
    item: u64,
    /// Who takes an item over.
    to: u64,
    contact: u64,
    vendor: u64,
    group: u64,
    template: u64,
    /// The address that is looked for, and that a new or changed user gets.
    email: String,
}

impl Default for Target {
    fn default() -> Self {
        let email = "nobody@example.com".to_owned();
        Self { user: 0, project: 0, item: 0, to: 0, contact: 0, vendor: 0, group: 0, template: 0, email }
    }
}

/// Every power, and what leaves an item, in the order of their names.
pub(crate) const POWERS: &[&str] = &[
    "contact-steps.deactivate",
    "contact-steps.reactivate",
    "erasure.delete-user",
    "group-steps.leave",
    "identity-steps.change-email",
    "item-steps.add",
    "item-steps.close",
    "item-steps.leave",
    "item-steps.reassign",
    "membership-steps.add",
    "membership-steps.add-contact",
    "membership-steps.remove",
    "membership-steps.remove-contact",
    "membership-steps.set-template",
    "user-steps.create",
    "user-steps.deactivate",
    "user-steps.invite",
    "user-steps.reactivate",
    "user-steps.set-company-template",
    "user-steps.set-default-template",
    "user-steps.update-profile",
    "vendor-steps.reactivate",
];

impl Target {
    /// Prints the answer to every read, and says what they were.
    pub(crate) fn read_all(self) -> String {
        let names = self.answers().into_iter().map(|line| {
            println!("{line}");
            line.split(' ').next().unwrap_or_default().to_owned()
        });
        names.collect::<Vec<_>>().join(" ")
    }

    /// Returns the answer to one read.
    pub(crate) fn read(self, only: &str) -> String {
        let found = self.answers().into_iter().find(|line| line.split(' ').next() == Some(only));
        found.unwrap_or_else(|| format!("there is no read {only}"))
    }

    fn answers(self) -> Vec<String> {
        let (user, project) = (UserId { value: self.user }, ProjectId { value: self.project });
        let item = ItemRef { kind: ItemKind::Rfi, project, within: None, id: self.item };
        let (contact, vendor) = (ContactId { value: self.contact }, VendorId { value: self.vendor });
        vec![
            format!("clock.now {:?}", clock::now()),
            format!("contacts.details {:?}", contacts::details(contact)),
            format!("contacts.list {:?}", contacts::list(Activity::All)),
            format!("contacts.of-project {:?}", contacts::of_project(project)),
            format!("contacts.show {:?}", contacts::show(contact)),
            format!("groups.of-project {:?}", groups::of_project(project)),
            format!("groups.of-user {:?}", groups::of_user(user)),
            format!("items.candidates {:?}", items::candidates(item, HeldAs::Manager)),
            format!("items.held-by {:?}", items::held_by(user, None, &[])),
            format!("items.of-project {:?}", items::of_project(project)),
            format!("items.show {:?}", items::show(item)),
            format!("memberships.of-project {:?}", memberships::of_project(project)),
            format!("memberships.of-user {:?}", memberships::of_user(user)),
            format!("memberships.show {:?}", memberships::show(user, project)),
            format!("projects.active {:?}", projects::active()),
            format!("projects.roles {:?}", projects::roles(project)),
            format!("projects.show {:?}", projects::show(project)),
            format!("templates.assignable {:?}", templates::assignable(project)),
            format!("templates.for-any-project {:?}", templates::for_any_project()),
            format!("templates.for-company {:?}", templates::for_company()),
            format!("templates.for-projects {:?}", templates::for_projects()),
            format!("users.find-by-email {:?}", users::find_by_email(&self.email)),
            format!("users.invitation {:?}", users::invitation(user)),
            format!("users.is-leaving {:?}", users::is_leaving(user)),
            format!("users.list {:?}", users::list(Activity::All)),
            format!("users.profile {:?}", users::profile(user)),
            format!("users.show {:?}", users::show(user)),
            format!("vendors.list {:?}", vendors::list(Activity::All)),
            format!("vendors.show {:?}", vendors::show(vendor)),
        ]
    }

    /// Uses these powers. What is done to a user is done to the one that an earlier step creates, if one does and the power
    /// can.
    pub(crate) fn propose(&self, powers: &[&str]) -> Result<Decision, Refusal> {
        let mut who = UserRef::Known(UserId { value: self.user });
        for power in powers {
            self.add(power, &mut who)?;
        }
        Ok(Decision::Proposed("as told".to_owned()))
    }

    fn add(&self, power: &str, who: &mut UserRef) -> Result<(), Refusal> {
        let (user, to) = (UserId { value: self.user }, UserId { value: self.to });
        let (project, template) = (ProjectId { value: self.project }, TemplateId { value: self.template });
        let (contact, vendor) = (ContactId { value: self.contact }, VendorId { value: self.vendor });
        let item = ItemRef { kind: ItemKind::Rfi, project, within: None, id: self.item };
        let group = GroupId { value: self.group };
        // Each says in its reason which it is.
        _ = match power {
            "contact-steps.deactivate" => contact_steps::deactivate(contact, power)?,
            "contact-steps.reactivate" => contact_steps::reactivate(contact, power)?,
            "erasure.delete-user" => erasure::delete_user(user, power)?,
            "group-steps.leave" => group_steps::leave(user, project, group, power)?,
            "identity-steps.change-email" => identity_steps::change_email(user, &self.email, power)?,
            "item-steps.add" => item_steps::add(item, HeldAs::Assignee, to, power)?,
            "item-steps.close" => item_steps::close(item, power)?,
            "item-steps.leave" => {
                item_steps::leave(item, HeldAs::Assignee, user, power)?;
                return Ok(());
            }
            "item-steps.reassign" => item_steps::reassign(item, HeldAs::Assignee, user, to, power)?,
            "membership-steps.add" => {
                membership_steps::add(*who, project, (self.template != 0).then_some(template), power)?
            }
            "membership-steps.add-contact" => membership_steps::add_contact(contact, project, power)?,
            "membership-steps.remove" => membership_steps::remove(user, project, power)?,
            "membership-steps.remove-contact" => membership_steps::remove_contact(contact, project, power)?,
            "membership-steps.set-template" => {
                membership_steps::set_template(user, project, template, power)?
            }
            "user-steps.create" => {
                let step = user_steps::create(&self.new_user(), power)?;
                *who = UserRef::Created(step);
                step
            }
            "user-steps.deactivate" => user_steps::deactivate(user, power)?,
            "user-steps.invite" => user_steps::invite(*who, power)?,
            "user-steps.reactivate" => user_steps::reactivate(user, power)?,
            "user-steps.set-company-template" => user_steps::set_company_template(*who, template, power)?,
            "user-steps.set-default-template" => user_steps::set_default_template(*who, template, power)?,
            "user-steps.update-profile" => {
                let field = |name, value: &str| Field { name, value: value.to_owned() };
                let changes =
                    [field(ProfileField::JobTitle, "Foreman"), field(ProfileField::MobilePhone, "555-0100")];
                user_steps::update_profile(user, &changes, power)?
            }
            "vendor-steps.reactivate" => vendor_steps::reactivate(vendor, power)?,
            other => return Err(Refusal::Settings(format!("there is no power {other}"))),
        };
        Ok(())
    }

    fn new_user(&self) -> NewUser {
        NewUser {
            email: self.email.clone(),
            first_name: Some("Noa".to_owned()),
            last_name: "Berg".to_owned(),
            job_title: Some("Engineer".to_owned()),
            employee: true,
            employee_id: Some("E-17".to_owned()),
            vendor: None,
        }
    }
}
