//! Tokens: how they are given out, and when they stop to work.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::site::{Answer, Site, config, crew, keys, send};

async fn ask(site: &Site, body: &Value) -> Answer {
    send(site.bare(Method::POST, "/oauth/token").json(body)).await
}

fn credentials(site: &Site) -> Value {
    let credentials = site.simulator.credentials();
    json!({
        "grant_type": "client_credentials",
        "client_id": credentials.client_id,
        "client_secret": credentials.client_secret,
    })
}

#[tokio::test]
async fn client_credentials_give_a_token_without_a_refresh_token() {
    let site = Site::of(crew().company).await;
    let json = ask(&site, &credentials(&site)).await;
    let form = send(site.bare(Method::POST, "/oauth/token").form(&credentials(&site))).await;
    for answer in [json, form] {
        assert_eq!(answer.status, 200);
        assert_eq!(keys(&answer.body), ["access_token", "created_at", "expires_in", "token_type"]);
        assert_eq!(answer.body["token_type"], "bearer");
        assert_eq!(answer.body["expires_in"], 5400);
        assert_eq!(answer.body["created_at"], crate::site::start().as_second());
    }
}

#[tokio::test]
async fn wrong_credentials_are_refused_as_in_rfc_6749() {
    let site = Site::of(crew().company).await;
    let mut wrong = credentials(&site);
    wrong["client_secret"] = json!("guessed");
    let answer = ask(&site, &wrong).await;
    assert_eq!((answer.status, &answer.body["error"]), (401, &json!("invalid_client")));
    assert!(answer.body["error_description"].as_str().unwrap().starts_with("Client authentication failed"));

    let mut wrong = credentials(&site);
    wrong["grant_type"] = json!("password");
    let answer = ask(&site, &wrong).await;
    assert_eq!((answer.status, &answer.body["error"]), (400, &json!("unsupported_grant_type")));

    let answer = ask(&site, &json!({})).await;
    assert_eq!((answer.status, &answer.body["error"]), (400, &json!("invalid_request")));
    let answer = send(site.bare(Method::POST, "/oauth/token").body("grant_type=client_credentials")).await;
    assert_eq!((answer.status, &answer.body["error"]), (400, &json!("invalid_request")));
}

#[tokio::test]
async fn a_token_stops_to_work_when_its_time_is_over() {
    let site = Site::of(crew().company).await;
    site.advance(5399);
    assert_eq!(site.get("/rest/v1.0/me").await.status, 200);
    site.advance(1);
    let answer = site.get("/rest/v1.0/me").await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.body, json!({ "code": 401, "message": "The access token expired", "fields": "" }));
    assert!(answer.header("www-authenticate").unwrap().contains("invalid_token"));
    let renewed = Site { token: site.fetch_token().await, ..site };
    assert_eq!(renewed.get("/rest/v1.0/me").await.status, 200);
}

#[tokio::test]
async fn the_lifetime_of_tokens_can_be_set() {
    let config = muster_sim::Config { token_lifetime: Duration::from_secs(60), ..config() };
    let site = Site::with(config, crew().company).await;
    assert_eq!(ask(&site, &credentials(&site)).await.body["expires_in"], 60);
    site.advance(60);
    assert_eq!(site.get("/rest/v1.0/me").await.status, 401);
}

#[tokio::test]
async fn a_missing_or_unknown_token_is_refused() {
    let site = Site::of(crew().company).await;
    let missing = send(site.bare(Method::GET, "/rest/v1.0/me")).await;
    let unknown = send(site.bare(Method::GET, "/rest/v1.0/me").bearer_auth("made-up")).await;
    let basic = send(site.bare(Method::GET, "/rest/v1.0/me").basic_auth(&site.token, Some(""))).await;
    for answer in [missing, unknown, basic] {
        assert_eq!(answer.status, 401);
        assert_eq!(answer.body["message"], "The access token is invalid");
    }
    let lower =
        site.bare(Method::GET, "/rest/v1.0/me").header("authorization", format!("bearer {}", site.token));
    assert_eq!(send(lower).await.status, 200, "the scheme may be written in any case");
}

#[tokio::test]
async fn a_secret_is_not_shown_by_accident() {
    let site = Site::of(crew().company).await;
    let credentials = site.simulator.credentials();
    assert!(!format!("{credentials:?}").contains(&credentials.client_secret));
}
