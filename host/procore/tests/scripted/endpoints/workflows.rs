//! Workflows that run.

use muster_core::directory::{Fixed, HeldAs, Item, ItemKind, ItemStatus};
use muster_procore::{Dialect, ErrorKind, Settled};
use serde_json::{Value, json};

use super::items::{change, holders, item, named, with, without};
use super::{PROJECT, USER, json_of};
use crate::clock::quickly;
use crate::routes::{sent, serve};
use crate::server::{Reply, Request, Server, answer};

pub(super) const TOOLS: &str = "GET /rest/v2.0/companies/1/workflows/tools";
pub(super) const TEMPLATES: &str = "GET /rest/v2.0/companies/1/workflows/templates";
const BASE: &str = "/rest/v2.0/companies/1/projects/5/workflows";

use HeldAs::{Manager, StepAssignee};

/// Somebody, as the second generation of the API names people.
pub(super) fn text_person(id: u64) -> Value {
    json!({"id": id.to_string(), "login": "x@example.com", "name": format!("U{id}"), "company": {"name": "C"}})
}

pub(super) fn data(data: Value) -> Value {
    json!({ "data": data })
}

/// What workflows are for here: a tool of projects, two types of correspondence, and a tool of the company.
pub(super) fn tools() -> Value {
    let tool = |kind: &str, subtype: Option<&str>, provider: &str| json!({"name": "N", "type": kind, "subtype": subtype, "provider": provider});
    data(json!([
        tool("commitments", None, "Project"),
        tool("correspondence", Some("4"), "Project"),
        tool("correspondence", Some("-873"), "Project"),
        tool("funding", None, "Company"),
    ]))
}

/// A template for each of them.
pub(super) fn templates() -> Value {
    data(json!([
        {"id": "1", "name": "T", "tool_type": "commitments", "tool_subtype": null},
        {"id": "2", "name": "T", "tool_type": "correspondence", "tool_subtype": "4"},
        {"id": "3", "name": "T", "tool_type": "correspondence", "tool_subtype": "-873"},
    ]))
}

/// Returns what was sent, but the list of templates only once: no answer here says how many there are, so a second page is asked for.
pub(super) fn sent_once(server: &Server) -> Vec<String> {
    let sent = sent(server).into_iter().filter(|line| !line.contains("templates?page=2"));
    sent.map(|line| line.replace("templates?page=1&per_page=100", "templates")).collect()
}

/// An answer in a step, given or not.
fn response(id: u64, required: bool, given: bool) -> Value {
    let assignee = with(text_person(id), json!({ "required": required }));
    json!({"submitted_at": given.then_some("2026-07-01T00:00:00Z"), "assignee": assignee, "comment": null})
}

fn instance(id: u64, responses: &[Value], manager: Option<u64>) -> Value {
    json!({
        "id": id.to_string(), "tool_type": "commitments", "tool_subtype": null, "item_id": "12",
        "started_at": "2026-07-01T00:00:00Z", "ended_at": null,
        "current_step_occurrence": {"id": "31", "name": "Review", "overdue_at": "2026-07-09T00:00:00Z",
                                    "response_occurrences": responses},
        "workflow_manager": manager.map(text_person),
        "responsible_group_memberships": [],
        "all_assignees": [text_person(7), text_person(8), text_person(9)],
    })
}

fn listed(id: u64) -> Value {
    json!({"id": id.to_string(), "item_id": "12", "tool_type": "commitments", "tool_subtype": null, "ended_at": null})
}

/// Serves tools, the workflows of each tool by the first number in its query, and each that is shown alone.
async fn site(of_tool: fn(&str) -> Value, shown: fn(u64) -> Value) -> (Server, muster_procore::Connection) {
    let server = Server::start(move |request: &Request, _| -> Reply {
        match request.path().strip_prefix(BASE) {
            Some("/instances") => json_of(data(of_tool(&request.target))),
            Some(path) => match path.rsplit('/').next().unwrap().parse() {
                Ok(id) => json_of(data(shown(id))),
                Err(_) => answer(404, &[], ""),
            },
            None if request.path().ends_with("/templates") => json_of(templates()),
            None => json_of(tools()),
        }
    })
    .await;
    let connection = server.connect();
    (server, connection)
}

