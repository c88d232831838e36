//! The clock: what follows it, and moving it from outside.

use muster_sim::{Config, Simulator};
use reqwest::Method;
use serde_json::{Value, json};

use crate::site::{Site, crew, send};

#[tokio::test]
async fn the_clock_is_moved_over_http_and_everything_follows() {
    let site = Site::of(crew().company).await;
    let clock = send(site.bare(Method::GET, "/sim/clock")).await;
    assert_eq!(clock.body, json!({ "now": "2026-07-02T08:00:00Z", "manual": true }));
    let put = async |body: Value| send(site.bare(Method::PUT, "/sim/clock").json(&body)).await;
    let moved = put(json!({ "advance_seconds": 5400 })).await;
    assert_eq!(moved.body["now"], "2026-07-02T09:30:00Z");
    assert_eq!(site.get("/rest/v1.0/me").await.body["message"], "The access token expired");
    assert_eq!(site.simulator.now().to_string(), "2026-07-02T09:30:00Z");
    for body in [json!({}), json!({ "advance_seconds": -1 }), json!({ "advance_seconds": "1" })] {
        assert_eq!(put(body).await.status, 400);
    }
    assert_eq!(put(json!({ "advance_seconds": u64::MAX })).await.status, 200, "the last time there is");
    assert_eq!(site.get("/rest/v1.0/me").await.status, 401);
}

#[tokio::test]
async fn the_clock_of_the_machine_is_not_moved() {
    let address = ([127, 0, 0, 1], 0).into();
    let simulator = Simulator::start(Config::default(), crew().company, address).await.unwrap();
    let url = format!("{}/sim/clock", simulator.base_url());
    let body = json!({ "advance_seconds": 60 });
    let refused = send(reqwest::Client::new().put(&url).json(&body)).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text.contains("machine's clock"), "{}", refused.text);
    assert_eq!(send(reqwest::Client::new().get(&url)).await.body["manual"], false);
}
