//! Rates: waiting as told, and giving up at last.

use std::time::Duration;

use muster_core::id::UserId;
use muster_procore::{ErrorKind, Settled};
use tokio::task::JoinSet;

use crate::clock::quickly;
use crate::server::{Request, Server, answer, ok};

const ME: &str = r#"{"id":7}"#;

#[tokio::test]
async fn after_a_429_everybody_waits_as_long_as_it_says_and_then_goes_on() {
    let server = Server::start(|_, n| match n {
        1 => answer(429, &[("retry-after", "30")], "slow down"),
        _ => ok(ME),
    })
    .await;
    let connection = server.connect();
    quickly(async {
        connection.reads().me().await.unwrap();
        let mut tasks = JoinSet::new();
        for _ in 0..3 {
            let reads = connection.reads();
            tasks.spawn(async move { reads.me().await.unwrap() });
        }
        tasks.join_all().await;
        connection.writes().deactivate_user(UserId::new(7)).await.unwrap();
    })
    .await;
    let requests = server.requests();
    assert_eq!(requests.len(), 6);
    assert!(requests[4].at - requests[1].at >= Duration::from_secs(30));
}

#[tokio::test]
async fn a_429_without_retry_after_lasts_until_the_window_starts_anew() {
    let server = Server::start(|_, n| match n {
        0 => answer(
            429,
            &[
                ("x-rate-limit-limit", "25"),
                ("x-rate-limit-remaining", "0"),
                ("x-rate-limit-reset", "1466183847"),
                ("date", "Fri, 17 Jun 2016 17:17:20 GMT"),
            ],
            "",
        ),
        _ => ok(ME),
    })
    .await;
    let connection = server.connect();
    quickly(connection.reads().me()).await.unwrap();
    let requests = server.requests();
    let waited = requests[1].at - requests[0].at;
    assert!((7..=9).contains(&waited.as_secs()), "{waited:?}");
    assert_eq!(connection.budget().spike.limit, Some(25));
}

#[tokio::test]
async fn a_write_refused_for_the_rate_every_time_is_given_up_and_had_no_effect() {
    let server = Server::start(|_, _| answer(429, &[("retry-after", "1")], r#"{"errors":"Too fast"}"#)).await;
    let error = quickly(server.connect().writes().deactivate_user(UserId::new(7))).await.unwrap_err();
    assert_eq!((error.kind(), error.settled()), (ErrorKind::RateLimited, Settled::Refused));
    assert_eq!(error.words(), Some("Too fast"));
    assert_eq!(server.requests().len(), 6);
}

#[tokio::test]
async fn a_busy_procore_is_left_alone_as_long_as_it_asks() {
    let server = Server::start(|_, n| match n {
        0 => answer(503, &[("retry-after", "20")], ""),
        _ => ok(ME),
    })
    .await;
    quickly(server.connect().reads().me()).await.unwrap();
    let requests = server.requests();
    assert!(requests[1].at - requests[0].at >= Duration::from_secs(20));
}

#[tokio::test]
async fn requests_at_once_stay_within_what_remains() {
    // Without `Date`, a reset is taken to be one spike window away.
    let limits = |_: &Request, n: usize| {
        let remaining = (4 - n % 5).to_string();
        let remaining = ("x-rate-limit-remaining", remaining.as_str());
        answer(200, &[("x-rate-limit-limit", "5"), remaining, ("x-rate-limit-reset", "1466182257")], ME)
    };
    let server = Server::start(limits).await;
    let connection = server.connect();
    quickly(async {
        let mut tasks = JoinSet::new();
        for _ in 0..20 {
            let reads = connection.reads();
            tasks.spawn(async move { reads.me().await.unwrap() });
        }
        tasks.join_all().await
    })
    .await;
    let at: Vec<_> = server.requests().iter().map(|request| request.at).collect();
    for six in at.windows(6) {
        assert!(six[5] - six[0] >= Duration::from_secs(10), "six requests in one window");
    }
}
