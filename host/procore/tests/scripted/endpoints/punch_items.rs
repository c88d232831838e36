//! Items of the punch list.

use muster_core::directory::{HeldAs, ItemKind, ItemStatus};
use muster_procore::{Dialect, ErrorKind, Settled};
use serde_json::{Value, json};

use super::items::{change, holders, item, named, person, with};
use super::{PROJECT, USER};
use crate::clock::quickly;
use crate::routes::{asked, serve};

const LIST: &str = "GET /rest/v1.1/punch_items?project_id=5";
const ONE: &str = "PATCH /rest/v1.1/punch_items/9";
const ASSIGNMENT: &str = "PATCH /rest/v1.0/projects/5/punch_item_assignments";

use HeldAs::{Assignee, FinalApprover, Manager};

/// A punch item with assignments: their numbers, whose they are, and what became of them.
pub(super) fn row(id: u64, assignments: &[(u64, u64, &str)]) -> Value {
    let assignments: Vec<Value> = assignments
        .iter()
        .map(|(id, user, status)| json!({"id": id, "status": status, "approved": false, "login_information": person(*user)}))
        .collect();
    json!({"id": id, "position": 3, "name": "Paint the door", "status": "Open", "workflow_status": "work_required",
           "due_date": "2026-09-04", "assignments": assignments, "punch_item_manager": null, "final_approver": null})
}

#[tokio::test]
async fn every_open_status_is_asked_for_and_roles_are_told_apart() {
    let managed = json!({"punch_item_manager": person(7), "final_approver": person(8), "status": "Overdue"});
    let done = json!({"id": 32, "approved": true, "login_information": person(7)});
    let nobody = json!({"id": 33, "status": "unresolved", "login_information": null});
    let open = json!([
        with(row(4, &[(40, 6, "unresolved"), (41, 7, "work_not_accepted")]), managed),
        with(row(3, &[(30, 7, "resolved")]), json!({"punch_item_manager": person(6)})),
        with(row(2, &[(20, 7, "unresolved")]), json!({"workflow_status": "draft"})),
        with(row(6, &[]), json!({"assignments": [done, nobody]})),
    ]);
    let pending = json!([
        with(row(5, &[(50, 7, "ready_for_review")]), json!({"status": "Pending", "position": null})),
        with(row(1, &[(10, 7, "unresolved")]), json!({"status": "Closed"})),
    ]);
    let routes = [
        ("GET /rest/v1.1/punch_items?project_id=5&filters[status]=open", 200, open),
        ("GET /rest/v1.1/punch_items?project_id=5&filters[status]=pending", 200, pending),
    ];
    let (server, connection) = serve(Dialect::Reference, routes).await;
    let reads = connection.reads();
    let items = quickly(reads.open_items(PROJECT, ItemKind::PunchItem, Some(USER))).await.unwrap();
    assert_eq!(items.iter().map(|item| item.item.id.get()).collect::<Vec<_>>(), [2, 4, 5]);
    assert_eq!(items[0].status, ItemStatus::Draft);
    assert_eq!(holders(&items[1]), [(6, Assignee), (7, Assignee), (7, Manager), (8, FinalApprover)]);
    assert_eq!((items[1].number.as_str(), items[1].title.as_str()), ("3", "Paint the door"));
    assert_eq!((items[2].number.as_str(), items[2].due.unwrap().to_string().as_str()), ("", "2026-09-04"));
    assert_eq!(asked(&server), ["open", "pending"].map(|status| format!("{LIST}&filters[status]={status}")));
    let all = quickly(reads.open_items(PROJECT, ItemKind::PunchItem, None)).await.unwrap();
    assert_eq!(all.len(), 5);
}

