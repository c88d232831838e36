//! Users onto projects and off them, many at once.

use std::collections::BTreeMap;

use muster_core::id::{ProjectId, TemplateId, UserId};
use muster_procore::{Dialect, ErrorKind, NewMembership, PairAnswer, Settled};
use serde_json::json;

use crate::clock::quickly;
use crate::routes::{sent, serve};
use crate::server::{Reply, Server, bytes};

pub(super) fn pair(user: u64, project: u64) -> (UserId, ProjectId) {
    (UserId::new(user), ProjectId::new(project))
}

pub(super) fn new(user: u64, project: u64, template: Option<u64>) -> NewMembership {
    let (user, project) = pair(user, project);
    NewMembership { user, project, template: template.map(TemplateId::new) }
}

#[tokio::test]
async fn some_are_put_on_their_projects_and_some_refused() {
    let body = json!({
        "entities": [{"userId": "7", "projects": [5]}, {"userId": "1000", "projects": [5]}],
        "errors": [{"userId": "8", "errors": [{"projectId": "5", "message": "Contact could not be added."}]}],
    });
    let (server, connection) = serve(Dialect::Reference, [("POST", 207, body)]).await;
    let asked = [new(7, 5, Some(27)), new(8, 5, None), new(9, 5, None)];
    let answer = quickly(connection.writes().add_to_projects(&asked)).await.unwrap();
    let refused = PairAnswer::Refused("Contact could not be added.".to_owned());
    let expected = BTreeMap::from([(pair(7, 5), PairAnswer::Done), (pair(8, 5), refused)]);
    assert_eq!(answer, expected, "nothing is said of 9, and 1000 was not asked for");
    assert_eq!(
        sent(&server),
        [
            r#"POST /rest/v1.3/companies/1/users/bulk_add {"users":[{"permission_template_id":27,"project_id":5,"user_id":7},{"project_id":5,"user_id":8},{"project_id":5,"user_id":9}]}"#
        ]
    );
}

#[tokio::test]
async fn each_removal_has_its_own_word() {
    let body = json!({"7": {"5": "success", "6": "failure"}});
    let (server, connection) = serve(Dialect::Guide, [("POST", 200, body)]).await;
    let answer = quickly(connection.writes().remove_from_projects(&[pair(7, 5), pair(7, 6)])).await.unwrap();
    let refused = PairAnswer::Refused("failure".to_owned());
    assert_eq!(answer, [(pair(7, 5), PairAnswer::Done), (pair(7, 6), refused)].into());
    assert_eq!(
        sent(&server),
        [
            r#"POST /rest/v1.3/companies/1/users/bulk_remove {"users":[{"project_id":5,"user_id":7},{"project_id":6,"user_id":7}]}"#
        ]
    );
}

#[tokio::test]
async fn an_answer_that_can_not_be_read_leaves_it_open_and_is_never_asked_for_again() {
    let cut = || {
        let mut bytes = bytes(200, &[], &" ".repeat(1000));
        bytes.truncate(200);
        Reply::Bytes(bytes)
    };
    let page = || Reply::Bytes(bytes(200, &[("content-type", "text/html")], "<h1>Sorry</h1>"));
    let empty = || Reply::Bytes(bytes(200, &[], "{}"));
    let stalled = || Reply::Stall(bytes(200, &[], &" ".repeat(1000))[..100].to_vec());
    let replies: [(fn() -> Reply, ErrorKind); 4] = [
        (cut, ErrorKind::NoAnswer),
        (page, ErrorKind::Malformed),
        (empty, ErrorKind::Malformed),
        (stalled, ErrorKind::Timeout),
    ];
    for (reply, kind) in replies {
        let server = Server::start(move |_, _| reply()).await;
        let error = quickly(server.connect().writes().remove_from_projects(&[pair(7, 5)])).await.unwrap_err();
        assert_eq!((error.kind(), error.settled()), (kind, Settled::Unknown), "{error}");
        assert_eq!(server.requests().len(), 1, "{error}");
    }
    let server = Server::start(|_, _| Reply::Bytes(bytes(200, &[], &" ".repeat(5000)))).await;
    let mut settings = server.settings();
    settings.max_body = 1000;
    let writes = muster_procore::connect(settings).unwrap().writes();
    let error = quickly(writes.remove_from_projects(&[pair(7, 5)])).await.unwrap_err();
    assert_eq!((error.kind(), error.settled()), (ErrorKind::TooLarge, Settled::Unknown), "{error}");
}

#[tokio::test]
async fn a_refusal_of_all_is_a_refusal() {
    let (_server, connection) = serve(Dialect::Reference, [("POST", 403, json!({"errors": ["no"]}))]).await;
    let error = quickly(connection.writes().add_to_projects(&[new(7, 5, None)])).await.unwrap_err();
    assert_eq!((error.kind(), error.settled()), (ErrorKind::Forbidden, Settled::Refused));
}

#[tokio::test]
async fn nobody_is_nobody_and_too_many_are_not_sent() {
    let (server, connection) = serve(Dialect::Reference, []).await;
    let writes = connection.writes();
    let many: Vec<_> = (0..1001).map(|user| pair(user, 5)).collect();
    quickly(async {
        assert!(writes.add_to_projects(&[]).await.unwrap().is_empty());
        let error = writes.remove_from_projects(&many).await.unwrap_err();
        assert_eq!((error.kind(), error.settled()), (ErrorKind::Invalid, Settled::Refused));
        let error = writes.remove_from_projects_v2(&many).await.unwrap_err();
        assert_eq!((error.kind(), error.settled()), (ErrorKind::Invalid, Settled::Refused));
    })
    .await;
    assert!(sent(&server).is_empty());
}
