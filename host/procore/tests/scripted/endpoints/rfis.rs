//! RFIs.

use muster_core::directory::{Handover, HeldAs, ItemKind, ItemStatus};
use muster_core::id::ItemId;
use muster_procore::{Dialect, ErrorKind};
use serde_json::{Value, json};

use super::items::{change, holders, item, named};
use super::{PROJECT, USER, json_of};
use crate::clock::quickly;
use crate::routes::{asked, serve};
use crate::server::Server;

const LIST: &str = "GET /rest/v1.0/projects/5/rfis?";
const MANY: &str = "PATCH /rest/v1.0/projects/5/rfis";
const ONE: &str = "PATCH /rest/v1.0/projects/5/rfis/9";

use HeldAs::{Assignee, Manager, RequiredAssignee};

pub(super) fn row(id: u64, status: &str, assignees: &[u64], manager: Option<u64>) -> Value {
    let assignees: Vec<_> = assignees
        .iter()
        .map(|id| json!({"id": id, "login": "x", "name": "N", "response_required": false}))
        .collect();
    let manager = manager.map(super::items::person);
    json!({"id": id, "number": "4", "subject": "S", "status": status, "assignees": assignees, "rfi_manager": manager})
}

#[tokio::test]
async fn both_lists_are_asked_for_and_only_what_is_open_and_held_is_kept() {
    let server = Server::start(|request, _| {
        if request.target.contains("assigned_id") {
            json_of(json!([
                row(3, "open", &[7], Some(7)),
                row(1, "draft", &[7, 8], None),
                row(4, "closed", &[7], None),
                row(5, "open", &[8], Some(9)),
            ]))
        } else {
            json_of(json!([row(3, "open", &[7], Some(7)), row(2, "open", &[], Some(7))]))
        }
    })
    .await;
    let reads = server.connect().reads();
    let items = quickly(reads.open_items(PROJECT, ItemKind::Rfi, Some(USER))).await.unwrap();
    assert_eq!(items.iter().map(|item| item.item.id.get()).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(items[2].held_by(USER).collect::<Vec<_>>(), [Assignee, Manager]);
    assert_eq!(items[0].status, ItemStatus::Draft);
    quickly(reads.open_items(PROJECT, ItemKind::Rfi, None)).await.unwrap();
    let open = "filters[status][]=open&filters[status][]=draft";
    assert_eq!(
        asked(&server),
        [
            format!("{LIST}filters[assigned_id]=7&{open}"),
            format!("{LIST}filters[rfi_manager_id]=7&{open}"),
            format!("{LIST}{open}"),
        ]
    );
}

#[tokio::test]
async fn candidates_are_those_whom_the_tool_offers_for_a_role() {
    let (server, connection) = serve(
        Dialect::Reference,
        [
            (
                "GET /rest/v1.0/projects/5/rfis/potential_assignees?",
                200,
                json!([{"id": 8}, {"id": "7", "name": "A"}]),
            ),
            ("GET /rest/v1.0/projects/5/rfis/potential_rfi_managers?", 200, json!([])),
        ],
    )
    .await;
    let reads = connection.reads();
    let ids = quickly(async {
        let mut ids = Vec::new();
        for held_as in [Assignee, RequiredAssignee, Manager] {
            let found = reads.candidates(PROJECT, ItemKind::Rfi, None, held_as).await.unwrap();
            assert!(found.offered);
            ids.push(found.people.iter().map(|person| person.id.get()).collect::<Vec<_>>());
        }
        ids
    })
    .await;
    assert_eq!(ids, [vec![7, 8], vec![7, 8], vec![]]);
    assert_eq!(asked(&server).len(), 3);
}

async fn handed_over(before: &[(u64, HeldAs)], changes: &[Handover]) -> Vec<String> {
    let (server, connection) = serve(Dialect::Reference, [("PATCH", 200, json!({}))]).await;
    quickly(connection.writes().hand_over(&item(ItemKind::Rfi, before), changes)).await.unwrap();
    asked(&server)
}

#[tokio::test]
async fn only_who_comes_and_who_gives_way_is_sent() {
    let before = [(5, RequiredAssignee), (6, Assignee), (5, Manager)];
    let cases: [(&[Handover], &str); 7] = [
        (&[change(Manager, Some(5), 8)], r#""rfi_manager_id":8"#),
        (&[change(Assignee, Some(6), 8)], r#""add_assignee_ids":[8],"remove_assignee_ids":[6]"#),
        (&[change(Assignee, None, 8)], r#""add_assignee_ids":[8]"#),
        (&[change(Assignee, Some(6), 5)], r#""remove_assignee_ids":[6]"#),
        (
            &[change(RequiredAssignee, Some(5), 8)],
            r#""add_assignee_ids":[8],"remove_assignee_ids":[5],"add_required_assignee_ids":[8]"#,
        ),
        (
            &[change(RequiredAssignee, Some(5), 6)],
            r#""remove_assignee_ids":[5],"add_required_assignee_ids":[6]"#,
        ),
        (
            &[change(RequiredAssignee, Some(5), 8), change(Manager, Some(5), 8)],
            r#""add_assignee_ids":[8],"remove_assignee_ids":[5],"add_required_assignee_ids":[8],"rfi_manager_id":8"#,
        ),
    ];
    for (changes, moves) in cases {
        let sent = handed_over(&before, changes).await;
        let body: Value = format!(r#"{{"data":[{{"id":"9",{moves}}}]}}"#).parse().unwrap();
        assert_eq!(sent, [format!("{MANY} {body}")], "{changes:?}");
    }
    assert!(handed_over(&before, &[change(Assignee, None, 6)]).await.is_empty(), "it is as wanted");
}

/// As an inverse wants it: 5 took the place of 7, and was asked before without having to answer.
#[tokio::test]
async fn whoever_is_asked_but_has_to_answer_no_more_is_written_with_all_others() {
    let before = item(ItemKind::Rfi, &[(5, RequiredAssignee), (6, Assignee), (5, Manager)]);
    let changes =
        [change(RequiredAssignee, Some(5), 7), change(Assignee, None, 5), change(Manager, Some(5), 7)];
    let row = |assignees: &[u64]| {
        let mut row = row(9, "open", assignees, Some(5));
        row["assignees"][0]["response_required"] = json!(true);
        json!([row])
    };
    let routes = [(LIST, 200, row(&[5, 6])), ("PATCH", 200, json!({}))];
    let (server, connection) = serve(Dialect::Reference, routes).await;
    quickly(connection.writes().hand_over(&before, &changes)).await.unwrap();
    assert_eq!(
        asked(&server),
        [
            format!("{LIST}filters[id][]=9"),
            format!(
                r#"{ONE} {{"rfi":{{"assignee_ids":[5,6,7],"required_assignee_ids":[7],"rfi_manager_id":7}}}}"#
            ),
        ]
    );

    for others in [row(&[5]), row(&[5, 6, 8]), json!([])] {
        let absent = others == json!([]);
        let (server, connection) = serve(Dialect::Reference, [(LIST, 200, others)]).await;
        let error = quickly(connection.writes().hand_over(&before, &changes)).await.unwrap_err();
        assert_eq!(error.kind(), if absent { ErrorKind::NotFound } else { ErrorKind::Stale }, "{error}");
        assert_eq!(asked(&server).len(), 1, "nothing but the list");
    }
}

#[tokio::test]
async fn many_are_handed_over_in_one_request_with_the_same_values() {
    let (server, connection) = serve(Dialect::Reference, [("PATCH", 200, json!({}))]).await;
    let writes = connection.writes();
    let rfis = [3, 4].map(ItemId::new);
    let many = [change(RequiredAssignee, Some(5), 8), change(Assignee, Some(6), 7), change(Manager, None, 8)];
    let refused = [
        [change(Assignee, Some(5), 6), change(RequiredAssignee, Some(6), 7)],
        [change(Manager, None, 6), change(Manager, None, 7)],
        [change(Assignee, None, 6), change(HeldAs::Approver, None, 6)],
    ];
    quickly(async {
        writes.hand_over_rfis(PROJECT, &rfis, &many).await.unwrap();
        writes.hand_over_rfis(PROJECT, &[], &many).await.unwrap();
        writes.hand_over_rfis(PROJECT, &rfis, &[]).await.unwrap();
        for changes in refused {
            let error = writes.hand_over_rfis(PROJECT, &rfis, &changes).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Invalid, "{changes:?}");
        }
    })
    .await;
    let moves = r#""add_assignee_ids":[7,8],"remove_assignee_ids":[5,6],"add_required_assignee_ids":[8],"rfi_manager_id":8"#;
    let body: Value = format!(r#"{{"data":[{{"id":"3",{moves}}},{{"id":"4",{moves}}}]}}"#).parse().unwrap();
    assert_eq!(asked(&server), [format!("{MANY} {body}")]);
}

#[tokio::test]
async fn one_is_shown_as_the_list_has_it_and_closed_by_accepting() {
    let routes = [(LIST, 200, json!([row(9, "closed", &[7], Some(8))])), ("PATCH", 200, json!({}))];
    let (server, connection) = serve(Dialect::Reference, routes).await;
    quickly(async {
        let shown = connection.reads().item(named(ItemKind::Rfi, 9)).await.unwrap().unwrap();
        assert_eq!((shown.status, holders(&shown)), (ItemStatus::Closed, vec![(7, Assignee), (8, Manager)]));
        connection.writes().close_item(named(ItemKind::Rfi, 9)).await.unwrap();
    })
    .await;
    assert_eq!(asked(&server)[1], format!(r#"{ONE} {{"rfi":{{"accepted":true}}}}"#));
}
