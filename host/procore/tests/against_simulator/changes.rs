//! Changes, and what shows of them.

use muster_core::directory::{Handover, HeldAs, Item, ItemKind, ItemRef};
use muster_core::id::UserId;
use muster_procore::{ErrorKind, Reads, Settled};
use muster_sim::Fault;

use crate::site::Site;

/// Reads an RFI, and finds somebody who could manage it and is none of these.
async fn rfi_and_candidate(reads: &Reads, rfi: ItemRef, not: &[UserId]) -> (Item, UserId) {
    let found = reads.candidates(rfi.project, ItemKind::Rfi, None, HeldAs::Manager).await.unwrap();
    let mut ids = found.people.iter().map(|person| person.id);
    (reads.item(rfi).await.unwrap().unwrap(), ids.find(|id| !not.contains(id)).unwrap())
}

#[tokio::test]
async fn every_change_shows_when_it_is_read_back() {
    let site = Site::without_limits().await;
    let (reads, writes) = (site.connect().reads(), site.connect().writes());
    let ((user, project), (rfi, manager)) = (site.member(), site.open_rfi());
    site.run(async {
        writes.remove_from_project(user, project).await.unwrap();
        assert!(
            reads.memberships(user).await.unwrap().iter().all(|membership| membership.project != project)
        );
        writes.deactivate_user(user).await.unwrap();
        assert!(!reads.user(user).await.unwrap().unwrap().active);
        let left = site.company.projects_of(user.get()).count() - 1;
        assert_eq!(reads.memberships(user).await.unwrap().len(), left, "memberships outlive the login");

        let (before, next) = rfi_and_candidate(&reads, rfi, &[manager, user]).await;
        let giving_way = |held: &muster_core::directory::Holder| {
            let (from, to) = (Some(held.person.id).filter(|id| *id != next), next);
            let held_as =
                if held.held_as == HeldAs::Assignee { HeldAs::RequiredAssignee } else { held.held_as };
            [Handover { held_as, from, to }, Handover { held_as: held.held_as, from, to }]
        };
        let changes: Vec<Handover> = before.holders.iter().flat_map(giving_way).collect();
        writes.hand_over(&before, &changes).await.unwrap();
        let item = reads.item(rfi).await.unwrap().unwrap();
        assert_eq!(item.held_by(next).collect::<Vec<_>>(), [HeldAs::RequiredAssignee, HeldAs::Manager]);
        assert_eq!(item.holders.len(), 2, "the others gave way: {item:?}");
        let back = Handover { held_as: HeldAs::Manager, from: Some(next), to: manager };
        writes.hand_over(&item, &[back]).await.unwrap();
        let item = reads.item(rfi).await.unwrap().unwrap();
        assert_eq!(item.held_by(next).collect::<Vec<_>>(), [HeldAs::RequiredAssignee], "the rest stays");

        writes.close_item(rfi).await.unwrap();
        assert!(!reads.item(rfi).await.unwrap().unwrap().is_open());
        let open = reads.open_items(rfi.project, ItemKind::Rfi, Some(next)).await.unwrap();
        assert!(open.iter().all(|item| item.item != rfi));
    })
    .await;
    assert_eq!(site.simulator.calls().writes, 5);
}

#[tokio::test]
async fn a_change_that_procore_swallows_is_seen_by_reading_back() {
    let site = Site::without_limits().await;
    let (reads, writes) = (site.connect().reads(), site.connect().writes());
    let ((user, project), (rfi, manager)) = (site.member(), site.open_rfi());
    site.simulator.set_faults(Fault::ALL);
    site.run(async {
        writes.remove_from_project(user, project).await.unwrap();
        assert!(
            reads.memberships(user).await.unwrap().iter().any(|membership| membership.project == project)
        );
        writes.deactivate_user(user).await.unwrap();
        assert!(reads.user(user).await.unwrap().unwrap().active);
        let (before, next) = rfi_and_candidate(&reads, rfi, &[manager]).await;
        let change = Handover { held_as: HeldAs::Manager, from: Some(manager), to: next };
        writes.hand_over(&before, &[change]).await.unwrap();
        let item = reads.item(rfi).await.unwrap().unwrap();
        assert_eq!(item.held_by(manager).last(), Some(HeldAs::Manager));
    })
    .await;
}

#[tokio::test]
async fn refused_changes_are_told_in_procores_words() {
    let site = Site::without_limits().await;
    let (reads, writes) = (site.connect().reads(), site.connect().writes());
    let (rfi, _) = site.open_rfi();
    let change = Handover { held_as: HeldAs::Assignee, from: None, to: UserId::new(1) };
    let (absent, invalid) = site
        .run(async {
            let absent = writes.deactivate_user(UserId::new(1)).await.unwrap_err();
            let before = reads.item(rfi).await.unwrap().unwrap();
            (absent, writes.hand_over(&before, &[change]).await.unwrap_err())
        })
        .await;
    assert_eq!(
        (absent.kind(), absent.settled(), absent.words()),
        (ErrorKind::NotFound, Settled::Refused, Some("Not Found"))
    );
    assert_eq!((invalid.kind(), invalid.settled()), (ErrorKind::Invalid, Settled::Refused));
    assert!(invalid.words().is_some() && invalid.request_id().is_some(), "{invalid}");
}
