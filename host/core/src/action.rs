//! Actions: what a step does, whoever proposes it.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::directory::{Handover, HeldAs, ItemRef, NewUser, ProfileField};
use crate::id::{ContactId, Email, GroupId, ProjectId, TemplateId, UserId, VendorId};
use crate::proposal::StepNumber;

/// One change to Procore.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Action {
    /// Creates a user, without inviting them.
    CreateUser {
        /// Who they will be.
        user: NewUser,
    },
    /// Writes some fields of a user.
    UpdateProfile {
        /// Who.
        user: UserId,
        /// The fields that change, with their new texts; an empty one clears the field.
        fields: BTreeMap<ProfileField, String>,
    },
    /// Gives a user another address, which is the login.
    ChangeEmail {
        /// Who.
        user: UserId,
        /// The new address.
        email: Email,
    },
    /// Takes a user's login away.
    Deactivate {
        /// Who.
        user: UserId,
    },
    /// Gives a user the login back.
    Reactivate {
        /// Who.
        user: UserId,
    },
    /// Sends a user an invitation, for the first time or once more.
    Invite {
        /// Who.
        user: UserRef,
    },
    /// Gives a user another permission template for the company's own tools.
    SetCompanyTemplate {
        /// Who.
        user: UserRef,
        /// The template.
        template: TemplateId,
    },
    /// Lets new memberships of a user get another permission template.
    SetDefaultTemplate {
        /// Who.
        user: UserRef,
        /// The template.
        template: TemplateId,
    },
    /// Deletes a user for good.
    DeleteUser {
        /// Who.
        user: UserId,
    },
    /// Takes a user on a project.
    AddMembership {
        /// Who.
        user: UserRef,
        /// Where.
        project: ProjectId,
        /// The permission template there; `None`: the user's default one.
        template: Option<TemplateId>,
    },
    /// Takes a user off a project.
    RemoveMembership {
        /// Who.
        user: UserId,
        /// Where.
        project: ProjectId,
    },
    /// Gives a member of a project another permission template there.
    SetMembershipTemplate {
        /// Who.
        user: UserId,
        /// Where.
        project: ProjectId,
        /// The template.
        template: TemplateId,
    },
    /// Lists a contact in a project.
    AddContact {
        /// Who.
        contact: ContactId,
        /// Where.
        project: ProjectId,
    },
    /// Takes a contact out of a project.
    RemoveContact {
        /// Who.
        contact: ContactId,
        /// Where.
        project: ProjectId,
    },
    /// Takes a contact out of use.
    DeactivateContact {
        /// Who.
        contact: ContactId,
    },
    /// Takes a contact back into use.
    ReactivateContact {
        /// Who.
        contact: ContactId,
    },
    /// Takes a vendor back into use.
    ReactivateVendor {
        /// Which.
        vendor: VendorId,
    },
    /// Takes a user out of a distribution group.
    LeaveGroup {
        /// Who.
        user: UserId,
        /// The project of the group.
        project: ProjectId,
        /// Which.
        group: GroupId,
    },
    /// Lets somebody else hold an item.
    Reassign {
        /// Which.
        item: ItemRef,
        /// In which role.
        held_as: HeldAs,
        /// Who holds it now.
        holder: UserId,
        /// Who shall hold it.
        to: UserId,
    },
    /// Lets somebody hold an item beside those who do.
    AddHolder {
        /// Which.
        item: ItemRef,
        /// In which role.
        held_as: HeldAs,
        /// Who shall hold it as well.
        to: UserId,
    },
    /// Closes an item.
    CloseItem {
        /// Which.
        item: ItemRef,
    },
}

/// Somebody with a login, or who will have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UserRef {
    /// A user of the directory.
    Known(UserId),
    /// The user that an earlier step of the same plan creates.
    Created(StepNumber),
}

/// Whom or what an action changes, as far as a grant can reach it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// Somebody with a login.
    User(UserId),
    /// Somebody without.
    Contact(ContactId),
    /// A company in the directory.
    Vendor(VendorId),
}