#[tokio::test]
async fn an_assignee_gives_way_by_one_assignment_whatever_others_do_meanwhile() {
    let now =
        row(9, &[(70, 7, "resolved"), (71, 7, "unresolved"), (80, 8, "resolved"), (60, 6, "unresolved")]);
    let routes = [(LIST, 200, json!([now])), ("PATCH", 200, json!({}))];
    let (server, connection) = serve(Dialect::Reference, routes).await;
    // 6 has come since: that is nobody's loss.
    let before = item(ItemKind::PunchItem, &[(7, Assignee), (5, Manager)]);
    quickly(async {
        for to in [4, 8] {
            let changes = [change(Assignee, Some(7), to)];
            connection.writes().hand_over(&before, &changes).await.unwrap();
        }
    })
    .await;
    let read = format!("{LIST}&filters[id][]=9");
    let body =
        |user| format!(r#"{ASSIGNMENT}/71 {{"punch_item_assignment":{{"login_information_id":{user}}}}}"#);
    assert_eq!(asked(&server), [read.clone(), body(4), read, body(8)]);
}

#[tokio::test]
async fn everything_else_goes_with_the_item_and_its_name() {
    let managed = json!({"punch_item_manager": person(7), "final_approver": person(7)});
    let now = with(row(9, &[(60, 6, "unresolved"), (70, 7, "unresolved"), (50, 5, "resolved")]), managed);
    let before = item(ItemKind::PunchItem, &[(6, Assignee), (7, Assignee), (7, Manager), (7, FinalApprover)]);
    let all = [change(Assignee, Some(7), 4), change(Manager, Some(7), 4), change(FinalApprover, Some(7), 3)];
    for (changes, fields) in [
        (&all[1..2], r#""punch_item_manager_id":4"#),
        (&all[2..], r#""final_approver_id":3"#),
        (&[change(Assignee, None, 4)][..], r#""login_information_ids":[4,5,6,7]"#),
        (&[change(Assignee, Some(7), 6)][..], r#""login_information_ids":[5,6]"#),
        (&all[..], r#""final_approver_id":3,"login_information_ids":[4,5,6],"punch_item_manager_id":4"#),
    ] {
        let routes = [(LIST, 200, json!([now.clone()])), ("PATCH", 200, json!({}))];
        let (server, connection) = serve(Dialect::Reference, routes).await;
        quickly(connection.writes().hand_over(&before, changes)).await.unwrap();
        let body = format!(r#"{{"project_id":5,"punch_item":{{{fields},"name":"Paint the door"}}}}"#);
        let body: Value = body.parse().unwrap();
        assert_eq!(asked(&server)[1..], [format!("{ONE} {body}")], "{changes:?}");
    }
}

#[tokio::test]
async fn nothing_is_sent_where_whoever_gives_way_is_gone_or_others_would_be_overwritten() {
    let before = item(ItemKind::PunchItem, &[(6, Assignee), (7, Assignee)]);
    let gone = row(9, &[(60, 6, "unresolved"), (70, 7, "resolved")]);
    let more = row(9, &[(60, 6, "unresolved"), (70, 7, "unresolved"), (80, 8, "unresolved")]);
    for (now, change, kind) in [
        (gone.clone(), change(Assignee, Some(7), 4), ErrorKind::Stale),
        (gone, change(Assignee, None, 4), ErrorKind::Stale),
        (more.clone(), change(Assignee, None, 4), ErrorKind::Stale),
        (more.clone(), change(Assignee, Some(7), 8), ErrorKind::Stale),
        (more, change(Manager, None, 4), ErrorKind::Stale),
        (row(8, &[]), change(Manager, None, 4), ErrorKind::NotFound),
    ] {
        let (server, connection) = serve(Dialect::Reference, [(LIST, 200, json!([now]))]).await;
        let error = quickly(connection.writes().hand_over(&before, &[change])).await.unwrap_err();
        assert_eq!((error.kind(), error.settled()), (kind, Settled::Refused), "{change:?}");
        assert_eq!(asked(&server).len(), 1, "{change:?}");
    }
}

#[tokio::test]
async fn a_punch_item_is_shown_closed_and_offered_to_people() {
    let routes = [
        ("GET /rest/v1.0/projects/5/punch_list_assignee_options?", 200, json!([person(8), person(7)])),
        ("GET /rest/v1.0/projects/5/punch_list/available_final_approvers?", 200, json!([person(6)])),
        ("GET /rest/v1.0/projects/5/available_punch_item_managers?", 200, json!([person(4)])),
        (LIST, 200, json!([with(row(9, &[(70, 7, "unresolved")]), json!({"status": "Closed"}))])),
        ("PATCH", 200, json!({})),
    ];
    let (server, connection) = serve(Dialect::Reference, routes).await;
    let reads = connection.reads();
    quickly(async {
        for (held_as, expected) in [(Assignee, vec![7, 8]), (FinalApprover, vec![6]), (Manager, vec![4])] {
            let found = reads.candidates(PROJECT, ItemKind::PunchItem, None, held_as).await.unwrap();
            let ids: Vec<u64> = found.people.iter().map(|person| person.id.get()).collect();
            assert_eq!((ids, found.offered), (expected, true), "{held_as:?}");
        }
        let shown = reads.item(named(ItemKind::PunchItem, 9)).await.unwrap().unwrap();
        assert_eq!(shown.status, ItemStatus::Closed);
        connection.writes().close_item(named(ItemKind::PunchItem, 9)).await.unwrap();
    })
    .await;
    let body = r#"{"project_id":5,"punch_item":{"name":"Paint the door","status":"closed"}}"#;
    assert_eq!(asked(&server).last().unwrap(), &format!("{ONE} {body}"));
}
