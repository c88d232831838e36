//! What a plan says of the people it is about beyond its steps: what stays with them, and what they are called.

use std::collections::{BTreeMap, BTreeSet};

use super::{Names, Remains, Step, StillOn, Unseen};
use crate::action::{Action, Subject};
use crate::directory::{HeldAs, Holder, Item, ItemKind, ItemRef};
use crate::facts::Facts;
use crate::id::{ProjectId, UserId};
use crate::proposal::Left;
use crate::read::UnseenTool;

/// Returns what stays with the people whom the steps take access from, and what the policy said will stay.
pub(super) fn remainder(steps: &[Step], left: &[Left], facts: &Facts) -> Vec<Remains> {
    let mut remains = BTreeMap::new();
    let losing = losing(steps);
    let people: BTreeSet<_> =
        losing.iter().map(|(user, _)| *user).chain(left.iter().map(|left| left.holder)).collect();
    for holder in people {
        let loses_access =
            |project| losing.contains(&(holder, None)) || losing.contains(&(holder, Some(project)));
        let moved = |item: ItemRef, role: HeldAs| {
            steps.iter().any(|step| match &step.action {
                Action::Reassign { item: moved, held_as, holder: from, .. } => {
                    (*moved, *held_as, *from) == (item, role, holder)
                }
                Action::CloseItem { item: closed } => *closed == item,
                Action::LeaveGroup { user, project, group } => {
                    let group = (ItemKind::DistributionGroup, *project, group.get());
                    *user == holder && (item.kind, item.project, item.id.get()) == group
                }
                _ => false,
            })
        };
        for item in facts.items_held_by(holder).into_iter().flat_map(|items| &items.rows) {
            for held in item.holders.iter().filter(|held| held.person.id == holder) {
                let (held_as, fixed) = (held.held_as, held.fixed);
                let named = left
                    .iter()
                    .find(|left| (left.item, left.held_as, left.holder) == (item.item, held_as, holder));
                if (named.is_some() || loses_access(item.item.project)) && !moved(item.item, held_as) {
                    let (number, title) = (item.number.clone(), item.title.clone());
                    let reason = named.map(|left| left.reason.clone());
                    let row = Remains { item: item.item, number, title, held_as, holder, reason, fixed };
                    remains.insert((item.item, held_as, holder), row);
                }
            }
        }
    }
    remains.into_values().collect()
}

/// Returns the projects that people stay on who have no login once the steps are carried out.
pub(super) fn still_on(steps: &[Step], remainder: &[Remains], facts: &Facts) -> Vec<StillOn> {
    let losing = losing(steps);
    let concerned = steps.iter().filter_map(|step| step.action.user());
    let people: BTreeSet<_> = concerned.chain(remainder.iter().map(|row| row.holder)).collect();
    // Whoever is deleted stays nowhere.
    let deleted = |user: UserId| {
        steps.iter().any(|step| matches!(step.action, Action::DeleteUser { user: of } if of == user))
    };
    let without_login = |user: &UserId| {
        losing.contains(&(*user, None)) || facts.user(*user).is_some_and(|known| !known.active)
    };
    let projects = |user: UserId| {
        let memberships = facts.memberships(user).into_iter().flatten();
        memberships.map(move |membership| StillOn { user, project: membership.project })
    };
    let all = people.into_iter().filter(without_login).flat_map(projects);
    all.filter(|row| !losing.contains(&(row.user, Some(row.project))) && !deleted(row.user)).collect()
}

/// Returns where it can't be seen what stays with the people whom the steps take access from.
pub(super) fn unseen(steps: &[Step], facts: &Facts) -> Vec<Unseen> {
    let losing = losing(steps);
    let people: BTreeSet<_> = losing.iter().map(|(user, _)| *user).collect();
    let unseen = |holder: UserId| match facts.items_held_by(holder) {
        None => Some(Unseen { holder, tools: None }),
        // Nothing is held in no project; but an account that sees no project at all sees nothing of what is.
        Some(_) if facts.sees_no_project() => Some(Unseen { holder, tools: None }),
        Some(items) => {
            let concerns = |tool: &&UnseenTool| {
                losing.contains(&(holder, None)) || losing.contains(&(holder, Some(tool.project)))
            };
            let tools: BTreeSet<_> = items.unseen.iter().filter(concerns).copied().collect();
            (!tools.is_empty()).then_some(Unseen { holder, tools: Some(tools) })
        }
    };
    people.into_iter().filter_map(unseen).collect()
}

/// Returns who holds an item once the hand-overs of `earlier` steps are made.
pub(super) fn holders_after(item: &Item, earlier: &[Step], facts: &Facts) -> Vec<Holder> {
    let mut item = item.clone();
    let which = item.item;
    for step in earlier.iter().filter(|step| step.action.item() == Some(which)) {
        if let Some(change) = step.action.handover() {
            let name = facts.user(change.to).map(|user| user.name.as_str()).unwrap_or_default();
            item.hand_over(change, name);
        }
    }
    item.holders
}

/// Returns who loses access, and to which project: `None` for all of them.
fn losing(steps: &[Step]) -> BTreeSet<(UserId, Option<ProjectId>)> {
    let taken = |step: &Step| {
        let user = step.action.user().filter(|_| step.action.takes_access())?;
        Some((user, step.action.project()))
    };
    steps.iter().filter_map(taken).collect()
}

/// Returns the names of everybody and everything that a reader of the plan meets.
pub(super) fn names(steps: &[Step], remainder: &[Remains], still_on: &[StillOn], facts: &Facts) -> Names {
    let mut users: BTreeSet<UserId> = remainder.iter().map(|row| row.holder).collect();
    let mut projects: BTreeSet<ProjectId> = remainder.iter().map(|row| row.item.project).collect();
    users.extend(still_on.iter().map(|row| row.user));
    projects.extend(still_on.iter().map(|row| row.project));
    let mut names = Names::default();
    for step in steps {
        users.extend(step.action.user());
        if let Some(Subject::Contact(contact)) = step.action.subject() {
            let found = facts.contact(contact).map(|found| (contact, found.name.clone()));
            names.contacts.extend(found);
        }
        if let Some(template) = step.action.template() {
            let found = facts.template(template).map(|found| (template, found.name.clone()));
            names.templates.extend(found);
        }
        projects.extend(step.action.project());
        users.extend(step.action.handover().map(|change| change.to));
    }
    for user in users.iter().filter_map(|user| facts.user(*user)) {
        names.users.insert(user.id, user.name.clone());
    }
    for membership in users.iter().filter_map(|user| facts.memberships(*user)).flatten() {
        if projects.contains(&membership.project) {
            names.projects.insert(membership.project, membership.project_name.clone());
        }
    }
    for project in projects.iter().filter_map(|project| facts.project(*project)) {
        names.projects.insert(project.id, project.name.clone());
    }
    names
}
