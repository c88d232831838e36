//! Standing: where a step stands, seen by an answer of Procore.
//!
//! One table serves before and after: before a call it tells whether the plan still fits, after a call whether the
//! change is there. It therefore asks only what *would still show the thing if nothing had happened*: Procore's lists of
//! project users show active users only, so after a deactivation they would prove nothing (support.procore.com,
//! reactivate a user: memberships are kept).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::directory::{HeldAs, Holder, Item, ItemStatus};
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
    /// Returns the read whose answer shows where the action stands, whether it happened or not.
    #[must_use]
    pub fn proof(&self) -> Read {
        match self {
            Self::Deactivate { user } => Read::User { user: *user },
            Self::RemoveMembership { user, .. } => Read::Memberships { user: *user },
            Self::Reassign { item, .. } | Self::CloseItem { item } => Read::Item { item: *item },
        }
    }
}

impl Step {
    /// Returns where the step stands by `live`, which must hold a fresh answer to [`Action::proof`].
    #[must_use]
    pub fn standing(&self, live: &Facts) -> Standing {
        match &self.action {
            Action::Deactivate { user } => match live.user(*user) {
                None => Standing::Unseen,
                Some(user) if !user.active => Standing::AsWanted,
                Some(_) if matches!(self.before, Before::User { active: true, .. }) => Standing::AsBefore,
                Some(_) => Standing::Otherwise("has been reactivated".to_owned()),
            },
            Action::RemoveMembership { user, project } => {
                if live.memberships(*user).is_none() {
                    return Standing::Unseen;
                }
                match (live.membership(*user, *project), &self.before) {
                    (None, _) => Standing::AsWanted,
                    (Some(now), Before::Membership { template_name, roles })
                        if now.template_name == *template_name && now.roles == *roles =>
                    {
                        Standing::AsBefore
                    }
                    (Some(now), _) => Standing::Otherwise(format!(
                        "is on the project with the template {:?} and the roles {:?}",
                        now.template_name.as_deref().unwrap_or("none"),
                        now.roles
                    )),
                }
            }
            Action::Reassign { item, held_as, holder, to } => {
                live.item(*item).map_or(Standing::Unseen, |now| reassigned(now, *held_as, *holder, *to))
            }
            Action::CloseItem { item } => match (live.item(*item), &self.before) {
                (None, _) => Standing::Unseen,
                (Some(now), _) if now.status == ItemStatus::Closed => Standing::AsWanted,
                (Some(now), Before::Item { holders, .. }) if same_people(&now.holders, holders) => {
                    Standing::AsBefore
                }
                (Some(_), _) => {
                    Standing::Otherwise("is held by other people than the plan reckons with".to_owned())
                }
            },
        }
    }
}

/// Names don't matter: Procore may spell them otherwise in another list.
fn same_people(one: &[Holder], other: &[Holder]) -> bool {
    let people = |holders: &[Holder]| -> BTreeSet<_> {
        holders.iter().map(|holder| (holder.person.id, holder.held_as)).collect()
    };
    people(one) == people(other)
}

/// Returns where a hand-over stands. Holders besides the two do not matter: they stay.
fn reassigned(now: &Item, held_as: HeldAs, holder: UserId, to: UserId) -> Standing {
    // Who has to answer is asked as well, and listed only as that.
    let enough = |role| role == held_as || (held_as, role) == (HeldAs::Assignee, HeldAs::RequiredAssignee);
    let holds = |user: UserId| now.held_by(user).any(|role| role == held_as);
    match (holds(holder), now.held_by(to).any(enough)) {
        (false, true) => Standing::AsWanted,
        (true, _) if now.status != ItemStatus::Closed => Standing::AsBefore,
        (true, _) => Standing::Otherwise("has been closed".to_owned()),
        (false, false) => Standing::Otherwise("is held by neither of the two in that role".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Membership;
    use crate::id::ProjectId;
    use crate::read::Answer;
    use crate::testing;

    fn live(read: Read, answer: Answer) -> Facts {
        let mut facts = Facts::default();
        facts.add(read, answer).unwrap();
        facts
    }

    fn step(action: Action, before: Before) -> Step {
        Step { number: 1, action, reason: crate::text::Reason::new("because").unwrap(), before }
    }

    #[test]
    fn a_deactivation_stands_by_the_user_and_by_nothing_else() {
        let user = testing::user(5, "Ana Diaz");
        let id = user.id;
        let step = step(Action::Deactivate { user: id }, Before::User { email: None, active: true });
        let seen = |user| step.standing(&live(Read::User { user: id }, Answer::User(user)));
        assert_eq!(seen(Some(user.clone())), Standing::AsBefore);
        assert_eq!(seen(Some(crate::directory::User { active: false, ..user })), Standing::AsWanted);
        assert_eq!(seen(None), Standing::Unseen);
        assert_eq!(step.standing(&Facts::default()), Standing::Unseen);
    }

    #[test]
    fn a_removal_does_not_fit_a_membership_that_somebody_changed() {
        let membership: Membership = testing::membership(5, 70, "Harbor Point");
        let (user, project) = (membership.user, membership.project);
        let before = Before::Membership { template_name: Some("Engineer".to_owned()), roles: vec![] };
        let step = step(Action::RemoveMembership { user, project }, before);
        let seen = |rows: Vec<Membership>| {
            step.standing(&live(Read::Memberships { user }, Answer::Memberships(rows)))
        };
        assert_eq!(seen(vec![membership.clone()]), Standing::AsBefore);
        assert_eq!(seen(vec![]), Standing::AsWanted);
        assert_eq!(
            seen(vec![Membership { project: ProjectId::new(71), ..membership.clone() }]),
            Standing::AsWanted
        );
        let changed = Membership { template_name: Some("Admin".to_owned()), ..membership };
        assert!(matches!(seen(vec![changed]), Standing::Otherwise(_)));
    }

    #[test]
    fn a_hand_over_leaves_other_holders_out_of_account() {
        let holder = |user| testing::holder(user, HeldAs::Assignee);
        let item = testing::item(70, 1, vec![holder(5), holder(6)]);
        let action = Action::Reassign {
            item: item.item,
            held_as: HeldAs::Assignee,
            holder: UserId::new(5),
            to: UserId::new(9),
        };
        let before = Before::Item {
            number: "1".to_owned(),
            title: String::new(),
            status: ItemStatus::Open,
            holders: item.holders.clone(),
        };
        let step = step(action, before);
        let seen = |holders, status| {
            let item = Item { holders, status, ..item.clone() };
            step.standing(&live(Read::Item { item: item.item }, Answer::Item(Some(item))))
        };
        assert_eq!(seen(vec![holder(5), holder(7)], ItemStatus::Open), Standing::AsBefore);
        assert_eq!(seen(vec![holder(9), holder(7)], ItemStatus::Open), Standing::AsWanted);
        assert_eq!(seen(vec![holder(5), holder(9)], ItemStatus::Open), Standing::AsBefore);
        let required = testing::holder(9, HeldAs::RequiredAssignee);
        assert_eq!(seen(vec![required.clone()], ItemStatus::Open), Standing::AsWanted);
        assert_eq!(seen(vec![holder(5), required], ItemStatus::Open), Standing::AsBefore);
        assert!(matches!(seen(vec![holder(7)], ItemStatus::Open), Standing::Otherwise(_)));
        assert!(matches!(seen(vec![holder(5)], ItemStatus::Closed), Standing::Otherwise(_)));
    }
}
