//! Changes that Procore promises to make only once, against a server that answers each try in turn.

use std::sync::Mutex;

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{patch, post};
use secrecy::SecretString;
use serde_json::json;

use super::*;

const GROUP: &str = "/rest/v1.0/projects/7/distribution_groups/3";
const USER: &str = "/rest/v1.3/companies/1/users/3";

/// Sends a change to a server that answers the nth try with the nth status, and returns what became of it and the tokens that
/// came.
async fn change(path: &'static str, statuses: &'static [u16]) -> (Result<(), Error>, Vec<String>) {
    let tokens = Arc::<Mutex<Vec<String>>>::default();
    let came = Arc::clone(&tokens);
    let answer = async move |headers: HeaderMap| {
        let mut came = came.lock().unwrap();
        came.push(headers[idempotency::HEADER].to_str().unwrap().to_owned());
        StatusCode::from_u16(statuses[came.len() - 1]).unwrap()
    };
    let token = async || axum::Json(json!({"access_token": "x", "token_type": "bearer"}));
    let router = Router::new().route(path, patch(answer)).route("/oauth/token", post(token));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base: Url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async { axum::serve(listener, router).await });
    let settings =
        Settings::new(base.clone(), base, CompanyId::new(1), "id", SecretString::from("canary-secret"));
    let client = Client::new(&settings).unwrap();
    let done = client.write("change", Method::PATCH, client.url(path, &[]), Some(json!({}))).await;
    let tokens = tokens.lock().unwrap().clone();
    (done, tokens)
}

#[tokio::test]
async fn a_change_under_a_documented_token_is_sent_again_under_the_same() {
    let (done, tokens) = change(GROUP, &[500, 502, 200]).await;
    done.unwrap();
    assert_eq!(tokens.len(), 3);
    assert!(tokens.iter().all(|token| *token == tokens[0]));
}

#[tokio::test]
async fn any_other_change_is_not_sent_again_although_it_has_a_token() {
    let (done, tokens) = change(USER, &[500, 200]).await;
    assert_eq!(done.unwrap_err().settled(), Settled::Unknown);
    assert_eq!(tokens.len(), 1);
}

#[tokio::test]
async fn a_refusal_after_a_lost_answer_leaves_unknown_what_became_of_the_change() {
    let (done, _) = change(GROUP, &[500, 403]).await;
    let error = done.unwrap_err();
    assert_eq!((error.kind(), error.settled()), (ErrorKind::Forbidden, Settled::Unknown));
    let (done, tokens) = change(GROUP, &[500, 401, 401]).await;
    let error = done.unwrap_err();
    assert_eq!((error.kind(), error.settled()), (ErrorKind::NotAuthenticated, Settled::Unknown));
    assert_eq!(tokens.len(), 3);
    let (done, _) = change(GROUP, &[403]).await;
    assert_eq!(done.unwrap_err().settled(), Settled::Refused);
}
