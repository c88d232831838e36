//! Where steps stand: tables, one kind after the other.

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
    let seen =
        |rows: Vec<Membership>| step.standing(&live(Read::Memberships { user }, Answer::Memberships(rows)));
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
