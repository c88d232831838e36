//! Submittals.

use muster_core::directory::{HeldAs, Item, ItemKind, ItemStatus};
use muster_procore::{Dialect, Error, ErrorKind, Settled};
use serde_json::{Value, json};

use super::items::{change, holders, item, named, person, with};
use super::{PROJECT, USER};
use crate::clock::quickly;
use crate::routes::{asked, serve};
use crate::server::{Server, ok};

const LIST: &str = "GET /rest/v1.1/projects/5/submittals?";
const STEPS: &str = "GET /rest/v1.1/projects/5/submittals/9/workflow_data";
const ONE: &str = "PATCH /rest/v1.1/projects/5/submittals/9";
const STATUSES: &str = "GET /rest/v1.0/companies/1/submittal_statuses?";

use HeldAs::{Approver, Manager};

pub(super) fn row(id: u64, manager: Option<u64>) -> Value {
    json!({"id": id, "number": "1160", "formatted_number": "1160 - 02", "title": "Beams", "due_date": "2026-09-04",
           "status": {"id": 1, "name": "In Review", "status": "Open"}, "current_revision": true,
           "submittal_manager": manager.map(person), "approvers": []})
}

fn approver(id: u64, user: u64, step: u64, answer: &str) -> Value {
    json!({"id": id, "user": person(user), "workflow_group_number": step, "approver_type": "Approver",
           "response": {"id": 1, "name": answer, "considered": answer}, "response_required": true,
           "days_to_respond": 5, "due_date": "2026-09-01", "returned_date": null})
}

/// Somebody has handed it in, somebody has approved, two people are asked and one of them later once more.
fn under_review() -> Value {
    let submitter = with(approver(10, 7, 0, "submitted"), json!({"approver_type": "Submitter"}));
    let due = json!({"days_to_respond": null, "response_required": false, "response": null});
    let approvers = json!([
        submitter,
        approver(11, 7, 1, "pending"),
        with(approver(12, 8, 1, "pending"), due),
        approver(13, 6, 1, "approved as noted"),
        approver(14, 7, 2, "pending"),
    ]);
    with(row(9, Some(5)), json!({"approvers": approvers}))
}

fn steps(counts: &[usize]) -> Value {
    let steps = counts.iter().enumerate();
    let steps: Vec<Value> = steps
        .map(|(number, people)| json!({"id": 1, "number": number, "approver_ids": vec![1; *people]}))
        .collect();
    json!({"steps": steps, "approvers": [], "attachments": []})
}

fn before() -> Item {
    item(ItemKind::Submittal, &[(5, Manager), (7, Approver), (8, Approver)])
}

#[tokio::test]
async fn both_lists_are_asked_for_and_only_current_revisions_that_are_open_are_kept() {
    let status = |id, status: &str| {
        with(row(id, Some(7)), json!({"status": {"id": 3, "name": "X", "status": status}}))
    };
    let managed = json!([
        row(4, Some(7)),
        status(3, "Draft"),
        status(2, "closed"),
        with(row(1, Some(7)), json!({"current_revision": false})),
    ]);
    let answered = json!({"approvers": [approver(60, 7, 0, "approved")]});
    let approved =
        json!([with(row(6, None), answered), row(4, Some(7)), with(under_review(), json!({"id": 5}))]);
    let routes = [
        (
            "GET /rest/v1.1/projects/5/submittals?filters[current_revision]=true&filters[submittal_manager_id]=7",
            200,
            managed,
        ),
        (
            "GET /rest/v1.1/projects/5/submittals?filters[current_revision]=true&filters[approver_id]=7",
            200,
            approved,
        ),
        (LIST, 200, json!([row(8, None)])),
    ];
    let (server, connection) = serve(Dialect::Reference, routes).await;
    let reads = connection.reads();
    let items = quickly(reads.open_items(PROJECT, ItemKind::Submittal, Some(USER))).await.unwrap();
    assert_eq!(items.iter().map(|item| item.item.id.get()).collect::<Vec<_>>(), [3, 4, 5]);
    assert_eq!((items[0].status, items[1].status), (ItemStatus::Draft, ItemStatus::Open));
    assert_eq!(holders(&items[2]), [(5, Manager), (7, Approver), (8, Approver)], "6 has answered");
    assert_eq!((items[1].number.as_str(), items[1].title.as_str()), ("1160 - 02", "Beams"));
    assert_eq!(items[1].due.unwrap().to_string(), "2026-09-04");
    let all = quickly(reads.open_items(PROJECT, ItemKind::Submittal, None)).await.unwrap();
    assert_eq!((all.len(), all[0].holders.len()), (1, 0));
    let list = format!("{LIST}filters[current_revision]=true");
    assert_eq!(
        asked(&server),
        [format!("{list}&filters[submittal_manager_id]=7"), format!("{list}&filters[approver_id]=7"), list,]
    );
}

