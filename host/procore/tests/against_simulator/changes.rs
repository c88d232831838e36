//! Changes, and what shows of them.

use muster_core::directory::HeldAs;
use muster_core::id::UserId;
use muster_procore::{ErrorKind, RfiPeople, Settled};
use muster_sim::Fault;

use crate::site::Site;

#[tokio::test]
async fn every_change_shows_when_it_is_read_back() {
    let site = Site::without_limits().await;
    let (reads, writes) = (site.connect().reads(), site.connect().writes());
    let ((user, project), (rfi_project, rfi, manager, assignees)) = (site.member(), site.open_rfi());
    site.run(async {
        writes.remove_from_project(user, project).await.unwrap();
        assert!(
            reads.memberships(user).await.unwrap().iter().all(|membership| membership.project != project)
        );
        writes.deactivate_user(user).await.unwrap();
        assert!(!reads.user(user).await.unwrap().unwrap().active);
        let left = site.company.projects_of(user.get()).count() - 1;
        assert_eq!(reads.memberships(user).await.unwrap().len(), left, "memberships outlive the login");

        let candidates = reads.rfi_candidates(rfi_project, HeldAs::Manager).await.unwrap();
        let next =
            candidates.iter().map(|person| person.id).find(|id| *id != manager && *id != user).unwrap();
        let people = RfiPeople {
            assignees: Some(vec![next]),
            required_assignees: Some(vec![next]),
            manager: Some(next),
        };
        writes.set_rfi_people(rfi_project, rfi, people).await.unwrap();
        let item = reads.rfi(rfi_project, rfi).await.unwrap().unwrap();
        assert_eq!(item.held_by(next).collect::<Vec<_>>(), [HeldAs::RequiredAssignee, HeldAs::Manager]);
        assert!(assignees.iter().all(|old| *old == next || item.held_by(*old).next().is_none()));
        let only = RfiPeople { manager: Some(manager), ..RfiPeople::default() };
        writes.set_rfi_people(rfi_project, rfi, only).await.unwrap();
        let item = reads.rfi(rfi_project, rfi).await.unwrap().unwrap();
        assert_eq!(item.held_by(next).collect::<Vec<_>>(), [HeldAs::RequiredAssignee], "the rest stays");

        writes.close_rfi(rfi_project, rfi).await.unwrap();
        assert!(!reads.rfi(rfi_project, rfi).await.unwrap().unwrap().is_open());
        assert!(
            reads.open_rfis_held_by(rfi_project, next).await.unwrap().iter().all(|item| item.item.id != rfi)
        );
    })
    .await;
    assert_eq!(site.simulator.calls().writes, 5);
}

#[tokio::test]
async fn a_change_that_procore_swallows_is_seen_by_reading_back() {
    let site = Site::without_limits().await;
    let (reads, writes) = (site.connect().reads(), site.connect().writes());
    let ((user, project), (rfi_project, rfi, manager, _)) = (site.member(), site.open_rfi());
    site.simulator.set_faults(Fault::ALL);
    site.run(async {
        writes.remove_from_project(user, project).await.unwrap();
        assert!(
            reads.memberships(user).await.unwrap().iter().any(|membership| membership.project == project)
        );
        writes.deactivate_user(user).await.unwrap();
        assert!(reads.user(user).await.unwrap().unwrap().active);
        let candidates = reads.rfi_candidates(rfi_project, HeldAs::Manager).await.unwrap();
        let next = candidates.iter().map(|person| person.id).find(|id| *id != manager).unwrap();
        let people = RfiPeople { manager: Some(next), ..RfiPeople::default() };
        writes.set_rfi_people(rfi_project, rfi, people).await.unwrap();
        let item = reads.rfi(rfi_project, rfi).await.unwrap().unwrap();
        assert_eq!(item.held_by(manager).last(), Some(HeldAs::Manager));
    })
    .await;
}

#[tokio::test]
async fn refused_changes_are_told_in_procores_words() {
    let site = Site::without_limits().await;
    let writes = site.connect().writes();
    let (project, rfi, ..) = site.open_rfi();
    let people = RfiPeople { assignees: Some(vec![UserId::new(1)]), ..RfiPeople::default() };
    let (absent, invalid) = site
        .run(async {
            let absent = writes.deactivate_user(UserId::new(1)).await.unwrap_err();
            (absent, writes.set_rfi_people(project, rfi, people).await.unwrap_err())
        })
        .await;
    assert_eq!(
        (absent.kind(), absent.settled(), absent.words()),
        (ErrorKind::NotFound, Settled::Refused, Some("Not Found"))
    );
    assert_eq!((invalid.kind(), invalid.settled()), (ErrorKind::Invalid, Settled::Refused));
    assert!(invalid.words().is_some() && invalid.request_id().is_some(), "{invalid}");
}
