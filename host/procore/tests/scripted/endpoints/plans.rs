//! Action plans, and the signatures that they wait for.

use muster_core::directory::{Fixed, HeldAs, Holder, ItemKind, ItemStatus};
use muster_procore::{Dialect, ErrorKind, Settled};
use serde_json::{Value, json};

use super::items::{change, holders, item, named, with, without};
use super::{PROJECT, USER};
use crate::clock::quickly;
use crate::routes::{asked, serve};

const PLANS: &str = "GET /rest/v1.0/projects/5/action_plans/plans";
const SIGNATURES: &str = "GET /rest/v1.0/projects/5/action_plans/plan_item_assignees";
const PARTIES: &str = "GET /rest/v1.0/projects/5/action_plans/parties";

use HeldAs::{Assignee, Manager};

/// Somebody whose number as a person is another one than that of the user.
fn party(user: Option<u64>) -> Value {
    json!({"id": 1000 + user.unwrap_or(0), "name": "Ana", "user_id": user, "login": "a@b"})
}

fn plan(id: u64, status: &str, manager: Option<u64>) -> Value {
    json!({"id": id, "number": id + 10, "title": format!("Plan {id}"), "status": "As we say", "status_type": status,
           "manager": manager.map(|user| party(Some(user)))})
}

fn signature(id: u64, user: Option<u64>) -> Value {
    json!({"id": id, "plan_id": 3, "plan_item_id": 5, "is_locked": false, "is_holding": false,
           "party": party(user), "signature": null})
}

#[tokio::test]
async fn plans_are_managed_by_users_and_not_by_numbers_of_persons() {
    let rows = json!([
        plan(4, "in_progress", Some(7)),
        plan(3, "draft", Some(7)),
        plan(2, "completed", Some(7)),
        plan(1, "in_revision", None),
        plan(6, "in_progress", Some(1007)),
        with(plan(5, "in_progress", None), json!({"manager": party(None)})),
    ]);
    let (server, connection) = serve(Dialect::Reference, [(PLANS, 200, rows)]).await;
    let reads = connection.reads();
    let items = quickly(reads.open_items(PROJECT, ItemKind::ActionPlan, Some(USER))).await.unwrap();
    let found: Vec<_> = items.iter().map(|item| (item.item.id.get(), item.status)).collect();
    assert_eq!(found, [(3, ItemStatus::Draft), (4, ItemStatus::Open)]);
    assert_eq!(holders(&items[0]), [(7, Manager)]);
    assert_eq!((items[0].title.as_str(), items[0].number.as_str()), ("Plan 3", "13"));
    let all = quickly(reads.open_items(PROJECT, ItemKind::ActionPlan, None)).await.unwrap();
    assert_eq!(all.iter().map(|item| item.holders.len()).collect::<Vec<_>>(), [0, 1, 1, 0, 1]);
    assert_eq!(asked(&server), [PLANS, PLANS]);
    let shown = quickly(reads.item(named(ItemKind::ActionPlan, 2))).await.unwrap().unwrap();
    assert_eq!(shown.status, ItemStatus::Closed);
    assert_eq!(asked(&server)[2], format!("{PLANS}?filters[id][]=2"));
}

#[tokio::test]
async fn a_signature_that_is_missing_is_held_and_what_is_locked_stays() {
    let rows = json!([
        signature(9, Some(7)),
        with(signature(8, Some(7)), json!({"is_locked": true})),
        with(signature(7, Some(7)), json!({"signature": {"id": 5, "captured_at": "2026-07-01T00:00:00Z"}})),
        with(signature(6, Some(7)), json!({"signature": {"id": null, "attachment": null}, "plan_id": 4})),
        signature(5, Some(8)),
        signature(4, None),
    ]);
    let plans = json!([plan(3, "in_progress", None), plan(4, "draft", None)]);
    let routes = [(SIGNATURES, 200, rows), (PLANS, 200, plans)];
    let (server, connection) = serve(Dialect::Reference, routes).await;
    let reads = connection.reads();
    let items = quickly(reads.open_items(PROJECT, ItemKind::ActionPlanItem, Some(USER))).await.unwrap();
    let found: Vec<_> =
        items.iter().map(|item| (item.item.id.get(), item.title.as_str(), item.holders[0].fixed)).collect();
    assert_eq!(found, [(6, "Plan 4", None), (8, "Plan 3", Some(Fixed::Locked)), (9, "Plan 3", None)]);
    assert_eq!(
        [items[0].status, items[1].status],
        [ItemStatus::Draft, ItemStatus::Open],
        "the plan is not approved yet"
    );
    assert_eq!(asked(&server), [SIGNATURES, PLANS], "each list once");
    let all = quickly(reads.open_items(PROJECT, ItemKind::ActionPlanItem, None)).await.unwrap();
    assert_eq!(all.len(), 5);
}

#[tokio::test]
async fn plans_are_not_asked_for_where_nothing_has_to_be_signed() {
    let rows = json!([with(signature(7, Some(7)), json!({"signature": {"id": 5}})), signature(5, Some(8))]);
    let (server, connection) = serve(Dialect::Reference, [(SIGNATURES, 200, rows)]).await;
    let reads = connection.reads();
    let items = quickly(reads.open_items(PROJECT, ItemKind::ActionPlanItem, Some(USER))).await.unwrap();
    assert!(items.is_empty());
    assert_eq!(asked(&server), [SIGNATURES]);
}

