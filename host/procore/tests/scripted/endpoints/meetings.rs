//! Topics of meetings.

use muster_core::directory::{HeldAs, Item, ItemKind, ItemRef, ItemStatus};
use muster_core::id::ItemId;
use muster_procore::{Dialect, ErrorKind, Settled};
use serde_json::{Value, json};

use super::items::{change, holders, item, named, person, with, without};
use super::{PROJECT, USER};
use crate::clock::quickly;
use crate::routes::{asked, serve};

const LIST: &str = "GET /rest/v1.1/projects/5/meetings?";
const ONE: &str = "PATCH /rest/v1.1/projects/5/meeting_topics/9";

use HeldAs::Assignee;

fn row(id: u64, assignees: &[u64]) -> Value {
    let assignees: Vec<Value> = assignees.iter().map(|id| person(*id)).collect();
    json!({"id": id, "number": "2.1", "title": "Hoist", "status": "Open", "due_date": "2026-07-09",
           "priority": "High", "assignments": assignees})
}

/// A meeting that is shown alone, each of its topics in a category of its own.
fn meeting(id: u64, topics: &[Value]) -> Value {
    let categories: Vec<Value> =
        topics.iter().map(|topic| json!({"id": 1, "meeting_topic": [topic]})).collect();
    json!({"id": id, "title": "Weekly", "is_draft": false, "meeting_categories": categories})
}

fn listed(ids: &[u64]) -> Value {
    let groups = ids.iter().map(|id| json!({"group_title": "Weekly", "meetings": [{"id": id}]}));
    groups.collect()
}

fn of_meeting(meeting: u64, topic: u64) -> ItemRef {
    ItemRef { within: Some(ItemId::new(meeting)), ..named(ItemKind::MeetingTopic, topic) }
}

fn before(assignees: &[u64]) -> Item {
    let assignees: Vec<(u64, HeldAs)> = assignees.iter().map(|id| (*id, Assignee)).collect();
    Item { item: of_meeting(3, 9), ..item(ItemKind::MeetingTopic, &assignees) }
}

#[tokio::test]
async fn each_meeting_with_something_for_somebody_is_shown_and_what_others_hold_is_dropped() {
    let third = [
        with(row(31, &[7, 8]), json!({"status": "On Hold", "due_date": null})),
        row(32, &[8]),
        with(row(33, &[7]), json!({"status": "Closed"})),
    ];
    let fourth = with(meeting(4, &[row(41, &[7])]), json!({"is_draft": true}));
    let routes = [
        (LIST, 200, listed(&[4, 3])),
        ("GET /rest/v1.1/projects/5/meetings/3", 200, meeting(3, &third)),
        ("GET /rest/v1.1/projects/5/meetings/4", 200, fourth),
    ];
    let (server, connection) = serve(Dialect::Reference, routes).await;
    let reads = connection.reads();
    let items = quickly(reads.open_items(PROJECT, ItemKind::MeetingTopic, Some(USER))).await.unwrap();
    let found: Vec<_> = items.iter().map(|item| (item.item, item.status)).collect();
    assert_eq!(found, [(of_meeting(3, 31), ItemStatus::Open), (of_meeting(4, 41), ItemStatus::Draft)]);
    assert_eq!(holders(&items[0]), [(7, Assignee), (8, Assignee)]);
    assert_eq!((items[0].number.as_str(), items[0].title.as_str(), items[0].due), ("2.1", "Hoist", None));
    assert_eq!(items[1].due.unwrap().to_string(), "2026-07-09");
    let list = "GET /rest/v1.1/projects/5/meetings";
    let expected = [format!("{list}?filters[assignee_id][]=7"), format!("{list}/4"), format!("{list}/3")];
    assert_eq!(asked(&server), expected);
    let all = quickly(reads.open_items(PROJECT, ItemKind::MeetingTopic, None)).await.unwrap();
    assert_eq!(all.iter().map(|item| item.item.id.get()).collect::<Vec<_>>(), [31, 32, 41]);
    assert_eq!(asked(&server)[3], list);
}

#[tokio::test]
async fn a_topic_is_found_in_its_meeting_alone() {
    let routes = [("GET /rest/v1.1/projects/5/meetings/3", 200, meeting(3, &[row(8, &[8]), row(9, &[7])]))];
    let (server, connection) = serve(Dialect::Reference, routes).await;
    let reads = connection.reads();
    quickly(async {
        assert_eq!(holders(&reads.item(of_meeting(3, 9)).await.unwrap().unwrap()), [(7, Assignee)]);
        assert_eq!(reads.item(of_meeting(3, 5)).await.unwrap(), None);
        assert_eq!(reads.item(of_meeting(4, 9)).await.unwrap(), None);
        assert_eq!(asked(&server).len(), 3);
        let unsaid = reads.item(named(ItemKind::MeetingTopic, 9)).await.unwrap_err();
        assert_eq!((unsaid.kind(), unsaid.settled()), (ErrorKind::Invalid, Settled::Refused));
        let unsaid = connection.writes().close_item(named(ItemKind::MeetingTopic, 9)).await.unwrap_err();
        assert_eq!(unsaid.kind(), ErrorKind::Invalid);
    })
    .await;
    assert_eq!(asked(&server).len(), 3, "what can't be named is not asked for");
}

