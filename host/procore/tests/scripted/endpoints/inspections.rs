//! Inspections.

use muster_core::directory::{HeldAs, ItemKind, ItemStatus};
use muster_procore::{Dialect, ErrorKind, Settled};
use serde_json::{Value, json};

use super::items::{change, holders, item, named, person, with, without};
use super::{PROJECT, USER, json_of};
use crate::clock::quickly;
use crate::routes::{asked, serve};
use crate::server::Server;

const LIST: &str = "GET /rest/v1.0/projects/5/checklist/lists";
const ONE: &str = "PATCH /rest/v1.0/projects/5/checklist/lists/9";

use HeldAs::{Inspector, PointOfContact};

fn row(id: u64, inspectors: &[u64], contact: Option<u64>) -> Value {
    let inspectors: Vec<Value> = inspectors.iter().map(|id| person(*id)).collect();
    json!({"id": id, "number": 12, "name": "Rebar", "status": "Open", "due_at": "2026-07-09T12:00:00Z",
           "deleted": false, "inspectors": inspectors, "point_of_contact": contact.map(person)})
}

#[tokio::test]
async fn both_lists_are_asked_for_and_only_what_is_open_and_held_is_kept() {
    let server = Server::start(|request, _| {
        if request.target.contains("inspector_id") {
            json_of(json!([
                row(3, &[7, 8], Some(7)),
                with(row(1, &[7], None), json!({"status": "In Review", "due_at": null})),
                with(row(4, &[7], None), json!({"status": "Closed"})),
                with(row(6, &[7], None), json!({"deleted": true})),
                row(5, &[8], Some(9)),
            ]))
        } else {
            json_of(json!([row(3, &[7, 8], Some(7)), row(2, &[], Some(7))]))
        }
    })
    .await;
    let reads = server.connect().reads();
    let items = quickly(reads.open_items(PROJECT, ItemKind::Inspection, Some(USER))).await.unwrap();
    assert_eq!(items.iter().map(|item| item.item.id.get()).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(holders(&items[2]), [(7, Inspector), (7, PointOfContact), (8, Inspector)]);
    assert_eq!((items[2].number.as_str(), items[2].title.as_str()), ("12", "Rebar"));
    assert_eq!(items[2].due.unwrap().to_string(), "2026-07-09");
    let all = quickly(reads.open_items(PROJECT, ItemKind::Inspection, None)).await.unwrap();
    assert_eq!(all.len(), 2);
    let expected = ["?filters[inspector_id][]=7", "?filters[point_of_contact_id][]=7", ""];
    assert_eq!(asked(&server), expected.map(|query| format!("{LIST}{query}")));
}

#[tokio::test]
async fn inspectors_are_written_as_a_whole_and_the_point_of_contact_alone() {
    let before = item(ItemKind::Inspection, &[(7, Inspector), (8, Inspector), (7, PointOfContact)]);
    let read = format!("{LIST}?filters[id][]=9");
    let rows = json!([row(8, &[1], None), row(9, &[8, 7], Some(7))]);
    for (changes, reads, body) in [
        (vec![change(Inspector, Some(7), 6)], true, r#"{"inspector_ids":[6,8]}"#),
        (vec![change(Inspector, None, 6)], true, r#"{"inspector_ids":[6,7,8]}"#),
        (vec![change(PointOfContact, Some(7), 6)], false, r#"{"point_of_contact_id":6}"#),
        (
            vec![change(Inspector, Some(7), 6), change(PointOfContact, Some(7), 8)],
            true,
            r#"{"inspector_ids":[6,8],"point_of_contact_id":8}"#,
        ),
    ] {
        let routes = [(LIST, 200, rows.clone()), ("PATCH", 200, json!({}))];
        let (server, connection) = serve(Dialect::Reference, routes).await;
        quickly(connection.writes().hand_over(&before, &changes)).await.unwrap();
        let written = format!(r#"{ONE} {{"list":{body}}}"#);
        let expected: Vec<String> = reads.then(|| read.clone()).into_iter().chain([written]).collect();
        assert_eq!(asked(&server), expected);
    }
}

#[tokio::test]
async fn nothing_is_sent_where_others_hold_it_by_now() {
    let before = item(ItemKind::Inspection, &[(7, Inspector), (8, Inspector)]);
    for (now, kind) in [
        (json!([row(9, &[8], None)]), ErrorKind::Stale),
        (json!([row(9, &[7, 8], Some(6))]), ErrorKind::Stale),
        (json!([]), ErrorKind::NotFound),
    ] {
        let (server, connection) = serve(Dialect::Reference, [(LIST, 200, now)]).await;
        let changes = [change(Inspector, Some(7), 6)];
        let error = quickly(connection.writes().hand_over(&before, &changes)).await.unwrap_err();
        assert_eq!((error.kind(), error.settled()), (kind, Settled::Refused), "{error}");
        assert!(asked(&server).iter().all(|line| line.starts_with("GET ")));
    }
}

#[tokio::test]
async fn an_inspection_is_shown_closed_and_offered_to_people() {
    let routes = [
        (
            "GET /rest/v1.0/checklist/possible_inspectors?project_id=5",
            200,
            json!({"people": [person(8), person(7)]}),
        ),
        (
            "GET /rest/v1.0/checklist/potential_points_of_contact?project_id=5",
            200,
            json!([{"id": 6, "name": "Cem", "name_with_vendor": "Cem (Steel)"}]),
        ),
        (LIST, 200, json!([with(row(9, &[7], None), json!({"status": "Closed"}))])),
        ("PATCH", 200, json!({})),
    ];
    let (server, connection) = serve(Dialect::Reference, routes).await;
    let reads = connection.reads();
    quickly(async {
        let shown = reads.item(named(ItemKind::Inspection, 9)).await.unwrap().unwrap();
        assert_eq!(shown.status, ItemStatus::Closed);
        for (held_as, expected) in [(Inspector, &[7, 8][..]), (PointOfContact, &[6])] {
            let found = reads.candidates(PROJECT, ItemKind::Inspection, None, held_as).await.unwrap();
            assert!(found.offered);
            assert_eq!(found.people.iter().map(|person| person.id.get()).collect::<Vec<_>>(), expected);
        }
        connection.writes().close_item(named(ItemKind::Inspection, 9)).await.unwrap();
    })
    .await;
    assert_eq!(asked(&server).len(), 4, "the lists of candidates have no pages");
    assert_eq!(asked(&server)[3], format!(r#"{ONE} {{"list":{{"status":"closed"}}}}"#));
}

#[tokio::test]
async fn who_holds_an_inspection_and_whether_it_is_open_is_never_guessed() {
    let usual = row(9, &[7], Some(8));
    let broken = ["inspectors", "point_of_contact", "status"].map(|field| without(usual.clone(), field));
    let odd = [json!({"inspectors": null}), json!({"status": "open"}), json!({"point_of_contact": {}})];
    for row in broken.into_iter().chain(odd.map(|more| with(usual.clone(), more))) {
        let (_server, connection) = serve(Dialect::Reference, [(LIST, 200, json!([row]))]).await;
        let reads = connection.reads();
        let error = quickly(reads.open_items(PROJECT, ItemKind::Inspection, Some(USER))).await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (ErrorKind::Malformed, "list inspections"), "{error}");
    }
}
