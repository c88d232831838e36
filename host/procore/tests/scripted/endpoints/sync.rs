//! Users of the company, many at once.

use muster_core::directory::ProfileField;
use muster_core::id::UserId;
use muster_procore::{Dialect, ErrorKind, RowAnswer, Settled, SyncRow};
use serde_json::json;

use super::USER;
use crate::clock::quickly;
use crate::routes::{sent, serve};

fn new_row(address: &str, last_name: &str) -> SyncRow {
    SyncRow {
        email: address.parse().ok(),
        fields: [(ProfileField::LastName, last_name.to_owned())].into(),
        ..SyncRow::default()
    }
}

fn row_of(user: UserId, active: bool) -> SyncRow {
    SyncRow { user: Some(user), active: Some(active), ..SyncRow::default() }
}

#[tokio::test]
async fn each_row_gets_its_own_answer() {
    let body = json!({
        "entities": [{"id": 7, "is_active": true, "email_address": "ana@example.com"},
                     {"id": 70, "is_active": true, "email_address": "NEW@example.com"}],
        "errors": [{"id": 8, "is_active": false, "errors": {"id": ["Entity with this ID not found"]}},
                   {"email_address": "taken@example.com", "errors": {"email_address": ["is taken", "is odd"]}}],
    });
    let (server, connection) = serve(Dialect::Reference, [("PATCH", 200, body)]).await;
    let rows = [
        row_of(USER, true),
        row_of(UserId::new(8), false),
        new_row("new@example.com", "New"),
        new_row("taken@example.com", "Taken"),
        row_of(UserId::new(9), false),
    ];
    let answer = quickly(connection.writes().sync_users(&rows)).await.unwrap();
    assert_eq!(
        answer.rows,
        [
            RowAnswer::Done(USER),
            RowAnswer::Refused("id: Entity with this ID not found".to_owned()),
            RowAnswer::Done(UserId::new(70)),
            RowAnswer::Refused("email_address: is taken, is odd".to_owned()),
            RowAnswer::Unsaid,
        ]
    );
    assert_eq!(
        sent(&server),
        [
            r#"PATCH /rest/v1.3/companies/1/users/sync {"updates":[{"id":7,"is_active":true},{"id":8,"is_active":false},{"email_address":"new@example.com","last_name":"New"},{"email_address":"taken@example.com","last_name":"Taken"},{"id":9,"is_active":false}]}"#
        ]
    );
}

#[tokio::test]
async fn rows_with_the_same_address_are_told_apart_or_left_open() {
    let taken = json!({"email_address": ["is taken"]});
    let refused = RowAnswer::Refused("email_address: is taken".to_owned());
    let new = || new_row("ana@example.com", "New");
    let renamed =
        || SyncRow { user: Some(USER), email: "ana@example.com".parse().ok(), ..SyncRow::default() };
    let done = |id: u64| json!([{"id": id, "email_address": "ana@example.com"}]);
    let with_id = json!([{"id": 7, "email_address": "ana@example.com", "errors": taken}]);
    let without = json!([{"email_address": "ana@example.com", "errors": taken}]);
    for (rows, entities, errors, expected) in [
        ([new(), renamed()], done(70), with_id, [RowAnswer::Done(UserId::new(70)), refused.clone()]),
        ([renamed(), new()], done(7), without.clone(), [RowAnswer::Done(USER), refused]),
        ([new(), new()], done(70), without, [RowAnswer::Unsaid, RowAnswer::Unsaid]),
    ] {
        let body = json!({"entities": entities, "errors": errors});
        let (_server, connection) = serve(Dialect::Reference, [("PATCH", 200, body)]).await;
        let answer = quickly(connection.writes().sync_users(&rows)).await.unwrap();
        assert_eq!(answer.rows, expected);
    }
}

#[tokio::test]
async fn rows_that_would_be_refused_are_not_sent() {
    let (server, connection) = serve(Dialect::Reference, []).await;
    let writes = connection.writes();
    let nameless = SyncRow { fields: [(ProfileField::LastName, String::new())].into(), ..row_of(USER, true) };
    quickly(async {
        assert!(writes.sync_users(&[]).await.unwrap().rows.is_empty());
        for rows in [
            vec![SyncRow { email: None, ..new_row("a@b", "New") }],
            vec![SyncRow { fields: [].into(), ..new_row("a@b", "New") }],
            vec![nameless],
            vec![row_of(USER, true); 1001],
        ] {
            let error = writes.sync_users(&rows).await.unwrap_err();
            assert_eq!((error.kind(), error.settled()), (ErrorKind::Invalid, Settled::Refused), "{error}");
        }
    })
    .await;
    assert!(sent(&server).is_empty());
}

#[tokio::test]
async fn an_answer_without_its_parts_leaves_all_rows_open() {
    for body in [json!({}), json!({"entities": []}), json!({"errors": []}), json!([])] {
        let (_server, connection) = serve(Dialect::Reference, [("PATCH", 200, body)]).await;
        let error = quickly(connection.writes().sync_users(&[row_of(USER, false)])).await.unwrap_err();
        assert_eq!((error.kind(), error.settled()), (ErrorKind::Malformed, Settled::Unknown), "{error}");
    }
}
