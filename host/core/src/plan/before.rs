//! Before: how what a step changes stood when the plan was made.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{PlanError, Step, people};
use crate::action::{Action, UserRef};
use crate::directory::{Holder, Item, ItemStatus, ProfileField, TemplateRef, User};
use crate::facts::Facts;
use crate::id::{ContactId, Email, ProjectId, TemplateId, UserId};
use crate::proposal::StepNumber;

/// How what a step changes stood when the plan was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Before {
    /// A user.
    User {
        /// The login.
        email: Option<Email>,
        /// Whether it worked.
        active: bool,
    },
    /// A membership.
    Membership {
        /// The name of the permission template.
        template_name: Option<String>,
        /// The names of the roles, sorted.
        roles: Vec<String>,
    },
    /// The user was not on the project, or the contact was not.
    NoMembership {},
    /// A user on a project, as its own directory shows them.
    Member {
        /// The permission template there; `None`: no access.
        template: Option<TemplateRef>,
    },
    /// A contact on a project.
    ContactOnProject {},
    /// Nobody had the address.
    Nobody {},
    /// An earlier step creates the user, of whom nothing is known before.
    ToBeCreated {},
    /// The fields of a user that the step changes, but for those that were empty.
    Profile {
        /// The texts.
        fields: BTreeMap<ProfileField, String>,
    },
    /// An invitation.
    Invitation {
        /// When the last one was sent; `None`: never.
        sent_at: Option<Timestamp>,
    },
    /// A permission template of a user.
    Template {
        /// Which; `None`: none.
        template: Option<TemplateId>,
    },
    /// A contact or a vendor.
    Entry {
        /// The name.
        name: String,
        /// Whether it was in use.
        active: bool,
    },
    /// A distribution group.
    Group {
        /// The name.
        name: String,
        /// Whether the user was in it.
        member: bool,
    },
    /// An item.
    Item {
        /// The number that people see.
        number: String,
        /// The title.
        title: String,
        /// Whether it was open.
        status: ItemStatus,
        /// Who held it.
        holders: Vec<Holder>,
    },
}

impl Before {
    /// Reads how things stand before a step: as the directory shows them, with what `earlier` steps will have changed.
    pub(super) fn read(
        step: StepNumber,
        action: &Action,
        facts: &Facts,
        earlier: &[Step],
    ) -> Result<Self, PlanError> {
        let now = Now { step, facts, earlier };
        if let Some(created) = action.created() {
            now.creates(created)?;
            return Ok(Self::ToBeCreated {});
        }
        match action {
            Action::CreateUser { user } => now.nobody(&user.email, None),
            Action::UpdateProfile { user, fields } => now.profile(*user, fields),
            Action::ChangeEmail { user, email } => {
                now.nobody(email, Some(*user))?;
                now.login(*user)
            }
            Action::Deactivate { user } | Action::Reactivate { user } | Action::DeleteUser { user } => {
                now.login(*user)
            }
            Action::Invite { user } => now.invitation(*user),
            Action::SetCompanyTemplate { user, .. } => now.template(*user, |user| user.company_template),
            Action::SetDefaultTemplate { user, .. } => now.template(*user, |user| user.default_template),
            Action::AddMembership { user, project, .. } => now.member(user.known(), *project),
            Action::SetMembershipTemplate { user, project, .. } => now.member(Some(*user), *project),
            Action::RemoveMembership { user, project } => now.membership(*user, *project),
            Action::AddContact { contact, project } | Action::RemoveContact { contact, project } => {
                now.contact_on(*contact, *project)
            }
            Action::DeactivateContact { contact } | Action::ReactivateContact { contact } => {
                let found =
                    facts.contact(*contact).ok_or_else(|| now.unknown(format!("contact {contact}")))?;
                Ok(Self::Entry { name: found.name.clone(), active: found.active })
            }
            Action::ReactivateVendor { vendor } => {
                let found = facts.vendor(*vendor).ok_or_else(|| now.unknown(format!("vendor {vendor}")))?;
                Ok(Self::Entry { name: found.name.clone(), active: found.active })
            }
            Action::LeaveGroup { user, project, group } => {
                now.user(*user)?;
                let group = facts
                    .group(*project, *group)
                    .ok_or_else(|| now.unknown(format!("group {group} of project {project}")))?;
                let member = group.members.iter().any(|member| member.id == *user);
                Ok(Self::Group { name: group.name.clone(), member })
            }
            Action::Reassign { item, held_as, holder, to } => {
                now.user(*holder)?;
                now.user(*to)?;
                let found = facts.item(*item).ok_or(PlanError::UnknownItem { step, item: *item })?;
                let mut holders = found.holders.iter();
                let held = holders.find(|held| (held.person.id, held.held_as) == (*holder, *held_as));
                match held.ok_or(PlanError::NotHeld { step, holder: *holder })?.fixed {
                    Some(why) => Err(PlanError::CannotMove { step, holder: *holder, why }),
                    None => Ok(now.item(found)),
                }
            }
            Action::AddHolder { item, held_as, to } => {
                now.user(*to)?;
                if !item.kind.takes_several(*held_as) {
                    let why = "adds somebody to an item in a role that only one person can have";
                    return Err(PlanError::Senseless { step, why });
                }
                Ok(now.item(facts.item(*item).ok_or(PlanError::UnknownItem { step, item: *item })?))
            }
            Action::CloseItem { item } => {
                if !item.kind.can_be_closed() {
                    let why = "closes an item of a kind that Procore's API can't close";
                    return Err(PlanError::Senseless { step, why });
                }
                Ok(now.item(facts.item(*item).ok_or(PlanError::UnknownItem { step, item: *item })?))
            }
        }
    }
}

