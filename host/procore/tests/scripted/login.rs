//! Logging in through a browser, and out again.

use std::path::Path;
use std::time::Duration;

use muster_procore::{
    Error, ErrorKind, GrantKind, Login, SecretString, Settings, Url, authorize_url, revoke,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::clock::quickly;
use crate::refresh::{field, kept, logged_in, settings};
use crate::server::{Reply, Request, SECRET, Server, answer, ok};

fn tokens(_: &Request, _: usize) -> Reply {
    ok(
        r#"{"access_token":"canary-token","token_type":"bearer","expires_in":5400,"refresh_token":"canary-refresh-1"}"#,
    )
}

fn anywhere() -> Url {
    "http://127.0.0.1:0/back".parse().unwrap()
}

/// A login that waits for its browser.
struct Waiting {
    back: Url,
    state: String,
    done: JoinHandle<Result<(), Error>>,
}

impl Waiting {
    async fn start(settings: &Settings) -> Self {
        let login = Login::start(settings, &anywhere()).await.unwrap();
        let state = login.url().query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
        let back = login.redirect_uri().clone();
        let done = tokio::spawn(login.finish(Duration::from_secs(600)));
        Self { back, state, done }
    }

    /// Sends a request as it stands and returns the answer, as far as there is one.
    async fn send(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(self.back.socket_addrs(|| None).unwrap()[0]).await.unwrap();
        let mut answer = String::new();
        // Whoever is not listened to any more may be told so by a reset.
        let _ = stream.write_all(request.as_bytes()).await;
        let _ = stream.read_to_string(&mut answer).await;
        answer
    }

    async fn get(&self, target: &str) -> String {
        self.send(&format!("GET {target} HTTP/1.1\r\nhost: x\r\n\r\n")).await
    }

    async fn come_back(&self, query: &str) -> String {
        self.get(&format!("/back?state={}&{query}", self.state)).await
    }
}

#[test]
fn the_address_to_log_in_at_says_who_asks_and_where_to_come_back() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let server = runtime.block_on(Server::start(|_, _| ok("{}")));
    let back: Url = "urn:ietf:wg:oauth:2.0:oob".parse().unwrap();
    let url = authorize_url(&server.settings(), &back, &SecretString::from("s t")).unwrap();
    assert_eq!(url.path(), "/oauth/authorize");
    let mut pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    pairs.sort();
    let expected = [
        ("client_id", "client-id"),
        ("redirect_uri", "urn:ietf:wg:oauth:2.0:oob"),
        ("response_type", "code"),
        ("state", "s t"),
    ];
    assert_eq!(pairs, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[tokio::test]
async fn a_browser_that_comes_back_with_a_code_is_logged_in() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::with_login(tokens, |_, _| ok("{}")).await;
    let login = Waiting::start(&settings(&server, folder.path())).await;
    let page = login.come_back("code=canary%2Fcode").await;
    login.done.await.unwrap().unwrap();
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n") && page.contains("You are logged in."), "{page}");
    assert!(page.contains("cache-control: no-store") && !page.contains("canary"), "{page}");
    assert_eq!(kept(folder.path()), "canary-refresh-1");
    let asked = &server.logins()[0];
    for (name, value) in [
        ("grant_type", "authorization_code"),
        ("code", "canary/code"),
        ("redirect_uri", login.back.as_str()),
        ("client_id", "client-id"),
        ("client_secret", SECRET),
    ] {
        assert_eq!(field(asked, name).as_deref(), Some(value), "{name}");
    }
}

#[tokio::test]
async fn whoever_does_not_know_the_state_is_turned_away_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::with_login(tokens, |_, _| ok("{}")).await;
    let login = Waiting::start(&settings(&server, folder.path())).await;
    // A connection that a browser opens and never uses, and one that says nothing sensible.
    let _idle = TcpStream::connect(login.back.socket_addrs(|| None).unwrap()[0]).await.unwrap();
    assert_eq!(login.send("nonsense\r\n\r\n").await, "");
    assert_eq!(login.send(&format!("GET /back?code={}", "x".repeat(100_000))).await, "");
    for (target, status) in [
        ("/favicon.ico", "404"),
        ("/back", "400"),
        ("/back?code=canary-code", "400"),
        ("/back?code=canary-code&state=", "400"),
        ("/back?code=canary-code&state=x", "400"),
        ("//elsewhere.example.com/back?code=canary-code&state=x", "400"),
    ] {
        let page = login.get(target).await;
        assert!(page.starts_with(&format!("HTTP/1.1 {status} ")), "{target}: {page}");
    }
    assert!(server.logins().is_empty() && !login.done.is_finished());
    login.come_back("code=canary-code").await;
    login.done.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_refusal_is_told_in_its_words_and_nothing_is_asked() {
    for (query, words) in [
        ("error=access_denied&error_description=No%20%1b[31mway", "access_denied; No [31mway"),
        ("error=access_denied", "access_denied"),
        ("code=", "the browser came back without a code"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::with_login(tokens, |_, _| ok("{}")).await;
        let login = Waiting::start(&settings(&server, folder.path())).await;
        let page = login.come_back(query).await;
        assert!(page.starts_with("HTTP/1.1 400 ") && page.contains("The login failed."), "{page}");
        let error = login.done.await.unwrap().unwrap_err();
        assert_eq!((error.kind(), error.words()), (ErrorKind::NotAuthenticated, Some(words)));
        assert!(server.logins().is_empty());
    }
}

#[tokio::test]
async fn a_code_that_procore_refuses_is_tried_once_and_leaves_an_older_login_alone() {
    let folder = logged_in();
    let refuse =
        |_: &Request, _| answer(400, &[], r#"{"error":"invalid_grant","x":"canary-code canary-secret"}"#);
    let server = Server::with_login(refuse, |_, _| ok("{}")).await;
    let login = Waiting::start(&settings(&server, folder.path())).await;
    login.come_back("code=canary-code").await;
    let error = login.done.await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::NotAuthenticated, "log in"));
    assert!(!format!("{error:?}").contains("canary"), "{error:?}");
    assert_eq!((server.logins().len(), kept(folder.path())), (1, "canary-refresh-0".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_browser_that_never_comes_back_is_not_waited_for_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::with_login(tokens, |_, _| ok("{}")).await;
    let login = Login::start(&settings(&server, folder.path()), &anywhere()).await.unwrap();
    let error = login.finish(Duration::from_secs(300)).await.unwrap_err();
    assert_eq!(error.to_string(), "log in: timed out: nobody came back from the browser for 300 s");
}

#[tokio::test]
async fn a_login_comes_back_to_this_machine_only() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::with_login(tokens, |_, _| ok("{}")).await;
    let settings = settings(&server, folder.path());
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let taken = format!("http://{}/back", taken.local_addr().unwrap());
    for bad in ["https://127.0.0.1:0/", "http://10.0.0.1:0/", "http://example.com:0/", taken.as_str()] {
        let error = Login::start(&settings, &bad.parse().unwrap()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Settings, "{bad}: {error}");
    }
    for good in ["http://localhost:0/", "http://127.0.0.1:0", "http://127.0.0.1:0/a/b"] {
        let login = Login::start(&settings, &good.parse().unwrap()).await.unwrap();
        assert_ne!(login.redirect_uri().port(), Some(0), "{good}");
    }
}

async fn log_out(server: &Server, folder: &Path) -> Result<bool, Error> {
    quickly(revoke(&settings(server, folder))).await
}

#[tokio::test]
async fn logging_out_gives_the_token_back_and_removes_it() {
    let folder = logged_in();
    let server = Server::start(|_, n| if n == 0 { answer(503, &[], "") } else { ok("{}") }).await;
    assert!(log_out(&server, folder.path()).await.unwrap());
    let asked = &server.requests()[1];
    assert_eq!((asked.method.as_str(), asked.path()), ("POST", "/oauth/revoke"));
    for (name, value) in
        [("token", "canary-refresh-0"), ("client_id", "client-id"), ("client_secret", SECRET)]
    {
        assert_eq!(field(asked, name).as_deref(), Some(value));
    }
    assert!(!folder.path().join("login").exists());
    assert!(!log_out(&server, folder.path()).await.unwrap(), "there is nothing left to give back");
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_token_that_was_not_given_back_stays() {
    let folder = logged_in();
    let server = Server::start(|_, _| answer(403, &[], "canary-refresh-0 is not yours, canary-secret")).await;
    let error = log_out(&server, folder.path()).await.unwrap_err();
    assert_eq!(error.to_string(), "log out: forbidden (403): [redacted] is not yours, [redacted]");
    assert_eq!(kept(folder.path()), "canary-refresh-0");
}

#[tokio::test]
async fn a_service_account_has_no_login() {
    let server = Server::start(|_, _| ok("{}")).await;
    assert!(matches!(server.settings().grant, GrantKind::ClientCredentials));
    let error = revoke(&server.settings()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Settings);
}