#[tokio::test]
async fn what_runs_is_listed_for_every_tool_and_shown_one_by_one() {
    let (server, connection) = site(
        |target| match target {
            target if target.contains("commitments") => json!([listed(3), listed(2)]),
            target if target.contains("-873") => {
                json!([listed(5), with(listed(6), json!({"ended_at": "2026-07-01T00:00:00Z"}))])
            }
            _ => json!([]),
        },
        |id| match id {
            2 => instance(2, &[response(7, true, false), response(8, true, true)], Some(9)),
            3 => instance(3, &[response(8, true, false)], Some(7)),
            _ => instance(5, &[response(8, true, false)], Some(9)),
        },
    )
    .await;
    let reads = connection.reads();
    let items = quickly(reads.open_items(PROJECT, ItemKind::Workflow, Some(USER))).await.unwrap();
    assert_eq!(
        items.iter().map(|item| item.item).collect::<Vec<_>>(),
        [2, 3].map(|id| named(ItemKind::Workflow, id))
    );
    assert_eq!(holders(&items[0]), [(7, StepAssignee), (9, Manager)], "who has answered holds it no more");
    assert_eq!(holders(&items[1]), [(7, Manager), (8, StepAssignee)], "no filter finds who only manages it");
    let fixed: Vec<_> = items[1].holders.iter().map(|held| held.fixed).collect();
    assert_eq!(fixed, [Some(Fixed::ManagesRunning), Some(Fixed::Running)]);
    assert_eq!(items[0].title, "Review: commitments 12");
    assert_eq!(
        (items[0].due.unwrap().to_string().as_str(), items[0].status),
        ("2026-07-09", ItemStatus::Open)
    );
    let list = |tool: &str| {
        format!("GET {BASE}/instances?filters[tool_type]={tool}&filters[active]=true&per_page=100")
    };
    let expected = [
        TOOLS.to_owned(),
        TEMPLATES.to_owned(),
        list("commitments"),
        list("correspondence&filters[tool_subtype]=4"),
        list("correspondence&filters[tool_subtype]=-873"),
        format!("GET {BASE}/instances/2"),
        format!("GET {BASE}/instances/3"),
        format!("GET {BASE}/instances/5"),
    ];
    assert_eq!(sent_once(&server), expected);
}

#[tokio::test]
async fn a_company_without_workflows_is_asked_once() {
    for kind in [ItemKind::Workflow, ItemKind::WorkflowTemplate] {
        let (server, connection) = serve(Dialect::Reference, [(TOOLS, 200, data(json!([])))]).await;
        let items = quickly(connection.reads().open_items(PROJECT, kind, Some(USER))).await.unwrap();
        assert!(items.is_empty());
        assert_eq!(sent(&server), [TOOLS]);
    }
}

#[tokio::test]
async fn a_list_goes_on_where_a_link_leads_and_is_an_error_where_none_says_where() {
    let server = Server::start(|request: &Request, _| {
        let next = format!(
            "<http://{}{BASE}/instances?filters%5Btool_type%5D=commitments&filters%5Bactive%5D=true\
             &per_page=100&cursor=abc>; rel=\"next\"",
            request.header("host").unwrap()
        );
        match &request.target {
            target if target.ends_with("/tools") => {
                json_of(data(json!([{"name": "N", "type": "commitments"}])))
            }
            target if target.contains("/templates?") => answer(404, &[], ""),
            target if target.contains("cursor=abc") => {
                answer(200, &[("per-page", "1")], &data(json!([listed(3)])).to_string())
            }
            target if target.contains("instances?") => {
                answer(200, &[("link", &next), ("per-page", "1")], &data(json!([listed(2)])).to_string())
            }
            target => {
                let id = target.rsplit('/').next().unwrap().parse().unwrap();
                json_of(data(instance(id, &[response(7, true, false)], None)))
            }
        }
    })
    .await;
    let reads = server.connect().reads();
    let items = quickly(reads.open_items(PROJECT, ItemKind::Workflow, Some(USER))).await.unwrap();
    assert_eq!(items.iter().map(|item| item.item.id.get()).collect::<Vec<_>>(), [2, 3]);
    assert!(
        sent(&server).iter().all(|line| !line.contains("&page=")),
        "a cursor goes with no number of a page"
    );

    let full: Vec<Value> = (1..=100).map(listed).collect();
    let routes = [(TOOLS, 200, tools()), (TEMPLATES, 200, templates()), ("GET", 200, data(json!(full)))];
    let (_server, connection) = serve(Dialect::Reference, routes).await;
    let reads = connection.reads();
    let error = quickly(reads.open_items(PROJECT, ItemKind::Workflow, Some(USER))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed, "{error}");
    assert!(error.words().unwrap().contains("no link"), "{error}");
}

