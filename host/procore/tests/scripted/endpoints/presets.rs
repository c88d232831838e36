//! Workflow templates as projects have set them up.

use muster_core::directory::{HeldAs, Item, ItemKind, ItemStatus};
use muster_procore::{Dialect, ErrorKind, Settled};
use serde_json::{Value, json};

use super::items::{change, holders, item, named, with, without};
use super::workflows::{TEMPLATES, TOOLS, data, sent_once, templates, text_person, tools};
use super::{PROJECT, USER};
use crate::clock::quickly;
use crate::routes::{sent, serve};

const BASE: &str = "/rest/v2.0/companies/1/projects/5/workflows";
const OF_COMMITMENTS: &str =
    "GET /rest/v2.0/companies/1/projects/5/workflows/presets?filters[tool_type]=commitments";
const OF_LETTERS: &str = "GET /rest/v2.0/companies/1/projects/5/workflows/presets?filters[tool_type]=correspondence&filters[tool_subtype]=4";
const OTHERS: &str = "GET /rest/v2.0/companies/1/projects/5/workflows/presets?";
const SHOWN: &str = "GET /rest/v2.0/companies/1/projects/5/workflows/presets/9";

use HeldAs::{Manager, StepAssignee};

fn listed(id: u64) -> Value {
    json!({"id": id.to_string(), "valid": false, "default": true, "template": {"id": "3", "name": format!("Approval {id}")}})
}

/// A preset that is shown alone, with its groups of people; its name is not told there.
fn preset(id: u64, groups: &[&[u64]], manager: Option<u64>) -> Value {
    let groups = groups.iter().enumerate().map(|(index, ids)| {
        let people: Vec<Value> = ids.iter().map(|id| text_person(*id)).collect();
        json!({"responsible_group_uuid": format!("g{index}"), "assignees": people})
    });
    json!({"id": id.to_string(), "valid": true, "template": {"id": "3"}, "workflow_manager": manager.map(text_person),
           "responsible_group_memberships": groups.collect::<Vec<_>>()})
}

fn before(holders: &[(u64, HeldAs)]) -> Item {
    item(ItemKind::WorkflowTemplate, holders)
}

#[tokio::test]
async fn presets_are_listed_for_every_tool_and_shown_one_by_one() {
    let routes = [
        (TOOLS, 200, tools()),
        (TEMPLATES, 200, templates()),
        (OF_COMMITMENTS, 200, data(json!([listed(9), listed(8)]))),
        (OTHERS, 200, data(json!([]))),
        (SHOWN, 200, data(preset(9, &[&[7, 8], &[], &[7]], Some(7)))),
        ("GET /rest/v2.0/companies/1/projects/5/workflows/presets/8", 200, data(preset(8, &[&[8]], None))),
    ];
    let (server, connection) = serve(Dialect::Reference, routes).await;
    let reads = connection.reads();
    let items = quickly(reads.open_items(PROJECT, ItemKind::WorkflowTemplate, Some(USER))).await.unwrap();
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].item, named(ItemKind::WorkflowTemplate, 9));
    assert_eq!(holders(&items[0]), [(7, Manager), (7, StepAssignee), (8, StepAssignee)], "each role once");
    assert_eq!((items[0].title.as_str(), items[0].status), ("Approval 9", ItemStatus::Open));
    assert!(items[0].holders.iter().all(|held| held.fixed.is_none()));
    let expected = [
        TOOLS.to_owned(),
        TEMPLATES.to_owned(),
        format!("{OF_COMMITMENTS}&per_page=100"),
        format!("{OF_LETTERS}&per_page=100"),
        format!("{}&per_page=100", OF_LETTERS.replace("=4", "=-873")),
        format!("GET {BASE}/presets/8"),
        format!("GET {BASE}/presets/9"),
    ];
    assert_eq!(sent_once(&server), expected);
    let shown = quickly(reads.item(named(ItemKind::WorkflowTemplate, 9))).await.unwrap().unwrap();
    assert_eq!((shown.holders, shown.title.as_str()), (items[0].holders.clone(), ""));
    assert_eq!(quickly(reads.item(named(ItemKind::WorkflowTemplate, 4))).await.unwrap(), None);
}