/// What an action does to somebody's access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It takes some away.
    Takes,
    /// It gives some, or gives it back.
    Gives,
    /// It makes it another one.
    Changes,
    /// It leaves it alone.
    Leaves,
}

impl UserRef {
    /// Returns the id, if the user is there already.
    #[must_use]
    pub const fn known(self) -> Option<UserId> {
        match self {
            Self::Known(user) => Some(user),
            Self::Created(_) => None,
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(user) => write!(formatter, "user {user}"),
            Self::Contact(contact) => write!(formatter, "contact {contact}"),
            Self::Vendor(vendor) => write!(formatter, "vendor {vendor}"),
        }
    }
}

impl Action {
    /// Returns the user whose account, access or items it changes, if it is about one who is there already.
    #[must_use]
    pub fn user(&self) -> Option<UserId> {
        match self.subject() {
            Some(Subject::User(user)) => Some(user),
            _ => None,
        }
    }

    /// Returns whom or what it changes: nobody yet for a user who is still to be created, and for an item that is closed or
    /// gets another holder whoever holds it.
    #[must_use]
    pub fn subject(&self) -> Option<Subject> {
        match self {
            Self::UpdateProfile { user, .. }
            | Self::ChangeEmail { user, .. }
            | Self::Deactivate { user }
            | Self::Reactivate { user }
            | Self::DeleteUser { user }
            | Self::RemoveMembership { user, .. }
            | Self::SetMembershipTemplate { user, .. }
            | Self::LeaveGroup { user, .. }
            | Self::Reassign { holder: user, .. } => Some(Subject::User(*user)),
            Self::Invite { user }
            | Self::SetCompanyTemplate { user, .. }
            | Self::SetDefaultTemplate { user, .. }
            | Self::AddMembership { user, .. } => user.known().map(Subject::User),
            Self::AddContact { contact, .. }
            | Self::RemoveContact { contact, .. }
            | Self::DeactivateContact { contact }
            | Self::ReactivateContact { contact } => Some(Subject::Contact(*contact)),
            Self::ReactivateVendor { vendor } => Some(Subject::Vendor(*vendor)),
            Self::CreateUser { .. } | Self::AddHolder { .. } | Self::CloseItem { .. } => None,
        }
    }

    /// Returns the step that creates the user it is about, if one does.
    #[must_use]
    pub fn created(&self) -> Option<StepNumber> {
        match self {
            Self::Invite { user: UserRef::Created(step) }
            | Self::SetCompanyTemplate { user: UserRef::Created(step), .. }
            | Self::SetDefaultTemplate { user: UserRef::Created(step), .. }
            | Self::AddMembership { user: UserRef::Created(step), .. } => Some(*step),
            _ => None,
        }
    }

    /// Returns the same action about the user whom the step that creates them has created.
    #[must_use]
    pub fn about(&self, created: UserId) -> Self {
        let mut action = self.clone();
        match &mut action {
            Self::Invite { user }
            | Self::SetCompanyTemplate { user, .. }
            | Self::SetDefaultTemplate { user, .. }
            | Self::AddMembership { user, .. } => *user = UserRef::Known(created),
            _ => {}
        }
        action
    }

    /// Returns a name for the one thing that it changes and that another step could change as well: a login, an address, a
    /// membership. `None` for items and groups, which several steps of one plan may change.
    #[must_use]
    pub fn thing(&self) -> Option<String> {
        Some(match self {
            Self::CreateUser { user } => format!("address {}", user.email.as_str().to_ascii_lowercase()),
            Self::UpdateProfile { user, .. } => format!("profile of {user:?}"),
            Self::ChangeEmail { email, .. } => format!("address {}", email.as_str().to_ascii_lowercase()),
            Self::Deactivate { user } | Self::Reactivate { user } | Self::DeleteUser { user } => {
                format!("login of {user:?}")
            }
            Self::Invite { user } => format!("invitation of {user:?}"),
            Self::SetCompanyTemplate { user, .. } => format!("company template of {user:?}"),
            Self::SetDefaultTemplate { user, .. } => format!("default template of {user:?}"),
            Self::AddMembership { user, project, .. } => format!("{user:?} on {project:?}"),
            Self::RemoveMembership { user, project } | Self::SetMembershipTemplate { user, project, .. } => {
                format!("{:?} on {project:?}", UserRef::Known(*user))
            }
            Self::AddContact { contact, project } | Self::RemoveContact { contact, project } => {
                format!("{contact:?} on {project:?}")
            }
            Self::DeactivateContact { contact } | Self::ReactivateContact { contact } => {
                format!("state of {contact:?}")
            }
            Self::ReactivateVendor { vendor } => format!("state of {vendor:?}"),
            Self::LeaveGroup { .. }
            | Self::Reassign { .. }
            | Self::AddHolder { .. }
            | Self::CloseItem { .. } => return None,
        })
    }