#[tokio::test]
async fn where_the_step_says_nothing_of_its_people_it_may_wait_for_anybody() {
    let read = async |shown: Value| {
        let path = "GET /rest/v2.0/companies/1/projects/5/workflows/instances/9";
        let (_server, connection) = serve(Dialect::Reference, [(path, 200, data(shown))]).await;
        quickly(connection.reads().item(named(ItemKind::Workflow, 9))).await
    };
    let anybody = [(7, StepAssignee), (8, StepAssignee), (9, StepAssignee)];
    let silent = instance(9, &[], None);
    assert_eq!(holders(&read(silent.clone()).await.unwrap().unwrap()), anybody);
    let between = with(silent.clone(), json!({"current_step_occurrence": null}));
    let shown = read(between.clone()).await.unwrap().unwrap();
    assert_eq!((holders(&shown).len(), shown.title.as_str(), shown.due), (3, "commitments 12", None));
    let nobody = without(silent.clone(), "all_assignees");
    assert_eq!(holders(&read(nobody).await.unwrap().unwrap()), [], "the step says that it asks nobody");
    let ended = with(without(between.clone(), "all_assignees"), json!({"ended_at": "2026-07-01T00:00:00Z"}));
    assert_eq!(read(ended).await.unwrap().unwrap().status, ItemStatus::Closed);
    for broken in [
        without(between, "all_assignees"),
        without(silent.clone(), "workflow_manager"),
        with(silent.clone(), json!({"all_assignees": [{"name": "Ana"}]})),
        instance(9, &[json!({"submitted_at": null})], None),
        instance(8, &[], None),
    ] {
        let error = read(broken).await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (ErrorKind::Malformed, "show workflow"), "{error}");
    }
}

