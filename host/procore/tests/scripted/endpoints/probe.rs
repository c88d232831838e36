//! Which dialect a server speaks.

use muster_procore::{Dialect, ErrorKind};
use serde_json::{Value, json};

use crate::clock::quickly;
use crate::routes::{sent, serve_with};

const LIST: &str = "GET /rest/v1.0/companies/1/users?page=1";
const SEARCH: &str = "GET /rest/v1.0/companies/1/users?page=1&per_page=1&search=";
const REFERENCES: &str = "GET /rest/v1.3/companies/1/users?";

const X_TOTAL: &[(&str, &str)] = &[("x-total", "3")];
const TOTAL: &[(&str, &str)] = &[("total", "3")];

async fn seen(
    dialect: Dialect,
    headers: &'static [(&'static str, &'static str)],
    routes: Vec<(&'static str, u16, Value)>,
) -> Option<String> {
    let (server, connection) = serve_with(Dialect::default(), headers, routes).await;
    let result = quickly(connection.reads().speaks(dialect)).await;
    assert!(sent(&server).iter().all(|line| line.starts_with("GET ")), "{:?}", sent(&server));
    let error = result.err()?;
    assert_eq!(error.kind(), ErrorKind::OtherDialect, "{error}");
    error.words().map(str::to_owned)
}

#[tokio::test]
async fn the_guide_is_spoken_where_all_its_signs_are_there() {
    let row = |field: &str| json!([{"id": 7, field: "ana@example.com"}]);
    let both = |rows: Value, found: Value| vec![(SEARCH, 200, found), (LIST, 200, rows)];
    let guide = Dialect::Guide;
    assert_eq!(seen(guide, X_TOTAL, both(row("login"), json!([]))).await, None);
    for (headers, routes, expected) in [
        (TOTAL, both(row("login"), json!([])), "no header X-Total"),
        (X_TOTAL, both(row("email_address"), json!([])), "no `login`"),
        (X_TOTAL, both(row("login"), row("login")), "finds somebody"),
        (X_TOTAL, both(json!([]), json!([])), "is empty"),
        (X_TOTAL, vec![], "has no list"),
        (X_TOTAL, vec![(SEARCH, 400, json!({})), (LIST, 200, row("login"))], "can't be searched"),
    ] {
        let words = seen(guide, headers, routes).await.unwrap();
        assert!(words.contains(expected) && words.contains("`guide`"), "{words}");
    }
    // A server like Procore's own shows all that is wrong at once.
    let words = seen(guide, TOTAL, both(row("email_address"), row("email_address"))).await.unwrap();
    assert_eq!(words.matches(';').count(), 2, "{words}");
}

#[tokio::test]
async fn the_reference_is_spoken_where_its_users_have_an_email_address() {
    let row = |field: &str| json!([{"id": 7, field: "ana@example.com"}]);
    let reference = Dialect::Reference;
    assert_eq!(seen(reference, TOTAL, vec![(REFERENCES, 200, row("email_address"))]).await, None);
    let words = seen(reference, TOTAL, vec![(REFERENCES, 200, row("login"))]).await.unwrap();
    assert!(words.contains("no `email_address`"), "{words}");
    assert!(seen(reference, TOTAL, vec![]).await.unwrap().contains("has no list"));
}

#[tokio::test]
async fn a_probe_that_gets_no_answer_says_nothing_of_dialects() {
    let (_server, connection) =
        serve_with(Dialect::Guide, &[], [("GET", 403, json!({"errors": ["no"]}))]).await;
    let error = quickly(connection.reads().speaks(Dialect::Guide)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);
}
