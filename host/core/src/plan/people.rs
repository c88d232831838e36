//! What a plan says of the people it is about beyond its steps: what stays with them, and what they are called.

use std::collections::{BTreeMap, BTreeSet};

use super::{Names, Remains, Step};
use crate::action::Action;
use crate::directory::{HeldAs, ItemRef};
use crate::facts::Facts;
use crate::id::{ProjectId, UserId};
use crate::proposal::Left;

/// Returns what stays with the people whom the steps take access from, and what the policy said will stay.
pub(super) fn remainder(steps: &[Step], left: &[Left], facts: &Facts) -> Vec<Remains> {
    let mut remains = BTreeMap::new();
    let taken = |action: &Action| match action {
        Action::Deactivate { user } => Some((*user, None)),
        Action::RemoveMembership { user, project } => Some((*user, Some(*project))),
        Action::Reassign { .. } | Action::CloseItem { .. } => None,
    };
    let people = steps
        .iter()
        .filter_map(|step| taken(&step.action))
        .chain(left.iter().map(|left| (left.holder, None)));
    for (holder, only) in people.collect::<BTreeSet<_>>() {
        let named = |item: ItemRef, held_as| {
            left.iter().find(|left| (left.item, left.held_as, left.holder) == (item, held_as, holder))
        };
        let moved = |item: ItemRef, role: HeldAs| {
            steps.iter().any(|step| match &step.action {
                Action::Reassign { item: moved, held_as, holder: from, .. } => {
                    (*moved, *held_as, *from) == (item, role, holder)
                }
                Action::CloseItem { item: closed } => *closed == item,
                Action::Deactivate { .. } | Action::RemoveMembership { .. } => false,
            })
        };
        let loses_access =
            steps.iter().any(|step| taken(&step.action).is_some_and(|(user, _)| user == holder));
        for item in facts.items_held_by(holder).into_iter().flat_map(|items| &items.rows) {
            for held_as in item.held_by(holder) {
                let reason = named(item.item, held_as).map(|left| left.reason.clone());
                let concerns = loses_access && only.is_none_or(|project| project == item.item.project);
                if (concerns || reason.is_some()) && !moved(item.item, held_as) {
                    let (number, title) = (item.number.clone(), item.title.clone());
                    let row = Remains { item: item.item, number, title, held_as, holder, reason };
                    remains.insert((item.item, held_as, holder), row);
                }
            }
        }
    }
    remains.into_values().collect()
}

/// Returns the names of everybody and everything that a reader of the plan meets.
pub(super) fn names(steps: &[Step], remainder: &[Remains], facts: &Facts) -> Names {
    let mut users: BTreeSet<UserId> = remainder.iter().map(|row| row.holder).collect();
    let mut projects: BTreeSet<ProjectId> = remainder.iter().map(|row| row.item.project).collect();
    for step in steps {
        users.extend(step.action.user());
        projects.extend(step.action.project());
        if let Action::Reassign { to, .. } = step.action {
            users.insert(to);
        }
    }
    let mut names = Names::default();
    for user in users.iter().filter_map(|user| facts.user(*user)) {
        names.users.insert(user.id, user.name.clone());
    }
    for membership in users.iter().filter_map(|user| facts.memberships(*user)).flatten() {
        if projects.contains(&membership.project) {
            names.projects.insert(membership.project, membership.project_name.clone());
        }
    }
    names
}