#[tokio::test]
async fn what_is_no_number_is_named() {
    let routes = [
        (TOOLS, 200, tools()),
        (TEMPLATES, 200, templates()),
        ("GET", 200, data(json!([with(listed(3), json!({"id": "abc-17"}))]))),
    ];
    let (_server, connection) = serve(Dialect::Reference, routes).await;
    let reads = connection.reads();
    let error = quickly(reads.open_items(PROJECT, ItemKind::Workflow, Some(USER))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
    assert!(error.words().unwrap().contains(r#"not "abc-17""#), "{error}");
}

fn before(holders: &[(u64, HeldAs)]) -> Item {
    item(ItemKind::Workflow, holders)
}

#[tokio::test]
async fn somebody_comes_beside_those_who_are_asked_in_the_step() {
    let asked = |required| instance(9, &[response(7, required, false), response(8, false, true)], Some(6));
    let show = format!("GET {BASE}/instances/9");
    for (required, to, added) in
        [(true, &[5, 4][..], Some(r#"["4","5"]"#)), (false, &[5, 5], Some(r#"["5"]"#)), (true, &[7], None)]
    {
        let routes = [
            ("GET /rest/v2.0/companies/1/projects/5/workflows/instances/9", 200, data(asked(required))),
            ("POST", 200, json!({})),
        ];
        let (server, connection) = serve(Dialect::Reference, routes).await;
        let changes: Vec<_> = to.iter().map(|to| change(StepAssignee, None, *to)).collect();
        let seen = before(&[(7, StepAssignee), (6, Manager)]);
        quickly(connection.writes().hand_over(&seen, &changes)).await.unwrap();
        let body = added.map(|added| {
            format!(
                r#"POST {BASE}/instances/9/additional_assignees {{"assignee_ids":{added},"reason":"original_assignee_left_company","required":{required},"step_occurrence_id":"31"}}"#
            )
        });
        let expected: Vec<String> = [show.clone()].into_iter().chain(body).collect();
        assert_eq!(sent(&server), expected);
    }
}

#[tokio::test]
async fn whoever_may_be_asked_in_another_step_only_is_added() {
    let path = "GET /rest/v2.0/companies/1/projects/5/workflows/instances/9";
    let routes = [(path, 200, data(instance(9, &[], None))), ("POST", 200, json!({}))];
    let (server, connection) = serve(Dialect::Reference, routes).await;
    let change = [change(StepAssignee, None, 9)];
    quickly(connection.writes().hand_over(&before(&[(7, StepAssignee)]), &change)).await.unwrap();
    let sent = sent(&server);
    assert!(
        sent[1].contains(r#""assignee_ids":["9"]"#) && sent[1].contains(r#""required":true"#),
        "{sent:?}"
    );
}

#[tokio::test]
async fn nobody_is_added_to_a_step_that_the_caller_has_not_seen() {
    let on = [response(8, true, false)];
    let ended = with(instance(9, &on, None), json!({"ended_at": "2026-07-01T00:00:00Z"}));
    for (now, kind) in [
        (instance(9, &on, None), ErrorKind::Stale),
        (ended, ErrorKind::Stale),
        (with(instance(9, &[], None), json!({"current_step_occurrence": null})), ErrorKind::Stale),
    ] {
        let path = "GET /rest/v2.0/companies/1/projects/5/workflows/instances/9";
        let (server, connection) = serve(Dialect::Reference, [(path, 200, data(now))]).await;
        let seen = before(&[(7, StepAssignee)]);
        let error = quickly(connection.writes().hand_over(&seen, &[change(StepAssignee, None, 5)])).await;
        let error = error.unwrap_err();
        assert_eq!((error.kind(), error.settled()), (kind, Settled::Refused), "{error}");
        assert_eq!(sent(&server).len(), 1);
    }
}

#[tokio::test]
async fn nobody_is_taken_off_a_workflow_that_runs() {
    let (server, connection) = serve(Dialect::Reference, []).await;
    let seen = before(&[(7, StepAssignee), (7, Manager)]);
    for (held_as, from) in [(StepAssignee, Some(7)), (Manager, Some(7)), (Manager, None)] {
        let error =
            quickly(connection.writes().hand_over(&seen, &[change(held_as, from, 5)])).await.unwrap_err();
        assert_eq!((error.kind(), error.settled()), (ErrorKind::Invalid, Settled::Refused), "{error}");
        assert!(error.words().unwrap().contains("running workflow"), "{error}");
    }
    assert!(sent(&server).is_empty());
}

#[tokio::test]
async fn candidates_are_those_of_the_tool_of_the_workflow() {
    let shown = with(instance(9, &[], None), json!({"tool_type": "correspondence", "tool_subtype": "4"}));
    let routes = [
        ("GET /rest/v2.0/companies/1/projects/5/workflows/instances/9", 200, data(shown)),
        (
            "GET /rest/v2.0/companies/1/projects/5/workflows/possible_assignees",
            200,
            data(json!([text_person(8), text_person(7)])),
        ),
        (
            "GET /rest/v2.0/companies/1/projects/5/workflows/workflow_managers",
            200,
            data(json!([text_person(6)])),
        ),
    ];
    let (server, connection) = serve(Dialect::Reference, routes).await;
    let reads = connection.reads();
    let pool = named(ItemKind::Workflow, 9).pool();
    quickly(async {
        for (held_as, expected) in [(StepAssignee, &[7, 8][..]), (Manager, &[6])] {
            let found = reads.candidates(PROJECT, ItemKind::Workflow, pool, held_as).await.unwrap();
            assert!(found.offered);
            assert_eq!(found.people.iter().map(|person| person.id.get()).collect::<Vec<_>>(), expected);
        }
        let unsaid = reads.candidates(PROJECT, ItemKind::Workflow, None, Manager).await.unwrap_err();
        assert_eq!(unsaid.kind(), ErrorKind::Invalid);
    })
    .await;
    let query = "?tool_type=correspondence&tool_subtype=4&page=1&per_page=100";
    assert_eq!(sent(&server)[1], format!("GET {BASE}/possible_assignees{query}"));
    assert!(sent(&server).contains(&format!("GET {BASE}/workflow_managers{query}")));
}
