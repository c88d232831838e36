//! Users onto projects and off them in the second generation of Procore's API.

use muster_procore::{BatchAnswer, BatchHandle, BatchStatus, Dialect, ErrorKind, PairAnswer, Settled};
use serde_json::json;

use super::bulk::{new, pair};
use crate::clock::quickly;
use crate::routes::{sent, serve};

#[tokio::test]
async fn a_few_are_answered_at_once_and_groups_keep_what_they_manage() {
    let removed = json!({"data": [{"7": {"5": "success"}}, {"8": {"5": "skipped_managed"}}]});
    let added = json!({"data": [{"entities": [{"userId": "7", "projects": ["5"]}]}]});
    let (server, connection) = serve(
        Dialect::Reference,
        [
            ("POST /rest/v2.0/companies/1/users/bulk_remove", 200, removed),
            ("POST /rest/v2.0/companies/1/users/bulk_add", 200, added),
        ],
    )
    .await;
    let writes = connection.writes();
    quickly(async {
        let pairs = [pair(7, 5), pair(8, 5)];
        let answer = writes.remove_from_projects_v2(&pairs).await.unwrap();
        let expected = [(pair(7, 5), PairAnswer::Done), (pair(8, 5), PairAnswer::SkippedManaged)].into();
        assert_eq!(answer, BatchAnswer::Now(expected));
        let answer = writes.add_to_projects_v2(&[new(7, 5, Some(27))]).await.unwrap();
        assert_eq!(answer, BatchAnswer::Now([(pair(7, 5), PairAnswer::Done)].into()));
    })
    .await;
    let lines = sent(&server);
    assert!(
        lines[0]
            .ends_with(r#"{"users":[{"project_id":"5","user_id":"7"},{"project_id":"5","user_id":"8"}]}"#)
    );
    let row = r#"{"users":[{"permission_template_id":"27","project_id":"5","user_id":"7"}]}"#;
    assert!(lines[1].ends_with(row), "{lines:?}");
}

#[tokio::test]
async fn many_are_answered_later_and_asked_for_by_a_handle_that_can_be_written_down() {
    let accepted = json!({"data": [{"status": "accepted", "batch_id": "Nk1_x-2"}]});
    let status = |complete: bool, failures: u64| json!({"data": {"is_complete": complete, "bid": "Nk1_x-2", "total": 60, "pending": 2, "failures": failures}});
    let (_server, connection) = serve(Dialect::Reference, [("POST", 202, accepted)]).await;
    let pairs: Vec<_> = (1..=60).map(|user| pair(user, 5)).collect();
    let answer = quickly(connection.writes().remove_from_projects_v2(&pairs)).await.unwrap();
    let BatchAnswer::Later(handle) = answer else { panic!("{answer:?}") };
    let handle: BatchHandle = serde_json::from_str(&serde_json::to_string(&handle).unwrap()).unwrap();

    let shown = "GET /rest/v2.0/companies/1/users/bulk/status/Nk1_x-2";
    for (body, expected) in [
        (status(false, 0), BatchStatus::Running),
        (status(true, 0), BatchStatus::Ended { failures: vec![] }),
        (
            status(true, 3),
            BatchStatus::Ended { failures: vec!["3 of 60 failed; Procore does not say which".to_owned()] },
        ),
    ] {
        let (server, connection) = serve(Dialect::Reference, [(shown, 200, body)]).await;
        assert_eq!(quickly(connection.reads().batch(&handle)).await.unwrap(), expected);
        assert_eq!(sent(&server), [shown]);
    }
    let silent = json!({"data": {"is_complete": true}});
    let (_server, connection) = serve(Dialect::Reference, [(shown, 200, silent)]).await;
    let error = quickly(connection.reads().batch(&handle)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed, "failures are never guessed");
}

#[tokio::test]
async fn what_was_accepted_without_a_handle_is_open() {
    for body in
        [json!({}), json!({"data": []}), json!({"data": [{"batch_id": "../../me"}]}), json!({"data": null})]
    {
        let (server, connection) = serve(Dialect::Reference, [("POST", 202, body)]).await;
        let error = quickly(connection.writes().add_to_projects_v2(&[new(7, 5, None)])).await.unwrap_err();
        assert_eq!((error.kind(), error.settled()), (ErrorKind::Malformed, Settled::Unknown), "{error}");
        assert_eq!(sent(&server).len(), 1);
    }
}
