//! Signing in, and what becomes of refresh tokens.

use std::collections::BTreeMap;

use reqwest::redirect::Policy;
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::site::{Answer, Crew, Site, crew, keys, send, template};

const HOME: &str = "http://127.0.0.1:49152/callback";

/// A simulator where Pat signs in, who is no admin of anything but the project.
struct Person {
    site: Site,
    crew: Crew,
    browser: Client,
}

impl Person {
    async fn new() -> Self {
        let crew = crew();
        let mut site = Site::of(crew.company.clone()).await;
        site.simulator.sign_in_as(Some(crew.pat));
        let browser = Client::builder().redirect(Policy::none()).build().unwrap();
        site.simulator.with_company(|company| {
            let staff = template(company, "Office Staff");
            let pat = company.user(crew.pat).unwrap().clone();
            company.put_user(muster_sim::User { company_template: Some(staff), ..pat }).unwrap();
        });
        site.token = String::new();
        Self { site, crew, browser }
    }

    async fn authorize(&self, change: &[(&str, &str)]) -> Answer {
        let client_id = self.site.simulator.credentials().client_id;
        let mut query = BTreeMap::from([
            ("response_type", "code"),
            ("client_id", &client_id),
            ("redirect_uri", HOME),
            ("state", "a b&c"),
        ]);
        query.extend(change.iter().copied());
        let url = format!("{}/oauth/authorize", self.site.simulator.base_url());
        send(self.browser.get(url).query(&query)).await
    }

    async fn code(&self) -> String {
        value(self.authorize(&[]).await.header("location").unwrap(), "code").unwrap()
    }

    async fn token(&self, fields: Value) -> Answer {
        self.post("/oauth/token", fields).await
    }

    async fn post(&self, path: &str, fields: Value) -> Answer {
        let credentials = self.site.simulator.credentials();
        let mut body = json!({
            "client_id": credentials.client_id,
            "client_secret": credentials.client_secret,
            "redirect_uri": HOME,
        });
        body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        send(self.site.bare(Method::POST, path).json(&body)).await
    }

    async fn exchange(&self, code: &str) -> Answer {
        self.token(json!({ "grant_type": "authorization_code", "code": code })).await
    }

    async fn refresh(&self, token: &Value) -> Answer {
        self.token(json!({ "grant_type": "refresh_token", "refresh_token": token })).await
    }

    async fn me(&self, token: &Value) -> Answer {
        send(self.site.bare(Method::GET, "/rest/v1.0/me").bearer_auth(token.as_str().unwrap())).await
    }
}

/// Returns a parameter of a URL.
fn value(url: &str, name: &str) -> Option<String> {
    let url = reqwest::Url::parse(url).unwrap();
    url.query_pairs().find(|(found, _)| found == name).map(|(_, value)| value.into_owned())
}

fn error(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.body["error"].as_str().unwrap_or_default())
}

#[tokio::test]
async fn a_person_signs_in_and_the_client_acts_as_that_person() {
    let person = Person::new().await;
    let sent = person.authorize(&[]).await;
    let location = sent.header("location").unwrap();
    assert_eq!(sent.status, 302);
    assert!(location.starts_with(&format!("{HOME}?code=")), "{location}");
    assert_eq!(value(location, "state").as_deref(), Some("a b&c"));
    let given = person.exchange(&value(location, "code").unwrap()).await;
    assert_eq!(given.status, 200);
    let expected = ["access_token", "created_at", "expires_in", "refresh_token", "token_type"];
    assert_eq!(keys(&given.body), expected);
    assert_eq!(given.header("cache-control"), Some("no-store"));
    let token = given.body["access_token"].as_str().unwrap().to_owned();
    assert_eq!(person.me(&given.body["access_token"]).await.body["id"], person.crew.pat);
    let site = Site { token, ..person.site };
    let other = site
        .simulator
        .with_company(|company| company.add_project(muster_sim::NewProject::named("Riverside Depot")));
    assert_eq!(site.get(&format!("/rest/v1.0/projects/{}/users", person.crew.project)).await.status, 200);
    assert_eq!(site.get(&format!("/rest/v1.0/projects/{other}/users")).await.status, 404, "Pat is not on it");
}