#[tokio::test]
async fn a_manager_goes_as_json_with_the_number_as_it_is_by_now() {
    let routes = [(LIST, 200, json!([under_review()])), ("PATCH", 200, json!({}))];
    let (server, connection) = serve(Dialect::Reference, routes).await;
    quickly(connection.writes().hand_over(&before(), &[change(Manager, Some(5), 4)])).await.unwrap();
    assert_eq!(
        asked(&server),
        [
            format!("{LIST}filters[id][]=9"),
            format!(r#"{ONE} {{"submittal":{{"number":"1160","submittal_manager_id":4}}}}"#),
        ]
    );
}

/// Returns the fields of a form of several parts.
fn form(head: &str, body: &str) -> Vec<(String, String)> {
    let boundary =
        head.lines().find_map(|line| line.strip_prefix("content-type: multipart/form-data; boundary="));
    let boundary = format!("--{}", boundary.expect("a form of several parts"));
    let mut parts: Vec<&str> = body.split(&boundary).collect();
    assert_eq!((parts.remove(0), parts.pop()), ("", Some("--\r\n")));
    let field = |part: &str| {
        let (head, text) = part.split_once("\r\n\r\n").unwrap();
        let name = head.to_lowercase().split_once("name=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
        (name, text.strip_suffix("\r\n").unwrap().to_owned())
    };
    parts.into_iter().map(field).collect()
}

#[tokio::test]
async fn approvers_go_as_a_form_in_which_whoever_has_answered_stays() {
    let server = Server::start(|request, _| match request.path() {
        path if path.ends_with("/workflow_data") => ok(&steps(&[1, 3, 1]).to_string()),
        _ if request.method == "PATCH" => ok("{}"),
        _ => ok(&json!([under_review()]).to_string()),
    })
    .await;
    let changes = [change(Approver, Some(7), 4), change(Manager, Some(5), 4)];
    quickly(server.connect().writes().hand_over(&before(), &changes)).await.unwrap();
    let lines = asked(&server);
    assert_eq!(lines[..2], [format!("{LIST}filters[id][]=9"), STEPS.to_owned()]);
    let request = server.requests().pop().unwrap();
    assert_eq!((lines.len(), request.method.as_str()), (3, "PATCH"));
    assert_eq!(request.target, "/rest/v1.1/projects/5/submittals/9");
    // The head is kept in lower case, and a boundary has no letters but small ones.
    let mut expected = vec![
        ("submittal[number]".to_owned(), "1160".to_owned()),
        ("submittal[submittal_manager_id]".to_owned(), "4".to_owned()),
    ];
    let people: [(_, _, &[_]); 5] = [
        (
            0,
            0,
            &[
                ("login_information_id", "7"),
                ("approver_type", "Submitter"),
                ("response_required", "true"),
                ("days_to_respond", "5"),
                ("submittal_log_approver_id", "10"),
            ],
        ),
        (
            1,
            0,
            &[
                ("login_information_id", "4"),
                ("approver_type", "Approver"),
                ("response_required", "true"),
                ("days_to_respond", "5"),
            ],
        ),
        (
            1,
            1,
            &[
                ("login_information_id", "8"),
                ("approver_type", "Approver"),
                ("response_required", "false"),
                ("due_date", "2026-09-01"),
                ("submittal_log_approver_id", "12"),
            ],
        ),
        (
            1,
            2,
            &[
                ("login_information_id", "6"),
                ("approver_type", "Approver"),
                ("response_required", "true"),
                ("days_to_respond", "5"),
                ("submittal_log_approver_id", "13"),
            ],
        ),
        (
            2,
            0,
            &[
                ("login_information_id", "4"),
                ("approver_type", "Approver"),
                ("response_required", "true"),
                ("days_to_respond", "5"),
            ],
        ),
    ];
    for (step, place, fields) in people {
        let name = |field| format!("submittal[workflow_data][{step}][{place}][{field}]");
        expected.extend(fields.iter().map(|(field, text)| (name(field), (*text).to_owned())));
    }
    assert_eq!(form(&request.head, &request.body), expected);
}

#[tokio::test]
async fn nothing_is_sent_where_others_hold_it_by_now_or_something_is_missing() {
    let unnumbered = with(under_review(), json!({"number": null}));
    let mut nameless = under_review();
    nameless["approvers"][3]["user"] = json!(null);
    for (now, steps, kind) in [
        (row(9, Some(5)), steps(&[1, 3, 1]), ErrorKind::Stale),
        (with(under_review(), json!({"submittal_manager": null})), steps(&[1, 3, 1]), ErrorKind::Stale),
        (under_review(), steps(&[1, 3, 2]), ErrorKind::Stale),
        (under_review(), steps(&[1, 3]), ErrorKind::Stale),
        (under_review(), json!({}), ErrorKind::Malformed),
        (unnumbered, steps(&[1, 3, 1]), ErrorKind::Invalid),
        (nameless, steps(&[1, 3, 1]), ErrorKind::Invalid),
        (row(8, Some(5)), steps(&[]), ErrorKind::NotFound),
    ] {
        let routes = [(STEPS, 200, steps), (LIST, 200, json!([now.clone()]))];
        let (server, connection) = serve(Dialect::Reference, routes).await;
        let changes = [change(Approver, Some(7), 4)];
        let error = quickly(connection.writes().hand_over(&before(), &changes)).await.unwrap_err();
        assert_eq!((error.kind(), error.settled()), (kind, Settled::Refused), "{now}");
        assert_eq!(error.operation(), "hand over submittal");
        assert!(asked(&server).iter().all(|line| line.starts_with("GET ")), "{now}");
    }
}

async fn closed(statuses: Value) -> (Result<(), Error>, Vec<String>) {
    let routes = [(STATUSES, 200, statuses), (LIST, 200, json!([under_review()])), ("PATCH", 200, json!({}))];
    let (server, connection) = serve(Dialect::Reference, routes).await;
    let done = quickly(connection.writes().close_item(named(ItemKind::Submittal, 9))).await;
    (done, asked(&server))
}

#[tokio::test]
async fn it_is_closed_with_the_status_of_the_company_that_means_it() {
    let status = |id: u64, name: &str, status: &str| json!({"id": id, "name": name, "status": status});
    let (draft, void) = (status(1, "Draft", "Draft"), status(2, "Void", "Closed"));
    for (statuses, id) in [
        (json!([draft.clone(), void.clone(), status(3, "Closed", "Closed")]), 3),
        (json!([status(4, "Done", "Closed"), void.clone(), draft.clone()]), 2),
    ] {
        let (done, lines) = closed(statuses).await;
        done.unwrap();
        let body = format!(r#"{{"submittal":{{"number":"1160","status_id":{id}}}}}"#);
        assert_eq!(lines.last().unwrap(), &format!("{ONE} {body}"));
    }
    let (done, lines) = closed(json!([draft])).await;
    assert_eq!((done.unwrap_err().kind(), lines.len()), (ErrorKind::Invalid, 1));
}

#[tokio::test]
async fn a_submittal_is_shown_and_anybody_on_the_project_may_be_under_review() {
    let routes = [
        (LIST, 200, json!([under_review()])),
        ("GET /rest/v1.0/projects/5/users?", 200, json!([{"id": 4, "name": "D", "is_active": true}])),
    ];
    let (server, connection) = serve(Dialect::Reference, routes).await;
    let reads = connection.reads();
    quickly(async {
        let shown = reads.item(named(ItemKind::Submittal, 9)).await.unwrap().unwrap();
        assert_eq!(holders(&shown), holders(&before()));
        for held_as in [Manager, Approver] {
            let found = reads.candidates(PROJECT, ItemKind::Submittal, None, held_as).await.unwrap();
            assert_eq!((found.offered, found.people[0].name.as_str()), (false, "D"));
        }
    })
    .await;
    assert_eq!(asked(&server)[0], format!("{LIST}filters[id][]=9"));
}