#[tokio::test]
async fn the_meeting_is_read_once_more_and_the_list_is_written_as_a_whole() {
    for (from, to, body) in
        [(Some(7), 6, "[6,8]"), (None, 6, "[6,7,8]"), (Some(7), 8, "[8]"), (Some(8), 9, "[7,9]")]
    {
        let routes = [
            ("GET /rest/v1.1/projects/5/meetings/3", 200, meeting(3, &[row(9, &[8, 7])])),
            ("PATCH", 200, json!({})),
        ];
        let (server, connection) = serve(Dialect::Reference, routes).await;
        let changes = [change(Assignee, from, to)];
        quickly(connection.writes().hand_over(&before(&[7, 8]), &changes)).await.unwrap();
        let written = format!(r#"{ONE} {{"meeting_id":3,"meeting_topic":{{"assignment_ids":{body}}}}}"#);
        assert_eq!(asked(&server), ["GET /rest/v1.1/projects/5/meetings/3".to_owned(), written]);
    }
}

#[tokio::test]
async fn nothing_is_sent_where_others_are_assigned_by_now() {
    for (now, kind) in [
        (meeting(3, &[row(9, &[7])]), ErrorKind::Stale),
        (meeting(3, &[row(9, &[7, 8, 6])]), ErrorKind::Stale),
        (meeting(3, &[row(8, &[7, 8])]), ErrorKind::NotFound),
        (meeting(4, &[row(9, &[7, 8])]), ErrorKind::Malformed),
        (meeting(3, &[without(row(9, &[7, 8]), "assignments")]), ErrorKind::Malformed),
    ] {
        let routes = [("GET /rest/v1.1/projects/5/meetings/3", 200, now)];
        let (server, connection) = serve(Dialect::Reference, routes).await;
        let changes = [change(Assignee, Some(7), 6)];
        let error = quickly(connection.writes().hand_over(&before(&[7, 8]), &changes)).await.unwrap_err();
        assert_eq!((error.kind(), error.settled()), (kind, Settled::Refused), "{error}");
        assert_eq!(error.operation(), "hand over meeting topic");
        assert_eq!(asked(&server).len(), 1);
    }
}

#[tokio::test]
async fn a_topic_is_closed_and_whoever_is_on_the_project_could_be_assigned_one() {
    let users = json!([
        {"id": 8, "name": "Ben", "is_active": true},
        {"id": 7, "first_name": "Ana", "last_name": "Diaz", "is_active": true},
        {"id": 6, "name": "Cem", "is_active": false}]);
    let routes = [("GET /rest/v1.0/projects/5/users", 200, users), ("PATCH", 200, json!({}))];
    let (server, connection) = serve(Dialect::Reference, routes).await;
    quickly(async {
        connection.writes().close_item(of_meeting(3, 9)).await.unwrap();
        let found =
            connection.reads().candidates(PROJECT, ItemKind::MeetingTopic, None, Assignee).await.unwrap();
        assert!(!found.offered, "the tool does not say whom it permits");
        let people: Vec<_> =
            found.people.iter().map(|person| (person.id.get(), person.name.as_str())).collect();
        assert_eq!(people, [(7, "Ana Diaz"), (8, "Ben")]);
    })
    .await;
    let closed = format!(r#"{ONE} {{"meeting_id":3,"meeting_topic":{{"status":"Closed"}}}}"#);
    assert_eq!(asked(&server), [closed, "GET /rest/v1.0/projects/5/users".to_owned()]);
}

#[tokio::test]
async fn who_is_assigned_a_topic_and_whether_it_is_open_is_never_guessed() {
    let usual = meeting(3, &[row(9, &[7])]);
    let broken = [
        without(usual.clone(), "meeting_categories"),
        with(usual.clone(), json!({"meeting_categories": [{"id": 1}]})),
        meeting(3, &[without(row(9, &[7]), "assignments")]),
        meeting(3, &[with(row(9, &[7]), json!({"assignments": [{"name": "Ana"}]}))]),
        meeting(3, &[without(row(9, &[7]), "status")]),
        meeting(3, &[with(row(9, &[7]), json!({"status": "Recycled"}))]),
    ];
    let read = async |list: Value, shown: Value| {
        let routes = [(LIST, 200, list), ("GET /rest/v1.1/projects/5/meetings/3", 200, shown)];
        let (_server, connection) = serve(Dialect::Reference, routes).await;
        quickly(connection.reads().open_items(PROJECT, ItemKind::MeetingTopic, Some(USER))).await
    };
    assert_eq!(read(listed(&[3]), usual.clone()).await.unwrap().len(), 1);
    let lists =
        [json!({"meetings": []}), json!([{"group_title": "A"}]), json!([{"meetings": [{"title": "A"}]}])];
    let broken = broken.into_iter().map(|shown| (listed(&[3]), shown));
    for (list, shown) in broken.chain(lists.into_iter().map(|list| (list, usual.clone()))) {
        let error = read(list, shown).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{error}");
        assert_eq!(error.operation(), "list meeting topics");
    }
}

#[tokio::test]
async fn a_meeting_that_can_not_be_seen_is_no_meeting_without_topics() {
    for status in [403, 404] {
        let routes = [(LIST, 200, listed(&[3])), ("GET /rest/v1.1/projects/5/meetings/3", status, json!({}))];
        let (_server, connection) = serve(Dialect::Reference, routes).await;
        let reads = connection.reads();
        let found = quickly(reads.open_items(PROJECT, ItemKind::MeetingTopic, Some(USER))).await;
        assert!(found.unwrap_err().is_not_visible(), "{status}");
    }
}
