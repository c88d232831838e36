//! Reads and their answers: every question that a policy or the host asks of the directory.
//!
//! They are values, so that a tape can hold them and a replay can answer them again. Guard and plan ask with the same
//! type as policies do, through the same port.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::directory::{HeldAs, Item, ItemKind, ItemRef, Membership, Person, Project, Template, User};
use crate::id::{Email, ProjectId, UserId};

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
    /// What a user holds, in all projects that they are on. Answer: [`Answer::Items`].
    ItemsHeldBy {
        /// Who.
        user: UserId,
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
        /// In which role.
        held_as: HeldAs,
    },
    /// Who administers the company. Answer: [`Answer::Users`].
    CompanyAdmins,
    /// How many active users the company has. Answer: [`Answer::Count`].
    ActiveUserCount,
    /// The host's own account. Answer: [`Answer::Me`].
    Me,
}

/// The answer to a [`Read`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// A user, or nobody that can be seen.
    User(Option<User>),
    /// Users, sorted by id.
    Users(Vec<User>),
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
    /// People, sorted by id; `None` where the tool can't be seen.
    Candidates(Option<Vec<Person>>),
    /// A number.
    Count(u64),
    /// The host's own account.
    Me(UserId),
}

/// What a user holds, as far as it can be seen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct HeldItems {
    /// The items, sorted by project, kind and number.
    pub rows: Vec<Item>,
    /// Projects of the user whose tool can't be seen.
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
            Self::Users(_) => (matches!(read, Read::UsersByEmail { .. } | Read::CompanyAdmins), "users"),
            Self::Memberships(_) => (matches!(read, Read::Memberships { .. }), "memberships"),
            Self::Project(_) => (matches!(read, Read::Project { .. }), "a project"),
            Self::Projects(_) => (matches!(read, Read::ActiveProjects), "projects"),
            Self::Templates(_) => {
                (matches!(read, Read::CompanyTemplates | Read::ProjectTemplates), "templates")
            }
            Self::Items(_) => (matches!(read, Read::ItemsHeldBy { .. }), "items"),
            Self::Item(_) => (matches!(read, Read::Item { .. }), "an item"),
            Self::Candidates(_) => (matches!(read, Read::Candidates { .. }), "candidates"),
            Self::Count(_) => (matches!(read, Read::ActiveUserCount), "a number"),
            Self::Me(_) => (matches!(read, Read::Me), "an account"),
        };
        if fits { Ok(()) } else { Err(WrongAnswer { read: Box::new(read.clone()), answer }) }
    }
}
