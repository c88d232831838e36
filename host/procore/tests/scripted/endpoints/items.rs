//! Items: what is the same of every kind.

use muster_core::directory::{Handover, HeldAs, Holder, Item, ItemKind, ItemRef, ItemStatus, Person};
use muster_core::id::{ItemId, UserId};
use muster_procore::{Dialect, ErrorKind, Settled};
use serde_json::{Value, json};

use super::{PROJECT, USER};
use crate::clock::quickly;
use crate::routes::{sent, serve};
use crate::server::{Server, answer, ok};

/// A role in which user 7 holds the item.
pub(super) fn held(user: u64, held_as: HeldAs) -> Holder {
    Holder::new(Person { id: UserId::new(user), name: String::new() }, held_as)
}

pub(super) fn named(kind: ItemKind, id: u64) -> ItemRef {
    ItemRef { kind, project: PROJECT, within: None, id: ItemId::new(id) }
}

/// Returns an item as somebody saw it: only its name and its holders matter when it is handed over.
pub(super) fn item(kind: ItemKind, holders: &[(u64, HeldAs)]) -> Item {
    let mut holders: Vec<Holder> = holders.iter().map(|(user, held_as)| held(*user, *held_as)).collect();
    holders.sort();
    Item {
        item: named(kind, 9),
        number: String::new(),
        title: "Seen earlier".to_owned(),
        status: ItemStatus::Open,
        due: None,
        link: None,
        holders,
    }
}

pub(super) fn change(held_as: HeldAs, from: Option<u64>, to: u64) -> Handover {
    Handover { held_as, from: from.map(UserId::new), to: UserId::new(to) }
}

/// Returns who holds an item, with their roles.
pub(super) fn holders(item: &Item) -> Vec<(u64, HeldAs)> {
    item.holders.iter().map(|held| (held.person.id.get(), held.held_as)).collect()
}

pub(super) fn person(id: u64) -> Value {
    json!({"id": id, "login": "x@example.com", "name": format!("U{id}")})
}

/// Returns a row with other fields than usual; `null` takes one away.
pub(super) fn with(mut row: Value, more: Value) -> Value {
    row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    row
}

pub(super) fn without(mut row: Value, field: &str) -> Value {
    assert!(row.as_object_mut().unwrap().remove(field).is_some(), "{field}");
    row
}

/// The kinds, a row of each that user 7 holds, and the fields without which nobody can tell who holds it or whether anybody
/// waits.
fn kinds() -> Vec<(ItemKind, Value, &'static [&'static str])> {
    vec![
        (ItemKind::Rfi, super::rfis::row(9, "open", &[7], None), &["assignees", "status"]),
        (
            ItemKind::Submittal,
            super::submittals::row(9, Some(7)),
            &["approvers", "submittal_manager", "status"],
        ),
        (
            ItemKind::PunchItem,
            super::punch_items::row(9, &[(70, 7, "unresolved")]),
            &["assignments", "punch_item_manager", "final_approver", "status", "name"],
        ),
        (ItemKind::Observation, super::observations::row(9, Some(7)), &["assignee", "status", "name"]),
        (ItemKind::Task, super::tasks::row(9, &[7]), &["assignees", "status"]),
        (ItemKind::CoordinationIssue, super::coordination_issues::row(9, Some(7)), &["assignee", "status"]),
    ]
}

#[tokio::test]
async fn a_tool_that_is_closed_to_us_is_never_an_empty_list() {
    for status in [403, 404] {
        for (kind, ..) in kinds() {
            let server = Server::start(move |_, _| answer(status, &[], "")).await;
            let reads = server.connect().reads();
            quickly(async {
                let roles = kind.roles().iter().copied();
                for holder in [None, Some(USER)] {
                    let error = reads.open_items(PROJECT, kind, holder).await.unwrap_err();
                    assert!(error.is_not_visible(), "{kind:?}: {error}");
                }
                for held_as in roles {
                    let error = reads.candidates(PROJECT, kind, None, held_as).await.unwrap_err();
                    assert!(error.is_not_visible(), "{kind:?}: {error}");
                }
                let shown = reads.item(named(kind, 9)).await;
                match status {
                    404 => assert_eq!(shown.unwrap(), None, "{kind:?}"),
                    _ => assert!(shown.unwrap_err().is_not_visible(), "{kind:?}"),
                }
            })
            .await;
        }
    }
}

