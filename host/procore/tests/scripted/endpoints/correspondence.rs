//! Correspondence.

use muster_core::directory::{HeldAs, Item, ItemKind, ItemRef, ItemStatus};
use muster_core::id::ItemId;
use muster_procore::{Dialect, ErrorKind, Settled};
use serde_json::{Value, json};

use super::items::{change, holders, item, named, person, with, without};
use super::{PROJECT, USER};
use crate::clock::quickly;
use crate::routes::{asked, serve};

const LIST: &str = "GET /rest/v1.0/projects/5/correspondence_type_items";
const ONE: &str = "PATCH /rest/v1.0/projects/5/generic_tools/4/generic_tool_items/9";
const STATUSES: &str = "GET /rest/v1.0/projects/5/generic_tools/4/generic_tool_items/available_statuses";

use HeldAs::Assignee;

fn row(id: u64, assignees: &[u64]) -> Value {
    let assignees: Vec<Value> = assignees.iter().map(|id| person(*id)).collect();
    json!({"id": id, "position": "17", "title": "Late steel", "status": "Awaiting Reply", "status_type": "Open",
           "due_date": "2026-07-09", "generic_tool": {"id": 4, "abbreviation": "LTR", "title": "Letter"},
           "assignees": assignees})
}

fn of_type(kind: u64, id: u64) -> ItemRef {
    ItemRef { within: Some(ItemId::new(kind)), ..named(ItemKind::Correspondence, id) }
}

fn before(assignees: &[u64]) -> Item {
    let assignees: Vec<(u64, HeldAs)> = assignees.iter().map(|id| (*id, Assignee)).collect();
    Item { item: of_type(4, 9), ..item(ItemKind::Correspondence, &assignees) }
}

#[tokio::test]
async fn one_list_has_the_items_of_every_type_and_says_what_their_statuses_stand_for() {
    let rows = json!([
        with(row(3, &[7, 8]), json!({"generic_tool": {"id": 6, "abbreviation": null}, "position": 4})),
        with(row(2, &[7]), json!({"status_type": "Draft", "position": null, "due_date": null})),
        with(row(1, &[7]), json!({"status": "Open until further notice", "status_type": "Closed"})),
        row(5, &[8]),
        row(4, &[7]),
    ]);
    let (server, connection) = serve(Dialect::Reference, [(LIST, 200, rows)]).await;
    let reads = connection.reads();
    let items = quickly(reads.open_items(PROJECT, ItemKind::Correspondence, Some(USER))).await.unwrap();
    let found: Vec<_> = items.iter().map(|item| (item.item, item.number.as_str(), item.status)).collect();
    let expected = [
        (of_type(4, 2), "LTR", ItemStatus::Draft),
        (of_type(4, 4), "LTR-17", ItemStatus::Open),
        (of_type(6, 3), "4", ItemStatus::Open),
    ];
    assert_eq!(found, expected);
    assert_eq!(holders(&items[2]), [(7, Assignee), (8, Assignee)]);
    assert_eq!((items[0].due, items[1].due.unwrap().to_string().as_str()), (None, "2026-07-09"));
    quickly(reads.open_items(PROJECT, ItemKind::Correspondence, None)).await.unwrap();
    assert_eq!(asked(&server), [format!("{LIST}?filters[login_information_id][]=7"), LIST.to_owned()]);
}

