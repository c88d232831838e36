//! Refresh tokens: spent once, and the next one kept before anything is done with what came along.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use muster_procore::{
    Connection, Error, ErrorKind, GrantKind, HeldToken, RefreshTokens, SecretString, Settings, TokenFile,
    connect,
};
use tempfile::TempDir;

use crate::clock::quickly;
use crate::server::{DROP, Reply, Request, Server, answer, ok};

const ME: &str = r#"{"id":7}"#;

/// Returns a folder with the file `login` in it, which holds `canary-refresh-0`.
pub(crate) fn logged_in() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    keep(folder.path(), "canary-refresh-0");
    folder
}

fn keep(folder: &Path, token: &str) {
    let held = TokenFile::at(folder.join("login")).try_hold().unwrap().unwrap();
    held.replace(&SecretString::from(token)).unwrap();
}

pub(crate) fn kept(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("login")).unwrap().trim_end().to_owned()
}

/// Returns the settings of somebody whose refresh token is in `folder`.
pub(crate) fn settings(server: &Server, folder: &Path) -> Settings {
    let refresh = Arc::new(TokenFile::at(folder.join("login")));
    Settings { grant: GrantKind::AuthorizationCode { refresh }, ..server.settings() }
}

fn person(server: &Server, folder: &Path) -> Connection {
    connect(settings(server, folder)).unwrap()
}

pub(crate) fn field(request: &Request, name: &str) -> Option<String> {
    let url: muster_procore::Url = format!("http://x/?{}", request.body).parse().unwrap();
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// A login service for which each refresh token works once, and the first is number 0.
fn rotating() -> impl Fn(&Request, usize) -> Reply + Send + Sync {
    let next = Mutex::new(0);
    move |request, _| {
        let mut next = next.lock().unwrap();
        if field(request, "refresh_token") != Some(format!("canary-refresh-{next}")) {
            return answer(
                400,
                &[],
                r#"{"error":"invalid_grant","error_description":"The refresh token is invalid"}"#,
            );
        }
        *next += 1;
        ok(&format!(
            r#"{{"access_token":"canary-token-{next}","token_type":"bearer","expires_in":5400,"refresh_token":"canary-refresh-{next}"}}"#
        ))
    }
}

#[tokio::test]
async fn a_refresh_token_works_once_and_the_next_one_is_kept_before_anything_is_asked() {
    let folder = logged_in();
    let path = folder.path().to_owned();
    let kept_by_then = Arc::<Mutex<Vec<String>>>::default();
    let seen = Arc::clone(&kept_by_then);
    let server = Server::with_login(rotating(), move |_, n| {
        seen.lock().unwrap().push(kept(&path));
        if n == 1 { answer(401, &[], "{}") } else { ok(ME) }
    })
    .await;
    // A second process renews what the first one left, and again when Procore wants it.
    for _ in 0..2 {
        person(&server, folder.path()).reads().me().await.unwrap();
    }
    for (n, login) in server.logins().iter().enumerate() {
        assert_eq!(field(login, "grant_type").unwrap(), "refresh_token");
        assert_eq!(field(login, "refresh_token").unwrap(), format!("canary-refresh-{n}"));
        assert_eq!(field(login, "client_secret").unwrap(), "canary-secret");
    }
    let tokens: Vec<_> =
        server.requests().iter().map(|request| request.header("authorization").unwrap().to_owned()).collect();
    assert_eq!(tokens, ["bearer canary-token-1", "bearer canary-token-2", "bearer canary-token-3"]);
}

#[tokio::test]
async fn connections_that_share_a_place_never_use_one_token_twice() {
    let folder = logged_in();
    let server = Server::with_login(rotating(), |_, _| ok(ME)).await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..5 {
        let reads = person(&server, folder.path()).reads();
        tasks.spawn(async move { reads.me().await });
    }
    assert!(tasks.join_all().await.iter().all(Result::is_ok));
    assert_eq!((server.logins().len(), kept(folder.path())), (5, "canary-refresh-5".to_owned()));
}

#[tokio::test]
async fn nobody_who_is_not_logged_in_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::with_login(rotating(), |_, _| ok(ME)).await;
    let error = person(&server, folder.path()).reads().me().await.unwrap_err();
    assert_eq!(error.to_string(), "fetch token: not authenticated: nobody is logged in: log in first");
    assert!(server.logins().is_empty() && server.requests().is_empty());
}

async fn refused(server: &Server, folder: &Path) -> Error {
    let error = quickly(person(server, folder).reads().me()).await.unwrap_err();
    assert!(server.requests().is_empty(), "nothing is asked without a token");
    assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    error
}

