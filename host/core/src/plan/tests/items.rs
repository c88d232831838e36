//! Items of every kind in plans: what makes no sense, what can't move, what counts as moved.

use super::*;
use crate::directory::{Fixed, Item, ItemKind};
use crate::guard::Check;
use crate::id::GroupId;
use crate::standing::Standing;
use crate::testing::project;

fn held(kind: ItemKind, id: u64, held_as: HeldAs) -> Item {
    let rfi = item(70, id, vec![holder(5, held_as)]);
    Item { item: ItemRef { kind, ..rfi.item }, ..rfi }
}

/// Ana Diaz leaves project 70; Ben Ode could take things over.
fn leaves(items: Vec<Item>) -> Scene {
    let mut scene = Scene::departure(5);
    scene.knows(user(5, "Ana Diaz")).knows(user(6, "Ben Ode")).on(5, &[project(70)]).holds(5, items);
    scene
}

#[test]
fn whose_place_can_not_be_taken_is_no_step_but_remainder_with_the_reason() {
    let mut locked = held(ItemKind::ActionPlanItem, 1, Assignee);
    locked.holders[0].fixed = Some(Fixed::Locked);
    let mut scene = leaves(vec![locked.clone()]);
    scene.removes(5, 70);
    let plan = scene.plan();
    assert_eq!(plan.content().remainder[0].fixed, Some(Fixed::Locked));
    let (holder, to) = (UserId::new(5), UserId::new(6));
    scene.proposes(Action::Reassign { item: locked.item, held_as: Assignee, holder, to });
    let error = scene.make().unwrap_err().to_string();
    assert!(error.contains("whose place can't be taken: an action plan keeps"), "{error}");
}

#[test]
fn nobody_comes_beside_where_only_one_can_be_and_nothing_is_closed_that_can_not_be() {
    use HeldAs::{Inspector, PointOfContact, StepAssignee};
    let to = UserId::new(6);
    let rows = [
        (ItemKind::Inspection, Inspector, None),
        (ItemKind::Inspection, PointOfContact, Some("in a role that only one person can have")),
        (ItemKind::Observation, Assignee, Some("in a role that only one person can have")),
        (ItemKind::Task, Inspector, Some("in a role that only one person can have")),
        (ItemKind::Workflow, StepAssignee, None),
    ];
    for (kind, held_as, expected) in rows {
        let found = held(kind, 1, held_as);
        let mut scene = leaves(vec![found.clone()]);
        scene.proposes(Action::AddHolder { item: found.item, held_as, to });
        let made = scene.make().map_err(|error| error.to_string());
        match expected {
            Some(words) => assert!(made.unwrap_err().contains(words), "{kind:?} {held_as:?}"),
            None => assert!(made.is_ok(), "{kind:?} {held_as:?} {made:?}"),
        }
    }
    for kind in ItemKind::ALL {
        let found = held(kind, 1, kind.roles()[0]);
        let mut scene = leaves(vec![found.clone()]);
        scene.proposes(Action::CloseItem { item: found.item });
        assert_eq!(scene.make().is_ok(), kind.can_be_closed(), "{kind:?}");
    }
}

#[test]
fn somebody_comes_beside_and_that_is_read_back() {
    let task = held(ItemKind::Task, 1, Assignee);
    let mut scene = leaves(vec![task.clone()]);
    scene.proposes(Action::AddHolder { item: task.item, held_as: Assignee, to: UserId::new(6) });
    let plan = scene.plan();
    let step = plan.step(1).unwrap();
    let stands = |change: fn(&mut Item)| {
        let mut now = task.clone();
        change(&mut now);
        let mut live = Facts::default();
        let answer = crate::read::Answer::Item(Some(now));
        live.add(step.action.proof().unwrap(), answer).unwrap();
        step.standing(&live)
    };
    assert_eq!(stands(|_| ()), Standing::AsBefore);
    assert_eq!(stands(|now| now.holders.push(holder(6, Assignee))), Standing::AsWanted);
    let closed = stands(|now| now.status = crate::directory::ItemStatus::Closed);
    assert_eq!(closed, Standing::Otherwise("has been closed".to_owned()));
    assert_eq!(step.standing(&Facts::default()), Standing::Unseen);
}

#[test]
fn whoever_leaves_a_group_leaves_nothing_there() {
    let group = held(ItemKind::DistributionGroup, 3, HeldAs::Member);
    let mut scene = leaves(vec![group]);
    scene.removes(5, 70);
    assert_eq!(scene.plan().content().remainder.len(), 1);
    let (user, project, group) = (UserId::new(5), ProjectId::new(70), GroupId::new(3));
    let shown = crate::directory::Group { project, id: group, name: "Safety".to_owned(), members: vec![] };
    let answer = crate::read::Answer::Group(Some(shown));
    scene.facts.add(crate::read::Read::Group { project, group }, answer).unwrap();
    scene.proposes(Action::LeaveGroup { user, project, group });
    assert_eq!(scene.plan().content().remainder, []);
}

#[test]
fn somebody_is_added_to_an_item_only_if_somebody_in_scope_holds_it() {
    for (holds, refused) in [(5, 0), (7, 1)] {
        let found = item(70, 1, vec![holder(holds, Assignee)]);
        let mut scene = leaves(vec![]);
        scene.holds(holds, vec![found.clone()]);
        scene.proposes(Action::AddHolder { item: found.item, held_as: Assignee, to: UserId::new(6) });
        assert_eq!(scene.findings(Check::Scope).len(), refused, "held by {holds}");
    }
}