#[tokio::test]
async fn a_code_works_once_for_ten_minutes_and_for_its_address() {
    let person = Person::new().await;
    let code = person.code().await;
    assert_eq!(person.exchange(&code).await.status, 200);
    assert_eq!(error(&person.exchange(&code).await), (400, "invalid_grant"));
    let code = person.code().await;
    person.site.advance(599);
    assert_eq!(person.exchange(&code).await.status, 200);
    let code = person.code().await;
    person.site.advance(600);
    assert_eq!(error(&person.exchange(&code).await), (400, "invalid_grant"));
    let elsewhere = json!({
        "grant_type": "authorization_code", "code": person.code().await, "redirect_uri": "http://127.0.0.1:1/",
    });
    assert_eq!(error(&person.token(elsewhere).await), (400, "invalid_grant"));
    let incomplete = person.token(json!({ "grant_type": "authorization_code" })).await;
    assert_eq!(error(&incomplete), (400, "invalid_request"));
}

#[tokio::test]
async fn what_can_be_sent_back_is_and_the_rest_is_shown() {
    let person = Person::new().await;
    for (change, expected) in [
        (("response_type", "token"), "unsupported_response_type"),
        (("response_type", ""), "invalid_request"),
    ] {
        let sent = person.authorize(&[change]).await;
        let location = sent.header("location").unwrap();
        assert_eq!((sent.status, value(location, "error").as_deref()), (302, Some(expected)));
        assert_eq!(value(location, "state").as_deref(), Some("a b&c"));
    }
    assert_eq!(error(&person.authorize(&[("client_id", "made-up")]).await), (401, "invalid_client"));
    for uri in ["http://example.com/", "http://127.0.0.1.example.com/", "https://", "http://localhost/#x", ""]
    {
        let shown = person.authorize(&[("redirect_uri", uri)]).await;
        assert_eq!(error(&shown), (400, "invalid_redirect_uri"), "{uri}");
    }
    person.site.simulator.sign_in_as(None);
    let sent = person.authorize(&[("redirect_uri", "https://app.example/back?tab=1")]).await;
    let location = sent.header("location").unwrap();
    assert!(location.starts_with("https://app.example/back?tab=1&error=access_denied&"), "{location}");
}

#[tokio::test]
async fn an_app_that_can_not_listen_is_shown_the_code() {
    let person = Person::new().await;
    let uri = "urn:ietf:wg:oauth:2.0:oob";
    let page = person.authorize(&[("redirect_uri", uri)]).await;
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let code = page.text.split_once("<code>").unwrap().1.split_once("</code>").unwrap().0;
    let body = json!({ "grant_type": "authorization_code", "code": code, "redirect_uri": uri });
    assert_eq!(person.token(body).await.status, 200);
}

#[tokio::test]
async fn a_refresh_token_is_replaced_and_the_old_one_is_dead() {
    let person = Person::new().await;
    let first = person.exchange(&person.code().await).await.body;
    let second = person.refresh(&first["refresh_token"]).await.body;
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    assert_eq!(person.me(&second["access_token"]).await.body["id"], person.crew.pat);
    assert_eq!(person.me(&first["access_token"]).await.status, 200, "until its time is over");
    let again = person.refresh(&first["refresh_token"]).await;
    assert_eq!(error(&again), (400, "invalid_grant"));
    assert_eq!(again.body["error_description"], "The refresh token is invalid");
    person.site.advance(90 * 24 * 3600);
    assert_eq!(person.refresh(&second["refresh_token"]).await.status, 200, "it has no end of its own");
}

#[tokio::test]
async fn a_refresh_token_is_dead_even_when_the_answer_is_lost() {
    let person = Person::new().await;
    let given = person.exchange(&person.code().await).await.body;
    person.site.simulator.set_script("drop-after POST /oauth/token nth=1".parse().unwrap());
    let credentials = person.site.simulator.credentials();
    let body = json!({
        "grant_type": "refresh_token", "refresh_token": given["refresh_token"],
        "client_id": credentials.client_id, "client_secret": credentials.client_secret,
    });
    assert!(person.site.bare(Method::POST, "/oauth/token").json(&body).send().await.is_err());
    assert_eq!(error(&person.refresh(&given["refresh_token"]).await), (400, "invalid_grant"));
}

