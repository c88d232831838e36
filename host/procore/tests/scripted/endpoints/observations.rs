//! Observations.

use muster_core::directory::{HeldAs, ItemKind, ItemStatus};
use muster_procore::{Dialect, ErrorKind};
use serde_json::{Value, json};

use super::items::{change, holders, item, named, person, with};
use super::{PROJECT, USER};
use crate::clock::quickly;
use crate::routes::{asked, serve};

const LIST: &str = "GET /rest/v1.0/observations/items?project_id=5";
const ONE: &str = "PATCH /rest/v1.0/observations/items/9";

pub(super) fn row(id: u64, assignee: Option<u64>) -> Value {
    json!({"id": id, "number": "12", "name": "Loose rail", "status": "initiated", "due_date": "2026-09-04",
           "assignee": assignee.map(person), "type": {"id": 33, "category": "Safety", "name": "Fall"}})
}

#[tokio::test]
async fn what_is_open_is_asked_for_and_what_comes_is_looked_at() {
    let rows = json!([
        with(row(3, Some(7)), json!({"status": "not_accepted"})),
        with(row(2, Some(7)), json!({"status": "ready_for_review"})),
        with(row(1, Some(7)), json!({"status": "closed"})),
        row(4, None),
    ]);
    let (server, connection) = serve(Dialect::Reference, [(LIST, 200, rows)]).await;
    let reads = connection.reads();
    let items = quickly(reads.open_items(PROJECT, ItemKind::Observation, Some(USER))).await.unwrap();
    let all = quickly(reads.open_items(PROJECT, ItemKind::Observation, None)).await.unwrap();
    assert_eq!(items.iter().map(|item| item.item.id.get()).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(holders(&items[0]), [(7, HeldAs::Assignee)]);
    assert_eq!((items[0].number.as_str(), items[0].title.as_str()), ("12", "Loose rail"));
    assert_eq!(items[0].due.unwrap().to_string(), "2026-09-04");
    assert_eq!((all.len(), all[2].holders.len()), (3, 0), "nobody holds the last one");
    let open = "filters[status][]=0&filters[status][]=1&filters[status][]=2";
    assert_eq!(asked(&server), [format!("{LIST}&filters[assignee_id][]=7&{open}"), format!("{LIST}&{open}")]);
}

#[tokio::test]
async fn name_and_type_go_with_every_change_as_they_are_by_now() {
    let routes = [(LIST, 200, json!([row(9, Some(7))])), ("PATCH", 200, json!({}))];
    let (server, connection) = serve(Dialect::Reference, routes).await;
    let before = item(ItemKind::Observation, &[(7, HeldAs::Assignee)]);
    quickly(async {
        let changes = [change(HeldAs::Assignee, Some(7), 8)];
        connection.writes().hand_over(&before, &changes).await.unwrap();
        connection.writes().close_item(named(ItemKind::Observation, 9)).await.unwrap();
    })
    .await;
    let read = format!("{LIST}&filters[id][]=9");
    let body = |field| {
        let body =
            format!(r#"{{"observation":{{{field},"name":"Loose rail","type_id":33}},"project_id":5}}"#);
        body.parse::<Value>().unwrap()
    };
    assert_eq!(
        asked(&server),
        [
            read.clone(),
            format!("{ONE} {}", body(r#""assignee_id":8"#)),
            read,
            format!("{ONE} {}", body(r#""status":"closed""#)),
        ]
    );
}

#[tokio::test]
async fn nothing_is_sent_where_somebody_else_holds_it_or_its_type_is_gone() {
    let before = item(ItemKind::Observation, &[(7, HeldAs::Assignee)]);
    for (now, kind) in [
        (row(9, Some(6)), ErrorKind::Stale),
        (row(9, None), ErrorKind::Stale),
        (row(8, Some(7)), ErrorKind::NotFound),
        (with(row(9, Some(7)), json!({"type": null})), ErrorKind::Invalid),
    ] {
        let (server, connection) = serve(Dialect::Reference, [(LIST, 200, json!([now]))]).await;
        let changes = [change(HeldAs::Assignee, Some(7), 8)];
        let error = quickly(connection.writes().hand_over(&before, &changes)).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert_eq!(asked(&server).len(), 1);
    }
}

#[tokio::test]
async fn an_observation_is_shown_and_offered_to_people() {
    let routes = [
        ("GET /rest/v1.0/observations/assignees?project_id=5", 200, json!([person(8)])),
        (LIST, 200, json!([with(row(9, Some(7)), json!({"status": "closed"}))])),
    ];
    let (_server, connection) = serve(Dialect::Reference, routes).await;
    let reads = connection.reads();
    quickly(async {
        let shown = reads.item(named(ItemKind::Observation, 9)).await.unwrap().unwrap();
        assert_eq!((shown.status, holders(&shown)), (ItemStatus::Closed, vec![(7, HeldAs::Assignee)]));
        let found = reads.candidates(PROJECT, ItemKind::Observation, None, HeldAs::Assignee).await.unwrap();
        assert_eq!((found.offered, found.people[0].name.as_str()), (true, "U8"));
    })
    .await;
}
