//! Both rate windows, with a clock that the test moves.

use muster_sim::{Config, Limits};
use reqwest::Method;

use crate::site::{Answer, Site, crew, send, start};

const TEXT: &str =
    "You have surpassed the max number of requests for an hour. Please wait until your limit resets.";

async fn site(limits: &str) -> Site {
    Site::with(Config { limits: limits.parse().unwrap(), ..Config::default() }, crew().company).await
}

fn window(answer: &Answer) -> (u64, u64, u64) {
    let [limit, remaining, reset] =
        ["limit", "remaining", "reset"].map(|part| format!("x-rate-limit-{part}"));
    let started = u64::try_from(start().as_second()).unwrap();
    (answer.number(&limit), answer.number(&remaining), answer.number(&reset) - started)
}

#[tokio::test]
async fn the_spike_window_runs_out_and_opens_again() {
    let site = site("100/h,3/10s").await;
    assert_eq!(window(&site.get("/rest/v1.0/me").await), (3, 2, 10));
    site.advance(4);
    assert_eq!(window(&site.get("/rest/v1.0/me").await), (3, 1, 10));
    assert_eq!(window(&site.get("/rest/v1.0/me").await), (3, 0, 10));
    let refused = site.get("/rest/v1.0/me").await;
    assert_eq!((refused.status, window(&refused)), (429, (3, 0, 10)));
    assert_eq!((refused.text.as_str(), refused.number("retry-after")), (TEXT, 6));
    site.advance(6);
    assert_eq!(window(&site.get("/rest/v1.0/me").await), (3, 2, 20));
}

#[tokio::test]
async fn the_hourly_window_runs_out_behind_the_spike_window() {
    let site = site("5/h,3/10s").await;
    for _ in 0..3 {
        assert_eq!(window(&site.get("/rest/v1.0/me").await).0, 3, "the spike window is likelier to run out");
    }
    site.advance(10);
    assert_eq!(window(&site.get("/rest/v1.0/me").await), (5, 1, 3600), "now the hour is");
    assert_eq!(site.get("/rest/v1.0/me").await.status, 200);
    site.advance(10);
    let refused = site.get("/rest/v1.0/me").await;
    assert_eq!((refused.status, window(&refused)), (429, (5, 0, 3600)));
    assert_eq!((refused.text.as_str(), refused.number("retry-after")), (TEXT, 3580));
    site.advance(3580);
    assert_eq!(site.get("/rest/v1.0/me").await.status, 200);
}

#[tokio::test]
async fn failed_calls_count_too() {
    let site = site("100/h,9/10s").await;
    assert_eq!(window(&site.get("/rest/v1.3/companies/{c}/users/1").await).1, 8, "404");
    assert_eq!(window(&site.get("/rest/v1.0/nowhere").await).1, 7, "no such path");
    assert_eq!(window(&site.get("/rest/v1.3/companies/1/users").await).1, 6, "403");
    assert_eq!(window(&site.get("/rest/v1.3/users").await).1, 5, "400");
}

#[tokio::test]
async fn an_expired_token_still_counts_for_its_client() {
    let config = Config {
        limits: "100/h,9/10s".parse().unwrap(),
        token_lifetime: std::time::Duration::from_secs(5),
        ..Config::default()
    };
    let site = Site::with(config, crew().company).await;
    site.get("/rest/v1.0/me").await;
    site.advance(6);
    let answer = site.get("/rest/v1.0/me").await;
    assert_eq!((answer.status, window(&answer).1), (401, 7));
    let nobody = send(site.bare(Method::GET, "/rest/v1.0/me")).await;
    assert_eq!(
        (nobody.status, window(&nobody).1),
        (401, 8),
        "callers without a token have windows of their own"
    );
}

#[tokio::test]
async fn refused_calls_are_counted_apart_and_use_up_nothing() {
    let site = site("100/h,1/10s").await;
    site.get("/rest/v1.0/me").await;
    for _ in 0..4 {
        assert_eq!(site.get("/rest/v1.0/me").await.status, 429);
    }
    let calls = site.simulator.calls();
    assert_eq!((calls.of("GET /rest/v1.0/me"), calls.throttled), (1, 4));
    site.advance(10);
    assert_eq!(site.get("/rest/v1.0/me").await.status, 200);
}

#[tokio::test]
async fn retry_after_can_be_left_out() {
    let limits = Limits { hourly: 100, spike: 1 };
    let site =
        Site::with(Config { limits, retry_after_on_429: false, ..Config::default() }, crew().company).await;
    site.get("/rest/v1.0/me").await;
    let refused = site.get("/rest/v1.0/me").await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, None));
    assert_eq!(window(&refused), (1, 0, 10));
}

#[tokio::test]
async fn tokens_and_the_simulators_own_side_have_no_limit() {
    let site = site("1/h,1/10s").await;
    for _ in 0..3 {
        site.fetch_token().await;
        let answer = send(site.bare(Method::GET, "/sim/calls")).await;
        assert_eq!((answer.status, answer.header("x-rate-limit-limit")), (200, None));
    }
    assert_eq!(site.get("/rest/v1.0/me").await.status, 200);
}

#[tokio::test]
async fn without_limits_the_headers_are_still_there() {
    let site = site("none").await;
    for _ in 0..40 {
        assert_eq!(site.get("/rest/v1.0/me").await.status, 200);
    }
    assert!(window(&site.get("/rest/v1.0/me").await).1 > 1_000_000);
}

#[tokio::test]
async fn a_reset_is_never_announced_too_early() {
    let site = site("100/h,1/10s").await;
    site.clock.advance(std::time::Duration::from_millis(300));
    assert_eq!(window(&site.get("/rest/v1.0/me").await).2, 11, "the window ends at 10.3 seconds");
    let refused = site.get("/rest/v1.0/me").await;
    site.advance(refused.number("retry-after"));
    assert_eq!(site.get("/rest/v1.0/me").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_at_the_same_time_share_the_windows_exactly() {
    let site = site("100/h,25/10s").await;
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..40 {
        calls.spawn(send(site.request(Method::GET, "/rest/v1.0/me")));
    }
    let statuses: Vec<u16> = calls.join_all().await.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 25);
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 15);
}
