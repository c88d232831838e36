//! Tasks.

use muster_core::directory::{HeldAs, ItemKind, ItemStatus};
use muster_procore::{Dialect, ErrorKind, Settled};
use serde_json::{Value, json};

use super::items::{change, holders, item, named, person, with};
use super::{PROJECT, USER};
use crate::clock::quickly;
use crate::routes::{asked, serve};

const LIST: &str = "GET /rest/v1.0/task_items?project_id=5";
const ONE: &str = "PATCH /rest/v1.0/task_items/9?project_id=5";

pub(super) fn row(id: u64, assignees: &[u64]) -> Value {
    let assignees: Vec<Value> = assignees.iter().map(|id| person(*id)).collect();
    json!({"id": id, "number": "1B", "title": "Audit", "status": "initiated", "due_date": "2016-10-25T17:53:35Z",
           "assignees": assignees, "assignee": null, "private": true, "task_item_category": null})
}

#[tokio::test]
async fn what_is_open_is_asked_for_and_what_comes_is_looked_at() {
    let rows = json!([
        with(row(3, &[7, 8]), json!({"status": "ready_for_review", "link": "https://example.com/3"})),
        with(
            row(2, &[]),
            json!({"assignee": person(7), "status": "in_progress", "due_date": null, "number": 4})
        ),
        with(row(1, &[7]), json!({"status": "void"})),
        row(4, &[8]),
    ]);
    let (server, connection) = serve(Dialect::Reference, [(LIST, 200, rows)]).await;
    let reads = connection.reads();
    let items = quickly(reads.open_items(PROJECT, ItemKind::Task, Some(USER))).await.unwrap();
    quickly(reads.open_items(PROJECT, ItemKind::Task, None)).await.unwrap();
    assert_eq!(items.iter().map(|item| item.item.id.get()).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(holders(&items[0]), [(7, HeldAs::Assignee)], "the one assignee of an older task");
    assert_eq!(holders(&items[1]), [(7, HeldAs::Assignee), (8, HeldAs::Assignee)]);
    assert_eq!((items[0].number.as_str(), items[0].due), ("4", None));
    assert_eq!((items[1].number.as_str(), items[1].title.as_str()), ("1B", "Audit"));
    assert_eq!(items[1].due.unwrap().to_string(), "2016-10-25");
    assert_eq!(items[1].link.as_deref(), Some("https://example.com/3"));
    let open = "filters[status][]=initiated&filters[status][]=in_progress&filters[status][]=ready_for_review";
    assert_eq!(asked(&server), [format!("{LIST}&filters[assigned_id]=7&{open}"), format!("{LIST}&{open}")]);
}

#[tokio::test]
async fn the_list_is_read_once_more_and_written_as_a_whole() {
    let before = item(ItemKind::Task, &[(7, HeldAs::Assignee), (8, HeldAs::Assignee)]);
    for (from, to, body) in
        [(Some(7), 9, "[8,9]"), (None, 6, "[6,7,8]"), (Some(7), 8, "[8]"), (Some(8), 6, "[6,7]")]
    {
        let routes = [(LIST, 200, json!([row(8, &[1]), row(9, &[8, 7])])), ("PATCH", 200, json!({}))];
        let (server, connection) = serve(Dialect::Reference, routes).await;
        let changes = [change(HeldAs::Assignee, from, to)];
        quickly(connection.writes().hand_over(&before, &changes)).await.unwrap();
        let read = format!("{LIST}&filters[id][]=9");
        assert_eq!(asked(&server), [read, format!(r#"{ONE} {{"task_item":{{"assignee_ids":{body}}}}}"#)]);
    }
}

#[tokio::test]
async fn nothing_is_sent_where_others_hold_it_by_now() {
    let before = item(ItemKind::Task, &[(7, HeldAs::Assignee), (8, HeldAs::Assignee)]);
    for (now, kind) in [
        (json!([row(9, &[7])]), ErrorKind::Stale),
        (json!([row(9, &[7, 8, 6])]), ErrorKind::Stale),
        (json!([row(8, &[7, 8])]), ErrorKind::NotFound),
        (json!([with(row(9, &[7, 8]), json!({"assignees": null}))]), ErrorKind::Malformed),
    ] {
        let (server, connection) = serve(Dialect::Reference, [(LIST, 200, now)]).await;
        let changes = [change(HeldAs::Assignee, Some(7), 6)];
        let error = quickly(connection.writes().hand_over(&before, &changes)).await.unwrap_err();
        assert_eq!((error.kind(), error.settled()), (kind, Settled::Refused), "{error}");
        assert_eq!(error.operation(), "hand over task");
        assert!(asked(&server).iter().all(|line| line.starts_with("GET ")));
    }
}

#[tokio::test]
async fn a_task_is_shown_closed_and_offered_to_people() {
    let routes = [
        ("GET /rest/v1.0/task_items/assignees?project_id=5", 200, json!([person(8), person(7)])),
        (LIST, 200, json!([with(row(9, &[7]), json!({"status": "closed"}))])),
        ("PATCH", 200, json!({})),
    ];
    let (server, connection) = serve(Dialect::Reference, routes).await;
    let reads = connection.reads();
    quickly(async {
        let shown = reads.item(named(ItemKind::Task, 9)).await.unwrap().unwrap();
        assert_eq!(shown.status, ItemStatus::Closed);
        let found = reads.candidates(PROJECT, ItemKind::Task, None, HeldAs::Assignee).await.unwrap();
        assert!(found.offered);
        assert_eq!(found.people.iter().map(|person| person.id.get()).collect::<Vec<_>>(), [7, 8]);
        connection.writes().close_item(named(ItemKind::Task, 9)).await.unwrap();
    })
    .await;
    assert_eq!(asked(&server)[2], format!(r#"{ONE} {{"task_item":{{"status":"closed"}}}}"#));
}
