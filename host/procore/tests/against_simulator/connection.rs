//! Credentials, tokens and limits.

use std::time::Duration;

use muster_core::id::UserId;
use muster_procore::{ErrorKind, SecretString, connect};
use muster_sim::{Config, Limits};
use tokio::task::JoinSet;

use crate::clock::quickly;
use crate::site::Site;

#[tokio::test]
async fn a_company_that_the_app_is_not_connected_to_is_forbidden() {
    let site = Site::without_limits().await;
    site.simulator.with_company(|company| company.set_connected(false));
    let error = site.run(site.connect().reads().me()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.words()),
        (ErrorKind::Forbidden, Some("App is not connected to this company."))
    );
}

#[tokio::test]
async fn wrong_credentials_are_not_accepted() {
    let site = Site::without_limits().await;
    let mut settings = site.settings();
    settings.client_secret = SecretString::from("something else");
    let error = site.run(connect(settings).unwrap().reads().me()).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::NotAuthenticated, "fetch token"));
}

#[tokio::test]
async fn a_token_that_ends_is_renewed_in_time_or_when_procore_says_so() {
    let config =
        Config { token_lifetime: Duration::from_secs(100), limits: Limits::NONE, ..Config::default() };
    let site = Site::of(config).await;
    let reads = site.connect().reads();
    site.run(async {
        for _ in 0..3 {
            reads.me().await.unwrap();
            tokio::time::sleep(Duration::from_secs(95)).await;
        }
    })
    .await;
    assert_eq!(site.simulator.calls().of("POST /oauth/token"), 3, "in time, so that nothing is refused");
    assert_eq!(site.simulator.calls().of("GET /rest/v1.0/me"), 3);
    let reads = site.connect().reads();
    quickly(reads.me()).await.unwrap();
    site.clock.advance(Duration::from_secs(200));
    quickly(reads.me()).await.unwrap();
    assert_eq!(site.simulator.calls().of("POST /oauth/token"), 5);
    assert_eq!(site.simulator.calls().of("GET /rest/v1.0/me"), 6, "one was refused");
}

#[tokio::test]
async fn neither_window_is_ever_overrun_however_many_calls_come_at_once() {
    let config = Config { limits: "60/h,5/10s".parse().unwrap(), ..Config::default() };
    let site = Site::of(config).await;
    let connection = site.connect();
    let users: Vec<UserId> = site.company.users().map(|user| UserId::new(user.id)).take(60).collect();
    site.run(async {
        let mut tasks = JoinSet::new();
        for user in users.iter().cycle().take(100).copied() {
            let reads = connection.reads();
            tasks.spawn(async move { reads.user(user).await.unwrap().unwrap() });
        }
        tasks.join_all().await
    })
    .await;
    assert_eq!(site.simulator.calls().throttled, 0);
    assert_eq!(site.simulator.calls().of("GET /rest/v1.3/companies/{company_id}/users/{id}"), 100);
    assert_eq!(connection.budget().hour.limit, Some(60));
}

#[tokio::test]
async fn calls_that_others_use_up_are_waited_for_with_or_without_retry_after() {
    for retry_after_on_429 in [true, false] {
        let config = Config { limits: "25/10s".parse().unwrap(), retry_after_on_429, ..Config::default() };
        let site = Site::of(config).await;
        let (user, _) = site.member();
        site.run(async {
            let mut tasks = JoinSet::new();
            for connection in [site.connect(), site.connect()] {
                for _ in 0..60 {
                    let reads = connection.reads();
                    tasks.spawn(async move { reads.user(user).await.unwrap() });
                }
            }
            tasks.join_all().await
        })
        .await;
        let calls = site.simulator.calls();
        assert_eq!(calls.of("GET /rest/v1.3/companies/{company_id}/users/{id}"), 120);
        assert!(calls.throttled > 0, "two clients that don't know of each other must meet");
    }
}
