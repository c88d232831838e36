//! Actions: what a step does, whoever proposes it.

use serde::{Deserialize, Serialize};

use crate::directory::{HeldAs, ItemRef};
use crate::id::{ProjectId, UserId};

/// One change to Procore.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Action {
    /// Takes a user's login away.
    Deactivate {
        /// Who.
        user: UserId,
    },
    /// Takes a user off a project.
    RemoveMembership {
        /// Who.
        user: UserId,
        /// Where.
        project: ProjectId,
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
    /// Closes an item.
    CloseItem {
        /// Which.
        item: ItemRef,
    },
}

impl Action {
    /// Returns the user whose access or items it changes, if it is about one.
    #[must_use]
    pub fn user(&self) -> Option<UserId> {
        match self {
            Self::Deactivate { user } | Self::RemoveMembership { user, .. } => Some(*user),
            Self::Reassign { holder, .. } => Some(*holder),
            Self::CloseItem { .. } => None,
        }
    }

    /// Returns the project in which it acts; `None` if it acts on the company.
    #[must_use]
    pub fn project(&self) -> Option<ProjectId> {
        match self {
            Self::Deactivate { .. } => None,
            Self::RemoveMembership { project, .. } => Some(*project),
            Self::Reassign { item, .. } | Self::CloseItem { item } => Some(item.project),
        }
    }

    /// Returns the item that it changes.
    #[must_use]
    pub fn item(&self) -> Option<ItemRef> {
        match self {
            Self::Reassign { item, .. } | Self::CloseItem { item } => Some(*item),
            Self::Deactivate { .. } | Self::RemoveMembership { .. } => None,
        }
    }

    /// Returns whether it takes access away, which is what the guard asks about again just before.
    #[must_use]
    pub fn takes_access(&self) -> bool {
        matches!(self, Self::Deactivate { .. } | Self::RemoveMembership { .. })
    }
}