/// How things stand when a step comes.
struct Now<'a> {
    step: StepNumber,
    facts: &'a Facts,
    earlier: &'a [Step],
}

impl Now<'_> {
    fn unknown(&self, what: String) -> PlanError {
        PlanError::Unknown { step: self.step, what }
    }

    fn closed(&self, project: ProjectId) -> PlanError {
        PlanError::Closed { step: self.step, project }
    }

    fn user(&self, user: UserId) -> Result<&User, PlanError> {
        self.facts.user(user).ok_or(PlanError::UnknownUser { step: self.step, user })
    }

    fn creates(&self, created: StepNumber) -> Result<(), PlanError> {
        let creates =
            |step: &Step| step.number == created && matches!(step.action, Action::CreateUser { .. });
        let found = self.earlier.iter().any(creates);
        found.then_some(()).ok_or(PlanError::NotCreated { step: self.step, created })
    }

    /// Nobody but `own` has the address. Procore refuses it otherwise, also where an inactive user has it.
    fn nobody(&self, email: &Email, own: Option<UserId>) -> Result<Before, PlanError> {
        let Some(users) = self.facts.users_by_email(email) else {
            return Err(self.unknown(format!("the address {email}")));
        };
        match users.iter().find(|user| Some(user.id) != own) {
            None => Ok(Before::Nobody {}),
            Some(user) => {
                Err(PlanError::AddressTaken { step: self.step, email: email.clone(), user: user.id })
            }
        }
    }

    fn login(&self, user: UserId) -> Result<Before, PlanError> {
        let user = self.user(user)?;
        Ok(Before::User { email: user.email.clone(), active: user.active })
    }

    fn profile(&self, user: UserId, fields: &BTreeMap<ProfileField, String>) -> Result<Before, PlanError> {
        self.user(user)?;
        let senseless = |why| PlanError::Senseless { step: self.step, why };
        if fields.is_empty() {
            return Err(senseless("changes no field"));
        }
        if fields.get(&ProfileField::LastName).is_some_and(|name| name.trim().is_empty()) {
            return Err(senseless("clears the last name, which Procore does not let be empty"));
        }
        let now = self.facts.profile(user).ok_or(PlanError::UnknownUser { step: self.step, user })?;
        let before = now.fields.iter().filter(|(field, _)| fields.contains_key(field));
        Ok(Before::Profile { fields: before.map(|(field, text)| (*field, text.clone())).collect() })
    }

    fn invitation(&self, user: UserRef) -> Result<Before, PlanError> {
        let Some(user) = user.known() else { return Ok(Before::ToBeCreated {}) };
        self.user(user)?;
        let now = self.facts.invitation(user).ok_or(PlanError::UnknownUser { step: self.step, user })?;
        Ok(Before::Invitation { sent_at: now.sent_at })
    }

    fn template(&self, user: UserRef, of: fn(&User) -> Option<TemplateId>) -> Result<Before, PlanError> {
        let Some(user) = user.known() else { return Ok(Before::ToBeCreated {}) };
        Ok(Before::Template { template: of(self.user(user)?) })
    }

    fn member(&self, user: Option<UserId>, project: ProjectId) -> Result<Before, PlanError> {
        let Some(user) = user else { return Ok(Before::ToBeCreated {}) };
        self.user(user)?;
        let now = self.facts.member(user, project).ok_or_else(|| self.closed(project))?;
        Ok(now.map_or(Before::NoMembership {}, |now| Before::Member { template: now.template.clone() }))
    }

    fn membership(&self, user: UserId, project: ProjectId) -> Result<Before, PlanError> {
        self.user(user)?;
        Ok(self.facts.membership(user, project).map_or(Before::NoMembership {}, |membership| {
            Before::Membership {
                template_name: membership.template_name.clone(),
                roles: membership.roles.clone(),
            }
        }))
    }

    fn contact_on(&self, contact: ContactId, project: ProjectId) -> Result<Before, PlanError> {
        let found = self.facts.contact(contact).is_some();
        found.then_some(()).ok_or_else(|| self.unknown(format!("contact {contact}")))?;
        let rows = self.facts.contacts_of_project(project).ok_or_else(|| self.closed(project))?;
        let on = rows.iter().any(|row| row.id == contact);
        Ok(if on { Before::ContactOnProject {} } else { Before::NoMembership {} })
    }

    fn item(&self, item: &Item) -> Before {
        Before::Item {
            number: item.number.clone(),
            title: item.title.clone(),
            status: item.status,
            holders: people::holders_after(item, self.earlier, self.facts),
        }
    }
}