    /// Returns the project in which it acts; `None` if it acts on the company.
    #[must_use]
    pub fn project(&self) -> Option<ProjectId> {
        match self {
            Self::AddMembership { project, .. }
            | Self::RemoveMembership { project, .. }
            | Self::SetMembershipTemplate { project, .. }
            | Self::AddContact { project, .. }
            | Self::RemoveContact { project, .. }
            | Self::LeaveGroup { project, .. } => Some(*project),
            _ => self.item().map(|item| item.project),
        }
    }

    /// Returns the item that it changes.
    #[must_use]
    pub fn item(&self) -> Option<ItemRef> {
        match self {
            Self::Reassign { item, .. } | Self::AddHolder { item, .. } | Self::CloseItem { item } => {
                Some(*item)
            }
            _ => None,
        }
    }

    /// Returns how it changes who holds its item.
    #[must_use]
    pub fn handover(&self) -> Option<Handover> {
        match self {
            Self::Reassign { held_as, holder, to, .. } => {
                Some(Handover { held_as: *held_as, from: Some(*holder), to: *to })
            }
            Self::AddHolder { held_as, to, .. } => Some(Handover { held_as: *held_as, from: None, to: *to }),
            _ => None,
        }
    }

    /// Returns the permission template that it gives.
    #[must_use]
    pub fn template(&self) -> Option<TemplateId> {
        match self {
            Self::SetCompanyTemplate { template, .. }
            | Self::SetDefaultTemplate { template, .. }
            | Self::SetMembershipTemplate { template, .. } => Some(*template),
            Self::AddMembership { template, .. } => *template,
            _ => None,
        }
    }

    /// Returns what it does to somebody's access. Whatever does not leave it alone the guard is asked about again just
    /// before.
    #[must_use]
    pub fn access(&self) -> Access {
        match self {
            Self::Deactivate { .. } | Self::DeleteUser { .. } | Self::RemoveMembership { .. } => {
                Access::Takes
            }
            Self::CreateUser { .. } | Self::Reactivate { .. } | Self::AddMembership { .. } => Access::Gives,
            Self::ChangeEmail { .. }
            | Self::SetCompanyTemplate { .. }
            | Self::SetDefaultTemplate { .. }
            | Self::SetMembershipTemplate { .. } => Access::Changes,
            _ => Access::Leaves,
        }
    }

    /// Returns whether it takes access away.
    #[must_use]
    pub fn takes_access(&self) -> bool {
        self.access() == Access::Takes
    }

    /// Returns whether it may take access away: also by giving another address, or a template with fewer rights.
    #[must_use]
    pub fn may_take_access(&self) -> bool {
        matches!(self.access(), Access::Takes | Access::Changes)
    }

    /// Returns the user whose login it ends.
    #[must_use]
    pub fn ends_login_of(&self) -> Option<UserId> {
        match self {
            Self::Deactivate { user } | Self::DeleteUser { user } => Some(*user),
            _ => None,
        }
    }

    /// Returns the company admin whom it may turn into somebody who is none.
    #[must_use]
    pub fn may_cost_an_admin(&self) -> Option<UserId> {
        match self {
            Self::SetCompanyTemplate { user, .. } => user.known(),
            _ => self.ends_login_of(),
        }
    }
}
