//! What the client logs: every request, and nothing that is secret or somebody's.

use std::io::Write;
use std::sync::{Arc, Mutex};

use muster_core::id::UserId;
use tracing_subscriber::fmt::MakeWriter;

use crate::clock::fast;
use crate::server::{DROP, SECRET, Server, answer, ok};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn every_try_is_logged_and_nothing_that_is_secret_or_somebodys() {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(lines.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let server = Server::start(|_, n| match n {
        0 => answer(503, &[("x-request-id", "r-1")], "canary-words"),
        1 => answer(401, &[], "{}"),
        2 => answer(429, &[("retry-after", "1")], ""),
        3 => ok("[]"),
        _ => DROP,
    })
    .await;
    let connection = server.connect();
    // Another test that comes to a place in the code for the first time, just when this subscriber is set, may leave it marked
    // as one that nobody listens to; so the marks are made anew with each step of the clock.
    let listening = |_| tracing::callsite::rebuild_interest_cache();
    let work = async {
        let ana = "ana.canary@example.com".parse().unwrap();
        connection.reads().users_by_email(&ana).await.unwrap();
        connection.writes().deactivate_user(UserId::new(7)).await.unwrap_err();
    };
    fast(work, listening).await;
    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    for part in [
        r#"request operation="find user by e-mail" method="GET" attempt=1 status=503 failed=unavailable"#,
        r#"request_id="r-1""#,
        r#"attempt=2 status=401 failed=not authenticated"#,
        r#"attempt=3 status=429 failed=rate limited"#,
        r#"attempt=4 status=200 duration_ms="#,
        r#"operation="deactivate user" method="PATCH" attempt=1 failed=no answer"#,
        "token renewed",
    ] {
        assert!(log.contains(part), "{part} in:\n{log}");
    }
    assert!(!log.contains("canary") && !log.contains(SECRET), "{log}");
}