#[tokio::test]
async fn every_group_is_written_as_it_is_to_be() {
    let groups: &[&[u64]] = &[&[8, 7], &[], &[7, 6], &[5]];
    let seen = [(5, StepAssignee), (6, StepAssignee), (7, StepAssignee), (8, StepAssignee), (7, Manager)];
    for (changes, body) in [
        (
            vec![change(StepAssignee, Some(7), 4)],
            json!({"responsible_group_memberships": [
                {"uuid": "g0", "login_ids": ["8", "4"]}, {"uuid": "g1", "login_ids": []},
                {"uuid": "g2", "login_ids": ["4", "6"]}, {"uuid": "g3", "login_ids": ["5"]}]}),
        ),
        (
            vec![
                change(StepAssignee, Some(7), 6),
                change(StepAssignee, Some(5), 4),
                change(Manager, Some(7), 6),
            ],
            json!({"workflow_manager_id": "6", "responsible_group_memberships": [
                {"uuid": "g0", "login_ids": ["8", "6"]}, {"uuid": "g1", "login_ids": []},
                {"uuid": "g2", "login_ids": ["6"]}, {"uuid": "g3", "login_ids": ["4"]}]}),
        ),
        (vec![change(Manager, Some(7), 6)], json!({"workflow_manager_id": "6"})),
    ] {
        let routes = [(SHOWN, 200, data(preset(9, groups, Some(7)))), ("PATCH", 200, json!({}))];
        let (server, connection) = serve(Dialect::Reference, routes).await;
        quickly(connection.writes().hand_over(&before(&seen), &changes)).await.unwrap();
        let lines = sent(&server);
        let (line, read) = lines.split_last().unwrap();
        let written = line.strip_prefix(&format!("PATCH {BASE}/presets/9/assignees ")).unwrap();
        assert_eq!(written.parse::<Value>().unwrap(), body);
        let reads = changes.iter().any(|change| change.held_as == StepAssignee);
        assert_eq!(read, &[SHOWN][..usize::from(reads)], "the manager alone overwrites nobody");
    }
}

#[tokio::test]
async fn somebody_comes_beside_others_only_where_there_is_one_group_for_it() {
    for (groups, sends) in
        [(&[&[7][..], &[]][..], true), (&[&[7], &[8]], false), (&[&[], &[]], false), (&[&[7, 5]], true)]
    {
        let routes = [(SHOWN, 200, data(preset(9, groups, None))), ("PATCH", 200, json!({}))];
        let (server, connection) = serve(Dialect::Reference, routes).await;
        let seen: Vec<_> = groups.concat().iter().map(|id| (*id, StepAssignee)).collect();
        let found =
            quickly(connection.writes().hand_over(&before(&seen), &[change(StepAssignee, None, 5)])).await;
        assert_eq!(found.is_ok(), sends, "{found:?}");
        assert_eq!(sent(&server).len(), 1 + usize::from(sends));
        if let Err(error) = found {
            assert_eq!((error.kind(), error.settled()), (ErrorKind::Invalid, Settled::Refused));
        }
    }
}

#[tokio::test]
async fn nothing_is_sent_where_others_are_named_by_now() {
    let usual = preset(9, &[&[7]], None);
    for (now, kind) in [
        (preset(9, &[&[7, 8]], None), ErrorKind::Stale),
        (preset(9, &[&[7]], Some(8)), ErrorKind::Stale),
        (preset(8, &[&[7]], None), ErrorKind::Malformed),
        (without(usual.clone(), "responsible_group_memberships"), ErrorKind::Malformed),
        (without(usual.clone(), "workflow_manager"), ErrorKind::Malformed),
        (with(usual, json!({"responsible_group_memberships": [{"assignees": []}]})), ErrorKind::Malformed),
    ] {
        let (server, connection) = serve(Dialect::Reference, [(SHOWN, 200, data(now))]).await;
        let changes = [change(StepAssignee, Some(7), 6)];
        let error = quickly(connection.writes().hand_over(&before(&[(7, StepAssignee)]), &changes))
            .await
            .unwrap_err();
        assert_eq!((error.kind(), error.settled()), (kind, Settled::Refused), "{error}");
        assert_eq!(sent(&server), [SHOWN]);
    }
}

#[tokio::test]
async fn the_tool_of_a_preset_is_found_in_the_lists() {
    let routes = [
        (TOOLS, 200, tools()),
        (TEMPLATES, 200, templates()),
        (OF_COMMITMENTS, 200, data(json!([listed(8)]))),
        (OF_LETTERS, 200, data(json!([listed(9)]))),
        (OTHERS, 200, data(json!([]))),
        (
            "GET /rest/v2.0/companies/1/projects/5/workflows/possible_assignees?tool_type=correspondence&tool_subtype=4",
            200,
            data(json!([text_person(8)])),
        ),
    ];
    let (server, connection) = serve(Dialect::Reference, routes).await;
    let reads = connection.reads();
    quickly(async {
        let pool = named(ItemKind::WorkflowTemplate, 9).pool();
        let found = reads.candidates(PROJECT, ItemKind::WorkflowTemplate, pool, StepAssignee).await.unwrap();
        assert_eq!(found.people.iter().map(|person| person.id.get()).collect::<Vec<_>>(), [8]);
        assert_eq!(
            sent_once(&server)[2..4],
            [OF_COMMITMENTS, OF_LETTERS].map(|list| format!("{list}&per_page=100"))
        );
        for (pool, kind) in
            [(named(ItemKind::WorkflowTemplate, 4).pool(), ErrorKind::NotFound), (None, ErrorKind::Invalid)]
        {
            let found = reads.candidates(PROJECT, ItemKind::WorkflowTemplate, pool, StepAssignee).await;
            assert_eq!(found.unwrap_err().kind(), kind);
        }
    })
    .await;
}
