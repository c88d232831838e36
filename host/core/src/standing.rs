//! Standing: where a step stands, seen by an answer of Procore.
//!
//! One table serves before and after: before a call it tells whether the plan still fits, after a call whether the
//! change is there. It therefore asks only what *would still show the thing if nothing had happened*: Procore's lists of
//! project users show active users only, so after a deactivation they would prove nothing (support.procore.com,
//! reactivate a user: memberships are kept).

mod people;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::action::{Action, UserRef};
use crate::directory::{Activity, HeldAs, Holder, Item, ItemStatus};
use crate::facts::Facts;
use crate::id::UserId;
use crate::plan::{Before, Step};
use crate::read::Read;

/// Where a step stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// As it was when the plan was made.
    AsBefore,
    /// As the step wants it.
    AsWanted,
    /// Neither; somebody else changed it. Says how, in words that follow the name of the thing.
    Otherwise(String),
    /// Procore does not show it.
    Unseen,
}

impl Action {
    /// Returns the read whose answer shows where the action stands, whether it happened or not; `None` for an action about
    /// a user who is still to be created.
    #[must_use]
    pub fn proof(&self) -> Option<Read> {
        Some(match self {
            Self::CreateUser { user } => Read::UsersByEmail { email: user.email.clone() },
            Self::UpdateProfile { user, .. } => Read::Profile { user: *user },
            Self::ChangeEmail { user, .. }
            | Self::Deactivate { user }
            | Self::Reactivate { user }
            | Self::SetCompanyTemplate { user: UserRef::Known(user), .. }
            | Self::SetDefaultTemplate { user: UserRef::Known(user), .. } => Read::User { user: *user },
            // That somebody is not shown may also be because they can't be seen (invariant 9): the list tells.
            Self::DeleteUser { .. } => Read::Users { who: Activity::All },
            Self::Invite { user: UserRef::Known(user) } => Read::Invitation { user: *user },
            Self::AddMembership { user: UserRef::Known(user), project, .. }
            | Self::SetMembershipTemplate { user, project, .. } => {
                Read::Member { user: *user, project: *project }
            }
            Self::RemoveMembership { user, .. } => Read::Memberships { user: *user },
            Self::AddContact { project, .. } | Self::RemoveContact { project, .. } => {
                Read::ContactsOfProject { project: *project }
            }
            Self::DeactivateContact { contact } | Self::ReactivateContact { contact } => {
                Read::Contact { contact: *contact }
            }
            Self::ReactivateVendor { vendor } => Read::Vendor { vendor: *vendor },
            Self::LeaveGroup { project, group, .. } => Read::Group { project: *project, group: *group },
            Self::Reassign { item, .. } | Self::AddHolder { item, .. } | Self::CloseItem { item } => {
                Read::Item { item: *item }
            }
            Self::Invite { user: UserRef::Created(_) }
            | Self::SetCompanyTemplate { user: UserRef::Created(_), .. }
            | Self::SetDefaultTemplate { user: UserRef::Created(_), .. }
            | Self::AddMembership { user: UserRef::Created(_), .. } => return None,
        })
    }
}

impl Step {
    /// Returns the step as it is about the user whom an earlier step has created. How things stood before was not known
    /// when the plan was made, so nothing is expected of it.
    #[must_use]
    pub fn about(&self, created: UserId) -> Self {
        Self { action: self.action.about(created), ..self.clone() }
    }

    /// Returns where the step stands by `live`, which must hold a fresh answer to [`Action::proof`].
    #[must_use]
    pub fn standing(&self, live: &Facts) -> Standing {
        match &self.action {
            Action::Reassign { item, held_as, holder, to } => {
                live.item(*item).map_or(Standing::Unseen, |now| reassigned(now, *held_as, *holder, *to))
            }
            Action::AddHolder { item, held_as, to } => {
                live.item(*item).map_or(Standing::Unseen, |now| added(now, *held_as, *to))
            }
            Action::CloseItem { item } => {
                live.item(*item).map_or(Standing::Unseen, |now| closed(now, &self.before))
            }
            action => people::standing(action, &self.before, live),
        }
    }

    /// Returns where the step stands after its call. What can't be told apart from its having been done before counts as
    /// not to be seen, so that nothing repeats it: another mail to somebody who had got one.
    #[must_use]
    pub fn read_back(&self, live: &Facts) -> Standing {
        let again = matches!(self.before, Before::Invitation { sent_at: Some(_) });
        match self.standing(live) {
            Standing::AsBefore if again => Standing::Unseen,
            standing => standing,
        }
    }
}

/// Returns where a closing stands.
fn closed(now: &Item, before: &Before) -> Standing {
    match before {
        _ if now.status == ItemStatus::Closed => Standing::AsWanted,
        Before::Item { holders, .. } if same_people(&now.holders, holders) => Standing::AsBefore,
        _ => Standing::Otherwise("is held by other people than the plan reckons with".to_owned()),
    }
}

/// Names don't matter: Procore may spell them otherwise in another list.
fn same_people(one: &[Holder], other: &[Holder]) -> bool {
    let people = |holders: &[Holder]| -> BTreeSet<_> {
        holders.iter().map(|holder| (holder.person.id, holder.held_as)).collect()
    };
    people(one) == people(other)
}

/// Returns where the coming of another holder stands.
fn added(now: &Item, held_as: HeldAs, to: UserId) -> Standing {
    match (now.holds(to, held_as), now.is_open()) {
        (true, _) => Standing::AsWanted,
        (false, true) => Standing::AsBefore,
        (false, false) => Standing::Otherwise("has been closed".to_owned()),
    }
}

/// Returns where a hand-over stands. Holders besides the two do not matter: they stay.
fn reassigned(now: &Item, held_as: HeldAs, holder: UserId, to: UserId) -> Standing {
    let holds = |user: UserId| now.held_by(user).any(|role| role == held_as);
    let asked_otherwise = now.held_by(holder).any(|role| role != held_as && role.shares_list_with(held_as));
    match (holds(holder), now.holds(to, held_as)) {
        (false, _) if asked_otherwise => {
            Standing::Otherwise("is held by the same person in another role".to_owned())
        }
        (false, true) => Standing::AsWanted,
        (true, _) if now.status != ItemStatus::Closed => Standing::AsBefore,
        (true, _) => Standing::Otherwise("has been closed".to_owned()),
        (false, false) => Standing::Otherwise("is held by neither of the two in that role".to_owned()),
    }
}
