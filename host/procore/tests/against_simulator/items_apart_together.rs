//! Two who change the same item at the same time, where Procore takes whole lists or adds people only.

use std::collections::BTreeSet;

use futures_util::future::join;
use muster_core::directory::{Handover, HeldAs, ItemKind};
use muster_core::id::UserId;
use muster_procore::{ErrorKind, Settled};

use crate::apart::{Crew, furnished};
use crate::items::{roles, shown};

/// What Procore takes only as a whole, and the role in which two hold it.
const WHOLE: [(ItemKind, HeldAs); 5] = [
    (ItemKind::MeetingTopic, HeldAs::Assignee),
    (ItemKind::Inspection, HeldAs::Inspector),
    (ItemKind::Correspondence, HeldAs::Assignee),
    (ItemKind::WorkflowTemplate, HeldAs::StepAssignee),
    (ItemKind::DistributionGroup, HeldAs::Member),
];

/// Ana gives way to Cem, and Ben to Dot.
fn changes(crew: &Crew, held_as: HeldAs) -> [Handover; 2] {
    let replaced = |from: UserId, to| Handover { held_as, from: Some(from), to };
    [replaced(crew.ana, crew.cem), replaced(crew.ben, crew.dot)]
}

/// Whoever comes second, with what was seen before the first, sends nothing, sees who holds it now, and goes on from there.
#[tokio::test]
async fn nobody_is_lost_where_the_second_has_seen_what_was_before_the_first() {
    for (kind, held_as) in WHOLE {
        for turned in [false, true] {
            let (site, crew) = furnished().await;
            let [one, other] = [site.connect(), site.connect()];
            site.run(async {
                let [mut first, mut second] = changes(&crew, held_as);
                if turned {
                    std::mem::swap(&mut first, &mut second);
                }
                let before = shown(&one.reads(), crew.item(kind)).await;
                one.writes().hand_over(&before, &[first]).await.unwrap();
                let now = shown(&other.reads(), crew.item(kind)).await;
                let error = other.writes().hand_over(&before, &[second]).await.unwrap_err();
                assert_eq!((error.kind(), error.settled()), (ErrorKind::Stale, Settled::Refused), "{kind:?}");
                assert_eq!(site.simulator.calls().writes, 1, "{kind:?}: nothing is sent");
                assert_eq!(shown(&other.reads(), crew.item(kind)).await, now, "{kind:?}");
                other.writes().hand_over(&now, &[second]).await.unwrap();
                let mut wanted = before;
                [first, second].into_iter().for_each(|change| wanted.hand_over(change, ""));
                assert_eq!(roles(&shown(&one.reads(), crew.item(kind)).await), roles(&wanted), "{kind:?}");
            })
            .await;
        }
    }
}

/// At the very same time, too: each place is held by whoever had it or by whoever was to have it, and what got lost shows when
/// it is read back, so that it is done once more.
#[tokio::test]
async fn nobody_is_lost_at_once_if_each_reads_back_what_became_of_it() {
    for (kind, held_as) in WHOLE {
        let (site, crew) = furnished().await;
        let [one, other] = [site.connect(), site.connect()];
        site.run(async {
            let (reads, [first, second]) = (one.reads(), changes(&crew, held_as));
            let before = shown(&reads, crew.item(kind)).await;
            let (ones, others) = (one.writes(), other.writes());
            let done = join(ones.hand_over(&before, &[first]), others.hand_over(&before, &[second])).await;
            let errors: Vec<_> = [done.0, done.1].into_iter().filter_map(Result::err).collect();
            assert!(errors.iter().all(|error| error.kind() == ErrorKind::Stale), "{kind:?}: {errors:?}");
            assert!(errors.len() < 2, "{kind:?}: one of them comes first");
            let after = shown(&reads, crew.item(kind)).await;
            for change in [first, second] {
                let places = [change.from, Some(change.to)].into_iter().flatten();
                assert_eq!(
                    places.filter(|user| after.holds(*user, held_as)).count(),
                    1,
                    "{kind:?}: {after:?}"
                );
            }
            for change in [first, second] {
                let now = shown(&reads, crew.item(kind)).await;
                if !now.holds(change.to, held_as) {
                    other.writes().hand_over(&now, &[change]).await.unwrap();
                }
            }
            let mut wanted = before;
            [first, second].into_iter().for_each(|change| wanted.hand_over(change, ""));
            assert_eq!(roles(&shown(&reads, crew.item(kind)).await), roles(&wanted), "{kind:?}");
        })
        .await;
    }
}

/// A request that adds somebody overwrites nobody.
#[tokio::test]
async fn nobody_is_lost_who_comes_beside_others_at_the_same_time() {
    let (site, crew) = furnished().await;
    let [one, other] = [site.connect(), site.connect()];
    site.run(async {
        let reads = one.reads();
        let workflow = crew.item(ItemKind::Workflow);
        let before = shown(&reads, workflow).await;
        let beside = |to| [Handover { held_as: HeldAs::StepAssignee, from: None, to }];
        let (ones, others) = (one.writes(), other.writes());
        let (cem, dot) = (beside(crew.cem), beside(crew.dot));
        let done = join(ones.hand_over(&before, &cem), others.hand_over(&before, &dot)).await;
        assert!(done.0.is_ok() && done.1.is_ok(), "{done:?}");
        let after = shown(&reads, workflow).await;
        let step = after.holders.iter().filter(|held| held.held_as == HeldAs::StepAssignee);
        let step: BTreeSet<UserId> = step.map(|held| held.person.id).collect();
        assert_eq!(step, [crew.ana, crew.ben, crew.cem, crew.dot].into());
        // Who is asked already is not asked twice.
        let writes = site.simulator.calls().writes;
        one.writes().hand_over(&before, &cem).await.unwrap();
        assert_eq!(site.simulator.calls().writes, writes);
    })
    .await;
}

/// Where there is one place, the last one to come has it, and nobody beside it is touched.
#[tokio::test]
async fn a_role_that_one_can_have_overwrites_nobody_else() {
    for (kind, held_as, beside) in [
        (ItemKind::Inspection, HeldAs::PointOfContact, HeldAs::Inspector),
        (ItemKind::WorkflowTemplate, HeldAs::Manager, HeldAs::StepAssignee),
    ] {
        let (site, crew) = furnished().await;
        let [one, other] = [site.connect(), site.connect()];
        site.run(async {
            let before = shown(&one.reads(), crew.item(kind)).await;
            let change = |held_as, from: UserId, to| [Handover { held_as, from: Some(from), to }];
            one.writes().hand_over(&before, &change(beside, crew.ben, crew.dot)).await.unwrap();
            other.writes().hand_over(&before, &change(held_as, crew.ana, crew.cem)).await.unwrap();
            let after = shown(&one.reads(), crew.item(kind)).await;
            assert!(after.holds(crew.dot, beside) && after.holds(crew.ana, beside), "{after:?}");
            assert!(after.holds(crew.cem, held_as) && !after.holds(crew.ana, held_as), "{after:?}");
        })
        .await;
    }
}
