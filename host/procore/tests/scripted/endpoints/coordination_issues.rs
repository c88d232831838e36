//! Coordination issues.

use muster_core::directory::{HeldAs, ItemKind, ItemStatus};
use muster_procore::Dialect;
use serde_json::{Value, json};

use super::items::{change, holders, item, named, person, with};
use super::{PROJECT, USER};
use crate::clock::quickly;
use crate::routes::{asked, serve};

const LIST: &str = "GET /rest/v1.0/coordination_issues?project_id=5";

pub(super) fn row(id: u64, assignee: Option<u64>) -> Value {
    json!({"id": id, "issue_number": 2, "title": "Pipe in beam", "status": "open", "due_date": "2018-08-16",
           "assignee": assignee.map(person)})
}

#[tokio::test]
async fn what_is_open_is_asked_for_and_what_comes_is_looked_at() {
    let status = |id, status| with(row(id, Some(7)), json!({"status": status}));
    let rows = json!([
        status(6, "moved_to_observation"),
        status(5, "ready_for_review"),
        status(4, "unblocked"),
        status(3, "blocked"),
        status(2, "in_progress"),
        status(1, "closed"),
        row(7, None),
    ]);
    let (server, connection) = serve(Dialect::Reference, [(LIST, 200, rows)]).await;
    let reads = connection.reads();
    let items = quickly(reads.open_items(PROJECT, ItemKind::CoordinationIssue, Some(USER))).await.unwrap();
    let all = quickly(reads.open_items(PROJECT, ItemKind::CoordinationIssue, None)).await.unwrap();
    assert_eq!(items.iter().map(|item| item.item.id.get()).collect::<Vec<_>>(), [2, 3, 4, 5]);
    assert_eq!(holders(&items[0]), [(7, HeldAs::Assignee)]);
    assert_eq!((items[0].number.as_str(), items[0].title.as_str()), ("2", "Pipe in beam"));
    assert_eq!(items[0].due.unwrap().to_string(), "2018-08-16");
    assert_eq!(all.len(), 5);
    let open = ["open", "in_progress", "blocked", "unblocked", "ready_for_review"]
        .map(|status| format!("filters[status][]={status}"))
        .join("&");
    assert_eq!(asked(&server), [format!("{LIST}&filters[assignee_id][]=7&{open}"), format!("{LIST}&{open}")]);
}

#[tokio::test]
async fn one_person_is_put_in_the_place_of_another_and_nothing_is_read_before() {
    let routes = [("POST", 201, json!({"id": 1})), ("PATCH", 200, json!({}))];
    let (server, connection) = serve(Dialect::Reference, routes).await;
    let before = item(ItemKind::CoordinationIssue, &[(7, HeldAs::Assignee)]);
    quickly(async {
        let changes = [change(HeldAs::Assignee, Some(7), 8)];
        connection.writes().hand_over(&before, &changes).await.unwrap();
        connection.writes().close_item(named(ItemKind::CoordinationIssue, 9)).await.unwrap();
    })
    .await;
    assert_eq!(
        asked(&server),
        [
            r#"POST /rest/v1.0/coordination_issues/9/assignments {"coordination_issue_assignment":{"assignee_id":8},"project_id":5}"#,
            r#"PATCH /rest/v1.0/coordination_issues/9 {"coordination_issue":{"status":"closed"},"project_id":5}"#,
        ]
    );
}

#[tokio::test]
async fn an_issue_is_shown_and_offered_to_people() {
    let routes = [
        ("GET /rest/v1.0/coordination_issues/assignees?project_id=5", 200, json!([person(8)])),
        (LIST, 200, json!([with(row(9, Some(7)), json!({"status": "moved_to_observation"}))])),
    ];
    let (server, connection) = serve(Dialect::Reference, routes).await;
    let reads = connection.reads();
    quickly(async {
        let shown = reads.item(named(ItemKind::CoordinationIssue, 9)).await.unwrap().unwrap();
        assert_eq!((shown.status, shown.holders.len()), (ItemStatus::Closed, 1));
        let kind = ItemKind::CoordinationIssue;
        let found = reads.candidates(PROJECT, kind, None, HeldAs::Assignee).await.unwrap();
        assert_eq!((found.offered, found.people.len()), (true, 1));
    })
    .await;
    assert_eq!(asked(&server)[0], format!("{LIST}&filters[ids][]=9"));
}
