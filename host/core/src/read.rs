//! Reads and their answers: every question that a policy or the host asks of the directory.
//!
//! They are values, so that a tape can hold them and a replay can answer them again. Guard and plan ask with the same
//! type as policies do, through the same port.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::directory::{
    Activity, Candidates, Contact, ContactDetails, Group, HeldAs, Invitation, Item, ItemKind, ItemRef,
    Member, Membership, Presence, Profile, Project, ProjectRole, Template, User, Vendor,
};
use crate::id::{ContactId, Email, GroupId, ItemId, ProjectId, UserId, VendorId};

/// One question.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Read {
    /// One user. Answer: [`Answer::User`].
    User {
        /// Who.
        user: UserId,
    },
    /// The users with exactly this address, active or not. Answer: [`Answer::Users`].
    UsersByEmail {
        /// The address.
        email: Email,
    },
    /// The projects that a user is on. Answer: [`Answer::Memberships`].
    Memberships {
        /// Who.
        user: UserId,
    },
    /// One project. Answer: [`Answer::Project`].
    Project {
        /// Which.
        project: ProjectId,
    },
    /// The active projects. Answer: [`Answer::Projects`].
    ActiveProjects,
    /// The permission templates for the company's own tools. Answer: [`Answer::Templates`].
    CompanyTemplates,
    /// The permission templates for projects. Answer: [`Answer::Templates`].
    ProjectTemplates,
    /// What a user holds. Answer: [`Answer::Items`].
    ItemsHeldBy {
        /// Who.
        user: UserId,
        /// Where; `None`: in all projects that they are on, and in those that we took them off.
        project: Option<ProjectId>,
        /// Of which kinds; empty: of all.
        kinds: BTreeSet<ItemKind>,
    },
    /// One item, open or not. Answer: [`Answer::Item`].
    Item {
        /// Which.
        item: ItemRef,
    },
    /// Who could hold items of a kind in a project, in a role. Answer: [`Answer::Candidates`].
    Candidates {
        /// Where.
        project: ProjectId,
        /// Of which tool.
        kind: ItemKind,
        /// What else it depends on: [`ItemRef::pool`].
        pool: Option<ItemId>,
        /// In which role.
        held_as: HeldAs,
    },
    /// Who administers the company. Answer: [`Answer::Users`].
    CompanyAdmins,
    /// How many active users the company has. Answer: [`Answer::Count`].
    ActiveUserCount,
    /// The host's own account. Answer: [`Answer::Me`].
    Me,
    /// The users of the company. Answer: [`Answer::Users`].
    Users {
        /// Which of them.
        who: Activity,
    },
    /// What is written down of a user. Answer: [`Answer::Profile`].
    Profile {
        /// Who.
        user: UserId,
    },
    /// Where the invitation of a user stands. Answer: [`Answer::Invitation`].
    Invitation {
        /// Who.
        user: UserId,
    },
    /// The contacts of the company. Answer: [`Answer::Contacts`].
    Contacts {
        /// Which of them.
        who: Activity,
    },
    /// One contact. Answer: [`Answer::Contact`].
    Contact {
        /// Who.
        contact: ContactId,
    },
    /// How a contact can be reached. Answer: [`Answer::ContactDetails`].
    ContactDetails {
        /// Who.
        contact: ContactId,
    },
    /// The contacts of a project, active or not. Answer: [`Answer::ContactsOfProject`].
    ContactsOfProject {
        /// Where.
        project: ProjectId,
    },
    /// The vendors. Answer: [`Answer::Vendors`].
    Vendors {
        /// Which of them.
        which: Activity,
    },
    /// One vendor. Answer: [`Answer::Vendor`].
    Vendor {
        /// Which.
        vendor: VendorId,
    },
    /// The distribution groups of a project. Answer: [`Answer::Groups`].
    GroupsOfProject {
        /// Where.
        project: ProjectId,
    },
    /// The distribution groups that a user is in, in the projects that they are on. Answer: [`Answer::Groups`].
    GroupsOfUser {
        /// Who.
        user: UserId,
    },
    /// One distribution group. Answer: [`Answer::Group`].
    Group {
        /// The project that it belongs to.
        project: ProjectId,
        /// Which.
        group: GroupId,
    },
    /// Who is on a project, with a login or without. Answer: [`Answer::Members`].
    Members {
        /// Where.
        project: ProjectId,
    },
    /// A user in a project. Answer: [`Answer::Member`].
    Member {
        /// Who.
        user: UserId,
        /// Where.
        project: ProjectId,
    },
    /// The permission templates that hold in any project. Answer: [`Answer::Templates`].
    GlobalTemplates,
    /// The permission templates that can be given in a project. Answer: [`Answer::Templates`].
    AssignableTemplates {
        /// Where.
        project: ProjectId,
    },
    /// Everything that is open in a project. Answer: [`Answer::Items`].
    ItemsOfProject {
        /// Where.
        project: ProjectId,
    },
    /// Who has which role in a project. Answer: [`Answer::Roles`].
    RolesOfProject {
        /// Where.
        project: ProjectId,
    },
    /// Whether a user is about to leave, as far as muster was told. Answer: [`Answer::Leaving`].
    Leaving {
        /// Who.
        user: UserId,
    },
}

impl Read {
    /// Returns the read of everything that a user holds.
    #[must_use]
    pub const fn held_by(user: UserId) -> Self {
        Self::ItemsHeldBy { user, project: None, kinds: BTreeSet::new() }
    }
}