#[tokio::test]
async fn a_token_that_a_crash_has_cost_is_told_as_a_login_that_is_due() {
    let folder = logged_in();
    // What a process leaves that ends after its answer came and before it was kept.
    let spent = rotating();
    let server = Server::with_login(
        move |request, n| match n {
            0 => {
                spent(request, 0);
                DROP
            }
            _ => spent(request, n),
        },
        |_, _| ok(ME),
    )
    .await;
    for _ in 0..2 {
        let error = refused(&server, folder.path()).await;
        assert_eq!(error.kind(), ErrorKind::NotAuthenticated);
        let words = error.words().unwrap();
        assert!(words.starts_with("invalid_grant; The refresh token is invalid (log in again:"), "{words}");
        assert!(words.ends_with("whose answer was lost)"), "{words}");
    }
    assert_eq!(kept(folder.path()), "canary-refresh-0", "what is there stays there");
}

#[tokio::test]
async fn a_try_that_never_arrived_costs_no_token() {
    let folder = logged_in();
    let spend = rotating();
    let login = move |request: &Request, n| match n {
        0 => DROP,
        1 => answer(503, &[("retry-after", "3")], "busy"),
        _ => spend(request, n),
    };
    let server = Server::with_login(login, |_, _| ok(ME)).await;
    quickly(person(&server, folder.path()).reads().me()).await.unwrap();
    assert_eq!(kept(folder.path()), "canary-refresh-1");
}

#[tokio::test]
async fn answers_that_never_come_say_what_may_have_happened() {
    let folder = logged_in();
    let server = Server::with_login(|_, _| DROP, |_, _| ok(ME)).await;
    let error = refused(&server, folder.path()).await;
    assert_eq!(error.kind(), ErrorKind::NoAnswer);
    assert!(error.words().unwrap().contains("may be used up"), "{error}");
}

#[tokio::test]
async fn an_answer_without_a_next_token_leaves_the_one_there_is() {
    let folder = logged_in();
    let server = Server::start(|_, _| ok(ME)).await;
    quickly(person(&server, folder.path()).reads().me()).await.unwrap();
    assert_eq!(kept(folder.path()), "canary-refresh-0");
}

/// A place that has a token and can't be written to.
#[derive(Debug)]
struct Full;

impl RefreshTokens for Full {
    fn try_hold(&self) -> io::Result<Option<Box<dyn HeldToken>>> {
        Ok(Some(Box::new(Self)))
    }
}

impl HeldToken for Full {
    fn token(&self) -> io::Result<Option<SecretString>> {
        Ok(Some(SecretString::from("canary-refresh-0")))
    }

    fn replace(self: Box<Self>, _: &SecretString) -> io::Result<()> {
        Err(io::Error::other("the disk is full"))
    }

    fn remove(self: Box<Self>) -> io::Result<()> {
        Err(io::Error::other("the disk is full"))
    }
}

#[tokio::test]
async fn what_came_with_a_token_that_was_not_kept_is_not_used() {
    let server = Server::with_login(rotating(), |_, _| ok(ME)).await;
    let mut settings = server.settings();
    settings.grant = GrantKind::AuthorizationCode { refresh: Arc::new(Full) };
    let error = quickly(connect(settings).unwrap().reads().me()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TokenStore);
    let words = "the disk is full (the new refresh token is lost and the old one is used up: log in again)";
    assert_eq!(error.words(), Some(words));
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_caller_who_stops_waiting_costs_no_token() {
    let folder = logged_in();
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let wait = Mutex::new(wait);
    let spend = rotating();
    let login = move |request: &Request, n| {
        wait.lock().unwrap().recv().unwrap();
        spend(request, n)
    };
    // The server's own runtime, since its script waits.
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let server = Server::with_login(login, |_, _| ok(ME)).await;
            tell.send(server.url.clone()).unwrap();
            std::future::pending::<()>().await;
        });
    });
    let url = told.recv().unwrap();
    let mut settings = settings(&Server::start(|_, _| ok(ME)).await, folder.path());
    (settings.api, settings.auth) = (url.clone(), url);
    let reads = connect(settings).unwrap().reads();
    let caller = tokio::spawn(async move { reads.me().await });
    // The place is held from before the request is sent until its answer is kept.
    let file = TokenFile::at(folder.path().join("login"));
    while file.try_hold().unwrap().is_some() {
        tokio::task::yield_now().await;
    }
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    go.send(()).unwrap();
    while file.try_hold().unwrap().is_none() {
        tokio::task::yield_now().await;
    }
    assert_eq!(kept(folder.path()), "canary-refresh-1");
}