#[tokio::test]
async fn who_holds_an_item_and_whether_anybody_waits_is_never_guessed() {
    for (kind, row, fields) in kinds() {
        let read = async |row: &Value| {
            let body = json!([row]).to_string();
            let server = Server::start(move |_, _| ok(&body)).await;
            quickly(server.connect().reads().open_items(PROJECT, kind, Some(USER))).await
        };
        let items = read(&row).await.unwrap();
        assert_eq!(items.len(), 1, "{kind:?}");
        assert_eq!((items[0].item, items[0].status), (named(kind, 9), ItemStatus::Open));
        for field in fields {
            for broken in [without(row.clone(), field), with(row.clone(), json!({*field: 1}))] {
                let error = read(&broken).await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Malformed, "{kind:?}, {field}: {error}");
                assert!(error.operation().starts_with("list "), "{error}");
            }
        }
    }
}

#[tokio::test]
async fn numbers_may_be_texts_and_filters_are_not_trusted() {
    for (kind, row, _) in kinds().into_iter().filter(|(kind, ..)| *kind != ItemKind::Rfi) {
        let held = with(row.clone(), json!({"id": "9"}));
        let other: Value = row.to_string().replace("\"id\":7,", "\"id\":8,").parse().unwrap();
        assert_ne!(other, row, "{kind:?}");
        let body = json!([held, with(other, json!({"id": 10}))]).to_string();
        let server = Server::start(move |_, _| ok(&body)).await;
        let reads = server.connect().reads();
        quickly(async {
            let items = reads.open_items(PROJECT, kind, Some(USER)).await.unwrap();
            assert_eq!(items.iter().map(|item| item.item).collect::<Vec<_>>(), [named(kind, 9)]);
            let all = reads.open_items(PROJECT, kind, None).await.unwrap();
            assert_eq!(all.iter().map(|item| item.item.id.get()).collect::<Vec<_>>(), [9, 10], "{kind:?}");
            assert_eq!(reads.item(named(kind, 9)).await.unwrap().as_ref(), items.first());
            assert_eq!(
                reads.item(named(kind, 11)).await.unwrap(),
                None,
                "{kind:?}: not the first one that comes"
            );
        })
        .await;
    }
}

#[tokio::test]
async fn a_role_that_an_item_does_not_have_is_refused_before_anything_is_sent() {
    for (kind, ..) in kinds() {
        let (server, connection) = serve(Dialect::Reference, []).await;
        let before = item(kind, &[(7, HeldAs::Member)]);
        let changes = [change(HeldAs::Member, Some(7), 8)];
        let error = quickly(connection.writes().hand_over(&before, &changes)).await.unwrap_err();
        assert_eq!((error.kind(), error.settled()), (ErrorKind::Invalid, Settled::Refused), "{kind:?}");
        quickly(connection.writes().hand_over(&before, &[])).await.unwrap();
        assert!(sent(&server).is_empty(), "{kind:?}");
    }
}

#[tokio::test]
async fn what_a_connection_has_sent_is_counted_with_every_try() {
    let server = Server::start(|_, n| match n {
        0 => answer(503, &[], ""),
        1 => ok("[]"),
        _ => answer(400, &[], ""),
    })
    .await;
    let connection = server.connect();
    let (reads, writes) = (connection.reads(), connection.writes());
    assert_eq!(reads.requests(), 0);
    quickly(async {
        reads.open_items(PROJECT, ItemKind::Task, None).await.unwrap();
        writes.close_item(named(ItemKind::Task, 9)).await.unwrap_err();
    })
    .await;
    assert_eq!((reads.requests(), connection.reads().requests()), (3, 3));
    assert_eq!((server.requests().len(), server.logins().len()), (3, 1), "the login is not counted");
}