/// The answer to a [`Read`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// A user, or nobody that can be seen.
    User(Option<User>),
    /// Users, sorted by id.
    Users(Vec<User>),
    /// What is written down of somebody, or nobody that can be seen.
    Profile(Option<Profile>),
    /// Where an invitation stands, or nobody that can be seen.
    Invitation(Option<Invitation>),
    /// Contacts, sorted by id.
    Contacts(Vec<Contact>),
    /// Contacts of a project, sorted by id; `None` where its directory can't be seen.
    ContactsOfProject(Option<Vec<Contact>>),
    /// A contact, or none that can be seen.
    Contact(Option<Contact>),
    /// How a contact can be reached, or none that can be seen.
    ContactDetails(Option<ContactDetails>),
    /// Vendors, sorted by id.
    Vendors(Vec<Vendor>),
    /// A vendor, or none that can be seen.
    Vendor(Option<Vendor>),
    /// Groups with the projects in which they can't be seen.
    Groups(Groups),
    /// A group, or none that can be seen.
    Group(Option<Group>),
    /// Members of a project, sorted by id; `None` where its directory can't be seen.
    Members(Option<Vec<Member>>),
    /// Whether somebody is a member.
    Member(Presence),
    /// Memberships, sorted by project.
    Memberships(Vec<Membership>),
    /// A project, or none that can be seen.
    Project(Option<Project>),
    /// Projects, sorted by id.
    Projects(Vec<Project>),
    /// Templates, sorted by id.
    Templates(Vec<Template>),
    /// Items with the projects in which the tool can't be seen.
    Items(HeldItems),
    /// An item, or none that can be seen.
    Item(Option<Item>),
    /// Who could hold items; `None` where the tool can't be seen.
    Candidates(Option<Candidates>),
    /// Roles, sorted; `None` where they can't be seen.
    Roles(Option<Vec<ProjectRole>>),
    /// Whether somebody is about to leave.
    Leaving(bool),
    /// A number.
    Count(u64),
    /// The host's own account.
    Me(UserId),
}

/// Items, as far as they can be seen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct HeldItems {
    /// The items, sorted by project, kind and number.
    pub rows: Vec<Item>,
    /// The tools that can't be seen.
    pub unseen: BTreeSet<UnseenTool>,
}

/// A tool of a project that the host's account can't see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct UnseenTool {
    /// Where.
    pub project: ProjectId,
    /// What is held in it.
    pub kind: ItemKind,
}

/// Distribution groups, as far as they can be seen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Groups {
    /// The groups, sorted by project, then id.
    pub rows: Vec<Group>,
    /// Projects whose groups can't be seen.
    pub unseen: BTreeSet<ProjectId>,
}

/// An answer that does not fit its question: a fault of whoever answered, for example a tape that was tampered with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the read {read:?} was answered with {answer}")]
pub struct WrongAnswer {
    read: Box<Read>,
    answer: &'static str,
}

impl Answer {
    /// Returns whether this answers `read`.
    ///
    /// # Errors
    ///
    /// If it does not.
    pub fn fits(&self, read: &Read) -> Result<(), WrongAnswer> {
        let (fits, answer) = match self {
            Self::User(_) => (matches!(read, Read::User { .. }), "a user"),
            Self::Users(_) => (
                matches!(read, Read::UsersByEmail { .. } | Read::Users { .. } | Read::CompanyAdmins),
                "users",
            ),
            Self::Profile(_) => (matches!(read, Read::Profile { .. }), "a profile"),
            Self::Invitation(_) => (matches!(read, Read::Invitation { .. }), "an invitation"),
            Self::Contacts(_) => (matches!(read, Read::Contacts { .. }), "contacts"),
            Self::ContactsOfProject(_) => {
                (matches!(read, Read::ContactsOfProject { .. }), "contacts of a project")
            }
            Self::Contact(_) => (matches!(read, Read::Contact { .. }), "a contact"),
            Self::ContactDetails(_) => (matches!(read, Read::ContactDetails { .. }), "details of a contact"),
            Self::Vendors(_) => (matches!(read, Read::Vendors { .. }), "vendors"),
            Self::Vendor(_) => (matches!(read, Read::Vendor { .. }), "a vendor"),
            Self::Groups(_) => {
                (matches!(read, Read::GroupsOfProject { .. } | Read::GroupsOfUser { .. }), "groups")
            }
            Self::Group(_) => (matches!(read, Read::Group { .. }), "a group"),
            Self::Members(_) => (matches!(read, Read::Members { .. }), "members"),
            Self::Member(_) => (matches!(read, Read::Member { .. }), "a member"),
            Self::Memberships(_) => (matches!(read, Read::Memberships { .. }), "memberships"),
            Self::Project(_) => (matches!(read, Read::Project { .. }), "a project"),
            Self::Projects(_) => (matches!(read, Read::ActiveProjects), "projects"),
            Self::Templates(_) => (
                matches!(
                    read,
                    Read::CompanyTemplates
                        | Read::ProjectTemplates
                        | Read::GlobalTemplates
                        | Read::AssignableTemplates { .. }
                ),
                "templates",
            ),
            Self::Items(_) => {
                (matches!(read, Read::ItemsHeldBy { .. } | Read::ItemsOfProject { .. }), "items")
            }
            Self::Item(_) => (matches!(read, Read::Item { .. }), "an item"),
            Self::Candidates(_) => (matches!(read, Read::Candidates { .. }), "candidates"),
            Self::Roles(_) => (matches!(read, Read::RolesOfProject { .. }), "roles"),
            Self::Leaving(_) => (matches!(read, Read::Leaving { .. }), "whether somebody leaves"),
            Self::Count(_) => (matches!(read, Read::ActiveUserCount), "a number"),
            Self::Me(_) => (matches!(read, Read::Me), "an account"),
        };
        if fits { Ok(()) } else { Err(WrongAnswer { read: Box::new(read.clone()), answer }) }
    }
}
