//! Tools that are closed to us, of every kind: never an empty list, and never a change that may have been made.

use muster_core::directory::{Item, ItemKind, ItemRef};
use muster_core::id::ItemId;
use muster_procore::Settled;

use super::items::{change, item, named};
use super::{PROJECT, USER};
use crate::clock::quickly;
use crate::server::{Server, answer};

/// What is part of something, and who could hold it, is named by what it is part of.
fn reference(kind: ItemKind) -> ItemRef {
    let within = matches!(kind, ItemKind::MeetingTopic | ItemKind::Correspondence).then_some(ItemId::new(3));
    ItemRef { within, ..named(kind, 9) }
}

#[tokio::test]
async fn a_tool_that_is_closed_to_us_is_never_an_empty_list() {
    for (status, kind) in [403, 404].into_iter().flat_map(|status| ItemKind::ALL.map(|kind| (status, kind))) {
        let server = Server::start(move |_, _| answer(status, &[], "")).await;
        let reads = server.connect().reads();
        quickly(async {
            for holder in [None, Some(USER)] {
                let error = reads.open_items(PROJECT, kind, holder).await.unwrap_err();
                assert!(error.is_not_visible(), "{kind:?}: {error}");
            }
            for held_as in kind.roles() {
                let found = reads.candidates(PROJECT, kind, reference(kind).pool(), *held_as).await;
                let error = found.unwrap_err();
                assert!(error.is_not_visible(), "{kind:?}: {error}");
            }
            let shown = reads.item(reference(kind)).await;
            match status {
                404 => assert_eq!(shown.unwrap(), None, "{kind:?}"),
                _ => assert!(shown.unwrap_err().is_not_visible(), "{kind:?}"),
            }
        })
        .await;
    }
}

#[tokio::test]
async fn what_is_closed_to_us_is_not_changed() {
    for kind in ItemKind::ALL {
        let server = Server::start(|_, _| answer(403, &[], "")).await;
        let writes = server.connect().writes();
        let role = *kind.roles().last().unwrap();
        let from = Some(7).filter(|_| kind != ItemKind::Workflow);
        let before = Item { item: reference(kind), ..item(kind, &[(7, role)]) };
        quickly(async {
            let error = writes.hand_over(&before, &[change(role, from, 8)]).await.unwrap_err();
            assert!(error.is_not_visible(), "{kind:?}: {error}");
            assert_eq!(error.settled(), Settled::Refused, "{kind:?}");
            let error = writes.close_item(before.item).await.unwrap_err();
            assert_eq!(error.settled(), Settled::Refused, "{kind:?}");
            assert_eq!(error.is_not_visible(), kind.can_be_closed(), "{kind:?}: {error}");
        })
        .await;
    }
}