#[tokio::test]
async fn revoking_takes_everything_of_one_sign_in_and_says_200_to_anything() {
    let person = Person::new().await;
    let kept = person.exchange(&person.code().await).await.body;
    for which in ["access_token", "refresh_token"] {
        let given = person.exchange(&person.code().await).await.body;
        let newer = person.refresh(&given["refresh_token"]).await.body;
        let revoked = person.post("/oauth/revoke", json!({ "token": newer[which] })).await;
        assert_eq!((revoked.status, revoked.body), (200, json!({})));
        for token in [&given["access_token"], &newer["access_token"]] {
            let answer = person.me(token).await;
            assert_eq!(
                (answer.status, &answer.body["message"]),
                (401, &json!("The access token was revoked"))
            );
        }
        assert_eq!(error(&person.refresh(&newer["refresh_token"]).await), (400, "invalid_grant"));
    }
    assert_eq!(person.post("/oauth/revoke", json!({ "token": "made-up" })).await.status, 200);
    let stranger = json!({ "token": kept["access_token"], "client_secret": "guessed" });
    assert_eq!(error(&person.post("/oauth/revoke", stranger).await), (401, "invalid_client"));
    assert_eq!(person.me(&kept["access_token"]).await.status, 200);
}

#[tokio::test]
async fn a_token_tells_about_itself() {
    let person = Person::new().await;
    let given = person.exchange(&person.code().await).await.body;
    let info = |token: &Value| {
        let request = person.site.bare(Method::GET, "/oauth/token/info");
        send(request.bearer_auth(token.as_str().unwrap_or("made-up")))
    };
    person.site.advance(400);
    let told = info(&given["access_token"]).await;
    let expected = json!({
        "resource_owner_id": person.crew.pat,
        "scopes": [],
        "expires_in_seconds": 5000,
        "application": { "uid": person.site.simulator.credentials().client_id },
        "created_at": given["created_at"],
    });
    assert_eq!((told.status, told.body), (200, expected));
    let unknown = info(&json!(null)).await;
    assert_eq!(error(&unknown), (401, "invalid_token"));
    assert_eq!(unknown.body["error_description"], "The access token is invalid");
}

#[tokio::test]
async fn tokens_of_one_client_are_nothing_to_another() {
    let crew = crew();
    let config = muster_sim::Config { accounts: muster_sim::NewAccount::standard(), ..crate::site::config() };
    let site = Site::with(config, crew.company.clone()).await;
    let browser = Client::builder().redirect(Policy::none()).build().unwrap();
    let person = Person { site, crew, browser };
    let other = person.site.simulator.accounts()[1].credentials.clone();
    let given = person.exchange(&person.code().await).await.body;
    let body = |fields: Value| {
        let mut body = json!({ "client_id": other.client_id, "client_secret": other.client_secret });
        body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        body
    };
    let code = person.code().await;
    let stolen = body(json!({ "grant_type": "authorization_code", "code": code }));
    assert_eq!(error(&person.token(stolen).await), (400, "invalid_grant"));
    person.post("/oauth/revoke", body(json!({ "token": given["access_token"] }))).await;
    assert_eq!(person.me(&given["access_token"]).await.status, 200);
    let stolen = body(json!({ "grant_type": "refresh_token", "refresh_token": given["refresh_token"] }));
    assert_eq!(error(&person.token(stolen).await), (400, "invalid_grant"));
}

#[tokio::test]
async fn whoever_has_no_login_can_not_sign_in() {
    let person = Person::new().await;
    let pat = person.crew.pat;
    person.site.simulator.with_company(|company| company.set_active(pat, false).unwrap());
    let sent = person.authorize(&[]).await;
    assert_eq!(value(sent.header("location").unwrap(), "error").as_deref(), Some("access_denied"));
}

#[tokio::test]
async fn tokens_may_end_with_the_login_of_whoever_signed_in() {
    for ends in [false, true] {
        let crew = crew();
        let switches = muster_sim::Switches { deactivation_ends_tokens: ends, ..Default::default() };
        let config = muster_sim::Config { switches, ..crate::site::config() };
        let site = Site::with(config, crew.company.clone()).await;
        site.simulator.sign_in_as(Some(crew.pat));
        let browser = Client::builder().redirect(Policy::none()).build().unwrap();
        let person = Person { site, crew, browser };
        let pat = person.crew.pat;
        let given = person.exchange(&person.code().await).await.body;
        person.site.simulator.with_company(|company| company.set_active(pat, false).unwrap());
        let expected = if ends { (401, 400) } else { (200, 200) };
        let me = person.me(&given["access_token"]).await.status;
        assert_eq!((me, person.refresh(&given["refresh_token"]).await.status), expected);
    }
}