#[tokio::test]
async fn the_list_is_read_once_more_and_written_as_a_whole() {
    for (from, to, body) in [(Some(7), 6, "[6,8]"), (None, 6, "[6,7,8]"), (Some(7), 8, "[8]")] {
        let routes = [(LIST, 200, json!([row(8, &[1]), row(9, &[8, 7])])), ("PATCH", 200, json!({}))];
        let (server, connection) = serve(Dialect::Reference, routes).await;
        let changes = [change(Assignee, from, to)];
        quickly(connection.writes().hand_over(&before(&[7, 8]), &changes)).await.unwrap();
        let written = format!(r#"{ONE} {{"generic_tool_item":{{"assignee_ids":{body}}}}}"#);
        assert_eq!(asked(&server), [format!("{LIST}?filters[id][]=9"), written]);
    }
    let (server, connection) = serve(Dialect::Reference, [(LIST, 200, json!([row(9, &[8])]))]).await;
    let changes = [change(Assignee, Some(7), 6)];
    let error = quickly(connection.writes().hand_over(&before(&[7, 8]), &changes)).await.unwrap_err();
    assert_eq!((error.kind(), error.settled()), (ErrorKind::Stale, Settled::Refused));
    assert!(asked(&server).iter().all(|line| line.starts_with("GET ")));
}

#[tokio::test]
async fn the_first_status_that_stands_for_closed_closes_it() {
    let names = |names: &[&str]| names.iter().map(|name| json!({"name": name})).collect::<Value>();
    for (statuses, closed) in [
        (names(&["Draft", "Open", "Closed", "Answered"]), Some("Closed")),
        (
            json!([{"name": "Closed door", "status": "open"}, {"name": "Answered", "status": "closed"}]),
            Some("Answered"),
        ),
        (
            json!([{"name": "Closed", "status_type": "Open"}, {"name": "Withdrawn", "status_type": "Closed"}]),
            Some("Withdrawn"),
        ),
        (names(&["Draft", "Open", "Answered"]), None),
        (json!([]), None),
    ] {
        let routes = [(STATUSES, 200, statuses), ("PATCH", 200, json!({}))];
        let (server, connection) = serve(Dialect::Reference, routes).await;
        let found = quickly(connection.writes().close_item(of_type(4, 9))).await;
        let mut expected = vec![STATUSES.to_owned()];
        match closed {
            Some(name) => {
                found.unwrap();
                expected.push(format!(r#"{ONE} {{"generic_tool_item":{{"status":"{name}"}}}}"#));
            }
            None => {
                let error = found.unwrap_err();
                assert_eq!((error.kind(), error.settled()), (ErrorKind::Invalid, Settled::Refused));
                assert!(error.words().unwrap().contains("closed"), "{error}");
            }
        }
        assert_eq!(asked(&server), expected);
    }
}

#[tokio::test]
async fn whom_a_type_offers_is_asked_of_that_type() {
    let user =
        |id: u64, tools: Value| json!({"id": id, "name": "N", "company": null, "generic_tools": tools});
    let tool =
        |id: u64, may: bool| json!({"id": id, "potential_assignee": may, "potential_received_from": true});
    let users = json!([
        user(8, json!([tool(4, true), tool(6, false)])),
        user(7, json!([tool(6, false), tool(4, true)])),
        user(6, json!([tool(4, false), tool(6, true)])),
        user(5, json!([])),
    ]);
    let path = "GET /rest/v1.0/projects/5/correspondence_types/users";
    let (server, connection) = serve(Dialect::Reference, [(path, 200, users)]).await;
    let reads = connection.reads();
    quickly(async {
        for (kind, expected) in [(4, &[7, 8][..]), (6, &[6]), (9, &[])] {
            let pool = of_type(kind, 1).pool();
            let found = reads.candidates(PROJECT, ItemKind::Correspondence, pool, Assignee).await.unwrap();
            assert!(found.offered);
            assert_eq!(found.people.iter().map(|person| person.id.get()).collect::<Vec<_>>(), expected);
        }
        let unsaid = reads.candidates(PROJECT, ItemKind::Correspondence, None, Assignee).await.unwrap_err();
        assert_eq!(unsaid.kind(), ErrorKind::Invalid);
    })
    .await;
    assert_eq!(asked(&server), [path; 3]);
}

#[tokio::test]
async fn who_holds_it_and_what_its_status_stands_for_is_never_guessed() {
    let usual = row(9, &[7]);
    let broken = ["assignees", "status_type", "generic_tool"].map(|field| without(usual.clone(), field));
    let odd = [
        json!({"assignees": null}),
        json!({"status_type": "Awaiting Reply"}),
        json!({"generic_tool": {"title": "Letter"}}),
        json!({"generic_tool": {"id": -873}}),
    ];
    for row in broken.into_iter().chain(odd.map(|more| with(usual.clone(), more))) {
        let (_server, connection) = serve(Dialect::Reference, [(LIST, 200, json!([row]))]).await;
        let reads = connection.reads();
        let error = quickly(reads.item(of_type(4, 9))).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.operation()),
            (ErrorKind::Malformed, "show correspondence"),
            "{error}"
        );
    }
    let (server, connection) = serve(Dialect::Reference, []).await;
    for item in [named(ItemKind::Correspondence, 9)] {
        let before = Item { item, ..before(&[7]) };
        let writes = connection.writes();
        let closing = quickly(writes.close_item(item)).await.unwrap_err();
        assert_eq!(closing.kind(), ErrorKind::Invalid, "the type has to be said");
        let moving = quickly(writes.hand_over(&before, &[change(Assignee, Some(7), 6)])).await.unwrap_err();
        assert_eq!(moving.settled(), Settled::Refused);
    }
    assert!(asked(&server).iter().all(|line| line.starts_with("GET ")));
}
