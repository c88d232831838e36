//! Tokens: how they are asked for, shared, renewed and refused.

use std::time::Duration;

use muster_core::id::UserId;
use muster_procore::{Connection, Error, ErrorKind, Settled};
use tokio::task::JoinSet;

use crate::clock::quickly;
use crate::server::{DROP, Reply, Request, SECRET, Server, answer, ok};

const ME: &str = r#"{"id":7}"#;

fn token(n: usize, lifetime: u64) -> Reply {
    ok(&format!(r#"{{"access_token":"canary-token-{n}","token_type":"bearer","expires_in":{lifetime}}}"#))
}

fn bearer(request: &Request) -> &str {
    request.header("authorization").unwrap()
}

async fn ten_at_once(connection: &Connection) -> Vec<Result<UserId, Error>> {
    let mut tasks = JoinSet::new();
    for _ in 0..10 {
        let reads = connection.reads();
        tasks.spawn(async move { reads.me().await });
    }
    tasks.join_all().await
}

#[tokio::test]
async fn a_token_is_fetched_once_with_the_credentials_in_the_body() {
    let server = Server::start(|_, _| ok(ME)).await;
    let answers = quickly(ten_at_once(&server.connect())).await;
    assert!(answers.into_iter().all(|answer| answer.unwrap() == UserId::new(7)));
    let logins = server.logins();
    assert_eq!(logins.len(), 1);
    assert_eq!((logins[0].method.as_str(), logins[0].header("authorization")), ("POST", None));
    for part in ["grant_type=client_credentials", "client_id=client-id", "client_secret=canary-secret"] {
        assert!(logins[0].body.split('&').any(|pair| pair == part), "{part}");
    }
    assert!(server.requests().iter().all(|request| bearer(request) == "bearer canary-token-0"));
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends() {
    let server = Server::with_login(|_, n| token(n, 100), |_, _| ok(ME)).await;
    let reads = server.connect().reads();
    quickly(async {
        for wait in [0, 85, 10] {
            tokio::time::sleep(Duration::from_secs(wait)).await;
            reads.me().await.unwrap();
        }
    })
    .await;
    let tokens: Vec<_> = server.requests().iter().map(|request| bearer(request).to_owned()).collect();
    assert_eq!(tokens, ["bearer canary-token-0", "bearer canary-token-0", "bearer canary-token-1"]);
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_even_for_a_write() {
    let script = |request: &Request, _| match bearer(request) {
        "bearer canary-token-0" => answer(401, &[], "{}"),
        _ => ok("{}"),
    };
    let server = Server::start(script).await;
    quickly(server.connect().writes().deactivate_user(UserId::new(7))).await.unwrap();
    assert_eq!((server.logins().len(), server.requests().len()), (2, 2));
}

#[tokio::test]
async fn a_second_401_is_final() {
    let server =
        Server::start(|_, _| answer(401, &[], r#"{"errors":["The access token is invalid"]}"#)).await;
    let error = quickly(server.connect().reads().me()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotAuthenticated);
    let words =
        "The access token is invalid (does the token come from the login service of this API's environment?)";
    assert_eq!(error.words(), Some(words));
    assert_eq!((server.logins().len(), server.requests().len()), (2, 2));
}

#[tokio::test]
async fn many_refused_at_once_share_one_renewal() {
    let script = |request: &Request, _| match bearer(request) {
        "bearer canary-token-0" => answer(401, &[], "{}"),
        _ => ok(ME),
    };
    let server = Server::start(script).await;
    let answers = quickly(ten_at_once(&server.connect())).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(server.logins().len(), 2);
}

#[tokio::test]
async fn bad_credentials_are_told_in_the_servers_words_and_not_tried_again() {
    let body = r#"{"error":"invalid_client","error_description":"unknown client canary-secret"}"#;
    for status in [400, 401] {
        let server =
            Server::with_login(move |_, _| answer(status, &[("x-request-id", "r-1")], body), |_, _| ok(ME))
                .await;
        let error = quickly(server.connect().writes().deactivate_user(UserId::new(7))).await.unwrap_err();
        assert_eq!((error.kind(), error.settled()), (ErrorKind::NotAuthenticated, Settled::Refused));
        let text = format!(
            "fetch token: not authenticated ({status}, request r-1): invalid_client; unknown client [redacted] (do client id \
             and secret belong to the environment of this login service?)"
        );
        assert_eq!(error.to_string(), text);
        assert!(!format!("{error:?}").contains(SECRET));
        assert_eq!((server.logins().len(), server.requests().len()), (1, 0));
    }
}

#[tokio::test]
async fn callers_who_wait_for_the_same_renewal_share_its_failure() {
    let server = Server::with_login(|_, _| answer(401, &[], "{}"), |_, _| ok(ME)).await;
    let connection = server.connect();
    let answers = quickly(ten_at_once(&connection)).await;
    assert!(answers.into_iter().all(|answer| answer.unwrap_err().kind() == ErrorKind::NotAuthenticated));
    assert_eq!(server.logins().len(), 1);
}

#[tokio::test]
async fn a_login_service_that_is_down_for_a_moment_is_asked_again() {
    let login = |_: &Request, n| match n {
        0 => answer(503, &[("retry-after", "7")], "busy"),
        1 => DROP,
        n => token(n, 5400),
    };
    let server = Server::with_login(login, |_, _| ok(ME)).await;
    quickly(server.connect().reads().me()).await.unwrap();
    let logins = server.logins();
    assert_eq!(logins.len(), 3);
    assert!(logins[1].at - logins[0].at >= Duration::from_secs(7));
}

#[tokio::test]
async fn a_login_service_that_stays_down_is_named_and_a_write_was_not_sent() {
    let server =
        Server::with_login(|_, _| answer(502, &[], "<title>Bad Gateway</title>"), |_, _| ok(ME)).await;
    let error = quickly(server.connect().writes().deactivate_user(UserId::new(7))).await.unwrap_err();
    assert_eq!((error.kind(), error.settled()), (ErrorKind::Unavailable, Settled::Refused));
    assert_eq!((error.operation(), error.words()), ("fetch token", Some("Bad Gateway")));
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn an_answer_without_a_usable_token_is_malformed_and_never_quoted() {
    for body in [
        r#"{"access_token":17,"note":"canary-note"}"#,
        r#"{"token":"canary-note"}"#,
        r#"{"access_token":"canary\nnote","token_type":"bearer"}"#,
        "canary-note",
        "",
    ] {
        let server = Server::with_login(move |_, _| ok(body), |_, _| ok(ME)).await;
        let error = quickly(server.connect().reads().me()).await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (ErrorKind::Malformed, "fetch token"), "{body}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    }
}