#[tokio::test]
async fn a_signature_is_shown_under_the_title_of_its_plan() {
    let signed = with(signature(9, Some(7)), json!({"signature": {"id": 5}}));
    let routes = [
        (SIGNATURES, 200, json!([signature(8, Some(7)), signed])),
        (PLANS, 200, json!([plan(3, "completed", None)])),
    ];
    let (server, connection) = serve(Dialect::Reference, routes).await;
    let reads = connection.reads();
    quickly(async {
        let shown = reads.item(named(ItemKind::ActionPlanItem, 9)).await.unwrap().unwrap();
        assert_eq!((shown.title.as_str(), shown.number.as_str()), ("Plan 3", "13"));
        assert_eq!(shown.status, ItemStatus::Closed);
        assert_eq!(reads.item(named(ItemKind::ActionPlanItem, 1)).await.unwrap(), None);
    })
    .await;
    let expected = [
        format!("{SIGNATURES}?filters[id][]=9"),
        format!("{PLANS}?filters[id][]=3"),
        format!("{SIGNATURES}?filters[id][]=1"),
    ];
    assert_eq!(asked(&server), expected);
}

fn parties() -> Value {
    let row = |user: Option<u64>, assignee: bool, manager: bool| {
        with(party(user), json!({"potential_assignee": assignee, "potential_manager": manager}))
    };
    json!([
        row(Some(8), true, true),
        row(Some(7), true, false),
        row(Some(6), false, true),
        row(None, true, true)
    ])
}

#[tokio::test]
async fn whoever_comes_is_named_by_the_number_of_the_person() {
    let routes = [(PARTIES, 200, parties()), ("PATCH", 200, json!({}))];
    let (server, connection) = serve(Dialect::Reference, routes).await;
    let writes = connection.writes();
    let managed = item(ItemKind::ActionPlan, &[(7, Manager)]);
    let signs = item(ItemKind::ActionPlanItem, &[(7, Assignee)]);
    quickly(async {
        writes.hand_over(&managed, &[change(Manager, Some(7), 8)]).await.unwrap();
        writes.hand_over(&signs, &[change(Assignee, Some(7), 6)]).await.unwrap();
    })
    .await;
    let base = "/rest/v1.0/projects/5/action_plans";
    let expected = [
        PARTIES.to_owned(),
        format!(r#"PATCH {base}/plans/9 {{"plan":{{"manager_id":1008}}}}"#),
        PARTIES.to_owned(),
        format!(
            "PATCH {base}/plan_item_assignees/bulk_update?completion_mode=all_or_nothing \
             {{\"plan_item_assignees\":[{{\"id\":9,\"party_id\":1006}}]}}"
        ),
    ];
    assert_eq!(asked(&server), expected);
}

#[tokio::test]
async fn nothing_is_sent_for_somebody_who_is_no_party_or_in_the_place_of_somebody_who_stays() {
    let (server, connection) = serve(Dialect::Reference, [(PARTIES, 200, parties())]).await;
    let writes = connection.writes();
    let managed = item(ItemKind::ActionPlan, &[(7, Manager)]);
    let mut signs = item(ItemKind::ActionPlanItem, &[(7, Assignee)]);
    let errors = quickly(async {
        let absent = writes.hand_over(&managed, &[change(Manager, Some(7), 5)]).await.unwrap_err();
        signs.holders[0] = Holder { fixed: Some(Fixed::Locked), ..signs.holders[0].clone() };
        [absent, writes.hand_over(&signs, &[change(Assignee, Some(7), 8)]).await.unwrap_err()]
    })
    .await;
    for (error, words) in errors.iter().zip(["user 5", "before it was approved"]) {
        assert_eq!((error.kind(), error.settled()), (ErrorKind::Invalid, Settled::Refused), "{error}");
        assert!(error.words().unwrap().contains(words), "{error}");
    }
    assert_eq!(asked(&server), [PARTIES]);
}

#[tokio::test]
async fn candidates_are_the_users_among_the_parties_who_may() {
    let (server, connection) = serve(Dialect::Reference, [(PARTIES, 200, parties())]).await;
    let reads = connection.reads();
    quickly(async {
        for (kind, held_as, expected) in
            [(ItemKind::ActionPlan, Manager, [6, 8]), (ItemKind::ActionPlanItem, Assignee, [7, 8])]
        {
            let found = reads.candidates(PROJECT, kind, None, held_as).await.unwrap();
            assert!(found.offered);
            assert_eq!(found.people.iter().map(|person| person.id.get()).collect::<Vec<_>>(), expected);
        }
    })
    .await;
    assert_eq!(asked(&server), [PARTIES; 2]);
}

#[tokio::test]
async fn who_manages_and_who_has_signed_is_never_guessed() {
    let plans = ["manager", "status_type"].map(|field| without(plan(3, "draft", Some(7)), field));
    let signatures =
        ["party", "signature", "is_locked", "plan_id"].map(|field| without(signature(9, Some(7)), field));
    let plans = plans.into_iter().chain([plan(3, "recycled", Some(7))]);
    let cases = plans.map(|row| (ItemKind::ActionPlan, row));
    for (kind, row) in cases.chain(signatures.map(|row| (ItemKind::ActionPlanItem, row))) {
        let rows = json!([row]);
        let routes = [(PLANS, 200, rows.clone()), (SIGNATURES, 200, rows)];
        let (_server, connection) = serve(Dialect::Reference, routes).await;
        let error = quickly(connection.reads().open_items(PROJECT, kind, Some(USER))).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{kind:?}: {error}");
        assert!(error.operation().contains("action plan"), "{error}");
    }
}
