//! Two who change the same item at the same time.

use futures_util::future::join;
use muster_core::directory::{Handover, HeldAs, Item, ItemKind};
use muster_core::id::UserId;
use muster_procore::{Error, ErrorKind, Settled};

use crate::items::{Crew, furnished, roles, shown};
use crate::site::Site;

fn replaced(held_as: HeldAs, from: UserId, to: UserId) -> Handover {
    Handover { held_as, from: Some(from), to }
}

/// Lets two connections that have seen the same item change it at the same time, and returns it with what became of both.
async fn at_once(
    site: &Site,
    crew: Crew,
    kind: ItemKind,
    changes: [Handover; 2],
) -> (Item, Item, [Result<(), Error>; 2]) {
    let (one, other) = (site.connect(), site.connect());
    let before = shown(&one.reads(), crew.item(kind)).await;
    let (first, second) = (one.writes(), other.writes());
    let done = join(first.hand_over(&before, &changes[..1]), second.hand_over(&before, &changes[1..])).await;
    (before, shown(&one.reads(), crew.item(kind)).await, [done.0, done.1])
}

/// Where one request changes one person, nothing of the other one is lost, whichever comes first.
#[tokio::test]
async fn nobody_is_lost_where_people_are_changed_one_by_one() {
    use HeldAs::{Assignee, RequiredAssignee};
    for (kind, of_ana) in [(ItemKind::Rfi, RequiredAssignee), (ItemKind::PunchItem, Assignee)] {
        let (site, crew) = furnished().await;
        site.run(async {
            let changes = [replaced(of_ana, crew.ana, crew.cem), replaced(Assignee, crew.ben, crew.dot)];
            let (before, after, done) = at_once(&site, crew, kind, changes).await;
            assert!(done.iter().all(Result::is_ok), "{kind:?}: {done:?}");
            let mut wanted = before;
            changes.into_iter().for_each(|change| wanted.hand_over(change, ""));
            assert_eq!(roles(&after), roles(&wanted), "{kind:?}");
        })
        .await;
    }
}

/// Of a task Procore takes only the whole list. What got lost shows when it is read back, and is done once more.
#[tokio::test]
async fn nobody_is_lost_of_a_task_if_each_reads_back_what_became_of_it() {
    let (site, crew) = furnished().await;
    site.run(async {
        let task = crew.item(ItemKind::Task);
        let changes =
            [replaced(HeldAs::Assignee, crew.ana, crew.cem), replaced(HeldAs::Assignee, crew.ben, crew.dot)];
        let (_, _, done) = at_once(&site, crew, ItemKind::Task, changes).await;
        let stale = done.iter().filter_map(|done| done.as_ref().err());
        assert!(stale.clone().all(|error| error.kind() == ErrorKind::Stale), "{done:?}");
        assert!(stale.count() < 2, "one of them comes first");
        let (reads, writes) = (site.connect().reads(), site.connect().writes());
        for change in changes {
            let now = shown(&reads, task).await;
            if !now.holds(change.to, change.held_as) {
                writes.hand_over(&now, &[change]).await.unwrap();
            }
        }
        let holders = shown(&reads, task).await.holders;
        assert_eq!(holders.iter().map(|held| held.person.id).collect::<Vec<_>>(), [crew.cem, crew.dot]);
    })
    .await;
}

/// Whoever comes second, with what was seen before the first, sends nothing.
#[tokio::test]
async fn what_others_have_changed_since_is_not_overwritten() {
    let (site, crew) = furnished().await;
    let (reads, writes) = (site.connect().reads(), site.connect().writes());
    site.run(async {
        // Each of these takes a whole list, or what has to be read before.
        for (kind, first, second) in [
            (ItemKind::Task, HeldAs::Assignee, replaced(HeldAs::Assignee, crew.ben, crew.dot)),
            (ItemKind::Submittal, HeldAs::Manager, replaced(HeldAs::Approver, crew.ben, crew.dot)),
            (ItemKind::Submittal, HeldAs::Approver, replaced(HeldAs::Approver, crew.ben, crew.dot)),
            (ItemKind::PunchItem, HeldAs::Assignee, replaced(HeldAs::Manager, crew.ana, crew.dot)),
            (
                ItemKind::PunchItem,
                HeldAs::FinalApprover,
                Handover { held_as: HeldAs::Assignee, from: None, to: crew.dot },
            ),
            (ItemKind::Observation, HeldAs::Assignee, replaced(HeldAs::Assignee, crew.ana, crew.dot)),
        ] {
            let before = shown(&reads, crew.item(kind)).await;
            let from = before.holders.iter().find(|held| held.held_as == first).unwrap().person.id;
            let to = if from == crew.cem { crew.ana } else { crew.cem };
            writes.hand_over(&before, &[replaced(first, from, to)]).await.unwrap();
            let (now, sent) = (shown(&reads, crew.item(kind)).await, site.simulator.calls().writes);
            let error = writes.hand_over(&before, &[second]).await.unwrap_err();
            assert_eq!((error.kind(), error.settled()), (ErrorKind::Stale, Settled::Refused), "{kind:?}");
            assert_eq!(site.simulator.calls().writes, sent, "{kind:?}: nothing is sent");
            assert_eq!(shown(&reads, crew.item(kind)).await, now, "{kind:?}");
        }
    })
    .await;
}
